"""Whatever gives a hidden figure back is hidden too (reliability.md, section 3)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.domain.catalogue import Catalogue, Coherence, Indicator
from kpi.domain.period import Period
from kpi.domain.scorecard import Place, figures, held_figures
from kpi.domain.suppression.hiding import tied
from tests.builders import a_catalogue, an_indicator, observations

Key = tuple[str, str, str]
"""Indicator, unit, period."""

OCTOBER = "2021-10"
YEAR = [
    *(f"2021-{month:02}" for month in range(4, 13)),
    *(f"2022-{month:02}" for month in (1, 2, 3)),
]


def few(id_: str, **fields: Any) -> Indicator:
    """An indicator whose counts of one to five are hidden."""
    return an_indicator(id_, **{"suppress_below": 6} | fields)


def hidden(
    values: Mapping[Key, float | None] | Mapping[str, float | None],
    catalogue: Catalogue,
    **beside: dict[Key, Any],
) -> set[Any]:
    """The keys of the figures that are hidden; an id alone is the authority's in October."""
    rows = []
    for key, value in values.items():
        indicator, unit, period = key if isinstance(key, tuple) else (key, "", OCTOBER)
        row = {"indicator": indicator, "unit": unit, "period": period, "value": value}
        more = {name: of[key] for name, of in beside.items() if key in of}
        rows.append(row | {"state": "suppressed" if value is None else "value"} | more)
    found = figures(observations(*rows).lazy(), catalogue, hide_small=True).collect()
    short = any(isinstance(key, str) for key in values)
    return {
        row["indicator"] if short else (row["indicator"], row["unit"], row["period"])
        for row in found.to_dicts()
        if row["value"] is None and row["raw"] == "c"
    }


# --- Parts of a whole -----------------------------------------------------------------------


def parts_of(*parts: str, total: str | float | None) -> Coherence:
    return Coherence("parts_of", with_=parts, total=total)


def of_a_whole(**limits: float) -> Catalogue:
    rule = parts_of("a", "b", "c", total="all")
    parts = [few(each, coheres=(rule,)) for each in "abc"]
    return a_catalogue(*parts, an_indicator("all", suppress_below=limits.get("whole", 6)))


@pytest.mark.parametrize(
    ("a", "b", "c", "expected"),
    [
        (20, 30, 40, ""),
        (3, 30, 40, "a b"),  # the next smallest
        (3, 40, 30, "a c"),
        (3, 30, 30, "a b"),  # of two alike the first by name
        (3, 0, 40, "a c"),  # no zero while there is another
        (3, 0, 5, "a c"),
        (3, 4, 40, "a b"),
        (1, 2, 40, "a b c"),  # three in two parts are few as well
        (1, 5, 40, "a b"),
        (0, 0, 40, ""),
        (6, 0, 0, ""),
        (3, 0, 0, "a all"),
        (1, 2, 3, "a b c"),
        (1, 1, 1, "a b c all"),
    ],
)
def test_a_part_alone_in_hiding_takes_the_next_smallest_with_it(
    a: float, b: float, c: float, expected: str
) -> None:
    values = {"a": a, "b": b, "c": c, "all": a + b + c}
    assert hidden(values, of_a_whole()) == set(expected.split())


def test_a_whole_without_a_limit_goes_where_no_part_is_left() -> None:
    values = {"a": 3, "b": 0, "c": 0, "all": 3}
    assert hidden(values, of_a_whole(whole=0)) == {"a", "b", "c", "all"}


def test_a_hidden_whole_is_no_clue_to_its_parts() -> None:
    catalogue = a_catalogue(
        few("a", suppress_below=0, coheres=(parts_of("a", "b", total="all"),)),
        few("b", suppress_below=0),
        few("all"),
    )
    # What is shown of the parts would give it back.
    assert hidden({"a": 1, "b": 2, "all": 3}, catalogue) == {"all", "a"}


def test_parts_that_leave_many_out_give_nothing_away() -> None:
    assert hidden({"a": 3, "b": 30, "c": 40, "all": 79}, of_a_whole()) == {"a"}
    assert hidden({"a": 3, "b": 30, "c": 40, "all": 78}, of_a_whole()) == {"a", "b"}


def test_a_whole_that_is_not_held_gives_nothing_away() -> None:
    assert hidden({"a": 3, "b": 30, "c": 40}, of_a_whole()) == {"a"}


def test_a_part_that_is_not_held_is_none() -> None:
    assert hidden({"a": 3, "b": 40, "all": 43}, of_a_whole()) == {"a", "b"}


def test_what_the_source_has_hidden_takes_one_with_it_too() -> None:
    assert hidden({"a": None, "b": 30, "c": 40, "all": 73}, of_a_whole()) == {"b"}
    assert hidden({"a": None, "b": None, "c": 40, "all": 73}, of_a_whole()) == set()
    assert hidden({"a": None, "b": None, "c": 40, "all": 43}, of_a_whole()) == {"c"}
    assert hidden({"a": None, "b": 4, "c": 40, "all": 47}, of_a_whole()) == {"b"}


def test_contradicting_figures_are_hidden_as_a_part_like_any() -> None:
    rows = [{"indicator": "a", "value": 3.0}, {"indicator": "b", "value": 8.0},
            {"indicator": "b", "value": 9.0}, {"indicator": "c", "value": 40.0},
            {"indicator": "all", "value": 51.0}]  # fmt: skip
    stored = observations(*({"period": OCTOBER} | row for row in rows)).lazy()
    found = figures(stored, of_a_whole(), hide_small=True).collect()
    assert found.filter(pl.col("state") == "suppressed")["indicator"].to_list() == ["a", "b"]
    assert found["said"].list.len().to_list() == [0, 0, 1, 1]


def shares(*, base: bool = True, total: float | None = 100.0) -> Catalogue:
    rule = parts_of("good", "fair", "poor", total=total)
    share = {"outturn": "percentage", "denominator": "cases" if base else ""}
    return a_catalogue(
        *(few(each, coheres=(rule,), **share) for each in ("good", "fair", "poor")),
        an_indicator("cases"),
    )


@pytest.mark.parametrize(
    ("good", "fair", "poor", "cases", "expected"),
    [
        (50, 30, 20, 100, ""),
        (55, 30, 15, 20, "fair poor"),  # eleven, six and three
        (85, 0, 15, 40, ""),
        (92.5, 0, 7.5, 40, "good poor"),
        (50, 30, 20, 5, "good fair poor"),
        (100, 0, 0, 40, ""),
        (33.3, 33.3, 33.3, 18, ""),  # rounded shares
        (66.7, 22.2, 11.1, 27, "fair poor"),  # 18, 6, 3
    ],
)
def test_shares_of_one_base_are_parts_of_a_hundred(
    good: float, fair: float, poor: float, cases: float, expected: str
) -> None:
    values = {"good": good, "fair": fair, "poor": poor, "cases": cases}
    assert hidden(values, shares()) == set(expected.split())
    assert hidden(values, shares(total=None)) == set(expected.split())


def test_shares_without_a_base_count_by_that_of_those_beside_them() -> None:
    values = {("good", "", OCTOBER): 55.0, ("fair", "", OCTOBER): 30.0, ("poor", "", OCTOBER): 15.0}
    bases = {("poor", "", OCTOBER): 20.0}
    found = hidden(values, shares(base=False), denominator=bases)
    assert {each[0] for each in found} == {"poor", "fair"}


def test_shares_of_no_known_base_take_the_next_with_one_hidden_by_its_source() -> None:
    values = {"good": 50.0, "fair": 30.0, "poor": None}
    assert hidden(values, shares(base=False)) == {"fair"}


def test_a_rule_counts_once_wherever_it_is_written() -> None:
    rule = parts_of("a", "b", total="all")
    for owner in ("a", "b", "all"):
        catalogue = a_catalogue(
            *(few(each, coheres=(rule,) if each == owner else ()) for each in ("a", "b", "all"))
        )
        assert hidden({"a": 3, "b": 30, "all": 33}, catalogue) == {"a", "b"}


def test_a_whole_that_is_a_number_cannot_be_hidden() -> None:
    rule = parts_of("a", "b", total=40.0)
    catalogue = a_catalogue(few("a", coheres=(rule,)), few("b"))
    assert hidden({"a": 3, "b": 37}, catalogue) == {"a", "b"}
    small = a_catalogue(few("a", coheres=(parts_of("a", "b", total=4.0),)), few("b"))
    assert hidden({"a": 4, "b": 0}, small) == {"a", "b"}


def test_a_subset_leaves_open_what_it_leaves_out() -> None:
    rule = Coherence("subset_of", with_=("all",))
    catalogue = a_catalogue(few("a", coheres=(rule,)), few("all"))
    assert hidden({"a": 3, "all": 40}, catalogue) == {"a"}
    assert hidden({"a": 37, "all": 40}, catalogue) == set()


# --- Rates, shares, and what is the same ----------------------------------------------------


def test_figures_that_are_the_same_are_hidden_together() -> None:
    rule = Coherence("same_as", with_=("b",))
    catalogue = a_catalogue(few("a", coheres=(rule,)), an_indicator("b"), an_indicator("c"))
    assert hidden({"a": 3, "b": 3, "c": 3}, catalogue) == {"a", "b"}
    back = a_catalogue(an_indicator("a", coheres=(rule,)), few("b"))
    assert hidden({"a": 3, "b": 3}, back) == {"a", "b"}


@pytest.mark.parametrize("limited", ["count", "rate"])
def test_a_rate_and_its_count_are_hidden_together(limited: str) -> None:
    rate = an_indicator(
        "rate",
        outturn="rate",
        basis="snapshot",
        suppress_below=6 if limited == "rate" else 0,
        numerator="count",
        coheres=(Coherence("rate_of", with_=("count",)),),
    )
    count = an_indicator("count", basis="snapshot", suppress_below=6 if limited == "count" else 0)
    catalogue = a_catalogue(rate, count)
    assert hidden({"rate": 0.6, "count": 3}, catalogue) == {"rate", "count"}
    assert hidden({"rate": 6.0, "count": 30}, catalogue) == set()


def test_a_share_goes_with_its_numerator_and_with_its_base() -> None:
    share = an_indicator("share", outturn="percentage", numerator="in-time", denominator="due")
    catalogue = a_catalogue(share, few("in-time"), few("due"))
    assert hidden({"share": 10.0, "in-time": 4, "due": 40}, catalogue) == {"share", "in-time"}
    # A hidden share without its numerator would be that numerator over the base.
    assert hidden({"share": 0.0, "in-time": 0, "due": 4}, catalogue) == {"share", "in-time", "due"}


def test_a_base_is_not_hidden_for_its_shares() -> None:
    share = few("share", outturn="percentage", denominator="due")
    catalogue = a_catalogue(share, an_indicator("due"))
    assert hidden({"share": 10.0, "due": 40}, catalogue) == {"share"}


def test_a_hidden_part_of_a_whole_hides_its_rate_too() -> None:
    rule = parts_of("a", "b", total="all")
    rate = an_indicator("rate", outturn="rate", coheres=(Coherence("rate_of", with_=("b",)),))
    catalogue = a_catalogue(few("a", coheres=(rule,)), few("b"), few("all"), rate)
    values = {"a": 3, "b": 30, "all": 33, "rate": 6.0}
    assert hidden(values, catalogue) == {"a", "b", "rate"}


# --- Units ----------------------------------------------------------------------------------

CLA = a_catalogue(few("cla"))


def by_unit(units: Mapping[str, float | None], catalogue: Catalogue = CLA) -> set[str]:
    """The units that are hidden; their paths start below the authority, which is empty."""
    values = {("cla", unit, OCTOBER): value for unit, value in units.items()}
    return {unit for _, unit, _ in hidden(values, catalogue)}


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ({"": 60, "A": 3, "B": 20, "C": 37}, "A B"),
        ({"": 60, "A": 20, "B": 37, "C": 3}, "C A"),
        ({"": 60, "A": 20, "B": 40}, None),
        ({"": 23, "A": 3, "B": 0, "C": 20}, "A C"),
        ({"A": 3, "B": 20, "C": 37}, "A"),  # the authority's is not held
        ({"": 66, "A": 3, "B": 20, "C": 37}, "A"),  # many are in no unit
        ({"": 65, "A": 3, "B": 20, "C": 37}, "A B"),  # few are
        ({"": 54, "A": 3, "B": 20, "C": 37}, "A"),  # many are in two
        ({"": 20, "A": 3}, "A"),  # so they are here
        ({"": 55, "A": 3, "B": 20, "C": 37}, "A B"),  # few are
        ({"": 60, "A": None, "B": 20, "C": 40}, "B"),  # by its source
    ],
)
def test_a_unit_alone_in_hiding_takes_its_next_smallest_sibling(
    units: Mapping[str, float | None], expected: str | None
) -> None:
    assert by_unit(units) == set((expected or "").split())


def test_services_teams_and_workers_are_each_protected_in_their_own() -> None:
    units = {"": 90, "S1": 40, "S2": 50, "S1/T1": 3, "S1/T2": 15, "S1/T3": 22}
    assert by_unit(units) == {"S1/T1", "S1/T2"}
    units |= {"S1/T2/W1": 2, "S1/T2/W2": 13}
    assert by_unit(units) == {"S1/T1", "S1/T2", "S1/T2/W1", "S1/T2/W2"}


def test_a_hidden_team_hides_one_of_its_workers() -> None:
    units = {"": 40, "A": 3, "B": 15, "C": 22, "B/1": 7, "B/2": 8}
    assert by_unit(units) == {"A", "B", "B/1"}


def test_a_level_that_is_not_held_is_passed_over() -> None:
    assert by_unit({"": 60, "S1/T1": 3, "S1/T2": 20, "S2/T3": 37}) == {"S1/T1", "S1/T2"}
    assert by_unit({"S1": 23, "S1/T1/W1": 3, "S1/T2/W2": 20}) == {"S1/T1/W1", "S1/T2/W2"}


def test_each_period_and_area_is_protected_alone() -> None:
    rows = [
        {"indicator": "cla", "unit": unit, "period": period, "area": area, "value": value}
        for period, area in (
            (OCTOBER, "Southampton"),
            ("2021-09", "Southampton"),
            (OCTOBER, "Poole"),
        )
        for unit, value in (("", 60.0), ("A", 20.0), ("B", 40.0))
    ]
    rows += [{"indicator": "cla", "unit": "C", "period": OCTOBER, "value": 3.0}]
    found = figures(observations(*rows).lazy(), CLA, hide_small=True).collect()
    gone = found.filter(pl.col("state") == "suppressed").select("area", "unit", "period").rows()
    assert gone == [("Southampton", "A", OCTOBER), ("Southampton", "C", OCTOBER)]


def test_shares_add_up_over_units_by_their_cases() -> None:
    catalogue = a_catalogue(few("share", outturn="percentage"))
    key = [("share", unit, OCTOBER) for unit in ("", "A", "B", "C")]
    values = dict(zip(key, (50.0, 7.5, 80.0, 62.5), strict=True))
    bases = dict(zip(key, (120.0, 40.0, 40.0, 40.0), strict=True))
    found = hidden(values, catalogue, denominator=bases)
    assert {unit for _, unit, _ in found} == {"A", "C"}  # 60 cases are 3, 32 and 25


def test_shares_and_rates_without_cases_do_not_add_up() -> None:
    catalogue = a_catalogue(few("cla", outturn="rate"))
    assert by_unit({"": 60, "A": 3, "B": 57}, catalogue) == set()


def test_a_rate_hidden_by_its_source_does_not_add_up() -> None:
    assert by_unit({"": 60, "A": None, "B": 60}, a_catalogue(few("cla", outturn="rate"))) == set()


def test_ratios_add_up_over_units_by_their_numerators() -> None:
    load = few("load", ratio=("cla", "workers"))
    catalogue = a_catalogue(an_indicator("cla"), an_indicator("workers"), load)
    values = {("workers", unit, OCTOBER): 5.0 for unit in ("", "A", "B", "C")}
    values |= {("cla", "", OCTOBER): 93.0, ("cla", "A", OCTOBER): 3.0}
    values |= {("cla", "B", OCTOBER): 20.0, ("cla", "C", OCTOBER): 70.0}
    rows = [{"indicator": i, "unit": u, "period": p, "value": v} for (i, u, p), v in values.items()]
    found = figures(observations(*rows).lazy(), catalogue, hide_small=True).collect()
    gone = found.filter(pl.col("state") == "suppressed").select("indicator", "unit").rows()
    assert set(gone) == {("cla", "A"), ("cla", "B"), ("load", "A"), ("load", "B")}


# --- Along time -----------------------------------------------------------------------------


def months(values: Mapping[str, float], id_: str = "cla") -> dict[Key, float | None]:
    return {(id_, "", period): value for period, value in values.items()}


def along(values: Mapping[str, float], catalogue: Catalogue) -> set[str]:
    """The periods of `cla` that are hidden."""
    return {period for id_, _, period in hidden(months(values), catalogue) if id_ == "cla"}


TO_DATE = a_catalogue(few("cla", basis="year-to-date"))


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ((20, 40, 60), ""),
        ((20, 23, 60), "2021-05"),  # three in May
        ((20, 23, 25), "2021-05 2021-06"),  # five in two months are few as well
        ((20, 23, 26), "2021-05"),  # six are not
        ((20, 20, 26), ""),  # none in May
        ((3, 20, 40), "2021-04"),
        ((3, 5, 8), "2021-04 2021-05"),
        ((20, 18, 40), "2021-05"),  # two taken back
    ],
)
def test_a_year_to_date_that_grew_by_few_is_hidden(
    totals: tuple[float, ...], expected: str
) -> None:
    assert along(dict(zip(YEAR, totals, strict=False)), TO_DATE) == set(expected.split())


def test_a_new_year_begins_from_nothing() -> None:
    assert along({"2021-02": 20, "2021-03": 40, "2021-04": 43}, TO_DATE) == set()
    calendar = a_catalogue(few("cla", basis="year-to-date", year="calendar"))
    assert along({"2021-02": 20, "2021-03": 40, "2021-04": 43}, calendar) == {"2021-04"}


def test_growth_is_measured_by_the_limit_of_the_count_itself() -> None:
    rule = parts_of("cla", "b", total="all")
    catalogue = a_catalogue(
        an_indicator("cla", basis="year-to-date", coheres=(rule,)), few("b"), few("all")
    )
    assert along({"2021-04": 20, "2021-05": 23}, catalogue) == set()


def test_a_share_of_the_year_to_date_grows_by_cases_and_by_the_rest() -> None:
    catalogue = a_catalogue(few("cla", outturn="percentage", basis="year-to-date"))
    keys = [("cla", "", period) for period in YEAR[:4]]
    values = dict(zip(keys, (50.0, 50.0, 46.0, 44.0), strict=True))
    bases = dict(zip(keys, (40.0, 80.0, 100.0, 110.0), strict=True))
    cases = dict(zip(keys, (20.0, 40.0, 46.0, 48.0), strict=True))
    found = hidden(values, catalogue, denominator=bases, numerator=cases)
    assert {period for *_, period in found} == {"2021-07"}  # two more; the rest grew by eight
    rests = dict(zip(keys, (20.0, 40.0, 58.0, 66.0), strict=True))
    found = hidden(values, catalogue, denominator=bases, numerator=rests)
    assert {period for *_, period in found} == {"2021-06", "2021-07"}


def test_the_quarter_to_date_is_the_last_months() -> None:
    values = {"2021-04": 20, "2021-05": 40, "2021-06": 43, "2021-Q1": 43}
    assert along(values, TO_DATE) == {"2021-06", "2021-Q1"}
    snapshot = a_catalogue(few("cla", basis="snapshot"))
    assert along({"2021-06": 3, "2021-Q1": 3, "2021-Q2": 30}, snapshot) == {"2021-06", "2021-Q1"}


IN_MONTH = a_catalogue(few("cla"))


def test_months_are_parts_of_their_quarter_of_which_only_the_newest_can_still_be_hidden() -> None:
    quarter = {"2021-04": 3, "2021-05": 20, "2021-06": 30}
    assert along(quarter | {"2021-Q1": 53}, IN_MONTH) == {"2021-04", "2021-06"}
    assert along(quarter, IN_MONTH) == {"2021-04"}
    last = {"2021-04": 20, "2021-05": 30, "2021-06": 3}
    assert along(last | {"2021-Q1": 53}, IN_MONTH) == {"2021-06", "2021-Q1"}


def test_months_and_quarters_are_parts_of_their_year() -> None:
    year = dict.fromkeys(YEAR, 20.0) | {"2021-04": 3.0}
    assert along(year | {"2021/22": 223.0}, IN_MONTH) == {"2021-04", "2022-03"}
    assert along(year | {"2021/22": 400.0}, IN_MONTH) == {"2021-04"}  # months are missing
    quarters = {"2021-Q1": 3, "2021-Q2": 20, "2021-Q3": 20, "2021-Q4": 30, "2021/22": 73}
    assert along(quarters, IN_MONTH) == {"2021-Q1", "2021-Q4"}


def test_a_month_is_given_back_by_the_running_rate_of_any_later_month() -> None:
    rate = an_indicator(
        "rate",
        outturn="rate",
        basis="year-to-date",
        numerator="cla",
        coheres=(Coherence("rate_of", with_=("cla",)),),
    )
    counts = dict(zip(YEAR, (20, 3, 30, 40), strict=False))
    rates = dict(zip(YEAR, (4.0, 4.6, 10.6, 18.6), strict=False))
    values = months(counts) | months(rates, "rate")
    found = hidden(values, a_catalogue(rate, few("cla")))
    # May's count and rate; and June's count, without which June's rate would tell.
    assert {(id_, period) for id_, _, period in found} == {
        ("cla", "2021-05"),
        ("rate", "2021-05"),
        ("cla", "2021-06"),
    }


def test_a_running_rate_over_a_gap_gives_nothing_back() -> None:
    rate = an_indicator("rate", outturn="rate", basis="year-to-date", numerator="cla")
    values = months({"2021-04": 20, "2021-06": 3}) | months({"2021-06": 9.0}, "rate")
    found = hidden(values, a_catalogue(rate, few("cla")))
    assert {(id_, period) for id_, _, period in found} == {("cla", "2021-06")}


FLOW = Coherence("flow_of", with_=("starts", "ends"))


@pytest.mark.parametrize(
    ("before", "starts", "ends", "expected"),
    [
        (60, 20, 10, ""),
        (60, 3, 10, "starts ends"),
        (60, 3, 2, "starts ends"),
        (60, 20, 4, "ends starts"),
        (60, 3, 0, "starts ends"),
    ],
)
def test_a_flow_is_given_back_by_the_stocks_beside_it(
    before: float, starts: float, ends: float, expected: str
) -> None:
    catalogue = a_catalogue(
        few("cla", basis="snapshot", coheres=(FLOW,)), few("starts"), few("ends")
    )
    values = {
        ("cla", "", "2021-09"): before,
        ("cla", "", OCTOBER): before + starts - ends,
        ("starts", "", OCTOBER): starts,
        ("ends", "", OCTOBER): ends,
    }
    found = hidden(values, catalogue)
    assert {id_ for id_, _, period in found if period == OCTOBER} == set(expected.split())
    assert ("cla", "", "2021-09") not in found


def test_a_stock_of_long_ago_is_no_clue() -> None:
    catalogue = a_catalogue(
        few("cla", basis="snapshot", coheres=(FLOW,)), few("starts"), few("ends")
    )
    values = {("cla", "", "2021-08"): 60.0, ("cla", "", OCTOBER): 53.0}
    values |= {("starts", "", OCTOBER): 3.0, ("ends", "", OCTOBER): 10.0}
    assert hidden(values, catalogue) == {("starts", "", OCTOBER)}


# --- Always the same ------------------------------------------------------------------------


def everything(*, flows: bool = True) -> Catalogue:
    flow = (Coherence("flow_of", with_=("a", "b")),) if flows else ()
    whole = parts_of("a", "b", "c", total="all")
    rate = Coherence("rate_of", with_=("a",))
    return a_catalogue(
        few("a", coheres=(whole,)),
        few("b"),
        few("c"),
        few("all", suppress_below=0),
        an_indicator("rate", outturn="rate", basis="year-to-date", coheres=(rate,), numerator="a"),
        few("stock", basis="snapshot", coheres=flow),
        few("total", basis="year-to-date"),
        an_indicator("other"),
    )


def a_year(seed: int) -> pl.DataFrame:
    """Months of everything by unit, adding up, with many small numbers."""
    chance = random.Random(seed)
    rows: list[dict[str, Any]] = []
    stock, total = dict.fromkeys(("A", "B", ""), 40), dict.fromkeys(("A", "B", ""), 0)
    for period in YEAR[:6]:
        counts = {unit: [chance.choice((0, 1, 3, 7, 20, 30)) for _ in "abc"] for unit in "AB"}
        counts[""] = [sum(each) for each in zip(*counts.values(), strict=True)]
        for unit, (a, b, c) in counts.items():
            stock[unit] += a - b
            total[unit] += c
            said = {"a": a, "b": b, "c": c, "all": a + b + c, "rate": a / 5 + 1, "other": a,
                    "stock": stock[unit], "total": total[unit]}  # fmt: skip
            rows += [
                {"indicator": id_, "unit": unit, "period": period, "value": float(value)}
                for id_, value in said.items()
            ]
    return observations(*rows)


def hidden_of(stored: pl.DataFrame, catalogue: Catalogue) -> set[Key]:
    found = figures(stored.lazy(), catalogue, hide_small=True).collect()
    gone = found.filter(pl.col("state") == "suppressed")
    return set(gone.select("indicator", "unit", "period").iter_rows())


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), order=st.randoms(use_true_random=False))
def test_the_same_figures_are_hidden_in_any_order_of_rows(seed: int, order: random.Random) -> None:
    stored, catalogue = a_year(seed), everything()
    places = list(range(stored.height))
    order.shuffle(places)
    assert hidden_of(stored[places], catalogue) == hidden_of(stored, catalogue)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 5))
def test_what_is_hidden_of_a_period_does_not_hang_on_later_ones(seed: int, count: int) -> None:
    stored, catalogue = a_year(seed), everything()
    known = YEAR[:count]
    early = stored.filter(pl.col("period").is_in(known))
    then = hidden_of(early, catalogue)
    assert then == {each for each in hidden_of(stored, catalogue) if each[2] in known}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_is_hidden_does_not_hang_on_indicators_that_are_not_tied(seed: int) -> None:
    stored, catalogue = a_year(seed), everything()
    for ids in ({"total"}, {"a"}):
        wanted = tied(catalogue, ids)
        part = stored.filter(pl.col("indicator").is_in(list(wanted)))
        whole = {each for each in hidden_of(stored, catalogue) if each[0] in wanted}
        assert hidden_of(part, catalogue) == whole


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), unit=st.sampled_from([None, "", "A"]), flows=st.booleans())
def test_a_scorecard_hides_what_the_whole_year_hides(
    seed: int, unit: str | None, flows: bool
) -> None:
    stored, catalogue = a_year(seed), everything(flows=flows)
    place, up_to = Place("Southampton", unit), Period.of_month(2021, 9)
    for ids in ({"a"}, {"rate", "total", "other"}):
        found = held_figures(
            stored.lazy(), catalogue, place=place, up_to=up_to, indicators=ids, hide_small=True
        ).collect()
        gone = found.filter(pl.col("state") == "suppressed")
        rows = set(found.select("indicator", "unit", "period").iter_rows())
        assert set(gone.select("indicator", "unit", "period").iter_rows()) == (
            hidden_of(stored, catalogue) & rows
        )
        assert rows == {
            (id_, each, period)
            for id_ in ids
            for each in ("", "A", "B")
            for period in YEAR[4:6]
            if unit is None or each == unit
        }


def test_hiding_again_hides_no_more() -> None:
    """What is hidden counts as hidden by its source then, which must be enough."""
    catalogue = of_a_whole()
    values = {"a": None, "b": None, "c": 40.0, "all": 73.0}
    assert hidden(values, catalogue) == set()


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ({"other"}, {"other"}),
        ({"total"}, {"total"}),
        ({"rate"}, {"rate", "a", "b", "c", "all", "stock"}),
        ({"all", "other"}, {"rate", "a", "b", "c", "all", "stock", "other"}),
    ],
)
def test_tied_indicators_are_those_that_can_give_each_other_away(
    ids: set[str], expected: set[str]
) -> None:
    assert tied(everything(), ids) == expected


def test_without_limits_nothing_is_tied() -> None:
    rule = parts_of("a", "b", total="all")
    catalogue = a_catalogue(
        an_indicator("a", coheres=(rule,)), an_indicator("b"), an_indicator("all")
    )
    assert tied(catalogue, {"a"}) == {"a"}
    assert hidden({"a": 3, "b": 30, "all": 33}, catalogue) == set()
