"""`kpi trend` from a store: which figures are judged, for whom, as known when."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue
from kpi.errors import RequestError, UnknownIndicatorError
from kpi.store import Store
from kpi.store.writing import APPENDED
from kpi.usecases.project import Choice, Project
from kpi.usecases.trend import is_failing, trend, without_series
from kpi.usecases.trend_rows import ROWS
from tests.builders import a_catalogue, an_indicator, observations
from tests.domain.trend.trends_of import Row, months

NOVEMBER = datetime(2021, 11, 9, tzinfo=UTC)
DECEMBER = datetime(2021, 12, 9, tzinfo=UTC)
FALLING = [93.0, 91.0, 90.0, 88.0, 86.0, 83.0, 76.0]
HIGH = an_indicator(polarity="high", basis="snapshot")


def a_project(folder: Path, *reports: list[Row], catalogue: Catalogue | None = None) -> Project:
    """A project into which these reports were ingested, one in November, one in December."""
    store = Store(folder / ".kpi")
    for number, (rows, now) in enumerate(zip(reports, (NOVEMBER, DECEMBER), strict=False)):
        with store.writing(now=now) as writer:
            writer.append(
                observations(*rows).select(APPENDED),
                kind="ingest",
                batch=hashlib.sha256(f"report {number}".encode()).hexdigest(),
                file=f"report-{number}.csv",
            )
    return Project(catalogue or a_catalogue(HIGH), store)


def rows_of(answer: Answer) -> list[Row]:
    return list(answer.rows.iter_rows(named=True))


def row_of(project: Project, **choice: Any) -> Row:
    (row,) = rows_of(trend(project, Choice(**choice)))
    return row


def test_a_row_has_the_contracts_fields_first_and_in_order(tmp_path: Path) -> None:
    answer = trend(a_project(tmp_path, months(FALLING)))
    assert answer.rows.schema == pl.Schema(ROWS)
    assert answer.rows.columns[9:26] == [
        *("source", "points", "mean", "lower_limit", "upper_limit", "variation", "assurance"),
        *("rule", "trial_limits", "direction_of_travel", "change_on_previous", "change_on_year"),
        *("rag_status", "run_rate", "recent_trend", "chi_square", "sentence"),
    ]


def test_without_a_period_each_series_counts_whole(tmp_path: Path) -> None:
    answer = trend(a_project(tmp_path, months(FALLING, first="2021-04")))
    assert answer.period == "2021-10"
    assert (answer.rows["period"].item(), answer.rows["points"].item()) == ("2021-10", 7)


@pytest.mark.parametrize(
    ("period", "judged", "points"),
    [("2021-08", "2021-08", 5), ("Q1 2021/22", "2021-06", 3), ("2022-03", "2021-10", 7)],
)
def test_a_chosen_period_is_the_last_that_counts(
    tmp_path: Path, period: str, judged: str, points: int
) -> None:
    row = row_of(a_project(tmp_path, months(FALLING, first="2021-04")), period=period)
    assert (row["period"], row["points"]) == (judged, points)


def test_before_the_first_figure_there_is_no_row(tmp_path: Path) -> None:
    answer = trend(a_project(tmp_path, months(FALLING)), Choice(period="2019-01"))
    assert answer.rows.is_empty()
    assert answer.messages[0].text == "No value is held, so no trend is shown, of: contacts."


def test_the_newest_report_counts_and_as_of_tells_what_was_known_before(tmp_path: Path) -> None:
    project = a_project(
        tmp_path, months([5.0, 6.0], first="2021-09"), months([5.5, 6.0, 9.0], first="2021-09")
    )
    now = trend(project)
    then = trend(project, Choice(as_of=NOVEMBER))
    assert [point["value"] for point in rows_of(now)[0]["series"]] == [5.5, 6.0, 9.0]
    assert [point["value"] for point in rows_of(then)[0]["series"]] == [5.0, 6.0]
    assert (now.as_of, then.as_of) == (DECEMBER, NOVEMBER)
    assert then.period == "2021-10"


def test_areas_and_units_are_asked_for(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        [
            *months([5.0, 6.0]),
            *months([2.0, 3.0], unit="Team 1"),
            *months([3.0, 3.0], unit="Team 2"),
            *months([50.0, 60.0], area="England"),
            *months([70.0], area="Statistical neighbours"),
        ],
    )
    assert row_of(project)["outturn"] == 6.0
    assert row_of(project, unit="Team 1")["outturn"] == 3.0
    assert row_of(project, area="England")["outturn"] == 60.0
    by_unit = rows_of(trend(project, Choice(by_unit=True)))
    assert [row["unit"] for row in by_unit] == ["", "Team 1", "Team 2"]
    everywhere = rows_of(trend(project, Choice(area="all")))
    assert [row["area"] for row in everywhere] == ["England", "Southampton"]


def test_another_area_alone_can_be_trended(tmp_path: Path) -> None:
    answer = trend(a_project(tmp_path, months([5.0], area="England")), Choice(area="England"))
    assert answer.period is None
    assert answer.rows["outturn"].item() == 5.0


def test_a_derived_indicator_is_trended(tmp_path: Path) -> None:
    share = an_indicator("share", outturn="percentage", ratio=("a", "b"))
    catalogue = a_catalogue(an_indicator("a"), an_indicator("b"), share)
    rows = [*months([5.0, 6.0], indicator="a"), *months([10.0, 10.0], indicator="b")]
    row = row_of(a_project(tmp_path, rows, catalogue=catalogue), indicators=("share",))
    assert [point["value"] for point in row["series"]] == [50.0, 60.0]


def test_a_count_from_another_indicator_serves_though_that_is_not_asked_for(
    tmp_path: Path,
) -> None:
    rate = an_indicator("rate", outturn="rate", basis="year-to-date", polarity="low",
                        numerator="count", target=600)  # fmt: skip
    catalogue = a_catalogue(rate, an_indicator("count"))
    rows = [*months([50.0, 110.0], indicator="rate"), *months([5.0, 6.0], indicator="count")]
    row = row_of(a_project(tmp_path, rows, catalogue=catalogue), indicators=("rate",))
    assert row["run_rate"]["average"] == 5.5


def test_a_target_typed_in_a_sheet_serves_where_the_catalogue_allows_it(tmp_path: Path) -> None:
    typed = {"role": "target", "value": 60.0, "period": None}
    rows = [*months([93.0, 91.0, 90.0]), typed]
    for allowed, expected in ((True, "consistent_pass"), (False, None)):
        catalogue = a_catalogue(HIGH, typed_targets=allowed)
        project = a_project(tmp_path / str(allowed), rows, catalogue=catalogue)
        assert row_of(project)["assurance"] == expected


def test_englands_profile_is_taken_from_what_is_shipped(tmp_path: Path) -> None:
    seasonal = an_indicator(polarity="low", seasonal="england")
    row = row_of(a_project(tmp_path, months([300.0] * 12), catalogue=a_catalogue(seasonal)))
    assert row["adjusted"] == pytest.approx(285, abs=15)


def test_counts_and_failing(tmp_path: Path) -> None:
    answer = trend(a_project(tmp_path, months(FALLING)))
    assert answer.counts == {
        "indicators": 1,
        "concern": 1,
        "improvement": 0,
        "neutral high": 0,
        "neutral low": 0,
        "common cause": 0,
        "not judged": 0,
    }
    assert is_failing(answer, level="concern")
    assert not is_failing(answer, level="never")
    assert not is_failing(trend(a_project(tmp_path / "b", months([5.0, 6.0]))), level="concern")


def test_the_points_come_off_again(tmp_path: Path) -> None:
    answer = trend(a_project(tmp_path, months(FALLING)))
    assert "series" not in without_series(answer).rows.columns
    assert without_series(answer).rows.width == answer.rows.width - 1


@pytest.mark.parametrize("asked", [{}, {"unit": "Team 1"}, {"by_unit": True}])
def test_a_small_figure_is_hidden_with_whatever_would_give_it_back(
    tmp_path: Path, asked: dict[str, Any]
) -> None:
    """A unit's figure is hidden whether or not the other units are asked for too."""
    counts = an_indicator(polarity="high", basis="snapshot", suppress_below=6)
    rows = [
        *months([30.0, 31.0]),
        *months([20.0, 27.0], unit="Team 1"),
        *months([10.0, 4.0], unit="Team 2"),
    ]
    project = a_project(tmp_path, rows, catalogue=a_catalogue(counts))
    shown = rows_of(trend(project, Choice(**asked)))
    hidden = rows_of(trend(project, Choice(**asked), hide_small=True))
    assert [row["period"] for row in hidden] == [row["period"] for row in shown]
    everyone = {
        row["unit"]: row["outturn"]
        for row in rows_of(trend(project, Choice(by_unit=True), hide_small=True))
    }
    assert {row["unit"]: row["outturn"] for row in hidden}.items() <= everyone.items()
    assert everyone["Team 2"] is None


def test_nothing_ingested_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestError):
        trend(a_project(tmp_path))


def test_an_unknown_indicator_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(UnknownIndicatorError):
        trend(a_project(tmp_path, months([5.0])), Choice(indicators=("contcts",)))
