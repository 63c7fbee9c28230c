"""A source as cells with addresses, whatever container it came in.

The one shape between what a file is (`workbook`, `delimited`) and what a table in it
means (`layouts`, `tidy`, `published`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

CellValue = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell that says something.

    Attributes:
        value: What it holds; text as typed, numbers as stored.
        number_format: The spreadsheet's format, `General` where there is none.
        fault: Why it cannot be read, such as `#DIV/0!` or `formula without result`; else empty.
    """

    value: CellValue
    number_format: str = "General"
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, rows and columns counted from 1, ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table's cells by (row, column), counted from 1; cells that say nothing are absent.

    Attributes:
        name: The sheet's name; null where the container has no sheets.
        cells: By row, then by column; both in ascending order.
        widths: Cells that each row was written with, by row; what a ragged CSV row shows.
    """

    name: str | None
    cells: dict[int, dict[int, GridCell]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    widths: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """A source's sheets, with its file's name without folders and the hash of its bytes."""

    file: str
    sha256: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def cell_name(row: int, column: int) -> str:
    """A cell's name as a spreadsheet shows it.

    Example:
        >>> cell_name(14, 8), cell_name(1, 28)
        ('H14', 'AB1')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
