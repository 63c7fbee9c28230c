"""Every format of the awkward page and answer, byte for byte."""

from __future__ import annotations

import pytest

from tests.renderers.golden import FOLDER, WIDTHS, expected


@pytest.mark.parametrize("name", expected())
def test_what_is_drawn_is_the_golden_file(name: str) -> None:
    assert expected()[name]() == (FOLDER / name).read_bytes()


def test_no_golden_file_is_left_without_its_maker() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(expected())


@pytest.mark.parametrize("name", [name for name in expected() if "color" not in name])
def test_no_control_byte_is_in_any_format(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    assert not set(content) & (set(range(32)) - {9, 10} | {127})
    assert "\u202e".encode() not in content
    if "cp1252" not in name:
        assert not any(0x80 <= ord(each) <= 0x9F for each in content.decode())


@pytest.mark.parametrize("name", [name for name in expected() if name.endswith("ascii.txt")])
def test_an_ascii_page_is_ascii(name: str) -> None:
    assert (FOLDER / name).read_bytes().isascii()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("format_", ["text", "table"])
def test_every_figure_and_rating_stands_whole_on_one_line(format_: str, width: int) -> None:
    page = (FOLDER / f"{format_}-{width}-utf-8.txt").read_text(encoding="utf-8")
    for figure in ("-40 pts", "1,978", "at most 1,400", "+578", "not rated", "AMBER", "[c]"):
        assert figure in page
    assert "…" not in page


def test_data_that_looks_like_markup_is_shown_as_typed() -> None:
    page = (FOLDER / "table-140-utf-8.txt").read_text(encoding="utf-8")
    assert "Visits [red]within timescale[/red] | six weeks" in page
    assert ":warning:" in page
