"""The page of `kpi doctor`."""

from __future__ import annotations

from kpi.domain.answer import Answer
from kpi.domain.paper.document import Cell, Column, Document, Section, Table


def doctor_document(answer: Answer) -> Document:
    """What was found, a line each; problems are called so."""
    rows = tuple(
        (
            Cell(row["what"]),
            Cell(row["value"]),
            Cell("PROBLEM" if row["problem"] else "", "red" if row["problem"] else "plain"),
        )
        for row in answer.rows.iter_rows(named=True)
    )
    columns = (Column("What"), Column("Value", wraps=True), Column("Health"))
    return Document("Health", (answer.authority,), (Section("", (Table(columns, rows),)),))
