from __future__ import annotations

import pytest

from kpi.domain.checks.falling_total import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import found, messages, months

COUNT = a_catalogue(an_indicator("contacts", basis="year-to-date", short_title="Total"))
RATE = a_catalogue(an_indicator("contacts", basis="year-to-date", outturn="rate"))
SHARE = a_catalogue(an_indicator("contacts", basis="year-to-date", outturn="percentage"))
IN_MONTH = a_catalogue(an_indicator("contacts"))

CASES = [
    pytest.param([5.0, 5.0, 9.0], [], id="it may stand still"),
    pytest.param(
        [5.0, 4.0, 9.0],
        ["Total, May-21: 4 after 5 in Apr-21, though it adds up over the year"],
        id="it cannot fall",
    ),
    pytest.param([5.0, None, 4.0], ["Total, Jun-21: 4 after 5 in Apr-21, though it adds up over "
                                    "the year"], id="not over a gap either"),
]  # fmt: skip


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_a_total_only_grows(figures: list[float | None], expected: list[str]) -> None:
    assert messages(CHECK, COUNT, months(figures)) == expected


def test_it_begins_anew_each_year() -> None:
    assert messages(CHECK, COUNT, months([90.0, 5.0], since="2021-03")) == []


@pytest.mark.parametrize(("second", "count"), [(502.0, 0), (501.0, 1)])
def test_a_rate_may_fall_by_its_rounding(second: float, count: int) -> None:
    """503 and 502 can be 502.6 and 502.4; 503 and 501 cannot both be right."""
    assert len(messages(CHECK, RATE, months([503.0, second]))) == count


def test_shares_and_months_may_fall() -> None:
    assert messages(CHECK, SHARE, months([50.0, 40.0])) == []
    assert messages(CHECK, IN_MONTH, months([50.0, 40.0])) == []


def test_after_a_marked_break_it_may_fall() -> None:
    rows = months([50.0, 40.0])
    assert messages(CHECK, COUNT, [rows[0], rows[1] | {"marks": "break"}]) == []


def test_the_month_before_is_related() -> None:
    (finding,) = found(CHECK, COUNT, months([5.0, 4.0]))
    assert (finding["source_cell"], finding["related"]) == ("D2", ["report-1.csv!C2"])
