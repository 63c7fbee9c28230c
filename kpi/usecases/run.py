"""`kpi run`: the monthly job in one go: what is new is read, checked, and the exceptions told.

Made for a machine that starts it every morning. Where nothing is new it has nothing to say.
News is a new or a restated figure, a finding that was not there before, or anything else
that was done to the store since the run last told what is held: by hand, or by a run that
was killed before it could tell. `settle` keeps that it has been told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.findings import FINDING, SEVERITIES
from kpi.errors import InputError, RequestError
from kpi.readers.inbox import PassedOver
from kpi.store import Snapshot
from kpi.store.told import mark_as_told, told_up_to
from kpi.usecases.check import CheckOptions, check, finding_rows
from kpi.usecases.ingest import ROWS
from kpi.usecases.project import Choice, Project, newest_period
from kpi.usecases.report import Report, ReportOptions, report
from kpi.usecases.run_reading import Taken, Track, read_new, untracked
from kpi.usecases.sources import in_one_line

_NO_ROWS: dict[str, pl.DataType] = {
    name: pl.String() for name in ("indicator", "title", "theme", "area", "unit", "period")
}

LEVELS = ("error", "warning")
"""What `--fail-on` takes: a finding that was not there before and is as bad."""

SAME = ("code", "indicator", "area", "unit", "period")
"""What makes a finding the same as one of before, wherever its figure stands by now."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is to be told.

    Attributes:
        hide_small: Whether small numbers are suppressed, as in all that leaves the machine.
        internal: Whether small numbers are kept on purpose, which is then stated.
    """

    hide_small: bool = False
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run.

    Attributes:
        answer: What machines get: `rows` are those of `report --exceptions`; beside them
            `changed`, `files` (the rows of `ingest`), `findings` (of `check`, not there
            before), `failures` and `passed_over`.
        read: The answer of `ingest` about the files that brought news.
        findings: The answer of `check` about the findings that were not there before.
        report: The paper of exceptions; null where nothing is new, or no figure is held.
        failures: What could not be read.
        passed_over: What was left alone.
        is_news: Whether something changed since the run last told what is held.
        seq: Number of the newest batch, up to which this run tells.
    """

    answer: Answer
    read: Answer
    findings: Answer
    report: Report | None
    failures: tuple[InputError, ...]
    passed_over: tuple[PassedOver, ...]
    is_news: bool
    seq: int

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to say: no news, and no failure."""
        return not self.is_news and not self.failures


@dataclass(frozen=True, slots=True)
class _News:
    """What changed since the run last told what is held.

    Attributes:
        taken: What the files gave.
        read, findings: As in `Run`.
        others: How many batches came in otherwise, undos included.
    """

    taken: Taken
    read: Answer
    findings: Answer
    others: int

    @property
    def is_any(self) -> bool:
        """Whether anything did."""
        return bool(self.others or self.taken.rows or self.findings.rows.height)

    def counts(self) -> dict[str, int]:
        """Word to number."""
        return {
            "files": self.read.rows.height,
            **self.read.counts,
            "findings": self.findings.rows.height,
            "failures": len(self.taken.failures),
            "others": self.others,
        }


def run(
    project: Project,
    places: Iterable[Path],
    options: RunOptions | None = None,
    *,
    now: datetime,
    track: Track = untracked,
) -> Run:
    """Reads what is new in folders and files, and says what changed and what is an exception.

    A file that cannot be read is a failure, and the others are stored all the same. A file
    that is held already is not read again unless the catalogue or `kpi` has changed since;
    one that was taken back with `undo` stays taken back.

    Args:
        project: Catalogue and store.
        places: Folders, and files named themselves.
        options: How to tell it.
        now: The moment of the run.
        track: Watches over the files being read.

    Raises:
        RequestError: A commentary file is wrong.
        StoreError: The store cannot be read or written, or another run holds it.
    """
    options = options or RunOptions()
    before = project.store.snapshot()
    since = _since(project, before)
    taken = read_new(
        project, places, known=before.batches, now=now, hide_small=options.hide_small, track=track
    )
    after = project.store.snapshot()
    findings = _new_findings(project, options, after, since=since, now=now)
    read = _read(project, after, taken)
    news = _News(taken, read, findings, others=_newest(before) - since)
    made = _paper(project, options, after, now=now) if news.is_any else None
    return Run(
        answer=_answer(project, options, news, made),
        read=read,
        findings=findings,
        report=made,
        failures=tuple(taken.failures),
        passed_over=tuple(taken.passed_over),
        is_news=news.is_any,
        seq=_newest(after),
    )


def settle(project: Project, ran: Run) -> None:
    """Keeps that what a run had to say has been said: the next one starts from there.

    Raises:
        StoreError: The store's folder cannot be written.
    """
    if told_up_to(project.store.folder) != ran.seq:
        mark_as_told(project.store.folder, seq=ran.seq)


def is_failing(ran: Run, *, level: str) -> bool:
    """Whether a finding that was not there before is as bad as `--fail-on` names."""
    levels = {"error": ["error"], "warning": ["error", "warning"]}.get(level, [])
    return bool(ran.findings.rows["severity"].is_in(levels).any())


def _since(project: Project, before: Snapshot) -> int:
    """Number of the batch up to which was told; the newest one where nobody kept it."""
    newest = _newest(before)
    told = told_up_to(project.store.folder)
    if told is None:
        # Kept before anything is read: this run may be the one that is killed.
        mark_as_told(project.store.folder, seq=newest)
        return newest
    return min(told, newest)


def _newest(snapshot: Snapshot) -> int:
    return snapshot.batches[-1].seq if snapshot.batches else 0


def _new_findings(
    project: Project, options: RunOptions, held: Snapshot, *, since: int, now: datetime
) -> Answer:
    """What `check` finds in what is held and did not find then, nothing accepted.

    Where no batch came in since, there is nothing to look for.
    """
    if since == _newest(held):
        return _found(project, held, finding_rows(pl.DataFrame(schema=FINDING), project.catalogue))
    rows = _marked(_checked(project, options, held, now=now))
    if since:
        then = next(each.ingested_at for each in held.batches if each.seq == since)
        before = project.store.snapshot(as_of=then)
        known = _marked(_checked(project, options, before, now=now)).select(*SAME, "about")
        rows = rows.join(known, on=[*SAME, "about"], how="anti", nulls_equal=True)
    return _found(project, held, rows.drop("about"))


def _found(project: Project, held: Snapshot, rows: pl.DataFrame) -> Answer:
    """The answer of `check` about these findings."""
    severities = rows["severity"].to_list()
    return Answer(
        command="check",
        authority=project.catalogue.authority,
        period=None,
        as_of=held.as_of,
        catalogue_sha256=project.catalogue.sha256,
        rows=rows,
        counts={word: severities.count(word) for word in SEVERITIES} | {"accepted": 0},
    )


def _checked(
    project: Project, options: RunOptions, held: Snapshot, *, now: datetime
) -> pl.DataFrame:
    asked = CheckOptions(hide_small=options.hide_small)
    return check(project, Choice(), asked, today=now.date(), snapshot=held).answer.rows


def _marked(rows: pl.DataFrame) -> pl.DataFrame:
    """The findings not accepted; what is about no indicator is known by its words alone."""
    about = pl.when(pl.col("indicator").is_null()).then("message")
    return rows.filter(~pl.col("accepted")).with_columns(about=about)


def _paper(
    project: Project, options: RunOptions, held: Snapshot, *, now: datetime
) -> Report | None:
    """The paper of exceptions; null where no figure of the authority's own is held."""
    try:
        newest_period(project.catalogue, held.observations)
    except RequestError:
        return None
    asked = ReportOptions(exceptions=True, hide_small=options.hide_small, internal=options.internal)
    return report(project, Choice(), asked, today=now.date())


def _read(project: Project, held: Snapshot, taken: Taken) -> Answer:
    """The answer of `ingest` about the files with news."""
    rows = pl.DataFrame(taken.rows, schema=ROWS, orient="row")
    counts = {name: int(rows[name].sum()) for name in ("new", "restated")}
    return Answer(
        command="ingest",
        authority=project.catalogue.authority,
        period=None,
        as_of=held.as_of,
        catalogue_sha256=project.catalogue.sha256,
        rows=rows,
        counts=counts,
    )


def _answer(project: Project, options: RunOptions, news: _News, made: Report | None) -> Answer:
    paper = made.answer if made else None
    taken = news.taken
    return Answer(
        command="run",
        authority=project.catalogue.authority,
        period=paper.period if paper else None,
        as_of=news.read.as_of,
        catalogue_sha256=project.catalogue.sha256,
        rows=paper.rows if paper else pl.DataFrame(schema=_NO_ROWS),
        counts=news.counts() | (paper.counts if paper else {}),
        messages=tuple(_messages(taken, paper)),
        internal=options.internal,
        beside={
            "changed": news.is_any,
            "files": news.read.rows.to_dicts(),
            "findings": news.findings.rows.to_dicts(),
            "failures": [_said(each) for each in taken.failures],
            "passed_over": [{"file": each.file, "why": each.why} for each in taken.passed_over],
        }
        | (paper.beside if paper else {}),
    )


def _messages(taken: Taken, paper: Answer | None) -> Iterator[Message]:
    """The failures, then what else is to be known, each once."""
    yield from (Message("error", in_one_line(each)) for each in taken.failures)
    said = [*taken.messages, *(paper.messages if paper else ())]
    yield from dict.fromkeys(said)
    for each in taken.passed_over:
        if not each.is_usual:
            yield Message("info", f"{each.file} {each.why}")


def _said(failure: InputError) -> dict[str, object]:
    return {
        "what": failure.what,
        "where": failure.where,
        "hint": failure.hint,
        "exit_code": failure.exit_code,
    }
