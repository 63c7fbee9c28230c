from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Catalogue, Coherence
from kpi.domain.checks.two_populations import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, found, messages, months, published


def catalogue(**fields: Any) -> Catalogue:
    """Two rates, each of a count of its own; the fields are the second rate's."""
    rate: dict[str, Any] = {"basis": "snapshot", "outturn": "rate"}
    return a_catalogue(
        an_indicator("cla", basis="snapshot"),
        an_indicator("cpp", basis="snapshot"),
        an_indicator(
            "cla-rate", short_title="CLA rate", coheres=(Coherence("rate_of", ("cla",)),), **rate
        ),
        an_indicator(
            "cpp-rate",
            short_title="CPP rate",
            coheres=(Coherence("rate_of", ("cpp",)),),
            **rate | fields,
        ),
    )


def rows(cpp_rates: list[float]) -> list[Row]:
    """500 and 505 children at 100 and 101 are 49,754 to 50,249 people."""
    return [
        *months([500.0, 505.0], indicator="cla"),
        *months([100.0, 101.0], indicator="cla-rate"),
        *months([5000.0, 5050.0], indicator="cpp"),
        *months(cpp_rates, indicator="cpp-rate"),
    ]


CASES = [
    pytest.param([1000.0, 1010.0], 0, id="the same"),
    pytest.param([995.0, 1005.0], 0, id="50,225 to 50,277 meets it"),
    pytest.param([990.0, 1000.0], 1, id="50,480 to 50,525 does not"),
    pytest.param([1000.0, 1200.0], 0, id="a rate without a population has none to differ"),
]


@pytest.mark.parametrize(("cpp_rates", "count"), CASES)
def test_rates_of_one_year_rest_on_one_population(cpp_rates: list[float], count: int) -> None:
    assert len(messages(CHECK, catalogue(), rows(cpp_rates))) == count


def test_both_are_told_with_the_published_one() -> None:
    (finding,) = found(
        CHECK,
        catalogue(),
        rows([990.0, 1000.0]),
        statistics=published(population={2020: 49737.0}),
    )
    assert finding["message"] == (
        "CPP rate implies a population of 50,480 to 50,525, CLA rate of 49,754 to 50,249 in the "
        "same year (published for mid-2020: 49,737)"
    )


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        pytest.param({"denominator": "Children aged 0 to 17"}, 1, id="one without words"),
        pytest.param({"per": 1000}, 0, id="per another number"),
    ],
)
def test_only_rates_of_the_same_people_are_compared(fields: dict[str, Any], count: int) -> None:
    said = rows([990.0, 1000.0])
    if "per" in fields:
        said = rows([99.0, 100.0])
    assert len(messages(CHECK, catalogue(**fields), said)) == count


def test_rates_of_other_people_may_differ() -> None:
    other = catalogue(denominator="Families")
    first = other.indicators[2]
    named = a_catalogue(
        *other.indicators[:2],
        an_indicator(
            "cla-rate",
            basis="snapshot",
            outturn="rate",
            coheres=first.coheres,
            denominator="Children aged 0 to 17",
        ),
        other.indicators[3],
    )
    assert messages(CHECK, named, rows([990.0, 1000.0])) == []


def test_years_may_differ() -> None:
    later = [
        row | {"period": row["period"].replace("2021", "2022")} for row in rows([990.0, 1000.0])
    ]
    both = rows([1000.0, 1010.0])[:4] + later[4:]
    assert messages(CHECK, catalogue(), both, up_to="2022-10") == []
