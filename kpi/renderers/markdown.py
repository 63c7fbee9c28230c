"""A document as GitHub's Markdown, every text shown as it was typed.

What Markdown or HTML would obey is escaped, in a cell also the bar. Wide characters and
line lengths are left to whoever shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kpi.domain.paper.document import (
    Block,
    Cell,
    Document,
    Listing,
    Paragraph,
    Picture,
    Preformatted,
    Section,
    Table,
)
from kpi.renderers.encoding import readable

# A bracket is only obeyed as a link, a footnote or a box to tick; `[c]` stays as it reads.
_SPECIAL = re.compile(
    r"[\\`*|~$]|(?<![^\W_])_|_(?![^\W_])|\[(?=[^\]]*\][(\[:])|\[(?=\^)|^\[(?=[ xX]\]( |$))|(?<=!)\["
)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_EMOJI = re.compile(r":(?=[\w+-]+:)")
_LEADING = re.compile(r"^(#{1,6}|[-+=]+|\d{1,9}[.)])(?=\s|$|[-+=])")
_LOUD = {"red", "amber", "green", "blue", "strong"}


def render_markdown(document: Document, *, encoding: str = "utf-8") -> str:
    """A document as Markdown; a group's heading stands above a table of its own.

    Args:
        document: What to write.
        encoding: What the text will be written in; characters it lacks are replaced.
    """
    safe = readable(document, encoding=encoding)
    parts = [_titled(safe.title, level=1)] if safe.title else []
    parts.extend(_opened(line) for line in safe.lines)
    for section in safe.sections:
        parts.extend(_section(section))
    parts.extend(_opened(note) for note in safe.notes)
    return "\n\n".join(parts) + "\n" if parts else ""


def escaped(text: str) -> str:
    r"""A text that Markdown shows as it is, anywhere but at the beginning of a line.

    Example:
        >>> escaped("[red] | *x* [y](z) <b> & :warning: KPI_1")
        '[red] \\| \\*x\\* \\[y](z) &lt;b&gt; & \\:warning: KPI_1'
    """
    text = _ENTITY.sub("&amp;", text)
    text = _SPECIAL.sub(lambda found: "\\" + found.group(), text)
    text = text.replace("<", "&lt;").replace(">", "&gt;")
    return _EMOJI.sub(r"\\:", text)


def _opened(text: str) -> str:
    """A text that may begin a line: no heading, list or rule comes of it."""
    return _LEADING.sub(_blunted, escaped(text.strip(" ")))


def _blunted(found: re.Match[str]) -> str:
    mark = found.group()
    return f"{mark[:-1]}\\{mark[-1]}" if mark[0].isdigit() else f"\\{mark}"


def _titled(title: str, *, level: int) -> str:
    """A heading; hashes at its end would be taken for its frame."""
    text = re.sub("#(?=#*$)", r"\#", escaped(title.strip(" ")))
    return f"{'#' * level} {text}"


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield _titled(section.title, level=2)
    for block in section.blocks:
        yield from _block(block, level=3 if section.title else 2)


def _block(block: Block, *, level: int) -> Iterator[str]:
    match block:
        case Paragraph(text=text, label=""):
            yield _opened(text)
        case Paragraph(text=text, label=label):
            yield f"**{escaped(label)}:** {escaped(text)}".rstrip(" ")
        case Listing(items=items):
            yield "\n".join(f"- {_opened(item)}" for item in items)
        case Preformatted(lines=lines):
            yield _fenced(lines)
        case Picture(chart=chart):
            yield _opened(chart.alt)
        case Table():
            yield from _tables(block, level=level)


def _fenced(lines: tuple[str, ...]) -> str:
    longest = max((len(run) for run in re.findall("`+", "\n".join(lines))), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([fence, *(line.rstrip(" ") for line in lines), fence])


def _tables(table: Table, *, level: int) -> Iterator[str]:
    starts = sorted({0, *(row for row in table.groups if row < len(table.rows))})
    for start, end in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        rows = table.rows[start:end]
        if rows and start in table.groups:
            yield _titled(table.groups[start], level=level)
        if rows:
            yield "\n".join([_heading(table), *(_row(map(_cell, row)) for row in rows)])


def _heading(table: Table) -> str:
    rules = ("---:" if each.align == "right" else "---" for each in table.columns)
    return _row(escaped(each.title) for each in table.columns) + "\n" + _row(rules)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    text = escaped(cell.text.strip(" "))
    return f"**{text}**" if text and cell.tone in _LOUD else text
