"""One source file to what was read of it: the entry to all layouts.

Which layout it is, is told from its content. A file is read whole or refused whole; what
is not understood inside it is listed, not dropped. Storing is left to `kpi.store`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.drafting import Printed
from kpi.domain.observation import empty_read
from kpi.errors import SourceError
from kpi.readers.answers import is_answer_sheet, refuse_answer
from kpi.readers.areas import Areas, known_areas
from kpi.readers.authorities import guessed_authority, named_councils
from kpi.readers.delimited import read_delimited
from kpi.readers.grid import Grid, Sheet
from kpi.readers.layouts import read_layout
from kpi.readers.legacy import read_legacy
from kpi.readers.limits import USUAL, Limits
from kpi.readers.opendocument import read_opendocument
from kpi.readers.people import check_header, check_sheet
from kpi.readers.preflight import check_zip, read_bytes, sniff
from kpi.readers.published import is_published, read_published
from kpi.readers.reading import Labels, Reading, Unmatched, Unreadable, UnusedColumn
from kpi.readers.records import (
    Records,
    open_delimited,
    read_parquet,
    read_records,
    sheet_records,
)
from kpi.readers.tidy import is_tidy, read_tidy
from kpi.readers.view import text_of
from kpi.readers.workbook import read_workbook

_WORKBOOKS = {"xlsx": read_workbook, "ods": read_opendocument, "xls": read_legacy}
_HEADER_ROWS = 50  # how far down a sheet the header of a tidy table is looked for
_LOOKED_FOR = (
    "a row of headings that name periods (`Apr-21`, `Q1 21/22`, `2021/22`, dates) above rows of "
    "figures, a tidy table (`indicator`, `period`, `value`) and published statistics "
    "(`time_period`, `time_identifier`, ...) were looked for"
)


@dataclass(frozen=True, slots=True)
class SourceReading:
    """What was read of one source.

    Attributes:
        observations: Exactly the columns of `kpi.domain.observation.READ`, in the source's
            order; roles `outturn` and `target`, blank cells of known indicators included.
        file: The file's name without folders.
        sha256: The hash of its bytes.
        unmatched: Rows whose label no indicator claims.
        unreadable: Cells that are not understood.
        sheets: Names of the sheets that held a table; none where there are no sheets.
        hidden: Names of hidden sheets that were left out.
        unused_columns: Columns that gave nothing, and why.
        drafts: What the unclaimed rows say of their indicators.
        messages: Sentences about what else a reader should know.
        councils: What a report's titles and headings may call a council, where they do not
            name the catalogue's authority; nothing of tidy and published tables.
    """

    observations: pl.DataFrame
    file: str
    sha256: str
    unmatched: tuple[Unmatched, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    sheets: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    unused_columns: tuple[UnusedColumn, ...] = ()
    drafts: tuple[Printed, ...] = ()
    messages: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftReading:
    """What a report says of its indicators before there is a catalogue.

    Attributes:
        drafts: A row's worth each, in the report's order; labels may be there twice.
        authority: The council that its headings or titles name; empty where none do.
        messages: Sentences about what a reader should know.
    """

    drafts: tuple[Printed, ...]
    authority: str = ""
    messages: tuple[str, ...] = ()


def read_source(
    path: Path,
    *,
    catalogue: Catalogue,
    hidden: bool = False,
    places: Iterable[str] = (),
    region: str = "",
    codes: Mapping[str, str] | None = None,
    limits: Limits = USUAL,
) -> SourceReading:
    """What a file says of a catalogue's indicators, in whatever layout.

    Args:
        path: The file: xlsx, xlsm, ods, xls, CSV and the like, or Parquet.
        catalogue: Whose indicators are looked for.
        hidden: Whether hidden sheets are read too; they are in any case where no visible
            sheet holds a table.
        places: Names of other authorities that headings may name, such as the shipped
            reference data's.
        region: The authority's region, which a heading `Region` means.
        codes: Areas by the codes that a tidy table may name them by; null for none.
        limits: How much it may hold.

    Raises:
        SourceError: The file cannot be read, holds no table, a header without rows, or
            rows about single children.
    """
    content = read_bytes(path, limits=limits)
    reader = _SourceReader(
        file=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        labels=Labels(catalogue),
        areas=known_areas(catalogue.authority, places=places, region=region, codes=codes),
        with_hidden=hidden,
        limits=limits,
    )
    reading, left_out = reader.read(content)
    return SourceReading(
        observations=reading.observations,
        file=reader.file,
        sha256=reader.sha256,
        unmatched=reading.unmatched,
        unreadable=reading.unreadable,
        sheets=tuple(sheet for sheet in reading.sheets if sheet is not None),
        hidden=left_out,
        unused_columns=reading.unused_columns,
        drafts=reading.drafts,
        messages=reading.messages,
        councils=reader.councils,
    )


def draft_rows(path: Path, *, hidden: bool = False) -> DraftReading:
    """What a report's rows say of their indicators, for a catalogue to be drafted.

    Raises:
        SourceError: As in `read_source`; or the file holds published statistics, which a
            report's catalogue is not drafted from.
    """
    content = read_bytes(path)
    reader = _SourceReader(
        file=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        labels=Labels(None),
        areas=known_areas(""),
        with_hidden=hidden,
    )
    reading, _ = reader.read(content)
    return DraftReading(reading.drafts, reader.authority, reading.messages)


@dataclass(slots=True)
class _SourceReader:
    """Reads one file's content.

    Attributes:
        authority: The council that the file itself names; only looked for without a catalogue.
        councils: Those that it may name beside, with one.
    """

    file: str
    sha256: str
    labels: Labels
    areas: Areas
    with_hidden: bool
    limits: Limits = USUAL
    authority: str = ""
    councils: tuple[str, ...] = ()

    def read(self, content: bytes) -> tuple[Reading, tuple[str, ...]]:
        """What the content holds, and the names of hidden sheets that were left out."""
        kind = sniff(content, self.file)
        if kind == "text":
            return self._read_text(content), ()
        if kind == "parquet":
            return self._read_parquet(content), ()
        if kind != "xls":
            check_zip(content, file=self.file, limits=self.limits)
        grid = _WORKBOOKS[kind](content, file=self.file, sha256=self.sha256, limits=self.limits)
        return self._read_grid(grid)

    def _read_text(self, content: bytes) -> Reading:
        opened = open_delimited(content, file=self.file, limits=self.limits)
        check_header(opened.header, file=self.file)
        refuse_answer(opened.header, file=self.file)
        if is_published(opened.header) or is_tidy(opened.header):
            return self._read_records(read_records(opened))
        grid = read_delimited(content, file=self.file, sha256=self.sha256, limits=self.limits)
        reading, _ = self._read_grid(grid)
        return reading

    def _read_parquet(self, content: bytes) -> Reading:
        records = read_parquet(content, file=self.file)
        check_header(records.header, file=self.file)
        refuse_answer(records.header, file=self.file)
        if not is_published(records.header) and not is_tidy(records.header):
            raise SourceError(
                "the Parquet file is not a tidy table",
                where=self.file,
                hint="its columns must be `indicator`, `period` and `value`, "
                "or `numerator` and `denominator`",
            )
        return self._read_records(records)

    def _read_records(self, records: Records) -> Reading:
        if is_tidy(records.header):
            return read_tidy(records, labels=self.labels, areas=self.areas)
        if self.labels.catalogue is None:
            raise SourceError(
                "this file holds published statistics, not a council's report",
                where=records.file,
                hint="give the report that your council's figures stand in",
            )
        return read_published(records, catalogue=self.labels.catalogue)

    def _read_grid(self, grid: Grid) -> tuple[Reading, tuple[str, ...]]:
        """What a grid's sheets hold; hidden ones only if asked for, or if no other does."""
        if self.labels.catalogue is None:
            self.authority = guessed_authority(grid)
            self.areas = known_areas(self.authority)
        hidden = [sheet for sheet in grid.sheets if sheet.hidden]
        shown = [sheet for sheet in grid.sheets if self.with_hidden or not sheet.hidden]
        reading = self._read_sheets(grid, shown)
        left_out = tuple(sheet.name or "" for sheet in hidden if not self.with_hidden)
        notes = grid.notes
        if not reading.sheets and left_out:
            reading = self._read_sheets(grid, grid.sheets)
            left_out = ()
            notes = (*notes, "no visible sheet holds a table; the hidden ones were read")
        if not reading.sheets:
            raise SourceError(
                "no table of indicators was found",
                where=self.file,
                hint="; ".join([*reading.messages, _LOOKED_FOR]),
            )
        return _joined([reading, Reading(empty_read(), messages=notes)]), left_out

    def _read_sheets(self, grid: Grid, sheets: Sequence[Sheet]) -> Reading:
        readings: list[Reading] = []
        reports: list[Sheet] = []
        for sheet in sheets:
            check_sheet(sheet, file=grid.file)
            if is_answer_sheet(sheet):
                said = f"sheet `{sheet.name}` holds what kpi itself said, and was left out"
                readings.append(Reading(empty_read(), messages=(said,)))
                continue
            row = _records_row(sheet)
            if row is None:
                reports.append(sheet)
            else:
                records = sheet_records(sheet, file=grid.file, header_row=row)
                readings.append(self._read_records(records))
        if self.labels.catalogue is not None:
            self.councils = named_councils(reports, authority=self.labels.catalogue.authority)
        layout = read_layout(grid, labels=self.labels, areas=self.areas, sheets=reports)
        return _joined([layout, *readings]) if readings else layout


def _records_row(sheet: Sheet) -> int | None:
    """The row of a sheet that heads a tidy or a published table; null where none does."""
    for row, cells in list(sheet.cells.items())[:_HEADER_ROWS]:
        if len(cells) > 2 and all(isinstance(cell.value, str) for cell in cells.values()):
            header = [text_of(cell) for cell in cells.values()]
            if is_tidy(header) or is_published(header):
                return row
    return None


def _joined(readings: Sequence[Reading]) -> Reading:
    return Reading(
        observations=pl.concat([reading.observations for reading in readings]),
        unmatched=tuple(each for reading in readings for each in reading.unmatched),
        unreadable=tuple(each for reading in readings for each in reading.unreadable),
        sheets=tuple(each for reading in readings for each in reading.sheets),
        unused_columns=tuple(each for reading in readings for each in reading.unused_columns),
        drafts=tuple(each for reading in readings for each in reading.drafts),
        messages=tuple(each for reading in readings for each in reading.messages),
    )
