"""How long the SPC engine takes, beside sorting and summing the same frame.

Run with `python tests/benchmarks/bench_spc.py [SERIES ...]`; by default 1,000 and 100,000
series of 60 points. Prints medians, and never judges them: the machine decides.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[2]))

from kpi.domain.statistics.spc import latest_verdicts, with_spc
from kpi.domain.statistics.spc_pchart import with_p_chart

POINTS = 60
RUNS = 5


def a_frame(series: int) -> pl.DataFrame:
    """Monthly percentages with counts, ordered as a store hands them over."""
    chance = random.Random(series)
    size = series * POINTS
    return pl.DataFrame(
        {
            "indicator": [f"indicator-{n // POINTS:06d}" for n in range(size)],
            "position": list(range(POINTS)) * series,
            "numerator": [chance.randint(30, 95) for _ in range(size)],
        }
    ).with_columns(
        denominator=pl.lit(100),
        value=pl.col("numerator").cast(pl.Float64),
        improvement=pl.lit(1, pl.Int8),
        baseline=pl.lit(None, pl.Int64),
        screen=pl.lit(True),
        two_in_three=pl.lit("older"),
        rebase=pl.col("position") == 40,
        target=pl.lit(60.0),
    )


def timed(work: Callable[[], pl.LazyFrame]) -> float:
    """Median seconds of a few runs, after one that does not count."""
    seconds = []
    for _ in range(RUNS + 1):
        start = perf_counter()
        work().collect(engine="in-memory")
        seconds.append(perf_counter() - start)
    return median(seconds[1:])


def sorted_and_summed(points: pl.LazyFrame, *, series: list[str]) -> pl.LazyFrame:
    """The yardstick: what any answer about every series has to do at least."""
    in_order = points.sort(*series, "position")
    return in_order.group_by(series, maintain_order=True).agg(pl.sum("value"))


def main(sizes: list[int]) -> None:
    """Print a line for each step and size."""
    steps = (sorted_and_summed, with_spc, latest_verdicts, with_p_chart)
    for size in sizes:
        frame = a_frame(size)
        for rows in ("ordered", "shuffled"):
            sys.stdout.write(f"{size:,} series of {POINTS} points, rows {rows}\n")
            points = frame if rows == "ordered" else frame.sample(fraction=1, shuffle=True, seed=1)
            yardstick = timed(partial(sorted_and_summed, points.lazy(), series=["indicator"]))
            for step in steps:
                seconds = timed(partial(step, points.lazy(), series=["indicator"]))
                ratio = seconds / yardstick
                sys.stdout.write(f"  {step.__name__:20}{seconds:9.4f} s {ratio:7.1f} x yardstick\n")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 100_000])
