"""The page of `kpi reference`."""

from __future__ import annotations

from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.paper.document import Cell, Column, Document, Section, Table
from kpi.renderers.words import MISSING, day, number


def reference_document(answer: Answer) -> Document:
    """The datasets, a line each, with release and newest period."""
    columns = (
        Column("Dataset", wraps=True),
        Column("Release", wraps=True),
        Column("Newest"),
        Column("Taken"),
        Column("Rows", "right"),
        Column("Publisher", wraps=True, optional=1),
    )
    rows = tuple(
        (
            Cell(row["title"]),
            Cell(row["release"]),
            Cell(row["newest_period"] or MISSING),
            Cell(day(row["as_of"])),
            Cell(number(row["rows"])),
            Cell(row["publisher"]),
        )
        for row in answer.rows.iter_rows(named=True)
    )
    return _document("Published statistics that come with kpi", answer, Table(columns, rows))


def measures_document(answer: Answer) -> Document:
    """The published measures, a line each, by the key that a catalogue names."""
    columns = (
        Column("Measure"),
        Column("Title", wraps=True),
        Column("Outturn"),
        Column("Topic", wraps=True, optional=1),
        Column("Updated", optional=2),
    )
    rows = tuple(
        (
            Cell(row["measure"]),
            Cell(row["title"]),
            Cell(_outturn(row)),
            Cell(row["topic"]),
            Cell(day(row["last_update"]) if row["last_update"] else MISSING),
        )
        for row in answer.rows.iter_rows(named=True)
    )
    return _document("Published measures, by key", answer, Table(columns, rows))


def _outturn(row: dict[str, Any]) -> str:
    return f"rate per {number(row['per'])}" if row["outturn"] == "rate" else str(row["outturn"])


def _document(title: str, answer: Answer, table: Table) -> Document:
    return Document(
        title,
        sections=(Section("", (table,)),),
        notes=tuple(message.text for message in answer.messages),
    )
