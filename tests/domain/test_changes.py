"""New, unchanged, restated and older: what a report changes when it is stored."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi.domain.changes import conflicts, not_yet_stored, preferred, report_end, with_change
from kpi.domain.observation import READ
from tests.builders import observations

OCTOBER = date(2021, 10, 31)
SEPTEMBER = date(2021, 9, 30)


def read(*rows: dict[str, Any]) -> pl.DataFrame:
    return observations(*rows).select(*READ)


def judged(
    new: dict[str, Any],
    *held: dict[str, Any],
    end: date | None = OCTOBER,
    restate: bool = False,
) -> dict[str, Any]:
    return with_change(
        read({"period": "2021-09"} | new),
        observations(*held).lazy(),
        report_end=end,
        restate=restate,
    ).row(0, named=True)


HELD = {"period": "2021-09", "value": 511.0, "report_end": SEPTEMBER}


@pytest.mark.parametrize(
    ("new", "held", "change"),
    [
        ({"value": 514.0}, [], "new"),
        ({"value": 511.0}, [HELD], "unchanged"),
        ({"value": 514.0}, [HELD], "restated"),
        ({"value": None, "state": "awaited"}, [HELD], "restated"),
        ({"value": None}, [HELD], None),
        # A figure where a state stood is new, not restated.
        ({"value": 514.0}, [HELD | {"value": None, "state": "awaited"}], "new"),
        ({"value": None, "state": "awaited"}, [HELD | {"value": None, "state": "awaited"}],
         "unchanged"),
        ({"value": 514.0}, [HELD | {"value": None}], "new"),
        # Nine significant digits decide.
        ({"value": 0.1 + 0.2}, [HELD | {"value": 0.3}], "unchanged"),
        # Of two figures that contradict each other, either is no change.
        ({"value": 514.0}, [HELD, HELD | {"value": 514.0}], "unchanged"),
        ({"value": 530.0}, [HELD, HELD | {"value": 514.0}], "restated"),
    ],
)  # fmt: skip
def test_change(new: dict[str, Any], held: list[dict[str, Any]], change: str | None) -> None:
    assert judged(new, *held)["change"] == change


def test_a_state_beside_a_value_in_one_source_restates_nothing() -> None:
    rows = read({"period": "2021-09", "value": 511.0}, {"period": "2021-09", "state": "awaited"})
    found = with_change(rows, observations(HELD).lazy(), report_end=OCTOBER, restate=False)
    assert found["change"].to_list() == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        # Equal cells merge: what one of them restates, the other says again.
        ((514.0, 514.0), ["restated", "unchanged"]),
        ((514.0, 513.0 + 1.0), ["restated", "unchanged"]),
        ((514.0, 515.0), ["restated", "restated"]),
    ],
)
def test_a_figure_restated_in_two_equal_cells_is_restated_once(
    values: tuple[float, float], changes: list[str]
) -> None:
    rows = read(*({"period": "2021-09", "value": value} for value in values))
    found = with_change(rows, observations(HELD).lazy(), report_end=OCTOBER, restate=False)
    assert found["change"].to_list() == changes


def test_a_restatement_names_both_figures_and_the_old_cell() -> None:
    row = judged({"value": 514.0}, HELD)
    assert (row["old_value"], row["value"], row["old_address"]) == (511.0, 514.0, "report-1.csv!B2")


def test_a_report_older_than_that_of_the_held_figure_does_not_displace_it() -> None:
    held = HELD | {"report_end": OCTOBER}
    row = judged({"value": 514.0}, held, end=SEPTEMBER)
    assert (row["change"], row["older"]) == ("older", True)


def test_restate_lets_an_older_report_displace() -> None:
    row = judged({"value": 514.0}, HELD | {"report_end": OCTOBER}, end=SEPTEMBER, restate=True)
    assert (row["change"], row["older"]) == ("restated", False)


def test_a_report_of_the_same_month_displaces() -> None:
    assert judged({"value": 514.0}, HELD | {"report_end": OCTOBER})["change"] == "restated"


def test_an_older_report_fills_what_the_newer_did_not_hold() -> None:
    row = judged({"value": 514.0, "period": "2021-08"}, HELD, end=SEPTEMBER)
    assert (row["change"], row["older"]) == ("new", False)


def test_typed_targets_are_no_change() -> None:
    assert judged({"value": 300.0, "role": "target"}, HELD)["change"] is None


def test_a_report_ends_with_its_newest_own_whole_figure() -> None:
    rows = read(
        {"period": "2021-09", "value": 1.0},
        {"period": "2021-10", "value": None, "state": "awaited"},
        {"period": "2021/22", "value": 1.0, "marks": "partial"},
        {"period": "2021-12", "value": 1.0, "area": "England"},
    )
    assert report_end(rows, authority="Southampton") == SEPTEMBER


def test_a_report_of_others_ends_with_their_newest_figure() -> None:
    rows = read({"period": "2021-12", "value": 1.0, "area": "England"})
    assert report_end(rows, authority="Southampton") == date(2021, 12, 31)


def test_a_report_without_periods_has_no_end() -> None:
    assert report_end(read({"value": 1.0, "area": "England"}), authority="Southampton") is None


def test_only_rows_not_given_before_are_left() -> None:
    rows = read({"period": "2021-09", "value": 1.0}, {"period": "2021-10", "value": 2.0})
    assert not_yet_stored(rows, rows.head(1)).get_column("value").to_list() == [2.0]
    assert not_yet_stored(rows, rows).is_empty()


CLASH = (
    {"period": "2021-09", "value": 511.0, "source_sheet": "Right service",
     "source_theme": "Right Service at the Right Time", "source_cell": "H6"},
    {"period": "2021-09", "value": 514.0, "source_sheet": "Corporate parenting",
     "source_theme": "Robust Corporate Parenting", "source_cell": "H3"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ("Corporate parenting", 514.0),
        ("corporate PARENTING", 514.0),
        ("Right Service at the Right Time", 511.0),
        ("H3", 514.0),
        ("Right service!H6", 511.0),
        ("report-1.csv:Right service!H6", 511.0),
    ],
)
def test_a_sheet_a_theme_or_a_cell_is_preferred(choice: str, value: float) -> None:
    rows = read(*CLASH)
    chosen = preferred(rows, conflicts(rows), choice=choice)
    assert chosen["value"].to_list() == [value]


def test_nothing_is_preferred_by_an_unknown_name() -> None:
    rows = read(*CLASH)
    assert preferred(rows, conflicts(rows), choice="Elsewhere").is_empty()
