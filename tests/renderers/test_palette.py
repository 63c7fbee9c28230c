"""Ratings as word, shape and colour."""

from __future__ import annotations

from typing import get_args

import pytest

from kpi.domain.paper.document import Tone
from kpi.renderers.palette import LOOKS, NOT_RATED, PAGE, PAINTS, look, painted, shape_of


@pytest.mark.parametrize(
    ("status", "word", "letter"),
    [
        ("red", "RED", "R"),
        ("amber", "AMBER", "A"),
        ("green", "GREEN", "G"),
        ("blue", "BLUE", "B"),
        (None, "not rated", "-"),
        ("mauve", "not rated", "-"),
    ],
)
def test_a_status_has_a_word_and_a_letter(status: str | None, word: str, letter: str) -> None:
    assert (look(status).word, look(status).letter) == (word, letter)


def test_no_two_statuses_share_a_shape() -> None:
    shapes = [each.shape for each in (*LOOKS.values(), NOT_RATED)]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize(
    ("text", "shape"),
    [("RED", "▲"), ("GREEN (1 of 3)", "★"), ("not rated", "–"), ("REDUCED", ""), ("", "")],
)
def test_only_a_rating_has_a_shape(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def test_every_tone_has_a_paint() -> None:
    assert set(PAINTS) == set(get_args(Tone))


def test_a_plain_or_empty_text_gets_no_codes() -> None:
    assert painted("60%", "plain") == "60%"
    assert painted("", "red") == ""
    assert painted("RED", "red") == "\x1b[1;31mRED\x1b[0m"


def luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Source: WCAG 2.2, success criterion 1.4.3 and the definition of contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tone", [tone for tone, paint in PAINTS.items() if paint.ink])
def test_a_page_can_be_read_light_and_dark(tone: Tone) -> None:
    paint = PAINTS[tone]
    assert contrast(paint.ink, paint.ground or PAGE.ground) >= 4.5
    assert contrast(paint.dark_ink, paint.dark_ground or PAGE.dark_ground) >= 4.5
