"""How long checking a million observations takes, beside rating them.

Run with `python tests/benchmarks/bench_check.py`. The aim is five times `kpi rag` of all
indicators at the newest month. Prints medians of runs in turn, so that a noisy machine
slows both, and never judges them. A hundred areas hold a hundred months of a hundred
indicators; one of the areas is the authority.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("POLARS_ENGINE_AFFINITY", "in-memory")  # as the command line does

from kpi.store import Store
from kpi.usecases.check import check
from kpi.usecases.project import open_project
from kpi.usecases.rag import rag
from tests.benchmarks.bench_foundations import catalogue, fill, say

RUNS = 5
TODAY = date(2021, 11, 9)
INDICATORS, MONTHS, AREAS, BATCHES = 100, 100, 100, 10


def main() -> None:
    """Print the medians and the ratio that the aim speaks of."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalogue(folder, indicators=INDICATORS)
        rows = fill(
            Store(folder / ".kpi"),
            indicators=INDICATORS,
            months=MONTHS,
            areas=AREAS,
            batches=BATCHES,
        )
        project = open_project(folder / "indicators.toml")
        taken: dict[str, list[float]] = {"rag": [], "check": []}
        for run in range(RUNS + 1):
            begun = perf_counter()
            rag(project)
            between = perf_counter()
            check(project, today=TODAY)
            if run:
                taken["rag"].append(between - begun)
                taken["check"].append(perf_counter() - between)
        rated, checked = (median(taken[each]) for each in ("rag", "check"))
        say(
            f"check {rows:,} observations: {checked * 1000:,.0f} ms, rag {rated * 1000:,.0f} ms, "
            f"ratio {checked / rated:.2f} (wanted at most 5)"
        )


if __name__ == "__main__":
    main()
