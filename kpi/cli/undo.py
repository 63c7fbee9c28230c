"""`kpi undo`: the last batch back."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli import clock
from kpi.cli.answering import finish
from kpi.cli.options import COMMON, Asked, with_options


@with_options(COMMON)
def undo(
    asked: Asked,
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason, for the history.")] = "",
) -> None:
    """Take back the last batch; nothing is deleted.

    The undo is a batch of its own, and the source can be ingested again.

    \b
    Examples:
      kpi undo --why "wrong file"
    """  # noqa: D301
    from kpi.renderers.history import history_document
    from kpi.usecases.undo import undo

    project = asked.project()
    answer = undo(project, why=why, now=clock.now())
    finish(asked, answer, lambda shown: history_document(shown, project.catalogue), silent=True)
