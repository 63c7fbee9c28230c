"""What is said when a run cannot go on, and with which exit code."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from kpi.cli import diagnostics
from kpi.cli.diagnostics import CommandLine, glimpsed, places, run, say
from kpi.domain.answer import SCHEMA
from kpi.errors import (
    CatalogueError,
    InputError,
    KpiError,
    Mistake,
    OutputError,
    RequestError,
    SourceError,
    StoreBusyError,
    StoreError,
    UnknownPeriodError,
)
from tests.cli.processes import piped

SECRET = "Jane Doe, 4 High Street"


def raising(error: BaseException) -> Callable[[], object]:
    def main() -> object:
        raise error

    return main


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RequestError("x"), 2),
        (CatalogueError("x"), 2),
        (UnknownPeriodError("x"), 2),
        (InputError("x"), 3),
        (SourceError("x"), 3),
        (StoreError("x"), 3),
        (StoreBusyError("x"), 4),
        (OutputError("x"), 5),
        (OSError(errno.ENOSPC, "No space left on device"), 5),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0),
        (KeyboardInterrupt(), 130),
        (typer.Abort(), 130),
        (typer.BadParameter("x"), 2),
        (ValueError("x"), 70),
        (MemoryError(), 70),
        (BaseException("a panic of polars"), 70),
        (SystemExit(3), 3),
        (SystemExit(), 0),
        (SystemExit("x"), 2),
    ],
)
def test_each_kind_of_error_has_its_exit_code(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert run(raising(error), argv=[]) == code


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (1, 1), ("text", 0)])
def test_a_program_that_ends_well_gives_its_own_exit_code(result: object, code: int) -> None:
    assert run(lambda: result, argv=[]) == code


def test_an_error_is_one_line_with_its_place_then_a_blank_one_then_the_hint(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = SourceError("not a workbook", where="board.xlsx", hint="save it again as .xlsx")
    run(raising(error), argv=["ingest", "board.xlsx"])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "error: board.xlsx: not a workbook\n\nhint: save it again as .xlsx\n"


@pytest.mark.parametrize(
    ("what", "where", "line"),
    [
        ("`a.csv` is not there", "a.csv", "error: `a.csv` is not there\n"),
        ("no figures yet", "", "error: no figures yet\n"),
        ("two\nlines", "x\x1b[0m", "error: x\\x1b[0m: two\\nlines\n"),
    ],
)
def test_a_place_is_said_once_and_every_text_cleaned(
    what: str, where: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(raising(KpiError(what, where=where)), argv=[])
    assert capsys.readouterr().err == line


def test_every_mistake_of_a_catalogue_has_a_line_with_its_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    mistakes = (
        Mistake(12, "indicator.visits.polarity", "`hihg` is no polarity; did you mean `high`?"),
        Mistake(0, "theme.a", "nothing refers to it"),
        Mistake(3, "", "declared twice"),
    )
    error = CatalogueError("3 mistakes", where="indicators.toml", hint="mend", mistakes=mistakes)
    run(raising(error), argv=[])
    assert capsys.readouterr().err.splitlines() == [
        "error: indicators.toml: 3 mistakes",
        "indicators.toml:12: indicator.visits.polarity: `hihg` is no polarity; "
        "did you mean `high`?",
        "indicators.toml: theme.a: nothing refers to it",
        "indicators.toml:3: declared twice",
        "",
        "hint: mend",
    ]


def test_with_json_standard_output_holds_the_error_too(capsys: pytest.CaptureFixture[str]) -> None:
    error = SourceError("not a workbook – £", where="board.xlsx", hint="save it again")
    code = run(raising(error), argv=["ingest", "board.xlsx", "--format", "json"])
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "command": "ingest",
        "schema": SCHEMA,
        "error": {
            "what": "not a workbook – £",
            "where": "board.xlsx",
            "hint": "save it again",
            "exit_code": code,
        },
    }
    assert said.err.startswith("error: board.xlsx: not a workbook")


def test_with_json_the_mistakes_of_a_catalogue_are_data(capsys: pytest.CaptureFixture[str]) -> None:
    error = CatalogueError("1 mistake", mistakes=(Mistake(3, "indicator.a", "no title"),))
    run(raising(error), argv=["rag", "--format=json"])
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["mistakes"] == [{"line": 3, "path": "indicator.a", "what": "no title"}]


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        ([], CommandLine()),
        (["rag"], CommandLine("rag")),
        (["rag", "--format", "json"], CommandLine("rag", json=True)),
        (["rag", "--format=json", "--format=csv"], CommandLine("rag")),
        (["--debug", "rag", "--color", "never"], CommandLine("rag", debug=True, color="never")),
        (["--period", "2021-10", "rag"], CommandLine("rag")),
        (["rag", "--", "--format", "json"], CommandLine("rag")),
        (["nonsense"], CommandLine()),
    ],
)
def test_a_command_line_is_glimpsed_without_being_understood(
    argv: list[str], line: CommandLine
) -> None:
    assert glimpsed(argv, commands=["rag", "ingest"]) == line


def test_a_command_line_that_typer_refuses_is_said_as_our_own_errors_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = typer.Typer(rich_markup_mode=None)

    @app.command()
    def rag(period: str = "") -> None:
        pass

    code = run(lambda: app(["--perod", "x"], prog_name="kpi", standalone_mode=False), argv=[])
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err == (
        "error: no such option: --perod\n\n"
        "hint: did you mean --period? `kpi --help` says what there is\n"
    )


def test_an_unknown_command_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = typer.Typer(rich_markup_mode=None)
    app.command("rag")(lambda: None)
    app.command("trend")(lambda: None)
    assert run(lambda: app(["rga"], prog_name="kpi", standalone_mode=False), argv=[]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: no such command `rga`\n\nhint: did you mean `rag`? ")


def test_ctrl_c_inside_a_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    app = typer.Typer(rich_markup_mode=None)

    @app.command()
    def rag() -> None:
        raise KeyboardInterrupt

    assert run(lambda: app([], standalone_mode=False), argv=[]) == 130
    assert capsys.readouterr().err == "error: interrupted\n"


def test_a_fault_is_one_apology_and_a_log_without_any_data(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def main() -> None:
        name = SECRET
        try:
            raise KeyError(name)
        except KeyError as error:
            raise ValueError(f"no such child: {name}") from error

    assert run(main, argv=["rag"]) == 70
    said = capsys.readouterr()
    (log,) = tmp_path.glob("kpi-*.log")
    written = log.read_text(encoding="utf-8")
    assert said.out == ""
    assert str(log) in said.err
    assert said.err.count("\n") == 3
    assert "Traceback" not in said.err
    assert SECRET not in said.err + written
    assert "builtins.ValueError" in written
    assert "builtins.KeyError" in written
    assert re.search(r"test_diagnostics\.py:\d+ in .*main", written)
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_debug_prints_the_places_and_still_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    run(raising(ValueError(SECRET)), argv=["rag", "--debug"])
    said = capsys.readouterr().err
    assert "builtins.ValueError" in said
    assert "test_diagnostics.py" in said
    assert SECRET not in said


def test_a_fault_is_said_even_where_no_log_can_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no"))
    assert run(raising(ValueError(SECRET)), argv=[]) == 70
    assert "run it again with --debug" in capsys.readouterr().err


def test_errors_that_caused_each_other_are_named_once() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert places(one).count("builtins.") == 2


@pytest.mark.parametrize(
    ("level", "line"),
    [("info", "note: a – b\n"), ("warning", "warning: a – b\n"), ("error", "error: a – b\n")],
)
def test_a_note_is_one_line_with_the_word_for_its_weight(
    level: diagnostics.Level, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say("a – b", level=level)
    assert capsys.readouterr().err == line


def test_colour_comes_only_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    say("x", level="warning", color="always")
    run(raising(KpiError("y", hint="z")), argv=["rag", "--color=always"])
    said = capsys.readouterr().err
    assert (
        said
        == "\x1b[1;33mwarning:\x1b[0m x\n\x1b[1;31merror:\x1b[0m y\n\n\x1b[1;36mhint:\x1b[0m z\n"
    )


@pytest.mark.parametrize("stream", [None, "closed", "broken"])
def test_a_standard_error_that_takes_nothing_changes_no_exit_code(
    stream: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.EIO, "Input/output error")

    streams = {"closed": io.StringIO(), "broken": Broken()}
    streams["closed"].close()
    monkeypatch.setattr(sys, "stderr", streams.get(stream or ""))
    assert run(raising(SourceError("x")), argv=[]) == 3


@pytest.mark.parametrize("encoding", ["ascii:strict", "cp1252", "utf-16"])
def test_a_process_whose_standard_error_is_odd_still_says_its_error(encoding: str) -> None:
    ran = piped("fail", "source", PYTHONIOENCODING=encoding)
    said = ran.err.decode(encoding.partition(":")[0])
    assert ran.code == 3
    assert ran.out == b""
    assert said.startswith("error: bo\\x1bard.xlsx: not a workbook ")
    assert "hint: save it again" in said


@pytest.mark.parametrize(
    ("kind", "code", "first"),
    [
        ("catalogue", 2, b"error: indicators.toml: 2 mistakes"),
        ("interrupt", 130, b"error: interrupted"),
        ("end", 130, b"error: interrupted"),
        ("fault", 70, b"error: sorry, this is a fault in kpi itself (ValueError);"),
    ],
)
def test_a_process_fails_without_a_traceback(
    kind: str, code: int, first: bytes, tmp_path: Path
) -> None:
    ran = piped("fail", kind, TMPDIR=str(tmp_path), TEMP=str(tmp_path), TMP=str(tmp_path))
    assert (ran.code, ran.out) == (code, b"")
    assert ran.err.startswith(first)
    assert b"Traceback" not in ran.err
    assert b"Jane Doe" not in ran.err + b"".join(each.read_bytes() for each in tmp_path.iterdir())
