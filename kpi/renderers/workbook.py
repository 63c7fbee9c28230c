"""`kpi report` as an Excel workbook, by the rules for accessible spreadsheets.

The only place that knows xlsxwriter. Text is written as text, whatever it begins with:
nothing becomes a formula or a link but the links between our own sheets. The same paper
gives the same bytes. What stands on the sheets is left to `kpi.renderers.workbook_figures`
and `kpi.renderers.workbook_texts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from kpi.domain.paper.contents import Paper
from kpi.domain.paper.document import Document
from kpi.renderers import workbook_texts as texts
from kpi.renderers.palette import PAINTS
from kpi.renderers.report import report_document
from kpi.renderers.workbook_figures import figures_sheets
from kpi.renderers.workbook_sheets import Sheet, SheetCell, SheetColumn, SheetTable, cell_text

LANGUAGE = "en-GB"

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CORE = "docProps/core.xml"
_A4 = 9
_WIDE = 6  # columns; of a table with as many the first stays in sight
_TITLE_WIDTH = 100
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
    return _with_language(content.getvalue())


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


class _Exact(float):
    """A number that xlsxwriter writes with all its digits, not with sixteen."""

    def __format__(self, _: str) -> str:
        return repr(float(self)).removesuffix(".0")


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
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer("&L&A&RPage &P of &N")
        is_wrapped = sheet.table is None
        if is_wrapped:
            worksheet.set_column(0, 0, _TITLE_WIDTH)
        worksheet.write_string(0, 0, cell_text(sheet.title), self._look(bold=True, font_size=14))
        for row, line in enumerate(sheet.lines, start=1):
            self._write_cell(worksheet, row, 0, line, {"text_wrap": is_wrapped})
        if sheet.table:
            self._write_table(worksheet, sheet.table, top=1 + len(sheet.lines))

    def _write_table(self, worksheet: Any, table: SheetTable, *, top: int) -> None:
        last = top + len(table.rows)
        columns = [
            {
                "header": cell_text(each.title),
                "header_format": self._look(bold=True, text_wrap=True, align=each.align, bottom=1),
            }
            for each in table.columns
        ]
        worksheet.add_table(
            top,
            0,
            last,
            len(table.columns) - 1,
            {"name": table.name, "style": "Table Style Light 1", "columns": columns},
        )
        worksheet.repeat_rows(top)
        worksheet.freeze_panes(top + 1, int(len(table.columns) >= _WIDE))
        for number, column in enumerate(table.columns):
            worksheet.set_column(number, number, column.width)
            for row, cells in enumerate(table.rows, start=top + 1):
                look = {"text_wrap": True, "align": column.align}
                self._write_cell(worksheet, row, number, cells[number], look)
            self._colour(worksheet, column, number, top + 1, last)

    def _write_cell(
        self, worksheet: Any, row: int, column: int, cell: SheetCell, look: Mapping[str, Any]
    ) -> None:
        wanted = {"valign": "top", "bold": cell.is_heading, **look}
        if not isinstance(cell.value, str):
            format_ = self._look(**wanted, num_format=cell.number_format or "0")
            worksheet.write_number(row, column, _Exact(cell.value), format_)
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


def _with_language(content: bytes) -> bytes:
    """The workbook with its language among its properties, which xlsxwriter cannot set."""
    said = f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>".encode()
    whole = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(whole, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            held = old.read(part)
            if part.filename == _CORE:
                held = held.replace(b"</cp:coreProperties>", said)
            new.writestr(part, held)
    return whole.getvalue()
