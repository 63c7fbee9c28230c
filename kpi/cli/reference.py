"""`kpi reference`: shipped data and its age."""

from __future__ import annotations

from kpi.cli.answering import finish
from kpi.cli.options import COMMON, Asked, with_options
from kpi.errors import RequestError


@with_options(COMMON)
def reference(asked: Asked) -> None:
    """List the published statistics that come with kpi.

    \b
    Examples:
      kpi reference
      kpi reference --format csv
    """  # noqa: D301
    from kpi.renderers.reference import reference_document
    from kpi.usecases.reference import list_reference

    try:
        project = asked.project()
    except RequestError:
        # The shipped data is the same in every folder, with or without a project.
        project = None
    finish(asked, list_reference(project), reference_document)
