"""The page of `kpi rag`: theme by theme, rating, figure, target and gap."""

from __future__ import annotations

from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.paper.document import Cell, Column, Document, Listing, Section, Table, Tone
from kpi.domain.period import Period, long_label, parse_period, short_label
from kpi.domain.titles import place_title
from kpi.renderers.heading import heading_lines
from kpi.renderers.palette import look
from kpi.renderers.rag_figures import against_before, gap_to_target, short_target
from kpi.renderers.words import outturn

NOTED = ("conflict", "small_denominator", "partial_period")
"""Reasons that a reader needs whole."""

Row = dict[str, Any]


def rag_document(
    answer: Answer, catalogue: Catalogue, *, reasons: bool = False, turned: bool = False
) -> Document:
    """Ratings theme by theme, with notes where a figure had to be made comparable.

    Args:
        answer: What `kpi.usecases.rag` found.
        catalogue: Gives titles, decimals and themes.
        reasons: Whether every row's reason is listed below.
        turned: Whether each row's rating of the period before stands beside it.
    """
    period = parse_period(answer.period or "", year=catalogue.default_year)
    rows = list(answer.rows.iter_rows(named=True))
    notes = [row for row in rows if _needs_note(row)]
    numbers = {id(row): place for place, row in enumerate(notes, start=1)}
    table = Table(
        _columns(period, turned=turned),
        tuple(_cells(row, catalogue, period, numbers.get(id(row)), turned=turned) for row in rows),
        _groups(rows, catalogue),
    )
    sections = [Section("", (table,) if rows else ())]
    if reasons:
        listing = Listing(tuple(f"{place_title(row, catalogue)}: {row['reason']}" for row in rows))
        sections.append(Section("Reasons", (listing,)))
    return Document(
        f"Ratings for {long_label(period)}" if period else "Ratings",
        (*heading_lines(answer), _summary(answer)),
        tuple(sections),
        tuple(
            f"[{numbers[id(row)]}] {place_title(row, catalogue)}: {row['reason']}" for row in notes
        ),
    )


def _columns(period: Period | None, *, turned: bool) -> tuple[Column, ...]:
    now = short_label(period) if period else "Now"
    before = short_label(period.previous()) if period else "Before"
    return (
        Column("Rating"),
        *((Column("Was"),) if turned else ()),
        Column("Indicator", wraps=True),
        Column(now, "right"),
        Column(before, "right", optional=2),
        Column("Target", "right"),
        Column("Gap", "right"),
        Column("Change", optional=3),
        Column("Reason", wraps=True, optional=4),
    )


def _cells(
    row: Row, catalogue: Catalogue, period: Period | None, note: int | None, *, turned: bool
) -> tuple[Cell, ...]:
    indicator = catalogue.indicator(row["indicator"])
    shown, was = look(row["rag_status"]), look(row["previous_status"])
    moved = row["direction_of_travel"] or ""
    tones: dict[str, Tone] = {"better": "better", "worse": "worse"}
    return (
        Cell(shown.word, shown.tone),
        *((Cell(was.word, was.tone),) if turned else ()),
        Cell(place_title(row, catalogue) + (f" [{note}]" if note else "")),
        Cell(_now(row, indicator, period)),
        Cell("conflict" if row["previous_conflict"] else _before(row, indicator)),
        Cell(short_target(row)),
        Cell(gap_to_target(row, indicator), "plain" if row["rag_status"] else "muted"),
        Cell(moved, tones.get(moved, "plain")),
        Cell(row["reason"]),
    )


def _now(row: Row, indicator: Indicator, period: Period | None) -> str:
    """The figure, with its own period where that is not the chosen one."""
    text = _figure(row["outturn"], indicator, state=row["state"] or "")
    own = row["period"] == (str(period) if period else None)
    return text if own or row["outturn"] is None else f"{text} ({row['period']})"


def _before(row: Row, indicator: Indicator) -> str:
    return _figure(row["previous_outturn"], indicator, state="")


def _figure(value: float | None, indicator: Indicator, *, state: str) -> str:
    return outturn(
        value, outturn_type=indicator.outturn, decimals=indicator.shown_decimals, state=state
    )


def _needs_note(row: Row) -> bool:
    if row["why_unrated"]:
        return row["why_unrated"] in NOTED or row["state"] == "unreadable"
    compared = row["target_value_compared"]
    return compared is not None and bool(compared != row["outturn"])


def _groups(rows: list[Row], catalogue: Catalogue) -> dict[int, str]:
    """A theme's title above its first row, as often as the theme changes."""
    themes = [row["theme"] for row in rows]
    return (
        {
            place: catalogue.theme_title(theme) if theme else "No theme"
            for place, theme in enumerate(themes)
            if place == 0 or themes[place - 1] != theme
        }
        if any(themes)
        else {}
    )


def _summary(answer: Answer) -> str:
    """How many of each rating, and how many figures moved which way."""
    said = ", ".join(
        f"{count} {word}" for word, count in answer.counts.items() if count and word != "worse"
    )
    moves = answer.rows["direction_of_travel"].to_list()
    moved = against_before(
        ratings=answer.counts["worse"], worse=moves.count("worse"), better=moves.count("better")
    )
    return f"{said or 'nothing to show'}. {moved}"
