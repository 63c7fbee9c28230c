"""`kpi reference`: the published statistics that come with the tool, and how old they are."""

from __future__ import annotations

from kpi import reference
from kpi.domain.answer import Answer, Message
from kpi.usecases.project import Project

ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."


def list_reference(project: Project | None) -> Answer:
    """The datasets held, with publisher, release and newest period.

    Args:
        project: The project, where there is one; the data are the same for all.
    """
    rows = reference.releases()
    return Answer(
        command="reference",
        authority=project.catalogue.authority if project else "",
        period=None,
        as_of=None,
        catalogue_sha256=project.catalogue.sha256 if project else "",
        rows=rows,
        counts={"datasets": rows.height},
        messages=(Message("info", ATTRIBUTION),),
    )
