"""How long a report of many indicators takes, beside drawing its charts alone.

Run with `python tests/benchmarks/bench_report.py [INDICATORS]`; by default 200 indicators of
36 months. Prints seconds and the most memory held, and never judges them.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from kpi.domain.period import Period
from kpi.renderers.charts import svg
from kpi.renderers.html import render_html
from kpi.renderers.report import report_document
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Project, open_project
from kpi.usecases.report import ReportOptions, report

MONTHS = 36
TODAY = date(2022, 4, 9)
OUTTURNS = ("percentage", "number", "rate")


def a_project(folder: Path, *, indicators: int) -> Project:
    """A project of so many monthly indicators in ten themes, two reports ingested."""
    lines = ['[catalogue]\nversion = 1\nauthority = "Southampton"\nla_code = "852"']
    lines += [f'[theme.t{each}]\ntitle = "Theme {each}"' for each in range(10)]
    lines += [_indicator(each) for each in range(indicators)]
    path = folder / "indicators.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    project = open_project(path)
    chance = random.Random(indicators)
    periods = [str(Period.of_month(2019, 4).shifted(each)) for each in range(MONTHS)]
    rows = [f"i{n},{each},{chance.randint(40, 95)}" for n in range(indicators) for each in periods]
    earlier = [row for row in rows if periods[-1] not in row]
    for month, said in ((3, earlier), (4, rows)):
        source = folder / f"report-{month}.csv"
        source.write_text("\n".join(["indicator,period,value", *said]), encoding="utf-8")
        ingest(project, [source], IngestOptions(), now=datetime(2022, month, 9, tzinfo=UTC))
    return project


def _indicator(number: int) -> str:
    return (
        f'[indicator.i{number}]\ntitle = "Indicator {number}"\ntheme = "t{number % 10}"\n'
        f'outturn = "{OUTTURNS[number % 3]}"\nbasis = "in-month"\n'
        f'polarity = "{"high" if number % 2 else "low"}"\ntarget = {50 + number % 40}\n'
        'tolerance = 5\ntolerance_kind = "points"'
    )


def main(indicators: int = 200) -> None:
    """Prints the seconds of each part."""
    with tempfile.TemporaryDirectory() as folder:
        project = a_project(Path(folder), indicators=indicators)
        start = perf_counter()
        paper = report(project, options=ReportOptions(hide_small=True), today=TODAY).paper
        made = perf_counter()
        render_html(report_document(paper, wide=True, pictures=True))
        rendered = perf_counter()
        for chart in paper.charts.values():
            svg(chart)
        drawn = perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"paper of {indicators} indicators   {made - start:6.2f} s\n")
    sys.stdout.write(f"its page with charts       {rendered - made:6.2f} s\n")
    sys.stdout.write(f"{len(paper.charts)} charts alone           {drawn - rendered:6.2f} s\n")
    sys.stdout.write(
        f"all of it, beside charts   {(rendered - start) / (drawn - rendered):6.2f} times\n"
    )
    sys.stdout.write(f"most memory                {memory:6.0f} MB\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
