"""Findings without small numbers, for all that leaves the machine.

A finding tells figures in words, and with them everything that was to be hidden. So one
that rests on a hidden figure keeps its place and its code, and loses its words.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.wording import about
from kpi.domain.findings import Check
from kpi.domain.observation import KEY, address_expr
from kpi.domain.suppression.restatements import NOT_SHOWN, hidden_keys, with_hidden_changes
from kpi.domain.suppression.ties import guards

HINT = "Run it on a terminal, or with --internal, to see the figures."
_TYPED_FIGURE = r"`[^`]*[0-9][^`]*`"


def hidden_cells(context: Context) -> pl.DataFrame:
    """`address` of every cell whose figure is hidden on the way out, where it stands twice too."""
    outturns = context.cells.filter(pl.col("role") == "outturn")
    keys = hidden_keys(outturns, context.catalogue)
    return (
        outturns.join(keys.lazy(), on=KEY, how="semi", nulls_equal=True)
        .select(address=address_expr())
        .collect()
    )


def hidden_changes(
    restated: pl.DataFrame, observations: pl.LazyFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """`address` of the new cell of every restatement that tells of a small number.

    Args:
        restated: Columns of `kpi.domain.checks.restated.RESTATED`.
        observations: The rows that they come from, stored or only read.
        catalogue: Gives the limits.
    """
    found = [
        with_hidden_changes(
            restated.filter(pl.col("seq") == seq),
            before=observations.filter(pl.col("seq") < seq),
            after=observations.filter(pl.col("seq") <= seq),
            catalogue=catalogue,
        )
        for seq in restated["seq"].unique().sort()
    ]
    if not found:
        return pl.DataFrame(schema={"address": pl.String})
    return pl.concat(found).filter("is_hidden").select(address=address_expr())


def with_small_hidden(
    findings: pl.DataFrame,
    *,
    hidden: pl.DataFrame,
    catalogue: Catalogue,
    checks: dict[str, Check],
) -> pl.DataFrame:
    """The findings, those that tell of a hidden figure without their words and value.

    Args:
        findings: Columns of `kpi.domain.findings.FINDING`.
        hidden: `address` of the cells that must not be told of.
        catalogue: Gives titles, and says which indicators hide small numbers.
        checks: The checks by code, for their titles.
    """
    addresses = hidden["address"].to_list()
    tells = (
        pl.concat_list(pl.concat_list(address_expr()), pl.col("related").fill_null([]))
        .list.eval(pl.element().is_in(addresses))
        .list.any()
    )
    # The text of a cell that could not be read may be a small number all the same.
    shows_text = (
        (pl.col("state") == "unreadable")
        & pl.col("indicator").is_in([*guards(catalogue)])
        & pl.col("message").str.contains(_TYPED_FIGURE)
    )
    marked = findings.with_columns(is_hidden=(tells | shows_text).fill_null(value=False))
    said = [
        f"{about(row, catalogue)}: {checks[row['code']].title}; {NOT_SHOWN}"
        if row["is_hidden"] and row["indicator"]
        else row["message"]
        for row in marked.iter_rows(named=True)
    ]
    shown = pl.when(~pl.col("is_hidden"))
    return marked.with_columns(
        pl.Series("message", said, dtype=pl.String),
        hint=shown.then("hint").otherwise(pl.lit(HINT)),
        value=shown.then("value"),
        state=shown.then("state").otherwise(pl.lit("suppressed")),
    ).drop("is_hidden")
