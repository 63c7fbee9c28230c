"""Adding batches: one run at a time, each batch one new file, nothing ever overwritten.

A file is written to a folder of temporary files, brought to the disk, and published under
a name that holds its number and hash. Until it has that name the batch is not there, and
from then on it is there whole; a run that dies leaves at most a temporary file, which the
next one sweeps. Which observations to add is left to the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from kpi import __version__, files
from kpi.domain.observation import READ, STORED
from kpi.errors import RequestError
from kpi.store.batches import BatchInfo, Kind, encode
from kpi.store.compaction import compact
from kpi.store.contents import Contents, Snapshot, check_format, read_contents
from kpi.store.lock import held_lock, who_runs
from kpi.store.publishing import publish, sweep, writing_to

APPENDED = (*READ, "report_end", "older")
"""The columns that `Writer.append` takes; it fills in the rest of `STORED`."""


class Writer:
    """The only way to add to a store; lives as long as the lock is held."""

    def __init__(self, store: Path, *, now: datetime) -> None:
        """A writer for a folder whose lock is held.

        Args:
            store: The store's folder.
            now: The time of this run, with its zone.
        """
        self._store = store
        self._now = now.astimezone(UTC)
        self._known: Contents | None = None

    def snapshot(self, *, as_of: datetime | None = None) -> Snapshot:
        """What is held, with what this writer added; as `Store.snapshot`."""
        return self._contents().snapshot(as_of=as_of)

    def scan(self, *, as_of: datetime | None = None) -> pl.LazyFrame:
        """The rows that count; as `Store.scan`."""
        return self.snapshot(as_of=as_of).observations

    def batches(self, *, as_of: datetime | None = None) -> list[BatchInfo]:
        """All batches by `seq`; as `Store.batches`."""
        return self._contents().batches(as_of=as_of)

    def append(
        self,
        rows: pl.DataFrame,
        *,
        kind: Kind,
        batch: str,
        file: str,
        catalogue_sha256: str = "",
        who: str = "",
        why: str = "",
        counts: Mapping[str, int] | None = None,
    ) -> BatchInfo:
        """The facts of a batch that is now kept: on the disk, whole.

        Args:
            rows: The columns of `APPENDED`, in the source's order, which `row` counts from 0.
            kind: `ingest`, `prefer` or `correct`.
            batch: SHA-256 of the source's bytes.
            file: The source's name without folders.
            catalogue_sha256: Hash of the catalogue it was read by.
            who: Who ran it; empty for the user of this process.
            why: The reason given.
            counts: What to report of it later, word to number.

        Raises:
            ValueError: The columns are not those of `APPENDED`.
            StoreError: It could not be written; the store is as it was before.
        """
        _refuse_other_columns(rows)
        seq, ingested_at = self._next()
        info = BatchInfo(
            seq=seq,
            kind=kind,
            batch=batch,
            file=file,
            ingested_at=ingested_at,
            report_end=rows.select(pl.col("report_end").max()).item(),
            rows=rows.height,
            observations=rows.filter(_is_observation()).height,
            kpi_version=__version__,
            catalogue_sha256=catalogue_sha256,
            who=who or who_runs(),
            why=why,
            counts=dict(counts or {}),
        )
        self._keep(info, rows=_with_batch(rows, info=info))
        return info

    def undo(self, *, who: str = "", why: str = "") -> BatchInfo:
        """The facts of the undo that took back the newest batch held; `undoes` says which.

        Raises:
            RequestError: No batch is held.
            StoreError: It could not be written; the store is as it was before.
        """
        seq, ingested_at = self._next()
        info = BatchInfo(
            seq=seq,
            kind="undo",
            batch="",
            file="",
            ingested_at=ingested_at,
            report_end=None,
            rows=0,
            observations=0,
            kpi_version=__version__,
            catalogue_sha256="",
            who=who or who_runs(),
            why=why,
            undoes=self._newest_held().seq,
        )
        self._keep(info, rows=pl.DataFrame(schema=STORED))
        return info

    def compact(self, *, at_least: int = 2) -> int:
        """How many files fewer keep the same batches; every answer stays what it was.

        Args:
            at_least: Files below which nothing is done, such as `kpi.store.MANY_FILES`.

        Raises:
            StoreError: A step failed; the answers are what they were all the same.
        """
        contents = self._contents()
        if len(contents.files) < at_least:
            return 0
        self._known = None
        compact(self._store, contents=contents)
        return len(contents.files) - len(self._contents().files)

    def _contents(self) -> Contents:
        if self._known is None:
            self._known = read_contents(self._store)
        return self._known

    def _next(self) -> tuple[int, datetime]:
        batches = self.batches()
        if not batches:
            return 1, self._now
        # The clock may have been put back; what counts as later must also look later.
        later = batches[-1].ingested_at + timedelta(microseconds=1)
        return batches[-1].seq + 1, max(self._now, later)

    def _newest_held(self) -> BatchInfo:
        held = [info for info in self.batches() if info.is_held]
        if not held:
            raise RequestError(
                "there is no batch to undo",
                where=str(self._store),
                hint="`kpi history` shows what was ingested and undone",
            )
        return held[-1]

    def _keep(self, info: BatchInfo, *, rows: pl.DataFrame) -> None:
        contents = self._contents()
        file = encode(rows, batches=(info,), compacted=False)
        self._known = None  # after a failure, look again rather than trust memory
        publish(self._store, file=file)
        self._known = Contents(files=(*contents.files, file), strays=contents.strays)


@contextmanager
def writer_of(store: Path, *, now: datetime, wait_seconds: float) -> Iterator[Writer]:
    """A writer for the time of a `with` block, during which no other run can write.

    Args:
        store: The store's folder; made if it is not there.
        now: The time of this run, with its zone.
        wait_seconds: How long to wait for another run.

    Raises:
        StoreBusyError: Another run held the lock all that time.
        StoreError: The folder cannot be written, or a newer `kpi` wrote it.
    """
    with ExitStack() as held:
        with writing_to(store):
            check_format(store)
            files.make_folder(store)
            held.enter_context(held_lock(store, now=now, wait_seconds=wait_seconds))
            sweep(store)
        yield Writer(store, now=now)


def _refuse_other_columns(rows: pl.DataFrame) -> None:
    wrong = {
        name
        for name in {*rows.columns, *APPENDED}
        if name not in APPENDED or rows.schema.get(name) != STORED[name]
    }
    if wrong:
        raise ValueError(f"not the columns of an observation: {', '.join(sorted(wrong))}")


def _is_observation() -> pl.Expr:
    return (pl.col("role") == "outturn") & (pl.col("state") != "blank")


def _with_batch(rows: pl.DataFrame, *, info: BatchInfo) -> pl.DataFrame:
    return (
        rows.with_row_index("row")
        .with_columns(
            pl.lit(info.batch).alias("batch"),
            pl.lit(info.seq).alias("seq"),
            pl.lit(info.ingested_at).alias("ingested_at"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in STORED.items())
    )
