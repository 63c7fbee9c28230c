"""How figures, limits and periods of a trend read: shared by its sentences and notes.

Takes rows of `kpi.domain.trend.verdicts` as dictionaries: wording, not arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kpi.domain.catalogue import Indicator
from kpi.domain.held import SIGNIFICANT_DIGITS
from kpi.domain.period import Period, long_label
from kpi.domain.reasons import MAX_DECIMALS
from kpi.domain.words import PER_WORDS, figure, number, plain

Card = dict[str, Any]

SPANS = {1: "month", 3: "quarter", 12: "year"}
EACH = {1: "monthly", 3: "quarterly", 12: "yearly"}

_ALL = 100.0
_WAYS = {
    "special_cause_concern": "for the worse",
    "special_cause_improvement": "for the better",
    "special_cause_neutral_high": "upwards",
    "special_cause_neutral_low": "downwards",
}


def change_words(variation: str | None, *, is_trial: bool) -> str:
    """What a variation is called; empty where it is no signal.

    Args:
        variation: One of `kpi.domain.statistics.spc_rules.POINT_TYPES`, or null.
        is_trial: Whether the limits are not settled: the change is then only possible.

    Example:
        >>> change_words("special_cause_concern", is_trial=True)
        'a possible change for the worse'
    """
    way = _WAYS.get(variation or "")
    return f"a {'possible' if is_trial else 'real'} change {way}" if way else ""


def period_ending(end: date, *, months: int, indicator: Indicator) -> Period:
    """The period of so many months that ends on a day, in the indicator's kind of year."""
    last = Period.of_month(end.year, end.month)
    return Period(last.shifted(1 - months).start, months, indicator.year)


def when(end: date, card: Card, indicator: Indicator) -> str:
    """The period of a series that ends on a day, as prose says it."""
    return long_label(period_ending(end, months=card["period_months"], indicator=indicator))


def spans(count: int, card: Card) -> str:
    """So many periods of a series: `1 month`, `5 quarters`."""
    span = SPANS[card["period_months"]]
    return f"{count} {span}" if count == 1 else f"{count} {span}s"


def said(value: float, indicator: Indicator, *, beside: Sequence[float | None] = ()) -> str:
    """A figure with its unit, as the indicator is shown, but told from the figures beside it."""
    return _told(value, indicator, decimals=indicator.shown_decimals, beside=beside)


def limit(value: float, indicator: Indicator, *, beside: float | None = None) -> str:
    """A mean or a limit with a decimal at least, told from the figure beside it."""
    return _told(value, indicator, decimals=max(indicator.shown_decimals, 1), beside=(beside,))


def prints_alike(one: float, other: float, indicator: Indicator) -> bool:
    """Whether a figure and a limit look the same with a limit's usual decimals."""
    decimals = max(indicator.shown_decimals, 1)
    return number(one, decimals=decimals) == number(other, decimals=decimals)


def _told(
    value: float, indicator: Indicator, *, decimals: int, beside: Sequence[float | None]
) -> str:
    """A figure with as many decimals as tell it from others, where they are not the same."""
    others = [each for each in beside if each is not None and not _same(each, value)]
    while decimals < MAX_DECIMALS and any(
        number(value, decimals=decimals) == number(other, decimals=decimals) for other in others
    ):
        decimals += 1
    return figure(value, outturn=indicator.outturn, decimals=decimals)


def _same(one: float, other: float) -> bool:
    return float(f"{one:.{SIGNIFICANT_DIGITS}g}") == float(f"{other:.{SIGNIFICANT_DIGITS}g}")


def shown_limits(card: Card, indicator: Indicator) -> tuple[float | None, float | None]:
    """The limits as they are shown: no share beyond 0 and 100 %, no count that never was below 0.

    Only for showing: no rule looks at them.
    """
    lower, upper = card["lower_limit"], card["upper_limit"]
    if lower is None or upper is None:
        return lower, upper
    if indicator.outturn == "percentage":
        return max(lower, 0.0), min(upper, _ALL)
    return (max(lower, 0.0) if card["lowest"] >= 0 else lower), upper


def target_words(card: Card, indicator: Indicator) -> str:
    """The target as it is written, without its bound: `100%`, `250 a month`."""
    unit = "%" if indicator.outturn == "percentage" else ""
    per = PER_WORDS.get(card["target_per"])
    return f"{plain(card['target_value'])}{unit}" + (f" {per}" if per else "")
