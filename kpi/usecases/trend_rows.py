"""The rows of `kpi trend`: what was found out of each series, under the contract's names.

Wording is taken from the domain; nothing is computed here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.reasons import target_text
from kpi.domain.scorecard import ROW
from kpi.domain.trend.notes import trend_notes
from kpi.domain.trend.sentence import trend_sentence
from kpi.domain.trend.words import period_ending
from kpi.usecases.row_fields import FIGURE

RUN_RATE: dict[str, pl.DataType] = {
    "needed": pl.Float64(),
    "average": pl.Float64(),
    "change_percent": pl.Float64(),
    "achievable": pl.Boolean(),
}
POINT: dict[str, pl.DataType] = {
    "period": pl.String(),
    "value": pl.Float64(),
    "mean": pl.Float64(),
    "lower_limit": pl.Float64(),
    "upper_limit": pl.Float64(),
    "rule": pl.String(),
    "point_type": pl.String(),
    "outturn": pl.Float64(),
    "adjusted": pl.Float64(),
    "group": pl.Int64(),
}
ROWS: dict[str, pl.DataType] = FIGURE | {
    "points": pl.Int64(),
    "mean": pl.Float64(),
    "lower_limit": pl.Float64(),
    "upper_limit": pl.Float64(),
    "variation": pl.String(),
    "assurance": pl.String(),
    "rule": pl.String(),
    "trial_limits": pl.Boolean(),
    "direction_of_travel": pl.String(),
    "change_on_previous": pl.Float64(),
    "change_on_year": pl.Float64(),
    "rag_status": pl.String(),
    "run_rate": pl.Struct(RUN_RATE),
    "recent_trend": pl.String(),
    "chi_square": pl.Float64(),
    "sentence": pl.String(),
    # Beside the contract's.
    "since": pl.String(),  # the period from which the rule holds
    "in_period": pl.Float64(),  # the figure of the period alone
    "adjusted": pl.Float64(),  # the same without the time of year
    "chart": pl.String(),  # xmr or p; null where nothing is charted
    "direction_on_year": pl.String(),
    "target_words": pl.String(),  # as written; empty for none
    "target_of_period": pl.Float64(),  # in the terms of one period of the series
    "sparkline": pl.String(),  # of the latest twelve points
    "notes": pl.List(pl.String()),
    "series": pl.List(pl.Struct(POINT)),
}
"""The fields of a row, in order."""

Row = dict[str, Any]

_SAME = {"outturn": "value", "chart": "chart_used"}
_MADE = (
    "source", "run_rate", "since", "sentence", "notes", "target_words", "theme", "title",
)  # fmt: skip


def trend_rows(
    cards: pl.DataFrame, left_out: pl.DataFrame, starts: pl.DataFrame, *, catalogue: Catalogue
) -> pl.DataFrame:
    """The rows under the names of design.md, section 6, in the catalogue's order.

    Args:
        cards: What `kpi.domain.trend.verdicts.Trends.cards` gives.
        left_out: What `Trends.left_out` gives.
        starts: What `Trends.starts` gives.
        catalogue: Gives the indicators.
    """
    by_id = catalogue.by_id
    beside = {"left_out": _by_series(left_out), "starts": _by_series(starts)}
    made: dict[str, list[Any]] = defaultdict(list)
    for card in cards.drop("series").iter_rows(named=True):
        key = tuple(card[name] for name in ROW)
        notes = {name: found[key] for name, found in beside.items()}
        for name, value in _words(card, by_id[card["indicator"]], notes).items():
            made[name].append(value)
    columns = {
        name: pl.Series(name, made[name], dtype=ROWS[name])
        for name in ("since", "sentence", "notes", "target_words")
    }
    same = {name: _SAME.get(name, name) for name in ROWS if name not in _MADE}
    return cards.select(
        *(pl.col(column).cast(ROWS[name]).alias(name) for name, column in same.items()),
        pl.col("title", "theme"),
        *columns.values(),
        source=pl.when(pl.col("source_file").is_not_null()).then(
            pl.struct(file="source_file", sheet="source_sheet", cell="source_cell")
        ),
        run_rate=pl.when(pl.col("needed").is_not_null()).then(pl.struct(*RUN_RATE)),
    ).select(*ROWS)


def _by_series(frame: pl.DataFrame) -> defaultdict[tuple[Any, ...], list[Row]]:
    """The rows of each series, in the frame's order."""
    found: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[tuple(row[name] for name in ROW)].append(row)
    return found


def _words(card: Row, indicator: Indicator, beside: dict[str, list[Row]]) -> Row:
    since = card["since"] and period_ending(
        card["since"], months=card["period_months"], indicator=indicator
    )
    return {
        "since": str(since) if since else None,
        "sentence": trend_sentence(card, indicator),
        "notes": trend_notes(card, indicator, **beside),
        "target_words": target_text(card, indicator),
    }
