"""The board's paper: everything that a report says, one for all formats.

Frames for what stands in tables, plain values for the rest. Which figure, rating, sentence
or note it holds is decided before; a renderer draws it and computes nothing. Small numbers
are hidden before it is made, so nothing in it gives one away. Its words are made in
`kpi.domain.paper.words`, `kpi.domain.paper.changes` and `kpi.domain.paper.methods`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.chart import SpcChart
from kpi.domain.paper.commentary import Comment
from kpi.domain.period import Period

Row = dict[str, Any]
Key = tuple[str, str, str]
"""Indicator, area and unit: what a row of the paper is about."""

SOURCE: dict[str, pl.DataType] = {
    "file": pl.String(),
    "sheet": pl.String(),
    "cell": pl.String(),
}
FIGURE: dict[str, pl.DataType] = {
    "period": pl.String(),  # its own; longer than the column's for a quarter or a year
    "outturn": pl.Float64(),
    "state": pl.String(),  # null: nothing is held
    "marks": pl.String(),  # as observed: provisional, partial, …
    "conflict": pl.Boolean(),
    "restated": pl.Boolean(),  # since the report of the period before
    "source": pl.Struct(SOURCE),
}
"""A figure of the months across."""

NOTE: dict[str, pl.DataType] = {
    "code": pl.String(),
    "severity": pl.String(),
    "period": pl.String(),  # null: about no one period
    "message": pl.String(),
    "accepted": pl.Boolean(),
    "accepted_why": pl.String(),
}
"""A finding of `check` at the row it concerns."""

MADE: dict[str, pl.DataType] = {
    "short_title": pl.String(),  # with the unit and, where it is another's, the area
    "decimals": pl.Int64(),
    "figures": pl.List(pl.Struct(FIGURE)),  # one for each of `Paper.periods`
    "beside": pl.List(pl.Int64()),  # for each of `Paper.places` the place in `comparators`
    "analysis": pl.String(),  # what is to be said of the row; null for nothing
    "disagreement": pl.String(),  # rating and trend pointing different ways; null where not
    "headline": pl.String(),  # the analysis in a line or two, for two pages; null for nothing
    "is_headline": pl.Boolean(),  # whether that belongs on two pages
    "findings": pl.List(pl.Struct(NOTE)),
}
"""Columns of `Paper.rows` beside those of `rag`, `trend` and `compare`."""

CHANGE: dict[str, pl.DataType] = {
    "kind": pl.String(),  # new_red, restated, rating, trend, comparison, reported
    "indicator": pl.String(),
    "area": pl.String(),
    "unit": pl.String(),
    "title": pl.String(),
    "period": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
    "sentence": pl.String(),
}
"""Something that changed since the period before."""


@dataclass(frozen=True, slots=True)
class Place:
    """A column of comparators.

    Attributes:
        kind: `own year`, `neighbours`, `region` or `england`.
        name: As its heading says it.
        period: The period that most of its figures are of; null where none is stated.
    """

    kind: str
    name: str
    period: str | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A theme of the paper.

    Attributes:
        theme: Its id; empty for the indicators that have none.
        title: As it is printed.
        comment: What was written of it; null for nothing.
    """

    theme: str
    title: str
    comment: Comment | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A paragraph and what it is about."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper.

    Attributes:
        catalogue: Gives indicators, decimals and themes.
        period: What it is of.
        as_of: Newest `ingested_at` of what is held.
        revision: Number of the newest batch.
        periods: The months across, oldest first; quarters or years where no month is held.
        places: The columns of comparators: own years, neighbours, region, England.
        rows: One row an indicator, in the paper's order: the columns of `kpi rag`; those of
            `kpi trend` and `kpi compare`, with `trend_` or `compare_` before a name that
            `rag` has too; and `MADE`.
        charts: The control charts by row; rows without one are not there.
        changes: What changed since the period before (columns: `CHANGE`), new reds first.
        change_notes: What is to be said of that beside: that nothing changed, or cannot be told.
        chapters: The themes in order; none for exceptions, whose rows are one list.
        comments: What was written of indicators, by id.
        summary: What was written of the whole; null for nothing.
        findings: Every finding of `check`, under its row's names.
        notes: What else is to be known of the data, a sentence each.
        not_compared: Why indicators have no verdict beside others, a sentence each.
        definitions: Of the indicators in the paper: definition, caveats, owner.
        methods: How ratings, trends and comparisons are made, a paragraph each.
        attribution: Whose published data it rests on.
        counts: Word to number, in the order to be read out.
        audience: For whom indicators were picked; empty for all.
        place: The one area or unit that it is of; empty for the authority.
        is_exceptions: Whether it holds red and amber only, worst first.
        is_internal: Whether small numbers are kept on purpose.
    """

    catalogue: Catalogue
    period: Period
    as_of: datetime | None
    revision: int
    periods: tuple[Period, ...]
    places: tuple[Place, ...]
    rows: pl.DataFrame
    charts: dict[Key, SpcChart]
    changes: pl.DataFrame
    change_notes: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    comments: dict[str, Comment] = field(default_factory=dict)
    summary: Comment | None = None
    findings: pl.DataFrame = field(default_factory=pl.DataFrame)
    notes: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    definitions: tuple[Named, ...] = ()
    methods: tuple[Named, ...] = ()
    attribution: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    audience: str = ""
    place: str = ""
    is_exceptions: bool = False
    is_internal: bool = False

    def rows_of(self, chapter: Chapter) -> list[Row]:
        """A theme's rows, in order."""
        is_of_theme = pl.col("theme").fill_null("") == chapter.theme
        return list(self.rows.filter(is_of_theme).iter_rows(named=True))

    def indicator(self, row: Row) -> Indicator:
        """A row's indicator."""
        return self.catalogue.by_id[row["indicator"]]

    def places_beside(self, rows: Sequence[Row]) -> list[tuple[int, Place]]:
        """The columns of comparators that some of the rows has a figure in, and their numbers."""
        return [
            (at, place)
            for at, place in enumerate(self.places)
            if any(value_beside(row, at) is not None for row in rows)
        ]


def value_beside(row: Row, at: int) -> float | None:
    """The figure in a column of comparators, in the terms of the row's own; null for none.

    Every format takes it from here, so that no two of them show a reader different figures.

    Args:
        row: A row of a paper.
        at: Which of `Paper.places`.
    """
    place: int | None = row["beside"][at]
    if place is None:
        return None
    value: float | None = row["comparators"][place]["value_compared"]
    return value


def key_of(row: Row) -> Key:
    """What a row is about."""
    return row["indicator"], row["area"], row["unit"]
