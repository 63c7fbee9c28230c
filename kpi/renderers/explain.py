"""The pages of `kpi explain`: a check's code, and an indicator's figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.observation import address
from kpi.domain.paper.document import (
    Block,
    Cell,
    Column,
    Document,
    Listing,
    Paragraph,
    Section,
    Table,
)
from kpi.domain.period import long_label, parse_period
from kpi.domain.words import plain
from kpi.renderers.heading import heading_lines
from kpi.renderers.palette import look
from kpi.renderers.words import outturn

Row = dict[str, Any]

_BASES = {
    "snapshot": "counted on the last day of the period",
    "in-month": "counted within the period",
    "year-to-date": "adds up since the year began",
    "rolling-12": "covers the twelve months before",
    "annual": "covers a whole year",
}
_POLARITIES = {
    "high": "more is better",
    "low": "less is better",
    "range": "best inside its range",
    "none": "neither more nor less is better, so it is not rated",
}


def codes_document(answer: Answer) -> Document:
    """What one code means, or the list of all."""
    rows = list(answer.rows.iter_rows(named=True))
    if len(rows) == 1:
        return _code_document(rows[0])
    columns = (Column("Code"), Column("Severity"), Column("What it finds", wraps=True))
    cells = tuple((Cell(row["code"]), Cell(row["severity"]), Cell(row["title"])) for row in rows)
    return Document(
        "Checks",
        sections=(Section("", (Table(columns, cells),)),),
        notes=("kpi explain CODE says more about one.",),
    )


def indicator_document(answer: Answer, catalogue: Catalogue) -> Document:
    """How an indicator's figure and rating came about, and where every figure stands."""
    row = answer.rows.row(0, named=True)
    indicator = catalogue.by_id[row["indicator"]]
    sections = [Section("What it is", tuple(_definition(row, catalogue, indicator)))]
    if "reason" in row:
        sections.append(Section(_rating_title(row, indicator), tuple(_rating(row, indicator))))
        sections.append(Section("Figures held", tuple(_figures(row, indicator))))
    else:
        sections.append(Section("Figures held", (Paragraph("None: nothing was ingested yet."),)))
    return Document(indicator.title, heading_lines(answer), tuple(sections))


def _code_document(row: Row) -> Document:
    said = (
        ("What it means", "meaning"),
        ("Why it matters", "why"),
        ("What to do", "advice"),
        ("Example", "example"),
    )
    return Document(
        f"{row['code']} {row['title']}",
        (f"Severity: {row['severity']}.",),
        tuple(Section(title, (Paragraph(row[name]),)) for title, name in said),
    )


def _definition(row: Row, catalogue: Catalogue, indicator: Indicator) -> Iterator[Block]:
    yield Paragraph(row["definition"] or "The catalogue gives no definition.")
    kind = f"{indicator.outturn}, {_BASES[indicator.basis]}; {_POLARITIES[indicator.polarity]}"
    facts = [
        ("Id", indicator.id),
        ("Theme", catalogue.theme_title(indicator.theme) if indicator.theme else ""),
        ("Kind", kind),
        ("Numerator", row["numerator"]),
        ("Denominator", row["denominator"]),
        ("Computed from", " over ".join(row["derived_from"])),
        ("Published measure", row["measure"]),
        ("Hidden on the way out", _hiding(indicator)),
        ("Awaited", _waiting(indicator)),
        ("Read from rows called", "; ".join(row["aliases"])),
        ("Caveats", row["caveats"]),
    ]
    for label, said in facts:
        if said:
            yield Paragraph(said, label=label)


def _hiding(indicator: Indicator) -> str:
    limit = indicator.suppress_below
    return f"counts from 1 to {plain(limit - 1)}, and what rests on them" if limit else ""


def _waiting(indicator: Indicator) -> str:
    lag = indicator.lag_months
    months = "month" if lag == 1 else f"{lag} months"
    return f"the newest {months} may still be missing" if lag else ""


def _rating_title(row: Row, indicator: Indicator) -> str:
    period = parse_period(row["period"] or "", year=indicator.year)
    when = long_label(period) if period else row["period"]
    return f"{when}: {look(row['rag_status']).word}"


def _rating(row: Row, indicator: Indicator) -> Iterator[Block]:
    yield Paragraph(row["reason"])
    shown = outturn(
        row["outturn"],
        outturn_type=indicator.outturn,
        decimals=indicator.shown_decimals,
        state=row["state"] or "",
    )
    source = row["source"]
    place = address(source["file"], source["sheet"], source["cell"]) if source else ""
    yield Paragraph(shown, label="Figure")
    if place:
        yield Paragraph(place, label="Source")
    if others := _others(row["related"], place):
        yield Paragraph(others, label="Other cells")
    if row["target_words"]:
        yield Paragraph(row["target_words"], label="Target")
        unit = "%" if indicator.tolerance_kind == "percent" else " points"
        yield Paragraph(f"{plain(float(indicator.tolerance))}{unit}", label="Tolerance")
    if row["small"]:
        yield Paragraph(f"fewer than {plain(row['small'])} cases are not rated", label="Small")


def _figures(row: Row, indicator: Indicator) -> Iterator[Block]:
    series = row["series"] or []
    if not series:
        yield Paragraph("None.")
        return
    columns = (
        Column("Period"),
        Column("Figure", "right"),
        Column("Stands in", wraps=True),
        Column("Repeated in", wraps=True, optional=1),
    )
    yield Table(columns, tuple(_figure(each, indicator) for each in series))
    if any(each["conflict"] for each in series):
        yield Listing(("Two figures: a source contradicts itself, and neither is used.",))


def _figure(each: Row, indicator: Indicator) -> tuple[Cell, ...]:
    shown = outturn(
        each["outturn"],
        outturn_type=indicator.outturn,
        decimals=indicator.shown_decimals,
        state=each["state"],
    )
    return (
        Cell(each["period"] or "year not stated"),
        Cell("two figures" if each["conflict"] else shown),
        Cell(each["address"] or ""),
        Cell(_others(each["related"], each["address"])),
    )


def _others(cells: list[str] | None, place: str | None) -> str:
    """The addresses of a figure's cells but the one already named."""
    return ", ".join(each for each in cells or () if each != place)
