"""What is needed from now on to meet a target, and whether that has ever been done.

For counts and rates that happen month by month: how many a month for the rest of the
indicator's year, flat, against the average so far. A rate becomes a count by the population
that it and its count imply. For percentages: how many more of the next period's cases, if
there are as many as now. Saying it is left to `run_rate_words`.

In formulas: Y is the year's target, S what the year has brought in m months; then
(Y - S) / (12 - m) a month is needed, against S / m so far.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.held import SIGNIFICANT_DIGITS
from kpi.domain.scorecard import ROW
from kpi.domain.target import PER_MONTHS
from kpi.domain.trend.series import begin_year, is_to_date

_YEAR = 12
_FLOWS = ("in-month", "year-to-date")
_SHARES = ("in-month", "snapshot")
_JUDGED = ("high", "low")


def run_rates(cards: pl.LazyFrame, rows: pl.LazyFrame, *, counts: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each series: what its target asks for from now on.

    Null throughout where nothing can be said: no target or no polarity of `high` or `low`, a
    year that is over, a month of the year that is not held, a stock, a percentage whose
    cases are not known.

    Args:
        cards: The judged figure of each series with its target (`rag.with_rating`) and the
            columns of `series.trend_settings`.
        rows: What `series.series_rows` gives.
        counts: `ROW` and `to_date_numerator`, the count behind a running total.

    Returns:
        `ROW` and
            needed: a month for the rest of the year, never below zero; of a percentage, how
                many of the next period's cases must change.
            average: a month so far; null for a percentage.
            change_percent: from `average` to `needed`; null where the average is 0.
            achievable: whether a month as good as is needed stands on record and the year's
                target is not passed already; of a percentage, whether one as good as the
                target does; null where no month stands on record.
            best, best_end: the best month on record (a longer period's average a month; of
                a percentage its best value), and its last day.
            year_target, so_far, months_left: Y, S and 12 - m.
            population, is_counted: by which a rate was made a count; whether it was.
            short_of: (Y - S) / (12 - m) as it is; below zero where S is beyond Y.
    """
    figures = (
        cards.join(_of_this_year(rows), on=ROW, how="left")
        .join(_records(rows), on=ROW, how="left")
        .join(counts, on=ROW, how="left")
    )
    is_share = pl.col("outturn_type") == "percentage"
    columns = (
        "needed", "average", "change_percent", "achievable", "best", "best_end", "year_target",
        "so_far", "months_left", "population", "is_counted", "short_of",
    )  # fmt: skip
    flows = figures.filter(~is_share).pipe(_with_pace)
    shares = figures.filter(is_share).pipe(_with_cases)
    return pl.concat(
        [each.select(*ROW, *columns) for each in (flows, shares)], how="vertical_relaxed"
    )


def _of_this_year(rows: pl.LazyFrame) -> pl.LazyFrame:
    """What the year of the judged period has brought, period by period."""
    year = begin_year()
    return (
        rows.filter(pl.col("period_end") <= pl.col("judged_end"))
        .filter(year == year.max().over("series"))
        .group_by(ROW)
        .agg(
            year_total=pl.col("in_period").sum(),
            year_cases=pl.col("in_numerator").sum(),
            year_held=pl.col("in_period").count().cast(pl.Int64),
            year_counted=pl.col("in_numerator").count().cast(pl.Int64),
        )
    )


def _records(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The best period on record, as it is and as a count."""
    ranked = rows.filter(pl.col("in_period").is_not_null()).with_columns(
        rank=-pl.col("improvement") * pl.col("in_period"),
        case_rank=-pl.col("improvement") * pl.col("in_numerator"),
    )

    def best(column: str, *, by: str) -> pl.Expr:
        return pl.col(column).sort_by(by, nulls_last=True, maintain_order=True).first()

    return ranked.group_by(ROW, maintain_order=True).agg(
        best_value=best("in_period", by="rank"),
        best_value_end=best("period_end", by="rank"),
        best_cases=best("in_numerator", by="case_rank"),
        best_cases_end=best("period_end", by="case_rank"),
    )


def _with_pace(figures: pl.LazyFrame) -> pl.LazyFrame:
    """What is needed a month of a count or a rate."""
    months, elapsed = pl.col("period_months").cast(pl.Int64), pl.col("months_elapsed")
    is_whole = pl.col("year_held") * months == elapsed
    per = pl.col("target_per").replace_strict(PER_MONTHS, return_dtype=pl.Int64)
    is_flow = pl.col("basis").is_in(_FLOWS) & (per > 0) & pl.col("polarity").is_in(_JUDGED)
    cases = (
        pl.when(is_to_date())
        .then("to_date_numerator")
        .otherwise(pl.when(pl.col("year_counted") == pl.col("year_held")).then("year_cases"))
    )
    so_far = pl.when(is_to_date()).then("value").when(is_whole).then("year_total")
    is_rate = pl.col("outturn_type") == "rate"
    return (
        figures.with_columns(
            so_far=so_far,
            year_target=pl.when(is_flow).then(pl.col("target_value") * _YEAR / per),
            months_left=_YEAR - elapsed,
            population=pl.when(is_rate & (so_far > 0)).then(cases * pl.col("per") / so_far),
        )
        .with_columns(is_counted=pl.col("population").is_not_null())
        .pipe(_in_counts)
        .with_columns(
            average=pl.col("so_far") / pl.col("months_elapsed"),
            short_of=pl.when(pl.col("months_left") > 0).then(
                (pl.col("year_target") - pl.col("so_far")) / pl.col("months_left")
            ),
        )
        .pipe(_with_verdict)
    )


def _in_counts(paced: pl.LazyFrame) -> pl.LazyFrame:
    """The same in children or cases, where a rate's population is known."""
    children = pl.col("population") / pl.col("per")
    months = pl.col("period_months").cast(pl.Int64)
    is_counted, has_cases = pl.col("is_counted"), pl.col("best_cases").is_not_null()
    in_units = pl.when(is_counted).then(children).otherwise(1.0)
    best = (
        pl.when(is_counted & has_cases)
        .then("best_cases")
        .otherwise(pl.col("best_value") * in_units)
    )
    return paced.with_columns(
        year_target=pl.col("year_target") * in_units,
        so_far=pl.col("so_far") * in_units,
        best=best / months,
        best_end=pl.when(is_counted & has_cases).then("best_cases_end").otherwise("best_value_end"),
    )


def _with_verdict(paced: pl.LazyFrame) -> pl.LazyFrame:
    short_of, average = pl.col("short_of"), pl.col("average")
    needed = pl.when(short_of.is_not_null()).then(short_of.clip(lower_bound=0))
    is_low = pl.col("polarity") == "low"
    seen = _rounded(short_of) >= _rounded(pl.col("best"))
    in_reach = (
        pl.when(is_low)
        .then((short_of >= 0) & seen)
        .otherwise(_rounded(short_of) <= _rounded(pl.col("best")))
    )
    return paced.with_columns(
        needed=needed,
        average=pl.when(needed.is_not_null()).then(average),
        change_percent=pl.when(average != 0).then(100 * (needed / average - 1)),
        achievable=pl.when(needed.is_not_null()).then(in_reach),
    )


def _with_cases(figures: pl.LazyFrame) -> pl.LazyFrame:
    """How many of the next period's cases must change for a percentage to meet its target."""
    value, target, cases = pl.col("value"), pl.col("target_value"), pl.col("denominator")
    is_low = pl.col("polarity") == "low"
    short_of = pl.when(is_low).then(value - target).otherwise(target - value)
    applies = pl.col("basis").is_in(_SHARES) & pl.col("polarity").is_in(_JUDGED) & (cases > 0)
    seen = (
        pl.when(is_low)
        .then(pl.col("best_value") <= target)
        .otherwise(pl.col("best_value") >= target)
    )
    needed = pl.when(applies).then(short_of.clip(lower_bound=0) * cases / 100)
    number = pl.lit(None, dtype=pl.Float64)
    return figures.with_columns(
        needed=needed,
        average=number,
        change_percent=number,
        achievable=pl.when(needed.is_not_null()).then(seen | (short_of <= 0)),
        best="best_value",
        best_end="best_value_end",
        year_target="target_value",
        so_far="value",
        months_left=pl.lit(None, dtype=pl.Int64),
        population=cases,
        is_counted=pl.lit(value=False),
        short_of=short_of,
    )


def _rounded(value: pl.Expr) -> pl.Expr:
    return value.round_sig_figs(SIGNIFICANT_DIGITS)
