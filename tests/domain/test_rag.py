"""The rules that decide a colour (design.md, section 7), case by case."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.catalogue import Indicator, Target, Version
from kpi.domain.period import Period, parse_period
from kpi.domain.reasons import rag_reason
from kpi.domain.scorecard import (
    Place,
    held_figures,
    indicator_frame,
    monthly_keys,
    scorecard,
)
from kpi.domain.target import target_frame
from tests.builders import a_catalogue, an_indicator, observations

OCTOBER = Period.of_month(2021, 10)


def rated(
    *rows: dict[str, Any], indicators: tuple[Indicator, ...], up_to: Period = OCTOBER
) -> pl.DataFrame:
    """The scorecard of these stored rows for Southampton."""
    catalogue, place = a_catalogue(*indicators), Place("Southampton")
    year = indicators[0].year
    stored = observations(*rows, year=year).lazy()
    ids = set(catalogue.by_id)
    held = held_figures(stored, catalogue, place=place, up_to=up_to, indicators=ids)
    return scorecard(
        held,
        monthly_keys(stored, held, catalogue, place=place),
        indicators=indicator_frame(indicators).lazy(),
        targets=target_frame(catalogue).lazy(),
        place=place,
        up_to=up_to,
    ).collect()


def one(value: float | None, *, period: str = "2021-10", **fields: Any) -> dict[str, Any]:
    """The scorecard row of one figure of one indicator, with its reason."""
    row_fields = {
        name: fields.pop(name)
        for name in ("state", "marks", "denominator", "raw")
        if name in fields
    }
    indicator = an_indicator(**fields)
    when = parse_period(period, year=indicator.year)
    assert when is not None
    frame = rated(
        {"period": period, "value": value} | row_fields, indicators=(indicator,), up_to=when
    )
    row = frame.row(0, named=True)
    return row | {"reason": rag_reason(row, indicator)}


def aim(value: float, **fields: Any) -> tuple[Target, ...]:
    return (Target(value=value, **fields),)


@pytest.mark.parametrize(
    ("polarity", "value", "target", "tolerance", "kind", "status"),
    [
        ("high", 90.0, 90, 5, "points", "green"),
        ("high", 89.9, 90, 5, "points", "amber"),
        ("high", 85.0, 90, 5, "points", "amber"),
        ("high", 84.999, 90, 5, "points", "red"),
        ("high", 81.0, 90, 10, "percent", "amber"),
        ("high", 80.9, 90, 10, "percent", "red"),
        ("low", 90.0, 90, 5, "points", "green"),
        ("low", 95.0, 90, 5, "points", "amber"),
        ("low", 95.001, 90, 5, "points", "red"),
        ("low", 99.0, 90, 10, "percent", "amber"),
        ("low", 99.1, 90, 10, "percent", "red"),
        ("low", 91.0, 90, 0, "percent", "red"),
        ("low", 0.0, 0, 0, "percent", "green"),
        ("low", 1.0, 0, 2, "points", "amber"),
        ("low", 3.0, 0, 2, "points", "red"),
        # Percent of |target|: a negative target's tolerance still lies on the worse side.
        ("high", -110.0, -100, 10, "percent", "amber"),
        ("high", -111.0, -100, 10, "percent", "red"),
        # 63.45 is shown as 63 and is still below 63.5.
        ("high", 63.45, 63.5, 0, "percent", "red"),
        # 0.1 + 0.2 is 0.3 to nine significant digits.
        ("high", 0.3, 0.1 + 0.2, 0, "percent", "green"),
        ("low", 0.1 + 0.2, 0.3, 0, "percent", "green"),
    ],
)
def test_status_by_polarity_and_tolerance(
    polarity: str, value: float, target: float, tolerance: float, kind: str, status: str
) -> None:
    """Green at the target, amber to the tolerance's edge, red beyond; edges included."""
    row = one(
        value,
        basis="snapshot",
        polarity=polarity,
        target=aim(target),
        tolerance=tolerance,
        tolerance_kind=kind,
        decimals=0,
    )
    assert row["rag_status"] == status


@pytest.mark.parametrize(("value", "target"), [(0.1 + 0.2, 0.3), (0.3, 0.1 + 0.2)])
def test_what_is_equal_to_nine_digits_is_no_distance_away(value: float, target: float) -> None:
    row = one(value, basis="snapshot", polarity="low", target=aim(target))
    assert row["edge_distance"] == 0
    assert "on it exactly" in row["reason"]


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (30, "green"),
        (35, "green"),
        (40, "green"),
        (27, "amber"),
        (44, "amber"),
        (26.9, "red"),
        (44.1, "red"),
    ],
)
def test_range_is_green_inside_and_amber_within_tolerance_of_the_nearer_edge(
    value: float, status: str
) -> None:
    row = one(
        value,
        basis="snapshot",
        polarity="range",
        target=(Target(low=30, high=40),),
        tolerance=10,
    )
    assert row["rag_status"] == status


@pytest.mark.parametrize(
    ("polarity", "value", "status"),
    [("high", 95, "blue"), ("high", 94.9, "green"), ("low", 80, "blue"), ("low", 80.1, "green")],
)
def test_blue_lies_beyond_the_target_with_its_edge(
    polarity: str, value: float, status: str
) -> None:
    blue = 95 if polarity == "high" else 80
    row = one(value, basis="snapshot", polarity=polarity, target=aim(90, blue=blue))
    assert row["rag_status"] == status


@pytest.mark.parametrize(
    ("basis", "per", "period", "value", "compared"),
    [
        ("in-month", "month", "2021-10", 387, 387),
        ("in-month", "quarter", "2021-10", 387, 1161),
        ("in-month", "year", "2021-10", 387, 4644),
        ("in-month", "month", "2021-Q2", 900, 300),
        ("in-month", "quarter", "2021-Q2", 900, 900),
        ("in-month", "year", "2021-Q2", 900, 3600),
        ("in-month", "month", "2020/21", 4092, 341),
        ("in-month", "year", "2020/21", 4092, 4092),
        ("year-to-date", "year", "2021-10", 503, 12 * 503 / 7),
        ("year-to-date", "quarter", "2021-10", 503, 3 * 503 / 7),
        ("year-to-date", "month", "2021-10", 503, 503 / 7),
        ("year-to-date", "year", "2021-04", 64, 768),
        ("year-to-date", "year", "2022-03", 700, 700),
        ("year-to-date", "year", "2021-Q2", 350, 700),
        ("year-to-date", "year", "2020/21", 790, 790),
        ("year-to-date", "point", "2021-10", 503, 503),
        ("rolling-12", "year", "2021-10", 20, 20),
        ("rolling-12", "quarter", "2021-10", 20, 5),
        ("rolling-12", "month", "2021-10", 24, 2),
        ("annual", "year", "2020/21", 30, 30),
        ("annual", "month", "2020/21", 30, 2.5),
        ("snapshot", "year", "2021-10", 530, 530),
    ],
)
def test_like_is_compared_with_like(
    basis: str, per: Any, period: str, value: float, compared: float
) -> None:
    """Rule 1: the outturn in the target's own period."""
    row = one(float(value), period=period, basis=basis, polarity="low", target=aim(500, per=per))
    assert row["compared"] == pytest.approx(compared, rel=1e-12)


def test_percentages_are_compared_as_they_are_whatever_the_target_speaks_of() -> None:
    row = one(
        60.0, outturn="percentage", basis="in-month", polarity="high", target=aim(90, per="year")
    )
    assert row["compared"] == 60


@pytest.mark.parametrize(
    ("year", "period", "elapsed"),
    [
        ("financial", "2021-04", 1),
        ("financial", "2022-03", 12),
        ("academic", "2021-09", 1),
        ("academic", "2021-08", 12),
        ("calendar", "2021-01", 1),
        ("calendar", "2021-12", 12),
    ],
)
def test_months_elapsed_follow_the_kind_of_year(year: str, period: str, elapsed: int) -> None:
    row = one(10.0, period=period, basis="year-to-date", year=year, polarity="low")
    assert row["months_elapsed"] == elapsed


@pytest.mark.parametrize(
    ("basis", "period", "value", "compared"),
    [
        # England's referrals: 58.2 % of a year's come by October, 9.0 % in October alone.
        ("year-to-date", "2021-10", 582.0, 1000.0),
        ("in-month", "2021-10", 90.0, 1000.0),
        ("in-month", "2021-Q1", 257.0, 1000.0),
    ],
)
def test_a_profile_takes_the_place_of_the_months_passed(
    basis: str, period: str, value: float, compared: float
) -> None:
    shares = (7.4, 9.1, 9.2, 8.4, 6.9, 8.6, 8.6, 9.0, 7.3, 8.6, 8.0, 8.9)
    if basis == "in-month" and period == "2021-10":
        value = 86.0
    row = one(
        value, period=period, basis=basis, polarity="low",
        target=aim(900, per="year", profile=shares),
    )  # fmt: skip
    assert row["compared"] == pytest.approx(compared, rel=1e-9)


def test_october_rate_of_503_is_862_for_the_year_and_red() -> None:
    """The report's 503 looks better than 647; it is not."""
    row = one(
        503.0, outturn="rate", basis="year-to-date", polarity="low", decimals=0,
        target=aim(647), tolerance=10,
    )  # fmt: skip
    assert row["rag_status"] == "red"
    assert row["reason"] == (
        "503 after 7 months of 12 is 862 for the year (12 x 503 / 7), against at most 647 a "
        "year: 215 (33%) above, beyond the tolerance of 10%."
    )


def test_in_april_the_reason_says_one_month_of_twelve() -> None:
    row = one(
        64.0, period="2021-04", outturn="rate", basis="year-to-date", polarity="low", decimals=0,
        target=aim(647),
    )  # fmt: skip
    assert "1 month of 12" in row["reason"]


@pytest.mark.parametrize(
    ("why", "fields"),
    [
        ("no_polarity", {"value": 1.0, "polarity": "none", "target": 5}),
        ("awaited", {"value": None, "state": "awaited", "raw": "TBC"}),
        ("suppressed", {"value": None, "state": "suppressed", "raw": "c"}),
        ("no_outturn", {"value": None, "state": "not_applicable", "raw": "N/A"}),
        ("no_outturn", {"value": None, "state": "unreadable", "raw": "s01"}),
        ("no_outturn", {"value": None, "state": "blank"}),
        ("partial_period", {"value": 1.0, "marks": "partial"}),
        ("target_awaited", {"value": 1.0, "target": (Target(awaited=True),)}),
        ("no_target", {"value": 1.0, "target": ()}),
        ("no_target", {"value": 1.0, "target": aim(5, ends=date(2021, 9, 30))}),
        ("no_target", {"value": 1.0, "target": aim(5, begins=date(2021, 11, 1))}),
        ("small_denominator", {"value": 50.0, "denominator": 19.0, "small": 20}),
        # The first that applies is named.
        ("no_polarity", {"value": None, "state": "awaited", "polarity": "none"}),
        ("awaited", {"value": None, "state": "awaited", "target": ()}),
        ("partial_period", {"value": 1.0, "marks": "partial", "target": ()}),
    ],
)
def test_why_unrated(why: str, fields: dict[str, Any]) -> None:
    """Not rated is never a colour, and says why."""
    given_fields: dict[str, Any] = {"polarity": "high", "target": 5} | fields
    row = one(**given_fields)
    assert (row["rag_status"], row["why_unrated"]) == (None, why)
    assert row["reason"].endswith(".")


@pytest.mark.parametrize(("denominator", "status"), [(20.0, "green"), (None, "green")])
def test_a_denominator_equal_to_small_or_unknown_is_rated(
    denominator: float | None, status: str
) -> None:
    row = one(50.0, denominator=denominator, small=20, polarity="high", target=5)
    assert row["rag_status"] == status


def test_the_latest_target_begun_holds_to_its_last_day() -> None:
    targets = (
        Target(value=100, begins=date(2020, 4, 1)),
        Target(value=5, begins=date(2021, 4, 1), ends=date(2021, 10, 31)),
    )
    assert one(9.0, polarity="low", target=targets)["rag_status"] == "red"
    assert one(9.0, period="2021-11", polarity="low", target=targets)["why_unrated"] == "no_target"
    assert one(9.0, period="2021-03", polarity="low", target=targets)["rag_status"] == "green"


def test_two_figures_in_one_source_are_a_conflict_and_both_are_named() -> None:
    indicator = an_indicator(polarity="low", target=456, basis="snapshot")
    frame = rated(
        {"period": "2021-09", "value": 511.0},
        {"period": "2021-09", "value": 514.0},
        indicators=(indicator,),
        up_to=Period.of_month(2021, 9),
    )
    row = frame.row(0, named=True)
    assert (row["value"], row["why_unrated"]) == (None, "conflict")
    assert rag_reason(row, indicator) == (
        "Two figures stand in one source: 511 (report-1.csv!B2) and 514 (report-1.csv!B3)."
    )


def test_equal_figures_merge_with_both_addresses() -> None:
    frame = rated(
        {"period": "2021-10", "value": 530.0},
        {"period": "2021-10", "value": 530.0},
        indicators=(an_indicator(),),
    )
    assert frame["value"].to_list() == [530.0]
    assert frame["source_cell"].to_list() == ["B2"]
    assert frame["related"].to_list() == [["report-1.csv!B2", "report-1.csv!B3"]]


def test_a_state_never_conflicts_with_a_value() -> None:
    frame = rated(
        {"period": "2021-10", "value": None, "state": "awaited"},
        {"period": "2021-10", "value": 530.0},
        indicators=(an_indicator(),),
    )
    assert frame["value"].to_list() == [530.0]


def test_the_newest_batch_counts_and_a_blank_does_not() -> None:
    frame = rated(
        {"period": "2021-10", "value": 1.0, "seq": 1},
        {"period": "2021-10", "value": 2.0, "seq": 2},
        {"period": "2021-10", "value": None, "seq": 3},
        indicators=(an_indicator(),),
    )
    assert frame["value"].to_list() == [2.0]


def test_a_figure_from_an_older_report_never_counts() -> None:
    frame = rated(
        {"period": "2021-10", "value": 1.0, "seq": 1},
        {"period": "2021-10", "value": 2.0, "seq": 2, "older": True},
        indicators=(an_indicator(),),
    )
    assert frame["value"].to_list() == [1.0]


def test_a_monthly_indicator_stands_at_exactly_the_chosen_month() -> None:
    frame = rated(
        {"period": "2021-09", "value": 1.0},
        {"period": "2020/21", "value": 12.0},
        indicators=(an_indicator(polarity="low", target=5),),
    )
    assert frame.select("period", "why_unrated", "previous_status").rows() == [
        ("2021-10", "no_outturn", "green")
    ]


def test_an_annual_indicator_stands_at_its_newest_period_ended_by_then() -> None:
    frame = rated(
        {"period": "2019/20", "value": 3.0},
        {"period": "2020/21", "value": 12.0},
        {"period": "2021/22", "value": 99.0},
        indicators=(an_indicator(basis="annual", polarity="low", target=5),),
    )
    assert frame.select("period", "rag_status", "previous_status", "is_worse").rows() == [
        ("2020/21", "red", "green", True)
    ]


def test_a_quarterly_indicator_is_compared_with_the_quarter_before() -> None:
    frame = rated(
        {"period": "2020-Q4", "value": 1.0},
        {"period": "2021-Q1", "value": 12.0},
        indicators=(an_indicator(polarity="low", target=aim(6, per="quarter")),),
    )
    assert frame.select("period", "rag_status", "previous_status").rows() == [
        ("2021-Q1", "red", "green")
    ]


def test_blank_months_and_quarters_do_not_make_an_annual_indicator_monthly() -> None:
    frame = rated(
        {"period": "2021-10", "value": None},
        {"period": "2021-Q2", "value": None},
        {"period": "2020/21", "value": 3.0},
        indicators=(an_indicator(basis="annual", polarity="low", target=5),),
    )
    assert frame.select("period", "rag_status").rows() == [("2020/21", "green")]


def test_a_blank_month_keeps_its_address() -> None:
    frame = rated({"period": "2021-10", "value": None}, indicators=(an_indicator(),))
    assert frame.select("period", "state", "source_cell").rows() == [("2021-10", "blank", "B2")]


def test_a_partial_year_is_not_taken_as_the_newest() -> None:
    frame = rated(
        {"period": "2020/21", "value": 3.0},
        {"period": "2021/22", "value": 2.0, "marks": "partial"},
        indicators=(an_indicator(basis="annual", polarity="low", target=5),),
        up_to=Period.of_month(2022, 3),
    )
    assert frame["period"].to_list() == ["2020/21"]


def test_an_indicator_that_holds_nothing_has_a_row() -> None:
    frame = rated(
        {"period": "2021-10", "value": 1.0},
        indicators=(an_indicator(), an_indicator("referrals", polarity="low")),
    )
    assert frame.select("indicator", "why_unrated").rows() == [
        ("contacts", "no_polarity"),
        ("referrals", "no_outturn"),
    ]


@pytest.mark.parametrize(("lag", "why"), [(0, "no_outturn"), (1, "awaited")])
def test_a_young_month_that_holds_nothing_is_awaited(lag: int, why: str) -> None:
    frame = rated(
        {"period": "2021-09", "value": 1.0},
        indicators=(an_indicator(polarity="low", lag_months=lag),),
    )
    assert frame["why_unrated"].to_list() == [why]


def test_a_ratio_follows_from_its_parts_and_is_rated() -> None:
    conversion = an_indicator(
        "conversion", outturn="percentage", ratio=("referrals", "contacts"), polarity="high",
        target=15,
    )  # fmt: skip
    frame = rated(
        {"period": "2021-10", "value": 1978.0},
        {"period": "2021-10", "indicator": "referrals", "value": 387.0},
        indicators=(an_indicator(), an_indicator("referrals"), conversion),
    )
    row = frame.filter(indicator="conversion").row(0, named=True)
    assert row["value"] == pytest.approx(100 * 387 / 1978)
    assert (row["numerator"], row["denominator"], row["rag_status"]) == (387, 1978, "green")


@pytest.mark.parametrize(
    ("begins", "comparable", "is_compared"),
    [
        (date(2021, 10, 1), False, False),
        (date(2021, 10, 31), False, False),
        (date(2021, 10, 1), True, True),
        (date(2021, 9, 30), False, True),  # September lies in it already
        (date(2021, 11, 1), False, True),
    ],
)
def test_nothing_is_compared_across_a_changed_definition(
    begins: date, comparable: bool, is_compared: bool
) -> None:
    versions = (Version(date(2021, 2, 1), "old", comparable=False),
                Version(begins, "new", comparable=comparable))  # fmt: skip
    indicator = an_indicator(polarity="low", target=aim(15), basis="snapshot", version=versions)
    frame = rated(
        {"period": "2021-09", "value": 10.0},
        {"period": "2021-10", "value": 20.0},
        indicators=(indicator,),
    )
    names = ("previous_status", "previous_value", "direction_of_travel", "is_worse")
    expected = ("green", 10.0, "worse", True) if is_compared else (None, None, None, False)
    assert frame.select(names).row(0) == expected


@pytest.mark.parametrize(
    ("contacts", "state"),
    [(0.0, "not_applicable"), (None, "awaited")],
)
def test_a_ratio_without_a_part_has_that_parts_state(contacts: float | None, state: str) -> None:
    frame = rated(
        {"period": "2021-10", "value": contacts} | ({} if contacts == 0 else {"state": "awaited"}),
        {"period": "2021-10", "indicator": "referrals", "value": 387.0},
        indicators=(
            an_indicator(),
            an_indicator("referrals"),
            an_indicator("conversion", outturn="percentage", ratio=("referrals", "contacts")),
        ),
    )
    assert frame.filter(indicator="conversion").select("value", "state").rows() == [(None, state)]


def test_a_ratio_over_nothing_says_so_and_names_no_cell() -> None:
    conversion = an_indicator(
        "conversion", outturn="percentage", ratio=("referrals", "contacts"), polarity="high"
    )
    frame = rated(
        {"period": "2021-10", "value": 0.0},
        {"period": "2021-10", "indicator": "referrals", "value": 387.0},
        indicators=(an_indicator(), an_indicator("referrals"), conversion),
    )
    row = frame.filter(indicator="conversion").row(0, named=True)
    assert rag_reason(row, conversion) == (
        "No figure for October 2021: it is referrals over contacts, and the latter is 0."
    )


def test_beyond_a_typed_target_of_zero_there_is_no_tolerance() -> None:
    row = one(3.0, basis="snapshot", polarity="low", target=aim(0), tolerance=10)
    assert row["rag_status"] == "red"
    assert "tolerance" not in row["reason"]


def test_a_denominator_that_is_an_indicator_is_found() -> None:
    audits = an_indicator(
        "audit-good", outturn="percentage", denominator="cases", small=20, polarity="high",
        target=70,
    )  # fmt: skip
    frame = rated(
        {"period": "2021-05", "indicator": "cases", "value": 2.0},
        {"period": "2021-05", "indicator": "audit-good", "value": 0.0},
        indicators=(an_indicator("cases"), audits),
        up_to=Period.of_month(2021, 5),
    )
    row = frame.filter(indicator="audit-good").row(0, named=True)
    assert (row["denominator"], row["why_unrated"]) == (2.0, "small_denominator")
    assert rag_reason(row, audits) == "Rests on 2 cases, fewer than 20: shown, not rated."


STATUS_ORDER = ["red", "amber", "green", "blue"]
numbers = st.floats(min_value=-1e6, max_value=1e6).map(lambda x: round(x, 3))


@given(worse=numbers, better=numbers, target=numbers, tolerance=st.floats(0, 50))
def test_a_better_outturn_never_gets_a_worse_status(
    worse: float, better: float, target: float, tolerance: float
) -> None:
    low, high = sorted((worse, better))
    statuses = _statuses([low, high], polarity="high", target=target, tolerance=tolerance)
    assert STATUS_ORDER.index(statuses[0]) <= STATUS_ORDER.index(statuses[1])


@given(value=numbers, target=numbers, tolerance=st.floats(0, 50))
def test_mirroring_polarity_and_figures_keeps_the_status(
    value: float, target: float, tolerance: float
) -> None:
    assert _statuses([value], polarity="high", target=target, tolerance=tolerance) == _statuses(
        [-value], polarity="low", target=-target, tolerance=tolerance
    )


def _statuses(values: list[float], *, polarity: str, target: float, tolerance: float) -> list[str]:
    fields = {"basis": "snapshot", "tolerance": tolerance, "tolerance_kind": "points"}
    indicators = tuple(
        an_indicator(f"i{place}", polarity=polarity, target=target, **fields)
        for place in range(len(values))
    )
    rows = [
        {"indicator": f"i{place}", "period": "2021-10", "value": value}
        for place, value in enumerate(values)
    ]
    return rated(*rows, indicators=indicators)["rag_status"].to_list()
