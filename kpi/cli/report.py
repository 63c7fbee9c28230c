"""`kpi report`: the board's paper."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpi.cli.answering import conclude, finish, hides_small, level
from kpi.cli.mailing import EML, Envelope, Sender, Subject, To
from kpi.cli.options import CHOICE, COMMON, Asked, Format, with_options
from kpi.cli.output import ENDINGS, chosen_format, deliver, refuse_terminal
from kpi.cli.progress import progress

if TYPE_CHECKING:
    from kpi.domain.paper.contents import Paper

XLSX = "xlsx"
PAPER_ENDINGS = ENDINGS | {".eml": EML, ".xlsx": XLSX}
PaperFormat = StrEnum(  # type: ignore[misc]
    "PaperFormat", [*(each.value for each in Format), EML, XLSX]
)
"""What a paper is written as: an e-mail and a workbook beside what every answer is."""

WIDE = ("html", "markdown")
"""Formats whose tables may be as wide as they need to be."""

PICTURED = ("html", EML)
"""Formats in which control charts are pictures."""

OWN: dict[str, Any] = {
    "format": Annotated[
        PaperFormat | None,
        typer.Option(help="What to write; auto is table on a terminal, text in a pipe."),
    ],
}


@with_options(COMMON, CHOICE, OWN, endings=PAPER_ENDINGS)
def report(
    asked: Asked,
    exceptions: Annotated[
        bool, typer.Option("--exceptions", help="Two pages: red and amber only, worst first.")
    ] = False,
    audience: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Only the indicators that the catalogue has for this audience."
        ),
    ] = "",
    to: To = None,
    sender: Sender = "",
    subject: Subject = "",
) -> None:
    """Write the board's paper: ratings, trends, comparisons and commentary, theme by theme.

    \b
    Examples:
      kpi report                            the newest month, as text
      kpi report -o board.html              a page with its control charts
      kpi report --exceptions               red and amber only, and what changed
      kpi report --audience board -o b.md   the indicators marked for the board
      kpi report --fail-on worse            exit 1 when a rating got worse
      kpi report --format eml --to board@example.gov.uk \\
          --from kpi@example.gov.uk | sendmail -t

    Commentary and actions are taken from commentary/2021-10.toml beside the catalogue and
    carried forward until a later file says otherwise. --fail-on takes red, amber or worse.
    """  # noqa: D301
    from kpi.cli.clock import now
    from kpi.renderers.report import report_document
    from kpi.usecases.rag import is_failing
    from kpi.usecases.report import ReportOptions, report

    fail_on = level(asked, allowed=("red", "amber", "worse"))
    format_ = chosen_format(asked.format or "auto", output=asked.output, endings=PAPER_ENDINGS)
    envelope = Envelope(to or (), sender, subject)
    if format_ in (EML, XLSX):
        refuse_terminal(format_, output=asked.output)
    if format_ == EML:
        envelope.check()
    options = ReportOptions(
        audience=audience,
        exceptions=exceptions,
        hide_small=hides_small(asked),
        internal=asked.internal,
    )
    with progress(asked, "Working out the paper"):
        made = report(asked.project(), asked.choice(), options, today=now().date())
    failed = is_failing(made.ratings, level=fail_on)
    if format_ in (EML, XLSX):
        with progress(asked, "Writing"):
            content = _email(made.paper, envelope) if format_ == EML else _workbook(made.paper)
        deliver(content, output=asked.output)
        conclude(asked, made.answer, failed=failed)
        return
    finish(
        asked,
        made.answer,
        lambda _: report_document(made.paper, wide=format_ in WIDE, pictures=format_ in PICTURED),
        failed=failed,
    )


def _workbook(paper: Paper) -> bytes:
    from kpi.renderers.workbook import render_workbook

    return render_workbook(paper)


def _email(paper: Paper, envelope: Envelope) -> bytes:
    """The paper as a whole message, dated as its figures are: never by the clock."""
    from kpi.renderers.report import report_document

    return envelope.message(report_document(paper, pictures=True), date=paper.as_of)
