"""`kpi rag`: red, amber, green or why not, per indicator."""

from __future__ import annotations

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.catalogue import Catalogue
from kpi.domain.outturn import ratio_parts
from kpi.domain.period import Period
from kpi.domain.reasons import rag_reason, target_text
from kpi.domain.scorecard import (
    changed,
    exceptions,
    held_figures,
    indicator_frame,
    monthly_keys,
    scorecard,
)
from kpi.errors import RequestError
from kpi.store import Snapshot
from kpi.usecases.project import (
    Choice,
    Project,
    chosen_period,
    in_words,
    newest_period,
)
from kpi.usecases.question import Asked, asked
from kpi.usecases.targets import targets_to_judge_by

STATUSES = ("red", "amber", "green", "blue")


def rag(
    project: Project,
    choice: Choice | None = None,
    *,
    only_changed: bool = False,
    only_exceptions: bool = False,
    hide_small: bool = False,
    snapshot: Snapshot | None = None,
) -> Answer:
    """The rating of each indicator asked for, with its reason.

    Args:
        project: Catalogue and store.
        choice: Which part of it; by default every indicator at the newest month.
        only_changed: Only those whose status differs from that of the period before.
        only_exceptions: Only red and amber, red and worsening first.
        hide_small: Whether small numbers are suppressed, as in all that leaves the machine.
        snapshot: What is held, where it has been read already.

    Returns:
        An answer whose rows have the fields of design.md, section 6, and for showing:
        `target_low`, `target_high` (of a range, whose `target` is null), `target_words`,
        `previous_outturn`, `direction_of_travel`, `is_worse`, `related`.

    Raises:
        RequestError: Nothing is held, or what was asked for is unknown.
    """
    choice = choice or Choice()
    question = asked(project, choice, snapshot=snapshot)
    catalogue, observations = question.catalogue, question.observations
    indicators, place = question.indicators, question.place
    period = chosen_period(catalogue, observations, said=choice.period)
    wanted = ratio_parts(catalogue, {each.id for each in indicators})
    held = held_figures(
        observations,
        catalogue,
        place=place,
        up_to=period,
        indicators=wanted,
        hide_small=hide_small,
    )
    cards = scorecard(
        held,
        monthly_keys(observations, held, catalogue, place=place),
        indicators=indicator_frame(indicators).lazy(),
        targets=targets_to_judge_by(catalogue, observations),
        place=place,
        up_to=period,
    ).collect()
    if only_changed:
        cards = changed(cards)
    if only_exceptions:
        cards = exceptions(cards)
    return Answer(
        command="rag",
        authority=catalogue.authority,
        period=str(period),
        as_of=question.snapshot.as_of,
        catalogue_sha256=catalogue.sha256,
        rows=rag_rows(cards, catalogue),
        counts=_counts(cards),
        messages=_messages(cards, question, period, is_chosen=choice.period is not None),
    )


def is_failing(answer: Answer, *, level: str) -> bool:
    """Whether an answer holds what `--fail-on` names: `red`, `amber` (or red), or `worse`."""
    rows = answer.rows
    if level == "worse":
        return bool(rows["is_worse"].any())
    levels = {"red": ["red"], "amber": ["red", "amber"]}.get(level, [])
    return bool(rows["rag_status"].is_in(levels).any())


def rag_rows(cards: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The rows of a scorecard under the names of design.md, section 6."""
    by_id = {each.id: each for each in catalogue.indicators}
    rows = list(cards.iter_rows(named=True))
    reasons = [rag_reason(row, by_id[row["indicator"]]) for row in rows]
    targets = [target_text(row, by_id[row["indicator"]]) for row in rows]
    has_source = pl.col("source_file").is_not_null()
    has_target = pl.col("nearer_edge").is_not_null()
    source = pl.struct(file="source_file", sheet="source_sheet", cell="source_cell")
    return cards.select(
        *("indicator", "title", "theme", "area", "unit", "period"),
        pl.col("value").alias("outturn"),
        "outturn_type",
        "state",
        pl.when(has_source).then(source).alias("source"),
        pl.col("target_value").alias("target"),
        *("target_low", "target_high"),
        pl.Series("target_words", targets, dtype=pl.String),
        pl.when(has_target).then("compared").alias("target_value_compared"),
        pl.col("edge_distance").alias("distance_to_target"),
        *("rag_status", "why_unrated"),
        pl.Series("reason", reasons, dtype=pl.String),
        "previous_status",
        pl.col("previous_value").alias("previous_outturn"),
        pl.col("previous_conflict").fill_null(value=False),
        *("direction_of_travel", "is_worse", "related"),
    )


def _counts(cards: pl.DataFrame) -> dict[str, int]:
    statuses = cards["rag_status"].to_list()
    counts = {status: statuses.count(status) for status in STATUSES}
    if not counts["blue"]:
        del counts["blue"]
    return counts | {
        "not rated": statuses.count(None),
        "worse": int(cards["is_worse"].sum()),
    }


def _messages(
    cards: pl.DataFrame, question: Asked, period: Period, *, is_chosen: bool
) -> tuple[Message, ...]:
    """That nothing is held for the period, or nothing yet, where that is so."""
    # Only where the period has no figure: looking for the newest reads every own figure.
    is_held = (cards["period"] == str(period)) & (cards["state"] == "value")
    newest = _newest(question) if is_chosen and not is_held.any() else None
    if newest and newest.end < period.end:
        said = f"Nothing is held yet for {in_words(period)}; the newest is {in_words(newest)}."
    elif cards.height and cards["state"].is_null().all():
        said = f"Nothing is held for {question.place.area or 'any area'} in {in_words(period)}."
    else:
        return ()
    return (Message("warning", said),)


def _newest(question: Asked) -> Period | None:
    """The newest period with a value; null where there is none."""
    try:
        return newest_period(question.catalogue, question.observations)
    except RequestError:
        return None
