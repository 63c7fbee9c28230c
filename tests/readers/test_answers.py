"""What `kpi` itself said is not read as figures when it comes back as a file."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kpi.errors import SourceError
from kpi.readers.answers import is_answer
from kpi.readers.catalogue import read_catalogue
from kpi.readers.source import read_source
from kpi.usecases.export_columns import TABLES

CATALOGUE = """
[catalogue]
version = 1
authority = "Southampton"
[indicator.contacts]
title = "Contacts"
outturn = "number"
basis = "in-month"
"""


@pytest.mark.parametrize("table", TABLES)
def test_of_the_exported_tables_only_observations_are_figures(table: str) -> None:
    assert is_answer([column.name for column in TABLES[table]]) == (table != "observations")


@pytest.mark.parametrize(
    "header",
    [
        ["indicator", "period", "value"],
        ["indicator", "period", "value", "state", "mean"],
        ["Indicator", "Apr-21", "May-21", "Target"],
        ["outturn", "outturn_type", "state"],
    ],
)
def test_other_tables_are_none(header: list[str]) -> None:
    assert not is_answer(header)


def test_a_file_of_answers_is_refused(tmp_path: Path) -> None:
    """Its limits and gaps would else be kept as figures."""
    (tmp_path / "indicators.toml").write_text(CATALOGUE, encoding="utf-8")
    path = tmp_path / "ratings.csv"
    path.write_text(
        "indicator,period,outturn,outturn_type,state,target\ncontacts,2021-10,9,number,value,5\n",
        encoding="utf-8",
    )
    with pytest.raises(SourceError, match="what kpi itself said") as refused:
        read_source(path, catalogue=read_catalogue(tmp_path / "indicators.toml"))
    assert "observations.csv" in refused.value.hint


def test_of_a_workbook_of_both_the_figures_are_read(tmp_path: Path) -> None:
    (tmp_path / "indicators.toml").write_text(CATALOGUE, encoding="utf-8")
    book = openpyxl.Workbook()
    answers = book.create_sheet("trend_points")
    answers.append(["indicator", "period", "value", "mean", "lower_limit", "upper_limit", "rule"])
    answers.append(["contacts", "2021-10", 1.0, 2.0, 0.0, 4.0, "Common Cause"])
    figures = book.create_sheet("observations")
    figures.append(["indicator", "period", "value"])
    figures.append(["contacts", "2021-10", 9])
    del book["Sheet"]
    book.save(tmp_path / "kpi.xlsx")
    found = read_source(
        tmp_path / "kpi.xlsx", catalogue=read_catalogue(tmp_path / "indicators.toml")
    )
    assert found.observations["value"].to_list() == [9.0]
    assert "sheet `trend_points` holds what kpi itself said, and was left out" in found.messages
