"""Charts from the few values a test cares about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpi.domain.chart import GroupStart, SpcChart, SpcPoint
from kpi.domain.period import Period, YearKind, parse_period

HOSTILE = '<b class="x">A & B</b> ]]> \x1b[31m\u202e \'q\' "q" \\1'


def a_period(said: str, *, year: YearKind = "financial") -> Period:
    period = parse_period(said, year=year)
    assert period is not None
    return period


def points_of(
    values: Sequence[float | None],
    *,
    first: str = "2021-04",
    limits: tuple[float | None, float | None, float | None] | None = None,
    signals: dict[int, str] | None = None,
) -> tuple[SpcPoint, ...]:
    """Consecutive points; signals by place; mean and limits, by default about the values."""
    held = [value for value in values if value is not None]
    mean = sum(held) / len(held)
    lines = limits or (mean, min(held) - 1, max(held) + 1)
    begin = a_period(first)
    return tuple(
        SpcPoint(begin.shifted(at), None)
        if value is None
        else SpcPoint(begin.shifted(at), value, *lines, (signals or {}).get(at, "common_cause"))
        for at, value in enumerate(values)
    )


def a_chart(
    values: Sequence[float | None] = (82, 84, 85, 80, 72, 74, 60), **fields: Any
) -> SpcChart:
    """A chart of consecutive months called `Visits`, with a line for every value given."""
    of_points = {
        name: fields.pop(name) for name in ("first", "limits", "signals") if name in fields
    }
    return SpcChart(**({"title": "Visits", "points": points_of(values, **of_points)} | fields))


def starting(**whys: str) -> tuple[GroupStart, ...]:
    """Group starts by period, such as `starting(m2021_10="front door")`."""
    return tuple(
        GroupStart(a_period(said[1:].replace("_", "-")), why) for said, why in whys.items()
    )


CONCERN, IMPROVEMENT = "special_cause_concern", "special_cause_improvement"
HIGH, LOW = "special_cause_neutral_high", "special_cause_neutral_low"

KINDS: dict[str, SpcChart] = {
    "few": a_chart(
        limits=(76.7, 62.5, 90.9), signals={6: CONCERN}, suffix="%", target=100, trial_limits=True
    ),
    "long": a_chart([1900 + 7 * (at % 13) + at for at in range(144)], target=2000),
    "gaps": a_chart([50, None, 52, None, None, 51, 49, 53, None, 50]),
    "rebased": a_chart(
        [30, 31, 29, 30, 20, 21, 19, 20],
        starts=starting(m2021_08="new front door, & <more>"),
        signals={1: IMPROVEMENT},
    ),
    "constant": a_chart([100] * 15, suffix="%", limits=(100, 100, 100), target=95),
    "zero": a_chart([0] * 5, limits=(0, 0, 0)),
    "near 100": a_chart([99.1, 99.8, 100, 98.2], suffix="%", decimals=1, limits=(99, 96, 100)),
    "negative": a_chart([-4, 3, -11, 0], target=0, signals={2: LOW, 1: HIGH}),
    "one": a_chart([42.4], decimals=1, limits=(42.4, None, None), target=300),
    "far target": a_chart([500, 505, 498], target=20),
    "quarters": a_chart([50, 51, 47], first="2020-Q4"),
    "years": a_chart([5000, 5100, 4800], first="2018/19"),
    "large": a_chart([1234567, 1250001, 1199999], target=1200000),
    "hostile": a_chart(title=HOSTILE, starts=starting(m2021_07=HOSTILE)),
}
"""A chart of every kind that looks different."""
