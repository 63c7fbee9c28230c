"""The scorecard: for each indicator, the figure of the chosen period and its rating.

Chooses which period each indicator is judged at (design.md, section 6) and puts the
figure, its target and the status before it side by side. Sentences are made from its
rows by `kpi.domain.reasons`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.held import SIGNIFICANT_DIGITS, counted_outturns, with_held
from kpi.domain.outturn import with_counts, with_ratios
from kpi.domain.period import Period
from kpi.domain.rag import is_worse, movement, outside_range, with_rating
from kpi.domain.suppression.hiding import with_suppression
from kpi.domain.suppression.ties import decided_since, guards, tied

ROW = ("indicator", "area", "unit")
PERIOD = ("period", "period_start", "period_end", "period_months")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose figures: an area, or null for all; a unit, or null for all, empty for the whole."""

    area: str | None
    unit: str | None = ""

    def filter(self) -> pl.Expr:
        """Whether a row is about this place."""
        area = pl.lit(True) if self.area is None else pl.col("area") == self.area
        unit = pl.lit(True) if self.unit is None else pl.col("unit") == self.unit
        return area & unit


def indicator_frame(indicators: tuple[Indicator, ...]) -> pl.DataFrame:
    """What a rating needs of each indicator, one row each, in the catalogue's order."""
    return pl.DataFrame(
        {
            "indicator": [each.id for each in indicators],
            "order": list(range(len(indicators))),
            "title": [each.title for each in indicators],
            "theme": [each.theme or None for each in indicators],
            "outturn_type": [each.outturn for each in indicators],
            "basis": [each.basis for each in indicators],
            "year": [each.year for each in indicators],
            "polarity": [each.polarity for each in indicators],
            "tolerance": [float(each.tolerance) for each in indicators],
            "tolerance_kind": [each.tolerance_kind for each in indicators],
            "small": [float(each.small) for each in indicators],
            "lag_months": [each.lag_months for each in indicators],
            "redefined": [
                [version.begins for version in each.redefinitions] for each in indicators
            ],
        },
        schema_overrides={
            "theme": pl.String,
            "tolerance": pl.Float64,
            "small": pl.Float64,
            "redefined": pl.List(pl.Date),
        },
    )


def held_figures(
    observations: pl.LazyFrame,
    catalogue: Catalogue,
    *,
    place: Place,
    up_to: Period,
    indicators: set[str],
    hide_small: bool = False,
) -> pl.LazyFrame:
    """What is held for a scorecard: the chosen month, the one before, and quarters and years.

    Args:
        observations: Stored rows, nothing that was taken back.
        catalogue: Gives the linked counts and the ratios.
        place: Whose figures.
        up_to: The chosen period.
        indicators: Ids of those wanted and of what their figures rest on.
        hide_small: Whether small numbers are suppressed (`kpi.domain.suppression.hiding`).
    """
    last, ended = _last_month(up_to), pl.col("period_end") <= up_to.end
    is_month, by_then = pl.col("period_months") == 1, last.previous().end
    shown = place.filter() & pl.col("indicator").is_in(list(indicators))
    shown &= ~is_month | (pl.col("period_end") >= by_then)
    wanted, since, own = shown, by_then, place
    if hide_small and (guarded := guards(catalogue)):
        # What is hidden of these rests on other units and on the year before, too.
        beside = tied(catalogue, indicators) & guarded.keys()
        wanted = shown | pl.col("indicator").is_in(list(beside))
        since, own = decided_since(catalogue, by_then), Place(place.area, unit=None)
    rows = observations.filter(own.filter())
    # Two plain filters, each of which a file's statistics can answer; a list of ids is none.
    months = rows.filter(is_month & (pl.col("period_end") >= since) & ended)
    longer = rows.filter(~is_month & ended)
    found = pl.concat([months, longer]).pipe(_worked_out).filter(wanted)
    return found.pipe(figures, catalogue, hide_small=hide_small).filter(shown)


def figures(observations: pl.LazyFrame, catalogue: Catalogue, *, hide_small: bool) -> pl.LazyFrame:
    """The figures that count (columns of `with_held`), linked, derived and suppressed.

    Args:
        observations: Stored rows. What is to be hidden is decided by what is among them: all
            units, all indicators `tied` to those wanted, and all periods of their years.
        catalogue: Gives the linked counts, the ratios and the limits.
        hide_small: Whether small numbers are suppressed (`kpi.domain.suppression.hiding`).
    """
    held = observations.pipe(counted_outturns).pipe(with_held).pipe(_worked_out)
    derived = held.pipe(with_counts, catalogue).pipe(with_ratios, catalogue)
    return (derived.pipe(with_suppression, catalogue) if hide_small else derived).pipe(_worked_out)


def monthly_keys(
    observations: pl.LazyFrame, held: pl.LazyFrame, catalogue: Catalogue, *, place: Place
) -> pl.LazyFrame:
    """Of the indicators, areas and units with held figures, those that hold any month at all.

    A blank month counts, as a gap in a monthly row is still a monthly row; but not for an
    annual indicator, which a table with the months across leaves blank. The store is only
    asked about those whose held figures are all of quarters or years.
    """
    annual = [each.id for each in catalogue.indicators if each.basis == "annual"]
    is_month = (pl.col("period_months") == 1) & (
        (pl.col("state") != "blank") | ~pl.col("indicator").is_in(annual)
    )
    now = held.filter(is_month).select(*ROW).unique()
    longer = held.filter(pl.col("period_months") > 1).select(*ROW).unique()
    unsure = longer.join(now, on=ROW, how="anti").collect()["indicator"].unique().to_list()
    if not unsure:
        return now.pipe(_worked_out)
    # A derived indicator is as monthly as its numerator.
    parts = {id_: catalogue.by_id[id_].ratio[:1] or (id_,) for id_ in unsure}
    earlier = (
        observations.filter(place.filter() & is_month)
        .filter(pl.col("indicator").is_in([part for (part,) in parts.values()]))
        .pipe(counted_outturns)
        .select(*ROW)
        .unique()
        .pipe(_worked_out)
    )
    found = [
        earlier.filter(pl.col("indicator") == part).with_columns(indicator=pl.lit(id_))
        for id_, (part,) in parts.items()
    ]
    return pl.concat([now, *found]).unique().pipe(_worked_out)


def scorecard(
    held: pl.LazyFrame,
    monthly: pl.LazyFrame,
    *,
    indicators: pl.LazyFrame,
    targets: pl.LazyFrame,
    place: Place,
    up_to: Period,
) -> pl.LazyFrame:
    """One row an indicator and place, rated, with the status of the period before.

    A monthly indicator stands at exactly the chosen month, any other at its newest period
    ended by then; a place that holds nothing of an indicator gives no row, unless one
    place was asked for.

    Returns:
        The columns of `indicator_frame`, `ROW`, `PERIOD`, of `with_held` and `with_rating`,
        and of the period before `previous_status`, `previous_value`, `previous_conflict`;
        `direction_of_travel` (better, worse, same by polarity, in the target's terms) and
        `is_worse` (by status).
    """
    wanted = _wanted(held, monthly, indicators=indicators, place=place, up_to=up_to)
    before = wanted.pipe(_one_before)
    both = pl.concat([wanted.with_columns(now=True), before.with_columns(now=False)])
    rated = (
        both.join(
            held.drop("period", "period_start"),
            on=[*ROW, "period_end", "period_months"],
            how="left",
        )
        .join(indicators, on="indicator", how="left")
        .with_columns(awaited_by_lag=_awaited_by_lag(up_to))
        .pipe(with_rating, targets)
        .with_columns(
            travelled=pl.when(pl.col("polarity") == "range")
            .then(outside_range())
            .otherwise(pl.coalesce("compared", "value"))
        )
        .pipe(_worked_out)
    )
    return (
        rated.filter("now")
        .join(
            rated.filter(~pl.col("now")).select(
                *ROW,
                previous_end="period_end",
                previous_status="rag_status",
                previous_value="value",
                previous_conflict="conflict",
                previous_travelled="travelled",
            ),
            on=ROW,
            how="left",
        )
        .pipe(_without_redefined)
        .with_columns(
            direction_of_travel=movement(
                pl.col("travelled"), pl.col("previous_travelled"), polarity=pl.col("polarity")
            ),
            is_worse=is_worse(pl.col("rag_status"), pl.col("previous_status")),
        )
        .sort("order", "area", "unit")
        .drop("now", "travelled", "previous_travelled", "redefined")
    )


def _without_redefined(rated: pl.LazyFrame) -> pl.LazyFrame:
    """The rows, nothing said of a period before from which a changed definition parts them."""
    is_between = (pl.col("previous_end") < pl.col("redefined")) & (
        pl.col("redefined") <= pl.col("period_end")
    )
    parted = (
        rated.filter(pl.col("redefined").list.len() > 0)
        .select(*ROW, "previous_end", "period_end", "redefined")
        .explode("redefined")
        .filter(is_between)
        .select(*ROW, is_parted=pl.lit(value=True))
        .unique()
    )
    said = ("previous_status", "previous_value", "previous_conflict", "previous_travelled")
    return (
        rated.join(parted, on=ROW, how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("is_parted").is_null()).then(pl.col(name)).alias(name) for name in said
        )
        .drop("is_parted")
    )


def exceptions(scorecard: pl.DataFrame) -> pl.DataFrame:
    """Only red and amber, worst first."""
    by = worst_first(compared="compared", distance="edge_distance")
    is_exception = pl.col("rag_status").is_in(["red", "amber"])
    return scorecard.filter(is_exception).sort(*by, "order", "area", "unit")


def worst_first(*, compared: str, distance: str) -> tuple[pl.Expr, ...]:
    """What exceptions are ordered by: red, worsening, furthest from the target for its size.

    Args:
        compared: The column with the value that is set against the target.
        distance: The column with its distance from the target.
    """
    worsening = pl.col("is_worse") | (pl.col("direction_of_travel") == "worse").fill_null(False)
    edge = pl.col(compared) - pl.col(distance)
    share = (pl.col(distance) / edge).abs().round_sig_figs(SIGNIFICANT_DIGITS)
    return pl.col("rag_status") != "red", ~worsening, -share


def changed(scorecard: pl.DataFrame) -> pl.DataFrame:
    """Only rows whose status differs from that of the period before, unrated included."""
    return scorecard.filter(pl.col("rag_status").ne_missing(pl.col("previous_status")))


def _worked_out(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The same rows, worked out once: each later step that looks at them would do it again."""
    return frame.collect().lazy()


def _wanted(
    held: pl.LazyFrame,
    monthly: pl.LazyFrame,
    *,
    indicators: pl.LazyFrame,
    place: Place,
    up_to: Period,
) -> pl.LazyFrame:
    """Which period each indicator is to be judged at (columns: `ROW`, `PERIOD`)."""
    keys = indicators.select("indicator").join(
        pl.concat([held.select(*ROW), monthly]).unique(), on="indicator"
    )
    if place.area is not None and place.unit is not None:
        keys = indicators.select("indicator", area=pl.lit(place.area), unit=pl.lit(place.unit))
    is_finest = pl.col("period_months") == pl.col("period_months").min().over(ROW)
    newest = (
        held.filter((pl.col("period_months") > 1) & (pl.col("state") != "blank"))
        .filter(~pl.col("marks").str.contains("partial", literal=True))
        .filter(is_finest)
        .sort("period_end", descending=True)
        .unique(ROW, keep="first", maintain_order=True)
        .join(monthly, on=ROW, how="anti")
        .select(*ROW, *PERIOD)
    )
    chosen = _last_month(up_to)
    return keys.join(newest, on=ROW, how="left").with_columns(
        pl.col("period").fill_null(str(chosen)),
        pl.col("period_start").fill_null(chosen.start),
        pl.col("period_end").fill_null(chosen.end),
        pl.col("period_months").fill_null(1),
    )


def _one_before(wanted: pl.LazyFrame) -> pl.LazyFrame:
    """The same rows at the period immediately before, as long as their own."""
    start, months = pl.col("period_start"), pl.col("period_months").cast(pl.Int64)
    return wanted.with_columns(
        period=pl.lit(None, dtype=pl.String),
        period_start=start.dt.offset_by(pl.format("-{}mo", months)),
        period_end=start.dt.offset_by("-1d"),
    )


def _awaited_by_lag(up_to: Period) -> pl.Expr:
    """Whether a month that holds nothing is too young to be missed."""
    young = (
        pl.lit(_last_month(up_to).end)
        .dt.month_end()
        .dt.offset_by(pl.format("-{}mo", pl.col("lag_months")))
        .dt.month_end()
    )
    nothing = pl.col("state").is_null() | (pl.col("state") == "blank")
    return nothing & (pl.col("lag_months") > 0) & (pl.col("period_end") > young)


def _last_month(period: Period) -> Period:
    return Period.of_month(period.end.year, period.end.month)
