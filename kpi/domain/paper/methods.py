"""The back of a paper: what is measured, and how ratings, trends and comparisons are made.

A paragraph each, in words that a board member can follow; the numbers in them are those of
the paper at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.comparison.notes import how_compared
from kpi.domain.paper.contents import Named
from kpi.domain.statistics.spc import TRIAL_BELOW
from kpi.domain.statistics.spc_rules import RUN_LENGTH
from kpi.domain.words import plain

Row = dict[str, Any]

_POLARITIES = {
    "high": "More is better.",
    "low": "Less is better.",
    "range": "Best inside a range.",
    "none": "No direction is better.",
}


def definitions(indicators: Sequence[Indicator]) -> tuple[Named, ...]:
    """What each indicator measures, which way is good, its caveats and its owner.

    Args:
        indicators: Those of the paper.
    """
    return tuple(Named(each.short, " ".join(_definition(each))) for each in indicators)


def methods(
    catalogue: Catalogue,
    indicators: Sequence[Indicator],
    rows: Sequence[Row],
    *,
    hides_small: bool,
) -> tuple[Named, ...]:
    """How the paper's verdicts are made: rating, like with like, charts, comparison, hiding.

    Args:
        catalogue: Says what is hidden.
        indicators: Those of the paper.
        rows: The paper's rows.
        hides_small: Whether small numbers are hidden.
    """
    said = (
        Named("Rating", _rating(indicators)),
        Named("Like with like", _LIKE_WITH_LIKE),
        Named("Control charts", _charts(rows)),
        Named("Comparison", _comparison(rows)),
        Named("Small numbers", _small_numbers(catalogue, indicators, hides_small=hides_small)),
    )
    return tuple(each for each in said if each.text)


def _definition(indicator: Indicator) -> Iterator[str]:
    if indicator.definition or indicator.title != indicator.short:
        yield _stopped(indicator.definition or indicator.title)
    yield _POLARITIES[indicator.polarity]
    if indicator.caveats:
        yield f"Caveat: {_stopped(indicator.caveats)}"
    for each in indicator.version:
        yield f"Changed on {each.begins}: {_stopped(each.what)}"
    if indicator.owner:
        yield f"Owner: {_stopped(indicator.owner)}"


def _stopped(text: str) -> str:
    """A text as a sentence, whatever it ends in."""
    said = " ".join(text.split())
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _rating(indicators: Sequence[Indicator]) -> str:
    said = (
        "A figure is set against the target that holds for its period. Where more is better it "
        "is green at the target or above, amber down to the edge of the tolerance, red below; "
        "where less is better, the other way round; with a range, green inside it. On an edge "
        "the better rating counts."
    )
    if any(target.blue is not None for each in indicators for target in each.target):
        said += " Blue lies beyond the target by as much as the catalogue asks."
    small = sorted({each.small for each in indicators if each.small})
    if small:
        cases = " or ".join(plain(each) for each in small)
        said += f" What rests on fewer than {cases} cases is shown, not rated."
    return f"{said} A rating looks at its period alone, never at the trend."


_LIKE_WITH_LIKE = (
    "A year to date is set against a year's target at its pace, twelve times the figure over the "
    "months gone; a month's figure against a quarter's or a year's target three or twelve times "
    "over; percentages and counts at a point in time as they are. Where a target has a profile, "
    "the share due by then counts instead. The notes show each working."
)


def _charts(rows: Sequence[Row]) -> str:
    charted = [row for row in rows if row["chart"]]
    if not charted:
        return ""
    said = (
        "Whether a change is real is judged by XmR charts and the rules of Making Data Count: "
        "limits lie 2.66 average moving ranges either side of the mean, outlying ranges left "
        f"out; a signal is a point outside them, {RUN_LENGTH} points in a row rising, falling or "
        "on one side of the mean, or two of three close to a limit. On the chart every point of "
        "such a run is marked, its first too. All else is chance. Running totals are taken apart "
        "into months first."
    )
    trial = sum(bool(row["trial_limits"]) for row in charted)
    if trial:
        share = "all" if trial == len(charted) else f"{trial} of the {len(charted)}"
        said += (
            f" It takes {TRIAL_BELOW} points to settle limits: those of {share} charts here rest "
            "on fewer, and are trial limits: a signal there is called a possible change, not a "
            "real one."
        )
    return said


def _comparison(rows: Sequence[Row]) -> str:
    compared = [row for row in rows if row["comparators"]]
    if not compared:
        return ""
    levels = sorted({row["interval"]["level"] for row in compared if row["interval"]})
    at = f" at {' or '.join(plain(level) for level in levels)}%" if levels else ""
    return " ".join(
        (
            f"The interval of the own figure{at} (Wilson's for percentages, Byar's or the exact "
            "one for rates) is set against the other's figure: worse or better where that lies "
            "outside, else similar. Where there are no counts there is no interval, and only the "
            "difference is shown. Counts of places of different size are compared by their "
            "rates. Rank 1 and quartile A are best.",
            *how_compared(compared),
        )
    )


def _small_numbers(
    catalogue: Catalogue, indicators: Sequence[Indicator], *, hides_small: bool
) -> str:
    hiding = [each for each in indicators if each.suppress_below > 0]
    if not hiding:
        return "The catalogue asks for no small numbers to be hidden (`suppress_below`)."
    limits = sorted({each.suppress_below for each in hiding})
    spans = " or ".join(f"1 to {plain(limit - 1)}" for limit in limits)
    is_of_all = len(hiding) == len(indicators) > 1
    titles = "all indicators" if is_of_all else ", ".join(each.short for each in hiding)
    if not hides_small:
        return f"Counts of {spans} are not hidden in this output: {titles}."
    return (
        f"Counts of {spans}, and whatever would give them away, are hidden and shown as [c]: "
        f"{titles}. Zero is shown. Nothing is rounded and no noise is added; whether what is "
        "published elsewhere would give a child away is for a person to ask."
    )
