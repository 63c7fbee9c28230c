"""What a tidy table's records say of their indicators before there is a catalogue."""

from __future__ import annotations

import polars as pl

from kpi.domain.drafting import Printed
from kpi.domain.period import YearKind, parse_period
from kpi.readers.blocks import outturn_type
from kpi.readers.cells import read_cell
from kpi.readers.drafts import guessed_outturn
from kpi.readers.grid import GridCell

_LOOKED_AT = 100  # figures and periods of a label by which its kind is told


def tidy_drafts(unclaimed: pl.DataFrame) -> tuple[Printed, ...]:
    """A draft for each distinct label, in the order of the records.

    Args:
        unclaimed: Columns `label`, `measure_said`, `period_said` and, where the table has
            values, `value_said`.
    """
    values = "value_said" if "value_said" in unclaimed.columns else "numerator_said"
    grouped = unclaimed.filter(pl.col("label") != "").group_by("label", maintain_order=True)
    rows = grouped.agg(
        pl.col("measure_said").first(),
        pl.col(values).cast(pl.String).drop_nulls().unique().head(_LOOKED_AT).alias("values"),
        pl.col("period_said").drop_nulls().unique().head(_LOOKED_AT).alias("periods"),
    )
    drafts = []
    for label, measure, said, periods in rows.iter_rows():
        printed = outturn_type(measure or "")
        year: YearKind = "calendar" if _are_years(periods) else "financial"
        months = [p.months for text in periods if (p := parse_period(text, year=year))]
        figures = [read_cell(GridCell(text)) for text in said]
        drafts.append(
            Printed(
                label=label,
                theme=None,
                outturn=printed or guessed_outturn(label, figures),
                is_outturn_printed=printed is not None,
                months=min(months, default=12),
                year=year,
            )
        )
    return tuple(drafts)


def _are_years(periods: list[str]) -> bool:
    return bool(periods) and all(text.isdecimal() and len(text) == 4 for text in periods)
