"""A document as one accessible HTML page that needs nothing beside it.

Every text is escaped; there is no script and no address to fetch, and the page says so to
the browser. Colours repeat words, follow the reader's wish for a dark page, and are left
out on paper. Charts are part of the page, each with its figures to unfold below it. How it
looks is left to `kpi.renderers.html_style`.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from kpi.domain.chart import SpcChart
from kpi.domain.paper.document import (
    Cell,
    Column,
    Document,
    Listing,
    Paragraph,
    Picture,
    Preformatted,
    Section,
    Table,
)
from kpi.domain.trend.sparkline import BARS
from kpi.renderers.chart_figures import chart_figures
from kpi.renderers.charts import inline_svg
from kpi.renderers.encoding import readable
from kpi.renderers.html_style import style_sheet

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_SECTIONS = 4  # a page of as many gets a list of them, and a way past it
_BROAD, _BROADEST = 12, 20  # columns; so many need paper that lies across, and small letters
_SPARKS = frozenset(BARS)


def render_html(document: Document, *, lang: str = "en-GB") -> str:
    """A document as a whole page.

    Args:
        document: What to draw.
        lang: The language of its words.
    """
    safe = readable(document)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(lang)}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(safe.title or 'kpi')}</title>",
        f"<style>\n{_style(safe)}</style>",
        "</head>",
        "<body>",
        *_header(safe),
    ]
    for number, section in enumerate(safe.sections, start=1):
        lines.extend(_section(section, number=number, title=safe.title))
    lines.extend(["</main>", *_footer(safe), "</body>", "</html>"])
    return "\n".join(lines) + "\n"


def _style(document: Document) -> str:
    """The style sheet that this page needs."""
    blocks = [block for section in document.sections for block in section.blocks]
    return style_sheet(
        has_pictures=any(isinstance(block, Picture) for block in blocks),
        is_broad=any(isinstance(block, Table) and _is_broad(block) for block in blocks),
    )


def _is_broad(table: Table) -> bool:
    return len(table.columns) >= _BROAD


def _header(document: Document) -> Iterator[str]:
    """What the page is, its contents where it is long, and the beginning of the main part."""
    contents = [
        f'<li><a href="#section-{number}">{escape(section.title)}</a></li>'
        for number, section in enumerate(document.sections, start=1)
        if section.title
    ]
    is_long = len(contents) >= _SECTIONS
    if is_long:
        yield '<a class="skip" href="#main">Skip to the first section</a>'
    yield "<header>"
    if document.title:
        yield f"<h1>{escape(document.title)}</h1>"
    yield from (f"<p>{escape(line)}</p>" for line in document.lines)
    yield "</header>"
    if is_long:
        yield '<nav aria-label="Contents">\n<ul>'
        yield from contents
        yield "</ul>\n</nav>"
    yield '<main id="main" tabindex="-1">'


def _footer(document: Document) -> Iterator[str]:
    if document.notes:
        yield '<footer aria-label="Notes">'
        yield from (f"<p>{escape(note)}</p>" for note in document.notes)
        yield "</footer>"


def _section(section: Section, *, number: int, title: str) -> Iterator[str]:
    if section.title:
        yield f'<section aria-labelledby="section-{number}">'
        yield f'<h2 id="section-{number}">{escape(section.title)}</h2>'
    else:
        yield "<section>"
    charts = 0
    for are_charts, run in groupby(section.blocks, key=lambda block: isinstance(block, Picture)):
        if are_charts:
            yield '<div class="charts">'
        for block in run:
            if isinstance(block, Picture):
                charts += 1
                yield from _figure(block.chart, name=f"chart-{number}-{charts}")
            elif isinstance(block, Paragraph):
                yield _paragraph(block, may_head=bool(section.title))
            else:
                yield from _block(block, caption=section.title or title)
        if are_charts:
            yield "</div>"
    yield "</section>"


def _figure(chart: SpcChart, *, name: str) -> Iterator[str]:
    """A chart, and its figures to unfold."""
    yield f"<figure>\n{inline_svg(chart, name=name)}"
    yield f"<details>\n<summary>The figures: {escape(chart.title)}</summary>"
    yield from _table(chart_figures(chart), caption=chart.title)
    yield "</details>\n</figure>"


def _paragraph(paragraph: Paragraph, *, may_head: bool) -> str:
    """A paragraph; a label that has nothing beside it heads what follows."""
    label, text = escape(paragraph.label), escape(paragraph.text)
    if label and not text and may_head:
        return f"<h3{_class(paragraph.tone)}>{label}</h3>"
    before = f"<strong>{label}:</strong> " if label else ""
    return f"<p{_class(paragraph.tone)}>{before}{text}</p>"


def _block(block: Table | Listing | Preformatted, *, caption: str) -> Iterator[str]:
    match block:
        case Listing(items=items):
            yield "<ul>"
            yield from (f"<li>{escape(item)}</li>" for item in items)
            yield "</ul>"
        case Preformatted(lines=lines):
            yield f'<pre tabindex="0">{escape(chr(10).join(lines))}</pre>'
        case Table(rows=()):
            return
        case Table():
            yield from _table(block, caption=caption)


def _table(table: Table, *, caption: str) -> Iterator[str]:
    """A table that scrolls by itself; its caption is heard, as what stands above says it."""
    name = escape(caption)
    size = _class(
        "broad" if _is_broad(table) else "plain",
        "broadest" if len(table.columns) >= _BROADEST else "plain",
    )
    yield f'<div class="wide" role="group" aria-label="Table: {name}" tabindex="0">'
    yield f'<table{size}>\n<caption><span class="unseen">{name}</span></caption>'
    yield "<thead>\n<tr>" + "".join(map(_heading, table.columns)) + "</tr>\n</thead>"
    starts = sorted({0, *(row for row in table.groups if row < len(table.rows))})
    for start, end in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        yield "<tbody>"
        if heading := table.groups.get(start):
            span = len(table.columns)
            yield f'<tr><th scope="rowgroup" colspan="{span}">{escape(heading)}</th></tr>'
        for row in table.rows[start:end]:
            yield "<tr>" + "".join(_cells(table, row)) + "</tr>"
        yield "</tbody>"
    yield "</table>\n</div>"


def _heading(column: Column) -> str:
    """A column's heading, which breaks between words only."""
    words = "words" if " " in column.title else "plain"
    classes = _class(words, "right" if column.align == "right" else "plain")
    return f'<th scope="col"{classes}>{escape(column.title)}</th>'


def _cells(table: Table, row: tuple[Cell, ...]) -> Iterator[str]:
    """A row's cells; the first column of words names the row.

    A picture made of characters is not read out: the figures beside it say what it shows.
    """
    wordy = (number for number, column in enumerate(table.columns) if column.wraps)
    naming = next(wordy, 0)
    for number, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        right = "right" if column.align == "right" else "plain"
        classes = _class("wraps" if column.wraps else "plain", right, cell.tone)
        if number == naming:
            yield f'<th scope="row"{classes}>{escape(cell.text)}</th>'
        elif cell.text and _SPARKS.issuperset(cell.text):
            yield f'<td{classes}><span aria-hidden="true">{cell.text}</span></td>'
        else:
            yield f"<td{classes}>{escape(cell.text)}</td>"


def _class(*names: str) -> str:
    said = " ".join(name for name in names if name != "plain")
    return f' class="{said}"' if said else ""
