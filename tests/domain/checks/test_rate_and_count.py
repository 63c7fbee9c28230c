from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from kpi.domain.catalogue import Catalogue, Coherence
from kpi.domain.checks.rate_and_count import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, found, messages, months, published


def catalogue(**fields: Any) -> Catalogue:
    rule = Coherence("rate_of", ("cla",), allowance=fields.pop("allowance", None))
    given = {"basis": "snapshot", "outturn": "rate", "short_title": "CLA rate"} | fields
    return a_catalogue(
        an_indicator("cla", basis="snapshot", short_title="CLA"),
        an_indicator("cla-rate", coheres=(rule,), **given),
    )


CLA = catalogue()


def pairs(
    counts: Sequence[float | None], rates: Sequence[float | None], **fields: Any
) -> list[Row]:
    rows = months(counts, indicator="cla", **fields)
    for row in months(rates, indicator="cla-rate", **fields):
        rows.append(row | {"source_cell": f"{row['source_cell'][0]}3"})
    return rows


REPORT = [494.0, 498.0, 501.0, 507.0, 507.0, 514.0, 530.0]
PRINTED = [95.0, 96.0, 96.0, 97.0, 97.0, 99.0, 104.0]
ODD = (
    "CLA rate, Oct-21: 104 does not follow from 530 (CLA), which is 102 where the other 6 share a "
    "population of 52,000 to 52,147; it implies 50,718 to 51,208"
)


def test_the_month_that_does_not_fit_is_named_with_what_would() -> None:
    """The looked-after children of a real report: 530 at the others' population are 102."""
    assert messages(CHECK, CLA, pairs(REPORT, PRINTED)) == [ODD]


CASES = [
    pytest.param([1000.0, 1100.0, 1200.0], [200.0, 220.0, 240.0], 0, id="one population fits all"),
    pytest.param([1000.0, 1100.0, 1200.0], [200.0, 220.0, 242.0], 1, id="one does not fit"),
    pytest.param([1000.0, 1100.0], [200.0, 220.0], 0, id="two fit"),
    pytest.param([1000.0, 1100.0], [200.0, 223.0], 1, id="two that do not fit have no population"),
    pytest.param([100.0], [20.0], 0, id="one pair fits itself"),
    pytest.param([100.0, None, 120.0], [20.0, 30.0, 24.0], 0, id="a rate without its count"),
    pytest.param([100.0, 0.0, 120.0], [20.0, 0.0, 24.0], 0, id="nothing is nothing per anything"),
]


@pytest.mark.parametrize(("counts", "rates", "count"), CASES)
def test_pairs_agree_where_they_share_a_population(
    counts: list[float | None], rates: list[float | None], count: int
) -> None:
    assert len(messages(CHECK, CLA, pairs(counts, rates))) == count


@pytest.mark.parametrize(
    ("rate", "allowance", "count"),
    [
        pytest.param(102.0, None, 0, id="102.4 rounds to 102"),
        pytest.param(103.0, None, 1, id="and not to 103"),
        pytest.param(103.0, 1.0, 1, id="an allowance of 1 is the rounding itself"),
        pytest.param(103.0, 3.0, 0, id="of 3 it is one unit more on each side"),
        pytest.param(102.4, None, 0, id="a decimal more"),
        pytest.param(102.3, None, 1, id="which tells more"),
    ],
)
def test_a_printed_rate_is_off_by_half_its_last_place(
    rate: float, allowance: float | None, count: int
) -> None:
    counts, rates = [500.0, 505.0, 512.0], [100.0, 101.0, rate]
    exact = pairs([*counts, 5000.0], [*rates, 1000.0001])
    rule = catalogue(allowance=allowance) if allowance else CLA
    assert len(messages(CHECK, rule, exact)) == count


def test_a_year_to_date_rate_follows_from_the_months_so_far() -> None:
    """Referrals of a real report: only April's 64 does not share the others' population."""
    to_date = a_catalogue(
        an_indicator("cla", short_title="Referrals"),
        an_indicator(
            "cla-rate",
            basis="year-to-date",
            outturn="rate",
            short_title="Referral rate",
            coheres=(Coherence("rate_of", ("cla",)),),
        ),
    )
    rows = pairs(
        [336.0, 445.0, 342.0, 355.0, 291.0, 426.0, 387.0],
        [64.0, 152.0, 219.0, 288.0, 345.0, 428.0, 503.0],
    )
    assert messages(CHECK, to_date, rows) == [
        "Referral rate, Apr-21: 64 does not follow from 336 (Referrals so far), which is 65 where "
        "the other 6 share a population of 51,281 to 51,345; it implies 52,093 to 52,913"
    ]
    assert messages(CHECK, to_date, rows[1:]) == [], "without April no total is whole"


def test_no_population_fits_most() -> None:
    """Assessments of the same report: 2,414 at 392 per 10,000 are 61,600 children, and so on."""
    counts = [736.0, 1087.0, 1515.0, 1853.0, 2150.0, 2414.0]
    rates = [118.0, 182.0, 237.0, 292.0, 333.0, 392.0]
    (finding,) = found(
        CHECK,
        CLA,
        pairs(counts, rates, since="2021-05"),
        statistics=published(population={2020: 49737.0}),
    )
    assert finding["message"] == (
        "CLA rate, May-21 to Oct-21: no one population fits the rates and the counts (CLA); they "
        "imply 59,726 in Jun-21, 64,565 in Sep-21 (published for mid-2020: 49,737)"
    )
    assert finding["source_cell"] == "H3"
    assert len(finding["related"]) == 11


def test_months_that_share_another_population_are_one_finding() -> None:
    """The population was replaced after June."""
    rows = pairs(
        [5000.0, 5100.0, 5200.0, 5300.0, 5400.0, 5500.0, 5600.0],
        [1000.0, 1020.0, 1040.0, 1039.0, 1059.0, 1078.0, 1098.0],
    )
    (finding,) = found(CHECK, CLA, rows)
    assert finding["periods"] == ["2021-04", "2021-05", "2021-06"]
    assert "Apr-21 to Jun-21: rates and counts (CLA) imply a population of" in finding["message"]


def test_each_year_has_its_own_population() -> None:
    rows = pairs([500.0, 500.0, 500.0, 500.0], [100.0, 100.0, 105.0, 105.0], since="2021-02")
    assert messages(CHECK, CLA, rows) == []


def test_a_count_given_twice_settles_nothing() -> None:
    rows = pairs(REPORT[:6], PRINTED[:6])
    rows += [months([511.0], indicator="cla", since="2021-09")[0] | {"source_cell": "H9"}]
    assert messages(CHECK, CLA, rows) == []


def test_cells_found_wrong_before_are_left_alone() -> None:
    assert messages(CHECK, CLA, pairs(REPORT, PRINTED), wrong=["report-1.csv!I3"]) == []


SHARE = a_catalogue(an_indicator("share", outturn="percentage", short_title="Share"))


@pytest.mark.parametrize(
    ("value", "part", "whole", "expected"),
    [
        pytest.param(33.0, 4.0, 12.0, [], id="rounded"),
        pytest.param(
            34.0, 4.0, 12.0, ["Share, Apr-21: 34% does not follow from 4 of 12, which is 33%"],
            id="not that far",
        ),
        pytest.param(33.3, 4.0, 12.0, [], id="to one decimal"),
        pytest.param(100 * 4 / 12, 4.0, 12.0, [], id="not rounded at all"),
        pytest.param(12.5, 1.0, 8.0, [], id="exact"),
        pytest.param(13.0, 1.0, 8.0, [], id="half away from zero"),
        pytest.param(12.0, 1.0, 8.0, [], id="or down, as some do"),
        pytest.param(11.5, 30.7, 265.8, [], id="counts with decimals are rounded too"),
        pytest.param(50.0, 12.0, 4.0, [], id="an impossible share is another finding"),
        pytest.param(50.0, 4.0, 0.0, [], id="nothing is no base"),
    ],
)  # fmt: skip
def test_a_share_follows_from_its_own_counts(
    value: float, part: float, whole: float, expected: list[str]
) -> None:
    row = months([value], indicator="share", numerator=part, denominator=whole)
    assert messages(CHECK, SHARE, row) == expected
