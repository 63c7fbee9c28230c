"""The page of `kpi reference`."""

from __future__ import annotations

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
    return Document(
        "Published statistics that come with kpi",
        sections=(Section("", (Table(columns, rows),)),),
        notes=tuple(message.text for message in answer.messages),
    )
