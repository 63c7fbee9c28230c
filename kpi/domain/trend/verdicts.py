"""Whether a change is real: each series with what its chart, last period and last year say.

Puts together what other modules find out: the points (`series`), where limits begin anew
(`starts`), the time of year (`season`), the chart and its rules (`spc`,
`spc_pchart`), the trend of annual figures (`recent_trend`), the rate that is needed
(`run_rate`) and the rating of the same period (`rag`). A trend never looks at the rating.
Sentences are made from its rows in `sentence`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.comparison.own_outturns import with_counts_to_date
from kpi.domain.comparison.verdicts import with_own_counts
from kpi.domain.rag import movement, with_rating
from kpi.domain.scorecard import ROW
from kpi.domain.statistics.intervals import with_interval
from kpi.domain.statistics.recent_trend import recent_trends
from kpi.domain.statistics.spc import assurance, with_spc
from kpi.domain.statistics.spc_pchart import with_p_chart
from kpi.domain.target import PER_MONTHS
from kpi.domain.trend.run_rate import run_rates
from kpi.domain.trend.runs import latest_runs
from kpi.domain.trend.season import season_profiles, season_refusals, wants_season, with_season
from kpi.domain.trend.series import is_to_date, series_rows, trend_settings
from kpi.domain.trend.sparkline import sparklines
from kpi.domain.trend.starts import start_frame, starts_at, with_rebase

POINT = {
    "period": "period",
    "value": "in_period",
    "mean": "mean",
    "lower_limit": "lower_limit",
    "upper_limit": "upper_limit",
    "rule": "rule",
    "point_type": "point_type",
    "outturn": "outturn",
    "adjusted": "adjusted",
    "group": "group",
}
"""The fields of a point and the columns they come from; `value` is of the period alone."""

_YEAR = 12
_WORDS = ("rule", "point_type")


@dataclass(frozen=True, slots=True)
class Trends:
    """What was found out, lazily: nothing is computed before it is collected.

    Attributes:
        cards: One row a series, in the catalogue's order: the columns of held figures, of
            `series.trend_settings` and of `rag.with_rating` at the judged period, and those
            named by `_with_chart`, `_with_movement` and `run_rate.run_rates`.
        left_out: `ROW`, `period`, `left_out` (see `series.LEFT_OUT`) and `said`, for each
            row of a series that holds something and is no point.
        starts: `ROW` and the columns of `series_starts.starts_at`.
    """

    cards: pl.LazyFrame
    left_out: pl.LazyFrame
    starts: pl.LazyFrame


def trends(
    held: pl.LazyFrame,
    keys: pl.LazyFrame,
    *,
    indicators: tuple[Indicator, ...],
    catalogue: Catalogue,
    targets: pl.LazyFrame,
    england: Sequence[float] = (),
) -> Trends:
    """Every series judged at its own newest value.

    Args:
        held: Held figures up to the chosen period, small ones hidden where they must be.
        keys: What `series.judged_keys` gives of the same figures, not hidden.
        indicators: Those that are judged.
        catalogue: Gives the links of counts, and changed definitions.
        targets: Columns of `kpi.domain.target.TARGETS`.
        england: England's shares of a year by month, April to March, where one is wanted.
    """
    settings = trend_settings(indicators).lazy()
    cards = _cards(held, keys, settings=settings, targets=targets)
    rows, refusals = _rows(
        series_rows(held, keys, settings=settings, catalogue=catalogue),
        indicators=indicators,
        england=england,
    )
    # Each is looked at from several sides; polars does not see by itself that it is the same.
    rows, cards = rows.cache(), cards.join(refusals, on=ROW, how="left").cache()
    judged, starts = _judged(rows, indicators=indicators)
    judged = judged.cache()
    counts = with_counts_to_date(cards, held, catalogue).select(*ROW, to_date_numerator="numerator")
    return Trends(
        cards=cards.pipe(_with_chart, judged)
        .pipe(_with_movement, rows)
        .join(run_rates(cards, rows, counts=counts), on=ROW, how="left")
        .pipe(_with_recent_trend, rows)
        .pipe(_with_drawing, rows, judged)
        .sort("order", "area", "unit"),
        left_out=_left_out(held, rows),
        starts=starts.join(rows.select("series", "area", "unit").unique(), on="series"),
    )


def _rows(
    rows: pl.LazyFrame, *, indicators: tuple[Indicator, ...], england: Sequence[float]
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The rows with `adjusted`, and `season_refused` of the series for which that cannot be."""
    if wants_season(indicators):
        profiles = season_profiles(rows, england=england)
        return rows.pipe(with_season, profiles), season_refusals(profiles)
    nobody = pl.LazyFrame(schema=dict.fromkeys((*ROW, "season_refused"), pl.String()))
    return rows.with_columns(adjusted=pl.lit(None, dtype=pl.Float64)), nobody


def _judged(
    rows: pl.LazyFrame, *, indicators: tuple[Indicator, ...]
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The points on their charts, and where limits begin anew."""
    points = rows.filter(pl.col("in_period").is_not_null()).rename({"value": "outturn"})
    dates = start_frame(indicators)
    starts = starts_at(points, dates.lazy())
    judged = points.pipe(with_rebase, starts, none=dates.is_empty()).pipe(
        judged_points, with_shares=any(each.spc.chart == "p" for each in indicators)
    )
    return judged, starts


def judged_points(points: pl.LazyFrame, *, with_shares: bool) -> pl.LazyFrame:
    """The points of all series on their charts, in order.

    Args:
        points: What `series.series_rows` gives, without the rows that are no points, its
            `value` renamed `outturn`, with `adjusted` and `rebase`.
        with_shares: Whether any series asks for a p-chart; it gets one where it is a
            percentage and the cases of every point are known, else the XmR chart.

    Returns:
        Adds the columns of `spc.with_spc`, `value` being what is judged, and `chart_used`.
    """
    points = points.with_columns(position="period_end")
    valued = points.with_columns(value=pl.coalesce("adjusted", "in_period"))
    if not with_shares:
        return valued.with_columns(chart_used=pl.lit("xmr")).pipe(with_spc, series=["series"])
    has_cases = (pl.col("in_denominator") > 0).fill_null(value=False)
    is_share = (pl.col("chart") == "p") & (pl.col("outturn_type") == "percentage")
    is_p_chart = is_share & has_cases.all().over("series")
    implied = pl.col("in_period") * pl.col("in_denominator") / 100
    shares = (
        points.filter(is_p_chart)
        .with_columns(
            numerator=pl.coalesce("in_numerator", implied),
            denominator="in_denominator",
            chart_used=pl.lit("p"),
        )
        .pipe(with_p_chart, series=["series"])
        .with_columns(
            value=pl.when(pl.col("in_numerator").is_null()).then("in_period").otherwise("value")
        )
    )
    others = (
        valued.filter(~is_p_chart)
        .with_columns(chart_used=pl.lit("xmr"))
        .pipe(with_spc, series=["series"])
    )
    return pl.concat([others, shares], how="diagonal").sort("series", "position")


def _cards(
    held: pl.LazyFrame, keys: pl.LazyFrame, *, settings: pl.LazyFrame, targets: pl.LazyFrame
) -> pl.LazyFrame:
    """The held figure of each judged period with its settings, target and RAG status."""
    return (
        held.join(
            keys,
            left_on=[*ROW, "period_end", "period_months"],
            right_on=[*ROW, "judged_end", "kind"],
        )
        .join(settings, on="indicator")
        .with_columns(awaited_by_lag=pl.lit(value=False))
        .pipe(with_rating, targets)
    )


def _with_chart(cards: pl.LazyFrame, judged: pl.LazyFrame) -> pl.LazyFrame:
    """Adds what the chart says.

    `points`, `mean`, `lower_limit`, `upper_limit`, `trial_limits`, `fallback` and
    `group_points` of the last group; `variation`, `rule` and `since` of the judged period,
    null where that is no point; `assurance`; `charted_value` (what is judged of that
    period); the columns of `trend_runs.latest_runs`; `missing_periods` (those between the
    first point and the last that hold none); `target_of_period` and its `low` and `high`.
    """
    flat = pl.col("charted_adjusted").is_not_null()
    is_now = pl.col("latest_end") == pl.col("period_end")
    span = _months(pl.col("latest_end")) - _months(pl.col("first_end"))
    expected = span // pl.col("period_months").cast(pl.Int64) + 1
    aims = {
        "target": "target_value", "target_low_of_period": "target_low",
        "target_high_of_period": "target_high",
    }  # fmt: skip
    return (
        cards.join(latest_runs(judged), on=ROW, how="left")
        .with_columns(pl.col("points").fill_null(0))
        .with_columns(
            *(_of_period(pl.col(column), flat=flat).alias(aim) for aim, column in aims.items()),
            *(pl.when(is_now).then(word).alias(word) for word in (*_WORDS, "since")),
            missing_periods=expected - pl.col("points"),
        )
        .with_columns(assurance=assurance().cast(pl.String), variation="point_type")
        .rename({"target": "target_of_period"})
    )


def _of_period(target: pl.Expr, *, flat: pl.Expr) -> pl.Expr:
    """A target in the terms of one period of the series, by its profile unless `flat`.

    The mirror of `kpi.domain.target.compared_value`.
    """
    per = pl.col("target_per").replace_strict(PER_MONTHS, return_dtype=pl.Int64)
    as_it_is = (
        (pl.col("outturn_type") == "percentage")
        | (pl.col("basis") == "snapshot")
        | (pl.col("target_per") == "point")
    )
    is_flow = pl.col("basis").is_in(["in-month", "year-to-date"])
    months = pl.when(is_flow).then(pl.col("period_months").cast(pl.Int64)).otherwise(_YEAR)
    profile, elapsed = pl.col("target_profile"), pl.col("months_elapsed")
    due = profile.list.slice(elapsed - months, months).list.sum() / profile.list.sum()
    has_profile = (profile.list.len().fill_null(0) > 0) & is_flow & ~flat
    return (
        pl.when(as_it_is)
        .then(target)
        .when(has_profile)
        .then(target * _YEAR / per * pl.when(due > 0).then(due))
        .otherwise(target * months / per)
    )


def _with_movement(cards: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `change_on_previous`, `change_on_year`, `direction_of_travel` and what they rest on.

    In the outturn's unit, of the period alone where the figure accumulates: `in_period`,
    `previous`, `year_ago`. Null where either figure is missing, and across a definition
    that does not compare; rolling years move against twelve months ago only.
    """
    is_rolling = pl.col("basis") == "rolling-12"
    as_reported = is_rolling | (pl.col("left_out") == "no_counts").fill_null(value=False)
    moves = pl.when(as_reported).then("value").otherwise("in_period")
    begins_anew = is_to_date() & as_reported & pl.col("is_first")
    moved = rows.with_columns(moves=moves).with_columns(
        previous=pl.when(pl.col("follows") & ~is_rolling & ~begins_anew).then(
            pl.col("moves").shift(1)
        )
    )
    a_year_ago = pl.col("period_end").dt.offset_by("-12mo").dt.month_end()
    years = moved.select("series", year_end="period_end", year_ago="moves")
    now = (
        moved.filter(pl.col("period_end") == pl.col("judged_end"))
        .with_columns(year_end=a_year_ago)
        .join(years, on=["series", "year_end"], how="left")
        .with_columns(
            year_ago=pl.when(
                pl.col("redefined_on").is_null() | (pl.col("year_end") >= pl.col("redefined_on"))
            ).then("year_ago")
        )
        .select(*ROW, "in_period", "adjusted", "moves", "previous", "year_ago", "left_out")
    )
    return cards.join(now, on=ROW, how="left").with_columns(
        change_on_previous=pl.col("moves") - pl.col("previous"),
        change_on_year=pl.col("moves") - pl.col("year_ago"),
        direction_of_travel=_direction("previous"),
        direction_on_year=_direction("year_ago"),
    )


def _direction(before: str) -> pl.Expr:
    """Better, worse or same by polarity; up, down or same where there is none."""
    low, high = pl.col("target_low_of_period"), pl.col("target_high_of_period")
    is_range = pl.col("polarity") == "range"

    def travelled(value: pl.Expr) -> pl.Expr:
        outside = pl.max_horizontal(low - value, value - high, pl.lit(0.0))
        inside_of = low.is_not_null() & high.is_not_null() & value.is_not_null()
        return pl.when(is_range).then(pl.when(inside_of).then(outside)).otherwise(value)

    now, then = pl.col("moves"), pl.col(before)
    judged = movement(travelled(now), travelled(then), polarity=pl.col("polarity"))
    risen = movement(now, then, polarity=pl.lit("high"))
    neutral = risen.replace({"better": "up", "worse": "down"})
    is_neutral = (pl.col("polarity") == "none") | (is_range & low.is_null())
    return pl.when(is_neutral).then(neutral).otherwise(judged)


def _with_recent_trend(cards: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `recent_trend`, `recent_trend_judged`, `chi_square` and `recent_trend_reason`.

    Null for all but annual series that are no rolling years.
    """
    breaks = (pl.col("redefined_on") > pl.col("period_end").shift(1).over("series")).fill_null(
        value=False
    )
    annual = (
        rows.with_columns(marks=pl.when(breaks).then(pl.col("marks") + " break").otherwise("marks"))
        .filter((pl.col("kind") == _YEAR) & (pl.col("basis") != "rolling-12"))
        .with_columns(outturn="value")
        .pipe(with_own_counts)
        .pipe(with_interval, per=pl.col("per"))
    )
    return cards.join(recent_trends(annual, by=ROW), on=ROW, how="left")


def _with_drawing(cards: pl.LazyFrame, rows: pl.LazyFrame, judged: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `series`, the list of points (fields: `POINT`), and its `sparkline`."""
    rolling = rows.filter((pl.col("basis") == "rolling-12") & pl.col("value").is_not_null())
    points = pl.concat(
        [
            judged.with_columns(pl.col(_WORDS).cast(pl.String)),
            rolling.with_columns(outturn="value", in_period="value"),
        ],
        how="diagonal",
    )
    drawn = points.with_columns(drawn=pl.coalesce("value", "in_period")).pipe(
        sparklines, by=ROW, value="drawn"
    )
    series = points.group_by(ROW, maintain_order=True).agg(
        series=pl.struct(pl.col(column).alias(name) for name, column in POINT.items())
    )
    count = pl.col("series").list.len().cast(pl.Int64)
    return (
        cards.join(series, on=ROW, how="left")
        .join(drawn, on=ROW, how="left")
        .with_columns(
            pl.col("series").fill_null([]),
            points=pl.when(pl.col("basis") == "rolling-12").then(count).otherwise("points"),
        )
    )


def _left_out(held: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    said = held.filter("conflict").select(*ROW, "period", "said")
    return (
        rows.filter(pl.col("left_out").is_not_null() & (pl.col("left_out") != "no_value"))
        .select("series", *ROW, "period", "period_end", "left_out")
        .join(said, on=[*ROW, "period"], how="left")
        .sort("series", "period_end")
    )


def _months(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * _YEAR + day.dt.month().cast(pl.Int64)
