"""Legacy workbooks (xls) made record by record, which no library at hand can write."""

from __future__ import annotations

import struct
from dataclasses import dataclass

END_OF_CHAIN, FREE, OF_TABLE, OF_MORE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFC
EXCEL_97, EXCEL_95 = 0x0600, 0x0500


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def a_begin(kind: int, *, version: int = EXCEL_97) -> bytes:
    return record(0x0809, struct.pack("<HHHH", version, kind, 0, 0) + bytes(8))


END = record(0x000A)


def a_text(said: str, *, wide: bool = False, length: str = "<H") -> bytes:
    """A text as Excel 97 writes it: length, width and letters."""
    encoding = "utf-16-le" if wide else "latin-1"
    return struct.pack(length, len(said)) + bytes([wide]) + said.encode(encoding)


def a_number(row: int, column: int, value: float, *, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def a_label(row: int, column: int, said: str, *, style: int = 0) -> bytes:
    wide = any(ord(letter) > 255 for letter in said)
    return record(0x0204, struct.pack("<HHH", row, column, style) + a_text(said, wide=wide))


def a_formula(row: int, column: int, result: bytes, *, flags: int = 0, style: int = 0) -> bytes:
    return record(0x0006, struct.pack("<HHH8sHI", row, column, style, result, flags, 0) + bytes(2))


def formats(*codes: str) -> bytes:
    """Cell styles 0, 1, 2 and so on, with these number formats."""
    said = [
        record(0x041E, struct.pack("<H", 164 + n) + a_text(code)) for n, code in enumerate(codes)
    ]
    styles = [record(0x00E0, struct.pack("<HH", 0, 164 + n) + bytes(16)) for n in range(len(codes))]
    return b"".join([*said, *styles])


@dataclass(frozen=True, slots=True)
class XlsSheet:
    """A sheet's records, and how the workbook lists it: `state` 1 and 2 are hidden."""

    records: bytes = b""
    name: str = "Sheet1"
    state: int = 0
    kind: int = 0


def a_stream(*sheets: XlsSheet, settings: bytes = b"", version: int = EXCEL_97) -> bytes:
    """The workbook's own records, then each sheet's."""

    def own(begins: list[int]) -> bytes:
        listed = b"".join(
            record(0x0085, struct.pack("<IBB", begin, sheet.state, sheet.kind) + named(sheet))
            for begin, sheet in zip(begins, sheets, strict=True)
        )
        return a_begin(0x0005, version=version) + settings + listed + END

    def named(sheet: XlsSheet) -> bytes:
        if version == EXCEL_97:
            return a_text(sheet.name, length="<B")
        return bytes([len(sheet.name)]) + sheet.name.encode("cp1252")

    bodies = [a_begin(0x0010, version=version) + sheet.records + END for sheet in sheets]
    at = len(own([0] * len(sheets)))
    begins = [at + sum(map(len, bodies[:n])) for n in range(len(bodies))]
    return own(begins) + b"".join(bodies)


def an_xls(*sheets: XlsSheet, settings: bytes = b"", version: int = EXCEL_97) -> bytes:
    return a_container({"Workbook": a_stream(*sheets, settings=settings, version=version)})


def a_container(
    streams: dict[str, bytes], *, small: bool = False, embedded: dict[str, bytes] | None = None
) -> bytes:
    """A compound file of these streams.

    Args:
        streams: By name, those of the outermost folder.
        small: Whether they lie in small sectors inside the root's stream.
        embedded: Streams of a folder inside, as an embedded document's.
    """
    sectors, mini = _Sectors(), _Sectors(64)
    inside = embedded or {}
    nested = _entries(inside, sectors=sectors, first=1)  # before the others, as a trap
    own = _entries(streams, sectors=mini if small else sectors, first=1 + len(nested))
    folder = [_entry("MBD0", 1, child=1, right=1 + len(nested))] if inside else []
    child = 1 + len(nested) + len(own) if inside else 1
    table = sectors.add(struct.pack(f"<{len(mini.table)}I", *mini.table))
    root = _entry("Root Entry", 5, start=sectors.add(mini.held), size=len(mini.held), child=child)
    directory = sectors.add(b"".join([root, *nested, *own, *folder]))
    return sectors.file(directory, mini_table=table, cutoff=4096 if small else 0)


def _entries(streams: dict[str, bytes], *, sectors: _Sectors, first: int) -> list[bytes]:
    """Directory entries that stand side by side, each beginning to the right of the last."""
    last = first + len(streams) - 1
    return [
        _entry(
            name,
            2,
            start=sectors.add(said),
            size=len(said),
            right=FREE if place == last else place + 1,
        )
        for place, (name, said) in enumerate(streams.items(), start=first)
    ]


class _Sectors:
    def __init__(self, size: int = 512) -> None:
        self.size = size
        self.held = b""
        self.table: list[int] = []

    def add(self, said: bytes) -> int:
        """Puts a stream behind those that are there, and says where it begins."""
        begin = len(self.table)
        count = -(-len(said) // self.size)
        if not count:
            return END_OF_CHAIN
        self.held += said.ljust(count * self.size, b"\x00")
        self.table += [*range(begin + 1, begin + count), END_OF_CHAIN]
        return begin

    def file(self, directory: int, *, mini_table: int, cutoff: int) -> bytes:
        """The file: a header, what was put in, and where each sector goes on."""
        used = len(self.table)
        count = more = 0
        while count * 128 < used + count + more:
            count += 1
            more = max(0, -(-(count - 109) // 127))
        table = [*self.table, *[OF_TABLE] * count, *[OF_MORE] * more]
        table += [FREE] * (count * 128 - len(table))
        places = [*range(used, used + count)]
        first = used + count if more else END_OF_CHAIN
        header = b"".join(
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                struct.pack("<16x5H6x", 0x3E, 3, 0xFFFE, 9, 6),
                struct.pack("<6I", 0, count, directory, 0, cutoff, mini_table),
                struct.pack("<3I", 1, first, more),
                _places(places[:109], 109),
            )
        )
        rest = [
            _places(places[109 + 127 * n :][:127], 127)
            + struct.pack("<I", first + n + 1 if n + 1 < more else END_OF_CHAIN)
            for n in range(more)
        ]
        return header + self.held + _places(table, len(table)) + b"".join(rest)


def _places(said: list[int], count: int) -> bytes:
    return struct.pack(f"<{count}I", *said, *[FREE] * (count - len(said)))


def _entry(
    name: str, kind: int, *, start: int = 0, size: int = 0, child: int = FREE, right: int = FREE
) -> bytes:
    said = name.encode("utf-16-le").ljust(64, b"\x00")
    links = struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, FREE, right, child)
    return said + links + bytes(36) + struct.pack("<IQ", start, size)
