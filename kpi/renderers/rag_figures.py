"""A target and the gap to it in few characters: shared by the pages that show ratings."""

from __future__ import annotations

from typing import Any

from kpi.domain.catalogue import Indicator
from kpi.renderers.words import MISSING, counted, difference, relative

Row = dict[str, Any]

WHY_WORDS = {
    "no_polarity": "no judgement",
    "conflict": "two figures",
    "awaited": "awaited",
    "suppressed": "suppressed",
    "no_outturn": "no figure",
    "partial_period": "part period",
    "target_awaited": "target TBC",
    "no_target": "no target",
    "small_denominator": "too few cases",
}
"""Why a row is not rated, where a gap would stand."""

_SHORT_TARGET = (
    ("at least ", ""),
    ("at most ", "≤ "),
    (" a month", "/month"),
    (" a quarter", "/quarter"),
    (" a year", "/year"),
)


def against_before(*, ratings: int, worse: int, better: int) -> str:
    """What moved since the period before: ratings, and figures whatever their rating.

    Args:
        ratings: How many ratings are worse.
        worse: How many outturns moved the bad way.
        better: How many moved the good way.
    """
    return (
        f"Against the period before: {counted(ratings, 'rating')} worse; outturns {worse} worse, "
        f"{better} better."
    )


def short_target(row: Row) -> str:
    """The target in as few characters as say it; where more is better its bound goes unsaid."""
    words: str = row["target_words"]
    for long, short in _SHORT_TARGET:
        words = words.replace(long, short)
    return words or MISSING


def gap_to_target(row: Row, indicator: Indicator) -> str:
    """How far a rated row is from its target, in points or per cent; else why it is not rated."""
    if row["why_unrated"]:
        return WHY_WORDS[row["why_unrated"]]
    distance, target = row["distance_to_target"], row["target"]
    if indicator.outturn == "percentage" or not target:
        return difference(
            distance, outturn_type=indicator.outturn, decimals=_decimals(distance, indicator)
        )
    share = 100 * distance / abs(target)
    return relative(share, decimals=0 if abs(share) >= 1 or not share else 1)


def _decimals(distance: float, indicator: Indicator) -> int:
    whole = float(distance).is_integer()
    return 0 if whole else max(indicator.shown_decimals, 1)
