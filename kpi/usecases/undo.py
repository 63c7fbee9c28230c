"""`kpi undo`: the last batch taken back, as a batch of its own; nothing is deleted."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.usecases.history import BATCH_ROWS, batch_row
from kpi.usecases.project import Project


def undo(project: Project, *, why: str = "", now: datetime) -> Answer:
    """Takes back the newest batch that is held; its source can be ingested again.

    Returns:
        An answer whose one row is the batch taken back, as `kpi history` shows it.

    Raises:
        RequestError: No batch is held.
        StoreBusyError: Another run holds the store.
    """
    with project.store.writing(now=now) as writer:
        info = writer.undo(why=why)
        taken_back = next(each for each in writer.batches() if each.seq == info.undoes)
        as_of = writer.snapshot().as_of
    return Answer(
        command="undo",
        authority=project.catalogue.authority,
        period=None,
        as_of=as_of,
        catalogue_sha256=project.catalogue.sha256,
        rows=pl.DataFrame([batch_row(taken_back, [])], schema=BATCH_ROWS, orient="row"),
        counts={"observations": taken_back.observations},
        messages=(
            Message("info", f"Taken back: batch {taken_back.seq}, {taken_back.file or 'a batch'}."),
        ),
    )
