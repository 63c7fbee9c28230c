"""The frames that checks look at: cells, held figures, and what is published.

What every check needs is worked out once; the rest stays lazy. Which observations come
in, stored or only read, is left to `kpi.usecases.check`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.checks.typed_rows import typed_cells
from kpi.domain.findings import Needs
from kpi.domain.held import SAID, SIGNIFICANT_DIGITS, with_held
from kpi.domain.observation import KEY, address_expr
from kpi.domain.period import FIRST_MONTH, Period, YearKind

SERIES = ("indicator", "area", "unit")
"""What a series of figures is about; one never mixes periods of several lengths."""

CELL_PLACE = ("source_file", "source_sheet", "source_cell")

NEIGHBOURS_CODE = "neighbours"
"""Stands for a place's code where a value is the average of a neighbour list."""

LABELS: dict[str, pl.DataType] = {
    "label": pl.String(),
    "nearest": pl.List(pl.String()),
    **{name: pl.String() for name in CELL_PLACE},
    "seq": pl.Int64(),
}
"""Columns of the labels that no indicator claims: as printed, the nearest ids, and where."""

_MOST_DECIMALS = 6
_OF_CELL = (
    "period_start",
    "period_end",
    "period_months",
    "value",
    "numerator",
    "denominator",
    "state",
    "marks",
    "raw",
    "label",
    *CELL_PLACE,
    "seq",
)


@dataclass(frozen=True, slots=True)
class Published:
    """The shipped statistics as frames; without rows where it is not known whose these are.

    Attributes:
        code: The authority's code; empty for none.
        areas: `area` as observations name it, `area_code`.
        values: `measure`, `area_code`, `period_end`, `value`, of the areas; and the
            averages of its neighbours, whose `area_code` is `NEIGHBOURS_CODE`, whose
            `average` says in words which, and `is_own_list` whether by the catalogue's list.
        measures: `measure`, `measure_title`, `unit_type`, `unit_per`, `is_count`.
        months: `measure`, `period_end`, `month_value`: the authority's own months.
        population: `mid_year`, `population` of the authority.
    """

    code: str
    areas: pl.LazyFrame
    values: pl.LazyFrame
    measures: pl.LazyFrame
    months: pl.LazyFrame
    population: pl.LazyFrame


@dataclass(frozen=True, slots=True)
class Context:
    """All that a check may look at.

    Attributes:
        catalogue: What is measured.
        today: The day of the run; only a period in the future looks at it.
        up_to: The chosen period, or the newest before it that has begun; missing, awaited,
            stopped and the newest figure are relative to it.
        future: Outturn rows that count, of periods that begin after today.
        cells: Every cell of the newest source of each figure, targets included.
        held: The figures that count, one row a key: `conflict`, `said` (all cells that say
            it, where there are several; else null), `related` (their addresses).
        targets: The typed targets that count, likewise, with `typed_per`.
        typed: The comparators typed beside own months (`typed_rows.typed_cells`).
        kinds: Which of the cells that only some checks look at there are.
        restated: The key, `seq`, `old`, `new`, `old_address`, and the new cell's place.
        labels: Labels that no indicator claims (columns: `LABELS`).
        published: The shipped statistics.
        doubted: `address` of the cells that an earlier stage has found wrong.
    """

    catalogue: Catalogue
    today: date
    up_to: Period
    future: pl.LazyFrame
    cells: pl.LazyFrame
    held: pl.LazyFrame
    targets: pl.LazyFrame
    typed: pl.LazyFrame
    kinds: frozenset[Needs]
    restated: pl.LazyFrame
    labels: pl.LazyFrame
    published: Published
    doubted: pl.LazyFrame

    @property
    def authority(self) -> str:
        """Whose outturns these are."""
        return self.catalogue.authority

    def ids(self, **wanted: str) -> list[str]:
        """The indicators that have these words under these keys, such as `basis="snapshot"`."""
        return [
            each.id
            for each in self.catalogue.indicators
            if all(getattr(each, key) == word for key, word in wanted.items())
        ]

    def has(self, needs: Needs | None) -> bool:
        """Whether there is anything that a check needs."""
        return needs is None or needs in self.kinds

    def own(self, *, months: int | None = None) -> pl.LazyFrame:
        """The held figures of the authority and its units.

        Args:
            months: Only those of periods so long.
        """
        own = self.held.filter(pl.col("area") == self.authority)
        return own if months is None else own.filter(pl.col("period_months") == months)

    def with_indicator(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The rows with the columns of `indicator_columns`, by `indicator`."""
        return frame.join(indicator_columns(self.catalogue).lazy(), on="indicator", how="left")

    def trusted(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The rows whose cell no earlier stage has found wrong."""
        return frame.join(self.doubted, left_on=address_expr(), right_on="address", how="anti")

    def doubting(self, found: Iterable[pl.DataFrame]) -> Context:
        """The same for the next stage, which leaves the cells alone that these find wrong."""
        wrong = [rows.select(address=pl.col("wrong").explode()).drop_nulls() for rows in found]
        cells = pl.concat([self.doubted.collect(), *wrong]).unique()
        return replace(self, doubted=cells.lazy())


def context_of(
    observations: pl.LazyFrame,
    *,
    catalogue: Catalogue,
    today: date,
    up_to: Period,
    until: Period | None = None,
    restated: pl.LazyFrame,
    labels: pl.LazyFrame,
    published: Published,
) -> Context:
    """What checks look at.

    Args:
        observations: Columns of `kpi.domain.observation.STORED` and `is_subject`: whether
            findings may be about the row.
        catalogue: What is measured; rows of indicators that it does not know are left out.
        today: The day of the run.
        up_to: As in `Context`.
        until: The chosen period where that has not begun: the last that is looked at.
        restated: As in `Context`.
        labels: As in `Context`.
        published: The shipped statistics.
    """
    known = observations.filter(~pl.col("older") & pl.col("indicator").is_in([*catalogue.by_id]))
    last, is_outturn = (until or up_to).end, pl.col("role") == "outturn"
    cells = known.filter(_speaks_by(last, is_outturn)).pipe(_newest_cells)
    later = known.filter(is_outturn & (pl.col("period_start") > pl.lit(today)))
    changed = restated.filter(pl.col("period_end") <= last)
    # Every check looks at them: worked out once, here.
    gathered = cells.collect()
    outturns, aims = (_held(gathered.lazy().filter(each)) for each in (is_outturn, ~is_outturn))
    typed = typed_cells(gathered.lazy(), authority=catalogue.authority)
    worked_out = pl.collect_all([outturns, aims, typed, later, changed])
    held, targets, typed, future, changed = (each.lazy() for each in worked_out)
    return Context(
        catalogue=catalogue,
        today=today,
        up_to=up_to,
        future=future,
        cells=gathered.lazy(),
        held=held,
        targets=targets,
        typed=typed,
        kinds=_kinds(catalogue, cells=gathered, typed=worked_out[2]),
        restated=changed,
        labels=labels,
        published=published,
        doubted=pl.LazyFrame(schema={"address": pl.String}),
    )


def _speaks_by(last: date, is_outturn: pl.Expr) -> pl.Expr:
    """Whether a row says something of a period up to this day, or names none.

    A year's target speaks of its months; a year's figure only once the year is over.
    """
    since = pl.when(is_outturn).then("period_end").otherwise("period_start")
    return since.is_null() | (since <= last)


def _kinds(catalogue: Catalogue, *, cells: pl.DataFrame, typed: pl.DataFrame) -> frozenset[Needs]:
    found: list[Needs] = []
    if not typed.is_empty():
        found.append("typed")
    if (cells["state"] == "unreadable").any():
        found.append("unreadable")
    if any(each.rule == "rate_of" for one in catalogue.indicators for each in one.coheres):
        found.append("rates")
    return frozenset(found)


def indicator_columns(catalogue: Catalogue) -> pl.DataFrame:
    """What checks need of each indicator, one row each."""
    indicators = catalogue.indicators
    return pl.DataFrame(
        {
            "indicator": [each.id for each in indicators],
            "outturn_type": [each.outturn for each in indicators],
            "basis": [each.basis for each in indicators],
            "year": [each.year for each in indicators],
            "polarity": [each.polarity for each in indicators],
            "per": [float(each.per) for each in indicators],
            "lag_months": [each.lag_months for each in indicators],
            "suppress_below": [float(each.suppress_below) for each in indicators],
            "measure": [published_measure(each) or None for each in indicators],
        },
        schema_overrides={"measure": pl.String, "per": pl.Float64, "suppress_below": pl.Float64},
    )


def published_measure(indicator: Indicator) -> str:
    """The published measure that an indicator's figures are set beside; empty for none."""
    stated = [
        each.with_[0] for each in indicator.coheres if each.rule == "statutory" and each.with_
    ]
    return stated[0] if stated else indicator.compare.measure


def decimals(value: pl.Expr) -> pl.Expr:
    """How many decimals a figure is given with, as far as it can be told: 63.4 has 1.

    Six or more are six. A zero at the end is not seen, so rounding is never underrated.
    """
    said: pl.Expr = pl.lit(_MOST_DECIMALS)
    for places in range(_MOST_DECIMALS - 1, -1, -1):
        scaled = value * 10**places
        is_whole = (scaled - scaled.round(0)).abs() < 1e-6
        said = pl.when(is_whole).then(places).otherwise(said)
    return pl.when(value.is_not_null()).then(said)


def rounding(value: pl.Expr) -> pl.Expr:
    """Half a unit in the last place that a figure is given with: 0.5 for 63, 0.05 for 63.4."""
    return 0.5 * pl.lit(10.0).pow(-decimals(value).cast(pl.Float64))


def alike(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether two figures are the same to nine significant digits."""
    return one.round_sig_figs(SIGNIFICANT_DIGITS) == other.round_sig_figs(SIGNIFICANT_DIGITS)


def year_begins(end: pl.Expr, *, year: YearKind) -> pl.Expr:
    """First day of the year of this kind in which a period ends."""
    first = FIRST_MONTH[year]
    before = (end.dt.month().cast(pl.Int64) < first).cast(pl.Int64)
    return pl.date(end.dt.year().cast(pl.Int64) - before, first, 1)


def months_into_year(end: pl.Expr, *, year: YearKind) -> pl.Expr:
    """How many months of the year of this kind have passed when a period ends: April is 1."""
    return (end.dt.month().cast(pl.Int64) - FIRST_MONTH[year]) % 12 + 1


def _newest_cells(observations: pl.LazyFrame) -> pl.LazyFrame:
    """The cells of the newest batch that says something of their key; blanks if none does."""
    key = [*KEY, "role"]
    # `filter` within a window would take ten times as long.
    speaking = pl.when(pl.col("state") != "blank").then("seq").max().over(key)
    return (
        observations.with_columns(newest=pl.coalesce(speaking, pl.col("seq").max().over(key)))
        .filter(pl.col("seq") == pl.col("newest"))
        .drop("newest")
    )


def _held(cells: pl.LazyFrame) -> pl.LazyFrame:
    """The figures that count. Most stand in one cell, which needs no settling."""
    counted = cells.with_columns(cell_count=pl.len().over(KEY))
    single = counted.filter(pl.col("cell_count") == 1).select(
        *KEY,
        *_OF_CELL,
        "is_subject",
        typed_per="target_per",
        conflict=pl.lit(value=False),
        said=pl.lit(None, dtype=SAID),
        related=pl.lit(None, dtype=pl.List(pl.String)),
    )
    many = counted.filter(pl.col("cell_count") > 1)
    subjects = many.group_by(KEY).agg(pl.col("is_subject").first())
    settled = with_held(many).join(subjects, on=KEY, how="left", nulls_equal=True)
    return pl.concat([single, settled.select(*single.collect_schema().names())])
