"""The workbook of `kpi report`, ingested, gives the own figures that it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.domain.paper.contents import Paper
from kpi.renderers.workbook import render_workbook
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Choice, Project, open_project
from kpi.usecases.rag import rag
from kpi.usecases.trend import trend
from tests.builders import an_indicator
from tests.renderers.workbooks import (
    PLACES,
    Observation,
    a_commented_project,
    a_comparator,
    a_figure,
    a_paper,
    a_row,
    outturns,
    read_back,
)
from tests.usecases.report_projects import FIRST, VISITS, a_project, made, months


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return a_commented_project(tmp_path)


def test_only_the_sheets_of_figures_are_read_as_figures(project: Project) -> None:
    reading = read_back(made(project).paper)
    assert reading.sheets == ("Demand", "Practice")
    assert (reading.unmatched, reading.unreadable, reading.messages) == ((), (), ())
    themes = reading.observations["source_theme"].unique(maintain_order=True)
    assert themes.to_list() == ["Demand", "Practice"]


def test_a_workbook_read_into_a_new_project_is_rated_and_charted_as_before(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "again").mkdir()
    again = open_project(_copied(project, tmp_path / "again"))
    path = tmp_path / "again" / "report.xlsx"
    path.write_bytes(render_workbook(made(project).paper))
    ingest(again, [path], IngestOptions(), now=FIRST)
    for command in (rag, trend):
        before, after = (command(each, Choice()).rows.drop("source") for each in (project, again))
        assert before.equals(after)


def _copied(project: Project, folder: Path) -> Path:
    path = folder / "indicators.toml"
    path.write_bytes(project.catalogue.path.read_bytes())
    return path


def test_quarterly_figures_are_quarterly_again_when_read_back(tmp_path: Path) -> None:
    reviews = VISITS.replace("indicator.visits", "indicator.reviews").replace("Visits", "Reviews")
    quarters = {"2021-Q1": 91.0, "2021-Q2": 88.5}
    project = a_project(
        tmp_path,
        {"visits": months(91, 92, 90, 93, 91, 92, 89), "reviews": quarters},
        catalogue=VISITS + reviews,
    )
    paper = made(project).paper
    mine = {each[3:5] for each in outturns(read_back(paper)) if each[0] == "reviews"}
    assert mine == set(quarters.items())


# The law: what a workbook says is what the paper said.

STATES = (
    *("awaited", "not_applicable", "not_available", "suppressed", "rounds_to_zero"),
    *("unreliable", "blank", "unreadable"),
)
FILLERS = {"not_available", "not_applicable"}
TITLES = ("Visits in time", "=1+1 contacts", "@SUM of re-referrals", "+44 calls", "Children's <b>")
numbers = st.one_of(
    st.integers(-(10**9), 10**9).map(float),
    st.decimals(-1000, 1000, places=2).map(float),
    st.floats(1e-6, 1e12),
)


def figures_of(periods: tuple[str, ...]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A figure, or what stands for one, for each of the periods."""
    said = st.one_of(
        st.builds(
            lambda value, restated: {"outturn": value, "state": "value", "restated": restated},
            numbers,
            st.booleans(),
        ),
        st.builds(lambda state: {"state": state}, st.sampled_from(STATES)),
        st.just({"state": "value", "conflict": True}),
        st.just({}),
    )
    marks = st.sampled_from(("", "provisional", "estimate break"))
    return st.tuples(*(st.tuples(said, marks) for _ in periods)).map(
        lambda drawn: [
            a_figure(period, marks=marks, **fields)
            for period, (fields, marks) in zip(periods, drawn, strict=True)
        ]
    )


SPANS: dict[str, tuple[str, ...]] = {
    "in-month": ("2021-08", "2021-09", "2021-10"),
    "rolling-12": ("2020-Q4", "2021-Q1", "2021-Q2"),
    "annual": ("2018/19", "2019/20", "2020/21"),
}


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    titles = draw(st.lists(st.sampled_from(TITLES), min_size=1, max_size=4, unique=True))
    indicators, rows = [], []
    for number, title in enumerate(titles):
        basis = draw(st.sampled_from(tuple(SPANS)))
        outturn = draw(st.sampled_from(("percentage", "number", "rate")))
        year = (
            draw(st.sampled_from(("financial", "academic"))) if basis != "in-month" else "financial"
        )
        indicators.append(
            an_indicator(f"i{number}", title=title, basis=basis, outturn=outturn, year=year)
        )
        comparators = [
            a_comparator(kind, period, draw(numbers), value_compared=draw(numbers))
            for kind in draw(st.sets(st.sampled_from((*sorted(PLACES), "own year"))))
            for period in draw(st.sets(st.sampled_from(("2016/17", "2017/18", None))))
            if period or kind != "own year"
        ]
        rows.append(
            a_row(
                f"i{number}",
                unit=draw(st.sampled_from(("", "", "Assessment/Team 2"))),
                area=draw(st.sampled_from(("Southampton", "Southampton", "Leeds"))),
                period=SPANS[basis][-1],
                figures=draw(figures_of(SPANS[basis])),
                comparators=comparators,
                direction_of_travel=draw(st.sampled_from(("better", None))),
            )
        )
    return a_paper(
        *rows, indicators=tuple(indicators), theme=draw(st.sampled_from(("Practice", "Q1: [=A1]")))
    )


def said_by(paper: Paper) -> Iterator[Observation]:
    """The authority's own observations of a paper's tables, as they must be read back."""
    for row in paper.rows.iter_rows(named=True):
        about = (row["indicator"], row["area"], row["unit"])
        for each in row["figures"]:
            state = "unreadable" if each["conflict"] else each["state"]
            if state is not None and state != "blank":
                yield (*about, each["period"], each["outturn"], state)


@given(paper=papers())
@settings(max_examples=40, deadline=None)
def test_a_workbook_read_back_gives_the_observations_it_was_made_from(paper: Paper) -> None:
    """And nothing else: what they are set against is in their terms, and nobody's figure."""
    found, said = outturns(read_back(paper)), set(said_by(paper))
    assert said <= found
    assert {each[1] for each in found} <= set(paper.rows["area"])
    assert {each[-1] for each in found - said} <= FILLERS
    assert not {each[:4] for each in found - said} & {each[:4] for each in said}
