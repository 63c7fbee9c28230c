"""The sections under the table of `kpi compare`: gaps, others, leagues, funnels, reasons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.comparison.notes import attribution, how_compared, not_compared
from kpi.domain.paper.document import Cell, Column, Listing, Paragraph, Preformatted, Section, Table
from kpi.domain.titles import place_title
from kpi.renderers.measure import width_of
from kpi.renderers.words import MISSING, difference, outturn

BAR = "█"
BAR_WIDTH = 32
NAME_WIDTH = 26

Row = dict[str, Any]


def compare_sections(rows: list[Row], catalogue: Catalogue) -> tuple[Section, ...]:
    """The sections that have something to say, in their order.

    Args:
        rows: The answer's rows.
        catalogue: Gives titles and decimals.
    """
    sections = (
        Section("What would close the gap", _listing(_gaps(rows, catalogue))),
        Section("Other authorities", _listing(_others(rows, catalogue))),
        *(_league(row, catalogue) for row in rows if row.get("league")),
        Section("Which way the neighbours move", _listing(_trends(rows, catalogue))),
        _funnels(rows, catalogue),
        Section("Not compared, and why", _listing(not_compared(rows, catalogue))),
    )
    return tuple(section for section in sections if section.blocks)


def footnotes(rows: list[Row]) -> tuple[str, ...]:
    """How the neighbours' figure is made, how old comparators are, whose they are."""
    return (*how_compared(rows), *attribution(rows))


def _listing(items: Iterable[str]) -> tuple[Listing, ...]:
    said = tuple(items)
    return (Listing(said),) if said else ()


def _gaps(rows: list[Row], catalogue: Catalogue) -> Iterable[str]:
    """For every outturn that is worse: what would bring it level, the neighbours first."""
    for row in rows:
        for comparator in row["comparators"]:
            if comparator["verdict"] == "worse" and comparator["gap_words"]:
                yield f"{place_title(row, catalogue)}: {comparator['gap_words']}."
                break


def _others(rows: list[Row], catalogue: Catalogue) -> Iterable[str]:
    """The ingested figures of other authorities, a line an indicator."""
    for row in rows:
        indicator = catalogue.indicator(row["indicator"])
        others = [each for each in row["comparators"] if each["kind"] == "place"]
        if others:
            said = "; ".join(_other(each, indicator) for each in others)
            yield f"{place_title(row, catalogue)}: {said}."


def _other(comparator: Row, indicator: Indicator) -> str:
    value = _figure(comparator["value"], indicator)
    when = comparator["period"] or "year not stated"
    gap = ""
    if comparator["difference"] is not None:
        size = difference(
            comparator["difference"],
            outturn_type=indicator.outturn,
            decimals=indicator.shown_decimals,
        )
        gap = f", gap {size}"
    verdict = comparator["verdict"]
    word = f", {verdict}" if verdict != "not_compared" else ""
    return f"{comparator['name']} {value} ({when}{gap}{word})"


def _league(row: Row, catalogue: Catalogue) -> Section:
    """The neighbours and the own outturn as bars, best first, the own one marked."""
    indicator = catalogue.indicator(row["indicator"])
    members = row["league"]
    longest = max(abs(member["value"]) for member in members) or 1
    values = [_figure(member["value"], indicator) for member in members]
    width = max(map(width_of, values))
    lines = tuple(
        f"{'>' if member['is_own'] else ' '} {_cut(member['name'])} {value:>{width}} "
        f"{BAR * round(BAR_WIDTH * abs(member['value']) / longest)}"
        for member, value in zip(members, values, strict=True)
    )
    return Section(f"Neighbours: {place_title(row, catalogue)}", (Preformatted(lines),))


def _cut(name: str) -> str:
    """A name as wide as its column."""
    return f"{name[:NAME_WIDTH]:<{NAME_WIDTH}}"


def _trends(rows: list[Row], catalogue: Catalogue) -> Iterable[str]:
    """Whether neighbours and the own place moved over the same five published years."""
    for row in rows:
        for comparator in row["comparators"]:
            known = comparator["recent_trend"] not in (None, "Cannot be calculated")
            if row.get("league") and comparator["kind"] == "neighbours" and known:
                theirs = comparator["recent_trend"].lower()
                ours = (comparator["own_recent_trend"] or "cannot be calculated").lower()
                yield (
                    f"{place_title(row, catalogue)}, five years to {comparator['period']}: "
                    f"neighbours {theirs}, {row['area']} {ours}."
                )


def _funnels(rows: list[Row], catalogue: Catalogue) -> Section:
    """Limits and significance of each outturn that has a funnel."""
    placed = [row for row in rows if row.get("funnel")]
    columns = (
        Column("Indicator", wraps=True),
        Column("Ours", "right"),
        Column("95% limits", "right"),
        Column("99.8% limits", "right"),
        Column("Significance"),
    )
    table = Table(columns, tuple(_funnel(row, catalogue) for row in placed))
    explained = Paragraph(
        "An outturn outside the limits differs by more than chance would make it."
    )
    return Section("Funnel", (explained, table) if placed else ())


def _funnel(row: Row, catalogue: Catalogue) -> tuple[Cell, ...]:
    indicator = catalogue.indicator(row["indicator"])
    limits = row["funnel"]
    return (
        Cell(place_title(row, catalogue)),
        Cell(_figure(row["outturn"], indicator)),
        *(
            Cell(
                f"{_figure(limits[f'lower_{level}'], indicator)} to "
                f"{_figure(limits[f'upper_{level}'], indicator)}"
            )
            for level in ("95", "99_8")
        ),
        Cell(limits["significance"] or MISSING),
    )


def _figure(value: float | None, indicator: Indicator) -> str:
    return outturn(value, outturn_type=indicator.outturn, decimals=indicator.shown_decimals)
