from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kpi.domain.catalogue import Catalogue, Published
from kpi.domain.observation import READ
from kpi.domain.period import YearKind
from kpi.readers.published import is_published, published_period, read_published
from kpi.readers.reading import Reading
from kpi.readers.records import open_delimited, read_records
from tests.builders import a_catalogue, an_indicator

DATA = Path(__file__).parents[1] / "data"
HEADER = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,new_la_code,la_name"
)


def a_record(year: str, identifier: str, area: str, *cells: str) -> str:
    place = {
        "England": "National,E92000001,England,,,,,",
        "South East": "Regional,E92000001,England,E12000008,South East,,,",
    }.get(area)
    if place is None:
        code = "852" if area == "Southampton" else "851"
        place = f"Local authority,E92000001,England,E12000008,South East,{code},E0600004,{area}"
    return ",".join([year, identifier, place, *cells])


def the_catalogue(published: Published, **fields: str) -> Catalogue:
    given = {"outturn": "number", "basis": "annual"} | fields
    indicator = an_indicator("it", published=published, **given)
    return a_catalogue(indicator, authority="Southampton City Council", la_code="852")


def read(content: bytes, catalogue: Catalogue) -> Reading:
    return read_published(
        read_records(open_delimited(content, file="ees.csv")), catalogue=catalogue
    )


def figures(reading: Reading) -> list[tuple[str, str | None, float | str]]:
    return [
        (row["area"], row["period"], row["value"] if row["state"] == "value" else row["state"])
        for row in reading.observations.iter_rows(named=True)
    ]


PERIODS: list[tuple[str, str, YearKind, str | None]] = [
    ("2022", "Reporting year", "financial", "2021/22"),
    ("2022", "Reporting year", "academic", "2021/22"),
    ("2022", "Reporting year", "calendar", "2022"),
    ("202122", "Financial year", "financial", "2021/22"),
    ("202122", "Financial year", "academic", None),
    ("202122", "Financial year Q2", "financial", "2021-Q2"),
    ("202122", "Academic year", "academic", "2021/22"),
    ("202122", "Academic year Q1", "academic", "2021-Q1"),
    ("2021", "Calendar year", "calendar", "2021"),
    ("2021", "Calendar year Q4", "calendar", "2021-Q4"),
    ("2021", "Calendar year", "financial", None),
    ("2021", "April", "financial", "2021-04"),
    ("2022", "January", "financial", "2022-01"),
    ("199900", "Financial year", "financial", "1999/00"),
    ("202120", "Financial year", "financial", None),
    ("202122", "Financial year Part 1", "financial", None),
    ("2021", "Week 12", "financial", None),
    ("soon", "Reporting year", "financial", None),
]


@pytest.mark.parametrize(("said", "identifier", "year", "expected"), PERIODS)
def test_time_period_and_identifier_name_a_period(
    said: str, identifier: str, year: YearKind, expected: str | None
) -> None:
    period = published_period(said, identifier, year)
    assert (period and str(period)) == expected


def test_referrals_by_month_across_the_page() -> None:
    catalogue = the_catalogue(
        Published(months=True, filters={"category": "Month of referral"}), basis="in-month"
    )
    reading = read((DATA / "ees-referrals-by-month.csv").read_bytes(), catalogue)
    own = reading.observations.filter(
        (pl.col("area") == "Southampton City Council")
        & pl.col("period").is_between(pl.lit("2021-04"), pl.lit("2022-03"))
    )
    assert own["period"].to_list() == [
        *(f"2021-{month:02d}" for month in range(4, 13)),
        *(f"2022-{month:02d}" for month in range(1, 4)),
    ]
    assert own["value"].to_list() == [297, 390, 294, 288, 246, 344, 326, 323, 310, 284, 256, 282]
    assert own["source_cell"].to_list()[:2] == ["M8", "N8"]
    assert own["label"].to_list()[0] == "April"
    areas = set(reading.observations["area"])
    assert {"England", "South East", "London", "Inner London", "Portsmouth", "Dorset"} <= areas
    assert "Southampton" not in areas
    assert reading.observations.schema == READ


def test_a_share_with_its_counts_and_its_symbols() -> None:
    catalogue = the_catalogue(
        Published(
            value="rereferral_percent", numerator="rereferral_count", denominator="referral_count"
        ),
        outturn="percentage",
    )
    reading = read((DATA / "ees-referrals-and-rereferrals.csv").read_bytes(), catalogue)
    last_year = reading.observations.filter(pl.col("period") == "2020/21")
    said = {row["area"]: row for row in last_year.iter_rows(named=True)}
    own = said["Southampton City Council"]
    assert (own["value"], own["numerator"], own["denominator"]) == (28.0, 1144.0, 4092.0)
    assert said["South East"]["value"] == 27.7
    assert said["England"]["value"] == 22.7
    scilly = said["Isles of Scilly"]
    assert (scilly["value"], scilly["numerator"], scilly["state"]) == (None, None, "suppressed")
    assert scilly["denominator"] == 14.0


def test_a_byte_order_mark_another_order_of_columns_and_a_filter() -> None:
    catalogue = the_catalogue(
        Published(
            value="rate_per_10000",
            filters={"population_type": "Children looked after on 31 March each year"},
        ),
        outturn="rate",
        basis="snapshot",
    )
    reading = read((DATA / "ees-children-looked-after.csv").read_bytes(), catalogue)
    assert ("England", "2021/22", 70.0) in figures(reading)
    assert len(reading.observations) == len(set(figures(reading)))
    assert [column.heading for column in reading.unused_columns] == [
        "population_estimate",
        "children_count",
    ]


def test_an_outturn_that_is_not_published_follows_from_its_counts() -> None:
    text = "\n".join(
        [
            f"{HEADER},part,whole",
            a_record("2022", "Reporting year", "Southampton", "1", "4"),
            a_record("2022", "Reporting year", "Portsmouth", "c", "4"),
            a_record("2022", "Reporting year", "England", "2", "0"),
        ]
    )
    catalogue = the_catalogue(
        Published(numerator="part", denominator="whole"), outturn="percentage"
    )
    assert figures(read(text.encode(), catalogue)) == [
        ("Southampton City Council", "2021/22", 25.0),
        ("Portsmouth", "2021/22", "suppressed"),
        ("England", "2021/22", "not_applicable"),
    ]


@pytest.mark.parametrize(
    ("symbol", "state"),
    [
        ("c", "suppressed"),
        ("x", "not_available"),
        ("z", "not_applicable"),
        ("u", "unreliable"),
        ("low", "rounds_to_zero"),
        ("k", "rounds_to_zero"),
        ("?", "unreadable"),
    ],
)
def test_each_symbol_is_a_state(symbol: str, state: str) -> None:
    text = f"{HEADER},it\n" + a_record("2022", "Reporting year", "England", symbol)
    reading = read(text.encode(), the_catalogue(Published(value="it")))
    assert figures(reading) == [("England", "2021/22", state)]
    assert [cell.address for cell in reading.unreadable] == (
        ["ees.csv!K2"] if state == "unreadable" else []
    )


def test_without_a_code_the_authority_is_known_by_its_name() -> None:
    text = f"{HEADER},it\n" + a_record("2022", "Reporting year", "Southampton", "5")
    indicator = an_indicator("it", basis="annual", published=Published(value="it"))
    reading = read(text.encode(), a_catalogue(indicator, authority="SOUTHAMPTON"))
    assert figures(reading) == [("SOUTHAMPTON", "2021/22", 5.0)]


def test_a_file_that_no_indicator_names_is_answered_with_its_columns() -> None:
    text = f"{HEADER},category,it,that\n" + a_record(
        "2022", "Reporting year", "England", "a", "1", "2"
    )
    reading = read(text.encode(), the_catalogue(Published(value="something else")))
    assert reading.observations.is_empty()
    assert reading.messages[0].endswith("its columns are `category`, `it`, `that`")
    assert "published = {" in reading.messages[0]


def test_a_filter_that_matches_nothing_is_answered_with_the_values_there_are() -> None:
    text = f"{HEADER},group,it\n" + a_record("2022", "Reporting year", "England", "Total", "1")
    catalogue = the_catalogue(Published(value="it", filters={"group": "All"}))
    assert read(text.encode(), catalogue).messages == (
        "`it`: no record says `All` under `group`; they say `Total`",
    )


def test_several_records_for_one_figure_want_a_filter() -> None:
    text = "\n".join(
        [
            f"{HEADER},group,it",
            a_record("2022", "Reporting year", "England", "Boys", "1"),
            a_record("2022", "Reporting year", "England", "Girls", "2"),
        ]
    )
    reading = read(text.encode(), the_catalogue(Published(value="it")))
    assert reading.observations.is_empty()
    assert reading.messages == (
        "`it` is not read: several records give one area's figure for one period; name one "
        "under `filters`: `group` says `Boys`, `Girls`",
    )


def test_records_of_another_kind_of_year_are_not_read_and_said() -> None:
    text = "\n".join(
        [
            f"{HEADER},it",
            a_record("2021", "Calendar year", "England", "1"),
            a_record("2022", "Reporting year", "England", "2"),
        ]
    )
    reading = read(text.encode(), the_catalogue(Published(value="it")))
    assert figures(reading) == [("England", "2021/22", 2.0)]
    assert reading.messages == (
        "`it`: its year is financial; records of another time are not read, such as "
        "`2021 Calendar year`",
    )


def test_a_file_of_other_times_alone_gives_nothing() -> None:
    text = f"{HEADER},it\n" + a_record("2021", "Week 12", "England", "1")
    reading = read(text.encode(), the_catalogue(Published(value="it")))
    assert reading.observations.is_empty()
    assert reading.observations.schema == READ


def test_the_layout_is_told_by_its_header() -> None:
    assert is_published(HEADER.split(","))
    assert not is_published(["time_period", "value"])
