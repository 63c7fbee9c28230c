"""What workbooks of every kind share: finishing a sheet, number formats, raised digits.

How cells are stored is left to `worksheet`, `opendocument` and `legacy`; what they mean,
to `cells` and the layouts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel

from kpi.errors import SourceError
from kpi.readers.grid import CellValue, GridCell, Merge, Sheet, cell_name
from kpi.readers.limits import too_many_columns
from kpi.readers.preflight import SAVE_AS, damaged

NO_RESULT = "formula without result"
"""The fault of a formula that no program has calculated since it was written."""
NOT_READABLE = "not a number or a date"
"""The fault of a cell whose stored value is not what its type says."""

MAX_SHEETS = 1_000
"""Most sheets: no report has a tenth of them."""
MAX_MERGES = 10_000
"""Most merged ranges on a sheet: no printed table has a tenth of them."""
MAX_MERGED_WORK = 10_000_000
"""Most rows and cells looked at under merges; ranges that do not overlap stay far below."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
SAFE_DIGITS = 15
"""What spreadsheets keep of a number; longer whole numbers are read as floats."""
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Raised digits, which must not join the figure before them: `63¹` is no 631."""

_FAR = 1_000  # empty rows or columns between a table and a cell that strayed

Rows = dict[int, dict[int, GridCell]]


@dataclass(frozen=True, slots=True)
class CellFormat:
    """A cell style's number format.

    Attributes:
        code: The format, such as `0.0%`.
        as_date: What makes a stored number a date; null where the format is not a date's.
    """

    code: str = "General"
    as_date: Callable[[float], CellValue] | None = None


GENERAL = CellFormat()


def cell_format(code: str, *, epoch: datetime) -> CellFormat:
    """What a number format means in a workbook whose dates are counted from `epoch`."""
    if not is_date_format(code):
        return CellFormat(code)
    return CellFormat(code, partial(from_excel, epoch=epoch, timedelta=is_timedelta_format(code)))


def finished_sheet(
    name: str,
    *,
    rows: Rows,
    merges: tuple[Merge, ...],
    hidden: bool,
    where: str,
    most_columns: int,
) -> Sheet:
    """A sheet with its cells in order, without those that a merge covers.

    Raises:
        SourceError: It has too many merges, or more than `most_columns`.
    """
    if len(merges) > MAX_MERGES:
        raise too_many_merges(where)
    _uncover(rows, merges, where=where)
    cells = {row: dict(sorted(rows[row].items())) for row in sorted(rows)}
    if len(set().union(*cells.values())) > most_columns:
        raise too_many_columns(most_columns, where=where)
    return Sheet(name, cells, merges, hidden)


def too_many_merges(where: str) -> SourceError:
    """The refusal of a sheet with more than `MAX_MERGES` merged ranges."""
    return SourceError(
        f"the sheet has more than {MAX_MERGES:,} merged ranges", where=where, hint=SAVE_AS
    )


def too_many_sheets(file: str) -> SourceError:
    """The refusal of a workbook with more than `MAX_SHEETS` sheets."""
    return SourceError(
        f"the workbook has more than {MAX_SHEETS:,} sheets", where=file, hint=SAVE_AS
    )


def strays(sheet: Sheet) -> Iterator[str]:
    """The names of cells that stand far below or to the right of all others."""
    rows = list(sheet.cells)
    columns = sorted(set().union(*sheet.cells.values()))
    last_row = rows[-1] if len(rows) > 1 and rows[-1] - rows[-2] > _FAR else None
    last_column = columns[-1] if len(columns) > 1 and columns[-1] - columns[-2] > _FAR else None
    for row, cells in sheet.cells.items():
        for column in cells if row == last_row else cells.keys() & {last_column}:
            yield cell_name(row, column)


def stray_notes(sheet: Sheet) -> Iterator[str]:
    """A sentence on each cell that stands far from the others."""
    for stray in strays(sheet):
        yield f"`{sheet.name}!{stray}` stands far from the other cells"


def _uncover(rows: Rows, merges: tuple[Merge, ...], *, where: str) -> None:
    """Drops what stands under a merge, of which only the first cell is seen."""
    work = 0
    for merge in merges:
        down = range(merge.first_row, merge.last_row + 1)
        across = range(merge.first_column, merge.last_column + 1)
        work += min(len(down), len(rows))
        for number in _within(rows, down):
            row = rows[number]
            work += min(len(across), len(row))
            for column in _within(row, across):
                if (number, column) != (merge.first_row, merge.first_column):
                    del row[column]
            if not row:
                del rows[number]
        if work > MAX_MERGED_WORK:
            raise damaged("its merged ranges overlap", where=where)


def _within(keys: Mapping[int, object], span: range) -> list[int]:
    """The keys that lie in a span, found by whichever way is the shorter."""
    if len(span) < len(keys):
        return [key for key in span if key in keys]
    return [key for key in keys if key in span]
