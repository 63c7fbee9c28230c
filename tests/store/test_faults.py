"""A file-system call that fails, or a process that dies, leaves the old or the new, whole."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from kpi import files
from kpi.errors import StoreError
from kpi.store import Store, contents
from tests.faults import Failing, Gone
from tests.store.histories import answers, at, keep, read_rows

TIMES = [at(0), at(1), at(2), None]
ERRORS = [errno.EIO, errno.ENOSPC, errno.EACCES]

CHANGES: dict[str, Callable[[Store], object]] = {
    "first batch": lambda store: keep(store, 1.0, now=at(5)),
    "one more batch": lambda store: keep(store, 4.0, 5.0, now=at(5)),
    "undo": lambda store: store.undo(now=at(5)),
    "compact": lambda store: store.compact(now=at(5)),
}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "PAUSES", (0.0,))


@pytest.fixture(params=CHANGES)
def change(request: pytest.FixtureRequest, store: Store) -> Callable[[Store], object]:
    """A change about to be made to `store`, which holds three batches but for the first."""
    if request.param != "first batch":
        for day in range(3):
            keep(store, float(day), now=at(day))
    return CHANGES[request.param]


def copied(store: Store, tmp_path: Path, *, nth: int) -> Store:
    copy = Store(tmp_path / f"copy {nth}")
    if store.folder.exists():
        shutil.copytree(store.folder, copy.folder)
    return copy


def old_and_new(
    store: Store, tmp_path: Path, change: Callable[[Store], object]
) -> tuple[list[object], list[object]]:
    done = copied(store, tmp_path, nth=0)
    change(done)
    return answers(store, times=TIMES), answers(done, times=TIMES)


def is_whole_and_works_on(store: Store) -> bool:
    """No repair is needed: it proves whole, takes a batch, and sweeps what was left."""
    whole = store.verify() == []
    keep(store, 9.0, now=at(9))
    return whole and store.verify() == [] and not list((store.folder / "tmp").iterdir())


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.__getitem__)
def test_any_call_may_fail(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Store], object],
    number: int,
) -> None:
    old, new = old_and_new(store, tmp_path, change)
    for nth in range(1, 200):
        copy = copied(store, tmp_path, nth=nth)
        failing = Failing(nth=nth, failure=OSError(number, os.strerror(number)))
        with monkeypatch.context() as patched:
            patched.setattr(files, "system_call", failing)
            done = succeeds(change, copy)
        found = answers(copy, times=TIMES)
        assert found == new if done else found in (old, new)
        assert is_whole_and_works_on(copy)
        if not failing.has_failed:
            assert done
            return
    pytest.fail("it never came to an end")


def succeeds(change: Callable[[Store], object], store: Store) -> bool:
    try:
        change(store)
    except StoreError:
        return False
    return True


def test_a_run_may_die_at_any_call(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Store], object],
) -> None:
    old, new = old_and_new(store, tmp_path, change)
    for nth in range(1, 200):
        copy = copied(store, tmp_path, nth=nth)
        with monkeypatch.context() as patched:
            patched.setattr(files, "system_call", Failing(nth=nth, failure=Gone()))
            survived = survives(change, copy)
        found = answers(copy, times=TIMES)
        assert found == new if survived else found in (old, new)
        assert is_whole_and_works_on(copy)
        if survived:
            return
    pytest.fail("it never came to an end")


def survives(change: Callable[[Store], object], store: Store) -> bool:
    try:
        change(store)
    except Gone:
        return False
    return True


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.__getitem__)
def test_reading_with_a_call_that_fails_is_right_or_an_error(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for day in range(3):
        keep(store, float(day), now=at(day))
    expected = answers(store)
    for nth in range(1, 100):
        failing = Failing(nth=nth, failure=OSError(number, os.strerror(number)))
        with monkeypatch.context() as patched:
            patched.setattr(files, "system_call", failing)
            with suppress(StoreError):
                assert answers(store) == expected
        if not failing.has_failed:
            return
    pytest.fail("it never came to an end")


def test_verify_tells_what_it_cannot_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(3):
        keep(store, float(day), now=at(day))
    real = files.read_bytes
    bad = sorted((store.folder / "observations").iterdir())[1]

    def read_bytes(path: Path) -> bytes:
        if path == bad:
            raise OSError(errno.EIO, "Input/output error", str(path))
        return real(path)

    monkeypatch.setattr(files, "read_bytes", read_bytes)
    assert store.verify() == [f"`{bad.name}`: the store cannot be read: Input/output error"]


def test_a_full_disk_says_what_is_needed_and_free(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, 1.0)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match=r"the disk is full: \d+ kB needed, \d+(\.\d M| k)B free"):
        keep(store, 2.0)


@pytest.mark.parametrize(
    ("free", "said"), [(0, "0 kB"), (1, "1 kB"), (999_001, "1000 kB"), (2_040_000, "2.0 MB")]
)
def test_the_room_left_is_told_in_a_unit_that_shows_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    with pytest.raises(StoreError, match=f" needed, {said} free"):
        keep(store, 2.0)


def test_a_batch_goes_in_after_one_that_failed_in_the_same_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve files, the seventh meets a full disk, the eighth fits."""
    with store.writing(now=at(0)) as writer:
        writer.append(read_rows(1.0), kind="ingest", batch="b", file="f")
        with monkeypatch.context() as patched:
            patched.setattr(
                files, "system_call", Failing(nth=1, failure=OSError(errno.ENOSPC, "full"))
            )
            with pytest.raises(StoreError, match="the disk is full"):
                writer.append(read_rows(2.0), kind="ingest", batch="b", file="f")
        writer.append(read_rows(3.0), kind="ingest", batch="b", file="f")
    assert store.scan().collect().sort("seq")["value"].to_list() == [1.0, 3.0]


def test_folders_that_lose_a_file_while_read_are_looked_at_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when another run compacts just then."""
    for day in range(3):
        keep(store, float(day), now=at(day))
    monkeypatch.setattr(contents, "PAUSES", (0.0, 0.0))
    expected = answers(store, times=TIMES)
    real = files.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.suffix == ".parquet":
            monkeypatch.setattr(files, "read_bytes", real)
            store.compact(now=at(3))
        return real(path)

    monkeypatch.setattr(files, "read_bytes", read_bytes)
    assert answers(store, times=TIMES) == expected


def test_a_folder_that_never_stays_still_is_an_error(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, 1.0)
    real = files.names_in
    monkeypatch.setattr(
        files, "names_in", lambda folder: [*real(folder), f"00000002-ingest-{'0' * 32}.parquet"]
    )
    with pytest.raises(StoreError, match="keeps changing"):
        store.snapshot()


@pytest.mark.skipif(os.name == "nt", reason="Windows marks files read-only, not folders")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may anything")
def test_a_read_only_folder_is_read_and_not_written(store: Store) -> None:
    keep(store, 1.0)
    expected = answers(store)
    everything = [store.folder, *store.folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in everything}
    try:
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        assert answers(store) == expected
        assert store.verify() == []
        with pytest.raises(StoreError, match="cannot be written: Permission denied"):
            keep(store, 2.0)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert answers(store) == expected
