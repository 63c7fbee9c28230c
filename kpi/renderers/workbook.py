"""`kpi report` as an Excel workbook, by the rules for accessible spreadsheets.

Text is written as text, whatever it begins with: nothing becomes a formula or a link but the
links between our own sheets. The same paper gives the same bytes. What stands on the sheets
is left to `kpi.renderers.workbook_figures` and `kpi.renderers.workbook_texts`, how much room
it takes to `kpi.renderers.workbook_layout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from kpi.domain.paper.contents import Paper
from kpi.domain.paper.document import Document
from kpi.renderers import workbook_texts as texts
from kpi.renderers.palette import PAINTS
from kpi.renderers.report import report_document
from kpi.renderers.workbook_figures import figures_sheets
from kpi.renderers.workbook_layout import (
    FONT,
    SIZE,
    TITLE_SIZE,
    column_widths,
    heading_height,
    row_height,
)
from kpi.renderers.workbook_sheets import Sheet, SheetCell, SheetColumn, SheetTable, cell_text
from kpi.renderers.xlsx import OPTIONS, Exact, with_language

_OPTIONS = {
    **OPTIONS,
    "default_format_properties": {"font_name": FONT, "font_size": SIZE},
}
_A4 = 9
_WIDE = 6  # columns; of a table with as many the first stays in sight
_TEXT_WIDTH = 90
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
_LINK_INK = "#144e81"


def render_workbook(paper: Paper) -> bytes:
    """The paper as a workbook: cover, contents, a table a sheet, notes.

    Args:
        paper: What it holds. Its `as_of` is the workbook's date, never the clock.
    """
    document = report_document(paper)
    content = BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as workbook:
        workbook.set_properties(_properties(paper, title=document.title))
        writer = _Writer(workbook)
        for sheet in _sheets(paper, document):
            writer.write(sheet)
    return with_language(content.getvalue())


def _sheets(paper: Paper, document: Document) -> tuple[Sheet, ...]:
    """Every sheet in its order; one that would have nothing to say is left out."""
    figures, numbered = figures_sheets(paper, taken=texts.NAMES, contents=texts.CONTENTS)
    after = (
        texts.ratings(paper),
        texts.changed(paper),
        *figures,
        texts.comparisons(paper),
        texts.commentary(paper),
        texts.notes(paper, numbered),
        texts.definitions(paper),
        texts.methods(paper),
    )
    shown = [each for each in after if each.table]
    return (texts.cover(paper, document), texts.contents(paper, shown), *shown)


def _properties(paper: Paper, *, title: str) -> dict[str, Any]:
    authority = cell_text(paper.catalogue.authority)
    made = paper.as_of or datetime.combine(paper.period.end, time(), UTC)
    return {
        "title": cell_text(f"{title}, {authority}"),
        "subject": "Key performance indicators",
        "author": authority,
        "company": authority,
        "created": made.astimezone(UTC).replace(tzinfo=None, microsecond=0),
    }


@dataclass(slots=True)
class _Writer:
    """Writes sheets into a workbook; each look is made once."""

    workbook: Any
    looks: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def write(self, sheet: Sheet) -> None:
        """Adds a sheet: its title in A1, its lines, then its table."""
        worksheet = self.workbook.add_worksheet(sheet.name)
        worksheet.set_landscape()
        worksheet.set_paper(_A4)
        worksheet.set_margins(**_MARGINS)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer("&L&A&RPage &P of &N", {"scale_with_doc": False})
        is_wrapped = sheet.table is None
        if is_wrapped:
            worksheet.set_column(0, 0, _TEXT_WIDTH)
        title = self._look(bold=True, font_size=TITLE_SIZE)
        worksheet.write_string(0, 0, cell_text(sheet.title), title)
        worksheet.set_row(0, 2 * TITLE_SIZE)
        for row, line in enumerate(sheet.lines, start=1):
            self._write_cell(worksheet, row, 0, line, {"text_wrap": is_wrapped})
            if is_wrapped:
                worksheet.set_row(row, row_height([line], widths=[_TEXT_WIDTH]))
        if sheet.table:
            self._write_table(worksheet, sheet.table, top=1 + len(sheet.lines))

    def _write_table(self, worksheet: Any, table: SheetTable, *, top: int) -> None:
        last = top + len(table.rows)
        worksheet.add_table(
            top,
            0,
            last,
            len(table.columns) - 1,
            {
                "name": table.name,
                "style": "Table Style Light 1",
                "autofilter": table.is_filtered,
                "columns": [self._heading(table, number) for number in range(len(table.columns))],
            },
        )
        worksheet.repeat_rows(top)
        worksheet.freeze_panes(top + 1, int(len(table.columns) >= _WIDE))
        widths = column_widths(table)
        worksheet.set_row(top, heading_height(table, widths=widths))
        for number, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
            worksheet.set_column(number, number, width)
            self._colour(worksheet, column, number, top + 1, last)
        looks = [_body_look(table, number) for number in range(len(table.columns))]
        for row, cells in enumerate(table.rows, start=top + 1):
            worksheet.set_row(row, row_height(cells, widths=widths))
            for number, (cell, look) in enumerate(zip(cells, looks, strict=True)):
                self._write_cell(worksheet, row, number, cell, look)

    def _heading(self, table: SheetTable, number: int) -> dict[str, Any]:
        """A heading; in a table with buttons it keeps clear of them."""
        column = table.columns[number]
        align = _body_look(table, number) if not table.is_filtered else {"align": "left"}
        look = self._look(**{**align, "bold": True, "text_wrap": True, "bottom": 1})
        return {"header": cell_text(column.title), "header_format": look}

    def _write_cell(
        self, worksheet: Any, row: int, column: int, cell: SheetCell, look: Mapping[str, Any]
    ) -> None:
        wanted = {"valign": "top", "bold": cell.is_heading, **look}
        if not isinstance(cell.value, str):
            format_ = self._look(**wanted, num_format=cell.number_format or "0")
            worksheet.write_number(row, column, Exact(cell.value), format_)
        elif cell.sheet:
            format_ = self._look(**wanted, underline=1, font_color=_LINK_INK)
            quoted = cell.sheet.replace("'", "''")
            text = cell_text(cell.value)
            worksheet.write_url(row, column, f"internal:'{quoted}'!A1", format_, text)
        else:
            worksheet.write_string(row, column, cell_text(cell.value), self._look(**wanted))

    def _colour(
        self, worksheet: Any, column: SheetColumn, number: int, first: int, last: int
    ) -> None:
        """Repeats words of a column by colours: dark ink on a tint."""
        for word, tone in column.tones.items():
            paint = PAINTS[tone]
            colours = {"font_color": paint.ink, "bg_color": paint.ground}
            look = self._look(**{name: colour for name, colour in colours.items() if colour})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
            worksheet.conditional_format(first, number, last, number, rule)

    def _look(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self.looks:
            self.looks[key] = self.workbook.add_format(wanted)
        return self.looks[key]


def _body_look(table: SheetTable, number: int) -> dict[str, Any]:
    """A column's alignment: words after figures keep a distance from them."""
    column, before = table.columns[number], table.columns[max(number - 1, 0)]
    is_beside = column.align == "left" and before.align == "right"
    look: dict[str, Any] = {"text_wrap": True, "align": column.align}
    return look | {"indent": 1} if is_beside else look
