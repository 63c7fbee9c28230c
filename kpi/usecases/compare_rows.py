"""The rows of `kpi compare`: what was found out about each outturn, under the contract's names.

Wording is taken from `kpi.domain.comparison.words`; nothing is computed here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.comparison.comparators import KINDS
from kpi.domain.comparison.words import (
    behind_words,
    comparator_working,
    gap_sentence,
    is_made_alike,
    standing_working,
)
from kpi.usecases.row_fields import FIGURE

COMPARATOR_FIELDS: dict[str, pl.DataType] = {
    "name": pl.String(),
    "origin": pl.String(),
    "period": pl.String(),
    "value": pl.Float64(),
    "n": pl.Int64(),
    "of": pl.Int64(),
    "method": pl.String(),
    "difference": pl.Float64(),
    "verdict": pl.String(),
    "why_not_compared": pl.String(),
    "gap_in_cases": pl.Float64(),
    "kind": pl.String(),
    "periods_behind": pl.Int64(),
    "outturn_compared": pl.Float64(),
    "value_compared": pl.Float64(),
    "change_on_year": pl.Float64(),
    "own_change_on_year": pl.Float64(),
    "made_alike": pl.Boolean(),
    "behind_words": pl.String(),
    "release": pl.String(),
    "model": pl.String(),
    "left_out": pl.List(pl.String()),
    "working": pl.String(),
    "gap_words": pl.String(),
    "recent_trend": pl.String(),
    "own_recent_trend": pl.String(),
}
"""A comparator's fields: those of design.md, section 6, and after them for showing."""

LIMITS: dict[str, pl.DataType] = {
    "lower_95": pl.Float64(),
    "upper_95": pl.Float64(),
    "lower_99_8": pl.Float64(),
    "upper_99_8": pl.Float64(),
    "significance": pl.String(),
}
MEMBER: dict[str, pl.DataType] = {
    "name": pl.String(),
    "value": pl.Float64(),
    "is_own": pl.Boolean(),
}
INTERVAL: dict[str, pl.DataType] = {
    "low": pl.Float64(),
    "high": pl.Float64(),
    "level": pl.Float64(),
    "method": pl.String(),
}
ROWS: dict[str, pl.DataType] = FIGURE | {
    "interval": pl.Struct(INTERVAL),
    "rank": pl.Int64(),
    "of_areas": pl.Int64(),
    "quartile": pl.String(),
    "rank_of_neighbours": pl.Int64(),
    "of_neighbours": pl.Int64(),
    "rank_period": pl.String(),
    "numerator": pl.Float64(),
    "denominator": pl.Float64(),
    "working": pl.String(),
    "comparators": pl.List(pl.Struct(COMPARATOR_FIELDS)),
}
"""The fields of a row; `funnel` and `league` are there when asked for."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A comparison's frames, each keyed by `own`, the number of the outturn.

    Attributes:
        releases: Which release each indicator's published values are of.
        model: The neighbour list's name.
        own: The outturns, in the catalogue's order.
        comparators: What `kpi.domain.comparison.verdicts.compared` gives.
        trends: Their recent trends.
        left_out: The neighbours without a value.
        standings: Rank and quartile among all authorities.
        league: The neighbours and the outturn, best first.
        funnels: Limits and significance.
    """

    releases: dict[str, str]
    model: str
    own: pl.DataFrame
    comparators: pl.DataFrame
    trends: pl.DataFrame
    left_out: pl.DataFrame
    standings: pl.DataFrame
    league: pl.DataFrame
    funnels: pl.DataFrame


def compare_rows(found: Found, catalogue: Catalogue, *, funnel: bool, league: bool) -> pl.DataFrame:
    """The rows under the names of design.md, section 6, those that diverge first.

    Args:
        found: What was found out.
        catalogue: Gives titles and themes.
        funnel: Whether each row gets `funnel`.
        league: Whether each row gets `league`.
    """
    by_id = catalogue.by_id
    comparators = _by_own(_in_order(found))
    standing = {row["own"]: row for row in found.standings.iter_rows(named=True)}
    leagues = _by_own(found.league)
    funnels = {row["own"]: row for row in found.funnels.iter_rows(named=True)}
    schema = dict(ROWS)
    if funnel:
        schema["funnel"] = pl.Struct(LIMITS)
    if league:
        schema["league"] = pl.List(pl.Struct(MEMBER))
    rows = []
    for row in found.own.iter_rows(named=True):
        number = row["own"]
        indicator = by_id[row["indicator"]]
        said = _row(row | _standing(standing.get(number), leagues[number]), indicator)
        said["comparators"] = [
            _comparator(each | _release(each, found), indicator) for each in comparators[number]
        ]
        said["funnel"] = _funnel(funnels.get(number))
        said["league"] = [_member(each, row) for each in leagues[number]]
        rows.append({name: said[name] for name in schema})
    return _diverging_first(pl.DataFrame(rows, schema=schema, orient="row"))


def _in_order(found: Found) -> pl.DataFrame:
    """The comparators: neighbours, region, England, own years from the newest, others."""
    order = pl.col("kind").replace_strict(KINDS, list(range(len(KINDS))), return_dtype=pl.Int64)
    is_average = pl.col("kind") == "neighbours"
    return (
        found.comparators.join(found.trends, on=["own", "kind", "name"], how="left")
        .join(found.left_out, on="own", how="left")
        .with_columns(left_out=pl.when(is_average).then("left_out"))
        .sort(
            "own",
            order,
            pl.when(pl.col("kind") == "own year").then("at"),
            "name",
            descending=[False, False, True, False],
            nulls_last=True,
        )
    )


def _by_own(frame: pl.DataFrame) -> defaultdict[int, list[Row]]:
    """The rows of each outturn, in the frame's order."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["own"]].append(row)
    return found


def _standing(standing: Row | None, league: list[Row]) -> Row:
    """Rank and quartile among all authorities and rank in the league; null where there is none."""
    nothing = {"rank": None, "of_areas": None, "quartile": None, "field_period": None}
    own = next((row for row in league if row["is_own"]), {})
    return (standing or nothing) | {
        "rank_of_neighbours": own.get("rank_of_neighbours"),
        "of_neighbours": own.get("of_neighbours"),
    }


def _row(row: Row, indicator: Indicator) -> Row:
    interval = {
        "low": row["interval_low"],
        "high": row["interval_high"],
        "level": row["level"],
        "method": row["interval_method"],
    }
    source = {
        "file": row["source_file"],
        "sheet": row["source_sheet"],
        "cell": row["source_cell"],
    }
    return row | {
        "title": indicator.title,
        "theme": indicator.theme or None,
        "source": source if row["source_file"] else None,
        "interval": interval if row["interval_method"] else None,
        "rank_period": row["field_period"],
        "working": standing_working(row, indicator),
    }


def _comparator(row: Row, indicator: Indicator) -> Row:
    said = row | {
        "period": row["comparator_period"],
        "made_alike": is_made_alike(row),
        "behind_words": behind_words(row),
        "working": comparator_working(row, indicator),
        "gap_words": gap_sentence(row, indicator),
    }
    return {name: said[name] for name in COMPARATOR_FIELDS}


def _release(row: Row, found: Found) -> Row:
    """Which release a published comparator is of, and by which list an average was made."""
    is_published = row["origin"] == "published"
    is_average = row["kind"] == "neighbours" and row["n"] is not None
    return {
        "release": found.releases.get(row["indicator"]) if is_published else None,
        "model": found.model if is_average else None,
    }


def _member(row: Row, own: Row) -> Row:
    return {
        "name": own["area"] if row["is_own"] else row["area_name"],
        "value": row["value_compared"],
        "is_own": row["is_own"],
    }


def _funnel(row: Row | None) -> Row | None:
    """A row's funnel; null where counts are missing."""
    if row is None or row["significance"] is None:
        return None
    return {name: row[name] for name in LIMITS}


def _diverging_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Worse than any comparator first, then other verdicts, then differences only, then none."""
    verdicts = pl.col("comparators").list.eval(pl.element().struct.field("verdict"))
    standing = pl.coalesce(
        *(
            pl.when(verdicts.list.contains(word)).then(pl.lit(place))
            for place, word in enumerate(("worse", "better", "higher", "lower", "similar"))
        ),
        pl.when(verdicts.list.len() > 0).then(pl.lit(8)),
        pl.lit(9),
    )
    return rows.sort(standing, maintain_order=True)
