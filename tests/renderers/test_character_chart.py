"""An SPC chart in characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.renderers.character_chart import Names, Point, character_chart

HEALTH = [93.0, 91.0, 90.0, 88.0, 86.0, 83.0, 76.0]
MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
NAMES = Names(mean="mean 86.7%", lower="lower trial limit 79.2%", upper="upper trial limit 94.3%")


def points(values: list[float], **fields: object) -> list[Point]:
    chart: dict[str, object] = {"mean": 86.7, "lower": 79.2, "upper": 94.3} | fields
    return [
        Point(
            label=MONTHS[place % 12],
            year=str(2021 + (place + 3) // 12),
            text=f"{value:g}",
            value=value,
            **chart,  # type: ignore[arg-type]
        )
        for place, value in enumerate(values)
    ]


def test_points_limits_and_mean_stand_on_the_rows_of_their_values() -> None:
    assert character_chart(points(HEALTH, point_type="special_cause_concern"), names=NAMES) == (
        "96 |",
        "94 |...C...................................... upper trial limit 94.3%",
        "92 |         C",
        "90 |               C",
        "88 |                     C",
        "86 |---------------------------C-------------- mean 86.7%",
        "84 |                                 C",
        "82 |",
        "80 |.......................................... lower trial limit 79.2%",
        "78 |",
        "76 |                                       C",
        "   +------------------------------------------",
        "      Apr   May   Jun   Jul   Aug   Sep   Oct",
        "     2021",
        "      93    91    90    88    86    83    76",
        "",
        "C concern",
        "A letter marks a signal, or a point of a run that is one.",
    )


@pytest.mark.parametrize(
    ("point_type", "mark", "key"),
    [
        ("special_cause_concern", "C", ["C concern"]),
        ("special_cause_improvement", "I", ["I improvement"]),
        ("special_cause_neutral_high", "H", ["H high"]),
        ("special_cause_neutral_low", "L", ["L low"]),
        ("common_cause", "*", []),
        (None, "*", []),
    ],
)
def test_a_special_cause_is_a_letter(point_type: str | None, mark: str, key: list[str]) -> None:
    lines = character_chart(points([90.0], point_type=point_type), names=NAMES)
    assert sum(line.count(mark) for line in lines[:10] if "|" in line) == 1
    assert [line for line in lines if line and line[0] in "CIHL*"] == key


def test_the_key_names_every_mark_that_stands() -> None:
    mixed = [*points([90.0]), *points([70.0], point_type="special_cause_concern")]
    assert character_chart(mixed, names=NAMES)[-2:] == (
        "C concern, * other points",
        "A letter marks a signal, or a point of a run that is one.",
    )


def test_a_target_is_drawn_where_it_lies_on_the_chart() -> None:
    names = Names(target="target 88.0%")
    assert any("====== target 88.0%" in line for line in character_chart(
        points(HEALTH), names=names, target=88.0
    ))  # fmt: skip
    assert not any("=" in line for line in character_chart(
        points(HEALTH), names=Names(), target=20.0
    ))  # fmt: skip


def test_limits_of_each_group_are_drawn_where_it_stands() -> None:
    groups = [*points([10.0, 11.0], mean=10.0, lower=5.0, upper=15.0),
              *points([30.0, 31.0], mean=30.0, lower=25.0, upper=35.0)]  # fmt: skip
    lines = character_chart(groups, names=Names())
    upper = next(line for line in lines if line.lstrip().startswith("15.0 |"))
    assert upper.endswith("|" + "." * 12)


def test_many_points_get_the_whole_width_and_the_names_go_below() -> None:
    lines = character_chart(points([80.0, 90.0] * 20), names=NAMES, width=78)
    assert max(map(len, lines)) <= 78
    assert lines[-1] == ("--- mean 86.7%, ... upper trial limit 94.3%, ... lower trial limit 79.2%")


def test_too_many_points_are_cut_to_the_latest_and_that_is_said() -> None:
    lines = character_chart(points([80.0, 90.0] * 100), names=NAMES, width=78)
    assert lines[-1] == "The latest 74 of 200 points."
    assert max(map(len, lines)) <= 78


def test_without_limits_the_points_stand_alone() -> None:
    bare = points([5.0, 7.0], mean=None, lower=None, upper=None)
    lines = character_chart(bare, names=Names())
    assert not any(
        mark in line
        for line in lines
        if "|" in line
        for mark in "-.="
        if "." not in line.split("|")[0]
    )


@pytest.mark.parametrize("value", [0.0, 5.0, -3.0, 100.0, 0.25])
def test_a_series_that_does_not_move_is_drawn_too(value: float) -> None:
    flat = points([value] * 3, mean=value, lower=value, upper=value)
    lines = character_chart(flat, names=Names(mean="mean"))
    assert sum("*" in line for line in lines) == 1
    assert any(line.endswith("mean") for line in lines)


@given(
    st.lists(
        st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3)),
        min_size=1,
        max_size=150,
    ),
    st.integers(40, 140),
)
def test_every_point_is_drawn_once_in_ascii_within_the_width(
    values: list[float], width: int
) -> None:
    names = Names(mean="mean", lower="lower limit", upper="upper limit")
    bare = points(values, mean=None, lower=None, upper=None)
    lines = character_chart(bare, names=names, width=width)
    chart = [line for line in lines if "|" in line]
    assert all(line.isascii() for line in lines)
    assert max(map(len, lines)) <= width
    drawn = sum(line.split("|", 1)[1].count("*") for line in chart)
    assert drawn == len(values) or lines[-1] == f"The latest {drawn} of {len(values)} points."
    assert len(chart) <= 20
