"""A table of restated figures, old to new, with both cells."""

from __future__ import annotations

from typing import Any

from kpi.domain.catalogue import Catalogue
from kpi.domain.document import Cell, Column, Table
from kpi.domain.words import plain

Row = dict[str, Any]


def restatement_table(restated: list[Row], catalogue: Catalogue) -> Table:
    """One row a figure; a null `new` was withdrawn, a null `old` was not held before."""
    columns = (
        Column("Indicator", wraps=True),
        Column("Period"),
        Column("Old", "right"),
        Column("New", "right"),
        Column("Old cell", wraps=True),
        Column("New cell", wraps=True),
    )
    return Table(columns, tuple(_cells(each, catalogue) for each in restated))


def _cells(each: Row, catalogue: Catalogue) -> tuple[Cell, ...]:
    return (
        Cell(_name(each, catalogue)),
        Cell(each["period"] or "year not stated"),
        Cell("none" if each["old"] is None else plain(each["old"])),
        Cell("none" if each["new"] is None else plain(each["new"])),
        Cell(each["old_address"] or ""),
        Cell(each["new_address"] or ""),
    )


def _name(each: Row, catalogue: Catalogue) -> str:
    indicator = catalogue.by_id.get(each["indicator"])
    title = indicator.short if indicator else each["indicator"]
    whose = each["area"] if each["area"] != catalogue.authority else ""
    return ", ".join(part for part in (title, each["unit"], whose) if part)
