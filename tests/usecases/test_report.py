"""`kpi report`: one paper of all answers, and what changed since the period before."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from kpi.errors import CatalogueError, RequestError
from kpi.store import Snapshot, Store
from kpi.usecases.compare import compare
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Choice, Project, open_project
from kpi.usecases.rag import rag
from kpi.usecases.report import report
from kpi.usecases.trend import trend
from tests.usecases.report_projects import (
    CONTACTS,
    FIRST,
    TODAY,
    VISITS,
    a_project,
    made,
    months,
    sentences,
    take_in,
)

SEPTEMBER = {"contacts": months(90, 95, 92, 98, 96, 99), "visits": months(91, 92, 90, 93, 91, 92)}
OCTOBER = {
    "contacts": months(90, 95, 92, 98, 96, 104, 130),
    "visits": months(91, 92, 90, 93, 91, 92, 89),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """September's report, then October's, which restates September's contacts."""
    return a_project(tmp_path, SEPTEMBER, OCTOBER)


def test_a_row_has_what_rag_trend_and_compare_answer(project: Project) -> None:
    choice = Choice()
    rows = made(project).answer.rows
    for answer, apart in (
        (rag(project, choice), {}),
        (trend(project, choice), {"period": "trend_period", "outturn": "trend_outturn"}),
        (compare(project, choice), {"period": "compare_period", "outturn": "compare_outturn"}),
    ):
        kept = [name for name in answer.rows.columns if name not in ("series", *apart)]
        kept.remove("direction_of_travel") if answer.command == "trend" else None
        said = answer.rows.rename(apart).select(*kept, *apart.values())
        order = [said["indicator"].to_list().index(each) for each in rows["indicator"]]
        assert rows.select(said.columns).equals(said[order])


def test_new_reds_come_first_then_restatements_then_verdicts(project: Project) -> None:
    found = made(project)
    kinds = found.paper.changes["kind"].to_list()
    assert kinds[:3] == ["new_red", "restated", "rating"]
    assert sentences(found, "new_red") == [
        "Contacts: RED; in Sep-21 AMBER. 130 in the month, against at most 100 a month: 30 (30%) "
        "above, beyond the tolerance of 10%."
    ]
    assert sentences(found, "restated") == ["Contacts: Sep-21 was 99 and is now 104."]
    assert sentences(found, "rating") == [
        "Visits in time: AMBER; in Sep-21 GREEN. 89%, against at least 90%: 1 point below, within "
        "the tolerance of 5 points."
    ]


def test_what_was_reported_otherwise_is_said(project: Project) -> None:
    assert sentences(made(project), "reported") == [
        "Contacts: reported as GREEN for Sep-21; by what is held now it is AMBER."
    ]


def test_a_signal_that_is_new_is_told(project: Project) -> None:
    (said,) = sentences(made(project), "trend")
    assert said == "Contacts: a possible change for the worse; in Sep-21 no sign of one."


def test_a_correction_of_this_periods_report_is_no_new_report(project: Project) -> None:
    """What the period before was told is what was held until this period's first report."""
    take_in(project, {"contacts": {"2021-08": 97}}, name="again.csv", month=2)
    take_in(project, {"contacts": months(97, 131, first="2021-09")}, name="third.csv", month=3)
    assert sentences(made(project), "restated") == [
        "Contacts: Sep-21 was 99 and is now 97.",
        "Contacts: Oct-21 was 130 and is now 131.",
    ]


def test_a_figure_restated_back_is_no_restatement(project: Project) -> None:
    take_in(project, {"contacts": months(99, 130, first="2021-09")}, name="back.csv", month=2)
    assert sentences(made(project), "restated") == []


def test_restated_figures_are_marked_in_the_months_across(project: Project) -> None:
    row = made(project).paper.rows.row(0, named=True)
    assert [figure["restated"] for figure in row["figures"]] == [False] * 5 + [True, False]
    assert [figure["outturn"] for figure in row["figures"]] == [90, 95, 92, 98, 96, 104, 130]


def test_without_an_earlier_report_nothing_is_said_to_be_restated(tmp_path: Path) -> None:
    found = made(a_project(tmp_path, OCTOBER)).paper
    assert set(found.changes["kind"]) == {"new_red", "rating", "trend"}
    assert found.change_notes == (
        "No report came in before this period's own, so what was restated or reported otherwise "
        "cannot be told.",
    )


def test_where_the_period_before_holds_nothing_no_red_is_new(tmp_path: Path) -> None:
    found = made(a_project(tmp_path, {"contacts": months(130, first="2021-10")})).paper
    assert found.changes.is_empty()
    assert found.change_notes == ("Nothing is held for September 2021 to set this beside.",)


def test_that_nothing_turned_is_said(tmp_path: Path) -> None:
    steady = {"contacts": months(*[90] * 6)}
    found = made(a_project(tmp_path, steady, {"contacts": months(*[90] * 7)})).paper
    assert found.change_notes == ("No rating, no signal and no verdict beside others has turned.",)


def test_a_quarter_that_is_no_newer_has_not_changed(tmp_path: Path) -> None:
    quarterly = CONTACTS.replace("in-month", "snapshot")
    quarters: dict[str, float] = {"2021-Q1": 90, "2021-Q2": 130}
    october = {"contacts": quarters, "visits": months(91, 92, first="2021-09")}
    found = made(a_project(tmp_path, october, catalogue=quarterly + VISITS))
    assert found.paper.rows["rag_status"].to_list() == ["red", "green"]
    assert sentences(found, "new_red") == []


def test_a_quarter_stands_under_its_last_month(tmp_path: Path) -> None:
    quarterly = CONTACTS.replace("in-month", "snapshot")
    quarters: dict[str, float] = {"2021-Q1": 90, "2021-Q2": 130}
    october = {"contacts": quarters, "visits": months(91, 92, 93, 92, 93)}
    found = made(a_project(tmp_path, october, catalogue=quarterly + VISITS), period="2021-10")
    assert [str(each) for each in found.paper.periods] == [f"2021-{m:02d}" for m in range(4, 11)]
    shown = [figure["period"] for figure in found.paper.rows.row(0, named=True)["figures"]]
    assert shown == [None, None, "2021-Q1", None, None, "2021-Q2", None]


def test_a_year_before_the_months_stands_in_the_last_column(tmp_path: Path) -> None:
    annual = CONTACTS.replace("in-month", "annual")
    year: dict[str, float] = {"2019/20": 90}
    october = {"contacts": year, "visits": months(91, 92)}
    found = made(a_project(tmp_path, october, catalogue=annual + VISITS))
    shown = [figure["period"] for figure in found.paper.rows.row(0, named=True)["figures"]]
    assert shown == [None, "2019/20"]


def test_quarters_are_the_columns_where_no_month_is_held(tmp_path: Path) -> None:
    quarters = {"2021-Q1": 91, "2021-Q2": 92}
    found = made(a_project(tmp_path, {"visits": quarters}, catalogue=VISITS)).paper
    assert [str(each) for each in found.periods] == ["2021-Q1", "2021-Q2"]


def test_at_most_twelve_columns_stand_across(tmp_path: Path) -> None:
    found = made(a_project(tmp_path, {"contacts": months(*range(90, 110))})).paper
    assert len(found.periods) == 12
    assert str(found.periods[-1]) == str(found.period) == "2022-11"


def test_every_theme_and_every_indicator_is_in_the_paper(tmp_path: Path) -> None:
    found = made(a_project(tmp_path, {"contacts": months(90, 95)}, catalogue=CONTACTS)).paper
    assert [(each.theme, each.title) for each in found.chapters] == [
        ("demand", "Demand"),
        ("practice", "Practice"),
    ]
    assert found.rows["indicator"].to_list() == ["contacts"]


def test_indicators_of_no_theme_come_last(tmp_path: Path) -> None:
    catalogue = CONTACTS.replace('theme = "demand"\n', "") + VISITS
    found = made(a_project(tmp_path, OCTOBER, catalogue=catalogue)).paper
    assert [each.title for each in found.chapters] == ["Demand", "Practice", "Other indicators"]
    assert [row["indicator"] for row in found.rows_of(found.chapters[-1])] == ["contacts"]


def test_a_part_of_the_catalogue_has_its_own_themes_alone(project: Project) -> None:
    found = report(project, Choice(theme="practice"), today=TODAY).paper
    assert [each.theme for each in found.chapters] == ["practice"]


def test_exceptions_are_in_the_order_of_rag(project: Project) -> None:
    take_in(project, {"visits": {"2021-10": 60}}, name="visits.csv", month=2)
    found = made(project, exceptions=True)
    expected = rag(project, only_exceptions=True).rows["indicator"].to_list()
    assert sorted(expected) == ["contacts", "visits"]
    assert found.paper.rows["indicator"].to_list() == expected
    assert found.paper.chapters == ()
    assert found.ratings.rows.height == 2


@pytest.mark.parametrize("said", ["board", "Board", " board "])
def test_an_audience_picks_its_indicators(tmp_path: Path, said: str) -> None:
    catalogue = CONTACTS + 'audience = ["board", "public"]\n' + VISITS + 'audience = ["public"]\n'
    found = made(a_project(tmp_path, OCTOBER, catalogue=catalogue), audience=said)
    assert found.answer.rows["indicator"].to_list() == ["contacts"]
    assert not found.paper.findings.filter(pl.col("indicator") == "visits").height


def test_an_unknown_audience_is_refused_with_the_nearest(tmp_path: Path) -> None:
    project = a_project(tmp_path, OCTOBER, catalogue=CONTACTS + 'audience = ["board"]\n' + VISITS)
    with pytest.raises(RequestError, match="no indicator is for the audience `bord`") as raised:
        made(project, audience="bord")
    assert raised.value.hint == "did you mean `board`?"


def test_a_catalogue_without_audiences_says_where_to_give_them(project: Project) -> None:
    with pytest.raises(RequestError) as raised:
        made(project, audience="board")
    assert raised.value.hint == "give the indicators an `audience` there"


def test_what_was_written_stands_at_its_theme_and_indicator(project: Project) -> None:
    write(
        project,
        "summary = 'All'\n[theme.demand]\nanalysis = 'More calls'\n[indicator.visits]\n"
        "comment = 'Illness'",
    )
    found = made(project).paper
    assert found.summary
    assert found.summary.paragraphs == ("All",)
    assert [each.comment and each.comment.paragraphs for each in found.chapters] == [
        ("More calls",),
        None,
    ]
    assert set(found.comments) == {"visits"}


def test_a_reader_of_a_part_is_not_shown_what_was_written_of_the_rest(project: Project) -> None:
    write(project, "summary = 'All'\n[indicator.visits]\ncomment = 'Illness'")
    found = report(project, Choice(theme="demand"), today=TODAY)
    assert (found.paper.summary, found.paper.comments) == (None, {})
    assert found.answer.beside["commentary"] == {}


def test_a_mistake_in_the_commentary_stops_the_report(project: Project) -> None:
    write(project, "[theme.demnd]\nanalysis = 'x'")
    with pytest.raises(CatalogueError):
        made(project)


def test_findings_stand_at_the_row_they_concern(project: Project) -> None:
    take_in(project, {"visits": {"2021-10": 130}}, name="visits.csv", month=2)
    by_row = {row["indicator"]: row["findings"] for row in made(project).paper.rows.to_dicts()}
    assert ("KPI120", "2021-10") in [(each["code"], each["period"]) for each in by_row["visits"]]
    assert {each["code"] for each in by_row["contacts"]} <= {"KPI208"}


def test_nothing_held_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as raised:
        made(a_project(tmp_path))
    assert raised.value.exit_code == 2
    assert raised.value.hint.startswith("kpi ingest")


SMALL = CONTACTS + "suppress_below = 6\n"


@pytest.mark.parametrize(
    ("september", "october"),
    [
        ({"2021-09": 4}, {"2021-09": 9, "2021-10": 50}),
        ({"2021-09": 9}, {"2021-09": 4, "2021-10": 50}),
        ({"2021-09": 40}, {"2021-09": 43, "2021-10": 50}),
    ],
)
def test_a_small_restatement_is_told_without_its_figures(
    tmp_path: Path, september: dict[str, float], october: dict[str, float]
) -> None:
    project = a_project(tmp_path, {"contacts": september}, {"contacts": october}, catalogue=SMALL)
    assert sentences(made(project), "restated") == [
        "Contacts: Sep-21 was restated; the figures or their difference are small and not shown."
    ]
    (said,) = sentences(made(project, hide_small=False), "restated")
    assert "[c]" not in said


def test_a_hidden_figure_is_hidden_in_every_part_of_the_paper(tmp_path: Path) -> None:
    held = {"contacts": months(41, 42, 43, 44, 45, 46, 4)}
    found = made(a_project(tmp_path, held, catalogue=SMALL))
    row = found.answer.rows.row(0, named=True)
    assert (row["outturn"], row["state"], row["rag_status"]) == (None, "suppressed", None)
    assert (row["figures"][-1]["outturn"], row["figures"][-1]["state"]) == (None, "suppressed")
    assert all(figure["outturn"] for figure in row["figures"][:-1])
    charted = [point.value for chart in found.paper.charts.values() for point in chart.points]
    assert 4 not in charted


class Growing(Store):
    """A store into which another run writes as soon as it has been read."""

    def snapshot(self, *, as_of: datetime | None = None) -> Snapshot:
        """What is held, before the other run writes."""
        held = super().snapshot(as_of=as_of)
        if as_of is None and len(held.batches) == 2:
            other = open_project(self.folder.parent / "indicators.toml")
            take_in(other, {"visits": months(*[10] * 7)}, name="other.csv", month=5)
        return held


def test_a_paper_is_of_one_look_at_the_store(project: Project) -> None:
    """What another run keeps meanwhile is in none of its parts."""
    before = made(project)
    growing = Project(project.catalogue, Growing(project.store.folder))
    found = made(growing)
    assert len(project.store.batches()) == 3
    assert found.answer.rows.equals(before.answer.rows)
    assert found.paper.changes.equals(before.paper.changes)
    assert (found.paper.revision, found.paper.as_of) == (2, before.paper.as_of)


def test_as_of_gives_the_paper_of_then(project: Project) -> None:
    then = project.store.batches()[0].ingested_at
    found = report(project, Choice(as_of=then), today=TODAY).paper
    assert (str(found.period), found.revision) == ("2021-09", 1)
    assert found.rows["outturn"].to_list() == [99, 92]


def test_units_have_rows_of_their_own(tmp_path: Path) -> None:
    project = a_project(tmp_path, OCTOBER)
    path = tmp_path / "teams.csv"
    path.write_text(
        "indicator,unit,period,value\nvisits,Team 1,2021-10,60\nvisits,Team 2,2021-10,95\n",
        encoding="utf-8",
    )
    ingest(project, [path], IngestOptions(), now=FIRST + timedelta(days=90))
    found = report(project, Choice(by_unit=True, period="2021-10"), today=TODAY).paper
    teams = found.rows.filter(pl.col("unit") != "")
    assert teams["short_title"].to_list() == ["Visits in time, Team 1", "Visits in time, Team 2"]
    assert teams["rag_status"].to_list() == ["red", "green"]


def write(project: Project, text: str) -> None:
    """October's commentary."""
    folder = project.catalogue.path.parent / "commentary"
    folder.mkdir()
    (folder / "2021-10.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("catalogue", "named"),
    [
        (SMALL + VISITS + "suppress_below = 6\n", "all indicators"),
        (SMALL + VISITS, "Contacts"),
    ],
)
def test_where_all_indicators_hide_small_numbers_the_methods_name_none(
    tmp_path: Path, catalogue: str, named: str
) -> None:
    found = made(a_project(tmp_path, OCTOBER, catalogue=catalogue)).paper
    (said,) = [each.text for each in found.methods if each.name == "Small numbers"]
    assert f"hidden and shown as [c]: {named}. Zero" in said
