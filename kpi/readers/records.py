"""Records under one header line, as columns of text: what tidy and published files are.

A million records become columns here without a Python object for each cell; the report
layout, whose cells need addresses and formats, goes through `kpi.readers.grid` instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

import polars as pl

from kpi.domain.observation import address
from kpi.errors import SourceError
from kpi.readers.cells import read_cell
from kpi.readers.delimited import SEPARATOR_LINE, decoded, separator_of, split_records
from kpi.readers.grid import Sheet, cell_name
from kpi.readers.limits import USUAL, Limits, too_many_columns
from kpi.readers.view import text_of

MAX_RECORDS = 20_000_000
"""Most records in a Parquet file, which packs more into its bytes than text does."""

_HEAD = 1 << 16  # characters by which the separator of a long file is told
_CHUNK = 100_000
_GUARDED = r"^'([=+\-@\t\r＝＋－＠])"


@dataclass(frozen=True, slots=True)
class Records:
    """A table of records.

    Attributes:
        file: The file's name without folders.
        sheet: The sheet's name; null where the source has no sheets.
        header: The names of its columns as printed, from the first to the last.
        header_row: The row in which they stand.
        first_column: The number of the first of them, counted from 1.
        frame: `row`, the record's number as a spreadsheet counts; `width`, the number of
            cells it was written with; and `1`, `2` ... the columns, blank cells null.
    """

    file: str
    sheet: str | None
    header: tuple[str, ...]
    header_row: int
    frame: pl.DataFrame
    first_column: int = 1

    def place(self, column: int, row: int) -> str:
        """The address of a cell; the column is counted from 1 within the header."""
        return address(self.file, self.sheet, cell_name(row, column + self.first_column - 1))

    def column(self, name: str) -> int | None:
        """The number of the column of this name, in any case; null where there is none."""
        return next(
            (place for place, each in enumerate(self.header, start=1) if folded(each) == name), None
        )


@dataclass(frozen=True, slots=True)
class Delimited:
    """A delimited text, decoded, with its separator and its first record.

    Attributes:
        header: The cells of its first record that says something.
        header_row: That record's number.
    """

    file: str
    text: str
    separator: str
    header: tuple[str, ...]
    header_row: int


def open_delimited(content: bytes, *, file: str, limits: Limits = USUAL) -> Delimited:
    """A delimited text as far as its first record.

    Raises:
        SourceError: It is in no known encoding, its quotes do not pair up, or it has more
            columns than the limits allow.
    """
    text = decoded(content, file=file)
    declared = SEPARATOR_LINE.match(text)
    if declared:
        text = text[declared.end() :]
    separator = declared[1] if declared else separator_of(text[:_HEAD].rpartition("\n")[0] or text)
    first = next(
        (
            (number, record)
            for number, record in enumerate(
                split_records(text, separator=separator, file=file), start=1
            )
            if any(cell.strip() for cell in record)
        ),
        (1, []),
    )
    header = tuple(" ".join(cell.split()) for cell in first[1])
    if len(header) > limits.columns:
        raise too_many_columns(limits.columns, where=file)
    return Delimited(file, text, separator, header, first[0])


def read_records(source: Delimited) -> Records:
    """The records beneath a delimited text's header.

    Raises:
        SourceError: Its quotes do not pair up, or there are no records.
    """
    width = len(source.header)
    frame = _quoted(source, width=width) if '"' in source.text else _plain(source, width=width)
    frame = frame.filter(pl.col("row") > source.header_row)
    return _checked(Records(source.file, None, source.header, source.header_row, _bare(frame)))


def read_parquet(content: bytes, *, file: str) -> Records:
    """A Parquet file's rows; row 1 is taken to be the header, as a spreadsheet would show it.

    Raises:
        SourceError: It is damaged, has no rows, or more than `MAX_RECORDS`.
    """
    try:
        lazy = pl.scan_parquet(BytesIO(content))
        if lazy.select(pl.len()).collect().item() > MAX_RECORDS:
            raise SourceError(
                f"the file holds more than {MAX_RECORDS:,} records",
                where=file,
                hint="give the figures themselves, not the records behind them",
            )
        frame = lazy.collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceError(
            "the Parquet file is damaged or incomplete", where=file, hint="export it again"
        ) from error
    header = tuple(frame.columns)
    numbered = frame.rename({name: str(place) for place, name in enumerate(header, start=1)})
    numbered = numbered.with_row_index("row", offset=2).with_columns(
        pl.col("row").cast(pl.Int64), pl.lit(len(header), pl.Int64).alias("width")
    )
    return _checked(Records(file, None, header, 1, numbered))


def sheet_records(sheet: Sheet, *, file: str, header_row: int) -> Records:
    """The records beneath a header line on a sheet, each cell's text as its reader sees it."""
    columns = list(sheet.cells[header_row])
    span = range(min(columns), max(columns) + 1)
    header = tuple(text_of(sheet.cells[header_row].get(column)) for column in span)
    rows = [row for row in sheet.cells if row > header_row]
    data: dict[str, list[object]] = {"row": list(rows), "width": [len(header)] * len(rows)}
    for place, column in enumerate(span, start=1):
        cells = (sheet.cells[row].get(column) for row in rows)
        data[str(place)] = [read_cell(cell).raw if cell else None for cell in cells]
    schema = {"row": pl.Int64(), "width": pl.Int64()} | {
        str(place): pl.String() for place in range(1, len(header) + 1)
    }
    frame = _bare(pl.DataFrame(data, schema=schema))
    return _checked(Records(file, sheet.name, header, header_row, frame, span.start))


def folded(name: str) -> str:
    """A column's name without case, spaces and the like.

    Example:
        >>> folded("Area name"), folded("time_period")
        ('area_name', 'time_period')
    """
    return "_".join(name.strip("\ufeff ").casefold().replace("-", " ").replace("_", " ").split())


def _plain(source: Delimited, *, width: int) -> pl.DataFrame:
    """The records of a text without quotes, whose lines are its records."""
    text = source.text.replace("\r\n", "\n").replace("\r", "\n")
    lines = pl.DataFrame({"cells": [text]}).select(
        pl.col("cells").str.split("\n").explode().str.split(source.separator)
    )
    return lines.with_row_index("row", offset=1).select(
        pl.col("row").cast(pl.Int64),
        pl.col("cells").list.len().cast(pl.Int64).alias("width"),
        *(
            pl.col("cells").list.get(place - 1, null_on_oob=True).alias(str(place))
            for place in range(1, width + 1)
        ),
    )


def _quoted(source: Delimited, *, width: int) -> pl.DataFrame:
    """The records of a text with quotes, in which a line may break off inside a cell."""
    records = split_records(source.text, separator=source.separator, file=source.file)
    numbered = enumerate(records, start=1)
    frames = []
    while chunk := list(islice(numbered, _CHUNK)):
        frames.append(_chunk_frame(chunk, width=width))
    return pl.concat(frames)


def _chunk_frame(chunk: Sequence[tuple[int, Sequence[str]]], *, width: int) -> pl.DataFrame:
    data: dict[str, pl.Series] = {
        "row": pl.Series([number for number, _ in chunk], dtype=pl.Int64),
        "width": pl.Series([len(record) for _, record in chunk], dtype=pl.Int64),
    }
    for place in range(width):
        cells = [record[place] if place < len(record) else None for _, record in chunk]
        data[str(place + 1)] = pl.Series(cells, dtype=pl.String)
    return pl.DataFrame(data)


def _bare(frame: pl.DataFrame) -> pl.DataFrame:
    """The records with their cells' white space and guards taken away, and blank ones dropped."""
    places = [name for name in frame.columns if name not in ("row", "width")]
    bare = pl.col(places).str.strip_chars().str.replace(_GUARDED, "$1")
    return frame.with_columns(pl.when(bare != "").then(bare)).filter(
        pl.any_horizontal(pl.col(places).is_not_null())
    )


def _checked(records: Records) -> Records:
    if records.frame.is_empty():
        raise SourceError(
            "there are headings, but no rows beneath them",
            where=records.file,
            hint="is this the right file? a table needs a row for each figure",
        )
    return records
