"""`kpi history`: the batches that were kept, and what each of them restated."""

from __future__ import annotations

from typing import Any

import polars as pl

from kpi.domain.answer import Answer
from kpi.domain.history import restatements
from kpi.store import BatchInfo
from kpi.usecases.project import Choice, Project, chosen_indicators
from kpi.usecases.restatements import RESTATEMENT, about_hidden, told

BATCH_ROWS: dict[str, pl.DataType] = {
    "seq": pl.Int64(),
    "kind": pl.String(),  # ingest, prefer, correct, undo
    "file": pl.String(),
    "ingested_at": pl.Datetime("us", "UTC"),
    "observations": pl.Int64(),
    "who": pl.String(),
    "why": pl.String(),
    "undoes": pl.Int64(),
    "undone_by": pl.Int64(),
    "batch": pl.String(),
    "restatements": pl.List(RESTATEMENT),
}
"""The fields of a batch's row."""


def history(project: Project, choice: Choice | None = None, *, hide_small: bool = False) -> Answer:
    """Every batch, oldest first, with the figures it restated.

    Args:
        project: Catalogue and store.
        choice: Only restatements of these indicators; only what was kept by `as_of`.
        hide_small: Whether figures that are small, or would give small ones away, are left
            out, as in all that leaves the machine.
    """
    choice = choice or Choice()
    snapshot = project.store.snapshot(as_of=choice.as_of)
    ids = [each.id for each in chosen_indicators(project.catalogue, choice)]
    observations = snapshot.observations
    found = observations.filter(pl.col("indicator").is_in(ids)).pipe(restatements).collect()
    by_seq: dict[int, list[dict[str, Any]]] = {}
    hidden = 0
    for (seq,), changes in found.group_by("seq", maintain_order=True):
        restated, not_told = told(
            changes,
            before=observations.filter(pl.col("seq") < seq),
            after=observations.filter(pl.col("seq") <= seq),
            catalogue=project.catalogue,
            hide_small=hide_small,
        )
        by_seq[int(str(seq))] = restated.to_dicts()
        hidden += not_told
    rows = [batch_row(each, by_seq.get(each.seq, [])) for each in snapshot.batches]
    return Answer(
        command="history",
        authority=project.catalogue.authority,
        period=None,
        as_of=snapshot.as_of,
        catalogue_sha256=project.catalogue.sha256,
        rows=pl.DataFrame(rows, schema=BATCH_ROWS, orient="row"),
        counts={"batches": len(rows), "restatements": found.height},
        messages=(about_hidden(hidden),) if hidden else (),
    )


def batch_row(info: BatchInfo, restated: list[dict[str, Any]]) -> dict[str, Any]:
    """A batch under the names of `BATCH_ROWS`."""
    return {name: getattr(info, name) for name in BATCH_ROWS if name != "restatements"} | {
        "restatements": restated
    }
