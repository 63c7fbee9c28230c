"""Whose report it is, before there is a catalogue that says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kpi.domain.visible import visible
from kpi.readers.areas import Areas, known_areas
from kpi.readers.grid import Grid
from kpi.readers.headers import HeaderFinder
from kpi.readers.headings import read_heading, read_line
from kpi.readers.view import View, text_of, view_of

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
    titles = Counter(name for view in views for name in _in_titles(view))
    return titles.most_common(1)[0][0] if titles else ""


def _before_years(view: View) -> Iterator[str]:
    """The words that stand before or over years and are not understood otherwise."""
    nobody: Areas = known_areas("")
    for header in HeaderFinder(view, nobody).headers():
        for lines in header.lines.values():
            heading = read_heading(lines, areas=nobody)
            parts = [(line, read_line(line)) for line in lines]
            is_year = any(atom.kind == "year" for _, part in parts for atom in part.atoms)
            if heading.role != "unknown" or not is_year:
                continue
            words = [text for text, part in parts if not part.atoms]
            words += [re.sub(r"[\d/()–-]+", " ", text) for text, part in parts if part.atoms]
            name = visible(" ".join(" ".join(words).split()))
            if name[:1].isupper():
                yield name


def _in_titles(view: View) -> Iterator[str]:
    for row in view.rows[:20]:
        for cell in view.sheet.cells[row].values():
            if isinstance(cell.value, str) and len(cell.value) <= 200:
                for found in _COUNCIL.finditer(text_of(cell)):
                    yield visible(_BEFORE.sub("", found[1]))
