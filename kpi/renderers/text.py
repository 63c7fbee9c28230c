"""A document as text of a given width: what stands in a pipe, an e-mail or a file.

Words alone say everything, so it reads the same in any mail program; a terminal's codes
for colour are added only where they are asked for. No line is longer than the width, no
figure is cut, nothing trails. Lines come from `kpi.renderers.flow`, a table's columns
from `kpi.renderers.layout`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpi.domain.paper.document import Cell, Document, Table
from kpi.renderers.encoding import readable
from kpi.renderers.flow import Line, Page, Part, Span, flowed, group_heading, stacked
from kpi.renderers.layout import Layout, cell_lines, heading_lines, laid_out
from kpi.renderers.measure import width_of
from kpi.renderers.palette import painted

PIPE_WIDTH = 78
"""The line length that RFC 5322 recommends: wherever no terminal says otherwise."""


def render_text(
    document: Document, *, width: int = PIPE_WIDTH, encoding: str = "utf-8", color: bool = False
) -> str:
    """A document as lines of text, each ending in a line feed.

    Args:
        document: What to draw.
        width: Columns of the longest line.
        encoding: What the text will be written in; characters it lacks are replaced.
        color: Whether tones are written as a terminal's codes, which take no width.
    """
    page = Page(width, prose=width)
    parts = flowed(readable(document, encoding=encoding), page=page)
    drawn = (_drawn(part, page=page) for part in parts)
    text = "\n\n".join("\n".join(_said(line, color=color) for line in part) for part in drawn)
    return text + "\n" if text else ""


def _said(line: Line, *, color: bool) -> str:
    spans = (painted(each.text, each.tone) if color else each.text for each in line)
    return "".join(spans).rstrip(" ")


def _drawn(part: Part, *, page: Page) -> tuple[Line, ...]:
    if not isinstance(part, Table):
        return part
    layout = laid_out(part, width=page.width)
    return tuple(_table(part, layout=layout, page=page)) if layout else stacked(part, page=page)


def _table(table: Table, *, layout: Layout, page: Page) -> Iterator[Line]:
    heading = (Cell(tone="strong"),) * len(table.columns)
    for texts in heading_lines(table, layout=layout):
        yield _line(texts, table=table, row=heading, layout=layout)
    yield (Span((" " * layout.gap).join("-" * width for width in layout.widths)),)
    for index, row in enumerate(table.rows):
        yield from group_heading(table, index, page=page)
        for texts in cell_lines(table, row=row, layout=layout):
            yield _line(texts, table=table, row=row, layout=layout)


def _line(texts: list[str], *, table: Table, row: tuple[Cell, ...], layout: Layout) -> Line:
    """One line of a row: the shown cells' texts in their columns, each in its cell's tone."""
    spans: list[Span] = []
    for number, width, text in zip(layout.shown, layout.widths, texts, strict=True):
        gap = Span(" " * layout.gap if spans else "")
        blanks = Span(" " * (width - width_of(text)))
        said = Span(text, row[number].tone)
        right = table.columns[number].align == "right"
        spans.extend((gap, blanks, said) if right else (gap, said, blanks))
    return tuple(spans)
