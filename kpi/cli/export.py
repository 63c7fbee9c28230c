"""`kpi export`: tidy files for other tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi.cli.diagnostics import say
from kpi.cli.options import CHOICE, COMMON, Asked, with_options
from kpi.cli.output import deliver_all
from kpi.errors import RequestError

if TYPE_CHECKING:
    from kpi.usecases.export import Export

WORKBOOK = "kpi.xlsx"
"""The workbook's name; all other files are named after their table."""


@with_options(COMMON, CHOICE)
def export(
    asked: Asked,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write into.")],
    no_xlsx: Annotated[
        bool, typer.Option("--no-xlsx", help="Leave the workbook out, as for a million rows.")
    ] = False,
) -> None:
    """Write tidy Parquet, CSV and Excel files for other tools.

    Five tables: observations, ratings, trends, trend_points, comparisons. Each is a Parquet
    file, a CSV file and a sheet of kpi.xlsx; columns.csv says what each column means,
    about.csv what all of it is of. Small numbers are hidden unless --internal.

    \b
    Examples:
      kpi export feed                     for Power BI, Excel, DuckDB or Spark
      kpi export feed/2021-10 --period 2021-10
    """  # noqa: D301
    from kpi.usecases.export import export

    project = asked.project()
    _refuse_store(folder, project.store.folder)
    exported = export(
        project, asked.choice(), hide_small=not asked.internal, internal=asked.internal
    )
    deliver_all(dict(_files(exported, with_workbook=not no_xlsx)), folder=folder)
    if asked.output or (asked.format or "auto") != "auto":
        say(
            "--format and --output have no part in an export, which writes all its formats",
            level="warning",
            color=asked.color.value,
        )
    if no_xlsx and (folder / WORKBOOK).exists():
        say(
            f"{WORKBOOK} in {folder} is of an earlier run and was left as it is",
            level="warning",
            color=asked.color.value,
        )
    if not asked.quiet:
        say(_told(exported, folder), color=asked.color.value)


def _files(exported: Export, *, with_workbook: bool) -> Iterator[tuple[str, bytes]]:
    """Every file by its name; the workbook first, as Excel may hold it open."""
    from kpi.renderers.export import render_parquet, render_table_csv

    beside = {"about": exported.about, "columns": exported.columns}
    if with_workbook:
        yield WORKBOOK, _workbook(exported)
    for name, table in (beside | exported.tables).items():
        yield f"{name}.csv", render_table_csv(table)
    for name, table in exported.tables.items():
        yield f"{name}.parquet", render_parquet(table)


def _workbook(exported: Export) -> bytes:
    from kpi.renderers.export_workbook import MOST_ROWS, render_export_workbook, too_long

    for name, rows in too_long(exported.tables).items():
        raise RequestError(
            f"{name} has {rows:,} rows, and a sheet of Excel holds {MOST_ROWS:,}",
            hint="leave the workbook out with --no-xlsx, or ask for less with --area, --theme "
            "or --indicator",
        )
    return render_export_workbook(
        {"about": exported.about, "columns": exported.columns} | exported.tables,
        authority=exported.authority,
        as_of=exported.as_of,
    )


def _refuse_store(folder: Path, store: Path) -> None:
    """Raises a `RequestError` where the tables would lie among the kept figures."""
    if folder.resolve().is_relative_to(store.resolve()):
        raise RequestError(
            "the store is no place for an export",
            where=str(folder),
            hint="name a folder of its own, such as feed",
        )


def _told(exported: Export, folder: Path) -> str:
    tables = ", ".join(f"{name} ({table.height})" for name, table in exported.tables.items())
    return f"Written to {folder}: {tables}. {exported.small_numbers}"
