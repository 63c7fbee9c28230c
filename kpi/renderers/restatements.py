"""Restated figures, old to new, with both cells."""

from __future__ import annotations

from typing import Any

from kpi.domain.catalogue import Catalogue
from kpi.domain.paper.document import Listing
from kpi.domain.words import plain
from kpi.renderers.words import STATE_MARKS

Row = dict[str, Any]

_HIDDEN = STATE_MARKS["suppressed"]


def restatement_listing(restated: list[Row], catalogue: Catalogue) -> Listing:
    """One item a figure; a null `new` was withdrawn, a null `old` was not held before.

    Hidden figures are null too: there the `state` is `suppressed`, and `[c]` stands for them.
    """
    return Listing(tuple(_item(each, catalogue) for each in restated))


def _item(each: Row, catalogue: Catalogue) -> str:
    is_hidden = each["state"] == "suppressed"
    old = _shown(each["old"], _HIDDEN if is_hidden else "none")
    new = _shown(each["new"], _HIDDEN if is_hidden else "withdrawn")
    when = each["period"] or "year not stated"
    cells = " → ".join(filter(None, (each["old_address"], each["new_address"])))
    return f"{_name(each, catalogue)}, {when}: {old} → {new} ({cells})"


def _shown(figure: float | None, otherwise: str) -> str:
    return otherwise if figure is None else plain(figure)


def _name(each: Row, catalogue: Catalogue) -> str:
    indicator = catalogue.by_id.get(each["indicator"])
    title = indicator.short if indicator else each["indicator"]
    whose = each["area"] if each["area"] != catalogue.authority else ""
    return ", ".join(part for part in (title, each["unit"], whose) if part)
