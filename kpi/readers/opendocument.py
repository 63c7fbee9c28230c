"""An OpenDocument spreadsheet (ods) as cells: value, percentage or not, sheet and address.

Its `content.xml` is streamed once, cell by cell. calamine is not used, on evidence: read
with fastexcel, a table that does not begin in column A loses its addresses (the empty
columns before it are dropped without a trace), `#DIV/0!` is an empty text, 63.4% is 0.634,
a number as text is rounded to nine decimals, and indented XML is refused. What is streamed
here can exhaust neither memory nor the process, so no child process is needed.

Whether the content is an ods file and safe to inflate is for `preflight` to say first, one
cell's value is left to `opendocument_cells`, what it means to `cells` and the layouts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile

from kpi.errors import SourceError
from kpi.readers.grid import Grid, GridCell, Merge, Sheet, cell_name
from kpi.readers.limits import USUAL, Limits, too_many_cells, too_many_columns
from kpi.readers.markup import Attributes, stream_xml
from kpi.readers.opendocument_cells import CellText, read_opendocument_cell
from kpi.readers.preflight import DAMAGE, MAX_TEXT, damaged, too_long_text
from kpi.readers.sheets import (
    LAST_COLUMN,
    LAST_ROW,
    MAX_MERGES,
    MAX_SHEETS,
    finished_sheet,
    stray_notes,
    too_many_merges,
    too_many_sheets,
)

MAX_REPEATED_ROWS = 100_000
"""Most rows that may stand in the file only as repeats of another row with figures."""

_CELLS = ("table:table-cell", "table:covered-table-cell")
_ASIDE = ("table:shapes", "office:forms", "office:dde-source", "table:scenario")


def read_opendocument(content: bytes, *, file: str, sha256: str, limits: Limits = USUAL) -> Grid:
    """A spreadsheet's sheets as cells with addresses, in its order.

    Hidden sheets are flagged; hidden rows and columns are read as any others. A cell under
    a merge, which nobody sees, is left out, as are copies of other files' sheets. An error
    or a formula without a result is a cell with that fault. A percentage is its fraction
    with the format `0%`. Notes name cells that stand far from their table.

    Args:
        content: The bytes of an ods file that `preflight.check_zip` let through.
        file: The file's name without folders.
        sha256: The hash of the content.
        limits: How many cells and columns it may hold.

    Raises:
        SourceError: The file is damaged, holds an entity attack or more than the limits
            allow.
    """
    reader = _ContentReader(file, limits)
    try:
        with ZipFile(BytesIO(content)) as archive, archive.open("content.xml") as source:
            stream_xml(source, file=file, start=reader.start, end=reader.end, text=reader.text)
    except DAMAGE as error:
        raise damaged("a part of it is missing or cannot be read", where=file) from error
    if not reader.sheets:
        raise damaged("it holds no sheet", where=file)
    notes = tuple(note for sheet in reader.sheets for note in stray_notes(sheet))
    return Grid(file, sha256, tuple(reader.sheets), notes)


@dataclass(slots=True)
class _Table:
    """A sheet as far as it has been read; `row` and `column` are the last ones done with."""

    name: str
    where: str
    hidden: bool
    rows: dict[int, dict[int, GridCell]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    cells: dict[int, GridCell] = field(default_factory=dict)
    row: int = 0
    column: int = 0
    row_repeats: int = 1
    is_foreign: bool = False


@dataclass(slots=True)
class _ContentReader:
    """Takes in a spreadsheet's content, tag by tag, and keeps its sheets."""

    file: str
    limits: Limits
    sheets: list[Sheet] = field(default_factory=list)
    _text: CellText = field(default_factory=lambda: CellText(set()))
    _hidden: set[str] = field(default_factory=set)
    _style: str = ""
    _table: _Table | None = None
    _cell: Attributes | None = None
    _nested: int = 0
    _aside: int = 0
    _count: int = 0
    _repeated_rows: int = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """A tag begins."""
        table = self._table
        if table is None:
            self._start_outside(tag, attributes)
        elif self._cell is not None:
            self._nested += tag in _CELLS
            self._text.start(tag, attributes)
        elif self._aside or tag in _ASIDE:
            self._aside += 1
        elif tag in _CELLS:
            self._cell = attributes
            self._text.begin()
        elif tag == "table:table-row":
            table.row_repeats = _repeats(attributes, "table:number-rows-repeated")
            table.column = 0
        elif tag == "table:table-source":
            table.is_foreign = True

    def text(self, said: str) -> None:
        """Characters between tags."""
        if self._cell is not None:
            self._text.text(said)

    def end(self, tag: str) -> None:
        """A tag ends."""
        table = self._table
        if table is None:
            return
        if self._cell is not None:
            self._end_inside(tag, cell=self._cell, table=table)
        elif self._aside:
            self._aside -= 1
        elif tag == "table:table-row":
            self._end_row(table)
        elif tag == "table:table":
            self._end_table(table)

    def _start_outside(self, tag: str, attributes: Attributes) -> None:
        if tag == "style:style":
            self._style = attributes.get("style:name", "")
        elif tag == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden.add(self._style)
        elif tag == "style:text-properties":
            if _is_raised(attributes.get("style:text-position", "")):
                self._text.raised.add(self._style)
        elif tag == "table:table":
            name = attributes.get("table:name", "")
            hidden = attributes.get("table:style-name") in self._hidden
            self._table = _Table(name, f"{self.file}:{name}", hidden)

    def _end_inside(self, tag: str, *, cell: Attributes, table: _Table) -> None:
        if tag not in _CELLS:
            self._text.end(tag)
        elif self._nested:
            self._nested -= 1
            self._text.end(tag)
        else:
            self._cell = None
            self._end_cell(cell, table=table, is_covered=tag != "table:table-cell")

    def _end_cell(self, attributes: Attributes, *, table: _Table, is_covered: bool) -> None:
        first = table.column + 1
        table.column += _repeats(attributes, "table:number-columns-repeated")
        if is_covered:
            return
        self._keep_merge(attributes, table=table, column=first)
        cell = read_opendocument_cell(attributes, shown=self._text.whole())
        if cell is None:
            return
        if table.column > LAST_COLUMN:
            raise damaged("a cell lies outside the sheet", where=table.where)
        if table.column - first >= self.limits.columns:
            raise too_many_columns(self.limits.columns, where=table.where)
        if isinstance(cell.value, str) and len(cell.value) > MAX_TEXT:
            raise too_long_text(f"{table.where}!{cell_name(table.row + 1, first)}")
        table.cells.update(dict.fromkeys(range(first, table.column + 1), cell))

    def _keep_merge(self, attributes: Attributes, *, table: _Table, column: int) -> None:
        down = _repeats(attributes, "table:number-rows-spanned")
        across = _repeats(attributes, "table:number-columns-spanned")
        if down > 1 or across > 1:
            row = table.row + 1
            table.merges.append(Merge(row, column, row + down - 1, column + across - 1))
            if len(table.merges) > MAX_MERGES:
                raise too_many_merges(table.where)

    def _end_row(self, table: _Table) -> None:
        first, cells = table.row + 1, table.cells
        table.row += table.row_repeats
        table.cells = {}
        if not cells or table.is_foreign:
            return
        self._count += len(cells) * table.row_repeats
        if self._count > self.limits.cells:
            raise too_many_cells(self.limits.cells, where=table.where)
        if table.row > LAST_ROW:
            raise damaged("a cell lies outside the sheet", where=table.where)
        self._repeated_rows += table.row_repeats - 1
        if self._repeated_rows > MAX_REPEATED_ROWS:
            raise _too_many_repeats(f"{table.where}!{cell_name(first, next(iter(cells)))}")
        table.rows.update((row, dict(cells)) for row in range(first, table.row + 1))

    def _end_table(self, table: _Table) -> None:
        self._table = None
        if table.is_foreign:
            return
        if len(self.sheets) >= MAX_SHEETS:
            raise too_many_sheets(self.file)
        merges = tuple(table.merges)
        self.sheets.append(
            finished_sheet(
                table.name,
                rows=table.rows,
                merges=merges,
                hidden=table.hidden,
                where=table.where,
                most_columns=self.limits.columns,
            )
        )


def _repeats(attributes: Attributes, name: str) -> int:
    """How often a row or a cell stands there, or how far a merge reaches; once if not said."""
    said = attributes.get(name)
    return 1 if said is None else max(1, int(said))


def _is_raised(position: str) -> bool:
    """Whether a text position such as `super 58%` or `33% 58%` lies above the line."""
    how = position.partition(" ")[0]
    return how == "super" or (how.endswith("%") and how[:-1].isdecimal() and int(how[:-1]) > 0)


def _too_many_repeats(where: str) -> SourceError:
    return SourceError(
        f"more than {MAX_REPEATED_ROWS:,} rows are repeats of another",
        where=where,
        hint="delete what was filled down below the table, or give the report itself",
    )
