"""What there is to compare with: shipped values, ingested areas, typed columns, own years.

Gathers frames from the reference data and the store, for `kpi.usecases.compare`; which of
them an outturn is set against is decided in `kpi.domain.comparison.comparators`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from kpi import reference
from kpi.domain.answer import Message
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.comparison.comparators import PLACES, one_each
from kpi.domain.comparison.like_with_like import A_YEAR
from kpi.domain.comparison.places import (
    comparison_frame,
    held_places,
    in_unit_of_indicators,
    published_places,
)
from kpi.domain.observation import STATISTICAL_NEIGHBOURS
from kpi.usecases.councils import about_code

MANY_PLACES = 25
"""More ingested authorities than these are not listed one by one; they still count in ranks."""

NEIGHBOURS = {
    "la_code": pl.String(),
    "neighbour_code": pl.String(),
    "neighbour_name": pl.String(),
    "rank": pl.Int64(),
}


@dataclass(frozen=True, slots=True)
class Known:
    """All that outturns may be compared with.

    Attributes:
        indicators: What comparing needs of each indicator.
        areas: Every area held: `area`, `area_code` (its name where DfE has no code for it),
            `area_kind`, `region_code`.
        places: Values of authorities, regions and England, one each, in the indicator's unit.
        years: Annual values of the areas held, of any origin, with `area` and `unit`.
        typed: Figures that reports have typed in beside the months of any indicator, with
            `kind` and `name`.
        neighbours: `la_code`, `neighbour_code`, `neighbour_name`, `rank`.
        population: Children aged 0 to 17 by `area_code` and `mid_year`.
        model: The neighbour list's name; empty for none.
        releases: Which release the published values of each indicator are of, in words.
        messages: What a reader must know of them.
    """

    indicators: pl.LazyFrame
    areas: pl.LazyFrame
    places: pl.LazyFrame
    years: pl.LazyFrame
    typed: pl.LazyFrame
    neighbours: pl.LazyFrame
    population: pl.LazyFrame
    model: str
    releases: dict[str, str]
    messages: tuple[Message, ...]


def known_comparators(
    held: pl.DataFrame, catalogue: Catalogue, *, indicators: Iterable[Indicator], area: str | None
) -> Known:
    """All that the outturns of a catalogue may be compared with.

    Args:
        held: Held figures with `is_typed`, up to the chosen period.
        catalogue: Gives the authority's code and its neighbours.
        indicators: Those that are compared.
        area: The area whose outturns are compared; null for all.

    Raises:
        RequestError: The catalogue's LA code or neighbour list is not known.
    """
    chosen = list(indicators)
    measures = reference.measures().collect()
    areas = _areas(held["area"].unique().sort().to_list(), catalogue)
    subjects = areas if area is None else areas.filter(pl.col("area") == area)
    neighbours, model, notes = _neighbours(subjects, catalogue)
    frame = comparison_frame(chosen, measures=measures).lazy()
    places, years = _values(held.lazy(), frame, areas.lazy(), catalogue)
    every = comparison_frame(catalogue.indicators, measures=measures).lazy()
    return Known(
        indicators=frame,
        areas=areas.lazy(),
        places=places.lazy(),
        years=years.lazy(),
        typed=_typed(held.lazy(), every, areas.lazy(), authority=catalogue.authority),
        neighbours=neighbours.lazy(),
        population=reference.population(),
        model=model,
        releases=_releases(chosen, measures),
        messages=(*about_code(catalogue), *notes),
    )


def wanted_places(own: pl.LazyFrame, known: Known, *, each: bool) -> pl.LazyFrame:
    """England, the region and the other ingested authorities each outturn is set against.

    Args:
        own: `own`, `indicator`, `area_code`, `area_kind`, `region_code`.
        known: What there is.
        each: Whether authorities are listed one by one.

    Returns:
        `own`, `kind`, `comparator_code`.
    """
    ingested = (
        known.places.filter(pl.col("origin") == "ingested")
        .select("indicator", "area_kind", comparator_code="area_code")
        .unique()
    )
    wanted = {
        "england": own.with_columns(comparator_code=pl.lit(reference.ENGLAND_CODE)),
        "region": own.with_columns(comparator_code="region_code").drop_nulls("comparator_code"),
        "other region": _other_regions(own, ingested),
        "place": _other_authorities(own, ingested),
    }
    return pl.concat(
        rows.filter(pl.col("comparator_code") != pl.col("area_code")).select(
            "own", "comparator_code", kind=pl.lit(kind.removeprefix("other "))
        )
        for kind, rows in wanted.items()
        if each or kind != "place"
    )


def _other_regions(own: pl.LazyFrame, ingested: pl.LazyFrame) -> pl.LazyFrame:
    """The regions ingested, for an authority whose own region is not known."""
    is_lost = (pl.col("area_kind") == "authority") & pl.col("region_code").is_null()
    regions = ingested.filter(pl.col("area_kind") == "region")
    return own.filter(is_lost).drop("area_kind").join(regions, on="indicator")


def _other_authorities(own: pl.LazyFrame, ingested: pl.LazyFrame) -> pl.LazyFrame:
    """The authorities ingested beside each outturn, where they are not too many to list."""
    authorities = ingested.filter(pl.col("area_kind") == "authority")
    return (
        own.drop("area_kind")
        .join(authorities, on="indicator")
        .filter(pl.col("comparator_code") != pl.col("area_code"))
        .filter(pl.len().over("own") <= MANY_PLACES)
    )


def _values(
    held: pl.LazyFrame, frame: pl.LazyFrame, areas: pl.LazyFrame, catalogue: Catalogue
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The values of all places, and the annual values of the areas held; published or ingested.

    Nothing is published without the code that says whose region and neighbours count.
    """
    shipped = reference.values() if catalogue.la_code else reference.values().head(0)
    published = published_places(shipped, measures=reference.measures(), indicators=frame)
    figures = held_places(held, indicators=frame, areas=areas.drop("region_code"))
    ingested = figures.filter((pl.col("origin") == "ingested") & (pl.col("unit") == ""))
    places = pl.concat([published, ingested.select(*PLACES)])
    own = published.join(areas.select("area", "area_code"), on="area_code")
    annual = figures.filter(pl.col("period_months") == A_YEAR)
    years = pl.concat([own.with_columns(unit=pl.lit("")), annual], how="diagonal")
    of_place = ["indicator", "area_code", "period_end", "period_months"]
    found = pl.collect_all(
        values.pipe(one_each, by=by).pipe(
            in_unit_of_indicators, indicators=frame, population=reference.population()
        )
        for values, by in ((places, of_place), (years, ["indicator", "area", "unit", "period_end"]))
    )
    return found[0], found[1]


def _areas(held: list[str], catalogue: Catalogue) -> pl.DataFrame:
    """The areas held and the authority, each with its code, kind and region."""
    names = pl.DataFrame({"area": [*dict.fromkeys([catalogue.authority, *held])]})
    known = names.with_columns(folded=_folded("area")).join(
        _spellings(), on="folded", how="left", maintain_order="left"
    )
    own: dict[str, str | None] = dict.fromkeys(("area_code", "area_kind", "region_code"))
    if catalogue.la_code:
        said = reference.authority(catalogue.la_code)
        own = {
            "area_code": said.code,
            "area_kind": "authority",
            "region_code": said.region.code,
        }
    is_own = pl.col("area") == catalogue.authority
    return known.with_columns(
        pl.when(is_own).then(pl.lit(value, dtype=pl.String)).otherwise(name).alias(name)
        for name, value in own.items()
    ).select(
        "area",
        pl.coalesce("area_code", "area"),
        pl.col("area_kind").fill_null("authority"),
        "region_code",
    )


def _spellings() -> pl.DataFrame:
    """Every spelling of an area, folded, with its code; one that exists before one that is gone."""
    return (
        reference.areas()
        .with_columns(spelling=pl.concat_list("spellings", "area_name"))
        .explode("spelling")
        .select("area_code", "area_kind", "region_code", "until", folded=_folded("spelling"))
        .sort(pl.col("until").is_not_null())
        .unique("folded", keep="first", maintain_order=True)
        .collect()
    )


def _typed(
    held: pl.LazyFrame, frame: pl.LazyFrame, areas: pl.LazyFrame, *, authority: str
) -> pl.LazyFrame:
    """The typed figures, the authority's own earlier years among them but not its months."""
    is_neighbours = pl.col("area") == STATISTICAL_NEIGHBOURS
    is_month_of_row = pl.col("period_months") < A_YEAR
    kind = pl.when(pl.col("area_kind") == "authority").then(pl.lit("place")).otherwise("area_kind")
    return (
        held.filter(pl.col("is_typed") & pl.col("value").is_not_null() & (pl.col("unit") == ""))
        .filter(~is_month_of_row.fill_null(value=False) | (pl.col("area") != authority))
        .join(areas, on="area")
        .join(frame.select("indicator", "outturn_type", "is_average"), on="indicator")
        .select(
            "indicator",
            "period",
            "period_end",
            "period_months",
            "value",
            "source_file",
            "source_sheet",
            "source_cell",
            name="area",
            kind=pl.when(is_neighbours).then(pl.lit("neighbours")).otherwise(kind),
            is_count=(pl.col("outturn_type") == "number") & ~pl.col("is_average"),
        )
    )


def _neighbours(
    subjects: pl.DataFrame, catalogue: Catalogue
) -> tuple[pl.DataFrame, str, list[Message]]:
    """The neighbours of the areas compared, their list's name, and what to say of them."""
    if not catalogue.la_code:
        return pl.DataFrame(schema=NEIGHBOURS), "", [_no_code(catalogue)]
    messages: list[Message] = []
    rows: list[tuple[str, str, str, int]] = []
    model = ""
    for code in _authority_codes(subjects):
        own = reference.authority(code)
        is_listed = code == catalogue.la_code or isinstance(catalogue.neighbours, str)
        found = reference.neighbours(code, model=catalogue.neighbours if is_listed else "")
        model = found.model or model
        rows += [
            (code, each.authority.code, each.authority.name, each.rank) for each in found.members
        ]
        messages += [_gone(own)] if own.until else []
        messages += _about_list(found)
    return pl.DataFrame(rows, schema=NEIGHBOURS, orient="row"), model, messages


def _authority_codes(subjects: pl.DataFrame) -> list[str]:
    """DfE's codes among the areas: those whose code is not merely their name."""
    is_coded = (pl.col("area_kind") == "authority") & (pl.col("area_code") != pl.col("area"))
    return [str(code) for code in subjects.filter(is_coded)["area_code"]]


def _about_list(found: reference.Neighbours) -> list[Message]:
    """What a reader must know of a list: that there is none, or who of it is gone."""
    if found.members:
        return [Message("info", f"{_sentence(note)}.") for note in found.notes]
    why = found.notes[0] if found.notes else "the catalogue's list is empty"
    models = " or ".join(f'"{name}"' for name in reference.MODELS)
    return [
        Message(
            "warning",
            f"No statistical neighbours: {why}. Set `neighbours` under [catalogue] to "
            f"{models}, or to a list of LA codes.",
        )
    ]


def _no_code(catalogue: Catalogue) -> Message:
    likely = reference.area_code(catalogue.authority)
    example = f'la_code = "{likely}"' if likely else 'la_code = "852"'
    return Message(
        "warning",
        f"Nothing published is compared: the catalogue does not say which authority this is. "
        f"Add {example} under [catalogue]; `kpi reference` lists what is held.",
    )


def _gone(own: reference.Authority) -> Message:
    names = " and ".join(f"{reference.authority(code).name} ({code})" for code in own.successors)
    until = f" on {_day(own.until)}" if own.until else ""
    return Message(
        "warning",
        f"{own.name} ({own.code}) no longer exists: it ended{until}, its area is now in {names}. "
        "It is compared up to then.",
    )


def _releases(chosen: list[Indicator], measures: pl.DataFrame) -> dict[str, str]:
    """The release in words: whose, what, and when the measure was last updated."""
    held = reference.releases().filter(pl.col("dataset") == "values").row(0, named=True)
    updates = dict(measures.select("measure", "last_update").iter_rows())
    title = str(held["title"]).partition(":")[0]
    said = {}
    for each in chosen:
        updated = updates.get(each.compare.measure)
        when = f"{updated:%B %Y}" if updated else f"by {_day(held['as_of'])}"
        said[each.id] = f"{title} ({held['publisher']}), updated {when}"
    return said


def _folded(column: str) -> pl.Expr:
    spelt_out = pl.col(column).str.to_lowercase().str.replace_all("&", "and", literal=True)
    return spelt_out.str.replace_all(r"[^a-z0-9]", "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
