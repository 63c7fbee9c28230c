"""How wide a workbook's columns and how high its rows must be for all text to be seen.

Excel fits a row to its text only where it wishes to, other programs never do, and a number
without room shows as `####`; so both are worked out here, rather too large than too small.
Drawing is left to `kpi.renderers.workbook`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from kpi.renderers.chart_scale import width_of_text
from kpi.renderers.workbook_sheets import SheetCell, SheetColumn, SheetTable, cell_text

FONT, SIZE = "Arial", 12
"""The letters of every sheet: the rules ask for no serifs and at least 12 points."""

TITLE_SIZE = 15

_PIXELS = SIZE * 4 / 3
_DIGIT = 9  # pixels of a digit in these letters; widths of columns count in it
_PADDING = 14
_BUTTON = 22  # what a filter's button takes of its heading
_LINE = 15.75
_HIGHEST = 409  # points that Excel allows
_LONGEST_WORD = 40  # characters; of a longer word a column need not be as wide
_BOLD = 1.08
_SLACK = 0.5  # pixels; a text that a column was made for is not to break
_RESERVE = 1.06  # programs set the same letters a little closer or wider
# Thousandths of the size that a letter of Arial takes.
_LETTERS = {
    222: "ijl'",
    278: " !,./:;I[]\\ft|",
    333: "()-`r",
    389: '*"',
    500: "ckvsxyzJ^{}",
    556: "0123456789abdeghnopqu?_#$L",
    584: "+<=>~",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTHS = {letter: share / 1000 for share, letters in _LETTERS.items() for letter in letters}
_DIGITS = re.compile(r"\+?(?:#,##)?0(?:\.(0+))?")


def column_widths(table: SheetTable) -> tuple[float, ...]:
    """The width of each column, in digits: no number and no usual word is cut.

    Args:
        table: Its columns say how wide texts may at most become before they break.
    """
    cells = zip(*table.rows, strict=True)
    return tuple(
        _width(column, found, is_filtered=table.is_filtered)
        for column, found in zip(table.columns, cells, strict=True)
    )


def heading_height(table: SheetTable, *, widths: Sequence[float]) -> float:
    """The height of a table's headings, in points."""
    button = _BUTTON if table.is_filtered else 0
    room = [width * _DIGIT - _PADDING - button for width in widths]
    titles = (cell_text(column.title) for column in table.columns)
    return _height(max(map(_bold_lines, titles, room)))


def row_height(cells: Sequence[SheetCell], *, widths: Sequence[float]) -> float:
    """The height of a row, in points, where its texts break within these widths."""
    room = [width * _DIGIT - _PADDING for width in widths]
    return _height(max(map(_lines, map(shown, cells), room)))


def shown(cell: SheetCell) -> str:
    """What a cell shows, of a number the longest that it may: with a sign.

    Example:
        >>> shown(SheetCell(1234.5, '#,##0.0"% [r]"'))
        '-1,234.5% [r]'
    """
    if isinstance(cell.value, str):
        return cell_text(cell.value)
    found = _DIGITS.search(cell.number_format)
    decimals = len(found[1] or "") if found else 0
    digits = f"-{abs(cell.value):,.{decimals}f}"
    first = cell.number_format.partition(";")[0].replace('"', "")
    return _DIGITS.sub(digits, first, count=1) if first else digits


def _width(column: SheetColumn, cells: Sequence[SheetCell], *, is_filtered: bool) -> float:
    """As much as its texts need, up to its own width; more only for a number or a word."""
    button = _BUTTON if is_filtered else 0
    title = cell_text(column.title)
    needed = max([*map(_unbreakable, cells), _BOLD * _longest_word(title) + button])
    whole = max(
        [_BOLD * _text_width(title) + button, *(_text_width(shown(each)) for each in cells)]
    )
    wanted = min(whole, column.width * _DIGIT - _PADDING)
    return (max(needed, wanted) + _PADDING) / _DIGIT


def _unbreakable(cell: SheetCell) -> float:
    """What of a cell must stand on one line: a number whole, of a text its longest word."""
    text = shown(cell)
    return _longest_word(text) if isinstance(cell.value, str) else _text_width(text)


def _longest_word(text: str) -> float:
    return max((_text_width(word[:_LONGEST_WORD]) for word in text.split()), default=0)


def _bold_lines(text: str, room: float) -> int:
    return _lines(text, room / _BOLD)


def _lines(text: str, room: float) -> int:
    """How many lines a text takes: it breaks between words, within one only where it must."""
    lines, used, room = 1, 0.0, room + _SLACK
    for word in text.split():
        width = _text_width(word)
        blank = _text_width(" ") if used else 0.0
        if used and used + blank + width > room:
            lines, used, blank = lines + 1, 0.0, 0.0
        used += blank + width
        lines += max(math.ceil(used / room) - 1, 0)
        used -= room * max(math.ceil(used / room) - 1, 0)
    return lines


def _text_width(text: str) -> float:
    """How many pixels a text takes at most; letters beyond ASCII are taken for broad ones."""
    widths = (_WIDTHS.get(each) or width_of_text(each, size=1) for each in text)
    return _RESERVE * _PIXELS * sum(widths)


def _height(lines: int) -> float:
    return min(lines * _LINE + 1.5, _HIGHEST)
