"""The build gives the same bytes for the same downloads, and stops at what it does not know."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kpi.errors import SourceError
from kpi.reference import MODELS
from kpi.reference.build import build_tables, main
from kpi.reference.build_measures import YEAR_TYPES
from kpi.reference.sources import read_sources


def build(folder: Path) -> dict[str, pl.DataFrame]:
    """The tables made from a folder of downloads."""
    return build_tables(folder, sources=read_sources())


def replace(folder: Path, pattern: str, old: str, new: str) -> None:
    """Changes the one file of a pattern, which must hold the old text."""
    (path,) = folder.glob(pattern)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_same_downloads_give_the_same_bytes(downloads: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "first", tmp_path / "second [x]"]
    assert [main([str(downloads), "--out", str(out)]) for out in outs] == [0, 0]
    first, second = ({path.name: path.read_bytes() for path in out.iterdir()} for out in outs)
    assert first == second
    assert len(first) == 7


def test_rows_and_sizes_are_printed(
    downloads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(downloads), "--out", str(tmp_path / "out")])
    said = capsys.readouterr().out.splitlines()
    assert said[0].split()[:3] == ["areas", "6", "rows"]
    assert said[-1].startswith("in all")


def test_names_are_peoples_and_a_second_dorset_is_told_apart(downloads: Path) -> None:
    areas = build(downloads)["areas"]
    assert dict(areas.select("area_code", "area_name").rows()) == {
        "801": "Bristol",
        "835": "Dorset (to 2019)",
        "838": "Dorset",
        "839": "Bournemouth, Christchurch and Poole",
        "970": "England",
        "990": "South West",
    }


def test_an_area_has_the_same_name_in_every_table(downloads: Path) -> None:
    tables = build(downloads)
    named = ("areas", "population", "values", "referrals_by_month")
    names = pl.concat([tables[name].select("area_code", "area_name") for name in named]).unique()
    assert names["area_code"].is_unique().all()
    assert tables["neighbours"]["neighbour_name"].to_list() == ["Dorset (to 2019)", "Dorset"]


def test_a_successor_begins_on_the_day_after(downloads: Path) -> None:
    areas = build(downloads)["areas"]
    assert areas.filter(area_code="838")["since"].item() == date(2019, 4, 1)
    assert areas.filter(area_code="835")["until"].item() == date(2019, 3, 31)


def test_values_outside_an_authoritys_lifetime_are_left_out(downloads: Path) -> None:
    values = build(downloads)["values"].filter(measure="ReReferral")
    assert values.select("area_code", "period_label", "value").rows() == [
        ("801", "2019/20", 25.0),
        ("835", "2018/19", 3.0),
        ("838", "2019/20", 12.0),
        ("970", "2019/20", 20.0),
    ]


def test_a_september_year_is_that_month(downloads: Path) -> None:
    values = build(downloads)["values"].filter(measure="Turnover")
    assert values.select("period_label", "period_end").row(0) == ("2019-09", date(2019, 9, 30))


def test_counts_are_kept_only_where_they_give_the_value_back(downloads: Path) -> None:
    values = build(downloads)["values"].filter(measure="ReReferral", period_label="2019/20")
    assert values.select("area_code", "numerator", "denominator").rows() == [
        ("801", 30.0, 120.0),
        ("838", None, None),
        ("970", None, None),
    ]


def test_only_measures_with_values_are_kept_in_our_words(downloads: Path) -> None:
    measures = build(downloads)["measures"]
    columns = ["measure", "outturn", "polarity", "decimals", "has_quartiles", "last_update"]
    assert measures.select(columns).rows() == [
        ("ReReferral", "percentage", "low", 1, True, date(2025, 10, 1)),
        ("Turnover", "percentage", "none", 1, False, None),
    ]


def test_months_across_become_rows_with_their_state(downloads: Path) -> None:
    months = build(downloads)["referrals_by_month"].filter(area_code="801")
    assert months.select("month", "referrals", "state").rows()[7:] == [
        (date(2019, 11, 1), 11, "value"),
        (date(2019, 12, 1), None, "suppressed"),
        (date(2020, 1, 1), None, "not_available"),
        (date(2020, 2, 1), None, "unreliable"),
        (date(2020, 3, 1), 10, "value"),
    ]


def test_a_population_that_is_not_published_has_no_row(downloads: Path) -> None:
    population = build(downloads)["population"]
    assert population.select("area_code", "mid_year", "population").rows() == [
        ("801", 2019, 10_000),
        ("970", 2019, 30_000),
        ("990", 2019, 20_000),
    ]


def test_releases_count_what_is_held_of_each_dataset(downloads: Path) -> None:
    releases = build(downloads)["releases"].select("dataset", "newest_period", "rows").rows()
    assert {name: (newest, rows) for name, newest, rows in releases} == {
        "areas": (None, 4),
        "regions": (None, 2),
        "neighbours-2021-04": (None, 1),
        "neighbours-2025-05": (None, 1),
        "population": ("2019", 3),
        "measures": (None, 2),
        "values": ("2019/20", 5),
        "referrals-by-month": ("2020-03", 24),
        "referrals": ("2019/20", 1),
        "children-in-need": (None, 0),
        "assessments": (None, 0),
        "plans": (None, 0),
    }


@pytest.mark.parametrize(
    ("pattern", "old", "new", "said"),
    [
        ("lait_measures_*", "Financial Year", "Lunar Year", "new year_type"),
        ("lait_measures_*", "Turnover rate", "Bananas", "new unit"),
        ("lait_measures_*", ",Low,", ",Sideways,", "new polarity"),
        ("lait_measures_*", "Turnover,2", "Renamed,2", "not in the dictionary"),
        ("lait_values_*", "2020,801,25.0", "2020,801,-", "hold no number"),
        ("lait_values_*", "2020,801,25.0", "2020,999,25.0", "name no known area"),
        ("lait_values_*", "2020,838,12.0", "2020,801,12.0", "stand twice"),
        ("statistical_neighbours_2021*", "1,835", "1,999", "name no authority"),
        ("statistical_neighbours_2021*", "2021-04,", "2019-04,", "not of the model 2021-04"),
        ("population*", "R1", "R9", "no known area"),
        ("la_lookup*", "UA,current", "UA,abolished", "SOURCES.toml does not know"),
        ("ees/c6_*", ",c,x,u,", ",c,x,?,", "neither a number nor a known symbol"),
        ("ees/c6_*", "R1,801", "R1,999", "no known area"),
        ("ees/c1_*", "rereferral_count", "Re_referrals", "columns are missing"),
    ],
)
def test_what_is_not_understood_stops_the_build(
    downloads: Path, pattern: str, old: str, new: str, said: str
) -> None:
    replace(downloads, pattern, old, new)
    with pytest.raises(SourceError, match=said):
        build(downloads)


def test_a_missing_download_is_an_error_with_an_exit_code(
    downloads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (downloads / "la_lookup.csv").unlink()
    out = tmp_path / "out"
    assert main([str(downloads), "--out", str(out)]) == 3
    assert "`la_lookup.csv`" in capsys.readouterr().err
    assert not out.exists()


def test_englands_value_repeated_for_every_area_is_left_out(downloads: Path) -> None:
    (lookup,) = downloads.glob("la_lookup*")
    (values,) = downloads.glob("lait_values*")
    codes = [str(code) for code in range(301, 325)]
    with lookup.open("a", encoding="utf-8") as file:
        file.writelines(
            f"{code},G{code},N{code},N{code},R1,South West,UA,current\n" for code in codes
        )
    with values.open("a", encoding="utf-8") as file:
        file.writelines(f"Turnover,2018,{code},7.0\n" for code in [*codes, "970"])
        file.writelines(f"Turnover,2017,{code},7.0\n" for code in codes[:3])
    turnover = build(downloads)["values"].filter(measure="Turnover")
    assert turnover.filter(period_label="2018-09")["area_code"].to_list() == ["970"]
    assert turnover.filter(period_label="2017-09").height == 3


def test_the_models_offered_are_those_that_are_built() -> None:
    keys = [known.key for known in read_sources().datasets]
    assert [f"neighbours-{model}" for model in MODELS] == [
        key for key in keys if key.startswith("neighbours-")
    ]


@pytest.mark.parametrize(
    ("year_type", "label", "last_day"),
    [
        ("Financial Year", "2020/21", date(2021, 3, 31)),
        ("Annual", "2020/21", date(2021, 3, 31)),
        ("Academic Year", "2020/21", date(2021, 8, 31)),
        ("Annual (end of Sept)", "2021-09", date(2021, 9, 30)),
    ],
)
def test_each_year_type_of_dfe_is_a_period(year_type: str, label: str, last_day: date) -> None:
    period = YEAR_TYPES[year_type](2021)
    assert (str(period), period.end) == (label, last_day)
