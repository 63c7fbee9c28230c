"""A page in neutral terms, which each renderer draws in its own way.

Text here is plain data: no markup, no colour, no width. Every tone stands beside a word
that says the same, so dropping it loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kpi.domain.chart import SpcChart

Tone = Literal["plain", "red", "amber", "green", "blue", "muted", "better", "worse", "strong"]
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: what it says, and the tone that repeats it."""

    text: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column.

    Attributes:
        title: Its heading.
        align: Numbers stand right, words left.
        wraps: Whether its text may break over lines; figures, units and ratings never do.
        optional: Left out first, highest number first, where the width does not suffice; 0 never.
    """

    title: str
    align: Align = "left"
    wraps: bool = False
    optional: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns; `groups` names the rows that a heading stands above."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    groups: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or several; `label` is set before it in bold where there is one."""

    text: str
    tone: Tone = "plain"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Short lines, one a point."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Lines that must keep their columns, such as a chart drawn in characters."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: drawn where pictures can be, elsewhere told in the words of its `alt`."""

    chart: SpcChart


Block = Table | Paragraph | Listing | Preformatted | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, empty for none, and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole page: a title, lines that say what it rests on, sections, and the footnotes."""

    title: str
    lines: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
