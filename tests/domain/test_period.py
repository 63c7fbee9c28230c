"""Months, quarters and years in the spellings that officers use."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.period import Period, YearKind, long_label, parse_period, short_label

YEARS: tuple[YearKind, ...] = ("financial", "academic", "calendar")


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("Apr-21", "2021-04"),
        ("Apr 21", "2021-04"),
        ("April 2021", "2021-04"),
        ("APRIL, 2021", "2021-04"),
        ("Apr'21", "2021-04"),
        ("Apr’21", "2021-04"),
        ("Apr21", "2021-04"),
        ("Sept 21", "2021-09"),
        ("Sep. 2021", "2021-09"),
        ("2021 Apr", "2021-04"),
        ("2021-04", "2021-04"),
        ("04/2021", "2021-04"),
        ("  Apr\u00a0-\u00a021 ", "2021-04"),
        ("30/04/2021", "2021-04"),
        ("30.04.21", "2021-04"),
        ("2021-04-30", "2021-04"),
        ("2021-04-30 00:00:00", "2021-04"),
        ("30th April 2021", "2021-04"),
        ("30-Apr-21", "2021-04"),
        ("as at 31 March 2021", "2021-03"),
        ("Mar-70", "1970-03"),
        ("Mar-69", "2069-03"),
        # The day before the month, always; the other way round it is no date.
        ("04/05/2021", "2021-05"),
        ("04/30/2021", None),
        ("31/02/2021", None),
        ("13/2021", None),
        ("Apr-1899", None),
        ("Apr-2101", None),
        # A month and a two-digit year in figures could be a financial year.
        ("04/21", None),
        ("Apr", None),
        ("October 2021 report", None),
        ("", None),
    ],
)
def test_months_read_the_same_in_every_kind_of_year(said: str, printed: str | None) -> None:
    for year in YEARS:
        found = parse_period(said, year=year)
        assert (str(found) if found else None) == printed


@pytest.mark.parametrize(
    ("said", "financial", "academic", "calendar"),
    [
        ("Q1 21/22", "2021-Q1", "2021-Q1", None),
        ("Q1 2021-22", "2021-Q1", "2021-Q1", None),
        ("Qtr 3 2021/22", "2021-Q3", "2021-Q3", None),
        ("Quarter 4, 2021/22", "2021-Q4", "2021-Q4", None),
        ("2021/22 Q2", "2021-Q2", "2021-Q2", None),
        ("2021-Q3", "2021-Q3", "2021-Q3", "2021-Q3"),
        ("Q3 2021", "2021-Q3", "2021-Q3", "2021-Q3"),
        ("Q1 FY22", "2021-Q1", None, None),
        ("Q1 21", "2021-Q1", "2021-Q1", "2021-Q1"),
        ("Q1 '21", "2021-Q1", "2021-Q1", "2021-Q1"),
        ("Apr-Jun 2021", "2021-Q1", None, "2021-Q2"),
        ("April to June 2021", "2021-Q1", None, "2021-Q2"),
        ("Jan–Mar 22", "2021-Q4", None, "2022-Q1"),
        ("Dec 2021 - Feb 2022", None, "2021-Q2", None),
        ("Apr-Sep 2021", None, None, None),
        ("Q5 2021", None, None, None),
        ("19/20", "2019/20", "2019/20", None),
        ("2019-20", "2019/20", "2019/20", None),
        ("2019/20", "2019/20", "2019/20", None),
        ("2019/2020", "2019/20", "2019/20", None),
        ("1999/00", "1999/00", "1999/00", None),
        ("11/12", "2011/12", "2011/12", None),
        ("FY20", "2019/20", None, None),
        ("FY2020", "2019/20", None, None),
        ("FY 19/20", "2019/20", None, None),
        ("AY2021/22", None, "2021/22", None),
        ("CY2021", None, None, "2021"),
        ("Q1 CY21", None, None, "2021-Q1"),
        ("2019-21", None, None, None),
        ("20/19", None, None, None),
        ("2021", None, None, "2021"),
        ("Apr 2021 - Mar 2022", "2021/22", None, None),
        ("year ending 31 March 2021", "2020/21", None, None),
        ("year to 31 August 2021", None, "2020/21", None),
        ("12 months to December 2021", None, None, "2021"),
    ],
)
def test_quarters_and_years_read_in_the_indicators_kind_of_year(
    said: str, financial: str | None, academic: str | None, calendar: str | None
) -> None:
    found = [parse_period(said, year=year) for year in YEARS]
    assert [str(each) if each else None for each in found] == [financial, academic, calendar]


def test_dates_mean_the_month_they_lie_in() -> None:
    assert str(parse_period(date(2021, 4, 30))) == "2021-04"
    assert str(parse_period(datetime(2021, 4, 1, 12))) == "2021-04"


def test_the_third_financial_quarter_is_october_to_december() -> None:
    third = Period.of_quarter(2021, 3, year="financial")
    assert (third.start, third.end) == (date(2021, 10, 1), date(2021, 12, 31))


def test_periods_order_by_last_day_then_the_shorter_first() -> None:
    month = Period.of_month(2022, 3)
    quarter = Period.of_quarter(2021, 4, year="financial")
    year = Period.of_year(2021, year="financial")
    assert sorted([year, month.next(), quarter, month]) == [month, quarter, year, month.next()]


@pytest.mark.parametrize(
    ("said", "long", "short"),
    [
        ("2021-10", "October 2021", "Oct-21"),
        ("2021-Q3", "October to December 2021", "Q3 2021/22"),
        ("2021/22", "2021/22", "2021/22"),
    ],
)
def test_labels_for_prose_and_for_headings(said: str, long: str, short: str) -> None:
    period = parse_period(said)
    assert period is not None
    assert (long_label(period), short_label(period)) == (long, short)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    year = draw(st.sampled_from(YEARS))
    begin = draw(st.integers(1971, 2068))
    match draw(st.sampled_from((1, 3, 12))):
        case 1:
            return Period.of_month(begin, draw(st.integers(1, 12)))
        case 3:
            return Period.of_quarter(begin, draw(st.integers(1, 4)), year=year)
        case _:
            return Period.of_year(begin, year=year)


@given(periods())
def test_next_then_previous_is_the_same_period(period: Period) -> None:
    assert period.next().previous() == period
    assert period < period.next()


@given(periods())
def test_what_is_printed_reads_back(period: Period) -> None:
    assert parse_period(str(period), year=period.year) == period


@given(periods())
def test_twelve_months_on_is_the_same_period_last_year_backwards(period: Period) -> None:
    assert period.shifted(12 // period.months).same_period_last_year() == period


@given(st.text(max_size=30), st.sampled_from(YEARS))
def test_no_text_raises(said: str, year: YearKind) -> None:
    parse_period(said, year=year)
