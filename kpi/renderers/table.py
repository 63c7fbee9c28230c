"""A document as a rich renderable for a terminal, returned and not printed.

It says what the text says and adds colour, weight and the shape beside a rating. Data
never meets rich's markup: everything is a `Text`. Which columns stand and how wide each
is comes from `kpi.renderers.layout`, never from rich, which would cut figures short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rich.box import Box
from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from kpi.domain.paper.document import Cell, Document, Table, Tone
from kpi.renderers.encoding import can_say, readable
from kpi.renderers.flow import Line, Page, Part, flowed, group_heading, stacked
from kpi.renderers.layout import Layout, cell_lines, heading_lines, laid_out
from kpi.renderers.palette import LOOKS, NOT_RATED, shape_of

PROSE_WIDTH = 100
"""Sentences are not set wider than this, however wide the terminal."""

_SYMBOLS = "".join(each.shape for each in (*LOOKS.values(), NOT_RATED)) + "─•"
_RULED = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
_RULED_IN_ASCII = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)

_STYLES: dict[Tone, str] = {
    "plain": "",
    "red": "bold red",
    "amber": "bold yellow",
    "green": "bold green",
    "blue": "bold bright_blue",
    "muted": "dim",
    "better": "green",
    "worse": "red",
    "strong": "bold",
}


def render_table(document: Document, *, width: int, encoding: str = "utf-8") -> RenderableType:
    """A document as a renderable of at most a width.

    Args:
        document: What to draw.
        width: The terminal's columns; the console that prints it needs the same.
        encoding: The terminal's; one without the shapes and rules gets ASCII in their place.
    """
    symbols = can_say(_SYMBOLS, encoding=encoding)
    page = Page(width, min(width, PROSE_WIDTH), "•" if symbols else "-", underlined=False)
    parts = flowed(readable(document, encoding=encoding), page=page)
    return Group(*_spaced(_drawn(part, page=page, symbols=symbols) for part in parts))


def _spaced(parts: Iterable[list[RenderableType]]) -> Iterator[RenderableType]:
    for number, part in enumerate(parts):
        if number:
            yield Text()
        yield from part


def _drawn(part: Part, *, page: Page, symbols: bool) -> list[RenderableType]:
    if not isinstance(part, Table):
        return [_text(line) for line in part]
    table = _shaped(part) if symbols else part
    layout = laid_out(table, width=page.width)
    if layout is None:
        return [_text(line) for line in stacked(part, page=page)]
    return [
        _heading(table, layout=layout, box=_RULED if symbols else _RULED_IN_ASCII),
        *_groups(table, layout=layout, page=page),
    ]


def _text(line: Line) -> Text:
    return Text.assemble(*((each.text, _STYLES[each.tone]) for each in line))


def _shaped(table: Table) -> Table:
    """The table with a shape before each rating, and as much room before what is not rated."""
    rated = {
        number
        for row in table.rows
        for number, cell in enumerate(row)
        if shape_of(cell.text) not in ("", NOT_RATED.shape)
    }
    rows = (
        tuple(
            replace(cell, text=f"{shape_of(cell.text) or ' '} {cell.text}")
            if number in rated and cell.text
            else cell
            for number, cell in enumerate(row)
        )
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _heading(table: Table, *, layout: Layout, box: Box) -> RichTable:
    """The headings on their rule, without a row."""
    grid = RichTable(box=box, show_edge=False, pad_edge=False, border_style="dim", header_style="")
    grid.padding = (0, layout.gap - 1, 0, 0)
    titles = zip(*heading_lines(table, layout=layout), strict=True)
    for number, width, lines in zip(layout.shown, layout.widths, titles, strict=True):
        title = Text("\n".join(lines), style="bold")
        grid.add_column(title, justify=table.columns[number].align, width=width, overflow="fold")
    return grid


def _groups(table: Table, *, layout: Layout, page: Page) -> Iterator[RenderableType]:
    """The rows, with a heading above each group; the widths are those of the headings."""
    starts = sorted({0, *(row for row in table.groups if row < len(table.rows))})
    for start, end in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        yield from (_text(line) for line in group_heading(table, start, page=page))
        grid = RichTable.grid(padding=(0, layout.gap, 0, 0), pad_edge=False)
        for number, width in zip(layout.shown, layout.widths, strict=True):
            grid.add_column(justify=table.columns[number].align, width=width, overflow="fold")
        for row in table.rows[start:end]:
            grid.add_row(*_cells(table, row=row, layout=layout))
        yield grid


def _cells(table: Table, *, row: tuple[Cell, ...], layout: Layout) -> Iterator[Text]:
    columns = zip(*cell_lines(table, row=row, layout=layout), strict=True)
    for number, lines in zip(layout.shown, columns, strict=True):
        yield Text("\n".join(lines), style=_STYLES[row[number].tone])
