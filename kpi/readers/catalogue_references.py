"""What is wrong between a catalogue's entries: names used twice, references to nothing.

Each `check_` takes entries as far as they could be understood. An id that stands in the
file counts as known even where its own table is wrong: one mistake, one message.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from kpi.domain.catalogue import Accept, Coherence, Indicator, Theme, fold_label
from kpi.domain.period import YearKind, parse_period
from kpi.readers.catalogue_misfits import Fitted, Slip
from kpi.readers.catalogue_words import meant, quoted
from kpi.readers.toml_lines import KeyPath

_ID = re.compile(r"[a-z0-9-]+")
_CODE = re.compile(r"KPI[0-9]{3}")


def check_references(
    indicators: Sequence[Fitted[Indicator]],
    *,
    themes: Sequence[Fitted[Theme]],
    theme_ids: Collection[str],
    accepts: Sequence[Fitted[Accept]],
    default_year: YearKind,
) -> Iterator[Slip]:
    """Everything wrong between the entries of a catalogue.

    Args:
        indicators: The indicators.
        themes: The themes that could be understood.
        theme_ids: The ids of all themes, understood or not.
        accepts: The accepted breaches.
        default_year: The kind of year of a period that names no indicator.
    """
    years = {fitted.value.id: fitted.value.year for fitted in indicators}
    return chain(
        check_labels([(each.value.id, list(_labels(each))) for each in indicators]),
        check_labels([(each.value.id, list(_theme_labels(each))) for each in themes]),
        chain.from_iterable(_repeated(each) for each in indicators),
        chain.from_iterable(check_theme(each, known=theme_ids) for each in indicators),
        chain.from_iterable(check_coheres_with(each, known=years) for each in indicators),
        chain.from_iterable(check_ratio(each, known=years) for each in indicators),
        check_circles(indicators),
        chain.from_iterable(
            check_accept(each, years=years, default_year=default_year) for each in accepts
        ),
    )


def check_labels(owners: Iterable[tuple[str, list[tuple[str, KeyPath]]]]) -> Iterator[Slip]:
    """Labels that mean two things, case, spaces and punctuation apart; and empty ones."""
    claimed: dict[str, str] = {}
    for owner, labels in owners:
        folded: dict[str, tuple[str, KeyPath]] = {}
        for label, path in labels:
            # Of labels of one owner that are the same, the first speaks for all.
            folded.setdefault(fold_label(label), (label, path))
        for key, (label, path) in folded.items():
            if not key:
                yield Slip(path, f"{quoted(label)} has no letter or digit to be known by")
            elif claimed.setdefault(key, owner) != owner:
                yield Slip(path, f"{quoted(label)} already names {quoted(claimed[key])}")


def check_theme(fitted: Fitted[Indicator], *, known: Collection[str]) -> Iterator[Slip]:
    """A theme that is not there."""
    theme = fitted.value.theme
    if theme and theme not in known:
        what = f"no theme is called {quoted(theme)}"
        yield Slip(fitted.at("theme"), what, partial(meant, theme, known))


def check_coheres_with(fitted: Fitted[Indicator], *, known: Collection[str]) -> Iterator[Slip]:
    """Coherence rules about indicators that are not there."""
    for rule in fitted.items("coheres"):
        coherence = rule.value
        for place, id_ in enumerate(coherence.with_):
            # The statutory return is named by the published measure's key, and what is not
            # like an id may be one where the rule is misspelt.
            is_misspelt = rule.is_wrong("rule") and _ID.fullmatch(id_)
            if coherence.rule != "statutory" or is_misspelt:
                yield from _unknown(id_, path=_with_path(rule, place), known=known)
        if isinstance(coherence.total, str):
            yield from _unknown(coherence.total, path=rule.at("total"), known=known)


def check_ratio(fitted: Fitted[Indicator], *, known: Collection[str]) -> Iterator[Slip]:
    """A ratio of other than two, or of indicators that are not there."""
    ratio, path = fitted.value.ratio, fitted.at("ratio")
    if not fitted.holds("ratio"):
        return
    if len(ratio) != 2:
        yield Slip(path, f"needs two ids, numerator and denominator, not {len(ratio)}")
    for place, id_ in enumerate(ratio):
        yield from _unknown(id_, path=(*path, place), known=known)


def check_circles(indicators: Sequence[Fitted[Indicator]]) -> Iterator[Slip]:
    """Ratios that cannot be computed because they lead back to themselves."""
    ids = {fitted.value.id for fitted in indicators}
    links = {each.value.id: set(each.value.ratio) & ids for each in indicators}
    circling = _circling(links)
    for fitted in indicators:
        if fitted.value.id in circling:
            yield Slip(fitted.at("ratio"), "leads back to itself: it cannot be computed")


def check_accept(
    fitted: Fitted[Accept], *, years: dict[str, YearKind], default_year: YearKind
) -> Iterator[Slip]:
    """An accepted breach of no code, indicator or period that there is."""
    accept = fitted.value
    if not fitted.is_wrong("code") and not _CODE.fullmatch(accept.code):
        yield Slip(fitted.at("code"), f"{quoted(accept.code)} is no code such as `KPI204`")
    if accept.indicator:
        yield from _unknown(accept.indicator, path=fitted.at("indicator"), known=years)
    year = years.get(accept.indicator, default_year)
    if accept.period and parse_period(accept.period, year=year) is None:
        yield Slip(fitted.at("period"), f"{quoted(accept.period)} is no period such as `2021-04`")


def _labels(fitted: Fitted[Indicator]) -> Iterator[tuple[str, KeyPath]]:
    indicator = fitted.value
    yield indicator.id, ("indicator", indicator.id)
    for name in ("title", "short_title"):
        if fitted.holds(name):
            yield getattr(indicator, name), fitted.at(name)
    for alias in fitted.items("aliases"):
        yield alias.value, alias.path


def _repeated(fitted: Fitted[Indicator]) -> Iterator[Slip]:
    """Aliases that stand twice in one list, to the letter; other spellings do no harm."""
    seen: set[str] = set()
    for alias in fitted.items("aliases"):
        if alias.value in seen:
            yield Slip(alias.path, f"{quoted(alias.value)} is listed twice")
        seen.add(alias.value)


def _with_path(rule: Fitted[Coherence], place: int) -> KeyPath:
    """Where the id at a place of `with` stands, which `flow_of` may give as two keys."""
    is_flow = "with" not in rule.raw and {"starts", "ends"} <= rule.raw.keys()
    return rule.at(("starts", "ends")[place] if is_flow else "with")


def _theme_labels(fitted: Fitted[Theme]) -> Iterator[tuple[str, KeyPath]]:
    yield fitted.value.id, ("theme", fitted.value.id)
    yield fitted.value.title, fitted.at("title")


def _unknown(id_: str, *, path: KeyPath, known: Collection[str]) -> Iterator[Slip]:
    if id_ not in known:
        what = f"no indicator is called {quoted(id_)}"
        yield Slip(path, what, partial(meant, id_, known))


def _circling(links: dict[str, set[str]]) -> set[str]:
    """The ids from which a walk along the links can go on for ever."""
    users: dict[str, list[str]] = {}
    for id_, targets in links.items():
        for target in targets:
            users.setdefault(target, []).append(id_)
    waiting = Counter({id_: len(targets) for id_, targets in links.items()})
    ready = [id_ for id_ in links if not waiting[id_]]
    while ready:
        for user in users.get(ready.pop(), []):
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return {id_ for id_ in links if waiting[id_]}
