"""`kpi explain`: codes without a project, indicators with their figures and cells."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi.domain.checks import CHECKS
from kpi.errors import RequestError, UnknownIndicatorError
from kpi.usecases.explain import explain_codes, explain_indicator, is_code
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Choice, Project, open_project

ROOT = Path(__file__).parents[2]
OCTOBER = ROOT / "samples" / "board-report-2021-10.xlsx"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copy(ROOT / "indicators.toml", tmp_path)
    return open_project(tmp_path / "indicators.toml")


@pytest.fixture
def kept(project: Project) -> Project:
    ingest(project, [OCTOBER], IngestOptions(), now=datetime(2021, 11, 9, 9, tzinfo=UTC))
    return project


@pytest.mark.parametrize("said", ["KPI204", "kpi204", "204", " KPI 204 "])
def test_a_code_in_any_spelling(said: str) -> None:
    assert is_code(said)
    (row,) = explain_codes(said).rows.to_dicts()
    assert (row["code"], row["severity"]) == ("KPI204", "warning")
    assert all(row[name] for name in ("title", "meaning", "why", "advice", "example"))


def test_without_a_code_all_are_listed() -> None:
    assert explain_codes().rows["code"].to_list() == list(CHECKS)


def test_an_unknown_code_offers_the_nearest() -> None:
    with pytest.raises(RequestError, match="no check has the code `KPI2004`") as refused:
        explain_codes("KPI2004")
    assert "`KPI204`" in refused.value.hint
    with pytest.raises(RequestError) as strange:
        explain_codes("999999")
    assert strange.value.hint


@pytest.mark.parametrize("said", ["referral-rate", "Referral rate", "referrals"])
def test_indicators_are_no_codes(said: str) -> None:
    assert not is_code(said)


def test_a_rating_with_its_working_and_cell(kept: Project) -> None:
    (row,) = explain_indicator(kept, "Referral rate").rows.to_dicts()
    assert row["rag_status"] == "red"
    assert row["reason"].startswith("503 after 7 months of 12 is 862 for the year")
    assert row["source"] == {"file": OCTOBER.name, "sheet": "Right Service", "cell": "J8"}
    assert (row["target"], row["tolerance"], row["tolerance_kind"]) == (647.0, 10.0, "percent")
    assert (row["basis"], row["numerator"]) == ("year-to-date", "Referrals in the month")


def test_every_figure_with_its_address(kept: Project) -> None:
    (row,) = explain_indicator(kept, "referral-rate").rows.to_dicts()
    assert [each["period"] for each in row["series"]] == [
        "2019/20",
        "2020/21",
        *(f"2021-{month:02d}" for month in range(4, 11)),
    ]
    assert row["series"][-1]["address"] == f"{OCTOBER.name}:Right Service!J8"


def test_cells_that_repeat_a_figure_and_those_that_contradict_it(kept: Project) -> None:
    (row,) = explain_indicator(kept, "cla").rows.to_dicts()
    august, september = (
        next(each for each in row["series"] if each["period"] == period)
        for period in ("2021-08", "2021-09")
    )
    assert august["related"] == [
        f"{OCTOBER.name}:Right Service!H9",
        f"{OCTOBER.name}:Corporate Parenting!G7",
    ]
    assert (september["conflict"], september["outturn"]) == (True, None)


def test_an_earlier_period(kept: Project) -> None:
    answer = explain_indicator(kept, "referral-rate", Choice(period="2021-08"))
    (row,) = answer.rows.to_dicts()
    assert (answer.period, row["outturn"]) == ("2021-08", 345.0)
    assert row["series"][-1]["period"] == "2021-08"


def test_while_nothing_is_held_the_catalogue_still_speaks(project: Project) -> None:
    (row,) = explain_indicator(project, "cla-rate").rows.to_dicts()
    assert row["definition"].startswith("Children looked after on the last day")
    assert "reason" not in row


def test_an_unknown_indicator_offers_the_nearest(project: Project) -> None:
    with pytest.raises(UnknownIndicatorError) as unknown:
        explain_indicator(project, "refferal-rate")
    assert "`referral-rate`" in unknown.value.hint


def test_a_mistyped_code_offers_codes(project: Project) -> None:
    with pytest.raises(RequestError, match="no check has the code `KPI2O4`") as unknown:
        explain_indicator(project, "KPI2O4")
    assert unknown.value.hint == "did you mean `KPI204`?"


def test_an_indicator_may_be_called_like_a_code(tmp_path: Path) -> None:
    path = tmp_path / "indicators.toml"
    path.write_text(
        '[catalogue]\nversion = 1\nauthority = "Leeds"\n[indicator.calls]\ntitle = "KPI 12"\n'
        'outturn = "number"\nbasis = "in-month"\n'
    )
    assert not is_code("KPI 12")
    (row,) = explain_indicator(open_project(path), "KPI 12").rows.to_dicts()
    assert row["indicator"] == "calls"


def test_without_anything_near_the_indicators_are_named(project: Project) -> None:
    with pytest.raises(UnknownIndicatorError) as unknown:
        explain_indicator(project, "xyzzy")
    assert unknown.value.hint.startswith("the indicators are `re-referrals`, `assessments`")
    assert "and 22 more" in unknown.value.hint


def test_small_numbers_are_hidden_on_the_way_out(kept: Project, tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_text("indicator,period,value\ncla-uasc,2021-10,4\n", encoding="utf-8")
    ingest(kept, [path], IngestOptions(), now=datetime(2021, 11, 10, 9, tzinfo=UTC))
    (row,) = explain_indicator(kept, "cla-uasc", hide_small=True).rows.to_dicts()
    assert row["series"][-1]["state"] == "suppressed"
    assert row["series"][-1]["outturn"] is None
