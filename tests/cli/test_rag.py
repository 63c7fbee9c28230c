"""`kpi rag` on the sample report: what an officer, a program and an e-mail get."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import OCTOBER, Kpi
from tests.golden_files import assert_golden


@pytest.fixture
def rag(kpi: Kpi, project: Path, kept: Path) -> Kpi:
    """`kpi rag` where September's report and then October's were ingested."""
    shutil.copytree(kept, project / ".kpi")
    return lambda *words: kpi("rag", *words)


def rows(rag: Kpi, *words: str) -> list[dict[str, Any]]:
    ran = rag("--format", "json", *words)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)["rows"]
    return found


def test_one_row_per_indicator_in_catalogue_order(rag: Kpi) -> None:
    found = rows(rag)
    assert len(found) == 34
    assert [each["indicator"] for each in found[:3]] == [
        *("re-referrals", "assessments", "assessment-rate"),
    ]
    assert {each["period"] for each in found} == {"2021-10"}


def test_a_row_has_the_fields_of_the_contract(rag: Kpi) -> None:
    row = rows(rag, "referral-rate")[0]
    assert {
        name: row[name]
        for name in (
            *("indicator", "area", "unit", "period", "outturn", "outturn_type", "state"),
            *("source", "target", "rag_status", "why_unrated", "previous_status"),
        )
    } == {
        "indicator": "referral-rate",
        "area": "Southampton",
        "unit": "",
        "period": "2021-10",
        "outturn": 503,
        "outturn_type": "rate",
        "state": "value",
        "source": {"file": OCTOBER.name, "sheet": "Right Service", "cell": "J8"},
        "target": 647,
        "rag_status": "red",
        "why_unrated": None,
        "previous_status": "red",
    }
    assert row["title"]
    assert row["theme"] == "right-service"
    assert row["target_value_compared"] == pytest.approx(12 * 503 / 7)
    assert row["distance_to_target"] == pytest.approx(12 * 503 / 7 - 647)


def test_contacts_stand_against_1400_a_month(rag: Kpi) -> None:
    assert rows(rag, "contacts")[0]["reason"] == (
        "1,978 in the month, against at most 1,400 a month: 578 (41%) above, beyond the "
        "tolerance of 10%."
    )


def test_a_share_of_two_cases_is_shown_and_not_rated(rag: Kpi) -> None:
    row = rows(rag, "audit-good", "--period", "May 2021")[0]
    assert (row["outturn"], row["rag_status"]) == (0, None)
    assert row["why_unrated"] == "small_denominator"
    assert row["reason"] == "Rests on 2 cases, fewer than 20: shown, not rated."


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--theme", "corporate-parenting"], 11),
        (["--theme", "Robust Corporate Parenting"], 11),
        (["--indicator", "cla", "--indicator", "Number of contacts"], 2),
        (["cla", "contacts"], 2),
        (["--area", "England"], 34),
    ],
)
def test_a_part_may_be_asked_for(rag: Kpi, words: list[str], count: int) -> None:
    assert len(rows(rag, *words)) == count


def test_options_may_stand_before_the_command(rag: Kpi, kpi: Kpi) -> None:
    before = kpi("--period", "2021-09", "--format", "json", "rag", "cla")
    assert before.out == rag("cla", "--period", "Sep-21", "--format", "json").out


def test_exceptions_are_red_and_amber_with_red_and_worsening_first(rag: Kpi) -> None:
    found = rows(rag, "--exceptions")
    assert {each["rag_status"] for each in found} == {"red", "amber"}
    order = [
        (
            each["rag_status"] != "red",
            each["direction_of_travel"] != "worse",
            -abs(each["distance_to_target"] / each["target"]),
        )
        for each in found
    ]
    assert order == sorted(order)


def test_changed_shows_the_rating_of_before(rag: Kpi) -> None:
    said = rag("--changed").out.decode()
    assert "Rating  Was " in said
    assert "AMBER   RED " in said


def test_a_period_after_the_newest_is_said_to_be_empty_yet(rag: Kpi) -> None:
    ran = rag("--period", "2022-01")
    assert b"Nothing is held yet for January 2022; the newest is October 2021." in ran.err
    assert rag("--period", "2021-08").err == b""


def test_changed_is_where_the_status_is_not_the_last_periods(rag: Kpi) -> None:
    assert {
        each["indicator"]: (each["previous_status"], each["rag_status"])
        for each in rows(rag, "--changed")
    } == {"assessments": ("red", "amber"), "cla": (None, "red")}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 0),
        (["--fail-on", "red"], 1),
        (["cla-ifa", "--fail-on", "amber"], 0),
        (["assessments", "--fail-on", "red"], 0),
        (["assessments", "--fail-on", "amber"], 1),
        (["--fail-on", "never"], 0),
    ],
)
def test_fail_on(rag: Kpi, words: list[str], code: int) -> None:
    assert rag(*words).code == code


def test_the_same_question_gives_the_same_bytes(rag: Kpi) -> None:
    for format_ in ("text", "json", "csv", "markdown", "plain", "html"):
        assert rag("--format", format_).out == rag("--format", format_).out


@pytest.mark.parametrize("format_", ["text", "json", "csv", "markdown", "plain", "html"])
def test_red_is_a_word_and_no_escape_byte_leaves(rag: Kpi, format_: str) -> None:
    out = rag("--format", format_).out
    assert b"red" in out.lower()
    assert b"\x1b" not in out


def test_csv_and_plain_are_rectangular(rag: Kpi) -> None:
    lines = list(csv.reader(io.StringIO(rag("--format", "csv").out.decode())))
    assert len({len(line) for line in lines}) == 1
    assert {"source_file", "source_sheet", "source_cell"} < set(lines[0])
    plain = [line.split("\t") for line in rag("--format", "plain").out.decode().splitlines()]
    assert len({len(line) for line in plain}) == 1
    assert len(plain) == 35


def test_text_is_78_columns(rag: Kpi) -> None:
    assert max(map(len, rag("-v").out.decode().splitlines())) <= 78


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("october.txt", []),
        ("october.md", []),
        ("october.csv", []),
        ("october.json", []),
        ("exceptions.txt", ["--exceptions"]),
        ("reasons.txt", ["-v"]),
        ("wide.txt", ["--width", "140"]),
    ],
)
def test_what_is_written(rag: Kpi, project: Path, name: str, words: list[str]) -> None:
    ran = rag(*words, "-o", name)
    assert (ran.code, ran.out) == (0, b"")
    assert_golden(project / name, f"cli/rag/{name}")
