"""The colours and shapes of charts, on white and on a dark page.

Deliberately not those of a rating: blue is improvement, orange concern, purple a signal
where no direction is better, grey no signal. Shapes differ as the colours do.
"""

from __future__ import annotations

from kpi.domain.chart import NO_SIGNAL

INK, GREY, BLUE, ORANGE, PURPLE = "#0b0c0c", "#505a5f", "#005eb8", "#b34700", "#6b2c91"
GROUND, GRID = "#ffffff", "#d9dde0"

FILLS: dict[str, str] = {
    "concern": ORANGE,
    "improvement": BLUE,
    "unusually high": PURPLE,
    "unusually low": PURPLE,
    NO_SIGNAL: GREY,
}
"""The colour of a point, by what it shows."""

SHAPES: dict[str, tuple[str, float]] = {
    "concern": ("triangle-up", 1.9),
    "improvement": ("diamond", 1.9),
    "unusually high": ("square", 1.5),
    "unusually low": ("square", 1.5),
    NO_SIGNAL: ("circle", 1.0),
}
"""A point's shape, by what it shows, and its area as a multiple of a circle's."""

DARK: dict[str, str] = {
    INK: "#f3f2f1",
    GREY: "#b1b4b6",
    BLUE: "#6cb8ff",
    ORANGE: "#ff9b57",
    PURPLE: "#cf9ff0",
    GROUND: "#16191b",
    GRID: "#3d4347",
}
"""What stands for each colour on a dark page."""
