"""Which place a question is about: names as people type them, and names that nobody has."""

from __future__ import annotations

import polars as pl
import pytest

from kpi.domain.scorecard import Place
from kpi.errors import RequestError
from kpi.usecases.places import chosen_place
from kpi.usecases.project import Choice
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
        (Choice(), Place("Southampton")),
        (Choice(area="ALL"), Place(None)),
        (Choice(area="SOUTHAMPTON"), Place("Southampton")),
        (Choice(area="newtown-and-oldham"), Place("Newtown and Oldham")),
        # Known, though nothing is held of it.
        (Choice(area="south east"), Place("South East")),
        (Choice(area="leeds"), Place("Leeds")),
        (Choice(by_unit=True), Place("Southampton", None)),
        (Choice(unit="assessment/team 2"), Place("Southampton", "Assessment/Team 2")),
        (Choice(area="all", unit="team 9"), Place(None, "Team 9")),
    ],
)
def test_a_place_is_known_by_its_letters(asked: Choice, found: Place) -> None:
    assert chosen_place(CATALOGUE, asked, held()) == found


@pytest.mark.parametrize(
    ("asked", "said", "hint"),
    [
        (Choice(area="Sothampton"), "no area is called `Sothampton`", "did you mean `Southampton`"),
        (Choice(area="qqq"), "no area is called `qqq`", "among those there are `Southampton`"),
        (
            Choice(unit="Assessment Team 3"),
            "no unit of Southampton is called",
            "did you mean `Assessment/Team 2`?",
        ),
        (
            Choice(area="Leeds", unit="Team 9"),
            "no unit of Leeds is called",
            "no figures of units are held",
        ),
    ],
)
def test_a_place_nobody_has_is_refused_with_the_nearest(
    asked: Choice, said: str, hint: str
) -> None:
    with pytest.raises(RequestError) as refused:
        chosen_place(CATALOGUE, asked, held())
    assert said in refused.value.what
    assert hint in (refused.value.hint or "")
