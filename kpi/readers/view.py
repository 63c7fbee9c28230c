"""A sheet as its reader sees it: a merged range says the same in each of its cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kpi.readers.grid import GridCell, Merge, Sheet
from kpi.readers.limits import MAX_CELLS

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class View:
    """A sheet with its merged ranges spread over the rows that say something.

    Attributes:
        sheet: The sheet as read.
        rows: Numbers of the rows that hold cells of their own, ascending.
        spread: By row and column, where the text stands that a merged range shows there.
    """

    sheet: Sheet
    rows: tuple[int, ...]
    spread: Mapping[int, Mapping[int, Place]]

    def stands_at(self, row: int, column: int) -> Place:
        """Where the text that shows in a cell stands; the cell itself unless merged."""
        return self.spread.get(row, {}).get(column, (row, column))

    def shown(self, row: int, column: int) -> GridCell | None:
        """The cell as shown, merged ranges spread; null where nothing shows."""
        at_row, at_column = self.stands_at(row, column)
        return self.sheet.cells.get(at_row, {}).get(at_column)

    def shown_row(self, row: int) -> dict[int, GridCell]:
        """A row's cells by column as shown, merged ranges spread, in ascending order."""
        own = self.sheet.cells.get(row, {})
        if row not in self.spread:
            return own
        columns = sorted({*own, *self.spread[row]})
        return {column: cell for column in columns if (cell := self.shown(row, column))}

    def between(self, after: int, before: int) -> tuple[int, ...]:
        """The rows that hold cells, after one row and before another."""
        return self.rows[bisect_right(self.rows, after) : bisect_left(self.rows, before)]

    def is_covered(self, row: int, column: int) -> bool:
        """Whether a merged range shows here a text that stands elsewhere."""
        return self.stands_at(row, column) != (row, column)


def view_of(sheet: Sheet) -> View:
    """A sheet with its merged ranges spread; a range beyond the used cells costs nothing."""
    rows = tuple(sorted(sheet.cells))
    last = max((max(cells) for cells in sheet.cells.values() if cells), default=0)
    spread: dict[int, dict[int, Place]] = {}
    room = MAX_CELLS  # ranges that overlap, which no spreadsheet program writes, cost no more
    for merge in sheet.merges:
        columns = range(merge.first_column, min(merge.last_column, last) + 1)
        stands = (merge.first_row, merge.first_column)
        inside = _rows_of(merge, rows)
        room -= len(inside) * len(columns)
        for row in inside if room > 0 else ():
            spread.setdefault(row, {}).update(dict.fromkeys(columns, stands))
    return View(sheet, rows, spread)


def text_of(cell: GridCell | None) -> str:
    """A cell's text on one line, dates as `2021-04-01`; empty where it says nothing."""
    if cell is None or cell.fault:
        return cell.fault if cell else ""
    value = cell.value
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, datetime | date):
        if cell.number_format.lower().strip(' ;@"') == "yyyy":
            return str(value.year)
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _rows_of(merge: Merge, rows: tuple[int, ...]) -> list[int]:
    if merge.last_row - merge.first_row < len(rows):
        return list(range(merge.first_row, merge.last_row + 1))
    return [row for row in rows if merge.first_row <= row <= merge.last_row]
