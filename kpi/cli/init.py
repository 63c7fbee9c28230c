"""`kpi init`: a starting catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kpi.cli.answering import finish
from kpi.cli.options import COMMON, Asked, with_options


@with_options(COMMON)
def init(
    asked: Asked,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")] = Path(),
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A report whose rows are to be drafted."),
    ] = None,
    authority: Annotated[str, typer.Option(metavar="NAME", help="The council's name.")] = "",
) -> None:
    """Write a commented starting catalogue, drafted from a report.

    An indicators.toml that is there already is never overwritten.

    \b
    Examples:
      kpi init                                  an empty one in this folder
      kpi init board --from OUR-REPORT.xlsx     its rows, themes and targets
    """  # noqa: D301
    from kpi.renderers.init import init_document
    from kpi.usecases.init import init

    answer = init(folder, source=source, authority=authority)
    finish(asked, answer, init_document, silent=True)
