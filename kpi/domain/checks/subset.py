"""Subsets larger than what they are part of."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.beside import beside, coherences
from kpi.domain.checks.context import Context, decimals, rounding
from kpi.domain.checks.wording import about, figure
from kpi.domain.checks.wording import beside as place_beside
from kpi.domain.findings import Check, Row, Said, nothing_found, worded

_NOISE = 1e-9


def find_subsets(context: Context) -> pl.LazyFrame:
    """Each figure above that of the whole it is part of (`subset_of`); equal is possible.

    Figures that are given rounded, as shares, rates and numbers with decimals are, may be
    above by their rounding.
    """
    catalogue = context.catalogue
    frames = [
        worded(
            beside(context, indicator.id, others=[whole])
            .filter(pl.col("is_subject") & _is_above(is_number=indicator.outturn == "number"))
            .with_columns(whole=pl.lit(whole)),
            say=lambda row: _say(row, catalogue),
        )
        for indicator, rule in coherences(catalogue, "subset_of")
        for whole in rule.with_
    ]
    return pl.concat(frames) if frames else nothing_found()


def _is_above(*, is_number: bool) -> pl.Expr:
    value, whole = pl.col("value"), pl.col("other_0")
    is_counted = pl.lit(is_number) & (decimals(value) == 0) & (decimals(whole) == 0)
    slack = pl.when(is_counted).then(0.0).otherwise(rounding(value) + rounding(whole) + _NOISE)
    return value > whole + slack


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator, whole = catalogue.by_id[row["indicator"]], catalogue.by_id[row["whole"]]
    place = place_beside(row["related"][0], row["source_file"])
    return Said(
        f"{about(row, catalogue)}: {figure(row['value'], indicator)}, more than the "
        f"{figure(row['other_0'], whole)} of {whole.short} ({place})",
        "Every case of the one is a case of the other, so one of the two is wrong.",
    )


CHECK = Check(
    code="KPI217",
    title="more than the whole",
    severity="warning",
    meaning="A figure is larger than that of which it is a part (`subset_of` in the catalogue).",
    why="Unaccompanied children are children looked after: there cannot be more of them.",
    advice="Check both cells.",
    example="board.xlsx:Corporate Parenting!H9 – CLA: UASC, Sep-21: 540, more than the 514 of CLA "
    "(Corporate Parenting!H7)",
    find=find_subsets,
)
