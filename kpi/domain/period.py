"""The span an outturn is about: a month, a quarter or a year, in any usual spelling.

A quarter or a year belongs to a kind of year (financial from April, academic from
September, calendar), so reading one needs the indicator's; a month does not. What
words a heading has beside its period is left to `kpi.readers.layouts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

YearKind = Literal["financial", "academic", "calendar"]

FIRST_MONTH: dict[str, int] = {"financial": 4, "academic": 9, "calendar": 1}
_KIND_OF_YEAR: dict[str, YearKind] = {"fy": "financial", "ay": "academic", "cy": "calendar"}
FIRST_YEAR, LAST_YEAR = 1900, 2100

_LONG_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_WORDS = {
    word: number
    for number, name in enumerate(_LONG_NAMES, start=1)
    for word in (name.lower(), name[:3].lower())
} | {"sept": 9}

_NAME = r"(?P<{0}>" + "|".join(sorted(_MONTH_WORDS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<{0}>\d{{4}}|\d{{2}})"
_SEPARATOR = r"[\s\-–—/'’.,]*"
_YEARS = r"(?:(?P<of>fy|ay)\s*)?(?P<begin>\d{4}|\d{2})\s*[/\-–—]\s*(?P<end>\d{4}|\d{2})"
_ONE_YEAR = r"(?:(?P<of>fy|cy)\s*)?(?P<one>\d{4}|(?<=[fc]y)\d{2}|(?<=[fc]y\s)\d{2})"
_SHORT_YEAR = r"['’]?(?P<one>\d{2})"
_QUARTER = r"(?:q|qtr|quarter)\s*(?P<quarter>[1-4])"
_TO = r"\s*(?:-|–|—|to)\s*"

_MONTH_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _NAME.format("name") + _SEPARATOR + _YEAR.format("year"),
        r"(?P<year>\d{4})[\s\-–]*" + _NAME.format("name"),
        r"(?P<year>\d{4})-(?P<number>\d{2})",
        r"(?P<number>\d{1,2})[/\-](?P<year>\d{4})",
    )
)
_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<day>\d{1,2})[/\-.](?P<number>\d{1,2})[/\-.](?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?:[t\s]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-]+"
        + _NAME.format("name")
        + r"[\s\-,]+"
        + _YEAR.format("year"),
    )
)
_QUARTER_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _QUARTER + r"[\s\-–,:]*" + _YEARS,
        _YEARS + r"[\s\-–,:]*" + _QUARTER,
        _QUARTER + r"[\s\-–,:]*" + _ONE_YEAR,
        _ONE_YEAR + r"[\s\-–,:]*" + _QUARTER,
        _QUARTER + r"[\s\-–,:]*" + _SHORT_YEAR,
    )
)
_RANGE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _NAME.format("first")
        + _SEPARATOR
        + _YEAR.format("from")
        + _TO
        + _NAME.format("last")
        + _SEPARATOR
        + _YEAR.format("to"),
        _NAME.format("first") + _TO + _NAME.format("last") + _SEPARATOR + _YEAR.format("to"),
    )
)
_YEAR_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in (_YEARS, _ONE_YEAR))
_LEADING = re.compile(r"^(?:as\s+at|at|month\s+end(?:ing|ed)?|m/e)\s+", re.IGNORECASE)
_YEAR_ENDING = re.compile(r"^(?:year|12\s+months)\s+(?:end(?:ing|ed)?|to)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a year.

    Attributes:
        start: Its first day.
        months: How many months it spans: 1, 3 or 12.
        year: The kind of year a quarter or year belongs to; `calendar` for every month.
    """

    start: date
    months: int
    year: YearKind = "calendar"

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """The month of a calendar year."""
        return cls(date(year, month, 1), 1)

    @classmethod
    def of_year(cls, begin: int, *, year: YearKind) -> Period:
        """The year of this kind that begins in the calendar year `begin`."""
        return cls(date(begin, FIRST_MONTH[year], 1), 12, year)

    @classmethod
    def of_quarter(cls, begin: int, quarter: int, *, year: YearKind) -> Period:
        """The first to fourth quarter of the year of this kind that begins in `begin`."""
        start = _add_months(date(begin, FIRST_MONTH[year], 1), 3 * (quarter - 1))
        return cls(start, 3, year)

    @property
    def end(self) -> date:
        """Its last day."""
        return _add_months(self.start, self.months) - timedelta(days=1)

    @property
    def sort_key(self) -> tuple[date, int]:
        """Periods order by their last day, then the shorter first."""
        return self.end, self.months

    def __lt__(self, other: Period) -> bool:
        return self.sort_key < other.sort_key

    def __str__(self) -> str:
        """`2021-10`, `2021-Q3`, `2021/22` or `2021`, as every output prints it."""
        begin = self.start.year - (self.start.month < FIRST_MONTH[self.year])
        if self.months == 1:
            return f"{self.start.year:04d}-{self.start.month:02d}"
        if self.months == 3:
            quarter = (self.start.month - FIRST_MONTH[self.year]) % 12 // 3 + 1
            return f"{begin:04d}-Q{quarter}"
        if self.year == "calendar":
            return f"{begin:04d}"
        return f"{begin:04d}/{(begin + 1) % 100:02d}"

    def shifted(self, periods: int) -> Period:
        """The period so many of its own length later, or earlier when negative.

        Example:
            >>> str(Period.of_month(2021, 12).shifted(1))
            '2022-01'
        """
        return Period(_add_months(self.start, self.months * periods), self.months, self.year)

    def previous(self) -> Period:
        """The period immediately before."""
        return self.shifted(-1)

    def next(self) -> Period:
        """The period immediately after."""
        return self.shifted(1)

    def same_period_last_year(self) -> Period:
        """The period that lies twelve months earlier."""
        return Period(_add_months(self.start, -12), self.months, self.year)


def parse_period(said: str | date, *, year: YearKind = "financial") -> Period | None:
    """The period that a heading or an option names; null when it names none.

    A date means the month it lies in, the day always before the month. Two-digit years
    mean 1970 to 2069. `FY20` is the financial year that ends in 2020, `AY20/21` an academic
    year, `CY2021` a calendar year. A bare `2021` is a calendar year too, and nothing in a
    kind of year that begins later: whether 2020/21 or 2021/22 is meant is not said.

    Args:
        said: The text as printed, or a date.
        year: The kind of year in which a quarter or a year is to be read.

    Example:
        >>> [str(parse_period(said)) for said in ("Apr-21", "Q1 21/22", "FY20", "30/04/2021")]
        ['2021-04', '2021-Q1', '2019/20', '2021-04']
    """
    if isinstance(said, datetime | date):
        return _month(said.year, said.month)
    text = " ".join(said.split()).strip()
    if ending := _YEAR_ENDING.match(text):
        return _year_ending(text[ending.end() :], year=year)
    text = _LEADING.sub("", text)
    return (
        _parse_date(text)
        or _parse_month(text)
        or _parse_quarter(text, year=year)
        or _parse_range(text, year=year)
        or _parse_year(text, year=year)
    )


def parse_month_name(text: str) -> int | None:
    """The number of the month that a text names without its year; null for anything else."""
    return _MONTH_WORDS.get(text.strip().strip(".").lower())


def month_name(month: int) -> str:
    """The three-letter name of a month, capitalised."""
    return _LONG_NAMES[month - 1][:3]


def long_label(period: Period) -> str:
    """A period as prose says it: `October 2021`, `October to December 2021`, `2021/22`."""
    first, last = period.start, period.end
    if period.months == 1:
        return f"{_LONG_NAMES[first.month - 1]} {first.year}"
    if period.months == 3:
        return f"{_LONG_NAMES[first.month - 1]} to {_LONG_NAMES[last.month - 1]} {last.year}"
    return str(period)


def short_label(period: Period) -> str:
    """A period as a column heading: `Oct-21`, `Q3 2021/22`, `2021/22`."""
    if period.months == 1:
        return f"{month_name(period.start.month)}-{period.start.year % 100:02d}"
    if period.months == 3:
        year = Period.of_year(int(str(period)[:4]), year=period.year)
        return f"{str(period)[-2:]} {year}"
    return str(period)


def _parse_date(text: str) -> Period | None:
    for form in _DATE_FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            month = _month_number(parts)
            try:
                date(_full_year(parts["year"]), month, int(parts["day"]))
            except ValueError:
                return None
            return _month(_full_year(parts["year"]), month)
    return None


def _parse_month(text: str) -> Period | None:
    for form in _MONTH_FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            return _month(_full_year(parts["year"]), _month_number(parts))
    return None


def _parse_quarter(text: str, *, year: YearKind) -> Period | None:
    for form in _QUARTER_FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            begin = _begin_year(parts, year=year, bare=True)
            if begin is None:
                return None
            return Period.of_quarter(begin, int(parts["quarter"]), year=year)
    return None


def _parse_range(text: str, *, year: YearKind) -> Period | None:
    for form in _RANGE_FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            last_year = _full_year(parts["to"])
            first_year = _full_year(parts.get("from") or parts["to"])
            first = _month(first_year, _MONTH_WORDS[parts["first"].lower()])
            last = _month(last_year, _MONTH_WORDS[parts["last"].lower()])
            return _spanning(first, last, year=year)
    return None


def _parse_year(text: str, *, year: YearKind) -> Period | None:
    for form in _YEAR_FORMS:
        if found := form.fullmatch(text):
            begin = _begin_year(found.groupdict(), year=year, bare=year == "calendar")
            return None if begin is None else Period.of_year(begin, year=year)
    return None


def _year_ending(text: str, *, year: YearKind) -> Period | None:
    last = parse_period(text, year=year)
    if last is None or last.months != 1:
        return None
    return _spanning(last.shifted(-11), last, year=year)


def _spanning(first: Period | None, last: Period | None, *, year: YearKind) -> Period | None:
    """The quarter or year from one month to another, if this kind of year has one there."""
    if first is None or last is None:
        return None
    months = (last.start.year - first.start.year) * 12 + last.start.month - first.start.month + 1
    offset = (first.start.month - FIRST_MONTH[year]) % 12
    if (months == 3 and offset % 3 == 0) or (months == 12 and offset == 0):
        return Period(first.start, months, year)
    return None


def _begin_year(parts: dict[str, str | None], *, year: YearKind, bare: bool) -> int | None:
    """The calendar year in which the year meant begins; null when it cannot be told."""
    begin, end, one = parts.get("begin"), parts.get("end"), parts.get("one")
    of = (parts.get("of") or "").lower()
    if of and _KIND_OF_YEAR[of] != year:
        return None
    if begin and end:
        first = _full_year(begin)
        consecutive = (first + 1) % 100 == int(end) % 100 and len(end) <= len(begin)
        if year == "calendar" or not consecutive or not _in_range(first):
            return None
        return first
    if one is None:
        return None
    if of == "fy":
        return _full_year(one) - 1
    return _full_year(one) if bare and _in_range(_full_year(one)) else None


def _month_number(parts: dict[str, str | None]) -> int:
    name, number = parts.get("name"), parts.get("number")
    return _MONTH_WORDS[name.lower()] if name else int(number or 0)


def _month(year: int, month: int) -> Period | None:
    return Period.of_month(year, month) if _in_range(year) and 1 <= month <= 12 else None


def _full_year(digits: str | None) -> int:
    number = int(digits or 0)
    if digits is None or len(digits) == 4:
        return number
    return number + (1900 if number >= 70 else 2000)


def _in_range(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
