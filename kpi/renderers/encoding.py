"""What an encoding lacks, said in characters that it has; and a document made safe to draw.

A Windows pipe speaks cp1252, a bare server ASCII: a dash becomes a hyphen, `£` becomes
`GBP`, an accent is dropped, and what has no likeness is spelt out. Nothing raises.
Replacing comes before measuring, so columns stay in line.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from kpi.domain.chart import SpcChart
from kpi.domain.paper.document import (
    Block,
    Cell,
    Document,
    Listing,
    Paragraph,
    Picture,
    Preformatted,
    Section,
    Table,
)
from kpi.domain.visible import escaped, visible

_LIKENESS = {
    " ": " ",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "―": "-", "‘": "'", "’": "'", "‚": "'",
    "“": '"', "”": '"', "„": '"', "…": "...", "•": "*", "·": "-", "×": "x", "÷": "/",
    "£": "GBP ", "€": "EUR ", "§": "section ", "±": "+/-", "≤": "<=", "≥": ">=", "≠": "!=",
    "≈": "~", "→": "->", "←": "<-", "↑": "^", "↓": "v", "▲": "^", "▼": "v", "●": "o",
    "○": "o", "★": "*", "◆": "+", "■": "#", "□": "#", "°": " deg", "²": "2", "³": "3",
    "─": "-", "━": "-", "│": "|", "┃": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+",
    "┤": "+", "┬": "+", "┴": "+", "┼": "+", "═": "=", "║": "|", "╭": "+", "╮": "+", "╰": "+",
    "╯": "+", "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%", "█": "#",
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l",
    "Ł": "L", "đ": "d", "Đ": "D", "þ": "th", "Þ": "Th", "ð": "d",
}  # fmt: skip


def can_say(text: str, *, encoding: str) -> bool:
    """Whether an encoding has every character of a text; one nobody knows has only ASCII's."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    except LookupError:
        return text.isascii()
    return True


def folded(text: str, *, encoding: str) -> str:
    """The text in characters that an encoding has.

    Example:
        >>> folded("Cost – £40, Château ▲", encoding="ascii")
        'Cost - GBP 40, Chateau ^'
    """
    if text.isascii() or can_say(text, encoding=encoding):
        return text
    return "".join(_folded_character(each, encoding=encoding) for each in text)


def readable(document: Document, *, encoding: str = "utf-8") -> Document:
    """The document with every text cleaned and folded, and every row as long as its table.

    Every renderer of documents begins with this; beginning twice changes nothing.

    Raises:
        ValueError: A row has more cells than its table has columns.
    """
    return Document(
        _safe(document.title, encoding),
        _all_safe(document.lines, encoding),
        tuple(_safe_section(each, encoding) for each in document.sections),
        _all_safe(document.notes, encoding),
    )


def _safe(text: str, encoding: str) -> str:
    return folded(visible(text), encoding=encoding)


def _all_safe(texts: tuple[str, ...], encoding: str) -> tuple[str, ...]:
    return tuple(_safe(each, encoding) for each in texts)


def _safe_section(section: Section, encoding: str) -> Section:
    blocks = tuple(_safe_block(each, encoding) for each in section.blocks)
    return Section(_safe(section.title, encoding), blocks)


def _safe_block(block: Block, encoding: str) -> Block:
    match block:
        case Paragraph(text=text, label=label):
            return replace(block, text=_safe(text, encoding), label=_safe(label, encoding))
        case Listing(items=items):
            return Listing(_all_safe(items, encoding))
        case Preformatted(lines=lines):
            return Preformatted(_all_safe(lines, encoding))
        case Picture(chart=chart):
            return Picture(_safe_chart(chart, encoding))
        case Table():
            return _safe_table(block, encoding)


def _safe_table(table: Table, encoding: str) -> Table:
    count = len(table.columns)
    if any(len(row) > count for row in table.rows):
        raise ValueError("a row has more cells than its table has columns")
    return Table(
        tuple(replace(each, title=_safe(each.title, encoding)) for each in table.columns),
        tuple(
            tuple(Cell(_safe(cell.text, encoding), cell.tone) for cell in row)
            + (Cell(),) * (count - len(row))
            for row in table.rows
        ),
        {row: _safe(heading, encoding) for row, heading in table.groups.items()},
    )


def _safe_chart(chart: SpcChart, encoding: str) -> SpcChart:
    starts = tuple(replace(each, why=_safe(each.why, encoding)) for each in chart.starts)
    return replace(chart, title=_safe(chart.title, encoding), starts=starts)


def _folded_character(character: str, *, encoding: str) -> str:
    if can_say(character, encoding=encoding):
        return character
    if character in _LIKENESS:
        return _LIKENESS[character]
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", character) if not unicodedata.combining(each)
    )
    if bare != character and can_say(bare, encoding=encoding):
        return bare
    return escaped(character)
