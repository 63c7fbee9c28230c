"""OpenDocument spreadsheets (ods) made by hand, as LibreOffice writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *((name, name) for name in ("office", "table", "text", "style")),
        ("draw", "drawing"),
    )
)
_CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


@dataclass(frozen=True, slots=True)
class Percent:
    """A cell that shows its fraction as a percentage."""

    fraction: float


def an_ods(*tables: str, styles: str = "", parts: dict[str, str] | None = None) -> bytes:
    """A spreadsheet of these tables; `parts` adds further parts or replaces some."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} {_CALCEXT}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        for name, said in ({"content.xml": content} | (parts or {})).items():
            archive.writestr(name, said)
    return held.getvalue()


def a_table(*rows: str, name: str = "Sheet1", style: str = "") -> str:
    dressed = f' table:style-name="{style}"' if style else ""
    return f"<table:table table:name={quoteattr(name)}{dressed}>{''.join(rows)}</table:table>"


def a_row(*cells: str, repeats: int = 1) -> str:
    said = f' table:number-rows-repeated="{repeats}"' if repeats > 1 else ""
    return f"<table:table-row{said}>{''.join(cells)}</table:table-row>"


def a_cell(value: object = None, *, shown: str = "", more: str = "", repeats: int = 1) -> str:
    """A cell's tag with its value; `more` is further attributes."""
    said = f' table:number-columns-repeated="{repeats}"' if repeats > 1 else ""
    text = f"<text:p>{escape(shown)}</text:p>" if shown else ""
    return (
        f"<table:table-cell{_stored(value)}{said} {more}>{text or _text(value)}</table:table-cell>"
    )


def rows_of(values: Sequence[Sequence[object]]) -> list[str]:
    """A row for each sequence, an empty cell for null."""
    return [a_row(*(a_cell(value) for value in row)) for row in values]


def _text(value: object) -> str:
    return f"<text:p>{escape(value)}</text:p>" if isinstance(value, str) else ""


def _stored(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return ' office:value-type="string"'
    if isinstance(value, bool):
        return f' office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    if isinstance(value, Percent):
        return f' office:value-type="percentage" office:value="{value.fraction}"'
    if isinstance(value, datetime | date):
        return f' office:value-type="date" office:date-value="{value.isoformat()}"'
    return f' office:value-type="float" office:value="{value}"'
