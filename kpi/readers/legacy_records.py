"""The records that a legacy workbook (xls) is made of, and the texts inside them.

Which records matter and what they say is left to `legacy` and `legacy_sheet`.

Source: [MS-XLS], Excel Binary File Format, sections 2.3 to 2.5; for the format before
Excel 97, OpenOffice.org's Documentation of the Microsoft Excel File Format, 2008.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kpi.readers.sheets import RAISED

BEGIN, END, CONTINUE = 0x0809, 0x000A, 0x003C
USUAL_ENCODING = "cp1252"

_HEAD = struct.Struct("<HH")
_LENGTH = struct.Struct("<H")
_LONG = struct.Struct("<I")
_PLAIN = struct.Struct("<HB")
_WIDE, _PHONETIC, _RICH = 1, 4, 8
_UNICODE = ("latin-1", "utf-16-le")  # letters of one byte and of two

Record = tuple[int, list[bytes]]


def heads(stream: bytes, *, begin: int, end: int, most: int) -> Iterator[tuple[int, int, int]]:
    """Each record's kind, place and size.

    Raises:
        ValueError: A record reaches beyond the end, or there are more than `most`.
    """
    room = most
    while begin + _HEAD.size <= end:
        kind, size = _HEAD.unpack_from(stream, begin)
        begin += _HEAD.size
        room -= 1
        if begin + size > end or room < 0:
            raise ValueError(begin)
        yield kind, begin, size
        begin += size


def substream(stream: bytes, *, begin: int, end: int, most: int) -> Iterator[Record]:
    """The records between a beginning and its end, each with those that continue it.

    What is nested inside is left out: charts hold copies of figures that look like cells.

    Raises:
        ValueError: There is no beginning or no end, a record reaches beyond it, or there are
            more than `most`.
    """
    kind, depth = 0, 0
    record: Record | None = None
    for kind, at, size in heads(stream, begin=begin, end=end, most=most):
        if kind == CONTINUE and record:
            record[1].append(stream[at : at + size])
            continue
        if record:
            yield record
        depth += (kind == BEGIN) - (kind == END)
        if depth < 1:
            break
        is_own = depth == 1 and kind not in (BEGIN, END)
        record = (kind, [stream[at : at + size]]) if is_own else None
    if depth or kind != END:
        raise ValueError(begin)


@dataclass(slots=True)
class Lettering:
    """How a workbook writes texts.

    Attributes:
        is_wide: Whether as Excel 97 and later do, in Unicode.
        encoding: Of the bytes, where it does not.
        raised: The numbers of the fonts that raise what they dress.
    """

    is_wide: bool
    encoding: str = USUAL_ENCODING
    raised: set[int] = field(default_factory=set)


class TextReader:
    """Reads texts one after the other from a record and those that continue it."""

    def __init__(self, bodies: Sequence[bytes], *, at: int, lettering: Lettering) -> None:
        self._bodies = bodies
        self._place = 0
        self._at = at
        self._lettering = lettering

    def is_done(self) -> bool:
        """Whether there is nothing left to read."""
        return self._place >= len(self._bodies) - 1 and self._at >= len(self._bodies[-1])

    def long_text(self) -> str:
        """A text whose length takes two bytes."""
        body, at = self._bodies[self._place], self._at
        if self._lettering.is_wide and at + _PLAIN.size <= len(body):
            # Nearly all texts are plain and in one piece, and there may be a million.
            length, flags = _PLAIN.unpack_from(body, at)
            begin, end = at + _PLAIN.size, at + _PLAIN.size + (length << (flags & _WIDE))
            if flags <= _WIDE and end <= len(body):
                self._at = end
                return body[begin:end].decode(_UNICODE[flags], "replace")
        return self._text(_LENGTH.unpack(self._take(_LENGTH.size))[0])

    def short_text(self) -> str:
        """A text whose length takes one byte."""
        return self._text(self._take(1)[0])

    def dressed_text(self) -> str:
        """A text of two bytes' length that ends with what dresses it, as before Excel 97."""
        length = _LENGTH.unpack(self._take(_LENGTH.size))[0]
        text = self._text(length)
        if self._lettering.is_wide or self.is_done():
            return text
        runs = self._take(1)[0]
        return self._raised(text, struct.unpack(f"<{2 * runs}B", self._take(2 * runs)))

    def _text(self, length: int) -> str:
        if not self._lettering.is_wide:
            return self._take(length).decode(self._lettering.encoding, "replace")
        flags = self._take(1)[0]
        runs = _LENGTH.unpack(self._take(_LENGTH.size))[0] if flags & _RICH else 0
        rest = _LONG.unpack(self._take(_LONG.size))[0] if flags & _PHONETIC else 0
        text = self._letters(length, is_wide=bool(flags & _WIDE))
        dressed = struct.unpack(f"<{2 * runs}H", self._take(4 * runs))
        self._take(rest)
        return self._raised(text, dressed)

    def _letters(self, length: int, *, is_wide: bool) -> str:
        """Letters in Unicode; each record that continues them says anew how wide they are."""
        pieces = []
        while length:
            size = 2 if is_wide else 1
            piece = self._bodies[self._place][self._at : self._at + length * size]
            pieces.append(piece.decode(_UNICODE[is_wide], "replace"))
            length -= len(piece) // size
            self._at += len(piece)
            if length:
                self._next_body()
                is_wide = bool(self._take(1)[0] & _WIDE)
        return "".join(pieces)

    def _take(self, size: int) -> bytes:
        pieces = []
        while True:
            piece = self._bodies[self._place][self._at : self._at + size]
            pieces.append(piece)
            self._at += len(piece)
            size -= len(piece)
            if not size:
                return b"".join(pieces)
            self._next_body()

    def _next_body(self) -> None:
        self._place, self._at = self._place + 1, 0
        if self._place >= len(self._bodies):
            raise ValueError(self._place)

    def _raised(self, text: str, runs: Sequence[int]) -> str:
        """A text with its raised digits as such; runs are pairs of a place and a font."""
        if not self._lettering.raised.intersection(runs[1::2]):
            return text
        ends = [*runs[2::2], len(text)]
        said = text[: runs[0]]
        for begin, font, end in zip(runs[::2], runs[1::2], ends, strict=True):
            piece = text[begin:end]
            said += piece.translate(RAISED) if font in self._lettering.raised else piece
        return said
