"""The pages of `kpi history`, `kpi undo` and `kpi correct`."""

from __future__ import annotations

from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue
from kpi.domain.paper.document import Block, Cell, Column, Document, Paragraph, Section, Table
from kpi.renderers.restatements import restatement_listing
from kpi.renderers.words import moment, number

Row = dict[str, Any]

_NOTHING = "Nothing has been kept yet; `kpi ingest YOUR-REPORT.xlsx` begins."


def history_document(answer: Answer, catalogue: Catalogue) -> Document:
    """The batches in order, then every restatement."""
    rows = list(answer.rows.iter_rows(named=True))
    kept: Block = _batches(rows) if rows else Paragraph(_NOTHING)
    sections = [Section("", (kept,))]
    restated = [each for row in rows for each in row["restatements"]]
    if restated:
        blocks: tuple[Block, ...] = (restatement_listing(restated, catalogue),)
        sections.append(Section("Restated, old to new", blocks))
    titles = {"history": "What was kept", "undo": "Taken back"}
    return Document(titles[answer.command], (answer.authority,), tuple(sections))


def correction_document(answer: Answer, catalogue: Catalogue) -> Document:
    """The one figure, old and new."""
    rows = list(answer.rows.iter_rows(named=True))
    section = Section("", (restatement_listing(rows, catalogue),))
    title = "Corrected" if rows else "Nothing to correct"
    return Document(title, (answer.authority,), (section,) if rows else ())


def _batches(rows: list[Row]) -> Table:
    columns = (
        Column("No", "right"),
        Column("When"),
        Column("What"),
        Column("Source", wraps=True),
        Column("Figures", "right"),
        Column("Who", optional=2),
        Column("Why", wraps=True, optional=1),
    )
    return Table(columns, tuple(_batch(row) for row in rows))


def _batch(row: Row) -> tuple[Cell, ...]:
    taken_back = f", taken back by {row['undone_by']}" if row["undone_by"] else ""
    undoes = f" of {row['undoes']}" if row["undoes"] else ""
    return (
        Cell(str(row["seq"])),
        Cell(moment(row["ingested_at"])),
        Cell(f"{row['kind']}{undoes}{taken_back}", "muted" if taken_back else "plain"),
        Cell(row["file"]),
        Cell(number(row["observations"])),
        Cell(row["who"]),
        Cell(row["why"]),
    )
