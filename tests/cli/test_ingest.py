"""`kpi ingest` on the sample reports, as an officer runs it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from kpi.store import Store
from tests.cli.conftest import OCTOBER, SAMPLES, SEPTEMBER, Kpi
from tests.golden_files import assert_golden

Clock = Callable[[str], None]


def row(kpi: Kpi, *words: str | Path) -> dict[str, Any]:
    """The one row of `kpi ingest --format json`."""
    ran = kpi("ingest", "--format", "json", *words)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)["rows"][0]
    return found


def held(project: Path) -> pl.DataFrame:
    return Store(project / ".kpi").scan().collect()


def test_the_answer_has_the_fields_of_the_contract(kpi: Kpi) -> None:
    ran = kpi("ingest", OCTOBER, "--format", "json")
    said = json.loads(ran.out)
    assert list(said) == [
        *("command", "schema", "authority", "period", "as_of", "catalogue_sha256"),
        *("rows", "counts", "messages"),
    ]
    assert set(said["rows"][0]) >= {
        *("file", "observations", "targets", "new", "unchanged", "restated", "older"),
        *("restatements", "unmatched", "unreadable", "sheets", "unused_columns"),
    }


@pytest.mark.parametrize("name", ["board-report-2021-10.csv", "board-report-2021-10.xlsx"])
def test_every_legible_figure_is_stored_with_its_address(
    kpi: Kpi, project: Path, name: str
) -> None:
    said = row(kpi, SAMPLES / name)
    assert (said["unmatched"], said["unreadable"]) == ([], [])
    values = held(project).filter(pl.col("state") == "value", pl.col("role") == "outturn")
    assert values["source_cell"].is_not_null().all()
    kept = sorted(values.select("label", "value").rows())
    with (SAMPLES / "board-report-2021-10.csv").open(encoding="utf-8", newline="") as file:
        printed = [
            (line["Indicator"], float(cell.rstrip("%")))
            for line in csv.DictReader(file)
            for heading, cell in line.items()
            if heading not in ("Theme", "Indicator", "Outturn type", "Target")
            and cell.rstrip("%").replace(".", "").isdigit()
        ]
    assert [value for _, value in kept] == [value for _, value in sorted(printed)]
    assert said["observations"] == said["new"]


def test_workbook_and_csv_of_one_report_say_the_same(kpi: Kpi) -> None:
    row(kpi, OCTOBER)
    again = row(kpi, SAMPLES / "board-report-2021-10.csv")
    assert again["observations"] == again["unchanged"]


def test_percent_formatted_cells_are_what_the_user_sees(kpi: Kpi, project: Path) -> None:
    row(kpi, OCTOBER)
    cell = held(project).filter(
        (pl.col("indicator") == "re-referrals") & (pl.col("period") == "2021-10")
    )
    assert cell.select("value", "raw", "source_sheet").rows() == [(24.0, "24%", "Assessment")]


def test_september_then_october_shows_what_october_restates(kpi: Kpi) -> None:
    row(kpi, SEPTEMBER)
    said = row(kpi, OCTOBER)
    assert [
        (each["indicator"], each["period"], each["old"], each["new"])
        for each in said["restatements"]
    ] == [
        ("assessments", "2021-09", 289, 297),
        ("cpp-visits", "2021-09", 85, 88),
        ("contacts", "2021-08", 1871, 1895),
        ("referrals", "2021-09", 419, 426),
        ("referral-rate", "2021-09", 427, 428),
        ("health-assessments", "2021-08", 87, 86),
    ]
    first = said["restatements"][0]
    assert first["old_address"] == "board-report-2021-09.xlsx:Assessment!H7"
    assert first["new_address"] == "board-report-2021-10.xlsx:Assessment!H7"
    assert said["observations"] == said["new"] + said["unchanged"] + said["restated"]


def test_the_same_bytes_under_any_name_are_nothing_new(kpi: Kpi, project: Path) -> None:
    kpi("ingest", OCTOBER)
    before = {path: path.read_bytes() for path in (project / ".kpi").rglob("*.parquet")}
    shutil.copy(OCTOBER, project / "renamed.xlsx")
    ran = kpi("ingest", "renamed.xlsx")
    assert ran.code == 0
    assert b"nothing new" in ran.err
    assert {path: path.read_bytes() for path in (project / ".kpi").rglob("*.parquet")} == before


def test_the_same_bytes_after_a_correction_claim_no_restatement(kpi: Kpi) -> None:
    kpi("ingest", OCTOBER)
    kpi("correct", "contacts", "2021-08", "1900", "--why", "late entries")
    said = row(kpi, OCTOBER)
    assert (said["restated"], said["restatements"]) == (0, [])
    assert said["unchanged"] == said["observations"]


@pytest.mark.parametrize("value", ["511", "514"])
def test_a_correction_settles_a_conflict_with_either_figure(kpi: Kpi, value: str) -> None:
    kpi("ingest", OCTOBER)
    assert json.loads(kpi("check", "--select", "KPI110", "--format", "json").out)["rows"]
    ran = kpi("correct", "cla", "2021-09", value, "--why", "page 9 is right")
    assert (ran.code, ran.err) == (0, f"note: cla 2021-09: two figures are now {value}.\n".encode())
    assert json.loads(kpi("check", "--select", "KPI110", "--format", "json").out)["rows"] == []
    again = kpi("correct", "cla", "2021-09", value, "--why", "page 9 is right")
    assert again.err == f"note: cla 2021-09 is {value} already: nothing new.\n".encode()
    assert again.out.startswith(b"Nothing to correct\n")


def test_a_correction_is_of_one_area(kpi: Kpi) -> None:
    kpi("ingest", OCTOBER)
    ran = kpi("correct", "contacts", "2021-08", "1", "--why", "x", "--area", "all")
    assert ran.code == 2


def test_a_store_of_years_alone_is_judged_at_its_newest_year(kpi: Kpi, project: Path) -> None:
    (project / "years.csv").write_text(
        "indicator,period,value\ncla,2019/20,486\ncla,2020/21,495\n", encoding="utf-8"
    )
    kpi("ingest", "years.csv")
    said = json.loads(kpi("rag", "cla", "--format", "json").out)
    assert (said["period"], said["rows"][0]["period"]) == ("2020/21", "2020/21")


def test_as_of_between_two_reports_gives_the_first_ones_answer(kpi: Kpi, clock: Clock) -> None:
    clock("2021-10-08T09:00")
    kpi("ingest", SEPTEMBER)
    september = kpi("rag", "--format", "json").out
    clock("2021-11-09T09:00")
    kpi("ingest", OCTOBER)
    assert kpi("rag", "--format", "json").out != september
    assert kpi("rag", "--format", "json", "--as-of", "2021-10-31").out == september


def test_september_loaded_after_october_changes_no_answer(kpi: Kpi, clock: Clock) -> None:
    kpi("ingest", OCTOBER)
    clock("2021-11-10T09:00")
    before = json.loads(kpi("rag", "--format", "json").out)["rows"]
    said = row(kpi, SEPTEMBER)
    assert (said["restated"], said["older"]) == (0, 6)
    assert json.loads(kpi("rag", "--format", "json").out)["rows"] == before


def test_restate_lets_september_displace_october(kpi: Kpi) -> None:
    kpi("ingest", OCTOBER)
    kpi("ingest", SEPTEMBER)
    assert row(kpi, SEPTEMBER, "--restate")["restated"] == 6
    september = json.loads(kpi("rag", "contacts", "--period", "Aug-21", "--format", "json").out)
    assert september["rows"][0]["outturn"] == 1871


def test_undo_and_the_same_file_again(kpi: Kpi) -> None:
    kpi("ingest", SEPTEMBER)
    september = json.loads(kpi("rag", "--format", "json").out)["rows"]
    kpi("ingest", OCTOBER)
    october = json.loads(kpi("rag", "--format", "json").out)["rows"]
    assert kpi("undo", "--why", "wrong file").code == 0
    assert json.loads(kpi("rag", "--format", "json").out)["rows"] == september
    assert row(kpi, OCTOBER)["restated"] == 6
    assert json.loads(kpi("rag", "--format", "json").out)["rows"] == october


def test_undo_of_nothing_is_exit_2(kpi: Kpi) -> None:
    ran = kpi("undo")
    assert (ran.code, ran.out) == (2, b"")


def test_dry_run_stores_nothing(kpi: Kpi, project: Path) -> None:
    assert row(kpi, OCTOBER, "--dry-run")["new"] > 0
    assert not (project / ".kpi").exists()


def test_strict_stores_nothing_unless_all_is_understood(kpi: Kpi, project: Path) -> None:
    ran = kpi("ingest", SAMPLES / "scan-damage.csv", "--strict")
    assert ran.code == 1
    assert b"nothing was stored" in ran.err
    assert not (project / ".kpi").exists()
    assert kpi("ingest", OCTOBER, "--strict").code == 0


def test_damaged_cells_are_named_and_the_rest_is_stored(kpi: Kpi, project: Path) -> None:
    said = row(kpi, SAMPLES / "scan-damage.csv")
    raws = {each["raw"] for each in said["unreadable"]}
    assert raws >= {"s01", "as6", "%", "v"}
    assert all("scan-damage.csv!" in each["address"] for each in said["unreadable"])
    assert held(project).filter(pl.col("state") == "value").height > 200


@pytest.mark.parametrize(("level", "code"), [("unreadable", 1), ("unmatched", 0), ("never", 0)])
def test_fail_on(kpi: Kpi, level: str, code: int) -> None:
    assert kpi("ingest", SAMPLES / "scan-damage.csv", "--fail-on", level).code == code


def test_a_label_learnt_later_adds_what_is_newly_matched(kpi: Kpi, project: Path) -> None:
    catalogue = project / "indicators.toml"
    whole = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(whole.replace('"Number of contacts"', '"Contacts made"'), encoding="utf-8")
    first = row(kpi, OCTOBER)
    assert [each["label"] for each in first["unmatched"]] == ["Number of contacts"]
    assert "contacts" in first["unmatched"][0]["nearest"]
    catalogue.write_text(whole, encoding="utf-8")
    second = row(kpi, OCTOBER)
    assert second["new"] == 12  # seven months, two years and three comparators
    assert second["unmatched"] == []


@pytest.mark.parametrize(
    ("choice", "value"),
    [("Corporate Parenting", 514), ("Right Service at the Right Time", 511), ("H7", 514)],
)
def test_prefer_settles_a_conflict_as_a_batch_of_its_own(
    kpi: Kpi, choice: str, value: float
) -> None:
    kpi("ingest", OCTOBER)
    words = ("rag", "cla", "--period", "2021-09", "--format", "json")
    before = json.loads(kpi(*words).out)["rows"][0]
    assert (before["outturn"], before["why_unrated"]) == (None, "conflict")
    assert kpi("ingest", OCTOBER, "--prefer", choice).code == 0
    assert json.loads(kpi(*words).out)["rows"][0]["outturn"] == value
    assert kpi("undo").code == 0
    assert json.loads(kpi(*words).out)["rows"][0] == before


def test_an_earlier_preference_can_be_chosen_again(kpi: Kpi) -> None:
    words = ("rag", "cla", "--period", "2021-09", "--format", "json")
    for choice, value in (("I9", 511), ("H7", 514), ("I9", 511)):
        assert kpi("ingest", OCTOBER, "--prefer", choice).code == 0
        assert json.loads(kpi(*words).out)["rows"][0]["outturn"] == value


def test_prefer_of_an_unknown_name_says_where_the_figures_stand(kpi: Kpi) -> None:
    ran = kpi("ingest", OCTOBER, "--prefer", "Elsewhere")
    assert ran.code == 2
    assert b"Corporate Parenting!H7" in ran.err


def test_one_bad_file_of_several_is_named_and_the_others_are_stored(
    kpi: Kpi, project: Path
) -> None:
    (project / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    ran = kpi("ingest", SEPTEMBER, "broken.xlsx", OCTOBER, "--format", "json")
    said = json.loads(ran.out)
    assert ran.code == 3
    assert [each["file"] for each in said["rows"]] == [SEPTEMBER.name, OCTOBER.name]
    assert any(
        each["level"] == "error" and "broken.xlsx" in each["text"] for each in said["messages"]
    )


@pytest.mark.parametrize("content", [None, b"", b"Indicator,Apr-21\n", b'"unclosed\n'])
def test_what_cannot_be_read_is_exit_3_with_the_file_named(
    kpi: Kpi, project: Path, content: bytes | None
) -> None:
    if content is not None:
        (project / "report.csv").write_bytes(content)
    ran = kpi("ingest", "report.csv")
    assert (ran.code, ran.out) == (3, b"")
    assert b"report.csv" in ran.err


def test_quiet_success_writes_nothing_at_all(kpi: Kpi) -> None:
    ran = kpi("-q", "ingest", SAMPLES / "board-report-2021-10.csv")
    assert (ran.code, ran.out, ran.err) == (0, b"", b"")


def test_a_correction_counts_and_an_older_report_does_not_undo_it(kpi: Kpi) -> None:
    kpi("ingest", OCTOBER)
    assert kpi("correct", "contacts", "Aug-21", "1,900", "--why", "late entries").code == 0
    kpi("ingest", SEPTEMBER)
    said = json.loads(kpi("rag", "contacts", "--period", "2021-08", "--format", "json").out)
    assert said["rows"][0]["outturn"] == 1900
    assert said["rows"][0]["source"]["file"] == "kpi correct"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["contcts", "2021-08", "1", "--why", "x"], b"contacts"),
        (["contacts", "2021-13", "1", "--why", "x"], b"2021-13"),
        (["contacts", "2021-08", "one", "--why", "x"], b"one"),
        (["contacts", "2021-08", "1"], b"--why"),
    ],
)
def test_a_correction_that_is_not_understood_is_exit_2(
    kpi: Kpi, words: list[str], said: bytes
) -> None:
    ran = kpi("correct", *words)
    assert ran.code == 2
    assert said in ran.err


def test_history_lists_batches_and_restatements(kpi: Kpi) -> None:
    kpi("ingest", SEPTEMBER)
    kpi("ingest", OCTOBER)
    kpi("correct", "contacts", "2021-08", "1900", "--why", "late entries")
    kpi("undo")
    rows = json.loads(kpi("history", "--format", "json").out)["rows"]
    assert [(each["kind"], each["undone_by"]) for each in rows] == [
        ("ingest", None),
        ("ingest", None),
        ("correct", 4),
        ("undo", None),
    ]
    assert len(rows[1]["restatements"]) == 6


@pytest.mark.parametrize("ending", ["txt", "md", "json"])
def test_what_ingest_says(kpi: Kpi, ending: str) -> None:
    kpi("ingest", SEPTEMBER)
    kpi("ingest", OCTOBER, "-o", f"said.{ending}")
    assert_golden(Path(f"said.{ending}"), f"cli/ingest.{ending}")


def test_a_figure_below_zero_is_no_option(kpi: Kpi) -> None:
    kpi("ingest", OCTOBER)
    ran = kpi("correct", "contacts", "2021-08", "-5", "--why", "a balance")
    assert ran.code == 0
    assert "→ -5 (" in ran.out.decode()


def test_what_was_held_before_the_first_report_is_said_with_its_day(kpi: Kpi) -> None:
    kpi("ingest", OCTOBER)
    ran = kpi("rag", "--as-of", "2001-01-01")
    assert ran.code == 2
    assert b"nothing was held yet at 2001-01-01 23:59 UTC" in ran.err
    assert b"the first figures were ingested at 2021-11-09 09:00 UTC" in ran.err


KIRKLEES = (
    "Kirklees Council: scorecard\n\nIndicator,Apr-21,Kirklees 2019/20,Kirklees 2020/21\n"
    "Number of contacts,5,60,61\n"
)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        (KIRKLEES, True),
        (KIRKLEES.replace("Kirklees Council: scorecard", "Scorecard"), True),
        (KIRKLEES.replace("Kirklees 20", "20"), True),
        # Its own name stands there too, so the other is a neighbour's.
        (KIRKLEES.replace("scorecard", "figures for Southampton City Council"), False),
        (KIRKLEES.replace("Kirklees 2019/20", "Southampton 2019/20"), False),
        # Its own year stands there by itself.
        ("Indicator,Apr-21,2020/21,Kirklees 2020/21\nNumber of contacts,5,61,60\n", False),
        # Several are neighbours.
        (
            "Indicator,Apr-21,Leeds 2020/21,Kirklees 2020/21\nNumber of contacts,5,61,60\n",
            False,
        ),
        (KIRKLEES.replace("Kirklees", "Anytown"), False),
        (KIRKLEES.replace("Kirklees", "Forecast"), False),
        ("Indicator,Apr-21\nNumber of contacts,5\n*Source: Kirklees Council,\n", False),
        ("indicator,area,period,value\nNumber of contacts,Kirklees,2021-04,5\n", False),
    ],
)
def test_a_report_of_another_council_is_stored_and_warned_of(
    kpi: Kpi, project: Path, text: str, is_told: bool
) -> None:
    (project / "report.csv").write_text(text, encoding="utf-8")
    ran = kpi("ingest", "report.csv")
    assert ran.code == 0
    assert held(project).height
    told = "report.csv: the report names Kirklees, and the catalogue is Southampton's: is this the"
    assert (told in ran.err.decode()) == is_told, ran.err


@pytest.mark.parametrize("path", [*sorted(SAMPLES.glob("*.*sv")), SEPTEMBER, OCTOBER])
def test_the_councils_own_reports_are_not_warned_of(kpi: Kpi, path: Path) -> None:
    assert b"is this the right folder" not in kpi("ingest", path).err


def test_a_cell_that_names_two_figures_chooses_neither(kpi: Kpi, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, value in (("One", 2), ("Two", 3)):
        sheet = book.create_sheet(name)
        sheet.append(["Indicator", "Oct-21"])
        sheet.append(["Number of contacts", value])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "two.xlsx")
    ran = kpi("ingest", "two.xlsx", "--prefer", "B2")
    assert ran.code == 2
    assert b"names two figures of one indicator and period" in ran.err
    assert b'--prefer "two.xlsx:One!B2" or --prefer "two.xlsx:Two!B2"' in ran.err
    assert kpi("ingest", "two.xlsx", "--prefer", "two.xlsx:Two!B2").code == 0
    assert json.loads(kpi("rag", "contacts", "--format", "json").out)["rows"][0]["outturn"] == 3
    beside = kpi("compare", "contacts")
    assert b"two different outturns" not in beside.err


def test_two_figures_are_named_where_nothing_is_compared(kpi: Kpi, tmp_path: Path) -> None:
    text = (
        "indicator,period,value\nplaced-for-adoption,2021-10,21\nplaced-for-adoption,2021-10,22\n"
    )
    (tmp_path / "two.csv").write_text(text, encoding="utf-8")
    kpi("ingest", "two.csv")
    ran = kpi("compare", "placed-for-adoption")
    assert (
        b"2021-10: two different outturns stand in one source, and neither is compared" in ran.err
    )


def test_a_tidy_table_may_name_areas_by_their_codes(
    kpi: Kpi, tmp_path: Path, project: Path
) -> None:
    text = "indicator,period,area,value\ncontacts,2021-10,852,4\ncontacts,2021-10,E92000001,5\n"
    (tmp_path / "codes.csv").write_text(text, encoding="utf-8")
    kpi("ingest", "codes.csv")
    assert sorted(held(project).select("area", "value").rows()) == [
        ("England", 5.0),
        ("Southampton", 4.0),
    ]
