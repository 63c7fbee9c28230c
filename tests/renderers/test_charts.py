"""Charts as pictures."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from kpi.domain.visible import visible
from kpi.renderers.chart_palette import DARK, FILLS, GRID, GROUND, SHAPES
from kpi.renderers.chart_spec import chart_spec
from kpi.renderers.charts import inline_svg, png, svg
from tests.charted import CONCERN, HIGH, HOSTILE, IMPROVEMENT, KINDS, a_chart, starting
from tests.golden_files import assert_golden
from tests.renderers.test_palette import contrast

SVG = "{http://www.w3.org/2000/svg}"


def drawn(kind: str) -> ET.Element:
    return ET.fromstring(svg(KINDS[kind]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_as_one_image_with_a_title_and_a_description(kind: str) -> None:
    root = drawn(kind)
    titled = [root.find(f"{SVG}{name}") for name in ("title", "desc")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == " ".join(
        each.get("id", "") for each in titled if each is not None
    )
    assert all(each is not None and each.text for each in titled)
    assert [each.get("role") for each in root.iter()].count(None) == len(list(root.iter())) - 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_of_the_layout_is_in_the_picture(kind: str) -> None:
    written = ["".join(each.itertext()) for each in drawn(kind).iter(f"{SVG}text")]
    texts = [layer for layer in chart_spec(KINDS[kind])["layer"] if layer["mark"]["type"] == "text"]
    wanted = [each["text"] for layer in texts for each in layer["data"]["values"]]
    assert [visible(text) for text in wanted] == written


@pytest.mark.parametrize("kind", ["few", "rebased", "hostile"])
def test_the_same_chart_is_the_same_bytes(kind: str) -> None:
    chart = KINDS[kind]
    assert svg(chart) == svg(chart)
    assert png(chart) == png(chart)


def test_pictures_of_one_page_have_ids_of_their_own() -> None:
    pictures = [inline_svg(KINDS["few"], name=f"chart-{number}") for number in (1, 2)]
    ids = [re.findall(r'\sid="([^"]+)"', picture) for picture in pictures]
    assert ids == [["chart-1-title", "chart-1-desc"], ["chart-2-title", "chart-2-desc"]]
    assert "url(" not in "".join(pictures)


def test_a_picture_in_a_page_names_no_address() -> None:
    assert "http" not in inline_svg(KINDS["few"], name="chart")


def test_nothing_is_fetched_to_draw_a_chart() -> None:
    assert not re.search(r'"(url|href)"|https?:', json.dumps(chart_spec(KINDS["rebased"])))


def test_text_that_looks_like_markup_is_shown_as_typed() -> None:
    root = drawn("hostile")
    assert root.find(f"{SVG}b") is None
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == visible(HOSTILE)
    assert '<b class="x">' in "".join(root.itertext())


def test_signals_differ_in_shape_and_colour() -> None:
    assert len({shape for shape, _ in SHAPES.values()}) == len(set(FILLS.values())) == 4
    chart = a_chart(signals={1: IMPROVEMENT, 2: CONCERN, 3: HIGH})
    picture = svg(chart)
    assert all(f'fill="{fill}"' in picture for fill in FILLS.values())


def test_mean_limits_and_target_are_lines_of_different_kinds() -> None:
    layers = chart_spec(a_chart(target=80))["layer"]
    dashes = {
        layer["encoding"]["y"]["field"]: layer["mark"].get("strokeDash")
        for layer in layers
        if layer["mark"]["type"] == "rule"
    }
    assert dashes["mean"] is None
    assert dashes["lower"] == dashes["upper"] != dashes["target"] is not None


def test_the_line_is_broken_where_a_figure_is_missing_and_where_limits_begin_anew() -> None:
    chart = a_chart([1, 2, None, 2, 1, 3], starts=starting(m2021_08="front door"))
    line = next(
        each for each in ET.fromstring(svg(chart)).iter(f"{SVG}path")
        if each.get("stroke-linejoin")
    )  # fmt: skip
    paths = [
        each.get("d", "")
        for each in ET.fromstring(svg(chart)).iter(f"{SVG}path")
        if each.get("stroke-linejoin")
    ]
    assert line is not None
    assert sum(path.count("M") for path in paths) == 3


def test_limits_that_stay_the_same_are_one_line_across_a_missing_figure() -> None:
    layer = next(
        each
        for each in chart_spec(a_chart([1, None, 2, 3]))["layer"]
        if each["mark"]["type"] == "rect"
    )
    assert [(each["from"], each["to"]) for each in layer["data"]["values"]] == [(-0.5, 3.5)]


@pytest.mark.parametrize("scale", [1, 2])
def test_a_png_is_as_large_as_it_is_asked_to_be(scale: int) -> None:
    chart = KINDS["few"]
    picture = png(chart, scale=scale)
    size = re.search(r'width="(\d+)" height="(\d+)"', svg(chart))
    assert size is not None
    assert picture.startswith(b"\x89PNG")
    assert [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)] == [
        int(each) * scale for each in size.groups()
    ]


def test_a_png_is_small_enough_for_mail() -> None:
    assert len(png(KINDS["few"])) < 80_000


def test_letters_are_drawn_with_the_font_that_comes_along() -> None:
    assert png(a_chart(title="Mmmm")) != png(a_chart(title="Wwww"))


def test_another_kind_of_output_is_a_fault_and_not_a_broken_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vl_convert.vegalite_to_svg", lambda *_, **__: "<html>")
    with pytest.raises(ValueError, match="not SVG as it is known"):
        svg(KINDS["few"])


@pytest.mark.parametrize("color", set(DARK) - {GROUND, GRID})
def test_every_colour_can_be_read_on_white_and_on_a_dark_page(color: str) -> None:
    assert contrast(color, GROUND) >= 4.5
    assert contrast(DARK[color], DARK[GROUND]) >= 4.5


def test_every_colour_of_a_picture_has_its_dark_counterpart() -> None:
    chart = a_chart(signals={1: IMPROVEMENT, 2: CONCERN, 3: HIGH}, target=80)
    assert set(re.findall("#[0-9a-f]{6}", svg(chart))) == set(DARK)
    assert all(one != other for one, other in combinations(DARK.values(), 2))


def test_a_specification_is_the_golden_one() -> None:
    chart = a_chart(
        [30, 31, 29, 30, None, 20, 26, 20],
        limits=(27.25, 20.5, 31.0),
        signals={6: CONCERN},
        starts=starting(m2021_09="front door"),
        suffix="%",
        target=25,
    )
    text = json.dumps(chart_spec(chart), indent=1, ensure_ascii=False) + "\n"
    assert_golden(text.encode(), "charts/rebased.vl.json")
