"""Running the program of `tests.cli.emitting` as a process, in a pipe or beside a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PROGRAM = [sys.executable, "-m", "tests.cli.emitting"]
CHOSEN = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process left behind."""

    code: int
    out: bytes
    err: bytes


def environment(**chosen: str) -> dict[str, str]:
    """The environment without anything that changes how output looks, and what is chosen."""
    usual = {name: value for name, value in os.environ.items() if name not in CHOSEN}
    return usual | {"PYTHONIOENCODING": "utf-8", "TERM": "xterm"} | chosen


def piped(*arguments: str, **environ: str) -> Ran:
    """The program with both streams in pipes."""
    ran = subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        cwd=ROOT,
        env=environment(**environ),
        timeout=60,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def on_terminal(columns: int, /, *arguments: str, **environ: str) -> Ran:
    """The program with its output on a pseudo-terminal of so many columns."""
    import pty
    import termios

    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, columns))
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(**environ),
    ) as process:
        os.close(slave)
        out = _all_of(master)
        _, err = process.communicate(timeout=60)
    os.close(master)
    return Ran(process.returncode, out.replace(b"\r\n", b"\n"), err)


def _all_of(master: int) -> bytes:
    parts = []
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # how Linux says that the other end was closed
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts)
