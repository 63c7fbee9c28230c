"""Fractions among percentages: 0.27 in a row of 27s."""

from __future__ import annotations

import polars as pl

from kpi.domain.checks.cells_of_series import by_series, figures_said
from kpi.domain.checks.context import SERIES, Context, decimals
from kpi.domain.findings import Check, Said, worded

_OTHERS = 2
"""So many others must be percentages; of fewer nobody can say which is the odd one."""

_FAR = 10.0
"""How many times as large the others are at least: 0.9% stands well among 2% and 3%."""


def find_fractions(context: Context) -> pl.LazyFrame:
    """Every share between 0 and 1 whose hundredfold lies among its row's other figures.

    The others are those of the series above 1. A hundredfold up to twice the largest and
    down to half of the smallest lies among them. A fraction also has more decimals than
    they have: 0.4 beside 35.2 is 0.4%.
    """
    catalogue = context.catalogue
    value = pl.col("value")
    is_small = (value > 0) & (value <= 1)
    others = pl.when(value > 1).then(value)
    series = [*SERIES, "period_months"]
    shares = context.held.filter(
        pl.col("indicator").is_in(context.ids(outturn="percentage")) & value.is_not_null()
    )
    touched = shares.filter(is_small & pl.col("is_subject")).select(series).unique()
    wrong = (
        shares.join(touched, on=series, how="semi", nulls_equal=True)
        .with_columns(
            count=others.count().over(series),
            least=others.min().over(series),
            most=others.max().over(series),
            middle=others.median().over(series),
            places=decimals(others).max().over(series),
        )
        .filter(is_small & pl.col("is_subject") & (pl.col("count") >= _OTHERS))
        .filter((100 * value).is_between(pl.col("least") / 2, 2 * pl.col("most")))
        .filter((pl.col("middle") > _FAR * value) & (decimals(value) > pl.col("places")))
        .with_columns(row=pl.col("period_start").rank("ordinal"))
    )
    return worded(
        by_series(wrong),
        say=lambda row: Said(
            f"{figures_said(row, catalogue)}, a fraction among percentages",
            "Format the cell as a percentage, or type it as the others are.",
        ),
    )


CHECK = Check(
    code="KPI210",
    title="fraction among percentages",
    severity="warning",
    meaning="A figure between 0 and 1 stands in a row of percentages a hundred times as large.",
    why="A spreadsheet keeps 27% as 0.27. Copied as a value, it is read as a quarter of one per "
    "cent.",
    advice="Format the cell as a percentage, or type 27.",
    example="board.csv!F2 – Re-referrals, Jun-21: 0.27%, a fraction among percentages",
    find=find_fractions,
    discredits=True,
)
