"""The columns of `kpi export`: name, type and meaning, table by table.

Names are promised: a column is never renamed, moved or taken away, only added at the end of
its table. Those that `kpi rag`, `kpi trend` and `kpi compare` have too bear the name they
have in their CSV. Filling the tables is left to `kpi.usecases.export`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import polars as pl

Type = Literal["text", "number", "whole number", "date", "true or false"]

DTYPES: dict[Type, pl.DataType] = {
    "text": pl.String(),
    "number": pl.Float64(),
    "whole number": pl.Int64(),
    "date": pl.Date(),
    "true or false": pl.Boolean(),
}
"""What each type is in a frame, and so in Parquet."""


class Column(NamedTuple):
    """A column: its name, its type in plain words, and what it says."""

    name: str
    type: Type
    meaning: str


_INDICATOR = Column("indicator", "text", "The indicator's id in the catalogue")
_PLACE = (
    Column("area", "text", "Whose figure: the authority, a region, England, another authority"),
    Column("unit", "text", "Service, team or worker; empty for the whole area"),
)
_NAMED = (
    _INDICATOR,
    Column("title", "text", "The indicator's title"),
    Column("theme", "text", "The id of its theme"),
    *_PLACE,
)
_PERIOD = (
    Column("period", "text", "2021-10, 2021-Q3, 2021/22 or 2021; empty: year not stated"),
    Column("period_start", "date", "The period's first day"),
    Column("period_end", "date", "The period's last day"),
)
_SOURCE = (
    Column("source_file", "text", "The file that the figure was read from"),
    Column("source_sheet", "text", "The sheet, where the file has sheets"),
    Column("source_cell", "text", "The cell"),
)
_STATE = Column("state", "text", "`value`, or why there is none: awaited, suppressed, ...")
_OUTTURN = (
    Column("outturn", "number", "The figure as reported; percentages as 63.4"),
    Column("outturn_type", "text", "percentage, number or rate: the unit of all figures here"),
    _STATE,
)
_RAG_STATUS = Column("rag_status", "text", "red, amber, green or blue; empty: not rated")
_DIRECTION = Column("direction_of_travel", "text", "better, worse, same, up, down: since before")
_INTERNAL = Column("internal", "true or false", "Whether small numbers were kept on purpose")

_OBSERVATIONS = (
    _INDICATOR,
    *_PLACE,
    *_PERIOD,
    Column("value", "number", "The figure; percentages as 63.4; empty: see state and conflict"),
    Column("numerator", "number", "The count it is a share or rate of; mostly not known"),
    Column("denominator", "number", "What it is a share or rate of; mostly not known"),
    _STATE,
    Column("marks", "text", "provisional, revised, break, estimate, partial; blanks between"),
    *_SOURCE,
    Column("outturn_type", "text", "percentage, number or rate: the unit of the figure"),
    Column("conflict", "true or false", "Whether its source says two figures, and none counts"),
    _INTERNAL,
)
_RATINGS = (
    *_NAMED,
    *_PERIOD,
    *_OUTTURN,
    *_SOURCE,
    Column("target", "number", "The target as written"),
    Column("target_low", "number", "A range's lower edge"),
    Column("target_high", "number", "A range's upper edge"),
    Column("target_words", "text", "The target as people read it"),
    Column("target_value_compared", "number", "The outturn in the target's terms: set against it"),
    Column("distance_to_target", "number", "That less the target; of a range to the nearer edge"),
    _RAG_STATUS,
    Column("why_unrated", "text", "no_target, no_outturn, small_denominator, ..."),
    Column("reason", "text", "The rating's working, or why there is none, in a sentence"),
    Column("previous_status", "text", "The status of the period before"),
    Column("previous_outturn", "number", "The outturn of the period before"),
    Column("previous_conflict", "true or false", "Whether the period before has two figures"),
    _DIRECTION,
    Column("is_worse", "true or false", "Whether the status fell since the period before"),
    Column("related", "text", "Every cell that says the figure, where several do"),
    _INTERNAL,
)
_TRENDS = (
    *_NAMED,
    *_PERIOD,
    *_OUTTURN,
    *_SOURCE,
    Column("points", "whole number", "How many figures the chart rests on"),
    Column("mean", "number", "The mean line of the newest limits"),
    Column("lower_limit", "number", "The lower process limit"),
    Column("upper_limit", "number", "The upper process limit"),
    Column("variation", "text", "common_cause, special_cause_improvement, ..._concern, ..."),
    Column("assurance", "text", "consistent_pass, consistent_fail, inconsistent"),
    Column("rule", "text", "The rule that the newest point fires"),
    Column("trial_limits", "true or false", "Whether the limits rest on under 13 points"),
    _DIRECTION,
    Column("change_on_previous", "number", "The outturn less that of the period before"),
    Column("change_on_year", "number", "The outturn less that of the same period last year"),
    _RAG_STATUS,
    Column("run_rate_needed", "number", "What each period left must average to meet the target"),
    Column("run_rate_average", "number", "What the periods so far averaged"),
    Column("run_rate_change_percent", "number", "By how many per cent the average must change"),
    Column("run_rate_achievable", "true or false", "Whether a period that good is on record"),
    Column("recent_trend", "text", "Of annual series: whether the last five years differ"),
    Column("chi_square", "number", "Of annual series: the statistic behind that"),
    Column("sentence", "text", "All of it in words"),
    Column("since", "text", "The period from which the rule holds"),
    Column("in_period", "number", "The figure of the period alone: of a running total, its growth"),
    Column("adjusted", "number", "The same without the time of year"),
    Column("chart", "text", "xmr or p; empty where nothing is charted"),
    Column("direction_on_year", "text", "better, worse, same, up, down: on the year before"),
    Column("target_words", "text", "The target as people read it"),
    Column("target_of_period", "number", "The target in the terms of one period"),
    Column("sparkline", "text", "The latest twelve points as characters"),
    Column("notes", "text", "What was left out and where limits begin anew"),
    _INTERNAL,
)
_TREND_POINTS = (
    _INDICATOR,
    *_PLACE,
    *_PERIOD,
    Column("value", "number", "The figure of the period alone, as charted"),
    Column("mean", "number", "The mean line at this point"),
    Column("lower_limit", "number", "The lower process limit at this point"),
    Column("upper_limit", "number", "The upper process limit at this point"),
    Column("rule", "text", "The rule that this point fires"),
    Column("point_type", "text", "What the point is marked as"),
    Column("outturn", "number", "The figure as reported"),
    Column("adjusted", "number", "The figure without the time of year"),
    Column("group", "whole number", "Which set of limits it belongs to, from the first"),
    _INTERNAL,
)
_COMPARISONS = (
    *_NAMED,
    *_PERIOD,
    *_OUTTURN,
    *_SOURCE,
    Column("interval_low", "number", "Lower end of the outturn's confidence interval"),
    Column("interval_high", "number", "Upper end"),
    Column("interval_level", "number", "95 or 99.8"),
    Column("interval_method", "text", "Wilson, Byars or Exact"),
    Column("rank", "whole number", "Among authorities, 1 is best"),
    Column("of_areas", "whole number", "Among how many"),
    Column("quartile", "text", "A is the best quarter, D the worst"),
    Column("rank_of_neighbours", "whole number", "Among the statistical neighbours, 1 is best"),
    Column("of_neighbours", "whole number", "Among how many"),
    Column("rank_period", "text", "The period of the figures ranked with"),
    Column("numerator", "number", "The count that the interval rests on"),
    Column("denominator", "number", "Of how many"),
    Column("working", "text", "How rank and interval came about"),
    Column(
        "comparator_name", "text", "Statistical neighbours, a region, England, an own year, ..."
    ),
    Column("comparator_origin", "text", "published, ingested or typed"),
    Column("comparator_period", "text", "The period of its figure; empty: year not stated"),
    Column("comparator_value", "number", "Its figure as published"),
    Column("comparator_n", "whole number", "Of an average: how many had a figure"),
    Column("comparator_of", "whole number", "Of how many"),
    Column("comparator_method", "text", "mean or median"),
    Column("comparator_difference", "number", "The outturn less the comparator, made alike"),
    Column("comparator_verdict", "text", "better, similar, worse, higher, lower, not_compared"),
    Column("comparator_why_not_compared", "text", "Why there is no verdict"),
    Column("comparator_gap_in_cases", "number", "How many cases would bring it level"),
    Column("comparator_kind", "text", "own year, neighbours, region, england or place"),
    Column("comparator_periods_behind", "whole number", "How many periods older its figure is"),
    Column("comparator_outturn_compared", "number", "The outturn in the comparator's terms"),
    Column("comparator_value_compared", "number", "The comparator in the outturn's terms"),
    Column("comparator_change_on_year", "number", "The comparator's change on its year before"),
    Column("comparator_own_change_on_year", "number", "The outturn's change on its year before"),
    Column("comparator_made_alike", "true or false", "Whether either had to be converted"),
    Column("comparator_behind_words", "text", "How much older its figure is, in words"),
    Column("comparator_release", "text", "The published release that it is from"),
    Column("comparator_model", "text", "The neighbour list that an average was made by"),
    Column("comparator_left_out", "text", "The neighbours that had no figure"),
    Column("comparator_working", "text", "How the comparison came about"),
    Column("comparator_gap_words", "text", "The gap in a sentence"),
    Column("comparator_recent_trend", "text", "The comparator's last five years"),
    Column("comparator_own_recent_trend", "text", "The authority's last five years"),
    _INTERNAL,
)

TABLES: dict[str, tuple[Column, ...]] = {
    "observations": _OBSERVATIONS,
    "ratings": _RATINGS,
    "trends": _TRENDS,
    "trend_points": _TREND_POINTS,
    "comparisons": _COMPARISONS,
}
"""Every table of figures and its columns, in order."""


def described() -> pl.DataFrame:
    """One row a column of every table: `table`, `column`, `type`, `meaning`."""
    rows = [(table, *column) for table, columns in TABLES.items() for column in columns]
    return pl.DataFrame(
        rows,
        schema={"table": pl.String, "column": pl.String, "type": pl.String, "meaning": pl.String},
        orient="row",
    )
