"""The page of `kpi trend`: a chart for one series, a table for several."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Indicator, Target, Theme
from kpi.domain.paper.document import Document, Listing, Paragraph, Preformatted, Table
from kpi.renderers.text import render_text
from kpi.renderers.trend import trend_document
from kpi.usecases.trend import COUNTED
from kpi.usecases.trend_rows import ROWS
from tests.builders import a_catalogue, an_indicator
from tests.domain.trend.trends_of import Row, months, trends_of

HIGH = an_indicator("a", title="Visits in time", polarity="high", outturn="percentage",
                    basis="snapshot", decimals=0, theme="contact")  # fmt: skip
LOW = an_indicator("b", title="Referrals", polarity="low")
FALLING = [93.0, 91.0, 90.0, 88.0, 86.0, 83.0, 76.0]


def an_answer(rows: list[Row]) -> Answer:
    frame = pl.DataFrame(rows, schema=ROWS, orient="row")
    variations = frame["variation"].to_list()
    counts = {"indicators": frame.height} | {
        word: variations.count(name) for word, name in COUNTED.items()
    }
    return Answer("trend", "Southampton", "2020-10", None, "0" * 64, frame, counts)


def page(*indicators: Indicator, rows: list[Row], **options: Any) -> Document:
    catalogue: Catalogue = a_catalogue(
        *indicators, themes=(Theme("contact", "Purposeful Direct Contact"),)
    )
    return trend_document(an_answer(trends_of(*indicators, rows=rows)), catalogue, **options)


def blocks(document: Document, kind: type) -> list[Any]:
    found = (block for section in document.sections for block in section.blocks)
    return [block for block in found if isinstance(block, kind)]


def test_one_series_is_its_chart_its_sentence_and_its_movement() -> None:
    document = page(HIGH, rows=months(FALLING, indicator="a"))
    assert document.title == "Visits in time"
    assert document.lines[-1] == "Higher is better. April 2020 to October 2020, 7 points."
    (chart,) = blocks(document, Preformatted)
    assert chart.lines[1].endswith("upper trial limit 94.3%")
    sentence, change, rating = blocks(document, Paragraph)
    assert (sentence.label, sentence.tone) == ("CONCERN", "worse")
    assert change.text == "-7 pts on September 2020, ↓ worse; no comparison with October 2019."
    assert rating.text == "not rated"


def test_several_series_are_a_table_theme_by_theme() -> None:
    rows = [*months(FALLING, indicator="a"), *months([5.0, 6.0], first="2020-08", indicator="b")]
    (table,) = blocks(page(HIGH, LOW, rows=rows), Table)
    assert table.groups == {0: "Purposeful Direct Contact", 1: "No theme"}
    texts = [[cell.text for cell in row] for row in table.rows]
    assert texts[0][:6] == ["CONCERN", "Visits in time", "█▇▇▆▅▄▁", "76%", "-7 pts", "↓ worse"]
    assert texts[1][:2] == ["no signal", "Referrals, Sep-20"]
    assert texts[1][5] == "↑ worse"


def test_what_stands_out_is_told_and_all_of_it_on_request() -> None:
    rows = [*months(FALLING, indicator="a"), *months([5.0, 6.0], first="2020-09", indicator="b")]
    (told,) = blocks(page(HIGH, LOW, rows=rows), Listing)
    assert [item.partition(":")[0] for item in told.items] == ["Visits in time"]
    (told,) = blocks(page(HIGH, LOW, rows=rows, details=True), Listing)
    assert [item.partition(":")[0] for item in told.items] == ["Visits in time", "Referrals"]


def test_a_running_total_shows_what_its_month_brought_as_its_changes_do() -> None:
    total = an_indicator("a", basis="year-to-date")
    rows = [*months([100.0, 190.0], indicator="a"), *months([5.0], indicator="b")]
    (table,) = blocks(page(total, LOW, rows=rows), Table)
    assert [cell.text for cell in table.rows[0]][3:5] == ["90/month", "-10"]


def test_two_contradicting_figures_are_said_where_the_figure_would_stand() -> None:
    rows = [
        *months([5.0, 6.0], indicator="a"),
        *months([7.0], first="2020-05", indicator="a"),
        *months([5.0], indicator="b"),
    ]
    (table,) = blocks(page(an_indicator("a"), LOW, rows=rows), Table)
    assert [cell.text for cell in table.rows[0]][:4:3] == ["not judged", "two figures"]


def test_points_are_listed_on_request() -> None:
    document = page(HIGH, rows=months(FALLING, indicator="a"), points=True)
    (table,) = blocks(document, Table)
    assert [column.title for column in table.columns] == [
        *("Period", "Value", "Mean", "Lower", "Upper", "Rule"),
    ]
    assert [cell.text for cell in table.rows[-1]] == [
        *("Oct-20", "76%", "86.7", "79.2", "94.3", "Below LCL"),
    ]


def test_a_point_without_a_signal_is_called_so_everywhere() -> None:
    rows = [*months([5.0, 6.0], indicator="a"), *months([5.0, 6.0], indicator="b")]
    document = page(HIGH, LOW, rows=rows, points=True)
    table, *points = blocks(document, Table)
    assert {row[0].text for row in table.rows} == {"no signal"}
    assert {row[-1].text for each in points for row in each.rows} == {"no signal"}
    assert document.lines[-2] == "2 series: 0 concern, 0 improvement, 2 no signal."


@pytest.mark.parametrize(
    ("target", "expected"),
    [(150, "never met"), (94, "not yet met"), (90, "hit or miss"), (76, "met so far"),
     (20, "always met")],
)  # fmt: skip
def test_a_target_is_called_hit_or_miss_only_where_it_was_hit_and_missed(
    target: int, expected: str
) -> None:
    values = [93.0, 76.0, 90.0, 88.0, 86.0, 83.0, 91.0]
    share = replace(HIGH, target=(Target(value=float(target)),))
    rows = [*months(values, indicator="a"), *months([5.0, 6.0], indicator="b")]
    (table,) = blocks(page(share, LOW, rows=rows), Table)
    assert table.rows[0][8].text == expected


def test_a_target_that_one_point_alone_met_or_missed_is_not_called_never_or_always() -> None:
    values = [50.0, 52.0, 49.0, 51.0, 50.0, 48.0, 51.0, 50.0, 52.0, 49.0, 51.0, 50.0, 49.0]
    for outlier, target, expected in ((90.0, 80.0, "rarely met"), (10.0, 20.0, "mostly met")):
        share = replace(HIGH, target=(Target(value=target),))
        rows = [*months([*values, outlier], indicator="a"), *months([5.0], indicator="b")]
        (table,) = blocks(page(share, LOW, rows=rows), Table)
        assert table.rows[0][8].text == expected


def test_adjusted_points_stand_beside_the_reported() -> None:
    seasonal = an_indicator("a", polarity="low", seasonal="england")
    document = page(seasonal, rows=months([300.0, 310.0], indicator="a"), points=True)
    (table,) = blocks(document, Table)
    assert [column.title for column in table.columns][1:3] == ["Value", "Adjusted"]


def test_rolling_years_are_drawn_without_limits() -> None:
    rolling = an_indicator("a", basis="rolling-12", outturn="percentage", polarity="low")
    document = page(rolling, rows=months([15.0, 14.0], indicator="a"))
    (chart,) = blocks(document, Preformatted)
    assert "limit" not in " ".join(chart.lines)
    assert blocks(document, Paragraph)[0].label == "Trend"


def test_a_series_without_a_point_has_no_chart() -> None:
    share = an_indicator("a", basis="year-to-date", outturn="percentage")
    assert blocks(page(share, rows=months([70.0], indicator="a")), Preformatted) == []


def test_nothing_to_show_is_a_page_without_a_table() -> None:
    document = page(HIGH, rows=[])
    assert document.title == "Trends"
    assert blocks(document, Table) == []


def test_quarters_and_years_stand_under_the_axis() -> None:
    quarters = [{"indicator": "a", "period": f"2021-Q{n}", "value": 5.0 * n} for n in (1, 2, 3)]
    (chart,) = blocks(page(an_indicator("a"), rows=quarters), Preformatted)
    assert any("Q1    Q2    Q3" in line for line in chart.lines)
    years = [{"indicator": "a", "period": f"20{n}/{n + 1}", "value": 5.0 * n} for n in (19, 20)]
    (chart,) = blocks(page(an_indicator("a"), rows=years), Preformatted)
    assert any("2019/20" in line for line in chart.lines)


def test_the_page_is_ascii_where_the_encoding_asks_for_it() -> None:
    rows = [*months(FALLING, indicator="a"), *months([5.0, 6.0], indicator="b")]
    text = render_text(page(HIGH, LOW, rows=rows), encoding="ascii")
    assert text.isascii()
    assert "CONCERN" in text
    assert max(map(len, text.splitlines())) <= 78
