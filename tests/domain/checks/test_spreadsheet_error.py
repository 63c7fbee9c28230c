from __future__ import annotations

import pytest

from kpi.domain.checks.spreadsheet_error import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import found, messages, months

CONTACTS = a_catalogue(an_indicator("contacts", short_title="Contacts"))

CASES = [
    pytest.param("#DIV/0!", 1, id="a division by zero"),
    pytest.param("#REF!", 1, id="a lost cell"),
    pytest.param("#N/A", 1, id="a look-up without result"),
    pytest.param("#NAME?", 1, id="an unknown function"),
    pytest.param("formula without result", 0, id="a formula without result"),
    pytest.param("s01", 0, id="a slip"),
    pytest.param("#", 0, id="a sign alone"),
]


@pytest.mark.parametrize(("raw", "count"), CASES)
def test_errors_are_known_by_their_look(raw: str, count: int) -> None:
    said = messages(CHECK, CONTACTS, months([5.0, raw]))
    assert said == [f"Contacts, May-21: `{raw}`, an error of the spreadsheet"] * count


def test_a_row_is_one_finding() -> None:
    (finding,) = found(CHECK, CONTACTS, months(["#REF!", "#REF!", 5.0]))
    assert finding["message"] == (
        "Contacts: `#REF!`, an error of the spreadsheet, in 2 cells of the row (Apr-21 to May-21)"
    )
    assert finding["related"] == ["report-1.csv!D2"]
