"""How long comparing every authority takes, beside importing polars and reading the values.

Run with `python tests/benchmarks/bench_compare.py`. All authorities, some 100 measures and
ten years are compared in one process; the aim is ten imports of polars and the read.
Prints medians of whole processes, and never judges them: the machine decides.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

RUNS = 5
ROOT = Path(__file__).parents[2]

IMPORT = "import polars"
READ = """
import polars as pl
from kpi import reference
pl.collect_all([reference.values(), reference.measures(), reference.population()])
"""
COMPARE = """
import polars as pl
from kpi import reference
from kpi.domain.comparison.every_authority import every_authority
from kpi.domain.comparison.places import in_unit_of_indicators, published_places
is_number = pl.col("outturn") == "number"
indicators = reference.measures().select(
    "measure", "polarity", indicator="measure", outturn_type="outturn",
    per=pl.col("per").cast(pl.Float64).fill_null(10_000.0), basis=pl.lit("annual"),
    year=pl.lit("financial"), method=pl.lit("mean"), level=pl.lit(95.0),
    is_average=is_number & ~pl.col("is_count"),
)
places = published_places(
    reference.values(), measures=reference.measures(), indicators=indicators
).pipe(in_unit_of_indicators, indicators=indicators, population=reference.population())
compared = every_authority(
    places.collect().lazy(),
    areas=reference.areas(),
    neighbours=reference.neighbour_lists(model="2025-05"),
)
pl.collect_all([compared.outturns, compared.comparators])
"""


def seconds(code: str) -> float:
    """Median seconds of a process that runs this code, after one that does not count."""
    taken = []
    for _ in range(RUNS + 1):
        start = perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
        taken.append(perf_counter() - start)
    return median(taken[1:])


def main() -> None:
    """Print a line for each process and the ratio that the aim speaks of."""
    bare, read, compare = (seconds(code) for code in (IMPORT, READ, COMPARE))
    aim = 10 * bare + (read - bare)
    sys.stdout.write(
        f"import polars           {bare:6.2f} s\n"
        f"and read the values     {read:6.2f} s\n"
        f"and compare them all    {compare:6.2f} s\n"
        f"aim: ten imports + read {aim:6.2f} s ({compare / aim:.2f} of it)\n"
    )


if __name__ == "__main__":
    main()
