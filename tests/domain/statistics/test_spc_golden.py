"""The XmR chart gives what NHSRplotthedots 0.2.2 gave for 148 series, but where said."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpi.domain.statistics.spc import latest_verdicts, with_spc
from tests.domain.statistics.spc_oracle import Options, judged

GOLDEN = Path(__file__).parents[2] / "golden"
DIRECTIONS = {"increase": 1, "decrease": -1, "neutral": 0}
NUMBERS = {"mean": "mean", "lpl": "lower_limit", "upl": "upper_limit"}

CONSTANT = "constant: the peer leaves the limits undefined, here they lie on the mean"
STEP = "screening leaves only ranges of zero: the peer's limits collapse, here it is set aside"
JOINED = "two trends joined by a tie: the peer turns the last point of the first one round"
GAP = "the rebase date is a missing month: the peer ignores it, here the next month takes it"
WITHIN = "the rebase date lies within the first month: the peer ignores it, here it renumbers"

EXCEPTED = {
    "A038": CONSTANT,
    "A040": CONSTANT,
    "A041": CONSTANT,
    "A043": STEP,
    "A045": STEP,
    "A064": GAP,
    "A100": JOINED,
    "A122": WITHIN,
}
"""Series whose chart differs from the peer's, with the reason."""


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(GOLDEN / f"{name}.csv", infer_schema=False)


@cache
def _points() -> pl.DataFrame:
    options = _read("spc_options").select(
        "series_id",
        pl.col("target").cast(pl.Float64),
        rebases=pl.col("rebase").fill_null("").str.split(";"),
        improvement=pl.col("improvement_direction").replace_strict(DIRECTIONS),
        baseline=pl.col("fix_after_n_points").cast(pl.Int64),
        screen=pl.col("screen_outliers") == "TRUE",
        two_in_three=pl.lit("older"),
    )
    month = pl.col("date").str.head(7)
    return (
        _read("spc_inputs")
        .join(options, on="series_id", maintain_order="left")
        .with_columns(
            position=pl.col("date").str.to_date(),
            value=pl.col("value").cast(pl.Float64),
            # A rebase date means the month that it lies in.
            rebase=pl.col("rebases").list.eval(pl.element().str.head(7)).list.contains(month),
        )
    )


@cache
def _charts() -> dict[str, pl.DataFrame]:
    chart = with_spc(_points().lazy(), series=["series_id"]).collect()
    return {str(key[0]): rows for key, rows in chart.group_by("series_id", maintain_order=True)}


@cache
def _peer_charts() -> dict[str, pl.DataFrame]:
    chart = _read("spc_points").select(
        "series_id",
        pl.col("date").str.to_date().alias("position"),
        pl.col("rebase_group").cast(pl.Int64).alias("group"),
        *(pl.col(theirs).cast(pl.Float64).alias(ours) for theirs, ours in NUMBERS.items()),
        pl.col("relative_to_mean").cast(pl.Int64).alias("side"),
        pl.col("outside_limits").eq_missing(pl.lit("1")).alias("outside"),
        pl.col("close_to_limits").eq_missing(pl.lit("1")).alias("close"),
        pl.col("special_cause_type").alias("rule"),
        "point_type",
        pl.col("short_group_warning").eq_missing(pl.lit("1")).alias("trial_limits"),
    )
    return {str(key[0]): rows for key, rows in chart.group_by("series_id", maintain_order=True)}


@cache
def _verdicts() -> pl.DataFrame:
    return latest_verdicts(_points().lazy(), series=["series_id"]).collect()


@cache
def _peer_verdicts() -> pl.DataFrame:
    return _read("spc_summary").select(
        "series_id",
        pl.col("n_points").cast(pl.Int64).alias("points"),
        *(pl.col(f"final_{k}").cast(pl.Float64).alias(v) for k, v in NUMBERS.items()),
        pl.col("variation_type").alias("variation"),
        pl.col("assurance_type").alias("assurance"),
    )


def _agree(ours: list[float | None], theirs: list[float | None]) -> bool:
    """Nulls in the same places, the numbers between within a billionth."""
    return len(ours) == len(theirs) and all(
        a is b if a is None or b is None else a == pytest.approx(b, rel=1e-9, abs=0)
        for a, b in zip(ours, theirs, strict=True)
    )


def _row(verdicts: pl.DataFrame, series_id: str) -> dict[str, Any]:
    return verdicts.filter(pl.col("series_id") == series_id).row(0, named=True)


ALL_SERIES = sorted(_peer_charts())
WORDS = ["position", "group", "side", "outside", "close", "rule", "point_type", "trial_limits"]


@pytest.mark.parametrize("series_id", [s for s in ALL_SERIES if s not in EXCEPTED])
def test_limits_and_labels_are_the_peers(series_id: str) -> None:
    ours, peers = _charts()[series_id], _peer_charts()[series_id]
    assert ours.select(WORDS).rows() == peers.select(WORDS).rows()
    for number in NUMBERS.values():
        assert _agree(ours[number].to_list(), peers[number].to_list())


@pytest.mark.parametrize("series_id", [s for s in ALL_SERIES if s not in EXCEPTED])
def test_verdicts_are_the_peers(series_id: str) -> None:
    ours, peers = _row(_verdicts(), series_id), _row(_peer_verdicts(), series_id)
    words = peers.keys() - NUMBERS.values()
    assert {word: ours[word] for word in words} == {word: peers[word] for word in words}
    for number in NUMBERS.values():
        assert _agree([ours[number]], [peers[number]])


def test_the_golden_set_is_whole() -> None:
    assert len(ALL_SERIES) == 148
    assert sum(rows.height for rows in _peer_charts().values()) == 5030


@pytest.mark.parametrize("series_id", ALL_SERIES)
def test_every_golden_series_is_judged_as_the_oracle_judges_it(series_id: str) -> None:
    points = _points().filter(pl.col("series_id") == series_id)
    option = points.row(0, named=True)
    rebases = tuple(i for i, rebase in enumerate(points["rebase"]) if rebase)
    options = Options(option["improvement"], option["baseline"], option["screen"], rebases=rebases)
    dates = points["position"].to_list()
    expected = judged(points["value"].to_list(), options)
    ours = _charts()[series_id]
    assert ours["position"].to_list() == [dates[point.position] for point in expected]
    assert ours["since"].to_list() == [
        None if point.since is None else dates[point.since] for point in expected
    ]
    for name in ("group", "fallback", "rule", "point_type"):
        assert ours[name].to_list() == [getattr(point, name) for point in expected]
    for name in NUMBERS.values():
        assert _agree(ours[name].to_list(), [getattr(point, name) for point in expected])


@pytest.mark.parametrize(
    ("series_id", "value", "assurance", "peers_assurance"),
    [
        ("A038", 100.0, "consistent_pass", "inconsistent"),
        ("A040", 98.7, "inconsistent", "inconsistent"),
        ("A041", 0.0, "inconsistent", "inconsistent"),
    ],
)
def test_limits_of_a_constant_series_lie_on_its_value(
    series_id: str, value: float, assurance: str, peers_assurance: str
) -> None:
    ours, peers = _charts()[series_id], _peer_charts()[series_id]
    for number in NUMBERS.values():
        assert set(ours[number]) == {value}
    assert peers["upper_limit"].null_count() == peers.height
    assert ours.select(WORDS).rows() == peers.select(WORDS).rows()
    assert _row(_verdicts(), series_id)["assurance"] == assurance
    assert _row(_peer_verdicts(), series_id)["assurance"] == peers_assurance


@pytest.mark.parametrize("series_id", ["A043", "A045"])
def test_limits_rest_on_all_ranges_where_screening_leaves_only_zeros(series_id: str) -> None:
    ours, peers = _charts()[series_id], _peer_charts()[series_id]
    assert ours["fallback"].all()
    assert peers["lower_limit"].to_list() == peers["upper_limit"].to_list()
    assert (ours["lower_limit"] < ours["mean"]).all()
    assert _agree(ours["mean"].to_list(), peers["mean"].to_list())
    assert ours["point_type"].to_list() == peers["point_type"].to_list()
    for verdict in ("variation", "assurance"):
        assert _row(_verdicts(), series_id)[verdict] == _row(_peer_verdicts(), series_id)[verdict]


def test_no_other_golden_series_falls_back() -> None:
    falls_back = {series for series, rows in _charts().items() if rows["fallback"].any()}
    assert falls_back == {series for series, reason in EXCEPTED.items() if reason == STEP}


def test_one_point_differs_where_two_trends_are_joined_by_a_tie() -> None:
    ours, peers = _charts()["A100"], _peer_charts()["A100"]
    differing = [(a, b) for a, b in zip(ours["rule"], peers["rule"], strict=True) if a != b]
    assert differing == [("7 Point Trend (Increasing)", "7 Point Trend (Decreasing)")]
    assert _row(_verdicts(), "A100")["variation"] == _row(_peer_verdicts(), "A100")["variation"]


def test_a_rebase_on_a_missing_month_begins_a_group_at_the_next_point() -> None:
    ours, peers = _charts()["A064"], _peer_charts()["A064"]
    assert _read("spc_options").filter(series_id="A064")["rebase"].item() == "2020-03-01"
    assert str(ours.filter(pl.col("group") == 1)["position"][0]) == "2020-04-01"
    assert peers["group"].unique().to_list() == [0]


def test_a_rebase_within_the_first_month_changes_the_numbering_alone() -> None:
    ours, peers = _charts()["A122"], _peer_charts()["A122"]
    assert ours["group"].unique().to_list() == [1]
    words = [word for word in WORDS if word != "group"]
    assert ours.select(words).rows() == peers.select(words).rows()
    for number in NUMBERS.values():
        assert _agree(ours[number].to_list(), peers[number].to_list())
