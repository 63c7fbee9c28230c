"""What is written on a chart's picture."""

from __future__ import annotations

from itertools import combinations

import pytest

from kpi.domain.chart import SpcChart
from kpi.renderers.chart_layout import PLOT, WIDTH, Text, laid_out
from kpi.renderers.chart_palette import BLUE, GREY, INK, ORANGE
from kpi.renderers.chart_scale import width_of_text
from tests.charted import CONCERN, IMPROVEMENT, KINDS, a_chart, starting


def written(chart: SpcChart) -> list[str]:
    return [each.text for each in laid_out(chart).texts]


def at_the_right(chart: SpcChart) -> list[str]:
    """The ends of the lines, from above."""
    layout = laid_out(chart)
    ends = [each for each in layout.texts if each.x > layout.frame.width and each.y >= 0]
    return [each.text for each in sorted(ends, key=lambda each: each.y)]


@pytest.mark.parametrize(
    ("chart", "ends"),
    [
        (
            a_chart(limits=(76.7, 62.5, 90.9), suffix="%", target=100),
            ["target 100%", "upper limit 90.9%", "mean 76.7%", "lower limit 62.5%", "Oct-21: 60%"],
        ),
        (a_chart([37, 37], limits=(37, 37, 37)), ["May-21: 37", "mean, limits 37.0"]),
        (a_chart([37], limits=(37, None, None)), ["Apr-21: 37", "mean 37.0"]),
        (a_chart([37], limits=(None, None, None)), ["Apr-21: 37"]),
    ],
)
def test_each_line_ends_in_its_name_and_value(chart: SpcChart, ends: list[str]) -> None:
    assert at_the_right(chart) == ends


@pytest.mark.parametrize(
    ("target", "place", "text"), [(99, 0, "target 99 ↑"), (-99, -1, "target -99 ↓")]
)
def test_a_target_off_the_axis_is_named_where_it_lies(target: float, place: int, text: str) -> None:
    assert at_the_right(a_chart([1, 2], limits=(1.5, 0, 3), target=target))[place] == text


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_texts_beside_or_above_the_plot_lie_on_each_other(kind: str) -> None:
    layout = laid_out(KINDS[kind])
    outside = [
        each
        for each in layout.texts
        if each.y < 0 or each.y > PLOT or not 0 <= each.x <= layout.frame.width
    ]
    for one, other in combinations(outside, 2):
        assert not (
            abs(one.y - other.y) < 12
            and _left(one) < _left(other) + width_of_text(other.text, size=other.size)
            and _left(other) < _left(one) + width_of_text(one.text, size=one.size)
        ), (one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_stands_within_the_picture(kind: str) -> None:
    layout = laid_out(KINDS[kind])
    for each in layout.texts:
        left = layout.frame.left + _left(each)
        assert left >= 0
        assert left + width_of_text(each.text, size=each.size) <= WIDTH
        assert -layout.above <= each.y - each.size / 2


def _left(text: Text) -> float:
    width = width_of_text(text.text, size=text.size)
    return text.x - width * {"left": 0, "center": 0.5, "right": 1}[text.align]


def test_the_key_explains_what_is_on_the_chart_and_nothing_else() -> None:
    assert [key.shows for key in laid_out(a_chart()).keys] == ["no signal"]
    chart = a_chart(signals={1: IMPROVEMENT, 6: CONCERN})
    assert [key.shows for key in laid_out(chart).keys] == ["concern", "improvement", "no signal"]


@pytest.mark.parametrize("signals", [{}, {6: CONCERN}])
def test_the_key_says_what_a_mark_means(signals: dict[int, str]) -> None:
    said = "Marked: a signal, or a point of a run that is one"
    assert (said in written(a_chart(signals=signals))) == bool(signals)


@pytest.mark.parametrize("is_trial", [True, False])
def test_trial_limits_are_called_so(is_trial: bool) -> None:
    chart = a_chart(trial_limits=is_trial)
    assert ("trial limits: fewer than 13 points" in written(chart)) == is_trial


def test_a_group_start_stands_above_its_line_with_its_reason() -> None:
    chart = a_chart(starts=starting(m2021_06="front door", m2021_08=""))
    layout = laid_out(chart)
    texts = written(chart)
    assert [line.x for line in layout.starts] == [layout.frame.x(1.5), layout.frame.x(3.5)]
    assert "Jun-21: limits begin anew, front door" in texts
    assert "Aug-21: limits begin anew" in texts
    assert {"Jun-21", "Aug-21"} <= set(texts)


@pytest.mark.parametrize(
    ("count", "value", "is_written"), [(13, 1.0, True), (14, 1.0, False), (12, 1234567.0, False)]
)
def test_figures_stand_at_their_points_where_they_are_few_and_short(
    count: int, value: float, is_written: bool
) -> None:
    chart = a_chart([value] * count)
    figures = [each for each in laid_out(chart).texts if each.text == chart.figure(value)]
    inside = [each for each in figures if each.fill == INK]
    assert len(inside) == (count - 1 if is_written else 0)


def test_a_figure_goes_where_no_line_runs_through_it() -> None:
    chart = a_chart([50, 50, 50], limits=(51, 45, 60))
    layout = laid_out(chart)
    below = [
        each.y for each in layout.texts if each.text == "50" and each.fill == INK and each.x > 0
    ]
    assert all(y > layout.frame.y(50) for y in below)


@pytest.mark.parametrize(
    ("signals", "fill"), [({6: CONCERN}, ORANGE), ({6: IMPROVEMENT}, BLUE), ({}, GREY)]
)
def test_the_newest_figure_is_bold_and_has_its_points_colour(
    signals: dict[int, str], fill: str
) -> None:
    newest = next(
        each for each in laid_out(a_chart(signals=signals)).texts if each.text == "Oct-21: 60"
    )
    assert (newest.weight, newest.fill) == ("bold", fill)


def test_a_long_title_is_written_whole_over_several_lines() -> None:
    title = "Children looked after whose health assessments were up to date " * 4
    lines = [each.text for each in laid_out(a_chart(title=title)).texts if each.size == 15]
    assert len(lines) > 2
    assert " ".join(lines) == title.strip()
