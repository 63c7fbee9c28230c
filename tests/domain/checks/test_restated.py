from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpi.domain.checks.restated import CHECK, restated_by_reports
from tests.builders import a_catalogue, an_indicator, observations
from tests.domain.checks.checking import Row, found, messages

FIGURES = a_catalogue(
    an_indicator("contacts", short_title="Contacts"),
    an_indicator("share", outturn="percentage", short_title="Share"),
)


def changed(old: float, new: float | None, *, indicator: str = "contacts") -> Row:
    return {
        "indicator": indicator,
        "area": "Southampton",
        "unit": "",
        "period": "2021-09",
        "period_end": date(2021, 9, 30),
        "source_file": "oct.xlsx",
        "source_sheet": "Demand",
        "source_cell": "H7",
        "seq": 2,
        "old": old,
        "new": new,
        "old_address": "sep.xlsx:Demand!H7",
    }


CASES = [
    pytest.param(
        changed(289.0, 297.0),
        "Contacts, Sep-21: 297, where sep.xlsx:Demand!H7 had 289 (up 8, 2.8%)",
        id="more",
    ),
    pytest.param(
        changed(1000.0, 500.0),
        "Contacts, Sep-21: 500, where sep.xlsx:Demand!H7 had 1,000 (down 500, 50%)",
        id="fewer",
    ),
    pytest.param(
        changed(85.0, 88.5, indicator="share"),
        "Share, Sep-21: 88.5%, where sep.xlsx:Demand!H7 had 85% (up 3.5 points)",
        id="percentages change by points",
    ),
    pytest.param(
        changed(0.0, 3.0),
        "Contacts, Sep-21: 3, where sep.xlsx:Demand!H7 had 0 (up 3)",
        id="nothing is no base for a per cent",
    ),
    pytest.param(
        changed(5.0, None), "Contacts, Sep-21: 5 (sep.xlsx:Demand!H7) is withdrawn", id="withdrawn"
    ),
]


@pytest.mark.parametrize(("row", "expected"), CASES)
def test_a_changed_figure_is_told_with_the_size_of_the_change(row: Row, expected: str) -> None:
    assert messages(CHECK, FIGURES, [], restated=[row]) == [expected]


def test_a_change_after_the_chosen_period_is_not() -> None:
    assert messages(CHECK, FIGURES, [], restated=[changed(1.0, 2.0)], up_to="2021-08") == []


def test_the_new_cell_is_the_source_and_the_old_one_related() -> None:
    (finding,) = found(CHECK, FIGURES, [], restated=[changed(289.0, 297.0)])
    assert (finding["source_file"], finding["source_cell"]) == ("oct.xlsx", "H7")
    assert finding["related"] == ["sep.xlsx:Demand!H7"]


def restatements_of(*rows: Row, seqs: tuple[int, ...] = (2,)) -> list[dict[str, Any]]:
    frame = observations(*rows).lazy()
    return restated_by_reports(frame, authority="Southampton", seqs=seqs).collect().to_dicts()


def test_only_the_batches_asked_about_are_told() -> None:
    rows = [{"period": "2021-09", "value": float(seq), "seq": seq} for seq in (1, 2, 3)]
    (only,) = restatements_of(*rows)
    assert (only["old"], only["new"], only["old_address"]) == (1.0, 2.0, "report-1.csv!B2")
    assert only["source_cell"] == "B3"
    assert len(restatements_of(*rows, seqs=(2, 3))) == 2


@pytest.mark.parametrize(
    "fields", [{"area": "Portsmouth"}, {"older": True}, {"role": "target"}, {"value": 1.0}]
)
def test_other_places_older_reports_targets_and_the_same_figure_are_no_news(fields: Row) -> None:
    first = {"period": "2021-09", "value": 1.0, "seq": 1} | (
        fields if "area" in fields or "role" in fields else {}
    )
    second = {"period": "2021-09", "value": 2.0, "seq": 2} | fields
    assert restatements_of(first, second) == []


def test_years_typed_beside_months_are_held_against_the_published_ones_instead() -> None:
    rows = [{"period": "2020/21", "value": float(seq), "seq": seq} for seq in (1, 2)]
    assert len(restatements_of(*rows)) == 1
    assert restatements_of(*rows, {"period": "2021-09", "value": 1.0, "seq": 1}) == []
