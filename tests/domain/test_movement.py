"""Which of two statuses is worse, and which of two figures is better by polarity."""

from __future__ import annotations

import polars as pl
import pytest

from kpi.domain.rag import RANK, is_worse, movement, outside_range

BEST_TO_WORST = ("blue", "green", "amber", "red")


def one(expression: pl.Expr, **columns: object) -> object:
    """What an expression says of one row."""
    schema = {
        name: pl.String() if isinstance(value, str) else pl.Float64()
        for name, value in columns.items()
    }
    return pl.DataFrame([columns], schema=schema).select(expression).item()


def test_the_ranks_are_all_four_statuses_in_order() -> None:
    assert sorted(RANK, key=RANK.__getitem__) == [*BEST_TO_WORST]


@pytest.mark.parametrize("now", BEST_TO_WORST)
@pytest.mark.parametrize("before", BEST_TO_WORST)
def test_worse_is_a_status_further_from_the_best(now: str, before: str) -> None:
    found = one(is_worse(pl.col("now"), pl.col("before")), now=now, before=before)
    assert found == (BEST_TO_WORST.index(now) > BEST_TO_WORST.index(before))


@pytest.mark.parametrize(("now", "before"), [("red", None), (None, "green"), (None, None)])
def test_what_is_not_rated_is_neither_worse_nor_was_better(
    now: str | None, before: str | None
) -> None:
    frame = pl.DataFrame({"now": [now], "before": [before]}, schema=dict.fromkeys(
        ("now", "before"), pl.String()))  # fmt: skip
    assert frame.select(is_worse(pl.col("now"), pl.col("before"))).item() is False


@pytest.mark.parametrize(
    ("polarity", "up", "down"),
    [("high", "better", "worse"), ("low", "worse", "better"), ("range", "worse", "better"),
     ("none", None, None)],
)  # fmt: skip
def test_a_figure_moves_by_its_polarity(polarity: str, up: str | None, down: str | None) -> None:
    moved = movement(pl.col("now"), pl.col("before"), polarity=pl.col("polarity"))
    assert one(moved, now=7.0, before=5.0, polarity=polarity) == up
    assert one(moved, now=5.0, before=7.0, polarity=polarity) == down
    same = None if up is None else "same"
    assert one(moved, now=5.0, before=5.0, polarity=polarity) == same
    assert one(moved, now=0.1 + 0.2, before=0.3, polarity=polarity) == same


@pytest.mark.parametrize(("now", "before"), [(None, 5.0), (5.0, None)])
def test_a_missing_figure_moves_nowhere(now: float | None, before: float | None) -> None:
    moved = movement(pl.col("now"), pl.col("before"), polarity=pl.col("polarity"))
    assert one(moved, now=now, before=before, polarity="high") is None


@pytest.mark.parametrize(
    ("compared", "distance"),
    [(25.0, 5.0), (30.0, 0.0), (35.0, 0.0), (40.0, 0.0), (47.0, 7.0), (None, None)],
)
def test_outside_a_range_is_counted_from_the_nearer_edge(
    compared: float | None, distance: float | None
) -> None:
    assert one(outside_range(), compared=compared, target_low=30.0, target_high=40.0) == distance


@pytest.mark.parametrize("missing", ["target_low", "target_high"])
def test_half_a_range_is_none(missing: str) -> None:
    row = {"compared": 50.0, "target_low": 30.0, "target_high": 40.0} | {missing: None}
    assert one(outside_range(), **row) is None
