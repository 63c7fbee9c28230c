"""What the tests of the store share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kpi.store import Store


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power cut is tested, so nothing need reach the disk; the calls are made all the same."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store not begun, in a folder whose name holds what patterns and shells trip over."""
    return Store(tmp_path / "Board [final] £ 2021" / ".kpi")
