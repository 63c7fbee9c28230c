"""`kpi report`: ratings, trends, comparisons, findings and commentary as one paper.

Everything is asked of one look at the store, and all for the same period. What the answers
say of the period before, and said of it when it was reported, gives what changed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.chart import SpcChart
from kpi.domain.comparison.notes import attribution, not_compared
from kpi.domain.paper.commentary import Comment, Commentary
from kpi.domain.paper.contents import Chapter, Key, Paper, key_of
from kpi.domain.paper.figures import periods_across
from kpi.domain.paper.methods import definitions, methods
from kpi.domain.trend.chart import spc_chart
from kpi.errors import RequestError
from kpi.readers.commentary import read_commentary
from kpi.usecases.project import (
    Choice,
    Project,
    chosen_period,
)
from kpi.usecases.question import asked
from kpi.usecases.report_answers import Answers, Question, answered
from kpi.usecases.report_changes import (
    change_notes,
    changed_since,
    held_before,
    restated_since,
)
from kpi.usecases.report_notes import data_notes, machine_answer, paper_counts
from kpi.usecases.report_rows import exceptions_first, paper_rows, places_of, unlisted


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a paper is to be made.

    Attributes:
        audience: Only the indicators that the catalogue has for this audience; empty for all.
        exceptions: Only red and amber, worst first: the paper of two pages.
        hide_small: Whether small numbers are suppressed, as in all that leaves the machine.
        internal: Whether small numbers are kept on purpose, which the paper then states.
    """

    audience: str = ""
    exceptions: bool = False
    hide_small: bool = False
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a report.

    Attributes:
        paper: What people get.
        answer: What machines get: `rows`, one an indicator, has the fields of `rag`, `trend`
            and `compare`.
        ratings: What `rag` answers, by which `--fail-on` decides.
    """

    paper: Paper
    answer: Answer
    ratings: Answer


def report(
    project: Project,
    choice: Choice | None = None,
    options: ReportOptions | None = None,
    *,
    today: date,
) -> Report:
    """The paper of a period.

    Args:
        project: Catalogue and store.
        choice: Which part of it; by default every indicator at the newest month.
        options: For whom, and how much of it.
        today: The day of the run, for `check` and for the dates of commentary alone.

    Raises:
        RequestError: Nothing is held, or what was asked for is unknown.
        CatalogueError: A commentary file is wrong.
    """
    options = options or ReportOptions()
    question = _question(project, choice or Choice(), options)
    commentary = read_commentary(question.catalogue, up_to=question.period, today=today)
    answers = answered(question, today=today)
    paper = _paper(question, options, answers, commentary)
    answer = machine_answer(paper, answers)
    doubts = (Message("warning", said) for said in commentary.doubts)
    answer = replace(answer, messages=(*answer.messages, *doubts))
    return Report(paper, answer, answers.rag)


def _question(project: Project, choice: Choice, options: ReportOptions) -> Question:
    found = asked(project, choice)
    catalogue = found.catalogue
    # Every answer looks at the rows: they are parsed once.
    snapshot = replace(found.snapshot, observations=found.observations.collect().lazy())
    indicators = _of_audience(found.indicators, catalogue, options.audience)
    period = chosen_period(catalogue, snapshot.observations, said=choice.period)
    ids = tuple(each.id for each in indicators)
    return Question(
        project,
        snapshot,
        replace(choice, period=str(period), theme=None, indicators=ids),
        period,
        indicators,
        found.place,
        options.hide_small,
    )


def _of_audience(
    indicators: tuple[Indicator, ...], catalogue: Catalogue, audience: str
) -> tuple[Indicator, ...]:
    """The indicators for an audience.

    Raises:
        RequestError: The catalogue knows no such audience, or none of them is for it.
    """
    wanted = audience.strip().casefold()
    known = {name.casefold(): name for each in catalogue.indicators for name in each.audience}
    if wanted and wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
        names = [f"`{known[name]}`" for name in near or sorted(known)]
        raise RequestError(
            f"no indicator is for the audience `{audience}`",
            where=str(catalogue.path),
            hint=f"did you mean {' or '.join(names)}?"
            if names
            else "give the indicators an `audience` there",
        )
    found = tuple(
        each
        for each in indicators
        if not wanted or wanted in (name.casefold() for name in each.audience)
    )
    if not found:
        raise RequestError(
            "no indicator is left to report", hint="ask for another theme or audience"
        )
    return found


def _paper(
    question: Question, options: ReportOptions, answers: Answers, commentary: Commentary
) -> Paper:
    catalogue, indicators = question.catalogue, question.indicators
    before = held_before(question.snapshot, period=question.period)
    restated = restated_since(question, before)
    changed = changed_since(question, answers, before, restated)
    if question.place_words:
        # Written of the authority: beside another's figures it would be taken for theirs.
        commentary = Commentary()
    periods = periods_across(answers.held, up_to=question.period, year=catalogue.default_year)
    places = places_of(answers.compare.rows)
    rows = paper_rows(answers, catalogue, periods=periods, places=places, restated=restated)
    every = list(rows.iter_rows(named=True))
    compared = [row for row in every if row["comparators"] is not None]
    return Paper(
        catalogue=catalogue,
        period=question.period,
        as_of=question.snapshot.as_of,
        revision=question.snapshot.batches[-1].seq,
        periods=periods,
        places=places,
        rows=exceptions_first(rows) if options.exceptions else rows,
        charts=_charts(answers.trend.rows, catalogue),
        # Two pages say of each row how it stands beside others; that it turned is for the whole.
        changes=changed.filter(pl.col("kind") != "comparison") if options.exceptions else changed,
        change_notes=(
            *change_notes(question, answers, before, changed),
            *(unlisted(every) if options.exceptions else ()),
        ),
        chapters=() if options.exceptions else _chapters(question, commentary),
        comments=_comments(question, commentary),
        # Written of everything, so it may speak of what this reader is not shown.
        summary=commentary.summary if question.is_whole else None,
        findings=answers.check.rows,
        notes=data_notes(question, answers, every, restated=restated, before=before),
        not_compared=tuple(not_compared(compared, catalogue)),
        definitions=definitions(indicators),
        methods=methods(catalogue, indicators, every, hides_small=options.hide_small),
        attribution=attribution(compared),
        counts=paper_counts(answers),
        audience=options.audience,
        place=question.place_words,
        is_exceptions=options.exceptions,
        is_internal=options.internal,
    )


def _charts(trends: pl.DataFrame, catalogue: Catalogue) -> dict[Key, SpcChart]:
    """The control chart of each row that has one."""
    by_id = catalogue.by_id
    charts = (
        (key_of(row), spc_chart(row, by_id[row["indicator"]], authority=catalogue.authority))
        for row in trends.iter_rows(named=True)
        if row["chart"]
    )
    return {key: chart for key, chart in charts if chart}


def _comments(question: Question, commentary: Commentary) -> dict[str, Comment]:
    ids = {each.id for each in question.indicators}
    return {id_: each for id_, each in commentary.indicators.items() if id_ in ids}


def _chapters(question: Question, commentary: Commentary) -> tuple[Chapter, ...]:
    """The themes with rows; in a paper of everything every theme, and what has none last."""
    catalogue = question.catalogue
    used = {each.theme for each in question.indicators}
    listed: Iterable[str] = (each.id for each in catalogue.themes)
    themes = [id_ for id_ in listed if question.is_whole or id_ in used]
    untitled = "Other indicators" if any(themes) else "Indicators"
    themes += [each.theme for each in question.indicators if each.theme not in themes]
    return tuple(
        Chapter(
            theme,
            catalogue.theme_title(theme) if theme else untitled,
            commentary.themes.get(theme),
        )
        for theme in sorted(dict.fromkeys(themes), key=lambda theme: not theme)
    )
