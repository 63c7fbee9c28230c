"""A project in a folder of its own, and the command line run in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi.__main__ import run_command_line
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import open_project
from tests.cli.processes import ROOT, Ran

Kpi = Callable[..., Ran]

SAMPLES = ROOT / "samples"
SEPTEMBER = SAMPLES / "board-report-2021-09.xlsx"
OCTOBER = SAMPLES / "board-report-2021-10.xlsx"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the seed's catalogue, which is the current one."""
    shutil.copy(ROOT / "indicators.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KPI_CATALOGUE", raising=False)
    return tmp_path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock; it starts at nine on 9 November 2021."""

    def set_to(moment: str) -> None:
        then = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        monkeypatch.setattr("kpi.cli.clock.now", lambda: then)

    set_to("2021-11-09T09:00")
    return set_to


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that September's report and then October's went into, read once for all tests."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copy(ROOT / "indicators.toml", folder)
    project = open_project(folder / "indicators.toml")
    then = datetime(2021, 11, 9, 9, tzinfo=UTC)
    ingest(project, [SEPTEMBER, OCTOBER], IngestOptions(), now=then)
    return folder / ".kpi"


@pytest.fixture
def kpi(
    project: Path, clock: Callable[[str], None], capsysbinary: pytest.CaptureFixture[bytes]
) -> Kpi:
    """Runs `kpi` with these words, as in a pipe, and gives back what it left behind."""

    def run(*words: str | Path) -> Ran:
        capsysbinary.readouterr()
        code = run_command_line([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return Ran(code, out, err)

    return run
