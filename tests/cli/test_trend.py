"""`kpi trend`: what an officer, a program and an e-mail get."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kpi
from tests.cli.processes import ROOT
from tests.golden_files import assert_golden

GOLDEN = ROOT / "tests" / "golden"
BY_MONTH = ROOT / "tests" / "data" / "ees-referrals-by-month-all-years.csv"

POLARITIES = {"increase": "high", "decrease": "low", "neutral": "none"}
"""The golden set's improvement directions in the catalogue's words."""

NUMBERS = {"mean": "final_mean", "lower_limit": "final_lpl", "upper_limit": "final_upl"}


@pytest.fixture
def trend(kpi: Kpi, project: Path, kept: Path) -> Kpi:
    """`kpi trend` where September's report and then October's were ingested."""
    shutil.copytree(kept, project / ".kpi")
    return lambda *words: kpi("trend", *words)


def rows(trend: Kpi, *words: str) -> list[dict[str, Any]]:
    ran = trend("--format", "json", *words)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)["rows"]
    return found


def read_golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_every_indicator_with_a_value_gives_a_row_in_catalogue_order(trend: Kpi) -> None:
    ran = trend("--format", "json")
    answer = json.loads(ran.out)
    assert len(answer["rows"]) == 30
    assert [row["indicator"] for row in answer["rows"][:2]] == ["re-referrals", "assessments"]
    assert answer["period"] == "2021-10"
    assert [message["level"] for message in answer["messages"]] == ["info"]
    assert "Care proceedings" in answer["messages"][0]["text"]


def test_each_indicator_is_judged_at_its_own_newest_value(trend: Kpi) -> None:
    periods = {row["indicator"]: row["period"] for row in rows(trend)}
    assert (periods["cla"], periods["cases-audited"]) == ("2021-10", "2021-09")
    earlier = {row["indicator"]: row["period"] for row in rows(trend, "--period", "Jun-21")}
    assert set(earlier.values()) == {"2021-06"}


def test_a_row_has_the_fields_of_the_contract(trend: Kpi) -> None:
    (row,) = rows(trend, "health-assessments")
    assert {
        name: row[name]
        for name in (
            *("indicator", "area", "unit", "period", "outturn", "outturn_type", "state"),
            *("points", "variation", "assurance", "rule", "trial_limits", "direction_of_travel"),
            *("change_on_previous", "change_on_year", "rag_status", "run_rate", "recent_trend"),
            "chi_square",
        )
    } == {
        "indicator": "health-assessments",
        "area": "Southampton",
        "unit": "",
        "period": "2021-10",
        "outturn": 76,
        "outturn_type": "percentage",
        "state": "value",
        "points": 7,
        "variation": "special_cause_concern",
        "assurance": "consistent_fail",
        "rule": "Below LCL",
        "trial_limits": True,
        "direction_of_travel": "worse",
        "change_on_previous": -7,
        "change_on_year": None,
        "rag_status": "red",
        "run_rate": None,
        "recent_trend": None,
        "chi_square": None,
    }
    assert row["mean"] == pytest.approx(86.714285714)
    assert row["source"]["sheet"] == "Corporate Parenting"
    assert row["sentence"].startswith("The percentage has fallen at every one of the last 7 points")
    assert "series" not in row


def test_points_are_added_on_request(trend: Kpi) -> None:
    (row,) = rows(trend, "referral-rate", "--points")
    assert [point["value"] for point in row["series"]] == [64, 88, 67, 69, 57, 83, 75]
    assert {"period", "mean", "lower_limit", "upper_limit", "rule", "point_type"} < set(
        row["series"][0]
    )
    assert row["outturn"] == 503


def test_a_csv_has_a_line_for_each_point(trend: Kpi) -> None:
    ran = trend("cla", "contacts", "--points", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(ran.out.decode())))
    assert [line["indicator"] for line in lines] == ["contacts"] * 7 + ["cla"] * 6
    assert lines[0]["series_period"] == "2021-04"
    assert lines[0]["run_rate_achievable"] == "false"


def test_referrals_need_147_a_month_against_369_so_far(trend: Kpi) -> None:
    run_rate = rows(trend, "referral-rate")[0]["run_rate"]
    assert run_rate["needed"] == pytest.approx(147.84, abs=0.01)
    assert run_rate["average"] == pytest.approx(368.86, abs=0.01)
    assert run_rate["achievable"] is False


def test_a_conflict_is_left_out_and_named(trend: Kpi) -> None:
    (row,) = rows(trend, "cla")
    assert (row["points"], row["direction_of_travel"]) == (6, None)
    assert row["notes"][0].startswith("September 2021 is left out: two figures stand in one source")
    (at,) = rows(trend, "cla", "--period", "2021-09")
    assert (at["period"], at["outturn"], at["variation"]) == ("2021-09", None, None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 0),
        (["--fail-on", "concern"], 1),
        (["contacts", "--fail-on", "concern"], 0),
        (["--fail-on", "never"], 0),
        (["--fail-on", "red"], 2),
    ],
)
def test_fail_on(trend: Kpi, words: list[str], code: int) -> None:
    assert trend(*words).code == code


def test_nothing_ingested_says_what_to_type(kpi: Kpi) -> None:
    ran = kpi("trend")
    assert (ran.code, ran.out) == (2, b"")
    assert b"kpi ingest" in ran.err


def test_an_unknown_indicator_is_answered_with_the_nearest(trend: Kpi) -> None:
    ran = trend("health-asessments")
    assert (ran.code, ran.out) == (2, b"")
    assert b"health-assessments" in ran.err


def test_an_area_without_figures_gives_no_row(trend: Kpi) -> None:
    assert rows(trend, "--area", "Portsmouth") == []
    assert trend("--area", "Portsmouth").code == 0


def test_the_same_question_gives_the_same_bytes(trend: Kpi) -> None:
    for format_ in ("text", "json", "csv", "markdown", "plain", "html"):
        assert trend("--format", format_).out == trend("--format", format_).out


@pytest.mark.parametrize("format_", ["text", "json", "csv", "markdown", "plain", "html"])
def test_concern_is_a_word_and_no_escape_byte_leaves(trend: Kpi, format_: str) -> None:
    out = trend("--format", format_).out
    assert b"concern" in out.lower()
    assert b"\x1b" not in out


@pytest.mark.parametrize("words", [[], ["-v"], ["cla"], ["referral-rate", "--points"]])
def test_text_is_78_columns(trend: Kpi, words: list[str]) -> None:
    assert max(map(len, trend(*words).out.decode().splitlines())) <= 78


def test_small_numbers_are_hidden_in_what_leaves_the_terminal(kpi: Kpi, project: Path) -> None:
    report = project / "small.csv"
    report.write_text(
        "indicator,period,value\nsection-20,2021-08,39\nsection-20,2021-09,32\n"
        "section-20,2021-10,3\n"
    )
    kpi("ingest", report)
    (row,) = rows(lambda *words: kpi("trend", *words), "section-20")
    assert (row["period"], row["state"], row["outturn"]) == ("2021-10", "suppressed", None)
    assert row["points"] == 2
    (kept,) = rows(lambda *words: kpi("trend", *words), "section-20", "--internal")
    assert (kept["outturn"], kept["points"]) == (3, 3)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("october.txt", []),
        ("october.md", []),
        ("october.csv", []),
        ("october.json", []),
        ("details.txt", ["-v"]),
        ("wide.txt", ["--width", "140"]),
        ("health-assessments.txt", ["health-assessments"]),
        ("health-assessments.md", ["health-assessments"]),
        ("health-assessments.html", ["health-assessments"]),
        ("referral-rate-points.txt", ["referral-rate", "--points"]),
        ("points.json", ["health-assessments", "--points"]),
        ("points.csv", ["cla", "health-assessments", "--points"]),
    ],
)
def test_what_is_written(trend: Kpi, project: Path, name: str, words: list[str]) -> None:
    ran = trend(*words, "-o", name)
    assert (ran.code, ran.out) == (0, b"")
    assert_golden(project / name, f"trend/{name}")


def test_the_sentence_of_each_of_the_seeds_indicators(trend: Kpi, project: Path) -> None:
    lines = [f"{row['indicator']}: {row['sentence']}" for row in rows(trend)]
    written = project / "sentences.txt"
    written.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    assert_golden(written, "trend/sentences.txt")


def golden_catalogue(series: list[dict[str, str]]) -> str:
    """A catalogue of the golden set's series, with its directions and targets."""
    lines = ['[catalogue]\nversion = 1\nauthority = "Southampton"\n']
    for each in series:
        name = each["series_id"].lower().replace("_", "-")
        lines.append(f'[indicator.{name}]\ntitle = "{each["series_id"]}"\noutturn = "number"')
        lines.append(
            f'basis = "snapshot"\npolarity = "{POLARITIES[each["improvement_direction"]]}"'
        )
        if each["target"]:
            lines.append(f"target = {each['target']}")
        lines.append(f"[indicator.{name}.spc]\nscreen = {each['screen_outliers'].lower()}")
        if each["fix_after_n_points"]:
            lines.append(f"baseline = {each['fix_after_n_points']}")
        if dates := [day for day in each["rebase"].split(";") if day]:
            rebases = ", ".join(f'{{ on = {day}, why = "golden" }}' for day in dates)
            lines.append(f"rebase = [{rebases}]")
    return "\n".join(lines) + "\n"


def ingest_golden(kpi: Kpi, project: Path, *, prefix: str) -> list[dict[str, str]]:
    """The golden set's series whose id begins so, ingested under their own catalogue."""
    series = [each for each in read_golden("spc_options") if each["series_id"].startswith(prefix)]
    (project / "indicators.toml").write_text(golden_catalogue(series), encoding="utf-8")
    wanted = {each["series_id"] for each in series}
    lines = ["indicator,period,value"] + [
        f"{point['series_id']},{point['date'][:7]},{point['value']}"
        for point in read_golden("spc_inputs")
        if point["series_id"] in wanted
    ]
    (project / "golden.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = kpi("ingest", project / "golden.csv")
    assert ran.code == 0, ran.err
    return [each for each in read_golden("spc_summary") if each["series_id"] in wanted]


@pytest.mark.parametrize("prefix", ["SOTON", "AE", "A"])
def test_the_golden_series_come_out_of_the_command_as_the_peer_gave_them(
    kpi: Kpi, project: Path, prefix: str
) -> None:
    """But for those that `tests/domain/test_spc_golden.py` excepts, each with its reason."""
    peers = ingest_golden(kpi, project, prefix=prefix)
    found = {row["title"]: row for row in rows(lambda *words: kpi("trend", *words))}
    assert set(found) == {peer["series_id"] for peer in peers}
    excepted = {"A038", "A040", "A041", "A043", "A045", "A064", "A122"}
    for peer in peers:
        if peer["series_id"] in excepted:
            continue
        row = found[peer["series_id"]]
        assert row["points"] == int(peer["n_points"])
        assert row["variation"] == peer["variation_type"]
        assert (row["assurance"] or "") == peer["assurance_type"]
        if peer["n_groups"] == "1":  # the peer warns of any short group, we of the last
            assert row["trial_limits"] == (peer["short_group_warning"] == "1")
        for ours, theirs in NUMBERS.items():
            expected = pytest.approx(float(peer[theirs]), rel=1e-9) if peer[theirs] else None
            assert row[ours] == expected


def test_the_golden_labels_of_every_point_come_out_of_the_command(kpi: Kpi, project: Path) -> None:
    ingest_golden(kpi, project, prefix="SOTON")
    points = {
        (row["title"], point["period"]): (point["rule"], point["point_type"])
        for row in rows(lambda *words: kpi("trend", *words), "--points")
        for point in row["series"]
    }
    peers = {
        (point["series_id"], point["date"][:7]): (point["special_cause_type"], point["point_type"])
        for point in read_golden("spc_points")
        if point["series_id"].startswith("SOTON")
    }
    assert points == peers


def test_the_published_months_of_all_areas_are_trended_in_one_run(kpi: Kpi, project: Path) -> None:
    """Southampton's real step of March 2019 is found, by its month and from then on."""
    catalogue = (ROOT / "indicators.toml").read_text(encoding="utf-8")
    assert "months  = true" in catalogue
    assert kpi("ingest", BY_MONTH).code == 0
    kpi_trend: Kpi = lambda *words: kpi("trend", *words)  # noqa: E731
    found = {row["area"]: row for row in rows(kpi_trend, "referrals", "--area", "all", "--points")}
    assert set(found) == {"England", "Hampshire", "Isle of Wight", "Portsmouth", "Southampton"}
    own = found["Southampton"]
    assert (own["points"], own["period"]) == (144, "2024-03")
    labels = {point["period"]: point["rule"] for point in own["series"]}
    assert labels["2018-12"] == "Below LCL"
    assert labels["2019-03"] == "Above UCL"
    step = [period for period, rule in labels.items() if "2019-03" <= period < "2020-03"]
    assert all("Above" in labels[period] for period in step)
    (then,) = rows(kpi_trend, "referrals", "--period", "2019-03")
    assert then["sentence"].startswith(
        "At 498 in March 2019, the number is above the upper limit of 455.6: a real change for the "
        "worse"
    )
