"""Small counts, and shares that rest on them, that the catalogue does not hide."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, SERIES, Context
from kpi.domain.checks.wording import about, exact, listed, periods
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr

SMALL_BELOW = 6
"""Counts from 1 to one less are small, as the Department for Education has it."""

_SLIPS = 1
_PLACE = ("area", "unit", "period")


def find_small(context: Context) -> pl.LazyFrame:
    """Each own series with small counts, or shares of small counts, that go out unhidden.

    A share rests on the denominator that its source gives or that the catalogue names. A
    count and the shares that rest on it are one finding, at the count. A series with
    decimals or negative figures counts nobody, unless it is but one slip.
    """
    catalogue = context.catalogue
    own = context.own().filter(pl.col("period").is_not_null() & pl.col("value").is_not_null())
    limits = {
        each.id: min(float(each.suppress_below), SMALL_BELOW) for each in catalogue.indicators
    }
    limit = pl.col("indicator").replace_strict(limits, default=0.0, return_dtype=pl.Float64)
    counts = (
        own.filter(pl.col("indicator").is_in(context.ids(outturn="number")))
        .filter((~_is_counted()).sum().over(SERIES) <= _SLIPS)
        .filter(_is_small(pl.col("value"), limit))
    )
    shares = own.filter(pl.col("indicator").is_in(context.ids(outturn="percentage")))
    bases = _on_bases(shares, own, catalogue, limit=limit)
    given = shares.filter(
        _is_small(pl.col("denominator"), limit) | _is_small(pl.col("numerator"), limit)
    )
    return pl.concat(
        [
            worded(
                _series(counts.join(bases, on=["indicator", *_PLACE], how="left")),
                say=lambda row: _say_count(row, catalogue),
            ),
            worded(_given(given), say=lambda row: _say_share(row, catalogue)),
        ]
    )


def _is_counted() -> pl.Expr:
    """Whether a figure can be a count: whole, and not below zero as variances are."""
    return (pl.col("value") >= 0) & (pl.col("value") == pl.col("value").round(0))


def _is_small(count: pl.Expr, limit: pl.Expr) -> pl.Expr:
    """Whether a count is from 1 to 5 and not below the limit at which it is hidden."""
    return ((count > 0) & (count < SMALL_BELOW) & (count >= limit)).fill_null(value=False)


def _on_bases(
    shares: pl.LazyFrame, own: pl.LazyFrame, catalogue: Catalogue, *, limit: pl.Expr
) -> pl.LazyFrame:
    """The shares that rest on an indicator's small figure: by that indicator and place.

    Returns:
        `indicator` (of the base), `area`, `unit`, `period`, `shares` (ids), `shares_at`.
    """
    links = {
        each.id: each.denominator
        for each in catalogue.indicators
        if each.outturn == "percentage" and each.denominator in catalogue.by_id
    }
    return (
        shares.filter(pl.col("indicator").is_in([*links]))
        .filter(limit < SMALL_BELOW)
        .select(
            *_PLACE,
            share="indicator",
            share_at=address_expr(),
            indicator=pl.col("indicator").replace_strict(
                links, default=None, return_dtype=pl.String
            ),
        )
        .group_by("indicator", *_PLACE)
        .agg(shares=pl.col("share").sort(), shares_at=pl.col("share_at").sort_by("share"))
    )


def _series(counts: pl.LazyFrame) -> pl.LazyFrame:
    return (
        counts.filter("is_subject")
        .sort("period_end")
        .group_by(*SERIES, maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "seq", "value", "state", "period").first(),
            periods=pl.col("period"),
            figures=pl.col("value"),
            shares=pl.col("shares").list.explode().drop_nulls().unique(maintain_order=True),
            related=address_expr().slice(1).append(pl.col("shares_at").list.explode().drop_nulls()),
        )
    )


def _given(shares: pl.LazyFrame) -> pl.LazyFrame:
    return (
        shares.filter("is_subject")
        .sort("period_end")
        .group_by(*SERIES, maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "seq", "value", "state", "period").first(),
            pl.col("numerator", "denominator").first(),
            periods=pl.col("period"),
            related=address_expr().slice(1),
        )
    )


def _say_count(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    title = about({**row, "period": None}, catalogue)
    said = listed(exact(each) for each in row["figures"])
    message = f"{title}, {periods(row['periods'], indicator)}: {said}"
    if row["shares"]:
        titles = listed(catalogue.by_id[each].short for each in row["shares"])
        message += f", on which {titles} {'rest' if len(row['shares']) > 1 else 'rests'}"
    return Said(f"{message}; one case can be told from so few", _HINT)


def _say_share(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    title = about({**row, "period": None}, catalogue)
    known = [row[name] for name in ("numerator", "denominator") if row[name] is not None]
    base = " of ".join(exact(each) for each in known)
    such = "such as " if len(row["periods"]) > 1 else ""
    return Said(
        f"{title}, {periods(row['periods'], indicator)}: {such}{base}; one case can be told from "
        "so few",
        _HINT,
    )


_HINT = (
    "If these are children or families, set `suppress_below = 6`: they then never leave the "
    "terminal."
)

CHECK = Check(
    code="KPI301",
    title="small base",
    severity="info",
    meaning="A count is from 1 to 5, or a percentage rests on one, and the catalogue does not hide "
    "it on the way out.",
    why="A percentage of two children can tell who they are.",
    advice="Set `suppress_below = 6` where the cases are children or families. Counts of other "
    "things, such as audits, need none: accept the finding.",
    example="board.xlsx:Quality Assurance!D5 – Cases audited, May-21: 2, on which Audits good or "
    "outstanding rests; one case can be told from so few",
    find=find_small,
)
