"""The page of `kpi trend`: the chart of one series, or a table of several."""

from __future__ import annotations

from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.paper.document import Cell, Column, Document, Listing, Section, Table, Tone
from kpi.domain.period import short_label
from kpi.domain.trend.met import Met, points_met
from kpi.domain.trend.words import SPANS
from kpi.renderers.heading import heading_lines
from kpi.renderers.palette import look
from kpi.renderers.trend_chart import chart_page
from kpi.renderers.trend_figures import (
    SPECIAL,
    VARIATIONS,
    arrow_of,
    difference_text,
    period_of,
    place_of,
    point_table,
    possible_limits,
    variation_of,
)
from kpi.renderers.words import MISSING, counted, number, outturn

Row = dict[str, Any]

ASSURANCES: dict[str, dict[Met, str]] = {
    "consistent_pass": {"all": "always met", "some": "mostly met", "none": "not yet met"},
    "consistent_fail": {"all": "met so far", "some": "rarely met", "none": "never met"},
    "inconsistent": {"all": "met so far", "some": "hit or miss", "none": "not yet met"},
}
"""Assurance in words, by whether the points met the target."""

_USUAL: dict[str, Met] = {
    "consistent_pass": "all",
    "consistent_fail": "none",
    "inconsistent": "some",
}

_COUNTED = {"common cause": VARIATIONS["common_cause"][0]}

DIRECTIONS: dict[str, Tone] = {"better": "better", "worse": "worse"}


def trend_document(
    answer: Answer,
    catalogue: Catalogue,
    *,
    width: int = 78,
    points: bool = False,
    details: bool = False,
) -> Document:
    """The chart and what it says where there is one series, else a table theme by theme.

    Args:
        answer: What `kpi.usecases.trend` found, its rows with their `series`.
        catalogue: Gives titles, decimals and themes.
        width: Columns that a chart may take.
        points: Whether every point is listed.
        details: Whether every sentence and note is listed, not only what stands out.
    """
    rows = list(answer.rows.iter_rows(named=True))
    if len(rows) == 1:
        return chart_page(rows[0], answer, catalogue, width=width, points=points)
    by_id = catalogue.by_id
    table = Table(
        _columns(),
        tuple(_cells(row, by_id[row["indicator"]], answer, catalogue) for row in rows),
        _groups(rows, catalogue),
    )
    sections = [Section("", (table,) if rows else ())]
    sections += _sentences(rows, catalogue, details=details)
    if points:
        sections += [
            Section(_title(row, catalogue), (point_table(row, by_id[row["indicator"]]),))
            for row in rows
            if row["series"]
        ]
    return Document("Trends", (*heading_lines(answer), *_summary(answer)), tuple(sections), ())


def _columns() -> tuple[Column, ...]:
    return (
        Column("Trend"),
        Column("Indicator", wraps=True),
        Column("Latest 12"),
        Column("Newest", "right"),
        Column("Change", "right", optional=2),
        Column("Direction"),
        Column("On year", "right", optional=4),
        Column("Limits", "right", optional=5),
        Column("Target"),
        Column("Rating", optional=3),
    )


def _cells(
    row: Row, indicator: Indicator, answer: Answer, catalogue: Catalogue
) -> tuple[Cell, ...]:
    word, tone = variation_of(row)
    direction = row["direction_of_travel"] or ""
    arrow = arrow_of(row["change_on_previous"]) if direction else ""
    rating = look(row["rag_status"])
    return (
        Cell(word, tone),
        Cell(_title(row, catalogue) + _older(row, indicator, answer)),
        Cell(row["sparkline"] or ""),
        Cell(_newest(row, indicator)),
        Cell(difference_text(row["change_on_previous"], indicator)),
        Cell(f"{arrow}{direction}" or MISSING, DIRECTIONS.get(direction, "plain")),
        Cell(difference_text(row["change_on_year"], indicator)),
        Cell(_limits(row, indicator)),
        Cell(_assurance(row, indicator)),
        Cell(rating.word, rating.tone),
    )


def _newest(row: Row, indicator: Indicator) -> str:
    """The newest figure; of a running total what its period alone brought, as for its changes."""
    if row["outturn"] is None and row["state"] == "value":
        return "two figures"
    is_to_date = indicator.basis == "year-to-date" and row["in_period"] is not None
    shown = outturn(
        row["in_period"] if is_to_date else row["outturn"],
        outturn_type=indicator.outturn,
        decimals=indicator.shown_decimals,
        state=row["state"] or "",
    )
    return f"{shown}/{SPANS[period_of(row['period'], indicator).months]}" if is_to_date else shown


def _limits(row: Row, indicator: Indicator) -> str:
    lower, upper = possible_limits(
        row["lower_limit"], row["upper_limit"], row=row, indicator=indicator
    )
    if lower is None or upper is None:
        return MISSING
    return f"{number(lower, decimals=1)} to {number(upper, decimals=1)}"


def _assurance(row: Row, indicator: Indicator) -> str:
    assurance = row["assurance"]
    if assurance is None:
        return MISSING
    return ASSURANCES[assurance][points_met(row, indicator) or _USUAL[assurance]]


def _sentences(rows: list[Row], catalogue: Catalogue, *, details: bool) -> list[Section]:
    """What each row says, or of the rows that stand out."""
    told = [row for row in rows if details or row["variation"] in SPECIAL]
    if not told:
        return []
    items = tuple(f"{_title(row, catalogue)}: {_told(row, details=details)}" for row in told)
    return [Section("In words" if details else "What stands out", (Listing(items),))]


def _told(row: Row, *, details: bool) -> str:
    return " ".join((row["sentence"], *(row["notes"] if details else ())))


def _title(row: Row, catalogue: Catalogue) -> str:
    return f"{catalogue.by_id[row['indicator']].short}{place_of(row, catalogue)}"


def _older(row: Row, indicator: Indicator, answer: Answer) -> str:
    """The period that a row is judged at, where it is not the chosen one."""
    if row["period"] == answer.period:
        return ""
    return f", {short_label(period_of(row['period'], indicator))}"


def _groups(rows: list[Row], catalogue: Catalogue) -> dict[int, str]:
    """A theme's title above its first row, as often as the theme changes."""
    themes = [row["theme"] for row in rows]
    if not any(themes):
        return {}
    return {
        place: catalogue.theme_title(theme) if theme else "No theme"
        for place, theme in enumerate(themes)
        if place == 0 or themes[place - 1] != theme
    }


def _summary(answer: Answer) -> tuple[str, ...]:
    counts = answer.counts
    always = ("concern", "improvement", "common cause")
    said = [
        f"{count} {_COUNTED.get(word, word)}"
        for word, count in counts.items()
        if word in always or (count and word != "indicators")
    ]
    rows = counted(counts["indicators"], "series", "series")
    return (
        f"{rows}: {', '.join(said)}.",
        "Judged by XmR charts and the rules of Making Data Count; no signal: all may be chance.",
    )
