"""Files laid out as Explore Education Statistics publishes them: the build's part.

The layout puts an area's code in a column that depends on its level, and writes a symbol
where there is no figure.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kpi.reference.sources import Dataset, Sources, read_download, refuse

SYMBOLS = {
    "c": "suppressed",
    "x": "not_available",
    "z": "not_applicable",
    "u": "unreliable",
    "low": "rounds_to_zero",
    "k": "rounds_to_zero",
}
"""The symbols of government statistics as the states of an observation."""

_LAYOUT = ("time_period", "geographic_level", "region_code", "old_la_code")
_MONTHS = (
    "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "January", "February", "March",
)  # fmt: skip


def read_ees(
    folder: Path, *, dataset: Dataset, areas: pl.DataFrame, columns: tuple[str, ...]
) -> pl.DataFrame:
    """The named columns as text, with `area_code` and `year`, the year the period ends in.

    Raises:
        SourceError: The file is missing, lacks a column or has an area nobody knows.
    """
    rows = read_download(folder, dataset=dataset, columns=_LAYOUT + columns)
    wider = areas.filter(pl.col("area_kind") != "authority")
    codes = dict(zip(wider["gss_code"], wider["area_code"], strict=True))
    england = wider.filter(pl.col("area_kind") == "england")["area_code"].item()
    level = pl.col("geographic_level")
    rows = rows.with_columns(
        area_code=pl.when(level == "National")
        .then(pl.lit(england))
        .when(level == "Regional")
        .then(pl.col("region_code").replace_strict(codes, default=None, return_dtype=pl.String))
        .otherwise("old_la_code")
    )
    known = pl.col("area_code").is_in(areas["area_code"].to_list())
    refuse(
        rows.filter(~known.fill_null(False)).select(*_LAYOUT),
        what="are of no known area",
        dataset=dataset,
    )
    return rows.select("area_code", *columns, year=pl.col("time_period").cast(pl.Int32))


def build_referrals_by_month(
    folder: Path, *, sources: Sources, areas: pl.DataFrame
) -> pl.DataFrame:
    """One row an area and month: `month` (its first day), `referrals`, `state`.

    `referrals` is null in every state but `value`.

    Raises:
        SourceError: A cell holds neither a number nor a known symbol.
    """
    dataset = sources.dataset("referrals-by-month")
    rows = read_ees(folder, dataset=dataset, areas=areas, columns=_MONTHS).unpivot(
        _MONTHS, index=["area_code", "year"], variable_name="name", value_name="raw"
    )
    number = {name: (place + 3) % 12 + 1 for place, name in enumerate(_MONTHS)}
    month = pl.col("name").replace_strict(number, return_dtype=pl.Int32)
    referrals = pl.col("raw").cast(pl.Int64, strict=False)
    state = pl.col("raw").replace_strict(SYMBOLS, default=None, return_dtype=pl.String)
    rows = rows.with_columns(
        month=pl.date(pl.col("year") - (month >= 4).cast(pl.Int32), month, 1),
        referrals=referrals,
        state=pl.when(referrals.is_not_null()).then(pl.lit("value")).otherwise(state),
    )
    refuse(
        rows.filter(pl.col("state").is_null()).select("area_code", "month", "raw"),
        what="hold neither a number nor a known symbol",
        dataset=dataset,
    )
    return (
        rows.join(areas.select("area_code", "area_name", "area_kind"), on="area_code")
        .select("area_code", "area_name", "area_kind", "month", "referrals", "state")
        .sort("area_code", "month")
    )
