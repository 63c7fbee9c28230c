from __future__ import annotations

import pytest

from kpi.domain.catalogue import Coherence
from kpi.domain.checks.not_a_number import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import a_target, comparators, found, messages, months

CLA = a_catalogue(
    an_indicator("cla", basis="snapshot", short_title="CLA"),
    an_indicator(
        "cla-rate",
        basis="snapshot",
        outturn="rate",
        short_title="CLA rate",
        coheres=(Coherence("rate_of", ("cla",)),),
    ),
    an_indicator("ages", polarity="range", short_title="Ages"),
)

CASES = [
    pytest.param([494.0, "s01", 507.0], "`s01` is not a number; 501 by its look, beside 494 and "
                 "507", id="letters that look like digits"),
    pytest.param([494.0, "2o1", 507.0], "`2o1` is not a number; beside it: 494 in Apr-21 and 507 "
                 "in Jun-21", id="a look that is far from both sides is no reading"),
    pytest.param([494.0, "%", 507.0], "`%` is not a number; beside it: 494 in Apr-21 and 507 in "
                 "Jun-21", id="nothing like a number"),
    pytest.param([494.0, "sol", 507.0], "`sol` is not a number; beside it: 494 in Apr-21 and 507 "
                 "in Jun-21", id="a word without a digit is no number"),
    pytest.param([None, "v", None], "`v` is not a number", id="nothing beside it"),
    pytest.param([494.0, "five", None], "`five` is not a number; beside it: 494 in Apr-21",
                 id="one side only"),
]  # fmt: skip


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_a_cell_that_is_not_understood(figures: list[float | str | None], expected: str) -> None:
    assert messages(CHECK, CLA, months(figures, indicator="cla")) == [f"CLA, May-21: {expected}"]


def test_another_row_of_the_source_has_the_figure() -> None:
    rows = months([494.0, 298.0, "s01"], indicator="cla", source_sheet="Demand")
    rows += months([494.0, 498.0, 501.0], indicator="cla", source_sheet="Care")
    rows = [row | {"source_file": "b.xlsx"} for row in rows]
    (finding,) = found(CHECK, CLA, rows)
    assert finding["message"] == "CLA, Jun-21: `s01` is not a number; Care!E2 has 501 for the same"
    assert finding["hint"] == "Did you mean 501?"
    assert (finding["source_sheet"], finding["source_cell"]) == ("Demand", "E2")
    assert "b.xlsx:Care!E2" in finding["related"]


def test_a_rate_follows_from_its_count() -> None:
    rows = months([494.0, 498.0, 501.0, 507.0], indicator="cla")
    rows += months([95.0, "%", 96.0, 97.0], indicator="cla-rate")
    assert messages(CHECK, CLA, rows) == [
        "CLA rate, May-21: `%` is not a number; 96 follows from 498 (CLA)"
    ]


def test_of_two_counts_the_one_that_lies_among_the_other_rates_is_taken() -> None:
    rows = months([494.0, 298.0, 501.0, 507.0], indicator="cla")
    rows += months([494.0, 498.0, 501.0, 507.0], indicator="cla", source_cell="D9")[1:2]
    rows += months([95.0, "%", 96.0, 97.0], indicator="cla-rate")
    assert messages(CHECK, CLA, rows) == [
        "CLA rate, May-21: `%` is not a number; 96 follows from 498 (CLA)"
    ]


def test_a_target_is_read_by_another_row_too() -> None:
    rows = [a_target("as6", indicator="cla"), a_target(456.0, indicator="cla", source_cell="K9")]
    assert messages(CHECK, CLA, rows) == [
        "CLA, target: `as6` is not a number; K9 has 456 for the same"
    ]


def test_a_band_is_the_target_of_a_range() -> None:
    assert messages(CHECK, CLA, [a_target("30 to 40", indicator="ages")]) == []
    assert len(messages(CHECK, CLA, [a_target("30 to 40", indicator="cla")])) == 1


def test_comparators_are_read_like_figures() -> None:
    rows = [*months([494.0], indicator="cla"), *comparators(indicator="cla", england="8?0")]
    assert messages(CHECK, CLA, rows) == ["CLA (England): `8?0` is not a number"]


def test_what_says_why_there_is_no_figure_is_understood() -> None:
    rows = months(["awaited", "not_applicable", "suppressed", None], indicator="cla")
    assert messages(CHECK, CLA, rows) == []


def test_a_later_source_that_says_it_leaves_nothing_to_find() -> None:
    rows = [*months(["s01"], indicator="cla"), *months([501.0], indicator="cla", seq=2)]
    assert messages(CHECK, CLA, rows) == []


def test_errors_and_formulas_are_other_checks() -> None:
    rows = months(["#DIV/0!", "formula without result"], indicator="cla")
    assert messages(CHECK, CLA, rows) == []


def test_a_row_of_which_nothing_is_placed_is_another_check() -> None:
    assert messages(CHECK, CLA, months(["91%", "87%", "89"], indicator="cla")) == []
