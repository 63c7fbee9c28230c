"""Two figures for one indicator, place and period in one source."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.rate_pairs import fitting_counts
from kpi.domain.checks.wording import about, beside, exact, figure, listed, own_place
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import KEY


def find_conflicts(context: Context) -> pl.LazyFrame:
    """Each figure that a source gives twice and differently, and which fits the rate beside it."""
    catalogue = context.catalogue
    found = (
        context.held.filter(pl.col("conflict") & pl.col("is_subject"))
        .join(fitting_counts(context), on=KEY, how="left", nulls_equal=True)
        .with_columns(
            related=pl.concat_list("related", pl.concat_list("fit_rate_at").list.drop_nulls())
        )
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    own = own_place(row)
    said = listed(
        figure(each["value"], indicator)
        if each["address"] == own
        else f"{figure(each['value'], indicator)} at {beside(each['address'], row['source_file'])}"
        for each in row["said"]
    )
    fits = _which_fits(row, catalogue)
    message = f"{about(row, catalogue)}: {said}" + (f"; {fits}" if fits else "")
    return Said(message, f"Mend the source, or choose: {_choice(row)}.")


def _which_fits(row: Row, catalogue: Catalogue) -> str:
    if row["fit_rate"] is None:
        return ""
    rate = catalogue.by_id[row["fit_rate_id"]]
    place = beside(row["fit_rate_at"], row["source_file"])
    stated = f"{rate.short} of {exact(row['fit_rate'])} ({place})"
    fitting = [exact(each) for each in row["fitting"]]
    if not fitting:
        return f"neither fits the {stated}"
    return f"only {fitting[0]} fits the {stated}" if len(fitting) == 1 else ""


def _choice(row: Row) -> str:
    """How `--prefer` tells the cells apart: by sheet, by theme, or else by address."""
    for name in ("sheet", "theme"):
        names = [each[name] for each in row["said"]]
        if all(names) and len(set(names)) == len(names):
            return listed((f'--prefer "{each}"' for each in names), last="or")
    cells = (each["address"].rpartition("!")[2] for each in row["said"])
    return listed((f"--prefer {each}" for each in cells), last="or")


CHECK = Check(
    code="KPI110",
    title="two values for one indicator and month",
    severity="error",
    meaning="One source gives two figures for the same indicator, place and period.",
    why="Nobody can know which of them the board was meant to see. Neither is used: the figure "
    "is missing from ratings, trends and comparisons until one is chosen.",
    advice="Mend the source, or choose with `kpi ingest FILE --prefer SHEET`, a theme or a cell.",
    example="board.xlsx:Right Service!I9 – CLA, Sep-21: 511 and 514 at Corporate Parenting!H7; "
    "only 514 fits the CLA rate of 99 (Corporate Parenting!H8)",
    find=find_conflicts,
)
