"""The sheets of a workbook that hold figures: a theme's table each, in the report layout.

Indicators down, months across, then target, own earlier years, neighbours, region, England:
`kpi ingest` reads them back to the authority's own observations that the paper was made from.
So every column of those has the period of all its figures in its heading, and rows of months,
of quarters and of years, of the whole authority and of its teams stand on sheets of their own.
What outturns are set against is put in their terms as on the page, which is no observation of
anybody's: its headings are such that nothing is read beneath them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpi.domain.catalogue import Catalogue, Indicator, fold_label
from kpi.domain.paper.contents import Paper, Place, key_of, value_beside
from kpi.domain.period import Period, long_label, month_name, short_label
from kpi.domain.visible import visible
from kpi.domain.words import PER_WORDS, plain
from kpi.renderers.palette import look
from kpi.renderers.rag_figures import WHY_WORDS, short_target
from kpi.renderers.report_notes import Notes, notes_on
from kpi.renderers.report_tables import MARKS, RESTATED
from kpi.renderers.trend_figures import period_of, variation_of
from kpi.renderers.workbook_sheets import (
    CHANGE_TONES,
    CONFLICT,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    RATING_TONES,
    SHORTHAND,
    TREND_TONES,
    Sheet,
    SheetCell,
    SheetColumn,
    SheetTable,
    decimals_of,
    number_format,
    sheet_name,
)

Row = dict[str, Any]

SPANS = {1: "", 3: "quarterly", 12: "annual"}
"""What a sheet is called after the length of its rows' periods; months go without saying."""

BY_TEAM = {False: "", True: "by team"}

TYPES = {"percentage": "Percentage", "number": "Number"}

EXCEPTIONS = "Red and amber, worst first"

RANGE = "Target thresholds"
"""Heads the targets that are a range, in a word that `kpi ingest` takes for no figure."""

AGAINST = "Against"
"""Begins the heading of a comparator's column, in a word that `kpi ingest` passes over."""

_YEAR = 12
_NOTHING = (None, "blank")  # states of what is not there
_TEXT_WIDTH, _FIGURE_WIDTH, _PLACE_WIDTH = 26, 8, 9


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of one theme whose periods are equally long, all of the whole or all of teams.

    Attributes:
        title: What stands over them.
        rows: The rows, in order.
        months: The length of their periods.
        is_by_unit: Whether they are of teams.
        notes: Numbered notes on them.
    """

    title: str
    rows: tuple[Row, ...]
    months: int
    is_by_unit: bool
    notes: Notes


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of a group.

    Attributes:
        periods: The authority's own, the oldest first.
        cells: By row, the cells that hold something, by their heading.
    """

    periods: tuple[Period, ...]
    cells: tuple[Mapping[str, SheetCell], ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A column and its cells."""

    column: SheetColumn
    cells: Sequence[SheetCell]


def figures_sheets(
    paper: Paper, *, taken: Sequence[str], contents: str
) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The sheets of figures, and the notes that they refer to, in the order of their numbers.

    Args:
        paper: What to draw.
        taken: Names of the workbook's other sheets.
        contents: The name of the sheet that leads to all.
    """
    names = list(taken)
    sheets: list[Sheet] = []
    notes: list[str] = []
    for title, rows in _titled(paper):
        found = notes_on(paper, rows, start=len(notes) + 1)
        notes += (text.partition("] ")[2] for text in found.texts)
        for group in _groups(title, rows, paper, found):
            apart = " ".join(filter(None, (SPANS[group.months], BY_TEAM[group.is_by_unit])))
            name = sheet_name(group.title, taken=names, apart=apart)
            names.append(name)
            table = _table(paper, group, name=f"Figures_{len(sheets) + 1}")
            sheets.append(_sheet(paper, group, table, name=name, contents=contents))
    return tuple(sheets), tuple(notes)


def own_figure(value: float, indicator: Indicator, *, marks: str = "") -> SheetCell:
    """A figure in an indicator's unit as a number.

    Args:
        value: Percentages as 63.4.
        indicator: Gives unit and decimals.
        marks: What stands behind it.
    """
    suffix = ("%" if indicator.outturn == "percentage" else "") + marks
    return SheetCell(value, number_format(decimals=indicator.shown_decimals, suffix=suffix))


def figure_cell(row: Row, figure: Row, indicator: Indicator) -> SheetCell:
    """A figure of the months across with its marks, or what stands for it where it is missing.

    Args:
        row: The row that it stands in.
        figure: A struct of `kpi.domain.paper.contents.FIGURE`.
        indicator: Its indicator.
    """
    value, state = figure["outturn"], figure["state"]
    if state in _NOTHING and is_awaited(row, figure):
        return SheetCell(SHORTHAND["awaited"])
    if state != "value":
        return SheetCell(SHORTHAND.get(state or "", NOT_AVAILABLE))
    if figure["conflict"]:
        return SheetCell(CONFLICT)
    if value is None or not math.isfinite(value):
        return SheetCell(NOT_AVAILABLE)
    marks = [mark for word, mark in MARKS.items() if word in (figure["marks"] or "")]
    said = [*([RESTATED] if figure["restated"] else []), *marks]
    return own_figure(value, indicator, marks="".join(f" {mark}" for mark in said))


def is_awaited(row: Row, figure: Row) -> bool:
    """Whether nothing is held for a figure because the row's newest is still awaited."""
    return row["why_unrated"] == "awaited" and figure["period"] in (None, row["period"])


def difference_cell(value: float, indicator: Indicator) -> SheetCell:
    """A signed difference of two figures; of two percentages it is in points."""
    whole = float(value).is_integer()
    decimals = 0 if whole else max(indicator.shown_decimals, 1)
    suffix = " pts" if indicator.outturn == "percentage" else ""
    return SheetCell(value, number_format(decimals=decimals, suffix=suffix, is_signed=True))


def _titled(paper: Paper) -> Iterator[tuple[str, list[Row]]]:
    """The rows under what stands over them: a theme each, or all that is red or amber."""
    if paper.is_exceptions:
        yield EXCEPTIONS, list(paper.rows.iter_rows(named=True))
    for chapter in paper.chapters:
        yield chapter.title, paper.rows_of(chapter)


def _groups(title: str, rows: Sequence[Row], paper: Paper, notes: Notes) -> Iterator[_Group]:
    groups: dict[tuple[bool, int], list[Row]] = {}
    for row in rows:
        months = period_of(row["period"], paper.indicator(row)).months
        groups.setdefault((bool(row["unit"]), months), []).append(row)
    for (is_by_unit, months), found in sorted(groups.items(), key=lambda each: each[0]):
        yield _Group(title, tuple(found), months, is_by_unit, notes)


def _sheet(paper: Paper, group: _Group, table: SheetTable, *, name: str, contents: str) -> Sheet:
    span = " ".join(filter(None, (SPANS[group.months], "figures", BY_TEAM[group.is_by_unit])))
    what = f"{span[0].upper()}{span[1:]}"
    told = (
        f"{what} of {paper.catalogue.authority} up to {long_label(paper.period)}, in one table.",
        "The sheet Cover says what the symbols mean, the sheet Notes holds the notes.",
        f"Columns whose heading begins with {AGAINST} hold what outturns are set against, in the "
        "terms of the outturn; without a year, of one that the source does not state.",
    )
    return Sheet(
        name,
        group.title,
        (*map(SheetCell, told), SheetCell("Back to the contents", sheet=contents)),
        table,
        about=f"{what}: {group.title}",
    )


def _table(paper: Paper, group: _Group, *, name: str) -> SheetTable:
    figures = _figures(paper, group)
    drawn = (
        *_about(paper, group),
        *_own_periods(figures, group),
        *_target(paper, group),
        *_places(paper, group),
        _texts(SheetColumn("Notes", 16), _references(group)),
    )
    rows = zip(*(each.cells for each in drawn), strict=True)
    return SheetTable(name, tuple(each.column for each in drawn), tuple(rows))


def _texts(column: SheetColumn, said: Iterable[str]) -> _Drawn:
    return _Drawn(column, [SheetCell(each) for each in said])


def _about(paper: Paper, group: _Group) -> Iterator[_Drawn]:
    """What the rows are about, and their ratings."""
    rows, catalogue = group.rows, paper.catalogue
    indicators = [paper.indicator(row) for row in rows]
    claimed = catalogue.labels()
    yield _texts(
        SheetColumn("Indicator", _TEXT_WIDTH), (_label(each, claimed) for each in indicators)
    )
    if paper.is_exceptions:
        yield _texts(SheetColumn("Theme", 24), (_theme(row, catalogue) for row in rows))
    if any(row["area"] != catalogue.authority for row in rows):
        yield _texts(SheetColumn("Area", 18), (row["area"] for row in rows))
    if group.is_by_unit:
        yield _texts(SheetColumn("Team", 24), (row["unit"] for row in rows))
    yield _texts(SheetColumn("Outturn type", 12), map(_type, indicators))
    yield _texts(
        SheetColumn("Rating", 11, tones=RATING_TONES),
        (look(row["rag_status"]).word for row in rows),
    )


def _theme(row: Row, catalogue: Catalogue) -> str:
    return catalogue.theme_title(row["theme"]) if row["theme"] else "Other indicators"


def _label(indicator: Indicator, claimed: Mapping[str, Indicator]) -> str:
    """What the indicator is called, by a name that `kpi ingest` knows it by when read again."""
    names = (indicator.short, indicator.title, indicator.id)
    known = (name for name in names if claimed.get(fold_label(visible(name))) == indicator)
    return next(known, indicator.id)


def _type(indicator: Indicator) -> str:
    return TYPES.get(indicator.outturn, f"Rate per {plain(indicator.per)}")


def _own_periods(figures: _Figures, group: _Group) -> Iterator[_Drawn]:
    for period in figures.periods:
        heading = _heading(period)
        missing = NOT_AVAILABLE if period.months == group.months else NOT_APPLICABLE
        column = SheetColumn(heading, _FIGURE_WIDTH, "right")
        yield _Drawn(column, [cells.get(heading, SheetCell(missing)) for cells in figures.cells])


def _places(paper: Paper, group: _Group) -> Iterator[_Drawn]:
    """What the outturns are set against: the columns of the page, and its figures."""
    for at, place in paper.places_beside(group.rows):
        column = SheetColumn(_place_heading(place), _PLACE_WIDTH, "right")
        yield _Drawn(column, [_beside(row, at, paper.indicator(row)) for row in group.rows])


def _beside(row: Row, at: int, indicator: Indicator) -> SheetCell:
    value = value_beside(row, at)
    return SheetCell(NOT_AVAILABLE) if value is None else own_figure(value, indicator)


def _place_heading(place: Place) -> str:
    """A column's place and period as a heading; of a year not stated, the place alone."""
    name = place.name if place.kind in ("region", "england") else place.name.lower()
    return " ".join(filter(None, (AGAINST, visible(name), place.period)))


def _target(paper: Paper, group: _Group) -> Iterator[_Drawn]:
    """Target, the gap to it, whether it moved the good way, and whether the change is real."""
    rows = group.rows
    both = [(row, paper.indicator(row)) for row in rows]
    yield _Drawn(SheetColumn("Target", 12, "right"), [_aim(*each) for each in both])
    if any(row["target_low"] is not None for row in rows):
        yield _texts(SheetColumn(RANGE, 13, "right"), map(_range, rows))
    yield _Drawn(SheetColumn("Gap to target", 9, "right"), [_gap(*each) for each in both])
    yield _texts(
        SheetColumn("Change", 9, tones=CHANGE_TONES),
        map(change_word, rows),
    )
    yield _texts(SheetColumn("Trend", 12, tones=TREND_TONES), map(trend_word, rows))


def change_word(row: Row) -> str:
    """Which way a row's figure moved; not applicable where neither way is good."""
    missing = NOT_APPLICABLE if row["why_unrated"] == "no_polarity" else NOT_AVAILABLE
    return row["direction_of_travel"] or missing


def trend_word(row: Row) -> str:
    """Whether a row's change is real, in a word; not available where there is no series."""
    return variation_of(row)[0] if row["trend_period"] else NOT_AVAILABLE


def _aim(row: Row, indicator: Indicator) -> SheetCell:
    """The target as a number; its bound and the period it speaks of are labels at it."""
    said: str = row["target_words"]
    if row["target"] is None:
        return SheetCell(said if said == SHORTHAND["awaited"] else NOT_APPLICABLE)
    bound = "≤ " if said.startswith("at most ") else ""
    per = next((f" {each}" for each in PER_WORDS.values() if said.endswith(each)), "")
    unit = "%" if indicator.outturn == "percentage" else ""
    decimals = decimals_of(row["target"])
    return SheetCell(
        row["target"], number_format(decimals=decimals, prefix=bound, suffix=unit + per)
    )


def _range(row: Row) -> str:
    return NOT_APPLICABLE if row["target_low"] is None else short_target(row)


def _gap(row: Row, indicator: Indicator) -> SheetCell:
    if row["why_unrated"]:
        return SheetCell(WHY_WORDS[row["why_unrated"]])
    return difference_cell(row["distance_to_target"], indicator)


def _references(group: _Group) -> Iterator[str]:
    """The notes on each row, by their numbers."""
    numbers = group.notes.numbers
    for row in group.rows:
        key = key_of(row)
        found = {each for (about, _), ours in numbers.items() if about == key for each in ours}
        yield ", ".join(f"note {each}" for each in sorted(found)) or "none"


def _figures(paper: Paper, group: _Group) -> _Figures:
    """The group's own figures under the headings that say what they are of."""
    across = [each for each in paper.periods if each.months == group.months]
    periods = {_heading(each): each for each in across}
    cells: list[dict[str, SheetCell]] = []
    for row in group.rows:
        indicator = paper.indicator(row)
        found: dict[str, SheetCell] = {}
        if row["why_unrated"] == "awaited":
            found[_heading(period_of(row["period"], indicator))] = SheetCell(SHORTHAND["awaited"])
        for figure in row["figures"]:
            if figure["state"] not in _NOTHING:
                period = period_of(figure["period"], indicator)
                periods[_heading(period)] = period
                found[_heading(period)] = figure_cell(row, figure, indicator)
        cells.append(found)
    return _Figures(tuple(sorted(periods.values())), tuple(cells))


def _heading(period: Period) -> str:
    """A period of the authority's own figures as a heading."""
    return f"Own {period}" if period.months == _YEAR else _plain(period)


def _plain(period: Period) -> str:
    if period.months == 1:
        return f"{month_name(period.start.month)} {period.start.year}"
    return short_label(period)
