"""`kpi export`: tidy files that other tools, and `kpi` itself, can read."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import polars as pl
import pytest

from kpi.__main__ import run_command_line
from kpi.renderers import export_workbook
from tests.cli.conftest import Kpi
from tests.cli.processes import ROOT

TABLES = ("observations", "ratings", "trends", "trend_points", "comparisons")
SHOWN = ROOT / "samples" / "feed"
"""The code that the README shows."""

KEY = ("indicator", "area", "unit", "period")


@pytest.fixture
def held(project: Path, kept: Path) -> Path:
    """A project that holds the sample reports' figures."""
    shutil.copytree(kept, project / ".kpi")
    return project


@pytest.fixture(scope="module")
def fed(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample reports' figures, exported once for all tests."""
    folder = tmp_path_factory.mktemp("fed")
    words = ["export", str(folder), "-q", "--catalogue", str(kept.parent / "indicators.toml")]
    assert run_command_line(words) == 0
    return folder


@pytest.fixture
def exported(held: Path, fed: Path) -> Path:
    """The folder `feed` of a project, into which the sample reports' figures were exported."""
    return shutil.copytree(fed, held / "feed")


@pytest.fixture
def rated(kpi: Kpi, held: Path) -> dict[str, dict[str, object]]:
    """What `kpi rag --format json` says of each indicator."""
    assert held
    return {row["indicator"]: row for row in json.loads(kpi("rag", "--format", "json").out)["rows"]}


def test_every_table_is_there_in_every_form(exported: Path) -> None:
    assert {path.name for path in exported.iterdir()} == {
        "kpi.xlsx",
        "about.csv",
        "columns.csv",
        *(f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")),
    }


def test_all_three_forms_say_the_same(exported: Path) -> None:
    """CSV and workbook say of each cell what Parquet says; only the types' spelling differs."""
    book = openpyxl.load_workbook(exported / "kpi.xlsx", read_only=True)
    for name in TABLES:
        rows = pl.read_parquet(exported / f"{name}.parquet")
        read = csv.reader(io.StringIO((exported / f"{name}.csv").read_text(encoding="utf-8")))
        assert next(read) == rows.columns
        assert [[_spelt(value) for value in row] for row in rows.rows()] == list(read)
        heading, *sheet = book[name].iter_rows(values_only=True)
        assert list(heading) == rows.columns
        assert [[_day(value) for value in row] for row in sheet] == [
            [value if value != "" else None for value in row] for row in rows.rows()
        ]


def _spelt(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value).removesuffix(".0")
        case _:
            return str(value)


def _day(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


def test_observations_have_one_row_a_figure(exported: Path) -> None:
    rows = pl.read_parquet(exported / "observations.parquet")
    assert not rows.select(KEY).is_duplicated().any()


def test_ratings_are_those_of_kpi_rag(exported: Path, rated: dict[str, dict[str, object]]) -> None:
    names = ("rag_status", "outturn", "target", "reason", "previous_status")
    feed = pl.read_parquet(exported / "ratings.parquet").rows_by_key("indicator", named=True)
    assert {id_: [row[name] for name in names] for id_, (row,) in feed.items()} == {
        id_: [row[name] for name in names] for id_, row in rated.items()
    }


def test_periods_have_their_days(exported: Path) -> None:
    for name in TABLES:
        rows = pl.read_parquet(exported / f"{name}.parquet")
        of_october = rows.filter(pl.col("period") == "2021-10")
        assert of_october["period_start"].unique().to_list() == [date(2021, 10, 1)]
        assert of_october["period_end"].unique().to_list() == [date(2021, 10, 31)]
        assert rows.filter(pl.col("period").is_null() != pl.col("period_end").is_null()).is_empty()


def test_exported_observations_are_read_back(
    exported: Path, rated: dict[str, dict[str, object]], kpi: Kpi, project: Path
) -> None:
    shutil.rmtree(project / ".kpi")
    assert kpi("ingest", exported / "observations.csv").code == 0
    after = json.loads(kpi("rag", "--format", "json").out)["rows"]
    names = ("outturn", "rag_status", "target_value_compared")
    assert {row["indicator"]: [row[name] for name in names] for row in after} == {
        id_: [row[name] for name in names] for id_, row in rated.items()
    }


def test_the_exported_workbook_is_read_back_as_its_observations(exported: Path, kpi: Kpi) -> None:
    """No limit, gap or figure of a single month stands among the figures afterwards."""
    found = json.loads(kpi("ingest", exported / "kpi.xlsx", "--dry-run", "--format", "json").out)
    (row,) = found["rows"]
    assert row["sheets"] == ["observations"]
    # The two figures that contradict each other have none here.
    assert [each["indicator"] for each in row["restatements"]] == ["cla"]
    assert row["new"] == 0


def test_the_same_figures_give_the_same_bytes(exported: Path, kpi: Kpi) -> None:
    before = {path.name: path.read_bytes() for path in exported.iterdir()}
    kpi("export", "feed")
    assert {path.name: path.read_bytes() for path in exported.iterdir()} == before


def test_the_workbook_is_of_the_moment_its_figures_came_in(exported: Path) -> None:
    with ZipFile(exported / "kpi.xlsx") as book:
        assert b"2021-11-09T09:00:00Z" in book.read("docProps/core.xml")


def test_each_sheet_is_an_excel_table_of_its_name(exported: Path) -> None:
    """So Power Query finds it, whatever stands around it."""
    book = openpyxl.load_workbook(exported / "kpi.xlsx")
    assert book.sheetnames == ["about", "columns", *TABLES]
    assert [list(sheet.tables) for sheet in book] == [[name] for name in book.sheetnames]


def test_every_column_is_explained_beside_the_figures(exported: Path) -> None:
    said = pl.read_csv(exported / "columns.csv")
    assert said.filter(pl.col("meaning").is_null() | pl.col("type").is_null()).is_empty()
    for name in TABLES:
        columns = pl.read_parquet(exported / f"{name}.parquet").columns
        assert said.filter(pl.col("table") == name)["column"].to_list() == columns


def test_what_it_is_of_stands_beside_the_figures(exported: Path) -> None:
    said = dict(pl.read_csv(exported / "about.csv").rows())
    assert said["authority"] == "Southampton"
    assert said["period"] == "2021-10"
    assert said["as_of"].startswith("2021-11-09T09:00:00")
    assert said["small_numbers"].startswith("Small numbers, and whatever would give them away,")


def test_names_that_look_like_formulas_stay_text(kpi: Kpi, held: Path) -> None:
    (held / "units.csv").write_text(
        'indicator,unit,period,value\nreferrals,"=HYPERLINK(""http://x"")",2021-10,9\n'
        "referrals,\t+1,2021-10,8\nreferrals,@SUM(A1),2021-10,7\n",
        encoding="utf-8",
    )
    assert kpi("ingest", "units.csv").code == 0
    assert kpi("export", "feed").code == 0
    book = openpyxl.load_workbook(held / "feed" / "kpi.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert '=HYPERLINK("http://x")' in [cell.value for cell in cells]
    with (held / "feed" / "observations.csv").open(encoding="utf-8", newline="") as file:
        said = [text for row in csv.reader(file) for text in row]
    assert not [text for text in said if text.startswith(("=", "+", "@", "\t"))]
    assert '\'=HYPERLINK("http://x")' in said


@pytest.fixture
def small(kpi: Kpi, project: Path) -> Path:
    """A project in which two teams' cases are few, and one of them small enough to hide."""
    (project / "indicators.toml").write_text(
        '[catalogue]\nversion = 1\nauthority = "Southampton"\n'
        '[indicator.cases]\ntitle = "Cases"\noutturn = "number"\nbasis = "snapshot"\n'
        'polarity = "low"\ntarget = 9\nsuppress_below = 6\n',
        encoding="utf-8",
    )
    (project / "cases.csv").write_text(
        "indicator,unit,period,value\n"
        "cases,,2021-09,40\ncases,A,2021-09,37\ncases,B,2021-09,3\n"
        "cases,,2021-10,41\ncases,A,2021-10,30\ncases,B,2021-10,11\n",
        encoding="utf-8",
    )
    assert kpi("ingest", "cases.csv").code == 0
    return project


def test_small_numbers_are_hidden_with_what_gives_them_away(kpi: Kpi, small: Path) -> None:
    """A total less the other team would be the small one, so one of these goes too."""
    for choice in ([], ["--area", "Southampton", "--by-unit"], ["--unit", "B"]):
        assert kpi("export", "feed", *choice).code == 0
        rows = pl.read_parquet(small / "feed" / "observations.parquet")
        september = rows.filter(pl.col("period") == "2021-09")
        shown = {
            row["unit"]: row["value"] for row in september.iter_rows(named=True) if row["value"]
        }
        assert "B" not in shown
        assert len(shown) < 2
        assert not rows["internal"].any()


def test_asking_for_the_whole_alone_hides_no_less(kpi: Kpi, small: Path) -> None:
    kpi("export", "all")
    kpi("export", "whole", "--area", "Southampton")
    everything, whole = (
        pl.read_parquet(small / name / "observations.parquet").filter(pl.col("unit") == "")
        for name in ("all", "whole")
    )
    assert whole.equals(everything)


def test_kept_small_numbers_are_stated_in_every_table(kpi: Kpi, small: Path) -> None:
    ran = kpi("export", "feed", "--internal")
    assert "kept on purpose (--internal)" in ran.err.decode()
    assert "kept on purpose" in (small / "feed" / "about.csv").read_text(encoding="utf-8")
    tables = [pl.read_parquet(small / "feed" / f"{name}.parquet") for name in TABLES]
    assert all(table["internal"].all() for table in tables)
    assert 3.0 in tables[0]["value"]


def test_more_rows_than_a_sheet_holds_are_refused_before_anything_is_written(
    kpi: Kpi, held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_workbook, "MOST_ROWS", 300)
    monkeypatch.setattr(export_workbook.too_long, "__kwdefaults__", {"most": 300})
    ran = kpi("export", "feed")
    assert ran.code == 2
    assert "observations has 370 rows, and a sheet of Excel holds 300" in ran.err.decode()
    assert "--no-xlsx" in ran.err.decode()
    assert not (held / "feed").exists()
    assert kpi("export", "feed", "--no-xlsx").code == 0
    assert not (held / "feed" / "kpi.xlsx").exists()


def test_a_workbook_that_was_not_written_anew_is_named(exported: Path, kpi: Kpi) -> None:
    assert exported
    assert (
        "kpi.xlsx in feed is of an earlier run" in kpi("export", "feed", "--no-xlsx").err.decode()
    )


def test_a_file_that_cannot_be_written_leaves_all_the_others_as_they_were(
    kpi: Kpi, held: Path
) -> None:
    (held / "feed" / "comparisons.parquet").mkdir(parents=True)
    (held / "feed" / "ratings.csv").write_text("old", encoding="utf-8")
    ran = kpi("export", "feed")
    assert ran.code == 5
    assert "comparisons.parquet" in ran.err.decode()
    assert {path.name for path in (held / "feed").iterdir()} == {
        "comparisons.parquet",
        "ratings.csv",
    }
    assert (held / "feed" / "ratings.csv").read_text(encoding="utf-8") == "old"


def test_the_store_is_no_place_for_an_export(kpi: Kpi, held: Path) -> None:
    assert kpi("export", held / ".kpi" / "observations").code == 2


def test_quiet_says_nothing(kpi: Kpi, held: Path) -> None:
    assert held
    ran = kpi("export", "feed", "-q")
    assert (ran.out, ran.err) == (b"", b"")


# What the README shows, as it shows it: each file of samples/feed is run.


def test_duckdb_reads_the_reds_that_kpi_rag_gives(
    exported: Path, rated: dict[str, dict[str, object]]
) -> None:
    assert exported
    found = _asked_of_duckdb("reds.sql")
    assert [row[:2] for row in found] == sorted(
        (id_, row["outturn"]) for id_, row in rated.items() if row["rag_status"] == "red"
    )


def test_duckdb_reads_the_months_that_kpi_rag_gives(
    exported: Path, rated: dict[str, dict[str, object]]
) -> None:
    assert exported
    found = _asked_of_duckdb("months.sql")
    assert {row[0]: row[2] for row in found if row[1] == date(2021, 10, 31)} == {
        id_: row["outturn"]
        for id_, row in rated.items()
        if row["period"] == "2021-10" and row["state"] not in (None, "blank")
    }


def test_duckdb_reads_from_the_store_what_kpi_rag_gives(kpi: Kpi, held: Path) -> None:
    """A correction counts, what was taken back does not, nor does a conflict."""
    assert held
    for words in (
        ("correct", "referrals", "2021-10", "400", "--why", "a slip"),
        ("correct", "contacts", "2021-10", "1", "--why", "a slip"),
        ("undo",),
    ):
        assert kpi(*words).code == 0
    rows = json.loads(kpi("rag", "--format", "json").out)["rows"]
    found = {tuple(row[:4]): row[5] for row in _asked_of_duckdb("store.sql")}
    assert found["referrals", "Southampton", "", "2021-10"] == 400
    assert found["cla", "Southampton", "", "2021-09"] is None
    assert {
        key: value for key, value in found.items() if key[1:] == ("Southampton", "", "2021-10")
    } == {
        (row["indicator"], row["area"], row["unit"], row["period"]): row["outturn"]
        for row in rows
        if row["period"] == "2021-10" and row["state"] not in (None, "blank")
    }


def test_duckdb_reads_from_the_store_what_is_exported(exported: Path) -> None:
    rows = pl.read_parquet(exported / "observations.parquet")
    assert {tuple(row[:4]): row[5] for row in _asked_of_duckdb("store.sql")} == {
        tuple(row[:4]): row[4] for row in rows.select(*KEY, "value").iter_rows()
    }


def _asked_of_duckdb(name: str) -> list[tuple[object, ...]]:
    """What DuckDB answers, in the current folder, to one of the queries that the README shows."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    with duckdb.connect() as connection:
        query = (SHOWN / name).read_text(encoding="utf-8")
        found: list[tuple[object, ...]] = connection.execute(query).fetchall()
    return found


@pytest.fixture
def spark_prints(exported: Path) -> str:
    """What Spark prints of the code that the README shows."""
    pytest.importorskip("pyspark", reason="Spark is not installed")
    ran = subprocess.run(
        [sys.executable, SHOWN / "reds.py"],
        cwd=exported.parent,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return ran.stdout


@pytest.mark.slow
def test_spark_reads_the_reds_that_kpi_rag_gives(
    spark_prints: str, rated: dict[str, dict[str, object]]
) -> None:
    lines = [line.strip("|").split("|") for line in spark_prints.splitlines() if "|" in line]
    found = [(line[0].strip(), float(line[1])) for line in lines[1:]]
    assert found == sorted(
        (id_, row["outturn"]) for id_, row in rated.items() if row["rag_status"] == "red"
    )
