"""What reading a source gives, whatever its layout: observations, and all that is no observation.

Nothing is dropped in silence: a row, cell or column that gave no observation is in one of
the other lists, with its address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import get_args

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator, Per, fold_label
from kpi.domain.drafting import Printed
from kpi.domain.observation import READ, Mark, Role, State
from kpi.domain.period import Period
from kpi.readers.grid import cell_name

_MARKS = get_args(Mark)
_MOST_NEAREST = 100  # labels in one source; a file full of strangers is not worth the search


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row whose label no indicator claims, with the ids whose labels come nearest."""

    label: str
    address: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that is not understood, with its text as typed."""

    address: str
    raw: str


@dataclass(frozen=True, slots=True)
class UnusedColumn:
    """A column that gave nothing, and why."""

    address: str
    heading: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one layout's reader gives.

    Attributes:
        observations: The columns of `kpi.domain.observation.READ`, in the source's order.
        unmatched: Rows whose label no indicator claims.
        unreadable: Cells that are not understood.
        sheets: Names of the sheets that held a table; a null where the source has no sheets.
        unused_columns: Columns that gave nothing.
        drafts: What the rows say of their indicators.
        messages: Sentences about what else a reader should know.
    """

    observations: pl.DataFrame
    unmatched: tuple[Unmatched, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    sheets: tuple[str | None, ...] = ()
    unused_columns: tuple[UnusedColumn, ...] = ()
    drafts: tuple[Printed, ...] = ()
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What the figures of one row have in common.

    Attributes:
        indicator: The id of the indicator that they are about.
        number: The row's number on its sheet.
        label: Its label as printed.
        sheet: The sheet's name; null where there are none.
        theme: The theme printed around it; null for none.
        unit: The team that they are about; empty for the whole authority.
    """

    indicator: str
    number: int
    label: str
    sheet: str | None = None
    theme: str | None = None
    unit: str = ""


@dataclass(slots=True)
class Figures:
    """Gathers the figures of a file; one frame is made of them at the end."""

    file: str
    _rows: list[tuple[object, ...]] = field(default_factory=list)
    _periods: dict[Period | None, tuple[object, ...]] = field(default_factory=dict)

    def add(
        self,
        row: Row,
        *,
        column: int,
        role: Role,
        area: str,
        period: Period | None,
        value: float | None,
        state: State,
        raw: str,
        marks: Sequence[Mark] = (),
        target_per: Per | None = None,
    ) -> None:
        """Takes in the figure of one cell."""
        named = self._periods.get(period)
        if named is None:
            named = self._periods[period] = period_columns(period)
        about = (row.indicator, area, row.unit, role, *named)
        says = (value, None, None, state, marks_text(marks), target_per)
        cell = cell_name(row.number, column)
        stands = (raw, row.label, self.file, row.sheet, cell, row.theme)
        self._rows.append(about + says + stands)

    def frame(self) -> pl.DataFrame:
        """The observations in the order in which they were taken in."""
        if not self._rows:
            return pl.DataFrame(schema=READ)
        columns = zip(*self._rows, strict=True)
        return pl.DataFrame(
            [
                pl.Series(name, values, dtype=dtype)
                for (name, dtype), values in zip(READ.items(), columns, strict=True)
            ]
        )


def period_columns(period: Period | None) -> tuple[object, ...]:
    """A period as its four columns: printed, first day, last day, months; nulls for none."""
    if period is None:
        return (None, None, None, None)
    return (str(period), period.start, period.end, period.months)


def marks_text(marks: Iterable[Mark]) -> str:
    """Marks as their column holds them: space separated, in the order of `Mark`."""
    said = set(marks)
    return " ".join(mark for mark in _MARKS if mark in said) if said else ""


@dataclass(slots=True)
class Labels:
    """Whose label a text is; each is looked up once.

    Attributes:
        catalogue: The catalogue; null while there is none, and then nothing is claimed.
    """

    catalogue: Catalogue | None
    _claimed: dict[str, Indicator] = field(default_factory=dict)
    _nearest: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.catalogue:
            self._claimed = self.catalogue.labels()

    def claimed_by(self, label: str) -> Indicator | None:
        """The indicator of this id, title, short title or alias; null when there is none."""
        return self._claimed.get(fold_label(label)) if label else None

    def claims(self, label: str) -> bool:
        """Whether an indicator is called so."""
        return self.claimed_by(label) is not None

    def nearest(self, label: str) -> tuple[str, ...]:
        """The ids whose labels come nearest; only so many are looked for in one source."""
        if self.catalogue is None or not label:
            return ()
        if label not in self._nearest:
            if len(self._nearest) >= _MOST_NEAREST:
                return ()
            self._nearest[label] = tuple(self.catalogue.nearest(label))
        return self._nearest[label]
