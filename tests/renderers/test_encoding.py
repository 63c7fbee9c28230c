"""What becomes of text in encodings that lack some of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.paper.document import Cell, Column, Document, Section, Table
from kpi.renderers.encoding import can_say, folded, readable
from tests.renderers.awkward import DOCUMENT

ENCODINGS = ("utf-8", "ascii", "cp1252", "cp850", "latin-1", "utf-16", "no-such-encoding")


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("£40 – Château", "utf-8", "£40 – Château"),
        ("£40 – Château", "cp1252", "£40 – Château"),
        ("£40 – Château", "latin-1", "£40 - Château"),
        ("£40 – Château", "ascii", "GBP 40 - Chateau"),
        ("≤ 5 ▲ ● ★", "cp1252", "<= 5 ^ o *"),
        ("▁▂▃▄▅▆▇█", "ascii", "_.-=+*%#"),
        ("Łódź, Ŵŷ", "ascii", "Lodz, Wy"),
        ("児", "ascii", "\\u5150"),
        ("½", "ascii", "\\xbd"),
        ("a – b", "no-such-encoding", "a - b"),
    ],
)
def test_a_character_that_an_encoding_lacks_is_replaced_by_its_likeness(
    text: str, encoding: str, shown: str
) -> None:
    assert folded(text, encoding=encoding) == shown


@given(st.text(), st.sampled_from(ENCODINGS))
def test_a_folded_text_can_always_be_said_and_folding_again_changes_nothing(
    text: str, encoding: str
) -> None:
    shown = folded(text, encoding=encoding)
    assert can_say(shown, encoding=encoding) or not can_say(text, encoding="utf-8")
    assert folded(shown, encoding=encoding) == shown


def test_a_readable_document_is_safe_and_stays_as_it_is() -> None:
    safe = readable(DOCUMENT, encoding="ascii")
    assert readable(safe, encoding="ascii") == safe
    assert str(safe).isascii()
    assert "\x1b" not in str(safe)


def test_a_short_row_is_filled_up() -> None:
    table = Table((Column("A"), Column("B")), ((Cell("1"),),))
    shown = readable(Document("T", sections=(Section("", (table,)),)))
    block = shown.sections[0].blocks[0]
    assert isinstance(block, Table)
    assert block.rows == ((Cell("1"), Cell()),)


def test_a_row_that_is_too_long_is_a_fault() -> None:
    table = Table((Column("A"),), ((Cell("1"), Cell("2")),))
    with pytest.raises(ValueError, match="more cells than"):
        readable(Document("T", sections=(Section("", (table,)),)))
