"""`kpi compare`: against statistical neighbours, region, England and earlier years."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli.answering import finish, hides_small, level
from kpi.cli.options import CHOICE, COMMON, Asked, with_options


@with_options(COMMON, CHOICE)
def compare(
    asked: Asked,
    indicators: Annotated[
        list[str] | None, typer.Argument(metavar="[INDICATOR]...", help="Ids, titles or aliases.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Each neighbour too, best first, the own row marked.")
    ] = False,
    funnel: Annotated[
        bool,
        typer.Option("--funnel", help="Funnel limits among authorities, or units with --by-unit."),
    ] = False,
) -> None:
    """Set each indicator beside neighbours, region, England.

    \b
    Examples:
      kpi compare                           every indicator, diverging first
      kpi compare re-referrals --all        one, among all its neighbours
      kpi compare --period 2021-03          as it was in March
      kpi compare audit-good --by-unit --funnel
      kpi compare --fail-on worse           exit 1 when anything is worse

    England, the regions and the neighbours are published figures that come with kpi;
    `kpi reference` says of when. --fail-on takes worse.
    """  # noqa: D301
    from kpi.renderers.compare import compare_document
    from kpi.usecases.compare import compare, is_failing

    fail_on = level(asked, allowed=("worse",))
    project = asked.project()
    answer = compare(
        project,
        asked.choice(indicators),
        hide_small=hides_small(asked),
        funnel=funnel,
        league=all_,
    )
    finish(
        asked,
        answer,
        lambda shown: compare_document(shown, project.catalogue),
        failed=is_failing(answer, level=fail_on),
    )
