"""Where ingested observations are kept; nobody else knows the format.

A store is a folder that may be moved, copied or zipped:

```
format.json         {"format": 1}
observations/       one Parquet file a batch, never overwritten:
                    {seq}-{kind}-{hash of its bytes}.parquet, kind one of ingest, prefer,
                    correct, undo, and compact for several batches brought together
tmp/                files not finished
lock                held by the operating system while a run writes
lock-holder.json    who holds it, for the message to those who wait
told.json           up to which batch `kpi run` has told what is held
```

The rows have the columns of `kpi.domain.observation.STORED`, so DuckDB, Spark or Power BI
read the folder as it is; what is known of a batch stands in the metadata key `kpi_batches`
of its file, and `kpi.store.batches` says what that is. Whoever reads it so leaves out the
batches that an undo names, and takes a batch that stands in two files once.

Reading needs no lock and works where nothing may be written. Every file is read whole and
held against the hash in its name before a figure is taken from it. Which of several
observations counts is left to `kpi.domain.held`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kpi.store.batches import BatchInfo, Kind
from kpi.store.contents import OBSERVATIONS, Snapshot, read_contents
from kpi.store.health import problems

if TYPE_CHECKING:
    from kpi.store.writing import Writer

__all__ = ["MANY_FILES", "WAIT_SECONDS", "BatchInfo", "Kind", "Snapshot", "Store"]

WAIT_SECONDS = 30.0
"""How long a run waits for another that is writing."""

MANY_FILES = 500
"""Files from which on their number alone makes reading slow: what `Writer.compact` may wait for."""


class Store:
    """The kept observations of one project."""

    def __init__(self, folder: Path) -> None:
        """A store in this folder, which need not be there yet."""
        self.folder = folder

    def exists(self) -> bool:
        """Whether anything was ever kept here."""
        return (self.folder / OBSERVATIONS).is_dir()

    def snapshot(self, *, as_of: datetime | None = None) -> Snapshot:
        """What is held, or what was held then: rows, batches and time from one moment.

        Args:
            as_of: A time with its zone; batches ingested, and taken back, later are left out.

        Raises:
            StoreError: The store cannot be read, is damaged, or is of a newer format.
        """
        return read_contents(self.folder).snapshot(as_of=as_of)

    def scan(self, *, as_of: datetime | None = None) -> pl.LazyFrame:
        """The rows that count, with the columns of `STORED`, in no promised order.

        `seq` and `row` order them. `as_of` and what is raised are as in `snapshot`.
        """
        return self.snapshot(as_of=as_of).observations

    def batches(self, *, as_of: datetime | None = None) -> list[BatchInfo]:
        """All batches by `seq`, undos and what they took back included.

        `as_of` and what is raised are as in `snapshot`.
        """
        return list(self.snapshot(as_of=as_of).batches)

    def as_of(self, as_of: datetime | None = None) -> datetime | None:
        """Newest `ingested_at` of a batch that is held; null when nothing is.

        `as_of` and what is raised are as in `snapshot`.
        """
        return self.snapshot(as_of=as_of).as_of

    def strays(self) -> list[str]:
        """Names among the store's files that are not its own, such as conflicted copies.

        They are not read, which is worth a warning. What is raised is as in `snapshot`.
        """
        return list(read_contents(self.folder).strays)

    def verify(self) -> list[str]:
        """Everything that is wrong with the store, a sentence each; none when it is whole."""
        return problems(self.folder)

    def writing(
        self, *, now: datetime, wait_seconds: float = WAIT_SECONDS
    ) -> AbstractContextManager[Writer]:
        """A writer for the time of a `with` block, during which no other run can write.

        Args:
            now: The time of this run, with its zone.
            wait_seconds: How long to wait for another run.

        Raises:
            StoreBusyError: Another run was writing all that time; says which.
            StoreError: The folder cannot be written, or is of a newer format.
        """
        from kpi.store.writing import writer_of  # what locking imports, reading need not wait for

        return writer_of(self.folder, now=now, wait_seconds=wait_seconds)

    def undo(self, *, now: datetime, who: str = "", why: str = "") -> BatchInfo:
        """The facts of the undo that took back the newest batch held; `undoes` says which.

        Args:
            now: The time of this run, with its zone.
            who: Who ran it; empty for the user of this process.
            why: The reason given.

        Raises:
            RequestError: No batch is held.
            StoreError: As in `writing`.
        """
        with self.writing(now=now) as writer:
            return writer.undo(who=who, why=why)

    def compact(self, *, now: datetime) -> int:
        """How many files fewer keep the same batches; every answer stays what it was.

        Args:
            now: The time of this run, with its zone.

        Raises:
            StoreError: As in `writing`, or a step failed; the answers stay all the same.
        """
        with self.writing(now=now) as writer:
            return writer.compact()
