"""The numbered notes of a report: which figure each stands at, and what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kpi.domain.checks.wording import listed
from kpi.domain.paper.contents import Key, Paper, Place, key_of
from kpi.domain.period import Period

Row = dict[str, Any]

Note = tuple[tuple[str, ...], str]
"""The cells that a note stands at, and its text."""

RESTATED = "KPI208"
"""The finding that a figure was restated: its mark and the head of the paper say so."""

TITLE = "title"
"""Where a note stands that is about no one figure."""

_TOLD = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Notes:
    """Numbered notes.

    Attributes:
        numbers: Of the notes at a cell, by row and by what the cell is: `TITLE`, a period
            as printed, or a column of comparators (`place_key`).
        texts: The notes in the order of their numbers, each with its number.
    """

    numbers: dict[tuple[Key, str], list[int]]
    texts: tuple[str, ...]

    def at(self, row: Row, cell: str) -> str:
        """The mark of a cell, a blank before it; empty for none."""
        return _mark(self.numbers.get((key_of(row), cell), []))

    def on(self, row: Row) -> str:
        """The mark of everything that is noted of a row, a blank before it; empty for none."""
        key = key_of(row)
        found = {
            each for place, numbers in self.numbers.items() if place[0] == key for each in numbers
        }
        return _mark(sorted(found))


def _mark(numbers: Sequence[int]) -> str:
    return f" [{', '.join(map(str, numbers))}]" if numbers else ""


def notes_on(
    paper: Paper, rows: Sequence[Row], *, start: int = 1, only_newest: bool = False
) -> Notes:
    """The notes on some rows of a paper, numbered as the eye meets them.

    Args:
        paper: Gives the columns.
        rows: The rows, in order.
        start: The first note's number.
        only_newest: Whether only those are wanted that bear on the newest figure's rating.
    """
    order = [TITLE, *map(str, paper.periods), *map(place_key, paper.places)]
    numbers: dict[tuple[Key, str], list[int]] = defaultdict(list)
    texts: list[str] = []
    for row in rows:
        found = _notes(row, paper, only_newest=only_newest)
        for cells, text in sorted(found, key=lambda note: order.index(note[0][0])):
            number = start + len(texts)
            texts.append(f"[{number}] {text}")
            for cell in cells:
                numbers[key_of(row), cell].append(number)
    return Notes(dict(numbers), tuple(texts))


def place_key(place: Place) -> str:
    """What a cell of comparators is called among the marks."""
    return f"{place.kind} {place.period}"


def _notes(row: Row, paper: Paper, *, only_newest: bool) -> Iterator[Note]:
    """Each note with the cells that it stands at, the first of them first."""
    compared = row["target_value_compared"]
    if compared is not None and compared != row["outturn"]:
        yield (TITLE,), f"{row['short_title']}: {row['reason']}"
    for finding in row["findings"]:
        is_wanted = not only_newest or finding["period"] == row["period"]
        if is_wanted and finding["severity"] in _TOLD and finding["code"] != RESTATED:
            yield (_cell(finding, paper.periods),), _finding(finding)
    if not only_newest:
        yield from _comparators(row, paper)


def _cell(finding: Row, periods: Sequence[Period]) -> str:
    period: str | None = finding["period"]
    return period if period and period in map(str, periods) else TITLE


def _finding(finding: Row) -> str:
    code = finding["code"]
    if finding["accepted"]:
        code = f"{code}, accepted: {finding['accepted_why']}"
    return f"{finding['message']} ({code})."


def _comparators(row: Row, paper: Paper) -> Iterator[Note]:
    """How the first comparator was made alike, and which are not of their column's period."""
    beside = [
        (place, row["comparators"][at])
        for place, at in zip(paper.places, row["beside"], strict=True)
        if at is not None
    ]
    alike = next(((place, each) for place, each in beside if each["made_alike"]), None)
    if alike and (working := _working(alike[1], row)):
        yield (place_key(alike[0]),), f"{row['short_title']}: {working}."
    periods: dict[str | None, list[Place]] = {}
    for place, comparator in beside:
        if comparator["period"] != place.period:
            periods.setdefault(comparator["period"], []).append(place)
    for period, places in periods.items():
        names = listed([place.name for place in places])
        verb = "is" if len(places) == 1 else "are"
        when = period or "a year that is not stated"
        yield tuple(map(place_key, places)), f"{row['short_title']}: {names} {verb} of {when}."


def _working(comparator: Row, row: Row) -> str:
    """A comparator's working, without what the rating's reason or the methods say already."""
    every = f"the {comparator['method']} of {comparator['n']} of {comparator['n']} neighbours"
    parts = comparator["working"].split("; ")
    return "; ".join(part for part in parts if part != every and part not in row["reason"])
