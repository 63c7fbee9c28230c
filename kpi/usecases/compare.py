"""`kpi compare`: each outturn against neighbours, region, England and its own earlier years."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.comparison.comparator_trends import comparator_trends, with_change_on_year
from kpi.domain.comparison.comparators import (
    area_comparators,
    left_out,
    neighbour_averages,
    neighbour_comparators,
    own_year_comparators,
    typed_comparators,
)
from kpi.domain.comparison.like_with_like import A_YEAR, with_population
from kpi.domain.comparison.own_outturns import (
    newest_keys,
    own_outturns,
    with_counts_to_date,
    with_redefinition,
)
from kpi.domain.comparison.standing import (
    fields,
    neighbour_league,
    place_funnels,
    standings,
    unit_funnels,
)
from kpi.domain.comparison.typed import typed_faults, with_typed, without_faulty
from kpi.domain.comparison.verdicts import OWN, compared, with_own_counts, with_own_interval
from kpi.domain.outturn import ratio_parts
from kpi.domain.period import Period
from kpi.domain.scorecard import Place, figures
from kpi.store import Snapshot
from kpi.usecases.comparators import Known, known_comparators, wanted_places
from kpi.usecases.compare_rows import Found, compare_rows
from kpi.usecases.project import (
    Choice,
    Project,
    chosen_period,
    in_words,
)
from kpi.usecases.question import asked

VERDICTS = ("worse", "better", "similar", "higher", "lower", "not_compared")
"""In the order in which they are counted and in which rows diverge."""


def compare(
    project: Project,
    choice: Choice | None = None,
    *,
    hide_small: bool = False,
    funnel: bool = False,
    league: bool = False,
    snapshot: Snapshot | None = None,
) -> Answer:
    """Where each indicator asked for stands, those that diverge first.

    Args:
        project: Catalogue and store.
        choice: Which part of it; by default every indicator at its newest own value.
        hide_small: Whether small numbers are suppressed, as in all that leaves the machine.
        funnel: Whether each row gets its funnel: between units where units are asked for,
            else between authorities.
        league: Whether each row gets its league: the neighbours and itself, best first.
        snapshot: What is held, where it has been read already.

    Returns:
        An answer whose rows have the fields of design.md, section 6, those of `ROWS` beside,
        and `funnel` and `league` where they were asked for.

    Raises:
        RequestError: Nothing is held, or what was asked for is unknown.
    """
    choice = choice or Choice()
    question = asked(project, choice, snapshot=snapshot)
    catalogue, observations = question.catalogue, question.observations
    indicators, place = question.indicators, question.place
    period = chosen_period(catalogue, observations, said=choice.period)
    relevant = _relevant(observations, catalogue, indicators, period)
    held, keys = _held(relevant, catalogue, place=place, up_to=period, hide_small=hide_small)
    known = known_comparators(held, catalogue, indicators=indicators, area=place.area)
    own = _own(held.lazy(), keys.lazy(), known, catalogue, indicators).collect()
    found = _found(own, known, catalogue, place=place)
    rows = compare_rows(found, catalogue, funnel=funnel, league=league)
    return Answer(
        command="compare",
        authority=catalogue.authority,
        period=str(period),
        as_of=question.snapshot.as_of,
        catalogue_sha256=catalogue.sha256,
        rows=rows,
        counts=_counts(rows),
        messages=(
            *known.messages,
            *_about_left_out(found, catalogue),
            *_about_conflicts(rows, catalogue),
            *_about_nothing(rows, place, period),
        ),
    )


def is_failing(answer: Answer, *, level: str) -> bool:
    """Whether an answer holds what `--fail-on` names: `worse` than any comparator."""
    return level == "worse" and answer.counts["worse"] > 0


def _relevant(
    observations: pl.LazyFrame,
    catalogue: Catalogue,
    indicators: tuple[Indicator, ...],
    period: Period,
) -> pl.LazyFrame:
    """The stored rows of the indicators and their parts, up to the chosen period.

    Years, and figures without one, are kept of all indicators: what is typed beside one may
    belong to another.
    """
    wanted = ratio_parts(catalogue, {each.id for each in indicators})
    is_wanted = pl.col("indicator").is_in(list(wanted))
    may_be_typed = pl.col("period_months").is_null() | (pl.col("period_months") == A_YEAR)
    is_by_then = pl.col("period_end").is_null() | (pl.col("period_end") <= period.end)
    return observations.filter((is_wanted | may_be_typed) & is_by_then)


def _held(
    relevant: pl.LazyFrame, catalogue: Catalogue, *, place: Place, up_to: Period, hide_small: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The held figures of all areas, and the keys of the newest own ones."""
    held = figures(relevant, catalogue, hide_small=hide_small).pipe(with_typed, relevant)
    bare = figures(relevant, catalogue, hide_small=False).pipe(with_typed, relevant)
    keys = newest_keys(bare if hide_small else held, place=place, up_to=up_to)
    found = pl.collect_all([held, keys])
    return found[0], found[1]


def _own(
    held: pl.LazyFrame,
    keys: pl.LazyFrame,
    known: Known,
    catalogue: Catalogue,
    indicators: tuple[Indicator, ...],
) -> pl.LazyFrame:
    """The outturns that are compared, numbered in the catalogue's order."""
    order = {each.id: number for number, each in enumerate(indicators)}
    is_there = pl.col("outturn").is_not_null()
    return (
        own_outturns(held, keys)
        .join(known.indicators, on="indicator")
        .join(known.areas, on="area")
        .pipe(with_redefinition, indicators)
        .pipe(with_counts_to_date, held, catalogue)
        # Counts of a hidden figure would give it away.
        .with_columns(
            pl.when(is_there).then(name).alias(name) for name in ("numerator", "denominator")
        )
        .pipe(with_own_counts)
        .pipe(with_population, known.population)
        .with_columns(
            own_population=pl.when(pl.col("unit") == "").then("population"),
            own_mid_year="mid_year",
            order=pl.col("indicator").replace_strict(order, return_dtype=pl.Int64),
        )
        .sort("order", "area", "unit")
        .with_row_index("own")
        .with_columns(pl.col(name).cast(dtype) for name, dtype in OWN.items())
        .pipe(with_own_interval)
    )


def _found(own: pl.DataFrame, known: Known, catalogue: Catalogue, *, place: Place) -> Found:
    """Everything that is found out about the outturns, worked out in one go."""
    ours = own.lazy()
    each = place.area is not None
    judged, ranked = pl.collect_all(
        [_comparators(ours, known, catalogue, each=each), fields(ours, known.places)]
    )
    comparators, field, lists = judged.lazy(), ranked.lazy(), known.neighbours
    frames = pl.collect_all(
        [
            comparator_trends(comparators, known.places, neighbours=lists),
            left_out(comparators, known.places, neighbours=lists),
            standings(field),
            neighbour_league(field, neighbours=lists),
            place_funnels(field) if place.unit == "" else unit_funnels(ours),
        ]
    )
    return Found(known.releases, known.model, own, judged, *frames)


def _comparators(
    own: pl.LazyFrame, known: Known, catalogue: Catalogue, *, each: bool
) -> pl.LazyFrame:
    """All comparators of the outturns, judged; a typed one only where there is no other."""
    averages = neighbour_averages(known.places, known.neighbours)
    sure = pl.concat(
        [
            neighbour_comparators(own, averages),
            area_comparators(own, known.places, wanted=wanted_places(own, known, each=each)),
            own_year_comparators(own, known.years),
        ]
    )
    typed = typed_comparators(own, known.typed).join(
        sure.select("own", "name"), on=["own", "name"], how="anti"
    )
    titles = pl.LazyFrame(
        {
            "indicator": [indicator.id for indicator in catalogue.indicators],
            "short_title": [indicator.short for indicator in catalogue.indicators],
        },
        schema={"indicator": pl.String, "short_title": pl.String},
    )
    return (
        pl.concat([sure, typed])
        .pipe(without_faulty, own=own, faults=typed_faults(known.typed, own, titles=titles))
        .pipe(compared, own=own)
        .pipe(with_change_on_year, known.places, averages=averages)
    )


def _counts(rows: pl.DataFrame) -> dict[str, int]:
    """How many indicators are compared, and how many comparators gave each verdict."""
    verdicts = rows["comparators"].explode().struct.field("verdict").drop_nulls().to_list()
    counts = {word.replace("_", " "): verdicts.count(word) for word in VERDICTS}
    return {"indicators": rows.height} | counts


def _about_left_out(found: Found, catalogue: Catalogue) -> tuple[Message, ...]:
    """Which neighbours have no value, once for all indicators of which that is so."""
    kinds = found.comparators.filter(pl.col("kind") == "neighbours").join(found.left_out, on="own")
    titles: dict[tuple[str, ...], list[str]] = {}
    for row in kinds.sort("own").iter_rows(named=True):
        said = f"{catalogue.by_id[row['indicator']].short} ({row['comparator_period']})"
        titles.setdefault(tuple(row["left_out"]), []).append(said)
    return tuple(
        Message(
            "info",
            f"Neighbours without a value, left out: {', '.join(names)}; for {', '.join(of)}.",
        )
        for names, of in titles.items()
    )


def _about_conflicts(rows: pl.DataFrame, catalogue: Catalogue) -> Iterator[Message]:
    """The reason, where there is no comparator beside which it could be said."""
    is_conflict = pl.col("outturn").is_null() & (pl.col("state") == "value")
    alone = rows.filter(is_conflict & (pl.col("comparators").list.len() == 0))
    for id_, period in alone.select("indicator", "period").iter_rows():
        what = "two different outturns stand in one source, and neither is compared"
        yield Message("warning", f"{catalogue.by_id[id_].short}, {period}: {what}.")


def _about_nothing(rows: pl.DataFrame, place: Place, period: Period) -> tuple[Message, ...]:
    if rows.height:
        return ()
    whose = place.area or "any area"
    return (Message("warning", f"No figure is held for {whose} by {in_words(period)}."),)
