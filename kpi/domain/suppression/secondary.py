"""Which figures are hidden because they would give back another that is hidden.

A hidden figure is safe when what is shown leaves open that it is zero or as large as the
limit. Until all are, the smallest figures that help are hidden too, of the newest period of
a sum only, zeros and wholes last:

- of a sum (parts and whole, units, months and year, stock and flow) at least two figures,
  which come to the limit or more together, or of which one counts against the other;
- of a table of units by parts four that can change together (two units, two parts), so that
  no way of adding its rows and columns gets at one of them;
- of a year to date the later figure, where the growth since the last one shown is small;
- a rate or a share with its count or base, a count with its rate or share, and figures that
  are the same by rule or by definition (June's year to date and the first quarter's).

Left open, on purpose or for want of knowledge: rolling years (a month in and one out);
changes of stocks; what is gained by adding sums of three kinds at once (units, parts and
months), which are protected two at a time; several breakdowns that the catalogue or the
units' paths do not tell apart; how many are not in a part (`subset_of`), unless that is
declared a part too; and figures that an earlier report showed before they were restated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.suppression.small_counts import is_small
from kpi.domain.suppression.sums import sums, suppression_cells
from kpi.domain.suppression.tables import squares_to_hide
from kpi.domain.suppression.ties import twins


@dataclass(frozen=True, slots=True)
class _Board:
    """The figures and everything by which one of them tells of another.

    Attributes:
        cells: What `suppression_cells` gives.
        tied: `cell` and `other`: who hides whom.
        totals: The cells that are figures of the year to date.
        tables: The sums within a period.
        spans: The sums along time.
    """

    cells: pl.DataFrame
    tied: pl.DataFrame
    totals: pl.DataFrame
    tables: pl.DataFrame
    spans: pl.DataFrame


def with_revealing(
    rows: pl.DataFrame, catalogue: Catalogue, *, guarded: Mapping[str, float]
) -> pl.DataFrame:
    """The same rows, `hidden` where they are small or would give a hidden figure back.

    Args:
        rows: Held figures with the columns of `small_counts.with_smallness`.
        catalogue: Says which figures make up which.
        guarded: The limit that guards each indicator.
    """
    is_running = pl.col("indicator").is_in(
        [each for each in guarded if catalogue.by_id[each].basis == "year-to-date"]
    )
    is_given = (pl.col("state") == "suppressed") & pl.col("indicator").is_in([*guarded])
    if not rows.select((pl.col("hidden") | is_running | is_given).any()).item():
        return rows
    cells = suppression_cells(rows, catalogue, guarded=guarded)
    board = _board(cells, catalogue)
    closed = _closed(board, cells["hidden"] | cells["is_given"])
    found = cells["row"].filter(closed & ~cells["is_given"])
    return rows.with_columns(
        hidden=pl.col("hidden") | pl.int_range(pl.len()).is_in(found.implode())
    )


def _board(cells: pl.DataFrame, catalogue: Catalogue) -> _Board:
    members = sums(cells, catalogue)
    is_along_time = members["across"] == "time"
    return _Board(
        cells,
        tied=_tied(cells, catalogue),
        totals=cells.filter((pl.col("basis") == "year-to-date") & pl.col("amount").is_not_null()),
        tables=members.filter(~is_along_time),
        spans=members.filter(is_along_time),
    )


def _closed(board: _Board, hidden: pl.Series) -> pl.Series:
    """The hidden cells and all that must be hidden with them.

    Each round hides at least one more, so there is a last one.
    """
    while not (more := _next(board, hidden)).is_empty():
        hidden = hidden | board.cells["cell"].is_in(more.implode())
    return hidden


def _next(board: _Board, hidden: pl.Series) -> pl.Series:
    """The cells to hide next; none when all are safe."""
    steps = (
        (board.tied, _twins_to_hide),
        (board.totals, _totals_to_hide),
        (board.tables, _squares_to_hide),
        (board.tables, _in_period),
        (board.spans, _along_time),
    )
    for rests_on, step in steps:
        if rests_on.height and not (found := step(board, hidden)).is_empty():
            return found
    return board.cells["cell"].head(0)


def _twins_to_hide(board: _Board, hidden: pl.Series) -> pl.Series:
    cell, other = board.tied["cell"], board.tied["other"]
    return other.filter(hidden.gather(cell) & ~hidden.gather(other)).unique()


def _totals_to_hide(board: _Board, hidden: pl.Series) -> pl.Series:
    """The first figure of each year to date that grew by a small count since one was shown."""
    year = ["series", "begins"]
    is_shown = ~pl.col("is_hidden")
    offends = pl.any_horizontal(
        is_small(
            pl.col(name)
            - pl.when(is_shown).then(name).forward_fill().shift(1).over(year).fill_null(0.0),
            pl.col("limit"),
        )
        for name in ("amount", "rest")
    )
    return (
        board.totals.lazy()
        .with_columns(is_hidden=hidden.gather(board.totals["cell"]))
        .filter(is_shown & offends)
        .unique(year, keep="first", maintain_order=True)
        .collect(engine="in-memory")["cell"]
    )


def _squares_to_hide(board: _Board, hidden: pl.Series) -> pl.Series:
    return squares_to_hide(board.cells, board.tables, hidden=hidden)


def _in_period(board: _Board, hidden: pl.Series) -> pl.Series:
    return _of_unsafe(board.tables, hidden).collect(engine="in-memory")["first"].unique()


def _along_time(board: _Board, hidden: pl.Series) -> pl.Series:
    """As `_in_period`, of each chain the earliest alone: it may settle those after it."""
    earliest = pl.col("end") == pl.col("end").min().over("chain")
    unsafe = _of_unsafe(board.spans, hidden).filter(earliest)
    return unsafe.collect(engine="in-memory")["first"].unique()


def _of_unsafe(members: pl.DataFrame, hidden: pl.Series) -> pl.LazyFrame:
    """The sums whose hidden figures are not safe, and the figure to hide `first`."""
    is_hidden, adds = pl.col("is_hidden"), pl.col("sign") > 0
    one_way = (pl.col("adding") == 0) | (pl.col("taking") == 0)
    together = pl.col("together") + pl.col("missing")
    return (
        members.lazy()
        .with_columns(is_hidden=hidden.gather(members["cell"]))
        .group_by("sum", maintain_order=True)
        .agg(
            pl.col("guard", "missing", "chain", "end").first(),
            adding=(is_hidden & adds).sum(),
            taking=(is_hidden & ~adds).sum(),
            together=pl.col("amount").filter(is_hidden).sum(),
            first=pl.col("cell").filter(~is_hidden & pl.col("may_hide")).first(),
        )
        .with_columns(count=pl.col("adding") + pl.col("taking"))
        .filter(pl.col("first").is_not_null() & (pl.col("count") > 0))
        .filter((pl.col("count") == 1) | (one_way & (together < pl.col("guard"))))
    )


def _tied(cells: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Pairs of cells of which the first, hidden by us, hides the other."""
    ours = cells.filter(~pl.col("is_given"))
    pairs = sorted(twins(catalogue))
    found = []
    if pairs:
        found.append(_by_rule(ours, pairs))
    if ours["period_months"].n_unique() > 1:
        ends = ours.filter(pl.col("basis") != "in-month").select("series", "period_end", "cell")
        found.append(
            ends.join(ends.rename({"cell": "other"}), on=["series", "period_end"])
            .filter(pl.col("cell") != pl.col("other"))
            .select("cell", "other")
        )
    return pl.concat(found) if found else ours.select("cell", other="cell").head(0)


def _by_rule(ours: pl.DataFrame, pairs: list[tuple[str, str]]) -> pl.DataFrame:
    twin = pl.DataFrame(pairs, schema={"indicator": pl.String, "other_id": pl.String}, orient="row")
    others = ours.select("spot", other="cell", other_id="indicator")
    return (
        ours.select("cell", "spot", "indicator")
        .join(twin, on="indicator")
        .join(others, on=["spot", "other_id"])
        .select("cell", "other")
    )
