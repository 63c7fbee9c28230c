"""`kpi check`: which figures cannot be trusted, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.catalogue import Catalogue
from kpi.domain.checks import CHECKS, all_findings
from kpi.domain.checks.context import Context, context_of
from kpi.domain.checks.hiding import hidden_cells, hidden_changes, with_small_hidden
from kpi.domain.checks.notes import awaited_series, notes, rebased_rates
from kpi.domain.findings import (
    SEVERITIES,
    in_order,
    is_over,
    is_selected,
    nearest_codes,
    with_accepted,
)
from kpi.domain.observation import address
from kpi.domain.period import Period
from kpi.errors import InputError, RequestError
from kpi.store import Snapshot
from kpi.usecases.check_published import published_for
from kpi.usecases.check_subject import Subject, subject_of_files, subject_of_store
from kpi.usecases.project import Choice, Project, chosen_indicators, chosen_period, newest_period

LEVELS = ("error", "warning")
"""What `--fail-on` takes."""

_PREFIX = "KPI"

_LAST_PERIOD = Period.of_month(2100, 12)
"""Where nothing says a period, everything has been by then."""

_TELLING = ("KPI121", "KPI205")
"""The checks that tell what the readers say of a row too."""

_ROW_OF_CELL = re.compile(r"(\S.*?!)[A-Z]{1,3}([0-9]+)\b")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How figures are to be checked.

    Attributes:
        select: Codes, or their beginnings, of the only checks wanted; none for all.
        ignore: Codes, or their beginnings, of checks not wanted.
        hidden: Read hidden sheets too.
        hide_small: Whether small numbers are suppressed, as in all that leaves the machine.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    hidden: bool = False
    hide_small: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check.

    Attributes:
        answer: The answer; a row a finding.
        failures: Files that could not be read, in the order given.
    """

    answer: Answer
    failures: tuple[InputError, ...] = ()


def check(
    project: Project,
    choice: Choice | None = None,
    options: CheckOptions | None = None,
    *,
    paths: Iterable[Path] = (),
    today: date,
    snapshot: Snapshot | None = None,
) -> Checked:
    """Every finding on the held figures, or on files, of which nothing is stored.

    Files are judged together with what is held, and the findings are about them alone. A
    file that cannot be read is a failure, and the others are checked all the same.

    Args:
        project: Catalogue and store.
        choice: Which part of it; by default all, up to the newest own month.
        options: Which checks, and how.
        paths: The files, in the order in which they are to count; none for the store.
        today: The day of the run.
        snapshot: What is held, where it has been read already.

    Returns:
        An answer whose rows have the fields of design.md, section 6, and `accepted_why`.

    Raises:
        RequestError: What was asked for is unknown.
    """
    choice, options = choice or Choice(), options or CheckOptions()
    catalogue = project.catalogue
    snapshot = snapshot or project.store.snapshot(as_of=choice.as_of)
    subject = _subject(project, snapshot, paths, hidden=options.hidden)
    chosen, judged_by = _periods(subject, catalogue, said=choice.period, today=today)
    context = _context(subject, catalogue, chosen=chosen, judged_by=judged_by, today=today)
    on = judged_by.end if judged_by else None
    findings, said = _found(context, subject, choice, options, on=on)
    rows = finding_rows(findings.filter(_part(catalogue, choice)), catalogue)
    ended = _about_acceptances(catalogue, judged_by)
    answer = Answer(
        command="check",
        authority=catalogue.authority,
        period=str(chosen) if chosen else None,
        as_of=snapshot.as_of,
        catalogue_sha256=catalogue.sha256,
        rows=rows,
        counts=_counts(rows),
        messages=(*_untold(subject.messages, rows), *said, *ended),
    )
    return Checked(answer, subject.failures)


def is_failing(answer: Answer, *, level: str) -> bool:
    """Whether an answer holds a finding as bad as `--fail-on` names, accepted ones aside."""
    levels = {"error": ["error"], "warning": ["error", "warning"]}.get(level, [])
    rows = answer.rows.filter(~pl.col("accepted"))
    return bool(rows["severity"].is_in(levels).any())


def finding_rows(findings: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Findings under the names of design.md, section 6."""
    titles = {each.id: each.title for each in catalogue.indicators}
    themes = {each.id: each.theme for each in catalogue.indicators if each.theme}
    types = {each.id: str(each.outturn) for each in catalogue.indicators}
    indicator = pl.col("indicator")

    def of_indicator(words: dict[str, str]) -> pl.Expr:
        return indicator.replace_strict(words, default=None, return_dtype=pl.String)

    source = pl.struct(file="source_file", sheet="source_sheet", cell="source_cell")
    return findings.select(
        "indicator",
        of_indicator(titles).alias("title"),
        of_indicator(themes).alias("theme"),
        *("area", "unit", "period"),
        pl.col("value").alias("outturn"),
        of_indicator(types).alias("outturn_type"),
        "state",
        pl.when(pl.col("source_file").is_not_null()).then(source).alias("source"),
        *("code", "severity", "message", "hint", "accepted"),
        pl.col("related").fill_null([]),
        "accepted_why",
    )


def _subject(
    project: Project, snapshot: Snapshot, paths: Iterable[Path], *, hidden: bool
) -> Subject:
    if files := list(paths):
        return subject_of_files(project, snapshot, files, hidden=hidden)
    return subject_of_store(project, snapshot)


def _context(
    subject: Subject,
    catalogue: Catalogue,
    *,
    chosen: Period | None,
    judged_by: Period | None,
    today: date,
) -> Context:
    return context_of(
        subject.observations,
        catalogue=catalogue,
        today=today,
        up_to=judged_by or _LAST_PERIOD,
        until=chosen,
        restated=subject.restated,
        labels=subject.labels,
        published=published_for(catalogue),
    )


def _found(
    context: Context, subject: Subject, choice: Choice, options: CheckOptions, *, on: date | None
) -> tuple[pl.DataFrame, tuple[Message, ...]]:
    """The findings, in order, and what else is to be said."""
    catalogue = context.catalogue
    sheets = (
        context.cells.filter("is_subject")
        .group_by("source_file", "source_sheet")
        .agg(sheet_order=pl.col("row").min())
    )
    places, awaited, rebased = pl.collect_all(
        [sheets, awaited_series(context), rebased_rates(context)]
    )
    years = {each.id: each.year for each in catalogue.indicators}
    findings = (
        all_findings(context, codes=_chosen_codes(options))
        .pipe(with_accepted, catalogue.accepts, years=years, on=on)
        .pipe(in_order, places=places)
    )
    if options.hide_small:
        changes = hidden_changes(context.restated.collect(), subject.observations, catalogue)
        hidden = pl.concat([hidden_cells(context), changes])
        findings = with_small_hidden(findings, hidden=hidden, catalogue=catalogue, checks=CHECKS)
    is_wanted = pl.col("indicator").is_in(
        [each.id for each in chosen_indicators(catalogue, choice)]
    )
    said = notes(awaited.filter(is_wanted), rebased.filter(is_wanted), catalogue)
    return findings, tuple(Message("info", text) for text in said)


def _untold(messages: Iterable[Message], rows: pl.DataFrame) -> list[Message]:
    """The messages but for those about a row of a source of which a finding tells already."""
    told = {
        _ROW_OF_CELL.sub(r"\1\2", address(source["file"], source["sheet"], source["cell"]))
        for source in rows.filter(pl.col("code").is_in(_TELLING))["source"]
        if source and source["cell"]
    }
    return [
        each
        for each in messages
        if not ((found := _ROW_OF_CELL.match(each.text)) and "".join(found.groups()) in told)
    ]


def _periods(
    subject: Subject, catalogue: Catalogue, *, said: str | None, today: date
) -> tuple[Period | None, Period | None]:
    """The chosen period, and that by which series must go on and acceptances hold."""
    chosen = _chosen_period(catalogue, subject.observations, said=said)
    return chosen, _judged_by(chosen, catalogue, subject.observations, said=said, today=today)


def _chosen_period(
    catalogue: Catalogue, observations: pl.LazyFrame, *, said: str | None
) -> Period | None:
    """The period asked for, or the newest of what is checked; null where no figure gives one."""
    subject = observations.filter("is_subject")
    if said is not None and said.strip().casefold() != "latest":
        return chosen_period(catalogue, subject, said=said)
    try:
        return newest_period(catalogue, subject)
    except RequestError:
        return None


def _judged_by(
    chosen: Period | None,
    catalogue: Catalogue,
    observations: pl.LazyFrame,
    *,
    said: str | None,
    today: date,
) -> Period | None:
    """The period by which series must go on, figures are new and acceptances hold.

    The chosen one. Where that was not asked for and has not begun, its year mistyped, the
    newest that has; where no figure gives one, the newest that is spoken of.
    """
    if chosen is None:
        return _newest_spoken_of(catalogue, observations)
    if said is not None or chosen.start <= today:
        return chosen
    begun = observations.filter(pl.col("period_start") <= today)
    return _chosen_period(catalogue, begun, said=None) or chosen


def _newest_spoken_of(catalogue: Catalogue, observations: pl.LazyFrame) -> Period | None:
    """The month in which the newest own period ends, whatever is said of it."""
    is_own = pl.col("is_subject") & (pl.col("area") == catalogue.authority)
    said = observations.filter(is_own & (pl.col("state") != "blank"))
    end = said.select(pl.col("period_end").max()).collect().item()
    return Period.of_month(end.year, end.month) if end else None


def _part(catalogue: Catalogue, choice: Choice) -> pl.Expr:
    """Whether a finding is about what is asked for: every one is, unless a part is named."""
    indicators = [each.id for each in chosen_indicators(catalogue, choice)]
    is_place = pl.col("indicator").is_null() | pl.col("indicator").is_in(indicators)
    if choice.area and choice.area.casefold() != "all":
        is_place &= pl.col("area") == choice.area
    if choice.unit is not None:
        is_place &= pl.col("unit") == choice.unit
    elif choice.by_unit:
        is_place &= pl.col("unit") != ""
    return is_place


def _chosen_codes(options: CheckOptions) -> list[str]:
    """The codes of the checks wanted.

    Raises:
        RequestError: A selection names no check.
    """
    select, ignore = ([_code(said) for said in names] for names in (options.select, options.ignore))
    return [code for code in CHECKS if is_selected(code, select=select, ignore=ignore)]


def _code(said: str) -> str:
    """A code, or its beginning, as it was meant: `204` and `kpi204` are `KPI204`."""
    code = said.strip().upper()
    code = code if code.startswith(_PREFIX) else f"{_PREFIX}{code}"
    if any(each.startswith(code) for each in CHECKS):
        return code
    near = nearest_codes(code, codes=CHECKS) if len(code) > len("KPI20") else []
    meant = f"did you mean {' or '.join(f'`{name}`' for name in near)}? " if near else ""
    raise RequestError(
        f"no check has a code beginning with `{said}`",
        hint=f"{meant}the codes are {', '.join(CHECKS)}",
    )


def _counts(rows: pl.DataFrame) -> dict[str, int]:
    failing = rows.filter(~pl.col("accepted"))["severity"].to_list()
    counts = {severity: failing.count(severity) for severity in SEVERITIES}
    return counts | {"accepted": int(rows["accepted"].sum())}


def _about_acceptances(catalogue: Catalogue, judged_by: Period | None) -> list[Message]:
    """The acceptances that have ended, whose findings fail again."""
    if judged_by is None:
        return []
    return [
        Message(
            "warning",
            f"{each.code} was accepted{f' for {each.indicator}' if each.indicator else ''} until "
            f"{each.until}, which is before the end of {judged_by}.",
        )
        for each in catalogue.accepts
        if is_over(each, on=judged_by.end)
    ]
