"""`kpi check` on the seed report, its damage, its clean twin, and what DfE has published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kpi.domain.answer import Answer
from kpi.usecases.check import is_failing
from tests.usecases.check_runs import (
    CLEAN,
    DAMAGED,
    DATA,
    OCTOBER,
    SEED,
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
