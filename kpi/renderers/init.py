"""The page of `kpi init`: what was drafted."""

from __future__ import annotations

from kpi.domain.answer import Answer
from kpi.domain.paper.document import Cell, Column, Document, Paragraph, Section, Table


def init_document(answer: Answer) -> Document:
    """The drafted indicators, a line each."""
    columns = (
        Column("Id"),
        Column("Title", wraps=True),
        Column("Outturn", optional=2),
        Column("Basis", optional=3),
        Column("Target", wraps=True, optional=1),
    )
    rows = tuple(
        tuple(
            Cell(row[name] or "")
            for name in ("indicator", "title", "outturn_type", "basis", "target")
        )
        for row in answer.rows.iter_rows(named=True)
    )
    empty = Paragraph("An empty catalogue with an example in comments.")
    section = Section("", (Table(columns, rows) if rows else empty,))
    return Document("Catalogue drafted" if rows else "Catalogue written", (), (section,))
