"""A series in plain English: whether the change is real, and whether the target can be met.

Made by rule, which it names: the same row gives the same words. Takes rows of
`kpi.domain.trend.verdicts` as dictionaries: wording, not arithmetic. What was left out, and
workings, are in `kpi.domain.trend.notes`.
"""

from __future__ import annotations

from kpi.domain.catalogue import Indicator
from kpi.domain.statistics.spc import TRIAL_BELOW
from kpi.domain.statistics.spc_rules import RUN_LENGTH
from kpi.domain.trend.met import met
from kpi.domain.trend.run_rate_words import run_rate_sentence
from kpi.domain.trend.unjudged import not_judged
from kpi.domain.trend.words import (
    EACH,
    Card,
    change_words,
    limit,
    prints_alike,
    said,
    shown_limits,
    spans,
    target_words,
    when,
)
from kpi.domain.words import number

HIGH_LABELS = {
    "Above UCL",
    "7 Point Trend (Increasing)",
    "2 in 3 Above CL",
    "7 Points Above CL",
}
"""Labels of special causes upwards; the others point down."""

OUTSIDE = ("Above UCL", "Below LCL")
TWO_IN_THREE = ("2 in 3 Above CL", "2 in 3 Below CL")
COMMON_CAUSE = "Common Cause"

_SIGNIFICANT = "9.55"
_PROFILES = {"england": "England's profile of referrals", "own": "its own earlier years"}


def trend_sentence(card: Card, indicator: Indicator) -> str:
    """What a series' chart says, in one to a few sentences.

    Args:
        card: A row of `kpi.domain.trend.verdicts.Trends.cards`.
        indicator: The row's indicator.
    """
    if card["variation"] is None:
        parts = [_recent(card), not_judged(card, indicator), run_rate_sentence(card, indicator)]
    else:
        parts = [
            _recent(card),
            _change(card, indicator),
            _assurance(card, indicator),
            run_rate_sentence(card, indicator),
            _few(card),
            _fallback(card),
            _disagreement(card),
        ]
    return " ".join(part for part in parts if part)


def _change(card: Card, indicator: Indicator) -> str:
    """What the latest point did, whether that is real, and by which rules."""
    if card["group_points"] == 1:
        return (
            f"Only one point is held{_since_start(card)}, {_now(card, indicator)}: too few to say "
            "whether anything changed."
        )
    if card["rule"] == COMMON_CAUSE:
        return _no_change(card, indicator)
    happened = _happened(card, indicator)
    has_inner = _runs(card) or ", as it has been" in happened[0][0]
    clauses = (", and " if has_inner else " and ").join(clause for clause, _ in happened)
    rules = ", ".join(rule for _, rule in happened)
    named = f"{'rule' if len(happened) == 1 else 'rules'}: {rules}"
    season = f", without the time of year {_profile(indicator)}," if _is_adjusted(card) else ""
    lead = f"The {_subject(card, indicator)}{season}"
    if not _runs(card):
        now = _now(card, indicator).removesuffix(",")
        lead = f"At {now}, the {_subject(card, indicator)}"
    change = change_words(card["variation"], is_trial=bool(card["trial_limits"]))
    return f"{lead} {clauses}: {change} ({named})."


def _happened(card: Card, indicator: Indicator) -> list[tuple[str, str]]:
    """What the rules say of the latest point, each a clause with the rule's name."""
    found = (
        _run(card, indicator),
        _outside(card, indicator),
        _two_in_three(card, indicator),
        _side(card, indicator),
    )
    return [each for each in found if each[0]] or [_run_by_limits(card, indicator)]


def _no_change(card: Card, indicator: Indicator) -> str:
    lower, upper = card["lower_limit"], card["upper_limit"]
    if lower == upper:
        value = said(card["charted_value"], indicator)
        return f"No change: the {_subject(card, indicator)} is {value} at every point."
    lead = "The chart gives no" if _recent(card) else "No"
    return (
        f"{lead} sign of a real change: {_now(card, indicator)} lies within the limits of "
        f"{_limits(card, indicator)}, and no rule fires."
    )


def _limits(card: Card, indicator: Indicator) -> str:
    lower, upper = shown_limits(card, indicator)
    value = card["charted_value"]
    return " to ".join(
        limit(each, indicator, beside=value) for each in (lower, upper) if each is not None
    )


def _run(card: Card, indicator: Indicator) -> tuple[str, str]:
    if not _runs(card):
        return "", ""
    word = "risen" if card["run"] > 0 else "fallen"
    count = card["run_points"]
    start, end = (said(card[name], indicator) for name in ("run_from", "charted_value"))
    first = when(card["run_from_end"], card, indicator)
    last = when(card["period_end"], card, indicator)
    return (
        f"has {word} at every one of the last {count} points, from {start} in {first} to {end} "
        f"in {last}{_to_date(card, indicator)}",
        f"{RUN_LENGTH} points {'rising' if card['run'] > 0 else 'falling'}",
    )


def _run_by_limits(card: Card, indicator: Indicator) -> tuple[str, str]:
    """A trend of a p-chart that the percentages alone do not show, as the cases differ."""
    word = "risen" if card["rule"] in HIGH_LABELS else "fallen"
    since = when(card["since"], card, indicator)
    return (
        f"has {word} at every point since {since}, allowing for how many cases there were",
        f"{RUN_LENGTH} points {'rising' if word == 'risen' else 'falling'}",
    )


def _outside(card: Card, indicator: Indicator) -> tuple[str, str]:
    if card["rule"] not in OUTSIDE:
        return "", ""
    since = ""
    if card["since"] != card["period_end"]:
        since = f", as it has been since {when(card['since'], card, indicator)}"
    return f"is {_beyond(card, indicator)}{since}", "outside the limits"


def _beyond(card: Card, indicator: Indicator) -> str:
    is_high = card["rule"] in HIGH_LABELS
    edge = card["upper_limit"] if is_high else card["lower_limit"]
    place = "above the upper" if is_high else "below the lower"
    value = card["charted_value"]
    just = "just " if prints_alike(edge, value, indicator) else ""
    return f"{just}{place} limit of {limit(edge, indicator, beside=value)}"


def _two_in_three(card: Card, indicator: Indicator) -> tuple[str, str]:
    if card["rule"] not in TWO_IN_THREE:
        return "", ""
    is_high = card["rule"] in HIGH_LABELS
    lower, upper = shown_limits(card, indicator)
    edge = upper if is_high else lower
    near = f"the {'upper' if is_high else 'lower'} limit"
    if edge is not None:
        near += f" of {limit(edge, indicator)}"
    return f"is one of two in the last three points close to {near}", "2 in 3 close to a limit"


def _side(card: Card, indicator: Indicator) -> tuple[str, str]:
    if card["side_points"] < RUN_LENGTH or card["side"] != _sense(card):
        return "", ""
    place = "above" if card["side"] > 0 else "below"
    mean = limit(card["mean"], indicator, beside=card["charted_value"])
    since = when(card["side_from_end"], card, indicator)
    return (
        f"has been {place} its mean of {mean} at each of the last {card['side_points']} points, "
        f"since {since}",
        f"{RUN_LENGTH} points on one side of the mean",
    )


def _runs(card: Card) -> bool:
    """Whether the latest point ends a trend in the sense of its label."""
    return bool(card["run_points"] >= RUN_LENGTH and card["run"] and card["run"] == _sense(card))


def _sense(card: Card) -> int:
    return 1 if card["rule"] in HIGH_LABELS else -1


def _subject(card: Card, indicator: Indicator) -> str:
    if indicator.basis == "year-to-date":
        return f"{EACH[card['period_months']]} {indicator.outturn}"
    return indicator.outturn


def _now(card: Card, indicator: Indicator) -> str:
    """The judged figure and its period, and what it is judged as or is a part of."""
    period = when(card["period_end"], card, indicator)
    edges = (card["lower_limit"], card["upper_limit"])
    judged = said(card["charted_value"], indicator, beside=edges)
    is_adjusted = _is_adjusted(card)
    shown = said(card["in_period"], indicator) if is_adjusted else judged
    now = f"{shown} in {period}{_to_date(card, indicator)}"
    if not is_adjusted:
        return now
    return f"{now}, {judged} without the time of year {_profile(indicator)},"


def _is_adjusted(card: Card) -> bool:
    return card["charted_adjusted"] is not None


def _profile(indicator: Indicator) -> str:
    return f"(by {_PROFILES[indicator.seasonal]})"


def _to_date(card: Card, indicator: Indicator) -> str:
    if indicator.basis != "year-to-date" or card["in_period"] == card["value"]:
        return ""
    return f" ({said(card['value'], indicator)} for the year so far)"


def _since_start(card: Card) -> str:
    return " since limits began anew" if card["points"] > card["group_points"] else ""


def _assurance(card: Card, indicator: Indicator) -> str:
    if card["assurance"] is None:
        return ""
    aim = f"The target of {target_words(card, indicator)}"
    target = card["target_of_period"]
    if target != card["target_value"]:
        aim += f", {limit(target, indicator).removesuffix('.0')} a {_span(card)},"
    if card["lower_limit"] == card["upper_limit"] == target:
        return f"{aim} is met at every point."
    if card["assurance"] == "inconsistent":
        return f"{aim} lies within the limits{_by_chance(card, indicator)}."
    is_above = target > card["upper_limit"]
    edge = card["upper_limit"] if is_above else card["lower_limit"]
    place = "above the upper" if is_above else "below the lower"
    beyond = f"{aim} is {place} limit of {limit(edge, indicator, beside=target)}"
    if card["assurance"] == "consistent_fail":
        return f"{beyond}: not reachable without a change in the process."
    return f"{beyond}: met as long as the process stays as it is."


def _by_chance(card: Card, indicator: Indicator) -> str:
    """What a target within the limits means: chance, but where the points all tell the same."""
    target, lowest, highest = (
        card[name] for name in ("target_of_period", "group_lowest", "group_highest")
    )
    found = met(target, indicator, lowest=lowest, highest=highest)
    points = f"the {card['group_points']} points{_since_start(card)}"
    if found == "none":
        return f" but was not met at any of {points}"
    if found == "all":
        return f" and was met at every one of {points}"
    return f": chance decides whether a {_span(card)} meets it"


def _span(card: Card) -> str:
    return spans(1, card).removeprefix("1 ")


def _recent(card: Card) -> str:
    """The five-year trend of an annual series."""
    trend = card["recent_trend"]
    if trend is None or trend == "Cannot be calculated":
        return ""
    chi_square = number(card["chi_square"], decimals=1)
    judged = card["recent_trend_judged"]
    return (
        f"Over the latest five years: {judged[:1].lower()}{judged[1:]} (chi-square {chi_square}, "
        f"significant above {_SIGNIFICANT})."
    )


def _few(card: Card) -> str:
    """That limits rest on too few points, and how many it takes."""
    count = card["group_points"]
    if count >= TRIAL_BELOW or count == 1:
        return ""
    if count < RUN_LENGTH:
        return (
            f"{count} points are too few to be sure: a run takes {RUN_LENGTH}, "
            f"settled limits {TRIAL_BELOW}."
        )
    return f"Trial limits: they rest on {count} points, and {TRIAL_BELOW} settle them."


def _fallback(card: Card) -> str:
    if not card["fallback"]:
        return ""
    return (
        "The figures hardly ever move, so outlying moves are not screened out: that would leave "
        "no room between the limits."
    )


def _disagreement(card: Card) -> str:
    """That rating and trend point different ways."""
    status, variation = card["rag_status"], card["variation"]
    if status in ("green", "blue") and variation == "special_cause_concern":
        return f"It is rated {status} all the same."
    if status in ("red", "amber") and variation == "special_cause_improvement":
        return f"It is rated {status} all the same."
    return ""
