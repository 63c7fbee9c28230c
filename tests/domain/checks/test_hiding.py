from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kpi.domain.checks import CHECKS
from kpi.domain.checks.hiding import HINT, hidden_cells, hidden_changes, with_small_hidden
from kpi.domain.checks.restated import RESTATED
from kpi.domain.findings import FINDING
from tests.builders import a_catalogue, an_indicator, observations
from tests.domain.checks.checking import Row, a_context, months

HIDING = a_catalogue(
    an_indicator("uasc", short_title="UASC", suppress_below=6),
    an_indicator("open", short_title="Open"),
    an_indicator("share", outturn="percentage", denominator="uasc", suppress_below=6),
)


def hidden(rows: list[Row]) -> list[str]:
    return sorted(hidden_cells(a_context(HIDING, rows))["address"].to_list())


def test_cells_with_small_counts_are_hidden() -> None:
    assert hidden(months([3.0, 6.0, 0.0], indicator="uasc")) == ["report-1.csv!C2"]


def test_cells_that_repeat_them_are_too() -> None:
    rows = months([3.0], indicator="uasc")
    assert hidden([*rows, rows[0] | {"source_cell": "C9"}]) == [
        "report-1.csv!C2",
        "report-1.csv!C9",
    ]


def test_shares_that_rest_on_them_are_too() -> None:
    rows = months([3.0], indicator="uasc")
    rows += months([33.0], indicator="share", source_cell="C5")
    assert hidden(rows) == ["report-1.csv!C2", "report-1.csv!C5"]


def test_what_the_catalogue_shows_is_shown() -> None:
    assert hidden(months([3.0], indicator="open")) == []


def a_finding(**fields: Any) -> pl.DataFrame:
    row = {
        "code": "KPI217",
        "severity": "warning",
        "indicator": "uasc",
        "area": "Southampton",
        "unit": "",
        "period": "2021-04",
        "value": 3.0,
        "state": "value",
        "message": "UASC, Apr-21: 3, more than the 2 of CLA",
        "hint": "3 is wrong.",
        "source_file": "b.csv",
        "source_cell": "C2",
        "related": ["b.csv!C3"],
    } | fields
    return pl.DataFrame([dict.fromkeys(FINDING) | row], schema=FINDING, orient="row")


@pytest.mark.parametrize("address", ["b.csv!C2", "b.csv!C3"])
def test_a_finding_that_rests_on_a_hidden_cell_loses_its_words(address: str) -> None:
    (row,) = with_small_hidden(
        a_finding(), hidden=pl.DataFrame({"address": [address]}), catalogue=HIDING, checks=CHECKS
    ).to_dicts()
    assert row["message"] == (
        "UASC, Apr-21: more than the whole; the figures or their difference are small and not shown"
    )
    assert (row["hint"], row["value"], row["state"]) == (HINT, None, "suppressed")
    assert row["source_cell"] == "C2"


def test_another_finding_keeps_them() -> None:
    (row,) = with_small_hidden(
        a_finding(), hidden=pl.DataFrame({"address": ["b.csv!C9"]}), catalogue=HIDING, checks=CHECKS
    ).to_dicts()
    assert row["message"].endswith("3, more than the 2 of CLA")
    assert row["value"] == 3.0


@pytest.mark.parametrize(
    ("indicator", "text", "is_hidden"),
    [
        pytest.param("uasc", "`3?` is not a number", True, id="it may be a small number"),
        pytest.param("uasc", "`v` is not a number", False, id="it holds none"),
        pytest.param("open", "`3?` is not a number", False, id="nothing is hidden there"),
    ],
)
def test_the_text_of_an_unreadable_cell_may_be_small(
    indicator: str, text: str, is_hidden: bool
) -> None:
    finding = a_finding(
        code="KPI101", indicator=indicator, state="unreadable", value=None, message=text
    )
    none = pl.DataFrame({"address": []}, schema={"address": pl.String})
    (row,) = with_small_hidden(finding, hidden=none, catalogue=HIDING, checks=CHECKS).to_dicts()
    assert (row["message"] != text) is is_hidden


def restated(old: float, new: float) -> pl.DataFrame:
    row = {
        "indicator": "uasc",
        "area": "Southampton",
        "unit": "",
        "period": "2021-04",
        "source_file": "report-2.csv",
        "source_cell": "C2",
        "seq": 2,
        "old": old,
        "new": new,
    }
    return pl.DataFrame([dict.fromkeys(RESTATED) | row], schema=RESTATED, orient="row")


@pytest.mark.parametrize(
    ("old", "new", "is_hidden"),
    [
        pytest.param(30.0, 40.0, False, id="by ten"),
        pytest.param(30.0, 36.0, False, id="by six"),
        pytest.param(30.0, 35.0, True, id="by five"),
        pytest.param(3.0, 40.0, True, id="from three"),
    ],
)
def test_a_change_by_a_small_number_is_one_too(old: float, new: float, is_hidden: bool) -> None:
    rows = [*months([old], indicator="uasc"), *months([new], indicator="uasc", seq=2)]
    found = hidden_changes(restated(old, new), observations(*rows).lazy(), HIDING)
    assert (found["address"].to_list() == ["report-2.csv!C2"]) is is_hidden


def test_no_changes_none_hidden() -> None:
    nothing = pl.DataFrame(schema=RESTATED)
    assert hidden_changes(nothing, observations(*months([5.0])).lazy(), HIDING).is_empty()
