"""A document as the HTML of an e-mail: what Outlook, which lays out with Word, and Gmail keep.

Tables are plain and never nested; every style is written at its element, and the few old
attributes are those that Word obeys. There is no style sheet, class, script, address to
fetch or picture in the page itself: pictures are parts of the message, named by their
content id.

A table has the columns that stand in the message's text too, so that both alternatives
know the same figures. Gmail cuts what is longer than 102 KB: what is written is terse, and
where a page is too long even so, all its tables lose their optional columns one after the
other, highest number first, and the text alone keeps those figures.

Making the message is left to `kpi.renderers.email`, a page for the browser to
`kpi.renderers.html`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape

from kpi.domain.chart import SpcChart
from kpi.domain.paper.document import (
    Block,
    Cell,
    Document,
    Listing,
    Paragraph,
    Picture,
    Preformatted,
    Table,
    Tone,
)
from kpi.renderers.layout import laid_out
from kpi.renderers.palette import PAGE, PAINTS

_SIZE = "14px Arial"
_BELOW = ";margin:0 0 8px"
_LINES = "#b1b4b6"

LONGEST = 97_000
"""Bytes of a page that Gmail shows whole, with room for what encoding adds on the way."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A chart as a picture that the message carries.

    Attributes:
        cid: Its content id, without angle brackets.
        content: The PNG.
        width, height: Its natural size in pixels, whatever its dots.
    """

    cid: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Means:
    """What blocks are drawn with.

    Attributes:
        pictures: The picture of each chart.
        width: Columns of the text beside.
        below: Optional columns of this number and higher are left out; null for none.
    """

    pictures: Mapping[SpcChart, Attached]
    width: int
    below: int | None = None


def email_html(
    document: Document, *, pictures: Mapping[SpcChart, Attached], width: int, lang: str = "en-GB"
) -> str:
    """A document as the HTML of an e-mail.

    Args:
        document: What to draw; its texts already made safe by `readable`.
        pictures: The picture of each of its charts.
        width: Columns of the text that stands beside it: a table's optional columns that
            have no room there are left out here too.
        lang: The language of its words.
    """
    means = _Means(pictures, width)
    page = _page(document, means=means, lang=lang)
    for number in _optional(document):
        if len(page.encode()) <= LONGEST:
            break
        page = _page(document, means=replace(means, below=number), lang=lang)
    return page


def _optional(document: Document) -> list[int]:
    """The numbers of the optional columns, highest first."""
    blocks = (block for section in document.sections for block in section.blocks)
    tables = (block for block in blocks if isinstance(block, Table))
    numbers = {column.optional for table in tables for column in table.columns}
    return sorted(numbers - {0}, reverse=True)


def _page(document: Document, *, means: _Means, lang: str) -> str:
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(lang)}">',
        '<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
        f"<title>{escape(document.title or 'kpi')}</title></head>",
        f'<body style="color:{PAGE.ink};background-color:{PAGE.ground}">',
        f'<div lang="{escape(lang)}">',
        *_heading("h1", document.title, size="20px Arial"),
        *(_paragraph(Paragraph(line)) for line in document.lines),
    ]
    for section in document.sections:
        lines.extend(_heading("h2", section.title, size="17px Arial"))
        for block in section.blocks:
            lines.extend(_block(block, means=means))
    lines.extend(_paragraph(Paragraph(note)) for note in document.notes)
    return "\n".join([*lines, "</div></body></html>"]) + "\n"


def _block(block: Block, *, means: _Means) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _paragraph(block)
        case Listing(items=items):
            listed = (f'<li style="font:{_SIZE}">{escape(item)}</li>' for item in items)
            yield "\n".join(("<ul>", *listed, "</ul>"))
        case Preformatted(lines=lines):
            yield f'<pre style="font:13px Courier New">{escape(chr(10).join(lines))}</pre>'
        case Picture(chart=chart):
            yield _picture(chart, means.pictures[chart])
        case Table(rows=()):
            return
        case Table():
            yield from _table(block, shown=_shown(block, means=means))


def _heading(tag: str, title: str, *, size: str) -> Iterator[str]:
    if title:
        yield f'<{tag} style="font:bold {size};margin:16px 0 8px">{escape(title)}</{tag}>'


def _paragraph(paragraph: Paragraph) -> str:
    label = f"<b>{escape(paragraph.label)}:</b> " if paragraph.label else ""
    return f'<p style="{_style(paragraph.tone)}{_BELOW}">{label}{escape(paragraph.text)}</p>'


def _picture(chart: SpcChart, attached: Attached) -> str:
    """Width and height as attributes, which Word obeys; the style lets it shrink on a phone."""
    return (
        f'<p style="font:{_SIZE}{_BELOW}"><img src="cid:{attached.cid}" '
        f'width="{attached.width}" height="{attached.height}" '
        f'style="max-width:100%;height:auto" alt="{escape(chart.alt)}"></p>'
    )


def _shown(table: Table, *, means: _Means) -> tuple[int, ...]:
    """The numbers of the columns to draw; all of them where the text stacks the rows."""
    layout = laid_out(table, width=means.width)
    shown = layout.shown if layout else tuple(range(len(table.columns)))
    if means.below is None:
        return shown
    kept = (number for number in shown if table.columns[number].optional < means.below)
    return tuple(kept) or shown


def _table(table: Table, *, shown: tuple[int, ...]) -> Iterator[str]:
    wordy = (number for number in shown if table.columns[number].wraps)
    naming = next(wordy, shown[0])
    yield (
        f'<table border="1" bordercolor="{_LINES}" cellpadding="4" cellspacing="0" '
        f'style="border-collapse:collapse;border-color:{_LINES};margin:0 0 8px">'
    )
    yield (
        '<thead><tr valign="bottom">'
        + "".join(_column(table, number) for number in shown)
        + "</tr></thead>"
    )
    starts = sorted({0, *(row for row in table.groups if row < len(table.rows))})
    for start, end in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        yield "<tbody>"
        if heading := table.groups.get(start):
            yield f"<tr>{_head(heading, scope='rowgroup', spans=len(shown))}</tr>"
        for row in table.rows[start:end]:
            cells = (_cell(table, number, row[number], naming=naming) for number in shown)
            yield f'<tr valign="top">{"".join(cells)}</tr>'
        yield "</tbody>"
    yield "</table>"


def _column(table: Table, number: int) -> str:
    column = table.columns[number]
    return _head(column.title, scope="col", align=column.align)


def _head(text: str, *, scope: str, align: str = "left", spans: int = 1) -> str:
    span = f' colspan="{spans}"' if spans > 1 else ""
    whole = " nowrap" if "-" in text and " " not in text else ""  # a month breaks at its hyphen
    return (
        f'<th scope="{scope}"{span} align="{align}"{whole} style="font:bold {_SIZE}">'
        f"{escape(text)}</th>"
    )


def _cell(table: Table, number: int, cell: Cell, *, naming: int) -> str:
    """A cell; that of the first column of words names the row.

    Each says its own font, as Outlook and Gmail give a table's cells theirs otherwise.
    """
    column = table.columns[number]
    tag = 'th scope="row"' if number == naming else "td"
    is_default = number != naming and column.align == "left"
    align = "" if is_default else f' align="{column.align}"'
    whole = " nowrap" if " " in cell.text and not column.wraps else ""
    return f'<{tag}{align}{whole} style="{_style(cell.tone)}">{escape(cell.text)}</{tag[:2]}>'


def _style(tone: Tone) -> str:
    """The style of a text in a tone: ratings stand in dark ink on a tint, in bold."""
    paint = PAINTS[tone]
    bold = "bold " if paint.ground or tone == "strong" else ""
    ink = f";color:{paint.ink}" if paint.ink else ""
    ground = f";background-color:{paint.ground}" if paint.ground else ""
    return f"font:{bold}{_SIZE}{ink}{ground}"
