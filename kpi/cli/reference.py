"""`kpi reference`: shipped data and its age."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli.answering import finish
from kpi.cli.options import COMMON, Asked, with_options
from kpi.errors import RequestError


@with_options(COMMON)
def reference(
    asked: Asked,
    measures: Annotated[
        bool,
        typer.Option("--measures", help="The measures that a catalogue's `compare` may name."),
    ] = False,
) -> None:
    """List the published statistics that come with kpi.

    \b
    Examples:
      kpi reference                 what is held, and how old it is
      kpi reference --measures      keys for `measure` in the catalogue
      kpi reference --format csv
    """  # noqa: D301
    from kpi.renderers.reference import measures_document, reference_document
    from kpi.usecases.reference import list_measures, list_reference

    try:
        project = asked.project()
    except RequestError:
        # The shipped data is the same in every folder, with or without a project.
        project = None
    if measures:
        finish(asked, list_measures(project), measures_document)
    else:
        finish(asked, list_reference(project), reference_document)
