"""Start-up, reading, keeping and rating, as ratios measured in one run.

`python tests/benchmarks/bench_foundations.py [start|ingest|rag|scale]…` prints medians of
whole processes run in turn with their yardstick, so that a noisy machine slows both. It
asserts nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import polars as pl

from kpi.domain.observation import READ
from kpi.domain.period import Period
from kpi.store import Store
from kpi.usecases.project import Choice, open_project
from kpi.usecases.rag import rag

RUNS = 7
NOW = datetime(2021, 11, 9, 9, tzinfo=UTC)


def main(wanted: list[str]) -> None:
    """Runs the benchmarks named, or all."""
    for name in wanted or list(BENCHMARKS):
        BENCHMARKS[name]()


def start() -> None:
    """`kpi --help` against importing typer and rich."""
    compare("kpi --help", kpi("--help"), python("import typer, rich"), wanted=1.8)


def ingest() -> None:
    """A workbook of 10 sheets of 40 indicators by 24 months against openpyxl alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalogue(folder, indicators=400)
        workbook(folder / "report.xlsx", sheets=10, rows=40, months=24)
        walk = (
            "import openpyxl; w = openpyxl.load_workbook('report.xlsx', data_only=True); "
            "sum(1 for s in w for r in s.iter_rows() for c in r if c.value is not None)"
        )
        compare(
            "ingest 10 x 40 x 24",
            kpi("ingest", "report.xlsx", "--dry-run", "-q"),
            python(walk),
            wanted=3,
            folder=folder,
        )


def rag_command() -> None:
    """`kpi rag` on 12 months of 200 indicators against importing polars, typer and rich."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalogue(folder, indicators=200)
        fill(Store(folder / ".kpi"), indicators=200, months=12, areas=1, batches=12)
        compare(
            "rag 200 x 12",
            kpi("rag", "-o", "out.txt"),
            python("import polars, typer, rich"),
            wanted=2,
            folder=folder,
        )


def scale() -> None:
    """`rag` of one period over ever more stored observations, inside the process."""
    for indicators, months, areas in (
        (100, 100, 1),
        (100, 100, 10),
        (100, 100, 100),
        (1000, 100, 100),
    ):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            catalogue(folder, indicators=indicators)
            store = Store(folder / ".kpi")
            rows = fill(store, indicators=indicators, months=months, areas=areas, batches=10)
            project = open_project(folder / "indicators.toml")
            plain = folder / "plain.parquet"
            store.scan().sink_parquet(plain)
            needed = ["indicator", "area", "unit", "role", "period", "period_end"]
            needed += ["period_months", "value", "state", "marks", "seq", "older"]

            def read(plain: Path = plain, needed: list[str] = needed) -> None:
                pl.scan_parquet(plain, glob=False).select(needed).collect()

            def rate(project: object = project) -> None:
                rag(project, Choice(period="2021-10"))  # type: ignore[arg-type]

            ours, theirs = medians(rate, read)
            print_line(f"rag of one period, {rows:,} rows", ours, theirs, wanted=3)
            say(f"    {1e9 * ours / rows:,.0f} ns an observation")


BENCHMARKS: dict[str, Callable[[], None]] = {
    "start": start,
    "ingest": ingest,
    "rag": rag_command,
    "scale": scale,
}


def compare(
    title: str, ours: list[str], theirs: list[str], *, wanted: float, folder: Path | None = None
) -> None:
    """Prints two commands' medians as whole processes, and their ratio."""

    def run(command: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(command, cwd=folder, check=True, capture_output=True)

    print_line(title, *medians(run(ours), run(theirs)), wanted=wanted)


def medians(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """The medians of two things done in turn, after one warm-up each."""
    taken: tuple[list[float], list[float]] = ([], [])
    for run in range(RUNS + 1):
        for place, thing in enumerate((ours, theirs)):
            begun = time.perf_counter()
            thing()
            if run:
                taken[place].append(time.perf_counter() - begun)
    return statistics.median(taken[0]), statistics.median(taken[1])


def print_line(title: str, ours: float, theirs: float, *, wanted: float) -> None:
    say(
        f"{title}: {ours * 1000:,.0f} ms, yardstick {theirs * 1000:,.0f} ms, "
        f"ratio {ours / theirs:.2f} (wanted at most {wanted:g})"
    )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def kpi(*words: str) -> list[str]:
    return [sys.executable, "-m", "kpi", *words]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def catalogue(folder: Path, *, indicators: int) -> None:
    """A catalogue of so many rated indicators."""
    entries = [
        f'[indicator.i{number}]\ntitle = "Indicator {number}"\noutturn = "number"\n'
        'basis = "in-month"\npolarity = "low"\ntarget = 50\ntolerance = 10\n'
        for number in range(indicators)
    ]
    head = '[catalogue]\nversion = 1\nauthority = "Anytown"\n\n'
    (folder / "indicators.toml").write_text(head + "\n".join(entries), encoding="utf-8")


def workbook(path: Path, *, sheets: int, rows: int, months: int) -> None:
    """A report in the usual layout."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    periods = [Period.of_month(2020, 1).shifted(number).start for number in range(months)]
    for sheet in range(sheets):
        page = book.create_sheet(f"Theme {sheet}")
        page.append(["Indicator", "Outturn type", *periods, "Target"])
        for row in range(rows):
            number = sheet * rows + row
            figures = [float(number % 97 + month) for month in range(months)]
            page.append([f"Indicator {number}", "NUMBER", *figures, 50])
    book.save(path)


def fill(store: Store, *, indicators: int, months: int, areas: int, batches: int) -> int:
    """Stores so many figures, the months shared out among batches; how many there are."""
    newest = Period.of_month(2021, 10)
    periods = pl.DataFrame(
        {
            "period": [str(newest.shifted(-number)) for number in range(months)],
            "period_start": [newest.shifted(-number).start for number in range(months)],
            "period_end": [newest.shifted(-number).end for number in range(months)],
        }
    ).reverse()
    ids = pl.DataFrame({"indicator": [f"i{number}" for number in range(indicators)]})
    places = pl.DataFrame({"area": ["Anytown", *(f"Area {n}" for n in range(areas - 1))]})
    each = max(1, months // batches)
    for first in range(0, months, each):
        rows = ids.join(places, how="cross").join(periods.slice(first, each), how="cross")
        rows = rows.with_columns(
            value=(pl.int_range(pl.len()) * 7919 % 101).cast(pl.Float64),
            unit=pl.lit(""),
            role=pl.lit("outturn"),
            period_months=pl.lit(1, dtype=pl.Int8),
            state=pl.lit("value"),
            marks=pl.lit(""),
            raw=pl.lit("1"),
            label=pl.col("indicator"),
            source_file=pl.lit("report.xlsx"),
            source_cell=pl.lit("B2"),
            report_end=pl.lit(date(2021, 10, 31)),
            older=pl.lit(False),
        )
        missing = {name: dtype for name, dtype in READ.items() if name not in rows.columns}
        rows = rows.with_columns(
            pl.lit(None, dtype=dtype).alias(name) for name, dtype in missing.items()
        )
        with store.writing(now=NOW) as writer:
            writer.append(rows, kind="ingest", batch=f"{first:064d}", file="report.xlsx")
    return indicators * areas * months


if __name__ == "__main__":
    main(sys.argv[1:])
