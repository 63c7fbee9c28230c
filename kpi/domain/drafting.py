"""A first catalogue, drafted from what a report prints of its rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpi.domain.catalogue import Basis, OutturnType, Per, Polarity, fold_label
from kpi.domain.draft_basis import guessed_basis
from kpi.domain.period import YearKind

MAX_ID_LENGTH = 40
_STOP_WORDS = frozenset(
    {
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "per", "the"),
        *("to", "who", "whom", "with", "have", "had", "has", "is", "are", "their"),
        *("number", "percentage", "percent", "rate", "rates"),
    }
)


@dataclass(frozen=True, slots=True)
class Printed:
    """What one row of a report prints of its indicator.

    Attributes:
        label: As printed.
        theme: Printed around it; null for none.
        outturn: Printed, or guessed.
        is_outturn_printed: Which of the two.
        target: The typed target's figure; null for none.
        target_raw: Its text; `TBC` where it is awaited.
        target_per: The period that its words speak of.
        months: The shortest period of the row's columns.
        year: The kind of year of its columns.
        rises: Whether its figures rise steadily, as a running total's do.
        figures: The authority's own figures of those shortest periods.
        years: Its own figures of earlier whole years.
        not_understood: Texts of its targets that say no single figure.
        band: The edges of the first of those texts that says a band; null for none.
        direction: Which way the report says is good; null where it does not.
        why_direction: What says so.
    """

    label: str
    theme: str | None
    outturn: OutturnType
    is_outturn_printed: bool
    target: float | None = None
    target_raw: str = ""
    target_per: Per | None = None
    months: int = 1
    year: YearKind = "financial"
    rises: bool = False
    figures: tuple[float, ...] = ()
    years: tuple[float, ...] = ()
    not_understood: tuple[str, ...] = ()
    band: tuple[float, float] | None = None
    direction: Polarity | None = None
    why_direction: str = ""


@dataclass(frozen=True, slots=True)
class DraftIndicator:
    """An indicator as a starting catalogue has it; `target` is TOML, empty for none.

    `hint` is what the report says of its polarity, which is the officer's to fill in.
    """

    id: str
    title: str
    outturn: OutturnType
    is_outturn_printed: bool
    basis: Basis
    why_basis: str
    theme: str = ""
    target: str = ""
    year: YearKind = "financial"
    notes: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class DraftCatalogue:
    """A starting catalogue: whose, from which source, its themes (id, title) and indicators.

    `la_code` is the authority's, empty where it is not known.
    """

    authority: str
    source: str = ""
    themes: tuple[tuple[str, str], ...] = ()
    indicators: tuple[DraftIndicator, ...] = ()
    la_code: str = ""


def draft_catalogue(printed: Iterable[Printed], *, authority: str, source: str) -> DraftCatalogue:
    """A catalogue with one indicator a label; a label printed twice is one indicator.

    Polarity is not guessed: which way is good is the officer's to say.
    """
    rows: dict[str, Printed] = {}
    for row in printed:
        # A label without a letter or digit cannot be told from any other.
        if folded := fold_label(row.label):
            rows.setdefault(folded, row)
    titles: dict[str, str] = {}
    for row in rows.values():
        if folded := fold_label(row.theme or ""):
            titles.setdefault(folded, row.theme or "")
    themes = dict(zip(titles, _ids(titles.values()), strict=True))
    ids = _ids(row.label for row in rows.values())
    return DraftCatalogue(
        authority,
        source,
        tuple((themes[folded], title) for folded, title in titles.items()),
        tuple(
            _indicator(row, id_=id_, theme=themes.get(fold_label(row.theme or ""), ""))
            for id_, row in zip(ids, rows.values(), strict=True)
        ),
    )


def slug(text: str) -> str:
    """An id made of a label's telling words: lower case, digits, hyphens.

    Example:
        >>> slug("Percentage of CLA with an up to date review")
        'cla-up-date-review'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("10,000", "10000"))
    telling = [word for word in words if word not in _STOP_WORDS] or words
    made = ""
    for word in telling:
        if len(made) + len(word) >= MAX_ID_LENGTH:
            break
        made = f"{made}-{word}" if made else word
    return made or "indicator"


def _ids(labels: Iterable[str]) -> list[str]:
    """A different id for each label, none of which could be taken for another label."""
    said = list(labels)
    # Ids and labels are looked up in one folded list; an id may only be its own label's.
    owners = {fold_label(label): label for label in said}
    made: list[str] = []
    for label in said:
        base = candidate = slug(label)
        count = 1
        while owners.get(fold_label(candidate), label) != label or candidate in made:
            count += 1
            candidate = f"{base}-{count}"
        owners[fold_label(candidate)] = label
        made.append(candidate)
    return made


def _indicator(row: Printed, *, id_: str, theme: str) -> DraftIndicator:
    basis, why = guessed_basis(
        row.label,
        outturn=row.outturn,
        months=row.months,
        rises=row.rises,
        figures=row.figures,
        years=row.years,
    )
    target, notes = _target(row)
    return DraftIndicator(
        id=id_,
        title=row.label,
        outturn=row.outturn,
        is_outturn_printed=row.is_outturn_printed,
        basis=basis,
        why_basis=why,
        theme=theme,
        target=target,
        year=row.year,
        notes=(*notes, *_not_understood(row)),
        hint=_hint(row),
    )


def _target(row: Printed) -> tuple[str, tuple[str, ...]]:
    """The typed target as TOML, and what is to be said where it cannot be taken over."""
    if row.target is None:
        return ('"TBC"', ()) if row.target_raw else ("", ())
    if row.outturn == "percentage" and not 0 <= row.target <= 100:
        return "", (f"the report's target `{row.target_raw}` is no percentage",)
    if row.target == 0:
        # A percentage of nothing is nothing: a zero target needs a tolerance in points.
        return "", ("the report's target is 0: give it with a tolerance in points",)
    value = _number(row.target)
    return (f'{{ value = {value}, per = "{row.target_per}" }}' if row.target_per else value), ()


def _not_understood(row: Printed) -> Iterator[str]:
    """What is to be said of targets that are words, so that none goes without a trace."""
    for text in row.not_understood:
        yield f'printed target, not understood: "{text}"'
    if row.band:
        low, high = map(_number, row.band)
        yield f'a band is polarity = "range" and target = {{ low = {low}, high = {high} }}'


def _hint(row: Printed) -> str:
    if row.direction is None:
        return ""
    return f'{row.why_direction}, so probably "{row.direction}"'


def _number(value: float) -> str:
    return repr(int(value) if value == int(value) else value)
