"""What a report's rows say of their indicators before there is a catalogue.

A guess is made only of the outturn type, where none is printed; polarity and basis are for
an officer to say. Writing the catalogue is left to `kpi.usecases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from kpi.domain.catalogue import OutturnType, Per
from kpi.domain.period import YearKind
from kpi.readers.areas import words_of
from kpi.readers.cells import CellReading, TargetReading
from kpi.readers.headings import Heading, period_of

FEWEST_RISING = 4

_KINDS: tuple[YearKind, ...] = ("financial", "academic", "calendar")


def guessed_outturn(label: str, figures: Iterable[CellReading]) -> OutturnType:
    """The outturn type that a label and its figures suggest.

    Example:
        >>> guessed_outturn("Referrals per 10,000 children", [])
        'rate'
        >>> guessed_outturn("CLA visits", [CellReading(82.0, "value", raw="82%", percent=True)])
        'percentage'
    """
    words = words_of(label)
    if any(figure.percent for figure in figures) or {"%", "percentage", "percent"} & set(words):
        return "percentage"
    if "proportion" in words or words[:2] == ("per", "cent"):
        return "percentage"
    is_per = any(a == "per" and b.isdecimal() for a, b in pairwise(words))
    return "rate" if is_per or words[:1] in (("rate",), ("rates",)) else "number"


def typed_target(
    targets: Sequence[tuple[Heading, TargetReading]],
) -> tuple[float | None, str, Per | None]:
    """The target to draft of those in a row: its figure, its text, the period it speaks of.

    The first with a figure, else the first that is awaited; nothing where all are blank.
    """
    for heading, said in targets:
        if said.state == "value":
            return said.value, said.raw, said.per or heading.per
    awaited = next((said for _, said in targets if said.state == "awaited"), None)
    return None, awaited.raw if awaited else "", None


def shortest_months(headings: Iterable[Heading]) -> int:
    """The shortest period among the authority's own columns: 1, 3 or 12 months."""
    own = [h.when for h in headings if h.role == "outturn" and not h.area and not h.to_date]
    periods = [period_of(when, kind) for when in own for kind in _KINDS]
    return min((period.months for period in periods if period), default=12)


def rises_steadily(said: Iterable[tuple[Heading, CellReading]]) -> bool:
    """Whether a row's own monthly figures rise at every step, to twice the first and more.

    Four figures at least: fewer may rise by chance.
    """
    figures = [
        reading.value
        for heading, reading in said
        if heading.role == "outturn" and not heading.area and reading.value is not None
        if (period := period_of(heading.when, "financial")) and period.months == 1
    ]
    rises = all(before < after for before, after in pairwise(figures))
    return len(figures) >= FEWEST_RISING and rises and figures[-1] >= 2 * figures[0]


def year_kind(headings: Iterable[Heading]) -> YearKind:
    """`calendar` where single years head the authority's own columns, else `financial`."""
    own = [h.when for h in headings if h.role == "outturn" and not h.area and h.when]
    return "calendar" if own and all(when.isdecimal() for when in own) else "financial"
