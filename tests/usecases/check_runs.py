"""Runs of `kpi check` on the seed report, on its damage, and on its clean twin."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from kpi.usecases.check import Checked, CheckOptions, check
from kpi.usecases.project import Choice, open_project

ROOT = Path(__file__).parents[2]
DATA, SAMPLES = ROOT / "tests" / "data", ROOT / "samples"
SEED = DATA / "board-report-2021-10.csv"
OCTOBER, SEPTEMBER = SAMPLES / "board-report-2021-10.xlsx", SAMPLES / "board-report-2021-09.xlsx"
DAMAGED, CLEAN = SAMPLES / "scan-damage.csv", DATA / "clean-report.csv"
TODAY = date(2021, 11, 9)

Run = Callable[..., Checked]


def seed_catalogue(folder: Path) -> Path:
    """The seed's catalogue in a folder of its own."""
    return Path(shutil.copy(ROOT / "indicators.toml", folder))


def runner(catalogue: Path) -> Run:
    """Checks files, or without any what is held, on 9 November 2021."""

    def checked(
        *paths: Path, choice: Choice | None = None, today: date = TODAY, **options: Any
    ) -> Checked:
        project = open_project(catalogue)
        return check(project, choice, CheckOptions(**options), paths=paths, today=today)

    return checked
