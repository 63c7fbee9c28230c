"""The rows of a paper: of each indicator what was rated, charted, compared and found.

Joins what the commands answered; nothing is computed here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.paper.contents import MADE, NOTE, Key, Place, key_of
from kpi.domain.paper.figures import with_figures
from kpi.domain.paper.words import (
    CONCERN,
    PLACES,
    analysis,
    disagreement,
    headline,
    is_headline,
)
from kpi.domain.period import Period
from kpi.domain.scorecard import ROW, worst_first
from kpi.domain.titles import place_title
from kpi.domain.trend.words import change_words
from kpi.usecases.report_answers import Answers

Row = dict[str, Any]

OWN_YEARS = 2
"""So many of the authority's own earlier years stand in the table, the newest of them."""

NOT_FOR_MACHINES = ("short_title", "decimals", "beside", "headline", "is_headline")
"""Columns of a paper's rows that only help to draw them."""

_SAID_BY_RAG = ("title", "theme", "outturn_type", "source", "state", "rag_status", "target_words")


def paper_rows(
    answers: Answers,
    catalogue: Catalogue,
    *,
    periods: tuple[Period, ...],
    places: tuple[Place, ...],
    restated: pl.DataFrame,
) -> pl.DataFrame:
    """One row an indicator, in the catalogue's order (columns: see `Paper.rows`).

    Args:
        answers: What the commands answered.
        catalogue: Gives titles and decimals.
        periods: The columns of the months across.
        places: The columns of comparators.
        restated: What was restated.
    """
    trends = _beside_rag(answers.trend.rows.drop("series"), prefix="trend")
    comparisons = _beside_rag(answers.compare.rows, prefix="compare")
    rows = (
        answers.rag.rows.join(trends, on=ROW, how="left", maintain_order="left")
        .join(comparisons, on=ROW, how="left", maintain_order="left")
        .pipe(with_figures, answers.held, periods=periods, restated=restated)
    )
    found = _findings(answers.check.rows, rows)
    made: dict[str, list[Any]] = defaultdict(list)
    across = [str(period) for period in periods]
    for row in rows.iter_rows(named=True):
        said = _made(row, catalogue, places, found[key_of(row)], across)
        for name, value in said.items():
            made[name].append(value)
    return rows.with_columns(
        pl.Series(name, made[name], dtype=dtype) for name, dtype in MADE.items() if name in made
    )


def places_of(rows: pl.DataFrame) -> tuple[Place, ...]:
    """The columns of comparators: own earlier years, neighbours, region, England.

    Args:
        rows: Those of `compare`.
    """
    comparators = [
        each
        for row in rows["comparators"].to_list()
        for each in row
        if each["value_compared"] is not None
    ]
    years = {each["period"] for each in comparators if each["kind"] == "own year"} - {None}
    columns = [Place("own year", "Own", year) for year in sorted(years)[-OWN_YEARS:]]
    for kind in PLACES:
        of_kind = [each for each in comparators if each["kind"] == kind]
        if of_kind:
            name = Counter(each["name"] for each in of_kind).most_common(1)[0][0]
            period = Counter(each["period"] for each in of_kind).most_common(1)[0][0]
            columns.append(Place(kind, "Neighbours" if kind == "neighbours" else name, period))
    return tuple(columns)


def exceptions_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Only red and amber, worst first, as `rag --exceptions` has them, in brief."""
    by = worst_first(compared="target_value_compared", distance="distance_to_target")
    return (
        rows.filter(pl.col("rag_status").is_in(["red", "amber"]))
        .sort(*by, maintain_order=True)
        .with_columns(analysis="headline")
    )


def unlisted(rows: Sequence[Row]) -> Iterator[str]:
    """What a paper of exceptions must not leave out: a green, or an unrated, that gets worse.

    Args:
        rows: All of the paper's rows, those too that are neither red nor amber.
    """
    against = [
        row
        for row in rows
        if (row["rag_status"] in ("green", "blue") and row["disagreement"])
        or (row["rag_status"] is None and row["variation"] == CONCERN)
    ]
    for is_trial in (False, True):
        worse = [row["short_title"] for row in against if bool(row["trial_limits"]) is is_trial]
        if worse:
            change = change_words(CONCERN, is_trial=is_trial)
            yield f"Not red or amber, yet {change}: {'; '.join(worse)}."


def unplaced(answers: Answers) -> Iterator[Row]:
    """The findings that are about no row of the paper: labels that no indicator claims."""
    keys = set(answers.rag.rows["indicator"])
    for finding in answers.check.rows.iter_rows(named=True):
        if finding["indicator"] not in keys:
            yield finding


def _beside_rag(rows: pl.DataFrame, *, prefix: str) -> pl.DataFrame:
    """The columns that `rag` has not, and period, outturn and direction under a name apart."""
    apart: dict[str, str] = {
        name: f"{prefix}_{name}"
        for name in ("period", "outturn", "direction_of_travel")
        if name in rows.columns
    }
    return rows.drop(_SAID_BY_RAG, strict=False).rename(apart)


def _findings(findings: pl.DataFrame, rows: pl.DataFrame) -> dict[Key, list[Row]]:
    """The findings of each row; those of another area's cell stand at the authority's row."""
    of_indicator: dict[str, Key] = {}
    found: dict[Key, list[Row]] = {}
    for row in rows.select(*ROW).iter_rows(named=True):
        found[key_of(row)] = []
        of_indicator.setdefault(row["indicator"], key_of(row))
    for finding in findings.iter_rows(named=True):
        own = (finding["indicator"], finding["area"], finding["unit"])
        key = own if own in found else of_indicator.get(finding["indicator"])
        if key:
            period = finding["period"] if own in found else None
            found[key].append({name: finding[name] for name in NOTE} | {"period": period})
    return found


def _made(
    row: Row,
    catalogue: Catalogue,
    places: tuple[Place, ...],
    findings: list[Row],
    across: Sequence[str],
) -> Row:
    indicator = catalogue.by_id[row["indicator"]]
    return {
        "short_title": place_title(row, catalogue),
        "decimals": indicator.shown_decimals,
        "beside": [_column(row["comparators"] or (), place) for place in places],
        "analysis": analysis(row, indicator, across=across) or None,
        "disagreement": disagreement(row) or None,
        "headline": headline(row, indicator) or None,
        "is_headline": is_headline(row, indicator),
        "findings": findings,
    }


def _column(comparators: Sequence[Row], place: Place) -> int | None:
    """Where among a row's comparators the one of a column stands; null for none."""
    for at, each in enumerate(comparators):
        is_own_year = place.kind == "own year"
        if (
            each["kind"] == place.kind
            and each["value_compared"] is not None
            and (not is_own_year or each["period"] == place.period)
        ):
            return at
    return None
