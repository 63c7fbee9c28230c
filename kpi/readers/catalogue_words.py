"""The words of a catalogue's mistakes: what is wanted, what was there, what was meant.

What comes from the file is quoted short and without control characters, so that a
message cannot move a terminal's cursor.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from kpi.domain.visible import visible

_SHOWN = 40
_SEARCHED = 500
# Python refuses to write out whole numbers of many digits.
_LARGE = 1e18


def wanted(what: str, value: object) -> str:
    """What should stand there, what does, and what to type where that is plain.

    Example:
        >>> wanted("a number", "90")
        'a number is wanted, not the text `90`: take away the quotes'
    """
    return f"{what} is wanted, not {_description(value)}{_remedy(what, value)}"


def not_allowed(value: object, allowed: Sequence[object]) -> str:
    """That a word is none of those allowed, with the nearest and all of them.

    Example:
        >>> not_allowed("lo", ("high", "low"))
        '`lo` is not allowed; did you mean `low`? allowed: `high`, `low`'
    """
    words = [str(word) for word in allowed]
    if not isinstance(value, str):
        return f"{_description(value)} is not allowed; allowed: {listed(words)}"
    return f"{quoted(value)} is not allowed{meant(value, words) or ';'} allowed: {listed(words)}"


def known_keys(key: str, known: Sequence[str]) -> str:
    """Of an unknown key the nearest known one, or all of them."""
    return meant(key, known) or f"; known: {listed(known)}"


def meant(said: str, words: Iterable[str]) -> str:
    """`; did you mean ...?` with the nearest of some words; empty where none is near."""
    near = nearest(said, words)
    return f"; did you mean {quoted(near)}?" if near else ""


def nearest(said: str, words: Iterable[str]) -> str:
    """The nearest of some words; empty where none is near."""
    plain = {_plain(word): word for word in list(words)[:_SEARCHED]}
    close = difflib.get_close_matches(_plain(said), plain, n=1, cutoff=0.6)
    return plain[close[0]] if close else ""


def listed(words: Iterable[str]) -> str:
    """Words in backticks, with commas."""
    return ", ".join(quoted(word) for word in words)


def quoted(text: str) -> str:
    """A text in backticks, short, control characters made visible."""
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return f"`{visible(short)}`"


def _plain(text: str) -> str:
    return text[: 2 * _SHOWN].casefold().replace("_", "-").strip()


def _description(value: object) -> str:
    if isinstance(value, str):
        return f"the text {quoted(value)}" if value else "empty text"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"the number {quoted(str(value))}" if abs(value) < _LARGE else "a large number"
    names = {datetime: "a date with a time", date: "a date", time: "a time", list: "a list"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "a table")


def _remedy(what: str, value: object) -> str:
    if what == "text" and isinstance(value, int | float | date | time):
        return ": put it in quotes"
    if not isinstance(value, str):
        return ": take away the time" if what == "a date" and isinstance(value, datetime) else ""
    if _reads_as(what, value):
        return ": take away the quotes"
    return ": take away the quotes and the sign" if _reads_as(what, value.rstrip("% ")) else ""


def _reads_as(what: str, text: str) -> bool:
    try:
        if what == "a date":
            date.fromisoformat(text)
        elif what == "a whole number":
            int(text)
        elif "number" in what:
            float(text)
        else:
            return text in ("true", "false") and what.startswith("`true`")
    except ValueError:
        return False
    return True
