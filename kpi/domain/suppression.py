"""Small numbers hidden on the way out, before anything is derived from them.

Applied to held figures: a hidden one has no value, state `suppressed` and nothing beside
it, so every rating, gap, trend and sentence made from it is missing too. Storing never
suppresses. No noise is added and no protection given against linking with other
publications: a person still asks what a motivated intruder could do.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue

MARK = "c"
"""What stands in place of a hidden cell's text."""


def with_suppression(held: pl.LazyFrame, catalogue: Catalogue) -> pl.LazyFrame:
    """The same rows with small counts hidden, and whatever rests on them.

    A count is small from 1 to one less than the indicator's `suppress_below`; zero is shown.
    A percentage is hidden when its numerator, its denominator or their difference is small;
    where no numerator is known, the one that value and denominator imply counts. A rate is
    hidden by its numerator. Figures that contradict each other are hidden when one is small.
    """
    limits = {each.id: float(each.suppress_below) for each in catalogue.indicators}
    kinds = {each.id: each.outturn for each in catalogue.indicators}
    if not any(limits.values()):
        return held
    indicator = pl.col("indicator")
    return (
        held.with_columns(
            limit=indicator.replace_strict(limits, default=0.0, return_dtype=pl.Float64),
            kind=indicator.replace_strict(kinds, default="number", return_dtype=pl.String),
        )
        .with_columns(hidden=_is_hidden())
        .pipe(_hide)
        .drop("limit", "kind", "hidden")
    )


def is_small(count: pl.Expr, limit: pl.Expr) -> pl.Expr:
    """Whether a count is above zero and below the limit; false where it is null."""
    return ((count.abs() > 0) & (count.abs() < limit)).fill_null(False)


def _is_hidden() -> pl.Expr:
    limit, value = pl.col("limit"), pl.col("value")
    denominator = pl.col("denominator")
    implied = (value * denominator / 100).round(0)
    numerator = pl.coalesce("numerator", implied)
    any_said_small = pl.col("said").list.eval(pl.element().struct.field("value").abs()).list.min()
    small_share = (
        is_small(numerator, limit)
        | is_small(denominator, limit)
        | is_small(denominator - numerator, limit)
    )
    small_count = is_small(value, limit) | (pl.col("conflict") & is_small(any_said_small, limit))
    return (
        pl.when(pl.col("kind") == "number")
        .then(small_count)
        .when(pl.col("kind") == "rate")
        .then(is_small(pl.col("numerator"), limit))
        .otherwise(small_share)
    )


def _hide(held: pl.LazyFrame) -> pl.LazyFrame:
    shown = pl.when(~pl.col("hidden"))
    return held.with_columns(
        *(shown.then(pl.col(name)).alias(name) for name in ("value", "numerator", "denominator")),
        state=shown.then("state").otherwise(pl.lit("suppressed")),
        raw=shown.then("raw").otherwise(pl.lit(MARK)),
        conflict=pl.col("conflict") & ~pl.col("hidden"),
        said=shown.then("said").otherwise(pl.col("said").list.head(0)),
    )
