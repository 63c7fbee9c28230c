"""Which way the report itself says is good: in a column of its own, or in a target's words.

Only a hint for the officer who fills in the polarity; nothing is rated by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from kpi.domain.visible import visible
from kpi.readers.areas import words_of

Direction = Literal["high", "low"]

_OF_COLUMN = re.compile(r"\b(?:polarity|good|better|best|desired direction)\b")
_OTHER_COLUMN = re.compile(r"\b(?:practice|comments?|narrative|rag|status|quality)\b")
_HIGH = frozenset(
    (
        *("h", "high", "higher", "highest", "up", "upward", "upwards", "increase", "increasing"),
        *("more", "big", "bigger", "maximise", "maximize", "max", "above"),
    )
)
_LOW = frozenset(
    (
        *("l", "low", "lower", "lowest", "down", "downward", "downwards", "decrease", "less"),
        *("decreasing", "small", "smaller", "minimise", "minimize", "min", "reduce", "below"),
        "fewer",
    )
)
_ARROWS = {"↑": "high", "▲": "high", "⬆": "high", "↓": "low", "▼": "low", "⬇": "low"}

# Refusals before what they refuse: `no more than` is not `more than`.
_AIMS: tuple[tuple[Direction, re.Pattern[str]], ...] = (
    ("high", re.compile(r"\b(?:no|not) (?:(?:less|fewer|lower) than|below|under)\b")),
    ("low", re.compile(r"\b(?:no|not) (?:(?:more|greater|higher) than|above|over|exceed\w*)\b")),
    ("high", re.compile(r">=|=>|≥|>|\bat least\b|\bmin(?:imum)?\b|\b(?:more|greater|higher) than\b|"
                        r"\b(?:above|over)\b|\bor (?:more|higher|better|above|over)\b|\bincrease\b|"
                        r"(?<=[\d%])\+")),
    ("low", re.compile(r"<=|=<|≤|<|\bat most\b|\bmax(?:imum)?\b|\b(?:less|fewer|lower) than\b|"
                       r"\b(?:below|under)\b|\bup to\b|\bor (?:less|fewer|lower|below|under)\b|"
                       r"\b(?:reduce|decrease)\b")),
)  # fmt: skip
_IN_LABEL = re.compile(r"\b(?P<way>high|low|bigger|smaller)(?:er)? is (?:good|better|best)\b")


def is_of_direction(heading: str) -> bool:
    """Whether a column's heading asks which way is good.

    Example:
        >>> is_of_direction("High or low is good"), is_of_direction("Direction of travel")
        (True, False)
    """
    said = " ".join(words_of(heading))
    return bool(_OF_COLUMN.search(said)) and not _OTHER_COLUMN.search(said)


def printed_direction(
    beside: Iterable[tuple[str, str]], *, targets: Iterable[str], label: str
) -> tuple[Direction | None, str]:
    """The way that is good and a clause on what says so; null where nothing does.

    Args:
        beside: Heading and text of the row's cells in columns that `is_of_direction`.
        targets: The texts of its targets.
        label: The row's label.

    Example:
        >>> printed_direction([], targets=["at least 95%"], label="Visits")
        ('high', 'the report says "at least"')
    """
    for heading, text in beside:
        if way := _way(text):
            return way, f'under "{visible(heading)}" the report says "{visible(text)}"'
    if found := _IN_LABEL.search(label.lower()):
        way = "high" if found["way"] in ("high", "bigger") else "low"
        return way, f'the report says "{found[0]}"'
    for text in targets:
        said = " ".join(text.lower().split())
        for aim, pattern in _AIMS:
            if found := pattern.search(said):
                return aim, f'the report says "{found[0]}"'
    return None, ""


def _way(text: str) -> Direction | None:
    """The one way that a cell names; null where it names none, or both."""
    words = set(words_of(text))
    ways: set[Direction] = set()
    if words & _HIGH or any(_ARROWS.get(sign) == "high" for sign in text):
        ways.add("high")
    if words & _LOW or any(_ARROWS.get(sign) == "low" for sign in text):
        ways.add("low")
    return ways.pop() if len(ways) == 1 else None
