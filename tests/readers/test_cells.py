"""What one cell says, as a table of what officers, publishers and damage put into cells."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi.domain.observation import Mark, State
from kpi.domain.visible import visible
from kpi.readers.cells import LARGEST, CellReading, TargetReading, read_cell, read_target
from kpi.readers.grid import CellValue, GridCell

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("530", 530.0),
        ("0", 0.0),
        ("-0", 0.0),
        ("(0)", 0.0),
        ("-0.0%", 0.0),
        ("007", 7.0),
        ("+5", 5.0),
        ("63.4", 63.4),
        (".5", 0.5),
        ("-5", -5.0),
        ("−5", -5.0),
        ("–5", -5.0),
        ("‑5", -5.0),
        ("(5)", -5.0),
        ("( 5 )", -5.0),
        ("(5%)", -5.0),
        ("(5)%", -5.0),
        ("(£1,897.50)", -1897.5),
        ("1,897", 1897.0),
        ("1,234,567.25", 1234567.25),
        ("£1,897", 1897.0),
        ("£ 12", 12.0),
        ("-£12", -12.0),
        ("£-12", -12.0),
        ("1e+05", 100000.0),
        ("1.5E-03", 0.0015),
        ("1000000000000000", 1e15),
        (f"{NBSP}1,897\u202f", 1897.0),
        ("\t530\r\n", 530.0),
        ("\ufeff530\u200b", 530.0),
    ],
)
def test_a_number_as_typed(said: str, value: float) -> None:
    reading = read_cell(GridCell(said))
    assert (reading.value, reading.state, reading.marks) == (value, "value", ())
    assert reading.percent == ("%" in said)
    assert math.copysign(1, reading.value or 0.0) == (-1 if value < 0 else 1)


@pytest.mark.parametrize(
    "said", ["90%", "90 %", f"90{NBSP}%", "90.0%", "90 per cent", "90 percent"]
)
def test_a_typed_percentage_is_its_number(said: str) -> None:
    assert (read_cell(GridCell(said)).value, read_cell(GridCell(said)).percent) == (90.0, True)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        *dict.fromkeys([("TBC", "awaited"), ("tbc", "awaited"), ("Tbc", "awaited"),
                        ("t.b.c.", "awaited"), ("TBA", "awaited"),
                        ("To be  confirmed", "awaited")]),
        *((said, "not_applicable") for said in ("N/A", "n/a", "NA", "na", "N/a", "z", "Z", "[z]",
                                                "N / A", "not applicable")),
        *((said, "not_available") for said in ("x", "X", "[x]", "..", "-", "–", "—", "−", ":")),
        *((said, "suppressed") for said in ("c", "C", "[c]", "*", "<5", "< 5", "<6", "<10", "<=5",
                                            "≤5", "fewer than 5", "Fewer  than 6", "less than 5",
                                            "1 to 4", "1 to 5", "1–4", "5 or fewer")),
        *((said, "rounds_to_zero") for said in ("low", "LOW", "[low]", "k", "K", "[k]")),
        *((said, "unreliable") for said in ("u", "U", "[u]")),
        *((said, "blank") for said in ("", " ", "\t\n", NBSP, "\u200b", "\u2003")),
    ],
)  # fmt: skip
def test_a_word_that_says_why_there_is_no_figure(said: str, state: State) -> None:
    for text in (said, f" {said}{NBSP}"):
        reading = read_cell(GridCell(text))
        assert (reading.value, reading.state, reading.percent) == (None, state, False)


@pytest.mark.parametrize(
    "said",
    ["s01", "as6", "v", "%", "£", "()", "(", "+", "e", "p", "o", "l00", "#", "~", ".", "…", "?",
     "12,5", "1,89", "1,8970", "12,345,67", "0,123", ",123", "1 897", "1.897,5", "12.5.1", "5.",
     "12 (5%)", "12 (1)", "12/50", "5-10", "--5", "-(5)", "(-5)", "(5", "5)", "5-", "- 5",
     "5%%", "(5%)%", "%5", "63.4 pp", "12k", "£1.2m", "$12", "€12", "~5", "c.5", "5ish",
     "300 per month", "300/month", "90% (stretch)", "at most 5", ">95%", "<5%", "<0.5", "<1",
     "<21", "<99", "NaN", "nan", "inf", "-inf", "Infinity", "1e309", "1e5", "1e+309", "1e-400",
     "1e+9999999999", "1" + "0" * 16, "9" * 400, "1000000000000001", "0x10", "1_000", "٣", "１２",
     "Ⅷ", "#DIV/0!", "#N/A", "#REF!", "####", "TRUE", "01/04/2021", "Apr-21", "2021-04-01",
     "[p]", "[r][e]", "[1]", "(r)", "¹", "**", "†", "[y]", "(c)", "'63", "TBC?", "x" * 101,
     "=1+1", "12 [x]", "1\n2"],
)  # fmt: skip
def test_anything_not_certain_is_unreadable(said: str) -> None:
    reading = read_cell(GridCell(said))
    assert (reading.value, reading.state, reading.marks) == (None, "unreadable", ())


@pytest.mark.parametrize(
    ("said", "value", "state", "marks"),
    [
        ("63.4 [r]", 63.4, "value", ("revised",)),
        ("63.4[r]", 63.4, "value", ("revised",)),
        ("63.4 (r)", 63.4, "value", ("revised",)),
        ("63.4% (P)", 63.4, "value", ("provisional",)),
        ("63.4 [b]", 63.4, "value", ("break",)),
        ("63.4 [e]", 63.4, "value", ("estimate",)),
        ("63.4 [r][e]", 63.4, "value", ("revised", "estimate")),
        ("63.4 [e] [b] [r] [p]", 63.4, "value", ("provisional", "revised", "break", "estimate")),
        ("63.4 (provisional)", 63.4, "value", ("provisional",)),
        ("63.4 (Rev)", 63.4, "value", ("revised",)),
        ("(5) (r)", -5.0, "value", ("revised",)),
        ("63.4*", 63.4, "value", ()),
        ("63.4 †", 63.4, "value", ()),
        ("63.4‡*", 63.4, "value", ()),
        ("63¹", 63.0, "value", ()),
        ("63%¹²", 63.0, "value", ()),
        ("63 [1]", 63.0, "value", ()),
        ("63 [note 1]", 63.0, "value", ()),
        ("63 [Notes 1, 2]", 63.0, "value", ()),
        ("63 [note 1 and 12]", 63.0, "value", ()),
        ("63 (see note 3)", 63.0, "value", ()),
        ("63.4* [r]¹", 63.4, "value", ("revised",)),
        ("TBC*", None, "awaited", ()),
        ("N/A [note 2]", None, "not_applicable", ()),
        ("c [p]", None, "suppressed", ("provisional",)),
        ("<5*", None, "suppressed", ()),
        ("-¹", None, "not_available", ()),
        ("[c] [r]", None, "suppressed", ("revised",)),
    ],
)
def test_marks_are_kept_and_footnote_signs_dropped(
    said: str, value: float | None, state: State, marks: tuple[Mark, ...]
) -> None:
    reading = read_cell(GridCell(said))
    assert (reading.value, reading.state, reading.marks) == (value, state, marks)
    assert reading.raw == said


@pytest.mark.parametrize(
    ("value", "number_format", "expected", "raw"),
    [
        (0.634, "0.0%", 63.4, "63.4%"),
        (0.634, "0%", 63.4, "63.4%"),
        (0.57, "0%", 57.0, "57%"),
        (0.07, "0.00%", 7.0, "7%"),
        (0.29, "0%", 29.0, "29%"),
        (1, "0%", 100.0, "100%"),
        (1.13, "0%", 113.0, "113%"),
        (0, "0%", 0.0, "0%"),
        (-0.0, "0%", 0.0, "0%"),
        (-0.05, "0.0%;[Red]-0.0%", -5.0, "-5%"),
        (1 / 3, "0%", 33.33333333333333, "33.33333333333333%"),
        (0.5, "[Blue][>=0.4]0%;0.0", 50.0, "50%"),
        (0.3, "[>=0.4]0;0%", 30.0, "30%"),
        (42, "[<=1]0%;0", 42.0, "42"),
        (0.5, "[<0]0;[<=1]0%;0", 50.0, "50%"),
        (5, "[<0]0;[<=1]0%;0", 5.0, "5"),
        (0.5, "[=0.5]0%;[<>2]0.0;0", 50.0, "50%"),
        (5, "[>9]0%;[<>2]0;0%", 5.0, "5"),
        (-0.5, "0%;;", -50.0, "-50%"),
        (0.5, "0.0%_);(0.0%)", 50.0, "50%"),
        (0.5, '0.0" per cent "%', 50.0, "50%"),
        (0.5, "#,##0.0%;-#,##0.0%;0;@", 50.0, "50%"),
        (0.005, "0%%", 50.0, "50%%"),
        (63.4, '0.0"%"', 63.4, "63.4"),
        (63.4, r"0.0\%", 63.4, "63.4"),
        (63.4, "0.0_%", 63.4, "63.4"),
        (63.4, "0.0*%", 63.4, "63.4"),
        (63.4, "[$%-809]0.0", 63.4, "63.4"),
        (63.4, '0.0"%', 63.4, "63.4"),
        (63.4, '0;0;0;"%"@', 63.4, "63.4"),
        (63.4, "0;0%", 63.4, "63.4"),
        (0.0, "0;0%", 0.0, "0"),
        (0.634, "General", 0.634, "0.634"),
        (530, "General", 530.0, "530"),
        (530.0, "#,##0", 530.0, "530"),
        (-1234.5, "#,##0.0", -1234.5, "-1234.5"),
        (1e-07, "General", 1e-07, "0.0000001"),
        (2e-300, "General", 2e-300, "2E-300"),
        (10**15, "General", 1e15, "1000000000000000"),
        (0.5, "", 0.5, "0.5"),
        (0.5, "%", 50.0, "50%"),
        (0.5, "[<x]0%", 50.0, "50%"),
        (0.5, "[<1.2.3]0%", 50.0, "50%"),
    ],
)
def test_a_number_is_scaled_where_its_format_shows_it_scaled(
    value: float, number_format: str, expected: float, raw: str
) -> None:
    reading = read_cell(GridCell(value, number_format))
    assert (reading.value, reading.state, reading.raw) == (expected, "value", raw)
    assert reading.percent == raw.endswith("%")


@pytest.mark.parametrize(
    ("cell", "raw"),
    [
        (GridCell("#DIV/0!", "0%", "#DIV/0!"), "#DIV/0!"),
        (GridCell(None, "General", "formula without result"), "formula without result"),
        (GridCell("five", "General", "not a number or a date"), "five"),
        (GridCell(True), "TRUE"),
        (GridCell(False), "FALSE"),
        (GridCell(datetime(2021, 4, 1)), "2021-04-01"),
        (GridCell(datetime(2021, 4, 1, 9, 30)), "2021-04-01T09:30:00"),
        (GridCell(date(2021, 4, 1)), "2021-04-01"),
        (GridCell(time(9, 30)), "09:30:00"),
        (GridCell(timedelta(hours=30)), "1 day, 6:00:00"),
        (GridCell(float("nan")), "NaN"),
        (GridCell(float("-inf")), "-Infinity"),
        (GridCell(1.5e15), "1.5E+15"),
        (GridCell(10**400), "1E+400"),
        (GridCell(5e14, "0%"), "50000000000000000%"),
    ],
)
def test_what_is_no_figure_is_unreadable_and_shown(cell: GridCell, raw: str) -> None:
    assert read_cell(cell) == CellReading(None, "unreadable", raw=raw)


@pytest.mark.parametrize("cell", [None, GridCell(None), GridCell("")])
def test_an_absent_cell_is_blank(cell: GridCell | None) -> None:
    assert read_cell(cell) == CellReading(None, "blank")


@pytest.mark.parametrize(
    ("said", "raw"),
    [
        (" TBC\n", "TBC"),
        ("5\x1b[31m", r"5\x1b[31m"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\u202e530", r"\u202e530"),
        ("9\x9bm", r"9\x9bm"),
        ("\ud800", r"\ud800"),
        ("x\x00y", r"x\x00y"),
        ("63¹ – £5 “q”", "63¹ – £5 “q”"),
    ],
)
def test_raw_is_the_cell_as_typed_with_nothing_that_a_terminal_obeys(said: str, raw: str) -> None:
    assert read_cell(GridCell(said)).raw == raw


def test_marks_are_told_in_the_order_of_the_contract() -> None:
    assert get_args(Mark)[:4] == ("provisional", "revised", "break", "estimate")


@given(st.one_of(st.text(), st.text("0123456789.,-–−()%£ *[]<>rpbecxzkn/:eE+¹", max_size=30)))
@example("1" * 40_000)
@example("[1]" * 33)
@example("(" * 100)
def test_any_text_has_exactly_one_reading(said: str) -> None:
    for reading in (read_cell(GridCell(said)), read_target(GridCell(said))):
        assert (reading.state == "value") == (reading.value is not None)
        assert reading.value is None or (
            math.isfinite(reading.value) and abs(reading.value) <= LARGEST
        )
        assert reading.state in get_args(State)
        assert visible(reading.raw) == reading.raw


@given(
    st.one_of(
        st.integers(), st.floats(), st.booleans(), st.datetimes(), st.timedeltas(), st.times()
    ),
    st.one_of(st.text(), st.text('0#.,;%"\\[]<>=-1 @_*Red', max_size=20)),
)
def test_any_stored_value_has_exactly_one_reading(value: CellValue, number_format: str) -> None:
    for reading in (
        read_cell(GridCell(value, number_format)),
        read_target(GridCell(value, number_format)),
    ):
        assert (reading.state == "value") == (reading.value is not None)
        assert reading.value is None or math.isfinite(reading.value)


FIGURES = st.decimals(-(10**12), 10**12, places=2, allow_nan=False, allow_infinity=False)


@given(FIGURES)
def test_a_number_written_with_commas_reads_as_itself(figure: Decimal) -> None:
    for said in (f"{figure:,}", f"{figure}", f"£{figure:,}", f"{figure:,} [r]"):
        assert read_cell(GridCell(said)).value == float(figure)


@given(FIGURES)
def test_a_percentage_reads_as_itself_typed_or_formatted(figure: Decimal) -> None:
    assert read_cell(GridCell(f"{figure:,}%")).value == float(figure)
    if abs(figure) < 10**10:
        stored = float(figure.scaleb(-2))
        assert read_cell(GridCell(stored, "0.0%")).value == float(figure)


@given(FIGURES)
def test_a_number_in_brackets_is_its_negative(figure: Decimal) -> None:
    size = abs(figure)
    assert read_cell(GridCell(f"({size:,})")).value == -float(size)


@given(st.floats(-1e12, 1e12))
def test_raw_of_a_stored_number_reads_as_the_number(figure: float) -> None:
    reading = read_cell(GridCell(figure))
    assert float(reading.raw) == reading.value


@pytest.mark.parametrize(
    ("said", "value", "per"),
    [
        ("23", 23.0, None),
        ("90%", 90.0, None),
        ("100", 100.0, None),
        ("1,400", 1400.0, None),
        ("(5)", -5.0, None),
        ("-5", -5.0, None),
        ("90% [note 1]", 90.0, None),
        ("300 per month", 300.0, "month"),
        ("1400 per month", 1400.0, "month"),
        ("300/month", 300.0, "month"),
        ("300 / month", 300.0, "month"),
        ("300 (per month)", 300.0, "month"),
        ("300 a month", 300.0, "month"),
        ("300 each month", 300.0, "month"),
        ("300 in the month", 300.0, "month"),
        ("300 Monthly", 300.0, "month"),
        ("1,400 pm", 1400.0, "month"),
        ("1,400pm", 1400.0, "month"),
        ("1,400 p.m.", 1400.0, "month"),
        ("900 per quarter", 900.0, "quarter"),
        ("900 a qtr", 900.0, "quarter"),
        ("900 quarterly", 900.0, "quarter"),
        ("3,600 per year", 3600.0, "year"),
        ("3,600 per annum", 3600.0, "year"),
        ("3,600 p.a.", 3600.0, "year"),
        ("3,600 pa", 3600.0, "year"),
        ("3,600 annually", 3600.0, "year"),
        ("<= 8%", 8.0, None),
        ("≤8%", 8.0, None),
        ("=<8", 8.0, None),
        ("<5", 5.0, None),
        (">= 95%", 95.0, None),
        ("≥95", 95.0, None),
        ("at most 36%", 36.0, None),
        ("At least 95", 95.0, None),
        ("no more than 300 per month", 300.0, "month"),
        ("not less than 95%", 95.0, None),
        ("max 36", 36.0, None),
        ("minimum of 95%", 95.0, None),
        ("under 10", 10.0, None),
        ("fewer than 5", 5.0, None),
        ("95% or above", 95.0, None),
        ("95%+", 95.0, None),
        ("300 or fewer per month", 300.0, "month"),
        ("300 per month or fewer", 300.0, "month"),
        ("5 or fewer", 5.0, None),
    ],
)
def test_a_target_in_words(said: str, value: float, per: str | None) -> None:
    reading = read_target(GridCell(said))
    assert (reading.value, reading.state, reading.per, reading.raw) == (value, "value", per, said)
    assert reading.percent == ("%" in said)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("TBC", "awaited"),
        ("tbc*", "awaited"),
        ("N/A", "not_applicable"),
        ("n/a", "not_applicable"),
        ("-", "not_available"),
        ("*", "suppressed"),
        ("c", "suppressed"),
        ("", "blank"),
        (None, "blank"),
        ("as6", "unreadable"),
        ("improve", "unreadable"),
        ("per month", "unreadable"),
        ("at most", "unreadable"),
        ("90% by March", "unreadable"),
        ("647 per 10,000", "unreadable"),
        ("12,5", "unreadable"),
        ("%", "unreadable"),
        ("300 per month per year", "unreadable"),
        ("x" * 200, "unreadable"),
        (datetime(2021, 4, 1), "unreadable"),
        (True, "unreadable"),
    ],
)
def test_a_target_that_names_no_aim(said: CellValue, state: State) -> None:
    reading = read_target(GridCell(said))
    assert (reading.value, reading.state, reading.per) == (None, state, None)
    assert (reading.low, reading.high) == (None, None)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("30 to 40", 30.0, 40.0),
        ("30-40", 30.0, 40.0),
        ("30% – 40%", 30.0, 40.0),
        ("between 30 and 40", 30.0, 40.0),
        ("1-4", 1.0, 4.0),
        ("-5 to 5", -5.0, 5.0),
    ],
)
def test_a_band_is_no_single_aim_but_its_edges_are_told(said: str, low: float, high: float) -> None:
    reading = read_target(GridCell(said))
    assert (reading.value, reading.state) == (None, "unreadable")
    assert (reading.low, reading.high) == (low, high)


@pytest.mark.parametrize("said", ["40 to 30", "30 to 30", "a to b"])
def test_what_only_looks_like_a_band_has_no_edges(said: str) -> None:
    assert read_target(GridCell(said)).low is None


def test_a_stored_target_is_read_as_any_number() -> None:
    assert read_target(GridCell(0.9, "0%")) == TargetReading(90.0, "value", raw="90%", percent=True)


def test_a_fault_in_a_target_is_unreadable() -> None:
    assert read_target(GridCell("#REF!", "General", "#REF!")).state == "unreadable"


def test_an_absent_target_is_blank() -> None:
    assert read_target(None) == TargetReading(None, "blank")
