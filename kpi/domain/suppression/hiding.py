"""Small numbers hidden on the way out, before anything is derived from them.

Applied to held figures: a hidden one has no value, state `suppressed` and nothing beside
it, so every rating, gap, trend and sentence made from it is missing too. Storing never
suppresses. Which figures are small is said by `kpi.domain.suppression.small_counts`, which others
would give those back by `kpi.domain.suppression.secondary`; what a restatement prints is
hidden by `kpi.domain.suppression.restatements`.

What is hidden of a period depends on what is held by its end, on nothing later, on no order
of rows and on no command: it is the same in every format and in every later run on the same
figures, provided that the figures of all units, of the indicators `tied` together and of
the periods before are there when it is decided.

Not done: no noise is added and nothing is rounded. Zero is shown. Linking with what others
publish, or with what is known of a person, is not prevented: a person still asks what a
motivated intruder could do. What else stays open is said in `kpi.domain.suppression.secondary`.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.suppression.secondary import with_revealing
from kpi.domain.suppression.small_counts import SMALLNESS, is_small, is_small_change, with_smallness
from kpi.domain.suppression.ties import guards, tied

MARK = "c"
"""What stands in place of a hidden cell's text."""


def with_suppression(held: pl.LazyFrame, catalogue: Catalogue) -> pl.LazyFrame:
    """The same rows with small counts hidden, and whatever gives them back.

    A count is small from 1 to one less than the indicator's `suppress_below`; zero is shown.
    A percentage is hidden when its numerator, its denominator or their difference is small;
    where no numerator is known, the one that value and denominator imply counts. A rate is
    hidden by its numerator, known or implied.

    Args:
        held: Held figures (columns of `kpi.domain.held.with_held`) with their counts filled
            in and ratios derived; of all units and tied indicators.
        catalogue: Gives the limits, and which figures make up which. Without limits the
            rows are given back as they are.
    """
    guarded = guards(catalogue)
    if not guarded:
        return held
    small = with_smallness(held.collect(), catalogue)
    return with_revealing(small, catalogue, guarded=guarded).lazy().pipe(_hide).drop(SMALLNESS)


def unprotected(catalogue: Catalogue) -> tuple[str, ...]:
    """The percentages with a limit that cannot protect them, as nothing says of how many.

    Neither a denominator nor a ratio is named, nor a published column for it. A base that
    is named in words alone has to come with each figure, and is not looked for here.
    """
    return tuple(
        each.id
        for each in catalogue.indicators
        if each.outturn == "percentage"
        and each.suppress_below > 0
        and not (each.denominator or each.ratio)
        and not (each.published and each.published.denominator)
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


__all__ = ["MARK", "is_small", "is_small_change", "tied", "unprotected", "with_suppression"]
