"""What a monthly run takes for new, for news, and for told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Project, open_project
from kpi.usecases.run import Run, RunOptions, is_failing, run, settle
from tests.usecases.report_projects import a_project

T = TypeVar("T")

NOW = datetime(2021, 11, 9, 6, 30, tzinfo=UTC)
HEADER = "indicator,period,value\n"

Morning = Callable[[], Run]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "inbox").mkdir()
    return a_project(tmp_path)


def put(project: Project, name: str, *rows: str) -> Path:
    """A tidy file in the inbox."""
    path = project.catalogue.path.parent / "inbox" / name
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def woken(project: Project, *places: Path, is_settled: bool = True) -> Run:
    """A run, told unless it is not to be."""
    again = open_project(project.catalogue.path)
    inbox = project.catalogue.path.parent / "inbox"
    ran = run(again, places or [inbox], RunOptions(hide_small=True), now=NOW)
    if is_settled:
        settle(again, ran)
    return ran


def files(ran: Run) -> list[str]:
    return ran.read.rows["file"].to_list()


def test_new_and_restated_figures_are_news_once(project: Project) -> None:
    put(project, "sep.csv", "contacts,2021-09,80")
    first = woken(project)
    assert (first.is_news, files(first)) == (True, ["sep.csv"])
    assert first.read.counts == {"new": 1, "restated": 0}
    assert woken(project).is_silent

    put(project, "oct.csv", "contacts,2021-09,81", "contacts,2021-10,90")
    second = woken(project)
    assert (files(second), second.read.counts) == (["oct.csv"], {"new": 1, "restated": 1})
    assert second.answer.period == "2021-10"
    assert woken(project).is_silent


def test_the_same_figures_in_another_file_are_no_news(project: Project) -> None:
    put(project, "sep.csv", "contacts,2021-09,80")
    woken(project)
    put(project, "copy.csv", "contacts,2021-09,80")
    put(project, "again.csv", "contacts,2021-09,80.0")
    assert woken(project).is_silent


def test_a_finding_is_news_where_it_was_not_there_before(project: Project) -> None:
    put(project, "sep.csv", "visits,2021-09,95")
    assert woken(project).findings.rows.is_empty()
    put(project, "oct.csv", "visits,2021-10,130")
    found = woken(project)
    codes = found.findings.rows["code"].to_list()
    assert any(code.startswith("KPI1") for code in codes)
    assert is_failing(found, level="error")
    put(project, "nov.csv", "visits,2021-10,130", "visits,2021-11,95", "contacts,2021-11,1")
    later = woken(project)
    assert set(codes).isdisjoint(
        later.findings.rows.filter(later.findings.rows["period"] == "2021-10")["code"].to_list()
    )
    assert not is_failing(later, level="error")
    assert not is_failing(found, level="never")


def test_a_run_that_could_not_tell_is_made_good_by_the_next(project: Project) -> None:
    put(project, "sep.csv", "contacts,2021-09,180")
    assert woken(project, is_settled=False).is_news
    later = woken(project)
    assert later.is_news
    assert later.answer.counts["others"] == 1
    assert later.report is not None
    assert woken(project).is_silent


def test_what_is_done_by_hand_is_told_by_the_next_run(project: Project) -> None:
    put(project, "sep.csv", "contacts,2021-09,80")
    woken(project)
    by_hand = put(project, "oct.csv", "contacts,2021-10,90")
    ingest(project, [by_hand], IngestOptions(), now=NOW)
    told = woken(project)
    assert (told.is_news, files(told), told.answer.counts["others"]) == (True, [], 1)
    project.store.undo(now=NOW)
    assert woken(project).answer.counts["others"] == 1
    assert woken(project).is_silent


def test_what_was_held_before_the_first_run_counts_as_told(project: Project) -> None:
    by_hand = put(project, "sep.csv", "contacts,2021-09,80")
    ingest(project, [by_hand], IngestOptions(), now=NOW)
    assert woken(project).is_silent


def test_a_file_taken_back_stays_taken_back(project: Project) -> None:
    put(project, "sep.csv", "contacts,2021-09,80")
    put(project, "wrong.csv", "contacts,2021-10,9000")
    woken(project)
    project.store.undo(now=NOW)
    ran = woken(project)
    assert [each.file for each in ran.passed_over] == ["wrong.csv"]
    assert "undo" in ran.passed_over[0].why
    assert ran.answer.period == "2021-09"


def test_a_file_is_read_again_when_the_catalogue_has_learnt_a_label(project: Project) -> None:
    put(project, "sep.csv", "contacts,2021-09,80", "Calls,2021-09,7")
    first = woken(project)
    assert [each["label"] for each in first.read.rows["unmatched"][0]] == ["Calls"]
    assert woken(project).is_silent
    path = project.catalogue.path
    calls = '[indicator.calls]\ntitle = "Calls"\noutturn = "number"\nbasis = "in-month"\n'
    path.write_text(path.read_text(encoding="utf-8") + calls, encoding="utf-8")
    assert woken(project).read.counts == {"new": 1, "restated": 0}
    assert woken(project).is_silent


def test_a_damaged_file_fails_every_time_and_the_others_are_kept(project: Project) -> None:
    put(project, "sep.csv", "contacts,2021-09,80")
    bad = project.catalogue.path.parent / "inbox" / "a.xlsx"
    bad.write_bytes(b"PK\x03\x04half")
    first = woken(project)
    assert [each.exit_code for each in first.failures] == [3]
    assert files(first) == ["sep.csv"]
    again = woken(project)
    assert (again.is_news, again.is_silent, len(again.failures)) == (False, False, 1)
    assert again.report is None
    bad.unlink()
    assert woken(project).is_silent


def test_a_file_that_is_being_written_is_left_for_the_next_run(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = project.catalogue.path.parent / "inbox" / "a.xlsx"
    half.write_bytes(b"PK\x03\x04half")

    def read(*given: object, **options: object) -> object:
        half.write_bytes(half.read_bytes() + b"more")
        return ingest(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("kpi.usecases.run_reading.ingest", read)
    ran = woken(project)
    assert (ran.failures, [each.file for each in ran.passed_over]) == ((), ["a.xlsx"])


def test_places_that_are_not_there_are_failures_that_name_them(project: Project) -> None:
    ran = woken(project, Path("no-such-folder"), Path("no-such-file.csv"))
    assert [each.where for each in ran.failures] == ["no-such-folder", "no-such-file.csv"]
    assert (ran.is_news, ran.report, ran.answer.rows.height) == (False, None, 0)


def test_published_figures_alone_give_no_paper(project: Project) -> None:
    path = project.catalogue.path.parent / "inbox" / "others.csv"
    path.write_text("indicator,period,value,area\ncontacts,2021-09,80,England\n", "utf-8")
    ran = woken(project)
    assert (ran.is_news, ran.report, ran.answer.period) == (True, None, None)


def test_only_the_files_in_the_folder_are_watched_over(project: Project) -> None:
    put(project, "oct.csv", "contacts,2021-10,90")
    put(project, "sep.csv", "contacts,2021-09,80")
    seen: list[str] = []

    def track(items: Sequence[T], what: str, /) -> Iterable[T]:
        seen.extend([what, *(each.name for each in items if isinstance(each, Path))])
        return items

    run(project, [project.catalogue.path.parent / "inbox"], now=NOW, track=track)
    assert seen == ["Reading", "oct.csv", "sep.csv"]
