"""`kpi explain` as a whole command: a code, an indicator, and neither."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from kpi.domain.checks import CHECKS
from tests.cli.conftest import OCTOBER, Kpi
from tests.cli.processes import Ran
from tests.golden_files import assert_golden

FORMATS = ("text", "plain", "markdown", "html", "csv", "json")


@pytest.fixture
def explain(kpi: Kpi, project: Path, kept: Path) -> Kpi:
    """`kpi explain` where September's report and then October's were ingested."""
    shutil.copytree(kept, project / ".kpi")
    return lambda *words: kpi("explain", *words)


def rows(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ran.out)["rows"]
    return found


def in_a_line(said: bytes) -> str:
    return " ".join(said.decode().split())


@pytest.mark.parametrize("said", ["KPI204", "kpi204", "KPI 204", "204"])
def test_a_code_says_what_it_means_and_what_to_do(explain: Kpi, said: str) -> None:
    ran = explain(said, "--format", "json")
    (row,) = rows(ran)
    assert (ran.code, row["code"], row["severity"]) == (0, "KPI204", "warning")
    assert all(row[name] for name in ("title", "meaning", "why", "advice", "example"))
    text = in_a_line(explain(said).out)
    assert all(row[name] in text for name in ("meaning", "why", "advice", "example"))


def test_without_a_word_every_code_is_listed(explain: Kpi) -> None:
    assert [row["code"] for row in rows(explain("--format", "json"))] == list(CHECKS)
    text = explain().out.decode()
    assert all(code in text for code in CHECKS)


@pytest.fixture
def nowhere(project: Path) -> None:
    """The current folder is no project."""
    (project / "indicators.toml").unlink()


@pytest.mark.usefixtures("nowhere")
def test_codes_need_no_project(kpi: Kpi) -> None:
    assert kpi("explain", "KPI110").code == kpi("explain").code == 0
    ran = kpi("explain", "KPI999")
    assert (ran.code, ran.out) == (2, b"")
    assert "no check has the code `KPI999`" in ran.err.decode()
    assert "indicators.toml" in kpi("explain", "cla").err.decode()


NEAREST = [
    pytest.param("KPI999", ["KPI229", "KPI219", "KPI209"], id="beyond all"),
    pytest.param("KPI2O4", ["KPI204"], id="a letter for a digit"),
    pytest.param("kpi111", ["KPI110", "KPI101", "KPI121"], id="one digit beside"),
    pytest.param("KPI2004", ["KPI204", "KPI230", "KPI224"], id="a digit too many"),
]


@pytest.mark.parametrize(("said", "codes"), NEAREST)
def test_an_unknown_code_offers_the_nearest_codes_and_nothing_else(
    explain: Kpi, said: str, codes: list[str]
) -> None:
    ran = explain(said)
    message = ran.err.decode()
    assert (ran.code, ran.out) == (2, b"")
    assert f"no check has the code `{said}`" in message
    hint = re.findall(r"KPI\d{3}\b", message.partition("hint:")[2])
    assert hint == codes
    assert "indicator" not in message


def test_an_indicator_by_id_title_or_alias(explain: Kpi) -> None:
    printed = [
        explain(said, "--format", "json").out
        for said in ("cla-rate", "CLA rate", "Children looked after per 10,000")
        if explain(said).code == 0
    ]
    assert len(printed) >= 2
    assert len(set(printed)) == 1


def test_how_a_rating_came_about(explain: Kpi) -> None:
    (row,) = rows(explain("referral-rate", "--format", "json"))
    assert (row["period"], row["outturn"], row["rag_status"]) == ("2021-10", 503, "red")
    assert row["reason"].startswith("503 after 7 months of 12 is 862 for the year")
    assert row["source"] == {"file": OCTOBER.name, "sheet": "Right Service", "cell": "J8"}
    text = in_a_line(explain("referral-rate").out)
    for said in ("503 after 7 months of 12", "647", f"{OCTOBER.name}:Right Service!J8"):
        assert said in text


def test_an_earlier_period(explain: Kpi) -> None:
    (row,) = rows(explain("referral-rate", "--period", "Aug-21", "--format", "json"))
    assert (row["period"], row["outturn"]) == ("2021-08", 345)


def test_nonsense_is_told_with_what_there_is(explain: Kpi) -> None:
    ran = explain("xyzzy")
    assert (ran.code, ran.out) == (2, b"")
    message = ran.err.decode()
    assert "no indicator is called `xyzzy`" in message
    assert "`re-referrals`" in message
    assert "`kpi explain` lists the codes" in message


def test_a_misspelt_indicator_offers_the_nearest(explain: Kpi) -> None:
    ran = explain("refferal-rate")
    assert ran.code == 2
    assert "did you mean `referral-rate`" in ran.err.decode()


def test_a_failure_is_told_in_json_too(explain: Kpi) -> None:
    ran = explain("KPI999", "--format", "json")
    failure = json.loads(ran.out)
    assert (failure["command"], failure["error"]["exit_code"]) == ("explain", 2)
    assert "KPI229" in failure["error"]["hint"]


def test_while_nothing_is_held_the_catalogue_still_speaks(kpi: Kpi) -> None:
    ran = kpi("explain", "cla-rate")
    assert ran.code == 0
    assert "None: nothing was ingested yet." in ran.out.decode()


@pytest.mark.parametrize("what", [(), ("KPI204",), ("referral-rate",)])
@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_is_written_and_the_same_twice(
    explain: Kpi, what: tuple[str, ...], format_: str
) -> None:
    ran = explain(*what, "--format", format_)
    assert (ran.code, ran.err) == (0, b"")
    assert (what[0] if what else "KPI101").encode() in ran.out
    assert b"\x1b" not in ran.out
    assert explain(*what, "--format", format_).out == ran.out


@pytest.mark.parametrize("what", [(), ("KPI204",)])
def test_plain_and_csv_are_rectangular(explain: Kpi, what: tuple[str, ...]) -> None:
    lines = list(csv.reader(io.StringIO(explain(*what, "--format", "csv").out.decode())))
    plain = explain(*what, "--format", "plain").out.decode().splitlines()
    for table in (lines, [line.split("\t") for line in plain]):
        assert len({len(line) for line in table}) == 1
        assert len(table) == (2 if what else len(CHECKS) + 1)


@pytest.mark.parametrize("internal", [False, True])
def test_small_figures_are_told_with_internal_only(explain: Kpi, kpi: Kpi, internal: bool) -> None:
    kpi("correct", "cla-uasc", "2021-10", "3", "--why", "counted twice")
    more = ("--internal",) if internal else ()
    (row,) = rows(explain("cla-uasc", "--format", "json", *more))
    assert row["outturn"] == (3 if internal else None)


GOLDEN = [
    ("explain-code.txt", ("KPI204",)),
    ("explain-code.json", ("KPI204",)),
    ("explain-codes.md", ()),
    ("explain-codes.csv", ()),
    ("explain-held.txt", ("cla",)),
    ("explain-held.md", ("cla",)),
    ("explain-held.json", ("cla-rate",)),
    ("explain-held.csv", ("cla-rate",)),
]


@pytest.mark.parametrize(("name", "what"), GOLDEN)
def test_what_is_written(explain: Kpi, project: Path, name: str, what: tuple[str, ...]) -> None:
    ran = explain(*what, "-o", name)
    assert (ran.code, ran.out) == (0, b"")
    written = (project / name).read_bytes()
    assert_golden(re.sub(rb"\b[0-9a-f]{64}\b|(?<=catalogue )[0-9a-f]{12}", b"0" * 12, written),
                  f"check/{name}")  # fmt: skip
