"""`kpi report` on the sample report: the board's paper, its exceptions, and its machine's twin."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import OCTOBER, Kpi
from tests.cli.processes import ROOT, environment
from tests.golden_files import assert_golden

COMMENTARY = ROOT / "tests" / "data" / "commentary"
THEMES = (
    "Effective Assessment and Intervention",
    "Purposeful Direct Contact",
    "Management Support for better Practice",
    "Right Service at the Right Time",
    "Robust Corporate Parenting",
    "Rigorous Quality Assurance",
)


@pytest.fixture
def report(kpi: Kpi, project: Path, kept: Path) -> Kpi:
    """`kpi report` where September's report and then October's were ingested, and written on."""
    shutil.copytree(kept, project / ".kpi")
    shutil.copytree(COMMENTARY, project / "commentary")
    return lambda *words: kpi("report", *words)


def answer(report: Kpi, *words: str) -> dict[str, Any]:
    ran = report("--format", "json", *words)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_json_has_the_contracts_keys_and_a_row_an_indicator(report: Kpi) -> None:
    found = answer(report)
    assert list(found)[:9] == [
        *("command", "schema", "authority", "period", "as_of", "catalogue_sha256"),
        *("rows", "counts", "messages"),
    ]
    assert (found["command"], found["schema"], found["period"]) == ("report", 1, "2021-10")
    assert len(found["rows"]) == 34
    assert found["revision"] == 2
    assert [each["title"] for each in found["themes"]] == list(THEMES)


def test_a_row_agrees_with_rag_trend_and_compare(report: Kpi, kpi: Kpi) -> None:
    rows = {row["indicator"]: row for row in answer(report)["rows"]}
    for command in ("rag", "trend", "compare"):
        ran = kpi(command, "--format", "json", "--period", "2021-10")
        for said in json.loads(ran.out)["rows"]:
            row = rows[said["indicator"]]
            kept = {name: value for name, value in said.items() if name in row}
            if command != "rag":
                own = ("direction_of_travel", "rag_status", "period", "outturn", "state", "source")
                kept = {name: value for name, value in kept.items() if name not in own}
            assert {name: row[name] for name in kept} == kept


def test_what_changed_since_september_is_in_the_contracts_order(report: Kpi) -> None:
    kinds = [each["kind"] for each in answer(report)["changes"]]
    assert list(dict.fromkeys(kinds)) == ["new_red", "restated", "rating", "trend", "comparison"]
    assert kinds.count("restated") == 6


def test_every_theme_and_indicator_is_named_in_every_format(report: Kpi) -> None:
    rows = answer(report)["rows"]
    for format_ in ("text", "markdown"):
        out = " ".join(report("--format", format_).out.decode().split())
        assert all(theme in out for theme in THEMES)
        definitions = out.partition("Definitions")[2]
        assert len(rows) == 34
        assert all(short in definitions for short in ("Re-referrals", "CLA: UASC", "Contacts"))
    for format_ in ("csv", "plain"):
        out = report("--format", format_).out.decode()
        assert [row["title"] for row in rows if row["title"] not in out] == []


@pytest.mark.parametrize("format_", ["text", "html", "json"])
def test_the_same_question_gives_the_same_bytes(report: Kpi, format_: str) -> None:
    words = ("--format", format_, "--theme", "assessment")
    first = report(*words)
    assert first.code == 0
    assert first.out == report(*words).out
    assert b"\x1b" not in first.out


def test_text_is_78_columns_and_cuts_nothing(report: Kpi) -> None:
    for words in (["--theme", "right-service"], ["--exceptions"]):
        text = report(*words).out.decode()
        assert max(map(len, text.splitlines())) <= 78
        assert "…" not in text


def test_csv_and_plain_are_rectangular(report: Kpi) -> None:
    lines = list(csv.reader(io.StringIO(report("--format", "csv").out.decode())))
    assert len({len(line) for line in lines}) == 1
    assert {"source_file", "source_sheet", "source_cell", "comparator_name"} < set(lines[0])
    plain = [line.split("\t") for line in report("--format", "plain").out.decode().splitlines()]
    assert len({len(line) for line in plain}) == 1


def test_html_is_one_page_with_its_charts_and_nothing_to_fetch(report: Kpi) -> None:
    page = report("--format", "html").out.decode()
    assert page.count("<figure>") == 30
    assert page.count("<h1>") == 1
    assert not re.search(r"<script|<link|<img|url\(|src=", page)
    addresses = set(re.findall(r'https?://[^"\s<)]+', page))
    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_small_numbers_are_hidden_unless_internal(report: Kpi, project: Path) -> None:
    catalogue = project / "indicators.toml"
    text = catalogue.read_text(encoding="utf-8")
    assert "suppress_below" in text
    catalogue.write_text(text.replace("suppress_below = 6", "suppress_below = 28"), "utf-8")
    hidden, kept = answer(report), answer(report, "--internal")
    for found, state in ((hidden, "suppressed"), (kept, "value")):
        row = next(row for row in found["rows"] if row["indicator"] == "cla-uasc")
        assert row["state"] == state
    assert "internal" not in hidden
    assert kept["internal"] is True
    assert b"Internal: small numbers are not hidden." in report("--internal").out
    assert b"Internal" not in report().out


def test_commentary_is_shown_with_author_and_date(report: Kpi) -> None:
    text = " ".join(report().out.decode().split())
    assert "Commentary (Deputy Director, 9 Nov 2021): There has been a notable" in text
    assert "Head of quality, 8 Oct 2021, carried forward from September 2021" in text


def test_wrong_commentary_is_refused_with_the_nearest_names(report: Kpi, project: Path) -> None:
    path = project / "commentary" / "2021-10.toml"
    path.write_text("[theme.right-servce]\n[indicator.referals]\n", encoding="utf-8")
    ran = report()
    assert (ran.code, ran.out) == (2, b"")
    said = ran.err.decode()
    assert f"{path}:1: theme.right-servce: " in said
    assert "did you mean `right-service`?" in said
    assert "did you mean `referrals`?" in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 0),
        (["--fail-on", "red"], 1),
        (["--indicator", "cla-ifa", "--fail-on", "amber"], 0),
        (["--exceptions", "--fail-on", "amber"], 1),
        (["--fail-on", "worse"], 0),
        (["--fail-on", "never"], 0),
        (["--fail-on", "concern"], 2),
        (["--audience", "nobody"], 2),
        (["--period", "soon"], 2),
    ],
)
def test_exit_codes(report: Kpi, words: list[str], code: int) -> None:
    assert report(*words).code == code


def test_an_empty_store_is_a_wrong_request_with_the_line_to_type(kpi: Kpi) -> None:
    ran = kpi("report")
    assert (ran.code, ran.out) == (2, b"")
    assert b"kpi ingest" in ran.err


def test_a_quiet_run_says_nothing_beside_its_paper(report: Kpi) -> None:
    ran = report("-q", "-o", "paper.txt")
    assert (ran.code, ran.out, ran.err) == (0, b"", b"")


def test_an_email_is_a_whole_message_text_first(report: Kpi) -> None:
    words = ("--exceptions", "--to", "board@example.org", "--from", "kpi@example.org")
    ran = report("--format", "eml", *words, "--subject", "The board's paper")
    assert ran.code == 0, ran.err
    message = message_from_bytes(ran.out)
    assert (message["To"], message["From"]) == ("board@example.org", "kpi@example.org")
    assert message["Subject"] == "The board's paper"
    assert message["Date"] == "Tue, 09 Nov 2021 09:00:00 +0000"
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds.index("text/plain") < kinds.index("text/html")


@pytest.mark.parametrize(
    "words",
    [
        ["--to", "board@example.org"],
        ["--from", "kpi@example.org"],
        ["--to", "board", "--from", "kpi@example.org"],
    ],
)
def test_an_email_without_its_addresses_is_refused(report: Kpi, words: list[str]) -> None:
    ran = report("--format", "eml", *words)
    assert (ran.code, ran.out) == (2, b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals here")
@pytest.mark.parametrize("words", [["xlsx"], ["eml", "--to", "a@b.uk", "--from", "c@d.uk"]])
def test_what_is_for_programs_is_not_written_to_a_terminal(project: Path, words: list[str]) -> None:
    import pty

    master, slave = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "-m", "kpi", "report", "--format", *words],
        stdin=slave,
        stdout=slave,
        stderr=subprocess.PIPE,
        cwd=project,
        env=environment() | {"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    os.close(slave)
    os.close(master)
    assert ran.returncode == 2
    assert f"say -o FILE.{words[0]}".encode() in ran.stderr


def test_an_ending_that_is_not_for_a_paper_is_refused_before_the_work(report: Kpi) -> None:
    ran = report("-o", "paper.doc")
    assert ran.code == 2
    assert b".eml" in ran.err


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("october.txt", []),
        ("october.md", []),
        ("october.json", []),
        ("assessment.csv", ["--theme", "assessment"]),
        ("exceptions.txt", ["--exceptions"]),
        ("exceptions.md", ["--exceptions"]),
        ("assessment.html", ["--theme", "assessment"]),
        ("wide.txt", ["--width", "140", "--theme", "right-service"]),
    ],
)
def test_what_is_written(report: Kpi, project: Path, name: str, words: list[str]) -> None:
    ran = report(*words, "-o", name)
    assert (ran.code, ran.out) == (0, b"")
    assert OCTOBER.exists()
    written = (project / name).read_bytes()
    if name.endswith(".html"):
        # The pictures are golden files of their own.
        written = re.sub(rb"<svg .*?</svg>", b"<svg/>", written, flags=re.DOTALL)
    assert_golden(written, f"report/{name}")


def test_the_workbook_cell_by_cell(report: Kpi, project: Path) -> None:
    report("-o", "october.xlsx")
    book = openpyxl.load_workbook(project / "october.xlsx")
    lines = [
        f"{sheet.title}!{cell.coordinate}\t{cell.number_format}\t{cell.value!r}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert_golden(("\n".join(lines) + "\n").encode(), "report/october.xlsx.txt")
