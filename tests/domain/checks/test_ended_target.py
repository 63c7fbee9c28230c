from __future__ import annotations

from datetime import date

import pytest

from kpi.domain.catalogue import Target
from kpi.domain.checks.ended_target import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import messages, months

SAID = "Contacts: the target ended on 2021-03-31, and none holds for 2021-10"

CASES = [
    pytest.param((Target(value=1.0, ends=date(2021, 3, 31)),), "2021-10", [SAID], id="ended"),
    pytest.param((Target(value=1.0, ends=date(2021, 10, 31)),), "2021-10", [], id="its last day"),
    pytest.param((Target(value=1.0),), "2021-10", [], id="for good"),
    pytest.param((), "2021-10", [], id="none at all"),
    pytest.param((Target(value=1.0, ends=date(2021, 3, 31)),), "2021-03", [], id="still holding"),
    pytest.param(
        (
            Target(value=1.0, ends=date(2021, 3, 31)),
            Target(value=2.0, begins=date(2021, 4, 1)),
        ),
        "2021-10",
        [],
        id="another follows",
    ),
]


@pytest.mark.parametrize(("targets", "newest", "expected"), CASES)
def test_a_target_that_has_ended_is_missed(
    targets: tuple[Target, ...], newest: str, expected: list[str]
) -> None:
    catalogue = a_catalogue(an_indicator("contacts", short_title="Contacts", target=targets))
    assert messages(CHECK, catalogue, months([1.0], since=newest)) == expected
