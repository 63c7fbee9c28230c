"""What is said once of all comparators: how they are made, how old they are, whose they are.

Takes rows of `kpi.usecases.compare` as dictionaries: wording, not arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kpi.domain.catalogue import Catalogue
from kpi.domain.titles import place_title

Row = dict[str, Any]

ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."


def how_compared(rows: Sequence[Row]) -> tuple[str, ...]:
    """How the neighbours' figure is made, how old comparators are, what typed ones are worth.

    Args:
        rows: The rows of a comparison.
    """
    comparators = [each for row in rows for each in row["comparators"]]
    notes = [*_about_neighbours(comparators), *_about_age(comparators)]
    if any(each["kind"] in ("england", "region") and each["release"] for each in comparators):
        notes.append("England and the region are published pooled figures, not means.")
    if any(each["origin"] == "typed" for each in comparators):
        notes.append("Typed comparators are as the report has them, and are given no verdict.")
    return tuple(notes)


def attribution(rows: Sequence[Row]) -> tuple[str, ...]:
    """Whose published figures are shown, and under which licence; none where none are.

    Args:
        rows: The rows of a comparison.
    """
    releases = {each["release"] for row in rows for each in row["comparators"] if each["release"]}
    return (f"Published values: {_together(releases)}.", ATTRIBUTION) if releases else ()


def not_compared(rows: Sequence[Row], catalogue: Catalogue) -> Iterator[str]:
    """Each reason once, with the indicators it keeps from a verdict; then those without others.

    Args:
        rows: The rows of a comparison.
        catalogue: Gives titles.
    """
    reasons: dict[str, list[str]] = {}
    for row in rows:
        for why, names in _reasons(row).items():
            title = place_title(row, catalogue)
            reasons.setdefault(why, []).append(f"{title}{names}")
    for why, titles in reasons.items():
        yield f"{', '.join(titles)}: {why}."
    alone = [place_title(row, catalogue) for row in rows if not row["comparators"]]
    if alone:
        yield f"{', '.join(alone)}: nothing to compare with is held."


def _reasons(row: Row) -> dict[str, str]:
    """Why comparators of a row gave no verdict, and which, where it is not true of all."""
    kinds: dict[str, set[str]] = {}
    for comparator in row["comparators"]:
        if why := comparator["why_not_compared"]:
            kinds.setdefault(why, set()).add(comparator["kind"])
    own = {"own year"}
    return {
        why: " (own years)" if found == own and len(kinds) > 1 else ""
        for why, found in kinds.items()
    }


def _together(releases: set[str]) -> str:
    """The releases in words, those of one publication with all their dates."""
    dates: dict[str, list[str]] = {}
    for title, _, date in sorted(release.partition(", updated ") for release in releases):
        dates.setdefault(title, []).append(date)
    return "; ".join(f"{title}, updated {', '.join(said)}" for title, said in dates.items())


def _about_neighbours(comparators: Sequence[Row]) -> Iterable[str]:
    averages = [each for each in comparators if each["kind"] == "neighbours" and each["model"]]
    for method, model in sorted({(each["method"], each["model"]) for each in averages}):
        counts = [each["n"] for each in averages if each["method"] == method]
        least, most = min(counts), max(counts)
        count = f"{least}" if least == most else f"{least} to {most}"
        of = max(each["of"] for each in averages)
        yield f"Statistical neighbours: the {method} of {count} of {of}, list {model}."


def _about_age(comparators: Sequence[Row]) -> Iterable[str]:
    """Which periods the comparators of places are of, and how far they are behind."""
    places = [each for each in comparators if each["kind"] != "own year" and each["period"]]
    ages = sorted(
        {(each["period"], each["behind_words"]) for each in places if each["behind_words"]}
    )
    if ages:
        said = ", ".join(f"{period} ({behind})" for period, behind in ages)
        yield f"Comparators of other places are of {said}."
