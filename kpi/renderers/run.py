"""The page of `kpi run`: what failed, the exceptions, and what the new files brought.

The exceptions are `kpi report`'s, the files `kpi ingest`'s, the findings `kpi check`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue
from kpi.domain.paper.contents import Paper
from kpi.domain.paper.document import Document, Listing, Paragraph, Section
from kpi.errors import InputError
from kpi.renderers.check import check_document
from kpi.renderers.heading import heading_lines
from kpi.renderers.ingest import ingest_document
from kpi.renderers.report import report_document
from kpi.renderers.words import counted, number


def run_document(
    answer: Answer,
    catalogue: Catalogue,
    *,
    read: Answer,
    findings: Answer,
    titles: dict[str, str],
    paper: Paper | None = None,
    failures: Sequence[InputError] = (),
    passed_over: Sequence[str] = (),
    wide: bool = False,
) -> Document:
    """The run as a page.

    Args:
        answer: The run's own.
        catalogue: Gives the indicators' titles.
        read: What `ingest` said of the files with news.
        findings: What `check` found that was not there before.
        titles: The checks' titles by code.
        paper: The exceptions; null where there is nothing to say of figures.
        failures: What could not be read.
        passed_over: Which files were left alone and why, a sentence each.
        wide: Whether tables may be as wide as they take.
    """
    page = (
        report_document(paper, wide=wide)
        if paper
        else Document("Read" if not read.rows.is_empty() else "", heading_lines(answer))
    )
    could_not = _title(failures) if failures else ""
    return replace(
        page,
        title="; ".join(filter(None, (page.title, could_not))),
        lines=(*page.lines, *_in_short(answer.counts)),
        sections=(
            *_failed(failures),
            *page.sections,
            *_found(findings, titles),
            *ingest_document(read, catalogue, in_brief=True).sections,
            *_left_alone(passed_over),
        ),
    )


def _title(failures: Sequence[InputError]) -> str:
    if len(failures) > 1:
        return f"{len(failures)} files could not be read"
    return f"Could not be read: {PurePath(failures[0].where).name}"


def _in_short(counts: dict[str, int]) -> Iterator[str]:
    """How many files brought how many figures, how many findings are new, and what else."""
    figures = f"{counted(counts['new'], 'new figure')}, {number(counts['restated'])} restated"
    files = f"{counted(counts['files'], 'file')} with news: {figures}."
    told = files if counts["files"] else "No file brought news."
    yield f"{told} {counted(counts['findings'], 'new finding')}."
    if counts["others"]:
        changes = counted(counts["others"], "other change")
        yield f"{changes} to what is held since the last run: `kpi history` lists them."


def _failed(failures: Sequence[InputError]) -> Iterator[Section]:
    if failures:
        said = Listing(tuple(map(_said, failures)))
        again = "This is said at every run until it is mended or moved."
        yield Section("Could not be read", (said, Paragraph(again)))


def _said(failure: InputError) -> str:
    place = "" if failure.where in failure.what else f"{failure.where}: "
    return f"{place}{failure.what} ({failure.hint})." if failure.hint else f"{place}{failure.what}."


def _left_alone(passed_over: Sequence[str]) -> Iterator[Section]:
    if passed_over:
        yield Section("Left alone", (Listing(tuple(f"{each}." for each in passed_over)),))


def _found(findings: Answer, titles: dict[str, str]) -> Iterator[Section]:
    for section in check_document(findings, titles).sections:
        yield replace(section, title=f"Not found before – {section.title}")
