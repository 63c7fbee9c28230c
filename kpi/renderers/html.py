"""A document as one accessible HTML page that needs nothing beside it.

Every text is escaped; there is no script and no address to fetch, and the page says so to
the browser. Colours repeat words, follow the reader's wish for a dark page, and are left
out on paper. Charts are part of the page, each with its figures to unfold below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kpi.domain.chart import SpcChart
from kpi.domain.paper.document import (
    Cell,
    Document,
    Listing,
    Paragraph,
    Picture,
    Preformatted,
    Section,
    Table,
)
from kpi.renderers.chart_figures import chart_figures
from kpi.renderers.chart_palette import DARK
from kpi.renderers.charts import inline_svg
from kpi.renderers.encoding import readable
from kpi.renderers.palette import PAGE, PAINTS

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_LAYOUT = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 Arial, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2rem 0 .5rem; }
header p, footer p { margin: 0 0 .25rem; }
footer { border-top: 1px solid #b1b4b6; margin-top: 2rem; padding-top: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-bottom: 1px solid; }
th, td { border-color: #b1b4b6; overflow-wrap: anywhere; }
th { font-weight: normal; }
tbody th[scope=row] { min-width: 12rem; }
thead th, tbody th[scope=rowgroup] { font-weight: bold; vertical-align: bottom; }
tbody th[scope=rowgroup] { padding-top: 1.25rem; }
.right { text-align: right; }
td.right { white-space: nowrap; }
.red, .amber, .green, .blue { font-weight: bold; white-space: nowrap; }
.strong { font-weight: bold; }
pre { overflow-x: auto; line-height: 1.2; }
@media print {
  body { max-width: none; padding: 0; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
_PICTURES = """\
figure { margin: 1rem 0; }
figure > svg { display: block; max-width: 100%; height: auto; }
summary { cursor: pointer; padding: .25rem 0; }
@media print {
  figure > svg { break-inside: avoid; }
  details:not([open]) { display: none; }
}
"""


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
        f"<style>\n{_LAYOUT}{_colors()}{_pictures(safe)}</style>",
        "</head>",
        "<body>",
        *_header(safe),
        "<main>",
    ]
    for number, section in enumerate(safe.sections, start=1):
        lines.extend(_section(section, number=number, title=safe.title))
    lines.extend(["</main>", *_footer(safe), "</body>", "</html>"])
    return "\n".join(lines) + "\n"


def _colors() -> str:
    """The style sheet's colours, light and dark; a print keeps the light ones."""
    light = _rule("body", PAGE.ink, PAGE.ground)
    dark = _rule("body", PAGE.dark_ink, PAGE.dark_ground)
    for tone, paint in PAINTS.items():
        light += _toned(f".{tone}", paint.ink, paint.ground)
        dark += _toned(f".{tone}", paint.dark_ink, paint.dark_ground)
    return f"{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _pictures(document: Document) -> str:
    """The style of charts, where the page holds any."""
    blocks = (block for section in document.sections for block in section.blocks)
    if not any(isinstance(block, Picture) for block in blocks):
        return ""
    dark = "".join(
        f'figure [{paints}="{color}"] {{ {paints}: {instead}; }}\n'
        for color, instead in DARK.items()
        for paints in ("fill", "stroke")
    )
    return f"{_PICTURES}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _toned(selector: str, ink: str, ground: str) -> str:
    return _rule(selector, ink, ground) if ink else ""


def _rule(selector: str, ink: str, ground: str) -> str:
    background = f" background-color: {ground};" if ground else ""
    return f"{selector} {{ color: {ink};{background} }}\n"


def _header(document: Document) -> Iterator[str]:
    yield "<header>"
    if document.title:
        yield f"<h1>{escape(document.title)}</h1>"
    yield from (f"<p>{escape(line)}</p>" for line in document.lines)
    yield "</header>"


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
    for place, block in enumerate(section.blocks, start=1):
        if isinstance(block, Picture):
            yield from _figure(block.chart, name=f"chart-{number}-{place}")
        else:
            yield from _block(block, caption=section.title or title)
    yield "</section>"


def _figure(chart: SpcChart, *, name: str) -> Iterator[str]:
    """A chart, and its figures to unfold."""
    yield f"<figure>\n{inline_svg(chart, name=name)}"
    yield f"<details>\n<summary>The figures: {escape(chart.title)}</summary>"
    yield from _table(chart_figures(chart), caption=chart.title)
    yield "</details>\n</figure>"


def _block(block: Table | Paragraph | Listing | Preformatted, *, caption: str) -> Iterator[str]:
    match block:
        case Paragraph():
            label = f"<strong>{escape(block.label)}:</strong> " if block.label else ""
            yield f"<p{_class(block.tone)}>{label}{escape(block.text)}</p>"
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
    name = escape(caption)
    yield f'<div class="wide" role="region" aria-label="{name}" tabindex="0">'
    yield f"<table>\n<caption>{name}</caption>\n<thead>\n<tr>"
    for column in table.columns:
        right = _class("right" if column.align == "right" else "plain")
        yield f'<th scope="col"{right}>{escape(column.title)}</th>'
    yield "</tr>\n</thead>"
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


def _cells(table: Table, row: tuple[Cell, ...]) -> Iterator[str]:
    """A row's cells; the first column of words names the row."""
    wordy = (number for number, column in enumerate(table.columns) if column.wraps)
    naming = next(wordy, 0)
    for number, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        right = ("right",) if column.align == "right" else ()
        classes = _class(*right, cell.tone)
        if number == naming:
            yield f'<th scope="row"{classes}>{escape(cell.text)}</th>'
        else:
            yield f"<td{classes}>{escape(cell.text)}</td>"


def _class(*names: str) -> str:
    said = " ".join(name for name in names if name != "plain")
    return f' class="{said}"' if said else ""
