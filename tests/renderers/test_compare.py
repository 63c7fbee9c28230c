from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from kpi.domain.answer import Answer
from kpi.domain.comparison.notes import ATTRIBUTION
from kpi.domain.paper.document import Document, Listing, Preformatted, Section, Table
from kpi.renderers.compare import compare_document
from kpi.renderers.measure import width_of
from kpi.renderers.text import render_text
from kpi.usecases.compare_rows import COMPARATOR_FIELDS, LIMITS, MEMBER, ROWS
from tests.builders import a_catalogue, an_indicator

CATALOGUE = a_catalogue(
    an_indicator("re-referrals", title="Re-referrals", outturn="percentage", polarity="low"),
    an_indicator(
        "referral-rate",
        title="Referrals per 10,000 children",
        short_title="Referral rate",
        outturn="rate",
        decimals=0,
    ),
    an_indicator("cla", title="Children looked after", short_title="CLA"),
)
DEFAULTS: dict[str, Any] = {
    "kind": "england",
    "name": "England",
    "origin": "published",
    "period": "2020/21",
    "verdict": "similar",
    "made_alike": False,
    "behind_words": "1 year behind",
    "working": "as it is",
    "gap_words": "",
    "release": "LAIT (DfE), updated October 2025",
}


def beside(value: float | None, **given: Any) -> dict[str, Any]:
    """A comparator; left out: England's published value of 2020/21, similar."""
    said = DEFAULTS | {"value": value, "value_compared": value} | given
    if said["kind"] == "neighbours":
        said = {"n": 10, "of": 10, "method": "mean", "model": "2021-04"} | said
        said["name"] = "Statistical neighbours"
    return {name: said.get(name) for name in COMPARATOR_FIELDS}


def a_row(indicator: str = "re-referrals", *comparators: dict[str, Any], **given: Any) -> Any:
    """A row with these comparators, whose difference and own side follow from the outturn."""
    said: dict[str, Any] = {
        "indicator": indicator,
        "area": "Southampton",
        "unit": "",
        "period": "2021-10",
    }
    said |= {"outturn": 24.0, "outturn_type": "percentage", "state": "value"} | given
    for each in comparators:
        each["outturn_compared"] = each["outturn_compared"] or said["outturn"]
        if each["value_compared"] is not None and said["outturn"] is not None:
            each["difference"] = each["outturn_compared"] - each["value_compared"]
    return {name: said.get(name) for name in (*ROWS, "funnel", "league")} | {
        "comparators": list(comparators)
    }


def document(*rows: Any, period: str = "2021-10") -> Document:
    """The page of these rows."""
    schema = ROWS | {"funnel": pl.Struct(LIMITS), "league": pl.List(pl.Struct(MEMBER))}
    counts = {"indicators": len(rows), "worse": 0, "similar": 1}
    answer = Answer(
        command="compare",
        authority="Southampton",
        period=period,
        as_of=datetime(2021, 11, 9, tzinfo=UTC),
        catalogue_sha256="0" * 64,
        rows=pl.DataFrame(list(rows), schema=schema, orient="row"),
        counts=counts,
    )
    return compare_document(answer, CATALOGUE)


def table(page: Document) -> list[list[str]]:
    """The cells of the comparison's table, its headings first."""
    found = next(block for block in page.sections[0].blocks if isinstance(block, Table))
    return [
        [column.title for column in found.columns],
        *([cell.text for cell in row] for row in found.rows),
    ]


def section(page: Document, title: str) -> Section:
    """The section of this title."""
    return next(each for each in page.sections if each.title == title)


def items(page: Document, title: str) -> tuple[str, ...]:
    """The lines of the section of this title."""
    (block,) = section(page, title).blocks
    assert isinstance(block, Listing)
    return block.items


def test_a_row_shows_its_figures_gaps_verdicts_and_rank() -> None:
    neighbours = beside(21.81, kind="neighbours")
    row = a_row(
        "re-referrals",
        neighbours,
        beside(20.0, verdict="worse"),
        rank=112,
        of_areas=149,
        quartile="C",
    )
    assert table(document(row)) == [
        ["Indicator", "Ours Oct-21", "Neighbours 2020/21", "England 2020/21"],
        ["Re-referrals", "24.0%", "21.8%", "20.0%"],
        ["gap", "", "+2.2 pts", "+4 pts"],
        ["rank 112 of 149, C", "", "similar", "worse"],
    ]


def test_a_gap_is_in_per_cent_unless_it_is_of_percentages() -> None:
    row = a_row("cla", beside(500.0, verdict="not_compared"), outturn=530.0, outturn_type="number")
    assert table(document(row))[2] == ["gap", "", "+6%"]


def test_a_gap_beside_nothing_is_the_difference() -> None:
    row = a_row("cla", beside(0.0, verdict="not_compared"), outturn=3.0, outturn_type="number")
    assert table(document(row))[2] == ["gap", "", "+3"]


def test_a_year_to_date_has_a_row_at_its_pace() -> None:
    england = beside(507.1, outturn_compared=862.3, made_alike=True, working="503 is 862")
    row = a_row("referral-rate", england, outturn=503.0, outturn_type="rate")
    page = document(row)
    assert table(page)[1:3] == [
        ["Referral rate [1]", "503", ""],
        ["at this pace, full year", "862", "507"],
    ]
    assert page.notes[0] == "[1] Referral rate: 503 is 862."


def test_a_comparator_of_another_period_than_its_column_says_so() -> None:
    rows = [
        a_row("re-referrals", beside(20.0)),
        a_row("re-referrals", beside(20.0)),
        a_row("re-referrals", beside(20.0, period="2021-09")),
        a_row("re-referrals", beside(20.0, period=None, origin="typed")),
    ]
    said = [cells for cells in table(document(*rows)) if cells[0] == "of"]
    assert said == [["of", "", "2021-09"], ["of", "", "no year"]]


def test_an_outturn_of_another_period_says_so() -> None:
    row = a_row("re-referrals", beside(20.0), period="2021-09")
    assert table(document(row))[1][0] == "Re-referrals (2021-09)"


def test_own_years_have_a_column_each_the_newest_first() -> None:
    years = [
        beside(28.0, kind="own year", name="Southampton 2020/21"),
        beside(22.9, kind="own year", name="Southampton 2019/20", period="2019/20"),
    ]
    assert table(document(a_row("re-referrals", *years)))[0][2:] == ["Own 2020/21", "Own 2019/20"]


def test_the_verdict_is_a_word_that_a_tone_repeats() -> None:
    page = document(a_row("re-referrals", beside(20.0, verdict="worse")))
    (found,) = (block for block in page.sections[0].blocks if isinstance(block, Table))
    assert (found.rows[-1][2].text, found.rows[-1][2].tone) == ("worse", "worse")


@pytest.mark.parametrize(
    ("verdict", "group"),
    [
        ("worse", "Worse than a comparator"),
        ("better", "Better than a comparator"),
        ("higher", "Higher than a comparator"),
        ("lower", "Lower than a comparator"),
        ("similar", "Similar to its comparators"),
        ("not_compared", "The difference only"),
    ],
)
def test_rows_stand_under_what_sets_them_apart(verdict: str, group: str) -> None:
    page = document(a_row("re-referrals", beside(20.0, verdict=verdict)))
    (found,) = (block for block in page.sections[0].blocks if isinstance(block, Table))
    assert found.groups == {0: group}


def test_what_closes_a_gap_is_said_of_the_first_worse_comparator() -> None:
    row = a_row(
        "re-referrals",
        beside(24.0, gap_words="nothing"),
        beside(20.0, name="South East", kind="region", verdict="worse", gap_words="15 fewer"),
    )
    assert items(document(row), "What would close the gap") == ("Re-referrals: 15 fewer.",)


def test_each_reason_stands_once_with_its_indicators() -> None:
    unjudged = {"verdict": "not_compared", "why_not_compared": "no counts"}
    own = unjudged | {"kind": "own year", "why_not_compared": "typed"}
    rows = [
        a_row("re-referrals", beside(20.0, **unjudged), beside(19.0, **own)),
        a_row("cla", beside(20.0, **unjudged)),
        a_row("referral-rate"),
    ]
    assert items(document(*rows), "Not compared, and why") == (
        "Re-referrals, CLA: no counts.",
        "Re-referrals (own years): typed.",
        "Referral rate: nothing to compare with is held.",
    )


def test_what_cannot_be_made_alike_stands_in_no_column() -> None:
    unlike = beside(615.0, value_compared=None, verdict="not_compared", why_not_compared="a count")
    page = document(a_row("cla", unlike))
    assert [each.title for each in page.sections] == ["Not compared, and why"]


def test_other_authorities_are_listed_with_their_gap() -> None:
    other = beside(20.0, kind="place", name="Portsmouth", period="2021-10", verdict="worse")
    page = document(a_row("re-referrals", other))
    assert items(page, "Other authorities") == (
        "Re-referrals: Portsmouth 20.0% (2021-10, gap +4.0 pts, worse).",
    )


def test_the_league_is_drawn_with_the_own_row_marked() -> None:
    league = [
        {"name": "Derby", "value": 12.0, "is_own": False},
        {"name": "Southampton", "value": 24.0, "is_own": True},
    ]
    page = document(a_row("re-referrals", beside(20.0), league=league))
    (block,) = section(page, "Neighbours: Re-referrals").blocks
    assert isinstance(block, Preformatted)
    assert block.lines == (
        "  Derby                      12.0% " + "█" * 16,
        "> Southampton                24.0% " + "█" * 32,
    )


def test_a_league_of_nothing_but_zeros_has_no_bars() -> None:
    league = [{"name": "Derby", "value": 0.0, "is_own": False}]
    page = document(a_row("re-referrals", beside(20.0), league=league))
    assert section(page, "Neighbours: Re-referrals").blocks


def test_the_way_the_neighbours_move_is_said_with_the_league() -> None:
    league = [{"name": "Southampton", "value": 24.0, "is_own": True}]
    moving = beside(
        20.0, kind="neighbours", recent_trend="Decreasing", own_recent_trend="Increasing"
    )
    page = document(a_row("re-referrals", moving, league=league))
    assert items(page, "Which way the neighbours move") == (
        "Re-referrals, five years to 2020/21: neighbours decreasing, Southampton increasing.",
    )


def test_a_funnel_shows_limits_and_significance() -> None:
    funnel: dict[str, Any] = {
        "lower_95": 20.0,
        "upper_95": 28.0,
        "lower_99_8": 18.0,
        "upper_99_8": 30.0,
    }
    funnel |= {"significance": "Not significant"}
    page = document(a_row("re-referrals", beside(20.0), funnel=funnel, unit="Team 1"))
    found = section(page, "Funnel").blocks[1]
    assert isinstance(found, Table)
    assert [cell.text for cell in found.rows[0]] == [
        "Re-referrals, Team 1",
        "24.0%",
        "20.0% to 28.0%",
        "18.0% to 30.0%",
        "Not significant",
    ]


def test_release_and_licence_stand_below_published_figures() -> None:
    rows = [
        a_row("re-referrals", beside(20.0, kind="neighbours"), beside(20.0)),
        a_row("cla", beside(20.0, release="LAIT (DfE), updated November 2025")),
    ]
    assert document(*rows).notes == (
        "Statistical neighbours: the mean of 10 of 10, list 2021-04.",
        "Comparators of other places are of 2020/21 (1 year behind).",
        "England and the region are published pooled figures, not means.",
        "Published values: LAIT (DfE), updated November 2025, October 2025.",
        ATTRIBUTION,
    )


def test_without_published_figures_there_is_no_licence_line() -> None:
    typed = beside(20.0, origin="typed", release=None, behind_words="", period=None)
    assert document(a_row("re-referrals", typed)).notes == (
        "Typed comparators are as the report has them, and are given no verdict.",
    )


def test_a_page_of_nothing_is_a_page() -> None:
    page = document()
    assert (page.title, page.sections) == ("Compared with others, October 2021", ())
    assert "0 indicators" in page.lines[-1]


def test_the_page_fits_78_columns() -> None:
    title = "Children in care for at least 12 months whose health assessments are up to date"
    long = an_indicator("cla", title=title, outturn="percentage")
    comparators = [
        beside(92.93, kind="neighbours", verdict="worse", gap_words="12 more of 300 a month " * 3),
        beside(88.0, kind="region", name="Yorkshire and The Humber", verdict="similar"),
        beside(91.0, verdict="worse"),
        beside(100.0, kind="own year", name="Southampton 2020/21", verdict="better"),
        beside(86.0, kind="own year", name="Southampton 2019/20", period="2019/20"),
    ]
    row = a_row("cla", *comparators, rank=144, of_areas=149, quartile="D", outturn=76.0)
    page = compare_document(
        Answer(
            command="compare",
            authority="Southampton",
            period="2021-10",
            as_of=None,
            catalogue_sha256="0" * 64,
            rows=pl.DataFrame([{name: row[name] for name in ROWS}], schema=ROWS, orient="row"),
            counts={"indicators": 1},
        ),
        a_catalogue(long),
    )
    text = render_text(page, width=78, encoding="utf-8", color=False)
    assert max(map(width_of, text.splitlines())) <= 78
    assert "better" in text
