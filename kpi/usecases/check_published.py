"""The shipped statistics as the frames that checks look at."""

from __future__ import annotations

import polars as pl

from kpi import reference
from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import NEIGHBOURS_CODE, Published

_REFERRALS = "CPP_Total_NumRef"
"""The published measure of which the months are shipped too."""

_VALUES = {
    "measure": pl.String(),
    "area_code": pl.String(),
    "period_end": pl.Date(),
    "value": pl.Float64(),
    "average": pl.String(),
    "is_own_list": pl.Boolean(),
}


def published_for(catalogue: Catalogue) -> Published:
    """What is published for an authority, its neighbours, the regions and England.

    Nothing where the catalogue does not say which authority this is.

    Raises:
        RequestError: Its LA code, or a code of its own list of neighbours, is not known.
    """
    code = catalogue.la_code
    areas = _areas(catalogue)
    return Published(
        code=code,
        areas=areas.lazy(),
        values=_values(catalogue, areas["area_code"].to_list()),
        measures=reference.measures().select(
            "measure",
            "is_count",
            measure_title="title",
            unit_type="outturn",
            unit_per=pl.col("per").cast(pl.Float64),
        ),
        months=_months(code),
        population=reference.population()
        .filter(pl.col("area_code") == code)
        .select(pl.col("mid_year").cast(pl.Int32), pl.col("population").cast(pl.Float64)),
    )


def _areas(catalogue: Catalogue) -> pl.DataFrame:
    """The authority, every region and England by name; none without the authority's code."""
    wide = (
        reference.areas()
        .filter(pl.col("area_kind") != "authority")
        .select(area="area_name", area_code="area_code")
        .collect()
    )
    if not catalogue.la_code:
        return wide.clear()
    own = reference.authority(catalogue.la_code)
    return pl.concat([wide, pl.DataFrame({"area": [catalogue.authority], "area_code": [own.code]})])


def _values(catalogue: Catalogue, codes: list[str]) -> pl.LazyFrame:
    if not catalogue.la_code:
        return pl.LazyFrame(schema=_VALUES)
    of_areas = reference.values().filter(pl.col("area_code").is_in(codes))
    frames = [
        of_areas.with_columns(
            average=pl.lit(None, dtype=pl.String), is_own_list=pl.lit(value=False)
        )
    ]
    for place, (model, neighbours) in enumerate(_lists(catalogue).items()):
        of_list = reference.values().filter(pl.col("area_code").is_in(neighbours))
        for method in ("mean", "median"):
            value = pl.col("value").mean() if method == "mean" else pl.col("value").median()
            frames.append(
                of_list.group_by("measure", "period_end").agg(
                    area_code=pl.lit(NEIGHBOURS_CODE).first(),
                    value=value,
                    is_own_list=pl.lit(place == 0).first(),
                    average=pl.format(
                        f"{method} of {{}} neighbours (model {model})", pl.len().cast(pl.String)
                    ),
                )
            )
    return pl.concat([frame.select(*_VALUES) for frame in frames]).collect().lazy()


def _lists(catalogue: Catalogue) -> dict[str, list[str]]:
    """The codes of the neighbours by the name of their list, the catalogue's first."""
    own = catalogue.neighbours
    models = [*([own] if own else []), *(each for each in reference.MODELS if each != own)]
    found = [reference.neighbours(catalogue.la_code, model=model) for model in models]
    return {each.model: list(each.codes) for each in found if each.codes}


def _months(code: str) -> pl.LazyFrame:
    return (
        reference.referrals_by_month()
        .filter((pl.col("area_code") == code) & pl.col("referrals").is_not_null())
        .select(
            measure=pl.lit(_REFERRALS),
            period_end=pl.col("month").dt.month_end(),
            month_value=pl.col("referrals").cast(pl.Float64),
        )
    )
