"""One sheet of a legacy workbook (xls): its records to cells and merges.

The format of a cell and the stored result of a formula, errors included, are all in the
cell's record. What the workbook as a whole says is left to `legacy`.

Source: [MS-XLS], Excel Binary File Format, section 2.4.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass, field

from kpi.readers.grid import GridCell, Merge, Sheet, cell_name
from kpi.readers.legacy_records import Lettering, TextReader, heads
from kpi.readers.limits import Limits, too_many_cells
from kpi.readers.preflight import MAX_TEXT, damaged, too_long_text
from kpi.readers.sheets import (
    GENERAL,
    LAST_COLUMN,
    MAX_MERGES,
    NO_RESULT,
    NOT_READABLE,
    SAFE_DIGITS,
    CellFormat,
    finished_sheet,
    too_many_merges,
)

_FORMULA, _STRING, _MERGES = 0x0006, 0x0207, 0x00E5
_LABEL, _LABEL_RICH, _LABEL_SHARED = 0x0204, 0x00D6, 0x00FD
_NUMBER, _RK, _MULTIPLE_RK, _BOOLEAN_OR_ERROR = 0x0203, 0x027E, 0x00BD, 0x0205
_CELLS = frozenset((_FORMULA, _LABEL, _LABEL_RICH, _LABEL_SHARED, _NUMBER, _RK, _BOOLEAN_OR_ERROR))

_CELL = struct.Struct("<HHH")
_FLOAT = struct.Struct("<d")
_PACKED = struct.Struct("<HI")
_RANGE = struct.Struct("<HHHH")
_NOT_A_NUMBER = b"\xff\xff"
_RESULT_TEXT, _RESULT_BOOLEAN, _RESULT_ERROR = 0, 1, 2
_CALCULATE_ON_OPENING = 2
_LARGEST_WHOLE = 10.0**SAFE_DIGITS
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def count_cells(stream: bytes, *, begin: int, end: int, file: str, limits: Limits) -> int:
    """How many cells a sheet's records hold, told before any is read.

    Raises:
        SourceError: They are more than the limits allow.
    """
    cells = 0
    # What follows a sheet's end may be anything; what comes before, reading it will tell.
    with suppress(ValueError):
        for kind, _, size in heads(stream, begin=begin, end=end, most=limits.records):
            if kind == _MULTIPLE_RK:
                cells += (size - 6) // 6
            elif kind in _CELLS:
                cells += 1
            if cells > limits.cells:
                raise too_many_cells(limits.cells, where=file)
    return cells


@dataclass(slots=True)
class LegacySheetReader:
    """Takes in a sheet's records one by one, and keeps its cells and merges.

    Attributes:
        where: File and sheet, for messages.
        strings: The workbook's shared texts.
        formats: The workbook's cell styles.
        lettering: How the workbook writes texts.
        limits: What the workbook may hold.
    """

    where: str
    strings: list[str]
    formats: list[CellFormat]
    lettering: Lettering
    limits: Limits
    _rows: dict[int, dict[int, GridCell]] = field(default_factory=dict)
    _merges: list[Merge] = field(default_factory=list)
    _waiting: tuple[int, int, CellFormat] | None = None

    def take(self, kind: int, bodies: list[bytes]) -> None:
        """A record, with those that continue it."""
        if kind == _MULTIPLE_RK:
            self._take_multiple(bodies[0])
        elif kind in _CELLS:
            self._stop_waiting()
            row, column, style = _CELL.unpack_from(bodies[0])
            form = self._format(style)
            self._keep(row, column, self._cell(kind, bodies, form=form, at=(row, column)))
        elif kind == _STRING and self._waiting:
            row, column, form = self._waiting
            self._waiting = None
            text = TextReader(bodies, at=0, lettering=self.lettering)
            self._keep(row, column, _text_cell(text.long_text(), form=form))
        elif kind == _MERGES:
            self._take_merges(bodies[0])

    def sheet(self, name: str, *, hidden: bool) -> Sheet:
        """The sheet as read, its cells in order, without those that a merge covers."""
        self._stop_waiting()
        merges = tuple(self._merges)
        return finished_sheet(
            name,
            rows=self._rows,
            merges=merges,
            hidden=hidden,
            where=self.where,
            most_columns=self.limits.columns,
        )

    def _cell(
        self, kind: int, bodies: list[bytes], *, form: CellFormat, at: tuple[int, int]
    ) -> GridCell | None:
        body = bodies[0]
        if kind == _NUMBER:
            return _number_cell(_FLOAT.unpack_from(body, 6)[0], form=form)
        if kind == _RK:
            return _number_cell(_unpacked(int.from_bytes(body[6:10], "little")), form=form)
        if kind == _LABEL_SHARED:
            place = int.from_bytes(body[6:10], "little")
            return _text_cell(self.strings[place], form=form)
        if kind == _FORMULA:
            return self._formula_cell(body, form=form, at=at)
        if kind == _BOOLEAN_OR_ERROR:
            return _boolean_or_error(body[6], is_error=bool(body[7]), form=form)
        text = TextReader(bodies, at=6, lettering=self.lettering)
        said = text.dressed_text() if kind == _LABEL_RICH else text.long_text()
        return _text_cell(said, form=form)

    def _formula_cell(
        self, body: bytes, *, form: CellFormat, at: tuple[int, int]
    ) -> GridCell | None:
        result, flags = body[6:14], int.from_bytes(body[14:16], "little")
        if result[6:] != _NOT_A_NUMBER:
            (number,) = _FLOAT.unpack(result)
            # Programs that cannot calculate store 0, and ask for the calculation on opening.
            if number == 0 and flags & _CALCULATE_ON_OPENING:
                return GridCell(None, form.code, NO_RESULT)
            return _number_cell(number, form=form)
        if result[0] == _RESULT_TEXT:
            self._waiting = (*at, form)
            return None
        if result[0] in (_RESULT_BOOLEAN, _RESULT_ERROR):
            return _boolean_or_error(result[2], is_error=result[0] == _RESULT_ERROR, form=form)
        return None

    def _take_multiple(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        for place, (style, packed) in enumerate(_PACKED.iter_unpack(body[4:-2])):
            cell = _number_cell(_unpacked(packed), form=self._format(style))
            self._keep(row, column + place, cell)

    def _take_merges(self, body: bytes) -> None:
        for first_row, last_row, first_column, last_column in _RANGE.iter_unpack(body[2:]):
            self._merges.append(
                Merge(first_row + 1, first_column + 1, last_row + 1, last_column + 1)
            )
        if len(self._merges) > MAX_MERGES:
            raise too_many_merges(self.where)

    def _keep(self, row: int, column: int, cell: GridCell | None) -> None:
        if column >= LAST_COLUMN:
            raise damaged("a cell lies outside the sheet", where=self.where)
        if cell is None:
            return
        if isinstance(cell.value, str) and len(cell.value) > MAX_TEXT:
            raise too_long_text(f"{self.where}!{cell_name(row + 1, column + 1)}")
        cells = self._rows.setdefault(row + 1, {})
        if column + 1 in cells:
            name = cell_name(row + 1, column + 1)
            raise damaged(f"the cell `{name}` is there twice", where=self.where)
        cells[column + 1] = cell

    def _format(self, style: int) -> CellFormat:
        return self.formats[style] if style < len(self.formats) else GENERAL

    def _stop_waiting(self) -> None:
        """Gives up on the text that a formula's result was announced to be."""
        if self._waiting:
            row, column, form = self._waiting
            self._waiting = None
            self._keep(row, column, GridCell(None, form.code, NO_RESULT))


def _text_cell(said: str, *, form: CellFormat) -> GridCell | None:
    return GridCell(said, form.code) if said.strip() else None


def _unpacked(packed: int) -> float:
    """A number in the four bytes of Excel's short form."""
    if packed & 2:
        whole = (packed >> 2) - ((packed >> 31) << 30)
        return whole / 100 if packed & 1 else whole
    # The upper half of a float, whose lower half is nil.
    number: float = _FLOAT.unpack(bytes(4) + (packed & ~3).to_bytes(4, "little"))[0]
    return number / 100 if packed & 1 else number


def _number_cell(number: float, *, form: CellFormat) -> GridCell:
    is_whole = abs(number) < _LARGEST_WHOLE and number == int(number)
    value = int(number) if is_whole else number
    if form.as_date is None:
        return GridCell(value, form.code)
    try:
        return GridCell(form.as_date(value), form.code)
    except (ValueError, ArithmeticError):
        return GridCell(str(value), form.code, NOT_READABLE)


def _boolean_or_error(value: int, *, is_error: bool, form: CellFormat) -> GridCell:
    if not is_error:
        return GridCell(bool(value), form.code)
    said = _ERRORS.get(value, "#ERROR!")
    return GridCell(said, form.code, said)
