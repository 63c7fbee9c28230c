"""The shell around every command: help, options before it, mistakes and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpi.cli import COMMANDS
from tests.cli.conftest import Kpi

NAMES = [command.__name__ for command in COMMANDS]


@pytest.mark.parametrize("name", ["", *NAMES])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_is_on_stdout_with_examples(kpi: Kpi, name: str, option: str) -> None:
    ran = kpi(*filter(None, [name, option]))
    assert (ran.code, ran.err) == (0, b"")
    assert b"Examples:" in ran.out
    assert ran.out.isascii()
    assert max(map(len, ran.out.splitlines())) <= 80


def test_bare_kpi_explains_itself(kpi: Kpi) -> None:
    ran = kpi()
    assert (ran.code, ran.err) == (0, b"")
    assert b"Exit codes:" in ran.out


def test_version_is_one_line(kpi: Kpi) -> None:
    ran = kpi("--version")
    assert (ran.code, ran.out.count(b"\n")) == (0, 1)
    assert ran.out.startswith(b"kpi ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ragg"], b"rag"),
        (["rag", "--perod", "2021-10"], b"--period"),
        (["rag", "--format", "jsno"], b"json"),
        (["rag", "--fail-on", "purple"], b"amber"),
        (["rag", "-o", "ratings.pdf"], b".csv"),
        (["rag", "--as-of", "yesterday"], b"--as-of 2021-11-09"),
        (["rag", "--as-of", "2026-W48"], b"--as-of 2021-11-09"),
        (["rag", "--width", "wide"], b"`--width`: a whole number is wanted"),
        (["rag", "--format", "xml"], b"`--format`: `xml` is not one of"),
    ],
)
def test_mistakes_in_the_request_exit_2_with_what_was_meant(
    kpi: Kpi, words: list[str], said: bytes
) -> None:
    ran = kpi(*words)
    assert (ran.code, ran.out) == (2, b"")
    assert said in ran.err


def test_an_empty_store_exits_2_with_the_line_to_type(kpi: Kpi) -> None:
    ran = kpi("rag")
    assert (ran.code, ran.out) == (2, b"")
    assert b"kpi ingest" in ran.err
    assert b"indicators.toml" in ran.err


def test_a_failure_is_valid_json_when_json_is_asked_for(kpi: Kpi) -> None:
    ran = kpi("rag", "--format", "json")
    said = json.loads(ran.out)
    assert (said["command"], said["schema"], said["error"]["exit_code"]) == ("rag", 1, 2)
    assert set(said["error"]) >= {"what", "where", "hint"}


def test_no_project_is_exit_2(kpi: Kpi, project: Path) -> None:
    (project / "indicators.toml").unlink()
    ran = kpi("rag")
    assert ran.code == 2
    assert b"kpi init" in ran.err


def test_a_wrong_catalogue_lists_every_mistake_with_its_line(kpi: Kpi, project: Path) -> None:
    (project / "indicators.toml").write_text(
        '[catalogue]\nversion = 1\nauthority = "A"\n\n[indicator.x]\ntitle = "X"\n'
        'outturn = "nubmer"\nbasis = "in-month"\npolartiy = "low"\n',
        encoding="utf-8",
    )
    ran = kpi("rag")
    assert (ran.code, ran.out) == (2, b"")
    assert b"indicators.toml:7: indicator.x.outturn" in ran.err
    assert b"indicators.toml:9: indicator.x.polartiy" in ran.err
    assert b"`number`" in ran.err
    assert b"`polarity`" in ran.err


def test_the_published_measures_are_listed_by_key(kpi: Kpi) -> None:
    ran = kpi("reference", "--measures", "--format", "json")
    rows = json.loads(ran.out)["rows"]
    assert ran.code == 0
    assert {"LACnum", "CPP_Total_Rateper10,000"} <= {row["measure"] for row in rows}


def test_a_catalogue_that_names_no_published_measure_is_refused(kpi: Kpi, project: Path) -> None:
    text = (project / "indicators.toml").read_text(encoding="utf-8")
    (project / "indicators.toml").write_text(text.replace('"LACnum"', '"LACNum"'), encoding="utf-8")
    ran = kpi("rag")
    assert ran.code == 2
    assert b"did you mean `LACnum`?" in ran.err
