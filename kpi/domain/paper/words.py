"""What a paper says of each indicator: in one paragraph, and only where there is news.

Made by rule from rows of `kpi.domain.paper.contents.Paper`: wording, not arithmetic. What the trend
says comes from `kpi.domain.trend.sentence`; what changed since the period before is left to
`kpi.domain.paper.changes`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from kpi.domain.catalogue import Indicator
from kpi.domain.checks.wording import listed, when
from kpi.domain.observation import STATISTICAL_NEIGHBOURS
from kpi.domain.trend.words import change_words
from kpi.domain.words import figure

Row = dict[str, Any]

CONCERN, IMPROVEMENT = "special_cause_concern", "special_cause_improvement"
SIGNALS = (
    CONCERN,
    IMPROVEMENT,
    "special_cause_neutral_high",
    "special_cause_neutral_low",
)
"""Variations that are signals."""

DIVERGING = ("worse", "better", "higher", "lower")
"""Verdicts of a comparator that differs by more than chance, in the order of telling."""

PLACES = ("neighbours", "region", "england")
"""Kinds of comparators that are other places, in the order of the columns."""

_MET, _MISSED = ("green", "blue"), ("red", "amber")
_OUTERMOST = ("A", "D")
_SAID_ONCE = re.compile(
    r" ?(\d+ points are too few to be sure: a run takes \d+, settled limits \d+\."
    r"|Trial limits: they rest on \d+ points, and \d+ settle them\."
    r"|It is rated \w+ all the same\.)"
)
_RULES = re.compile(r" \(rules?: [^)]*\)")
_LOST = re.compile(r"To (?:end|average) [^:]*: not achievable")
# The chart shows the limits.
_NO_CHANGE = re.compile(r"([Nn]o sign of a real change): [^:]*, and no rule fires\.")


def analysis(row: Row, indicator: Indicator, *, across: Collection[str] = ()) -> str:
    """What is to be said of a row; empty where nothing stands out.

    The newest figure is told where no column shows it. The trend is told where the change is
    real, and of whatever is red or amber: is the target within reach, and what would it take.
    The comparison is told where the outturn differs by more than chance, or ranks in the best
    or the worst quarter.

    Args:
        row: Needs `rag_status`, `variation`, `sentence`, and what `disagreement` and
            `comparison` need; `trend_period`, `trend_outturn`.
        indicator: The row's indicator.
        across: The periods in the columns, as printed; none, where all are taken for shown.
    """
    is_told = row["variation"] in SIGNALS or row["rag_status"] in _MISSED
    said = (
        _newest(row, indicator, across),
        disagreement(row),
        in_brief(row["sentence"] or "") if is_told else "",
        comparison(row, indicator),
    )
    return " ".join(each for each in said if each)


def _newest(row: Row, indicator: Indicator, across: Collection[str]) -> str:
    """The newest figure, where it is of none of the columns and of no rating."""
    period = row["trend_period"] if across else None
    if period is None or period in across or period == row["period"]:
        return ""
    return (
        f"The newest figure is {_figure(row['trend_outturn'], indicator)}, of "
        f"{when(period, indicator)}."
    )


def is_headline(row: Row, indicator: Indicator) -> bool:
    """Whether what is to be said of a row belongs on two pages.

    It does where the change is real, the outturn stands out beside others, or the year's
    target can no longer be met.

    Args:
        row: As in `analysis`, and `run_rate`.
        indicator: The row's indicator.
    """
    pace = row["run_rate"]
    is_lost = bool(pace) and pace["average"] is not None and pace["achievable"] is False
    return row["variation"] in SIGNALS or is_lost or bool(comparison(row, indicator))


def headline(row: Row, indicator: Indicator) -> str:
    """What is to be said of a row on two pages, a line or two; empty where `is_headline` is not.

    What the newest figure did where that is real, or that the rating points another way; what
    the year's target would take where it is lost; whom it is worse than (or better, where it
    is worse than nobody), and the rank.

    Args:
        row: As in `is_headline`, and `sentence`.
        indicator: The row's indicator.
    """
    sentence, standing = in_brief(row["sentence"] or ""), comparison(row, indicator)
    said = [disagreement(row)]
    if row["variation"] in SIGNALS and not said[0]:
        said.append(_RULES.sub("", f"{sentence.removesuffix('.')}. ".partition(". ")[0]) + ".")
    if lost := _LOST.search(sentence):
        said.append(f"{lost.group()}.")
    if standing:
        said += [_stands(row), _rank(row)]
    return " ".join(each for each in said if each)


def _stands(row: Row) -> str:
    """Whom the outturn is worse than; where there is nobody, the next verdict that differs."""
    others = [each for each in row["comparators"] or () if each["kind"] in PLACES]
    for verdict in DIVERGING:
        if found := [_name(each) for each in others if each["verdict"] == verdict]:
            return f"{verdict.capitalize()} than {listed(found)}."
    return ""


def in_brief(sentence: str) -> str:
    """A trend's sentence without what a paper says once for all, or in other words.

    Args:
        sentence: As `kpi.domain.trend.sentence` makes it.

    Example:
        >>> in_brief("It fell. Trial limits: they rest on 7 points, and 13 settle them.")
        'It fell.'
    """
    return _NO_CHANGE.sub(r"\1.", _SAID_ONCE.sub("", sentence)).strip()


def disagreement(row: Row) -> str:
    """That rating and trend of one period point different ways; empty where they do not.

    Args:
        row: Needs `period`, `rag_status`, `trend_period`, `variation`, `trial_limits`.

    Example:
        >>> row = {"period": "2021-10", "rag_status": "green", "trend_period": "2021-10"}
        >>> disagreement(row | {"variation": "special_cause_concern", "trial_limits": False})
        'Rating and trend disagree: it is GREEN, yet there is a real change for the worse.'
    """
    status, variation = row["rag_status"], row["variation"]
    if row["period"] != row["trend_period"]:
        return ""
    if not any(
        status in statuses and variation == against
        for statuses, against in ((_MET, CONCERN), (_MISSED, IMPROVEMENT))
    ):
        return ""
    change = change_words(variation, is_trial=bool(row["trial_limits"]))
    return f"Rating and trend disagree: it is {status.upper()}, yet there is {change}."


def comparison(row: Row, indicator: Indicator) -> str:
    """How an outturn stands beside others; empty where it does not stand out.

    Args:
        row: Needs `comparators`, `compare_outturn`, `rank`, `of_areas`, `quartile`.
        indicator: The row's indicator.
    """
    beside = [
        each
        for each in row["comparators"] or ()
        if each["value_compared"] is not None and each["kind"] != "place"
    ]
    verdicts = {each["verdict"] for each in beside}
    if verdicts.intersection(DIVERGING):
        said = [_verdicts(row, beside, indicator), _rank(row), *_gap(beside)]
    elif row["quartile"] in _OUTERMOST:
        said = [_figures(beside, indicator), _rank(row)]
    else:
        return ""
    return " ".join(each for each in said if each)


def _verdicts(row: Row, beside: Sequence[Row], indicator: Indicator) -> str:
    """Who the outturn is worse than, better than, similar to."""
    told = []
    for verdict in (*DIVERGING, "similar"):
        found = [each for each in beside if each["verdict"] == verdict]
        if found:
            link = "to" if verdict == "similar" else "than"
            told.append(f"{verdict} {_than(found, indicator, link=link)}")
    pace = next((each["outturn_compared"] for each in beside), None)
    said = "; ".join(told)
    if pace is not None and pace != row["compare_outturn"]:
        return f"At this pace, {_figure(pace, indicator)} for the year: {said}."
    return f"{said[:1].upper()}{said[1:]}."


def _than(found: Sequence[Row], indicator: Indicator, *, link: str) -> str:
    """The comparators of one verdict, the places apart from the own earlier years."""
    places = [each for each in found if each["kind"] != "own year"]
    years = [each for each in found if each["kind"] == "own year"]
    said = []
    if places:
        said.append(f"{link} {_places(places, indicator)}")
    if years:
        named = (f"{each['period']} ({_value(each, indicator)})" for each in years)
        said.append(f"{link} its own {listed(named)}")
    return ", and ".join(said)


def _places(places: Sequence[Row], indicator: Indicator) -> str:
    """Places with their figures and the period of these, once where all have the same."""
    periods = {each["period"] for each in places}
    if len(periods) == 1:
        named = listed(f"{_name(each)} ({_value(each, indicator)})" for each in places)
        (period,) = periods
        return f"{named} in {period}" if period else f"{named}, year not stated"
    return listed(
        f"{_name(each)} ({_value(each, indicator)}, {each['period'] or 'year not stated'})"
        for each in places
    )


def _figures(beside: Sequence[Row], indicator: Indicator) -> str:
    """The places' figures without a verdict."""
    places = [each for each in beside if each["kind"] != "own year"]
    if not places:
        return ""
    own = _figure(places[0]["outturn_compared"], indicator)
    periods = {each["period"] for each in places}
    is_scaled = indicator.outturn == "number" and all(each["made_alike"] for each in places)
    if is_scaled and len(periods) == 1:
        # As many as the other's rate would give here: nothing that the other has.
        names, values = (listed(each) for each in _named(places, indicator))
        year = "".join(f"{each} " for each in periods if each)
        return f"At the {year}rates of {names} it would be {values}; it is {own}."
    return f"Set beside {_places(places, indicator)}, it is {own}."


def _named(places: Sequence[Row], indicator: Indicator) -> tuple[list[str], list[str]]:
    return [_name(each) for each in places], [_value(each, indicator) for each in places]


def _rank(row: Row) -> str:
    if row["rank"] is None:
        return ""
    quartile = f", quartile {row['quartile']}" if row["quartile"] else ""
    return f"Rank {row['rank']} of {row['of_areas']} authorities{quartile}."


def _gap(beside: Sequence[Row]) -> Iterator[str]:
    """What would bring it level with the first that it is worse than."""
    worse = (each for each in beside if each["verdict"] == "worse" and each["gap_words"])
    for each in list(worse)[:1]:
        yield f"{each['gap_words'].replace(each['name'], _name(each))}."


def place_name(name: str) -> str:
    """What a place is called in a sentence.

    Example:
        >>> place_name("Statistical neighbours"), place_name("England")
        ('its neighbours', 'England')
    """
    return "its neighbours" if name == STATISTICAL_NEIGHBOURS else name


def _name(comparator: Row) -> str:
    return place_name(comparator["name"])


def _value(comparator: Row, indicator: Indicator) -> str:
    return _figure(comparator["value_compared"], indicator)


def _figure(value: float, indicator: Indicator) -> str:
    return figure(value, outturn=indicator.outturn, decimals=indicator.shown_decimals)
