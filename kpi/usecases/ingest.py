"""`kpi ingest`: sources read, kept, and what they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from kpi.domain.answer import Answer, Level, Message
from kpi.domain.changes import (
    conflicts,
    not_yet_stored,
    preferred,
    report_end,
    with_change,
    with_known_unchanged,
)
from kpi.domain.observation import KEY, READ, address_expr
from kpi.domain.suppression.restatements import hidden_keys
from kpi.errors import InputError, RequestError
from kpi.readers.limits import USUAL
from kpi.readers.source import SourceReading
from kpi.store import Kind
from kpi.store.writing import Writer
from kpi.usecases.councils import about_other_council
from kpi.usecases.project import Project
from kpi.usecases.restatements import RESTATEMENT, about_hidden, told, with_batch
from kpi.usecases.sources import in_one_line, read_sources

ROWS: dict[str, pl.DataType] = {
    "file": pl.String(),
    "observations": pl.Int64(),
    "targets": pl.Int64(),
    "new": pl.Int64(),
    "unchanged": pl.Int64(),
    "restated": pl.Int64(),
    "older": pl.Int64(),
    "restatements": pl.List(RESTATEMENT),
    "unmatched": pl.List(
        pl.Struct({"label": pl.String(), "address": pl.String(), "nearest": pl.List(pl.String())})
    ),
    "unreadable": pl.List(pl.Struct({"address": pl.String(), "raw": pl.String()})),
    "sheets": pl.List(pl.String()),
    "unused_columns": pl.List(pl.String()),
}
"""The fields of a file's row (design.md, section 6)."""

CHANGES = ("new", "unchanged", "restated", "older")


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How sources are to be taken.

    Attributes:
        dry_run: Store nothing, say what would be.
        strict: Store nothing unless every cell and label of every source was understood.
        restate: Let an older report's figures displace a newer one's.
        prefer: Sheet, theme or cell that wins where a source contradicts itself.
        hidden: Read hidden sheets too.
        who: The person or job that asks; kept with the batch.
        limits: How many times the usual a source may hold, for one that is trusted.
    """

    dry_run: bool = False
    strict: bool = False
    restate: bool = False
    prefer: str = ""
    hidden: bool = False
    who: str = ""
    limits: int = 1


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of an ingest.

    Attributes:
        answer: The answer; a row a source that was read.
        failures: What could not be read, in the order given.
        strict_unmet: Whether `strict` kept everything from being stored.
    """

    answer: Answer
    failures: tuple[InputError, ...] = ()
    strict_unmet: bool = False


@dataclass(slots=True)
class _Tally:
    """One source's row and messages as they come about."""

    row: dict[str, Any]
    messages: list[Message] = field(default_factory=list)

    def say(self, level: Level, text: str) -> None:
        self.messages.append(Message(level, text))


def ingest(
    project: Project,
    paths: Iterable[Path],
    options: IngestOptions,
    *,
    now: datetime,
    hide_small: bool = False,
) -> Ingested:
    """Reads sources and keeps what they say, one batch a source.

    A source that cannot be read is a failure and the others are stored all the same.

    Args:
        project: Catalogue and store.
        paths: The sources, in the order in which they are to count.
        options: How to take them.
        now: The moment of ingestion.
        hide_small: Whether small numbers are left out of what is told of changed and
            contradicting figures, as in all that leaves the machine. Storing hides nothing.

    Raises:
        RequestError: `prefer` chooses nothing.
        StoreBusyError: Another run holds the store.
    """
    readings, failures = read_sources(
        project.catalogue, paths, hidden=options.hidden, limits=USUAL.times(options.limits)
    )
    understood = not any(each.unreadable or each.unmatched for each in readings)
    strict_unmet = options.strict and (not understood or bool(failures))
    store_nothing = options.dry_run or strict_unmet
    tallies = [
        _dry_run(project, reading, options, hide_small=hide_small)
        if store_nothing
        else _store(project, reading, options, now=now, hide_small=hide_small)
        for reading in readings
    ]
    answer = _answer(project, tallies)
    said = [Message("error", in_one_line(failure)) for failure in failures]
    if strict_unmet:
        said.append(
            Message("error", "nothing was stored: --strict asks that everything be understood")
        )
    answer = replace(answer, messages=(*answer.messages, *said))
    return Ingested(answer, failures=tuple(failures), strict_unmet=strict_unmet)


def is_failing(ingested: Ingested, *, level: str) -> bool:
    """Whether `--strict` is unmet, or a source holds what `--fail-on` names."""
    counts = ingested.answer.counts
    return ingested.strict_unmet or (level in ("unreadable", "unmatched") and counts[level] > 0)


def _dry_run(
    project: Project, reading: SourceReading, options: IngestOptions, *, hide_small: bool
) -> _Tally:
    observations = project.store.scan()
    tally, _ = _judge(project, reading, options, observations=observations, hide_small=hide_small)
    if options.prefer:
        _preferred(reading, options)
    tally.say("info", f"{reading.file}: nothing was stored (--dry-run)" if options.dry_run else "")
    tally.messages = [each for each in tally.messages if each.text]
    return tally


def _store(
    project: Project,
    reading: SourceReading,
    options: IngestOptions,
    *,
    now: datetime,
    hide_small: bool,
) -> _Tally:
    chosen = _preferred(reading, options) if options.prefer else None
    with project.store.writing(now=now) as writer:
        observations = writer.scan()
        tally, rows = _judge(
            project, reading, options, observations=observations, hide_small=hide_small
        )
        fresh = _fresh(rows, observations, options, batch=reading.sha256)
        if not fresh.is_empty():
            _append(writer, fresh, project, reading, options, kind="ingest", batch=reading.sha256)
        elif chosen is None:
            tally.say("info", f"{reading.file}: nothing new")
        if chosen is not None:
            _store_preferred(writer, chosen, project, reading, options, tally)
    return tally


def _store_preferred(
    writer: Writer,
    chosen: pl.DataFrame,
    project: Project,
    reading: SourceReading,
    options: IngestOptions,
    tally: _Tally,
) -> None:
    """The chosen figures as a batch of their own, so that undo gives the conflict back."""
    said = f"{reading.sha256}:prefer:{options.prefer.strip().casefold()}"
    batch = hashlib.sha256(said.encode()).hexdigest()
    observations = writer.scan()
    rows = with_change(
        chosen,
        observations,
        report_end=report_end(reading.observations, authority=project.catalogue.authority),
        restate=options.restate,
    )
    # An earlier choice, made again after another, counts again.
    fresh = _fresh(rows, observations, replace(options, restate=True), batch=batch)
    if fresh.is_empty():
        tally.say("info", f"{reading.file}: nothing new, `{options.prefer}` is already preferred")
        return
    _append(writer, fresh, project, reading, options, kind="prefer", batch=batch)
    figures = "1 figure" if chosen.height == 1 else f"{chosen.height} figures"
    tally.say("info", f"{reading.file}: `{options.prefer}` preferred for {figures}")


def _append(
    writer: Writer,
    rows: pl.DataFrame,
    project: Project,
    reading: SourceReading,
    options: IngestOptions,
    *,
    kind: Kind,
    batch: str,
) -> None:
    writer.append(
        rows.select(*READ, "report_end", "older"),
        kind=kind,
        batch=batch,
        file=reading.file,
        why=f"prefer {options.prefer}" if kind == "prefer" else "",
        who=options.who,
        catalogue_sha256=project.catalogue.sha256,
    )


def _judge(
    project: Project,
    reading: SourceReading,
    options: IngestOptions,
    *,
    observations: pl.LazyFrame,
    hide_small: bool,
) -> tuple[_Tally, pl.DataFrame]:
    """A source's row, and its observations with what they change."""
    read = reading.observations
    rows = with_change(
        read,
        observations,
        report_end=report_end(read, authority=project.catalogue.authority),
        restate=options.restate,
    )
    stored = observations.filter(pl.col("batch") == reading.sha256).collect()
    rows = with_known_unchanged(rows, stored, restate=options.restate)
    after = with_batch(observations, rows)
    restated, hidden = told(
        rows.filter(pl.col("change") == "restated").pipe(_changes),
        before=observations,
        after=after,
        catalogue=project.catalogue,
        hide_small=hide_small,
    )
    tally = _Tally(_row(reading, rows, restated))
    _tell(tally, reading, project)
    if hidden:
        tally.messages.append(about_hidden(hidden))
    if not options.prefer:
        found = conflicts(read)
        small = hidden_keys(after, project.catalogue) if hide_small and found.height else None
        _tell_of_conflicts(tally, found, small=small)
    return tally, rows


def _row(reading: SourceReading, rows: pl.DataFrame, restated: pl.DataFrame) -> dict[str, Any]:
    counts = {change: int((rows["change"] == change).sum()) for change in CHANGES}
    return {
        "file": reading.file,
        "observations": sum(counts.values()),
        "targets": int(((rows["role"] == "target") & (rows["state"] != "blank")).sum()),
        **counts,
        "restatements": restated.to_dicts(),
        "unmatched": [
            {"label": each.label, "address": each.address, "nearest": list(each.nearest)}
            for each in reading.unmatched
        ],
        "unreadable": [{"address": each.address, "raw": each.raw} for each in reading.unreadable],
        "sheets": list(reading.sheets),
        "unused_columns": [
            f"{each.address} {each.heading} ({each.reason})" for each in reading.unused_columns
        ],
    }


def _tell(tally: _Tally, reading: SourceReading, project: Project) -> None:
    if other := about_other_council(reading.councils, project.catalogue):
        tally.say("warning", f"{reading.file}: {other}")
    for text in reading.messages:
        tally.say("info", text)
    for name in reading.hidden:
        tally.say(
            "warning", f"{reading.file}: hidden sheet `{name}` was left out (--hidden reads it)"
        )


def _tell_of_conflicts(tally: _Tally, found: pl.DataFrame, *, small: pl.DataFrame | None) -> None:
    """Warns of each key with two figures; of those among the small ones, by their cells only."""
    hidden = set(small.select(KEY).iter_rows()) if small is not None else set()
    for row in found.iter_rows(named=True):
        is_hidden = tuple(row[name] for name in KEY) in hidden
        figures = "two figures, one of them small" if is_hidden else "two figures"
        said = " and ".join(
            each["address"] if is_hidden else f"{each['value']:g} ({each['address']})"
            for each in row["said"]
        )
        tally.say(
            "warning",
            f"{row['indicator']} {row['period']} has {figures}: {said}; neither is used until "
            "the source is mended or --prefer chooses a sheet, a theme or a cell",
        )


def _changes(restated: pl.DataFrame) -> pl.DataFrame:
    return restated.select(
        *KEY, "old_address", "state", old="old_value", new="value", new_address=address_expr()
    )


def _fresh(
    rows: pl.DataFrame, observations: pl.LazyFrame, options: IngestOptions, *, batch: str
) -> pl.DataFrame:
    """The rows that this batch does not hold yet, and those it is told to restate again."""
    fresh = not_yet_stored(rows, observations.filter(pl.col("batch") == batch).collect())
    if not options.restate:
        return fresh
    return pl.concat([fresh, rows.filter(pl.col("change") == "restated")]).unique(
        maintain_order=True
    )


def _preferred(reading: SourceReading, options: IngestOptions) -> pl.DataFrame:
    contradictions = conflicts(reading.observations)
    chosen = preferred(reading.observations, contradictions, choice=options.prefer)
    if chosen.is_empty():
        places = contradictions.select(
            pl.col("said").list.eval(pl.element().struct.field("address")).explode()
        ).to_series()
        raise RequestError(
            f"`{options.prefer}` names no sheet, theme or cell of a figure that is printed twice",
            where=reading.file,
            hint=f"the figures stand at {', '.join(places)}"
            if len(places)
            else "no indicator has two figures for one period in this source",
        )
    undecided = conflicts(chosen)
    if undecided.height:
        said = [each["address"] for each in undecided.row(0, named=True)["said"]]
        raise RequestError(
            f"`{options.prefer}` names two figures of one indicator and period",
            where=reading.file,
            hint=f"name one whole: --prefer {said[0]!r} or --prefer {said[1]!r}".replace("'", '"'),
        )
    return chosen


def _answer(project: Project, tallies: list[_Tally]) -> Answer:
    rows = pl.DataFrame([each.row for each in tallies], schema=ROWS, orient="row")
    counts = {name: int(rows[name].sum()) for name in ("observations", "targets", *CHANGES)}
    counts |= {name: int(rows[name].list.len().sum()) for name in ("unmatched", "unreadable")}
    return Answer(
        command="ingest",
        authority=project.catalogue.authority,
        period=None,
        as_of=project.store.as_of(),
        catalogue_sha256=project.catalogue.sha256,
        rows=rows,
        counts=counts,
        messages=tuple(message for each in tallies for message in each.messages),
    )
