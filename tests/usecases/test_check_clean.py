"""On a report in which nothing is wrong nothing is found, whatever its council and layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import open_project
from tests.usecases.check_runs import runner
from tests.usecases.clean_published import published
from tests.usecases.clean_reports import CLEAN

TODAY = date(2025, 4, 22)


@pytest.mark.parametrize("write", [*CLEAN, published], ids=lambda write: write.__name__)
def test_a_clean_report_has_no_findings(
    write: Callable[[Path], list[Path]], tmp_path: Path
) -> None:
    """Neither as files nor once they are held; and every row of them was read."""
    paths = write(tmp_path)
    run = runner(tmp_path / "indicators.toml")
    assert run(*paths, today=TODAY).answer.rows["message"].to_list() == []
    project = open_project(tmp_path / "indicators.toml")
    kept = ingest(project, paths, IngestOptions(), now=datetime(2025, 4, 22, tzinfo=UTC))
    assert kept.answer.counts["unmatched"] == kept.answer.counts["unreadable"] == 0
    assert kept.answer.counts["observations"] >= 200
    assert run(today=TODAY).answer.rows["message"].to_list() == []
