"""Why a series' newest figure is not judged, in a sentence, and what can be said instead.

Takes rows of `kpi.domain.trend.verdicts` as dictionaries: wording, not arithmetic.
"""

from __future__ import annotations

from kpi.domain.catalogue import Indicator
from kpi.domain.period import Period
from kpi.domain.trend.words import Card, period_ending, said, spans, when
from kpi.domain.words import difference, plain


def not_judged(card: Card, indicator: Indicator) -> str:
    """Why the latest figure is no point on a chart, and how it stands against a year ago.

    Args:
        card: A row of `kpi.domain.trend.verdicts.Trends.cards` whose `variation` is null.
        indicator: The row's indicator.
    """
    if indicator.basis == "rolling-12":
        return f"Rolling years overlap, so they are not charted. {on_year(card, indicator)}"
    period = when(card["period_end"], card, indicator)
    match card["left_out"]:
        case "conflict":
            both = " and ".join(f"{plain(one['value'])} ({one['address']})" for one in card["said"])
            return f"Two figures stand in one source for {period}, {both}: neither is judged."
        case "no_counts":
            return (
                "A percentage of the year so far cannot be told apart by "
                f"{_span(card)} without its counts, so it is not charted. "
                f"{on_year(card, indicator)}"
            )
        case "spans":
            return (
                f"What {period} alone brought cannot be told, as the {_span(card)} before it is "
                f"not known: {said(card['value'], indicator)} is of the year so far."
            )
        case "redefined":
            return (
                f"What {period} alone brought cannot be told, as the definition changed: "
                f"{said(card['value'], indicator)} is of the year so far."
            )
        case "no_value" if card["value"] is not None:
            return f"There were no cases in {period}."
        case _:
            return f"The figure for {period} is suppressed: it rests on small numbers."


def on_year(card: Card, indicator: Indicator) -> str:
    """How the latest figure stands against the same period of the year before."""
    end = _a_year_before(card, indicator)
    change = card["change_on_year"]
    if change is None:
        return f"No figure of {end} is held to compare with."
    now, then = (said(card[name], indicator) for name in ("moves", "year_ago"))
    against = f"{now} against {then} in {end}"
    if not change:
        return f"{against}: the same."
    decimals = indicator.shown_decimals
    size = difference(change, outturn=indicator.outturn, decimals=decimals)
    direction = card["direction_on_year"]
    meaning = f", {direction}" if direction in ("better", "worse") else ""
    return f"{against}: {size} {'higher' if change > 0 else 'lower'}{meaning}."


def _a_year_before(card: Card, indicator: Indicator) -> str:
    months = card["period_months"]
    period = period_ending(card["period_end"], months=months, indicator=indicator)
    before: Period = period.same_period_last_year()
    return when(before.end, card, indicator)


def _span(card: Card) -> str:
    return spans(1, card).removeprefix("1 ")
