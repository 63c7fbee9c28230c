"""`kpi check`: which figures cannot be trusted, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kpi.cli import clock
from kpi.cli.answering import finish, hides_small, level
from kpi.cli.ingest import expanded
from kpi.cli.options import CHOICE, COMMON, Asked, with_options
from kpi.cli.progress import progress


@with_options(COMMON, CHOICE)
def check(
    asked: Asked,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files to check before they are stored."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Only these checks, such as KPI1 or KPI204,KPI216."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Not these checks.")
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit 0 whatever is found.")
    ] = False,
    hidden: Annotated[bool, typer.Option("--hidden", help="Read hidden sheets too.")] = False,
) -> None:
    """Say which figures cannot be trusted, where they stand, and what to do.

    \b
    Examples:
      kpi check                              what is held
      kpi check october.xlsx                 a report before it is stored
      kpi check *.xlsx --format plain        a line each, for grep
      kpi check --select KPI1 --exit-zero    errors only, never failing
      kpi check --ignore KPI203,KPI207       without two checks

    Files are judged beside what is held; nothing of them is stored. A known breach is
    accepted in the catalogue with [[accept]], and stays visible. --fail-on takes error
    (the default), warning or never; `kpi explain CODE` says more about a finding.
    """  # noqa: D301
    from kpi.domain.checks import CHECKS
    from kpi.renderers.check import check_document
    from kpi.usecases.check import LEVELS, CheckOptions, check, is_failing

    fail_on = level(asked, allowed=LEVELS, default="error")
    options = CheckOptions(
        select=_codes(select), ignore=_codes(ignore), hidden=hidden, hide_small=hides_small(asked)
    )
    files = expanded(paths or [])
    with progress(asked, "Checking"):
        checked = check(
            asked.project(), asked.choice(), options, paths=files, today=clock.now().date()
        )
    failures = checked.failures
    if failures and len(files) == 1:
        raise failures[0]
    failed = is_failing(checked.answer, level=fail_on) and not exit_zero
    titles = {code: each.title for code, each in CHECKS.items()}
    finish(
        asked,
        checked.answer,
        lambda shown: check_document(shown, titles, of_files=bool(files)),
        failed=failed and not failures,
        silent=not failed,
    )
    if failures:
        raise typer.Exit(max(each.exit_code for each in failures))


def _codes(said: list[str] | None) -> tuple[str, ...]:
    """Codes given one by one or with commas between them."""
    return tuple(code for each in said or [] for code in each.replace(",", " ").split())
