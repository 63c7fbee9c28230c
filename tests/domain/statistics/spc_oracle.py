"""The XmR chart told slowly: one series, plain Python, exact fractions, no frame.

Follows the words of the published method point by point and window by window, so that it
shares nothing with the frames it is set against but those words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import polars as pl


@dataclass(frozen=True, slots=True)
class Options:
    """How one series is judged; `rebases` are places in the values, gaps counted."""

    improvement: int = 1
    baseline: int | None = None
    screen: bool = True
    two_in_three: str = "older"
    rebases: tuple[int, ...] = ()
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One point with a value; `position` and `since` are places in the values."""

    position: int
    value: float
    group: int
    mean: float
    lower_limit: float | None
    upper_limit: float | None
    fallback: bool
    rule: str
    point_type: str
    since: int | None


def points_of(
    values: Sequence[float | None], options: Options | None = None, *, series: str = "s"
) -> pl.DataFrame:
    """The values as a frame of points, one position after another."""
    options = options or Options()
    places = range(len(values))
    return pl.DataFrame(
        {
            "series": [series] * len(values),
            "position": list(places),
            "value": list(values),
            "rebase": [place in options.rebases for place in places],
        },
        schema={
            "series": pl.String,
            "position": pl.Int64,
            "value": pl.Float64,
            "rebase": pl.Boolean,
        },
    ).with_columns(
        improvement=pl.lit(options.improvement, pl.Int8),
        baseline=pl.lit(options.baseline, pl.Int64),
        screen=pl.lit(options.screen),
        two_in_three=pl.lit(options.two_in_three),
        target=pl.lit(options.target, pl.Float64),
    )


def judged(values: Sequence[float | None], options: Options | None = None) -> list[Judged]:
    """Every point that has a value, as the chart should judge it."""
    options = options or Options()
    groups: dict[int, list[tuple[int, float]]] = {}
    group = 0
    for place, value in enumerate(values):
        group += place in options.rebases
        if value is not None:
            groups.setdefault(group, []).append((place, value))
    return [
        point
        for number, points in groups.items()
        for point in _judged_group(number, points, options=options)
    ]


def _judged_group(
    number: int, points: list[tuple[int, float]], *, options: Options
) -> list[Judged]:
    values = [value for _, value in points]
    base = values[: options.baseline]
    mean = _mean(base)
    spread, fallback = _average_range(base, screen=options.screen)
    limits = None if spread is None else (mean - 2.66 * spread, mean + 2.66 * spread)
    inner = None if spread is None else 2 * (2.66 / 3) * spread
    newer = options.two_in_three == "newer"
    group = Group(values, centre=mean, limits=limits, inner=inner, newer=newer)
    return [
        Judged(
            position=points[i][0],
            value=values[i],
            group=number,
            mean=mean,
            lower_limit=limits and limits[0],
            upper_limit=limits and limits[1],
            fallback=fallback,
            rule=group.rule(i),
            point_type=_point_type(group.rule(i), options.improvement),
            since=None if (start := group.since(i)) is None else points[start][0],
        )
        for i in range(len(values))
    ]


def _mean(values: Sequence[float]) -> float:
    return float(sum(map(Fraction, values), Fraction()) / len(values))


def _average_range(base: list[float], *, screen: bool) -> tuple[float | None, bool]:
    ranges = [abs(after - before) for before, after in pairwise(base)]
    if not ranges:
        return None, False
    average = _mean(ranges)
    kept = [moved for moved in ranges if moved < 3.267 * average]
    if not screen or not average:
        return average, False
    screened = _mean(kept) if kept else 0.0
    return (screened, False) if screened else (average, True)


class Group:
    """The four rules over the values of one group."""

    def __init__(
        self,
        values: list[float],
        *,
        centre: float,
        limits: tuple[float, float] | None,
        inner: float | None,
        newer: bool = False,
    ) -> None:
        self.n = len(values)
        self.side = [_sign(value, centre) for value in values]
        self.change = [0] + [_sign(after, before) for before, after in pairwise(values)]
        self.outside, self.near = [False] * self.n, [False] * self.n
        if limits is not None and inner is not None:
            self.outside = [v > limits[1] or v < limits[0] for v in values]
            beyond = [v > centre + inner or v < centre - inner for v in values]
            self.near = [b and (newer or not o) for b, o in zip(beyond, self.outside, strict=True)]

    def rule(self, i: int) -> str:
        up = "Above" if self.side[i] > 0 else "Below"
        if self.outside[i]:
            return f"{up} {'UCL' if up == 'Above' else 'LCL'}"
        if trend := self.trend(i):
            return f"7 Point Trend ({'Increasing' if trend > 0 else 'Decreasing'})"
        if self.is_two_in_three(i):
            return f"2 in 3 {up} CL"
        return f"7 Points {up} CL" if self.is_shift(i) else "Common Cause"

    def trend(self, i: int) -> int:
        """The sign of the latest window of six like changes that joins seven points, i too."""
        for first in range(min(i, self.n - 7), max(i - 6, 0) - 1, -1):
            changes = set(self.change[first + 1 : first + 7])
            if len(changes) == 1 and 0 not in changes:
                return changes.pop()
        return 0

    def is_shift(self, i: int) -> bool:
        windows = (self.side[a : a + 7] for a in range(max(i - 6, 0), min(i, self.n - 7) + 1))
        return any(set(window) in ({1}, {-1}) for window in windows)

    def is_window(self, last: int) -> bool:
        three = slice(last - 2, last + 1)
        return (
            2 <= last < self.n
            and set(self.side[three]) in ({1}, {-1})
            and sum(self.near[three]) >= 2
        )

    def is_two_in_three(self, i: int) -> bool:
        return self.near[i] and any(self.is_window(last) for last in (i, i + 1, i + 2))

    def since(self, i: int) -> int | None:
        rule = self.rule(i)
        if rule == "Common Cause":
            return None
        if rule.endswith("ing)"):
            while self.change[i] == self.trend(i):
                i -= 1
            return i
        if rule.startswith("2 in 3"):
            return self._two_in_three_since(i)
        states = self.outside if rule.endswith(("UCL", "LCL")) else self.side
        while i and states[i - 1] == states[i] and self.side[i - 1] == self.side[i]:
            i -= 1
        return i

    def _two_in_three_since(self, i: int) -> int:
        while True:
            if i and self.is_two_in_three(i - 1) and self.side[i - 1] == self.side[i]:
                i -= 1
            elif self.is_window(i):
                i -= 2
            else:
                return i


def _sign(a: float, b: float) -> int:
    return (a > b) - (a < b)


def _point_type(rule: str, improvement: int) -> str:
    if rule == "Common Cause":
        return "common_cause"
    is_high = "Above" in rule or "Increasing" in rule
    if not improvement:
        return f"special_cause_neutral_{'high' if is_high else 'low'}"
    return f"special_cause_{'improvement' if is_high == (improvement > 0) else 'concern'}"


def assurance_of(chart: list[Judged], options: Options) -> str | None:
    """The icon of a chart's last limits."""
    if not chart or not options.improvement or options.target is None:
        return None
    lower, upper = chart[-1].lower_limit, chart[-1].upper_limit
    if lower is None or upper is None:
        return None
    if lower <= options.target <= upper:
        return "inconsistent"
    is_reached = (options.target < lower) == (options.improvement > 0)
    return "consistent_pass" if is_reached else "consistent_fail"
