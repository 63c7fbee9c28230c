"""`kpi check`: what is looked at, what is chosen, and what fails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from kpi.domain.answer import Answer
from kpi.errors import RequestError, SourceError
from kpi.renderers.records import render_json
from kpi.usecases.check import is_failing
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Choice, Project, open_project
from kpi.usecases.rag import rag
from tests.usecases.check_runs import (
    CLEAN,
    OCTOBER,
    SEED,
    SEPTEMBER,
    Run,
    runner,
    seed_catalogue,
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return seed_catalogue(tmp_path)


@pytest.fixture
def run(catalogue: Path) -> Run:
    return runner(catalogue)


def kept(catalogue: Path, *paths: Path) -> Project:
    project = open_project(catalogue)
    ingest(project, paths, IngestOptions(), now=datetime(2021, 11, 9, 9, tzinfo=UTC))
    return project


def cells(answer: Answer, code: str) -> list[str]:
    """Where the findings of a code stand, sheet included where there is one."""
    sources = answer.rows.filter(pl.col("code") == code)["source"].to_list()
    return [
        f"{each['sheet']}!{each['cell']}" if each["sheet"] else each["cell"] for each in sources
    ]


def said(answer: Answer, code: str) -> list[str]:
    return answer.rows.filter(pl.col("code") == code)["message"].to_list()


def test_a_row_has_the_fields_of_the_contract(run: Run) -> None:
    row = run(SEED, select=("KPI225",)).answer.rows.to_dicts()[0]
    assert row == {
        "indicator": "cla",
        "title": "Children looked after at month end",
        "theme": "right-service",
        "area": "Southampton",
        "unit": "",
        "period": "2020/21",
        "outturn": 495.0,
        "outturn_type": "number",
        "state": "value",
        "source": {"file": SEED.name, "sheet": None, "cell": "M16"},
        "code": "KPI225",
        "severity": "warning",
        "message": "CLA, Southampton 2020/21: 495 where the published figure is 498",
        "hint": "Was it typed before the final figure came out?",
        "accepted": False,
        "related": [],
        "accepted_why": None,
    }


def test_nothing_is_stored(run: Run, catalogue: Path) -> None:
    run(SEED)
    assert not (catalogue.parent / ".kpi").exists()


def test_what_is_held_is_checked_as_its_file_was(run: Run, catalogue: Path) -> None:
    of_file = run(OCTOBER).answer
    kept(catalogue, OCTOBER)
    assert run().answer.rows.equals(of_file.rows)


def test_an_empty_store_has_nothing_to_find(run: Run) -> None:
    answer = run().answer
    assert answer.rows.is_empty()
    assert answer.period is None
    assert [each.text for each in answer.messages] == ["Nothing has been ingested yet."]


RESTATED = [
    "Assessment!H7",
    "Direct Contact!H5",
    "Right Service!H6",
    "Right Service!I7",
    "Right Service!I8",
    "Corporate Parenting!G15",
]


@pytest.mark.parametrize("of_files", [True, False], ids=["files", "held"])
def test_what_the_newest_report_changed_is_told(run: Run, catalogue: Path, of_files: bool) -> None:
    if of_files:
        answer = run(SEPTEMBER, OCTOBER).answer
    else:
        kept(catalogue, SEPTEMBER, OCTOBER)
        answer = run().answer
    assert cells(answer, "KPI208") == RESTATED
    assert said(answer, "KPI208")[0] == (
        "Assessments, Sep-21: 297, where board-report-2021-09.xlsx:Assessment!H7 had 289 "
        "(up 8, 2.8%)"
    )


def test_a_file_is_judged_beside_what_is_held(run: Run, catalogue: Path) -> None:
    kept(catalogue, SEPTEMBER)
    assert cells(run(OCTOBER).answer, "KPI208") == RESTATED


def test_findings_on_files_are_about_them_alone(run: Run, catalogue: Path, tmp_path: Path) -> None:
    kept(catalogue, OCTOBER)
    visits = tmp_path / "visits.csv"
    visits.write_text("indicator,period,value\ncin-visits,2021-11,130\n", encoding="utf-8")
    answer = run(visits, today=date(2021, 12, 9)).answer
    assert answer.rows["code"].to_list() == ["KPI120"]


def test_an_older_report_restates_nothing(run: Run, catalogue: Path) -> None:
    kept(catalogue, OCTOBER)
    assert cells(run(SEPTEMBER).answer, "KPI208") == []


def test_the_chosen_period_ends_what_is_looked_at(run: Run) -> None:
    answer = run(SEED, choice=Choice(period="2021-08")).answer
    assert answer.period == "2021-08"
    assert cells(answer, "KPI110") == []
    assert cells(answer, "KPI204") == ["H4", "D15"]


def contacts(folder: Path, *months: str, figure: str = "1000") -> Path:
    """A tidy file of contacts in these months."""
    path = folder / "contacts.csv"
    rows = "".join(f"contacts,{month},{figure}\n" for month in months)
    path.write_text(f"indicator,period,value\n{rows}", encoding="utf-8")
    return path


def test_a_month_in_the_future_is_chosen_as_rag_chooses_it_and_judges_nothing(
    run: Run, catalogue: Path, tmp_path: Path
) -> None:
    """Nothing is missing between the newest month and one whose year is mistyped."""
    path = contacts(tmp_path, "2021-09", "2021-10", "2061-10")
    answer = run(path).answer
    assert answer.period == "2061-10"
    assert answer.rows["code"].to_list() == ["KPI212"]
    project = kept(catalogue, path)
    assert run().answer.period == rag(project).period == "2061-10"
    assert run().answer.rows["code"].to_list() == ["KPI212"]


@pytest.mark.parametrize("today", [date(1999, 1, 1), date(2021, 8, 20), date(2061, 1, 1)])
def test_nothing_but_a_month_in_the_future_looks_at_today(run: Run, today: date) -> None:
    then, now = run(SEED, today=today).answer, run(SEED).answer
    assert then.period == now.period == "2021-10"
    places = pl.col("code", "source")
    assert (
        then.rows.filter(pl.col("code") != "KPI212").select(places).equals(now.rows.select(places))
    )


def test_a_series_has_stopped_by_the_newest_month_spoken_of(run: Run, tmp_path: Path) -> None:
    """TBC is no figure, so no period is chosen; yet it says up to when the report speaks."""
    path = tmp_path / "awaited.csv"
    rows = ("contacts,2021-01,", "contacts,2021-02,", "cla,2021-09,")
    path.write_text(
        "indicator,period,value\n" + "".join(f"{row}TBC\n" for row in rows), encoding="utf-8"
    )
    for today in (date(2021, 9, 30), date(2031, 1, 1)):
        answer = run(path, today=today).answer
        assert answer.period is None
        assert cells(answer, "KPI215") == ["C3"]
        assert "7 months before Sep-21" in said(answer, "KPI215")[0]


def test_a_period_that_is_none_is_refused_while_nothing_is_held(run: Run) -> None:
    with pytest.raises(RequestError):
        run(choice=Choice(period="yesterweek"))


def test_labels_that_nobody_claims_are_told_with_their_cell(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "board.csv"
    path.write_text("Indicator,Sep-21,Oct-21\nNumber of contcats,5,6\nNumber of contacts,7,8\n")
    answer = run(path).answer
    assert cells(answer, "KPI206") == ["A2"]
    assert "Is it `contacts`" in answer.rows["hint"].to_list()[0]


PARTS = [
    pytest.param(Choice(indicators=("cla",)), {"cla"}, id="an indicator"),
    pytest.param(Choice(theme="quality-assurance"), {"cases-audited"}, id="a theme"),
    pytest.param(Choice(area="Portsmouth"), set(), id="another area"),
    pytest.param(Choice(unit="Team 1"), set(), id="a unit"),
]


@pytest.mark.parametrize(("choice", "indicators"), PARTS)
def test_only_the_part_asked_for_is_told(run: Run, choice: Choice, indicators: set[str]) -> None:
    assert set(run(SEED, choice=choice).answer.rows["indicator"]) == indicators


SELECTIONS = [
    pytest.param({"select": ("KPI1",)}, ["KPI110"], id="a beginning"),
    pytest.param({"select": ("kpi110", "301")}, ["KPI110", "KPI301"], id="in any spelling"),
    pytest.param({"select": ("KPI1", "KPI3"), "ignore": ("KPI301",)}, ["KPI110"], id="less one"),
    pytest.param({"ignore": ("KPI2", "KPI3")}, ["KPI110"], id="all but"),
]


@pytest.mark.parametrize(("options", "codes"), SELECTIONS)
def test_checks_are_chosen_by_their_codes(
    run: Run, options: dict[str, tuple[str, ...]], codes: list[str]
) -> None:
    assert run(SEED, **options).answer.rows["code"].to_list() == codes


def test_a_code_that_no_check_has_is_refused(run: Run) -> None:
    with pytest.raises(RequestError, match="no check has a code beginning with `KPI9`"):
        run(SEED, select=("KPI9",))
    with pytest.raises(RequestError) as refused:
        run(SEED, ignore=("KPI2O4",))
    assert "`KPI2" in refused.value.hint


def accept(catalogue: Path, until: str = "2022-03-31", code: str = "KPI110") -> None:
    with catalogue.open("a", encoding="utf-8") as file:
        file.write(
            f'\n[[accept]]\ncode = "{code}"\nindicator = "cla"\nperiod = "2021-09"\n'
            f'why = "known since November"\nuntil = {until}\n'
        )


def test_an_accepted_breach_stays_visible_and_fails_no_more(run: Run, catalogue: Path) -> None:
    assert is_failing(run(SEED).answer, level="error")
    accept(catalogue)
    answer = run(SEED).answer
    row = answer.rows.filter(pl.col("code") == "KPI110").to_dicts()[0]
    assert (row["accepted"], row["accepted_why"]) == (True, "known since November")
    assert (answer.counts["error"], answer.counts["accepted"]) == (0, 1)
    assert not is_failing(answer, level="error")
    assert is_failing(answer, level="warning")


def test_an_acceptance_holds_for_reports_up_to_its_last_day(run: Run, catalogue: Path) -> None:
    accept(catalogue, until="2021-10-31")
    for today in (date(2021, 11, 9), date(2031, 1, 1)):
        assert not is_failing(run(SEED, today=today).answer, level="error")


def test_an_acceptance_that_has_ended_is_told(run: Run, catalogue: Path) -> None:
    accept(catalogue, until="2021-10-30")
    answer = run(SEED).answer
    assert is_failing(answer, level="error")
    assert any(
        each.text
        == "KPI110 was accepted for cla until 2021-10-30, which is before the end of 2021-10."
        for each in answer.messages
    )


@pytest.mark.parametrize(
    ("level", "failing"), [("error", True), ("warning", True), ("never", False)]
)
def test_the_levels_of_fail_on(run: Run, level: str, failing: bool) -> None:
    assert is_failing(run(SEED).answer, level=level) is failing


def test_disclosure_alone_never_fails(run: Run) -> None:
    answer = run(SEED, select=("KPI3",)).answer
    assert answer.counts["info"] == 1
    assert not is_failing(answer, level="warning")


def test_a_file_that_cannot_be_read_leaves_the_others_checked(run: Run, tmp_path: Path) -> None:
    checked = run(tmp_path / "no.csv", SEED)
    assert [type(each) for each in checked.failures] == [SourceError]
    assert cells(checked.answer, "KPI110") == ["I16"]
    assert checked.answer.messages[0].level == "error"


def test_rows_about_single_children_are_refused_without_a_value(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "children.csv"
    path.write_text("Forename,Surname,Date of birth,Sep-21\nMaryann,Exemplar,01/02/2010,5\n")
    checked = run(path)
    (failure,) = checked.failures
    told = [failure.what, failure.hint, *(each.text for each in checked.answer.messages)]
    assert not any(name in text for name in ("Maryann", "Exemplar", "2010") for text in told)


def test_messages_tell_what_is_no_finding(run: Run) -> None:
    texts = [each.text for each in run(OCTOBER).answer.messages]
    assert texts == [
        "board-report-2021-10.xlsx: hidden sheet `Working` was left out (--hidden reads it)",
        "No data yet (TBC): Care proceedings (7 months), Initial health assessments in time (7 "
        "months) and Permanence plan within 6 months (7 months).",
        "Taken for right: rates of earlier years that differ from those published now, since "
        "populations were rebased on the 2021 census: Referral rate (up to 4.0%) and CLA rate (up "
        "to 3.1%).",
    ]


def test_messages_are_about_the_part_asked_for(run: Run) -> None:
    texts = [
        each.text for each in run(SEED, choice=Choice(indicators=("cla-rate",))).answer.messages
    ]
    assert len(texts) == 1
    assert "CLA rate (up to 3.1%)" in texts[0]
    assert "Referral rate" not in texts[0]


def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    rows = ("cla,2021-10,2", "cla-uasc,2021-10,4")
    path.write_text("indicator,period,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("hide", [True, False])
def test_small_numbers_are_not_told_outside(run: Run, tmp_path: Path, hide: bool) -> None:
    """Four unaccompanied children are more than two looked after, and nobody is told how many."""
    answer = run(small(tmp_path), hide_small=hide, select=("KPI217",)).answer
    text = render_json(answer)
    assert ("4, more than the 2" in text) is not hide
    row = answer.rows.to_dicts()[0]
    assert row["outturn"] == (None if hide else 4.0)
    assert row["source"]["cell"] is not None


def test_the_same_report_gives_the_same_bytes(run: Run) -> None:
    assert render_json(run(OCTOBER).answer) == render_json(run(OCTOBER).answer)


def test_row_order_of_the_file_changes_nothing_but_addresses(run: Run, tmp_path: Path) -> None:
    """The printed rows of the clean report, the other way round, are as clean."""
    header, *rows = CLEAN.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "reversed.csv"
    path.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    assert run(path).answer.rows.is_empty()
    codes: Iterable[str] = run(SEED).answer.rows["code"]
    header, *rows = SEED.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    assert sorted(run(path).answer.rows["code"]) == sorted(codes)
