"""`kpi init`: a starting catalogue, empty or drafted from a report's own rows."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import replace
from pathlib import Path

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.draft_text import render_catalogue
from kpi.domain.drafting import DraftCatalogue, draft_catalogue
from kpi.errors import RequestError
from kpi.files import write_whole
from kpi.readers.catalogue import read_catalogue
from kpi.readers.source import draft_rows
from kpi.usecases.councils import council_code

CATALOGUE = "indicators.toml"
UNNAMED = "Our council"

ROWS: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "title": pl.String(),
    "theme": pl.String(),
    "outturn_type": pl.String(),
    "basis": pl.String(),
    "target": pl.String(),
}


def init(folder: Path, *, source: Path | None = None, authority: str = "") -> Answer:
    """Writes `indicators.toml` into a folder, which it makes; never over one that is there.

    Args:
        folder: The project's folder.
        source: A report to draft the indicators from.
        authority: The council's name; else the one that the report names.

    Returns:
        An answer with a row for each drafted indicator.

    Raises:
        RequestError: There is a catalogue already.
        SourceError: The report cannot be read.
    """
    path = folder / CATALOGUE
    if path.exists():
        raise RequestError(
            f"there is an {CATALOGUE} already",
            where=str(path),
            hint="edit it, or name another folder: kpi init DIR",
        )
    draft = _draft(source, authority=authority)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, render_catalogue(draft).encode())
    catalogue = read_catalogue(path)
    return Answer(
        command="init",
        authority=catalogue.authority,
        period=None,
        as_of=None,
        catalogue_sha256=catalogue.sha256,
        rows=pl.DataFrame(
            [
                (each.id, each.title, each.theme or None, each.outturn, each.basis, each.target)
                for each in draft.indicators
            ],
            schema=ROWS,
            orient="row",
        ),
        counts={"indicators": len(draft.indicators), "themes": len(draft.themes)},
        messages=(
            Message("info", f"Written: {path}"),
            _next_steps(path, source=source, is_unnamed=catalogue.authority == UNNAMED),
        ),
    )


def _draft(source: Path | None, *, authority: str) -> DraftCatalogue:
    if source is None:
        return DraftCatalogue(authority or UNNAMED, la_code=council_code(authority))
    reading = draft_rows(source)
    name = authority or reading.authority or UNNAMED
    draft = draft_catalogue(reading.drafts, authority=name, source=source.name)
    return replace(draft, la_code=council_code(name))


def _next_steps(path: Path, *, source: Path | None, is_unnamed: bool) -> Message:
    """What to fill in, and a line to paste into the shell that `init` was typed into."""
    fill_in = "the authority's name and each polarity" if is_unnamed else "each polarity"
    folder = path.parent
    is_elsewhere = folder.resolve() != Path.cwd()
    report = _seen_from(folder, source) if source else "YOUR-REPORT.xlsx"
    steps = [f"cd {_quoted(str(folder))}"] if is_elsewhere else []
    steps += [f"kpi ingest {_quoted(report)}", "kpi rag"]
    return Message("info", f"Next: fill in {fill_in} there, then: {' && '.join(steps)}")


def _seen_from(folder: Path, source: Path) -> str:
    """A source's path as it is to be typed in a folder."""
    if source.is_absolute():
        return str(source)
    try:
        return os.path.relpath(source.resolve(), folder.resolve())
    except ValueError:  # Windows has no way from one drive to another
        return str(source.resolve())


def _quoted(path: str) -> str:
    """A path as a word of a shell's line; in the double quotes that all shells know, if any."""
    path = f"./{path}" if path.startswith("-") else path
    if re.fullmatch(r"[\w./\\:~+-]+", path):
        return path
    return shlex.quote(path) if re.search(r"[\"$`!]", path) else f'"{path}"'
