"""A run of its own that writes to a store, for tests that need real processes.

`python writer_process.py FOLDER append COUNT NAME` keeps batches, each in a `with` block
of its own, and prints each one's number once it is kept; `... FOLDER hold` holds the lock
until its standard input ends; `... FOLDER compact COUNT` compacts that often.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from kpi.store import Store
from tests.store.histories import read_rows

WAIT_SECONDS = 120.0


def append(store: Store, *, count: int, name: str) -> None:
    """Keep so many batches of three rows, called after the process."""
    for number in range(count):
        rows = read_rows(number, number, number)
        with store.writing(now=datetime.now(UTC), wait_seconds=WAIT_SECONDS) as writer:
            info = writer.append(rows, kind="ingest", batch=f"{name}-{number}", file=name)
        print(info.seq, flush=True)  # noqa: T201


def hold(store: Store) -> None:
    """Hold the lock until told to stop."""
    with store.writing(now=datetime(2021, 11, 3, 9, 14, tzinfo=UTC)):
        print("held", flush=True)  # noqa: T201
        sys.stdin.read()


def compact(store: Store, *, count: int) -> None:
    """Compact so often."""
    for _ in range(count):
        with store.writing(now=datetime.now(UTC), wait_seconds=WAIT_SECONDS) as writer:
            writer.compact()


def main(folder: str, task: str, count: str = "0", name: str = "") -> None:
    """Do what the command line says."""
    store = Store(Path(folder))
    if task == "append":
        append(store, count=int(count), name=name)
    elif task == "compact":
        compact(store, count=int(count))
    else:
        hold(store)


if __name__ == "__main__":
    main(*sys.argv[1:])
