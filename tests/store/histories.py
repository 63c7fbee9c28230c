"""Stores made of a few batches, and what is asked of them afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import polars as pl

from kpi.store import BatchInfo, Snapshot, Store
from kpi.store.writing import APPENDED
from tests.builders import observations

START = datetime(2021, 11, 1, 9, 0, tzinfo=UTC)


def at(day: int) -> datetime:
    """Nine o'clock, that many days after 1 November 2021."""
    return START + timedelta(days=day)


def read_rows(*values: float | None, period: str = "2021-10") -> pl.DataFrame:
    """Rows as a reader gives them, an indicator each, with what ingest adds."""
    rows = [
        {"indicator": f"indicator-{place}", "period": period, "value": value}
        for place, value in enumerate(values)
    ]
    return observations(*rows).select(APPENDED)


def keep(store: Store, *values: float | None, now: datetime = START) -> BatchInfo:
    """One more batch of these values."""
    with store.writing(now=now) as writer:
        return writer.append(
            read_rows(*values), kind="ingest", batch="ab" * 32, file="board.xlsx", who="A"
        )


def rows_in_order(rows: pl.LazyFrame) -> pl.DataFrame:
    """The rows by batch and source order, which is what a store promises of their order."""
    return rows.collect().sort("seq", "row")


def answers(store: Store, *, times: Iterable[datetime | None] = (None,)) -> list[object]:
    """All that can be asked of a store, at each of these times, in a form that compares."""
    return [_answer(store.snapshot(as_of=time)) for time in times]


def _answer(snapshot: Snapshot) -> tuple[object, ...]:
    rows = rows_in_order(snapshot.observations)
    return rows.rows(), snapshot.batches, snapshot.as_of
