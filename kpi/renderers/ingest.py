"""The page of `kpi ingest`: what was read, what changed, and what was not understood."""

from __future__ import annotations

from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue
from kpi.domain.paper.document import Block, Document, Listing, Paragraph, Section
from kpi.domain.words import OF_NO_USE
from kpi.renderers.restatements import restatement_listing
from kpi.renderers.words import counted, number

Row = dict[str, Any]

NUMBERS = ("observations", "new", "unchanged", "restated", "older", "targets")


def ingest_document(answer: Answer, catalogue: Catalogue, *, in_brief: bool = False) -> Document:
    """A section a source: its counts, restatements, and every label and cell not understood.

    Args:
        answer: What `kpi.usecases.ingest` found.
        catalogue: Gives titles.
        in_brief: Whether columns that nobody would miss are left out.
    """
    rows = list(answer.rows.iter_rows(named=True))
    return Document(
        f"Read {counted(len(rows), 'source')} for {answer.authority}",
        sections=tuple(
            Section(row["file"], _blocks(row, catalogue, in_brief=in_brief)) for row in rows
        ),
    )


def _blocks(row: Row, catalogue: Catalogue, *, in_brief: bool) -> tuple[Block, ...]:
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
    unused = [each for each in row["unused_columns"] if not (in_brief and OF_NO_USE in each)]
    if unused:
        blocks.append(Paragraph("; ".join(unused), label="Columns not used"))
    return tuple(blocks)


def _counted(row: Row) -> str:
    changes = ", ".join(f"{number(row[name])} {name}" for name in NUMBERS[1:5] if row[name])
    targets = f"; {counted(row['targets'], 'typed target')}" if row["targets"] else ""
    said = counted(row["observations"], "observation")
    return f"{said}: {changes}{targets}." if changes else f"{said}{targets}."


def _unmatched(each: Row) -> str:
    near = f" (nearest: {', '.join(each['nearest'])})" if each["nearest"] else ""
    return f"{each['address']}  {each['label']}{near}"
