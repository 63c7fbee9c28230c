"""Which held figures add up to which, so that one of them could be got from the others.

A sum is a set of figures with signs that come to nothing: parts are positive, their whole
is negative. Where the whole is a number (100 %) it is not among them. What is hidden of a
sum is left to `kpi.domain.suppression.secondary`.

A sum counts only where it holds to within less than the limit: units that leave many cases
out reveal nothing by their total. Several breakdowns of one whole side by side (by place
and by age) are not told apart: they hold together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.suppression.ties import declared_flows, declared_parts, running_counts
from kpi.domain.target import months_elapsed

SPOT = ("area", "unit", "period")
SERIES = ("indicator", "area", "unit")

_MEMBER: dict[str, pl.DataType] = {
    "rule": pl.Int64(),  # which sums these are, one number each
    "anchor": pl.UInt32(),  # a cell that only one sum of the rule has
    "across": pl.String(),  # units, parts, or time where periods differ
    "cell": pl.UInt32(),
    "sign": pl.Int32(),
    "is_whole": pl.Boolean(),
    "may_hide": pl.Boolean(),
    "known": pl.Float64(),  # what the figures come to; null where no base is known
    "counted": pl.Float64(),  # the cases of a share, by the base of those beside it
}
_SUM = (
    "sum", "across", "cell", "sign", "is_whole", "may_hide", "amount", "guard", "missing",
    "chain", "end",
)  # fmt: skip


def suppression_cells(
    rows: pl.DataFrame, catalogue: Catalogue, *, guarded: Mapping[str, float]
) -> pl.DataFrame:
    """The figures that could be hidden or give others away, in one order for any order of rows.

    Args:
        rows: Held figures with the columns of `small_counts.with_smallness`.
        catalogue: Gives each indicator's basis and year.
        guarded: The limit that guards each indicator.

    Returns:
        Their columns and `row` (place in `rows`), `cell` (place here), `guard`, `basis`,
        `size` (by which the smallest is found), `months` (of its last day since the year 0),
        `elapsed` (months of its year) and `begins` (when that began); `series`, `kind` and
        `spot` (a number for each series, indicator, and place and period); `is_given` (hidden
        by its source) and `is_count` (whether it adds up over units and months).
    """
    by_id = catalogue.by_id
    indicator, end = pl.col("indicator"), pl.col("period_end")
    bases = {each: by_id[each].basis for each in guarded}
    years = {each: by_id[each].year for each in guarded}
    counts = [e for e in guarded if by_id[e].outturn == "number" and not by_id[e].ratio]
    is_given = pl.col("state") == "suppressed"
    months = end.dt.year().cast(pl.Int64) * 12 + end.dt.month()
    elapsed = months_elapsed(end, indicator.replace_strict(years, return_dtype=pl.String))
    return (
        rows.lazy()
        .with_row_index("row")
        .filter(indicator.is_in([*guarded]))
        .filter(pl.col("value").is_not_null() | pl.col("conflict") | is_given)
        .sort(*SERIES, "period_end", "period_months", "period")
        .with_row_index("cell")
        .with_columns(
            guard=indicator.replace_strict(dict(guarded), return_dtype=pl.Float64),
            basis=indicator.replace_strict(bases, return_dtype=pl.String),
            size=pl.coalesce("amount", "value").abs().fill_null(0.0),
            months=months,
            elapsed=elapsed,
            begins=months - elapsed,
            series=_changes(SERIES),
            kind=_changes(["indicator"]),
            spot=pl.col("cell").min().over(SPOT),
            is_given=is_given,
            is_count=pl.col("amount").is_not_null() | (is_given & indicator.is_in(counts)),
        )
        .collect(engine="in-memory")
    )


def _changes(columns: Sequence[str]) -> pl.Expr:
    """A number that changes from row to row where any of the columns does."""
    is_other = pl.any_horizontal(pl.col(each) != pl.col(each).shift(1) for each in columns)
    return is_other.fill_null(value=False).cast(pl.UInt32).cum_sum()


def sums(cells: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Every sum that holds, a row for each figure in it, the first to be hidden first.

    Returns:
        `sum`, `across` (`units`, `parts`, or `time` where periods differ), `cell`, `sign`,
        `is_whole`, `may_hide` (of the newest period, as what is older is out already),
        `amount`, `guard` (of the sum), `missing` (to the whole, where a source hid parts;
        null where that is not known), `chain` and `end` (sums along time, in their order).
    """
    found = [frame for frame in _members(cells, catalogue) if frame.height]
    none = pl.DataFrame(schema=_MEMBER)
    members = pl.concat([none, *found], how="diagonal").pipe(_placed, cells)
    if not found:
        return members.with_columns(missing=0.0).select(*_SUM)
    signed = (pl.col("sign") * pl.col("amount")).sum().over("sum")
    is_unsure = (pl.col("amount").is_null() | pl.col("missing").is_null()).any().over("sum")
    return (
        members.lazy()
        .with_columns(
            pl.col("guard").max().over("sum"),
            pl.col("end").max().over("sum"),
            missing=pl.col("known").first().over("sum") - signed,
        )
        .with_columns(is_unsure=is_unsure)
        .filter(pl.col("is_unsure") | (pl.col("missing").abs() < pl.col("guard")))
        .filter(pl.len().over("sum") > 1)
        .with_columns(missing=pl.when("is_unsure").then(pl.col("missing").clip(0)).otherwise(0.0))
        .sort("sum", "is_whole", pl.col("size") == 0, "size", "cell")
        .select(*_SUM)
        .collect(engine="in-memory")
    )


def _placed(members: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The members with what their cells say of them, and which sum each is of."""
    of, anchor = members["cell"], members["anchor"]
    rule = members["rule"] * cells.height
    return members.with_columns(
        amount=cells["amount"].gather(of),
        size=cells["size"].gather(of),
        guard=cells["guard"].gather(of),
        end=cells["period_end"].gather(of),
        sum=rule + anchor,
        chain=rule + cells["series"].gather(anchor),
    ).with_columns(amount=pl.coalesce("amount", "counted"))


def _members(cells: pl.DataFrame, catalogue: Catalogue) -> Iterator[pl.DataFrame]:
    found = []
    if cells["unit"].n_unique() > 1:
        found.append(_units(cells))
    lengths = set(cells["period_months"].unique())
    for part, whole in ((1, 3), (1, 12), (3, 12)):
        if {part, whole} <= lengths:
            found.append(_spans(cells, part_months=part, months=whole))
    found += [_parts(cells, each.parts, total=each.total) for each in declared_parts(catalogue)]
    found += [
        _flows(cells, each.stock, signs={each.starts: 1, each.ends: -1})
        for each in declared_flows(catalogue)
    ]
    found += [_running(cells, total, count=count) for total, count in running_counts(catalogue)]
    for rule, frame in enumerate(found):
        known = pl.lit(0.0).alias("known") if "known" not in frame.columns else pl.col("known")
        names = [name for name in _MEMBER if name in frame.columns or name in ("rule", "known")]
        yield frame.with_columns(known, rule=pl.lit(rule)).select(
            pl.col(name).cast(_MEMBER[name]) for name in names
        )


def _units(cells: pl.DataFrame) -> pl.DataFrame:
    """Units and the nearest unit above them that is held; the whole authority is above all."""
    counts = cells.filter("is_count")
    path, length = pl.col("path"), pl.col("path").list.len().cast(pl.Int64)
    below = counts.filter(pl.col("unit") != "").with_columns(path=pl.col("unit").str.split("/"))
    depth = below.select(length.max()).item() or 0
    above = counts.select("indicator", *SPOT, anchor="cell")
    found = [
        below.filter(length >= up)
        .with_columns(unit=path.list.head(length - up).list.join("/"))
        .join(above, on=["indicator", *SPOT], nulls_equal=True)
        .select("cell", "anchor", up=pl.lit(up))
        for up in range(1, depth + 1)
    ]
    if not found:
        return pl.DataFrame(schema=_MEMBER)
    nearest = pl.concat(found).sort("cell", "up").unique("cell", keep="first", maintain_order=True)
    children = nearest.select("cell", "anchor", may_hide=pl.lit(value=True))
    return _with_wholes(children, across="units")


def _parts(cells: pl.DataFrame, parts: frozenset[str], *, total: str | float) -> pl.DataFrame:
    """Declared parts and their whole, where that is known, for each place and period."""
    whole = 0.0 if isinstance(total, str) else float(total)
    base = pl.col("denominator").max().over("spot")
    # Percentages are counted in cases, and so is what they make up.
    is_share = pl.col("rest").is_not_null().any().over("spot")
    found = (
        cells.filter(pl.col("indicator").is_in([*parts, str(total)]))
        .with_columns(is_whole=pl.col("indicator") == str(total))
        .with_columns(
            across=pl.lit("parts"),
            sign=pl.when("is_whole").then(-1).otherwise(1),
            anchor=pl.col("cell").min().over("spot"),
            may_hide=pl.lit(value=True),
            known=pl.when(is_share).then(whole * base / 100).otherwise(whole),
            counted=(pl.col("value") * base / 100).round(0),
        )
    )
    has_whole = pl.col("is_whole").any().over("spot")
    return found.filter(has_whole) if isinstance(total, str) else found


def _spans(cells: pl.DataFrame, *, part_months: int, months: int) -> pl.DataFrame:
    """Longer periods and the shorter ones in them, of what each period counts alone."""
    counts = cells.filter(pl.col("is_count") & (pl.col("basis") == "in-month"))
    whole = counts.filter(pl.col("period_months") == months)
    parts = (
        counts.filter(pl.col("period_months") == part_months)
        .join(whole, on=SERIES, suffix="_whole")
        .filter(pl.col("period_start") >= pl.col("period_start_whole"))
        .filter(pl.col("period_end") <= pl.col("period_end_whole"))
    )
    is_newest = pl.col("period_end") == pl.col("period_end_whole")
    return _with_wholes(
        parts.select("cell", anchor="cell_whole", may_hide=is_newest), across="time"
    )


def _running(cells: pl.DataFrame, total: str, *, count: str) -> pl.DataFrame:
    """Figures of the year to date and the months that they add up, where none is missing."""
    months = cells.filter((pl.col("indicator") == count) & (pl.col("period_months") == 1))
    since = pl.col("months") - pl.col("months_part")
    parts = (
        cells.filter(pl.col("indicator") == total)
        .join(months, on=["area", "unit"], suffix="_part")
        .filter((since >= 0) & (since < pl.col("elapsed")))
        .filter(pl.len().over("cell") == pl.col("elapsed"))
    )
    return _with_wholes(
        parts.select(anchor="cell", cell="cell_part", may_hide=since == 0), across="time"
    )


def _with_wholes(parts: pl.DataFrame, *, across: str) -> pl.DataFrame:
    """The parts, and the wholes that are their anchors."""
    wholes = parts.select("anchor").unique(maintain_order=True)
    return pl.concat(
        [
            parts.select("cell", "anchor", "may_hide", sign=pl.lit(1)),
            wholes.select(
                pl.col("anchor").alias("cell"),
                "anchor",
                may_hide=pl.lit(value=True),
                sign=pl.lit(-1),
            ),
        ]
    ).with_columns(across=pl.lit(across), is_whole=pl.col("sign") < 0)


def _flows(cells: pl.DataFrame, stock: str, *, signs: Mapping[str, int]) -> pl.DataFrame:
    """Stocks with the one before, and what began and ended in between; all four or none."""
    length = ["area", "unit", "period_months"]
    stocks = cells.filter(pl.col("indicator") == stock)
    before = stocks.select(*length, was="cell", begins=pl.col("period_end").dt.offset_by("1d"))
    pairs = stocks.join(before, left_on=[*length, "period_start"], right_on=[*length, "begins"])
    flows = cells.filter(pl.col("indicator").is_in([*signs])).join(
        pairs.select(*SPOT, anchor="cell"), on=SPOT
    )
    sign = pl.col("indicator").replace_strict(dict(signs), return_dtype=pl.Int32)
    now, was = pl.col("cell"), pl.col("was")
    frames = [
        flows.select("cell", "anchor", sign=sign, may_hide=pl.lit(value=True)),
        pairs.select(now, anchor=now, sign=pl.lit(-1), may_hide=pl.lit(value=True)),
        pairs.select(was.alias("cell"), anchor=now, sign=pl.lit(1), may_hide=pl.lit(value=False)),
    ]
    return (
        pl.concat(frames)
        .filter(pl.len().over("anchor") == len(signs) + 2)
        .with_columns(across=pl.lit("time"), is_whole=pl.col("cell") == pl.col("anchor"))
    )
