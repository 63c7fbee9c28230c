"""`kpi compare` on the seed report: published comparators, wrong ones left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi.domain.catalogue import Compare
from kpi.domain.comparison.verdicts import A_RATE, NO_YEAR, TYPED
from kpi.usecases.compare import compare, is_failing
from kpi.usecases.project import Choice, Project
from tests.builders import a_catalogue, an_indicator
from tests.usecases.compare_projects import (
    SOUTHAMPTON,
    a_percentage,
    a_project,
    a_reports_row,
    beside,
    one,
)


@pytest.fixture
def seed(tmp_path: Path) -> Project:
    """Rows of the seed report, wrong comparators included."""
    number = {"outturn": "number", "polarity": "low"}
    rate = {"outturn": "rate", "polarity": "low"}
    catalogue = a_catalogue(
        a_percentage(denominator="referrals"),
        an_indicator("referrals", compare=Compare("CPP_Total_NumRef"), **number),
        an_indicator(
            "referral-rate",
            basis="year-to-date",
            numerator="referrals",
            compare=Compare("CPP_Total_Rateper10,000"),
            **rate,
        ),
        an_indicator("cla", basis="snapshot", compare=Compare("LACnum"), **number),
        an_indicator(
            "cla-rate",
            short_title="CLA rate",
            basis="snapshot",
            numerator="cla",
            compare=Compare("LAC"),
            **rate,
        ),
        an_indicator("cla-visits", outturn="percentage", basis="snapshot", denominator="cla"),
        an_indicator("section-20", basis="snapshot", **number),
        an_indicator("contacts", **number),
        an_indicator("assessment-rate", basis="year-to-date", **rate),
        **SOUTHAMPTON,
    )
    months = {"apr": 336, "may": 445, "jun": 342, "jul": 355, "aug": 291, "sep": 426}
    rows = [
        *a_reports_row("re-referrals", 2, oct=24, before=23, last=28, sn=22, se=28, england=23),
        *a_reports_row("referrals", 3, **months, oct=387, last=4092),
        *a_reports_row("referral-rate", 4, oct=503, before=944, last=790, sn=647, england=494),
        *a_reports_row("cla", 5, oct=530, before=486, last=495, sn=615),
        *a_reports_row("cla-rate", 6, oct=104, before=95, last=None, sn=97, se=53, england=67),
        *a_reports_row("cla-visits", 7, oct=60, before=95, last=None, sn=97, se=53, england=67),
        *a_reports_row("section-20", 8, oct=60, before=16, last=None, sn=11, se=13, england=11),
        *a_reports_row("contacts", 9, oct=1978, before=15657, last=17661),
        *a_reports_row("assessment-rate", 10, oct=392, last=672, sn=637, se=554, england=518),
    ]
    return a_project(tmp_path, *rows, catalogue=catalogue)


def test_the_seeds_comparators_come_from_the_published_statistics(seed: Project) -> None:
    found = beside(compare(seed))
    assert {name: (round(each["value"]), each["origin"]) for name, each in found.items()} == {
        "Statistical neighbours": (22, "published"),
        "South East": (28, "published"),
        "England": (23, "published"),
        "Southampton 2020/21": (28, "published"),
        "Southampton 2019/20": (23, "published"),
    }
    assert beside(compare(seed), "referrals")["Southampton 2020/21"]["value"] == 4092


def test_a_verdict_rests_on_the_linked_denominator(seed: Project) -> None:
    row = one(compare(seed))
    assert (row["numerator"], row["denominator"]) == (93, 387)
    assert row["interval"] == {
        "low": pytest.approx(20.0426049725),
        "high": pytest.approx(28.5298927849),
        "level": 95,
        "method": "Wilson",
    }
    assert {each["verdict"] for each in row["comparators"]} == {"similar"}


def test_a_neighbour_average_says_of_how_many_and_by_which_list(seed: Project) -> None:
    found = beside(compare(seed))["Statistical neighbours"]
    assert (found["n"], found["of"], found["method"], found["model"]) == (10, 10, "mean", "2021-04")
    assert found["value"] == pytest.approx(21.81)
    assert found["difference"] == pytest.approx(2.19)
    assert (found["period"], found["periods_behind"]) == ("2020/21", 1)
    assert "October 2025" in found["release"]


def test_a_year_to_date_is_annualised_and_rests_on_the_months_since_april(seed: Project) -> None:
    answer = compare(seed)
    row, england = one(answer, "referral-rate"), beside(answer, "referral-rate")["England"]
    assert row["numerator"] == 336 + 445 + 342 + 355 + 291 + 426 + 387
    assert england["outturn_compared"] == pytest.approx(12 * 503 / 7)
    assert england["difference"] == pytest.approx(12 * 503 / 7 - england["value"])
    assert england["verdict"] == "worse"


def test_a_month_is_set_beside_a_twelfth_of_an_own_year(seed: Project) -> None:
    found = beside(compare(seed), "referrals")["Southampton 2020/21"]
    assert found["difference"] == pytest.approx(387 - 341)
    assert found["gap_in_cases"] == pytest.approx(46)
    assert found["working"] == "4,092 is 341 a month (4,092 / 12)"


def test_counts_of_places_are_never_set_against_each_other(seed: Project) -> None:
    found = beside(compare(seed), "cla")
    for name in ("Statistical neighbours", "South East", "England"):
        assert found[name]["verdict"] == "not_compared"
        assert found[name]["why_not_compared"] == A_RATE
        assert found[name]["value_compared"] < 530


def test_a_rate_rests_on_the_linked_count(seed: Project) -> None:
    row = one(compare(seed), "cla-rate")
    assert (row["numerator"], row["interval"]["method"]) == (530, "Byars")
    assert beside(compare(seed), "cla-rate")["England"]["verdict"] == "worse"


@pytest.mark.parametrize("indicators", [(), ("cla-visits",)])
def test_comparators_copied_from_another_row_are_not_used(
    seed: Project, indicators: tuple[str, ...]
) -> None:
    found = beside(compare(seed, Choice(indicators=indicators)), "cla-visits")
    assert set(found) == {
        *("Statistical neighbours", "South East", "England", "Southampton 2019/20")
    }
    for each in found.values():
        assert (each["verdict"], each["difference"]) == ("not_compared", None)
        assert each["why_not_compared"] == "the same figures are typed beside CLA rate"


def test_percentages_typed_beside_a_count_are_not_used(seed: Project) -> None:
    for each in beside(compare(seed), "section-20").values():
        assert (each["verdict"], each["difference"]) == ("not_compared", None)
        assert "England cannot have fewer" in each["why_not_compared"]


def test_typed_comparators_give_a_difference_only(seed: Project) -> None:
    found = beside(compare(seed), "assessment-rate")
    england, last = found["England"], found["Southampton 2020/21"]
    assert (england["origin"], england["period"], england["value"]) == ("typed", None, 518)
    assert (england["why_not_compared"], last["why_not_compared"]) == (NO_YEAR, TYPED)
    assert england["difference"] == pytest.approx(672 - 518)
    assert last["difference"] == pytest.approx(0)


def test_an_indicator_without_comparators_has_a_row_all_the_same(tmp_path: Path) -> None:
    catalogue = a_catalogue(a_percentage(compare=Compare()), **SOUTHAMPTON)
    answer = compare(a_project(tmp_path, {"period": "2021-10", "value": 24}, catalogue=catalogue))
    assert one(answer)["comparators"] == []
    assert (one(answer)["rank"], one(answer)["of_areas"], one(answer)["quartile"]) == (None,) * 3


def test_rows_that_diverge_come_first(seed: Project) -> None:
    order = compare(seed).rows["indicator"].to_list()
    assert order[:2] == ["referral-rate", "cla-rate"]
    assert order[2] == "re-referrals"


def test_the_counts_are_of_verdicts(seed: Project) -> None:
    answer = compare(seed, Choice(indicators=("re-referrals",)))
    assert answer.counts == {
        "indicators": 1,
        "worse": 0,
        "better": 0,
        "similar": 5,
        "higher": 0,
        "lower": 0,
        "not compared": 0,
    }


@pytest.mark.parametrize(("indicator", "fails"), [("re-referrals", False), ("cla-rate", True)])
def test_worse_is_what_a_run_may_fail_on(seed: Project, indicator: str, fails: bool) -> None:
    answer = compare(seed, Choice(indicators=(indicator,)))
    assert is_failing(answer, level="worse") == fails
    assert not is_failing(answer, level="never")


def test_rank_is_among_the_authorities_with_a_value(seed: Project) -> None:
    row = one(compare(seed))
    assert (row["rank"], row["of_areas"], row["quartile"], row["rank_period"]) == (
        112,
        149,
        "C",
        "2020/21",
    )
    assert (row["rank_of_neighbours"], row["of_neighbours"]) == (9, 11)


def test_the_league_is_of_the_neighbours_with_the_own_row_marked(seed: Project) -> None:
    league = one(compare(seed, league=True))["league"]
    assert len(league) == 11
    assert [each["name"] for each in league if each["is_own"]] == ["Southampton"]
    values = [each["value"] for each in league]
    assert values == sorted(values)


def test_a_funnel_is_there_only_when_asked_for(seed: Project) -> None:
    assert "funnel" not in compare(seed).rows.columns
    funnel = one(compare(seed, funnel=True))["funnel"]
    assert funnel["lower_95"] < 24 < funnel["upper_95"]
    assert funnel["significance"] == "Not significant"


def test_it_is_said_whether_the_neighbours_move_the_same_way(seed: Project) -> None:
    found = beside(compare(seed))["Statistical neighbours"]
    assert found["change_on_year"] == pytest.approx(21.81 - 25.49)
    assert found["own_change_on_year"] == pytest.approx(28.0 - 22.9)
    assert found["recent_trend"] == "No significant change"


def test_the_same_store_gives_the_same_answer(seed: Project) -> None:
    first, second = compare(seed, league=True, funnel=True), compare(seed, league=True, funnel=True)
    assert first.rows.equals(second.rows)
    assert first.messages == second.messages
