"""`kpi export`: tidy files that other tools, and `kpi` itself, can read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Kpi

TABLES = ("observations", "ratings", "trends", "comparisons")


@pytest.fixture
def exported(kpi: Kpi, project: Path, kept: Path) -> Path:
    """The folder into which the sample reports' figures were exported."""
    shutil.copytree(kept, project / ".kpi")
    assert kpi("export", "feed").code == 0
    return project / "feed"


def test_every_table_is_there_in_both_forms(exported: Path) -> None:
    assert {path.name for path in exported.iterdir()} == {
        f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")
    }


def test_observations_have_stable_names_and_one_row_a_figure(exported: Path) -> None:
    rows = pl.read_parquet(exported / "observations.parquet")
    assert rows.columns[:4] == ["indicator", "area", "unit", "period"]
    assert not rows.select("indicator", "area", "unit", "period").is_duplicated().any()


def test_ratings_are_those_of_kpi_rag(exported: Path, kpi: Kpi) -> None:
    rated = json.loads(kpi("rag", "--format", "json").out)["rows"]
    feed = pl.read_parquet(exported / "ratings.parquet")
    assert feed["rag_status"].to_list() == [row["rag_status"] for row in rated]


def test_exported_observations_are_read_back(exported: Path, kpi: Kpi, project: Path) -> None:
    before = json.loads(kpi("rag", "--format", "json").out)["rows"]
    shutil.rmtree(project / ".kpi")
    assert kpi("ingest", exported / "observations.csv").code == 0
    after = json.loads(kpi("rag", "--format", "json").out)["rows"]
    names = ("indicator", "outturn", "rag_status", "target_value_compared")
    assert [[row[name] for name in names] for row in after] == [
        [row[name] for name in names] for row in before
    ]


def test_the_same_figures_give_the_same_bytes(exported: Path, kpi: Kpi) -> None:
    before = {path.name: path.read_bytes() for path in exported.iterdir()}
    kpi("export", "feed")
    assert {path.name: path.read_bytes() for path in exported.iterdir()} == before
