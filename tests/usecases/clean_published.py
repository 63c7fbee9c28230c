"""An invented report of a real council: months of its own, and what is published beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from kpi import reference
from tests.usecases.clean_reports import MONTHS, Report, Row, as_csv, percent, written

LEEDS, ENGLAND = "383", "970"


def _published(measure: str, codes: Sequence[str], year: int) -> float | None:
    """The mean of what is published for these places in the year that ends in March."""
    is_meant = (pl.col("measure") == measure) & pl.col("area_code").is_in(codes)
    of_year = reference.values().filter(is_meant & (pl.col("period_end") == date(year, 3, 31)))
    mean = of_year.select(pl.col("value").mean()).collect().item()
    return None if mean is None else float(mean)


def published(folder: Path) -> list[Path]:
    """The comparators that are published for Leeds, beside months that go on from its last year."""
    report = Report("Leeds", 13, keys=f'la_code = "{LEEDS}"\nneighbours = "2021-04"\n')
    region = reference.region_of(LEEDS)
    neighbours = list(reference.neighbours(LEEDS, model="2021-04").codes)
    head: Row = ["Measure", *MONTHS[:7], "Target", "Leeds 2022/23", "Leeds 2023/24"]
    head += ["Statistical neighbours", region.name, "England"]
    places = [([LEEDS], 2023), ([LEEDS], 2024), (neighbours, 2024)]
    places += [([region.code], 2024), ([ENGLAND], 2024)]
    shares = reference.measures().filter(pl.col("outturn") == "percentage").collect()
    for measure in shares["measure"].head(30):
        beside = [_published(measure, codes, year) for codes, year in places]
        if beside[1] is None:
            continue
        figures = percent(
            [min(100, abs(beside[1] + report.chance.gauss(0, 0.8))) for _ in range(7)]
        )
        more = ["N/A" if each is None else f"{each:.0f}%" for each in beside]
        report.add(measure, figures, "TBC", *more, outturn="percentage", basis="snapshot")
        report.indicators.append(f'compare = {{ measure = "{measure}" }}')
    return written(folder, report, {"leeds.csv": as_csv([head, *report.rows])})
