"""What a target asks for from now on, in a sentence, and the working behind it.

Takes rows of `kpi.domain.trend.verdicts` as dictionaries: wording, not arithmetic. A number of
cases that must be met is rounded up and one that must not be passed down, so that keeping to what
is printed keeps the target.
"""

from __future__ import annotations

import math

from kpi.domain.catalogue import Indicator
from kpi.domain.trend.words import SPANS, Card, said, target_words, when
from kpi.domain.words import number, relative

_HARDLY = 0.5  # per cent; a smaller change is no change in words
_NOISE = 1e-9  # of a count, which is no child


def run_rate_sentence(card: Card, indicator: Indicator) -> str:
    """What is needed to meet the target and whether it has been done; empty where not known.

    Args:
        card: A row of `kpi.domain.trend.verdicts.Trends.cards`.
        indicator: The row's indicator.
    """
    if card["needed"] is None:
        return ""
    if indicator.outturn == "percentage":
        return _of_cases(card, indicator)
    so_far = _count(card["so_far"], card, indicator)
    if card["short_of"] < 0 or (card["short_of"] == 0 and indicator.polarity == "high"):
        if indicator.polarity == "high":
            return f"The year's target is met already, with {so_far} so far."
        return f"The year's target is passed already, with {so_far} so far: not achievable."
    bound = "at most" if indicator.polarity == "low" else "at least"
    average = _count(card["average"], card, indicator)
    cases = " cases" if card["is_counted"] else ""
    return (
        f"{_aim(card, indicator)}, {bound} {_needed(card, indicator)}{cases} a month "
        f"{_for_the_rest(card)}, against {average} so far{_change(card)}: "
        f"{_reach(card, indicator)}."
    )


def run_rate_working(card: Card, indicator: Indicator) -> str:
    """How what is needed was worked out; empty where nothing is."""
    if card["needed"] is None or indicator.outturn == "percentage" or card["short_of"] < 0:
        return ""
    target, so_far = (_count(card[name], card, indicator) for name in ("year_target", "so_far"))
    left = card["months_left"]
    rest = _count(card["year_target"] - card["so_far"], card, indicator)
    pace = number(card["short_of"], decimals=1)
    whole = (
        f"{target_words(card, indicator)} is {target} for the year at {_population(card)}"
        if card["is_counted"]
        else f"{target} for the year"
    )
    months = 12 - left
    return (
        f"Run-rate: {whole}; less {so_far} in {months} {_months(months)} that leaves {rest} for "
        f"{left} {_months(left)}, {pace} a month; no season is allowed for."
    )


def _of_cases(card: Card, indicator: Indicator) -> str:
    """How many more or fewer of the next period's cases; nothing is asked where it is met."""
    cases = _up(card["needed"])
    if not cases:
        return ""
    of = number(card["population"], decimals=0)
    word = "more" if indicator.polarity == "high" else "fewer"
    span = SPANS[card["period_months"]]
    best = ""
    if not card["achievable"]:
        stood = f"{said(card['best'], indicator)} in {when(card['best_end'], card, indicator)}"
        best = f", better than any {span} on record (the best is {stood})"
    return (
        f"To meet the target next {span} takes {number(cases, decimals=0)} {word} of {of} "
        f"cases{best}."
    )


def _aim(card: Card, indicator: Indicator) -> str:
    """What keeping to the needed pace would bring about."""
    target = target_words(card, indicator)
    if card["target_per"] == "year":
        return f"To end the year at {target.removesuffix(' a year')}"
    return f"To average {target} over the year"


def _needed(card: Card, indicator: Indicator) -> str:
    if not _is_whole(card, indicator):
        return _count(card["needed"], card, indicator)
    whole = _down(card["needed"]) if indicator.polarity == "low" else _up(card["needed"])
    return number(whole, decimals=0)


def _count(value: float, card: Card, indicator: Indicator) -> str:
    if _is_whole(card, indicator):
        return number(value, decimals=0)
    return number(value, decimals=max(indicator.shown_decimals, 1))


def _is_whole(card: Card, indicator: Indicator) -> bool:
    """Whether what is spoken of are children or cases, which come whole."""
    return bool(card["is_counted"]) or (
        indicator.outturn == "number" and not indicator.shown_decimals
    )


def _for_the_rest(card: Card) -> str:
    left = card["months_left"]
    return "in the last month of the year" if left == 1 else f"for the {left} months left"


def _change(card: Card) -> str:
    percent = card["change_percent"]
    if percent is None or abs(percent) < _HARDLY:
        return ""
    return f" ({relative(percent / 100)} {'more' if percent > 0 else 'fewer'})"


def _reach(card: Card, indicator: Indicator) -> str:
    percent = card["change_percent"] or 0.0
    is_on_course = percent >= 0 if indicator.polarity == "low" else percent <= 0
    span = SPANS[card["period_months"]]
    if card["best"] is None:
        return "on course" if is_on_course else f"no {span} on record says whether that can be done"
    best = f"the best {span} on record is {_count(card['best'], card, indicator)}"
    best += " a month, " if card["period_months"] > 1 else ", "
    best += f"in {when(card['best_end'], card, indicator)}"
    if not card["achievable"]:
        return f"not achievable, as {best}"
    return "on course" if is_on_course else f"achievable, as {best}"


def _population(card: Card) -> str:
    people = number(card["population"], decimals=0)
    return f"the population of {people} that rate and count imply"


def _months(count: int) -> str:
    return "month" if count == 1 else "months"


def _up(value: float) -> int:
    return math.ceil(value - _NOISE)


def _down(value: float) -> int:
    return math.floor(value + _NOISE)
