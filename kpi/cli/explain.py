"""`kpi explain`: what a code means, or how an indicator's figure came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kpi.cli.answering import finish, hides_small
from kpi.cli.options import CHOICE, COMMON, Asked, with_options
from kpi.errors import RequestError

if TYPE_CHECKING:
    from kpi.usecases.project import Project


@with_options(COMMON, CHOICE)
def explain(
    asked: Asked,
    what: Annotated[
        str,
        typer.Argument(
            metavar="[INDICATOR|CODE]",
            help="An id, title or alias, or a code such as KPI204; nothing lists the codes.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Explain a finding's code, or how an indicator's figure and rating came about.

    \b
    Examples:
      kpi explain KPI204                     what a code means, and what to do
      kpi explain                            every code
      kpi explain referral-rate              its rating, its working and its cells
      kpi explain "CLA rate" --period 2021-09
    """  # noqa: D301
    from kpi.renderers.explain import codes_document, indicator_document
    from kpi.usecases.explain import explain_codes, explain_indicator, is_code

    if not what or is_code(what):
        finish(asked, explain_codes(what), codes_document)
        return
    project = _project(asked, what)
    answer = explain_indicator(project, what, asked.choice(), hide_small=hides_small(asked))
    finish(asked, answer, lambda shown: indicator_document(shown, project.catalogue))


def _project(asked: Asked, what: str) -> Project:
    """The project; without one, what looks like a code is an unknown one."""
    from kpi.usecases.explain import explain_codes, is_like_a_code

    try:
        return asked.project()
    except RequestError:
        if is_like_a_code(what):
            explain_codes(what)
        raise
