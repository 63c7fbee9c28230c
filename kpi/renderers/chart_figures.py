"""The figures of a chart as a table, to stand beside its picture."""

from __future__ import annotations

from kpi.domain.chart import NO_SIGNAL, SpcChart, SpcPoint, signal
from kpi.domain.paper.document import Cell, Column, Table, Tone
from kpi.domain.period import short_label
from kpi.renderers.words import MISSING

TONES: dict[str, Tone] = {"concern": "worse", "improvement": "better", NO_SIGNAL: "muted"}
"""The tone of what a point shows; a signal that is neither better nor worse is strong."""


def chart_figures(chart: SpcChart) -> Table:
    """Every period of a chart with its figure, mean and limits, and what it shows."""
    columns = (
        Column("Period"),
        Column("Figure", "right"),
        Column("Mean", "right"),
        Column("Lower limit", "right"),
        Column("Upper limit", "right"),
        Column("Shows"),
    )
    return Table(columns, tuple(_cells(point, chart) for point in chart.points))


def _cells(point: SpcPoint, chart: SpcChart) -> tuple[Cell, ...]:
    shows = signal(point)
    figure = MISSING if point.value is None else chart.figure(point.value)
    lines = (point.mean, point.lower, point.upper)
    return (
        Cell(short_label(point.period)),
        Cell(figure),
        *(Cell(MISSING if line is None else chart.limit(line)) for line in lines),
        Cell(shows or MISSING, TONES.get(shows, "strong" if shows else "muted")),
    )
