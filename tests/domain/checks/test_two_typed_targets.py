from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Catalogue, Target
from kpi.domain.checks import all_findings
from kpi.domain.checks.two_typed_targets import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, a_context, a_target, found, messages, months

NONE = a_catalogue(an_indicator("contacts", outturn="percentage", short_title="Contacts"))
TYPED = a_catalogue(
    an_indicator("contacts", outturn="percentage", short_title="Contacts"), typed_targets=True
)
KNOWN = a_catalogue(
    an_indicator("contacts", outturn="percentage", short_title="Contacts", target=80.0),
    typed_targets=True,
)
COUNT = a_catalogue(an_indicator("contacts", short_title="Contacts"))
PER_MONTH = a_catalogue(
    an_indicator("contacts", short_title="Contacts", target=(Target(value=300.0, per="month"),))
)


def another(figure: float | str, **fields: Any) -> Row:
    """A typed target in a row further down."""
    return a_target(figure, **{"source_cell": "K7", **fields})


CASES = [
    pytest.param(NONE, [80.0, 85.0], "Contacts: two targets are typed, 80% and 85% at K7", id="2"),
    pytest.param(
        KNOWN,
        [80.0, 85.0],
        "Contacts: two targets are typed, 80% and 85% at K7; the catalogue's is 80%",
        id="beside the catalogue's",
    ),
    pytest.param(NONE, [80.0, 80.00000000001], None, id="the same but for noise"),
    pytest.param(NONE, [80.0, "awaited"], None, id="a state contradicts nothing"),
    pytest.param(NONE, [80.0, None], None, id="a blank contradicts nothing"),
]


@pytest.mark.parametrize(("catalogue", "figures", "expected"), CASES)
def test_two_rows_give_one_target(
    catalogue: Catalogue, figures: list[float | str], expected: str | None
) -> None:
    rows = [*months([1.0]), a_target(figures[0]), another(figures[1])]
    assert messages(CHECK, catalogue, rows) == ([expected] if expected else [])


def test_it_stands_at_the_first_and_names_the_other() -> None:
    rows = [a_target(80.0, source_sheet="Care"), another(85.0, source_sheet="Summary")]
    (finding,) = found(CHECK, NONE, rows)
    assert (finding["source_sheet"], finding["source_cell"]) == ("Care", "K2")
    assert finding["related"] == ["report-1.csv:Summary!K7"]


def test_targets_are_the_same_when_they_come_to_the_same_for_a_year() -> None:
    rows = [a_target(300.0, target_per="month"), another(3600.0, target_per="year")]
    assert messages(CHECK, COUNT, rows) == []
    rows = [a_target(300.0, target_per="month"), another(300.0, target_per="year")]
    assert messages(CHECK, PER_MONTH, rows) == [
        "Contacts: two targets are typed, 300 a month and 300 a year at K7; the catalogue's is "
        "300 a month"
    ]


def test_a_second_level_beside_a_target_contradicts_it_only_where_typed_targets_rate() -> None:
    rows = [a_target(80.0), a_target(90.0, source_cell="L2")]
    assert messages(CHECK, NONE, rows) == []
    assert messages(CHECK, KNOWN, rows) == []
    (finding,) = found(CHECK, TYPED, rows)
    assert "Neither rates" in finding["hint"]


def test_targets_of_two_years_differ_rightly() -> None:
    rows = [a_target(80.0, period="2020/21"), another(85.0, period="2021/22")]
    assert messages(CHECK, NONE, rows) == []


def test_a_later_sources_target_takes_the_place_of_an_earlier_ones() -> None:
    assert messages(CHECK, NONE, [a_target(80.0), another(85.0, seq=2)]) == []


def test_only_one_check_tells_of_it() -> None:
    context = a_context(KNOWN, [*months([1.0]), a_target(80.0), another(85.0)])
    assert all_findings(context)["code"].to_list() == ["KPI230"]
