"""`kpi rag`: red, amber, green or why not."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli.answering import finish, hides_small, level
from kpi.cli.options import CHOICE, COMMON, Asked, with_options


@with_options(COMMON, CHOICE)
def rag(
    asked: Asked,
    indicators: Annotated[
        list[str] | None, typer.Argument(metavar="INDICATOR", help="Ids, titles or aliases.")
    ] = None,
    exceptions: Annotated[
        bool, typer.Option("--exceptions", help="Only red and amber, red and worsening first.")
    ] = False,
    changed: Annotated[
        bool,
        typer.Option("--changed", help="Only where the rating differs from the last period's."),
    ] = False,
) -> None:
    """Rate each indicator red, amber or green, or say why not.

    \b
    Examples:
      kpi rag                            every indicator at the newest month
      kpi rag --period 2021-09           as it was in September
      kpi rag --exceptions               red and amber only, worst first
      kpi rag referrals --format json    one indicator, for a program
      kpi rag --fail-on red              exit 1 when anything is red

    --fail-on takes red, amber or worse.
    """  # noqa: D301
    from kpi.renderers.rag import rag_document
    from kpi.usecases.rag import is_failing, rag

    fail_on = level(asked, allowed=("red", "amber", "worse"))
    project = asked.project()
    answer = rag(
        project,
        asked.choice(indicators),
        only_changed=changed,
        only_exceptions=exceptions,
        hide_small=hides_small(asked),
    )
    finish(
        asked,
        answer,
        lambda shown: rag_document(shown, project.catalogue, reasons=asked.verbose, turned=changed),
        failed=is_failing(answer, level=fail_on),
    )
