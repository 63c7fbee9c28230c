"""Where an area stands among others: rank, quartile and rank-based quantile.

Areas without a value are not counted. Values are compared after rounding to nine
significant digits, so that arithmetic noise neither breaks a tie nor moves a value off
a cut. Two ways of dividing areas are kept apart, because they can place one area
differently: by value (`with_quartile`) and by rank (`with_rank_quantile`). Which areas
are counted is left to the caller.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

_DIGITS = 9


def with_rank(
    frame: pl.LazyFrame, *, by: Sequence[str], value: str = "value", polarity: str = "polarity"
) -> pl.LazyFrame:
    """The rows with `rank` and `of_areas`: 1 is best by polarity, ties share the lowest.

    `rank` is null where the value is missing or the polarity is `range`, `none` or null;
    `of_areas` counts the group's values, whatever the polarity.

    Args:
        frame: Needs the columns named below.
        by: What makes a group, such as indicator and period; at least one column.
        value: Column that is ranked.
        polarity: Column of `high`, `low`, `range` or `none`.

    Example:
        >>> areas = pl.LazyFrame({"set": [1, 1, 1], "value": [7.0, 9.0, 9.0]})
        >>> areas = areas.with_columns(polarity=pl.lit("high"))
        >>> areas.pipe(with_rank, by=["set"]).collect()["rank"].to_list()
        [3, 1, 1]
    """
    outturn = _comparable(value)
    sign = pl.when(pl.col(polarity) == "high").then(-1).when(pl.col(polarity) == "low").then(1)
    return frame.with_columns(
        rank=(outturn * sign).rank("min").over(by).cast(pl.Int64),
        of_areas=outturn.count().over(by).cast(pl.Int64),
    )


def quartile_cuts(value: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The three cut points between quartiles, interpolated as spreadsheets do.

    At position 1 + (n - 1)p among the sorted values (PERCENTILE.INC); the second is the
    median. Aggregates: put them over the group.
    """
    first, second, third = (value.quantile(p, "linear") for p in (0.25, 0.5, 0.75))
    return first, second, third


def with_quartile(
    frame: pl.LazyFrame, *, by: Sequence[str], value: str = "value", polarity: str = "polarity"
) -> pl.LazyFrame:
    """The rows with `quartile`, `A` to `D`, where A is best by polarity.

    Bands lie between interpolated cut points; a value on a cut belongs to the band of
    lower values, which is the worse one where high is good. Null where the value is
    missing, the polarity is `range`, `none` or null, or the group has under four values.

    Args:
        frame: Needs the columns named below.
        by: What makes a group, such as indicator and period; at least one column.
        value: Column whose bands are wanted.
        polarity: Column of `high`, `low`, `range` or `none`.

    Source: The quartile colouring of ukhsa-collaboration/fingertips-open (January 2020).
    """
    outturn = _comparable(value)
    cuts = [cut.over(by).round_sig_figs(_DIGITS) for cut in quartile_cuts(outturn)]
    band = pl.sum_horizontal((outturn > cut).cast(pl.Int8) for cut in cuts)
    letters = (
        pl.when(pl.col(polarity) == "high")
        .then(3 - band)
        .when(pl.col(polarity) == "low")
        .then(band)
        .replace_strict([0, 1, 2, 3], ["A", "B", "C", "D"], return_dtype=pl.String)
    )
    is_placed = outturn.is_not_null() & (outturn.count().over(by) >= len(cuts) + 1)
    return frame.with_columns(quartile=pl.when(is_placed).then(letters))


def with_rank_quantile(
    frame: pl.LazyFrame,
    *,
    by: Sequence[str],
    groups: int | pl.Expr,
    highest_first: bool | pl.Expr = True,
    value: str = "value",
) -> pl.LazyFrame:
    """The rows with `quantile`, from 1: equal numbers of areas in each, by rank.

    Ties share a group, so that some groups may stay empty. Null where the value is
    missing or the set has fewer values than groups.

    Args:
        frame: Needs the columns named.
        by: What makes a set; at least one column.
        groups: How many groups: 4 quartiles, 5 quintiles, 10 tenths.
        highest_first: Whether quantile 1 holds the highest values.
        value: Column that is ranked.

    Source: Public Health England, Technical Guide: Assigning deprivation categories
        (June 2017).
    """
    outturn = _comparable(value)
    is_highest_first = pl.lit(highest_first) if isinstance(highest_first, bool) else highest_first
    count = groups if isinstance(groups, pl.Expr) else pl.lit(groups)
    sign = pl.when(is_highest_first).then(-1).otherwise(1)
    rank = (outturn * sign).rank("min").over(by).cast(pl.Int64)
    areas = outturn.count().over(by).cast(pl.Int64)
    # In whole numbers: a rounding error in a division would move areas up a group.
    groups_below = ((areas + 1 - rank) * count + areas - 1) // areas
    return frame.with_columns(quantile=pl.when(areas >= count).then(count + 1 - groups_below))


def _comparable(value: str) -> pl.Expr:
    """The value as it is compared; null for NaN too."""
    return pl.col(value).cast(pl.Float64).fill_nan(None).round_sig_figs(_DIGITS)
