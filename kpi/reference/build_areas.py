"""Authorities, regions and England, their neighbours and their children: the build's part.

Codes are the key throughout, because names are not: Dorset is two authorities.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl

from kpi.reference.sources import Dataset, Sources, read_download, refuse

ENGLAND_CODE = "970"
_LOOKUP = (
    "la_code", "gss_code", "la_name", "lait_la_name", "region_code", "region_name",
    "la_type", "status",
)  # fmt: skip
_NEIGHBOURS = ("model", "la_code", "rank", "neighbour_code", "closeness")
_POPULATION = ("mid_year", "la_code", "gss_code", "population_0_17")


def build_areas(folder: Path, *, sources: Sources) -> pl.DataFrame:
    """One row an area, authorities that are gone among them.

    Names are as people write them: `Bristol` for `Bristol, City of`; an abolished authority
    whose name another has now carries its last year, as in `Dorset (to 2019)`. `spellings`
    lists all that the publishers use.

    Raises:
        SourceError: A file is missing or changed, or an authority is abolished of which
            `SOURCES.toml` does not say when.
    """
    lookup = read_download(folder, dataset=sources.dataset("areas"), columns=_LOOKUP)
    regions = _regions(folder, sources=sources, lookup=lookup)
    authorities = _authorities(lookup, sources=sources).join(
        regions.select(region_code="gss_code", region="area_code"), on="region_code", how="left"
    )
    return pl.concat([_as_areas(authorities), regions], how="diagonal").sort("area_code")


def _authorities(lookup: pl.DataFrame, *, sources: Sources) -> pl.DataFrame:
    ends = pl.DataFrame(
        [(end.la_code, end.until, list(end.successors)) for end in sources.abolitions],
        schema={"la_code": pl.String, "until": pl.Date, "successors": pl.List(pl.String)},
        orient="row",
    )
    begins = (
        ends.explode("successors")
        .group_by(la_code="successors")
        .agg(since=pl.col("until").max() + timedelta(days=1))
    )
    rows = lookup.join(ends, on="la_code", how="left").join(begins, on="la_code", how="left")
    refuse(
        rows.filter((pl.col("status") != "current") & pl.col("until").is_null()).select("la_code"),
        what="are of abolished authorities that SOURCES.toml does not know",
        dataset=sources.dataset("areas"),
    )
    return rows.with_columns(plain=pl.col("la_name").str.replace(r", (?:City|County) of$", ""))


def _as_areas(authorities: pl.DataFrame) -> pl.DataFrame:
    is_gone = pl.col("until").is_not_null()
    last_year = pl.format("{} (to {})", "plain", pl.col("until").dt.year())
    named_twice = pl.col("plain").is_duplicated()
    spellings = pl.concat_list("plain", "la_name", "lait_la_name")
    return authorities.select(
        area_code="la_code",
        area_name=pl.when(is_gone & named_twice).then(last_year).otherwise("plain"),
        area_kind=pl.lit("authority"),
        gss_code="gss_code",
        region_code="region",
        la_type="la_type",
        since="since",
        until="until",
        successors="successors",
        spellings=spellings.list.unique(maintain_order=True),
    )


def _regions(folder: Path, *, sources: Sources, lookup: pl.DataFrame) -> pl.DataFrame:
    """England and the regions, named as in Explore Education Statistics where that has them."""
    rows = read_download(
        folder, dataset=sources.dataset("regions"), columns=("lait_code", "name", "gss_code")
    )
    published = lookup.select(gss_code="region_code", said="region_name").unique()
    rows = rows.join(published, on="gss_code", how="left")
    said = pl.coalesce("said", "name")
    is_england = pl.col("lait_code") == ENGLAND_CODE
    return rows.select(
        area_code="lait_code",
        area_name=said,
        area_kind=pl.when(is_england).then(pl.lit("england")).otherwise(pl.lit("region")),
        gss_code="gss_code",
        spellings=pl.concat_list(said, "name").list.unique(maintain_order=True),
    )


def build_neighbours(folder: Path, *, sources: Sources, areas: pl.DataFrame) -> pl.DataFrame:
    """Every model's lists: `model`, `la_code`, `rank` (1 is closest), neighbour, closeness."""
    keys = [known.key for known in sources.datasets if known.key.startswith("neighbours-")]
    return pl.concat(
        [_one_model(folder, dataset=sources.dataset(key), areas=areas) for key in keys]
    ).sort("model", "la_code", "rank")


def _one_model(folder: Path, *, dataset: Dataset, areas: pl.DataFrame) -> pl.DataFrame:
    rows = read_download(folder, dataset=dataset, columns=_NEIGHBOURS)
    names = areas.select(neighbour_code="area_code", neighbour_name="area_name")
    rows = rows.join(names, on="neighbour_code", how="left")
    strange = rows.filter(
        pl.col("neighbour_name").is_null() | ~pl.col("la_code").is_in(areas["area_code"].to_list())
    )
    refuse(strange.select("la_code", "neighbour_code"), what="name no authority", dataset=dataset)
    model = dataset.key.removeprefix("neighbours-")
    other = rows.filter(pl.col("model") != model).select("model")
    refuse(other, what=f"are not of the model {model}", dataset=dataset)
    return rows.select(
        "model",
        "la_code",
        pl.col("rank").cast(pl.Int8),
        "neighbour_code",
        "neighbour_name",
        "closeness",
    )


def build_population(folder: Path, *, sources: Sources, areas: pl.DataFrame) -> pl.DataFrame:
    """Children aged 0 to 17 on 30 June of `mid_year`; no row where none is published."""
    dataset = sources.dataset("population")
    rows = read_download(folder, dataset=dataset, columns=_POPULATION)
    wider = areas.filter(pl.col("area_kind") != "authority").select("gss_code", "area_code")
    rows = (
        rows.drop_nulls("population_0_17")
        .join(wider, on="gss_code", how="left")
        .with_columns(area_code=pl.coalesce("la_code", "area_code"))
        .join(areas.select("area_code", "area_name", "area_kind"), on="area_code", how="left")
    )
    refuse(
        rows.filter(pl.col("area_name").is_null()).select("la_code", "gss_code"),
        what="are of no known area",
        dataset=dataset,
    )
    return rows.select(
        "area_code",
        "area_name",
        "area_kind",
        pl.col("mid_year").cast(pl.Int32),
        population=pl.col("population_0_17").cast(pl.Int64),
    ).sort("area_code", "mid_year")
