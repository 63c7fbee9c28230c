"""Whose report it is, by its own titles and headings.

Before there is a catalogue its authority is guessed from them; afterwards they show where
a report was put into another council's folder. Which names are councils is left to others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kpi.domain.visible import visible
from kpi.readers.areas import Areas, Words, known_areas, words_of
from kpi.readers.grid import Grid, Sheet
from kpi.readers.headers import HeaderFinder
from kpi.readers.headings import read_heading, read_line
from kpi.readers.view import View, text_of, view_of

_TITLE_ROWS = 20
_LONGEST_TITLE = 200
_COUNCIL = re.compile(
    r"((?:[A-Z][\w'’-]*|and|of|upon|the|&)(?:\s+(?:[A-Z][\w'’-]*|and|of|upon|the|&)){0,5}?)"
    r"\s+(?:City|County|Borough|Metropolitan|District|Unitary)?\s*(?:Borough\s+)?Council\b"
)
_BEFORE = re.compile(
    r"^(?:the\s+)?(?:london|royal)?\s*(?:borough|city|county)\s+of\s+|^the\s+", re.IGNORECASE
)


def guessed_authority(grid: Grid) -> str:
    """The council that a report's headings put before its years, or its titles name.

    `Southampton 19/20` over a column says it; so does `Southampton City Council` above the
    table. Empty where neither does.
    """
    views = [view_of(sheet) for sheet in grid.sheets if sheet.cells and not sheet.hidden]
    names = Counter(name for view in views for name in _before_years(view))
    if names:
        return names.most_common(1)[0][0]
    titles = Counter(name for view in views for name in _in_titles(view.rows, view))
    return titles.most_common(1)[0][0] if titles else ""


def named_councils(sheets: Iterable[Sheet], *, authority: str) -> tuple[str, ...]:
    """What a report's titles, and the headings of its years, may call a council.

    Args:
        sheets: Its sheets.
        authority: The name of the catalogue's authority; where a title or a heading has
            that, the report is its own, and nothing is named.
    """
    views = [view_of(sheet) for sheet in sheets if sheet.cells and not sheet.hidden]
    own = words_of(authority)
    if any(_has(words_of(text), own) for view in views for text in _texts(view.rows, view)):
        return ()
    names = [name for view in views for name in (*_above_tables(view), *_before_years(view))]
    return tuple(dict.fromkeys(names))


def _above_tables(view: View) -> Iterator[str]:
    """The councils of the titles over a sheet's first table; a row of it may mention any."""
    headers = HeaderFinder(view, known_areas("")).headers()
    if headers:
        yield from _in_titles(view.between(0, headers[0].rows[0]), view)


def _before_years(view: View) -> Iterator[str]:
    """The words that stand before or over years and are not understood otherwise.

    Not where the same year stands there by itself too: then the words are another place.
    """
    nobody: Areas = known_areas("")
    for header in HeaderFinder(view, nobody).headers():
        headings = {lines: read_heading(lines, areas=nobody) for lines in header.lines.values()}
        own = {h.when for h in headings.values() if h.role == "outturn" and not h.area}
        for lines, heading in headings.items():
            parts = [(line, read_line(line)) for line in lines]
            years = {atom.text for _, part in parts for atom in part.atoms if atom.kind == "year"}
            if heading.role != "unknown" or not years or years & own:
                continue
            words = [text for text, part in parts if not part.atoms]
            words += [re.sub(r"[\d/()–-]+", " ", text) for text, part in parts if part.atoms]
            name = visible(" ".join(" ".join(words).split()))
            if name[:1].isupper():
                yield name


def _in_titles(rows: Sequence[int], view: View) -> Iterator[str]:
    for text in _texts(rows, view):
        for found in _COUNCIL.finditer(text):
            yield visible(_BEFORE.sub("", found[1]))


def _texts(rows: Sequence[int], view: View) -> Iterator[str]:
    """The short texts in the first of these rows, where titles stand, and the sheet's name."""
    for row in rows[:_TITLE_ROWS]:
        for cell in view.sheet.cells[row].values():
            if isinstance(cell.value, str) and len(cell.value) <= _LONGEST_TITLE:
                yield text_of(cell)
    yield view.sheet.name or ""


def _has(said: Words, wanted: Words) -> bool:
    """Whether the words have the wanted ones among them, one after another."""
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said)))
