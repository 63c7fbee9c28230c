"""The parts of the README that the program writes itself, so that they cannot go stale."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kpi.cli import COMMANDS
from kpi.cli.options import CHOICE, COMMON
from kpi.domain.observation import STORED
from kpi.usecases.export_columns import TABLES

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}


def shown(words: str, *, lines: int, exit_code: int = 0) -> str:
    """What a command prints after September's report was ingested, cut after so many lines."""
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        shutil.copy(ROOT / "indicators.toml", project)
        shutil.copytree(ROOT / "samples", project / "samples")
        _kpi("ingest samples/board-report-2021-09.xlsx", project)
        if not words.startswith("ingest"):
            _kpi("ingest samples/board-report-2021-10.xlsx", project)
        # The time of ingestion is the one thing that differs from run to run.
        said = [
            line
            for line in _kpi(words, project, exit_code=exit_code).splitlines()
            if not line.startswith("Figures held")
        ]
    cut = [*said[:lines], "..."] if len(said) > lines else said
    return "\n".join(["```text", f"$ kpi {words}", *cut, "```"])


def helps() -> str:
    """The help of every command, in the order in which `kpi --help` lists them.

    Options that commands share are left out; `shared_options` has them.
    """
    return "\n\n".join(
        f"### kpi {command.__name__}\n\n```text\n{_own_help(command.__name__)}```"
        for command in COMMANDS
    )


def shared_options() -> str:
    """The options that every command takes, and those that choose what it is about."""
    said = _options(_kpi("rag --help", ROOT))
    every, chosen = (
        "".join(said[name] for name in map(_option, options)) for options in (COMMON, CHOICE)
    )
    return "\n".join(
        [
            f"```text\nEvery command:\n{every}\nThose that ask about held figures:\n{chosen}",
            f"All of them:\n{said['--help']}```",
        ]
    )


def _own_help(command: str) -> str:
    """A command's help without the options that it shares."""
    said = _kpi(f"{command} --help", ROOT)
    own = _options(said)
    known = _options(_kpi("rag --help", ROOT))
    shared = {_option(name) for name in (*COMMON, *CHOICE)} | {"--help"}
    above = said.partition("\nOptions:\n")[0].removesuffix("\n") + "\n"
    listed = [
        text for name, text in own.items() if name not in shared or text != known.get(name, text)
    ]
    return above + ("\nOptions:\n" + "".join(listed) if listed else "")


def _options(said: str) -> dict[str, str]:
    """The lines of each option of a command's help, by its long name."""
    found: dict[str, str] = {}
    name = ""
    for line in said.partition("\nOptions:\n")[2].splitlines(keepends=True):
        if named := re.match(r"  (?:-\w, )?(--[\w-]+)", line):
            name = named[1]
        found[name] = found.get(name, "") + line
    return found


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def columns() -> str:
    """The columns of the store and their Parquet types."""
    rows = [f"| `{name}` | {dtype} |" for name, dtype in STORED.items()]
    return "\n".join(["| column | type |", "|---|---|", *rows])


def exported() -> str:
    """The columns of the exported tables and what they mean."""
    rows = [
        f"| {table} | `{column.name}` | {column.type} | {column.meaning} |"
        for table, columns in TABLES.items()
        for column in columns
    ]
    return "\n".join(["| table | column | type | meaning |", "|---|---|---|---|", *rows])


def quoted(name: str, *, language: str) -> str:
    """A file of the samples, as the tests run it."""
    text = (ROOT / "samples" / name).read_text(encoding="utf-8")
    return f"```{language}\n{text.rstrip()}\n```"


def _kpi(words: str, folder: Path, *, exit_code: int = 0) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "kpi", *words.split()],
        cwd=folder,
        env=ENVIRONMENT | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    if ran.returncode != exit_code:
        raise subprocess.CalledProcessError(ran.returncode, words, ran.stdout, ran.stderr)
    return ran.stdout.decode()
