"""`kpi trend INDICATOR --chart FILE`: the chart as a picture."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Kpi


@pytest.fixture
def trend(kpi: Kpi, project: Path, kept: Path) -> Kpi:
    """`kpi trend` where September's report and then October's were ingested."""
    shutil.copytree(kept, project / ".kpi")
    return lambda *words: kpi("trend", *words)


@pytest.mark.parametrize(
    ("name", "begins"), [("v.png", b"\x89PNG"), ("v.svg", b"<svg "), ("v.PNG", b"\x89PNG")]
)
def test_the_chart_is_saved_and_the_page_still_printed(
    trend: Kpi, project: Path, name: str, begins: bytes
) -> None:
    ran = trend("cla-visits", "--chart", name)
    assert ran.code == 0
    assert (project / name).read_bytes().startswith(begins)
    assert ran.out == trend("cla-visits").out


def test_the_picture_says_what_the_trend_says(trend: Kpi, project: Path) -> None:
    trend("cla-visits", "--chart", "v.svg")
    picture = (project / "v.svg").read_text(encoding="utf-8")
    assert "October 2021: 60%, concern." in picture
    assert "trial limits 62.5% to 90.9%. Target 100%." in picture


def test_quiet_saves_and_prints_nothing(trend: Kpi, project: Path) -> None:
    ran = trend("cla-visits", "--chart", "v.svg", "-q")
    assert (ran.code, ran.out, ran.err) == (0, b"", b"")
    assert (project / "v.svg").exists()


def test_saved_twice_it_is_the_same_bytes(trend: Kpi, project: Path) -> None:
    for name in ("a.png", "b.png"):
        trend("cla", "--chart", name, "-q")
    assert (project / "a.png").read_bytes() == (project / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("cla", "--chart", "v.gif"), 2, "is no picture's"),
        (("cla", "--chart", "v"), 2, "end the name in .png or .svg"),
        (("--chart", "v.png"), 2, "this would be 30"),
        (("care-proceedings", "--chart", "v.png"), 2, "of: Care proceedings."),
        (("cla", "--chart", "nowhere/v.png"), 5, "make the folder `nowhere` first"),
    ],
)
def test_what_cannot_be_drawn_or_saved_is_said_in_a_line(
    trend: Kpi, project: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = trend(*words)
    assert (ran.code, ran.out) == (code, b"")
    assert said in ran.err.decode()
    assert not list(project.glob("v*"))
