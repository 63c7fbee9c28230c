"""`kpi export`: tidy files for other tools."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi.cli.diagnostics import say
from kpi.cli.options import CHOICE, COMMON, Asked, with_options
from kpi.cli.output import deliver
from kpi.errors import OutputError

if TYPE_CHECKING:
    from kpi.domain.answer import Answer


@with_options(COMMON, CHOICE)
def export(
    asked: Asked,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write into.")],
) -> None:
    """Write tidy Parquet and CSV files for other tools.

    Four tables: observations, ratings, trends, comparisons. Small numbers are hidden
    unless --internal.

    \b
    Examples:
      kpi export feed                     for Power BI, Excel, DuckDB or Spark
      kpi export feed --period 2021-10
    """  # noqa: D301
    from kpi.files import make_folder
    from kpi.renderers.records import render_csv
    from kpi.usecases.export import export

    tables = export(asked.project(), asked.choice(), hide_small=not asked.internal)
    try:
        make_folder(folder)
    except OSError as failure:
        raise OutputError(
            "the folder cannot be made", where=str(folder), hint="name one that may be written"
        ) from failure
    for name, answer in tables.items():
        deliver(render_csv(answer).encode(), output=folder / f"{name}.csv")
        deliver(_parquet(answer), output=folder / f"{name}.parquet")
    if not asked.quiet:
        written = ", ".join(f"{name} ({answer.rows.height})" for name, answer in tables.items())
        say(f"Written to {folder}, as Parquet and CSV: {written}", color=asked.color.value)


def _parquet(answer: Answer) -> bytes:
    written = io.BytesIO()
    answer.rows.write_parquet(written)
    return written.getvalue()
