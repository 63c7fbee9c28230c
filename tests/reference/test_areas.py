"""Authorities by code and by name, their regions, their history and their neighbours."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kpi import reference
from kpi.errors import RequestError


def current_codes() -> list[str]:
    rows = reference.authorities().filter(pl.col("until").is_null()).collect()
    return rows["area_code"].to_list()


def test_there_are_153_authorities_and_five_that_are_gone() -> None:
    rows = reference.authorities().collect()
    assert (len(current_codes()), rows.height) == (153, 158)
    assert rows["region_name"].null_count() == 0


def test_no_two_areas_share_a_name_or_a_code() -> None:
    rows = reference.areas().collect()
    assert rows["area_name"].is_unique().all()
    assert rows["area_code"].is_unique().all()


@pytest.mark.parametrize(
    ("code", "name", "region"),
    [
        ("852", "Southampton", "South East"),
        ("801", "Bristol", "South West"),
        ("884", "Herefordshire", "West Midlands"),
        ("202", "Camden", "Inner London"),
        ("838", "Dorset", "South West"),
        ("835", "Dorset (to 2019)", "South West"),
    ],
)
def test_an_authority_is_found_by_its_code(code: str, name: str, region: str) -> None:
    found = reference.authority(code)
    assert (found.name, found.region.name) == (name, region)
    assert reference.region_of(code) == found.region


def test_an_authority_knows_its_beginning_its_end_and_its_successors() -> None:
    cumbria = reference.authority("909")
    assert (cumbria.until, cumbria.successors) == (date(2023, 3, 31), ("942", "943"))
    assert reference.authority("942").since == date(2023, 4, 1)
    assert reference.authority("852").since is None


def test_an_unknown_code_is_refused_by_name() -> None:
    with pytest.raises(RequestError, match="`999`"):
        reference.authority("999")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Southampton", "852"),
        ("SOUTHAMPTON", "852"),
        ("852", "852"),
        ("E06000045", "852"),
        ("Bristol", "801"),
        ("Bristol, City of", "801"),
        ("Durham", "840"),
        ("Brighton & Hove", "846"),
        ("St Helens", "342"),
        ("Dorset", "838"),
        ("Dorset (to 2019)", "835"),
        ("Yorkshire and the Humber", "982"),
        ("London (Inner)", "987"),
        ("England", "970"),
        ("Camelot", None),
        ("", None),
    ],
)
def test_an_area_is_found_by_any_usual_spelling(said: str, code: str | None) -> None:
    assert reference.area_code(said) == code


@pytest.mark.parametrize("model", reference.MODELS)
def test_every_current_authority_has_ten_neighbours_or_a_reason_why_not(model: str) -> None:
    lists = reference.neighbour_lists(model=model).collect()
    counts = dict(lists.group_by("la_code").len().rows())
    without = {code for code in current_codes() if code not in counts}
    assert set(counts.values()) == {10}
    assert without == ({"942", "943"} if model == "2021-04" else set())
    for code in without:
        found = reference.neighbours(code, model=model)
        assert (found.members, len(found.notes)) == ((), 1)


def test_a_list_that_a_model_lacks_is_said_with_the_reason() -> None:
    assert reference.neighbours("942", model="2021-04").notes == (
        "the model of 2021-04 has no list for Cumberland (942), which began on 1 April 2023",
    )


def test_neighbours_come_closest_first() -> None:
    found = reference.neighbours("852", model="2021-04")
    assert found.codes == ("851", "373", "874", "879", "831", "801", "331", "861", "810", "355")
    assert [member.rank for member in found.members] == list(range(1, 11))
    assert found.members[0].closeness == "Very close"
    assert found.notes == ()


def test_a_neighbour_that_is_gone_stays_in_the_list_and_is_reported() -> None:
    found = reference.neighbours("830", model="2021-04")
    assert len(found.members) == 10
    assert "909" in found.codes
    assert found.notes == (
        "Cumbria (909) no longer exists: it ended on 31 March 2023, its area is now in "
        "Cumberland (942) and Westmorland and Furness (943)",
    )


def test_a_list_of_ones_own_keeps_its_order_and_passes_over_the_authority_itself() -> None:
    found = reference.neighbours("852", model=("851", "852", "909", "851"))
    assert (found.model, found.codes) == ("own list", ("851", "909"))
    assert [member.closeness for member in found.members] == [None, None]
    assert len(found.notes) == 1


def test_naming_no_model_gives_no_neighbours_and_says_so() -> None:
    found = reference.neighbours("852", model="")
    assert (found.members, found.notes) == ((), ("the catalogue names no neighbours",))


@pytest.mark.parametrize("model", ["2019-01", ("851", "999")])
def test_an_unknown_model_or_code_is_refused(model: str | tuple[str, ...]) -> None:
    with pytest.raises(RequestError):
        reference.neighbours("852", model=model)
