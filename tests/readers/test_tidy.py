from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from kpi.domain.catalogue import Catalogue
from kpi.domain.observation import READ
from kpi.errors import SourceError
from kpi.readers.areas import known_areas
from kpi.readers.reading import Labels, Reading
from kpi.readers.records import open_delimited, read_parquet, read_records
from kpi.readers.tidy import is_tidy, read_tidy
from tests.builders import a_catalogue, an_indicator
from tests.readers.grids import figures, the_catalogue, unused

DATA = Path(__file__).parents[1] / "data"


def read_csv(content: str | bytes, *, catalogue: Catalogue | None = None) -> Reading:
    used = catalogue or the_catalogue()
    data = content.encode() if isinstance(content, str) else content
    records = read_records(open_delimited(data, file="tidy.csv"))
    return read_tidy(records, labels=Labels(used), areas=known_areas(used.authority))


def read_frame(frame: pl.DataFrame) -> Reading:
    written = BytesIO()
    frame.write_parquet(written)
    records = read_parquet(written.getvalue(), file="tidy.parquet")
    return read_tidy(records, labels=Labels(the_catalogue()), areas=known_areas("Southampton"))


def test_the_smallest_tidy_table() -> None:
    reading = read_csv("indicator,period,value\ncontacts,2021-10,1978\n")
    assert reading.observations.to_dicts() == [
        {
            "indicator": "contacts",
            "area": "Southampton",
            "unit": "",
            "role": "outturn",
            "period": "2021-10",
            "period_start": date(2021, 10, 1),
            "period_end": date(2021, 10, 31),
            "period_months": 1,
            "value": 1978.0,
            "numerator": None,
            "denominator": None,
            "state": "value",
            "marks": "",
            "target_per": None,
            "raw": "1978",
            "label": "contacts",
            "source_file": "tidy.csv",
            "source_sheet": None,
            "source_cell": "C2",
            "source_theme": None,
        }
    ]
    assert reading.observations.schema == READ


RECORDS = [
    ("contacts,2021-10,5,,,,", "contacts 2021-10 = 5"),
    ("Number of contacts,Oct-21,5,,,,", "contacts 2021-10 = 5"),
    ("NUMBER OF CONTACTS,31/10/2021,5,,,,", "contacts 2021-10 = 5"),
    ("contacts,Q3 2021/22,5,,,,", "contacts 2021-Q3 = 5"),
    ("pupils,2021/22,5,,,,", "pupils 2021/22 = 5"),
    ("births,2021,5,,,,", "births 2021 = 5"),
    ("contacts,2021/22 YTD,5,,,,", "contacts 2021/22 = 5 partial"),
    ("contacts,2021-10,5,England,,,", "contacts [England] 2021-10 = 5"),
    ("contacts,2021-10,5,SN,,,", "contacts [Statistical neighbours] 2021-10 = 5"),
    ("contacts,2021-10,5,Southampton City Council,,,", "contacts 2021-10 = 5"),
    ("contacts,2021-10,5,Anywhere,,,", "contacts [Anywhere] 2021-10 = 5"),
    ("contacts,,5,England,,,", "contacts [England] no-year = 5"),
    (
        "contacts,2021-10,5,,Assessment/Team 2,,",
        "contacts (Assessment/Team 2) 2021-10 = 5",
    ),
    ("contacts,2021-10,5,,,value,", "contacts 2021-10 = 5"),
    ("contacts,2021-10,5,,,,provisional", "contacts 2021-10 = 5 provisional"),
    ("contacts,2021-10,5 [r],,,,p", "contacts 2021-10 = 5 provisional revised"),
    ("reviews,2021-10,63.4%,,,,", "reviews 2021-10 = 63.4"),
    ("reviews,2021-10,63.4,,,,", "reviews 2021-10 = 63.4"),
    ("contacts,2021-10,,,,awaited,", "contacts 2021-10 = awaited"),
    ("contacts,2021-10,,,,Not available,", "contacts 2021-10 = not_available"),
    ("contacts,2021-10,,,,c,", "contacts 2021-10 = suppressed"),
    ("contacts,2021-10,c,,,suppressed,", "contacts 2021-10 = suppressed"),
    ("contacts,2021-10,TBC,,,,", "contacts 2021-10 = awaited"),
    ("contacts,2021-10,,,,,", "contacts 2021-10 = blank"),
    ("contacts,2021-10,5,,,awaited,", "contacts 2021-10 = unreadable"),
    ("contacts,2021-10,,,,value,", "contacts 2021-10 = unreadable"),
    ("contacts,2021-10,s01,,,,", "contacts 2021-10 = unreadable"),
    ("contacts,2021-10,,,,nonsense,", "contacts 2021-10 = unreadable"),
    ("contacts,2021-10,1e309,,,,", "contacts 2021-10 = unreadable"),
    ("contacts,2021-10,NaN,,,,", "contacts 2021-10 = unreadable"),
]


@pytest.mark.parametrize(("record", "expected"), RECORDS)
def test_a_record_becomes_an_observation(record: str, expected: str) -> None:
    reading = read_csv(f"indicator,period,value,area,unit,state,marks\n{record}\n")
    assert figures(reading) == [expected]
    is_lost = expected.endswith("unreadable")
    assert [cell.address for cell in reading.unreadable] == ["tidy.csv!C2"] * is_lost


COUNTS = [
    ("reviews,2021-10,12,40", 30.0, "value"),
    ("rate,2021-10,12,40000", 3.0, "value"),
    ("contacts,2021-10,12,", 12.0, "value"),
    ("contacts,2021-10,12,0", 12.0, "value"),
    ("reviews,2021-10,0,40", 0.0, "value"),
    ("reviews,2021-10,0,0", None, "not_applicable"),
    ("reviews,2021-10,12,0", None, "not_applicable"),
    ("reviews,2021-10,c,40", None, "suppressed"),
    ("reviews,2021-10,12,x", None, "not_available"),
    ("reviews,2021-10,12,", None, "blank"),
    ("reviews,2021-10,,", None, "blank"),
    ("reviews,2021-10,s01,40", None, "unreadable"),
]


@pytest.mark.parametrize(("record", "value", "state"), COUNTS)
def test_the_outturn_follows_from_its_counts(record: str, value: float | None, state: str) -> None:
    row = read_csv(f"indicator,period,numerator,denominator\n{record}\n").observations.row(
        0, named=True
    )
    assert (row["value"], row["state"]) == (value, state)
    assert row["source_cell"] == "C2"


def test_counts_are_kept_beside_a_value() -> None:
    reading = read_csv(
        "indicator,period,value,numerator,denominator\nreviews,2021-10,30.1,12,40\n"
        "reviews,2021-11,,13,40\n"
    )
    assert reading.observations.select("value", "numerator", "denominator", "raw").rows() == [
        (30.1, 12.0, 40.0, "30.1"),
        (32.5, 13.0, 40.0, "13/40"),
    ]


def test_a_count_that_is_not_understood_is_listed_at_its_own_cell() -> None:
    reading = read_csv("indicator,period,value,numerator,denominator\nreviews,2021-10,30.1,12,4O\n")
    assert figures(reading) == ["reviews 2021-10 = 30.1"]
    assert [(cell.address, cell.raw) for cell in reading.unreadable] == [("tidy.csv!E2", "4O")]


def test_records_keep_their_order_and_their_row_numbers() -> None:
    reading = read_csv(
        'note,Period,VALUE,Indicator\n"two\nlines",2021-11,2,contacts\n\n'
        ",2021-10,1,contacts\n,2021-10,3,nobody\n,2021-09,9,contacts\n"
    )
    assert reading.observations.select("period", "source_cell").rows() == [
        ("2021-11", "C2"),
        ("2021-10", "C4"),
        ("2021-09", "C6"),
    ]
    assert [(row.label, row.address) for row in reading.unmatched] == [("nobody", "tidy.csv!D5")]
    assert unused(reading) == [("note", "it is of no use here")]


def test_a_label_without_a_claim_is_listed_once() -> None:
    reading = read_csv("indicator,period,value\nContact,2021-10,1\nContact,2021-11,2\n")
    assert [(row.label, row.address, row.nearest) for row in reading.unmatched] == [
        ("Contact", "tidy.csv!A2", ("contacts",))
    ]


@pytest.mark.parametrize("period", ["", "soon", "2021/22 and on", "45/2021"])
def test_an_outturn_whose_period_is_not_understood_has_no_place(period: str) -> None:
    reading = read_csv(f"indicator,period,value\ncontacts,{period},1\n")
    assert figures(reading) == []
    assert [(cell.address, cell.raw) for cell in reading.unreadable] == [("tidy.csv!B2", period)]


def test_dashed_years_beside_one_another_are_years() -> None:
    reading = read_csv("indicator,period,value\ncontacts,2011-12,1\ncontacts,2012-13,2\n")
    assert figures(reading) == ["contacts 2011/12 = 1", "contacts 2012/13 = 2"]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("contacts,2021-10", "contacts 2021-10 = unreadable"),
        ("contacts,2021-10,1,897,note", "contacts 2021-10 = unreadable"),
        ("contacts,2021-10,1897", "contacts 2021-10 = 1897"),
    ],
)
def test_records_with_cells_missing_or_over_are_not_trusted(record: str, expected: str) -> None:
    reading = read_csv(f"indicator,period,value,note\n{record}\n")
    assert figures(reading) == [expected]


def test_targets_among_the_records_are_no_outturns() -> None:
    reading = read_csv("indicator,period,value,role\ncontacts,2021/22,9,Target\n")
    assert figures(reading) == []
    assert figures(reading, role="target") == ["contacts 2021/22 = 9"]


def test_marks_that_are_not_known_are_said() -> None:
    reading = read_csv("indicator,period,value,marks\ncontacts,2021-10,9,shiny\n")
    assert reading.messages == ("marks that are not known are left out: `shiny`",)


def test_a_unit_that_says_what_is_counted_is_no_team() -> None:
    reading = read_csv("indicator,period,value,unit\ncontacts,2021-10,9,Children\n")
    assert figures(reading) == ["contacts 2021-10 = 9"]
    assert unused(reading) == [("unit", "it is of no use here")]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffindicator;period;value\r\ncontacts;2021-10;1897\r\n".encode(),
        "indicator\tperiod\tvalue\ncontacts\t2021-10\t1897\n".encode("utf-16"),
        b"sep=;\nindicator;period;value\ncontacts;2021-10;1,897\n",
        b'"indicator","period","value"\n"contacts","2021-10","1,897"\n',
        b"\n\nindicator,period,value\ncontacts,2021-10,1897",
    ],
)
def test_any_usual_encoding_and_separator(content: bytes) -> None:
    assert figures(read_csv(content)) == ["contacts 2021-10 = 1897"]


def test_a_cell_guarded_against_running_as_a_formula_is_read_without_its_guard() -> None:
    assert figures(read_csv("indicator,period,value\ncontacts,2021-10,'-5\n")) == [
        "contacts 2021-10 = -5"
    ]


def test_a_header_without_records_is_refused() -> None:
    with pytest.raises(SourceError, match="no rows beneath"):
        read_csv("indicator,period,value\n")


def test_computed_indicators_are_not_read() -> None:
    catalogue = a_catalogue(an_indicator("share", ratio=("a", "b")))
    reading = read_csv("indicator,period,value\nshare,2021-10,5\n", catalogue=catalogue)
    assert figures(reading) == []
    assert reading.messages == ("`share` is computed from others; its records are not read",)


TYPED = {
    "floats and dates": pl.DataFrame(
        {"indicator": ["contacts"], "period": [date(2021, 10, 31)], "value": [5.0]}
    ),
    "whole numbers and times": pl.DataFrame(
        {"indicator": ["contacts"], "period": ["2021-10"], "value": [5]}
    ).with_columns(pl.col("period").str.to_datetime("%Y-%m")),
    "texts": pl.DataFrame({"indicator": ["contacts"], "period": ["2021-10"], "value": ["5"]}),
    "categories": pl.DataFrame(
        {"indicator": ["contacts"], "period": ["2021-10"], "value": [5.0]},
        schema_overrides={"indicator": pl.Categorical()},
    ),
}


@pytest.mark.parametrize("frame", TYPED.values(), ids=TYPED)
def test_parquet_of_any_usual_types(frame: pl.DataFrame) -> None:
    assert figures(read_frame(frame)) == ["contacts 2021-10 = 5"]


def test_parquet_numbers_that_are_none_are_unreadable_and_nulls_blank() -> None:
    frame = pl.DataFrame(
        {
            "indicator": ["contacts"] * 3,
            "period": ["2021-10", "2021-11", "2021-12"],
            "value": [float("nan"), float("inf"), None],
        }
    )
    reading = read_frame(frame)
    assert figures(reading) == [
        "contacts 2021-10 = unreadable",
        "contacts 2021-11 = unreadable",
        "contacts 2021-12 = blank",
    ]
    assert [cell.address for cell in reading.unreadable] == ["tidy.parquet!C2", "tidy.parquet!C3"]


def test_a_damaged_parquet_file_is_refused() -> None:
    with pytest.raises(SourceError, match="damaged"):
        read_parquet(b"PAR1 and no more", file="tidy.parquet")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["indicator", "period", "value"], True),
        ([" Value", "PERIOD", "Indicator ", "x"], True),
        (["indicator", "period", "numerator", "denominator"], True),
        (["indicator", "period", "numerator"], False),
        (["indicator", "Apr-21", "May-21"], False),
    ],
)
def test_the_layout_is_told_by_its_header(header: list[str], expected: bool) -> None:
    assert is_tidy(header) is expected


LABEL = "Children cautioned or sentenced"


@pytest.mark.parametrize(
    ("fields", "trafford", "bromley"),
    [
        ({"title": LABEL, "outturn": "number"}, 38, 65),
        ({"title": LABEL, "outturn": "rate"}, 14, 19),
        ({"title": f"{LABEL}, count", "outturn": "number"}, 38, 65),
        ({"title": f"{LABEL}: per 10,000 aged 10-17", "outturn": "rate"}, 14, 19),
    ],
)
def test_a_long_table_of_two_measures_and_eleven_areas(
    fields: dict[str, str], trafford: float, bromley: float
) -> None:
    catalogue = a_catalogue(
        an_indicator("offending", basis="annual", **fields), authority="Trafford"
    )
    content = (DATA / "trafford_children_offending.csv").read_bytes()
    reading = read_csv(content, catalogue=catalogue)
    last_year = reading.observations.filter(pl.col("period") == "2024/25")
    by_area = dict(last_year.select("area", "value").iter_rows())
    assert len(reading.observations) == 121
    assert len(by_area) == 11
    assert (by_area["Trafford"], by_area["Bromley"]) == (trafford, bromley)
    assert "England" in by_area
    assert len(reading.unmatched) == 1
