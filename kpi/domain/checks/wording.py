"""How findings name figures, periods and cells, so that every check says them alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.findings import Row
from kpi.domain.observation import address
from kpi.domain.period import Period, parse_period, short_label
from kpi.domain.words import number, plain

MOST_LISTED = 6
"""So many periods or cells are named one by one; of more, the first ones and how many more."""


def about(row: Row, catalogue: Catalogue) -> str:
    """What a finding is about: `CLA (Assessment/Team 2), Sep-21`, as far as it is known.

    Args:
        row: Needs `indicator`, `area`, `unit`, `period`.
        catalogue: Gives the titles.
    """
    indicator = catalogue.by_id[row["indicator"]]
    place = [] if row["area"] in (None, catalogue.authority) else [row["area"]]
    place += [row["unit"]] if row["unit"] else []
    title = f"{indicator.short} ({', '.join(place)})" if place else indicator.short
    return f"{title}, {when(row['period'], indicator)}" if row["period"] else title


def when(period: str | None, indicator: Indicator) -> str:
    """A period as a column's heading: `Sep-21`, `Q3 2021/22`, `2021/22`."""
    parsed = parsed_period(period, indicator)
    return short_label(parsed) if parsed else (period or "year not stated")


def parsed_period(period: str | None, indicator: Indicator) -> Period | None:
    """A period as an indicator prints it; null for none."""
    return parse_period(period, year=indicator.year) if period else None


def periods(said: Sequence[str], indicator: Indicator) -> str:
    """Several periods: neighbouring ones as a span, many cut short.

    Example:
        >>> contacts = Indicator("contacts", "Contacts", "number", "in-month")
        >>> periods(["2021-04", "2021-05", "2021-06", "2021-09"], contacts)
        'Apr-21 to Jun-21 and Sep-21'
    """
    spans: list[tuple[str, str]] = []
    last: Period | None = None
    for each in said:
        period = parsed_period(each, indicator)
        if spans and period and last and str(last.next()) == str(period):
            spans[-1] = (spans[-1][0], each)
        else:
            spans.append((each, each))
        last = period
    return listed(
        when(first, indicator)
        if first == final
        else f"{when(first, indicator)} to {when(final, indicator)}"
        for first, final in spans
    )


def figure(value: float, indicator: Indicator) -> str:
    """A figure as given, with its sign: `63.4%`, `1,978`."""
    return exact(value, percent=indicator.outturn == "percentage")


def exact(value: float, *, percent: bool = False) -> str:
    """A number with the decimals that it is given with, none of them noise.

    Example:
        >>> exact(15657.0), exact(63.40000000000001, percent=True)
        ('15,657', '63.4%')
    """
    return plain(float(f"{value:.9g}")) + ("%" if percent else "")


def about_number(value: float) -> str:
    """A computed number, no more exact than it deserves: `51,313`, `102`, `0.42`."""
    size = abs(value)
    return number(value, decimals=0 if size >= 20 or size == 0 else 1 if size >= 1 else 2)


def beside(place: str, file: str | None) -> str:
    """An address, the file left out where it is the finding's own.

    Example:
        >>> beside("board.xlsx:Right Service!H6", "board.xlsx"), beside("b.csv!H6", "a.csv")
        ('Right Service!H6', 'b.csv!H6')
    """
    if file and place.startswith(f"{file}:"):
        return place.removeprefix(f"{file}:")
    return place.removeprefix(f"{file}!") if file and place.startswith(f"{file}!") else place


def own_place(row: Row) -> str:
    """The address of a finding's own cell; empty where it has none."""
    return address(row["source_file"] or "", row["source_sheet"], row["source_cell"])


def listed(words: Iterable[str], *, last: str = "and", most: int = MOST_LISTED) -> str:
    """Words in a sentence; of more than so many the first, and how many more.

    Example:
        >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2)
        ('a, b and c', 'a, b and 2 more')
    """
    each = list(words)
    if len(each) > most:
        each = [*each[:most], f"{len(each) - most} more"]
    return f" {last} ".join(filter(None, [", ".join(each[:-1]), each[-1]])) if each else ""
