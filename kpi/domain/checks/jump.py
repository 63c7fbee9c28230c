"""Figures far from their own history: a spike between two months, or a leap of the newest.

A spike stands alone: the months before and after agree with each other and not with it. Of
what is counted within a month that may be true, so it must be a digit's slip away too. A
leap has nothing after it yet, so all that can be said is that no earlier step was like it;
that takes a longer history. Whether a level has changed, and whether a trend is real, is
left to `kpi trend`.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.checks.context import CELL_PLACE, SERIES, Context
from kpi.domain.checks.steps import (
    month_number,
    months_with_sides,
    series_steps,
    with_side_cells,
)
from kpi.domain.checks.wording import about, figure
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import KEY
from kpi.domain.statistics.spc import SCREENED_FROM
from kpi.domain.words import difference, relative

LEAP_POINTS = 8
"""A leap is judged on so many points or more.

A step is rejected when it is 3.267 times the mean of all steps, itself among them, and the
figure lies well outside what the months before it were: `LEAP_RANGES` of their mean steps
from their mean, and `BEYOND` from the nearest of them. Of figures that vary by chance alone
4 in 1,000 are rejected so on eight points, 2 on twelve (simulated, 40,000 series each). With
eight points a leap must be 5 times the steps before it; with five, 13 times: of fewer than
eight, nothing is said.
"""

LEAP_RANGES = 3.5
BEYOND = 1.5

SPIKE_POINTS = 6
"""A spike is judged on so many: two of the five steps are its own."""

LEAST_STEPS = 2
"""So many steps that are not its own must be known beside a spike."""

SPIKE_STEPS = 2 * SCREENED_FROM
"""A spike is higher than so many usual steps: it is set against two months at once."""

AGREEMENT = 0.2
"""The months around a spike lie within so much of its height of each other."""

LEAST_SHARE = 0.2
"""No spike or leap is smaller than so much of the figures around it."""

LEAST_POINTS = 10.0
"""Nor, of percentages, smaller than so many percentage points."""

USUAL_POINTS = 5.0
"""The usual step of a percentage is taken to be so many points at least. Of eight cases one
more or less is 12 points, and a run of 100% has no steps at all."""

FEW = 3
"""Of so many cases, or fewer, a share leaps by chance: 67% after 100% is two of three.

Only where the source does not say of how many it is. None at all is told all the same."""

CHANCE = 5.0
"""Nor, of counts, within so many square roots of the larger, which chance alone can make."""

NEAR = 0.05
"""A misread digit brings a figure so near to those around it, relative to them."""

_KEPT = (
    *KEY, *CELL_PLACE, "seq", "value", "state", "conflict", "said", "tried", "around", "size",
    "is_spike", "before", "after", "place", "likely",
)  # fmt: skip


def find_jumps(context: Context) -> pl.LazyFrame:
    """Spikes among the own months up to the chosen one, and leaps of the newest.

    Of two figures given for one month each is tried, so that 298 is told from 498. Of a
    running total each month's own figure may leap; a slip in a total makes two of them
    wrong, which is no spike.
    """
    catalogue = context.catalogue
    # Spikes, leaps, seasons and cells all look at it: worked out once.
    months = months_with_sides(context).collect().lazy()
    found = pl.concat(
        [
            _spikes(months, context).with_columns(is_spike=pl.lit(value=True)).select(_KEPT),
            _leaps(months, context).with_columns(is_spike=pl.lit(value=False)).select(_KEPT),
        ]
    )
    placed = (
        found.pipe(with_side_cells, months)
        .pipe(_at_own_cell, context)
        .with_columns(
            related=pl.concat_list("before_at", "after_at").list.drop_nulls(),
            value=pl.when("conflict").then("tried").otherwise("value"),
        )
    )
    return worded(placed, say=lambda row: _say(row, catalogue))


def _spikes(months: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The figures that the months before and after leave alone, with `around` and `size`."""
    own_steps = [(pl.col("judged") - pl.col(side)).abs() for side in ("before", "after")]
    usual_sum = pl.col("step_sum") - pl.sum_horizontal(own_steps)
    usual_count = pl.col("step_count") - pl.sum_horizontal(
        each.is_not_null().cast(pl.Int64) for each in own_steps
    )
    apart = (pl.col("before") - pl.col("after")).abs()
    around = (pl.col("before") + pl.col("after")) / 2
    beside = months.filter(pl.col("is_subject")).with_columns(
        around=around, month=pl.col("place") % 12
    )
    in_month, to_date = (context.ids(basis=basis) for basis in ("in-month", "year-to-date"))
    is_flow = pl.col("indicator").is_in(in_month)
    is_share = pl.col("indicator").is_in(context.ids(outturn="percentage"))
    return (
        _each_figure(beside.filter(pl.col("around").is_not_null()))
        .filter(~pl.col("indicator").is_in(to_date))
        .with_columns(
            size=(pl.col("tried") - pl.col("around")).abs(),
            is_up=pl.col("tried") > pl.col("around"),
        )
        .filter(_is_large(context) & (apart <= AGREEMENT * pl.col("size")))
        .join(series_steps(months), on=SERIES)
        .with_columns(
            usual_count=usual_count,
            usual=usual_sum / usual_count,
            usual_points=pl.when(is_share).then(USUAL_POINTS).otherwise(0.0),
        )
        .filter((pl.col("points") >= SPIKE_POINTS) & (pl.col("usual_count") >= LEAST_STEPS))
        .filter(pl.col("size") > SPIKE_STEPS * pl.max_horizontal("usual", "usual_points"))
        .pipe(_with_likely)
        # A campaign fills one month and not the next; a stock cannot come and go like that.
        .filter(~is_flow | pl.col("likely").is_not_null() | pl.col("conflict"))
        .join(_of_season(months), on=[*SERIES, "month", "is_up"], how="anti")
    )


def _each_figure(months: pl.LazyFrame) -> pl.LazyFrame:
    """The months with `tried`, the figure; a row for each where a source gives several."""
    value = pl.element().struct.field("value")
    twice = months.filter("conflict").with_columns(
        tried=pl.col("said").list.eval(value.drop_nulls()).list.unique()
    )
    once = months.filter(~pl.col("conflict")).with_columns(tried="judged")
    return pl.concat([once, twice.explode("tried")])


def _leaps(months: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The newest figures whose step the moving ranges reject, with `around` and `size`."""
    judged, steps, step = pl.col("judged"), pl.col("step_count"), pl.col("size")
    earlier_mean = (pl.col("judged_sum") - judged) / (pl.col("judged_count") - 1)
    earlier_step = (pl.col("step_sum") - step) / (steps - 1)
    return (
        months.filter(pl.col("place") == month_number(pl.lit(context.up_to.end)))
        .filter(pl.col("is_subject") & pl.col("before").is_not_null())
        .with_columns(around="before", size=(judged - pl.col("before")).abs(), tried="judged")
        .with_columns(likely=pl.lit(None, dtype=pl.Float64))
        .filter(_is_large(context))
        .join(series_steps(months), on=SERIES)
        .filter(pl.col("judged_count") >= LEAP_POINTS)
        .filter(step > SCREENED_FROM * pl.col("step_sum") / steps)
        .filter((judged - earlier_mean).abs() > LEAP_RANGES * earlier_step)
        .join(_earlier_range(months, context), on=SERIES)
        .filter(
            ~judged.is_between(
                pl.col("least") - BEYOND * earlier_step, pl.col("most") + BEYOND * earlier_step
            )
        )
    )


def _earlier_range(months: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The `least` and the `most` of each series before the chosen month."""
    newest = month_number(pl.lit(context.up_to.end))
    return (
        months.filter(pl.col("place") < newest)
        .group_by(SERIES)
        .agg(least=pl.col("judged").min(), most=pl.col("judged").max())
    )


def _is_large(context: Context) -> pl.Expr:
    """Whether `size` matters beside `around`: more than chance or rounding makes of small ones."""
    around = pl.col("around").abs()
    larger = pl.max_horizontal(around, pl.col("tried").abs())
    is_share = pl.col("indicator").is_in(context.ids(outturn="percentage"))
    is_count = pl.col("indicator").is_in(context.ids(outturn="number"))
    least = pl.when(is_share).then(LEAST_POINTS).when(is_count).then(CHANCE * larger.sqrt())
    is_large = (pl.col("size") >= LEAST_SHARE * around) & (pl.col("size") >= least.otherwise(0.0))
    return is_large & ~(is_share & _is_of_few())


def _is_of_few() -> pl.Expr:
    """Whether a share may be of so few cases that one of them more or less makes it leap."""
    said = pl.col("tried").round(0)
    shares = sorted({round(100 * part / of) for of in range(2, FEW + 1) for part in range(1, of)})
    may_be_few = (pl.col("denominator") <= FEW).fill_null(value=True)
    return said.is_in([float(each) for each in shares]) & may_be_few


def _with_likely(spikes: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `likely`; only what stands alone comes here, so they are few."""

    def read(rows: pl.DataFrame) -> pl.DataFrame:
        pairs = zip(rows["tried"], rows["around"], strict=True)
        likely = [_likely(tried, around=around) for tried, around in pairs]
        return rows.with_columns(pl.Series("likely", likely, dtype=pl.Float64))

    schema = {**spikes.collect_schema(), "likely": pl.Float64()}
    return spikes.map_batches(
        read, predicate_pushdown=False, projection_pushdown=False, schema=schema
    )


def _likely(value: float, *, around: float) -> float | None:
    """The number, one digit changed, that comes nearest to those around; null if none is near.

    Example:
        >>> _likely(298.0, around=497.5), _likely(250.0, around=497.5)
        (498.0, None)
    """
    digits = f"{value:.9g}"
    changed = [
        float(digits[:place] + digit + digits[place + 1 :])
        for place, old in enumerate(digits)
        for digit in "0123456789"
        if old.isdigit() and digit != old
    ]
    nearest = min(changed, key=lambda each: (abs(each - around), each), default=None)
    is_near = nearest is not None and abs(nearest - around) <= NEAR * abs(around)
    return nearest if is_near else None


def _of_season(months: pl.LazyFrame) -> pl.LazyFrame:
    """The calendar months that stand out the same way in more years than one."""
    around = (pl.col("before") + pl.col("after")) / 2
    return (
        months.filter((pl.col("judged") - around).abs() >= LEAST_SHARE / 2 * around.abs())
        .group_by(*SERIES, month=pl.col("place") % 12, is_up=pl.col("judged") > around)
        .agg(years=pl.len())
        .filter(pl.col("years") > 1)
    )


def _at_own_cell(found: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The findings, each at the cell that gives the figure tried, where a source gives two."""
    cells = (
        context.cells.filter(pl.col("role") == "outturn")
        .join(found.select(KEY), on=KEY, how="semi", nulls_equal=True)
        .select(*KEY, *CELL_PLACE, tried="value")
        .unique([*KEY, "tried"], keep="first")
    )
    twice = found.filter("conflict").drop(CELL_PLACE).join(cells, on=[*KEY, "tried"])
    once = found.filter(~pl.col("conflict"))
    return pl.concat([once, twice.select(once.collect_schema().names())])


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    tried, before, after = row["tried"], row["before"], row["after"]
    is_to_date = indicator.basis == "year-to-date" and indicator.outturn != "percentage"
    message = f"{about(row, catalogue)}: {figure(tried, indicator)}"
    message += " in the month" if is_to_date else ""
    message += f" after {figure(before, indicator)}{_change(tried, before, indicator)}"
    if not row["is_spike"]:
        return Said(
            f"{message}, more than any earlier step bears out",
            "Check the cell; if it is right, say in the report what happened.",
        )
    message += f" and before {figure(after, indicator)}{_change(tried, after, indicator)}"
    others = [each["value"] for each in row["said"] or [] if each["value"] != tried]
    near = [each for each in others if abs(each - row["around"]) < row["size"] / 2]
    likely = near[0] if near else row["likely"]
    if likely is None:
        return Said(message, "Check the cell against its source.")
    said = figure(likely, indicator)
    because = f"the other cell has {said}" if near else f"{said} differs by one digit"
    return Said(f"{message}; {because}", f"Did you mean {said}?")


def _change(value: float, other: float, indicator: Indicator) -> str:
    """How far a figure lies from another, in brackets; points for percentages."""
    sign = "+" if value > other else "-"
    if indicator.outturn == "percentage":
        return f" ({sign}{difference(value - other, outturn='percentage', decimals=0)})"
    return f" ({sign}{relative((value - other) / other)})" if other else ""


CHECK = Check(
    code="KPI201",
    title="jump",
    severity="warning",
    meaning="A figure lies far from the months around it, which agree with each other; or the "
    "newest figure is a larger step than any before it bears out.",
    why="A misread or mistyped digit looks just so. A real jump of this size is worth a sentence "
    "in the report.",
    advice="Check the cell against its source. If it is right, say in the report what happened. "
    "A leap is judged on eight months or more, a spike on six.",
    example="board.xlsx:Right Service!E9 – CLA, May-21: 298 after 494 (-40%) and before 501 (-41%)"
    "; 498 differs by one digit",
    find=find_jumps,
)
