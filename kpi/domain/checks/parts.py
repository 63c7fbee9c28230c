"""Parts that do not add up to their whole."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Coherence, Indicator
from kpi.domain.checks.beside import beside, coherences
from kpi.domain.checks.context import Context, rounding
from kpi.domain.checks.wording import about, exact, figure
from kpi.domain.findings import Check, Row, Said, nothing_found, worded

_NOISE = 1e-9


def find_parts(context: Context) -> pl.LazyFrame:
    """Each period whose parts (`parts_of`) miss their total by more than rounding explains.

    Each printed part may be off by half a unit in its last place, unless the catalogue
    states an allowance; so may a total that is a figure itself. Where all parts are zero
    there was nothing to divide.
    """
    frames = [
        _of(context, indicator, rule)
        for indicator, rule in coherences(context.catalogue, "parts_of")
    ]
    return pl.concat(frames) if frames else nothing_found()


def _of(context: Context, indicator: Indicator, rule: Coherence) -> pl.LazyFrame:
    catalogue = context.catalogue
    parts = [each for each in rule.with_ if each != indicator.id]
    is_figure = isinstance(rule.total, str)
    others = [*parts, str(rule.total)] if is_figure else parts
    values = [pl.col("value"), *(pl.col(f"other_{place}") for place in range(len(parts)))]
    total = pl.col(f"other_{len(parts)}") if is_figure else pl.lit(float(rule.total or 100))
    roundings = [rounding(each) for each in (*values, *([total] if is_figure else []))]
    allowance = (
        pl.lit(rule.allowance) if rule.allowance is not None else pl.sum_horizontal(roundings)
    )
    found = (
        beside(context, indicator.id, others=others)
        .filter("is_subject")
        .with_columns(sum=pl.sum_horizontal(values), total=total, shares=pl.concat_list(values))
        .filter((pl.col("sum") - pl.col("total")).abs() > allowance + _NOISE)
        .filter(pl.col("shares").list.max() > 0)
    )
    return worded(found, say=lambda row: _say(row, catalogue, [indicator.id, *parts]))


def _say(row: Row, catalogue: Catalogue, parts: list[str]) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    said = " + ".join(exact(each) for each in row["shares"])
    others = ", ".join(catalogue.by_id[each].short for each in parts[1:])
    return Said(
        f"{about(row, catalogue)}: with {others}: {said} = {figure(row['sum'], indicator)}, "
        f"not {figure(row['total'], indicator)}",
        "Rounding does not explain it: is a part missing, or counted twice?",
    )


CHECK = Check(
    code="KPI216",
    title="parts and whole",
    severity="warning",
    meaning="Parts that the catalogue says make up a whole (`parts_of`) do not, by more than the "
    "rounding of the printed parts.",
    why="Some cases are in no part, or in two, so every share is of another base.",
    advice="Look for the missing category. For a known remainder give the rule an `allowance`.",
    example="board.xlsx:Quality!F6 – Audits good or outstanding, Jul-21: with Audits requiring "
    "improvement, Audits inadequate: 66 + 30 + 14 = 110%, not 100%",
    find=find_parts,
)
