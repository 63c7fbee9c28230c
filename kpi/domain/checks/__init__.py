"""The checks, in stages: later ones leave alone what earlier ones have found wrong.

A check is a file of its own: what it finds, in an expression, and what that means. A new
one is a new file and a line here. Which figures they look at is `context`'s, what is done
with findings `kpi.domain.findings`'s.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kpi.domain.checks import (
    annual_totals,
    averaged_counts,
    ended_target,
    falling_total,
    formula,
    fraction,
    fractions_throughout,
    future,
    impossible_percentage,
    jump,
    missing,
    negative,
    not_a_number,
    not_as_published,
    other_kind,
    part_over_whole,
    parts,
    pasted,
    percentage_in_count,
    printed_twice,
    rate_and_count,
    rebase_outside,
    restated,
    same_as,
    shifted,
    short_row,
    small_numbers,
    spreadsheet_error,
    statutory,
    stock_and_flow,
    stopped,
    subset,
    two_populations,
    two_targets,
    two_typed_targets,
    two_values,
    typed_target,
    unclaimed_label,
    units,
)
from kpi.domain.checks.context import Context
from kpi.domain.findings import FINDING, Check

READING = (
    not_a_number.CHECK,
    spreadsheet_error.CHECK,
    formula.CHECK,
    short_row.CHECK,
    unclaimed_label.CHECK,
)
ONE_VALUE = (
    two_values.CHECK,
    printed_twice.CHECK,
    restated.CHECK,
    typed_target.CHECK,
    two_typed_targets.CHECK,
)
RANGE_AND_KIND = (
    impossible_percentage.CHECK,
    percentage_in_count.CHECK,
    part_over_whole.CHECK,
    fraction.CHECK,
    fractions_throughout.CHECK,
    negative.CHECK,
    future.CHECK,
)
HISTORY = (
    missing.CHECK,
    falling_total.CHECK,
    stopped.CHECK,
    jump.CHECK,
)
ROWS = (
    rate_and_count.CHECK,
    two_populations.CHECK,
    parts.CHECK,
    subset.CHECK,
    same_as.CHECK,
    stock_and_flow.CHECK,
    units.CHECK,
    two_targets.CHECK,
)
COMPARATORS = (pasted.CHECK, other_kind.CHECK, annual_totals.CHECK, shifted.CHECK)
PUBLISHED = (
    averaged_counts.CHECK,
    not_as_published.CHECK,
    statutory.CHECK,
)
CATALOGUE = (rebase_outside.CHECK, ended_target.CHECK)
DISCLOSURE = (small_numbers.CHECK,)

STAGES: tuple[tuple[Check, ...], ...] = (
    READING,
    ONE_VALUE,
    RANGE_AND_KIND,
    HISTORY,
    ROWS,
    COMPARATORS,
    PUBLISHED,
    CATALOGUE,
    DISCLOSURE,
)
"""In order."""

CHECKS: dict[str, Check] = {
    check.code: check
    for check in sorted((check for stage in STAGES for check in stage), key=lambda each: each.code)
}
"""Every check by its code."""


def all_findings(context: Context, *, codes: Iterable[str] | None = None) -> pl.DataFrame:
    """What all checks find, in no promised order (columns: `FINDING`; nothing accepted yet).

    Each stage is worked out at once, its checks together. A check that is not wanted still
    keeps later ones from the cells that it finds wrong.

    Args:
        context: What they look at.
        codes: The checks whose findings are wanted; null for all.
    """
    wanted = {*CHECKS} if codes is None else {*codes}
    found = [pl.DataFrame(schema=FINDING)]
    for stage in STAGES:
        needed = [
            check
            for check in stage
            if (check.code in wanted or check.discredits) and context.has(check.needs)
        ]
        rows = pl.collect_all([check.find(context) for check in needed])
        by_check = list(zip(needed, rows, strict=True))
        found += [_as_findings(each, check) for check, each in by_check if check.code in wanted]
        context = context.doubting([each for check, each in by_check if check.discredits])
    return pl.concat(found)


def _as_findings(found: pl.DataFrame, check: Check) -> pl.DataFrame:
    return found.with_columns(
        code=pl.lit(check.code),
        severity=pl.lit(check.severity),
        accepted=pl.lit(value=False),
        accepted_why=pl.lit(None, dtype=pl.String),
    ).select(*FINDING)
