"""`kpi check` on the seed report, its damage, its clean twin, and what DfE has published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpi.domain.answer import Answer
from kpi.errors import RequestError, SourceError
from kpi.renderers.records import render_json
from kpi.usecases.check import Checked, CheckOptions, check, is_failing
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Choice, Project, open_project

ROOT = Path(__file__).parents[2]
DATA, SAMPLES = ROOT / "tests" / "data", ROOT / "samples"
SEED = DATA / "board-report-2021-10.csv"
OCTOBER, SEPTEMBER = SAMPLES / "board-report-2021-10.xlsx", SAMPLES / "board-report-2021-09.xlsx"
DAMAGED, CLEAN = SAMPLES / "scan-damage.csv", DATA / "clean-report.csv"
TODAY = date(2021, 11, 9)

Run = Callable[..., Checked]


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """The seed's catalogue in a folder of its own."""
    return Path(shutil.copy(ROOT / "indicators.toml", tmp_path))


@pytest.fixture
def run(catalogue: Path) -> Run:
    """Checks files, or without any what is held, on 9 November 2021."""

    def checked(
        *paths: Path, choice: Choice | None = None, today: date = TODAY, **options: Any
    ) -> Checked:
        project = open_project(catalogue)
        return check(project, choice, CheckOptions(**options), paths=paths, today=today)

    return checked


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


IN_CSV = {
    "KPI110": ["I16"],
    "KPI202": ["L7"],
    "KPI203": ["L13", "M14"],
    "KPI204": ["J4", "D15", "J22"],
    "KPI213": ["D4", "D5", "D31"],
    "KPI218": ["K15"],
    "KPI222": ["J22"],
    "KPI223": ["L29"],
    "KPI224": ["N16", "N18"],
    "KPI225": ["M16"],
    "KPI227": ["D14"],
    "KPI301": ["E33"],
}
IN_WORKBOOK = {
    "KPI110": ["Right Service!I9"],
    "KPI202": ["Direct Contact!K6"],
    "KPI203": ["Right Service!L6", "Right Service!M7"],
    "KPI204": ["Assessment!I8", "Right Service!D8", "Corporate Parenting!I8"],
    "KPI213": ["Assessment!C8", "Assessment!C9", "Corporate Parenting!C21"],
    "KPI218": ["Right Service!K8"],
    "KPI222": ["Corporate Parenting!I8"],
    "KPI223": ["Corporate Parenting!K19"],
    "KPI224": ["Right Service!N9", "Right Service!N11"],
    "KPI225": ["Right Service!M9"],
    "KPI227": ["Right Service!D7"],
    "KPI301": ["Quality Assurance!D5"],
}
IN_SCAN = IN_CSV | {
    "KPI101": ["F16", "K16", "E22", "D31"],
    "KPI110": ["E16", "I16"],
    "KPI201": ["E16"],
    "KPI205": ["D5"],
    "KPI213": ["D4"],
    "KPI226": ["K2"],
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(SEED, IN_CSV, id="the report as CSV"),
        pytest.param(OCTOBER, IN_WORKBOOK, id="the report as a workbook"),
        pytest.param(DAMAGED, IN_SCAN, id="the report as a scanner read it"),
    ],
)
def test_every_error_of_the_seed_is_found_where_it_stands_and_no_other(
    run: Run, path: Path, expected: dict[str, list[str]]
) -> None:
    answer = run(path).answer
    assert {code: cells(answer, code) for code in dict.fromkeys(answer.rows["code"])} == {
        code: expected[code] for code in sorted(expected)
    }


SENTENCES = [
    ("KPI110", "511 and 514 at I21; only 514 fits the CLA rate of 99 (I22)"),
    ("KPI202", "the comparators 95, TBC, 97, 53 and 67 are those of CLA rate (L22:P22)"),
    ("KPI203", "15,657 and 17,661 are annual totals beside monthly figures (1,978 in Oct-21, J13)"),
    ("KPI203", "4,092 is an annual total beside monthly figures (387 in Oct-21, J14)"),
    ("KPI204", "104 does not follow from 530 (CLA), which is 102 where"),
    ("KPI204", "64 does not follow from 336 (Referrals so far), which is 65 where"),
    ("KPI204", "no one population fits the rates and the counts (Assessments)"),
    ("KPI218", "the target is 647 a year, but 300 a month (Referrals) is 3,600 a year, 702 per"),
    ("KPI223", "the comparators 16, 11, 13 and 11 are no such counts: England cannot have 11"),
    ("KPI223", "they are those published for CLA with 3+ placements, year ending March 2020"),
    ("KPI224", "615 is an average of counts, the mean of 10 neighbours (model 2021-04)"),
    ("KPI224", "year ending March 2020; places differ in size, and 22 for Re-referrals (N2) is of"),
    ("KPI225", "Southampton 2020/21: 495 where the published figure is 498"),
    (
        "KPI227",
        "2,582 here, 2,185 in DfE's published months (13% to 24% above in each of 7 months)",
    ),
    ("KPI301", "Cases audited, May-21: 2, on which Audits good or outstanding, Audits inadequate"),
]


@pytest.mark.parametrize(("code", "words"), SENTENCES)
def test_both_numbers_are_in_the_words(run: Run, code: str, words: str) -> None:
    assert any(words in message for message in said(run(SEED).answer, code))


def test_what_a_scan_has_damaged_is_told_with_its_likely_reading(run: Run) -> None:
    answer = run(DAMAGED).answer
    assert said(answer, "KPI101") == [
        "CLA, Jun-21: `s01` is not a number; F21 has 501 for the same",
        "CLA, target: `as6` is not a number; K21 has 456 for the same",
        "CLA rate, May-21: `%` is not a number; 96 follows from 498 (CLA)",
        "CLA: placed for adoption, Apr-21: `v` is not a number; beside it: 16 in May-21",
    ]
    assert said(answer, "KPI201") == [
        "CLA, May-21: 298 after 494 (-40%) and before 501 (-41%); the other cell has 498"
    ]
    assert "6 values for 7 months" in said(answer, "KPI205")[0]
    assert said(answer, "KPI226")[0].endswith("the row has slipped one to the left")


def test_a_clean_report_gives_no_finding(run: Run) -> None:
    answer = run(CLEAN).answer
    assert answer.rows.to_dicts() == []
    assert answer.counts == {"error": 0, "warning": 0, "info": 0, "accepted": 0}
    assert not is_failing(answer, level="warning")


PUBLISHED = sorted(DATA.glob("ees-*.csv"))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_what_is_published_gives_no_false_alarm(run: Run, path: Path) -> None:
    """The files kept here leave out years, and that is seen; nothing else is."""
    answer = run(path, today=date(2026, 1, 15)).answer
    assert set(answer.rows["code"]) <= {"KPI213"}


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


def test_a_month_in_the_future_is_not_chosen(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    rows = "".join(f"contacts,{month},1000\n" for month in ("2021-09", "2021-10", "2061-10"))
    path.write_text(f"indicator,period,value\n{rows}", encoding="utf-8")
    answer = run(path).answer
    assert answer.period == "2021-10"
    assert answer.rows["code"].to_list() == ["KPI212"]


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


def test_an_acceptance_that_has_ended_is_told(run: Run, catalogue: Path) -> None:
    accept(catalogue, until="2021-11-08")
    answer = run(SEED).answer
    assert is_failing(answer, level="error")
    assert any(
        each.text == "KPI110 was accepted for cla until 2021-11-08, which has passed."
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
