"""Where the headings of a sheet stand: the rows of each header, and the lines of its columns.

Headers are found, not assumed: a row is one when it names periods or known columns and
holds no figures. A row that may be data is never taken for a header, since every figure
beneath it would then belong to another month. What the columns' lines say is left to
`kpi.readers.columns`, which rows stand under which header to `kpi.readers.blocks`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from kpi.readers.areas import Areas, words_of
from kpi.readers.cells import read_cell
from kpi.readers.grid import GridCell
from kpi.readers.headings import read_heading, read_line
from kpi.readers.view import Place, View, text_of
from kpi.readers.vocabulary import BESIDE_LABEL, LABEL

CellKind = Literal["period", "part", "year", "serial", "label", "role", "text", "figure"]

LONGEST_HEADING = 60
"""Characters; what is longer is prose."""

_MOST_LINES_ABOVE = 3
_NEAR = 5  # how far apart rows of records with days may stand
_SERIALS = range(29_221, 73_051)  # 1 January 1980 to 31 December 2099, as Excel counts days
_EXCEL_EPOCH = date(1899, 12, 30)
_DAY = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"|(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<later_year>\d{4}|\d{2})"
)
_YEARS = range(1900, 2101)
_DATED = ("period", "part", "year")
_OF_RECORDS = frozenset(
    ("as", "at", "date", "dates", "updated", "extracted", "extract", "published", "due", "deadline")
)


@dataclass(frozen=True, slots=True)
class Header:
    """A header's rows and the lines that each of its columns is headed by.

    Attributes:
        rows: The rows it takes up, ascending.
        lines: By column, the texts that head it, upper ones first.
        shared: Columns headed by nothing but a merged text that begins in one before.
    """

    rows: tuple[int, ...]
    lines: dict[int, tuple[str, ...]]
    shared: frozenset[int] = frozenset()


@dataclass(slots=True)
class HeaderFinder:
    """Finds the headers of one sheet; what a text is as a heading is looked at once."""

    view: View
    areas: Areas
    _texts: dict[str, CellKind] = field(default_factory=dict)
    _rows: dict[int, dict[int, CellKind]] = field(default_factory=dict)

    def headers(self) -> list[Header]:
        """The sheet's headers from the top down."""
        found: list[Header] = []
        for row in self.view.rows:
            after = found[-1].rows[-1] if found else 0
            if row <= after or not self._is_core(row, inside=bool(found)):
                continue
            if found and not self._restarts(row, header=found[-1]):
                continue
            rows = [*self._lines_above(row, after=after), row, *self._lines_below(row)]
            found.append(self._headed(rows))
        return found or [self._headed([row]) for row in self._last_resort()]

    def kinds(self, row: int) -> dict[int, CellKind]:
        """What each cell shown in a row would be as a heading."""
        if row not in self._rows:
            cells = self.view.shown_row(row)
            self._rows[row] = {column: self._kind(cell) for column, cell in cells.items()}
        return self._rows[row]

    def has_figure(self, row: int) -> bool:
        """Whether a row shows a figure, or a word in the place of one."""
        # Figures stand to the right; a row with one need not be looked at further.
        cells = reversed(self.view.shown_row(row).values())
        return any(self._kind(cell) == "figure" for cell in cells)

    def _kind(self, cell: GridCell) -> CellKind:
        value = cell.value
        if cell.fault:
            return "text"
        if isinstance(value, bool | timedelta):
            return "figure"
        if isinstance(value, int | float):
            return _number_kind(value)
        text = text_of(cell)
        if isinstance(value, datetime | date):
            return "period" if len(text) > 4 else "year"
        if text not in self._texts:
            self._texts[text] = self._text_kind(text)
        return self._texts[text]

    def _text_kind(self, text: str) -> CellKind:
        if text.isascii() and text.isdecimal():
            return _number_kind(int(text)) if len(text) <= 5 else "figure"
        line = read_line(text)
        if line.is_period:
            return "part" if line.atoms[0].kind.startswith("bare") else "period"
        if read_cell(GridCell(text)).state not in ("unreadable", "blank"):
            return "figure"
        if len(text) > LONGEST_HEADING:
            return "text"
        heading = read_heading([text], areas=self.areas)
        if heading.role == "label":
            return "label"
        is_undated = heading.role == "outturn" and not heading.area and not heading.dated
        return "text" if is_undated or heading.role in ("unknown", "ref") else "role"

    def _is_core(self, row: int, *, inside: bool) -> bool:
        """Whether a row by itself shows that it is a header."""
        if self.has_figure(row) or self._is_record(row):
            return False
        kinds = self.kinds(row)
        # A merged title says what it says once.
        said = list({self.view.stands_at(row, c): kind for c, kind in kinds.items()}.values())
        if len(said) < 2 or not self._has_plain_numbers(row):
            return False
        periods = said.count("period") + said.count("part") + said.count("serial")
        years, roles, labels = said.count("year"), said.count("role"), said.count("label")
        if periods >= 2 or (periods and (roles or labels)) or (labels and (roles or years)):
            return True
        if years >= 3 and not inside and len(said) > years:
            return True
        return periods == 1 and not inside and self._has_figure_below(row)

    def _last_resort(self) -> list[int]:
        """The first row with a period over a figure, in a sheet that has no plain header.

        A number may stand in it that heads nothing known, or nothing over the labels.
        """
        rows = [row for row in self.view.rows if self._is_dated_line(row)]
        return rows[:1]

    def _is_dated_line(self, row: int) -> bool:
        kinds = self.kinds(row)
        below = self.view.between(row, row + 2)
        dated = [column for column, kind in kinds.items() if kind == "period"]
        under = self.kinds(below[0]) if below else {}
        return (
            bool(dated)
            and all(under.get(column) in ("figure", "year", "serial", None) for column in dated)
            and any(column in under for column in dated)
            and min(under) < min(dated)
        )

    def _has_plain_numbers(self, row: int) -> bool:
        """Whether a row's numbers are plainly years or dates, and cannot be figures.

        Years follow one another without a gap, upwards, or also downwards beside a label's
        heading; dates stand as numbers only among dates.
        """
        kinds = self.kinds(row)
        if "serial" in kinds.values() and "period" not in kinds.values():
            return False
        steps = self._year_steps(row)
        return steps <= {1} or ("label" in kinds.values() and steps <= {-1})

    def _year_steps(self, row: int) -> set[int]:
        kinds = self.kinds(row)
        years = [
            int(text_of(self.view.shown(row, column)))
            for column, kind in kinds.items()
            if kind == "year" and not self.view.is_covered(row, column)
        ]
        return {later - earlier for earlier, later in pairwise(years)}

    def _has_figure_below(self, row: int) -> bool:
        """Whether the row beneath holds a figure under this one's only period."""
        below = self.view.between(row, row + 2)
        column = next(c for c, kind in self.kinds(row).items() if kind in ("period", "part"))
        return bool(below) and self.kinds(below[0]).get(column) in ("figure", "year", "serial")

    def _restarts(self, row: int, *, header: Header) -> bool:
        """Whether a row that looks like a header begins a new one inside a table.

        Dates typed in a row of the table, such as those of its extracts, must not.
        """
        kinds = self.kinds(row)
        if "label" in kinds.values():
            return True
        first = next(iter(kinds))
        if kinds[first] in _DATED or kinds[first] == "serial":
            return True
        said = text_of(self.view.shown(row, first))
        if said in header.lines.get(first, ()):
            return True
        if not _OF_RECORDS.isdisjoint(words_of(said)):
            return False
        above = {self.view.stands_at(row - 1, column) for column in self.kinds(row - 1)}
        return len(above) <= 1 or not self._holds_days(row)

    def _is_record(self, row: int) -> bool:
        """Whether a row is one of several that hold days in one column, as records do."""
        days = self._days(row)
        near = self.view.between(row - _NEAR, row + _NEAR + 1)
        return bool(days) and any(days & self._days(other) for other in near if other != row)

    def _holds_days(self, row: int) -> bool:
        return bool(self._days(row))

    def _days(self, row: int) -> set[int]:
        """The columns with a date that is neither the first nor the last day of its month."""
        days = {c: _day_in(text_of(cell)) for c, cell in self.view.shown_row(row).items()}
        return {
            column
            for column, day in days.items()
            if day and day.day > 1 and (day + timedelta(days=1)).day > 1
        }

    def _label_column(self, row: int) -> int:
        """The column in which a header's row heads the labels, or would if it did."""
        kinds = self.kinds(row)
        if labels := [column for column, kind in kinds.items() if kind == "label"]:
            return labels[0]
        dated = min((column for column, kind in kinds.items() if kind in _DATED), default=2)
        texts = [column for column, kind in kinds.items() if kind == "text" and column < dated]
        return texts[0] if texts else max(dated - 1, 1)

    def _lines_above(self, row: int, *, after: int) -> list[int]:
        rows: list[int] = []
        while row - len(rows) - 1 > after and len(rows) < _MOST_LINES_ABOVE:
            if not self._heads(row - len(rows) - 1, below=row):
                break
            rows.insert(0, row - len(rows) - 1)
        return rows

    def _heads(self, row: int, *, below: int) -> bool:
        """Whether a row is an upper line of the header in a row below it."""
        kinds, label = self.kinds(row), self._label_column(below)
        if not self._is_line(row) or not self._year_steps(row) <= {0, 1}:
            return False
        if label not in kinds:
            return True
        place = self.view.stands_at(row, label)
        if any(self.view.stands_at(row, column) == place for column in kinds if column != label):
            return False  # a title that runs over the table
        if not kinds.keys() - {label}:
            return False  # a title that stands over the labels
        if label not in self.kinds(below) or place == self.view.stands_at(below, label):
            return True
        return (LABEL | BESIDE_LABEL).issuperset(words_of(text_of(self.view.shown(row, label))))

    def _lines_below(self, row: int) -> list[int]:
        rows: list[int] = []
        while self._continues(row + len(rows) + 1, header=row):
            rows.append(row + len(rows) + 1)
        return rows

    def _continues(self, row: int, *, header: int) -> bool:
        """Whether a row is a lower line of the header that a row above it began."""
        kinds, upper = self.kinds(row), self.kinds(header)
        if not self._is_line(row):
            return False
        if any(kind == "year" and upper.get(column) != "part" for column, kind in kinds.items()):
            return False
        if "label" in kinds.values() and "label" not in upper.values():
            return True
        label = self._label_column(header)
        if label in kinds and self.view.stands_at(row, label)[0] == row and label in upper:
            return False
        own = {c: kind for c, kind in kinds.items() if self.view.stands_at(row, c)[0] == row}
        return not own.keys() <= {label} and any(kind != "text" for kind in own.values())

    def _is_line(self, row: int) -> bool:
        """Whether a row could be one line of a header: short texts, and no figures."""
        kinds = self.kinds(row)
        texts = [text_of(self.view.shown(row, column)) for column in kinds]
        return (
            bool(kinds)
            and not {"figure", "serial"} & set(kinds.values())
            and all(len(text) <= LONGEST_HEADING for text in texts)
        )

    def _headed(self, rows: Sequence[int]) -> Header:
        """The header of these rows: by column its lines, merged and blank cells filled."""
        lines: dict[int, list[str]] = {}
        places: dict[int, list[Place]] = {}
        for index, row in enumerate(rows):
            for column, place in self._filled(row, below=rows[index + 1 :]).items():
                if place not in places.setdefault(column, []):
                    places[column].append(place)
                    lines.setdefault(column, []).append(self._heading_text(*place))
        shared = {c for c, stood in places.items() if all(at != c for _, at in stood)}
        columns = sorted(lines)
        return Header(tuple(rows), {c: tuple(lines[c]) for c in columns}, frozenset(shared))

    def _heading_text(self, row: int, column: int) -> str:
        cell = self.view.sheet.cells[row][column]
        text = text_of(cell)
        if self._kind(cell) == "serial":
            return str(_EXCEL_EPOCH + timedelta(days=int(text)))
        return f"error {text}" if cell.fault else text

    def _filled(self, row: int, *, below: Sequence[int]) -> dict[int, Place]:
        """Where each column's text in this line stands.

        A text that stands once over several periods of one length heads them all, as in
        a CSV, which knows no merged cells; so does a period over `Actual` and `Target`, where
        both stand under other periods too.
        """
        filled = {column: self.view.stands_at(row, column) for column in self.kinds(row)}
        repeated = self._repeated(below)
        carried: Place | None = None
        length = ""
        for column in sorted({*filled, *(c for lower in below for c in self.kinds(lower))}):
            under = self._period_length(column, rows=below)
            is_alike = bool(under) and under == length
            if column in filled:
                is_merged = column in self.view.spread.get(row, {})
                carried, length = (None if is_merged else filled[column]), under
            elif carried and (is_alike or (column in repeated and self._is_dated(*carried))):
                filled[column] = carried
            else:
                carried = None
        return filled

    def _is_dated(self, row: int, column: int) -> bool:
        return self._kind(self.view.sheet.cells[row][column]) in _DATED

    def _repeated(self, rows: Sequence[int]) -> set[int]:
        """The columns whose text in the lowest of these lines stands there more than once."""
        kinds = self.kinds(rows[-1]) if rows else {}
        texts = {
            column: text_of(self.view.shown(rows[-1], column))
            for column, kind in kinds.items()
            if kind in ("text", "role")
        }
        counts = Counter(texts.values())
        return {column for column, text in texts.items() if counts[text] > 1}

    def _period_length(self, column: int, *, rows: Sequence[int]) -> str:
        """What length of period a column's lower lines name and nothing else; empty for none."""
        for row in rows:
            kind = self.kinds(row).get(column)
            if kind == "year":
                return "year"
            if kind in ("period", "part", "serial"):
                text = self._heading_text(*self.view.stands_at(row, column))
                return read_line(text).atoms[0].kind.removeprefix("bare_")
        return ""


def _day_in(text: str) -> date | None:
    """The day that a text names in figures, the day before the month."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = found["year"] or found["later_year"], found["month"], found["day"]
    try:
        return date(int(year) % 2000 + 2000, int(month or found["m"]), int(day or found["d"]))
    except ValueError:
        return None


def _number_kind(value: float) -> CellKind:
    # A range finds a float only by trying all of its members.
    whole = int(value) if math.isfinite(value) else 0
    if whole != value:
        return "figure"
    if whole in _YEARS:
        return "year"
    return "serial" if whole in _SERIALS else "figure"
