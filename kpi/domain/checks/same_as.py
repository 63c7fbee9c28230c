"""Rows that should say the same and do not."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.beside import beside, coherences
from kpi.domain.checks.context import Context, rounding
from kpi.domain.checks.wording import about, figure
from kpi.domain.checks.wording import beside as place_beside
from kpi.domain.findings import Check, Row, Said, nothing_found, worded

_NOISE = 1e-9


def find_unlike(context: Context) -> pl.LazyFrame:
    """Each figure unlike the one it should be the same as (`same_as`).

    Both may be rounded, unless the catalogue states an allowance.
    """
    catalogue = context.catalogue
    frames = []
    for indicator, rule in coherences(catalogue, "same_as"):
        value, other = pl.col("value"), pl.col("other_0")
        either = pl.max_horizontal(rounding(value), rounding(other))
        # Of two figures equally exact neither is a rounding of the other.
        rounded = pl.when(rounding(value) == rounding(other)).then(0.0).otherwise(either)
        allowance = pl.lit(rule.allowance) if rule.allowance is not None else rounded
        frames += [
            worded(
                beside(context, indicator.id, others=[twin])
                .filter(pl.col("is_subject") & ((value - other).abs() > allowance + _NOISE))
                .with_columns(twin=pl.lit(twin)),
                say=lambda row: _say(row, catalogue),
            )
            for twin in rule.with_
        ]
    return pl.concat(frames) if frames else nothing_found()


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator, twin = catalogue.by_id[row["indicator"]], catalogue.by_id[row["twin"]]
    place = place_beside(row["related"][0], row["source_file"])
    return Said(
        f"{about(row, catalogue)}: {figure(row['value'], indicator)}, where {twin.short} is "
        f"{figure(row['other_0'], twin)} ({place})",
        "The two should be the same.",
    )


CHECK = Check(
    code="KPI220",
    title="twins differ",
    severity="warning",
    meaning="Two rows that the catalogue says are the same (`same_as`) differ.",
    why="A reader who finds both trusts neither.",
    advice="Correct one of them, or print the figure once.",
    example="board.xlsx:Summary!C4 – CLA (summary), Sep-21: 511, where CLA is 514 (Detail!H7)",
    find=find_unlike,
)
