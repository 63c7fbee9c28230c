"""`kpi correct`: one figure by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli import clock
from kpi.cli.answering import finish, hides_small
from kpi.cli.options import CHOICE, COMMON, Asked, with_options

PLACE = {name: CHOICE[name] for name in ("area", "unit")}


@with_options(COMMON, PLACE)
def correct(
    asked: Asked,
    indicator: Annotated[str, typer.Argument(help="Id, title or alias.")],
    period: Annotated[str, typer.Argument(help="Such as 2021-09.")],
    value: Annotated[str, typer.Argument(help="As a cell would say it: 514, 63.4%, TBC.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason; it is kept.")] = "",
) -> None:
    """Correct one figure by hand; the old one is kept too.

    \b
    Examples:
      kpi correct cla 2021-09 514 --why "page 9 is right, page 7 is not"
      kpi correct referrals 2021-10 TBC --why "extract was incomplete"
    """  # noqa: D301
    from kpi.renderers.history import correction_document
    from kpi.usecases.correct import correct

    project = asked.project()
    answer = correct(
        project,
        indicator,
        period,
        value,
        why=why,
        choice=asked.choice(),
        now=clock.now(),
        hide_small=hides_small(asked),
    )
    finish(asked, answer, lambda shown: correction_document(shown, project.catalogue), silent=True)
