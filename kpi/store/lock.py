"""Who may write: one run at a time, held by the operating system, so that a crash frees it.

A small note beside the lock says who holds it. It serves the message to those who wait,
nothing else: that it is there, or is not, decides nothing.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import cast

import filelock

from kpi import files
from kpi.errors import StoreBusyError, StoreError

LOCK = "lock"
HOLDER = "lock-holder.json"


@contextmanager
def held_lock(store: Path, *, now: datetime, wait_seconds: float) -> Iterator[None]:
    """Hold the store's lock for the time of a `with` block.

    Args:
        store: The store's folder, which must be there.
        now: What the note says the lock is held since.
        wait_seconds: How long to wait for another run.

    Raises:
        StoreBusyError: Another run held it all that time; says which.
        StoreError: The folder's disk knows no locks.
        OSError: The lock's file cannot be opened.
    """
    lock = filelock.FileLock(str(store / LOCK))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the fall-back that is refused just below
        try:
            lock.acquire(timeout=wait_seconds)
        except filelock.Timeout as timeout:
            raise _busy(store, wait_seconds=wait_seconds) from timeout
        except NotImplementedError as failure:
            raise _no_locks(store) from failure
    with _released_after(lock):
        if isinstance(lock, filelock.SoftFileLock):
            raise _no_locks(store)
        with _noted(store, now=now):
            yield


def who_runs() -> str:
    """Who runs this, as `user@host`; the user is `unknown` where the system knows no name."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "unknown"
    return f"{user}@{socket.gethostname()}"


@contextmanager
def _released_after(lock: filelock.BaseFileLock) -> Iterator[None]:
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _noted(store: Path, *, now: datetime) -> Iterator[None]:
    user, _, host = who_runs().rpartition("@")
    note = {"pid": os.getpid(), "user": user, "host": host, "since": now.isoformat("T", "seconds")}
    with suppress(OSError):
        files.write_whole(store / HOLDER, json.dumps(note).encode(), durable=False)
    try:
        yield
    finally:
        with suppress(OSError):
            files.remove(store / HOLDER)


def _busy(store: Path, *, wait_seconds: float) -> StoreBusyError:
    return StoreBusyError(
        f"the store is being written by {_holder(store)}; waited {wait_seconds:g} s",
        where=str(store),
        hint="run again when that run is done",
    )


def _holder(store: Path) -> str:
    try:
        note = cast("dict[str, object]", json.loads(files.read_bytes(store / HOLDER)))
        return "process {pid} (user {user} on {host}) since {since}".format(**note)
    except (OSError, ValueError, KeyError, TypeError):
        return "another run"


def _no_locks(store: Path) -> StoreError:
    return StoreError(
        "the store's disk does not support locks",
        where=str(store),
        hint="keep the store on a local disk or a share that supports them",
    )
