"""A series as one line of bars, its lowest point the lowest bar and its highest the highest.

Where an encoding lacks the bars, `kpi.renderers.encoding` has characters that look alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

BARS = "▁▂▃▄▅▆▇█"
SHOWN = 12
"""The latest so many points; earlier ones are left to the chart."""

_LEVEL = 3  # of a line that does not move
_HIGHEST = len(BARS) - 1


def sparklines(points: pl.LazyFrame, *, by: Sequence[str], value: str = "value") -> pl.LazyFrame:
    """One row a series: the columns `by` and `sparkline`, a bar for each of its latest points.

    Args:
        points: The points in order, none without a value.
        by: What makes a series.
        value: The column to draw.

    Example:
        >>> visits = pl.LazyFrame({"indicator": ["a"] * 4, "value": [60.0, 80.0, 70.0, 100.0]})
        >>> sparklines(visits, by=["indicator"]).collect()["sparkline"].to_list()
        ['▁▅▃█']
    """
    latest = pl.col(value).tail(SHOWN)
    low, high = latest.min(), latest.max()
    # Half a step up, and down to a whole one: half away from zero, as nothing is below it.
    step = ((latest - low) / (high - low) * _HIGHEST + 0.5).floor()
    place = pl.when(high > low).then(step).otherwise(_LEVEL).cast(pl.Int8)
    bars = place.replace_strict(range(len(BARS)), list(BARS), return_dtype=pl.String)
    return points.group_by(by, maintain_order=True).agg(sparkline=bars.str.join(""))
