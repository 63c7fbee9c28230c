"""A document cut into lines and blank lines, its tables still whole.

Shared by the text and the terminal renderer, so that both say the same in the same
order. Each line is a row of spans, which keep their tone until a renderer colours or
drops it. Tables are left to the renderers, their columns to `kpi.renderers.layout`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kpi.domain.paper.document import (
    Block,
    Document,
    Listing,
    Paragraph,
    Picture,
    Preformatted,
    Section,
    Table,
    Tone,
)
from kpi.renderers.measure import cut, width_of, wrapped

_NOTE = re.compile(r"\[[^\]\s]{1,3}\] ")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line that has one tone."""

    text: str
    tone: Tone = "plain"


Line = tuple[Span, ...]
Part = tuple[Line, ...] | Table
"""What a blank line stands before and after."""


@dataclass(frozen=True, slots=True)
class Page:
    """What lines are set on.

    Attributes:
        width: Columns of the longest line.
        prose: Columns of the longest line of sentences.
        bullet: What stands before a listed line.
        underlined: Whether headings are underlined, for where nothing can be bold.
    """

    width: int
    prose: int
    bullet: str = "-"
    underlined: bool = True

    def lines(self, text: str, *, tone: Tone = "plain", hanging: int = 0) -> tuple[Line, ...]:
        """A text over as many lines as it needs."""
        pieces = wrapped(text, width=self.prose, hanging=hanging)
        return tuple((Span(piece, tone),) for piece in pieces)

    def heading(self, title: str, *, rule: str) -> tuple[Line, ...]:
        """A title, underlined where headings are; nothing for no title."""
        if not title:
            return ()
        lines = self.lines(title, tone="strong")
        longest = max(width_of(line[0].text) for line in lines)
        return (*lines, (Span(rule * longest),)) if self.underlined else lines


def flowed(document: Document, *, page: Page) -> Iterator[Part]:
    """The parts of a document in order, none of them empty; a blank line belongs between two."""
    said = (line for text in document.lines for line in page.lines(text))
    head = (*page.heading(document.title, rule="="), *said)
    if head:
        yield head
    for section in document.sections:
        yield from _section(section, page=page)
    notes = tuple(line for note in document.notes for line in _note(note, page=page))
    if notes:
        yield notes


def group_heading(table: Table, row: int, *, page: Page) -> tuple[Line, ...]:
    """The lines above a row of a table, a blank one first; nothing where it has no heading."""
    if row not in table.groups:
        return ()
    heading = page.lines(table.groups[row], tone="strong")
    return ((), *heading) if row else heading


def stacked(table: Table, *, page: Page) -> tuple[Line, ...]:
    """The rows one below the other, a line a cell: for a table that no width can hold."""
    lines: list[Line] = []
    for index, row in enumerate(table.rows):
        lines.extend(group_heading(table, index, page=page) or ([()] if index else []))
        for column, cell in zip(table.columns, row, strict=True):
            if cell.text and column.title:
                lines.extend(_labelled(column.title, cell.text, tone="strong", page=page))
            elif cell.text:
                lines.extend(page.lines(cell.text, tone=cell.tone))
    return tuple(lines)


def _section(section: Section, *, page: Page) -> Iterator[Part]:
    close: tuple[Line, ...] = page.heading(section.title, rule="-")
    before: Block | None = None
    for block in section.blocks:
        if close and not _stand_close(before, block):
            yield close
            close = ()
        part = _part(block, page=page)
        if isinstance(part, Table):
            yield part
        else:
            close += part
        before = block
    if close:
        yield close


def _stand_close(before: Block | None, block: Block) -> bool:
    """Whether no blank line belongs between: labelled paragraphs, and a list under its label."""
    match before, block:
        case Paragraph(label=first), Paragraph(label=second):
            return bool(first and second and before.text)
        case Paragraph(text="", label=label), Listing() | Preformatted():
            return bool(label)
        case _:
            return False


def _part(block: Block, *, page: Page) -> Part:
    match block:
        case Paragraph(text=text, tone=tone, label=""):
            return page.lines(text, tone=tone)
        case Paragraph(text=text, tone=tone, label=label):
            return _labelled(label, text, tone="strong" if tone == "plain" else tone, page=page)
        case Listing(items=items):
            hanging = len(page.bullet) + 1
            listed = (page.lines(f"{page.bullet} {item}", hanging=hanging) for item in items)
            return tuple(line for lines in listed for line in lines)
        case Preformatted(lines=lines):
            pieces = (cut(line.rstrip(" "), width=page.width) for line in lines)
            return tuple((Span(piece),) for line in pieces for piece in line)
        case Picture(chart=chart):
            return page.lines(chart.alt)
        case Table(rows=()):
            return ()
        case Table():
            return block


def _labelled(label: str, text: str, *, tone: Tone, page: Page) -> tuple[Line, ...]:
    label = f"{label}:"
    first, *others = page.lines(f"{label} {text}", hanging=2)
    if first[0].text.startswith(label):
        first = (Span(label, tone), Span(first[0].text.removeprefix(label)))
    return (first, *others)


def _note(note: str, *, page: Page) -> tuple[Line, ...]:
    mark = _NOTE.match(note)
    return page.lines(note, hanging=mark.end() if mark else 0)
