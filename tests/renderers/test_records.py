"""An answer as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.answer import Answer
from kpi.renderers.records import guarded, json_text, render_csv, render_json
from tests.renderers.awkward import ANSWER, ROWS


def answer(rows: pl.DataFrame) -> Answer:
    return replace(ANSWER, rows=rows)


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    keys = list(json.loads(render_json(ANSWER)))
    assert keys[:6] == ["command", "schema", "authority", "period", "as_of", "catalogue_sha256"]
    assert keys[6:] == ["rows", "counts", "messages"]
    assert list(json.loads(render_json(replace(ANSWER, internal=True)))) == [*keys, "internal"]


def test_a_time_is_iso_in_utc_with_microseconds() -> None:
    said = json.loads(render_json(ANSWER))
    assert said["as_of"] == "2021-11-09T06:05:00.000000Z"
    assert json.loads(render_json(replace(ANSWER, as_of=None)))["as_of"] is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (63.400000000000006, "63.400000000000006"),
        (340.0, "340"),
        (-0.0, "0"),
        (1e300, "1e+300"),
        (math.nan, "null"),
        (math.inf, "null"),
        (None, "null"),
        (True, "true"),
        (date(2021, 4, 1), '"2021-04-01"'),
        (datetime(2021, 4, 1, tzinfo=UTC), '"2021-04-01T00:00:00.000000Z"'),
        ("£ – \x1b[0m", '"£ – \\\\x1b[0m"'),
        ("two\nlines", '"two\\nlines"'),
        ("c1 \x9b, bidi \u202e", '"c1 \\\\x9b, bidi \\\\u202e"'),
    ],
)
def test_a_value_is_said_unrounded_and_without_control_characters(value: object, said: str) -> None:
    assert json_text(value) == said + "\n"


def test_json_in_an_encoding_that_lacks_a_character_loses_nothing() -> None:
    text = render_json(ANSWER, encoding="ascii")
    assert text.isascii()
    assert json.loads(text) == json.loads(render_json(ANSWER))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_json_can_always_be_read_and_never_holds_what_json_has_not(value: object) -> None:
    text = json_text(value)
    json.loads(text, parse_constant=lambda name: pytest.fail(name))
    assert text.encode()


def test_csv_flattens_the_source_and_gives_each_comparator_a_line() -> None:
    rows = csv_rows(render_csv(ANSWER))
    assert [row["comparator_name"] for row in rows] == ["England", "South East", ""]
    assert [row["source_cell"] for row in rows] == ["H14", "H14", ""]
    assert rows[0]["comparator_value"] == "340"
    assert rows[1]["comparator_value"] == "-5.25"
    assert rows[0]["related"] == "board.xlsx:Right service!H14; board.xlsx:Corporate parenting!H3"


def test_csv_names_its_columns_even_without_rows() -> None:
    assert render_csv(answer(ROWS.clear())) == render_csv(ANSWER).splitlines()[0] + "\n"


def test_csv_says_that_small_numbers_were_kept() -> None:
    rows = csv_rows(render_csv(replace(ANSWER, internal=True)))
    assert {row["internal"] for row in rows} == {"true"}


def test_csv_ends_its_lines_with_a_line_feed_and_has_no_mark_at_its_beginning() -> None:
    text = render_csv(ANSWER)
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    assert text.endswith("\n")


def test_a_series_has_a_line_a_point() -> None:
    point = pl.Struct({"period": pl.String(), "value": pl.Float64()})
    rows = pl.DataFrame(
        {"period": ["2021-02"], "series": [[{"period": "2021-01", "value": 1.5}] * 2]},
        schema={"period": pl.String(), "series": pl.List(point)},
    )
    text = render_csv(answer(rows))
    assert text == "period,series_period,series_value\n" + "2021-02,2021-01,1.5\n" * 2


def test_another_list_of_records_becomes_one_text() -> None:
    rows = pl.DataFrame({"unmatched": [[{"label": "a", "address": "b"}, {"label": "c"}]]})
    assert render_csv(answer(rows)) == 'unmatched\n"label=a, address=b; label=c, address="\n'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=SUM(A1)", "'=SUM(A1)"),
        ("+1", "'+1"),
        ("-cmd", "'-cmd"),
        ("-40 pts", "'-40 pts"),
        ("@x", "'@x"),
        ("\t=x", "'\\t=x"),
        ("\r=x", "'\\r=x"),
        ("＝x", "'＝x"),
        (" =x", "' =x"),
        ("-5", "-5"),
        ("-1,978.5%", "-1,978.5%"),
        ("Visits = 5", "Visits = 5"),
        ("", ""),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str, shown: str) -> None:
    assert guarded(text) == shown


def test_a_number_never_gets_an_apostrophe() -> None:
    assert render_csv(answer(pl.DataFrame({"gap": [-5.5, -40.0]}))) == "gap\n-5.5\n-40\n"


@given(st.text())
def test_no_field_of_a_csv_begins_a_formula(text: str) -> None:
    field = csv_rows(render_csv(answer(pl.DataFrame({"title": [text], "n": [1]}))))[0]["title"]
    assert not field.lstrip(" ").startswith(("=", "+", "@", "\t", "\r"))
