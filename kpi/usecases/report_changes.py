"""What a report tells has changed: since the period before, and since that was reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from kpi.domain.checks.restated import without_typed_years
from kpi.domain.held import SIGNIFICANT_DIGITS
from kpi.domain.history import restatements
from kpi.domain.observation import KEY
from kpi.domain.paper.changes import Verdicts, changes
from kpi.domain.paper.contents import CHANGE
from kpi.domain.period import Period, long_label
from kpi.domain.suppression.restatements import with_hidden_changes
from kpi.store import Snapshot
from kpi.usecases.report_answers import Answers, Question, ratings_of

RESTATED: dict[str, pl.DataType] = {
    **{name: pl.String() for name in KEY},
    "old": pl.Float64(),
    "new": pl.Float64(),
    "is_hidden": pl.Boolean(),
}
"""Figures that are no longer what they were, one row each; a null `new` was withdrawn."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was held until a period's own report came in: what the period before was told.

    Attributes:
        file: The newest report of then, without folders.
        seq: Number of the newest batch.
        ingested_at: When that came in.
    """

    file: str
    seq: int
    ingested_at: datetime


def held_before(snapshot: Snapshot, *, period: Period) -> Before | None:
    """What was held before the period's own report came in; null where no report was.

    The period's own is the first report whose newest figure is of the period, or later.
    """
    reports = [each for each in snapshot.batches if each.is_held and each.report_end]
    own = [each.seq for each in reports if each.report_end and each.report_end >= period.end]
    first = min(own, default=0)
    earlier = [each for each in reports if each.seq < first]
    if not earlier:
        return None
    newest = [each for each in snapshot.batches if each.is_held and each.seq < first][-1]
    return Before(earlier[-1].file, newest.seq, newest.ingested_at)


def changed_since(
    question: Question, answers: Answers, before: Before | None, restated: pl.DataFrame
) -> pl.DataFrame:
    """What changed since the period before (columns: `CHANGE`); none where it has no figure.

    Args:
        question: What the paper is about.
        answers: What was answered to it.
        before: What `held_before` gives.
        restated: What `restated_since` gives.
    """
    if not _is_known(answers.before):
        return pl.DataFrame(schema=CHANGE)
    reported = None
    if before:
        then = question.project.store.snapshot(as_of=before.ingested_at)
        reported = ratings_of(question, then, period=question.period.previous())
    return changes(
        answers.now,
        answers.before,
        reported=reported,
        restated=restated,
        catalogue=question.catalogue,
    )


def change_notes(
    question: Question, answers: Answers, before: Before | None, found: pl.DataFrame
) -> tuple[str, ...]:
    """That nothing changed, or that it cannot be told; a sentence each.

    Args:
        question: What the paper is about.
        answers: What was answered to it.
        before: What `held_before` gives.
        found: What `changed_since` gives.
    """
    earlier = long_label(question.period.previous())
    if not _is_known(answers.before):
        return (f"Nothing is held for {earlier} to set this beside.",)
    said = []
    if found.is_empty():
        said.append("No rating, no signal and no verdict beside others has turned.")
    if before is None:
        said.append(
            "No report came in before this period's own, so what was restated or reported "
            "otherwise cannot be told."
        )
    return tuple(said)


def _is_known(before: Verdicts) -> bool:
    return not before.rag["state"].is_null().all()


def restated_since(question: Question, before: Before | None) -> pl.DataFrame:
    """The paper's figures that changed since then (columns: `RESTATED`).

    Args:
        question: What the paper is about.
        before: What `held_before` gives; null for none, and then nothing was restated.
    """
    if before is None:
        return pl.DataFrame(schema=RESTATED)
    by_then = pl.col("period_end") <= question.period.end
    known = question.snapshot.observations.filter(by_then)
    asked = (
        question.place.filter()
        & pl.col("indicator").is_in([each.id for each in question.indicators])
        & (pl.col("role") == "outturn")
    )
    old, new = (pl.col(name).round_sig_figs(SIGNIFICANT_DIGITS) for name in ("old", "new"))
    found = (
        known.filter(asked)
        .pipe(without_typed_years)
        .pipe(restatements)
        .filter(pl.col("seq") > before.seq)
        .group_by(KEY, maintain_order=True)
        .agg(pl.col("old").first(), pl.col("new").last())
        .filter(old.ne_missing(new))
        .collect()
    )
    hidden = found.with_columns(is_hidden=pl.lit(value=False))
    if question.hide_small:
        then = known.filter(pl.col("seq") <= before.seq)
        hidden = with_hidden_changes(found, before=then, after=known, catalogue=question.catalogue)
    order = {each.id: at for at, each in enumerate(question.indicators)}
    place = pl.col("indicator").replace_strict(order, return_dtype=pl.Int64)
    return hidden.sort(place, "area", "unit", "period").select(
        pl.col(name).cast(dtype) for name, dtype in RESTATED.items()
    )
