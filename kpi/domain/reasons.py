"""A rating's reason in one sentence, made by rule, with its working.

Takes rows of a scorecard (`kpi.domain.scorecard`) as dictionaries: wording, not arithmetic.
"""

from __future__ import annotations

from typing import Any

from kpi.domain.catalogue import Indicator
from kpi.domain.observation import address
from kpi.domain.period import long_label, parse_period
from kpi.domain.words import PER_WORDS, difference, figure, number, plain, relative

Row = dict[str, Any]

MAX_DECIMALS = 9
STATE_WORDS = {
    "not_applicable": "not applicable",
    "not_available": "not available",
    "suppressed": "suppressed",
    "rounds_to_zero": "rounds to zero",
    "unreliable": "too unreliable to publish",
}


def rag_reason(row: Row, indicator: Indicator) -> str:
    """Why a row has its RAG status, or has none; one sentence with the working.

    Args:
        row: A row of a scorecard, its columns as keys.
        indicator: The row's indicator.
    """
    if row["why_unrated"]:
        return _why_unrated(row, indicator)
    return f"{_working(row, indicator)}, {_against(row, indicator)}: {_verdict(row, indicator)}."


def target_text(row: Row, indicator: Indicator) -> str:
    """The target as it is written: `at most 647 a year`, `at least 90%`, `TBC`; empty for none."""
    if row["target_awaited"]:
        return "TBC"
    if row["target_low"] is not None:
        low, high = (_aim(row[edge], indicator) for edge in ("target_low", "target_high"))
        return f"{low} to {high}{_per(row)}"
    if row["target_value"] is None:
        return ""
    bound = {"high": "at least ", "low": "at most "}.get(indicator.polarity, "")
    return f"{bound}{_aim(row['target_value'], indicator)}{_per(row)}"


def _working(row: Row, indicator: Indicator) -> str:
    said = _exact(row["value"], row, indicator)
    per = row["target_per"]
    if indicator.outturn == "percentage" or indicator.basis == "snapshot" or per == "point":
        return said
    behind, what = _behind(row, indicator)
    if not row["target_profile"] and row["compared"] == row["value"]:
        return f"{said} {what}"
    compared = _exact(row["compared"], row, indicator)
    sum_ = _sum(said, months=_per_months(per), behind=behind)
    if row["target_profile"]:
        sum_ = "by the target's profile"
    return f"{said} {what} is {compared} {_for(per)} ({sum_})"


def _behind(row: Row, indicator: Indicator) -> tuple[int, str]:
    """How many months an outturn speaks of, and that in words."""
    if indicator.basis == "year-to-date":
        elapsed = row["months_elapsed"]
        return elapsed, f"after {elapsed} {'month' if elapsed == 1 else 'months'} of 12"
    if indicator.basis == "in-month":
        months = row["period_months"]
        return months, f"in the {_SPANS[months]}"
    return 12, "over twelve months" if indicator.basis == "rolling-12" else "in the year"


def _sum(said: str, *, months: int, behind: int) -> str:
    times = "" if months == 1 else f"{months} x "
    over = "" if behind == 1 and months != 1 else f" / {behind}"
    return f"{times}{said}{over}"


def _against(row: Row, indicator: Indicator) -> str:
    return f"against {target_text(row, indicator)}"


def _verdict(row: Row, indicator: Indicator) -> str:
    gap, status = _gap(row, indicator), row["rag_status"]
    tolerance = _tolerance(row)
    if status == "blue":
        return f"{gap}, beyond the mark of {_aim(row['target_blue'], indicator)} for blue"
    if status == "green":
        return f"{gap}, so the target is met"
    if status == "amber":
        return f"{gap}, within the tolerance of {tolerance}"
    # Per cent of a target of 0 is nothing, so there is no tolerance to be beyond.
    has_tolerance = row["tolerance"] and (row["nearer_edge"] or row["tolerance_kind"] == "points")
    return f"{gap}, beyond the tolerance of {tolerance}" if has_tolerance else gap


def _gap(row: Row, indicator: Indicator) -> str:
    """How far from the target, and on which side; nothing is said of the side in a range."""
    distance, edge = row["edge_distance"], row["nearer_edge"]
    if row["polarity"] == "range" and row["rag_status"] == "green":
        return "inside the range"
    if not distance:
        return "on it exactly"
    size = difference(
        distance, outturn=indicator.outturn, decimals=_decimals(distance, 0.0, indicator)
    )
    if indicator.outturn != "percentage" and edge:
        size += f" ({relative(distance / edge)})"
    return f"{size} {'above' if distance > 0 else 'below'}"


def _tolerance(row: Row) -> str:
    unit = "%" if row["tolerance_kind"] == "percent" else " points"
    if unit == " points" and row["tolerance"] == 1:
        unit = " point"
    return f"{plain(row['tolerance'])}{unit}"


def _why_unrated(row: Row, indicator: Indicator) -> str:
    period = parse_period(row["period"], year=indicator.year)
    when = long_label(period) if period else row["period"]
    place = address(row["source_file"] or "", row["source_sheet"], row["source_cell"])
    match row["why_unrated"]:
        case "no_polarity":
            return "The catalogue gives no direction, so no judgement is made."
        case "conflict":
            said = " and ".join(
                f"{plain(each['value'])} ({each['address']})" for each in row["said"]
            )
            return f"Two figures stand in one source: {said}."
        case "awaited" if row["awaited_by_lag"]:
            months = "1 month is" if row["lag_months"] == 1 else f"{row['lag_months']} months are"
            return f"{when} is still awaited: {months} allowed for it."
        case "awaited" if row["raw"] is None:
            return f"The figure for {when} rests on one that is awaited ({place})."
        case "awaited":
            return f"The figure for {when} is awaited: `{row['raw']}` at {place}."
        case "suppressed":
            return f"The figure for {when} is suppressed ({place})."
        case "no_outturn":
            return _no_outturn(row, indicator, when=when, place=place)
        case "partial_period":
            return f"The figure for {when} covers only a part of it ({place})."
        case "target_awaited":
            return "The target is awaited (TBC)."
        case "no_target":
            return f"No target holds for {when}."
        case _:
            return (
                f"Rests on {plain(row['denominator'])} cases, fewer than {plain(row['small'])}: "
                "shown, not rated."
            )


def _no_outturn(row: Row, indicator: Indicator, *, when: str, place: str) -> str:
    state = row["state"]
    if state is None:
        return f"No figure is held for {when}."
    if indicator.ratio and state == "not_applicable":
        return f"No figure for {when}: it is {' over '.join(indicator.ratio)}, and the latter is 0."
    if state == "unreadable":
        return f"The cell for {when} could not be read: `{row['raw']}` at {place}."
    if state == "blank":
        return f"The cell for {when} is blank ({place})."
    words = STATE_WORDS.get(state, state)
    return f"No figure for {when}: the source says {words} ({place})."


def _exact(value: float, row: Row, indicator: Indicator) -> str:
    """A value with as many decimals as it takes to be told from the target's edge."""
    edge = row["nearer_edge"]
    decimals = indicator.shown_decimals
    if edge is not None:
        decimals = _decimals(value, edge, indicator)
    return figure(value, outturn=indicator.outturn, decimals=decimals)


def _decimals(value: float, other: float, indicator: Indicator) -> int:
    decimals = indicator.shown_decimals
    alike = float(f"{value:.9g}") == float(f"{other:.9g}")
    while (
        not alike
        and decimals < MAX_DECIMALS
        and number(value, decimals=decimals) == number(other, decimals=decimals)
    ):
        decimals += 1
    return decimals


def _aim(value: float, indicator: Indicator) -> str:
    return plain(value) + ("%" if indicator.outturn == "percentage" else "")


def _per(row: Row) -> str:
    words = PER_WORDS.get(row["target_per"])
    return f" {words}" if words else ""


def _per_months(per: str) -> int:
    return {"month": 1, "quarter": 3, "year": 12}[per]


def _for(per: str) -> str:
    return "for the year" if per == "year" else f"a {per}"


_SPANS = {1: "month", 3: "quarter", 12: "year"}
