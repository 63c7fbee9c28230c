"""The page of one series: its chart, what it says, and how it moved."""

from __future__ import annotations

from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.paper.document import (
    Block,
    Document,
    Listing,
    Paragraph,
    Preformatted,
    Section,
)
from kpi.domain.period import Period, long_label, month_name, short_label
from kpi.renderers.character_chart import Names, Point, character_chart
from kpi.renderers.heading import heading_lines
from kpi.renderers.palette import look
from kpi.renderers.trend_figures import (
    SPECIAL,
    arrow_of,
    difference_text,
    limit_text,
    period_of,
    place_of,
    point_table,
    possible_limits,
    variation_of,
)
from kpi.renderers.words import counted, number

Row = dict[str, Any]

_POLARITIES = {
    "high": "Higher is better.",
    "low": "Lower is better.",
    "range": "Best within its range.",
    "none": "No direction is better.",
}


def chart_page(
    row: Row, answer: Answer, catalogue: Catalogue, *, width: int, points: bool
) -> Document:
    """The page of one row: the chart in characters, the sentence, the movement, the notes.

    Args:
        row: A row of `kpi.usecases.trend`, with its `series`.
        answer: The answer that it is of.
        catalogue: Gives title and decimals.
        width: Columns that the chart may take.
        points: Whether every point is listed.
    """
    indicator = catalogue.by_id[row["indicator"]]
    word, tone = variation_of(row)
    blocks: list[Block] = []
    if row["series"]:
        blocks.append(Preformatted(_chart(row, indicator, width=width)))
    is_special = row["variation"] in SPECIAL
    said: list[Block] = [
        Paragraph(
            row["sentence"], tone if is_special else "plain", word if is_special else "Trend"
        ),
        Paragraph(_movement(row, indicator), "plain", "Change"),
        Paragraph(look(row["rag_status"]).word, look(row["rag_status"]).tone, "Rating"),
    ]
    sections = [Section("", tuple(blocks)), Section("", tuple(said))]
    if row["notes"]:
        sections.append(Section("Notes", (Listing(tuple(row["notes"])),)))
    if points and row["series"]:
        sections.append(Section("Points", (point_table(row, indicator),)))
    return Document(
        f"{indicator.title}{place_of(row, catalogue)}",
        (*heading_lines(answer), _about(row, indicator)),
        tuple(sections),
    )


def _about(row: Row, indicator: Indicator) -> str:
    """Which way is good, the target, and what time the points are of."""
    parts = [_POLARITIES[indicator.polarity]]
    if row["target_words"]:
        parts.append(f"Target {row['target_words']}.")
    series = row["series"]
    if series:
        first, last = (_long(point["period"], indicator) for point in (series[0], series[-1]))
        span = first if len(series) == 1 else f"{first} to {last}"
        parts.append(f"{span}, {counted(len(series), 'point')}.")
    return " ".join(parts)


def _chart(row: Row, indicator: Indicator, *, width: int) -> tuple[str, ...]:
    is_adjusted = any(point["adjusted"] is not None for point in row["series"])
    points = [_point(point, row, indicator, is_adjusted=is_adjusted) for point in row["series"]]
    return character_chart(
        points, names=_names(row, indicator), target=row["target_of_period"], width=width
    )


def _point(point: Row, row: Row, indicator: Indicator, *, is_adjusted: bool) -> Point:
    adjusted = point["adjusted"] if is_adjusted else None
    label, year = _axis_labels(point["period"], indicator)
    lower, upper = possible_limits(
        point["lower_limit"], point["upper_limit"], row=row, indicator=indicator
    )
    value = point["value"] if adjusted is None else adjusted
    return Point(
        label=label,
        year=year,
        text=number(value, decimals=indicator.shown_decimals),
        value=value,
        mean=point["mean"],
        lower=lower,
        upper=upper,
        point_type=point["point_type"],
    )


def _names(row: Row, indicator: Indicator) -> Names:
    def named(words: str, value: float | None) -> str:
        return f"{words} {limit_text(value, indicator)}" if value is not None else ""

    trial = "trial limit" if row["trial_limits"] else "limit"
    lower, upper = possible_limits(
        row["lower_limit"], row["upper_limit"], row=row, indicator=indicator
    )
    return Names(
        mean=named("mean", row["mean"]),
        lower=named(f"lower {trial}", lower),
        upper=named(f"upper {trial}", upper),
        target=named("target", row["target_of_period"]),
    )


def _axis_labels(said: str, indicator: Indicator) -> tuple[str, str]:
    """A period as it stands under an axis, and the year that it lies in."""
    period = period_of(said, indicator)
    if period.months == 1:
        return month_name(period.start.month), str(period.start.year)
    if period.months == 3:
        label, _, year = short_label(period).partition(" ")
        return label, year
    return str(period), ""


def _movement(row: Row, indicator: Indicator) -> str:
    """How far the figure moved since the period before, and since the same a year ago."""
    period = period_of(row["period"], indicator)
    parts = [
        _moved(row["change_on_previous"], row["direction_of_travel"], period.previous(), indicator)
    ]
    if period.months != 12:
        year = period.same_period_last_year()
        parts.append(_moved(row["change_on_year"], row["direction_on_year"], year, indicator))
    return "; ".join(parts) + "."


def _moved(change: float | None, direction: str | None, since: Period, indicator: Indicator) -> str:
    if change is None:
        return f"no comparison with {long_label(since)}"
    word = f", {arrow_of(change)}{direction}" if direction else ""
    return f"{difference_text(change, indicator)} on {long_label(since)}{word}"


def _long(said: str, indicator: Indicator) -> str:
    return long_label(period_of(said, indicator))
