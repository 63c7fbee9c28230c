"""A document as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.paper.document import (
    Cell,
    Column,
    Document,
    Listing,
    Paragraph,
    Preformatted,
    Section,
    Table,
)
from kpi.renderers.measure import width_of
from kpi.renderers.text import render_text
from tests.renderers.awkward import DOCUMENT


def page(*blocks: Paragraph | Table | Listing | Preformatted, width: int = 40) -> str:
    return render_text(Document("", sections=(Section("", blocks),)), width=width)


@given(st.integers(min_value=40, max_value=200), st.sampled_from(["utf-8", "ascii", "cp1252"]))
def test_no_line_is_too_long_and_nothing_trails(width: int, encoding: str) -> None:
    text = render_text(DOCUMENT, width=width, encoding=encoding)
    assert all(width_of(line) <= width for line in text.splitlines())
    assert not re.search(r"[ \t]\n|\n\n\n|\n\n\Z", text)
    assert text.encode(encoding)


def test_a_document_of_nothing_is_nothing() -> None:
    assert render_text(Document("")) == ""


def test_colour_adds_codes_and_changes_no_word() -> None:
    colored = render_text(DOCUMENT, color=True)
    assert "\x1b[1;31mRED\x1b[0m" in colored
    assert re.sub(r" +$", "", re.sub("\x1b\\[[0-9;]*m", "", colored), flags=re.M) == render_text(
        DOCUMENT
    )


def test_paragraphs_with_labels_stand_close_and_others_apart() -> None:
    text = page(
        Paragraph("Before."),
        Paragraph("One.", label="KPI101"),
        Paragraph("Two.", label="KPI102"),
        Paragraph("After."),
    )
    assert text == "Before.\n\nKPI101: One.\nKPI102: Two.\n\nAfter.\n"


def test_a_list_stands_close_under_its_label() -> None:
    assert page(Paragraph("", label="Read"), Listing(("a", "b"))) == "Read:\n- a\n- b\n"


def test_preformatted_lines_keep_their_blanks() -> None:
    assert page(Preformatted(("  a   b  ", "", " c"))) == "  a   b\n\n c\n"


def test_a_table_without_rows_is_not_drawn() -> None:
    assert page(Table((Column("A"),), ()), Paragraph("No rows.")) == "No rows.\n"


def test_a_group_has_a_heading_and_a_blank_line_before_it() -> None:
    rows = tuple((Cell(name), Cell("1")) for name in ("one", "two"))
    table = Table((Column("Name", wraps=True), Column("Now", "right")), rows, {0: "A", 1: "B"})
    assert page(table) == "Name  Now\n----  ---\nA\none     1\n\nB\ntwo     1\n"


def test_a_table_that_no_width_can_hold_is_set_row_by_row() -> None:
    columns = (Column("First"), Column("Second"), Column(""))
    table = Table(columns, ((Cell("1" * 30), Cell("2" * 34), Cell("x")), (Cell("3"), Cell())))
    assert page(table) == f"First: {'1' * 30}\nSecond:\n  {'2' * 34}\nx\n\nFirst: 3\n"


@pytest.mark.parametrize("note", ["[1] a note that is longer than the line is wide, so it hangs"])
def test_a_note_hangs_behind_its_mark(note: str) -> None:
    text = render_text(Document("", notes=(note,)), width=40)
    assert text == "[1] a note that is longer than the line\n    is wide, so it hangs\n"
