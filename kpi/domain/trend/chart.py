"""A row of `kpi trend` as a chart: which figures are drawn, on what axis, under what title.

Periods without a figure get a place of their own, so that time runs evenly along the axis.
Limits are shown as everywhere: no share beyond 0 and 100 %, no count that never was below 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from kpi.domain.catalogue import Indicator
from kpi.domain.chart import GroupStart, SpcChart, SpcPoint
from kpi.domain.period import Period, parse_period
from kpi.domain.trend.words import SPANS, shown_limits

Row = dict[str, Any]


def spc_chart(row: Row, indicator: Indicator, *, authority: str) -> SpcChart | None:
    """The chart of a series; null where nothing of it can be charted.

    Args:
        row: A row of `kpi.usecases.trend`, with its `series`.
        indicator: The row's indicator.
        authority: Whose figures need no name in the title.
    """
    series = row["series"]
    if not series:
        return None
    drawn = "adjusted" if any(each["adjusted"] is not None for each in series) else "value"
    lowest = min((each[drawn] for each in series if each[drawn] is not None), default=None)
    if lowest is None:
        return None
    periods = [_period(each["period"], indicator) for each in series]
    points = [
        _point(each, period, indicator, drawn=drawn, lowest=lowest)
        for each, period in zip(series, periods, strict=True)
    ]
    return SpcChart(
        title=_title(row, indicator, authority=authority, span=periods[-1].months, drawn=drawn),
        points=tuple(_with_gaps(points)),
        suffix="%" if indicator.outturn == "percentage" else "",
        decimals=indicator.shown_decimals,
        target=row["target_of_period"],
        starts=tuple(_starts(series, periods, indicator)),
        trial_limits=bool(row["trial_limits"]),
    )


def _title(row: Row, indicator: Indicator, *, authority: str, span: int, drawn: str) -> str:
    """What is drawn where it is not the reported figure, and whose it is."""
    of_period = f" each {SPANS[span]} alone" if indicator.basis == "year-to-date" else ""
    season = " without the time of year" if drawn == "adjusted" else ""
    unit = f", {row['unit']}" if row["unit"] else ""
    area = f" ({row['area']})" if row["area"] != authority else ""
    about = f",{of_period}{season}" if of_period or season else ""
    return f"{indicator.title}{unit}{area}{about}"


def _point(
    said: Row, period: Period, indicator: Indicator, *, drawn: str, lowest: float
) -> SpcPoint:
    lower, upper = shown_limits(said | {"lowest": lowest}, indicator)
    return SpcPoint(period, said[drawn], said["mean"], lower, upper, said["point_type"])


def _with_gaps(points: Sequence[SpcPoint]) -> Iterator[SpcPoint]:
    """The points with an empty one for every period that lies between two."""
    for before, point in pairwise(points):
        yield before
        missing = before.period.next()
        while missing < point.period:
            yield SpcPoint(missing, None)
            missing = missing.next()
    yield points[-1]


def _starts(
    series: Sequence[Row], periods: Sequence[Period], indicator: Indicator
) -> Iterator[GroupStart]:
    """Where the group changes, with the reasons dated since the point before."""
    dated = [(each.on, each.why) for each in indicator.spc.rebase]
    dated += [(each.begins, each.what) for each in indicator.redefinitions]
    pairs = pairwise(zip(series, periods, strict=True))
    for (before, earlier), (point, period) in pairs:
        if before["group"] != point["group"]:
            why = (why for on, why in sorted(dated) if earlier.end < on <= period.end)
            yield GroupStart(period, "; ".join(why))


def _period(said: str, indicator: Indicator) -> Period:
    period = parse_period(said, year=indicator.year) or parse_period(said, year="calendar")
    if period is None:
        raise ValueError(f"{said} is no period")
    return period
