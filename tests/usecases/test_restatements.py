"""What ingest, history and correct tell of figures that are small, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kpi.store import Store
from kpi.usecases.correct import correct
from kpi.usecases.history import history
from kpi.usecases.ingest import Ingested, IngestOptions, ingest
from kpi.usecases.project import Project
from tests.builders import a_catalogue, an_indicator

NOW = datetime(2021, 11, 9, 9, tzinfo=UTC)
HEADING = "indicator,unit,period,value\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    catalogue = a_catalogue(an_indicator("cla", suppress_below=6), an_indicator("audits"))
    return Project(catalogue, Store(tmp_path / ".kpi"))


def read(
    project: Project, folder: Path, *lines: str, hide: bool = True, **options: Any
) -> Ingested:
    """Ingests a tidy file of these lines."""
    source = folder / f"report-{len(list(folder.glob('*.csv')))}.csv"
    source.write_text(HEADING + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return ingest(project, [source], IngestOptions(**options), now=NOW, hide_small=hide)


def figures(ingested: Ingested) -> list[tuple[str, str, float | None, float | None]]:
    return [
        (each["indicator"], each["unit"], each["old"], each["new"])
        for row in ingested.answer.rows.to_dicts()
        for each in row["restatements"]
    ]


FIRST = ("cla,,2021-10,20", "cla,A,2021-10,30", "audits,,2021-10,3")
SECOND = ("cla,,2021-10,23", "cla,A,2021-10,50", "audits,,2021-10,4")


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(("hide", "old", "new"), [(True, None, None), (False, 20.0, 23.0)])
def test_ingest_tells_no_small_change(
    project: Project,
    tmp_path: Path,
    hide: bool,
    old: float | None,
    new: float | None,
    dry_run: bool,
) -> None:
    read(project, tmp_path, *FIRST)
    found = read(project, tmp_path, *SECOND, hide=hide, dry_run=dry_run)
    assert figures(found) == [("cla", "", old, new), ("cla", "A", 30, 50), ("audits", "", 3, 4)]
    states = [each["state"] for each in found.answer.rows["restatements"][0]]
    assert states == ["suppressed" if hide else "value", "value", "value"]
    assert found.answer.rows["restated"].to_list() == [3]
    said = [each.text for each in found.answer.messages if "small" in each.text]
    assert said == (
        ["1 restatement is small or gives a small number away: not shown here "
         "(--internal shows it)."] if hide else []
    )  # fmt: skip


@pytest.mark.parametrize(("typed", "state"), [("TBC", "awaited"), ("c", "suppressed")])
def test_a_figure_withdrawn_says_why(
    project: Project, tmp_path: Path, typed: str, state: str
) -> None:
    read(project, tmp_path, *FIRST)
    restated = read(project, tmp_path, f"cla,A,2021-10,{typed}").answer.rows["restatements"][0]
    later = history(project, hide_small=True).rows["restatements"][1]
    for (each,) in (restated, later):
        assert (each["old"], each["new"], each["state"]) == (30, None, state)


def test_storing_hides_nothing(project: Project, tmp_path: Path) -> None:
    read(project, tmp_path, *FIRST)
    read(project, tmp_path, "cla,,2021-10,3")
    assert project.store.scan().collect()["value"].to_list() == [20, 30, 3, 3]


def test_addresses_are_told_all_the_same(project: Project, tmp_path: Path) -> None:
    read(project, tmp_path, *FIRST)
    restated = read(project, tmp_path, *SECOND).answer.rows["restatements"][0][0]
    assert (restated["old_address"], restated["new_address"]) == (
        "report-0.csv!D2",
        "report-1.csv!D2",
    )


@pytest.mark.parametrize(
    ("figures", "hide", "expected"),
    [
        (("3", "9"), True, "cla 2021-10 has two figures, one of them small: report-0.csv!D2 and "),
        (("3", "9"), False, "cla 2021-10 has two figures: 3 (report-0.csv!D2) and 9 ("),
        (("8", "9"), True, "cla 2021-10 has two figures: 8 (report-0.csv!D2) and 9 ("),
    ],
)
def test_a_warning_of_two_figures_names_no_small_one(
    project: Project, tmp_path: Path, figures: tuple[str, str], hide: bool, expected: str
) -> None:
    lines = [f"cla,,2021-10,{each}" for each in figures]
    found = read(project, tmp_path, *lines, hide=hide)
    (said,) = [each.text for each in found.answer.messages if each.level == "warning"]
    assert said.startswith(expected)
    assert said.endswith("prefer chooses a sheet, a theme or a cell")


def test_history_tells_each_change_as_it_was_hidden_then(project: Project, tmp_path: Path) -> None:
    """B was hidden only for A's sake, which is gone by the time the history is asked for."""
    read(
        project,
        tmp_path,
        "cla,,2021-10,60",
        "cla,A,2021-10,3",
        "cla,B,2021-10,20",
        "cla,C,2021-10,37",
    )
    read(project, tmp_path, "cla,,2021-10,90", "cla,A,2021-10,13", "cla,B,2021-10,40")
    read(project, tmp_path, "cla,,2021-10,110", "cla,B,2021-10,60")
    shown, bare = history(project, hide_small=True), history(project)
    told = [
        [(each["unit"], each["old"], each["new"]) for each in row["restatements"]]
        for row in shown.rows.to_dicts()
    ]
    assert told == [
        [],
        [("", 60, 90), ("A", None, None), ("B", None, None)],
        [("", 90, 110), ("B", 40, 60)],
    ]
    assert bare.rows["restatements"][1][1]["old"] == 3
    states = [[each["state"] for each in row["restatements"]] for row in shown.rows.to_dicts()]
    assert states == [[], ["value", "suppressed", "suppressed"], ["value", "value"]]
    assert shown.counts == bare.counts == {"batches": 3, "restatements": 5}
    assert [each.text for each in shown.messages] == [
        "2 restatements are small or give a small number away: not shown here "
        "(--internal shows it)."
    ]
    assert bare.messages == ()


@pytest.mark.parametrize(
    ("value", "hide", "said", "figures"),
    [
        ("23", True, "cla 2021-10 is corrected.", (None, None)),
        ("23", False, "cla 2021-10: 20 is now 23.", (20, 23)),
        ("40", True, "cla 2021-10: 20 is now 40.", (20, 40)),
        ("TBC", True, "cla 2021-10: 20 is now TBC.", (20, None)),
        ("20", True, "cla 2021-10 is 20 already: nothing new.", None),
    ],
)
def test_correct_says_no_small_change(
    project: Project,
    tmp_path: Path,
    value: str,
    hide: bool,
    said: str,
    figures: tuple[float | None, float | None] | None,
) -> None:
    read(project, tmp_path, *FIRST)
    answer = correct(project, "cla", "2021-10", value, why="typo", now=NOW, hide_small=hide)
    assert answer.messages[0].text == said
    assert answer.rows.select("old", "new").rows() == ([figures] if figures else [])
    state = "awaited" if value == "TBC" else "value"
    shown = [state if figures[0] else "suppressed"] if figures else []
    assert answer.rows["state"].to_list() == shown
    assert len(answer.messages) == (2 if figures == (None, None) else 1)


def test_correct_says_not_even_that_a_small_figure_is_so_already(
    project: Project, tmp_path: Path
) -> None:
    read(project, tmp_path, "cla,,2021-10,3")
    answer = correct(project, "cla", "2021-10", "3", why="typo", now=NOW, hide_small=True)
    assert answer.messages[0].text == "cla 2021-10 is so already: nothing new."
    assert answer.rows.is_empty()
