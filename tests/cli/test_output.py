"""What reaches standard output and files."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kpi.cli import output
from kpi.cli.output import chosen_format, emit, is_on_screen, surface_of, wants_color
from kpi.errors import OutputError, RequestError
from kpi.renderers.html import render_html
from kpi.renderers.measure import width_of
from kpi.renderers.records import render_json
from kpi.renderers.text import PIPE_WIDTH, render_text
from tests.cli.processes import PROGRAM, ROOT, environment, on_terminal, piped
from tests.renderers.awkward import ANSWER, DOCUMENT

posix = pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals and devices are POSIX")


class Terminal(io.StringIO):
    """A stand-in for a terminal that nobody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "is_watched", "environ", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "0"}, False),
        ("auto", True, {"FORCE_COLOR": "0"}, True),
        ("auto", False, {"FORCE_COLOR": ""}, False),
        ("auto", True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("auto", False, {"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_what_was_asked_for_beats_the_environment_and_no_beats_force(
    choice: str, is_watched: bool, environ: dict[str, str], wanted: bool
) -> None:
    assert wants_color(choice, is_watched=is_watched, environ=environ) is wanted


@pytest.mark.parametrize(
    ("asked", "name", "chosen"),
    [
        ("auto", "board.txt", "text"),
        ("auto", "board.md", "markdown"),
        ("auto", "board.HTML", "html"),
        ("auto", "board.csv", "csv"),
        ("auto", "board.json", "json"),
        ("json", "board.csv", "json"),
        ("plain", "board.xlsx", "plain"),
        ("auto", None, "text"),
        ("auto", "-", "text"),
        ("csv", None, "csv"),
    ],
)
def test_a_format_that_was_asked_for_beats_the_ending(
    asked: str, name: str | None, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert chosen_format(asked, output=Path(name) if name else None) == chosen


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("board.doc", "the ending of `board.doc` implies no format"),
        ("board", "the ending of `board` implies no format"),
        ("board.xlsx", "only `kpi report` writes `.xlsx`"),
    ],
)
def test_an_ending_that_implies_nothing_is_refused_with_those_that_do(name: str, what: str) -> None:
    with pytest.raises(RequestError) as refused:
        chosen_format("auto", output=Path(name))
    assert refused.value.what == what
    assert ".txt, .md, .html, .csv or .json" in refused.value.hint


def test_a_terminal_gets_the_table_and_may_show_small_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert chosen_format("auto", output=None) == "table"
    assert is_on_screen(None)
    assert not is_on_screen(Path("board.txt"))
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not is_on_screen(None)


def test_a_width_under_forty_is_refused() -> None:
    with pytest.raises(RequestError, match="--width 39"):
        surface_of(None, format_="text", width=39)
    assert surface_of(None, format_="text", width=40).width == 40


@pytest.mark.parametrize(
    ("columns", "format_", "width"),
    [("120", "table", 120), ("50", "table", 60), ("120", "text", 78), ("66", "text", 66)],
)
def test_columns_count_on_a_terminal_down_to_sixty(
    columns: str, format_: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("COLUMNS", columns)
    assert surface_of(None, format_=format_).width == width


def test_a_terminal_that_does_not_say_its_width_has_eighty_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.delenv("COLUMNS", raising=False)
    assert surface_of(None, format_="table").width == 80


def test_a_stream_of_text_alone_is_written_to_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    emit(ANSWER, DOCUMENT, format_="text")
    assert stream.getvalue() == render_text(DOCUMENT)


def test_quiet_prints_nothing_but_writes_the_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    emit(ANSWER, DOCUMENT, quiet=True)
    emit(ANSWER, DOCUMENT, quiet=True, output=tmp_path / "board.json")
    assert capsys.readouterr().out == ""
    assert (tmp_path / "board.json").read_text(encoding="utf-8") == render_json(ANSWER)


def test_a_file_is_utf_8_without_colour_and_78_wide_whatever_was_forced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    emit(ANSWER, DOCUMENT, output=tmp_path / "board.txt", color="always")
    assert (tmp_path / "board.txt").read_bytes() == render_text(DOCUMENT, width=78).encode()


def test_a_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written") as refused:
        emit(ANSWER, DOCUMENT, output=tmp_path / "no" / "board.txt")
    assert refused.value.exit_code == 5
    assert "make the folder" in refused.value.hint


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "board.txt").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        emit(ANSWER, DOCUMENT, output=tmp_path / "board.txt")


def test_a_file_that_is_held_open_says_to_close_it_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "board.csv"
    target.write_bytes(b"old")

    def refuse(path: Path, content: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("kpi.files.write_whole", refuse)
    with pytest.raises(OutputError) as refused:
        emit(ANSWER, DOCUMENT, output=target)
    assert refused.value.what == "`board.csv` cannot be written: permission denied"
    assert refused.value.hint.startswith("close board.csv in Excel, then run again")
    assert target.read_bytes() == b"old"


def test_the_widths_of_a_pipe_are_one() -> None:
    assert output.PIPE_WIDTH == PIPE_WIDTH


def test_a_pipe_is_78_wide_and_has_no_escape_byte_whatever_columns_say() -> None:
    ran = piped(COLUMNS="200")
    assert ran.code == 0
    assert ran.out == render_text(DOCUMENT, width=78).encode()
    assert ran.err.decode() == "warning: 2 figures – both old\n"


@posix
def test_a_pipe_beside_a_terminal_is_78_wide_too(tmp_path: Path) -> None:
    """Only the output of these processes is a pipe: rich alone would look at the others."""
    import pty
    import termios

    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 200))
    ran = subprocess.run(
        PROGRAM,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        cwd=ROOT,
        env=environment(),
        timeout=60,
        check=True,
    )
    os.close(slave)
    os.close(master)
    assert ran.stdout == render_text(DOCUMENT, width=78).encode()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp850", "latin-1"])
def test_a_pipe_in_another_encoding_gets_what_it_can_say(encoding: str) -> None:
    ran = piped(PYTHONIOENCODING=encoding)
    assert (ran.code, ran.out) == (0, render_text(DOCUMENT, encoding=encoding).encode(encoding))
    assert "RED" in ran.out.decode(encoding)


@pytest.mark.parametrize("format_", ["table", "plain", "markdown", "html", "csv", "json"])
def test_every_format_can_be_said_in_ascii(format_: str) -> None:
    ran = piped("--format", format_, PYTHONIOENCODING="ascii")
    assert ran.code == 0
    assert ran.out.isascii()
    assert b"\x1b" not in ran.out


def test_a_page_in_another_encoding_shows_the_same_characters() -> None:
    ran = piped("--format", "html", PYTHONIOENCODING="cp1252")
    assert ran.out == render_html(DOCUMENT).encode("ascii", "xmlcharrefreplace")


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [(["--color", "always"], {"NO_COLOR": "1"}), ([], {"FORCE_COLOR": "1"})],
)
def test_forced_colour_brings_codes_into_a_pipe_and_never_moves_the_cursor(
    arguments: list[str], environ: dict[str, str]
) -> None:
    ran = piped(*arguments, **environ)
    codes = set(re.findall(rb"\x1b\[[^A-Za-z]*[A-Za-z]", ran.out))
    assert codes
    assert all(code.endswith(b"m") for code in codes)
    assert (
        re.sub(rb"\x1b\[[0-9;]*m", b"", ran.out).split() == render_text(DOCUMENT).encode().split()
    )
    assert b"\x1b[1;33mwarning:" in ran.err


@posix
@pytest.mark.parametrize("columns", [60, 100])
def test_a_terminal_gets_the_table_at_its_own_width(columns: int) -> None:
    ran = on_terminal(columns)
    text = re.sub("\x1b\\[[0-9;]*m", "", ran.out.decode())
    assert ran.code == 0
    assert max(map(width_of, text.splitlines())) == columns
    assert "▲ RED" in text
    assert "…" not in text
    assert b"\x1b[1;31m" in ran.out


@posix
@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colour_gets_no_escape_byte(environ: dict[str, str]) -> None:
    ran = on_terminal(80, **environ)
    assert b"\x1b" not in ran.out
    assert "▲ RED".encode() in ran.out


@posix
def test_a_terminal_that_speaks_ascii_gets_words_and_rules_in_ascii() -> None:
    ran = on_terminal(80, PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert ran.out.isascii()
    assert b"RED" in ran.out


@posix
def test_a_full_disk_is_one_line_and_exit_code_5() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            PROGRAM,
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
            timeout=60,
            check=False,
        )
    assert ran.returncode == 5
    assert ran.stderr == (b"error: standard output cannot be written: no space left on device\n")


@posix
@pytest.mark.parametrize("arguments", [[], ["fail", "print"]])
def test_a_reader_that_went_away_ends_the_run_quietly(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [*PROGRAM, *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert ran.returncode == 0
    assert b"Error" not in ran.stderr
    assert b"error" not in ran.stderr


@posix
def test_a_closed_standard_output_is_one_line_and_exit_code_5() -> None:
    ran = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM],
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (5, b"error: standard output is closed\n")
