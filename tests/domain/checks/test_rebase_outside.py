from __future__ import annotations

from datetime import date

import pytest

from kpi.domain.catalogue import Rebase, Spc
from kpi.domain.checks.rebase_outside import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import messages, months

CASES = [
    pytest.param(date(2021, 3, 31), "before the series begins", id="before the first month"),
    pytest.param(date(2021, 4, 1), "before the series begins", id="on its first day"),
    pytest.param(date(2021, 4, 2), None, id="in the first month: it begins with the next"),
    pytest.param(date(2021, 6, 1), None, id="within"),
    pytest.param(date(2021, 6, 30), None, id="on the last day"),
    pytest.param(date(2021, 7, 1), "after the newest figure", id="after the last"),
]


@pytest.mark.parametrize(("day", "how"), CASES)
def test_a_new_baseline_lies_within_its_series(day: date, how: str | None) -> None:
    catalogue = a_catalogue(
        an_indicator(
            "contacts", short_title="Contacts", spc=Spc(rebase=(Rebase(day, "new front door"),))
        )
    )
    said = messages(CHECK, catalogue, months([1.0, 1.0, 1.0]))
    expected = (
        f"Contacts: the new baseline of {day} (new front door) lies {how} and changes nothing"
    )
    assert said == ([expected] if how else [])
