"""The shipped figures are the published ones, and say what the seed report says of them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kpi import reference

SOUTHAMPTON = "852"


def published(measure: str, area_code: str, period_label: str) -> float:
    """The one value of a measure, area and period."""
    found = reference.values().filter(
        measure=measure, area_code=area_code, period_label=period_label
    )
    return float(found.select("value").collect().item())


@pytest.mark.parametrize(
    ("measure", "area_code", "period_label", "expected"),
    [
        ("ReReferral", SOUTHAMPTON, "2020/21", 28.0),
        ("ReReferral", SOUTHAMPTON, "2019/20", 22.9),
        ("ReReferral", "989", "2020/21", 27.7),
        ("ReReferral", reference.ENGLAND_CODE, "2020/21", 22.7),
        ("CPP_Total_NumRef", SOUTHAMPTON, "2020/21", 4092),
        ("CPP_Total_NumRef", SOUTHAMPTON, "2021/22", 3640),
        ("LACnum", SOUTHAMPTON, "2020/21", 498),
    ],
)
def test_the_seed_reports_comparators_are_held(
    measure: str, area_code: str, period_label: str, expected: float
) -> None:
    assert published(measure, area_code, period_label) == expected


def test_the_mean_of_the_ten_neighbours_of_2021_is_the_seed_reports() -> None:
    codes = reference.neighbours(SOUTHAMPTON, model="2021-04").codes
    rows = reference.values().filter(
        pl.col("area_code").is_in(codes), measure="ReReferral", period_label="2020/21"
    )
    figures = rows.select("value").collect()["value"]
    assert (len(figures), figures.mean()) == (10, pytest.approx(21.8, abs=0.05))


def test_referrals_by_month_are_dfes() -> None:
    rows = reference.referrals_by_month().filter(
        pl.col("month").is_between(date(2021, 4, 1), date(2022, 3, 1)), area_code=SOUTHAMPTON
    )
    figures = rows.sort("month").collect()["referrals"].to_list()
    assert figures[:7] == [297, 390, 294, 288, 246, 344, 326]
    assert sum(figures) == 3640


def test_referrals_have_a_figure_exactly_where_the_state_says_so() -> None:
    rows = reference.referrals_by_month().collect()
    has_value = rows["state"] == "value"
    assert (rows["referrals"].is_not_null() == has_value).all()
    assert set(rows["state"]) == {"value", "suppressed", "not_available", "unreliable"}


def test_no_month_of_an_area_stands_twice() -> None:
    rows = reference.referrals_by_month().collect()
    assert not rows.select("area_code", "month").is_duplicated().any()


def test_englands_profile_is_a_whole_year_over_all_years_held() -> None:
    profile = reference.england_referral_profile()
    assert sum(profile) == pytest.approx(1, abs=1e-12)
    assert [round(100 * share, 1) for share in profile] == [
        7.5, 8.7, 8.9, 8.8, 7.1, 8.4, 8.9, 8.9, 7.4, 8.6, 7.9, 8.8,
    ]  # fmt: skip


def test_englands_profile_of_named_years_pools_only_those() -> None:
    profile = reference.england_referral_profile(years=[2022, 2023, 2024])
    so_far = [round(100 * sum(profile[: months + 1]), 1) for months in range(12)]
    assert so_far == [7.4, 16.5, 25.7, 34.1, 41.0, 49.6, 58.2, 67.2, 74.5, 83.1, 91.1, 100.0]


def test_every_value_has_its_period_and_stands_once() -> None:
    rows = reference.values().collect()
    assert rows.select("value", "period_end", "period_label").null_count().row(0) == (0, 0, 0)
    assert not rows.select("measure", "area_code", "period_end").is_duplicated().any()
    assert set(rows["area_kind"]) == {"authority", "region", "england"}


@pytest.mark.parametrize(
    ("measure", "label", "last_day"),
    [
        ("ReReferral", "2020/21", date(2021, 3, 31)),
        ("LAC", "2020/21", date(2021, 3, 31)),
        ("Work_Force_TO_Rate", "2021-09", date(2021, 9, 30)),
    ],
)
def test_a_period_ends_as_the_measures_year_does(measure: str, label: str, last_day: date) -> None:
    rows = reference.values().filter(measure=measure, period_label=label).collect()
    assert rows["period_end"].unique().to_list() == [last_day]


def test_every_value_has_a_measure_in_the_dictionary_and_the_other_way_round() -> None:
    measures = reference.measures().collect()
    held = reference.values().select("measure").unique().collect()["measure"]
    assert set(measures["measure"]) == set(held)
    assert measures["measure"].is_unique().all()
    assert set(measures["polarity"]) == {"high", "low", "none"}
    assert set(measures["outturn"]) == {"percentage", "rate", "number"}
    assert measures.filter((pl.col("outturn") == "rate") != pl.col("per").is_not_null()).is_empty()


def test_a_rate_from_its_counts_is_the_published_one() -> None:
    rows = reference.values().filter(measure="CPP_Total_Rateper10,000").collect()
    implied = 10_000 * rows["numerator"] / rows["denominator"]
    assert rows["denominator"].null_count() == 0
    assert (implied - rows["value"]).abs().max() == pytest.approx(0.05, abs=0.0001)


def test_a_rates_denominator_is_the_population_of_the_year_before() -> None:
    children = reference.population().filter(area_code=SOUTHAMPTON, mid_year=2020).collect()
    rate = reference.values().filter(
        measure="CPP_Total_Rateper10,000", area_code=SOUTHAMPTON, period_label="2020/21"
    )
    assert rate.collect()["denominator"].to_list() == children["population"].to_list()


def test_no_authority_has_a_value_from_outside_its_lifetime() -> None:
    lives = reference.areas().select("area_code", "since", "until")
    rows = reference.values().join(lives, on="area_code").collect()
    began = pl.col("period_end").dt.offset_by("-12mo")
    outside = (pl.col("period_end") < pl.col("since")) | (began >= pl.col("until"))
    assert rows.filter(outside).is_empty()


def test_a_figure_for_england_alone_is_not_passed_off_as_every_areas() -> None:
    rows = reference.values().filter(measure="Stability_School", period_label="2017/18").collect()
    assert rows["area_kind"].to_list() == ["england"]


def test_population_is_held_for_every_kind_of_area() -> None:
    rows = reference.population().filter(mid_year=2024).collect()
    assert dict(rows["area_kind"].value_counts().rows()) == {
        "authority": 153,
        "region": 11,
        "england": 1,
    }
    assert rows.filter(area_code=reference.ENGLAND_CODE)["population"].item() == 12_183_016


def test_releases_say_whose_each_dataset_is_and_how_old() -> None:
    rows = reference.releases()
    assert set(rows["publisher"]) == {"Department for Education", "Office for National Statistics"}
    assert rows["as_of"].null_count() == rows["rows"].null_count() == 0
    assert rows.filter(dataset="referrals-by-month")["newest_period"].item() == "2024-03"
    assert rows["attribution"].unique().to_list() == [
        "Contains public sector information licensed under the Open Government Licence v3.0"
    ]


def test_a_table_can_be_collected_twice() -> None:
    measures = reference.measures()
    assert measures.collect().equals(measures.collect())
