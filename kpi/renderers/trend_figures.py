"""How a trend's words and figures look: shared by its chart page and its table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.paper.document import Cell, Column, Table, Tone
from kpi.domain.period import Period, parse_period, short_label
from kpi.renderers import words
from kpi.renderers.words import MISSING, number, outturn

Row = dict[str, Any]

VARIATIONS: dict[str, tuple[str, Tone]] = {
    "special_cause_concern": ("CONCERN", "worse"),
    "special_cause_improvement": ("IMPROVING", "better"),
    "special_cause_neutral_high": ("HIGHER", "strong"),
    "special_cause_neutral_low": ("LOWER", "strong"),
    "common_cause": ("no signal", "muted"),
}
"""Variation in words, and the tone that repeats it."""

NOT_JUDGED: tuple[str, Tone] = ("not judged", "muted")

SPECIAL = tuple(name for name in VARIATIONS if name != "common_cause")
"""Variations that are signals."""

_ALL = 100.0


def variation_of(row: Row) -> tuple[str, Tone]:
    """What a row's variation is called, and its tone."""
    return VARIATIONS.get(row["variation"] or "", NOT_JUDGED)


def possible_limits(
    lower: float | None, upper: float | None, *, row: Row, indicator: Indicator
) -> tuple[float | None, float | None]:
    """Limits as they are drawn: no share beyond 0 and 100 %, no count that never was below 0."""
    if lower is None or upper is None:
        return lower, upper
    if indicator.outturn == "percentage":
        return max(lower, 0.0), min(upper, _ALL)
    is_never_below = all(point["value"] >= 0 for point in row["series"])
    return (max(lower, 0.0) if is_never_below else lower), upper


def limit_text(value: float, indicator: Indicator) -> str:
    """A mean or a limit with its unit, with a decimal at least."""
    decimals = max(indicator.shown_decimals, 1)
    return outturn(value, outturn_type=indicator.outturn, decimals=decimals)


def difference_text(change: float | None, indicator: Indicator) -> str:
    """A change with its sign and unit; what stands for missing where it is not known."""
    return words.difference(
        change, outturn_type=indicator.outturn, decimals=indicator.shown_decimals
    )


def arrow_of(change: float | None) -> str:
    """The arrow that goes before the word for a direction, with a blank; empty for no change."""
    if not change:
        return ""
    return "↑ " if change > 0 else "↓ "


def place_of(row: Row, catalogue: Catalogue) -> str:
    """Whose figures, where they are not the authority's as a whole."""
    unit = f", {row['unit']}" if row["unit"] else ""
    area = f" ({row['area']})" if row["area"] != catalogue.authority else ""
    return f"{unit}{area}"


def period_of(said: str, indicator: Indicator) -> Period:
    """A printed period, read in the indicator's kind of year."""
    period = parse_period(said, year=indicator.year) or parse_period(said, year="calendar")
    if period is None:
        raise ValueError(f"{said} is no period")
    return period


def point_table(row: Row, indicator: Indicator) -> Table:
    """Every point of a row's series with its limits and rule, and adjusted where any is."""
    is_adjusted = any(point["adjusted"] is not None for point in row["series"])
    columns = (
        Column("Period"),
        Column("Value", "right"),
        *((Column("Adjusted", "right"),) if is_adjusted else ()),
        Column("Mean", "right"),
        Column("Lower", "right"),
        Column("Upper", "right"),
        Column("Rule", wraps=True),
    )
    numbers = (*(("adjusted",) if is_adjusted else ()), "mean", "lower_limit", "upper_limit")
    return Table(columns, tuple(_point_cells(point, indicator, numbers) for point in row["series"]))


def _point_cells(point: Row, indicator: Indicator, numbers: Sequence[str]) -> tuple[Cell, ...]:
    tone = VARIATIONS.get(point["point_type"] or "", NOT_JUDGED)[1]
    shown = indicator.shown_decimals
    value = outturn(point["value"], outturn_type=indicator.outturn, decimals=shown)
    return (
        Cell(short_label(period_of(point["period"], indicator))),
        Cell(value),
        *(Cell(number(point[name], decimals=max(shown, 1))) for name in numbers),
        Cell(_rule(point), tone),
    )


def _rule(point: Row) -> str:
    """The rule that a point fires, by its name; where none does, as everywhere else."""
    if point["point_type"] == "common_cause":
        return VARIATIONS["common_cause"][0]
    return point["rule"] or MISSING
