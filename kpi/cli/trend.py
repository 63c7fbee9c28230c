"""`kpi trend`: is the change real?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi.cli.answering import finish, hides_small, level
from kpi.cli.options import CHOICE, COMMON, Asked, with_options
from kpi.cli.output import chosen_format, deliver, surface_of
from kpi.errors import RequestError

if TYPE_CHECKING:
    from kpi.domain.answer import Answer
    from kpi.domain.catalogue import Catalogue
    from kpi.domain.paper.document import Document

_PAGES = ("table", "text", "markdown", "html")
_PICTURES = (".png", ".svg")


@with_options(COMMON, CHOICE)
def trend(
    asked: Asked,
    indicators: Annotated[
        list[str] | None, typer.Argument(metavar="INDICATOR", help="Ids, titles or aliases.")
    ] = None,
    points: Annotated[
        bool, typer.Option("--points", help="Every point with its limits and rule.")
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Save the chart too, as a .png or an .svg."),
    ] = None,
) -> None:
    """Say whether a change is real, and by which rule.

    \b
    Examples:
      kpi trend                        every indicator, what stands out
      kpi trend "health assessments"   one indicator: its chart
      kpi trend referrals --points     every point with its limits and rule
      kpi trend referrals --area all   every area that is held
      kpi trend referrals --chart r.png    its chart as a picture too
      kpi trend --format json          for a program
      kpi trend --fail-on concern      exit 1 when anything got worse

    --fail-on takes concern.
    """  # noqa: D301
    from kpi.domain.paper.document import Document
    from kpi.renderers.trend import trend_document
    from kpi.usecases.trend import is_failing, trend, without_series

    fail_on = level(asked, allowed=("concern",))
    _refuse_other_pictures(chart)
    project = asked.project()
    # A picture leaves the machine, even where the page stays on the screen.
    hides = hides_small(asked) or (chart is not None and not asked.internal)
    answer = trend(project, asked.choice(indicators), hide_small=hides)
    if chart is not None:
        _save(chart, answer, project.catalogue)
    format_ = chosen_format(asked.format or "auto", output=asked.output)
    width = surface_of(asked.output, format_=format_, width=asked.width).width

    def page(shown: Answer) -> Document:
        return trend_document(
            replace(shown, rows=answer.rows),
            project.catalogue,
            width=width,
            points=points,
            details=asked.verbose,
        )

    finish(
        asked,
        answer if points else without_series(answer),
        # Machines get the rows alone, and a page of a thousand series takes its time.
        page if format_ in _PAGES else lambda _: Document(""),
        failed=is_failing(answer, level=fail_on),
        silent=chart is not None,
    )


def _refuse_other_pictures(chart: Path | None) -> None:
    """Refuse a file whose ending is no picture's, before the work.

    Raises:
        RequestError: It ends otherwise.
    """
    if chart is not None and chart.suffix.lower() not in _PICTURES:
        raise RequestError(
            f"the ending of `{chart.name}` is no picture's",
            where=f"--chart {chart}",
            hint="end the name in .png or .svg",
        )


def _save(chart: Path, answer: Answer, catalogue: Catalogue) -> None:
    """Save the chart of the one series that an answer holds.

    Raises:
        RequestError: It holds more than one, or none that can be charted.
        OutputError: The file cannot be written.
    """
    from kpi.domain.trend.chart import spc_chart
    from kpi.renderers.charts import png, svg

    rows = answer.rows.to_dicts()
    if not rows:
        told = answer.messages[0].text if answer.messages else ""
        raise RequestError("there is no series to draw", hint=told)
    if len(rows) > 1:
        raise RequestError(
            f"`--chart` draws one series, and this would be {len(rows)}",
            hint="name one indicator: kpi trend INDICATOR --chart FILE.png",
        )
    drawn = spc_chart(rows[0], catalogue.by_id[rows[0]["indicator"]], authority=answer.authority)
    if drawn is None:
        raise RequestError(
            f"nothing of `{rows[0]['indicator']}` can be charted", hint=rows[0]["sentence"]
        )
    is_svg = chart.suffix.lower() == ".svg"
    deliver(svg(drawn).encode() if is_svg else png(drawn), output=chart)
