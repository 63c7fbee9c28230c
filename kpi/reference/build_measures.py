"""DfE's published measures and their values: the build's part.

The dictionary says what a year and a unit mean in words; each wording is mapped here by
name, and one that is not stops the build, so that a new release cannot be misread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kpi.domain.period import Period
from kpi.reference.sources import Sources, read_download, refuse


def _financial(year: int) -> Period:
    return Period.of_year(year - 1, year="financial")


def _academic(year: int) -> Period:
    return Period.of_year(year - 1, year="academic")


def _september(year: int) -> Period:
    return Period.of_month(year, 9)


YEAR_TYPES: dict[str, Callable[[int], Period]] = {
    "Financial Year": _financial,
    "Annual": _financial,  # looked after, in need and on a plan: on 31 March
    "Academic Year": _academic,
    "Annual (end of Sept)": _september,  # the workforce, on 30 September
}
"""What period the number of a year stands for, by the dictionary's words."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit's words mean: outturn type, per how many, and whether it is a raw count.

    A count grows with the place, so it is not compared between places as it is.
    """

    outturn: str
    per: int | None = None
    is_count: bool = False


_COUNT = Unit("number", is_count=True)
UNITS: dict[str, Unit] = {
    "Rate per 10,000": Unit("rate", per=10_000),
    "Turnover rate": Unit("percentage"),
    "Score": Unit("number"),
    "Case Load": Unit("number"),
    "Social Workers": _COUNT,
    "Starters FTE": _COUNT,
    "Leavers FTE": _COUNT,
}
"""Units by the dictionary's words; those that begin with `%` or `Number` say it themselves."""

_POLARITIES = {"High": "high", "Low": "low"}
_ENOUGH_TO_TELL = 20
_DICTIONARY = (
    "measure", "lait_code", "topic", "title", "polarity", "unit_label", "decimal_places",
    "year_type", "no_quartile", "description", "methodology", "source_url", "last_update",
    "next_update",
)  # fmt: skip


def read_dictionary(folder: Path, *, sources: Sources) -> pl.DataFrame:
    """The dictionary as downloaded, every measure of it.

    Raises:
        SourceError: It is missing or changed, or has a new year type or polarity.
    """
    dataset = sources.dataset("measures")
    rows = read_download(folder, dataset=dataset, columns=_DICTIONARY)
    for column, known in (("year_type", YEAR_TYPES), ("polarity", [*_POLARITIES, None])):
        strange = rows.filter(~pl.col(column).is_in(list(known), nulls_equal=True))
        refuse(strange.select("measure", column), what=f"have a new {column}", dataset=dataset)
    return rows


def build_measures(
    dictionary: pl.DataFrame, *, sources: Sources, held: Collection[str]
) -> pl.DataFrame:
    """The measures of which values are held, in the words of this project.

    `outturn`, `per` and `polarity` are as in a catalogue; `is_count` marks raw counts;
    `has_quartiles` is false where DfE finds the range too small to band; `decimals` is what
    DfE shows; `last_update` is null where DfE writes only that the data are new.

    Raises:
        SourceError: A unit is not known.
    """
    rows = dictionary.filter(pl.col("measure").is_in(list(held)))
    known = {said: unit for said in rows["unit_label"].unique() if (unit := _unit(said))}
    strange = rows.filter(~pl.col("unit_label").is_in(list(known)))
    refuse(
        strange.select("measure", "unit_label"),
        what="have a new unit",
        dataset=sources.dataset("measures"),
    )
    return rows.join(_units(known), on="unit_label").select(_IN_OUR_WORDS).sort("measure")


_IN_OUR_WORDS = (
    *(pl.col(name) for name in ("measure", "lait_code", "topic", "title", "outturn", "per")),
    *(pl.col(name) for name in ("is_count", "unit_label")),
    pl.col("polarity").replace(_POLARITIES).fill_null("none"),
    pl.col("decimal_places").cast(pl.Int8).fill_null(1).alias("decimals"),
    (pl.col("no_quartile") == "N").not_().fill_null(True).alias("has_quartiles"),
    pl.col("year_type"),
    pl.col("description").alias("definition"),
    pl.col("methodology"),
    pl.col("source_url"),
    pl.col("last_update", "next_update").str.to_date("%Y-%m-%d", strict=False),
)


def _unit(said: str) -> Unit | None:
    if said.startswith("%"):
        return Unit("percentage")
    return _COUNT if said.startswith("Number") else UNITS.get(said)


def _units(known: dict[str, Unit]) -> pl.DataFrame:
    return pl.DataFrame(
        [(said, unit.outturn, unit.per, unit.is_count) for said, unit in known.items()],
        schema={
            "unit_label": pl.String,
            "outturn": pl.String,
            "per": pl.Int32,
            "is_count": pl.Boolean,
        },
        orient="row",
    )


def build_values(
    folder: Path, *, sources: Sources, areas: pl.DataFrame, dictionary: pl.DataFrame
) -> pl.DataFrame:
    """The published values: measure, area, the period each is about, and the value.

    Left out are values that are not the area's own: those of a year that ended before the
    authority began or began after it ended, and England's repeated for every area.

    Raises:
        SourceError: An area or a measure is not known, a value is no number, or a fact
            stands twice.
    """
    dataset = sources.dataset("values")
    columns = ("measure", "year", "la_code", "value")
    rows = read_download(folder, dataset=dataset, columns=columns).select(
        "measure",
        pl.col("year").cast(pl.Int32),
        pl.col("la_code").alias("area_code"),
        pl.col("value").cast(pl.Float64, strict=False),
    )
    for wrong, what in (
        (rows.join(areas, on="area_code", how="anti"), "name no known area"),
        (rows.join(dictionary, on="measure", how="anti"), "are of a measure not in the dictionary"),
        (rows.filter(pl.col("value").is_null()), "hold no number"),
        (rows.filter(pl.struct(_FACT).is_duplicated()), "stand twice"),
    ):
        refuse(wrong, what=what, dataset=dataset)
    rows = _with_period(rows.join(dictionary.select("measure", "year_type"), on="measure"))
    return (
        rows.join(areas, on="area_code")
        .filter(_is_of_its_lifetime() & _is_its_own())
        .select(*_VALUE_COLUMNS)
        .sort("measure", "area_code", "period_end")
    )


_FACT = ("measure", "area_code", "year")
_VALUE_COLUMNS = (
    "measure", "area_code", "area_name", "area_kind", "period_label", "period_end", "value",
)  # fmt: skip


def _with_period(rows: pl.DataFrame) -> pl.DataFrame:
    pairs = rows.select("year_type", "year").unique().rows()
    periods = [(kind, year, YEAR_TYPES[kind](year)) for kind, year in pairs]
    said = pl.DataFrame(
        [(kind, year, str(period), period.end) for kind, year, period in periods],
        schema={
            "year_type": pl.String,
            "year": pl.Int32,
            "period_label": pl.String,
            "period_end": pl.Date,
        },
        orient="row",
    )
    return rows.join(said, on=["year_type", "year"])


def _is_of_its_lifetime() -> pl.Expr:
    began = pl.col("period_end").dt.offset_by("-12mo")
    ends_after_start = pl.col("since").is_null() | (pl.col("period_end") >= pl.col("since"))
    return ends_after_start & (pl.col("until").is_null() | (began < pl.col("until")))


def _is_its_own() -> pl.Expr:
    fact = ("measure", "year")
    all_the_same = pl.col("value").n_unique().over(fact) == 1
    return (
        (pl.col("area_kind") == "england") | ~all_the_same | (pl.len().over(fact) < _ENOUGH_TO_TELL)
    )
