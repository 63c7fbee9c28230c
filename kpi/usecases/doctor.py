"""`kpi doctor`: what a person who helps from afar needs to know, and whether the store is whole."""

from __future__ import annotations

import platform
import pyexpat
import sys
from importlib.metadata import version

import polars as pl

from kpi import __version__
from kpi.domain.answer import Answer, Message
from kpi.store import MANY_FILES
from kpi.usecases.project import Project

ROWS: dict[str, pl.DataType] = {"what": pl.String(), "value": pl.String(), "problem": pl.Boolean()}
LIBRARIES = ("polars", "openpyxl", "pydantic", "typer", "rich")


def doctor(project: Project, *, verify: bool) -> Answer:
    """Versions, paths and the store's health.

    Args:
        project: Catalogue and store.
        verify: Whether every row of every file is looked at, not only what reading needs.

    Returns:
        Rows of `what`, `value` and `problem`; `counts` holds how many are problems.
    """
    rows = [*_versions(), *_project(project), *_store(project, verify=verify)]
    problems = sum(bad for _, _, bad in rows)
    return Answer(
        command="doctor",
        authority=project.catalogue.authority,
        period=None,
        as_of=None,
        catalogue_sha256=project.catalogue.sha256,
        rows=pl.DataFrame(rows, schema=ROWS, orient="row"),
        counts={"problems": problems},
        messages=() if problems else (Message("info", "Everything is in order."),),
    )


def _versions() -> list[tuple[str, str, bool]]:
    system = f"{platform.system()} {platform.machine()}"
    python = f"{platform.python_version()}, {system}, text {sys.getdefaultencoding()}"
    return [
        ("kpi", __version__, False),
        ("Python", python, False),
        ("expat", pyexpat.EXPAT_VERSION, False),
        *((name, version(name), False) for name in LIBRARIES),
    ]


def _project(project: Project) -> list[tuple[str, str, bool]]:
    catalogue = project.catalogue
    indicators = f"{len(catalogue.indicators)} indicators, {len(catalogue.themes)} themes"
    return [
        ("catalogue", str(catalogue.path), False),
        ("catalogue's hash", catalogue.sha256, False),
        ("catalogue holds", indicators, False),
        ("store", str(project.store.folder), False),
    ]


def _store(project: Project, *, verify: bool) -> list[tuple[str, str, bool]]:
    store = project.store
    if not store.exists():
        return [("store holds", "nothing yet", False)]
    if found := store.verify():
        return [("store", problem, True) for problem in found]
    batches = store.batches()
    observations = sum(each.observations for each in batches if each.is_held)
    many = len(batches) > MANY_FILES
    advice = "; `kpi doctor --compact` would make reading faster" if many else ""
    held = f"{len(batches)} batches, {observations} observations{advice}"
    return [
        ("store holds", held, False),
        ("store is whole", "every file, every row" if verify else "every file", False),
    ]
