"""A document as a rich renderable."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from kpi.domain.paper.document import Cell, Column, Document, Listing, Paragraph, Section, Table
from kpi.renderers.measure import width_of
from kpi.renderers.table import PROSE_WIDTH, render_table
from tests.renderers.awkward import DOCUMENT


def printed(document: Document, *, width: int, encoding: str = "utf-8", color: bool = False) -> str:
    text = io.StringIO()
    console = Console(
        file=text,
        width=width,
        height=25,
        force_terminal=color,
        color_system="standard" if color else None,
        legacy_windows=False,
    )
    console.print(render_table(document, width=width, encoding=encoding))
    return text.getvalue()


def said(text: str) -> str:
    """The words alone: no shapes, rules, bullets or blanks."""
    return re.sub(r"\s+", "", re.sub(r"[▲●★◆–•─=\-]", "", text))


@pytest.mark.parametrize("width", [60, 80, 100, 140, 220])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_no_line_is_wider_than_the_terminal(width: int, encoding: str) -> None:
    text = printed(DOCUMENT, width=width, encoding=encoding)
    assert all(width_of(line) <= width for line in text.splitlines())
    assert text.encode(encoding)


def test_a_rating_has_its_shape_where_the_encoding_has_it() -> None:
    assert "▲ RED " in printed(DOCUMENT, width=100)
    assert "– not rated" in printed(DOCUMENT, width=100)
    plain = printed(DOCUMENT, width=100, encoding="cp1252")
    assert "RED " in plain
    assert "▲" not in plain


def test_what_stands_beside_ratings_keeps_in_line_with_them() -> None:
    rows = ((Cell("RED", "red"),), (Cell("no figure"),), (Cell(),))
    table = Table((Column("Rating"),), rows)
    text = printed(Document("", sections=(Section("", (table,)),)), width=60)
    assert [line.rstrip() for line in text.splitlines()[2:]] == ["▲ RED", "  no figure", ""]


def test_without_colour_there_is_no_escape_byte() -> None:
    assert "\x1b" not in printed(DOCUMENT, width=80)


def test_colour_is_all_that_codes_are_for() -> None:
    codes = set(re.findall("\x1b\\[[^A-Za-z]*[A-Za-z]", printed(DOCUMENT, width=80, color=True)))
    assert codes
    assert all(code.endswith("m") for code in codes)


def test_sentences_are_not_set_too_wide_to_read() -> None:
    prose = Document("", sections=(Section("", (Paragraph("word " * 100), Listing(("x " * 90,)))),))
    lines = printed(prose, width=200).splitlines()
    assert max(map(len, (line.rstrip() for line in lines))) <= PROSE_WIDTH


def test_markup_and_emoji_in_data_are_shown_as_typed() -> None:
    document = Document("[bold]x[/bold] [/red] :warning: [link=http://x]y[/link]")
    assert printed(document, width=80).strip() == document.title


def test_a_table_that_no_width_can_hold_is_set_row_by_row() -> None:
    table = Table((Column("A"), Column("B")), ((Cell("1" * 40), Cell("2" * 40)),))
    text = printed(Document("", sections=(Section("", (table,)),)), width=60)
    assert [line.rstrip() for line in text.splitlines()] == [f"A: {'1' * 40}", f"B: {'2' * 40}"]
