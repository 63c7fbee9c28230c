"""The checks as a whole: what is declared, in which order, and that no order matters."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.domain.catalogue import Catalogue, Coherence, Compare, Target
from kpi.domain.checks import CHECKS, STAGES, all_findings
from kpi.domain.findings import FINDING, SEVERITIES, Check, in_order
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import (
    Figure,
    Row,
    a_context,
    a_target,
    comparators,
    months,
    published,
)

ALL = list(CHECKS.values())
SEVERITY_OF = {"1": "error", "2": "warning", "3": "info"}
HERE = Path(__file__).parent


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.code)
def test_a_check_says_what_it_finds_and_what_to_do(check: Check) -> None:
    assert re.fullmatch(r"KPI[123]\d\d", check.code)
    assert check.severity == SEVERITY_OF[check.code[3]]
    assert check.severity in SEVERITIES
    assert len(check.title) <= 45, "a title is few words"
    assert all([check.meaning, check.why, check.advice])
    assert " – " in check.example, "an example has its address"


def test_codes_are_unique() -> None:
    assert sum(len(stage) for stage in STAGES) == len(CHECKS)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.code)
def test_a_check_is_a_file_with_a_test_file_of_its_own(check: Check) -> None:
    module = check.find.__module__.rpartition(".")[2]
    assert (HERE / f"test_{module}.py").exists()


CATALOGUE = a_catalogue(
    an_indicator("referrals", target=(Target(value=300.0, per="month"),)),
    an_indicator(
        "referral-rate",
        basis="year-to-date",
        outturn="rate",
        target=(Target(value=647.0, per="year"),),
        coheres=(Coherence("rate_of", ("referrals",)), Coherence("target_of", ("referrals",))),
        compare=Compare(measure="Rate"),
    ),
    an_indicator("cla", basis="snapshot", target=456.0),
    an_indicator(
        "cla-rate",
        basis="snapshot",
        outturn="rate",
        coheres=(Coherence("rate_of", ("cla",)),),
    ),
    an_indicator("uasc", basis="snapshot", coheres=(Coherence("subset_of", ("cla",)),)),
    an_indicator("visits", outturn="percentage", basis="snapshot"),
    an_indicator("audits"),
    an_indicator("good", outturn="percentage", denominator="audits"),
)


FIGURES: dict[str, list[Figure]] = {
    "referrals": [336.0, 445.0, 342.0, 355.0, 291.0, 426.0, 387.0],
    "referral-rate": [64.0, 152.0, 219.0, 288.0, 345.0, 428.0, 390.0],
    "cla": [494.0, 298.0, "s01", 507.0, 507.0, 511.0, 530.0],
    "cla-rate": [95.0, "%", 96.0, 97.0, 97.0, 99.0, 104.0],
    "uasc": [18.0, 15.0, 17.0, -22.0, 25.0, 260.0, 625.0],
    "visits": [82.0, 0.84, 85.0, 80.0, 172.0, 74.0, None],
    "audits": [12.0, 2.0, 28.0, 105.0, 22.0, 17.0, None],
    "good": [33.0, 0.0, 36.0, 66.0, 41.0, 65.0, None],
}


def a_report() -> list[Row]:
    """Something wrong for many checks at once."""
    rows: list[Row] = []
    for line, (indicator, figures) in enumerate(FIGURES.items(), start=2):
        rows += [
            row | {"source_cell": f"{row['source_cell'][0]}{line}"}
            for row in months(figures, indicator=indicator)
        ]
    rows += [
        row | {"source_cell": f"{row['source_cell'][0]}19", "source_theme": "Care"}
        for row in months([494.0, 498.0, 501.0, 507.0, 507.0, 514.0, 530.0], indicator="cla")
    ]
    for line, indicator in ((5, "cla-rate"), (7, "visits")):
        rows += comparators(
            indicator=indicator,
            own=[("2019/20", 95.0)],
            neighbours=97.0,
            region=53.0,
            england=67.0,
            line=line,
        )
    rows += comparators(indicator="referrals", own=[("2020/21", 4092.0)], neighbours=380.0)
    rows.append(a_target(450.0, indicator="cla"))
    return rows


STATISTICS = published(
    ("Rate", "own", "2020/21", 822.7), units={"Rate": "rate"}, population={2020: 49737.0}
)
REPORT = a_report()


def findings(rows: list[Row], catalogue: Catalogue = CATALOGUE) -> pl.DataFrame:
    context = a_context(catalogue, rows, statistics=STATISTICS, today=date(2021, 11, 9))
    places = pl.DataFrame(
        {"source_file": ["report-1.csv"], "source_sheet": [None], "sheet_order": [0]},
        schema_overrides={"source_sheet": pl.String},
    )
    return in_order(all_findings(context), places=places)


EXPECTED = findings(REPORT)


def test_many_checks_find_something_in_it() -> None:
    assert len(set(EXPECTED["code"])) >= 14
    assert EXPECTED.schema == pl.Schema(FINDING)


def numbered(rows: list[Row]) -> list[Row]:
    """The rows with their place in the source, which stays theirs however they are stored."""
    return [row | {"row": place} for place, row in enumerate(rows)]


@settings(max_examples=8)  # each runs every check
@given(st.randoms(use_true_random=False))
def test_findings_do_not_depend_on_the_order_in_which_rows_are_kept(order: random.Random) -> None:
    rows = numbered(REPORT)
    order.shuffle(rows)
    assert findings(rows).equals(EXPECTED)


def test_unrelated_indicators_change_nothing() -> None:
    more = replace(CATALOGUE, indicators=(*CATALOGUE.indicators, an_indicator("other")))
    rows = [*REPORT, *months([5.0, 900.0, 7.0], indicator="other", source_cell="Z99")]
    others = findings(rows, more).filter(pl.col("indicator") != "other")
    assert others.equals(EXPECTED)


def test_only_the_checks_wanted_are_told() -> None:
    context = a_context(CATALOGUE, REPORT, statistics=STATISTICS)
    assert set(all_findings(context, codes=["KPI110"])["code"]) == {"KPI110"}
    assert all_findings(context, codes=[]).is_empty()


def test_a_check_that_is_left_out_still_discredits() -> None:
    """Visits of 172% are no spike, though the check of percentages is not asked for."""
    context = a_context(CATALOGUE, REPORT, statistics=STATISTICS)
    jumps = all_findings(context, codes=["KPI201"])
    assert "visits" not in jumps["indicator"].to_list()
