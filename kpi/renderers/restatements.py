"""Restated figures, old to new, with both cells."""

from __future__ import annotations

from typing import Any

from kpi.domain.catalogue import Catalogue
from kpi.domain.paper.document import Listing
from kpi.domain.suppression.restatements import NOT_SHOWN
from kpi.domain.words import plain
from kpi.renderers.words import STATE_WORDS

Row = dict[str, Any]


def restatement_listing(restated: list[Row], catalogue: Catalogue) -> Listing:
    """One item a figure; a null `new` was withdrawn, a null `old` was not held before.

    Hidden figures are null too: there the `state` is `suppressed`, and words stand for both.
    """
    return Listing(tuple(_item(each, catalogue) for each in restated))


def _item(each: Row, catalogue: Catalogue) -> str:
    when = each["period"] or "year not stated"
    cells = " → ".join(filter(None, (each["old_address"], each["new_address"])))
    instead = STATE_WORDS.get(each["state"], "withdrawn")
    old, new = _shown(each["old"], "none"), _shown(each["new"], instead)
    said = NOT_SHOWN if each["state"] == "suppressed" else f"{old} → {new}"
    return f"{_name(each, catalogue)}, {when}: {said} ({cells})"


def _shown(figure: float | None, otherwise: str) -> str:
    return otherwise if figure is None else plain(figure)


def _name(each: Row, catalogue: Catalogue) -> str:
    indicator = catalogue.by_id.get(each["indicator"])
    title = indicator.short if indicator else each["indicator"]
    whose = each["area"] if each["area"] != catalogue.authority else ""
    return ", ".join(part for part in (title, each["unit"], whose) if part)
