"""Several runs at once, and runs that are killed: with real processes and a real lock.

`KPI_KILLS` and `KPI_WRITERS` raise the numbers beyond what a test run has time for.
"""

from __future__ import annotations

import getpass
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kpi.errors import StoreBusyError
from kpi.store import Store
from tests.store.histories import at, keep

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("KPI_KILLS", "12"))
BATCHES = 4
WRITERS = [2, int(os.environ.get("KPI_WRITERS", "10"))]


def started(store: Store, *arguments: str) -> subprocess.Popen[str]:
    """A run of `writer_process.py`."""
    script = Path(__file__).with_name("writer_process.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(store.folder), *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def process(store: Store, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A run that is killed at the end of the block if it is still there."""
    with started(store, *arguments) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def holder_of(store: Store) -> Iterator[subprocess.Popen[str]]:
    """A run that holds the store's lock."""
    with process(store, "hold") as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder


def assert_whole(store: Store) -> None:
    """It proves whole, and each batch has its three rows or is not there at all."""
    assert store.verify() == []
    rows = store.scan().collect()
    assert rows.height == 3 * len(store.batches())


def test_runs_killed_at_any_moment_lose_nothing_that_they_said_was_kept(store: Store) -> None:
    chance = random.Random(20211101)
    said: list[int] = []
    for kill in range(KILLS):
        with process(store, "append", "1000000", f"run-{kill}") as running:
            assert running.stdout is not None
            said.append(int(running.stdout.readline()))
            time.sleep(chance.uniform(0, 0.1))
            running.kill()
            said += [int(line) for line in running.stdout if line.endswith("\n")]
        assert_whole(store)
        assert {info.seq for info in store.batches()} >= set(said)
    assert keep(store, 1, 2, 3, now=at(0)).seq == len(store.batches())
    assert list((store.folder / "tmp").iterdir()) == []
    assert not list(store.folder.glob(".kpi-*"))


@pytest.mark.parametrize("writers", WRITERS)
def test_writers_at_once_lose_nothing_and_readers_see_only_whole_batches(
    store: Store, writers: int
) -> None:
    tasks = [("append", str(BATCHES), f"run-{number}") for number in range(writers)]
    running = [started(store, *task) for task in [*tasks, ("compact", "6")]]
    seen = [0]
    while any(one.poll() is None for one in running):
        batches = store.batches()
        assert [info.seq for info in batches] == list(range(1, len(batches) + 1))
        seen.append(len(batches))
        snapshot = store.snapshot()
        assert snapshot.observations.collect().height == 3 * len(snapshot.batches)
    assert [_ended(one) for one in running] == [0] * len(running)
    assert seen == sorted(seen)
    assert_whole(store)
    assert sorted(info.batch for info in store.batches()) == sorted(
        f"run-{number}-{batch}" for number in range(writers) for batch in range(BATCHES)
    )


def _ended(run: subprocess.Popen[str]) -> int:
    with run:
        return run.wait()


class TestBusy:
    def test_who_is_writing_is_named_after_the_wait(self, store: Store) -> None:
        with holder_of(store) as holder:
            waiting = store.writing(now=at(0), wait_seconds=0.2)
            with pytest.raises(StoreBusyError) as failure:
                waiting.__enter__()
        assert failure.value.exit_code == 4
        assert failure.value.what == (
            f"the store is being written by process {holder.pid}"
            f" (user {getpass.getuser()} on {socket.gethostname()})"
            " since 2021-11-03T09:14:00+00:00; waited 0.2 s"
        )

    def test_reading_does_not_wait(self, store: Store) -> None:
        keep(store, 1)
        with holder_of(store):
            assert store.scan().collect().height == 1
            assert store.verify() == []

    def test_a_holder_that_was_killed_holds_nothing(self, store: Store) -> None:
        with holder_of(store) as holder:
            holder.kill()
            holder.wait()
            with store.writing(now=at(0), wait_seconds=0.0):
                pass

    def test_a_holder_that_left_no_note_is_another_run(self, store: Store) -> None:
        with holder_of(store):
            (store.folder / "lock-holder.json").write_text("{}")
            waiting = store.writing(now=at(0), wait_seconds=0.0)
            with pytest.raises(StoreBusyError, match="written by another run; waited 0 s"):
                waiting.__enter__()
