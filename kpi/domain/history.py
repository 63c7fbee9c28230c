"""What figures were before: every restatement that the kept observations show."""

from __future__ import annotations

import polars as pl

from kpi.domain.held import SIGNIFICANT_DIGITS
from kpi.domain.observation import KEY, address_expr


def restatements(observations: pl.LazyFrame) -> pl.LazyFrame:
    """Each change of a figure from one batch to a later one that counted, oldest first.

    Args:
        observations: Stored rows, nothing that was taken back.

    Returns:
        The key, `seq`, `ingested_at`, `old`, `new` (null: withdrawn), `state` (that of
        `new`), `old_address`, `new_address`. Where a batch says a figure twice, its first
        cell speaks.
    """
    was_value = pl.col("old_state") == "value"
    rounded = [pl.col(name).round_sig_figs(SIGNIFICANT_DIGITS) for name in ("value", "old")]
    return (
        observations.filter(
            (pl.col("role") == "outturn") & ~pl.col("older") & (pl.col("state") != "blank")
        )
        .sort("seq", pl.col("state") != "value", "row")
        .unique([*KEY, "seq"], keep="first", maintain_order=True)
        .with_columns(
            old=pl.col("value").shift(1).over(KEY),
            old_state=pl.col("state").shift(1).over(KEY),
            new_address=address_expr(),
        )
        .with_columns(old_address=pl.col("new_address").shift(1).over(KEY))
        .filter(was_value & rounded[0].ne_missing(rounded[1]))
        .select(
            *KEY,
            "seq",
            "ingested_at",
            "old",
            "state",
            "old_address",
            "new_address",
            new=pl.col("value"),
        )
    )
