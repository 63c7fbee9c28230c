"""Which restatements are not printed, because a figure before or after is hidden, or small.

An old figure is hidden as the report of its day hid it, and so is the new one; a change by a
small number of cases is itself a small number. What is printed nowhere side by side (this
month's paper and the last one's) is not prevented from being compared.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.observation import KEY
from kpi.domain.scorecard import figures
from kpi.domain.suppression.hiding import with_suppression
from kpi.domain.suppression.small_counts import is_small_change, scale_of
from kpi.domain.suppression.ties import guards

NOT_SHOWN = "the figures or their difference are small and not shown"
"""What stands for two figures of which neither may be told."""


def with_hidden_changes(
    changes: pl.DataFrame,
    *,
    before: pl.LazyFrame,
    after: pl.LazyFrame,
    catalogue: Catalogue,
) -> pl.DataFrame:
    """The same rows with `is_hidden`: whether neither figure may be told.

    Args:
        changes: The key, `old` and `new` (null: withdrawn).
        before: The stored rows that counted before the change.
        after: Those that count after it.
        catalogue: Gives the limits.
    """
    guarded = guards(catalogue)
    touched = changes.filter(pl.col("indicator").is_in([*guarded]))
    if touched.is_empty():
        return changes.with_columns(is_hidden=pl.lit(value=False))
    beside = pl.col("indicator").is_in([*guarded]) & pl.col("area").is_in(
        touched["area"].unique().implode()
    )
    then, now = (_figures(rows.filter(beside), catalogue) for rows in (before, after))
    hidden = pl.concat([then, now]).filter("is_hidden").select(*KEY).unique()
    bases = now.select(*KEY, "scale", "base", "limit")
    return (
        changes.join(bases, on=KEY, how="left", nulls_equal=True, maintain_order="left")
        .join(
            hidden.with_columns(is_hidden=pl.lit(value=True)),
            on=KEY,
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        .with_columns(is_hidden=pl.col("is_hidden").fill_null(value=False) | _is_small())
        .drop("scale", "base", "limit")
    )


def hidden_keys(observations: pl.LazyFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The figures that are hidden on the way out (columns: the key)."""
    guarded = guards(catalogue)
    if not guarded:
        return pl.DataFrame(schema=dict.fromkeys(KEY, pl.String))
    rows = observations.filter(pl.col("indicator").is_in([*guarded]))
    return _figures(rows, catalogue).filter("is_hidden").select(*KEY)


def _figures(observations: pl.LazyFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The figures of these rows, and whether each is hidden.

    Returns:
        The key, `is_hidden` (by us), `limit`, and what turns an outturn into cases: `base`
        over `scale` (of a count 1 over 1; null where it is not known).
    """
    indicators = catalogue.indicators
    limits = {each.id: float(each.suppress_below) for each in indicators}
    scales = {each.id: scale_of(each) for each in indicators}
    counts = [each.id for each in indicators if each.outturn == "number" and not each.ratio]
    id_, value = pl.col("indicator"), pl.col("value")
    bare = figures(observations, catalogue, hide_small=False).collect()
    kept = with_suppression(bare.lazy(), catalogue).collect()["state"]
    scale = id_.replace_strict(scales, default=1.0, return_dtype=pl.Float64)
    implied = pl.when(value > 0).then(pl.col("numerator") * scale / value)
    return bare.select(
        *KEY,
        is_hidden=(pl.col("state") != "suppressed") & (kept == "suppressed"),
        limit=id_.replace_strict(limits, default=0.0, return_dtype=pl.Float64),
        scale=scale,
        base=pl.when(id_.is_in(counts)).then(1.0).otherwise(pl.coalesce("denominator", implied)),
    )


def _is_small() -> pl.Expr:
    """Whether a change is small, counted in cases where the base is known."""
    cases = pl.col("base") / pl.col("scale")
    old, new = ((pl.col(name) * cases).round(0) for name in ("old", "new"))
    return is_small_change(old, new, pl.col("limit"))
