"""Laws of a trend, from stored rows to the row that a command gives."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.domain.catalogue import Indicator, Target
from tests.builders import an_indicator
from tests.domain.trend.trends_of import Row, months, trends_of

# Quarters are exact in binary, so that no law fails on a rounding of its own making.
figure = st.integers(0, 48).map(lambda n: n / 4)
steps = st.lists(
    st.tuples(st.integers(-2, 2), st.integers(1, 8), st.integers(0, 8)), min_size=1, max_size=4
).map(
    lambda parts: [start + float(step * i) for step, length, start in parts for i in range(length)]
)
series = st.one_of(st.lists(figure, min_size=1, max_size=24), steps)
with_gaps = st.lists(st.one_of(figure, figure, st.none()), min_size=2, max_size=24)
polarity = st.sampled_from(["high", "low", "none"])
target = st.one_of(st.none(), st.integers(-4, 16).map(float))

TURNED = {"high": "low", "low": "high", "none": "none"}
SWAPPED = {
    "special_cause_neutral_high": "special_cause_neutral_low",
    "special_cause_neutral_low": "special_cause_neutral_high",
    "up": "down",
    "down": "up",
}


def aimed(id: str, polarity: Any, target: float | None) -> Indicator:  # noqa: A002
    aims = () if target is None else (Target(value=target, per="point"),)
    return an_indicator(id, polarity=polarity, target=aims)


def both(one: tuple[Indicator, list[float]], other: tuple[Indicator, list[float]]) -> list[Row]:
    """The trends of two indicators, judged in one go."""
    rows = [
        each
        for indicator, values in (one, other)
        for each in months(values, indicator=indicator.id)
    ]
    return trends_of(one[0], other[0], rows=rows)


def verdict(row: Row) -> tuple[Any, ...]:
    names = ("points", "variation", "assurance", "trial_limits", "direction_of_travel", "since")
    return tuple(row[name] for name in names)


def labels(row: Row) -> list[tuple[Any, ...]]:
    return [(point["period"], point["rule"], point["point_type"]) for point in row["series"]]


@given(series, polarity, target)
def test_mirrored_values_and_polarity_mirror_the_verdict(
    values: list[float], polarity: str, target: float | None
) -> None:
    turned = None if target is None else -target
    row, mirror = both(
        (aimed("a", polarity, target), values),
        (aimed("b", TURNED[polarity], turned), [-value for value in values]),
    )
    assert tuple(SWAPPED.get(word, word) for word in verdict(mirror)) == verdict(row)


@given(series, polarity, target, st.integers(-64, 64))
def test_a_constant_added_changes_no_label(
    values: list[float], polarity: str, target: float | None, added: int
) -> None:
    shifted = None if target is None else target + added
    row, raised = both(
        (aimed("a", polarity, target), values),
        (aimed("b", polarity, shifted), [value + added for value in values]),
    )
    assert labels(raised) == labels(row)
    assert verdict(raised) == verdict(row)


@given(with_gaps, st.sampled_from(["in-month", "year-to-date", "rolling-12"]), st.integers(0, 99))
@settings(max_examples=20)
def test_row_order_changes_nothing(values: list[float | None], basis: str, seed: int) -> None:
    indicators = [an_indicator(name, basis=basis, polarity="low", target=4) for name in "ab"]
    rows = [
        *months(values, indicator="a"),
        *months(list(reversed(values)), indicator="b"),
        *months(values, indicator="b", unit="Team 2"),
    ]
    assert trends_of(*indicators, rows=rows, shuffled=seed) == trends_of(*indicators, rows=rows)


@given(with_gaps, with_gaps)
@settings(max_examples=20)
def test_each_series_is_judged_by_itself(
    one: list[float | None], other: list[float | None]
) -> None:
    rows = {"a": months(one, indicator="a"), "b": months(other, indicator="b")}
    together = trends_of(an_indicator("a"), an_indicator("b"), rows=[*rows["a"], *rows["b"]])
    alone = [row for name in "ab" for row in trends_of(an_indicator(name), rows=rows[name])]
    for row in (*together, *alone):
        del row["source"]
    assert together == alone


@given(series, polarity, target)
def test_a_sentence_is_the_same_for_the_same_data(
    values: list[float], polarity: str, target: float | None
) -> None:
    row, again = both(
        (aimed("a", polarity, target), values), (aimed("b", polarity, target), values)
    )
    sentence = row["sentence"]
    assert sentence == again["sentence"]
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "  " not in sentence
    assert "None" not in sentence


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=14))
@settings(max_examples=20)
def test_no_small_number_comes_back_as_a_difference_of_running_totals(
    brought: list[tuple[int, int]],
) -> None:
    cases: list[float] = []
    of: list[float] = []
    for place, (some, others) in enumerate(brought):
        begins = place % 12 == 0
        cases.append(some + (0.0 if begins else cases[-1]))
        of.append(some + others + (0.0 if begins else of[-1]))
    count = an_indicator("a", basis="year-to-date", suppress_below=6)
    share = an_indicator("b", outturn="percentage", basis="year-to-date", suppress_below=6)
    rows = [
        *months(cases, indicator="a"),
        *months(
            [100 * one / all_ if all_ else 0.0 for one, all_ in zip(cases, of, strict=True)],
            indicator="b", numerator=cases, denominator=of,
        ),
    ]  # fmt: skip
    for row in trends_of(count, share, rows=rows, hide_small=True):
        for point in row["series"]:
            some, others = brought[int(point["period"][:4]) * 12 + int(point["period"][5:]) - 24244]
            small = {some} if row["indicator"] == "a" else {some, others, some + others}
            assert not small & {1, 2, 3, 4, 5}
