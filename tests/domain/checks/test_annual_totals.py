from __future__ import annotations

import pytest

from kpi.domain.checks.annual_totals import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Figure, comparators, found, messages, months

CONTACTS = a_catalogue(an_indicator("contacts", short_title="Contacts"))
MONTHS = [1900.0, 2000.0, 2100.0]

CASES = [
    pytest.param([15657.0, 17661.0], "Contacts, 2019/20 and 2020/21: 15,657 and 17,661 are annual "
                 "totals beside monthly figures (2,100 in Jun-21, E2)", id="two totals"),
    pytest.param(["not_applicable", 8000.0], "Contacts, 2020/21: 8,000 is an annual total beside "
                 "monthly figures (2,100 in Jun-21, E2)", id="four times the middle month"),
    pytest.param(["not_applicable", 7999.0], None, id="less is no total"),
    pytest.param(["awaited", None], None, id="no figures"),
]  # fmt: skip


@pytest.mark.parametrize(("years", "expected"), CASES)
def test_totals_of_years_stand_beside_months(years: list[Figure], expected: str | None) -> None:
    own = list(zip(("2019/20", "2020/21"), years, strict=True))
    rows = [*months(MONTHS), *comparators(own=own)]
    assert messages(CHECK, CONTACTS, rows) == ([expected] if expected else [])


@pytest.mark.parametrize(
    "fields",
    [
        {"basis": "snapshot"},
        {"basis": "year-to-date"},
        {"outturn": "percentage"},
        {"outturn": "rate"},
    ],
)
def test_only_counts_of_the_month_add_up_to_a_year(fields: dict[str, str]) -> None:
    catalogue = a_catalogue(an_indicator("contacts", **fields))
    rows = [*months(MONTHS), *comparators(own=[("2020/21", 17661.0)])]
    assert messages(CHECK, catalogue, rows) == []


def test_a_year_in_a_row_of_its_own_is_beside_no_months() -> None:
    rows = [*months(MONTHS), *comparators(own=[("2020/21", 17661.0)], line=9)]
    assert messages(CHECK, CONTACTS, rows) == []


def test_the_first_total_is_the_source() -> None:
    rows = [*months(MONTHS), *comparators(own=[("2019/20", 15657.0), ("2020/21", 17661.0)])]
    (finding,) = found(CHECK, CONTACTS, rows)
    assert (finding["source_cell"], finding["value"]) == ("L2", 15657.0)
    assert finding["related"] == ["report-1.csv!M2", "report-1.csv!E2"]
