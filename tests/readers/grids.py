"""Small sheets typed as text, and what reading them gave in a line a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from kpi.domain.catalogue import Catalogue
from kpi.readers.areas import known_areas
from kpi.readers.grid import CellValue, Grid, GridCell, Merge, Sheet
from kpi.readers.layouts import read_layout
from kpi.readers.reading import Labels, Reading
from tests.builders import a_catalogue, an_indicator

PLACES = ("Portsmouth", "Bristol, City of")


def a_sheet(
    text: str, *, name: str | None = "Sheet1", merges: str = "", csv: bool = False
) -> Sheet:
    """A sheet typed as lines of cells between bars.

    In a workbook `5` is a number, `@2021-04-01` a date, `0.5~0%` a number with its format
    and `#REF!` an error; in a CSV all is text, and each row is as wide as it was typed.
    """
    cells: dict[int, dict[int, GridCell]] = {}
    widths: dict[int, int] = {}
    for number, line in enumerate(text.strip("\n").splitlines(), start=1):
        said = [part.strip() for part in line.split("|")] if line.strip() else []
        widths[number] = len(said)
        row = {column: _cell(each, csv=csv) for column, each in enumerate(said, start=1) if each}
        if row:
            cells[number] = row
    return Sheet(name, cells, _merges(merges), widths=widths if csv else {})


def a_grid(*sheets: Sheet, file: str = "report.xlsx") -> Grid:
    """A source of these sheets."""
    return Grid(file, "0" * 64, sheets)


def the_catalogue(**fields: object) -> Catalogue:
    """Two counts, a percentage, a rate, and one indicator for each other kind of year."""
    return a_catalogue(
        an_indicator("contacts", title="Number of contacts"),
        an_indicator("referrals", title="Number of referrals in the month"),
        an_indicator("reviews", title="Reviews on time", outturn="percentage"),
        an_indicator("rate", title="Referral rate", outturn="rate", basis="year-to-date"),
        an_indicator("pupils", title="Pupils", year="academic"),
        an_indicator("births", title="Births", year="calendar"),
        **fields,
    )


def read_sheets(
    *sheets: Sheet, catalogue: Catalogue | None = None, file: str = "report.xlsx"
) -> Reading:
    """What the report layout makes of these sheets."""
    used = catalogue or the_catalogue()
    areas = known_areas(used.authority, places=PLACES)
    return read_layout(a_grid(*sheets, file=file), labels=Labels(used), areas=areas)


def figures(reading: Reading, *, role: str = "outturn") -> list[str]:
    """The observations, one line each: `contacts 2021-04 = 5`, others' areas in between."""
    return [
        " ".join(
            part
            for part in (
                row["indicator"],
                "" if row["area"] == "Southampton" else f"[{row['area']}]",
                f"({row['unit']})" if row["unit"] else "",
                row["period"] or "no-year",
                "=",
                f"{row['value']:g}" if row["state"] == "value" else row["state"],
                f"per {row['target_per']}" if row["target_per"] else "",
                row["marks"],
            )
            if part
        )
        for row in reading.observations.iter_rows(named=True)
        if row["role"] == role
    ]


def _cell(said: str, *, csv: bool) -> GridCell:
    if csv:
        return GridCell(said)
    value, _, number_format = said.partition("~")
    if value.startswith("#"):
        return GridCell(value, fault=value)
    return GridCell(_value(value), number_format or "General")


def _value(said: str) -> CellValue:
    if said.startswith("@"):
        return datetime.combine(date.fromisoformat(said[1:]), datetime.min.time())
    if re.fullmatch(r"-?\d+", said):
        return int(said)
    if re.fullmatch(r"-?\d+\.\d+", said):
        return float(said)
    return said.removeprefix("'").replace("\\n", "\n")


def _merges(text: str) -> tuple[Merge, ...]:
    return tuple(_merge(*each.split(":")) for each in text.split())


def _merge(first: str, last: str) -> Merge:
    (first_row, first_column), (last_row, last_column) = _place(first), _place(last)
    return Merge(first_row, first_column, last_row, last_column)


def _place(name: str) -> tuple[int, int]:
    return int(name[1:]), ord(name[0]) - ord("A") + 1


def unused(reading: Reading) -> Sequence[tuple[str, str]]:
    """The unused columns: heading and reason."""
    return [(column.heading, column.reason) for column in reading.unused_columns]
