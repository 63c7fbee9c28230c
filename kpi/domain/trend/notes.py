"""What else a reader of a trend must know: what was left out, where limits begin anew, workings.

Takes rows of `kpi.domain.trend.verdicts` as dictionaries: wording, not arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpi.domain.catalogue import Indicator
from kpi.domain.trend.run_rate_words import run_rate_working
from kpi.domain.trend.words import SPANS, Card, spans, when
from kpi.domain.words import plain

_NAMED = 3
_WHY = {
    "partial": "only a part of it is covered",
    "redefined": "the definition changed, and the running total with it",
    "spans": "the {span} before it is not known, so the running total grew over more than one",
}


def trend_notes(
    card: Card, indicator: Indicator, *, left_out: list[Card], starts: list[Card]
) -> list[str]:
    """Notes on a series, a sentence each; may be none.

    Args:
        card: A row of `kpi.domain.trend.verdicts.Trends.cards`.
        indicator: The row's indicator.
        left_out: Its rows of `Trends.left_out`.
        starts: Its rows of `Trends.starts`.
    """
    # The sentence itself says why the latest figure is not judged.
    earlier = [each for each in left_out if each["period_end"] != card["period_end"]]
    return [
        *_starts(card, indicator, starts),
        *_left_out(card, indicator, earlier),
        *_missing(card, left_out),
        *_method(card, indicator),
        *filter(None, (run_rate_working(card, indicator),)),
    ]


def _starts(card: Card, indicator: Indicator, starts: list[Card]) -> Iterator[str]:
    for start in starts:
        period = when(start["period_end"], card, indicator)
        day = start["start_on"]
        moved = f" ({day:%Y-%m-%d} lies on a gap before it)" if start["is_moved"] else ""
        if start["is_redefinition"]:
            yield (
                f"A new definition holds from {period}{moved}, {start['start_why']}: limits begin "
                "anew, and nothing is compared across it."
            )
        else:
            yield f"Limits begin anew in {period}{moved}: {start['start_why']}."


def _left_out(card: Card, indicator: Indicator, left_out: list[Card]) -> Iterator[str]:
    for row in left_out:
        if row["left_out"] == "conflict":
            both = " and ".join(f"{plain(one['value'])} ({one['address']})" for one in row["said"])
            period = when(row["period_end"], card, indicator)
            yield f"{period} is left out: two figures stand in one source, {both}."
    for reason, why in _WHY.items():
        ends = [row["period_end"] for row in left_out if row["left_out"] == reason]
        if ends:
            named = [when(end, card, indicator) for end in ends[:_NAMED]]
            more = f" and {len(ends) - _NAMED} more" if len(ends) > _NAMED else ""
            verb = "is" if len(ends) == 1 else "are"
            because = why.format(span=SPANS[card["period_months"]])
            yield f"{', '.join(named)}{more} {verb} left out: {because}."


def _missing(card: Card, left_out: list[Card]) -> Iterator[str]:
    """How many periods between the first point and the last hold nothing at all."""
    if not card["missing_periods"]:
        return
    between = [
        row for row in left_out if card["first_end"] < row["period_end"] < card["latest_end"]
    ]
    count = card["missing_periods"] - len(between)
    if count > 0:
        verb = "holds" if count == 1 else "hold"
        yield (
            f"{spans(count, card)} between the first point and the last {verb} no figure: "
            "passed over, and the points beside it are taken as neighbours."
        )


def _method(card: Card, indicator: Indicator) -> Iterator[str]:
    baseline = indicator.spc.baseline
    if baseline and card["group_points"] and card["group_points"] > baseline:
        yield f"Limits rest on the first {baseline} points of each group."
    if card["chart_used"] == "p":
        yield "Limits are those of a p-chart, which allow for how many cases a point rests on."
    elif indicator.spc.chart == "p" and card["points"]:
        yield "An XmR chart, as a p-chart needs a percentage and the cases of every point."
    if card["denominator"] is not None and card["denominator"] < indicator.small:
        yield (
            f"The newest figure rests on {plain(card['denominator'])} cases, fewer than "
            f"{plain(indicator.small)}: read it with care."
        )
    if card["season_refused"]:
        yield f"Not adjusted for the time of year: {card['season_refused']}."
    if card["recent_trend_reason"]:
        yield f"Five-year trend: {card['recent_trend']}, as {card['recent_trend_reason']}."
