"""Cells that say no figure, and no reason why there is none."""

from __future__ import annotations

import re

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import SERIES, Context
from kpi.domain.checks.faulty_cells import ERROR_VALUE, NO_RESULT
from kpi.domain.checks.rate_pairs import expected_rates
from kpi.domain.checks.short_row import with_refused
from kpi.domain.checks.wording import about, beside, exact, figure, listed, when
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import KEY, address_expr

_LOOK_ALIKES = str.maketrans(
    {"s": "5", "S": "5", "o": "0", "O": "0", "l": "1", "I": "1", "i": "1", "|": "1", "B": "8",
     "Z": "2", "z": "2", "a": "4", "A": "4", "b": "6", "G": "6", "g": "9", "q": "9", "T": "7"}
)  # fmt: skip
"""What scanners and hasty fingers make of digits."""

NEAR = 0.2
"""A likely reading lies within so much of the figures of the periods beside it."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TYPE = "Type the figure, or TBC while it is awaited."


def find_unreadable(context: Context) -> pl.LazyFrame:
    """Each unreadable cell, with what other cells suggest that it says.

    Left out are errors and formulas without result, rows of which nothing is placed, and
    bands typed as the target of an indicator whose target is a range.
    """
    catalogue = context.catalogue
    is_fault = pl.col("raw").str.contains(ERROR_VALUE) | (pl.col("raw") == NO_RESULT)
    is_band = (pl.col("role") == "target") & pl.col("indicator").is_in(
        context.ids(polarity="range")
    )
    unreadable = (
        context.cells.filter(pl.col("state") == "unreadable")
        .pipe(with_refused, context.cells)
        .filter(pl.col("is_subject") & ~pl.col("is_refused") & ~is_fault & ~is_band)
    )
    found = (
        unreadable.pipe(_with_elsewhere, context)
        .pipe(_with_adjacent, context, name="before", step="-")
        .pipe(_with_adjacent, context, name="after", step="")
        .join(expected_rates(context), on=KEY, how="left", nulls_equal=True)
        .with_columns(
            related=pl.concat_list(
                pl.coalesce("elsewhere_at", "count_at"), "before_at", "after_at"
            ).list.drop_nulls()
        )
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _with_elsewhere(unreadable: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The figure that another cell of the same source gives for the same key."""
    key = [*KEY, "role", "seq"]
    elsewhere = (
        context.cells.filter(pl.col("value").is_not_null())
        .join(unreadable.select(key).unique(), on=key, how="semi", nulls_equal=True)
        .sort("row")
        .group_by(key)
        .agg(elsewhere=pl.col("value").first(), elsewhere_at=address_expr().first())
    )
    return unreadable.join(elsewhere, on=key, how="left", nulls_equal=True)


def _with_adjacent(
    unreadable: pl.LazyFrame, context: Context, *, name: str, step: str
) -> pl.LazyFrame:
    """The figure of the period immediately before or after, with its address and period."""
    on = [*SERIES, "period_months", "adjacent"]
    series = (
        context.held.filter(pl.col("value").is_not_null())
        .join(unreadable.select(SERIES).unique(), on=SERIES, how="semi")
        .select(
            *SERIES,
            "period_months",
            pl.col("period_start").alias("adjacent"),
            pl.col("value").alias(name),
            pl.col("period").alias(f"{name}_period"),
            address_expr().alias(f"{name}_at"),
        )
    )
    months = pl.format(step + "{}mo", pl.col("period_months").cast(pl.Int64))
    start = pl.when(pl.col("role") == "outturn").then("period_start")
    return (
        unreadable.with_columns(adjacent=start.dt.offset_by(months))
        .join(series, on=on, how="left")
        .drop("adjacent")
    )


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    what = about(row, catalogue) + (", target" if row["role"] == "target" else "")
    message = f"{what}: `{row['raw']}` is not a number"
    likely, because = _likely(row, catalogue)
    if likely is not None:
        said = figure(likely, indicator)
        return Said(f"{message}; {because}", f"Did you mean {said}?")
    around = [
        f"{figure(row[name], indicator)} in {when(row[f'{name}_period'], indicator)}"
        for name in ("before", "after")
        if row[name] is not None
    ]
    return Said(f"{message}; beside it: {listed(around)}" if around else message, _TYPE)


def _likely(row: Row, catalogue: Catalogue) -> tuple[float | None, str]:
    """What a cell is likely to say, and because of what; null for no idea."""
    indicator = catalogue.by_id[row["indicator"]]
    around = [row[name] for name in ("before", "after") if row[name] is not None]
    if row["elsewhere"] is not None:
        place = beside(row["elsewhere_at"], row["source_file"])
        return row["elsewhere"], f"{place} has {figure(row['elsewhere'], indicator)} for the same"
    following = [
        (rate, count)
        for rate, count in zip(row["expected"] or [], row["counts"] or [], strict=True)
        if len(row["counts"]) == 1 or _is_among(rate, around)
    ]
    if len(following) == 1:
        rate, count = following[0]
        title = catalogue.by_id[row["count_id"]].short
        return rate, f"{figure(rate, indicator)} follows from {exact(count)} ({title})"
    guess = _by_look(row["raw"])
    if guess is not None and _is_among(guess, around):
        said = listed(figure(each, indicator) for each in around)
        return guess, f"{figure(guess, indicator)} by its look, beside {said}"
    return None, ""


def _is_among(value: float, around: list[float]) -> bool:
    """Whether a figure is of the size of those beside it; of none, no figure is."""
    return bool(around) and min(around) * (1 - NEAR) <= value <= max(around) * (1 + NEAR)


def _by_look(raw: str) -> float | None:
    """The number that a text looks like; null where it looks like none, or has no digit."""
    digits = raw.strip().rstrip("%").translate(_LOOK_ALIKES)
    is_like = any(sign.isdigit() for sign in raw) and _NUMBER.fullmatch(digits)
    return float(digits) if is_like else None


CHECK = Check(
    code="KPI101",
    title="not a number",
    severity="error",
    meaning="A cell holds something that is neither a figure nor a known reason for its absence.",
    why="The figure is missing from every rating, trend and comparison until the cell is mended; "
    "nothing is guessed in its place.",
    advice="Correct the cell. Where there is no figure, say why: TBC (awaited), N/A (not "
    "applicable), [x] (not available), [c] (suppressed).",
    example="board.xlsx:Right Service!E6 – CLA, Jun-21: `s01` is not a number; Corporate "
    "Parenting!E3 has 501 for the same",
    find=find_unreadable,
    needs="unreadable",
)
