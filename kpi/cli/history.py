"""`kpi history`: batches and restatements."""

from __future__ import annotations

from kpi.cli.answering import finish, hides_small
from kpi.cli.options import CHOICE, COMMON, Asked, with_options


@with_options(COMMON, CHOICE)
def history(asked: Asked) -> None:
    """List what was kept, and which figures that restated.

    \b
    Examples:
      kpi history
      kpi history --indicator cla --format csv
      kpi history --as-of 2021-11-09
    """  # noqa: D301
    from kpi.renderers.history import history_document
    from kpi.usecases.history import history

    project = asked.project()
    answer = history(project, asked.choice(), hide_small=hides_small(asked))
    finish(asked, answer, lambda shown: history_document(shown, project.catalogue))
