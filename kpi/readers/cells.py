r"""What one cell says: a figure, or why there is none; and what one target says.

The words and signs are those of councils, of Explore Education Statistics and of the
Government Statistical Service's shorthand. Anything not certain is `unreadable`, never a
number. Whether the figure is likely, and which indicator it belongs to, is left to others.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Literal, get_args

from kpi.domain.observation import Mark, State
from kpi.domain.visible import visible
from kpi.readers.grid import CellValue, GridCell

TargetPer = Literal["month", "quarter", "year"]

LARGEST = 1e15
"""Largest figure that is believed; beyond it a float no longer counts in ones."""
LONGEST = 100
"""Most characters in a cell that says a figure or a state; longer ones are prose."""
_SHOWN_DECIMALS = 15

# Invisible characters that copying from web pages and scans leaves around a figure.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

_STATES: dict[str, State] = {
    **dict.fromkeys(("tbc", "t.b.c.", "tba", "tbd", "to be confirmed", "awaited"), "awaited"),
    **dict.fromkeys(("n/a", "n / a", "n.a.", "na", "z", "[z]", "not applicable"), "not_applicable"),
    **dict.fromkeys(("x", "[x]", "..", ":", "-", "‑", "–", "—", "−", "not available"),
                    "not_available"),
    **dict.fromkeys(("c", "[c]", "*", "suppressed"), "suppressed"),
    **dict.fromkeys(("low", "[low]", "k", "[k]"), "rounds_to_zero"),
    **dict.fromkeys(("u", "[u]"), "unreliable"),
}  # fmt: skip
_MARKS: dict[str, Mark] = {
    **dict.fromkeys(("p", "prov", "provisional"), "provisional"),
    **dict.fromkeys(("r", "rev", "revised"), "revised"),
    **dict.fromkeys(("b", "break"), "break"),
    **dict.fromkeys(("e", "est", "estimate", "estimated"), "estimate"),
}  # fmt: skip

_MARK_ORDER: tuple[Mark, ...] = get_args(Mark)

# What may follow a figure or a word and is no part of it: marks and footnote signs.
_TAIL = re.compile(
    r"""\s*(?:
      [\[(](?P<mark>p|prov|provisional|r|rev|revised|b|break|e|est|estimate|estimated)[\])]
    | \[(?:notes?\s*)?[0-9]{1,2}(?:(?:\s*,\s*|\s+and\s+)[0-9]{1,2})*\]
    | \((?:see\s+)?notes?\s*[0-9]{1,2}\)
    | [*†‡§]+
    | [⁰¹²³⁴⁵⁶⁷⁸⁹]+
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_TAIL_ENDS = frozenset("])*†‡§⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBER = re.compile(
    r"""(?P<open>\(\s*)?
    (?P<sign>[-+−‑–])?
    (?:£\s?(?P<sign_after>[-−‑–])?)?
    (?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)?
    (?P<fraction>\.[0-9]+)?
    (?P<exponent>[eE][-+][0-9]{1,3})?
    (?P<percent>\s*(?:%|per\s?cent\b))?
    (?P<close>\s*\))?
    (?P<percent_after>\s*%)?""",
    re.IGNORECASE | re.VERBOSE,
)
# How papers write a count that is hidden because it is small.
_SMALL_COUNT = re.compile(
    r"(?:<=?|≤|fewer\s+than|less\s+than|under|below)\s*(?:[2-9]|1[0-9]|20)"
    r"|1\s*(?:to|-|–)\s*[45]|[45]\s+or\s+(?:fewer|less)",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"(?:[<>]=?|=[<>]?|[≤≥]|at\s+(?:most|least)|(?:no|not)\s+(?:more|less|fewer)\s+than|"
    r"(?:more|less|fewer)\s+than|under|below|over|above|up\s+to|max(?:imum)?|min(?:imum)?)"
    r"(?:\s+of)?\s*:?\s*",
    re.IGNORECASE,
)
_AIM_AFTER = re.compile(
    r"\s*(?:\+|(?:or|and)\s+(?:above|over|more|higher|better|below|under|less|fewer|lower)|"
    r"max(?:imum)?|min(?:imum)?)$",
    re.IGNORECASE,
)
_PER_AFTER = re.compile(
    r"\s*\(?(?:(?:/\s*|\b(?:per|an?|each|every|in\s+the|in\s+a)\s+)"
    r"(?P<long>month|mth|quarter|qtr|year|yr|annum)"
    r"|(?<=[\s\d%])(?P<short>monthly|quarterly|yearly|annually|annual|p\.?c\.?m\.?|p\.?m\.?|"
    r"p\.?q\.?|p\.?a\.?))\)?$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?:between\s+)?(?P<low>.+?)\s*(?:\bto\b|\band\b|-|–)\s*(?P<high>.+)", re.I)
_FORMAT_TOKEN = re.compile(r'"[^"]*"?|[\\_*].|\[[^\]]*\]|.', re.DOTALL)
_CONDITION = re.compile(r"\[(?P<how><=|>=|<>|<|>|=)(?P<limit>-?[0-9]+(?:\.[0-9]+)?)\]")


@dataclass(frozen=True, slots=True)
class CellReading:
    """What a cell says.

    Attributes:
        value: Its figure, percentages as 63.4; null in every state but `value`.
        state: `value`, or why there is none.
        marks: What its signs say of the figure, in the order of `Mark`.
        raw: The cell as typed, as the reader of the sheet saw it; unrounded, and with
            control characters written out.
        percent: Whether it is shown with a percent sign that scales or was typed.
    """

    value: float | None
    state: State
    marks: tuple[Mark, ...] = ()
    raw: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class TargetReading:
    """What a cell in a target column says.

    Attributes:
        value: The aim; null in every state but `value`.
        state: `value`, or why there is none. A band (`30 to 40`) is no single aim, so it
            is `unreadable`, with its edges in `low` and `high`.
        per: The period that its words speak of; null where they name none.
        low: The lower edge of a band; null otherwise.
        high: The upper edge of a band; null otherwise.
        raw: The cell as typed.
        percent: Whether it carries a percent sign.
    """

    value: float | None
    state: State
    per: TargetPer | None = None
    low: float | None = None
    high: float | None = None
    raw: str = ""
    percent: bool = False


def read_cell(cell: GridCell | None) -> CellReading:
    """What a cell in an outturn or comparator column says; a cell that is absent is blank.

    Example:
        >>> said = read_cell(GridCell("1,897 [r]"))
        >>> said.value, said.state, said.marks, said.raw
        (1897.0, 'value', ('revised',), '1,897 [r]')
        >>> read_cell(GridCell(0.57, "0.0%")).value, read_cell(GridCell("s01")).state
        (57.0, 'unreadable')
    """
    if cell is None or (cell.value is None and not cell.fault):
        return CellReading(None, "blank")
    if cell.fault:
        return CellReading(None, "unreadable", raw=_shown(cell.value) or visible(cell.fault))
    if isinstance(cell.value, str):
        return _read_text(cell.value)
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return _read_number(cell.value, number_format=cell.number_format)
    return CellReading(None, "unreadable", raw=_shown(cell.value))


def read_target(cell: GridCell | None) -> TargetReading:
    """What a cell in a target column says: `90%`, `at most 36`, `300 per month`, `TBC`.

    Example:
        >>> said = read_target(GridCell("1,400 per month"))
        >>> said.value, said.per
        (1400.0, 'month')
        >>> read_target(GridCell("<= 8%")).value, read_target(GridCell("TBC")).state
        (8.0, 'awaited')
    """
    said = read_cell(cell)
    plain = TargetReading(said.value, said.state, raw=said.raw, percent=said.percent)
    if said.state not in ("unreadable", "suppressed") or cell is None or cell.fault:
        return plain
    text = _trimmed(cell.value) if isinstance(cell.value, str) else ""
    if not text or len(text) > LONGEST or _folded(text) in _STATES:
        return plain
    return _read_aim(text, plain=plain)


def _read_text(text: str) -> CellReading:
    said = _trimmed(text)
    if not said:
        return CellReading(None, "blank")
    if len(said) > LONGEST:
        return CellReading(None, "unreadable", raw=visible(said))
    return _read_short(said)


@lru_cache(maxsize=8192)  # published files say the same few thousand things half a million times
def _read_short(said: str) -> CellReading:
    raw = visible(said)
    bare, marks = _without_tail(said)
    if state := _STATES.get(_folded(bare)):
        return CellReading(None, state, marks, raw)
    if _SMALL_COUNT.fullmatch(bare):
        return CellReading(None, "suppressed", marks, raw)
    number = _parse_number(bare)
    if number is None:
        return CellReading(None, "unreadable", raw=raw)
    value, percent = number
    return CellReading(value, "value", marks, raw, percent)


def _read_number(value: float, *, number_format: str) -> CellReading:
    if abs(value) > LARGEST or not math.isfinite(value):
        return CellReading(None, "unreadable", raw=str(Decimal(value).normalize()))
    signs = _percent_signs(number_format, value=value)
    # Moving the point in the shortest text that names the float rounds nothing: 0.57 is 57.
    scaled = Decimal(repr(value)).scaleb(2 * signs)
    figure = _figure(scaled)
    if figure is None:
        return CellReading(None, "unreadable", raw=_plain(scaled) + "%" * signs)
    return CellReading(figure, "value", raw=_plain(scaled) + "%" * signs, percent=signs > 0)


def _read_aim(text: str, *, plain: TargetReading) -> TargetReading:
    bare, _ = _without_tail(text)
    per: TargetPer | None = None
    for _ in range(2):  # `300 or fewer per month` and `300 per month or fewer`
        if per is None and (found := _PER_AFTER.search(bare)):
            per, bare = _per(found), bare[: found.start()]
        bare = _AIM_AFTER.sub("", bare)
    bare = _AIM.sub("", bare, count=1) if _AIM.match(bare) else bare
    if number := _parse_number(bare.strip()):
        value, percent = number
        return TargetReading(value, "value", per, raw=plain.raw, percent=percent)
    if band := _band(bare):
        return TargetReading(None, "unreadable", per, *band, raw=plain.raw, percent="%" in bare)
    return plain


def _band(text: str) -> tuple[float, float] | None:
    found = _RANGE.fullmatch(text.strip())
    low = _parse_number(found["low"]) if found else None
    high = _parse_number(found["high"]) if found else None
    return (low[0], high[0]) if low and high and low[0] < high[0] else None


def _per(found: re.Match[str]) -> TargetPer:
    said = (found["long"] or found["short"]).lower().replace(".", "")
    if said.startswith("m") or said in ("pm", "pcm"):
        return "month"
    return "quarter" if "q" in said else "year"


def _trimmed(text: str) -> str:
    """A text without the white space, hard spaces included, and invisible signs around it."""
    return text.strip().strip(_INVISIBLE).strip()


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _without_tail(text: str) -> tuple[str, tuple[Mark, ...]]:
    """A text without the marks and footnote signs behind it, and what the marks say."""
    said: set[Mark] = set()
    while text[-1] in _TAIL_ENDS and (found := _TAIL.search(text)) and found.start() > 0:
        text = text[: found.start()]
        if found["mark"]:
            said.add(_MARKS[found["mark"].lower()])
    return text, tuple(mark for mark in _MARK_ORDER if mark in said)


def _parse_number(text: str) -> tuple[float, bool] | None:
    """A number as people type it, and whether with a percent sign; null for anything else."""
    found = _NUMBER.fullmatch(text)
    if found is None or not (found["whole"] or found["fraction"]):
        return None
    signs = [sign for sign in (found["sign"], found["sign_after"], found["open"]) if sign]
    percents = [percent for percent in (found["percent"], found["percent_after"]) if percent]
    if bool(found["open"]) != bool(found["close"]) or len(signs) > 1 or len(percents) > 1:
        return None
    digits = (found["whole"] or "0").replace(",", "")
    number = Decimal(digits + (found["fraction"] or "") + (found["exponent"] or ""))
    figure = _figure(-number if signs and signs != ["+"] else number)
    return None if figure is None else (figure, bool(percents))


def _figure(number: Decimal) -> float | None:
    """A number as a float; null where it is too large, or too small to be told from zero."""
    if number.is_zero():
        return 0.0
    if abs(number) > LARGEST:
        return None
    return float(number) or None


def _plain(number: Decimal) -> str:
    """A number in digits alone, without decimals that say nothing: `63.4`, `530`."""
    if number.adjusted() < -_SHOWN_DECIMALS:
        return str(number)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def _shown(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return visible(_trimmed(str(value)))


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of a number format: when it holds, and how many percent signs scale in it."""

    condition: tuple[str, float] | None
    percent_signs: int
    is_empty: bool


def _percent_signs(number_format: str, *, value: float) -> int:
    """How many percent signs a number format scales this value by."""
    if "%" not in number_format:
        return 0
    sections = _sections(number_format)
    section = next(
        (
            section
            for place, section in enumerate(sections)
            if _holds(section, place=place, count=len(sections), value=value)
        ),
        sections[-1],
    )
    # A section with nothing in it hides the figure, which is still the same kind of figure.
    return sections[0].percent_signs if section.is_empty else section.percent_signs


def _holds(section: _Section, *, place: int, count: int, value: float) -> bool:
    """Whether a section of a number format is the one for this value, as Excel chooses."""
    if section.condition:
        how, limit = section.condition
        compared = {"<": value < limit, "<=": value <= limit, ">": value > limit,
                    ">=": value >= limit, "=": value == limit, "<>": value != limit}  # fmt: skip
        return compared[how]
    if place == 0:
        return count == 1 or value > 0 or (count == 2 and value == 0)
    return value < 0 if place == 1 and count > 2 else True


@lru_cache(maxsize=256)
def _sections(number_format: str) -> tuple[_Section, ...]:
    """The sections of a number format that numbers use; the fourth is for text."""
    sections = []
    condition, signs, is_empty = None, 0, True
    for token in [*_FORMAT_TOKEN.findall(number_format), ";"]:
        if token == ";":
            sections.append(_Section(condition, signs, is_empty))
            condition, signs, is_empty = None, 0, True
            continue
        is_empty = False
        signs += token == "%"
        if found := _CONDITION.fullmatch(token):
            condition = (found["how"], float(found["limit"]))
    return tuple(sections[:3])
