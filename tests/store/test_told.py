"""Up to which batch was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi import files
from kpi.errors import StoreError
from kpi.store import Store
from kpi.store.told import TOLD, mark_as_told, told_up_to
from tests.faults import Failing


def test_what_was_marked_is_told(tmp_path: Path) -> None:
    store = tmp_path / ".kpi"
    assert told_up_to(store) is None
    mark_as_told(store, seq=3)
    mark_as_told(store, seq=4)
    assert told_up_to(store) == 4


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b'{"seq": "x"}', b"\xff"])
def test_a_mark_that_says_nothing_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / TOLD).write_bytes(content)
    assert told_up_to(tmp_path) is None


def test_the_mark_is_no_fault_of_the_store(tmp_path: Path) -> None:
    mark_as_told(tmp_path, seq=0)
    store = Store(tmp_path)
    assert (store.verify(), store.strays(), store.as_of()) == ([], [], None)


@pytest.mark.parametrize("nth", range(1, 6))
def test_a_mark_that_cannot_be_written_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    mark_as_told(tmp_path, seq=1)
    failing = Failing(nth=nth, failure=OSError(28, "No space left on device"))
    monkeypatch.setattr(files, "system_call", failing)
    with pytest.raises(StoreError):
        mark_as_told(tmp_path, seq=2)
    monkeypatch.undo()
    assert told_up_to(tmp_path) == 1
