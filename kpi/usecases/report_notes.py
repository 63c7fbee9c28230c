"""What else a report says: notes on its data, its counts, and all of it for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from kpi.domain.answer import Answer
from kpi.domain.paper.commentary import Comment
from kpi.domain.paper.contents import Named, Paper
from kpi.domain.words import number
from kpi.usecases.report_answers import Answers, Question
from kpi.usecases.report_changes import Before
from kpi.usecases.report_rows import NOT_FOR_MACHINES, unplaced

Row = dict[str, Any]

_SIGNALS = ("concern", "improvement")


def data_notes(
    question: Question,
    answers: Answers,
    rows: Sequence[Row],
    *,
    restated: pl.DataFrame,
    before: Before | None,
) -> tuple[str, ...]:
    """What is to be known of the data, a sentence each.

    Args:
        question: What the paper is about.
        answers: What was answered to it.
        rows: The paper's rows.
        restated: What was restated.
        before: What was held until the period's own report came in.
    """
    said = (
        # What `check` says beside its findings is of every indicator.
        *(_infos(answers.check) if question.is_whole else ()),
        *_infos(answers.compare),
        *_about_restated(restated, before),
        *_about_provisional(rows),
        *_about_series(rows),
        *(
            f"{each['message']} ({each['code']})."
            for each in unplaced(answers)
            if question.is_whole
        ),
    )
    return tuple(dict.fromkeys(said))


def paper_counts(answers: Answers) -> dict[str, int]:
    """How many ratings of each kind, how many figures moved which way, how many charts signal."""
    moves = answers.rag.rows["direction_of_travel"].to_list()
    return (
        answers.rag.counts
        | {f"moved {way}": moves.count(way) for way in ("worse", "better")}
        | {word: answers.trend.counts[word] for word in _SIGNALS}
    )


def machine_answer(paper: Paper, answers: Answers) -> Answer:
    """The paper for machines; warnings of the answers are its messages.

    Args:
        paper: What people get.
        answers: What it was made from.
    """
    warnings = (
        each
        for answer in (answers.rag, answers.trend, answers.compare, answers.check)
        for each in answer.messages
        if each.level != "info"
    )
    return Answer(
        command="report",
        authority=paper.catalogue.authority,
        period=str(paper.period),
        as_of=paper.as_of,
        catalogue_sha256=paper.catalogue.sha256,
        rows=paper.rows.drop(NOT_FOR_MACHINES),
        counts=paper.counts,
        messages=tuple(dict.fromkeys(warnings)),
        internal=paper.is_internal,
        beside=_beside(paper),
    )


def _beside(paper: Paper) -> dict[str, object]:
    """What a paper says beside its rows."""
    return {
        "revision": paper.revision,
        "audience": paper.audience or None,
        "place": paper.place or None,
        "exceptions": paper.is_exceptions,
        "changes": paper.changes.to_dicts(),
        "change_notes": list(paper.change_notes),
        "summary": _comment(paper.summary),
        "themes": [
            {"theme": each.theme, "title": each.title, "commentary": _comment(each.comment)}
            for each in paper.chapters
        ],
        "commentary": {id_: _comment(each) for id_, each in paper.comments.items()},
        "notes": list(paper.notes),
        "not_compared": list(paper.not_compared),
        "definitions": _named(paper.definitions),
        "methods": _named(paper.methods),
        "attribution": list(paper.attribution),
    }


def _comment(comment: Comment | None) -> dict[str, object] | None:
    return None if comment is None else asdict(comment) | {"period": str(comment.period)}


def _named(said: Sequence[Named]) -> list[dict[str, object]]:
    return [asdict(each) for each in said]


def _infos(answer: Answer) -> Iterator[str]:
    return (each.text for each in answer.messages if each.level == "info")


def _about_restated(restated: pl.DataFrame, before: Before | None) -> Iterator[str]:
    if before is None or restated.is_empty():
        return
    count = number(restated.height, decimals=0)
    figures = "figure was" if restated.height == 1 else "figures were"
    yield f"Marked [r]: {count} {figures} restated since {before.file}."


def _about_provisional(rows: Sequence[Row]) -> Iterator[str]:
    marks = " ".join(each["marks"] or "" for row in rows for each in row["figures"])
    if "provisional" in marks:
        yield "Marked [p]: provisional at its source."
    if "partial" in marks:
        yield "Marked [part]: covers only a part of its period; not rated and not charted."


def _about_series(rows: Sequence[Row]) -> Iterator[str]:
    """What was left out of a series, where its limits begin anew, and workings."""
    for row in rows:
        for note in row["notes"] or ():
            yield f"{row['short_title']}: {note}"
