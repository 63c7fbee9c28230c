"""What a report's rows say of their indicators before there is a catalogue.

A guess is made only of the outturn type, where none is printed; the basis is guessed in
`kpi.domain.draft_basis`, and polarity is for an officer to say. Writing the catalogue is
left to `kpi.usecases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from kpi.domain.catalogue import OutturnType, Per
from kpi.domain.draft_basis import FEWEST_RISING
from kpi.domain.drafting import Printed
from kpi.domain.period import Period, YearKind
from kpi.readers.areas import words_of
from kpi.readers.cells import CellReading, TargetReading
from kpi.readers.directions import printed_direction
from kpi.readers.headings import Heading, period_of

_LONGEST_TARGET = 200
_KINDS: tuple[YearKind, ...] = ("financial", "academic", "calendar")

Figures = Sequence[tuple[Heading, CellReading]]
Targets = Sequence[tuple[Heading, TargetReading]]


def drafted_row(
    label: str,
    *,
    theme: str | None,
    printed: OutturnType | None,
    headings: Sequence[Heading],
    figures: Figures,
    targets: Targets,
    beside: Iterable[tuple[str, str]],
) -> Printed:
    """What one row prints of its indicator.

    Args:
        label: As printed.
        theme: Printed around it; null for none.
        printed: The outturn type that is printed; null for none.
        headings: Those of all the table's columns of figures and targets.
        figures: The row's cells under them, each with its heading.
        targets: Of these, the targets.
        beside: Heading and text of its cells that say which way is good.
    """
    target, raw, per = typed_target(targets)
    unread = () if target is not None else unread_targets(targets)
    way, why = printed_direction(beside, targets=[said.raw for _, said in targets], label=label)
    months = shortest_months(headings)
    return Printed(
        label=label,
        theme=theme,
        outturn=printed or guessed_outturn(label, (said for _, said in figures)),
        is_outturn_printed=printed is not None,
        target=target,
        target_raw=raw,
        target_per=per,
        months=months,
        year=year_kind(headings),
        rises=rises_steadily(figures),
        figures=tuple(value for _, value in _own(figures, months=months)),
        years=_earlier_years(figures, months=months),
        not_understood=tuple(dict.fromkeys(said.raw[:_LONGEST_TARGET] for said in unread)),
        band=next(filter(None, map(_band, unread)), None),
        direction=way,
        why_direction=why,
    )


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


def typed_target(targets: Targets) -> tuple[float | None, str, Per | None]:
    """The target to draft of those in a row: its figure, its text, the period it speaks of.

    The first with a figure, else the first that is awaited; nothing where all are blank.
    """
    for heading, said in targets:
        if said.state == "value":
            return said.value, said.raw, said.per or heading.per
    awaited = next((said for _, said in targets if said.state == "awaited"), None)
    return None, awaited.raw if awaited else "", None


def unread_targets(targets: Targets) -> tuple[TargetReading, ...]:
    """The targets in words that say no single figure, such as `95% by March 2026`."""
    return tuple(said for _, said in targets if said.state == "unreadable" and said.raw)


def _band(said: TargetReading) -> tuple[float, float] | None:
    return None if said.low is None or said.high is None else (said.low, said.high)


def shortest_months(headings: Iterable[Heading]) -> int:
    """The shortest period among the authority's own columns: 1, 3 or 12 months."""
    own = [h.when for h in headings if h.role == "outturn" and not h.area and not h.to_date]
    periods = [period_of(when, kind) for when in own for kind in _KINDS]
    return min((period.months for period in periods if period), default=12)


def rises_steadily(said: Figures) -> bool:
    """Whether a row's own months rise through a financial year, to twice the first and more.

    A running total starts anew in April, and may stand still in a month. Four figures of a
    year at least: fewer may rise by chance. No other year of the row may fall.
    """
    years: dict[int, list[float]] = {}
    for month, value in _own(said, months=1):
        years.setdefault(month.end.year - (month.end.month < 4), []).append(value)
    never_fall = all(a <= b for year in years.values() for a, b in pairwise(year))
    return never_fall and any(
        len(year) >= FEWEST_RISING and year[-1] > year[0] and year[-1] >= 2 * year[0]
        for year in years.values()
    )


def _own(said: Figures, *, months: int) -> list[tuple[Period, float]]:
    """The authority's own figures of periods so long, the earliest first."""
    found = [
        (period, reading.value)
        for heading, reading in said
        if heading.role == "outturn"
        and not (heading.area or heading.to_date or heading.total)
        and reading.value is not None
        and (period := _period(heading)) is not None
        and period.months == months
    ]
    return sorted(found, key=lambda each: each[0].end)


def _earlier_years(said: Figures, *, months: int) -> tuple[float, ...]:
    """The authority's own figures of whole years that ended before the row's months began."""
    if months == 12:
        return ()
    begin = min((period.start for period, _ in _own(said, months=months)), default=None)
    years = _own(said, months=12)
    return tuple(value for year, value in years if begin is not None and year.end < begin)


def _period(heading: Heading) -> Period | None:
    return next((each for kind in _KINDS if (each := period_of(heading.when, kind))), None)


def year_kind(headings: Iterable[Heading]) -> YearKind:
    """`calendar` where single years head the authority's own columns, else `financial`."""
    own = [h.when for h in headings if h.role == "outturn" and not h.area and h.when]
    return "calendar" if own and all(when.isdecimal() for when in own) else "financial"
