"""Text that cannot be seen, or does harm where it is shown, is spelt out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Visits – £5", "Visits – £5"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("a\x9bb", r"a\x9bb"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("a\u202eb\u2066c\u200fd", r"a\u202eb\u2066c\u200fd"),
        ("a\ufeffb\u200bc\xadd", r"a\ufeffb\u200bc\xadd"),
        ("a\u2028b\x00c\x7fd", r"a\u2028b\x00c\x7fd"),
        ("a\udcffb", r"a\udcffb"),
        ("a\U000e0041b", r"a\U000e0041b"),
        ("C:\\new\\table", "C:\\new\\table"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_what_cannot_be_seen_is_spelt_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_a_cleaned_text_is_one_harmless_line_and_cleaning_it_again_changes_nothing(
    text: str,
) -> None:
    cleaned = visible(text)
    assert visible(cleaned) == cleaned
    assert not any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in cleaned)
    assert not any(
        unicodedata.bidirectional(each) in {"LRE", "RLE", "LRO", "RLO", "PDF"} for each in cleaned
    )
    assert cleaned.encode().decode() == cleaned
