"""How long `kpi trend` takes; measured, never asserted.

`python -m tests.benchmarks.bench_trend` prints, each the best of several runs:

- limits, rules, labels and icons of 1,000 and of 100,000 series of 60 points, in this process;
- the same through the whole of `kpi.domain.trend.verdicts`, with changes, run-rates and ratings;
- the whole command on 1,000 indicators of 60 months with `--format json`, beside the time of
  `python -c "import polars, typer, rich"`, which it is to stay within five times of.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import polars as pl

from kpi.domain.scorecard import figures
from kpi.domain.statistics.spc import latest_verdicts
from kpi.domain.target import target_frame
from kpi.domain.trend.series import judged_keys, trend_settings
from kpi.domain.trend.verdicts import trends
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import open_project

POINTS = 60
RUNS = 7
WANTED = 5
"""Times of the bare imports that the whole command may take."""


def best(run: Callable[[], object], *, runs: int = RUNS) -> float:
    """The shortest of several runs, in seconds."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return min(times)


def points(series: int) -> pl.DataFrame:
    """So many series of 60 points, the same each time."""
    rows = pl.int_range(series * POINTS, eager=True)
    return pl.DataFrame(
        {
            "series": rows // POINTS,
            "position": rows % POINTS,
            # A scatter without a random generator: the same on every machine.
            "value": (rows * 7919 % 211 + 100).cast(pl.Float64),
        }
    ).with_columns(
        target=pl.lit(180.0),
        improvement=pl.lit(-1, dtype=pl.Int8),
        baseline=pl.lit(None, dtype=pl.Int64),
        screen=pl.lit(value=True),
        two_in_three=pl.lit("older"),
        rebase=pl.lit(value=False),
    )


def verdicts(series: int) -> float:
    """Seconds for the verdict of each of so many series."""
    frame = points(series).lazy()
    run = latest_verdicts(frame, series=["series"])
    return best(lambda: run.collect(engine="in-memory"), runs=RUNS if series < 10_000 else 3)


def make_project(folder: Path, *, indicators: int) -> None:
    """A project of so many indicators of 60 months, ingested."""
    lines = ['[catalogue]\nversion = 1\nauthority = "Southampton"\n']
    lines += [
        f'[indicator.i{n}]\ntitle = "Indicator {n}"\noutturn = "number"\nbasis = "in-month"\n'
        f'polarity = "low"\ntarget = {{ value = 180, per = "month" }}\n'
        for n in range(indicators)
    ]
    (folder / "indicators.toml").write_text("\n".join(lines), encoding="utf-8")
    frame = points(indicators).select(
        indicator="i" + pl.col("series").cast(pl.String),
        period=pl.format(
            "{}-{}",
            2017 + pl.col("position") // 12,
            (pl.col("position") % 12 + 1).cast(pl.String).str.zfill(2),
        ),
        value="value",
    )
    frame.write_csv(folder / "figures.csv")
    project = open_project(folder / "indicators.toml")
    ingest(project, [folder / "figures.csv"], IngestOptions(), now=datetime.now(UTC))


def whole_domain(folder: Path) -> float:
    """Seconds from stored rows to all that is found out of each series."""
    project = open_project(folder / "indicators.toml")
    catalogue = project.catalogue
    observations = project.store.snapshot().observations.collect().lazy()
    settings = trend_settings(catalogue.indicators).lazy()

    def run() -> object:
        held = figures(observations, catalogue, hide_small=False).collect().lazy()
        found = trends(
            held,
            judged_keys(held, settings=settings),
            indicators=catalogue.indicators,
            catalogue=catalogue,
            targets=target_frame(catalogue).lazy(),
        )
        return pl.collect_all([found.cards, found.left_out, found.starts], engine="in-memory")

    return best(run)


def command(folder: Path, *words: str) -> float:
    """Seconds of a process of this Python, run in a folder."""
    return best(
        lambda: subprocess.run(
            [sys.executable, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
    )


def main() -> None:
    """Measures all of it and says so."""
    say = sys.stdout.write
    for series in (1_000, 100_000):
        say(f"{series:>7,} x {POINTS}, verdicts:          {verdicts(series):8.3f} s\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_project(folder, indicators=1_000)
        say(f"  1,000 x {POINTS}, whole domain:      {whole_domain(folder):8.3f} s\n")
        bare = command(folder, "-c", "import polars, typer, rich")
        whole = command(folder, "-m", "kpi", "trend", "--format", "json")
        say(f"  1,000 x {POINTS}, whole command:     {whole:8.3f} s\n")
        say(f"  import polars, typer, rich:  {bare:8.3f} s\n")
        say(f"  ratio: {whole / bare:.1f} (wanted: at most {WANTED})\n")


if __name__ == "__main__":
    main()
