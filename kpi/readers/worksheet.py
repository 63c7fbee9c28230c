"""One worksheet's XML, as it streams by, to cells and merges.

Only cells and merges are taken, so whatever else the sheet holds can neither break the
reading nor slow it, and the size that it declares is never believed. A formula and its
stored result are seen together. Which parts a workbook consists of, and what its number
formats mean, is left to `workbook`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from kpi.readers.grid import CellValue, GridCell, Merge, Sheet, cell_name
from kpi.readers.limits import Limits, too_many_cells
from kpi.readers.markup import Attributes
from kpi.readers.preflight import MAX_TEXT, damaged, too_long_text
from kpi.readers.sheets import (
    GENERAL,
    LAST_COLUMN,
    LAST_ROW,
    MAX_MERGES,
    NO_RESULT,
    NOT_READABLE,
    RAISED,
    SAFE_DIGITS,
    CellFormat,
    finished_sheet,
    too_many_merges,
)

_ENOUGH = 8 * MAX_TEXT  # characters of a text that is too long even when all are escapes
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def local(name: str) -> str:
    """A tag's or attribute's name without its prefix, which each writer chooses freely."""
    return name.rpartition(":")[2]


def is_true(said: str | None) -> bool:
    """Whether an XML attribute says yes."""
    return said in ("1", "true", "on")


def unescaped(text: str) -> str:
    r"""A workbook's text with `_x000D_` and the like made the characters they stand for.

    Example:
        >>> unescaped("Visits_x000A_made, _x005F_x000A_")
        'Visits\nmade, _x000A_'
    """
    if "_x" not in text:
        return text
    said = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Half a surrogate pair could never be stored.
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Runs:
    """Collects a text made of runs; a raised digit must not join the figure before it."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._size = 0
        self._is_taken = self._is_raised = self._is_phonetic = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """A tag begins."""
        if tag == "t":
            self._is_taken = not self._is_phonetic
        elif tag == "r":
            self._is_raised = False
        elif tag == "vertAlign":
            self._is_raised = attributes.get("val") == "superscript"
        elif tag == "rPh":
            self._is_phonetic = True

    def text(self, said: str) -> None:
        """Characters between tags."""
        if self._is_taken and self._size < _ENOUGH:
            self._size += len(said)
            self._said.append(said.translate(RAISED) if self._is_raised else said)

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag == "t":
            self._is_taken = False
        elif tag == "rPh":
            self._is_phonetic = False

    def whole(self) -> str:
        """The text so far; the next one begins."""
        said = unescaped("".join(self._said))
        self._said.clear()
        self._size, self._is_raised = 0, False
        return said


@dataclass(slots=True)
class SheetReader:
    """Takes in a worksheet's XML, tag by tag, and keeps its cells and merges.

    Attributes:
        where: File and sheet, for messages.
        strings: The workbook's shared strings.
        formats: The workbook's cell styles.
        must_recalculate: Whether the workbook calls its own stored results out of date.
        limits: What the workbook may hold.
        count: How many cells it holds so far, empty ones included, earlier sheets' too.
    """

    where: str
    strings: list[str]
    formats: list[CellFormat]
    must_recalculate: bool
    limits: Limits
    count: int
    _rows: dict[int, dict[int, GridCell]] = field(default_factory=dict)
    _merges: list[str] = field(default_factory=list)
    _runs: Runs = field(default_factory=Runs)
    _columns: dict[str, int] = field(default_factory=dict)
    _row: int = 0
    _column: int = 0
    _cell: Attributes = field(default_factory=dict)
    _stored: list[str] | None = None
    _size: int = 0
    _is_in_data: bool = False
    _is_in_value: bool = False
    _is_inline: bool = False
    _is_formula: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        """A tag begins."""
        tag = local(name)
        if not self._is_in_data:
            # Extensions after the cells may have tags of the same names.
            self._is_in_data = tag == "sheetData"
            if tag == "mergeCell":
                self._merges.append(attributes["ref"])
        elif tag == "c":
            self._begin_cell(attributes)
        elif tag == "v":
            self._stored, self._size, self._is_in_value = [], 0, True
        elif self._is_inline:
            self._runs.start(tag, attributes)
        elif tag == "f":
            self._is_formula = True
        elif tag == "row":
            self._row, self._column = int(attributes.get("r") or self._row + 1), 0
        elif tag == "is":
            self._is_inline = True

    def text(self, said: str) -> None:
        """Characters between tags."""
        if self._is_in_value and self._stored is not None:
            if self._size < _ENOUGH:
                self._size += len(said)
                self._stored.append(said)
        elif self._is_inline:
            self._runs.text(said)

    def end(self, name: str) -> None:
        """A tag ends."""
        if not self._is_in_data:
            return
        tag = local(name)
        if tag == "c":
            self._end_cell()
        elif tag == "v":
            self._is_in_value = False
        elif tag == "is":
            self._stored, self._is_inline = [self._runs.whole()], False
        elif self._is_inline:
            self._runs.end(tag)
        elif tag == "sheetData":
            self._is_in_data = False

    def sheet(self, name: str, *, hidden: bool) -> Sheet:
        """The sheet as read, its cells in order, without those that a merge covers."""
        merges = _merges(self._merges, where=self.where)
        return finished_sheet(
            name,
            rows=self._rows,
            merges=merges,
            hidden=hidden,
            where=self.where,
            most_columns=self.limits.columns,
        )

    def _begin_cell(self, attributes: Attributes) -> None:
        self._cell, self._stored, self._is_formula = attributes, None, False
        self.count += 1
        if self.count > self.limits.cells:
            raise too_many_cells(self.limits.cells, where=self.where)
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise damaged(f"`{reference[:20]}` is no cell's name", where=self.where)
        letters = found[1]
        if letters not in self._columns:
            self._columns[letters] = _column(letters)
        self._row, self._column = int(found[2]), self._columns[letters]

    def _end_cell(self) -> None:
        cell = self._read_cell()
        if cell is None:
            return
        if not (1 <= self._row <= LAST_ROW and self._column <= LAST_COLUMN):
            raise damaged("a cell lies outside the sheet", where=self.where)
        row = self._rows.setdefault(self._row, {})
        if self._column in row:
            name = cell_name(self._row, self._column)
            raise damaged(f"the cell `{name}` is there twice", where=self.where)
        row[self._column] = cell

    def _read_cell(self) -> GridCell | None:
        """The cell that has just ended; null where it says nothing."""
        kind = self._cell.get("t", "n")
        style = int(self._cell.get("s") or 0)
        form = self.formats[style] if style < len(self.formats) else GENERAL
        said = "".join(self._stored or ())
        if self._is_formula and self._lacks_result(said, kind=kind):
            return GridCell(None, form.code, NO_RESULT)
        if kind == "s" and said:
            said = self.strings[int(said)]
        elif kind == "str":
            said = unescaped(said)
        if len(said) > MAX_TEXT:
            raise too_long_text(f"{self.where}!{cell_name(self._row, self._column)}")
        return _cell(said, kind=kind, form=form) if said.strip() else None

    def _lacks_result(self, said: str, *, kind: str) -> bool:
        if not said:
            # A formula whose result is an empty text stores it as such, and looks blank.
            return kind != "str" or self._stored is None
        # Programs that cannot calculate store 0, and ask for the calculation on opening.
        return self.must_recalculate and kind == "n" and said == "0"


def _cell(said: str, *, kind: str, form: CellFormat) -> GridCell:
    if kind in ("s", "str", "inlineStr"):
        return GridCell(said, form.code)
    if kind == "e":
        return GridCell(said, form.code, said)
    try:
        return GridCell(_value(said, kind=kind, form=form), form.code)
    except (ValueError, ArithmeticError):
        return GridCell(said, form.code, NOT_READABLE)


def _value(said: str, *, kind: str, form: CellFormat) -> CellValue:
    if kind == "b":
        return is_true(said)
    if kind == "d":
        return datetime.fromisoformat(said)
    number = int(said) if said.isdecimal() and len(said) <= SAFE_DIGITS else float(said)
    return form.as_date(number) if form.as_date else number


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _merges(references: list[str], *, where: str) -> tuple[Merge, ...]:
    if len(references) > MAX_MERGES:
        raise too_many_merges(where)
    merges = []
    for reference in references:
        first, _, last = reference.partition(":")
        begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if begin is None or end is None:
            raise damaged(f"`{reference[:40]}` is no range", where=where)
        merges.append(Merge(int(begin[2]), _column(begin[1]), int(end[2]), _column(end[1])))
    return tuple(merges)
