"""What a statistical process control chart shows: one series with its mean, limits and signals.

Everything a picture needs and nothing of how it is drawn, so that every renderer tells the
same; the words that stand for the picture where none can be seen (`SpcChart.alt`) are made
here too, by rule. Limits are those to be shown. Which points are signals is found out by
`kpi.domain.statistics.spc`; how a trend's row becomes a chart is left to `kpi.domain.trend.chart`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpi.domain.period import Period, long_label, short_label
from kpi.domain.words import number

SIGNALS: dict[str, str] = {
    "special_cause_concern": "concern",
    "special_cause_improvement": "improvement",
    "special_cause_neutral_high": "unusually high",
    "special_cause_neutral_low": "unusually low",
}
"""What a point of a type shows, in words; a type that is not here shows nothing unusual."""

NO_SIGNAL = "no signal"

SETTLED = 13
"""So many points settle the limits of a group (methods.md, section 1.7)."""


@dataclass(frozen=True, slots=True)
class SpcPoint:
    """A point of a chart, or the place of one that is missing.

    Attributes:
        period: What the figure is of.
        value: The figure; null where there is none: the line is broken there.
        mean, lower, upper: The chart at the point; null for none.
        point_type: One of `kpi.domain.statistics.spc_rules.POINT_TYPES`, or null.
    """

    period: Period
    value: float | None
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    point_type: str | None = None


@dataclass(frozen=True, slots=True)
class GroupStart:
    """The period at which limits begin anew, and why; `why` is empty where nobody said."""

    period: Period
    why: str = ""


@dataclass(frozen=True, slots=True)
class SpcChart:
    """One series as a chart.

    Attributes:
        title: What is measured, and whose.
        points: Every period from the first to the last; one figure at least.
        suffix: What follows a figure, such as `%`.
        decimals: Of a figure; mean and limits have one at least.
        target: In the terms of one period; null for none.
        starts: Where limits begin anew after the first point.
        trial_limits: Whether the last group is too short to settle its limits.

    Raises:
        ValueError: No point has a figure.
    """

    title: str
    points: tuple[SpcPoint, ...]
    suffix: str = ""
    decimals: int = 0
    target: float | None = None
    starts: tuple[GroupStart, ...] = ()
    trial_limits: bool = False

    def __post_init__(self) -> None:
        """Refuses a chart of nothing."""
        if all(point.value is None for point in self.points):
            raise ValueError("a chart needs a point with a figure")

    @property
    def latest(self) -> SpcPoint:
        """The newest point that has a figure."""
        return next(point for point in reversed(self.points) if point.value is not None)

    @property
    def groups(self) -> tuple[range, ...]:
        """The places of the points of each group: limits and line are drawn of each alone."""
        begun = {start.period for start in self.starts}
        places = [at for at, point in enumerate(self.points) if at and point.period in begun]
        ends = [*places, len(self.points)]
        return tuple(map(range, [0, *places], ends))

    @property
    def alt(self) -> str:
        """The chart in words, for whoever cannot see it: its span, latest figure, limits, signals.

        Example:
            >>> months = [Period.of_month(2021, month) for month in (9, 10)]
            >>> points = tuple(SpcPoint(each, 80.0, 80.0, 80.0, 80.0) for each in months)
            >>> SpcChart("Visits in time", points, suffix="%", target=100.0).alt
            'SPC chart of Visits in time, September 2021 to October 2021: 2 points. October 2021: \
80%, no signal. Mean 80.0%, limits 80.0% to 80.0%. Target 100%.'
        """
        return " ".join(_sentences(self))

    def figure(self, value: float) -> str:
        """A figure with its unit, as the indicator is shown."""
        return f"{number(value, decimals=self.decimals)}{self.suffix}"

    def limit(self, value: float) -> str:
        """A mean or a limit with its unit, with a decimal at least."""
        return f"{number(value, decimals=max(self.decimals, 1))}{self.suffix}"

    def aim(self, value: float) -> str:
        """A target with its unit, without decimals that say nothing."""
        text = number(value, decimals=max(self.decimals, 1))
        return f"{text.rstrip('0').rstrip('.')}{self.suffix}"


def signal(point: SpcPoint) -> str:
    """What a point shows, in words; empty where it has no figure."""
    return SIGNALS.get(point.point_type or "", NO_SIGNAL) if point.value is not None else ""


def named(period: Period) -> str:
    """A period in a sentence that already holds a span: `October 2021`, `Q3 2021/22`."""
    return long_label(period) if period.months == 1 else short_label(period)


def _sentences(chart: SpcChart) -> Iterator[str]:
    first, last = chart.points[0].period, chart.points[-1].period
    span = named(first) if first == last else f"{named(first)} to {named(last)}"
    yield f"SPC chart of {chart.title}, {span}: {_counted(chart)}."
    if (newest := chart.latest).value is not None:
        yield f"{named(newest.period)}: {chart.figure(newest.value)}, {signal(newest)}."
    yield from _limits(chart)
    if chart.target is not None:
        yield f"Target {chart.aim(chart.target)}."
    yield from _signals(chart)
    for start in chart.starts:
        why = f": {start.why}" if start.why else ""
        yield f"Limits begin anew with {named(start.period)}{why}."


def _counted(chart: SpcChart) -> str:
    figures = sum(point.value is not None for point in chart.points)
    text = "1 point" if figures == 1 else f"{figures} points"
    missing = len(chart.points) - figures
    return f"{text}, {missing} missing" if missing else text


def _limits(chart: SpcChart) -> Iterator[str]:
    newest = chart.latest
    if newest.mean is None:
        return
    if newest.lower is None or newest.upper is None:
        yield f"Mean {chart.limit(newest.mean)}, no limits."
        return
    word = "trial limits" if chart.trial_limits else "limits"
    span = f"{chart.limit(newest.lower)} to {chart.limit(newest.upper)}"
    yield f"Mean {chart.limit(newest.mean)}, {word} {span}."


def _signals(chart: SpcChart) -> Iterator[str]:
    """How many points show which signal, and the newest of each."""
    found = []
    for kind, word in SIGNALS.items():
        periods = [each.period for each in chart.points if each.point_type == kind]
        if periods:
            newest = named(periods[-1])
            found.append(
                f"{word} {newest}"
                if len(periods) == 1
                else f"{word} at {len(periods)} points, the last {newest}"
            )
    if found:
        yield f"Signals: {'; '.join(found)}."
