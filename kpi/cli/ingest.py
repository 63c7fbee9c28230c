"""`kpi ingest`: sources read and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kpi.cli import clock
from kpi.cli.answering import finish, hides_small, level
from kpi.cli.options import COMMON, Asked, with_options
from kpi.cli.progress import progress


@with_options(COMMON)
def ingest(
    asked: Asked,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Workbooks, CSV or Parquet files.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Store nothing; say what would be.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Store nothing unless everything is understood.")
    ] = False,
    restate: Annotated[
        bool, typer.Option("--restate", help="Let an older report's figures displace newer ones.")
    ] = False,
    prefer: Annotated[
        str,
        typer.Option(
            metavar="SHEET|THEME|CELL", help="Which wins where a source gives two figures."
        ),
    ] = "",
    hidden: Annotated[bool, typer.Option("--hidden", help="Read hidden sheets too.")] = False,
    limits: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=100,
            help="Take files of N times the usual size, cells and columns; only if you trust them.",
        ),
    ] = 1,
) -> None:
    """Read reports and keep their figures with their cells.

    \b
    Examples:
      kpi ingest board-report-2021-10.xlsx
      kpi ingest *.csv --dry-run                 see what would be stored
      kpi ingest october.xlsx --strict           nothing unless all is understood
      kpi ingest october.xlsx --prefer "Corporate parenting"

    --fail-on takes unreadable or unmatched.
    """  # noqa: D301
    from kpi.renderers.ingest import ingest_document
    from kpi.usecases.ingest import IngestOptions, ingest, is_failing

    fail_on = level(asked, allowed=("unreadable", "unmatched"))
    project = asked.project()
    options = IngestOptions(dry_run, strict, restate, prefer, hidden, limits=limits)
    with progress(asked, "Keeping") as bar:
        ingested = ingest(
            project,
            bar.track(expanded(paths), "Reading"),
            options,
            now=clock.now(),
            hide_small=hides_small(asked),
        )
    failures = ingested.failures
    if len(failures) == 1 and ingested.answer.rows.is_empty():
        raise failures[0]
    finish(
        asked,
        ingested.answer,
        lambda shown: ingest_document(shown, project.catalogue),
        failed=is_failing(ingested, level=fail_on) and not failures,
        silent=True,
    )
    if failures:
        raise typer.Exit(max(each.exit_code for each in failures))


def expanded(paths: list[Path]) -> list[Path]:
    """The paths, with `*` and `?` filled in where the shell, as on Windows, has not done it.

    A file that is called so is taken literally.
    """
    found: list[Path] = []
    for path in paths:
        is_pattern = any(sign in path.name for sign in "*?") and not path.exists()
        matches = sorted(path.parent.glob(path.name)) if is_pattern else []
        found += matches or [path]
    return found
