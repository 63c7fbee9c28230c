from __future__ import annotations

import math
from statistics import NormalDist

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.statistics.distributions import (
    chi_square_quantile,
    chi_square_quantiles,
    z_score,
    z_scores,
)


@pytest.mark.parametrize(("level", "expected"), [(95, 1.959963984540), (99.8, 3.090232306168)])
def test_z_score_is_the_exact_normal_quantile_not_a_rounded_one(
    level: float, expected: float
) -> None:
    assert z_score(level) == pytest.approx(expected, rel=1e-12)


def test_each_row_may_have_a_level_of_its_own_and_none_gives_null() -> None:
    levels = pl.LazyFrame({"level": [95.0, 99.8, None, 100.0, math.nan, 95.0]})
    found = levels.select(z=z_scores(pl.col("level"))).collect()["z"].to_list()
    expected = [z_score(95), z_score(99.8), None, None, None, z_score(95)]
    assert found == expected


@pytest.mark.parametrize(
    ("probability", "degrees", "expected"),
    [
        # NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4, upper and lower tables.
        (0.95, 1, 3.841),
        (0.975, 1, 5.024),
        (0.999, 1, 10.828),
        (0.975, 10, 20.483),
        (0.999, 20, 45.315),
        (0.025, 2, 0.051),
        (0.025, 10, 3.247),
        (0.001, 20, 5.921),
        (0.975, 100, 129.561),
        (0.001, 100, 61.918),
    ],
)
def test_chi_square_quantile_agrees_with_published_tables(
    probability: float, degrees: float, expected: float
) -> None:
    assert chi_square_quantile(probability, degrees=degrees) == pytest.approx(expected, abs=5.1e-4)


@given(st.floats(0.0005, 0.9995))
def test_with_two_degrees_of_freedom_the_quantile_is_that_of_the_exponential(
    probability: float,
) -> None:
    expected = -2 * math.log1p(-probability)
    assert chi_square_quantile(probability, degrees=2) == pytest.approx(expected, rel=1e-12)


@given(st.floats(0.501, 0.9999))
def test_with_one_degree_of_freedom_the_quantile_is_the_square_of_a_normal_one(
    probability: float,
) -> None:
    expected = z_score(100 * probability) ** 2
    assert chi_square_quantile(probability, degrees=1) == pytest.approx(expected, rel=1e-10)


@given(st.integers(0, 400), st.sampled_from([0.001, 0.025, 0.5, 0.975, 0.999]))
def test_the_quantile_turns_back_into_its_poisson_tail(count: int, probability: float) -> None:
    mean = chi_square_quantile(probability, degrees=2 * count + 2) / 2
    terms = (k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(count + 1))
    up_to_count = math.fsum(math.exp(term) for term in terms)
    assert up_to_count == pytest.approx(1 - probability, rel=1e-9)


@given(
    st.floats(0.01, 1e7),
    st.floats(0.001, 0.998),
    st.floats(0.0001, 0.001),
)
def test_a_greater_probability_has_a_greater_quantile(
    degrees: float, probability: float, more: float
) -> None:
    lower = chi_square_quantile(probability, degrees=degrees)
    assert lower <= chi_square_quantile(probability + more, degrees=degrees)


@pytest.mark.parametrize("probability", [0.001, 0.025, 0.975, 0.999])
def test_the_short_form_for_very_many_degrees_joins_the_long_one_to_nine_digits(
    probability: float,
) -> None:
    long, short = (chi_square_quantile(probability, degrees=df) for df in (2e6, 2e6 + 2))
    widening = 2 * NormalDist().inv_cdf(probability) / math.sqrt(2 * 2e6)
    assert short - long == pytest.approx(2 + widening, abs=2e6 * 1e-9)


def test_no_degrees_of_freedom_give_a_quantile_of_nought() -> None:
    assert chi_square_quantile(0.025, degrees=0) == 0


@pytest.mark.parametrize("probability", [0.001, 0.5, 0.999])
@pytest.mark.parametrize("degrees", [1e-4, 0.02, 0.7])
def test_a_fraction_of_a_degree_gives_a_finite_quantile(probability: float, degrees: float) -> None:
    assert 0 <= chi_square_quantile(probability, degrees=degrees) < 12


def test_the_expression_keeps_row_order_and_gives_null_for_what_has_no_quantile() -> None:
    asked = pl.LazyFrame(
        {
            "p": [0.975, None, 0.025, 0.975, 1.0, 0.5, 0.5],
            "df": [2.0, 2.0, None, 2.0, 2.0, math.nan, -1.0],
        }
    )
    found = asked.select(q=chi_square_quantiles(pl.col("p"), pl.col("df"))).collect()["q"]
    once = chi_square_quantile(0.975, degrees=2)
    assert found.to_list() == [once, None, None, once, None, None, None]


def test_an_empty_frame_has_no_quantiles() -> None:
    asked = pl.LazyFrame(schema={"p": pl.Float64, "df": pl.Float64})
    found = asked.select(q=chi_square_quantiles(pl.col("p"), pl.col("df"))).collect()
    assert found.schema == {"q": pl.Float64}
    assert found.is_empty()
