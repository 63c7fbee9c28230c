"""What a check notices: the columns of a finding, and what is done with findings.

A finding never alters or drops an observation. What the checks are is left to
`kpi.domain.checks`, which figures they look at to `kpi.domain.checks.context`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import polars as pl

from kpi.domain.catalogue import Accept
from kpi.domain.observation import address_expr
from kpi.domain.period import YearKind, parse_period

if TYPE_CHECKING:
    from kpi.domain.checks.context import Context

Severity = Literal["error", "warning", "info"]
Needs = Literal["typed", "unreadable", "rates"]
"""Comparators typed beside months, cells not understood, and rates said to be of a count."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""Worst first."""

_PREFIX = "KPI"
_NEAREST = 3
_LOOK_ALIKES = str.maketrans("OQILSZ", "001152")

Row = dict[str, Any]

FOUND: dict[str, pl.DataType] = {
    "indicator": pl.String(),  # null: about no indicator that the catalogue knows
    "area": pl.String(),
    "unit": pl.String(),
    "period": pl.String(),  # null: no one period, or one whose year is not stated
    "periods": pl.List(pl.String()),  # all that it is about
    "value": pl.Float64(),  # the figure at its source
    "state": pl.String(),
    "message": pl.String(),
    "hint": pl.String(),
    "source_file": pl.String(),
    "source_sheet": pl.String(),
    "source_cell": pl.String(),
    "related": pl.List(pl.String()),  # addresses of every other cell that it rests on
    "wrong": pl.List(pl.String()),  # addresses of the cells that it finds wrong
    "seq": pl.Int64(),
}
"""What a check gives, one row a finding."""

FINDING: dict[str, pl.DataType] = {
    "code": pl.String(),
    "severity": pl.String(),
    **{name: dtype for name, dtype in FOUND.items() if name != "wrong"},
    "accepted": pl.Boolean(),
    "accepted_why": pl.String(),
}
"""The columns of a finding, in order."""


class Said(NamedTuple):
    """A finding in words: what is wrong with which numbers, and what to do."""

    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check, declared beside its expression.

    Attributes:
        code: `KPI1xx` for errors, `KPI2xx` for warnings, `KPI3xx` for disclosure.
        title: What it finds, in few words.
        severity: How bad that is.
        meaning: What a finding says.
        why: Why it matters.
        advice: What to do about it.
        example: A finding as it is printed.
        find: From what is known to findings (columns: `FOUND`).
        discredits: Whether later checks leave the cells alone that it finds wrong.
        needs: The only cells it looks at: it is left out where there are none.
    """

    code: str
    title: str
    severity: Severity
    meaning: str
    why: str
    advice: str
    example: str
    find: Callable[[Context], pl.LazyFrame]
    discredits: bool = False
    needs: Needs | None = None


def worded(found: pl.LazyFrame, *, say: Callable[[Row], Said]) -> pl.LazyFrame:
    """The rows as findings (columns: `FOUND`), each put into words.

    Columns of `FOUND` that the rows lack are null, but for `periods` (the one period) and
    `wrong` (the own cell). The own cell is left out of `related`. Only
    rows that are findings come here, so they are few.

    Args:
        found: Rows with the columns that `say` needs.
        say: Gives the words for a row.
    """

    def put(rows: pl.DataFrame) -> pl.DataFrame:
        said = [say(row) for row in rows.iter_rows(named=True)]
        filled = rows.with_columns(
            pl.Series("message", [each.message for each in said], dtype=pl.String),
            pl.Series("hint", [each.hint or None for each in said], dtype=pl.String),
        )
        return filled.pipe(_filled).select(
            pl.col(name).cast(dtype) for name, dtype in FOUND.items()
        )

    # Nothing may be pushed past it: it needs all columns, and what it gives is filtered after.
    return found.map_batches(
        put, predicate_pushdown=False, projection_pushdown=False, schema=dict(FOUND)
    )


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every column of `FOUND`."""
    usual = {
        "periods": pl.concat_list("period").list.drop_nulls(),
        "wrong": pl.when(pl.col("source_cell").is_not_null())
        .then(pl.concat_list(address_expr()))
        .otherwise(pl.lit([], dtype=pl.List(pl.String))),
    }
    missing = [name for name in FOUND if name not in rows.columns]
    rows = rows.with_columns(
        pl.lit(None, dtype=FOUND[name]).alias(name) for name in missing if name not in usual
    )
    rows = rows.with_columns(usual[name].alias(name) for name in missing if name in usual)
    return rows.with_columns(_without_own(rows))


def _without_own(rows: pl.DataFrame) -> pl.Series:
    """The `related` cells of each row but its own."""
    pairs = rows.select(address_expr().alias("own"), "related").iter_rows()
    others = [
        None if related is None else [each for each in related if each != own]
        for own, related in pairs
    ]
    return pl.Series("related", others, dtype=FOUND["related"])


def nothing_found() -> pl.LazyFrame:
    """No findings (columns: `FOUND`)."""
    return pl.LazyFrame(schema=FOUND)


def with_accepted(
    findings: pl.DataFrame,
    accepts: Iterable[Accept],
    *,
    years: dict[str, YearKind],
    on: date | None,
) -> pl.DataFrame:
    """The findings with `accepted` and `accepted_why`, by the catalogue's acceptances.

    An acceptance is for one code, and for one indicator and period where it names them. It
    holds for reports up to its last day and not after.

    Args:
        findings: Needs `code`, `indicator`, `periods`.
        accepts: The catalogue's.
        years: Kind of year by indicator, in which an acceptance's period is read.
        on: Last day of the period judged, on which they must hold; null for no period, when
            none has ended.
    """
    why = pl.coalesce(
        pl.lit(None, dtype=pl.String),
        *(
            pl.when(_is_meant(each, years)).then(pl.lit(each.why))
            for each in accepts
            if not is_over(each, on=on)
        ),
    )
    return findings.with_columns(accepted_why=why).with_columns(
        accepted=pl.col("accepted_why").is_not_null()
    )


def is_over(accept: Accept, *, on: date | None) -> bool:
    """Whether an acceptance has ended on a day; its last day still counts."""
    return accept.until is not None and on is not None and accept.until < on


def is_selected(code: str, *, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether a check runs: the longest beginning of its code that is named decides.

    Nothing selected means all. Of a selection and an exclusion alike the exclusion counts.

    Example:
        >>> is_selected("KPI204", select=["KPI2"], ignore=[])
        True
        >>> is_selected("KPI204", select=["KPI204"], ignore=["KPI2"])
        True
        >>> is_selected("KPI301", select=["KPI2"], ignore=[])
        False
    """

    def longest(names: Sequence[str]) -> int:
        return max((len(name) for name in names if code.startswith(name)), default=-1)

    taken = longest(select) if select else 0
    return taken > longest(ignore)


def nearest_codes(said: str, *, codes: Iterable[str]) -> list[str]:
    """The codes that a misspelt one may stand for: fewest digits different, then nearest.

    Letters that look like digits are read as those; a code that is one then stands alone.

    Example:
        >>> nearest_codes("KPI2O4", codes=["KPI204", "KPI214"])
        ['KPI204']
        >>> nearest_codes("KPI999", codes=["KPI110", "KPI209", "KPI229", "KPI301"])
        ['KPI229', 'KPI209', 'KPI301']
    """
    digits = said.upper().removeprefix(_PREFIX).strip(" -_").translate(_LOOK_ALIKES)
    known = [*codes]
    if not digits.isdecimal() or f"{_PREFIX}{digits}" in known:
        return [code for code in known if code == f"{_PREFIX}{digits}"]

    def far(code: str) -> tuple[float, int, str]:
        own = code.removeprefix(_PREFIX)
        unlike: float = sum(one != other for one, other in zip(own, digits, strict=False))
        if len(own) != len(digits):  # a digit too many, or one left out
            unlike = 1 - SequenceMatcher(None, own, digits).ratio()
        return unlike, abs(int(own) - int(digits)), code

    return sorted(known, key=far)[:_NEAREST]


def in_order(findings: pl.DataFrame, *, places: pl.DataFrame) -> pl.DataFrame:
    """The findings, worst first, by code, then as their cells stand in their sources.

    Args:
        findings: Columns of `FINDING`.
        places: `source_file`, `source_sheet`, `sheet_order` of every sheet.
    """
    severity = pl.col("severity").replace_strict(
        {name: place for place, name in enumerate(SEVERITIES)}, return_dtype=pl.Int8
    )
    row = pl.col("source_cell").str.extract(r"(\d+)$").cast(pl.Int64, strict=False)
    letters = pl.col("source_cell").str.extract(r"^([A-Z]+)")
    return (
        findings.join(places, on=["source_file", "source_sheet"], how="left", nulls_equal=True)
        .sort(
            severity,
            "code",
            "seq",
            "sheet_order",
            row,
            letters.str.len_chars(),
            letters,
            "indicator",
            "area",
            "unit",
            "period",
            "message",
            nulls_last=True,
            maintain_order=True,
        )
        .select(*FINDING)
    )


def _is_meant(accept: Accept, years: dict[str, YearKind]) -> pl.Expr:
    meant = pl.col("code") == accept.code.upper()
    if accept.indicator:
        meant &= pl.col("indicator") == accept.indicator
    if accept.period:
        period = parse_period(accept.period, year=years.get(accept.indicator, "financial"))
        meant &= pl.col("periods").list.contains(str(period or accept.period))
    return meant.fill_null(value=False)
