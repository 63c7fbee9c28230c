"""Which columns stand, and how wide they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.paper.document import Cell, Column, Table
from kpi.renderers.layout import cell_lines, heading_lines, laid_out
from kpi.renderers.measure import width_of


def table(columns: tuple[Column, ...], *rows: tuple[str, ...]) -> Table:
    return Table(columns, tuple(tuple(map(Cell, row)) for row in rows))


NAME = "Percentage of children whose visits were made within the statutory timescale"
RAG = table(
    (
        Column("Rating"),
        Column("Indicator", wraps=True),
        Column("Oct-21", "right"),
        Column("Sep-21", "right", optional=1),
        Column("Reason", wraps=True, optional=2),
    ),
    ("not rated", NAME, "1,978", "2,143", "too few cases"),
)


@pytest.mark.parametrize(
    ("width", "shown", "gap"),
    [
        (140, (0, 1, 2, 3, 4), 2),
        (60, (0, 1, 2, 3, 4), 2),
        (54, (0, 1, 2, 3), 2),
        (36, (0, 1, 2), 1),
    ],
)
def test_optional_columns_go_highest_first_and_only_when_words_cannot_give_way(
    width: int, shown: tuple[int, ...], gap: int
) -> None:
    layout = laid_out(RAG, width=width)
    assert layout is not None
    assert (layout.shown, layout.gap) == (shown, gap)
    assert layout.width <= width


def test_what_does_not_wrap_has_its_full_width_however_narrow_the_page() -> None:
    layout = laid_out(RAG, width=28)
    assert layout is not None
    assert dict(zip(layout.shown, layout.widths, strict=True))[0] == len("not rated")


def test_a_table_of_figures_wider_than_the_page_cannot_be_laid_out() -> None:
    figures = table((Column("A"), Column("B")), ("1" * 30, "2" * 30))
    assert laid_out(figures, width=60) is None
    assert laid_out(figures, width=61) is not None


def test_a_heading_takes_two_lines_where_that_keeps_the_names_on_one() -> None:
    wide = table(
        (Column("Indicator", wraps=True), Column("Statistical neighbours", "right")),
        ("A name of thirty-two letters, yes", "53%"),
        ("Another of thirty-two letters, no", "54%"),
    )
    narrow, broad = laid_out(wide, width=50), laid_out(wide, width=60)
    assert narrow is not None
    assert broad is not None
    assert heading_lines(wide, layout=narrow) == [["", "Statistical"], ["Indicator", "neighbours"]]
    assert heading_lines(wide, layout=broad) == [["Indicator", "Statistical neighbours"]]


def test_two_columns_of_words_share_the_room_but_none_takes_more_than_it_uses() -> None:
    words = table(
        (Column("A", wraps=True), Column("B", wraps=True), Column("C", wraps=True)),
        ("short", "x " * 50, "y " * 50),
    )
    layout = laid_out(words, width=79)
    assert layout is not None
    assert layout.widths == (5, 35, 35)


def test_names_in_the_first_column_hang() -> None:
    names = table((Column("Indicator", wraps=True), Column("Now")), (NAME, "60%"))
    layout = laid_out(names, width=50)
    assert layout is not None
    lines = cell_lines(names, row=names.rows[0], layout=layout)
    assert [line[0].startswith("  ") for line in lines] == [False, True]
    assert [line[1] for line in lines] == ["60%", ""]


CELLS = st.text(st.sampled_from("ab 12-/é児"), max_size=40)


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=4),
    st.integers(min_value=40, max_value=160),
)
def test_no_line_is_wider_than_the_page_and_no_figure_is_cut(
    rows: list[tuple[str, str, str, str]], width: int
) -> None:
    columns = (
        Column("Name", wraps=True),
        Column("Now", "right"),
        Column("A rather long heading", optional=1),
        Column("Words", wraps=True, optional=2),
    )
    drawn = table(columns, *rows)
    layout = laid_out(drawn, width=width)
    if layout is None:
        return
    assert layout.width <= width
    for row in drawn.rows:
        for line in cell_lines(drawn, row=row, layout=layout):
            assert all(map(lambda t, w: width_of(t) <= w, line, layout.widths))
        assert cell_lines(drawn, row=row, layout=layout)[0][1] == row[1].text
