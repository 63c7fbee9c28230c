"""Which basis a row of a report is likely to have, and what that is guessed from.

A report does not say whether a figure is of the month, at its end or since April. Its
words and its figures often do; the officer has the last word, so the reason goes along.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from kpi.domain.catalogue import Basis, OutturnType

FEWEST_RISING = 4
"""So many figures of months must rise before a running total is thought of."""

_NOT_SURE = "a guess: or snapshot, year-to-date, rolling-12"
# By the months of a figure's period: how many times as large an earlier year may be where
# both are at a moment, and must be where the year adds the periods up.
_AS_LARGE = {1: 3.0, 3: 1.75}
_ADDED_UP = {1: 6.0, 3: 2.5}

_TO_DATE = re.compile(r"\b(?:ytd|year to date|cumulative|since (?:1 )?april)\b", re.IGNORECASE)
_ROLLING = re.compile(r"\b(?:rolling|last 12 months|12 month)\b", re.IGNORECASE)
_MOMENT = re.compile(
    r"\b(?:as at|at (?:the )?(?:(?:month|period|quarter|year)?[ -]?end)(?: of (?:the )?\w+)?|"
    r"(?<!by )(?<!by the )end of|(?:month|period|quarter)[- ]end|snapshot|"
    r"average|avg|mean|median|case ?loads?)\b",
    re.IGNORECASE,
)
_OF_PERIOD = re.compile(
    r"\b(?:per|in the|in|during the|during|this|each) (?:month|quarter|week|period)\b|\bmonthly\b",
    re.IGNORECASE,
)
_STANDING = re.compile(
    r"\b(?:current(?:ly)?(?! (?:month|year|quarter|period))|open|active|awaiting|waiting|"
    r"unallocated|pending|overdue|in progress|vacanc(?:y|ies)|vacant|in post)\b",
    re.IGNORECASE,
)
# `Subject to a section 47 enquiry` is what was done in the month, not where a child stands.
_NO_STATE = r"(?! (?:an? |the )?(?:initial |section |s ?47|icpc|enquir|strateg|assess|referr))"
_STATE = re.compile(
    rf"\b(?:subject (?:to|of){_NO_STATE}|on (?:an? |the )?(?:[\w-]+ ){{0,3}}?(?:plans?|register)|"
    r"with (?:an? |the )?(?:[\w-]+ ){0,3}?plans?|looked[- ]after(?: children)?|"
    r"(?:children|child|young people) in (?:care|need)|in (?:care proceedings|proceedings|care)|"
    r"in (?:foster|residential|placement)s?|care leavers|cla|lac|uasc|cin|cpp|ehcps?|neet|"
    r"registered|allocated|foster carers|fte|agency (?:staff|workers|social workers))\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:contacts?|(?:re[- ]?)?referrals?|assessments?|received|completed|start(?:s|ed|ing|ers)?|"
    r"ceas(?:e|es|ed|ing)|becom(?:e|es|ing)|became|enter(?:ed|ing)?|entrants|left|leaving|new|"
    r"clos(?:ed|ures?)|opened|admissions?|admitted|discharged?|visits?|conferences?|icpcs?|"
    r"enquir(?:y|ies)|s(?:ection)? ?47s?|strategy (?:discussions|meetings)|delivered|issued|held|"
    r"made|audit(?:s|ed)|offences?|incidents?|episodes?|adopt(?:ed|ions)|complaints?|"
    r"notifications?|applications?|exclusions?|suspensions?|reviews?)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,()-]*(?:(?:children|who|that)\s+)?", re.IGNORECASE)
_FEW = "its months are too few to show whether it rises through the year"


def guessed_basis(
    label: str,
    *,
    outturn: OutturnType,
    months: int,
    rises: bool = False,
    figures: Sequence[float] = (),
    years: Sequence[float] = (),
) -> tuple[Basis, str]:
    """The basis that a row's words and figures suggest, and what it was guessed from.

    Args:
        label: As printed.
        outturn: Its outturn type.
        months: The shortest period of the row's columns.
        rises: Whether its figures rise steadily through the year.
        figures: Its own figures of those periods.
        years: Its own figures of earlier whole years.

    Example:
        >>> guessed_basis("Average caseload", outturn="number", months=1)
        ('snapshot', 'guessed from "Average"')
    """
    said = " ".join(label.split())
    if months == 12:
        return "annual", "the columns are years"
    if found := _TO_DATE.search(said):
        return "year-to-date", _from(found)
    if found := _ROLLING.search(said):
        return "rolling-12", _from(found)
    if rises and outturn == "rate":
        return "year-to-date", "guessed from its figures, which rise through the year"
    if found := _MOMENT.search(said):
        return "snapshot", _from(found)
    if found := _OF_PERIOD.search(said):
        return "in-month", _from(found)
    if found := _STANDING.search(said):
        return "snapshot", _from(found)
    state, event = _leading(said)
    times = _times_as_large(figures, years)
    if outturn == "percentage":
        return _by_words(state, event) or ("in-month", _NOT_SURE)
    if outturn == "rate":
        return _of_rate(state, event, times=times, months=months, count=len(figures))
    if rises and _adds_up(figures, years):
        return "year-to-date", "guessed from its figures, which add up to an earlier year's"
    return _of_number(state, event, times=times, months=months)


def _of_rate(
    state: str, event: str, *, times: float | None, months: int, count: int
) -> tuple[Basis, str]:
    """The basis of a rate that does not rise through the year."""
    if times is not None and times >= _ADDED_UP[months]:
        return "in-month", "guessed from its earlier years, far larger than a month"
    if times is not None and times <= _AS_LARGE[months]:
        return "snapshot", "guessed from its earlier years, about as large as its months"
    if state:
        return "snapshot", f'guessed from "{state}"'
    if count >= FEWEST_RISING:
        return "snapshot", "guessed from its figures, which do not rise through the year"
    if event:
        return "in-month", f'guessed from "{event}"; or year-to-date: {_FEW}'
    return "in-month", _NOT_SURE


def _of_number(state: str, event: str, *, times: float | None, months: int) -> tuple[Basis, str]:
    """The basis of a count that is not seen to be a running total."""
    if event:
        return "in-month", f'guessed from "{event}"'
    if times is not None and times >= _ADDED_UP[months]:
        return "in-month", "guessed from its earlier years, far larger than a month"
    if state:
        return "snapshot", f'guessed from "{state}"'
    if times is not None and times <= _AS_LARGE[months]:
        return "snapshot", "guessed from its earlier years, about as large as its months"
    return "in-month", _NOT_SURE


def _by_words(state: str, event: str) -> tuple[Basis, str] | None:
    if event:
        return "in-month", f'guessed from "{event}"'
    return ("snapshot", f'guessed from "{state}"') if state else None


def _leading(said: str) -> tuple[str, str]:
    """The first words that say a state or an event, whichever leads; the other is empty.

    `CLA with a review` is about those looked after, `CLA reviews` and `CLA who started`
    about what was done.
    """
    state, event = _STATE.search(said), _EVENT.search(said)
    if state is None or event is None:
        return state[0] if state else "", event[0] if event else ""
    if event.start() < state.start():
        return "", event[0]
    between = _BETWEEN.match(said, state.end())
    follows = _EVENT.match(said, between.end()) if between else None
    return ("", follows[0]) if follows else (state[0], "")


def _times_as_large(figures: Sequence[float], years: Sequence[float]) -> float | None:
    """How many times a usual figure a usual earlier year is; null where that says nothing."""
    if not figures or not years:
        return None
    usual, yearly = median(figures), median(years)
    if usual <= 0 or yearly <= 0:
        return None
    # A year far below its months tells no more than one far above.
    return yearly / usual if yearly * 3 >= usual else None


def _adds_up(figures: Sequence[float], years: Sequence[float]) -> bool:
    """Whether figures that rise begin with a month's share of an earlier year, and keep its pace.

    Of counts that only grow, the newest is far less than as many times the first.
    """
    if not figures or not years or figures[0] <= 0:
        return False
    pace = figures[-1] / len(figures) / figures[0]
    return 2 / 3 <= pace <= 3 / 2 and 6 <= median(years) / figures[0] <= 24


def _from(found: re.Match[str]) -> str:
    return f'guessed from "{found[0]}"'
