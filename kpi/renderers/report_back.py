"""The last part of a report: what is not rated or compared and why, data, definitions, methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kpi.domain.paper.contents import Named, Paper
from kpi.domain.paper.document import Block, Listing, Paragraph, Section

Row = dict[str, Any]


def back_of(paper: Paper) -> tuple[Section, ...]:
    """The sections that have something to say, in their order.

    Args:
        paper: What the report says.
    """
    sections = (
        Section("Not rated, and why", _listing(_unrated(paper))),
        Section("Not compared, and why", _listing(paper.not_compared)),
        Section("Notes on the data", _listing(paper.notes)),
        Section("Definitions", _named(paper.definitions)),
        Section("Methods", _named(paper.methods)),
    )
    return tuple(section for section in sections if section.blocks)


def _unrated(paper: Paper) -> list[str]:
    """Each reason once, with the rows that it keeps from a rating."""
    reasons: dict[str, list[str]] = {}
    for row in paper.rows.iter_rows(named=True):
        if row["why_unrated"]:
            reasons.setdefault(row["reason"], []).append(row["short_title"])
    return [f"{'; '.join(titles)}: {reason}" for reason, titles in reasons.items()]


def _listing(items: Iterable[str]) -> tuple[Block, ...]:
    said = tuple(items)
    return (Listing(said),) if said else ()


def _named(said: Sequence[Named]) -> tuple[Block, ...]:
    return tuple(Paragraph(each.text, label=each.name) for each in said)
