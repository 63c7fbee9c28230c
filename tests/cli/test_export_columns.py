"""The columns of `kpi export` are promised: other people's queries name them."""

from __future__ import annotations

import pytest

from kpi.usecases.compare_rows import ROWS as COMPARED
from kpi.usecases.export_columns import TABLES
from kpi.usecases.trend_rows import POINT
from kpi.usecases.trend_rows import ROWS as TRENDS

# Changing a name here breaks somebody's Power BI: add at the end, never rename or move.
PROMISED = {
    "observations": (
        "indicator area unit period period_start period_end value numerator denominator state "
        "marks source_file source_sheet source_cell outturn_type conflict internal"
    ),
    "ratings": (
        "indicator title theme area unit period period_start period_end outturn outturn_type "
        "state source_file source_sheet source_cell target target_low target_high target_words "
        "target_value_compared distance_to_target rag_status why_unrated reason previous_status "
        "previous_outturn previous_conflict direction_of_travel is_worse related internal"
    ),
    "trends": (
        "indicator title theme area unit period period_start period_end outturn outturn_type "
        "state source_file source_sheet source_cell points mean lower_limit upper_limit "
        "variation assurance rule trial_limits direction_of_travel change_on_previous "
        "change_on_year rag_status run_rate_needed run_rate_average run_rate_change_percent "
        "run_rate_achievable recent_trend chi_square sentence since in_period adjusted chart "
        "direction_on_year target_words target_of_period sparkline notes internal"
    ),
    "trend_points": (
        "indicator area unit period period_start period_end value mean lower_limit upper_limit "
        "rule point_type outturn adjusted group internal"
    ),
    "comparisons": (
        "indicator title theme area unit period period_start period_end outturn outturn_type "
        "state source_file source_sheet source_cell interval_low interval_high interval_level "
        "interval_method rank of_areas quartile rank_of_neighbours of_neighbours rank_period "
        "numerator denominator working comparator_name comparator_origin comparator_period "
        "comparator_value comparator_n comparator_of comparator_method comparator_difference "
        "comparator_verdict comparator_why_not_compared comparator_gap_in_cases comparator_kind "
        "comparator_periods_behind comparator_outturn_compared comparator_value_compared "
        "comparator_change_on_year comparator_own_change_on_year comparator_made_alike "
        "comparator_behind_words comparator_release comparator_model comparator_left_out "
        "comparator_working comparator_gap_words comparator_recent_trend "
        "comparator_own_recent_trend internal"
    ),
}


@pytest.mark.parametrize("table", PROMISED)
def test_no_column_was_renamed_moved_or_taken_away(table: str) -> None:
    promised = PROMISED[table].split()
    assert [column.name for column in TABLES[table]][: len(promised)] == promised


def test_there_are_no_other_tables() -> None:
    assert list(TABLES) == list(PROMISED)


@pytest.mark.parametrize("table", PROMISED)
def test_every_column_is_explained_once(table: str) -> None:
    names = [column.name for column in TABLES[table]]
    assert len(set(names)) == len(names)
    assert all(column.meaning.strip() for column in TABLES[table])


def test_nothing_that_kpi_trend_and_kpi_compare_say_is_forgotten() -> None:
    """A field added to a row is added to the export, or left out here on purpose."""
    for table, fields in (
        ("trends", TRENDS.keys() - {"series", "source", "run_rate"}),
        ("trend_points", POINT.keys()),
        ("comparisons", COMPARED.keys() - {"comparators", "source", "interval"}),
    ):
        assert fields <= {column.name for column in TABLES[table]}
