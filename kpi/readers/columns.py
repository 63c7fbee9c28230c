"""What each column of a header holds, its neighbours and the text above it considered.

A month may take its year from a title, `2011-12` its meaning from the column beside it,
`YTD` its year from the newest month. Where the headings stand is left to
`kpi.readers.headers`, what a heading says by itself to `kpi.readers.headings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from kpi.domain.catalogue import Indicator
from kpi.domain.observation import Mark
from kpi.domain.period import FIRST_MONTH, Period, YearKind, parse_month_name
from kpi.domain.words import OF_NO_USE
from kpi.readers.areas import Areas
from kpi.readers.headers import Header
from kpi.readers.headings import (
    Heading,
    is_dashed_either,
    is_dashed_month,
    is_dashed_year,
    month_in_year,
    period_of,
    read_heading,
    read_line,
)

NO_YEAR = "the year of its month or quarter is not plain"
NO_PERIOD = "its heading names no period"
NOT_UNDERSTOOD = "its heading is not understood"
NO_HEADING = "it has no heading of its own"
NO_USE = OF_NO_USE
NO_SUCH_YEAR = "its heading names no period in the kind of year of the indicators beneath"
OTHER_TYPE = "it holds another outturn type than the indicators beneath"

_YEAR_KINDS: tuple[YearKind, ...] = ("financial", "academic", "calendar")


@dataclass(frozen=True, slots=True)
class Column:
    """A column under a header.

    Attributes:
        index: Its number, counted from 1.
        heading: What its heading says.
        reason: Why it cannot be used; empty when it can.
        is_incomplete: Whether a total of its year lacks months that are still to come.
    """

    index: int
    heading: Heading
    reason: str = ""
    is_incomplete: bool = False

    @property
    def holds_figures(self) -> bool:
        """Whether it holds outturns, the authority's or another area's, or targets."""
        return not self.reason and self.heading.role in ("outturn", "target")

    def period(self, indicator: Indicator, *, has_plain: bool) -> Period | None:
        """The period its heading names for this indicator; null when it names none.

        Figures to date belong to their year, unless the indicator accumulates over the
        year and no other column holds the same month, or the heading names a month or
        quarter so far: `Oct-21 to date`, which is not `Oct-21 YTD`.

        Args:
            indicator: Whose figures are read.
            has_plain: Whether another column holds this period's own figures.
        """
        period = period_of(self.heading.when, indicator.year)
        if period is None or not self.heading.to_date or period.months == 12:
            return period
        if self.heading.so_far or (indicator.basis == "year-to-date" and not has_plain):
            return period
        begin = period.start.year - (period.start.month < FIRST_MONTH[indicator.year])
        return Period.of_year(begin, year=indicator.year)

    def marks(self, period: Period | None) -> tuple[Mark, ...]:
        """The marks that its heading gives to the figures of a period."""
        is_of_year = period is not None and period.months == 12
        is_partial = self.heading.to_date and (self.heading.so_far or is_of_year)
        if is_partial or self.is_incomplete:
            return ("partial", *self.heading.marks)
        return self.heading.marks


def read_columns(header: Header, *, areas: Areas, above: Iterable[str] = ()) -> tuple[Column, ...]:
    """What a header's columns hold, left to right.

    Args:
        header: The header.
        areas: The areas that headings may name.
        above: Texts that stand over the header, the nearest first: there a month without
            a year finds one.
    """
    headings = _headings(header, areas=areas)
    headings = _with_years(headings, year=_only_year(above))
    headings = _with_newest(_of_year_so_far(headings))
    return tuple(
        Column(
            index,
            heading,
            reason=_reason(heading, is_shared=index in header.shared),
            is_incomplete=_is_incomplete(heading, among=headings.values()),
        )
        for index, heading in headings.items()
    )


def are_dashed_years(texts: Iterable[str]) -> bool:
    """Whether `2011-12` among these means a financial year, as beside `2012-13`."""
    tokens = {token for text in texts for token in text.strip("()").split()}
    if any(is_dashed_month(token) for token in tokens):
        return False
    either = [token for token in tokens if is_dashed_either(token)]
    return len(either) > 1 or any(is_dashed_year(token) for token in tokens)


def _headings(header: Header, *, areas: Areas) -> dict[int, Heading]:
    dashed = are_dashed_years(text for lines in header.lines.values() for text in lines)
    read = {
        index: read_heading(lines, areas=areas, dashed_years=dashed)
        for index, lines in header.lines.items()
    }
    if any(_is_own_month(heading) for heading in read.values()):
        return read
    return read | _under_titles(header, read, dashed=dashed)


def _under_titles(
    header: Header, read: Mapping[int, Heading], *, dashed: bool
) -> dict[int, Heading]:
    """Columns whose period stands under words that all of them share, read without the words.

    Where every month stands under `In-year monitoring`, or is called `Apr-21 cases`, those
    words tell no column from another. Where only some do, they might be another place.
    """
    bare: dict[int, Heading] = {}
    beside: list[tuple[str, ...]] = []
    is_above = True
    for index, heading in read.items():
        if heading.role in ("unknown", "unused") and heading.dated and _is_month(heading):
            lines = [read_line(text, dashed_years=dashed) for text in header.lines[index]]
            beside.append(tuple(word for line in lines for word in line.words))
            is_above = is_above and lines[-1].is_period
            bare[index] = replace(heading, role="outturn")
    return bare if len(set(beside)) == 1 and (is_above or len(beside) > 1) else {}


def _with_years(headings: dict[int, Heading], *, year: str) -> dict[int, Heading]:
    """The headings, months and quarters without a year completed by the one above them."""
    firsts: dict[int, int] = {}
    for said, group in _month_groups(headings, year=year):
        firsts |= _first_months(said, group)
    return {
        index: _completed(
            heading,
            year=heading.when or year,
            first=firsts.get(index, FIRST_MONTH["financial"]),
        )
        for index, heading in headings.items()
    }


def _month_groups(
    headings: Mapping[int, Heading], *, year: str
) -> list[tuple[str, dict[int, int]]]:
    """The runs of months under one year, by column; a month that comes again begins one."""
    groups: list[tuple[str, dict[int, int]]] = []
    open_groups: dict[tuple[str, str, str], dict[int, int]] = {}
    for index, heading in headings.items():
        if heading.part is None or heading.part.kind != "bare_month":
            continue
        said, month = heading.when or year, int(heading.part.text)
        key = (said, heading.role, heading.area)
        if key not in open_groups or month in open_groups[key].values():
            open_groups[key] = {}
            groups.append((said, open_groups[key]))
        open_groups[key][index] = month
    return groups


def _first_months(year: str, group: Mapping[int, int]) -> dict[int, int]:
    """By column, the month in which the year of a run of months begins; 0 where it is not plain.

    `2021/22` over April to March begins in April, over September to August in September.
    Under `2021` alone the months after December may be those of that year or of the next.
    """
    financial, academic = FIRST_MONTH["financial"], FIRST_MONTH["academic"]
    months = list(group.values())
    named = [month_in_year(year, month, first_month=financial) for month in months] if year else []
    if _ascends(named) or _ascends(named[::-1]):
        return dict.fromkeys(group, financial)
    if "/" not in year:
        wrap = next(n for n, (a, b) in enumerate(pairwise(months), start=1) if b < a)
        is_plain = _ascends(named[wrap:]) and max(months[wrap:]) < months[0]
        return {
            index: financial if is_plain and place < wrap else 0
            for place, index in enumerate(group)
        }
    named = [month_in_year(year, month, first_month=academic) for month in months]
    is_academic = _ascends(named) and months[0] >= academic
    return dict.fromkeys(group, academic if is_academic else financial)


def _completed(heading: Heading, *, year: str, first: int) -> Heading:
    """A heading whose month or quarter has the year; `first` is the month it begins in."""
    part = heading.part
    if part is None:
        return heading
    if not year or not first:
        return replace(heading, when="")
    if part.kind == "bare_quarter":
        return replace(heading, when=f"{part.text} {year}", part=None)
    if part.kind == "bare_month":
        when = month_in_year(year, int(part.text), first_month=first)
        return replace(heading, when=when, part=None)
    months = [parse_month_name(word) for word in re.findall(r"[A-Za-z]+", part.text)]
    ends = [
        period_of(month_in_year(year, month, first_month=first), "financial")
        for month in months
        if month
    ]
    named = [f"{end.start:%b %Y}" for end in ends if end]
    return replace(heading, when=" - ".join(named), part=None)


def _ascends(texts: Sequence[str]) -> bool:
    return all(earlier <= later for earlier, later in pairwise(texts))


def _of_year_so_far(headings: dict[int, Heading]) -> dict[int, Heading]:
    """The headings, `to date` read as the year's where no single month or quarter is meant.

    `To date` alone names none, and of `Apr-21 to date` beside `May-21 to date` the first
    ended long ago: those run from the year's beginning.
    """
    named = {heading.when for heading in headings.values() if heading.so_far and heading.when}
    return {
        index: replace(heading, so_far=False)
        if heading.so_far and (len(named) > 1 or not _is_month(heading))
        else heading
        for index, heading in headings.items()
    }


def _with_newest(headings: dict[int, Heading]) -> dict[int, Heading]:
    """The headings, `YTD` without a year completed by the newest month beside it."""
    own = [period_of(h.when, "financial") for h in headings.values() if _is_own_month(h)]
    newest = max((period for period in own if period), default=None)
    if newest is None:
        return headings
    return {
        index: replace(heading, when=f"{newest.end:%Y-%m}")
        if heading.to_date and not heading.when and heading.role == "outturn"
        else heading
        for index, heading in headings.items()
    }


def _is_incomplete(heading: Heading, *, among: Iterable[Heading]) -> bool:
    """Whether a total of a year stands beside months of that year that do not end it."""
    year = period_of(heading.when, "financial")
    if not heading.total or year is None or year.months != 12:
        return False
    own = [period_of(other.when, "financial") for other in among if _is_own_month(other)]
    ends: list[date] = [month.end for month in own if month and year.start <= month.end <= year.end]
    return bool(ends) and max(ends) < year.end


def _only_year(texts: Iterable[str]) -> str:
    """The year that the nearest text with one names; empty where none names just one."""
    for text in texts:
        for atom in read_line(text).atoms:
            if atom.kind == "year":
                return atom.text
            period = period_of(atom.text, "financial") if atom.kind == "span" else None
            if period and period.months == 12:
                return str(period)
    return ""


def _reason(heading: Heading, *, is_shared: bool) -> str:
    """Why a column cannot be used; empty when it can."""
    if is_shared and heading.role in ("outturn", "target", "unknown"):
        return NO_HEADING
    if heading.role == "unused":
        return NO_USE
    if heading.role == "unknown":
        return NOT_UNDERSTOOD
    if heading.role not in ("outturn", "target"):
        return ""
    if heading.part:
        return NO_YEAR
    if heading.when and not any(period_of(heading.when, kind) for kind in _YEAR_KINDS):
        return NOT_UNDERSTOOD
    is_own = heading.role == "outturn" and not heading.area
    if (is_own or heading.to_date) and not heading.when:
        return NO_PERIOD
    return NO_USE if heading.role == "target" and heading.to_date else ""


def _is_month(heading: Heading) -> bool:
    if heading.part:
        return True
    periods = [period_of(heading.when, kind) for kind in _YEAR_KINDS]
    return any(period is not None and period.months < 12 for period in periods)


def _is_own_month(heading: Heading) -> bool:
    """Whether a heading names one of the authority's months or quarters, and not to date."""
    is_own = heading.role == "outturn" and not heading.area and not heading.to_date
    return is_own and _is_month(heading)
