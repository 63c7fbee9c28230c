"""Numbers, dates and states as readers see them.

Every renderer takes its numbers from here, so that a figure reads the same on a
terminal, in an e-mail and in a web page; rounding is `kpi.domain.words`'s, so that it
also reads the same in a reason's sentence. What a page consists of is left to the
`Document`, how wide it is to `kpi.renderers.text`, which characters an encoding
lacks to `kpi.renderers.encoding`.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

from kpi.domain import words
from kpi.domain.period import month_name

MISSING = "–"
"""What stands where there is nothing to say; where a reason is known, its words stand instead."""

STATE_WORDS: dict[str, str] = {
    "awaited": "awaited (TBC)",
    "not_applicable": "not applicable",
    "not_available": "not available [x]",
    "suppressed": "suppressed [c]",
    "rounds_to_zero": "rounds to zero [low]",
    "unreliable": "unreliable [u]",
    "blank": "blank",
    "unreadable": "unreadable",
}
"""Why there is no value, for prose and wide columns."""

STATE_MARKS: dict[str, str] = {
    "awaited": "TBC",
    "not_applicable": "n/a",
    "not_available": "[x]",
    "suppressed": "[c]",
    "rounds_to_zero": "[low]",
    "unreliable": "[u]",
    "blank": "blank",
    "unreadable": "unread",
}
"""The same for narrow columns, in the shorthand of official statistics."""


def number(value: float | None, *, decimals: int = 0) -> str:
    """A number rounded half away from zero, with thousands commas; never `-0`.

    Args:
        value: The number; null, NaN and infinities are shown as missing.
        decimals: How many decimals to show.

    Example:
        >>> number(1978), number(84.85, decimals=1), number(-0.04, decimals=1)
        ('1,978', '84.9', '0.0')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    return words.number(value, decimals=decimals)


def signed(value: float | None, *, decimals: int = 0) -> str:
    """A difference: `number` with a plus sign where it is above 0.

    Example:
        >>> signed(4), signed(-24), signed(0.4)
        ('+4', '-24', '0')
    """
    shown = number(value, decimals=decimals)
    is_above = value is not None and value > 0 and shown.strip("0.")
    return f"+{shown}" if is_above else shown


def outturn(value: float | None, *, outturn_type: str, decimals: int, state: str = "value") -> str:
    """An outturn as printed: `63.4%`, `1,978`, or the mark of why there is none.

    Args:
        value: The outturn in its own unit, percentages as 63.4.
        outturn_type: `percentage`, `number` or `rate`.
        decimals: The indicator's shown decimals.
        state: The observation's state; it speaks where the value is null.

    Example:
        >>> outturn(63.45, outturn_type="percentage", decimals=1)
        '63.5%'
        >>> outturn(None, outturn_type="number", decimals=0, state="awaited")
        'TBC'
    """
    if _is_missing(value):
        return STATE_MARKS.get(state, MISSING)
    shown = number(value, decimals=decimals)
    return f"{shown}%" if outturn_type == "percentage" else shown


def difference(value: float | None, *, outturn_type: str, decimals: int) -> str:
    """A signed difference of two outturns; of two percentages it is in points, `pts`.

    Example:
        >>> difference(-40.0, outturn_type="percentage", decimals=0)
        '-40 pts'
    """
    exact = None if value is None else words.without_noise(value)
    shown = signed(exact, decimals=decimals)
    if _is_missing(value) or outturn_type != "percentage":
        return shown
    return f"{shown} pts"


def relative(percent: float | None, *, decimals: int = 0) -> str:
    """A signed relative change in per cent: `+17%`.

    Example:
        >>> relative(16.8)
        '+17%'
    """
    shown = signed(percent, decimals=decimals)
    return shown if _is_missing(percent) else f"{shown}%"


def state_words(state: str) -> str:
    """Why there is no value, in words; empty for the state `value`."""
    return STATE_WORDS.get(state, "")


def counted(count: int, one: str, many: str = "") -> str:
    """A count and its noun.

    Example:
        >>> counted(1, "figure"), counted(2, "figure"), counted(0, "entry", "entries")
        ('1 figure', '2 figures', '0 entries')
    """
    return f"{count:,d} {one if count == 1 else many or one + 's'}"


def day(date_: date) -> str:
    """A day in prose.

    Example:
        >>> day(date(2021, 11, 9))
        '9 Nov 2021'
    """
    return f"{date_.day} {month_name(date_.month)} {date_.year}"


def moment(time: datetime) -> str:
    """A day and time in prose, in UTC; a time without an offset is taken to be UTC.

    Example:
        >>> moment(datetime(2021, 11, 9, 6, 5))
        '9 Nov 2021, 06:05 UTC'
    """
    utc = _utc(time)
    return f"{day(utc)}, {utc:%H:%M} UTC"


def iso_moment(time: datetime) -> str:
    """A time in ISO 8601, in UTC, always with microseconds.

    Example:
        >>> iso_moment(datetime(2021, 11, 9, 6, 5))
        '2021-11-09T06:05:00.000000Z'
    """
    return _utc(time).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _is_missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)
