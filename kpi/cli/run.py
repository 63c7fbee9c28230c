"""`kpi run`: the monthly job in one go, for a machine that starts it every morning."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpi.cli import clock
from kpi.cli.answering import conclude, hides_small, level, write
from kpi.cli.ingest import expanded
from kpi.cli.mailing import EML, Envelope, Sender, Subject, To
from kpi.cli.options import COMMON, Asked, Format, with_options
from kpi.cli.output import ENDINGS, chosen_format, deliver, refuse_terminal
from kpi.cli.progress import progress

if TYPE_CHECKING:
    from datetime import datetime

    from kpi.domain.answer import Answer
    from kpi.domain.catalogue import Catalogue
    from kpi.domain.paper.document import Document
    from kpi.usecases.run import Run

RUN_ENDINGS = ENDINGS | {".eml": EML}
RunFormat = StrEnum("RunFormat", [*(each.value for each in Format), EML])  # type: ignore[misc]
"""What a run is written as: an e-mail beside what every answer is."""

OWN: dict[str, Any] = {
    "format": Annotated[
        RunFormat | None,
        typer.Option(help="What to write; auto is table on a terminal, text in a pipe."),
    ],
}


@with_options(COMMON, OWN, endings=RUN_ENDINGS)
def run(
    asked: Asked,
    inbox: Annotated[
        list[Path],
        typer.Argument(metavar="INBOX", help="Folders where reports are put, or files."),
    ],
    to: To = None,
    sender: Sender = "",
    subject: Subject = "",
) -> None:
    """Do the monthly job: read what is new, check it, and report the exceptions.

    \b
    Examples:
      kpi run inbox                         what changed, and red and amber
      kpi run inbox -q -o changed.html      a file, if there is anything to say
      kpi run inbox -q -o mail.eml --to board@example.gov.uk \\
          --from kpi@example.gov.uk

    Where no figure is new or restated, no finding is new and nothing failed, nothing is
    written: no output, no file, and with -q not a byte. So it may run every morning. A file
    that cannot be read is named, every time until it is mended or moved; the others are kept
    and told, and the exit code is 3. Hidden and unfinished files, locks and folders inside
    the folder are passed over (-v names them). --fail-on takes error or warning: a finding
    that was not there before.
    """  # noqa: D301
    from kpi.usecases.run import LEVELS, RunOptions, is_failing, run, settle

    fail_on = level(asked, allowed=LEVELS)
    format_ = chosen_format(asked.format or "auto", output=asked.output, endings=RUN_ENDINGS)
    envelope = Envelope(to or (), sender, subject)
    if format_ == EML:
        refuse_terminal(format_, output=asked.output)
        envelope.check()
    project, now = asked.project(), clock.now()
    options = RunOptions(hide_small=hides_small(asked), internal=asked.internal)
    with progress(asked, "Checking") as bar:
        ran = run(project, expanded(inbox), options, now=now, track=bar.track)
    if not ran.is_silent:
        _write(asked, ran, project.catalogue, envelope, format_=format_, now=now)
    settle(project, ran)
    conclude(asked, _with_notes(ran, verbose=asked.verbose), failed=False)
    if ran.failures:
        raise typer.Exit(max(each.exit_code for each in ran.failures))
    if is_failing(ran, level=fail_on):
        raise typer.Exit(1)


def _write(
    asked: Asked,
    ran: Run,
    catalogue: Catalogue,
    envelope: Envelope,
    *,
    format_: str,
    now: datetime,
) -> None:
    """Writes what the run has to say; a message about failures alone is of its own moment."""

    def document(_: Answer) -> Document:
        return _document(ran, catalogue, wide=format_ in ("html", "markdown"))

    if format_ != EML:
        write(asked, ran.answer, document)
        return
    with progress(asked, "Writing"):
        date = ran.answer.as_of if ran.is_news else now
        content = envelope.message(document(ran.answer), date=date)
    deliver(content, output=asked.output)


def _document(ran: Run, catalogue: Catalogue, *, wide: bool) -> Document:
    from kpi.domain.checks import CHECKS
    from kpi.renderers.run import run_document

    return run_document(
        ran.answer,
        catalogue,
        read=ran.read,
        findings=ran.findings,
        titles={code: each.title for code, each in CHECKS.items()},
        paper=ran.report.paper if ran.report else None,
        failures=ran.failures,
        passed_over=[f"{each.file} {each.why}" for each in ran.passed_over if not each.is_usual],
        wide=wide,
    )


def _with_notes(ran: Run, *, verbose: bool) -> Answer:
    """The answer with what else is to be told: that nothing is new, and what was passed over."""
    from dataclasses import replace

    from kpi.domain.answer import Message

    notes: list[Message] = []
    if verbose:
        notes += [
            Message("info", f"{each.file} {each.why}") for each in ran.passed_over if each.is_usual
        ]
    if ran.is_silent:
        notes.append(Message("info", "nothing is new"))
    return replace(ran.answer, messages=(*ran.answer.messages, *notes))
