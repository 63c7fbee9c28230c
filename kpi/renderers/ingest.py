"""The page of `kpi ingest`: what was read, what changed, and what was not understood."""

from __future__ import annotations

from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue
from kpi.domain.paper.document import Block, Document, Listing, Paragraph, Section
from kpi.renderers.restatements import restatement_listing
from kpi.renderers.words import counted, number

Row = dict[str, Any]

NUMBERS = ("observations", "new", "unchanged", "restated", "older", "targets")


def ingest_document(answer: Answer, catalogue: Catalogue) -> Document:
    """A section a source: its counts, restatements, and every label and cell not understood."""
    rows = list(answer.rows.iter_rows(named=True))
    return Document(
        f"Read {counted(len(rows), 'source')}",
        sections=tuple(Section(row["file"], _blocks(row, catalogue)) for row in rows),
    )


def _blocks(row: Row, catalogue: Catalogue) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph(_counted(row))]
    if row["sheets"]:
        blocks.append(Paragraph(", ".join(row["sheets"]), label="Sheets"))
    if row["restatements"]:
        blocks.append(Paragraph("", label="Restated, old to new"))
        blocks.append(restatement_listing(row["restatements"], catalogue))
    if row["unreadable"]:
        blocks.append(Paragraph("", label="Cells that could not be read"))
        blocks.append(
            Listing(tuple(f"{each['address']}  `{each['raw']}`" for each in row["unreadable"]))
        )
    if row["unmatched"]:
        blocks.append(Paragraph("", label="Labels that no indicator claims"))
        blocks.append(Listing(tuple(_unmatched(each) for each in row["unmatched"])))
    if row["unused_columns"]:
        blocks.append(Paragraph("; ".join(row["unused_columns"]), label="Columns not used"))
    return tuple(blocks)


def _counted(row: Row) -> str:
    changes = ", ".join(f"{number(row[name])} {name}" for name in NUMBERS[1:5] if row[name])
    targets = f"; {counted(row['targets'], 'typed target')}" if row["targets"] else ""
    said = counted(row["observations"], "observation")
    return f"{said}: {changes}{targets}." if changes else f"{said}{targets}."


def _unmatched(each: Row) -> str:
    near = f" (nearest: {', '.join(each['nearest'])})" if each["nearest"] else ""
    return f"{each['address']}  {each['label']}{near}"
