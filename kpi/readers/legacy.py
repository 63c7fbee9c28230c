"""A legacy workbook (xls) as cells: value, number format, sheet and address.

Excel's binary records are read here, not through calamine, on evidence. Over 450 public
workbooks fastexcel let figures that charts keep overwrite the sheet's own cells, dropped
the empty columns before a table without a trace, so that addresses are lost, saw no number
format, so that 63.4% is 0.634, and made errors empty cells; hostile files abort the process.
To know formats and errors, the same records have to be walked anyway. All is plain Python
on slices of the file: it can neither abort nor read beyond it, so no child process is needed.

Workbooks of Excel 5 to 2003 are read; `preflight` refuses older ones. The container is left to
`compound`, records and texts to `legacy_records`, a sheet's cells to `legacy_sheet`.

Source: [MS-XLS], Excel Binary File Format, sections 2.1 and 2.4.
"""

from __future__ import annotations

import codecs
import struct
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from kpi.readers.compound import read_stream
from kpi.readers.grid import Grid, Sheet
from kpi.readers.legacy_records import (
    BEGIN,
    USUAL_ENCODING,
    Lettering,
    TextReader,
    heads,
    substream,
)
from kpi.readers.legacy_sheet import LegacySheetReader, count_cells
from kpi.readers.limits import USUAL, Limits, too_large, too_many_cells
from kpi.readers.preflight import damaged, locked
from kpi.readers.sheets import (
    MAX_SHEETS,
    CellFormat,
    cell_format,
    stray_notes,
    too_many_sheets,
)

MAX_SETTINGS = 100_000
"""Most records before the sheets: Excel itself writes 4,000 styles at most, and as many fonts."""

_CODE_PAGE, _DATES, _PASSWORD, _FONT = 0x0042, 0x0022, 0x002F, 0x0031
_FORMAT, _STYLE, _SHEET, _STRINGS = 0x041E, 0x00E0, 0x0085, 0x00FC
_STREAMS = ("Workbook", "Book")
_IS_WORKSHEET = 0
_HIDDEN = 3  # hidden, or so that only a program can show it
_EXCEL_97 = 0x0600
_RAISED = 1
_UNUSED_FONT = 4  # the number that no font has
_ENCODINGS = {1200: "utf-16-le", 10000: "mac-roman", 32768: "mac-roman", 32769: "cp1252"}
_SHEET_HEAD = struct.Struct("<IBB")


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sheet as the workbook lists it; `begin` is where its records stand."""

    name: str
    hidden: bool
    begin: int


@dataclass(slots=True)
class _WorkbookReader:
    """Takes in the workbook's own records, one by one."""

    file: str
    lettering: Lettering
    most_strings: int
    sheets: list[_Listed] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    _fonts: int = 0
    _codes: dict[int, str] = field(default_factory=lambda: dict(BUILTIN_FORMATS))
    _styles: list[int] = field(default_factory=list)
    _epoch: datetime = WINDOWS_EPOCH

    def take(self, kind: int, bodies: list[bytes]) -> None:
        """A record, with those that continue it."""
        body = bodies[0]
        if kind == _PASSWORD:
            raise locked(self.file)
        if kind == _CODE_PAGE:
            self.lettering.encoding = _encoding(int.from_bytes(body[:2], "little"))
        elif kind == _DATES:
            self._epoch = MAC_EPOCH if body[0] else WINDOWS_EPOCH
        elif kind == _FONT:
            self._take_font(body)
        elif kind == _FORMAT:
            text = TextReader(bodies, at=2, lettering=self.lettering)
            code = text.long_text() if self.lettering.is_wide else text.short_text()
            self._codes[int.from_bytes(body[:2], "little")] = code
        elif kind == _STYLE:
            self._styles.append(int.from_bytes(body[2:4], "little"))
        elif kind == _SHEET:
            self._take_sheet(bodies)
        elif kind == _STRINGS:
            self._take_strings(bodies)

    def formats(self) -> list[CellFormat]:
        """The number format of each cell style, by its index."""
        meant = {
            each: cell_format(self._codes.get(each, "General"), epoch=self._epoch)
            for each in set(self._styles)
        }
        return [meant[each] for each in self._styles]

    def _take_font(self, body: bytes) -> None:
        self._fonts += self._fonts == _UNUSED_FONT
        if int.from_bytes(body[8:10], "little") == _RAISED:
            self.lettering.raised.add(self._fonts)
        self._fonts += 1

    def _take_sheet(self, bodies: list[bytes]) -> None:
        begin, state, kind = _SHEET_HEAD.unpack_from(bodies[0])
        if kind == _IS_WORKSHEET:
            name = TextReader(bodies, at=_SHEET_HEAD.size, lettering=self.lettering).short_text()
            self.sheets.append(_Listed(name, hidden=bool(state & _HIDDEN), begin=begin))
            if len(self.sheets) > MAX_SHEETS:
                raise too_many_sheets(self.file)

    def _take_strings(self, bodies: list[bytes]) -> None:
        """The shared texts; how many are announced is often wrong."""
        reader = TextReader(bodies, at=8, lettering=self.lettering)
        while not reader.is_done():
            self.strings.append(reader.long_text())
            if len(self.strings) > self.most_strings:
                raise too_many_cells(self.most_strings, where=self.file)


def read_legacy(content: bytes, *, file: str, sha256: str, limits: Limits = USUAL) -> Grid:
    """A workbook's sheets as cells with addresses, in the workbook's order.

    Sheets hold worksheets only, hidden ones flagged; hidden rows and columns are read as
    any others. A cell under a merge, which nobody sees, is left out. An Excel error or a
    formula without a result is a cell with that fault. Notes name cells that stand far
    from their table.

    Args:
        content: The bytes of an xls file.
        file: The file's name without folders.
        sha256: The hash of the content.
        limits: How large it may be, and how many cells and columns it may hold.

    Raises:
        SourceError: The workbook is damaged, cut short, locked by a password, or holds more
            than the limits allow.
    """
    if len(content) > limits.xls_bytes:
        raise too_large(limits.xls_bytes, where=file)
    stream = read_stream(content, names=_STREAMS, file=file)
    try:
        return _grid(stream, file=file, sha256=sha256, limits=limits)
    except (struct.error, LookupError, ValueError, ArithmeticError) as error:
        raise damaged("a part of it is missing or cannot be read", where=file) from error


def _grid(stream: bytes, *, file: str, sha256: str, limits: Limits) -> Grid:
    workbook = _read_workbook(stream, file=file, limits=limits)
    formats = workbook.formats()
    ends = _ends(workbook.sheets, stream=stream, file=file)
    counts = (
        count_cells(stream, begin=at, end=end, file=file, limits=limits) for at, end in ends.items()
    )
    if sum(counts) > limits.cells:
        raise too_many_cells(limits.cells, where=file)
    sheets: list[Sheet] = []
    for each in workbook.sheets:
        reader = LegacySheetReader(
            f"{file}:{each.name}", workbook.strings, formats, workbook.lettering, limits
        )
        end = ends[each.begin]
        for kind, bodies in substream(stream, begin=each.begin, end=end, most=limits.records):
            reader.take(kind, bodies)
        sheets.append(reader.sheet(each.name, hidden=each.hidden))
    notes = tuple(note for sheet in sheets for note in stray_notes(sheet))
    return Grid(file, sha256, tuple(sheets), notes)


def _read_workbook(stream: bytes, *, file: str, limits: Limits) -> _WorkbookReader:
    kind, at, _ = next(heads(stream, begin=0, end=len(stream), most=1), (0, 0, 0))
    if kind != BEGIN:
        raise ValueError(kind)
    is_wide = int.from_bytes(stream[at : at + 2], "little") >= _EXCEL_97
    reader = _WorkbookReader(file, Lettering(is_wide), limits.cells)
    for kind, bodies in substream(stream, begin=0, end=len(stream), most=MAX_SETTINGS):
        reader.take(kind, bodies)
    return reader


def _ends(sheets: list[_Listed], *, stream: bytes, file: str) -> dict[int, int]:
    """Where each sheet's records end at the latest, by where they begin."""
    begins = sorted({each.begin for each in sheets})
    if len(begins) < len(sheets):
        raise damaged("two of its sheets stand in one place", where=file)
    return dict(pairwise([*begins, len(stream)]))


def _encoding(code_page: int) -> str:
    """How bytes become letters in a workbook from before Excel 97."""
    name = _ENCODINGS.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return USUAL_ENCODING
