"""`kpi compare` in places of every kind: periods, lists, units, ingested areas, hidden figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi.domain.catalogue import Compare, Version
from kpi.domain.comparison.like_with_like import A_COUNT
from kpi.domain.comparison.own_outturns import HIDDEN, TWO_FIGURES
from kpi.domain.comparison.verdicts import NO_COUNTS, REDEFINED
from kpi.errors import RequestError
from kpi.store import Store
from kpi.usecases.compare import compare
from kpi.usecases.project import Choice, Project
from tests.builders import a_catalogue, an_indicator
from tests.usecases.compare_projects import (
    SOUTHAMPTON,
    a_percentage,
    a_project,
    a_reports_row,
    beside,
    one,
    texts,
)


@pytest.mark.parametrize(
    ("period", "own", "england"),
    [
        ("2021-03", "2021-03", "2020/21"),
        ("2020-10", "2020-10", "2019/20"),
        (None, "2022-05", "2021/22"),
    ],
)
def test_comparators_are_of_the_same_period_or_the_newest_before(
    tmp_path: Path, period: str | None, own: str, england: str
) -> None:
    months = ("2020-10", "2021-03", "2022-05")
    project = a_project(
        tmp_path,
        *({"period": month, "value": 24} for month in months),
        catalogue=a_catalogue(a_percentage(), **SOUTHAMPTON),
    )
    answer = compare(project, Choice(period=period))
    assert one(answer)["period"] == own
    assert beside(answer)["England"]["period"] == england


def test_a_published_year_is_set_beside_the_same_year(tmp_path: Path) -> None:
    catalogue = a_catalogue(a_percentage(basis="annual"), **SOUTHAMPTON)
    project = a_project(tmp_path, {"period": "2020/21", "value": 28.0}, catalogue=catalogue)
    answer = compare(project)
    assert beside(answer)["England"]["period"] == "2020/21"
    assert set(beside(answer)) >= {"Southampton 2019/20", "Southampton 2018/19"}
    assert one(answer)["rank"] == 135


def test_the_median_is_taken_on_request(tmp_path: Path) -> None:
    catalogue = a_catalogue(a_percentage(compare=Compare("ReReferral", "median")), **SOUTHAMPTON)
    found = beside(
        compare(a_project(tmp_path, {"period": "2021-10", "value": 24}, catalogue=catalogue))
    )
    assert found["Statistical neighbours"]["method"] == "median"
    assert found["Statistical neighbours"]["value"] == pytest.approx((21.4 + 22.4) / 2)


def test_without_a_code_nothing_published_is_compared_and_it_is_said_how(tmp_path: Path) -> None:
    rows = a_reports_row("re-referrals", 2, oct=24, last=28, england=23)
    answer = compare(a_project(tmp_path, *rows, catalogue=a_catalogue(a_percentage())))
    assert {each["origin"] for each in beside(answer).values()} == {"typed"}
    assert 'la_code = "852"' in texts(answer)


def test_an_unknown_code_is_refused(tmp_path: Path) -> None:
    catalogue = a_catalogue(a_percentage(), la_code="999", neighbours="2021-04")
    project = a_project(tmp_path, {"period": "2021-10", "value": 24}, catalogue=catalogue)
    with pytest.raises(RequestError, match="999"):
        compare(project)


@pytest.mark.parametrize(
    ("la_code", "neighbours", "said"),
    [
        pytest.param("852", "", "the catalogue names no neighbours", id="none named"),
        pytest.param("942", "2021-04", "has no list for Cumberland", id="not in the model"),
    ],
)
def test_a_missing_neighbour_list_is_said(
    tmp_path: Path, la_code: str, neighbours: str, said: str
) -> None:
    catalogue = a_catalogue(a_percentage(), la_code=la_code, neighbours=neighbours)
    answer = compare(a_project(tmp_path, {"period": "2024-10", "value": 24}, catalogue=catalogue))
    assert said in texts(answer)
    assert "Statistical neighbours" not in beside(answer)
    assert "England" in beside(answer)


def test_an_abolished_authority_is_compared_up_to_its_end(tmp_path: Path) -> None:
    catalogue = a_catalogue(
        a_percentage(basis="annual"), authority="Cumbria", la_code="909", neighbours="2021-04"
    )
    rows = {"period": "2021/22", "value": 20, "area": "Cumbria"}
    answer = compare(a_project(tmp_path, rows, catalogue=catalogue))
    assert "Cumbria (909) no longer exists" in texts(answer)
    assert "Cumberland (942)" in texts(answer)
    assert beside(answer)["Statistical neighbours"]["n"] == 10


def test_a_neighbour_without_existence_is_left_out_and_said(tmp_path: Path) -> None:
    """Derbyshire has Cumbria on its list of 2021; since 2023 there is no such place."""
    catalogue = a_catalogue(
        a_percentage(), authority="Derbyshire", la_code="830", neighbours="2021-04"
    )
    rows = {"period": "2024-10", "value": 20, "area": "Derbyshire"}
    answer = compare(a_project(tmp_path, rows, catalogue=catalogue))
    found = beside(answer)["Statistical neighbours"]
    assert (found["n"], found["of"], found["left_out"]) == (9, 10, ["Cumbria"])
    assert "Neighbours without a value, left out: Cumbria; for re-referrals (2023/24)." in texts(
        answer
    )
    assert "Cumbria (909) no longer exists" in texts(answer)


def test_an_own_list_of_neighbours_is_used(tmp_path: Path) -> None:
    catalogue = a_catalogue(a_percentage(), la_code="852", neighbours=("851", "831", "852"))
    found = beside(
        compare(a_project(tmp_path, {"period": "2021-10", "value": 24}, catalogue=catalogue))
    )
    average = found["Statistical neighbours"]
    assert (average["n"], average["of"], average["model"]) == (2, 2, "own list")


def test_a_measure_of_another_unit_is_not_compared(tmp_path: Path) -> None:
    catalogue = a_catalogue(a_percentage(compare=Compare("LAC")), **SOUTHAMPTON)
    found = beside(
        compare(a_project(tmp_path, {"period": "2021-10", "value": 24}, catalogue=catalogue))
    )
    assert found["England"]["why_not_compared"] == "a rate, and the indicator is a percentage"
    assert found["England"]["difference"] is None


def test_a_count_that_is_published_becomes_a_rate_beside_a_rate(tmp_path: Path) -> None:
    rate = an_indicator(
        "re-referrals",
        outturn="rate",
        basis="annual",
        polarity="low",
        compare=Compare("CPP_Total_NumRef"),
    )
    project = a_project(
        tmp_path,
        {"period": "2020/21", "value": 820.0},
        catalogue=a_catalogue(rate, **SOUTHAMPTON),
    )
    england = beside(compare(project))["England"]
    assert england["value_compared"] == pytest.approx(507.1, abs=0.1)


def test_hidden_figures_leave_nothing_to_work_them_out_from(tmp_path: Path) -> None:
    indicator = a_percentage(suppress_below=6)
    project = a_project(
        tmp_path,
        {"period": "2021-09", "value": 50.0, "denominator": 100.0},
        {"period": "2021-10", "value": 20.0, "numerator": 3.0, "denominator": 15.0},
        catalogue=a_catalogue(indicator, **SOUTHAMPTON),
    )
    shown, hidden = one(compare(project)), one(compare(project, hide_small=True))
    assert (shown["outturn"], shown["period"]) == (20.0, "2021-10")
    assert (hidden["outturn"], hidden["period"], hidden["state"]) == (None, "2021-10", "suppressed")
    nothing = ("interval", "rank", "quartile", "numerator", "denominator", "rank_of_neighbours")
    assert [hidden[name] for name in nothing] == [None] * len(nothing)
    for each in hidden["comparators"]:
        assert each["why_not_compared"] == HIDDEN
        assert [each[name] for name in ("difference", "gap_in_cases", "outturn_compared")] == [
            None
        ] * 3
        assert (each["working"], each["gap_words"]) == ("", "")


def test_two_figures_for_one_month_are_not_compared(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        {"period": "2021-10", "value": 24.0},
        {"period": "2021-10", "value": 25.0},
        catalogue=a_catalogue(a_percentage(), **SOUTHAMPTON),
    )
    answer = compare(project)
    assert (one(answer)["outturn"], one(answer)["rank"]) == (None, None)
    assert {each["why_not_compared"] for each in beside(answer).values()} == {TWO_FIGURES}


def test_a_part_of_a_month_is_not_the_newest(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        {"period": "2021-09", "value": 24.0},
        {"period": "2021-10", "value": 25.0, "marks": "partial"},
        catalogue=a_catalogue(a_percentage(), **SOUTHAMPTON),
    )
    assert one(compare(project, Choice(period="2021-10")))["period"] == "2021-09"


def test_nothing_is_compared_across_a_changed_definition(tmp_path: Path) -> None:
    changed = (Version(date(2021, 7, 1), "a new question", comparable=False),)
    project = a_project(
        tmp_path,
        {"period": "2021-10", "value": 24.0, "denominator": 387.0},
        catalogue=a_catalogue(a_percentage(version=changed), **SOUTHAMPTON),
    )
    found = beside(compare(project))
    assert found["Southampton 2020/21"]["why_not_compared"] == REDEFINED
    assert found["England"]["verdict"] == "similar"


def test_ingested_places_are_compared_where_nothing_is_published(tmp_path: Path) -> None:
    others = {"Portsmouth": 20.0, "Isle of Wight": 22.0, "England": 25.0, "Derby": 30.0}
    project = a_project(
        tmp_path,
        {"period": "2021-10", "value": 24.0, "denominator": 500.0},
        *({"period": "2021-10", "value": value, "area": area} for area, value in others.items()),
        {"period": "2020/21", "value": 26.0},
        catalogue=a_catalogue(a_percentage(compare=Compare()), **SOUTHAMPTON),
    )
    found, row = beside(compare(project)), one(compare(project))
    assert {name: (each["origin"], each["period"]) for name, each in found.items()} == {
        "Statistical neighbours": ("ingested", "2021-10"),
        "England": ("ingested", "2021-10"),
        "Southampton 2020/21": ("ingested", "2020/21"),
        "Derby": ("ingested", "2021-10"),
        "Isle of Wight": ("ingested", "2021-10"),
        "Portsmouth": ("ingested", "2021-10"),
    }
    assert (found["Statistical neighbours"]["value"], found["Statistical neighbours"]["n"]) == (
        25.0,
        2,
    )
    assert found["Derby"]["verdict"] == "better"
    assert (row["rank"], row["of_areas"]) == (3, 4)


def test_ingested_counts_become_rates_with_the_population_held(tmp_path: Path) -> None:
    count = an_indicator("re-referrals", outturn="number", polarity="low")
    project = a_project(
        tmp_path,
        {"period": "2021-10", "value": 387.0},
        {"period": "2021-10", "value": 300.0, "area": "Portsmouth"},
        {"period": "2021-10", "value": 300.0, "area": "Nowhere"},
        catalogue=a_catalogue(count, **SOUTHAMPTON),
    )
    found = beside(compare(project))
    assert found["Portsmouth"]["value"] == 300.0
    assert 300 < found["Portsmouth"]["value_compared"] < 400
    assert found["Nowhere"]["why_not_compared"] == A_COUNT


def test_an_ingested_month_comes_before_a_published_year_that_ends_with_it(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        {"period": "2021-03", "value": 24.0},
        {"period": "2021-03", "value": 20.0, "area": "Portsmouth"},
        {"period": "2021-03", "value": 22.0, "area": "England"},
        catalogue=a_catalogue(a_percentage(), **SOUTHAMPTON),
    )
    found = beside(compare(project))
    assert (found["England"]["period"], found["England"]["origin"]) == ("2021-03", "ingested")
    assert found["Portsmouth"]["value"] == 20.0


def test_the_published_value_of_a_period_comes_before_an_ingested_one(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        {"period": "2020/21", "value": 24.0},
        {"period": "2020/21", "value": 99.0, "area": "England"},
        catalogue=a_catalogue(a_percentage(basis="annual"), **SOUTHAMPTON),
    )
    england = beside(compare(project))["England"]
    assert (england["value"], england["origin"]) == (22.7, "published")


def test_many_ingested_authorities_are_not_listed_one_by_one(tmp_path: Path) -> None:
    others = [{"period": "2021-10", "value": 20.0, "area": f"Place {n}"} for n in range(30)]
    catalogue = a_catalogue(a_percentage(compare=Compare()), **SOUTHAMPTON)
    answer = compare(
        a_project(tmp_path, {"period": "2021-10", "value": 24.0}, *others, catalogue=catalogue)
    )
    assert beside(answer) == {}
    assert one(answer)["of_areas"] == 31


def test_another_area_is_compared_with_its_own_neighbours(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        {"period": "2021-10", "value": 24.0},
        {"period": "2021-10", "value": 20.0, "area": "Portsmouth"},
        catalogue=a_catalogue(a_percentage(), **SOUTHAMPTON),
    )
    answer = compare(project, Choice(area="Portsmouth"))
    assert one(answer)["outturn"] == 20.0
    assert "Portsmouth 2020/21" in beside(answer)
    assert beside(answer)["Statistical neighbours"]["of"] == 10


def test_every_area_held_may_be_compared_at_once(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        {"period": "2021-10", "value": 24.0},
        {"period": "2021-10", "value": 20.0, "area": "Portsmouth"},
        catalogue=a_catalogue(a_percentage(), **SOUTHAMPTON),
    )
    rows = compare(project, Choice(area="all")).rows
    assert sorted(rows["area"]) == ["Portsmouth", "Southampton"]


def test_an_area_of_which_nothing_is_held_is_said(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        {"period": "2021-10", "value": 24.0},
        catalogue=a_catalogue(a_percentage(), **SOUTHAMPTON),
    )
    answer = compare(project, Choice(area="leeds"))
    assert answer.rows.is_empty()
    assert "No figure is held for Leeds by October 2021." in texts(answer)


def test_teams_lie_in_a_funnel_of_their_own(tmp_path: Path) -> None:
    teams = {"Team 1": 20.0, "Team 2": 50.0, "Team 3": 80.0}
    project = a_project(
        tmp_path,
        {"period": "2021-10", "value": 50.0},
        *(
            {"period": "2021-10", "value": value, "unit": unit, "denominator": 100.0}
            for unit, value in teams.items()
        ),
        catalogue=a_catalogue(a_percentage(), **SOUTHAMPTON),
    )
    rows = compare(project, Choice(by_unit=True), funnel=True).rows.sort("unit")
    found = {row["unit"]: row["funnel"] for row in rows.iter_rows(named=True)}
    assert found[""] is None
    assert found["Team 1"]["significance"] == "Low (0.001)"
    assert found["Team 2"]["significance"] == "Not significant"
    assert rows["rank"].null_count() == 3


def test_a_derived_indicator_is_compared_with_its_counts(tmp_path: Path) -> None:
    ratio = an_indicator(
        "share", outturn="percentage", polarity="low", ratio=("part", "whole"),
        compare=Compare("ReReferral"),
    )  # fmt: skip
    catalogue = a_catalogue(an_indicator("part"), an_indicator("whole"), ratio, **SOUTHAMPTON)
    project = a_project(
        tmp_path,
        {"indicator": "part", "period": "2021-10", "value": 93.0},
        {"indicator": "whole", "period": "2021-10", "value": 387.0},
        catalogue=catalogue,
    )
    row = one(compare(project, Choice(indicators=("share",))), "share")
    assert (row["numerator"], row["denominator"]) == (93.0, 387.0)
    assert row["interval"]["method"] == "Wilson"


def test_without_denominators_there_is_the_difference_only(tmp_path: Path) -> None:
    catalogue = a_catalogue(a_percentage(), **SOUTHAMPTON)
    found = beside(
        compare(a_project(tmp_path, {"period": "2021-10", "value": 24}, catalogue=catalogue))
    )
    assert {each["why_not_compared"] for each in found.values()} == {NO_COUNTS}
    assert found["England"]["difference"] == pytest.approx(24 - 22.7)


def test_an_empty_store_is_an_error_with_the_line_to_type(tmp_path: Path) -> None:
    project = Project(a_catalogue(a_percentage()), Store(tmp_path / ".kpi"))
    with pytest.raises(RequestError) as refused:
        compare(project)
    assert "kpi ingest" in refused.value.hint
