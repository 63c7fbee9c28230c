"""Which indicators can give away each other's figures, as the catalogue relates them.

Plain values, worked out from the catalogue alone; which figures of them do is left to
`kpi.domain.suppression.sums` and `kpi.domain.suppression.secondary`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from kpi.domain.catalogue import Catalogue, Indicator

WHOLE = 100.0
"""What parts make up where their rule names no total."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Indicators that add up to a whole.

    Attributes:
        parts: Their ids.
        total: The id of the whole, or the number that it is.
    """

    parts: frozenset[str]
    total: str | float


@dataclass(frozen=True, slots=True)
class Flow:
    """A stock that is the one before, plus what began, less what ended."""

    stock: str
    starts: str
    ends: str


def guards(catalogue: Catalogue) -> dict[str, float]:
    """The limit that guards each indicator's figures: the greatest of those tied to it.

    Indicators that nothing guards are left out: the count of all cases has no limit of its
    own, but may give away a part that has.
    """
    limits = {each.id: float(each.suppress_below) for each in catalogue.indicators}
    if not any(limits.values()):
        return {}
    guarded: dict[str, float] = {}
    for group in _groups(catalogue):
        greatest = max(limits[each] for each in group)
        guarded |= {each: greatest for each in group if greatest > 0}
    return guarded


def tied(catalogue: Catalogue, ids: Collection[str]) -> set[str]:
    """These ids, and all that must be there for it to be decided what of them is hidden."""
    guarded = guards(catalogue)
    wanted = set(ids)
    for group in _groups(catalogue) if guarded else ():
        if group & wanted & guarded.keys():
            wanted |= group
    return wanted


def decided_since(catalogue: Catalogue, day: date) -> date:
    """The day from which figures must be there for it to be decided what of this day is hidden.

    A year before, as sums along time end with their year; the first day of all where stocks
    hang on the ones before them.
    """
    if any(flow.stock in guards(catalogue) for flow in declared_flows(catalogue)):
        return date.min
    return day.replace(year=day.year - 1, day=1)


def declared_parts(catalogue: Catalogue) -> list[Parts]:
    """Every declared whole (`parts_of`), once, in the catalogue's order."""
    found = []
    for indicator, with_, total in _rules(catalogue, "parts_of"):
        whole = WHOLE if total is None else total
        found.append(Parts(frozenset({indicator.id, *with_} - {whole}), whole))
    return list(dict.fromkeys(found))


def declared_flows(catalogue: Catalogue) -> list[Flow]:
    """Every stock with its starts and ends (`flow_of`), in the catalogue's order."""
    return [
        Flow(indicator.id, *with_)
        for indicator, with_, _ in _rules(catalogue, "flow_of")
        if len(with_) == 2
    ]


def twins(catalogue: Catalogue) -> set[tuple[str, str]]:
    """Pairs of which the first, hidden, hides the second for the same place and period.

    Figures that are the same (`same_as`); a count and its rate (`rate_of`) or share: each
    gives back the other with the population or the base; and a base its shares.
    """
    by_id = catalogue.by_id
    both = {
        (indicator.id, other)
        for rule in ("same_as", "rate_of")
        for indicator, with_, _ in _rules(catalogue, rule)
        for other in with_
    }
    one_way = set()
    for indicator in catalogue.indicators:
        over, under = _over_and_under(indicator)
        both |= {(indicator.id, over)}
        one_way |= {(under, indicator.id)}
    return {
        (one, other)
        for one, other in both | {(other, one) for one, other in both} | one_way
        if {one, other} <= by_id.keys() and one != other and _same_span(by_id[one], by_id[other])
    }


def running_counts(catalogue: Catalogue) -> set[tuple[str, str]]:
    """Pairs of a figure of the year to date and the count of the month that it adds up."""
    by_id = catalogue.by_id
    pairs = {
        (indicator.id, other)
        for indicator, with_, _ in _rules(catalogue, "rate_of")
        for other in with_
    } | {(each.id, each.numerator) for each in catalogue.indicators}
    return {
        (total, count)
        for total, count in pairs
        if count in by_id
        and by_id[total].basis == "year-to-date"
        and by_id[count].basis == "in-month"
    }


def _over_and_under(indicator: Indicator) -> tuple[str, str]:
    over, under = indicator.ratio or ("", "")
    return over or indicator.numerator, under or indicator.denominator


def _same_span(one: Indicator, other: Indicator) -> bool:
    return (one.basis == "year-to-date") == (other.basis == "year-to-date")


def _rules(
    catalogue: Catalogue, rule: str
) -> Iterator[tuple[Indicator, tuple[str, ...], float | str | None]]:
    for indicator in catalogue.indicators:
        for each in indicator.coheres:
            if each.rule == rule:
                yield indicator, each.with_, each.total


def _groups(catalogue: Catalogue) -> list[set[str]]:
    """The indicators in groups, so that none is tied to one of another group."""
    groups = {each.id: {each.id} for each in catalogue.indicators}
    for link in _links(catalogue):
        joined = set().union(*(groups[each] for each in link & groups.keys()))
        groups |= dict.fromkeys(joined, joined)
    return list({id(group): group for group in groups.values()}.values())


def _links(catalogue: Catalogue) -> Iterator[set[str]]:
    for parts in declared_parts(catalogue):
        yield {*parts.parts, str(parts.total)}
    for flow in declared_flows(catalogue):
        yield {flow.stock, flow.starts, flow.ends}
    for rule in ("same_as", "rate_of"):
        for indicator, with_, _ in _rules(catalogue, rule):
            yield {indicator.id, *with_}
    for indicator in catalogue.indicators:
        yield {indicator.id, *_over_and_under(indicator)}
        yield {indicator.id, indicator.numerator, indicator.denominator}
