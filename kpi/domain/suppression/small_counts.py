"""Which figures are small in themselves, by the limit that the catalogue sets.

What to do about them is left to `kpi.domain.suppression.hiding`.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator

SMALLNESS = ("limit", "amount", "rest", "hidden")
"""What `with_smallness` adds."""


def with_smallness(held: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The same rows with the count that each figure gives away.

    Returns:
        Adds `limit` (the indicator's `suppress_below`), `amount` (the count itself, or the
        numerator of a percentage, rate or ratio, known or implied; null where it cannot be
        known), `rest` (denominator less numerator, of a percentage) and `hidden` (whether it is
        small in itself). Of two figures that contradict each other the first is the amount,
        and one that is small hides both.
    """
    indicator, kind = pl.col("indicator"), pl.col("kind")
    limits = {each.id: float(each.suppress_below) for each in catalogue.indicators}
    kinds = {each.id: _kind(each) for each in catalogue.indicators}
    scales = {each.id: scale_of(each) for each in catalogue.indicators}
    has_conflict = bool(held["conflict"].any())
    first = pl.when("conflict").then(_said().list.first()) if has_conflict else None
    value = pl.coalesce("value", *([] if first is None else [first]))
    implied = (value * pl.col("denominator") / pl.col("scale")).round(0)
    is_counted = kind.is_in(["percentage", "rate"])
    amount = pl.when(is_counted).then(pl.coalesce("numerator", implied))
    is_hidden = _is_hidden()
    return (
        held.lazy()
        .with_columns(
            limit=indicator.replace_strict(limits, default=0.0, return_dtype=pl.Float64),
            kind=indicator.replace_strict(kinds, default="number", return_dtype=pl.String),
            scale=indicator.replace_strict(scales, default=1.0, return_dtype=pl.Float64),
        )
        .with_columns(amount=amount.when(kind == "number").then(value))
        .with_columns(
            rest=pl.when(kind == "percentage").then(pl.col("denominator") - pl.col("amount"))
        )
        .with_columns(hidden=is_hidden | _is_small_conflict() if has_conflict else is_hidden)
        .drop("kind", "scale")
        .collect(engine="in-memory")
    )


def is_small(count: pl.Expr, limit: pl.Expr) -> pl.Expr:
    """Whether a count is above zero and below the limit; false where it is null."""
    return ((count.abs() > 0) & (count.abs() < limit)).fill_null(False)


def is_small_change(old: pl.Expr, new: pl.Expr, limit: pl.Expr) -> pl.Expr:
    """Whether a count before a restatement, the one after it, or their difference is small."""
    return is_small(old, limit) | is_small(new, limit) | is_small(new - old, limit)


def scale_of(indicator: Indicator) -> float:
    """What an outturn is per: cases are outturn times base over this."""
    scales = {"percentage": 100.0, "rate": float(indicator.per), "number": 1.0}
    return scales[indicator.outturn]


def _kind(indicator: Indicator) -> str:
    """The outturn type; a number that is one count over another is told by them, as a rate is."""
    return "rate" if indicator.ratio and indicator.outturn == "number" else indicator.outturn


def _is_hidden() -> pl.Expr:
    limit = pl.col("limit")
    of_share = is_small(pl.col("denominator"), limit) | is_small(pl.col("rest"), limit)
    return is_small(pl.col("amount"), limit) | ((pl.col("kind") == "percentage") & of_share)


def _is_small_conflict() -> pl.Expr:
    """Whether any of several figures for one key is small, by its own counts where it has any."""
    limit, kind = pl.col("limit"), pl.col("kind")
    said = pl.when(kind.is_in(["percentage", "rate"])).then(_cases()).otherwise(_said())
    has_base = _bases().list.eval((pl.element() > 0).cast(pl.Float64))
    rests = pl.when(kind == "percentage").then((_bases() - _cases()) * has_base)
    bases = pl.when(kind == "percentage").then(_bases())
    holds_small = [_holds_small(each, limit) for each in (said, rests, bases)]
    return pl.col("conflict") & pl.any_horizontal(holds_small)


def _cases() -> pl.Expr:
    """The numerator of each of several figures, known or implied; 0 where neither is."""
    implied = (_said() * _bases() / pl.col("scale")).list.eval(pl.element().round(0))
    return _filled("numerator", otherwise=implied)


def _bases() -> pl.Expr:
    """The denominator of each of several figures, or else of their key; 0 where it is unknown."""
    return _filled("denominator", otherwise=_said() * 0 + pl.col("denominator"))


def _filled(name: str, *, otherwise: pl.Expr) -> pl.Expr:
    own = pl.col("said").list.eval(pl.element().struct.field(name))
    is_missing = own.list.eval(pl.element().is_null().cast(pl.Float64))
    # Lists are filled one by one: nothing takes the first known of two, element by element.
    own, otherwise = (each.list.eval(pl.element().fill_null(0.0)) for each in (own, otherwise))
    return own + is_missing * otherwise


def _said() -> pl.Expr:
    """Every value that the newest source gives for a figure; of most there is one."""
    return pl.col("said").list.eval(pl.element().struct.field("value"))


def _holds_small(counts: pl.Expr, limit: pl.Expr) -> pl.Expr:
    above_zero = counts.list.eval(pl.element().abs().filter(pl.element().abs() > 0))
    return is_small(above_zero.list.min(), limit)
