"""A document as Markdown."""

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
from kpi.renderers.markdown import escaped, render_markdown
from tests.renderers.awkward import DOCUMENT


def page(*blocks: Paragraph | Table | Listing | Preformatted, title: str = "") -> str:
    return render_markdown(Document("", sections=(Section(title, blocks),)))


def fields(line: str) -> int:
    """How many cells a line has, as `t39` of the expectations counts them."""
    return len(re.split(r"(?:^|[^\\])[|]", line))


def test_every_line_of_a_table_has_as_many_cells() -> None:
    lines = [line for line in render_markdown(DOCUMENT).splitlines() if line.startswith("| ")]
    assert len(lines) == 9
    assert {fields(line) for line in lines} == {10}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", r"a \| b"),
        (r"a \| b", r"a \\\| b"),
        ("*x* __y__ `z` ~~w~~", r"\*x\* \_\_y\_\_ \`z\` \~\~w\~\~"),
        ("KPI_101 a_b", "KPI_101 a_b"),
        ("<b>&amp;&</b>", "&lt;b&gt;&amp;amp;&&lt;/b&gt;"),
        ("[x](y) ![z](w) [v]: u [^1]", r"\[x](y) !\[z](w) \[v]: u \[^1]"),
        ("[c] and [1]", "[c] and [1]"),
        (":warning: 12:30 a:b", r"\:warning: 12:30 a:b"),
        ("$x$", r"\$x\$"),
    ],
)
def test_what_markdown_would_obey_is_escaped_and_no_more(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# x", r"\# x"),
        ("- x", r"\- x"),
        ("-40 pts", "-40 pts"),
        ("+ x", r"\+ x"),
        ("1. x", r"1\. x"),
        ("12) x", r"12\) x"),
        ("===", r"\==="),
        ("---", r"\---"),
        ("1.5 is much", "1.5 is much"),
        ("> x", "&gt; x"),
        ("    code", "code"),
    ],
)
def test_a_paragraph_begins_no_heading_list_or_rule(text: str, shown: str) -> None:
    assert page(Paragraph(text)) == shown + "\n"


def test_a_group_has_a_heading_one_level_below_its_section() -> None:
    table = Table((Column("A"), Column("B", "right")), ((Cell("x"), Cell("1")),), {0: "Group"})
    rows = "| A | B |\n| --- | ---: |\n| x | 1 |\n"
    assert page(table) == "## Group\n\n" + rows
    assert page(table, title="Part") == "## Part\n\n### Group\n\n" + rows


def test_hashes_at_the_end_of_a_title_stay() -> None:
    assert page(Paragraph("x"), title="C##") == "## C\\#\\#\n\nx\n"


def test_a_rating_is_bold() -> None:
    table = Table((Column("Rating"),), ((Cell("RED", "red"),), (Cell("not rated", "muted"),)))
    assert page(table).endswith("| **RED** |\n| not rated |\n")


def test_a_chart_stands_in_a_fence_longer_than_any_in_it() -> None:
    assert page(Preformatted((" a ", "````"))) == "`````\n a\n````\n`````\n"


def test_a_list_has_a_line_an_item() -> None:
    assert page(Listing(("one", "- two"))) == "- one\n- \\- two\n"


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_breaks_a_table(one: str, other: str) -> None:
    table = Table((Column(one), Column(other)), ((Cell(one), Cell(other)),))
    lines = page(table).splitlines()
    assert len(lines) == 3
    assert {fields(line) for line in lines} == {4}
    assert not any("<" in line for line in lines)
