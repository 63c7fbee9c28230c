"""A batch and the file it is kept in: facts, name and bytes, and the proof that they are whole.

A file is an ordinary Parquet file of the columns of `kpi.domain.observation.STORED`. The
facts of its batches stand in the Parquet key-value metadata: `kpi_format` is the
format's number, `kpi_batches` a JSON list with one object a batch. The file's name ends
in a hash of its bytes, so a changed byte is seen before anything is made of it. Folders,
locks and the order of writing are left to the other modules of the store.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, cast

import polars as pl

from kpi.domain.observation import STORED
from kpi.errors import StoreError

FORMAT = 1
"""Number of the store's format; a store with a higher one is refused."""

Kind = Literal["ingest", "prefer", "correct", "undo"]

ORDER = ("period_months", "period_end")
"""How rows lie in a file, so that one period is few row groups; else as their sources had them."""

ROW_GROUP_ROWS = 50_000
"""Rows a group: small enough to skip, large enough to compress."""

_NAME = re.compile(r"(\d{8,})-(ingest|prefer|correct|undo|compact)-([0-9a-f]{32})\.parquet")


@dataclass(frozen=True, slots=True)
class BatchInfo:
    """What is known of one batch, whatever its rows say.

    Attributes:
        seq: Order of ingestion, from 1 without gaps; a batch taken back keeps its number.
        kind: `ingest`, `prefer`, `correct` or `undo`.
        batch: SHA-256 of the source's bytes; empty for an undo.
        file: The source's name without folders; empty for an undo.
        ingested_at: UTC, microseconds; later than that of every batch before it.
        report_end: Last day of the newest period its report holds a figure for; null for none.
        rows: Rows kept.
        observations: Rows kept, blanks and typed targets not counted.
        kpi_version: Version of `kpi` that wrote it.
        catalogue_sha256: Hash of the catalogue it was read by.
        who: Who ran it, as `user@host`.
        why: The reason given; empty for none.
        undoes: Of an undo, the `seq` that it takes back; else null.
        counts: What `ingest` reported, word to number.
        undone_by: The `seq` of the undo that took it back; null while it is held. Not kept
            with the batch but found from the undos.
    """

    seq: int
    kind: Kind
    batch: str
    file: str
    ingested_at: datetime
    report_end: date | None
    rows: int
    observations: int
    kpi_version: str
    catalogue_sha256: str
    who: str
    why: str
    undoes: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    undone_by: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether its rows count: neither an undo nor taken back."""
        return self.kind != "undo" and self.undone_by is None


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file of the store, read once and proved whole.

    Attributes:
        name: Its name in the folder of observations.
        content: Its bytes; the rows are parsed from these, never from the disk again.
        batches: The batches it keeps, by `seq`; one, or several after compaction.
    """

    name: str
    content: bytes
    batches: tuple[BatchInfo, ...]

    def rows(self) -> pl.DataFrame:
        """Every row it keeps, in no promised order."""
        return pl.read_parquet(self.content)

    def rows_of(self, batches: list[BatchInfo]) -> pl.DataFrame:
        """The rows of some of its batches, in no promised order."""
        return self.rows().filter(pl.col("seq").is_in([info.seq for info in batches]))


def is_batch_name(name: str) -> bool:
    """Whether a file of this name is the store's own."""
    return _NAME.fullmatch(name) is not None


def with_undone(batches: list[BatchInfo]) -> list[BatchInfo]:
    """The batches with `undone_by` filled in from the undos among them."""
    undone_by = {info.undoes: info.seq for info in batches if info.undoes is not None}
    return [
        replace(info, undone_by=undone_by[info.seq]) if info.seq in undone_by else info
        for info in batches
    ]


def encode(rows: pl.DataFrame, *, batches: tuple[BatchInfo, ...], compacted: bool) -> BatchFile:
    """The file that keeps these batches and their rows.

    Args:
        rows: The columns of `STORED`, those of all the batches.
        batches: One batch, or those that compaction brings together; by `seq`.
        compacted: Whether it is the outcome of compaction.
    """
    buffer = io.BytesIO()
    rows.sort(ORDER, maintain_order=True).write_parquet(
        buffer,
        row_group_size=ROW_GROUP_ROWS,
        metadata={
            "kpi_format": str(FORMAT),
            "kpi_batches": json.dumps([_as_json(info) for info in batches]),
        },
    )
    content = buffer.getvalue()
    kind = "compact" if compacted else batches[-1].kind
    name = f"{batches[-1].seq:08d}-{kind}-{_short_hash(content)}.parquet"
    return BatchFile(name=name, content=content, batches=batches)


def decode(name: str, *, content: bytes, folder: Path) -> BatchFile:
    """The file of this name and these bytes, proved whole.

    Args:
        name: A name for which `is_batch_name` holds.
        content: The bytes found under it.
        folder: Where it lies, for the message.

    Raises:
        StoreError: A byte is not as it was written, or a newer `kpi` wrote it.
    """
    seq, kind, short_hash = cast("re.Match[str]", _NAME.fullmatch(name)).groups()
    if _short_hash(content) != short_hash:
        raise damaged(folder / name, "its bytes are not those that were written")
    try:
        metadata = pl.read_parquet_metadata(content)
        format_number = int(metadata["kpi_format"])
        refuse_newer(format_number, where=folder / name)
        batches = tuple(_from_json(entry) for entry in json.loads(metadata["kpi_batches"]))
    except (pl.exceptions.PolarsError, KeyError, TypeError, ValueError) as failure:
        raise damaged(folder / name, "it does not say which batches it keeps") from failure
    if not batches or batches[-1].seq != int(seq) or kind not in (batches[-1].kind, "compact"):
        raise damaged(folder / name, "it does not bear the name that it was given")
    return BatchFile(name=name, content=content, batches=batches)


def check_rows(file: BatchFile) -> list[str]:
    """What is wrong with the rows of a file, in sentences; a list of none when they are whole."""
    try:
        rows = file.rows()
    except pl.exceptions.PolarsError:
        return [f"`{file.name}` cannot be parsed"]
    if dict(rows.schema) != STORED:
        return [f"`{file.name}` does not have the columns of an observation"]
    kept = {seq: (count, times) for seq, count, times in _rows_by_batch(rows)}
    told = {info.seq: (info.rows, [info.ingested_at]) for info in file.batches if info.rows}
    return [] if kept == told else [f"`{file.name}` keeps other rows than it says"]


def damaged(path: Path, what: str) -> StoreError:
    """The error for a file of the store that cannot be trusted."""
    return StoreError(
        f"`{path.name}` is damaged: {what}",
        where=str(path),
        hint="put this file back from a backup; `kpi doctor --verify` lists every problem",
    )


def refuse_newer(format_number: int, *, where: Path) -> None:
    """Go on only with a store of a format that this version knows.

    Raises:
        StoreError: The format is newer.
    """
    if format_number > FORMAT:
        raise StoreError(
            f"the store has format {format_number}, but this `kpi` knows formats up to {FORMAT}",
            where=str(where),
            hint="install a newer `kpi`; nothing was changed",
        )


def _rows_by_batch(rows: pl.DataFrame) -> list[tuple[int, int, list[datetime]]]:
    counted = rows.group_by("seq").agg(pl.len(), pl.col("ingested_at").unique())
    return cast("list[tuple[int, int, list[datetime]]]", counted.rows())


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _as_json(info: BatchInfo) -> dict[str, Any]:
    entry = asdict(info) | {"ingested_at": info.ingested_at.isoformat()}
    entry["report_end"] = info.report_end and info.report_end.isoformat()
    del entry["undone_by"]
    return entry


def _from_json(entry: dict[str, Any]) -> BatchInfo:
    known = {item.name for item in fields(BatchInfo)}
    values = {name: value for name, value in entry.items() if name in known}
    values["ingested_at"] = datetime.fromisoformat(values["ingested_at"])
    values["report_end"] = values["report_end"] and date.fromisoformat(values["report_end"])
    return BatchInfo(**values)
