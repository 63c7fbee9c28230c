from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi.domain.catalogue import Accept
from kpi.domain.findings import (
    FINDING,
    FOUND,
    Said,
    in_order,
    is_selected,
    nearest_codes,
    with_accepted,
    worded,
)

TODAY = date(2021, 11, 9)


def a_finding(**fields: Any) -> dict[str, Any]:
    given = {
        "code": "KPI204",
        "severity": "warning",
        "indicator": "rate",
        "period": "2021-04",
        "periods": ["2021-04"],
        "source_file": "b.xlsx",
        "source_sheet": "Demand",
        "source_cell": "D8",
        "seq": 1,
    }
    return given | fields


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    missing = dict.fromkeys(FINDING)
    return pl.DataFrame([missing | row for row in rows], schema=FINDING, orient="row")


ACCEPTS = [
    pytest.param(Accept("KPI204", "w", "rate", "2021-04"), True, id="all three"),
    pytest.param(Accept("KPI204", "w", "rate", "Apr-21"), True, id="another spelling"),
    pytest.param(Accept("KPI204", "w", "rate"), True, id="any period"),
    pytest.param(Accept("KPI204", "w"), True, id="any indicator"),
    pytest.param(Accept("KPI205", "w"), False, id="another code"),
    pytest.param(Accept("KPI204", "w", "cla"), False, id="another indicator"),
    pytest.param(Accept("KPI204", "w", "rate", "2021-05"), False, id="another period"),
    pytest.param(Accept("KPI204", "w", until=date(2021, 11, 9)), True, id="its last day"),
    pytest.param(Accept("KPI204", "w", until=date(2021, 11, 8)), False, id="it has ended"),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPTS)
def test_a_breach_is_accepted_as_the_catalogue_says(accept: Accept, expected: bool) -> None:
    found = with_accepted(frame(a_finding()), [accept], years={"rate": "financial"}, on=TODAY)
    assert found["accepted"].to_list() == [expected]
    assert found["accepted_why"].to_list() == (["w"] if expected else [None])


def test_one_of_several_periods_is_enough() -> None:
    found = frame(a_finding(periods=["2021-04", "2021-05"], period=None))
    accept = Accept("KPI204", "w", "rate", "2021-05")
    assert with_accepted(found, [accept], years={}, on=TODAY)["accepted"].all()


def test_nothing_is_accepted_without_an_acceptance() -> None:
    found = with_accepted(frame(a_finding()), [], years={}, on=TODAY)
    assert not found["accepted"].any()


SELECTIONS = [
    pytest.param([], [], True, id="all"),
    pytest.param(["KPI2"], [], True, id="a beginning"),
    pytest.param(["KPI1"], [], False, id="another beginning"),
    pytest.param(["KPI"], ["KPI2"], False, id="a longer exclusion"),
    pytest.param(["KPI204"], ["KPI2"], True, id="a longer selection"),
    pytest.param(["KPI204"], ["KPI204"], False, id="of two alike the exclusion"),
    pytest.param([], ["KPI204"], False, id="excluded"),
    pytest.param([], ["KPI205"], True, id="another excluded"),
]


@pytest.mark.parametrize(("select", "ignore", "expected"), SELECTIONS)
def test_the_longest_beginning_decides(
    select: list[str], ignore: list[str], expected: bool
) -> None:
    assert is_selected("KPI204", select=select, ignore=ignore) is expected


NEAREST = [
    pytest.param("KPI2O4", ["KPI204"], id="a letter for a digit"),
    pytest.param("kpi 204", ["KPI204"], id="another spelling"),
    pytest.param("KPI2004", ["KPI204"], id="a digit too many"),
    pytest.param("KPI24", ["KPI204", "KPI214"], id="a digit left out"),
    pytest.param("KPI209", ["KPI204"], id="another last digit"),
    pytest.param("KPIX", [], id="no number"),
]


@pytest.mark.parametrize(("said", "first"), NEAREST)
def test_the_nearest_codes_come_first(said: str, first: list[str]) -> None:
    found = nearest_codes(said, codes=["KPI110", "KPI204", "KPI214", "KPI301"])
    assert found[: len(first)] == first
    assert bool(found) is bool(first)


def test_an_acceptance_without_a_period_to_end_by_holds() -> None:
    accept = Accept("KPI204", "w", until=date(1999, 1, 1))
    assert with_accepted(frame(a_finding()), [accept], years={}, on=None)["accepted"].all()


def test_worst_comes_first_then_the_code_then_the_place() -> None:
    rows = [
        a_finding(code="KPI301", severity="info", message="g"),
        a_finding(source_sheet="Care", source_cell="A1", message="f"),
        a_finding(source_cell="AA8", message="d"),
        a_finding(source_cell="D10", message="e"),
        a_finding(source_cell="D8", message="c"),
        a_finding(code="KPI110", severity="error", seq=2, message="b"),
        a_finding(code="KPI101", severity="error", message="a"),
        a_finding(
            code="KPI299", source_file=None, source_sheet=None, source_cell=None, message="z"
        ),
    ]
    places = pl.DataFrame(
        {
            "source_file": ["b.xlsx", "b.xlsx"],
            "source_sheet": ["Demand", "Care"],
            "sheet_order": [0, 50],
        }
    )
    ordered = in_order(frame(*reversed(rows)), places=places)
    assert ordered["message"].to_list() == ["a", "b", "c", "d", "e", "f", "z", "g"]


def test_what_a_check_leaves_out_is_filled_in() -> None:
    row = {"period": "2021-04", "source_file": "b.csv", "source_sheet": None, "source_cell": "D8"}
    found = pl.LazyFrame([row], schema_overrides={"source_sheet": pl.String})
    (finding,) = (
        worded(found, say=lambda row: Said(f"at {row['source_cell']}")).collect().to_dicts()
    )
    assert list(finding) == list(FOUND)
    assert finding["message"] == "at D8"
    assert finding["hint"] is None
    assert finding["periods"] == ["2021-04"]
    assert finding["wrong"] == ["b.csv!D8"]


def test_the_own_cell_is_not_among_the_related() -> None:
    place = {"period": "2021-04", "source_file": "b.csv", "source_sheet": None}
    rows = [
        place | {"source_cell": "D8", "related": ["b.csv!E9", "b.csv!D8", "b.csv!A1"]},
        place | {"source_cell": "D9", "related": None},
    ]
    found = pl.LazyFrame(rows, schema_overrides={"source_sheet": pl.String})
    related = worded(found, say=lambda _: Said("x")).collect()["related"].to_list()
    assert related == [["b.csv!E9", "b.csv!A1"], None]


def test_a_finding_without_a_cell_finds_no_cell_wrong() -> None:
    row = {"period": None, "source_file": None, "source_sheet": None, "source_cell": None}
    found = pl.LazyFrame([row], schema=dict.fromkeys(row, pl.String))
    (finding,) = worded(found, say=lambda _: Said("x")).collect().to_dicts()
    assert (finding["wrong"], finding["periods"]) == ([], [])


def test_no_rows_no_words() -> None:
    found = pl.LazyFrame(schema={"period": pl.String, **dict.fromkeys(
        ("source_file", "source_sheet", "source_cell"), pl.String
    )})  # fmt: skip
    assert worded(found, say=lambda _: Said("never")).collect().schema == pl.Schema(FOUND)
