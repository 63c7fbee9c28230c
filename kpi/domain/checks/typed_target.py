"""Targets typed in a report that are not the catalogue's."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context, alike
from kpi.domain.checks.wording import about, figure
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.target import ALWAYS, PER_MONTHS, target_frame, with_target
from kpi.domain.words import PER_WORDS


def find_typed_targets(context: Context) -> pl.LazyFrame:
    """Each typed target that is not what the catalogue holds for its period.

    Two targets are the same when they come to the same for a year. Only single aims are
    compared: one that is awaited or not applicable contradicts nothing. Nor does an earlier
    year's contradict a target of which the catalogue does not say since when it holds.
    """
    catalogue = context.catalogue
    last = pl.lit(context.up_to.end)
    own = (pl.col("area") == context.authority) & (pl.col("unit") == "")
    found = (
        context.targets.filter(own & pl.col("is_subject") & pl.col("value").is_not_null())
        .with_columns(period_end=pl.min_horizontal("period_end", last))
        .pipe(with_target, target_frame(catalogue).lazy())
        .filter(pl.col("target_value").is_not_null())
        .filter((pl.col("period_end") == last) | (pl.col("target_begins") > pl.lit(ALWAYS)))
        .with_columns(per=pl.coalesce("typed_per", "target_per"))
        .filter(~alike(_a_year("value", "per"), _a_year("target_value", "target_per")))
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _a_year(value: str, per: str) -> pl.Expr:
    """An aim for twelve months; one for a point in time stays as it is."""
    months = pl.col(per).replace_strict(PER_MONTHS, return_dtype=pl.Int64)
    return pl.when(months > 0).then(pl.col(value) * 12 / months).otherwise(pl.col(value))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    typed, known = (
        f"{figure(value, indicator)} {PER_WORDS.get(per, '')}".strip()
        for value, per in (
            (row["value"], row["typed_per"]),
            (row["target_value"], row["target_per"]),
        )
    )
    return Said(
        f"{about(row, catalogue)}: the target typed is {typed}, the catalogue's {known}",
        "The catalogue's rates. Correct whichever is out of date.",
    )


CHECK = Check(
    code="KPI209",
    title="another target",
    severity="warning",
    meaning="The target typed in a report is not the one in the catalogue.",
    why="The rating in this tool and the one that a reader works out from the page would differ.",
    advice="Correct the sheet, or add the new target to the catalogue with the day from which it "
    "holds.",
    example="board.xlsx:Right Service!K9 – CLA: the target typed is 450, the catalogue's 456",
    find=find_typed_targets,
)
