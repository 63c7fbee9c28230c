from __future__ import annotations

from kpi.domain.checks.unclaimed_label import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import found

CONTACTS = a_catalogue(an_indicator("contacts"))
PLACE = {"source_file": "b.xlsx", "source_sheet": "Demand", "source_cell": "B7", "seq": 1}


def test_a_label_is_told_with_the_nearest_ids() -> None:
    label = {"label": "Contcats", "nearest": ["contacts", "contact-rate"], **PLACE}
    (finding,) = found(CHECK, CONTACTS, [], labels=[label])
    assert finding["message"] == "`Contcats` is no label of the catalogue, so its row is not read"
    assert finding["hint"].startswith("Is it `contacts` or `contact-rate`?")
    assert (finding["source_sheet"], finding["source_cell"]) == ("Demand", "B7")
    assert finding["indicator"] is None


def test_a_label_like_none_is_told_alone() -> None:
    (finding,) = found(CHECK, CONTACTS, [], labels=[{"label": "Cats", "nearest": [], **PLACE}])
    assert finding["hint"] == "Add the label to its indicator's `aliases`, or add an indicator."


def test_no_labels_no_findings() -> None:
    assert found(CHECK, CONTACTS, []) == []
