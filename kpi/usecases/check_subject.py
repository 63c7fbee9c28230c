"""What `kpi check` looks at: the held figures, or files as if they were the newest beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kpi.domain.answer import Message
from kpi.domain.catalogue import Catalogue
from kpi.domain.changes import report_end, with_change
from kpi.domain.checks.context import LABELS
from kpi.domain.checks.relevant import own_rows, relevant_rows
from kpi.domain.checks.restated import RESTATED, restated_by_reports, without_typed_years
from kpi.domain.observation import STORED
from kpi.errors import InputError
from kpi.readers.columns import NO_USE
from kpi.readers.source import SourceReading
from kpi.store import Snapshot
from kpi.usecases.project import Project
from kpi.usecases.sources import in_one_line, read_sources

BULK = 50_000
"""A batch of more rows is a published file of every authority, not anyone's report."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked: stored figures, or files beside them.

    Attributes:
        observations: Columns of `STORED` and `is_subject`.
        restated: Figures that what is checked has changed (columns: `RESTATED`).
        labels: Labels that no indicator claims (columns: `LABELS`).
        messages: What else a reader should know.
        failures: Files that could not be read.
    """

    observations: pl.LazyFrame
    restated: pl.LazyFrame
    labels: pl.LazyFrame
    messages: tuple[Message, ...] = ()
    failures: tuple[InputError, ...] = field(default=())


def subject_of_store(project: Project, snapshot: Snapshot) -> Subject:
    """The held figures; what the newest report restated is told."""
    reports = [each for each in snapshot.batches if each.is_held and each.kind == "ingest"]
    newest = max((each.report_end for each in reports if each.report_end), default=None)
    seqs = [each.seq for each in reports if each.report_end == newest]
    bulk = [each.seq for each in snapshot.batches if each.rows > BULK]
    observations = relevant_rows(snapshot.observations, project.catalogue, bulk=bulk)
    return Subject(
        observations.with_columns(is_subject=pl.lit(value=True)),
        restated_by_reports(observations, authority=project.catalogue.authority, seqs=seqs),
        pl.LazyFrame(schema=LABELS),
        (Message("info", "Nothing has been ingested yet."),) if snapshot.as_of is None else (),
    )


def subject_of_files(
    project: Project, snapshot: Snapshot, paths: Sequence[Path], *, hidden: bool
) -> Subject:
    """The files as if each were the newest, beside the own figures that are held.

    Args:
        project: Catalogue and store.
        snapshot: What is held.
        paths: The files, in the order in which they are to count.
        hidden: Whether hidden sheets are read too.
    """
    catalogue = project.catalogue
    held = own_rows(snapshot.observations, catalogue)
    newest = max((each.seq for each in snapshot.batches), default=0)
    readings, failures = read_sources(catalogue, paths, hidden=hidden)
    frames, restated, labels, messages = [], [], [], []
    known = held
    for seq, reading in enumerate(readings, start=newest + 1):
        rows = _as_stored(reading, catalogue, seq=seq)
        frames.append(rows)
        restated.append(_restated(reading, catalogue, known, seq=seq))
        known = pl.concat([known, rows.select(*STORED)])
        labels.append(_labels(reading, seq=seq))
        messages += _messages(reading)
    messages += [Message("error", in_one_line(each)) for each in failures]
    return Subject(
        pl.concat([held.with_columns(is_subject=pl.lit(value=False)), *frames]),
        pl.concat(restated) if restated else pl.LazyFrame(schema=RESTATED),
        pl.concat(labels) if labels else pl.LazyFrame(schema=LABELS),
        tuple(messages),
        tuple(failures),
    )


def _as_stored(reading: SourceReading, catalogue: Catalogue, *, seq: int) -> pl.LazyFrame:
    """A file's rows as the store would keep them."""
    end = report_end(reading.observations, authority=catalogue.authority)
    return (
        reading.observations.with_columns(
            batch=pl.lit(reading.sha256),
            seq=pl.lit(seq, dtype=pl.Int64),
            row=pl.int_range(pl.len(), dtype=pl.Int64),
            ingested_at=pl.lit(None, dtype=STORED["ingested_at"]),
            report_end=pl.lit(end, dtype=pl.Date),
            older=pl.lit(value=False),
        )
        .select(*STORED, is_subject=pl.lit(value=True))
        .lazy()
    )


def _restated(
    reading: SourceReading, catalogue: Catalogue, held: pl.LazyFrame, *, seq: int
) -> pl.LazyFrame:
    """The own held figures that a file would change, those of newer reports aside."""
    own = reading.observations.filter(
        (pl.col("area") == catalogue.authority) & pl.col("period").is_not_null()
    )
    end = report_end(reading.observations, authority=catalogue.authority)
    changed = with_change(own, held, report_end=end, restate=False)
    return (
        changed.lazy()
        .pipe(without_typed_years)
        .filter(pl.col("change") == "restated")
        .with_columns(seq=pl.lit(seq), old="old_value", new="value")
        .select(pl.col(name).cast(dtype) for name, dtype in RESTATED.items())
    )


def _labels(reading: SourceReading, *, seq: int) -> pl.LazyFrame:
    """The labels that no indicator claims, with their cells."""
    rows = []
    for each in reading.unmatched:
        place, _, cell = each.address.removeprefix(reading.file).rpartition("!")
        sheet = place.removeprefix(":") or None
        rows.append((each.label, list(each.nearest), reading.file, sheet, cell or None, seq))
    return pl.LazyFrame(rows, schema=LABELS, orient="row")


def _messages(reading: SourceReading) -> list[Message]:
    said = [Message("info", text) for text in reading.messages]
    said += [
        Message("info", f"{each.address} `{each.heading}` is not used: {each.reason}")
        for each in reading.unused_columns
        if each.reason != NO_USE
    ]
    return said + [
        Message(
            "warning", f"{reading.file}: hidden sheet `{name}` was left out (--hidden reads it)"
        )
        for name in reading.hidden
    ]
