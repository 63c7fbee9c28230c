"""The files of a monthly run: which are new, and what came of reading them.

A file is known by its bytes. One that is held already is not read again unless the
catalogue or `kpi` has changed since; one that was taken back stays taken back; one that
changes under the reader's hands is left for the next run. What was read is stored as
`kpi ingest` stores it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kpi import __version__
from kpi.domain.answer import Message
from kpi.errors import InputError
from kpi.readers.inbox import PassedOver, look_into
from kpi.readers.preflight import read_bytes
from kpi.store import BatchInfo
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Project

T = TypeVar("T")

_TAKEN_BACK = "was taken back with `kpi undo` and is left alone (`kpi ingest` reads it)"
_MOVING = "is still being written and is left for the next run"


class Track(Protocol):
    """Watches over the steps of a work: the same items, one after another."""

    def __call__(self, items: Sequence[T], what: str, /) -> Iterable[T]:
        """The items as they are, each asked for when the one before is done."""
        ...


def untracked(items: Sequence[T], _: str, /) -> Iterable[T]:
    """The items, watched by nobody."""
    return items


@dataclass(slots=True)
class Taken:
    """What the files gave, as they are read one after another.

    Attributes:
        rows: The rows of `ingest` about the files that brought news: a new or a restated
            figure, or, when first read, something that was not understood.
        messages: What `ingest` says of those.
        failures: What could not be read.
        passed_over: What was left alone.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    failures: list[InputError] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)


def read_new(
    project: Project,
    places: Iterable[Path],
    *,
    known: Iterable[BatchInfo],
    now: datetime,
    hide_small: bool,
    track: Track,
) -> Taken:
    """What came of the files in some places; those not held yet are stored, one after another.

    Args:
        project: Catalogue and store.
        places: Folders, and files named themselves.
        known: The store's batches.
        now: The moment of ingestion.
        hide_small: Whether small numbers are left out of what is told.
        track: Watches over the files being read.

    Raises:
        StoreError: The store cannot be written, or another run holds it.
    """
    inbox = look_into(places)
    taken = Taken(failures=[*inbox.failures], passed_over=[*inbox.passed_over])
    before = _Known.of(project, known)
    for path in track(inbox.files, "Reading"):
        stamp = _stamp(path)
        sha256 = _sha256(path)
        if sha256 in before.up_to_date:
            continue
        if sha256 in before.taken_back:
            taken.passed_over.append(PassedOver(path.name, _TAKEN_BACK, is_usual=False))
            continue
        came = ingest(project, [path], IngestOptions(), now=now, hide_small=hide_small)
        if came.failures and _stamp(path) != stamp:
            taken.passed_over.append(PassedOver(path.name, _MOVING, is_usual=False))
            continue
        taken.failures += came.failures
        rows = [row for row in came.answer.rows.to_dicts() if _is_news(row, sha256, before)]
        taken.rows += rows
        taken.messages += came.answer.messages if rows else ()
    return taken


@dataclass(frozen=True, slots=True)
class _Known:
    """Hashes of the files that were read before.

    Attributes:
        up_to_date: Held, and read by this catalogue and this `kpi`: nothing more is in them.
        held: Held, however they were read.
        taken_back: Not held, as all that was stored of them was undone.
    """

    up_to_date: frozenset[str]
    held: frozenset[str]
    taken_back: frozenset[str]

    @classmethod
    def of(cls, project: Project, batches: Iterable[BatchInfo]) -> _Known:
        """What a store's batches say."""
        read = [each for each in batches if each.kind == "ingest"]
        held = frozenset(each.batch for each in read if each.is_held)
        by = (project.catalogue.sha256, __version__)
        return cls(
            frozenset(
                each.batch
                for each in read
                if each.is_held and (each.catalogue_sha256, each.kpi_version) == by
            ),
            held,
            frozenset(each.batch for each in read) - held,
        )


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes while a file is written; null where it cannot be told."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _sha256(path: Path) -> str:
    """The hash of a file's bytes; empty where they cannot be read, which `ingest` will say."""
    try:
        return hashlib.sha256(read_bytes(path)).hexdigest()
    except InputError:
        return ""


def _is_news(row: dict[str, Any], sha256: str, known: _Known) -> bool:
    """Whether a file changed a figure, or was read for the first time and not all understood."""
    is_not_understood = bool(row["unmatched"] or row["unreadable"])
    return bool(row["new"] or row["restated"]) or (is_not_understood and sha256 not in known.held)
