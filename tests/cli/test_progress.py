"""The bar of a long work: on the standard error of a terminal, and nowhere else."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from kpi.cli import progress as progress_
from kpi.cli.options import Asked
from kpi.cli.progress import AFTER, is_wanted, progress
from tests.cli.processes import ROOT, Ran, environment

AT_ONCE = (
    "import sys; import kpi.cli.progress as bar; bar.AFTER = 0; "
    "from kpi.__main__ import run_command_line; sys.exit(run_command_line(sys.argv[1:]))"
)
"""The program with a bar that does not wait."""

SCREEN = not sys.platform.startswith("win")
on_posix = pytest.mark.skipif(not SCREEN, reason="pseudo-terminals are there on POSIX only")
REPORT = "indicator,period,value\nContacts in the month,2021-10,5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with two small reports."""
    shutil.copy(ROOT / "indicators.toml", tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(REPORT, encoding="utf-8")
    return tmp_path


def on_screen(folder: Path, words: Sequence[str], **environ: str) -> Ran:
    """The program at once, its standard error a terminal and its standard output a pipe."""
    import pty

    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", AT_ONCE, *words],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        cwd=folder,
        env=environment(**environ) | {"PYTHONPATH": str(ROOT)},
    ) as process:
        os.close(slave)
        seen = b""
        while part := _read(master):
            seen += part
        out, _ = process.communicate(timeout=60)
    os.close(master)
    return Ran(process.returncode, out, seen)


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError:  # how Linux says that the other end was closed
        return b""


@on_posix
def test_reading_many_files_shows_how_many_are_read_and_leaves_nothing_behind(folder: Path) -> None:
    ran = on_screen(folder, ["ingest", "a.csv", "b.csv", "-o", "out.json"])
    assert (ran.code, ran.out) == (0, b"")
    assert b"Reading" in ran.err
    assert b"0 of 2" in ran.err
    assert ran.err.rindex(b"\x1b[2K") > ran.err.rindex(b"Reading")
    assert ran.err.count(b"\x1b[?25l") == ran.err.count(b"\x1b[?25h")


@on_posix
@pytest.mark.parametrize(
    ("words", "environ"),
    [
        (["-q"], {}),
        ([], {"TERM": "dumb"}),
        ([], {"NO_COLOR": "1"}),
        (["--color", "always"], {"TERM": "dumb"}),
    ],
)
def test_no_bar_where_it_is_not_wanted(
    folder: Path, words: list[str], environ: dict[str, str]
) -> None:
    ran = on_screen(folder, ["ingest", "a.csv", "b.csv", *words], **environ)
    assert ran.code == 0
    assert b"Reading" not in ran.err
    assert b"\x1b[2K" not in ran.err


@pytest.mark.parametrize("environ", [{}, {"FORCE_COLOR": "1"}])
def test_no_bar_in_a_pipe(folder: Path, environ: dict[str, str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", AT_ONCE, "ingest", "a.csv", "b.csv"],
        capture_output=True,
        cwd=folder,
        env=environment(**environ) | {"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=True,
    )
    assert b"Reading" not in ran.stderr
    assert b"\r" not in ran.stderr


class Screen(io.StringIO):
    """A terminal of its own."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Always."""
        return True


@pytest.mark.parametrize(
    ("color", "environ", "wanted"),
    [
        ("auto", {}, True),
        ("auto", {"TERM": "xterm"}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("always", {"TERM": "dumb"}, False),
        ("auto", {"NO_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {}, False),
    ],
)
def test_a_terminal_gets_a_bar_unless_it_takes_no_escape_codes(
    color: str, environ: dict[str, str], wanted: bool
) -> None:
    assert is_wanted(Screen(), color=color, environ=environ) is wanted
    assert not is_wanted(io.StringIO(), color=color, environ=environ)
    assert not is_wanted(None, color=color, environ=environ)


def test_work_that_is_done_in_time_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert AFTER == 1
    with progress(Asked("ingest"), "Keeping", after=3600) as bar:
        assert list(bar.track(["a", "b"], "Reading")) == ["a", "b"]
    assert screen.getvalue() == ""


def test_the_bar_is_taken_away_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress_, "AFTER", 0)
    with suppress(KeyboardInterrupt), progress(Asked("ingest"), "Keeping") as bar:
        for _ in bar.track([1, 2], "Reading"):
            raise KeyboardInterrupt
    assert "Reading" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")
