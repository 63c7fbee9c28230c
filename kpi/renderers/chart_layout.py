"""What is written on a chart's picture, and where: title, key, group starts, axes, line ends.

Nothing is left to be measured when the picture is drawn, so that charts on a page stand in
line and no two texts lie on each other. A place is in pixels from the plot's upper left
corner; what stands above the plot has a negative one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpi.domain.chart import NO_SIGNAL, SETTLED, SIGNALS, SpcChart, signal
from kpi.domain.period import Period, short_label
from kpi.renderers.chart_palette import FILLS, GREY, INK
from kpi.renderers.chart_scale import (
    ValueScale,
    broken,
    period_ticks,
    spread,
    value_scale,
    width_of_text,
)

WIDTH, PLOT, BELOW = 640, 220, 46
"""The picture's width, the plot's height, and the room below it."""

_LEFT, _RIGHT, _EDGE, _WIDEST = 46, 120, 8, 200
_TITLE_SIZE, _SIZE, _FIGURE_SIZE = 15, 12, 11
_TITLE_LINE, _LINE, _BOLD = 20, 16, 1.05
_FEW, _HEAD = 13, 44
_MARKED = "Marked: a signal, or a point of a run that is one"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the middle of its line's height."""

    x: float
    y: float
    text: str
    fill: str = GREY
    align: str = "left"
    size: int = _SIZE
    weight: str = "normal"


@dataclass(frozen=True, slots=True)
class Key:
    """A mark that the key explains: what it shows, and where it stands."""

    x: float
    y: float
    shows: str


@dataclass(frozen=True, slots=True)
class StartLine:
    """Where limits begin anew: a line from above the plot to its bottom."""

    x: float
    top: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The value axis, and the room beside the plot."""

    chart: SpcChart
    scale: ValueScale
    left: float
    right: float

    @property
    def width(self) -> float:
        """The plot's width."""
        return WIDTH - self.left - self.right

    def x(self, at: float) -> float:
        """Where a point's place lies."""
        return (at + 0.5) * self.width / len(self.chart.points)

    def y(self, value: float) -> float:
        """Where a value lies."""
        return (self.scale.high - value) / (self.scale.high - self.scale.low) * PLOT


@dataclass(frozen=True, slots=True)
class Layout:
    """A chart's picture but for the series itself.

    Attributes:
        frame: Axis and room.
        above: Room above the plot.
        texts: All that is written.
        keys: The marks of the key.
        starts: The lines at which limits begin anew.
    """

    frame: Frame
    above: float
    texts: tuple[Text, ...]
    keys: tuple[Key, ...]
    starts: tuple[StartLine, ...]


def laid_out(chart: SpcChart) -> Layout:
    """Everything that is written on a chart's picture, from the plot upwards."""
    frame = _frame(chart)
    starts, notes, above = _starts(frame, above=10.0)
    keys, key_texts, above = _key(frame, above=above)
    titles, above = _titles(frame, above=above)
    texts = (*titles, *key_texts, *notes, *_axis(frame), *_figures(frame), *_ends(frame))
    return Layout(frame, above, texts, tuple(keys), tuple(starts))


def _frame(chart: SpcChart) -> Frame:
    scale = value_scale(chart)
    ticks = [f"{scale.label(tick)}{chart.suffix}" for tick in scale.ticks]
    longest_tick = max(width_of_text(tick, size=_SIZE) for tick in ticks)
    longest_end = max(
        width_of_text(text, size=_SIZE * _BOLD) for _, text, *_ in _line_ends(chart, scale)
    )
    return Frame(
        chart,
        scale,
        left=min(max(_LEFT, round(longest_tick) + 2 * _EDGE), _WIDEST),
        right=min(max(_RIGHT, round(longest_end) + 2 * _EDGE), _WIDEST),
    )


def _titles(frame: Frame, *, above: float) -> tuple[list[Text], float]:
    """The title, over as many lines as it needs, and the room that is then taken."""
    lines = broken(frame.chart.title, size=_TITLE_SIZE * _BOLD, width=WIDTH - 2 * _EDGE)
    texts = [
        Text(
            _EDGE - frame.left,
            -above - _TITLE_LINE * (len(lines) - at - 0.5),
            line,
            fill=INK,
            size=_TITLE_SIZE,
            weight="bold",
        )
        for at, line in enumerate(lines)
    ]
    return texts, above + _TITLE_LINE * len(lines) + _EDGE


def _key(frame: Frame, *, above: float) -> tuple[list[Key], list[Text], float]:
    """What the marks on the chart show, what they mark, and whether its limits are trial ones."""
    shown = [signal(point) for point in frame.chart.points]
    entries = [word for word in (*SIGNALS.values(), NO_SIGNAL) if word in shown]
    keys, texts = [], []
    x, y = _EDGE - frame.left, -above - _LINE / 2 - 2
    if any(word in SIGNALS.values() for word in entries):
        texts.append(Text(x, y, _MARKED))
        above, y = above + _LINE, y - _LINE
    for word in entries:
        keys.append(Key(x + 5, y, word))
        texts.append(Text(x + 15, y, word))
        x += width_of_text(word, size=_SIZE) + 30
    if frame.chart.trial_limits:
        trial = f"trial limits: fewer than {SETTLED} points"
        texts.append(Text(WIDTH - frame.left - _EDGE, y, trial, align="right"))
    return keys, texts, above + _LINE + 4


def _starts(frame: Frame, *, above: float) -> tuple[list[StartLine], list[Text], float]:
    """Lines where limits begin anew, the period at their heads, and the reasons above."""
    begun = {start.period: start.why for start in frame.chart.starts}
    points = frame.chart.points
    places = [at for at, point in enumerate(points) if at and point.period in begun]
    if not places:
        return [], [], above
    lines = [StartLine(frame.x(at - 0.5), -above) for at in places]
    heads = spread([line.x for line in lines], gap=_HEAD, low=0, high=frame.width)
    texts = [
        Text(x, -above - _LINE / 2, short_label(points[at].period), align="center")
        for at, x in zip(places, heads, strict=True)
    ]
    told = (_anew(points[at].period, begun[points[at].period]) for at in places)
    reasons = [line for text in told for line in broken(text, size=_SIZE, width=WIDTH - 2 * _EDGE)]
    above += _LINE + _EDGE / 2
    for number, line in enumerate(reversed(reasons)):
        texts.append(Text(_EDGE - frame.left, -above - _LINE * (number + 0.5), line))
    return lines, texts, above + _LINE * len(reasons)


def _anew(period: Period, why: str) -> str:
    return f"{short_label(period)}: limits begin anew" + (f", {why}" if why else "")


def _axis(frame: Frame) -> Iterator[Text]:
    """The labels of both axes."""
    for tick in frame.scale.ticks:
        label = f"{frame.scale.label(tick)}{frame.chart.suffix}"
        yield Text(-_EDGE, frame.y(tick), label, align="right")
    periods = [point.period for point in frame.chart.points]
    for under in period_ticks(periods, width=frame.width):
        yield Text(frame.x(under.at), PLOT + 15, under.label, align="center")
        if under.year:
            yield Text(frame.x(under.at), PLOT + 31, under.year, align="center")


def _figures(frame: Frame) -> Iterator[Text]:
    """The figures at their points, where those are few; the newest stands at the line's end."""
    points = frame.chart.points
    values = [point.value for point in points]
    newest = points.index(frame.chart.latest)
    figures = {
        at: (value, frame.chart.figure(value))
        for at, value in enumerate(values[:newest])
        if value is not None
    }
    widest = max(
        (width_of_text(text, size=_FIGURE_SIZE) for _, text in figures.values()), default=0
    )
    if len(points) > _FEW or widest > frame.width / len(points):
        return
    for at, (value, text) in figures.items():
        beside = [each for each in values[max(at - 1, 0) : at + 2] if each is not None]
        x, y = _clear_of_lines(frame, at, value, beside=beside)
        yield Text(x, y, text, fill=INK, align="center", size=_FIGURE_SIZE)


def _clear_of_lines(
    frame: Frame, at: int, value: float, *, beside: Sequence[float]
) -> tuple[float, float]:
    """Above or below a point, in the plot and where the fewest lines run through its figure."""
    point = frame.chart.points[at]
    others = (point.mean, point.lower, point.upper, frame.chart.target)
    lines = [frame.y(each) for each in others if each is not None]
    above, below = frame.y(value) - 14, frame.y(value) + 15
    is_valley = value <= min(beside) < max(beside)
    is_peak = value >= max(beside) > min(beside)
    is_between = len(beside) == 3
    first, second = (below, above) if is_valley else (above, below)

    def struck(y: float) -> int:
        by_lines = sum(abs(line - y) < _FIGURE_SIZE * 0.7 for line in lines)
        by_series = is_between and ((is_peak and y == below) or (is_valley and y == above))
        return by_lines + by_series + 3 * (not 0 <= y <= PLOT)

    y = min(first, second, key=struck)
    return frame.x(at) + _aside(beside, is_above=y == above) * _FIGURE_SIZE, y


def _aside(beside: Sequence[float], *, is_above: bool) -> int:
    """To which side of a point on a slope its figure gets out of the line's way."""
    if len(beside) < 3 or not (
        beside[0] < beside[1] < beside[2] or beside[0] > beside[1] > beside[2]
    ):
        return 0
    is_rising = beside[0] < beside[2]
    return -1 if is_rising == is_above else 1


def _ends(frame: Frame) -> Iterator[Text]:
    """The names and values at the right, moved apart where they would collide."""
    ends = sorted(_line_ends(frame.chart, frame.scale), key=lambda end: -end[0])
    wanted = [max(0.0, min(frame.y(value), PLOT)) for value, *_ in ends]
    places = spread(wanted, gap=_LINE - 1, low=0, high=PLOT)
    for (_, text, fill, weight), y in zip(ends, places, strict=True):
        yield Text(frame.width + _EDGE, y, text, fill=fill, weight=weight)


End = tuple[float, str, str, str]
"""What stands at the right: at which value, the text, its colour and weight."""


def _line_ends(chart: SpcChart, scale: ValueScale) -> list[End]:
    latest = chart.latest
    ends: list[End] = []
    if latest.value is not None:
        text = f"{short_label(latest.period)}: {chart.figure(latest.value)}"
        ends.append((latest.value, text, FILLS[signal(latest)], "bold"))
    ends += [(value, text, GREY, "normal") for value, text in _limit_ends(chart)]
    if chart.target is not None:
        aim = f"target {chart.aim(chart.target)}"
        if not scale.holds(chart.target):
            aim += " ↑" if chart.target > scale.high else " ↓"
        ends.append((chart.target, aim, INK, "normal"))
    return ends


def _limit_ends(chart: SpcChart) -> Iterator[tuple[float, str]]:
    latest = chart.latest
    if latest.mean is None:
        return
    if latest.lower is None or latest.upper is None:
        yield latest.mean, f"mean {chart.limit(latest.mean)}"
    elif latest.lower == latest.upper:
        yield latest.mean, f"mean, limits {chart.limit(latest.mean)}"
    else:
        yield latest.upper, f"upper limit {chart.limit(latest.upper)}"
        yield latest.mean, f"mean {chart.limit(latest.mean)}"
        yield latest.lower, f"lower limit {chart.limit(latest.lower)}"
