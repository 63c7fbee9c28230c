"""Which place a question is about: names as people type them, and names that nobody has."""

from __future__ import annotations

import polars as pl
import pytest

from kpi.domain.scorecard import Place
from kpi.errors import RequestError
from kpi.usecases.places import held_place
from tests.builders import a_catalogue, an_indicator, observations

CATALOGUE = a_catalogue(an_indicator("contacts"))


def held() -> pl.LazyFrame:
    rows = [
        {"area": "Southampton", "unit": ""},
        {"area": "Southampton", "unit": "Assessment/Team 2"},
        {"area": "Newtown and Oldham", "unit": "Team 9"},
    ]
    return observations(*({"indicator": "contacts"} | row for row in rows)).lazy()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Place(None), Place(None)),
        (Place("Southampton"), Place("Southampton")),
        (Place("SOUTHAMPTON"), Place("Southampton")),
        (Place("newtown-and-oldham"), Place("Newtown and Oldham")),
        # Known, though nothing is held of it.
        (Place("south east"), Place("South East")),
        (Place("leeds"), Place("Leeds")),
        (Place("Southampton", None), Place("Southampton", None)),
        (Place("Southampton", "assessment/team 2"), Place("Southampton", "Assessment/Team 2")),
        (Place(None, "team 9"), Place(None, "Team 9")),
    ],
)
def test_a_place_is_known_by_its_letters(asked: Place, found: Place) -> None:
    assert held_place(CATALOGUE, held(), asked=asked) == found


@pytest.mark.parametrize(
    ("asked", "said", "hint"),
    [
        (Place("Sothampton"), "no area is called `Sothampton`", "did you mean `Southampton`"),
        (Place("qqq"), "no area is called `qqq`", "among those there are `Southampton`"),
        (
            Place("Southampton", "Assessment Team 3"),
            "no unit of Southampton is called",
            "did you mean `Assessment/Team 2`?",
        ),
        (Place("Leeds", "Team 9"), "no unit of Leeds is called", "no figures of units are held"),
    ],
)
def test_a_place_nobody_has_is_refused_with_the_nearest(asked: Place, said: str, hint: str) -> None:
    with pytest.raises(RequestError) as refused:
        held_place(CATALOGUE, held(), asked=asked)
    assert said in refused.value.what
    assert hint in (refused.value.hint or "")
