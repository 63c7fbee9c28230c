"""An SPC chart drawn in characters: 78 columns, ASCII, the same on a terminal and in an e-mail.

Special causes are letters, not colours: C concern, I improvement, H high and L low where
nothing says which is good. Our own drawing rather than plotext's: that marks a series, not a
single point, cannot end its lines with their names and values, and takes longer to import
than the whole command may, all for what these lines do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpi.renderers.words import number

LETTERS = {
    "special_cause_concern": "C",
    "special_cause_improvement": "I",
    "special_cause_neutral_high": "H",
    "special_cause_neutral_low": "L",
}
WORDS = {"C": "concern", "I": "improvement", "H": "high", "L": "low", "*": "other points"}

_MOST_ROWS = 13
_WIDEST_STEP = 6
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Point:
    """A point to draw.

    Attributes:
        label, year: What stands under it, such as `Apr` and, where it begins, `2021`.
        text: The figure in words, for under the label where there is room.
        value: Where it stands.
        mean, lower, upper: Its chart there; null for none.
        point_type: One of `kpi.domain.statistics.spc_rules.POINT_TYPES`, or null.
    """

    label: str
    year: str
    text: str
    value: float
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    point_type: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What stands at the end of a line; empty for none."""

    mean: str = ""
    lower: str = ""
    upper: str = ""
    target: str = ""


def character_chart(
    points: Sequence[Point], *, names: Names, target: float | None = None, width: int = 78
) -> tuple[str, ...]:
    """The lines of a chart of one series.

    Where points are too many for the width the latest are drawn, and the last line says so.

    Args:
        points: The points in order; one at least.
        names: What to write beside mean, limits and target, of the last group.
        target: Drawn where it lies between the lowest and the highest row.
        width: Columns of the longest line.
    """
    scale = _scale(points)
    margin = max(len(scale.label(row)) for row in range(scale.rows)) + 2
    beside = max(map(len, (names.mean, names.lower, names.upper, names.target))) + 1
    room = width - margin - beside
    is_beside = len(points) * 2 <= room
    columns = room if is_beside else width - margin
    shown = points[-columns:]
    step = max(1, min(_WIDEST_STEP, columns // len(shown)))
    grid = _grid(shown, scale=scale, step=step, target=target)
    ends = _ends(shown[-1], names=names, scale=scale, target=target)
    lines = [
        f"{scale.label(row):>{margin - 2}} |{''.join(grid[row])}"
        + (f" {ends[row]}" if is_beside and row in ends else "")
        for row in reversed(range(scale.rows))
    ]
    lines.append(" " * (margin - 1) + "+" + "-" * (len(shown) * step))
    lines += _below(shown, step=step, margin=margin)
    lines += _key(shown, names=names, with_names=not is_beside, width=width)
    if len(shown) < len(points):
        lines.append(f"The latest {len(shown)} of {len(points)} points.")
    return tuple(line.rstrip() for line in lines)


@dataclass(frozen=True, slots=True)
class _Scale:
    """The rows of a chart: the value of the lowest, and what a row is worth."""

    bottom: float
    step: float
    rows: int

    def row(self, value: float) -> int:
        """The row nearest to a value."""
        return math.floor((value - self.bottom) / self.step + 0.5)

    def label(self, row: int) -> str:
        """A row's value, with as many decimals as tell the rows apart."""
        decimals = 0
        while decimals < _MOST_ROWS and not _is_whole(self.step * 10**decimals):
            decimals += 1
        return number(self.bottom + row * self.step, decimals=decimals)


def _is_whole(value: float) -> bool:
    return math.isclose(value, round(value), rel_tol=1e-9) and round(value) > 0


def _scale(points: Sequence[Point]) -> _Scale:
    values = [
        value
        for point in points
        for value in (point.value, point.lower, point.upper)
        if value is not None
    ]
    low, high = min(values), max(values)
    step = _nice((high - low) / (_MOST_ROWS - 1) or abs(low) / 10 or 1.0)
    bottom = math.floor(low / step + 1e-9) * step
    if high == low:
        bottom -= step
    return _Scale(bottom, step, math.ceil((high - bottom) / step - 1e-9) + 1)


def _nice(step: float) -> float:
    """The least step of 1, 2, 2.5 or 5 times a power of ten that is no smaller."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(nice * power for nice in _NICE if nice * power >= step * (1 - 1e-9))


def _grid(
    points: Sequence[Point], *, scale: _Scale, step: int, target: float | None
) -> list[list[str]]:
    grid = [[" "] * (len(points) * step) for _ in range(scale.rows)]

    def put(value: float | None, mark: str, *, columns: range) -> None:
        if value is not None and 0 <= scale.row(value) < scale.rows:
            for column in columns:
                grid[scale.row(value)][column] = mark

    for place, point in enumerate(points):
        across = range(place * step, (place + 1) * step)
        put(target, "=", columns=across)
        put(point.lower, ".", columns=across)
        put(point.upper, ".", columns=across)
        put(point.mean, "-", columns=across)
        middle = place * step + step // 2
        put(point.value, _mark(point), columns=range(middle, middle + 1))
    return grid


def _mark(point: Point) -> str:
    return LETTERS.get(point.point_type or "", "*")


def _ends(last: Point, *, names: Names, scale: _Scale, target: float | None) -> dict[int, str]:
    """What stands at the end of which row; of two on one row the mean, then the limits."""
    named = (
        (target, names.target),
        (last.lower, names.lower),
        (last.upper, names.upper),
        (last.mean, names.mean),
    )
    return {scale.row(value): name for value, name in named if value is not None and name}


def _below(points: Sequence[Point], *, step: int, margin: int) -> Iterator[str]:
    """The labels under the axis; the years where they begin; the figures where all have room."""
    every = -(-(max(len(point.label) for point in points) + 1) // step)
    labels = {place: point.label for place, point in enumerate(points) if not place % every}
    years = {
        place: point.year
        for place, point in enumerate(points)
        if point.year and (place == 0 or points[place - 1].year != point.year)
    }
    figures = dict(enumerate(point.text for point in points))
    has_room = max(map(len, figures.values())) < step
    for texts in (labels, years, figures if has_room else {}):
        if texts:
            yield _spread(texts, step=step, margin=margin, end=margin + len(points) * step)


def _spread(texts: Mapping[int, str], *, step: int, margin: int, end: int) -> str:
    """Texts about the columns of their points; one that has no room there is left away."""
    line = ""
    for place, text in texts.items():
        column = max(margin + place * step + step // 2 - len(text) // 2, 0)
        if column > len(line) and column + len(text) <= end:
            line = line.ljust(column) + text
    return line


def _key(points: Sequence[Point], *, names: Names, with_names: bool, width: int) -> Iterator[str]:
    """What the letters mean, and the lines where their names do not stand beside them."""
    marks = list(dict.fromkeys(map(_mark, points)))
    if marks != ["*"]:
        yield ""
        yield ", ".join(f"{mark} {WORDS[mark]}" for mark in sorted(marks, reverse=True))
        yield "A letter marks a signal, or a point of a run that is one."
    if with_names:
        lines = (("-", names.mean), (".", names.upper), (".", names.lower), ("=", names.target))
        said = [f"{mark * 3} {name}" for mark, name in lines if name]
        together = ", ".join(said)
        yield from [together] if len(together) <= width else said
