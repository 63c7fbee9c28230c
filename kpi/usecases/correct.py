"""`kpi correct`: one figure by hand, with its reason, as a batch of its own."""

from __future__ import annotations

import hashlib
from datetime import datetime

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.catalogue import Indicator
from kpi.domain.changes import with_change
from kpi.domain.observation import KEY, READ
from kpi.domain.period import Period, parse_period
from kpi.domain.words import plain
from kpi.errors import RequestError, UnknownPeriodError
from kpi.readers.cells import CellReading, read_cell
from kpi.readers.grid import GridCell
from kpi.usecases.places import chosen_place
from kpi.usecases.project import Choice, Project
from kpi.usecases.restatements import about_hidden, told, with_batch

SOURCE = "kpi correct"
"""What stands where an ingested figure names its file."""


def correct(
    project: Project,
    said_indicator: str,
    said_period: str,
    said_value: str,
    *,
    why: str,
    choice: Choice | None = None,
    now: datetime,
    hide_small: bool = False,
) -> Answer:
    """Keeps one figure in place of the one held; both stay in the history.

    Args:
        project: Catalogue and store.
        said_indicator: Id, title or alias.
        said_period: In any usual spelling, read in the indicator's kind of year.
        said_value: As a cell would say it: `514`, `63.4%`, `TBC`.
        why: The reason; it must not be empty.
        choice: Whose figure; by default the authority's own as a whole.
        now: The moment of correction.
        hide_small: Whether figures that are small, or would give small ones away, are left
            out of the answer, as in all that leaves the machine.

    Raises:
        RequestError: Indicator, period or value is not understood, or no reason is given.
    """
    indicator = project.catalogue.indicator(said_indicator)
    period = parse_period(said_period, year=indicator.year)
    if period is None:
        raise UnknownPeriodError(
            f"`{said_period}` is not a period", hint="write it as 2021-10, Oct-21 or 2021/22"
        )
    reading = read_cell(GridCell(said_value))
    if reading.state in ("unreadable", "blank"):
        raise RequestError(f"`{said_value}` is not a figure", hint="write a number, or TBC or N/A")
    if not why.strip():
        raise RequestError("a correction needs its reason", hint='add --why "…"')
    place = chosen_place(project.catalogue, choice or Choice(), project.store.scan())
    if place.area is None or place.unit is None:
        raise RequestError(
            "a correction is of one figure", hint="name one area: --area England, not all"
        )
    row = _row(indicator, period, reading, area=place.area, unit=place.unit)
    return _keep(project, row, why=why, now=now, hide_small=hide_small)


def _keep(
    project: Project, row: pl.DataFrame, *, why: str, now: datetime, hide_small: bool
) -> Answer:
    with project.store.writing(now=now) as writer:
        before = writer.scan()
        judged = with_change(row, before, report_end=None, restate=True).pipe(_settling)
        if judged["change"].item() != "unchanged":
            writer.append(
                judged.with_columns(report_end=_standing(writer.scan(), row)).select(
                    *READ, "report_end", "older"
                ),
                kind="correct",
                batch=_batch(row, why=why, now=now),
                file=SOURCE,
                why=why,
                catalogue_sha256=project.catalogue.sha256,
            )
        as_of = writer.snapshot().as_of
        restated, hidden = told(
            judged.select(
                *KEY,
                "old_address",
                "state",
                old="old_value",
                new="value",
                new_address="source_file",
            ),
            before=before,
            after=with_batch(before, judged),
            catalogue=project.catalogue,
            hide_small=hide_small,
        )
    return _answer(project, judged, restated, as_of=as_of, is_hidden=hidden > 0)


def _settling(judged: pl.DataFrame) -> pl.DataFrame:
    """The row; of two figures none was held, and to choose one of them is a change too."""
    is_conflict = pl.col("old_conflict").fill_null(value=False)
    return judged.with_columns(
        change=pl.when(is_conflict).then(pl.lit("restated")).otherwise("change"),
        old_value=pl.when(~is_conflict).then("old_value"),
    )


def _standing(observations: pl.LazyFrame, row: pl.DataFrame) -> pl.Series:
    """The newest report's end, so that no report older than those held undoes a correction."""
    newest = observations.select(pl.col("report_end").max()).collect().item()
    own = row["period_end"].item()
    return pl.Series([max(newest, own) if newest else own], dtype=pl.Date)


def _batch(row: pl.DataFrame, *, why: str, now: datetime) -> str:
    said = "|".join(str(each) for each in (*row.row(0), why, now.isoformat()))
    return hashlib.sha256(said.encode()).hexdigest()


def _row(
    indicator: Indicator, period: Period, reading: CellReading, *, area: str, unit: str
) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "indicator": indicator.id,
                "area": area,
                "unit": unit,
                "role": "outturn",
                "period": str(period),
                "period_start": period.start,
                "period_end": period.end,
                "period_months": period.months,
                "value": reading.value,
                "state": reading.state,
                "marks": " ".join(reading.marks),
                "raw": reading.raw,
                "label": indicator.title,
                "source_file": SOURCE,
            }
        ],
        schema=READ,
    )


def _answer(
    project: Project,
    judged: pl.DataFrame,
    restated: pl.DataFrame,
    *,
    as_of: datetime | None,
    is_hidden: bool,
) -> Answer:
    row = judged.row(0, named=True)
    what = f"{row['indicator']} {row['period']}"
    is_same = row["change"] == "unchanged"
    if is_hidden:
        said = f"{what} is so already: nothing new." if is_same else f"{what} is corrected."
    else:
        old = "none" if row["old_value"] is None else plain(row["old_value"])
        old = "two figures" if row["old_conflict"] else old
        new = row["raw"] if row["value"] is None else plain(row["value"])
        said = f"{what} is {new} already: nothing new."
        verb = "are" if row["old_conflict"] else "is"
        said = said if is_same else f"{what}: {old} {verb} now {new}."
    return Answer(
        command="correct",
        authority=project.catalogue.authority,
        period=row["period"],
        as_of=as_of,
        catalogue_sha256=project.catalogue.sha256,
        rows=restated.clear() if is_same else restated,
        counts={row["change"]: 1},
        messages=(Message("info", said), *([about_hidden(1)] if is_hidden else [])),
    )
