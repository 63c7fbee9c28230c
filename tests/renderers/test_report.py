"""The page of `kpi report`: everything the paper says, wide or narrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from kpi.domain.catalogue import Theme
from kpi.domain.chart import SpcChart, SpcPoint
from kpi.domain.paper.commentary import Comment
from kpi.domain.paper.contents import CHANGE, Chapter, Named, Paper, Place
from kpi.domain.paper.document import Document, Listing, Paragraph, Picture, Section, Table
from kpi.domain.period import Period
from kpi.renderers.markdown import render_markdown
from kpi.renderers.report import report_document
from kpi.renderers.report_notes import notes_on
from kpi.renderers.report_tables import figure_text
from kpi.renderers.text import render_text
from tests.builders import a_catalogue, an_indicator

AUGUST, SEPTEMBER, OCTOBER = (Period.of_month(2021, month) for month in (8, 9, 10))
PERIODS = (AUGUST, SEPTEMBER, OCTOBER)
PLACES = (Place("own year", "Own", "2020/21"), Place("england", "England", "2020/21"))
ENGLAND = {
    "kind": "england",
    "name": "England",
    "period": "2020/21",
    "value_compared": 70.0,
    "outturn_compared": 60.0,
    "made_alike": False,
    "working": "as it is",
    "method": None,
    "n": None,
}


def a_figure(value: float | None, **fields: Any) -> dict[str, Any]:
    return {
        "period": "2021-10",
        "outturn": value,
        "state": "value" if value is not None else None,
        "marks": "",
        "conflict": False,
        "restated": False,
        "source": None,
    } | fields


def a_finding(period: str | None = "2021-10", **fields: Any) -> dict[str, Any]:
    return {
        "code": "KPI204",
        "severity": "warning",
        "period": period,
        "message": "Visits: odd",
        "accepted": False,
        "accepted_why": None,
    } | fields


def a_row(**fields: Any) -> dict[str, Any]:
    """Visits, red at 60 % against 90 %, beside England's 70 %."""
    return {
        "indicator": "visits",
        "area": "Southampton",
        "unit": "",
        "theme": "practice",
        "short_title": "Visits",
        "period": "2021-10",
        "outturn": 60.0,
        "rag_status": "red",
        "why_unrated": None,
        "reason": "60%, against at least 90%: 30 points below.",
        "target": 90.0,
        "target_words": "at least 90%",
        "target_value_compared": 60.0,
        "distance_to_target": -30.0,
        "direction_of_travel": "worse",
        "trend_period": "2021-10",
        "compare_period": "2021-10",
        "compare_outturn": 60.0,
        "variation": "special_cause_concern",
        "sparkline": "█▄▁",
        "figures": [
            a_figure(80.0, period="2021-08"),
            a_figure(70.0, period="2021-09"),
            a_figure(60.0),
        ],
        "beside": [None, 0],
        "comparators": [ENGLAND],
        "analysis": "A real change.",
        "is_headline": True,
        "findings": [],
    } | fields


def a_paper(*rows: dict[str, Any], **fields: Any) -> Paper:
    """A paper of these rows of one theme."""
    catalogue = a_catalogue(
        an_indicator("visits", outturn="percentage", decimals=0, theme="practice"),
        an_indicator("contacts", theme="practice"),
        themes=(Theme("practice", "Practice"),),
    )
    given: dict[str, Any] = {
        "catalogue": catalogue,
        "period": OCTOBER,
        "as_of": datetime(2021, 11, 9, 9, tzinfo=UTC),
        "revision": 2,
        "periods": PERIODS,
        "places": PLACES,
        "rows": pl.DataFrame(list(rows) or [a_row()], infer_schema_length=None),
        "charts": {},
        "changes": pl.DataFrame(schema=CHANGE),
        "chapters": (Chapter("practice", "Practice"),),
        "counts": {"red": 1, "not rated": 0, "worse": 0, "moved worse": 1, "moved better": 0}
        | {"concern": 1, "improvement": 0},
    }
    return Paper(**(given | fields))


def section(document: Document, title: str) -> Section:
    return next(each for each in document.sections if each.title == title)


def tables(found: Section) -> list[Table]:
    return [block for block in found.blocks if isinstance(block, Table)]


def shown(table: Table) -> list[dict[str, str]]:
    """The table's rows, each cell by its heading."""
    titles = [column.title for column in table.columns]
    return [dict(zip(titles, (cell.text for cell in row), strict=True)) for row in table.rows]


def labels(found: Section) -> list[str]:
    return [block.label for block in found.blocks if isinstance(block, Paragraph)]


def test_the_head_says_whose_when_which_revision_and_catalogue() -> None:
    document = report_document(a_paper(audience="board", is_internal=True))
    assert document.title == "Performance report, October 2021"
    assert document.lines == (
        "Southampton",
        "Figures held at 9 Nov 2021, 09:00 UTC, revision 2, catalogue 000000000000.",
        "For the audience `board`.",
        "Internal: small numbers are not hidden.",
        "1 indicator: 1 red. Against the period before: 0 ratings worse; "
        "outturns 1 worse, 0 better. Signals: 1 concern, 0 improvement.",
    )


def test_a_wide_page_has_all_of_a_theme_in_one_table_but_columns_that_nothing_fills() -> None:
    document = report_document(a_paper(), wide=True)
    (table,) = tables(section(document, "Practice"))
    assert shown(table) == [
        {
            "Rating": "RED",
            "Indicator": "Visits",
            "Aug-21": "80%",
            "Sep-21": "70%",
            "Oct-21": "60%",
            "Target": "90%",
            "Gap": "-30 pts",
            "Change": "worse",
            "Latest 12": "█▄▁",
            "Trend": "CONCERN",
            "England 2020/21": "70%",
        }
    ]


def test_a_narrow_page_says_the_same_in_three() -> None:
    wide = report_document(a_paper(), wide=True)
    narrow = tables(section(report_document(a_paper()), "Practice"))
    assert len(narrow) == 3
    together: dict[str, str] = {}
    for table in narrow:
        together |= shown(table)[0]
    assert together == shown(tables(section(wide, "Practice"))[0])[0]


def test_a_narrow_page_of_a_year_fits_78_columns_and_drops_the_oldest_months() -> None:
    periods = tuple(Period.of_month(2021, month) for month in range(1, 13))
    row = a_row(figures=[a_figure(100.0, period=str(each)) for each in periods])
    text = render_text(report_document(a_paper(row, periods=periods, period=periods[-1])))
    assert max(map(len, text.splitlines())) <= 78
    assert "Dec-21" in text
    assert "Jan-21" not in text


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (a_figure(60.4), "60%"),
        (a_figure(60.0, restated=True), "60% [r]"),
        (a_figure(60.0, marks="provisional"), "60% [p]"),
        (a_figure(60.0, marks="provisional partial", restated=True), "60% [r] [p] [part]"),
        (a_figure(None), "–"),
        (a_figure(None, state="suppressed"), "[c]"),
        (a_figure(None, state="awaited"), "TBC"),
        (a_figure(None, state="value", conflict=True), "conflict"),
        (a_figure(60.0, period="2021-Q2"), "60% (Q2 2021/22)"),
    ],
)
def test_a_figure_carries_its_marks(figure: dict[str, Any], text: str) -> None:
    visits = an_indicator("visits", outturn="percentage", decimals=0)
    assert figure_text(figure, visits, column=OCTOBER) == text


def test_notes_are_numbered_as_the_eye_meets_them_and_through_the_paper() -> None:
    alike = ENGLAND | {"made_alike": True, "working": "12 is 1 a month (12 / 12)"}
    first = a_row(
        target_value_compared=120.0,
        reason="60 is 120 for the year.",
        findings=[a_finding("2021-08"), a_finding(None, message="Visits: at large")],
        comparators=[alike],
    )
    second = a_row(indicator="contacts", short_title="Contacts", findings=[a_finding()])
    document = report_document(a_paper(first, second), wide=True)
    (table,) = tables(section(document, "Practice"))
    rows = shown(table)
    assert rows[0]["Indicator"] == "Visits [1, 2]"
    assert rows[0]["Aug-21"] == "80% [3]"
    assert rows[0]["England 2020/21"] == "70% [4]"
    assert rows[1]["Oct-21"] == "60 [5]"
    notes = section(document, "Practice").blocks[2]
    assert notes == Listing(
        (
            "[1] Visits: 60 is 120 for the year.",
            "[2] Visits: at large (KPI204).",
            "[3] Visits: odd (KPI204).",
            "[4] Visits: 12 is 1 a month (12 / 12).",
            "[5] Visits: odd (KPI204).",
        )
    )


def test_a_known_breach_is_noted_with_why_it_was_accepted() -> None:
    row = a_row(findings=[a_finding(accepted=True, accepted_why="late extract")])
    (note,) = notes_on(a_paper(row), [row]).texts
    assert note == "[1] Visits: odd (KPI204, accepted: late extract)."


@pytest.mark.parametrize(
    "finding", [a_finding(severity="info"), a_finding(code="KPI208")], ids=["info", "restated"]
)
def test_what_is_said_elsewhere_is_no_note(finding: dict[str, Any]) -> None:
    row = a_row(findings=[finding])
    assert notes_on(a_paper(row), [row]).texts == ()


def test_a_working_that_the_rating_shows_is_not_repeated() -> None:
    said = "503 after 7 months of 12 is 862 for the year (12 x 503 / 7)"
    row = a_row(
        target_value_compared=862.0,
        reason=f"{said}, against at most 647 a year.",
        comparators=[ENGLAND | {"made_alike": True, "working": said}],
    )
    assert len(notes_on(a_paper(row), [row]).texts) == 1


def test_a_comparator_of_another_period_is_noted() -> None:
    row = a_row(comparators=[ENGLAND | {"period": None}])
    (note,) = notes_on(a_paper(row), [row]).texts
    assert note == "[1] Visits: England is of a year that is not stated."


def test_what_stands_out_is_told_and_the_rest_named() -> None:
    quiet = a_row(indicator="contacts", short_title="Contacts", analysis=None)
    found = section(report_document(a_paper(a_row(), quiet)), "Practice")
    assert Paragraph("A real change.", label="Visits") in found.blocks
    assert Paragraph("Contacts.", label="Nothing that stands out") in found.blocks


def test_a_theme_of_nothing_is_named() -> None:
    chapters = (Chapter("practice", "Practice"), Chapter("empty", "Workforce"))
    found = section(report_document(a_paper(chapters=chapters)), "Workforce")
    assert found.blocks == (Paragraph("No indicators."),)


def test_commentary_is_signed_and_its_actions_listed() -> None:
    comment = Comment(
        SEPTEMBER,
        ("First.", "Causes:", "- police", "- schools", "Last."),
        ("Launch the hub",),
        "A. Officer",
        date(2021, 10, 8),
    )
    chapters = (Chapter("practice", "Practice", comment),)
    found = section(report_document(a_paper(chapters=chapters)), "Practice")
    assert found.blocks[-6:] == (
        Paragraph(
            "First.",
            label="Commentary (A. Officer, 8 Oct 2021, carried forward from September 2021)",
        ),
        Paragraph("Causes:"),
        Listing(("police", "schools")),
        Paragraph("Last."),
        Paragraph("", label="Actions"),
        Listing(("Launch the hub",)),
    )


def test_actions_alone_are_signed_too() -> None:
    comment = Comment(OCTOBER, actions=("Launch the hub",), author="A. Officer")
    found = section(report_document(a_paper(comments={"visits": comment})), "Practice")
    assert found.blocks[-2:] == (
        Paragraph("", label="Actions, On visits (A. Officer, October 2021)"),
        Listing(("Launch the hub",)),
    )


def test_what_changed_is_grouped_in_the_order_of_telling() -> None:
    kinds = ("new_red", "restated", "rating", "trend", "comparison", "reported")
    changes = pl.DataFrame(
        [{"kind": kind, "sentence": f"{kind}."} for kind in kinds], schema=CHANGE, orient="row"
    )
    document = report_document(a_paper(changes=changes, change_notes=("A note.",)))
    found = section(document, "What changed since September 2021")
    assert labels(found)[:-1] == [
        "New reds",
        "Restated since the report before",
        "Other ratings that turned",
        "Signals that turned",
        "Verdicts beside others that turned",
        "Reported otherwise then",
    ]
    assert found.blocks[1] == Listing(("new_red.",))
    assert found.blocks[-1] == Paragraph("A note.")


def test_the_back_has_reasons_data_definitions_methods_and_attribution() -> None:
    unrated = a_row(rag_status=None, why_unrated="no_target", reason="No target holds.")
    other = unrated | {"indicator": "contacts", "short_title": "Contacts"}
    document = report_document(
        a_paper(
            unrated,
            other,
            not_compared=("Why not.",),
            notes=("A note.",),
            definitions=(Named("Visits", "What it is."),),
            methods=(Named("Rating", "How."),),
            attribution=("Contains public sector information.",),
        )
    )
    assert [each.title for each in document.sections[-5:]] == [
        "Not rated, and why",
        "Not compared, and why",
        "Notes on the data",
        "Definitions",
        "Methods",
    ]
    assert document.sections[-5].blocks == (Listing(("Visits; Contacts: No target holds.",)),)
    assert document.sections[-1].blocks == (Paragraph("How.", label="Rating"),)
    assert document.notes == ("Contains public sector information.",)


def test_exceptions_are_one_table_and_the_headlines() -> None:
    quiet = a_row(indicator="contacts", short_title="Contacts", is_headline=False)
    paper = a_paper(a_row(findings=[a_finding("2021-08")]), quiet, chapters=(), is_exceptions=True)
    document = report_document(paper)
    assert document.title == "Exceptions, October 2021"
    assert [each.title for each in document.sections] == [
        "What changed since September 2021",
        "Red and amber, worst first",
        "In words",
    ]
    (table,) = tables(document.sections[1])
    assert [each["Indicator"] for each in shown(table)] == ["Visits", "Contacts"]
    assert document.sections[2].blocks == (
        Paragraph("A real change.", label="Visits"),
        Paragraph("Contacts.", label="No sign of a real change"),
    )


def test_two_pages_say_once_what_a_quartile_is() -> None:
    first = a_row(analysis="Rank 139 of 149 authorities, quartile D.")
    second = a_row(indicator="contacts", short_title="Contacts", analysis="Quartile, quartile A.")
    paper = a_paper(a_row(), first, second, chapters=(), is_exceptions=True)
    assert report_document(paper).sections[-1].blocks == (
        Paragraph("A real change.", label="Visits"),
        Paragraph("Rank 139 of 149 authorities, quartile D (A is best, D worst).", label="Visits"),
        Paragraph("Quartile, quartile A.", label="Contacts"),
    )


def test_that_nothing_is_red_or_amber_is_said() -> None:
    paper = a_paper(is_exceptions=True)
    document = report_document(replace(paper, rows=paper.rows.head(0)))
    assert document.sections[-1].blocks == (Paragraph("Nothing is red or amber."),)


def test_charts_stand_only_where_they_are_asked_for() -> None:
    chart = SpcChart("Visits", (SpcPoint(OCTOBER, 60.0),))
    paper = a_paper(charts={("visits", "Southampton", ""): chart})
    assert Picture(chart) in section(report_document(paper, pictures=True), "Practice").blocks
    assert Picture(chart) not in section(report_document(paper), "Practice").blocks


def test_nothing_typed_is_markup() -> None:
    typed = "[red] <b>x</b> | *y* \x1b[31m"
    comment = Comment(OCTOBER, (typed,), (typed,), author=typed)
    paper = a_paper(a_row(short_title=typed), chapters=(Chapter("practice", typed, comment),))
    page = render_markdown(report_document(paper, wide=True))
    assert "<b>" not in page
    assert "\x1b" not in page
    assert "\x1b" not in render_text(report_document(paper))
