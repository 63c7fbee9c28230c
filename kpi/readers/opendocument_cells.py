"""One cell of an OpenDocument spreadsheet: its tag's attributes and text to a value.

The value is taken from the attributes, which hold it unrounded, and the text only where
the value is a text, or where it alone says that the cell shows an error. Rows, repeats and
sheets are left to `opendocument`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kpi.readers.grid import CellValue, GridCell
from kpi.readers.markup import Attributes
from kpi.readers.preflight import MAX_TEXT
from kpi.readers.sheets import NO_RESULT, NOT_READABLE, RAISED, SAFE_DIGITS

_NUMBERS = ("float", "percentage", "currency")
_ERROR = re.compile(r"#(?:DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!)|(?:Err:|#ERR)[0-9]{3}!?")
_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>[0-9]{1,7})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,7})H)?(?:(?P<minutes>[0-9]{1,9})M)?"
    r"(?:(?P<seconds>[0-9]{1,9}(?:\.[0-9]+)?)S)?)?"
)
_YEAR = re.compile(r"[12][0-9]{3}")
_DAY = timedelta(days=1)
_ENOUGH = 2 * MAX_TEXT  # characters of a text that is too long anyway
# What stands in for written white space until the rest has been joined; XML forbids all three.
_SPACE, _TAB, _BREAK = "\x00", "\x01", "\x02"
_WRITTEN = str.maketrans({_SPACE: " ", _TAB: "\t", _BREAK: "\n"})
_JOINED = re.compile(r"[ \t\r\n]+")


@dataclass(slots=True)
class CellText:
    """Collects what a cell shows; comments, pictures and phonetic readings are no part of it.

    Attributes:
        raised: Names of the text styles that raise what they dress.
    """

    raised: set[str]
    _paragraphs: list[str] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    _size: int = 0
    _depth: int = 0
    _skipped: int = 0
    _spans: list[bool] = field(default_factory=list)

    def begin(self) -> None:
        """A cell begins."""
        self._paragraphs, self._size, self._depth, self._skipped = [], 0, 0, 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """A tag inside the cell begins."""
        if self._skipped or not tag.startswith("text:") or tag == "text:ruby-text":
            self._skipped += 1
            return
        if tag in ("text:p", "text:h"):
            self._depth, self._said, self._spans = self._depth + 1, [], []
        elif tag == "text:span":
            self._spans.append(attributes.get("text:style-name") in self.raised)
        elif tag == "text:s":
            self._add(_SPACE * max(1, min(int(attributes.get("text:c", "1")), _ENOUGH)))
        elif tag == "text:tab":
            self._add(_TAB)
        elif tag == "text:line-break":
            self._add(_BREAK)

    def text(self, said: str) -> None:
        """Characters inside the cell."""
        if self._depth and not self._skipped:
            self._add(said.translate(RAISED) if any(self._spans) else said)

    def end(self, tag: str) -> None:
        """A tag inside the cell ends."""
        if self._skipped:
            self._skipped -= 1
        elif tag in ("text:p", "text:h"):
            self._depth -= 1
            joined = _JOINED.sub(" ", "".join(self._said)).strip(" ")
            self._paragraphs.append(joined.translate(_WRITTEN))
            self._said = []
        elif tag == "text:span":
            self._spans.pop()

    def whole(self) -> str:
        """What the cell shows, its paragraphs on lines of their own."""
        return "\n".join(self._paragraphs)

    def _add(self, said: str) -> None:
        if self._size < _ENOUGH:
            self._size += len(said)
            self._said.append(said)


def read_opendocument_cell(attributes: Attributes, *, shown: str) -> GridCell | None:
    """What a cell holds; null where it says nothing.

    A percentage keeps its stored fraction and gets the format `0%`, so that 0.634 is read
    as 63.4. An error is a fault, though it is stored as an empty text or as a number.

    Args:
        attributes: Those of the cell's tag.
        shown: The cell's text.
    """
    said = shown.strip()
    if _ERROR.fullmatch(said):
        return GridCell(said, fault=said)
    kind = attributes.get("office:value-type", "")
    if kind in ("string", "error") and _is_error(attributes):
        return GridCell(said or None, fault=said or "error")
    if kind in ("", "void", "string"):
        return _text_cell(attributes, shown=shown, is_typed=kind == "string")
    stored = attributes.get(f"office:{_attribute(kind)}")
    if stored is None:
        return _text_cell(attributes, shown=shown, is_typed=False)
    try:
        value = _value(stored, kind=kind)
    except (ValueError, ArithmeticError):
        return GridCell(stored, fault=NOT_READABLE)
    return GridCell(value, _format(kind, shown=said))


def _is_error(attributes: Attributes) -> bool:
    """Whether an extension of the format, under whatever prefix, says so."""
    kinds = {said for name, said in attributes.items() if name.endswith(":value-type")}
    return "error" in kinds


def _text_cell(attributes: Attributes, *, shown: str, is_typed: bool) -> GridCell | None:
    text = attributes.get("office:string-value") or shown
    if text.strip():
        return GridCell(text)
    # A formula whose result is an empty text is typed as a text, and looks blank.
    if "table:formula" in attributes and not is_typed:
        return GridCell(None, fault=NO_RESULT)
    return None


def _attribute(kind: str) -> str:
    return "value" if kind in _NUMBERS else f"{kind}-value"


def _format(kind: str, *, shown: str) -> str:
    if kind == "percentage":
        return "0%"
    return "yyyy" if kind == "date" and _YEAR.fullmatch(shown) else "General"


def _value(stored: str, *, kind: str) -> CellValue:
    if kind in _NUMBERS:
        is_whole = stored.isdecimal() and len(stored) <= SAFE_DIGITS
        return int(stored) if is_whole else float(stored)
    if kind == "boolean":
        return stored == "true"
    if kind == "date":
        return datetime.fromisoformat(stored).replace(tzinfo=None)
    if kind == "time":
        return _time(stored)
    raise ValueError(kind)


def _time(stored: str) -> CellValue:
    """A time of day, or a duration where it is none."""
    found = _DURATION.fullmatch(stored)
    if found is None:
        raise ValueError(stored)
    said = {unit: float(found[unit] or 0) for unit in ("days", "hours", "minutes", "seconds")}
    lasted = timedelta(**said)
    if found["sign"]:
        return -lasted
    return (datetime.min + lasted).time() if lasted < _DAY else lasted
