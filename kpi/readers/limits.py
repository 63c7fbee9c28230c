"""How much of a source is read: enough for any report, too little to fill a machine's memory.

Nearly all that goes beyond is a mistake or made to do harm. Where it is neither, `kpi ingest
--limits 4` takes four times as much. What a limit is held against is left to the readers.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from kpi.errors import SourceError

MAX_FILE_BYTES = 50 * 1024 * 1024
"""Largest source: ten times any report seen, and small enough to hold in memory twice."""
MAX_XLS_BYTES = 20 * 1024 * 1024
"""Largest legacy workbook: the most cells, 18 bytes each; its records cost most to look at."""
MAX_INFLATED_BYTES = 300 * 1000 * 1000
"""Most that a workbook's parts may come to unpacked; a bomb holds gigabytes."""
MAX_RATIO = 200
"""Most that a part may shrink; real sheets shrink 15 times, bombs 490 and more."""
MAX_CELLS = 1_000_000
"""Most cells in a source: ten years of a report with 8,000 a month; 500 bytes of memory each."""
MAX_RECORDS = 1_500_000
"""Most records on a legacy workbook's sheet: the most cells, and formatted empty ones."""
MAX_COLUMNS = 2_000
"""Most columns with something in them on a sheet: ten years of weeks, four times over."""
MAX_TAGS = 7_000_000
"""Most XML tags in a workbook's tables: what the most cells need if each has a formula."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a source may hold, each as the constant of its name says.

    Attributes:
        file_bytes: Of the file.
        xls_bytes: Of a legacy workbook.
        inflated_bytes: Of a workbook's parts, unpacked.
        ratio: How many times smaller than unpacked a large part may be.
        cells: In all sheets, empty ones included where they are stored.
        records: On a sheet of a legacy workbook, whatever they say.
        columns: With something in them, on a sheet.
        tags: In the parts that are read cell by cell.
    """

    file_bytes: int = MAX_FILE_BYTES
    xls_bytes: int = MAX_XLS_BYTES
    inflated_bytes: int = MAX_INFLATED_BYTES
    ratio: int = MAX_RATIO
    cells: int = MAX_CELLS
    records: int = MAX_RECORDS
    columns: int = MAX_COLUMNS
    tags: int = MAX_TAGS

    def times(self, factor: int) -> Limits:
        """The limits so many times as wide.

        Example:
            >>> Limits().times(4).cells
            4000000
        """
        return Limits(*(each * factor for each in astuple(self)))


USUAL = Limits()


def too_large(most: int, *, where: str) -> SourceError:
    """The refusal of a file of more than so many bytes."""
    return _beyond(
        f"the file is larger than {most // 1024**2} MB",
        where=where,
        hint="give the report itself, not the records behind it; take out pictures",
    )


def too_big(where: str) -> SourceError:
    """The refusal of an archive that unpacks to more than is allowed."""
    return _beyond(
        "the file unpacks to more than any report holds, as one made to do harm does",
        where=where,
        hint="do not open it; ask its sender what it is, or for a CSV of the table",
    )


def too_many_cells(most: int, *, where: str) -> SourceError:
    """The refusal of a source with more than so many cells."""
    return _beyond(
        f"the file holds more than {most:,} cells",
        where=where,
        hint="give the report itself, not the records; delete formatted but empty rows",
    )


def too_many_columns(most: int, *, where: str) -> SourceError:
    """The refusal of a table with more than so many columns in use."""
    return _beyond(
        f"the table has more than {most:,} columns with something in them",
        where=where,
        hint="delete what stands beside the table",
    )


def _beyond(what: str, *, where: str, hint: str) -> SourceError:
    more = "for a file that you trust, `kpi ingest --limits 4` takes 4 times as much"
    return SourceError(what, where=where, hint=f"{hint}; {more}")
