"""Which columns of a table are shown and how wide each is, at a given width.

Shared by the text and the terminal renderer, so that both show the same. Figures, units
and ratings keep their width; only columns that wrap give way, then the optional ones go,
highest number first. Drawing is left to the renderers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpi.domain.paper.document import Cell, Column, Table
from kpi.renderers.measure import longest_word, width_of, wrapped

SENSIBLE = 18
"""A column of words is not squeezed below this while an optional column stands beside it."""

_LONG_WORD = 26
_LEAST = 8
_HEADING_LINES = 3
_HANGING = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out.

    Attributes:
        shown: Numbers of the columns that are shown.
        widths: The width of each of them.
        gap: Blanks between two columns.
    """

    shown: tuple[int, ...]
    widths: tuple[int, ...]
    gap: int

    @property
    def width(self) -> int:
        """The whole table's width."""
        return sum(self.widths) + self.gap * (len(self.widths) - 1)


def laid_out(table: Table, *, width: int) -> Layout | None:
    """The layout that shows the most columns, and of those the one with the fewest lines.

    Returns:
        The layout, none of its lines wider than `width`; null where no column of words
        can be squeezed far enough, so that the table cannot stand as a table.
    """
    sizes = _sizes(table)
    choices = list(_columns_to_show(table.columns))
    for least, allowed in ((SENSIBLE, choices), (_LEAST, choices[-1:])):
        for shown in allowed:
            for gap in (2, 1):
                fitting = list(_fitting(sizes, shown=shown, gap=gap, width=width, least=least))
                if fitting:
                    return min(fitting, key=lambda layout: _height(table, layout=layout))
    return None


def heading_lines(table: Table, *, layout: Layout) -> list[list[str]]:
    """The headings of the shown columns, line by line from the top, standing on the rule."""
    columns = [
        wrapped(table.columns[number].title, width=width)
        for number, width in zip(layout.shown, layout.widths, strict=True)
    ]
    height = max(map(len, columns))
    padded = [[""] * (height - len(lines)) + lines for lines in columns]
    return [list(line) for line in zip(*padded, strict=True)]


def cell_lines(table: Table, *, row: tuple[Cell, ...], layout: Layout) -> list[list[str]]:
    """The texts of a row's shown cells, line by line from the top."""
    columns = [
        _broken(row[number].text, number=number, column=table.columns[number], width=width)
        for number, width in zip(layout.shown, layout.widths, strict=True)
    ]
    height = max(map(len, columns))
    padded = [lines + [""] * (height - len(lines)) for lines in columns]
    return [list(line) for line in zip(*padded, strict=True)]


def _broken(text: str, *, number: int, column: Column, width: int) -> list[str]:
    if not column.wraps:
        return [text]
    return wrapped(text, width=width, hanging=0 if number else _HANGING)


@dataclass(frozen=True, slots=True)
class _Size:
    """What is to be known of a column to lay it out: the widths of its texts and heading."""

    wraps: bool
    natural: int
    longest_word: int
    headings: tuple[int, ...]

    @property
    def wanted(self) -> int:
        """The width at which nothing of a column of words has to wrap."""
        return max(self.natural, self.headings[0])

    def least(self, floor: int) -> int:
        """The least width of a column of words: its heading's words are never broken."""
        word = self.longest_word if floor == SENSIBLE else 0
        return min(max(floor, word, self.headings[-1]), self.wanted)


def _sizes(table: Table) -> list[_Size]:
    return [
        _size(column, [row[number].text for row in table.rows], hanging=0 if number else _HANGING)
        for number, column in enumerate(table.columns)
    ]


def _size(column: Column, texts: list[str], *, hanging: int) -> _Size:
    word = max(map(longest_word, texts), default=0) + hanging
    headings = [_heading_width(column.title, lines=lines) for lines in range(1, _HEADING_LINES + 1)]
    natural = max(map(width_of, texts), default=0)
    return _Size(column.wraps, natural, min(word, _LONG_WORD), tuple(headings))


def _columns_to_show(columns: tuple[Column, ...]) -> Iterator[tuple[int, ...]]:
    """All the columns, then without the optional ones, one by one, the highest first."""
    shown = tuple(range(len(columns)))
    yield shown
    optional = [number for number in shown if columns[number].optional]
    for dropped in sorted(optional, key=lambda number: (-columns[number].optional, -number)):
        shown = tuple(number for number in shown if number != dropped)
        if shown:
            yield shown


def _fitting(
    sizes: list[_Size], *, shown: tuple[int, ...], gap: int, width: int, least: int
) -> Iterator[Layout]:
    """The layouts that fit, one for each height of the heading."""
    for lines in range(_HEADING_LINES):
        widths = {
            number: max(sizes[number].natural, sizes[number].headings[lines])
            for number in shown
            if not sizes[number].wraps
        }
        room = width - gap * (len(shown) - 1) - sum(widths.values())
        flexible = {number: sizes[number] for number in shown if sizes[number].wraps}
        shares = _shares(flexible, room=room, least=least)
        if shares is not None:
            widths |= shares
            yield Layout(shown, tuple(widths[number] for number in shown), gap)


def _shares(sizes: dict[int, _Size], *, room: int, least: int) -> dict[int, int] | None:
    """The room shared out among columns of words: an equal share, or as much as each can use."""
    widths: dict[int, int] = {}
    for number in sorted(sizes, key=lambda each: (sizes[each].wanted, each)):
        share = (room - sum(widths.values())) // (len(sizes) - len(widths))
        widths[number] = min(sizes[number].wanted, share)
    enough = all(widths[each] >= size.least(least) for each, size in sizes.items())
    return widths if enough and sum(widths.values()) <= room else None


def _heading_width(title: str, *, lines: int) -> int:
    """The least width at which a heading takes so many lines, none of its words broken."""
    width = max(longest_word(title), 1)
    while len(wrapped(title, width=width)) > lines:
        width += 1
    return width


def _height(table: Table, *, layout: Layout) -> int:
    rows = sum(len(cell_lines(table, row=row, layout=layout)) for row in table.rows)
    return rows + len(heading_lines(table, layout=layout))
