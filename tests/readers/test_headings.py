from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.period import Period
from kpi.readers.areas import known_areas
from kpi.readers.headings import Heading, HeadingRole, month_in_year, period_of, read_heading

AREAS = known_areas("Southampton", places=["Portsmouth"])


def heading(*lines: str) -> Heading:
    return read_heading(lines, areas=AREAS)


ROLES: list[tuple[str, HeadingRole]] = [
    ("Indicator", "label"),
    ("INDICATORS", "label"),
    ("KPI", "label"),
    ("PI", "label"),
    ("Measure", "label"),
    ("Metric", "label"),
    ("Description", "label"),
    ("Performance indicator", "label"),
    ("Key performance indicator", "label"),
    ("Outcome measure", "label"),
    ("Name of indicator", "label"),
    ("Outturn type", "type"),
    ("Type", "type"),
    ("Unit", "type"),
    ("Unit of measure", "type"),
    ("Format", "type"),
    ("Theme", "theme"),
    ("Priority", "theme"),
    ("Outcome", "theme"),
    ("Domain", "theme"),
    ("Service area", "theme"),
    ("Team", "unit"),
    ("Local authority", "area"),
    ("Target", "target"),
    ("TARGETS", "target"),
    ("Goal", "target"),
    ("Our aim for the year", "target"),
    ("Target (agreed by Cabinet in June)", "target"),
    ("Ref", "ref"),
    ("KPI no.", "ref"),
    ("RAG", "unused"),
    ("Direction of travel", "unused"),
    ("Comments", "unused"),
    ("Performance against target", "unused"),
    ("Target RAG", "unused"),
    ("Indicator owner", "unused"),
    ("Forecast 2021/22", "unused"),
    ("Apr-21", "outturn"),
    ("Actual", "outturn"),
    ("South East", "outturn"),
    ("Hampshire 20/21", "unknown"),
    ("England and Wales", "unknown"),
    ("Average 2020/21", "unknown"),
    ("Something else", "unknown"),
]


@pytest.mark.parametrize(("text", "role"), ROLES)
def test_a_heading_says_what_its_column_holds(text: str, role: HeadingRole) -> None:
    assert heading(text).role == role


WHENS = [
    (("Apr-21",), "2021-04"),
    (("2021-04-30",), "2021-04"),
    (("Southampton", "19/20"), "2019/20"),
    (("2021/22", "Apr-21"), "2021-04"),
    (("Apr-21", "Target"), "2021-04"),
    (("2021/22 Q1",), "2021/22 Q1"),
    (("Year ending 31 March 2021",), "Year ending 31 March 2021"),
    (("FY20",), "2019/20"),
    (("11/12",), "2011/12"),
    (("2011-12",), "2011-12"),
    (("Apr - 21",), "2021-04"),
    (("England (20/21)",), "2020/21"),
    (("2021",), "2021"),
    (("Target",), ""),
]


@pytest.mark.parametrize(("lines", "when"), WHENS)
def test_a_heading_names_the_period_of_its_lowest_line(lines: tuple[str, ...], when: str) -> None:
    assert heading(*lines).when == when


@pytest.mark.parametrize(
    ("lines", "part", "year"),
    [
        (("2021/22", "Apr"), "04", "2021/22"),
        (("Apr", "2021"), "04", "2021"),
        (("Q1",), "Q1", ""),
        (("2021/22", "Quarter 2"), "Q2", "2021/22"),
        (("Q1 (Apr-Jun) 2021/22",), "Q1", "2021/22"),
        (("2021/22", "Apr-Jun"), "Apr-Jun", "2021/22"),
    ],
)
def test_a_month_or_quarter_apart_from_its_year_is_a_part(
    lines: tuple[str, ...], part: str, year: str
) -> None:
    said = heading(*lines)
    assert said.part is not None
    assert (said.part.text, said.when) == (part, year)


@pytest.mark.parametrize(
    ("lines", "area"),
    [
        (("Statistical", "Neighbours"), "Statistical neighbours"),
        (("Stat", "Nbrs"), "Statistical neighbours"),
        (("SN's",), "Statistical neighbours"),
        (("Yorkshire and the Humber",), "Yorkshire and The Humber"),
        (("Yorks & Humber",), "Yorkshire and The Humber"),
        (("London (Inner)",), "Inner London"),
        (("Comparators 2020/21", "South", "East"), "South East"),
        (("Regional average", "South East"), "South East"),
        (("English average",), "England"),
        (("Portsmouth City Council",), "Portsmouth"),
        (("Southampton City Council 20/21",), ""),
        (("Something unheard of", "England"), "England"),
    ],
)
def test_comparators_are_named_over_several_lines(lines: tuple[str, ...], area: str) -> None:
    said = heading(*lines)
    assert (said.role, said.area) == ("outturn", area)


def test_the_authority_is_known_with_and_without_its_councils_words() -> None:
    for authority in ("London Borough of Bromley", "Bromley", "Bromley Council"):
        areas = known_areas(authority)
        assert read_heading(["Bromley 20/21"], areas=areas).role == "outturn"
        assert areas.named("Bromley") == authority


def test_target_over_months_heads_targets_and_a_title_that_only_mentions_them_does_not() -> None:
    assert heading("Target", "Apr-21").role == "target"
    assert heading("Targets and performance", "Apr-21").role == "unknown"


def test_marks_are_words_beside_a_period() -> None:
    assert heading("Apr-21 (p)").marks == ("provisional",)
    assert heading("2020/21 revised").marks == ("revised",)


def test_a_heading_may_name_an_outturn_type() -> None:
    assert heading("Oct-21 %").outturn == "percentage"
    assert heading("Oct-21 No.").outturn == "number"
    assert heading("Oct-21").outturn is None


def test_dashed_years_are_years_where_the_header_says_so() -> None:
    assert read_heading(["2011-12"], areas=AREAS, dashed_years=True).when == "2011/12"


@pytest.mark.parametrize(
    ("year", "month", "first", "expected"),
    [
        ("2021/22", 12, 4, "2021-12"),
        ("2021/22", 1, 4, "2022-01"),
        ("2021/22", 3, 4, "2022-03"),
        ("2021/22", 8, 9, "2022-08"),
        ("2021/22", 9, 9, "2021-09"),
        ("2021", 1, 4, "2021-01"),
    ],
)
def test_a_month_before_its_year_begins_lies_in_the_next_calendar_year(
    year: str, month: int, first: int, expected: str
) -> None:
    assert month_in_year(year, month, first_month=first) == expected


months = st.builds(Period.of_month, st.integers(1970, 2069), st.integers(1, 12))


@given(months, st.sampled_from(["", "Southampton", "Target", "England", "Actual"]))
def test_a_month_is_found_beside_any_known_words(month: Period, words: str) -> None:
    for printed in (f"{month.start:%b-%y}", f"{month.start:%B %Y}", f"{month.end:%d/%m/%Y}"):
        assert period_of(heading(f"{words} {printed}").when, "financial") == month


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_a_heading(text: str) -> None:
    assert heading(text, text).text == f"{text} {text}"
