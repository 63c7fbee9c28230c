"""Which columns of a table give an indicator's figures, and for which periods.

A quarter, a year and an outturn type in a heading mean something only together with the
indicator whose row it is; a column may serve one row and not the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kpi.domain.catalogue import Indicator
from kpi.domain.observation import Mark
from kpi.domain.period import Period, YearKind
from kpi.readers.columns import NO_SUCH_YEAR, OTHER_TYPE, Column
from kpi.readers.headings import period_of

EARLIER_TO_DATE = "a later column holds the figures to date"


@dataclass(frozen=True, slots=True)
class Use:
    """A column as one indicator's rows use it.

    Attributes:
        column: The column.
        period: The period of its figures; null where a comparator or target names none.
        marks: Marks that its heading gives them.
    """

    column: Column
    period: Period | None
    marks: tuple[Mark, ...]


@dataclass(slots=True)
class Uses:
    """The columns of one table by the indicators that use them.

    Attributes:
        columns: Those that hold outturns or targets.
        reasons: Why columns, by index, could not be used by one indicator or another.
        used: The indexes of columns that some indicator used.
    """

    columns: Sequence[Column]
    reasons: dict[int, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    _known: dict[tuple[YearKind, str, bool], tuple[Use, ...]] = field(default_factory=dict)

    def of(self, indicator: Indicator) -> tuple[Use, ...]:
        """The columns that give this indicator's figures, left to right."""
        key = (indicator.year, indicator.outturn, indicator.basis == "year-to-date")
        if key not in self._known:
            uses = self._newest_to_date(self._of(indicator))
            self._known[key] = uses
            self.used.update(use.column.index for use in uses)
        return self._known[key]

    def _of(self, indicator: Indicator) -> list[Use]:
        uses: list[Use] = []
        for column in self.columns:
            if self._is_of_other_type(column, indicator=indicator):
                self.reasons.setdefault(column.index, OTHER_TYPE)
                continue
            has_plain = column.heading.to_date and self._has_plain(column)
            period = column.period(indicator, has_plain=has_plain)
            if period is None and column.heading.when:
                self.reasons.setdefault(column.index, NO_SUCH_YEAR)
                continue
            uses.append(Use(column, period, column.marks(period)))
        return uses

    def _is_of_other_type(self, column: Column, *, indicator: Indicator) -> bool:
        """Whether `Oct-21 %` stands beside a column that suits a count better."""
        if column.heading.outturn in (None, indicator.outturn):
            return False
        return any(
            other.heading.outturn in (None, indicator.outturn)
            for other in self.columns
            if other.heading.when == column.heading.when
            and other.heading.area == column.heading.area
            and other.heading.role == column.heading.role
        )

    def _has_plain(self, column: Column) -> bool:
        """Whether another column holds the same period's figures, and not to date."""
        return any(
            other.heading.when == column.heading.when
            and other.heading.area == column.heading.area
            and other.heading.role == "outturn"
            and not other.heading.to_date
            for other in self.columns
        )

    def _newest_to_date(self, uses: Sequence[Use]) -> tuple[Use, ...]:
        """The uses, of several columns to date of one year only the newest."""
        newest: dict[tuple[str, Period | None], Use] = {}
        for use in uses:
            if use.column.heading.to_date:
                key = (use.column.heading.area, use.period)
                best = newest.get(key)
                if best is None or _to(best) <= _to(use):
                    newest[key] = use
        kept: list[Use] = []
        for use in uses:
            key = (use.column.heading.area, use.period)
            if use.column.heading.to_date and newest[key] is not use:
                self.reasons.setdefault(use.column.index, EARLIER_TO_DATE)
            else:
                kept.append(use)
        return tuple(kept)


def _to(use: Use) -> str:
    """The last day that a column to date runs to, as text that sorts."""
    period = period_of(use.column.heading.when, "financial")
    return str(period.end) if period else ""
