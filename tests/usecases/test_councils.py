"""Which council a name means."""

from __future__ import annotations

import pytest

from kpi.usecases.councils import about_code, about_other_council, council_code
from tests.builders import a_catalogue, an_indicator


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Southampton", "852"),
        ("SOUTHAMPTON City Council", "852"),
        ("Kirklees Council", "382"),
        ("London Borough of Hackney", "204"),
        ("City of York Council", "816"),
        ("City of London", "201"),
        ("Bristol, City of", "801"),
        ("Durham County Council", "840"),
        ("Derby", "831"),
        ("Derbyshire County Council", "830"),
        ("Telford & Wrekin Council", "894"),
        ("West Lancashire Borough Council", ""),
        ("Our council", ""),
        ("England", ""),
        ("London", ""),
        ("", ""),
    ],
)
def test_a_name_has_the_code_of_its_council(name: str, code: str) -> None:
    assert council_code(name) == code


@pytest.mark.parametrize(
    ("authority", "la_code", "text"),
    [
        (
            "Kirklees",
            "852",
            "la_code 852 is Southampton's; the catalogue's authority is Kirklees",
        ),
        ("Derbyshire", "831", "la_code 831 is Derby's; the catalogue's authority is Derbyshire"),
        ("Anytown", "383", "la_code 383 is Leeds'; the catalogue's authority is Anytown"),
        ("Southampton City Council", "852", ""),
        ("Kirklees", "382", ""),
        ("Hull", "810", ""),
        ("BCP", "839", ""),
        ("Dorset", "835", ""),
        ("Sunderland Children's Trust", "394", ""),
        ("Kirklees", "", ""),
        ("Kirklees", "999", ""),
    ],
)
def test_a_code_of_another_council_is_warned_of(authority: str, la_code: str, text: str) -> None:
    catalogue = a_catalogue(an_indicator(), authority=authority, la_code=la_code)
    assert [each.text for each in about_code(catalogue)] == ([text] if text else [])


@pytest.mark.parametrize(
    ("authority", "named", "is_told"),
    [
        ("Southampton", ["Kirklees"], True),
        ("Southampton", ["Kirklees", "Kirklees Council", "Forecast"], True),
        ("Derby", ["Derbyshire"], True),
        ("Southampton", ["Kirklees", "Leeds"], False),
        ("Southampton", ["Kirklees", "Southampton City Council"], False),
        ("Bristol", ["Bristol, City of"], False),
        ("Hull", ["Kingston upon Hull"], False),
        ("Southampton", ["Forecast"], False),
        ("Southampton", [], False),
    ],
)
def test_one_other_council_that_a_report_names_is_told(
    authority: str, named: list[str], is_told: bool
) -> None:
    catalogue = a_catalogue(an_indicator(), authority=authority)
    assert bool(about_other_council(named, catalogue)) == is_told
