"""`kpi trend`: whether a change is real, per indicator, by a rule that is named."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.outturn import ratio_parts
from kpi.domain.period import Period
from kpi.domain.scorecard import Place, figures
from kpi.domain.suppression.ties import guards, tied
from kpi.domain.trend.series import judged_keys, trend_settings
from kpi.domain.trend.verdicts import Trends, trends
from kpi.errors import RequestError
from kpi.reference import england_referral_profile
from kpi.store import Snapshot
from kpi.usecases.project import (
    Choice,
    Project,
    chosen_period,
)
from kpi.usecases.question import Asked, asked
from kpi.usecases.targets import targets_to_judge_by
from kpi.usecases.trend_rows import trend_rows

CONCERN = "special_cause_concern"

COUNTED = {
    "concern": CONCERN,
    "improvement": "special_cause_improvement",
    "neutral high": "special_cause_neutral_high",
    "neutral low": "special_cause_neutral_low",
    "common cause": "common_cause",
}
"""Words of the counts, in the order in which they are read out, and the variation each counts."""


def trend(
    project: Project,
    choice: Choice | None = None,
    *,
    hide_small: bool = False,
    snapshot: Snapshot | None = None,
) -> Answer:
    """Whether the change of each indicator asked for is real.

    Every indicator with a value gives a row, judged at its own newest value at or before the
    chosen period; without one each series counts whole.

    Args:
        project: Catalogue and store.
        choice: Which part of it; by default every indicator.
        hide_small: Whether small numbers are suppressed, as in all that leaves the machine.
        snapshot: What is held, where it has been read already.

    Returns:
        An answer whose rows have the fields of design.md, section 6, `series` among them
        (`without_series` takes it off), and those of `kpi.usecases.trend_rows.ROWS` beside.

    Raises:
        RequestError: Nothing is held, or what was asked for is unknown.
    """
    choice = choice or Choice()
    question = asked(project, choice, snapshot=snapshot)
    catalogue = question.catalogue
    period = _period(catalogue, question.observations, said=choice.period)
    found = _found(
        question,
        up_to=period if choice.period else None,
        hides=hide_small and bool(guards(catalogue)),
    )
    # The streaming engine adds up in another order on each run: never the same last digit.
    frames = pl.collect_all([found.cards, found.left_out, found.starts], engine="in-memory")
    rows = trend_rows(*frames, catalogue=catalogue)
    return Answer(
        command="trend",
        authority=catalogue.authority,
        period=str(period) if period else None,
        as_of=question.snapshot.as_of,
        catalogue_sha256=catalogue.sha256,
        rows=rows,
        counts=_counts(rows),
        messages=_about_missing(rows, question.indicators),
    )


def without_series(answer: Answer) -> Answer:
    """The same answer without the points of each row."""
    return replace(answer, rows=answer.rows.drop("series"))


def is_failing(answer: Answer, *, level: str) -> bool:
    """Whether an answer holds what `--fail-on` names: `concern`."""
    return level == "concern" and answer.counts["concern"] > 0


def _period(catalogue: Catalogue, observations: pl.LazyFrame, *, said: str | None) -> Period | None:
    """The chosen period, or the newest of the authority's own; null where it has none."""
    if said is not None:
        return chosen_period(catalogue, observations, said=said)
    try:
        return chosen_period(catalogue, observations, said=None)
    except RequestError:
        return None


def _needed(catalogue: Catalogue, indicators: tuple[Indicator, ...], *, hides: bool) -> set[str]:
    """The indicators, those their figures rest on, and those that could give them away."""
    ids = ratio_parts(catalogue, {each.id for each in indicators})
    return ratio_parts(catalogue, tied(catalogue, ids)) if hides else ids


def _relevant(
    observations: pl.LazyFrame,
    needed: set[str],
    *,
    place: Place,
    up_to: Period | None,
) -> pl.LazyFrame:
    """The stored rows of these indicators and this place, up to the chosen period."""
    relevant = observations.filter(
        pl.col("indicator").is_in(list(needed))
        & pl.col("period_end").is_not_null()
        & place.filter()
    )
    return relevant if up_to is None else relevant.filter(pl.col("period_end") <= up_to.end)


def _found(question: Asked, *, up_to: Period | None, hides: bool) -> Trends:
    """What is found out of every series asked for."""
    catalogue, indicators, place = question.catalogue, question.indicators, question.place
    relevant = _relevant(
        question.observations,
        _needed(catalogue, indicators, hides=hides),
        # What a unit's figure gives away depends on the other units'.
        place=Place(place.area, None) if hides else place,
        up_to=up_to,
    )
    settings = trend_settings(indicators).lazy()
    held = figures(relevant, catalogue, hide_small=hides).filter(place.filter())
    bare = figures(relevant, catalogue, hide_small=False).filter(place.filter()) if hides else held
    # Looked at from many sides, so worked out once.
    known, judged = pl.collect_all([held, judged_keys(bare, settings=settings)])
    wants_england = any(each.seasonal == "england" for each in indicators)
    return trends(
        known.lazy(),
        judged.lazy(),
        indicators=indicators,
        catalogue=catalogue,
        targets=targets_to_judge_by(catalogue, question.observations),
        england=england_referral_profile() if wants_england else (),
    )


def _counts(rows: pl.DataFrame) -> dict[str, int]:
    variations = rows["variation"].to_list()
    counts = {word: variations.count(variation) for word, variation in COUNTED.items()}
    return {"indicators": rows.height} | counts | {"not judged": variations.count(None)}


def _about_missing(rows: pl.DataFrame, indicators: tuple[Indicator, ...]) -> tuple[Message, ...]:
    """Which of the indicators asked for have no value and so no row."""
    there = set(rows["indicator"])
    missing = [each.short for each in indicators if each.id not in there]
    if not missing:
        return ()
    return (Message("info", f"No value is held, so no trend is shown, of: {'; '.join(missing)}."),)
