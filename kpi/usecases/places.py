"""The places that a report may name, and those that a question is about."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import polars as pl

from kpi import reference
from kpi.domain.catalogue import Catalogue, fold_label
from kpi.domain.scorecard import Place
from kpi.errors import RequestError
from kpi.usecases.project import Choice


@dataclass(frozen=True, slots=True)
class Places:
    """What a source may call places.

    Attributes:
        authorities: Names of authorities.
        region: The council's region; empty where it is not known.
        codes: Areas by DfE's and by the statistics' nine-character code.
    """

    authorities: tuple[str, ...]
    region: str
    codes: dict[str, str]


def known_places(catalogue: Catalogue) -> Places:
    """The places of the shipped reference data; the region by the catalogue's `la_code`."""
    areas = reference.areas().select("area_code", "gss_code", "area_name", "area_kind").collect()
    names = areas.filter(pl.col("area_kind") == "authority")["area_name"]
    try:
        region = reference.region_of(catalogue.la_code).name if catalogue.la_code else ""
    except RequestError:
        region = ""
    codes = {
        code: catalogue.authority if number == catalogue.la_code else name
        for number, gss, name, _ in areas.iter_rows()
        for code in (number, gss)
        if code
    }
    return Places(tuple(names), region, codes)


def chosen_place(catalogue: Catalogue, choice: Choice, observations: pl.LazyFrame) -> Place:
    """Whose figures are asked for: the authority as a whole unless another is named.

    Names are those under which figures are held, whatever case they are asked for in. An
    area that is known but of which nothing is held is a place too, without figures.

    Args:
        catalogue: Says who the authority is.
        choice: Gives area and unit.
        observations: What is held.

    Raises:
        RequestError: No area, or no unit of the area, is called so; the hint offers the nearest.
    """
    area: str | None = choice.area or catalogue.authority
    unit = None if choice.by_unit else choice.unit or ""
    if area and area.casefold() == "all":
        area = None
    elif area and area != catalogue.authority:
        area = _area(catalogue, observations, said=area)
    if unit:
        inside = observations.filter(Place(area, None).filter() & (pl.col("unit") != ""))
        units = inside.select(pl.col("unit").unique()).collect()["unit"].sort().to_list()
        unit = _named(unit, units, what=f"unit of {area or 'any area'}", catalogue=catalogue)
    return Place(area, unit)


def _area(catalogue: Catalogue, observations: pl.LazyFrame, *, said: str) -> str:
    held = observations.select(pl.col("area").unique()).collect()["area"].sort().to_list()
    own: dict[str, str] = {fold_label(name): name for name in (catalogue.authority, *held)}
    if found := own.get(fold_label(said)):
        return found
    known = reference.areas().select("area_name", "spellings").collect()
    for name, spellings in known.iter_rows():
        if fold_label(said) in map(fold_label, (name, *(spellings or ()))):
            return str(name)
    names = [catalogue.authority, *held, *known["area_name"].to_list()]
    return _named(said, list(dict.fromkeys(names)), what="area", catalogue=catalogue)


def _named(said: str, names: list[str], *, what: str, catalogue: Catalogue) -> str:
    """The name that is meant, case and punctuation apart."""
    by_label = {fold_label(name): name for name in names}
    if found := by_label.get(fold_label(said)):
        return found
    near = difflib.get_close_matches(fold_label(said), by_label, n=3, cutoff=0.6)
    meant = " or ".join(f"`{by_label[label]}`" for label in near)
    raise RequestError(
        f"no {what} is called `{said}`",
        where=str(catalogue.path),
        hint=f"did you mean {meant}?" if meant else _held_hint(names),
    )


def _held_hint(names: list[str]) -> str:
    if not names:
        return "no figures of units are held"
    some = ", ".join(f"`{name}`" for name in names[:5])
    return f"among those there are {some}"
