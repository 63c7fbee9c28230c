"""What a newly read report changes: new, unchanged, restated or older figures.

Decided against what is held when it is stored, and kept with each row (`older`), so that
a later look need not replay the history (design.md, section 4, "Keeping").
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kpi.domain.held import SIGNIFICANT_DIGITS, standing, with_held
from kpi.domain.observation import KEY, READ, address_expr

CELL = (*KEY, "role", "value", "numerator", "denominator", "state", "marks")
"""Beside the address, what makes a row of a source read again the same row."""

PLACE_OF_CELL = ("source_sheet", "source_cell")


def report_end(read: pl.DataFrame, *, authority: str) -> date | None:
    """Last day of the newest period for which a report holds a whole figure of its own.

    A report of other areas only, such as published statistics, counts by those; null where
    no figure has a period.
    """
    figures = read.filter(
        (pl.col("role") == "outturn")
        & (pl.col("state") == "value")
        & ~pl.col("marks").str.contains("partial", literal=True)
    )
    own = figures.filter((pl.col("area") == authority) & (pl.col("unit") == ""))
    newest = own["period_end"].max()
    found = newest if newest is not None else figures["period_end"].max()
    return found if isinstance(found, date) else None


def not_yet_stored(read: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """The rows that this source, read before, did not give then.

    Args:
        read: What the source says now (columns `READ`).
        stored: What is stored of the same bytes, nothing that was taken back.
    """
    same = [*CELL, *PLACE_OF_CELL]
    return read.join(stored.select(same).unique(), on=same, how="anti", nulls_equal=True)


def with_known_unchanged(
    changes: pl.DataFrame, stored: pl.DataFrame, *, restate: bool
) -> pl.DataFrame:
    """The same rows; those that are stored of this source already change nothing.

    Args:
        changes: Columns of `with_change`.
        stored: What is stored of the same bytes, nothing that was taken back.
        restate: Whether a stored figure that is no longer held is to count again.
    """
    same = [*CELL, *PLACE_OF_CELL]
    known = stored.select(same).unique().with_columns(is_known=pl.lit(value=True))
    counts_again = pl.lit(restate) & (pl.col("change") == "restated")
    changes_nothing = pl.col("is_known") & pl.col("change").is_not_null() & ~counts_again
    return (
        changes.join(known, on=same, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(change=pl.when(changes_nothing).then(pl.lit("unchanged")).otherwise("change"))
        .drop("is_known")
    )


def with_change(
    read: pl.DataFrame, observations: pl.LazyFrame, *, report_end: date | None, restate: bool
) -> pl.DataFrame:
    """The same rows with what they change, in the same order.

    Args:
        read: Rows about to be stored (columns `READ`).
        observations: What is stored now.
        report_end: Of the report they come from.
        restate: Whether figures of newer reports give way to these all the same.

    Returns:
        Adds `report_end`, `older` (Boolean: a newer report holds the key, so this never
        counts), `change` (`new`, `unchanged`, `restated`, `older`; null for blanks and
        targets), `old_value`, `old_state` and `old_address` of the figure held before, and
        `old_conflict` (Boolean: whether that was two figures; the first of them is the old
        value then).
    """
    held = _held_before(read, observations)
    was_value = pl.col("old_state") == "value"
    is_older = pl.lit(not restate) & (pl.col("old_report_end") > pl.lit(report_end)).fill_null(
        False
    )
    rounded = pl.col("value").round_sig_figs(SIGNIFICANT_DIGITS)
    is_held_value = pl.col("old_values").list.contains(rounded)
    says_the_same = (pl.col("state") == pl.col("old_state")) & (~was_value | is_held_value)
    # What a fuller cell of the same source overrules changes nothing.
    is_overruled = standing() < standing().max().over(*KEY, "role")
    is_same = says_the_same | (is_overruled & pl.col("old_state").is_not_null())
    return (
        read.with_row_index("read_row")
        .join(held, on=[*KEY, "role"], how="left", nulls_equal=True)
        .sort("read_row")
        .with_columns(report_end=pl.lit(report_end, dtype=pl.Date), older=is_older)
        .with_columns(
            change=pl.when((pl.col("role") == "target") | (pl.col("state") == "blank"))
            .then(None)
            .when(is_same.fill_null(False))
            .then(pl.lit("unchanged"))
            .when("older")
            .then(pl.lit("older"))
            # Equal cells of one source merge: the first restates, the others say it again.
            .when(was_value & pl.struct(*KEY, "role", "state", rounded).is_first_distinct())
            .then(pl.lit("restated"))
            .when(was_value)
            .then(pl.lit("unchanged"))
            .otherwise(pl.lit("new"))
        )
        .drop("read_row", "old_values", "old_report_end")
    )


def conflicts(read: pl.DataFrame) -> pl.DataFrame:
    """The keys for which one source says two different values (columns of `with_held`)."""
    return (
        read.lazy()
        .filter(pl.col("role") == "outturn")
        .with_columns(
            seq=pl.lit(0),
            row=pl.int_range(pl.len()),
            batch=pl.lit(None, dtype=pl.String),
            ingested_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
            report_end=pl.lit(None, dtype=pl.Date),
        )
        .pipe(with_held)
        .filter("conflict")
        .collect()
    )


def preferred(read: pl.DataFrame, conflicting: pl.DataFrame, *, choice: str) -> pl.DataFrame:
    """The conflicting rows that stand on the chosen sheet, under the chosen theme or in the cell.

    Args:
        read: Rows of the source (columns `READ`).
        conflicting: Their conflicts.
        choice: A sheet's name, a theme as printed, or a cell: `H6`, `Sheet!H6`, or the
            whole address.
    """
    said = choice.strip().casefold()
    cell = pl.col("source_cell")
    names = [
        pl.col("source_sheet"),
        pl.col("source_theme"),
        cell,
        pl.col("source_sheet") + "!" + cell,
        address_expr(),
    ]
    is_chosen = pl.any_horizontal(
        name.str.to_lowercase().eq(said).fill_null(False) for name in names
    )
    return (
        read.join(conflicting.select(*KEY), on=KEY, how="semi", nulls_equal=True)
        .filter((pl.col("state") == "value") & is_chosen)
        .select(*READ)
    )


def _held_before(read: pl.DataFrame, observations: pl.LazyFrame) -> pl.DataFrame:
    """What is held of the keys that a reading speaks of, blanks left out."""
    keys = read.lazy().select(*KEY, "role").unique()
    held = [
        observations.filter((pl.col("role") == role) & ~pl.col("older"))
        .join(keys.filter(pl.col("role") == role), on=list(KEY), how="semi", nulls_equal=True)
        .pipe(with_held)
        .filter(pl.col("state") != "blank")
        .with_columns(role=pl.lit(role))
        for role in ("outturn", "target")
    ]
    first_said = pl.col("said").list.first().struct.field("value")
    return (
        pl.concat(held)
        .select(
            *KEY,
            "role",
            old_value=pl.coalesce("value", first_said),
            old_state="state",
            old_conflict="conflict",
            old_values=pl.col("said").list.eval(
                pl.element().struct.field("value").round_sig_figs(SIGNIFICANT_DIGITS)
            ),
            old_address=address_expr(),
            old_report_end="report_end",
        )
        .collect()
    )
