"""A comparison's working in words: how two figures were made alike, and what closes the gap.

Takes rows of a comparison as dictionaries: wording, not arithmetic.
"""

from __future__ import annotations

from typing import Any

from kpi.domain.catalogue import Indicator
from kpi.domain.period import Period, long_label, parse_period
from kpi.domain.words import figure, number, plain

Row = dict[str, Any]

CHILDREN = "children aged 0 to 17"
_PER_PERSON_SHOWN = 10_000
_SPANS = {1: "month", 3: "quarter", 12: "year"}
_MOST_BEHIND = 99


def comparator_working(row: Row, indicator: Indicator) -> str:
    """How an outturn and a comparator were put in the same terms; `as it is` where nothing was.

    Args:
        row: A row of `kpi.domain.comparison.verdicts.compared`, with the outturn's `area`.
        indicator: The outturn's indicator.
    """
    if row["outturn"] is None or row["value_compared"] is None:
        return ""
    said = [
        _of_neighbours(row),
        _own_side(row, indicator),
        _per_person(row, indicator) or _their_side(row, indicator),
        _taken_for_a_year(row),
        _point_in_time(row, indicator),
    ]
    return "; ".join(part for part in said if part) or "as it is"


def is_made_alike(row: Row) -> bool:
    """Whether either figure had to be changed to be in the terms of the other.

    Args:
        row: A row of `kpi.domain.comparison.verdicts.compared`.
    """
    if row["value_compared"] is None:
        return False
    is_scaled = any(row[f"{side}_times"] != row[f"{side}_over"] for side in ("own", "comparator"))
    return bool(is_scaled or row["is_per_person"] or row["alike"] != row["value"])


def standing_working(row: Row, indicator: Indicator) -> str:
    """What an outturn's interval and rank rest on; empty where it has neither.

    Args:
        row: An outturn with its interval (`interval_low` and so on), `rank`, `of_areas`
            and `field_period`.
        indicator: Its indicator.
    """
    said = [_interval(row, indicator), _field(row, indicator)]
    return "; ".join(part for part in said if part)


def gap_sentence(row: Row, indicator: Indicator) -> str:
    """How many cases would bring an outturn level with a comparator; empty where not known.

    Args:
        row: As in `comparator_working`.
        indicator: The outturn's indicator.

    Example:
        >>> row = {"gap_in_cases": 8.5, "gap_months": 1, "name": "England", "denominator": 387}
        >>> row |= {"comparator_period": "2020/21", "outturn_type": "percentage"}
        >>> gap_sentence(row, Indicator("a", "A", "percentage", "in-month"))
        '9 fewer of 387 a month would be level with England in 2020/21'
    """
    gap = row["gap_in_cases"]
    if gap is None:
        return ""
    size = number(abs(gap), decimals=0)
    if size == "0":
        return ""
    of = ""
    if (
        row["outturn_type"] == "percentage"
        and row["denominator"]
        and indicator.basis != "year-to-date"
    ):
        of = f" of {number(row['denominator'], decimals=0)}"
    per = " a month" if row["gap_months"] else ""
    word = "fewer" if gap > 0 else "more"
    return f"{size} {word}{of}{per} would be level with {row['name']}{_in_period(row, indicator)}"


def behind_words(row: Row) -> str:
    """How many periods a comparator is behind: `1 year behind`; empty for none or not known.

    Args:
        row: Needs `periods_behind` and `comparator_months`.
    """
    behind = row["periods_behind"]
    if not behind or behind > _MOST_BEHIND:
        return ""
    span = _SPANS.get(row["comparator_months"], "period")
    return f"{behind} {span}{'' if behind == 1 else 's'} behind"


def _of_neighbours(row: Row) -> str:
    if row["kind"] != "neighbours" or row["n"] is None:
        return ""
    rates = "of the rates " if row["is_per_person"] else ""
    return f"the {row['method']} {rates}of {row['n']} of {row['of']} neighbours"


def _own_side(row: Row, indicator: Indicator) -> str:
    times, over = row["own_times"], row["own_over"]
    if times == over:
        return ""
    said = _figure(row["outturn"], indicator)
    compared = _figure(row["outturn_compared"], indicator)
    months = "month" if over == 1 else "months"
    divided = "" if over == 1 else f" / {over}"
    return (
        f"{said} after {over} {months} of 12 is {compared} for the year ({times} x {said}{divided})"
    )


def _their_side(row: Row, indicator: Indicator) -> str:
    times, over = row["comparator_times"], row["comparator_over"]
    if times == over:
        return ""
    said, compared = (_figure(row[name], indicator) for name in ("value", "value_compared"))
    if row["kind"] == "neighbours":
        said = _figure(row["alike"], indicator)
    return f"{said} is {compared} {_span_of(row)} ({_sum(said, times, over)})"


def _per_person(row: Row, indicator: Indicator) -> str:
    if not row["is_per_person"]:
        return ""
    rate = number(row["alike"] * _PER_PERSON_SHOWN, decimals=1)
    per = f"{rate} per {number(_PER_PERSON_SHOWN, decimals=0)} {CHILDREN}"
    if row["kind"] != "neighbours":
        basis = f" (mid-{row['mid_year']})" if row["mid_year"] else ""
        per = f"{number(row['value'], decimals=0)} is {per}{basis}"
    own = number(row["own_population"], decimals=0)
    compared = _figure(row["value_compared"], indicator)
    times, over = row["comparator_times"], row["comparator_over"]
    a_span = f" {_span_of(row)}" if times != over else ""
    return (
        f"{per}; at that rate {row['area']}'s {own} children (mid-{row['own_mid_year']}) "
        f"would have {compared}{a_span}"
    )


def _taken_for_a_year(row: Row) -> str:
    scaled = (
        row["own_times"] != row["own_over"] or row["comparator_times"] != row["comparator_over"]
    )
    return "its year is not stated, taken to be a whole one" if row["at"] is None and scaled else ""


def _point_in_time(row: Row, indicator: Indicator) -> str:
    """That a stock at a month's end is set against one at a year's end."""
    is_year = row["comparator_months"] == 12 and row["period_months"] != 12
    if indicator.basis != "snapshot" or not is_year or row["at"] is None:
        return ""
    return f"at the end of the {_SPANS[row['period_months']]} against {_day(row)}"


def _day(row: Row) -> str:
    month = long_label(Period.of_month(row["at"].year, row["at"].month))
    return f"{row['at'].day} {month}"


def _span_of(row: Row) -> str:
    """What the terms are that a comparator was put in: `a month`, `for the year`."""
    if row["own_times"] != row["own_over"] or row["period_months"] == 12:
        return "for the year"
    return f"a {_SPANS[row['period_months']]}"


def _sum(said: str, times: int, over: int) -> str:
    product = said if times == 1 else f"{times} x {said}"
    return product if over == 1 else f"{product} / {over}"


def _interval(row: Row, indicator: Indicator) -> str:
    if row["interval_low"] is None or row["numerator"] is None:
        return ""
    decimals = max(indicator.shown_decimals, 1)
    low, high = (
        figure(row[edge], outturn=indicator.outturn, decimals=decimals)
        for edge in ("interval_low", "interval_high")
    )
    of = "of" if indicator.outturn == "percentage" else "among"
    counts = f"{number(row['numerator'], decimals=0)} {of} {number(row['denominator'], decimals=0)}"
    method = {"Wilson": "Wilson's", "Byars": "Byar's", "Exact": "the exact"}[row["interval_method"]]
    return f"{low} to {high}: {method} interval at {plain(row['level'])}% of {counts}"


def _field(row: Row, indicator: Indicator) -> str:
    if row["of_areas"] is None:
        return ""
    if row["rank"] is None:
        return ""
    years = row["field_period"]
    same = "" if years == row["period"] else f", {row['area']} by its {_when(row, indicator)}"
    return f"ranked among {row['of_areas']} authorities by their {years}{same}"


def _when(row: Row, indicator: Indicator) -> str:
    period = parse_period(row["period"], year=indicator.year)
    return long_label(period) if period else str(row["period"])


def _in_period(row: Row, indicator: Indicator) -> str:
    said = row["comparator_period"]
    if said is None or row["name"].endswith(said):
        return ""
    period = parse_period(said, year=indicator.year)
    return f" in {long_label(period) if period else said}"


def _figure(value: float, indicator: Indicator) -> str:
    return figure(value, outturn=indicator.outturn, decimals=indicator.shown_decimals)
