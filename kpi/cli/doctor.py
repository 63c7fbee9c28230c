"""`kpi doctor`: health."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli import clock
from kpi.cli.answering import finish
from kpi.cli.options import COMMON, Asked, with_options
from kpi.errors import StoreError


@with_options(COMMON)
def doctor(
    asked: Asked,
    verify: Annotated[
        bool, typer.Option("--verify", help="Look at every row of every file of the store.")
    ] = False,
    compact: Annotated[
        bool,
        typer.Option("--compact", help="Bring the store's many files together."),
    ] = False,
) -> None:
    """Show versions and paths, and whether the store is whole.

    Exit code 3 when it is not.

    \b
    Examples:
      kpi doctor
      kpi doctor --verify -q     silent when all is well
    """  # noqa: D301
    from kpi.renderers.doctor import doctor_document
    from kpi.usecases.doctor import doctor

    project = asked.project()
    if compact:
        project.store.compact(now=clock.now())
    answer = doctor(project, verify=verify)
    finish(asked, answer, doctor_document, silent=not answer.counts["problems"])
    if answer.counts["problems"]:
        raise typer.Exit(StoreError.exit_code)
