"""The parts of the README that the program writes itself, so that they cannot go stale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kpi.cli import COMMANDS
from kpi.domain.observation import STORED

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}


def shown(words: str, *, lines: int) -> str:
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
            for line in _kpi(words, project).splitlines()
            if not line.startswith("Figures held")
        ]
    cut = [*said[:lines], "..."] if len(said) > lines else said
    return "\n".join(["```text", f"$ kpi {words}", *cut, "```"])


def helps() -> str:
    """The help of every command, in the order in which `kpi --help` lists them."""
    parts = [
        f"### kpi {command.__name__}\n\n```text\n{_kpi(f'{command.__name__} --help', ROOT)}```"
        for command in COMMANDS
    ]
    return "\n\n".join(parts)


def columns() -> str:
    """The columns of the store and their Parquet types."""
    rows = [f"| `{name}` | {dtype} |" for name, dtype in STORED.items()]
    return "\n".join(["| column | type |", "|---|---|", *rows])


def _kpi(words: str, folder: Path) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "kpi", *words.split()],
        cwd=folder,
        env=ENVIRONMENT | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    return ran.stdout.decode()
