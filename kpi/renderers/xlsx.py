"""How every workbook of ours is written: text stays text, numbers keep all their digits.

Beside `kpi.renderers.workbook` and `kpi.renderers.export_workbook`, which say what stands
in one, the only place that knows the format. The same content gives the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

LANGUAGE = "en-GB"

OPTIONS: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""What xlsxwriter is opened with: nothing of a text becomes a formula, a link or a number."""

_CORE = "docProps/core.xml"


class Exact(float):
    """A number that xlsxwriter writes with all its digits, not with sixteen."""

    def __format__(self, _: str) -> str:
        return repr(float(self)).removesuffix(".0")


def with_language(content: bytes) -> bytes:
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
