"""Exported tables as one Excel workbook: a sheet a table, which bears the table's name.

Each sheet holds a real Excel table from A1, so that Power Query finds it by its name.
Numbers are numbers, dates are dates, text is text whatever it begins with; what is null is
an empty cell. The same tables give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter

from kpi.renderers.export import respelt
from kpi.renderers.workbook_sheets import cell_text
from kpi.renderers.xlsx import OPTIONS, Exact, with_language

MOST_ROWS = 1_048_575
"""Most rows that a sheet of Excel holds beneath its headings."""

_WIDEST, _DAY = 60, "yyyy-mm-dd"


def too_long(tables: Mapping[str, pl.DataFrame], *, most: int = MOST_ROWS) -> dict[str, int]:
    """The tables that no sheet can hold, each with its rows.

    Args:
        tables: By name.
        most: Most rows that a sheet holds.
    """
    return {name: table.height for name, table in tables.items() if table.height > most}


def render_export_workbook(
    tables: Mapping[str, pl.DataFrame], *, authority: str, as_of: datetime
) -> bytes:
    """The tables as a workbook, in their order.

    Args:
        tables: By name: lower-case letters and underscores, for sheet and table alike.
        authority: Whose figures; the workbook's author.
        as_of: The workbook's date, never the clock.
    """
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as workbook:
        workbook.set_properties(
            {
                "title": cell_text(f"Key performance indicators, {authority}"),
                "subject": "Tables for other tools, written by kpi export",
                "author": cell_text(authority),
                "created": as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0),
            }
        )
        looks = {
            "head": workbook.add_format({"bold": True, "bottom": 1}),
            "date": workbook.add_format({"num_format": _DAY, "align": "left"}),
        }
        for name, table in tables.items():
            worksheet = workbook.add_worksheet(name)
            _write(worksheet, respelt(table, cell_text), name=name, looks=looks)
    return with_language(content.getvalue())


def _write(worksheet: Any, table: pl.DataFrame, *, name: str, looks: Mapping[str, Any]) -> None:
    headings = [{"header": each, "header_format": looks["head"]} for each in table.columns]
    # Excel's tables have a row at least: of an empty one it is blank.
    last = max(table.height, 1)
    options = {"name": name, "style": "Table Style Light 1", "columns": headings}
    worksheet.add_table(0, 0, last, table.width - 1, options)
    worksheet.freeze_panes(1, 0)
    for number, column in enumerate(table):
        worksheet.set_column(number, number, _width(column))
        for row, value in enumerate(column, start=1):
            _write_cell(worksheet, row, number, value, looks)


def _write_cell(
    worksheet: Any, row: int, column: int, value: object, looks: Mapping[str, Any]
) -> None:
    match value:
        case None | "":
            return
        case bool():
            worksheet.write_boolean(row, column, value)
        case int() | float():
            worksheet.write_number(row, column, Exact(value))
        case date():
            worksheet.write_datetime(row, column, value, looks["date"])
        case _:
            worksheet.write_string(row, column, value)


def _width(column: pl.Series) -> int:
    """In characters: as wide as the heading, with its button, and the longest text need."""
    return min(_WIDEST, max(_lengths(column)))


def _lengths(column: pl.Series) -> Iterator[int]:
    yield len(column.name) + 4
    if column.dtype == pl.String:
        longest = column.str.len_chars().max()
        yield longest + 1 if isinstance(longest, int) else 0
    elif column.dtype == pl.Date:
        yield len(_DAY) + 2
