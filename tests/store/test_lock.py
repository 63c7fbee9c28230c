"""The lock is the operating system's or none; what the note says is for people."""

from __future__ import annotations

import errno
import getpass
import os
import socket
from pathlib import Path

import pytest

from kpi import files
from kpi.errors import StoreError
from kpi.store import Store
from kpi.store.lock import who_runs
from tests.store.histories import at, keep


@pytest.mark.skipif(os.name == "nt", reason="every Windows disk knows locks")
def test_a_disk_without_locks_is_refused_rather_than_trusted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that is only a file outlives a crash and blocks for ever."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(StoreError, match="does not support locks"):
        keep(store, 1)
    assert store.batches() == []


def test_a_system_without_locks_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with pytest.raises(StoreError, match="does not support locks"):
        keep(store, 1)


def test_an_error_in_the_block_lets_the_lock_go(store: Store) -> None:
    with pytest.raises(KeyError), store.writing(now=at(0)):
        raise KeyError
    with store.writing(now=at(0), wait_seconds=0.0):
        pass


def test_the_note_is_gone_when_the_lock_is(store: Store) -> None:
    with store.writing(now=at(0)):
        assert (store.folder / "lock-holder.json").exists()
    assert not (store.folder / "lock-holder.json").exists()


def test_a_note_that_cannot_be_written_stops_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, 1)
    real = files.write_whole

    def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
        if path.name == "lock-holder.json":
            raise OSError(errno.EIO, "Input/output error")
        real(path, content, durable=durable)

    monkeypatch.setattr(files, "write_whole", write_whole)
    with store.writing(now=at(0)):
        assert not (store.folder / "lock-holder.json").exists()


@pytest.mark.parametrize("failure", [KeyError, OSError, ImportError])
def test_a_system_that_knows_no_user_names_one_unknown(
    monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    def refuse() -> str:
        raise failure

    monkeypatch.setattr(getpass, "getuser", refuse)
    assert who_runs() == f"unknown@{socket.gethostname()}"
