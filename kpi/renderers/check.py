"""The page of `kpi check`: findings by code, worst first, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.observation import address
from kpi.domain.paper.document import Block, Document, Listing, Paragraph, Section
from kpi.renderers.heading import heading_lines
from kpi.renderers.words import counted

Row = dict[str, Any]

SEVERITIES = (
    ("error", "error", "these figures cannot be used as they are"),
    ("warning", "warning", "readable, but please look"),
    ("info", "point of disclosure", "small numbers that nothing hides"),
)
"""Each severity with its word on the page and what it means."""


def check_document(answer: Answer, titles: dict[str, str], *, of_files: bool = False) -> Document:
    """The findings as a page.

    Args:
        answer: What `kpi.usecases.check` found.
        titles: The checks' titles by code.
        of_files: Whether files were checked, of which nothing is stored.
    """
    rows = list(answer.rows.iter_rows(named=True))
    sections = [
        Section(f"{counted(len(found), word)}: {meaning}", tuple(_blocks(found, titles)))
        for severity, word, meaning in SEVERITIES
        if (found := [row for row in rows if row["severity"] == severity])
    ]
    return Document(
        "Figures that cannot be trusted" if rows else "Nothing found",
        (*heading_lines(answer), *_summary(answer, of_files=of_files)),
        tuple(sections),
        (f"More about a code: kpi explain {rows[0]['code']}",) if rows else (),
    )


def _summary(answer: Answer, *, of_files: bool) -> Iterator[str]:
    """How many findings of which kind, and that files are only looked at."""
    counts = answer.counts
    words = {"error": "error", "warning": "warning", "info": "point of disclosure"}
    said = [counted(counts[name], word) for name, word in words.items() if counts[name]]
    if counts["accepted"]:
        said.append(f"{counts['accepted']} accepted")
    if said:
        yield ", ".join(said) + "."
    if of_files:
        yield "Nothing was stored: check never stores."


def _blocks(rows: list[Row], titles: dict[str, str]) -> Iterator[Block]:
    """The findings of one severity, code by code, what to do said once where it is the same."""
    for code, group in groupby(rows, key=lambda row: str(row["code"])):
        found = list(group)
        hints = {row["hint"] for row in found if row["hint"]}
        yield Paragraph("", label=f"{code} {titles[code]}")
        yield Listing(tuple(_item(row, with_hint=len(hints) > 1) for row in found))
        if len(hints) == 1:
            yield Paragraph(f"What to do: {hints.pop()}")


def _item(row: Row, *, with_hint: bool) -> str:
    source = row["source"]
    place = address(source["file"], source["sheet"], source["cell"]) if source else ""
    said = f"{place} – {row['message']}." if place else f"{row['message']}."
    if with_hint and row["hint"]:
        said += f" {row['hint']}"
    return f"{said} (accepted: {row['accepted_why']})" if row["accepted"] else said
