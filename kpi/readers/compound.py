"""An OLE2 compound file, the container of legacy Office files: one of its streams as bytes.

Chains of sectors are followed no further than the file is long, so a chain that leads back
into itself is damage, not a hang. What the stream says is left to `legacy`.

Source: [MS-CFB], Compound File Binary File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from kpi.readers.preflight import MAX_ENTRIES, damaged

_HEADER = struct.Struct("<24xHHHHH6xIIIIIIIII")
_HEADER_SIZE = 512
_ENTRY = struct.Struct("<64sHBxIII36xIQ")
_LAST = 0xFFFFFFFA  # sectors from here on are none, but marks such as the end of a chain
_END = 0xFFFFFFFE
_NONE = 0xFFFFFFFF
_STREAM, _ROOT = 2, 5
_MINI_SECTOR_SHIFTS = range(6, 13)
_SECTOR_SHIFTS = range(7, 17)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A directory entry; `left`, `right` and `child` are places in the directory."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


def read_stream(content: bytes, *, names: Sequence[str], file: str) -> bytes:
    """The first of these streams that stands in the file's outermost folder.

    Streams of the same name inside embedded documents are none of the file's.

    Args:
        content: The file's bytes.
        names: The streams that will do, the one preferred first; their case does not matter.
        file: The file's name, for messages.

    Raises:
        SourceError: The container is damaged or cut short, or holds no such stream.
    """
    try:
        container = _Container(content, file=file)
        streams = {entry.name.casefold(): entry for entry in container.outermost()}
        found = next(streams[name.casefold()] for name in names if name.casefold() in streams)
        return container.stream(found)
    except StopIteration:
        raise damaged("it holds no workbook", where=file) from None
    except (struct.error, LookupError, ValueError) as error:
        raise damaged("its parts do not hold together", where=file) from error


class _Container:
    """A compound file's header, allocation tables and directory."""

    def __init__(self, content: bytes, *, file: str) -> None:
        fields = _HEADER.unpack_from(content)
        _, major, _, shift, mini_shift = fields[:5]
        _, tables, directory, _, cutoff, mini_table, _, more, _ = fields[5:]
        if shift not in _SECTOR_SHIFTS or mini_shift not in _MINI_SECTOR_SHIFTS:
            raise ValueError(shift, mini_shift)
        self._content = content
        self._sectors = memoryview(content)  # so that slices are no copies
        self._file = file
        self._shift = shift
        # A header takes one sector, and only its first 512 bytes are used.
        self._begin = max(_HEADER_SIZE, 1 << shift)
        self._mini_shift = mini_shift
        self._cutoff = cutoff
        # The third version writes sizes of four bytes, whatever stands in the other four.
        self._size_mask = 0xFFFFFFFF if major < 4 else 0xFFFFFFFFFFFFFFFF
        self._table = self._allocation(tables, more)
        self._entries = self._directory(directory)
        self._mini_start = mini_table

    def outermost(self) -> list[_Entry]:
        """The streams of the outermost folder."""
        waiting, seen, found = [self._entries[0].child], set[int](), list[_Entry]()
        while waiting:
            place = waiting.pop()
            if place == _NONE or place in seen:
                continue
            seen.add(place)
            entry = self._entries[place]
            waiting += [entry.left, entry.right]
            if entry.kind == _STREAM:
                found.append(entry)
        return found

    def stream(self, entry: _Entry) -> bytes:
        """A stream's bytes; short ones lie in small sectors inside the root's stream."""
        if entry.size < self._cutoff:
            root = self._entries[0]
            held = self._joined(root.start)[: root.size]
            most = 4 * (1 + (len(held) >> self._mini_shift))
            table = self._numbers(self._joined(self._mini_start)[:most])
            said = _joined(held, entry.start, table=table, shift=self._mini_shift, begin=0)
        else:
            said = self._joined(entry.start)
        if len(said) < entry.size:
            raise damaged("it ends too early", where=self._file)
        return said[: entry.size]

    def _joined(self, start: int) -> bytes:
        return _joined(
            self._sectors, start, table=self._table, shift=self._shift, begin=self._begin
        )

    def _sector(self, number: int) -> bytes:
        begin = self._begin + (number << self._shift)
        return self._content[begin : begin + (1 << self._shift)]

    def _allocation(self, count: int, more: int) -> list[int]:
        """For each sector the next one of its chain."""
        places = list(struct.unpack_from("<109I", self._content, 76))
        # What a file of this length needs, so that a false count costs no memory.
        most = 2 + (len(self._content) >> self._shift) // (1 << self._shift >> 2)
        while more < _LAST and len(places) < most:
            *said, more = self._numbers(self._sector(more))
            places += said
        used = [place for place in places if place < _LAST][: min(count, most)]
        table = self._numbers(b"".join(self._sector(place) for place in used))
        while table and table[-1] == _NONE:
            table.pop()
        if self._begin + ((len(table) - 1) << self._shift) >= len(self._content):
            raise damaged("it ends too early", where=self._file)
        return table

    def _directory(self, start: int) -> list[_Entry]:
        said = self._joined(start)[: MAX_ENTRIES * _ENTRY.size]
        entries = []
        for place in range(0, len(said) - _ENTRY.size + 1, _ENTRY.size):
            name, length, kind, left, right, child, begin, size = _ENTRY.unpack_from(said, place)
            text = name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            size &= self._size_mask
            entries.append(_Entry(text, kind, left, right, child, begin, size))
        if not entries or entries[0].kind != _ROOT:
            raise ValueError(len(entries))
        return entries

    @staticmethod
    def _numbers(said: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(said) // 4}I", said[: len(said) // 4 * 4]))


def _joined(
    held: bytes | memoryview, start: int, *, table: list[int], shift: int, begin: int
) -> bytes:
    """The sectors of a chain, one after the other."""
    pieces: list[bytes | memoryview] = []
    size = 1 << shift
    while start < _LAST:
        if len(pieces) > len(table):
            raise ValueError(start)
        at = begin + (start << shift)
        pieces.append(held[at : at + size])
        start = table[start]
    if start != _END:
        raise ValueError(start)
    return b"".join(pieces)
