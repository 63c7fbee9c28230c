"""`kpi init`: a starting catalogue, empty or drafted from a report's own rows."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.catalogue import Catalogue
from kpi.domain.draft_text import render_catalogue
from kpi.domain.drafting import DraftCatalogue, draft_catalogue
from kpi.errors import RequestError
from kpi.files import write_whole
from kpi.readers.catalogue import read_catalogue
from kpi.readers.source import draft_rows

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
        messages=(Message("info", f"Written: {path}"), _next_steps(catalogue, source)),
    )


def _draft(source: Path | None, *, authority: str) -> DraftCatalogue:
    if source is None:
        return DraftCatalogue(authority or UNNAMED)
    reading = draft_rows(source)
    return draft_catalogue(
        reading.drafts, authority=authority or reading.authority or UNNAMED, source=source.name
    )


def _next_steps(catalogue: Catalogue, source: Path | None) -> Message:
    fill_in = "each polarity"
    if catalogue.authority == UNNAMED:
        fill_in = "the authority's name and each polarity"
    report = source or "YOUR-REPORT.xlsx"
    return Message("info", f"Next: fill in {fill_in} there, then kpi ingest {report}, then kpi rag")
