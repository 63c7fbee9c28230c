"""What the other commands answer to a report's question, all of one look at the store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.paper.changes import Verdicts
from kpi.domain.period import Period
from kpi.domain.scorecard import Place, figures
from kpi.store import Snapshot
from kpi.usecases.check import CheckOptions, check
from kpi.usecases.compare import compare
from kpi.usecases.project import Choice, Project
from kpi.usecases.rag import rag
from kpi.usecases.trend import trend


@dataclass(frozen=True, slots=True)
class Question:
    """What a paper is about, once that is decided.

    Attributes:
        project: Catalogue and store.
        snapshot: The one look at the store.
        choice: What each command is asked: the indicators by id, and the period.
        period: The paper's.
        indicators: The paper's, in the catalogue's order.
        place: Whose figures.
        hide_small: Whether small numbers are suppressed.
    """

    project: Project
    snapshot: Snapshot
    choice: Choice
    period: Period
    indicators: tuple[Indicator, ...]
    place: Place
    hide_small: bool

    @property
    def catalogue(self) -> Catalogue:
        """The project's catalogue."""
        return self.project.catalogue

    @property
    def place_words(self) -> str:
        """The one area or unit that is asked about; empty where the authority is among it."""
        place = self.place
        area = place.area if place.area not in (None, self.catalogue.authority) else ""
        return ", ".join(each for each in (area, place.unit) if each)

    @property
    def is_whole(self) -> bool:
        """Whether every indicator of the catalogue is asked about."""
        return len(self.indicators) == len(self.catalogue.indicators)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered.

    Attributes:
        rag, trend, compare, check: The answers for the paper's period.
        before: The verdicts of the period before, by what is held now.
        held: The held figures of the paper's rows, up to its period.
    """

    rag: Answer
    trend: Answer
    compare: Answer
    check: Answer
    before: Verdicts
    held: pl.DataFrame

    @property
    def now(self) -> Verdicts:
        """The verdicts of the paper's period."""
        return Verdicts(self.rag.rows, self.trend.rows, self.compare.rows)


def answered(question: Question, *, today: date) -> Answers:
    """The answers to a question.

    Args:
        question: What is asked.
        today: The day of the run, for `check` alone.
    """
    ratings, trends, comparisons = _asked(question, question.choice)
    earlier = replace(question.choice, period=str(question.period.previous()))
    checked = check(
        question.project,
        question.choice,
        CheckOptions(hide_small=question.hide_small),
        today=today,
        snapshot=question.snapshot,
    )
    return Answers(
        ratings,
        trends,
        comparisons,
        checked.answer,
        Verdicts(*(answer.rows for answer in _asked(question, earlier))),
        _held(question),
    )


def ratings_of(question: Question, snapshot: Snapshot, *, period: Period) -> pl.DataFrame:
    """The rows of `rag` for a period, by what is held in a snapshot."""
    choice = replace(question.choice, period=str(period))
    return rag(question.project, choice, hide_small=question.hide_small, snapshot=snapshot).rows


def _asked(question: Question, choice: Choice) -> tuple[Answer, Answer, Answer]:
    """What `rag`, `trend` and `compare` answer."""
    ratings, trends, comparisons = (
        command(
            question.project, choice, hide_small=question.hide_small, snapshot=question.snapshot
        )
        for command in (rag, trend, compare)
    )
    return ratings, trends, comparisons


def _held(question: Question) -> pl.DataFrame:
    """The figures that count; what is to be hidden follows from all of the area's."""
    place, end = question.place, question.period.end
    known = question.snapshot.observations.filter(
        replace(place, unit=None).filter() & (pl.col("period_end") <= end)
    )
    return (
        figures(known, question.catalogue, hide_small=question.hide_small)
        .filter(place.filter())
        .filter(pl.col("indicator").is_in([each.id for each in question.indicators]))
        .collect()
    )
