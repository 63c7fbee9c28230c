"""The store's folder as it stands at one moment, read whole and proved whole, without a lock.

Batches are numbered without gaps, so a listing that met a writer half way shows as a gap
and is taken again; a gap that stays is a file that has gone. A batch that stands both in
its own file and in a compacted one is one batch. Writing is left to `kpi.store.writing`
and `kpi.store.compaction`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from kpi import files
from kpi.domain.observation import STORED
from kpi.errors import StoreError
from kpi.store.batches import BatchFile, BatchInfo, decode, is_batch_name, refuse_newer, with_undone

OBSERVATIONS = "observations"
FORMAT_FILE = "format.json"

PAUSES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
"""Seconds before each look at a folder that a writer is changing."""

_MADE_BY_SYSTEMS = frozenset({".DS_Store", "desktop.ini", "Thumbs.db"})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was held at one moment; nothing done to the store afterwards changes it.

    Attributes:
        observations: The rows that count, with the columns of `STORED`, in no promised
            order; those of batches taken back are left out.
        batches: All batches up to then, by `seq`, those taken back included and marked.
        as_of: Newest `ingested_at` of a batch that is held; null when nothing is.
        strays: Names in the folder of observations that are not the store's, such as a
            sync program's conflicted copies; they are not read.
    """

    observations: pl.LazyFrame
    batches: tuple[BatchInfo, ...]
    as_of: datetime | None
    strays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a store, each proved whole, and together without a gap."""

    files: tuple[BatchFile, ...]
    strays: tuple[str, ...]

    def reading_plan(self) -> list[tuple[BatchFile, list[BatchInfo]]]:
        """The files that are read, each with its batches to be read from it, by `seq`.

        A batch that stands in two files is read from the one that keeps more batches; a
        file all of whose batches are read from another is not in the plan.
        """
        by_size = sorted(self.files, key=lambda file: (len(file.batches), file.name))
        owners = {info.seq: file for file in by_size for info in file.batches}
        plan = [
            (file, [info for info in file.batches if owners[info.seq] is file])
            for file in self.files
        ]
        return sorted(
            ((file, batches) for file, batches in plan if batches),
            key=lambda step: step[1][0].seq,
        )

    def batches(self, *, as_of: datetime | None = None) -> list[BatchInfo]:
        """The batches ingested by then, by `seq`, those taken back by then marked."""
        infos = {info.seq: info for file in self.files for info in file.batches}
        by_then = [
            infos[seq] for seq in sorted(infos) if as_of is None or infos[seq].ingested_at <= as_of
        ]
        return with_undone(by_then)

    def snapshot(self, *, as_of: datetime | None = None) -> Snapshot:
        """What was held then; null: what is held now."""
        batches = self.batches(as_of=as_of)
        held = [info for info in batches if info.is_held]
        return Snapshot(
            observations=_scan(self.reading_plan(), seqs={info.seq for info in held}),
            batches=tuple(batches),
            as_of=held[-1].ingested_at if held else None,
            strays=self.strays,
        )


def read_contents(store: Path) -> Contents:
    """Everything in the store's folder, as of one moment; nothing when there is no such folder.

    Raises:
        StoreError: It cannot be read, a file of it is damaged or missing, two files claim
            the same number, or a newer `kpi` wrote it.
    """
    try:
        check_format(store)
        contents = _look_until_steady(store / OBSERVATIONS)
    except OSError as failure:
        raise unreadable(store, failure) from failure
    refuse_rivals(contents.files, folder=store / OBSERVATIONS)
    return contents


def check_format(store: Path) -> None:
    """Go on only with a store of a format that this version knows, or one not begun.

    Raises:
        StoreError: The format is newer or cannot be told.
        OSError: It cannot be read.
    """
    path = store / FORMAT_FILE
    try:
        format_number = json.loads(files.read_bytes(path))["format"]
        refuse_newer(int(format_number), where=path)
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError) as failure:
        raise StoreError(
            f"`{FORMAT_FILE}` does not tell the store's format",
            where=str(path),
            hint='its content is to be `{"format": 1}`',
        ) from failure


def missing(batch_files: Iterable[BatchFile]) -> list[int]:
    """The numbers without a batch below the highest one that has one."""
    seqs = {info.seq for file in batch_files for info in file.batches}
    return [seq for seq in range(1, max(seqs, default=0)) if seq not in seqs]


def refuse_rivals(batch_files: Iterable[BatchFile], *, folder: Path) -> None:
    """Go on only if each number stands for one batch.

    Raises:
        StoreError: Two files keep different batches under one number.
    """
    seen: dict[int, tuple[BatchInfo, str]] = {}
    for file in batch_files:
        for info in file.batches:
            earlier, name = seen.setdefault(info.seq, (info, file.name))
            if earlier != info:
                raise StoreError(
                    f"two batches bear the number {info.seq}: `{name}` and `{file.name}`",
                    where=str(folder),
                    hint="two machines wrote at once: move one of the two files elsewhere"
                    " and ingest its source again",
                )


def strays_among(names: Iterable[str]) -> list[str]:
    """The names that are neither the store's nor put into any folder by an operating system."""
    return [name for name in names if not is_batch_name(name) and name not in _MADE_BY_SYSTEMS]


def unreadable(path: Path, failure: OSError) -> StoreError:
    """The error for a store that the operating system does not let us read."""
    return StoreError(
        f"the store cannot be read: {failure.strerror or failure}",
        where=failure.filename or str(path),
        hint="see to it that you may read the folder and that its disk is connected",
    )


def _look_until_steady(folder: Path) -> Contents:
    for pause in PAUSES:
        time.sleep(pause)
        contents = _look(folder)
        if contents is not None and not missing(contents.files):
            return contents
    if contents is None:
        raise StoreError(
            "the store keeps changing while it is read",
            where=str(folder),
            hint="run again when the other run is done",
        )
    raise StoreError(
        f"batch {missing(contents.files)[0]} is missing from the store",
        where=str(folder),
        hint="put its file back from a backup, or let the folder finish synchronising",
    )


def _look(folder: Path) -> Contents | None:
    """One look at the folder; null when a file went while looking."""
    names = files.names_in(folder)
    try:
        found = [
            decode(name, content=files.read_bytes(folder / name), folder=folder)
            for name in names
            if is_batch_name(name)
        ]
    except FileNotFoundError:
        return None
    return Contents(files=tuple(found), strays=tuple(strays_among(names)))


def _scan(plan: list[tuple[BatchFile, list[BatchInfo]]], *, seqs: set[int]) -> pl.LazyFrame:
    whole, parts = [], []
    for file, batches in plan:
        kept = [info.seq for info in file.batches if info.rows]
        wanted = [info.seq for info in batches if info.rows and info.seq in seqs]
        if wanted and wanted == kept:
            whole.append(file.content)
        elif wanted:
            parts.append(_scan_bytes([file.content]).filter(pl.col("seq").is_in(wanted)))
    frames = ([_scan_bytes(whole)] if whole else []) + parts
    return pl.concat(frames) if frames else pl.LazyFrame(schema=STORED)


def _scan_bytes(contents: list[bytes]) -> pl.LazyFrame:
    # From memory: what was proved whole is what is parsed, and a file that compaction
    # removes meanwhile is missed by nobody.
    return pl.scan_parquet(contents, schema=STORED, glob=False)
