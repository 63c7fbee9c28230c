"""One invented page and one invented answer, full of text that no renderer may obey."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from kpi.domain.answer import Answer, Message
from kpi.domain.paper.document import (
    Cell,
    Column,
    Document,
    Listing,
    Paragraph,
    Preformatted,
    Section,
    Table,
    Tone,
)

LONG_NAME = (
    "Percentage of children who ceased to be looked after and whose health, education and "
    "accommodation/placement-stability-and-suitability-of-placement review was up to date"
)

COLUMNS = (
    Column("Rating"),
    Column("Indicator", wraps=True),
    Column("Oct-21", align="right"),
    Column("Sep-21", align="right", optional=1),
    Column("Target", align="right"),
    Column("Gap", align="right"),
    Column("Statistical neighbours", align="right", optional=3),
    Column("Since last month", optional=2),
)


def row(
    tone: Tone, rating: str, indicator: str, *figures: str, since: str = "", turn: Tone = "plain"
) -> tuple[Cell, ...]:
    return (
        Cell(rating, tone),
        Cell(indicator),
        *(Cell(figure) for figure in figures),
        Cell(since, turn),
    )


RATINGS = Table(
    COLUMNS,
    (
        row(
            "red", "RED", "Visits [red]within timescale[/red] | six weeks",
            "60%", "74%", "100%", "-40 pts", "53%", since="worse", turn="worse",
        ),
        row("amber", "AMBER", LONG_NAME, "1,978", "2,143", "at most 1,400", "+578", "–"),
        row(
            "green", "GREEN", "=SUM(A1) \x1b[31mESC\x1b[0m and \u202eturned",
            "32%", "33%", "36%", "-4 pts", "54%", since="better", turn="better",
        ),
        row("blue", "BLUE", "<script>alert('x')</script> & Sons", "12", "11", "10", "+2", "14"),
        row(
            "muted", "not rated", "Care leavers – cost per head, £",
            "[c]", "£340", "–", "–", "N/A", since="suppressed [c]", turn="muted",
        ),
    ),
    groups={0: "Right service at the *right* time", 3: "Robust corporate parenting – £ & more"},
)  # fmt: skip

DOCUMENT = Document(
    "Ratings for October 2021",
    (
        "Example City – 2021-10, as of 9 Nov 2021, 06:05 UTC, catalogue 3f9a1c.",
        "Amber = within 5 points or 10% of target; ≤ means at most.",
    ),
    (
        Section("", (Paragraph("1 red, 1 amber, 1 green, 1 blue, 1 not rated."), RATINGS)),
        Section(
            "What stands out",
            (
                Paragraph("104 does not follow from 530 children.", "worse", "KPI204"),
                Paragraph("`Oct` is below the lower limit, 79.2; :warning: #1", label="CONCERN"),
                Paragraph("# not a heading, and a child's name would not stand here either."),
                Listing(("- twice a dash, and a line that is long enough to go over the edge "
                         "of the page wherever that is", "Łódź, Ynys Môn, 児童相談所")),
                Preformatted((" 94 |........ upper ▲", " 92 |   ●", "    +--------")),
            ),
        ),
        Section("Nothing to rate", (Table(COLUMNS, ()), Paragraph("No rows.", "muted"))),
    ),
    (
        "[1] 104 does not follow from 530 children; about 102 expected, as the population that "
        "the other months imply is about 52,100.",
        "[c] a small number, kept back.",
    ),
)  # fmt: skip

SOURCE = pl.Struct({"file": pl.String(), "sheet": pl.String(), "cell": pl.String()})
COMPARATOR = pl.Struct(
    {"name": pl.String(), "period": pl.String(), "value": pl.Float64(), "verdict": pl.String()}
)
SCHEMA: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "title": pl.String(),
    "period": pl.String(),
    "outturn": pl.Float64(),
    "state": pl.String(),
    "source": SOURCE,
    "is_rated": pl.Boolean(),
    "related": pl.List(pl.String()),
    "comparators": pl.List(COMPARATOR),
}
ROWS = pl.DataFrame(
    [
        {
            "indicator": "visits",
            "title": "=SUM(A1) | [red] <script>",
            "period": "2021-10",
            "outturn": 63.4,
            "state": "value",
            "source": {"file": "board.xlsx", "sheet": "Right service", "cell": "H14"},
            "is_rated": True,
            "related": ["board.xlsx:Right service!H14", "board.xlsx:Corporate parenting!H3"],
            "comparators": [
                {"name": "England", "period": "2020/21", "value": 340.0, "verdict": "better"},
                {"name": "South East", "period": None, "value": -5.25, "verdict": "worse"},
            ],
        },
        {
            "indicator": "cost",
            "title": "Cost – £,\n\x1b[31mred\tLondon\u202e",
            "period": "2021-10",
            "outturn": None,
            "state": "awaited",
            "source": None,
            "is_rated": False,
            "related": [],
            "comparators": [],
        },
    ],
    schema=SCHEMA,
)

ANSWER = Answer(
    command="compare",
    authority="Example City",
    period="2021-10",
    as_of=datetime(2021, 11, 9, 6, 5, tzinfo=UTC),
    catalogue_sha256="3f9a1c",
    rows=ROWS,
    counts={"better": 1, "worse": 1},
    messages=(Message("warning", "2 figures – both old"),),
)
