from __future__ import annotations

from kpi.domain.checks.formula import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import a_target, found, messages, months

CONTACTS = a_catalogue(an_indicator("contacts", short_title="Contacts"))
RAW = "formula without result"


def test_a_formula_without_result_has_no_figure() -> None:
    (finding,) = found(CHECK, CONTACTS, months([5.0, RAW]))
    assert finding["message"] == "Contacts, May-21: a formula without a result"
    assert finding["hint"] == "Open the workbook in Excel, let it calculate, and save it."


def test_a_row_is_one_finding_and_another_row_another() -> None:
    rows = months([RAW, RAW]) + months([RAW, RAW], source_cell="C7", indicator="contacts")[:1]
    assert len(messages(CHECK, CONTACTS, rows)) == 2


def test_a_target_may_be_one_too() -> None:
    assert messages(CHECK, CONTACTS, [a_target(RAW)]) == [
        "Contacts, target: a formula without a result"
    ]


def test_other_texts_are_not() -> None:
    assert messages(CHECK, CONTACTS, months(["formula", "#REF!"])) == []
