"""An answer as one record a line."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpi.renderers.plain import render_plain
from tests.renderers.awkward import ANSWER


def test_every_line_has_as_many_fields_and_the_first_names_them() -> None:
    lines = render_plain(ANSWER).splitlines()
    assert {line.count("\t") for line in lines} == {13}
    assert lines[0].startswith("indicator\ttitle\tperiod\toutturn\tstate\tsource_file\t")
    assert len(lines) == 4


def test_a_long_name_is_neither_wrapped_nor_shortened() -> None:
    name = "Percentage of children " * 20
    assert name in render_plain(replace(ANSWER, rows=pl.DataFrame({"title": [name]})))


@given(st.text(), st.text())
def test_no_text_makes_a_column_or_a_record_of_its_own(one: str, other: str) -> None:
    rows = pl.DataFrame({"a": [one], "b": [other]})
    text = render_plain(replace(ANSWER, rows=rows))
    assert text.count("\n") == 2
    assert text.count("\t") == 2


def test_small_numbers_that_were_kept_are_announced_in_every_line() -> None:
    lines = render_plain(replace(ANSWER, internal=True)).splitlines()
    assert lines[0].endswith("\tinternal")
    assert all(line.endswith("\ttrue") for line in lines[1:])
