"""Where things stand in a chart's picture: the value axis, the period axis, labels that collide.

Lengths are pixels of the picture at its natural size. How wide a text is, is estimated, never
measured: the same chart is laid out the same on every machine, whatever fonts it has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpi.domain.chart import SpcChart
from kpi.domain.period import Period, month_name, short_label
from kpi.renderers.words import number

_TICKS, _HEADROOM = 5, 0.15
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_FARTHEST_TARGET = 2.5
_ALL = 100.0
_NARROW, _BROAD, _ALPHABETS = frozenset(" ijlftrI.,:;'|!/()[]-"), frozenset("mwMW%@"), "\u2000"
_APRIL = 3

# How many periods lie between labels, and the room that each then needs.
_STEPS: dict[int, tuple[tuple[int, float], ...]] = {
    1: ((1, 30), (3, 30), (6, 34), (12, 34), (24, 34), (60, 34), (120, 34)),
    3: ((1, 30), (2, 30), (4, 54), (8, 54), (20, 54), (40, 54)),
    12: ((1, 52), (2, 52), (5, 52), (10, 52), (20, 52), (50, 52)),
}


@dataclass(frozen=True, slots=True)
class ValueScale:
    """The value axis: where it begins, what a step is worth, and how many steps there are."""

    low: float
    step: float
    steps: int

    @property
    def high(self) -> float:
        """Where the axis ends."""
        return self.low + self.steps * self.step

    @property
    def ticks(self) -> tuple[float, ...]:
        """The values that have a line and a label."""
        return tuple(self.low + place * self.step for place in range(self.steps + 1))

    def holds(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        slack = self.step * 1e-9
        return self.low - slack <= value <= self.high + slack

    def label(self, tick: float) -> str:
        """A tick with as many decimals as tell the ticks apart."""
        decimals = 0
        while decimals < 12 and not _is_whole(self.step * 10**decimals):
            decimals += 1
        return number(tick, decimals=decimals)


@dataclass(frozen=True, slots=True)
class PeriodTick:
    """A label under the point at a place; `year` is empty where it is said to the left."""

    at: int
    label: str
    year: str = ""


def value_scale(chart: SpcChart) -> ValueScale:
    """An axis that holds every figure and limit, and the target unless it lies far away.

    No figure stands at its edge, but for those that cannot lie beyond it.

    Example:
        >>> from kpi.domain.chart import SpcPoint
        >>> points = (SpcPoint(Period.of_month(2021, 10), 76.0, 86.7, 79.2, 94.3),)
        >>> value_scale(SpcChart("Visits", points)).ticks
        (75.0, 80.0, 85.0, 90.0, 95.0)
    """
    low, high = _reach(chart)
    if math.isclose(low, high, rel_tol=1e-9):
        return _about(high, suffix=chart.suffix)
    step = _nice((high - low) / _TICKS)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    figures = [point.value for point in chart.points if point.value is not None]
    is_full = chart.suffix == "%" and last * step >= _ALL
    if max(figures) > (last - _HEADROOM) * step and not is_full:
        last += 1
    if min(figures) < (first + _HEADROOM) * step and first:
        first -= 1
    return ValueScale(first * step, step, last - first)


def period_ticks(periods: Sequence[Period], *, width: float) -> tuple[PeriodTick, ...]:
    """The labels under the points, as many as have room; years stand where they begin."""
    gap = width / len(periods)
    steps = _STEPS[periods[0].months]
    step = next((step for step, room in steps if step * gap >= room), steps[-1][0])
    places = [at for at, period in enumerate(periods) if _ordinal(period) % step == 0] or [0]
    return tuple(_with_years(periods, places, gap=gap))


def width_of_text(text: str, *, size: float) -> float:
    """About how wide a text is, rather too much than too little."""
    return sum(map(_width_of, text)) * size


def broken(text: str, *, size: float, width: float) -> list[str]:
    """A text over as many lines as it needs, broken between words, within one only where it must.

    Example:
        >>> broken("Visits within timescale", size=12, width=80)
        ['Visits within', 'timescale']
    """
    lines: list[str] = []
    for word in text.split():
        rest = word
        if lines and width_of_text(f"{lines[-1]} {rest}", size=size) <= width:
            lines[-1] += f" {rest}"
            continue
        while rest:
            fits = next(
                (
                    at
                    for at in range(2, len(rest) + 1)
                    if width_of_text(rest[:at], size=size) > width
                ),
                len(rest) + 1,
            )
            lines.append(rest[: fits - 1])
            rest = rest[fits - 1 :]
    return lines


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places as near as may be to those wanted, in their order, no two nearer than a gap.

    Example:
        >>> spread([10, 12, 50], gap=14, low=0, high=100)
        [4.0, 18.0, 50.0]
    """
    clusters: list[list[float]] = []
    for place in wanted:
        clusters.append([place])
        while len(clusters) > 1 and _start(clusters[-1], gap, low, high) < (
            _start(clusters[-2], gap, low, high) + len(clusters[-2]) * gap
        ):
            last = clusters.pop()
            clusters[-1] += last
    return [
        _start(cluster, gap, low, high) + at * gap
        for cluster in clusters
        for at in range(len(cluster))
    ]


def _reach(chart: SpcChart) -> tuple[float, float]:
    """The lowest and the highest value that is drawn."""
    values = [
        value
        for point in chart.points
        for value in (point.value, point.mean, point.lower, point.upper)
        if value is not None
    ]
    low, high = min(values), max(values)
    if chart.target is not None:
        lowest, highest = min(low, chart.target), max(high, chart.target)
        usual = (high - low) or abs(high) / 5
        if highest - lowest <= _FARTHEST_TARGET * usual:
            return lowest, highest
    return low, high


def _start(cluster: Sequence[float], gap: float, low: float, high: float) -> float:
    """Where the first of a cluster stands, so that all of them are nearest to what they want."""
    offsets = (place - at * gap for at, place in enumerate(cluster))
    start = sum(offsets) / len(cluster)
    return max(low, min(start, high - (len(cluster) - 1) * gap))


def _width_of(character: str) -> float:
    """A character's width as a share of the size, in letters such as Arial's."""
    if character in _NARROW:
        return 0.33
    if character in _BROAD or character > _ALPHABETS:
        return 0.95
    return 0.58 if character.islower() or character.isdigit() else 0.74


def _about(value: float, *, suffix: str) -> ValueScale:
    """An axis about the one value there is; of a share not beyond what a share can be."""
    step = _nice(abs(value) / 20 or 1.0)
    first = math.floor(value / step + 1e-9) - 2
    steps = 5 if not _is_whole(value / step) else 4
    if suffix == "%" and value <= _ALL < (first + steps) * step:
        first = math.floor(_ALL / step + 1e-9) - steps
    if value >= 0 and first < 0:
        first = 0
    return ValueScale(first * step, step, steps)


def _nice(step: float) -> float:
    """The least step of 1, 2, 2.5 or 5 times a power of ten that is no smaller."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(nice * power for nice in _NICE if nice * power >= step * (1 - 1e-9))


def _is_whole(value: float) -> bool:
    return math.isclose(value, round(value), rel_tol=1e-9, abs_tol=1e-12)


def _ordinal(period: Period) -> int:
    """A period's number, such that a step of a year falls on April or on the first quarter."""
    months = period.start.year * 12 + period.start.month - 1 - _APRIL
    return months // period.months


def _with_years(
    periods: Sequence[Period], places: Sequence[int], *, gap: float
) -> Iterator[PeriodTick]:
    labels = [_axis_label(periods[at]) for at in places]
    for number_, (at, (label, year)) in enumerate(zip(places, labels, strict=True)):
        said = number_ and labels[number_ - 1][1] == year
        following = next(
            (places[n] for n in range(number_ + 1, len(places)) if labels[n][1] != year), None
        )
        has_room = following is None or (following - at) * gap >= width_of_text(year, size=12)
        yield PeriodTick(at, label, year if has_room and not said else "")


def _axis_label(period: Period) -> tuple[str, str]:
    """A period as it stands under an axis, and the year that it lies in."""
    if period.months == 1:
        return month_name(period.start.month), str(period.start.year)
    if period.months == 3:
        label, _, year = short_label(period).partition(" ")
        return label, year
    return str(period), ""
