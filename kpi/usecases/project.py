"""The project a command works on, and what commands choose from it: place, period, indicators."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator, fold_label
from kpi.domain.held import counted_outturns, with_held
from kpi.domain.period import Period, long_label, parse_period
from kpi.domain.scorecard import Place
from kpi.errors import RequestError, UnknownPeriodError
from kpi.readers.catalogue import find_catalogue, read_catalogue
from kpi.readers.catalogue_known import Known
from kpi.reference import authority_codes, measure_keys
from kpi.store import Snapshot, Store


def _check_codes() -> frozenset[str]:
    # Fifty modules, for the few catalogues that accept a breach.
    from kpi.domain.checks import CHECKS

    return frozenset(CHECKS)


KNOWN = Known(measures=measure_keys, authorities=authority_codes, codes=_check_codes)
"""What a catalogue may name outside itself."""


@dataclass(frozen=True, slots=True)
class Project:
    """A catalogue and the store beside it."""

    catalogue: Catalogue
    store: Store


@dataclass(frozen=True, slots=True)
class Choice:
    """What part of a project a question is about, as asked for; empty means all of it.

    Attributes:
        period: In any usual spelling; null for the newest.
        theme: A theme's id or title.
        indicators: Ids, titles or aliases.
        area: An area's name, `all`, or null for the authority itself.
        unit: A unit's path, or null for the whole authority.
        by_unit: Every unit instead of the whole.
        as_of: The moment whose knowledge answers.
    """

    period: str | None = None
    theme: str | None = None
    indicators: tuple[str, ...] = ()
    area: str | None = None
    unit: str | None = None
    by_unit: bool = False
    as_of: datetime | None = None


def open_project(catalogue: Path | None = None, *, start: Path | None = None) -> Project:
    """The project of a catalogue, or of the nearest one upwards from a folder.

    Raises:
        RequestError: There is no catalogue.
        CatalogueError: It holds mistakes.
    """
    path = catalogue or find_catalogue(start or Path.cwd())
    read = read_catalogue(path, known=KNOWN)
    return Project(read, Store(read.store_path))


def parse_as_of(said: str) -> datetime:
    """A moment in ISO 8601: UTC unless an offset stands, a bare date its last microsecond.

    Raises:
        RequestError: It is no such moment.

    Example:
        >>> parse_as_of("2021-11-09").isoformat()
        '2021-11-09T23:59:59.999999+00:00'
    """
    try:
        # A week, which Python reads too, is no moment.
        moment = datetime.fromisoformat("" if "W" in said.upper() else said.strip())
    except ValueError:
        raise RequestError(
            f"`{said}` is not a moment in time",
            hint="write --as-of 2021-11-09 or --as-of 2021-11-09T17:00",
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", said.strip()):
        moment += timedelta(days=1) - timedelta(microseconds=1)
    return moment.astimezone(UTC)


def chosen_indicators(catalogue: Catalogue, choice: Choice) -> tuple[Indicator, ...]:
    """The indicators asked for, in the catalogue's order.

    Raises:
        UnknownIndicatorError: One is not in the catalogue.
        RequestError: The theme is not.
    """
    indicators = catalogue.indicators
    if choice.indicators:
        wanted = {catalogue.indicator(said).id for said in choice.indicators}
        indicators = tuple(each for each in indicators if each.id in wanted)
    if choice.theme:
        theme = _theme_id(catalogue, choice.theme)
        indicators = tuple(each for each in indicators if each.theme == theme)
    return indicators


def chosen_period(catalogue: Catalogue, observations: pl.LazyFrame, *, said: str | None) -> Period:
    """The period asked for, or the newest month for which the authority holds a value.

    Without any month it is the newest period.

    Raises:
        UnknownPeriodError: The text names no period.
        RequestError: Nothing is held, so there is no newest.
    """
    if said is None or said.strip().casefold() == "latest":
        return newest_period(catalogue, observations)
    period = parse_period(said, year=catalogue.default_year) or parse_period(said, year="calendar")
    if period is None:
        newest = newest_period(catalogue, observations)
        raise UnknownPeriodError(
            f"`{said}` is not a period",
            hint=f"write it as 2021-10, Oct-21, Q3 2021/22 or 2021/22; the newest held is {newest}",
        )
    return period


def newest_period(catalogue: Catalogue, observations: pl.LazyFrame) -> Period:
    """The newest month, or without months the newest period, with a value of the authority's own.

    Raises:
        RequestError: There is none.
    """
    own = counted_outturns(observations).filter(
        Place(catalogue.authority).filter() & pl.col("period_end").is_not_null()
    )
    is_figure = (pl.col("state") == "value") & ~pl.col("marks").str.contains(
        "partial", literal=True
    )
    for is_wanted in (pl.col("period_months") == 1, pl.lit(True)):
        before = pl.lit(True)
        while (newest := _newest(catalogue, own, is_figure & is_wanted & before)) is not None:
            period, holds_a_value = newest
            if holds_a_value:
                return period
            # Taken back by a later report: look before it.
            before = pl.col("period_end") < period.end
    raise RequestError(
        f"nothing is held for {catalogue.authority} yet",
        where=str(catalogue.path),
        hint="kpi ingest YOUR-REPORT.xlsx",
    )


def require_observations(
    project: Project, snapshot: Snapshot, *, as_of: datetime | None = None
) -> None:
    """Raises a `RequestError` with the line to type when nothing is held, or was then."""
    if snapshot.as_of is not None:
        return
    batches = project.store.batches() if as_of else ()
    if as_of and batches:
        first = min(batch.ingested_at for batch in batches)
        raise RequestError(
            f"nothing was held yet at {as_of:%Y-%m-%d %H:%M} UTC",
            where=str(project.catalogue.path),
            hint=f"the first figures were ingested at {first:%Y-%m-%d %H:%M} UTC",
        )
    raise RequestError(
        "nothing has been ingested yet",
        where=str(project.catalogue.path),
        hint="kpi ingest YOUR-REPORT.xlsx",
    )


def in_words(period: Period) -> str:
    """A period as prose says it."""
    return long_label(period)


def _newest(
    catalogue: Catalogue, own: pl.LazyFrame, is_figure: pl.Expr
) -> tuple[Period, bool] | None:
    """The newest period of these rows with a figure, and whether that figure still counts."""
    is_newest = pl.col("period_end") == pl.col("period_end").filter(is_figure).max()
    rows = own.filter(is_newest).collect()
    figures = rows.filter(is_figure).sort("period_months")
    if figures.is_empty():
        return None
    months = figures["period_months"][0]
    held = rows.lazy().filter(pl.col("period_months") == months).pipe(with_held).collect()
    indicator = catalogue.by_id.get(figures["indicator"][0])
    year = indicator.year if indicator else catalogue.default_year
    period = Period(figures["period_start"][0], months, year if months > 1 else "calendar")
    return period, bool((held["state"] == "value").any())


def _theme_id(catalogue: Catalogue, said: str) -> str:
    for theme in catalogue.themes:
        if said == theme.id or fold_label(said) in (fold_label(theme.id), fold_label(theme.title)):
            return theme.id
    names = ", ".join(f"`{theme.id}`" for theme in catalogue.themes)
    raise RequestError(
        f"no theme is called `{said}`",
        where=str(catalogue.path),
        hint=f"the themes are {names}" if names else "the catalogue has no themes",
    )
