"""`kpi init` as a new user runs it: a draft, and a line to paste."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kpi.readers.catalogue import read_catalogue
from tests.cli.conftest import OCTOBER, Kpi

KIRKLEES = (
    "Kirklees Council: scorecard\n\n"
    "Indicator,Apr-24,May-24,Jun-24,Jul-24,Kirklees 2022/23,Kirklees 2023/24,England 2023/24\n"
    "CLA rate per 10000,70.9,71.2,70.8,71.5,68.9,70.1,71\n"
    "UASC,38,40,41,39,30,36,7000\n"
    "Average caseload,16.2,16.9,17.1,16.4,15.8,16.1,16\n"
    "Contacts,1400,1391,1420,1377,16500,16900,\n"
)


def next_line(ran_err: bytes) -> str:
    """The line to paste."""
    [said] = [line for line in ran_err.decode().splitlines() if "Next:" in line]
    return said.partition(", then: ")[2]


def test_figures_at_a_point_are_compared_as_they_are(kpi: Kpi, project: Path) -> None:
    (project / "report.csv").write_text(KIRKLEES, encoding="utf-8")
    assert kpi("init", "board", "--from", "report.csv").code == 0
    catalogue = read_catalogue(project / "board" / "indicators.toml")
    assert [each.basis for each in catalogue.indicators] == [*["snapshot"] * 3, "in-month"]
    there = ("--catalogue", project / "board" / "indicators.toml")
    assert kpi("ingest", "report.csv", *there).code == 0
    rows = json.loads(kpi("compare", *there, "--format", "json").out)["rows"]
    rate = next(each for each in rows if each["title"] == "CLA rate per 10000")
    beside = {each["name"]: each["difference"] for each in rate["comparators"]}
    assert beside["Kirklees 2023/24"] == pytest.approx(1.4)
    assert beside["England"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("words", "authority", "la_code"),
    [
        (["--from", "report.csv"], "Kirklees", "382"),
        (["--from", OCTOBER], "Southampton", "852"),
        (["--authority", "Leeds City Council"], "Leeds City Council", "383"),
        (["--from", "report.csv", "--authority", "Anytown"], "Anytown", ""),
        ([], "Our council", ""),
    ],
)
def test_a_known_council_has_its_code_and_no_other_council_has_it(
    kpi: Kpi, project: Path, words: list[str | Path], authority: str, la_code: str
) -> None:
    (project / "report.csv").write_text(KIRKLEES, encoding="utf-8")
    assert kpi("init", "board", *words).code == 0
    catalogue = read_catalogue(project / "board" / "indicators.toml")
    assert (catalogue.authority, catalogue.la_code) == (authority, la_code)
    text = catalogue.path.read_text(encoding="utf-8")
    assert la_code or "# la_code =" in text
    assert ("852" in text) == (la_code == "852")


@pytest.mark.parametrize(
    ("folder", "source", "line"),
    [
        ("board", "report.xlsx", "cd board && kpi ingest ../report.xlsx && kpi rag"),
        (
            "our board",
            "our report.xlsx",
            'cd "our board" && kpi ingest "../our report.xlsx" && kpi rag',
        ),
        ("board", "board/report.xlsx", "cd board && kpi ingest report.xlsx && kpi rag"),
        ("board", "it's £5 $HOME.xlsx", "cd board && kpi ingest '../it'\"'\"'s £5 $HOME.xlsx'"
         " && kpi rag"),
        (".", "report.xlsx", "kpi ingest report.xlsx && kpi rag"),
        ("board", None, "cd board && kpi ingest YOUR-REPORT.xlsx && kpi rag"),
    ],
)  # fmt: skip
def test_what_comes_next_can_be_pasted(
    kpi: Kpi, project: Path, folder: str, source: str | None, line: str
) -> None:
    (project / "indicators.toml").unlink()
    if source:
        (project / source).parent.mkdir(exist_ok=True)
        shutil.copy(OCTOBER, project / source)
    ran = kpi("init", folder, *(["--from", source] if source else []))
    assert ran.code == 0
    assert next_line(ran.err) == line


def test_a_source_elsewhere_keeps_its_whole_path(kpi: Kpi) -> None:
    ran = kpi("init", "board", "--from", OCTOBER)
    assert str(OCTOBER) in next_line(ran.err)


@pytest.mark.parametrize("command", ["compare", "report"])
def test_a_code_that_is_another_councils_is_warned_of_once(
    kpi: Kpi, project: Path, command: str
) -> None:
    path = project / "indicators.toml"
    text = path.read_text(encoding="utf-8").replace('"Southampton"', '"Kirklees"', 1)
    path.write_text(text, encoding="utf-8")
    (project / "report.csv").write_text("Indicator,Apr-21\nNumber of contacts,5\n")
    kpi("ingest", "report.csv")
    ran = kpi(command, "-o", "said.md")
    assert ran.code == 0
    told = b"la_code 852 is Southampton's; the catalogue's authority is Kirklees"
    assert ran.err.count(told) == 1
