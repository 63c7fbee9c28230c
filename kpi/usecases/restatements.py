"""Restated figures as commands tell them: old and new, or neither where one is hidden."""

from __future__ import annotations

import polars as pl

from kpi.domain.answer import Message
from kpi.domain.catalogue import Catalogue
from kpi.domain.observation import READ, STORED
from kpi.domain.suppression.restatements import with_hidden_changes

RESTATEMENT = pl.Struct(
    {
        "indicator": pl.String(),
        "area": pl.String(),
        "unit": pl.String(),
        "period": pl.String(),
        "old": pl.Float64(),
        "new": pl.Float64(),
        "state": pl.String(),
        "old_address": pl.String(),
        "new_address": pl.String(),
    }
)
"""One changed figure; `state` says why `new` is null, and is `suppressed` where both are hidden."""

RESTATEMENT_NAMES = tuple(field.name for field in RESTATEMENT.fields)

_NEWEST = 2**62
"""Number of a batch that is yet to be stored: above all that are."""


def told(
    changes: pl.DataFrame,
    *,
    before: pl.LazyFrame,
    after: pl.LazyFrame,
    catalogue: Catalogue,
    hide_small: bool,
) -> tuple[pl.DataFrame, int]:
    """The changes with the fields of a restatement, and how many of them tell no figure.

    Args:
        changes: The key, `old`, `new`, `state` (that of `new`), `old_address`, `new_address`.
        before: The stored rows that counted before them.
        after: Those that count after them.
        catalogue: Gives the limits.
        hide_small: Whether small numbers are suppressed, as in all that leaves the machine.
    """
    names = [pl.col(name).cast(field.dtype) for name, field in zip(*_FIELDS, strict=True)]
    if not hide_small:
        return changes.select(names), 0
    known = with_hidden_changes(changes, before=before, after=after, catalogue=catalogue)
    is_hidden = pl.col("is_hidden")
    shown = [pl.when(~is_hidden).then(name).alias(name) for name in ("old", "new")]
    state = pl.when(is_hidden).then(pl.lit("suppressed")).otherwise("state").alias("state")
    return known.with_columns(*shown, state).select(names), int(known["is_hidden"].sum())


def with_batch(observations: pl.LazyFrame, rows: pl.DataFrame) -> pl.LazyFrame:
    """What would be stored with these rows (columns `READ`, `report_end`, `older`) as a batch."""
    batch = rows.lazy().select(
        *READ,
        "report_end",
        "older",
        batch=pl.lit(""),
        seq=pl.lit(_NEWEST),
        row=pl.int_range(pl.len(), dtype=pl.Int64),
        ingested_at=pl.lit(None, dtype=STORED["ingested_at"]),
    )
    return pl.concat([frame.select(*STORED) for frame in (observations, batch)])


def about_hidden(count: int) -> Message:
    """That so many restatements tell no figure, and how to see them."""
    are = "restatement is small or gives" if count == 1 else "restatements are small or give"
    return Message(
        "info", f"{count} {are} a small number away: not shown here (--internal shows it)."
    )


_FIELDS = (RESTATEMENT_NAMES, RESTATEMENT.fields)
