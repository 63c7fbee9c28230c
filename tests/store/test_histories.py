"""Whatever is done to a store, in whatever order, its answers are those of a plain list."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kpi.store import Store
from tests.store.histories import at, keep, rows_in_order


@dataclass
class Kept:
    """A batch as the plain list has it."""

    seq: int
    time: datetime
    values: list[float]


class Histories(RuleBasedStateMachine):
    """Ingest, undo and compact in any order, with a clock that jumps about."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.store = Store(self.folder / "store")
        self.held: list[Kept] = []
        self.seq = 0
        self.past: list[tuple[datetime, list[Kept]]] = []

    @rule(values=st.lists(st.floats(allow_nan=False), max_size=3), day=st.integers(-5, 5))
    def ingest(self, values: list[float], day: int) -> None:
        info = keep(self.store, *values, now=at(day))
        self.seq += 1
        assert info.seq == self.seq
        self.held = [*self.held, Kept(seq=info.seq, time=info.ingested_at, values=values)]
        self.remember(info.ingested_at)

    @precondition(lambda self: self.held)
    @rule(day=st.integers(-5, 5))
    def undo(self, day: int) -> None:
        info = self.store.undo(now=at(day))
        self.seq += 1
        assert (info.seq, info.undoes) == (self.seq, self.held[-1].seq)
        self.held = self.held[:-1]
        self.remember(info.ingested_at)

    @rule()
    def compact(self) -> None:
        self.store.compact(now=at(0))

    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        for time, held in data.draw(st.permutations(self.past))[:2]:
            self.compare(held, as_of=time)

    @invariant()
    def the_store_answers_as_the_list(self) -> None:
        self.compare(self.held, as_of=None)

    def remember(self, time: datetime) -> None:
        assert not self.past or time > self.past[-1][0]
        self.past.append((time, self.held))

    def compare(self, held: list[Kept], *, as_of: datetime | None) -> None:
        snapshot = self.store.snapshot(as_of=as_of)
        rows = rows_in_order(snapshot.observations).select("seq", "value").rows()
        assert rows == [(kept.seq, value) for kept in held for value in kept.values]
        assert snapshot.as_of == (held[-1].time if held else None)
        assert [info.seq for info in snapshot.batches if info.is_held] == [
            kept.seq for kept in held
        ]

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            assert self.store.verify() == []
            shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=int(os.environ.get("KPI_HISTORIES", "10")), stateful_step_count=15, deadline=None
)
