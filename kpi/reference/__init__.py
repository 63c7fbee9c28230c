"""The shipped published statistics: areas, neighbours, populations, DfE's measures.

Contains public sector information licensed under the Open Government Licence v3.0;
`releases` says what each table is, whose, and of when. Codes are the key throughout: an
authority's three digits, 970 for England and 980 to 990 for the regions (DfE's codes).
Everything with a code has `area_code`, `area_name` and `area_kind`, which is `authority`,
`region` or `england`. Comparing is left to the domain, rebuilding to
`kpi.reference.build`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from io import BytesIO

import polars as pl

from kpi.errors import RequestError

__all__ = [
    "ENGLAND_CODE",
    "MODELS",
    "Authority",
    "Neighbour",
    "Neighbours",
    "Region",
    "area_code",
    "areas",
    "authorities",
    "authority",
    "authority_codes",
    "england_referral_profile",
    "measure_keys",
    "measures",
    "neighbour_lists",
    "neighbours",
    "population",
    "referrals_by_month",
    "region_of",
    "releases",
    "values",
]

ENGLAND_CODE = "970"
MODELS = ("2021-04", "2025-05")
"""The statistical-neighbour models held, by the month they are of."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region; London is Inner and Outer London, as DfE has it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority with children's services, one that is gone included.

    Attributes:
        code: Three digits, as text.
        name: As people write it; unique.
        gss_code: The newest nine-character code.
        la_type: ILB, OLB, MD, UA or SC: inner and outer London borough, metropolitan
            district, unitary authority, shire county.
        region: The region it lies in.
        since: Its first day, where the lists here see it begin; null before them.
        until: Its last day; null while it exists.
        successors: Codes of the authorities its area is in now; empty while it exists.
    """

    code: str
    name: str
    gss_code: str
    la_type: str
    region: Region
    since: date | None
    until: date | None
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One of an authority's neighbours.

    Attributes:
        authority: Which it is; its `until` says whether it still exists.
        rank: 1 for the closest; the place in the list where the catalogue names its own.
        closeness: DfE's words, from Extremely close to Not close; null in an own list.
    """

    authority: Authority
    rank: int
    closeness: str | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """An authority's neighbours, closest first.

    Attributes:
        model: `2021-04`, `2025-05`, `own list`, or empty when none is named.
        members: The neighbours; those that no longer exist are among them, because their
            values up to their end count.
        notes: Sentences on what a reader must know: a neighbour that no longer exists, or
            why there is no list.
    """

    model: str
    members: tuple[Neighbour, ...]
    notes: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The members' codes, closest first."""
        return tuple(member.authority.code for member in self.members)


def areas() -> pl.LazyFrame:
    """Every authority, region and England, one row each.

    Columns: `area_code`, `area_name`, `area_kind`, `gss_code`, `region_code`, `la_type`,
    `since`, `until`, `successors` (see `Authority`; null for the wider areas) and
    `spellings`, the names that publishers use. Names are unique, so the county of Dorset,
    which ended in 2019, is `Dorset (to 2019)`.
    """
    return _table("areas")


def authorities() -> pl.LazyFrame:
    """The authorities among `areas`, those that are gone included, with `region_name`."""
    regions = areas().select(region_code="area_code", region_name="area_name")
    return (
        areas()
        .filter(pl.col("area_kind") == "authority")
        .join(regions, on="region_code", how="left", maintain_order="left")
    )


def authority(la_code: str) -> Authority:
    """The authority of a code.

    Raises:
        RequestError: There is none.

    Example:
        >>> authority("852").name, authority("852").region.name
        ('Southampton', 'South East')
    """
    return _authorities([la_code])[0]


def region_of(la_code: str) -> Region:
    """The region an authority lies in.

    Raises:
        RequestError: There is no such authority.
    """
    return authority(la_code).region


def area_code(said: str) -> str | None:
    """The code of an area by its name in any usual spelling, or by a code; null for none.

    Case, punctuation and `&` for `and` do not matter. Where an authority that is gone
    shares a name with one that exists, the latter is meant.

    Example:
        >>> area_code("Bristol, City of"), area_code("Dorset"), area_code("England")
        ('801', '838', '970')
    """
    wanted = _folded(pl.lit(said))
    found = (
        areas()
        .with_columns(spelling=pl.concat_list("spellings", "area_name", "area_code", "gss_code"))
        .explode("spelling")
        .filter(_folded(pl.col("spelling")) == wanted)
        .sort(pl.col("until").is_not_null())
        .select("area_code")
        .head(1)
        .collect()
    )
    return str(found.item()) if found.height else None


def neighbour_lists(*, model: str) -> pl.LazyFrame:
    """Every authority's list in one of `MODELS`.

    Columns: `model`, `la_code`, `rank` (1 is closest), `neighbour_code`, `neighbour_name`,
    `closeness`. Being a neighbour is not mutual.

    Raises:
        RequestError: The model is not held.
    """
    if model not in MODELS:
        known = " and ".join(f"`{name}`" for name in MODELS)
        raise RequestError(
            f"there is no neighbour model `{model}`",
            hint=f"the models held are {known}; a list of LA codes does as well",
        )
    return _table("neighbours").filter(pl.col("model") == model)


def neighbours(la_code: str, *, model: str | tuple[str, ...]) -> Neighbours:
    """An authority's statistical neighbours.

    Args:
        la_code: The authority.
        model: One of `MODELS`, or the codes of a list of one's own, in which the authority
            itself is passed over; empty for none.

    Raises:
        RequestError: The model or a code is not known.
    """
    own = authority(la_code)
    if isinstance(model, tuple):
        codes = [code for code in dict.fromkeys(model) if code != la_code]
        rows = [(code, rank, None) for rank, code in enumerate(codes, start=1)]
        return _as_neighbours(rows, model="own list" if model else "")
    if not model:
        return Neighbours("", (), ("the catalogue names no neighbours",))
    listed = (
        neighbour_lists(model=model)
        .filter(pl.col("la_code") == la_code)
        .sort("rank")
        .select("neighbour_code", "rank", "closeness")
        .collect()
    )
    if not listed.height:
        return Neighbours(model, (), (_why_no_list(own, model=model),))
    return _as_neighbours(listed.rows(), model=model)


def population() -> pl.LazyFrame:
    """Children aged 0 to 17 on 30 June of each `mid_year`, in persons, as `population`.

    The series is rebased on Census 2021. DfE bases the rates of a year ending in March on
    the mid-year before it. A year that is not published has no row.
    """
    return _table("population")


def measures() -> pl.LazyFrame:
    """The dictionary of DfE's measures, one row each.

    Columns: `measure` (the catalogue's key), `title`, `topic`, `definition`, `methodology`,
    `outturn` (percentage, rate, number) and `per`, `is_count` (a raw count, which grows
    with the place), `unit_label`, `polarity` (high, low, none), `decimals` as DfE shows
    them, `has_quartiles` (false where DfE finds the range too small), `year_type`,
    `source_url`, `last_update` and `next_update` (to the month; null where not said).
    """
    return _table("measures")


def authority_codes() -> frozenset[str]:
    """The LA codes of all authorities, those that are gone included."""
    return frozenset(authorities().select("area_code").collect()["area_code"])


def measure_keys() -> frozenset[str]:
    """The keys by which a catalogue may name the measures."""
    return frozenset(measures().select("measure").collect()["measure"])


def values() -> pl.LazyFrame:
    """DfE's published values of the measures, in each measure's unit.

    Columns: `measure`, the area's three, `period_label` as every output prints it
    (`2020/21`; `2021-09` for the workforce, counted on 30 September), `period_end`,
    `value`, and `numerator` and `denominator` where DfE publishes those and they give the
    value back, else null. No row means that no value is published: it is never zero.
    Values that are not the area's own are left out: England's repeated for every area, and
    those under the code of an authority outside its lifetime. London's boroughs count in
    986 as well as in 987 or 988.
    """
    return _table("values")


def referrals_by_month() -> pl.LazyFrame:
    """Referrals to children's social care in each month, from April 2012.

    Columns: the area's three, `month` (its first day), `referrals`, and `state`, which
    says why there is none (suppressed, not_available, unreliable). England's and the
    regions' are published to the nearest ten.
    """
    return _table("referrals_by_month")


def england_referral_profile(*, years: Collection[int] | None = None) -> tuple[float, ...]:
    """England's share of a year's referrals in each month, April to March; they sum to 1.

    The months of every complete year held are pooled, or of those years ending in March
    that `years` names.

    Raises:
        RequestError: No complete year is held.
    """
    year = pl.col("month").dt.year() + (pl.col("month").dt.month() >= 4).cast(pl.Int32)
    months = (
        referrals_by_month()
        .filter(pl.col("area_kind") == "england")
        .with_columns(year=year, place=(pl.col("month").dt.month() - 4) % 12)
        .filter(pl.col("referrals").count().over("year") == 12)
    )
    if years is not None:
        months = months.filter(pl.col("year").is_in(list(years)))
    pooled = months.group_by("place").agg(pl.col("referrals").sum()).sort("place").collect()
    if not pooled.height:
        raise RequestError("no complete year of England's referrals by month is held")
    return tuple((pooled["referrals"] / pooled["referrals"].sum()).to_list())


def releases() -> pl.DataFrame:
    """What is shipped, one row a dataset.

    Columns: `dataset`, `title`, `publisher`, `release`, `as_of` (the day on which it was
    copied), `newest_period`, `rows`, `licence` and `attribution`.
    """
    return _table("releases").collect()


def _table(name: str) -> pl.LazyFrame:
    # Bytes, because polars takes a bracket in a path for a wildcard.
    return pl.scan_parquet(BytesIO(files(__name__).joinpath(f"{name}.parquet").read_bytes()))


def _folded(text: pl.Expr) -> pl.Expr:
    spelt_out = text.str.to_lowercase().str.replace_all("&", "and", literal=True)
    return spelt_out.str.replace_all(r"[^a-z0-9]", "")


def _authorities(codes: Collection[str]) -> list[Authority]:
    rows = authorities().filter(pl.col("area_code").is_in(list(codes))).collect()
    found = {row["area_code"]: row for row in rows.iter_rows(named=True)}
    if strange := [code for code in codes if code not in found]:
        raise RequestError(
            "no local authority has the code " + ", ".join(f"`{code}`" for code in strange),
            hint="DfE's codes have three digits; `852` is Southampton",
        )
    return [
        Authority(
            code=row["area_code"],
            name=row["area_name"],
            gss_code=row["gss_code"],
            la_type=row["la_type"],
            region=Region(row["region_code"], row["region_name"]),
            since=row["since"],
            until=row["until"],
            successors=tuple(row["successors"] or ()),
        )
        for row in (found[code] for code in codes)
    ]


def _as_neighbours(rows: Sequence[tuple[str, int, str | None]], *, model: str) -> Neighbours:
    found = _authorities([code for code, _, _ in rows])
    members = tuple(
        Neighbour(known, rank, closeness)
        for known, (_, rank, closeness) in zip(found, rows, strict=True)
    )
    return Neighbours(model, members, tuple(_why_gone(known) for known in found if known.until))


def _why_gone(gone: Authority) -> str:
    successors = " and ".join(
        f"{known.name} ({known.code})" for known in _authorities(gone.successors)
    )
    return (
        f"{gone.name} ({gone.code}) no longer exists: it ended on {_day(gone.until)}, "
        f"its area is now in {successors}"
    )


def _why_no_list(own: Authority, *, model: str) -> str:
    began = f", which began on {_day(own.since)}" if own.since else ""
    return f"the model of {model} has no list for {own.name} ({own.code}){began}"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
