"""What is wrong with one indicator's entries, taken together.

Each `check_` takes an indicator as far as it could be understood and yields what does
not make sense. A rule stays silent where a value that it rests on is itself wrong.
What indicators say about each other is left to `kpi.readers.catalogue_references`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain, pairwise

from kpi.domain.catalogue import Coherence, Indicator, Target
from kpi.readers.catalogue_misfits import Fitted, Slip
from kpi.readers.catalogue_words import quoted

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_LEAST_BASELINE = 12
_LEVELS = (95, 99.8)
_MONTHS = 12


def check_indicator(fitted: Fitted[Indicator]) -> Iterator[Slip]:
    """Everything wrong with one indicator by itself."""
    return chain(
        check_id(fitted.value.id),
        check_numbers(fitted),
        check_targets(fitted),
        check_overlaps(fitted),
        check_coherence(fitted),
    )


def check_id(id_: str) -> Iterator[Slip]:
    """An id that is not lower case, digits and hyphens."""
    if not _ID.fullmatch(id_):
        better = re.sub(r"[^a-z0-9]+", "-", id_.lower()).strip("-")
        hint = f"; how about {quoted(better)}?" if better else ""
        yield Slip(("indicator", id_), f"an id is lower case letters, digits and hyphens{hint}")


def check_numbers(fitted: Fitted[Indicator]) -> Iterator[Slip]:
    """Numbers that lie outside what their key can mean."""
    indicator = fitted.value
    if indicator.compare.level not in _LEVELS:
        what = f"{indicator.compare.level:g} is not a level; allowed: 95, 99.8"
        yield Slip((*fitted.at("compare"), "level"), what)
    baseline = indicator.spc.baseline
    if baseline is not None and baseline < _LEAST_BASELINE:
        what = f"limits need at least {_LEAST_BASELINE} points, not {baseline}"
        yield Slip((*fitted.at("spc"), "baseline"), what)


def check_targets(fitted: Fitted[Indicator]) -> Iterator[Slip]:
    """Targets that their indicator's polarity, outturn or tolerance cannot use."""
    indicator = fitted.value
    for target in fitted.items("target"):
        if not fitted.is_wrong("polarity"):
            yield from _aims(target, polarity=indicator.polarity)
        yield from _edges(target)
        if indicator.outturn == "percentage" and not fitted.is_wrong("outturn"):
            yield from _percentages(target)
        in_percent = indicator.tolerance_kind == "percent"
        if in_percent and indicator.tolerance > 0 and not fitted.is_wrong("tolerance_kind"):
            yield from _zeros(target)
        if target.value.profile:
            yield from _profile(target)
            if not fitted.is_wrong("basis", "outturn") and not target.is_wrong("per"):
                yield from _profile_per(indicator, target)


def check_overlaps(fitted: Fitted[Indicator]) -> Iterator[Slip]:
    """Targets that speak of the same day."""
    targets = sorted(
        (target for target in fitted.items("target") if not target.is_wrong("from")),
        key=lambda target: target.value.begins or date.min,
    )
    for before, after in pairwise(targets):
        earlier, later = before.value, after.value
        if earlier.begins == later.begins:
            since = f"{later.begins}" if later.begins else "the beginning"
            yield Slip(after.at("from"), f"two targets hold from {since}")
        elif earlier.ends and later.begins and earlier.ends >= later.begins:
            what = f"begins before the target before it ends, `to` = {earlier.ends}"
            yield Slip(after.at("from"), what)


def check_coherence(fitted: Fitted[Indicator]) -> Iterator[Slip]:
    """Coherence rules that lack what they compare with."""
    for rule in fitted.items("coheres"):
        coherence = rule.value
        if not rule.is_wrong("rule", "with", "starts", "ends"):
            yield from _compared_with(rule, own=fitted.value.id)
        if coherence.rule == "parts_of" and coherence.total is None and not rule.is_wrong("total"):
            yield Slip(rule.at("total"), "is missing: `parts_of` needs it")
        if coherence.allowance is not None and coherence.allowance < 0:
            yield Slip(rule.at("allowance"), "must not be negative")


def _compared_with(fitted: Fitted[Coherence], *, own: str) -> Iterator[Slip]:
    coherence, place = fitted.value, fitted.at("with")
    if coherence.rule == "parts_of":
        if own not in coherence.with_:
            yield Slip(place, f"must list all the parts, {quoted(own)} among them")
        return
    if coherence.rule == "flow_of" and len(coherence.with_) != 2:
        yield Slip(place, "`flow_of` needs two ids: what started, what ended")
    elif coherence.rule != "statutory" and not coherence.with_:
        yield Slip(place, f"is missing: `{coherence.rule}` needs it")
    if own in coherence.with_:
        yield Slip(place, f"{quoted(own)} cannot be set against itself")


def _aims(fitted: Fitted[Target], *, polarity: str) -> Iterator[Slip]:
    """The keys that a polarity needs, and on which side `blue` lies."""
    target = fitted.value
    if target.awaited:
        return
    needed = {"high": ("value",), "low": ("value",), "range": ("low", "high")}
    for key in needed.get(polarity, ()):
        if getattr(target, key) is None and not fitted.is_wrong(key):
            yield Slip(fitted.at(key), f"`{key}` is missing: polarity `{polarity}` needs it")
    if (
        polarity == "none"
        and fitted.path not in fitted.wrong
        and {target.value, target.low, target.high} == {None}
    ):
        yield Slip(fitted.at("value"), "is missing")
    if target.blue is None:
        return
    side = {"high": 1, "low": -1}.get(polarity, 0)
    if polarity == "range":
        yield Slip(fitted.at("blue"), "a range has no `blue`")
    elif side and target.value is not None and (target.blue - target.value) * side <= 0:
        where = "above" if side > 0 else "below"
        yield Slip(fitted.at("blue"), f"must lie {where} `value` for polarity `{polarity}`")


def _edges(fitted: Fitted[Target]) -> Iterator[Slip]:
    """A range or a span of days that is back to front."""
    target = fitted.value
    if target.low is not None and target.high is not None and target.low >= target.high:
        yield Slip(fitted.at("low"), "must be below `high`")
    if target.begins and target.ends and target.ends < target.begins:
        yield Slip(fitted.at("to"), f"is before `from`, {target.begins}")


def _percentages(fitted: Fitted[Target]) -> Iterator[Slip]:
    target = fitted.value
    for key in ("value", "low", "high", "blue"):
        number = getattr(target, key)
        if number is not None and not 0 <= number <= 100:
            yield Slip(fitted.at(key), f"a percentage lies between 0 and 100, not at {number:g}")


def _zeros(fitted: Fitted[Target]) -> Iterator[Slip]:
    target = fitted.value
    for key in ("value", "low", "high"):
        if getattr(target, key) == 0:
            what = "a tolerance in percent of 0 means nothing: `tolerance_kind` must be `points`"
            yield Slip(fitted.at(key), what)


def _profile(fitted: Fitted[Target]) -> Iterator[Slip]:
    target = fitted.value
    if len(target.profile) != _MONTHS:
        what = f"needs {_MONTHS} shares, one a month, not {len(target.profile)}"
        yield Slip(fitted.at("profile"), what)
    elif min(target.profile) < 0 or sum(target.profile) <= 0:
        yield Slip(fitted.at("profile"), "shares must not be negative, nor all 0")


def _profile_per(indicator: Indicator, fitted: Fitted[Target]) -> Iterator[Slip]:
    per = indicator.target_per(fitted.value)
    if per != "year":
        what = f'needs `per = "year"`: this target speaks of a {per}'
        yield Slip(fitted.at("profile"), what)
