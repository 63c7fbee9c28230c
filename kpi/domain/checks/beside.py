"""An indicator's figures beside those of others for the same place and period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from kpi.domain.catalogue import Catalogue, Coherence, CoherenceRule, Indicator
from kpi.domain.checks.context import Context
from kpi.domain.observation import KEY, address_expr

PLACE = ("area", "unit", "period")


def coherences(catalogue: Catalogue, rule: CoherenceRule) -> Iterator[tuple[Indicator, Coherence]]:
    """Every indicator with a rule of this kind, and the rule."""
    for indicator in catalogue.indicators:
        for each in indicator.coheres:
            if each.rule == rule:
                yield indicator, each


def figures_of(context: Context, indicator: str) -> pl.LazyFrame:
    """The own figures of an indicator that earlier stages have not found wrong."""
    return (
        context.own()
        .filter((pl.col("indicator") == indicator) & pl.col("value").is_not_null())
        .filter(pl.col("period").is_not_null())
        .pipe(context.trusted)
    )


def beside(context: Context, indicator: str, *, others: Sequence[str]) -> pl.LazyFrame:
    """An indicator's figures where all of the others have one for the same place and period.

    Returns:
        The columns of `Context.held`, and for each other `other_0`, `other_1` and so on (its
        value); `related` (addresses of the others), `is_subject` where any of them is.
    """
    frame = figures_of(context, indicator).with_columns(related=pl.lit([], pl.List(pl.String)))
    for number, other in enumerate(others):
        figures = figures_of(context, other).select(
            *PLACE,
            pl.col("value").alias(f"other_{number}"),
            other_at=address_expr(),
            other_is_subject="is_subject",
        )
        frame = (
            frame.join(figures, on=PLACE)
            .with_columns(
                related=pl.concat_list("related", "other_at"),
                is_subject=pl.col("is_subject") | pl.col("other_is_subject"),
            )
            .drop("other_at", "other_is_subject")
        )
    return frame


def none_of(context: Context) -> pl.LazyFrame:
    """No figures, where the catalogue has no such rule (columns: the key)."""
    return context.held.head(0).select(KEY)
