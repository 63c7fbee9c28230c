"""`kpi check` as a whole command: what is written, what fails, and what is never told."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import OCTOBER, SAMPLES, Kpi
from tests.cli.processes import Ran
from tests.golden_files import assert_golden

SEED, DAMAGED = SAMPLES / "board-report-2021-10.csv", SAMPLES / "scan-damage.csv"

ENVELOPE = ("command", "schema", "authority", "period", "as_of", "catalogue_sha256", "rows")
FIELDS = (
    *("indicator", "title", "theme", "area", "unit", "period", "outturn", "outturn_type"),
    *("state", "source", "code", "severity", "message", "hint", "accepted", "related"),
)


@pytest.fixture
def check(kpi: Kpi, project: Path) -> Kpi:
    """`kpi check` in a project of which nothing is stored yet."""
    return lambda *words: kpi("check", *words)


@pytest.fixture
def held(kpi: Kpi, project: Path, kept: Path) -> Kpi:
    """`kpi check` where September's report and then October's were ingested."""
    shutil.copytree(kept, project / ".kpi")
    return lambda *words: kpi("check", *words)


def answer(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran.out)
    return found


def codes(ran: Ran) -> list[str]:
    return [row["code"] for row in answer(ran)["rows"]]


def clean(folder: Path, name: str = "clean.csv") -> Path:
    """A report of one row in which nothing is wrong."""
    path = folder / name
    path.write_text(
        "Indicator,Jul-21,Aug-21,Sep-21,Oct-21\nNumber of contacts,1501,1478,1522,1490\n"
    )
    return path


def accept(project: Path, code: str = "KPI110", until: str = "2022-03-31") -> None:
    with (project / "indicators.toml").open("a", encoding="utf-8") as catalogue:
        catalogue.write(
            f'\n[[accept]]\ncode = "{code}"\nindicator = "cla"\nperiod = "2021-09"\n'
            f'why = "told to the board in November"\nuntil = {until}\n'
        )


EXITS = [
    pytest.param([SEED], 1, id="an error"),
    pytest.param([SEED, "--fail-on", "error"], 1, id="an error, said"),
    pytest.param([SEED, "--fail-on", "warning"], 1, id="an error is worse than a warning"),
    pytest.param([SEED, "--fail-on", "never"], 0, id="never"),
    pytest.param([SEED, "--exit-zero"], 0, id="exit zero"),
    pytest.param([SEED, "--exit-zero", "--fail-on", "warning"], 0, id="exit zero beats it"),
    pytest.param([SEED, "--ignore", "KPI1"], 0, id="warnings alone"),
    pytest.param([SEED, "--ignore", "KPI1", "--fail-on", "warning"], 1, id="warnings, asked for"),
    pytest.param([SEED, "--select", "KPI3", "--fail-on", "warning"], 0, id="disclosure alone"),
    pytest.param([SEED, "--select", "KPI110"], 1, id="a selected error"),
    pytest.param([SEED, "--select", "KPI1,KPI3"], 1, id="codes with commas"),
    pytest.param([SEED, "--select", "KPI1", "--ignore", "KPI110"], 0, id="less one"),
    pytest.param([SEED, "--indicator", "contacts"], 0, id="another indicator"),
    pytest.param([SEED, "--fail-on", "red"], 2, id="no such level"),
    pytest.param([SEED, "--select", "KPI9"], 2, id="no such code"),
    pytest.param([SEED, "--ignore", "KPI2O4"], 2, id="a misspelt code"),
    pytest.param([SEED, "--period", "yesterweek"], 2, id="no such period"),
    pytest.param([SEED, "--indicator", "refferals"], 2, id="no such indicator"),
    pytest.param(["no-such-report.xlsx"], 3, id="no such file"),
    pytest.param([SEED, "no-such-report.xlsx"], 3, id="one of two is not there"),
    pytest.param([SEED, "no-such-report.xlsx", "--exit-zero"], 3, id="exit zero hides no file"),
]


@pytest.mark.parametrize(("words", "code"), EXITS)
def test_exit_codes(check: Kpi, words: list[str | Path], code: int) -> None:
    assert check(*words).code == code


def test_a_clean_report_exits_0_and_has_no_findings(check: Kpi, project: Path) -> None:
    ran = check(clean(project), "--format", "json", "--fail-on", "warning")
    assert (ran.code, codes(ran)) == (0, [])


def test_an_empty_store_has_nothing_to_find_and_no_period(check: Kpi) -> None:
    ran = check("--format", "json")
    found = answer(ran)
    assert (ran.code, found["rows"], found["period"], found["as_of"]) == (0, [], None, None)


def test_without_a_project_the_request_is_wrong(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "indicators.toml").unlink()
    monkeypatch.chdir(tmp_path / "elsewhere")
    ran = kpi("check")
    assert (ran.code, ran.out) == (2, b"")


def test_a_code_that_names_nothing_is_told_with_the_codes_there_are(check: Kpi) -> None:
    ran = check(SEED, "--select", "KPI9")
    assert (ran.code, ran.out) == (2, b"")
    assert "no check has a code beginning with `KPI9`" in ran.err.decode()
    assert all(code in ran.err.decode() for code in ("KPI101", "KPI204", "KPI301"))
    assert "did you mean `KPI204`?" in check(SEED, "--select", "KPI2O4").err.decode()


def test_nothing_is_stored_and_the_answer_says_so(check: Kpi, project: Path) -> None:
    ran = check(SEED)
    assert "Nothing was stored: check never stores." in ran.out.decode()
    assert not (project / ".kpi").exists()


def test_a_file_is_as_wrong_after_it_was_stored(check: Kpi, kpi: Kpi) -> None:
    before = answer(check(OCTOBER, "--format", "json"))["rows"]
    kpi("ingest", OCTOBER)
    assert answer(check("--format", "json"))["rows"] == before


def test_the_envelope_and_the_fields_of_the_contract(held: Kpi) -> None:
    found = answer(held("--format", "json"))
    assert tuple(found)[: len(ENVELOPE)] == ENVELOPE
    assert (found["command"], found["period"]) == ("check", "2021-10")
    assert found["as_of"] == "2021-11-09T09:00:00Z" or found["as_of"].startswith("2021-11-09T09:00")
    for row in found["rows"]:
        assert set(FIELDS) <= set(row)
        assert row["severity"] in ("error", "warning", "info")
        assert isinstance(row["accepted"], bool)
        assert isinstance(row["related"], list)
    assert set(found["counts"]) >= {"error", "warning", "info", "accepted"}


def test_check_and_rag_choose_the_same_period(held: Kpi, kpi: Kpi, project: Path) -> None:
    """A month whose year is mistyped is the newest that is held, so both choose it."""
    rated = answer(kpi("rag", "--format", "json"))
    assert answer(held("--format", "json"))["period"] == rated["period"] == "2021-10"
    late = project / "late.csv"
    late.write_text("indicator,period,value\ncontacts,2061-10,1490\n")
    kpi("ingest", late)
    ran = held("--format", "json")
    assert answer(ran)["period"] == answer(kpi("rag", "--format", "json"))["period"] == "2061-10"
    assert "KPI212" in codes(ran)
    assert "KPI215" not in codes(ran), "nothing has stopped because of a slip"


def test_worst_comes_first(check: Kpi) -> None:
    ranks = [row["severity"] for row in answer(check(DAMAGED, "--format", "json"))["rows"]]
    assert ranks == sorted(ranks, key=["error", "warning", "info"].index)


def test_an_accepted_breach_stays_visible_and_fails_no_more(check: Kpi, project: Path) -> None:
    accept(project)
    ran = check(SEED, "--format", "json")
    found = answer(ran)
    (row,) = (each for each in found["rows"] if each["code"] == "KPI110")
    assert (ran.code, row["accepted"]) == (0, True)
    assert (found["counts"]["error"], found["counts"]["accepted"]) == (0, 1)
    text = check(SEED).out.decode()
    assert "(accepted: told to the board in" in " ".join(text.split())
    assert check(SEED, "--fail-on", "warning").code == 1


def test_an_acceptance_that_has_ended_fails_again_and_is_told(check: Kpi, project: Path) -> None:
    accept(project, until="2021-09-30")
    ran = check(SEED)
    assert ran.code == 1
    assert "was accepted for cla until 2021-09-30" in ran.err.decode()


def test_no_clock_ends_an_acceptance(
    check: Kpi, project: Path, clock: Callable[[str], None]
) -> None:
    accept(project)
    clock("2031-01-01T09:00")
    assert check(SEED).code == 0


CHILDREN = (
    "Forename,Surname,Date of birth,UPN,Sep-21\nMaryann,Exemplar,01/02/2010,A123456789012,5\n"
)


@pytest.mark.parametrize("format_", ["text", "json", "csv", "plain", "markdown", "html"])
def test_a_file_about_single_children_is_refused_and_nothing_of_it_told(
    check: Kpi, project: Path, format_: str
) -> None:
    path = project / "children.csv"
    path.write_text(CHILDREN)
    for words in ([path], [path, SEED]):
        ran = check(*words, "--format", format_, "-v")
        assert ran.code == 3
        for value in (b"Maryann", b"Exemplar", b"01/02/2010", b"A123456789012"):
            assert value not in ran.out + ran.err
    assert not (project / ".kpi").exists()


def test_a_file_that_cannot_be_read_leaves_the_others_checked(check: Kpi, project: Path) -> None:
    ran = check("no-such-report.xlsx", SEED, "--format", "json")
    assert ran.code == 3
    assert "KPI110" in codes(ran)
    assert any(each["level"] == "error" for each in answer(ran)["messages"])


def test_a_failure_is_told_in_json_too(check: Kpi) -> None:
    ran = check("no-such-report.xlsx", "--format", "json")
    failure = answer(ran)
    assert (failure["command"], failure["schema"]) == ("check", 1)
    assert failure["error"]["exit_code"] == ran.code == 3


def test_plain_and_csv_are_rectangular_and_name_each_finding_once(check: Kpi) -> None:
    count = len(codes(check(SEED, "--format", "json")))
    lines = list(csv.reader(io.StringIO(check(SEED, "--format", "csv").out.decode())))
    assert {"code", "severity", "message", "source_file", "source_cell", "accepted"} <= {*lines[0]}
    plain = [line.split("\t") for line in check(SEED, "--format", "plain").out.decode().split("\n")]
    for table in (lines, plain[:-1]):
        assert len({len(line) for line in table}) == 1
        assert len(table) == count + 1


@pytest.mark.parametrize("format_", ["text", "plain", "markdown", "csv", "json", "html"])
def test_every_format_names_code_cell_and_both_figures(check: Kpi, format_: str) -> None:
    out = " ".join(check(SEED, "--format", format_).out.decode().split())
    for said in ("KPI110", "I16", "511", "514", "CLA"):
        assert said in out
    assert "\x1b" not in out


def test_text_is_78_columns(check: Kpi) -> None:
    assert max(map(len, check(SEED, "-v").out.decode().splitlines())) <= 78


def test_quiet_says_nothing_when_nothing_fails(check: Kpi, project: Path) -> None:
    ran = check(clean(project), "-q")
    assert (ran.code, ran.out, ran.err) == (0, b"", b"")
    assert check(SEED, "-q").out


@pytest.mark.parametrize("internal", [False, True])
def test_small_figures_are_told_with_internal_only(
    check: Kpi, project: Path, internal: bool
) -> None:
    path = project / "small.csv"
    path.write_text("indicator,period,value\ncla,2021-10,2\ncla-uasc,2021-10,4\n")
    more = ("--internal",) if internal else ()
    out = check(path, "--select", "KPI217", *more).out.decode()
    assert "KPI217" in out
    assert ("4, more than the 2" in " ".join(out.split())) is internal


def test_the_same_question_gives_the_same_bytes(held: Kpi) -> None:
    for format_ in ("text", "json", "csv", "markdown", "plain", "html"):
        assert held("--format", format_).out == held("--format", format_).out


@pytest.mark.parametrize("name", ["held.txt", "held.md", "held.csv", "held.json"])
def test_what_is_written(held: Kpi, project: Path, name: str) -> None:
    """Under the name of the file, whole; of the catalogue's hash only that it is one."""
    ran = held("-o", name)
    assert (ran.code, ran.out) == (1, b"")
    written = (project / name).read_bytes()
    assert_golden(re.sub(rb"\b[0-9a-f]{64}\b|(?<=catalogue )[0-9a-f]{12}", b"0" * 12, written),
                  f"check/{name}")  # fmt: skip
