"""Trends from the few values that a test cares about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from kpi.domain.catalogue import Indicator
from kpi.domain.scorecard import figures
from kpi.domain.target import target_frame
from kpi.domain.trend.series import judged_keys, trend_settings
from kpi.domain.trend.verdicts import trends
from kpi.reference import england_referral_profile
from kpi.usecases.trend_rows import trend_rows
from tests.builders import a_catalogue, observations

Row = dict[str, Any]

JUNE_DIP = (0.08, 0.09, 0.05, 0.09, 0.08, 0.09, 0.09, 0.09, 0.08, 0.09, 0.08, 0.09)


def months(values: Sequence[float | None], *, first: str = "2020-04", **fields: Any) -> list[Row]:
    """Rows of consecutive months; null for a month that is not held at all."""
    begin = int(first[:4]) * 12 + int(first[5:]) - 1
    return [
        {"period": f"{(begin + place) // 12}-{(begin + place) % 12 + 1:02d}", "value": value}
        | {name: each[place] if isinstance(each, list) else each for name, each in fields.items()}
        for place, value in enumerate(values)
        if value is not None
    ]


def trends_of(
    *indicators: Indicator,
    rows: Sequence[Row],
    up_to: str | None = None,
    hide_small: bool = False,
    shuffled: int | None = None,
) -> list[Row]:
    """The rows of `kpi trend` for these indicators and observations, as dictionaries."""
    catalogue = a_catalogue(*indicators)
    stored = observations(*rows)
    if shuffled is not None:
        stored = stored.sample(fraction=1, shuffle=True, seed=shuffled)
    if up_to is not None:
        stored = stored.filter(pl.col("period") <= up_to)
    settings = trend_settings(indicators).lazy()
    held = figures(stored.lazy(), catalogue, hide_small=hide_small)
    bare = figures(stored.lazy(), catalogue, hide_small=False)
    england = any(each.seasonal == "england" for each in indicators)
    found = trends(
        held,
        judged_keys(bare, settings=settings),
        indicators=indicators,
        catalogue=catalogue,
        targets=target_frame(catalogue).lazy(),
        england=england_referral_profile() if england else (),
    )
    frames = pl.collect_all([found.cards, found.left_out, found.starts], engine="in-memory")
    return list(trend_rows(*frames, catalogue=catalogue).iter_rows(named=True))


def trend_of(indicator: Indicator, rows: Sequence[Row], **options: Any) -> Row:
    """The one row of `kpi trend` for an indicator and its observations."""
    (row,) = trends_of(indicator, rows=rows, **options)
    return row
