"""Whether the points of a chart ever met the target: all of them, none, or some.

Whether the process as it is can be relied on is left to `kpi.domain.statistics.spc.assurance`.
"""

from __future__ import annotations

from typing import Any, Literal

from kpi.domain.catalogue import Indicator
from kpi.domain.held import SIGNIFICANT_DIGITS

Met = Literal["all", "none", "some"]


def met(
    target: float | None, indicator: Indicator, *, lowest: float | None, highest: float | None
) -> Met | None:
    """Whether all, none or some of the points between two meet a target.

    Args:
        target: In the terms of one period; null for none.
        indicator: The series' indicator.
        lowest: The lowest point; null where what is charted is not what was reported.
        highest: The highest one, likewise.

    Returns:
        Null where no one target holds for all points: there is none, it is a range, or it
        has a profile.
    """
    if target is None or lowest is None or highest is None:
        return None
    if indicator.polarity not in ("high", "low") or any(each.profile for each in indicator.target):
        return None
    sign = 1 if indicator.polarity == "high" else -1
    worst, best = sorted((sign * _rounded(lowest), sign * _rounded(highest)))
    aim = sign * _rounded(target)
    return "all" if worst >= aim else "some" if best >= aim else "none"


def points_met(row: dict[str, Any], indicator: Indicator) -> Met | None:
    """Whether all, none or some points of a row's last group meet its target.

    Args:
        row: A row of `kpi trend` with its `series`.
        indicator: The row's indicator.
    """
    points = row["series"]
    if not points or points[-1]["adjusted"] is not None:
        return None
    values = [each["value"] for each in points if each["group"] == points[-1]["group"]]
    return met(row["target_of_period"], indicator, lowest=min(values), highest=max(values))


def _rounded(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
