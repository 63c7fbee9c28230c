"""The tables of a report: a wide one that holds everything, or narrow ones for 78 columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kpi.domain.catalogue import Indicator
from kpi.domain.paper.contents import Paper, Place, value_beside
from kpi.domain.paper.document import Block, Cell, Column, Paragraph, Table, Tone
from kpi.domain.period import Period, short_label
from kpi.renderers.palette import look
from kpi.renderers.rag_figures import gap_to_target, short_target
from kpi.renderers.report_notes import TITLE, Notes, place_key
from kpi.renderers.trend_figures import period_of, variation_of
from kpi.renderers.words import MISSING, outturn

Row = dict[str, Any]
Draw = Callable[[Row], Cell]

MARKS = {"provisional": "[p]", "estimate": "[e]", "break": "[b]", "partial": "[part]"}
"""What stands at a figure for what its source said of it."""

RESTATED = "[r]"

_TONES: dict[str, Tone] = {"better": "better", "worse": "worse"}


@dataclass(frozen=True, slots=True)
class _Field:
    """A column and what stands in it."""

    column: Column
    draw: Draw


def wide_table(paper: Paper, rows: Sequence[Row], notes: Notes) -> tuple[Block, ...]:
    """One table: rating, months across, target, gap, trend, own years, neighbours, others.

    Own years and places that no row has a figure of are left out.

    Args:
        paper: Gives the columns.
        rows: The rows to show.
        notes: Marks at their cells.
    """
    fields = (
        _rating(),
        _title(lambda row: notes.at(row, TITLE)),
        *_periods(paper, notes),
        *_target(paper),
        _sparkline(),
        _trend(),
        *_places(paper, notes, rows),
    )
    return (_table(fields, rows),) if rows else ()


def narrow_tables(paper: Paper, rows: Sequence[Row], notes: Notes) -> tuple[Block, ...]:
    """The same in three tables that a page of 78 columns holds.

    Columns that it cannot hold all the same are the oldest months, which the sparkline shows.
    """
    if not rows:
        return ()
    blocks: list[Block] = [ratings_table(paper, rows, notes)]
    across = (_title(), *_periods(paper), _sparkline())
    blocks += [Paragraph("", label="Month by month"), _table(across, rows)]
    compared = [row for row in rows if any(at is not None for at in row["beside"])]
    if compared:
        beside = (_title(), _compared(paper), *_places(paper, notes, compared))
        blocks += [Paragraph("", label="Beside others"), _table(beside, compared)]
    return tuple(blocks)


def ratings_table(paper: Paper, rows: Sequence[Row], notes: Notes) -> Table:
    """Rating, newest figure, target, gap, and the trend in a word.

    Args:
        paper: Gives the columns.
        rows: The rows to show.
        notes: Marks at their cells.
    """
    return _table((_rating(), _title(notes.on), _now(paper), *_target(paper), _trend()), rows)


def _table(fields: Sequence[_Field], rows: Sequence[Row]) -> Table:
    return Table(
        tuple(each.column for each in fields),
        tuple(tuple(each.draw(row) for each in fields) for row in rows),
    )


def _rating() -> _Field:
    def draw(row: Row) -> Cell:
        shown = look(row["rag_status"])
        return Cell(shown.word, shown.tone)

    return _Field(Column("Rating"), draw)


def _title(mark: Callable[[Row], str] = lambda _: "") -> _Field:
    return _Field(Column("Indicator", wraps=True), lambda row: Cell(row["short_title"] + mark(row)))


def _periods(paper: Paper, notes: Notes | None = None) -> list[_Field]:
    """A column for each period, the oldest to go first where the width does not suffice."""
    count = len(paper.periods)
    return [
        _period(paper, notes, at, period, optional=max(0, count - 1 - at))
        for at, period in enumerate(paper.periods)
    ]


def _now(paper: Paper) -> _Field:
    """The figure that a row is rated by: a quarter's or a year's stands under an older month."""

    def draw(row: Row) -> Cell:
        figures = row["figures"]
        judged = next((each for each in figures if each["period"] == row["period"]), figures[-1])
        return Cell(figure_text(judged, paper.indicator(row), column=paper.periods[-1]))

    return _Field(Column(short_label(paper.periods[-1]), "right"), draw)


def _compared(paper: Paper) -> _Field:
    """The figure that stands beside others, with its period where that is an older one."""
    now, newest = _now(paper), paper.periods[-1]

    def draw(row: Row) -> Cell:
        if row["compare_period"] in (None, str(newest), row["period"]):
            return now.draw(row)
        indicator = paper.indicator(row)
        text = outturn(
            row["compare_outturn"],
            outturn_type=indicator.outturn,
            decimals=indicator.shown_decimals,
        )
        return Cell(f"{text} ({short_label(period_of(row['compare_period'], indicator))})")

    return _Field(now.column, draw)


def _period(paper: Paper, notes: Notes | None, at: int, period: Period, *, optional: int) -> _Field:
    def draw(row: Row) -> Cell:
        text = figure_text(row["figures"][at], paper.indicator(row), column=period)
        return Cell(text + (notes.at(row, str(period)) if notes else ""))

    return _Field(Column(short_label(period), "right", optional=optional), draw)


def figure_text(figure: Row, indicator: Indicator, *, column: Period) -> str:
    """A figure of the months across: its own period where that is longer, and its marks.

    Args:
        figure: A struct of `kpi.domain.paper.contents.FIGURE`.
        indicator: Its indicator.
        column: The period of the column that it stands in.
    """
    if figure["conflict"]:
        return "conflict"
    if figure["state"] is None:
        return MISSING
    text = outturn(
        figure["outturn"],
        outturn_type=indicator.outturn,
        decimals=indicator.shown_decimals,
        state=figure["state"],
    )
    if figure["period"] != str(column) and figure["outturn"] is not None:
        text = f"{text} ({short_label(period_of(figure['period'], indicator))})"
    marks = [mark for word, mark in MARKS.items() if word in (figure["marks"] or "")]
    return " ".join([text, *([RESTATED] if figure["restated"] else []), *marks])


def _target(paper: Paper) -> tuple[_Field, ...]:
    """Target, gap, and whether it moved the good way."""

    def gap(row: Row) -> Cell:
        tone: Tone = "plain" if row["rag_status"] else "muted"
        return Cell(gap_to_target(row, paper.indicator(row)), tone)

    def change(row: Row) -> Cell:
        moved = row["direction_of_travel"] or ""
        return Cell(moved, _TONES.get(moved, "plain"))

    return (
        _Field(Column("Target", "right"), lambda row: Cell(short_target(row))),
        _Field(Column("Gap", "right"), gap),
        _Field(Column("Change"), change),
    )


def _sparkline() -> _Field:
    return _Field(Column("Latest 12"), lambda row: Cell(row["sparkline"] or ""))


def _trend() -> _Field:
    """Whether the change is real."""

    def draw(row: Row) -> Cell:
        return Cell(*variation_of(row)) if row["trend_period"] else Cell(MISSING, "muted")

    return _Field(Column("Trend"), draw)


def _places(paper: Paper, notes: Notes, rows: Sequence[Row]) -> list[_Field]:
    """A column for each place that some row has a figure of."""
    return [_place(paper, notes, at, place) for at, place in paper.places_beside(rows)]


def _place(paper: Paper, notes: Notes, at: int, place: Place) -> _Field:
    def draw(row: Row) -> Cell:
        return Cell(place_text(row, at, paper) + notes.at(row, place_key(place)))

    title = f"{place.name} {place.period}" if place.period else place.name
    return _Field(Column(title, "right"), draw)


def place_text(row: Row, at: int, paper: Paper) -> str:
    """A comparator in the outturn's terms.

    Args:
        row: The row.
        at: Which column of `Paper.places`.
        paper: Gives the columns.
    """
    value, indicator = value_beside(row, at), paper.indicator(row)
    if value is None:
        return MISSING
    return outturn(value, outturn_type=indicator.outturn, decimals=indicator.shown_decimals)
