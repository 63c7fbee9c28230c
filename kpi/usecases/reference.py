"""`kpi reference`: the published statistics that come with the tool, and how old they are."""

from __future__ import annotations

import polars as pl

from kpi import reference
from kpi.domain.answer import Answer, Message
from kpi.usecases.project import Project

ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
MEASURES = (
    *("measure", "title", "topic", "outturn", "per", "polarity"),
    *("definition", "source_url", "last_update"),
)
"""What is told of a published measure."""


def list_reference(project: Project | None) -> Answer:
    """The datasets held, with publisher, release and newest period.

    Args:
        project: The project, where there is one; the data are the same for all.
    """
    return _answer(project, reference.releases(), word="datasets")


def list_measures(project: Project | None) -> Answer:
    """The published measures by the keys that `compare.measure` and `statutory` take.

    Args:
        project: The project, where there is one; the measures are the same for all.

    Returns:
        An answer with `measure` (the key), `title`, `topic`, `outturn`, `per`, `polarity`,
        `definition`, `source_url` and `last_update`, by topic and title.
    """
    rows = reference.measures().sort("topic", "title", "measure").select(MEASURES).collect()
    return _answer(project, rows, word="measures")


def _answer(project: Project | None, rows: pl.DataFrame, *, word: str) -> Answer:
    return Answer(
        command="reference",
        authority=project.catalogue.authority if project else "",
        period=None,
        as_of=None,
        catalogue_sha256=project.catalogue.sha256 if project else "",
        rows=rows,
        counts={word: rows.height},
        messages=(Message("info", ATTRIBUTION),),
    )
