"""A workbook in neutral terms: sheets, their lines and tables; and the words of its symbols.

By the Government Statistical Service's rules for accessible spreadsheets: a sheet holds a
title, lines of text and at most one table, and no cell of a table is blank. What stands on
the sheets is left to `kpi.renderers.workbook_figures` and `kpi.renderers.workbook_texts`,
writing them to `kpi.renderers.workbook`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kpi.domain.paper.document import Align, Tone
from kpi.domain.visible import escaped, visible
from kpi.domain.words import plain
from kpi.renderers.palette import LOOKS
from kpi.renderers.trend_figures import VARIATIONS

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"

SHORTHAND: dict[str, str] = {
    "awaited": "TBC",
    "not_applicable": NOT_APPLICABLE,
    "not_available": NOT_AVAILABLE,
    "suppressed": "[c]",
    "rounds_to_zero": "[low]",
    "unreliable": "[u]",
    "blank": NOT_AVAILABLE,
    "unreadable": "unreadable",
}
"""What stands for a missing figure; `kpi ingest` reads each as the same state, but for blank
cells, which no table may have."""

CONFLICT = "conflict"

SYMBOLS: dict[str, str] = {
    "[c]": "hidden, as it is a small number or would give one away",
    "[low]": "rounds to zero",
    "[u]": "too unreliable to publish",
    NOT_AVAILABLE: "not available: no figure is held",
    NOT_APPLICABLE: "not applicable",
    "TBC": "awaited",
    CONFLICT: "two figures are held that contradict each other",
    SHORTHAND["unreadable"]: "what stands at the source is not understood",
    "[r] at a figure": "restated since the report before",
    "[p], [e], [b], [part] at a figure": "provisional, estimate, break in the series, "
    "covers only a part of its period",
}
"""Every symbol of the sheets and what it means."""

RATING_TONES: Mapping[str, Tone] = {each.word: each.tone for each in LOOKS.values()}
CHANGE_TONES: Mapping[str, Tone] = {"better": "better", "worse": "worse"}
TREND_TONES: Mapping[str, Tone] = {
    word: tone for word, tone in VARIATIONS.values() if tone in ("better", "worse")
}
"""Words and the tones that repeat them."""

LONGEST_NAME = 31
"""Most characters that Excel allows in a sheet's name."""

LONGEST_TEXT = 32_767
"""Most characters that Excel allows in a cell."""

_NO_CHARACTERS = "\ufffe\uffff"  # XML has no way to write them
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]+")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell.

    Attributes:
        value: A text, never blank, or a number.
        number_format: How a number is shown.
        sheet: The name of the sheet that it leads to; empty for none.
        is_heading: Whether it heads the lines beneath.
    """

    value: str | float
    number_format: str = ""
    sheet: str = ""
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A table's column.

    Attributes:
        title: Its heading, unlike any other of the table.
        width: At most, in digits: headings and texts break over lines, while a longer
            number or word still makes it wider.
        align: Figures stand right, with whatever stands for a missing one.
        tones: Words that a colour repeats.
    """

    title: str
    width: int = 12
    align: Align = "left"
    tones: Mapping[str, Tone] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table: one heading a column, one cell a column and row, a row at least.

    Attributes:
        name: Letters, digits and underscores; unlike any other of the workbook.
        columns: Its columns; the first stays in sight.
        rows: Its cells.
        is_filtered: Whether its headings have buttons to choose rows by.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[SheetCell, ...], ...]
    is_filtered: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet.

    Attributes:
        name: What its tab says.
        title: What stands in A1.
        lines: What stands beneath, a cell a row.
        table: What stands under the lines; null for none.
        about: What it holds, in the contents' words.
    """

    name: str
    title: str
    lines: tuple[SheetCell, ...] = ()
    table: SheetTable | None = None
    about: str = ""


def text_rows(rows: Iterable[Iterable[str | float]]) -> tuple[tuple[SheetCell, ...], ...]:
    """Rows of plain values as cells; an empty text is not applicable."""
    return tuple(
        tuple(SheetCell(NOT_APPLICABLE if value == "" else value) for value in row) for row in rows
    )


def cell_text(said: str) -> str:
    r"""A text as a cell may hold it: one line, every hidden character spelt out, not too long.

    Example:
        >>> cell_text("=1+1\x1b[31m\uffff")
        '=1+1\\x1b[31m\\uffff'
    """
    shown = visible(said)
    for character in _NO_CHARACTERS:
        shown = shown.replace(character, escaped(character))
    if len(shown.encode("utf-16-le")) > 2 * LONGEST_TEXT:
        shown = f"{shown[: LONGEST_TEXT // 2]}…"
    # xlsxwriter writes a text between these as XML of its own.
    return f"{shown} " if shown.startswith("<r>") and shown.endswith("</r>") else shown


def sheet_name(wanted: str, *, taken: Iterable[str] = (), apart: str = "") -> str:
    """A name that Excel takes for a sheet, as near to the wanted one as can be.

    Args:
        wanted: Any text.
        taken: Names of other sheets, in any case.
        apart: Words that end the name and are never cut off.

    Example:
        >>> sheet_name("Cost/benefit: a 'view'", taken=["cost-benefit- a 'view"])
        "Cost-benefit- a 'view 2"
    """
    bare = _FORBIDDEN.sub("-", cell_text(wanted)).strip(" '") or "Sheet"
    # Excel keeps the name History for itself.
    known = {"history", *(each.casefold() for each in taken)}
    numbers = ("", *map(str, range(2, len(known) + 3)))
    endings = (" ".join(["", *filter(None, (apart, number))]) for number in numbers)
    names = (_cut(bare, LONGEST_NAME - len(ending)) + ending for ending in endings)
    return next(name for name in names if name.casefold() not in known)


def number_format(
    *, decimals: int, suffix: str = "", prefix: str = "", is_signed: bool = False
) -> str:
    """Excel's format for a figure: the number alone is the cell's value.

    A per cent sign is a label here: 63.4 stays 63.4 in every cell, as in all that we write
    and read. As 0.634 under Excel's own sign it would no longer be the same float when read
    back, and pasted elsewhere as a value it would be a fraction among percentages.

    Args:
        decimals: How many are shown.
        suffix: Follows the number, such as `%`.
        prefix: Stands before it.
        is_signed: Whether a plus sign stands at what is above 0.

    Example:
        >>> number_format(decimals=1, suffix="%"), number_format(decimals=0, is_signed=True)
        ('#,##0.0"%"', '+#,##0;-#,##0;0')
    """
    digits = "0." + "0" * decimals if decimals else "0"
    before, after = (f'"{each}"' if each else "" for each in (prefix, suffix))
    shown = f"{before}#,##{digits}{after}"
    return f"+{shown};-{shown};{digits}{after}" if is_signed else shown


def decimals_of(value: float) -> int:
    """How many decimals a number was written with.

    Example:
        >>> decimals_of(92.5), decimals_of(647.0)
        (1, 0)
    """
    return len(plain(value).partition(".")[2])


def _cut(text: str, longest: int) -> str:
    """As many words of a text as fit; Excel counts in UTF-16, and no name ends in an apostrophe."""
    cut = text
    while len(cut.encode("utf-16-le")) > 2 * longest:
        cut = cut[:-1]
    whole = cut.rpartition(" ")[0] if text[len(cut) :][:1].strip() else ""
    return (whole if len(whole) > longest // 2 else cut).rstrip(" '")
