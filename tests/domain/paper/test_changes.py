"""What changed since the period before, in words and in the order of telling."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi.domain.catalogue import Version
from kpi.domain.paper.changes import Verdicts, changes
from tests.builders import a_catalogue, an_indicator

CATALOGUE = a_catalogue(an_indicator("visits", short_title="Visits"), an_indicator("contacts"))
PLACE = {"area": "Southampton", "unit": ""}
RESTATED: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "area": pl.String(),
    "unit": pl.String(),
    "period": pl.String(),
    "old": pl.Float64(),
    "new": pl.Float64(),
    "is_hidden": pl.Boolean(),
}
Rows = list[dict[str, Any]]

CONCERN, IMPROVEMENT = "special_cause_concern", "special_cause_improvement"

RAG = {"indicator": "visits", **PLACE, "rag_status": "green", "reason": "Because."}
TREND = {"indicator": "visits", **PLACE, "variation": "common_cause", "trial_limits": False}


def verdicts(
    period: str,
    *,
    rag: Rows | None = None,
    trend: Rows | None = None,
    england: str = "similar",
) -> Verdicts:
    """What the commands said of a period, of visits unless told otherwise."""
    comparators: list[dict[str, str]] = [
        {"kind": "england", "name": "England", "verdict": england},
        {"kind": "own year", "name": "Southampton 2020/21", "verdict": "worse"},
    ]
    rows: tuple[Rows, ...] = (rag or [{}], trend or [{}], [{}])
    compare: dict[str, Any] = {"indicator": "visits", **PLACE, "comparators": comparators}
    first: tuple[dict[str, Any], ...] = (RAG, TREND, compare)
    return Verdicts(
        *(
            pl.DataFrame([base | {"period": period} | row for row in given], infer_schema_length=9)
            for base, given in zip(first, rows, strict=True)
        )
    )


def found(
    now: Verdicts,
    before: Verdicts,
    *,
    reported: pl.DataFrame | None = None,
    restated: list[dict[str, Any]] | None = None,
) -> list[tuple[str, str]]:
    """Kind and sentence of each change."""
    frame = pl.DataFrame(
        [PLACE | {"indicator": "visits", "period": "2021-09"} | each for each in restated or []],
        schema=RESTATED,
    )
    told = changes(now, before, reported=reported, restated=frame, catalogue=CATALOGUE)
    return list(told.select("kind", "sentence").iter_rows())


SEPTEMBER = verdicts("2021-09")


def test_nothing_has_changed_where_all_is_as_it_was() -> None:
    assert found(verdicts("2021-10"), SEPTEMBER) == []


@pytest.mark.parametrize(
    ("was", "is_", "kind", "said"),
    [
        ("green", "red", "new_red", "RED; in Sep-21 GREEN. Because."),
        (None, "red", "new_red", "RED; in Sep-21 not rated. Because."),
        ("red", "green", "rating", "GREEN; in Sep-21 RED. Because."),
        ("green", None, "rating", "not rated; in Sep-21 GREEN. Because."),
        (None, "amber", "rating", "AMBER; in Sep-21 not rated. Because."),
    ],
)
def test_a_rating_that_turned(was: str | None, is_: str | None, kind: str, said: str) -> None:
    now = verdicts("2021-10", rag=[{"rag_status": is_}])
    before = verdicts("2021-09", rag=[{"rag_status": was}])
    assert found(now, before) == [(kind, f"Visits: {said}")]


def test_a_row_that_was_not_there_before_names_no_period() -> None:
    now = verdicts("2021-10", rag=[{"indicator": "contacts", "rag_status": "red"}])
    assert found(now, SEPTEMBER) == [("new_red", "contacts: RED. Because.")]


def test_a_rating_of_the_same_period_has_not_turned() -> None:
    now = verdicts("2021-Q2", rag=[{"rag_status": "red"}])
    assert found(now, verdicts("2021-Q2")) == []


@pytest.mark.parametrize(
    ("was", "is_", "said"),
    [
        ("common_cause", CONCERN, "a real change for the worse; in Sep-21 no sign of one."),
        (None, IMPROVEMENT, "a real change for the better; in Sep-21 no sign of one."),
        (
            IMPROVEMENT,
            CONCERN,
            "a real change for the worse; in Sep-21 a real change for the better.",
        ),
        (
            CONCERN,
            "common_cause",
            "no sign of a real change; in Sep-21 a real change for the worse.",
        ),
        ("common_cause", None, None),
        (None, "common_cause", None),
        (CONCERN, CONCERN, None),
    ],
)
def test_a_signal_that_turned(was: str | None, is_: str | None, said: str | None) -> None:
    now = verdicts("2021-10", trend=[{"variation": is_}])
    before = verdicts("2021-09", trend=[{"variation": was}])
    assert found(now, before) == ([("trend", f"Visits: {said}")] if said else [])


def test_a_change_on_trial_limits_was_or_is_only_possible() -> None:
    now = verdicts("2021-10", trend=[{"variation": CONCERN}])
    trial = [{"variation": IMPROVEMENT, "trial_limits": True}]
    before = verdicts("2021-09", trend=trial)
    said = "Visits: a real change for the worse; in Sep-21 a possible change for the better."
    assert found(now, before) == [("trend", said)]
    said = "Visits: a possible change for the better; in Sep-21 no sign of one."
    assert found(verdicts("2021-10", trend=trial), SEPTEMBER) == [("trend", said)]


def test_concerns_are_told_before_improvements() -> None:
    now = verdicts(
        "2021-10",
        trend=[{"variation": IMPROVEMENT}, {"indicator": "contacts", "variation": CONCERN}],
    )
    assert [said.partition(":")[0] for _, said in found(now, SEPTEMBER)] == ["contacts", "Visits"]


@pytest.mark.parametrize(
    ("was", "is_", "said"),
    [
        ("similar", "worse", "worse than England; in Sep-21 similar."),
        ("worse", "similar", "similar to England; in Sep-21 worse."),
        ("better", "not_compared", "without a verdict beside England; in Sep-21 better."),
        ("not_compared", "higher", "higher than England; in Sep-21 without a verdict."),
        ("similar", "not_compared", None),
        ("worse", "worse", None),
    ],
)
def test_a_verdict_beside_a_place_that_turned(was: str, is_: str, said: str | None) -> None:
    now, before = verdicts("2021-10", england=is_), verdicts("2021-09", england=was)
    assert found(now, before) == ([("comparison", f"Visits: {said}")] if said else [])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"old": 85.0, "new": 88.5}, "Sep-21 was 85 and is now 88.5."),
        ({"old": 85.0, "new": None}, "Sep-21 was 85 and is now withdrawn."),
        (
            {"old": 4.0, "new": 88.0, "is_hidden": True},
            "Sep-21 was restated; the figures or their difference are small and not shown.",
        ),
    ],
)
def test_a_restated_figure_is_told_exactly_or_not_at_all(row: dict[str, Any], said: str) -> None:
    restated = [{"is_hidden": False} | row]
    assert found(verdicts("2021-10"), SEPTEMBER, restated=restated) == [
        ("restated", f"Visits: {said}")
    ]


def test_what_was_reported_otherwise_is_told_last() -> None:
    reported = SEPTEMBER.rag.with_columns(rag_status=pl.lit("amber"))
    now = verdicts("2021-10", trend=[{"variation": CONCERN}])
    assert found(now, SEPTEMBER, reported=reported)[-1] == (
        "reported",
        "Visits: reported as AMBER for Sep-21; by what is held now it is GREEN.",
    )


@pytest.mark.parametrize(("comparable", "said"), [(True, "RED; in Sep-21 GREEN"), (False, "RED.")])
def test_nothing_is_said_of_the_period_before_a_changed_definition(
    comparable: bool, said: str
) -> None:
    version = Version(date(2021, 10, 1), "counted otherwise", comparable=comparable)
    catalogue = a_catalogue(an_indicator("visits", version=(version,)))
    before, now = verdicts("2021-09"), verdicts("2021-10", rag=[{"rag_status": "red"}])
    told = changes(
        now, before, reported=None, restated=pl.DataFrame(schema=RESTATED), catalogue=catalogue
    )
    assert said in told["sentence"][0]
