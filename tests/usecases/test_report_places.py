"""`kpi report`: quarters, years, other places, and what two pages must not leave out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi.domain.paper.document import Document, Paragraph, Table
from kpi.renderers.report import report_document
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Choice, Project
from kpi.usecases.report import Report, ReportOptions, report
from tests.usecases.report_projects import (
    CONTACTS,
    FIRST,
    TODAY,
    VISITS,
    a_project,
    made,
    months,
    sentences,
)

HOMELESS = """
[indicator.homeless]
title = "Homeless households"
outturn = "number"
basis = "in-month"
polarity = "low"
target = { value = 900, per = "year" }
[indicator.tax]
title = "Council tax collected"
outturn = "percentage"
basis = "annual"
polarity = "high"
target = 97
[indicator.days]
title = "Days to let"
outturn = "number"
basis = "snapshot"
polarity = "range"
target = { low = 20, high = 30 }
"""


def cells(document: Document, heading: str) -> dict[str, dict[str, str]]:
    """The cells of all tables of a page with this heading, by indicator and by column."""
    found: dict[str, dict[str, str]] = {}
    for section in document.sections:
        for table in (each for each in section.blocks if isinstance(each, Table)):
            titles = [column.title for column in table.columns]
            if heading in titles:
                for row in table.rows:
                    said = dict(zip(titles, (cell.text for cell in row), strict=True))
                    found[said["Indicator"].partition(" [")[0]] = said
    return found


@pytest.fixture
def longer(tmp_path: Path) -> Project:
    """Contacts of each month, homeless households of each quarter, tax of each year."""
    return a_project(
        tmp_path,
        {
            "contacts": months(*[90] * 19, first="2020-04"),
            "homeless": {"2021-Q1": 214, "2021-Q2": 262},
            "tax": {"2019/20": 96.4, "2020/21": 94.9},
        },
        catalogue=CONTACTS + HOMELESS,
    )


def test_no_rating_stands_without_the_figure_that_it_is_of(longer: Project) -> None:
    """A quarter's and a year's stand under an older month, or under none of those shown."""
    found = cells(report_document(made(longer).paper), "Rating")
    assert {id_: (row["Rating"], row["Oct-21"]) for id_, row in found.items()} == {
        "Contacts": ("GREEN", "90"),
        "Homeless households": ("RED", "262 (Q2 2021/22)"),
        "Council tax collected": ("RED", "94.9% (2020/21)"),
        "Days to let": ("not rated", "–"),
    }


def test_the_pace_of_quarters_is_told_by_the_month(longer: Project) -> None:
    (row,) = [
        each for each in made(longer).answer.rows.to_dicts() if each["indicator"] == "homeless"
    ]
    assert "the best quarter on record is 71 a month, in April to June 2021." in row["analysis"]


def test_what_has_no_figure_moved_nowhere(longer: Project) -> None:
    (row,) = [each for each in made(longer).answer.rows.to_dicts() if each["indicator"] == "days"]
    assert row["direction_of_travel"] is None


def test_what_has_no_figure_is_not_said_to_stand_out_or_not(longer: Project) -> None:
    document = report_document(made(longer).paper)
    blocks = [block for section in document.sections for block in section.blocks]
    assert Paragraph("Days to let.", label="No figure") in blocks


def test_an_older_figure_that_no_column_shows_is_told(tmp_path: Path) -> None:
    project = a_project(
        tmp_path,
        {"contacts": months(*[90] * 19, first="2020-04"), "visits": {"2020-05": 91, "2020-06": 95}},
    )
    (row,) = [
        each for each in made(project).answer.rows.to_dicts() if each["indicator"] == "visits"
    ]
    assert row["analysis"].startswith("The newest figure is 95%, of Jun-20.")


def test_two_pages_name_a_green_that_is_really_getting_worse(tmp_path: Path) -> None:
    rising = (10, 11, 10, 12, 11, 10, 11, 12, 10, 11, 10, 12, 60)
    project = a_project(tmp_path, {"contacts": months(*rising, first="2020-10")})
    told = "Not red or amber, yet a real change for the worse: Contacts."
    assert told in made(project, exceptions=True).paper.change_notes
    assert told not in made(project).paper.change_notes


def test_two_pages_call_a_green_on_trial_limits_possibly_worse(tmp_path: Path) -> None:
    project = a_project(tmp_path, {"contacts": months(10, 11, 10, 12, 11, 10, 60)})
    told = "Not red or amber, yet a possible change for the worse: Contacts."
    assert told in made(project, exceptions=True).paper.change_notes


def test_two_pages_name_what_is_not_rated_and_really_getting_worse(tmp_path: Path) -> None:
    rising = (10, 11, 10, 12, 11, 10, 11, 12, 10, 11, 10, 12, 60)
    unrated = CONTACTS.replace("target = 100\ntolerance = 10\n", "") + VISITS
    figures = {"contacts": months(*rising, first="2020-10"), "visits": months(60)}
    project = a_project(tmp_path, figures, catalogue=unrated)
    found = made(project, exceptions=True).paper
    assert "contacts" not in found.rows["indicator"].to_list()
    assert "Not red or amber, yet a real change for the worse: Contacts." in found.change_notes


def test_two_pages_say_how_a_row_stands_and_not_that_it_turned(tmp_path: Path) -> None:
    project = a_project(tmp_path, {"contacts": months(*[90] * 6, 130)})
    kinds = {
        each: set(made(project, exceptions=each).paper.changes["kind"]) for each in (True, False)
    }
    assert kinds[True] == kinds[False] - {"comparison"}


def test_a_rating_that_is_lost_says_why(tmp_path: Path) -> None:
    then = {"contacts": months(*[90] * 6), "visits": months(*[91] * 6)}
    project = a_project(tmp_path, then, {"visits": months(*[91] * 7)})
    assert "Contacts: not rated; in Sep-21 GREEN. No figure is held for October 2021." in (
        sentences(made(project), "rating")
    )


@pytest.fixture
def of_units(tmp_path: Path) -> Project:
    """The authority's visits and those of a team and of England, with commentary."""
    project = a_project(tmp_path, {"visits": months(*[91] * 7)}, catalogue=CONTACTS + VISITS)
    path = tmp_path / "others.csv"
    path.write_text(
        "indicator,area,unit,period,value\nvisits,Southampton,Team A,2021-10,80\n"
        "visits,England,,2021-10,85\n",
        encoding="utf-8",
    )
    ingest(project, [path], IngestOptions(), now=datetime(2021, 11, 9, tzinfo=UTC))
    (tmp_path / "commentary").mkdir()
    (tmp_path / "commentary" / "2021-10.toml").write_text(
        "summary = 'All is well.'\n[theme.practice]\nanalysis = 'Visits hold.'\n"
        "[indicator.visits]\ncomment = 'Two are late.'\n",
        encoding="utf-8",
    )
    return project


def of(project: Project, choice: Choice) -> Report:
    return report(project, choice, ReportOptions(), today=TODAY)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(), ""),
        (Choice(by_unit=True), ""),
        (Choice(area="all"), ""),
        (Choice(area="England"), "England"),
        (Choice(unit="Team A"), "Team A"),
        (Choice(area="england"), "England"),
    ],
)
def test_commentary_stands_only_beside_the_figures_that_it_was_written_of(
    of_units: Project, choice: Choice, said: str
) -> None:
    """And the head says whose figures they are where they are not the authority's."""
    paper = of(of_units, choice).paper
    assert paper.place == said
    assert (paper.summary is None) == bool(said)
    assert bool(paper.comments) != bool(said)
    assert any(chapter.comment for chapter in paper.chapters) != bool(said)
    assert (f"Only {said}." in report_document(paper).lines) == bool(said)


def test_a_comment_dated_after_today_is_doubted_on_standard_error_alone(
    of_units: Project,
) -> None:
    before = of(of_units, Choice())
    path = of_units.catalogue.path.parent / "commentary" / "2021-10.toml"
    path.write_text(f"date = {FIRST.year + 9}-11-09\n" + path.read_text("utf-8"), "utf-8")
    after = of(of_units, Choice())
    (doubt,) = (each for each in after.answer.messages if each not in before.answer.messages)
    assert doubt.level == "warning"
    assert doubt.text == f"{path}:1: the date 2030-11-09 lies in the future"
