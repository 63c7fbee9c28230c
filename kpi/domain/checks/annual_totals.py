"""Annual totals printed beside monthly counts."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.typed_rows import ROW
from kpi.domain.checks.wording import beside, exact, listed, when
from kpi.domain.findings import Check, Row, Said, worded

TIMES = 4.0
"""An annual figure so many times the middle month is a total, not a monthly average."""


def find_totals(context: Context) -> pl.LazyFrame:
    """Each row of monthly counts beside which earlier years stand as totals."""
    catalogue = context.catalogue
    found = (
        context.typed.filter(
            pl.col("indicator").is_in(context.ids(outturn="number", basis="in-month"))
        )
        .filter((pl.col("area") == context.authority) & (pl.col("value").is_not_null()))
        .filter((pl.col("month_middle") > 0) & (pl.col("value") >= TIMES * pl.col("month_middle")))
        .pipe(context.trusted)
        .sort("sheet_column")
        .group_by(ROW, maintain_order=True)
        .agg(
            pl.col("source_cell", "area", "unit", "newest", "newest_period", "newest_at").first(),
            is_subject=pl.col("is_subject").any(),
            value=pl.col("value").first(),
            state=pl.lit("value").first(),
            figures=pl.col("value"),
            period=pl.col("period").first(),
            periods=pl.col("period"),
            related=pl.col("address").slice(1).append(pl.col("newest_at").first()),
        )
        .filter("is_subject")
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    said = listed(exact(each) for each in row["figures"])
    years = listed(when(each, indicator) for each in row["periods"])
    month = f"{exact(row['newest'])} in {when(row['newest_period'], indicator)}"
    kind = "are annual totals" if len(row["figures"]) > 1 else "is an annual total"
    return Said(
        f"{indicator.short}, {years}: {said} {kind} beside monthly figures ({month}, "
        f"{beside(row['newest_at'], row['source_file'])})",
        "Print a month's average beside months, or mark the columns as totals.",
    )


CHECK = Check(
    code="KPI203",
    title="totals beside months",
    severity="warning",
    meaning="Earlier years stand as annual totals in a row of monthly counts.",
    why="A reader who compares along the row sees a fall from 15,657 to 1,978. The tool itself "
    "takes an annual figure of a monthly count for a total, and compares a twelfth of it.",
    advice="Print the monthly average, or mark the columns. Accept the finding where the paper "
    "must stay as it is.",
    example="board.xlsx:Right Service!L6 – Contacts, 2019/20 and 2020/21: 15,657 and 17,661 are "
    "annual totals beside monthly figures (1,978 in Oct-21, Right Service!J6)",
    find=find_totals,
    needs="typed",
)
