"""The sheets of a workbook that hold words: cover, contents, ratings, comparisons, notes.

No cell of them may look like a figure of a report to `kpi ingest`: a period never stands
alone in a cell, and what officers wrote stands in rows that begin with a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kpi.domain.paper.commentary import Comment
from kpi.domain.paper.contents import Paper
from kpi.domain.paper.document import Document
from kpi.domain.period import long_label, short_label
from kpi.renderers.palette import look
from kpi.renderers.report import CHANGES
from kpi.renderers.report_tables import figure_text
from kpi.renderers.trend_figures import period_of
from kpi.renderers.workbook_figures import (
    change_word,
    difference_cell,
    figure_cell,
    is_awaited,
    own_figure,
    trend_word,
)
from kpi.renderers.workbook_sheets import (
    CHANGE_TONES,
    NOT_APPLICABLE,
    RATING_TONES,
    SYMBOLS,
    TREND_TONES,
    Sheet,
    SheetCell,
    SheetColumn,
    SheetTable,
    text_rows,
)

Row = dict[str, Any]

COVER, CONTENTS = "Cover", "Contents"
RATINGS, COMPARISONS, CHANGED = "Ratings", "Comparisons", "Changes"
COMMENTARY, NOTES, DEFINITIONS, METHODS = "Commentary", "Notes", "Definitions", "Methods"
NAMES = (
    COVER,
    CONTENTS,
    RATINGS,
    CHANGED,
    COMPARISONS,
    COMMENTARY,
    NOTES,
    DEFINITIONS,
    METHODS,
)
"""The names of these sheets, which no theme's sheet may have."""

_NUMBER, _TITLE, _PROSE = 6, 30, 70


def cover(paper: Paper, document: Document) -> Sheet:
    """Whose figures, of when, by which catalogue; what the symbols mean; whom to ask.

    Args:
        paper: What the workbook holds.
        document: The same as a page, for its title and its first lines.
    """
    lines = [SheetCell(each) for each in document.lines]
    lines.append(SheetCell(f"Catalogue's SHA-256: {paper.catalogue.sha256}"))
    lines.append(SheetCell(f"The sheet {CONTENTS} leads to all others.", sheet=CONTENTS))
    lines.append(SheetCell("Symbols", is_heading=True))
    lines += (SheetCell(f"{symbol}: {meaning}") for symbol, meaning in SYMBOLS.items())
    lines.append(SheetCell("Figures", is_heading=True))
    lines.append(
        SheetCell(
            "A percentage is kept as it is shown: the cell of 63.4% holds 63.4. Figures are "
            "rounded in show only; colours repeat words."
        )
    )
    owned = any(paper.indicator(row).owner for row in paper.rows.iter_rows(named=True))
    if owned and paper.definitions:
        lines.append(SheetCell("Contact", is_heading=True))
        lines.append(
            SheetCell(
                f"Ask the owner of an indicator, whom the sheet {DEFINITIONS} names.",
                sheet=DEFINITIONS,
            )
        )
    return Sheet(COVER, document.title, tuple(lines))


def contents(paper: Paper, sheets: Sequence[Sheet]) -> Sheet:
    """The workbook's other sheets, what they hold, and the themes that have no indicators.

    Args:
        paper: What the workbook holds.
        sheets: The sheets after this one, in order.
    """
    rows = [(SheetCell(each.name, sheet=each.name), SheetCell(each.about)) for each in sheets]
    rows += (
        (SheetCell("no sheet"), SheetCell(f"No indicators: {chapter.title}"))
        for chapter in paper.chapters
        if not paper.rows_of(chapter)
    )
    columns = (SheetColumn("Sheet", 34), SheetColumn("What it holds", _PROSE))
    return Sheet(CONTENTS, CONTENTS, (), SheetTable("Sheets", columns, tuple(rows)))


def ratings(paper: Paper) -> Sheet:
    """Every indicator's rating and what is to be said of it, in the paper's order."""
    rows = list(paper.rows.iter_rows(named=True))
    columns = (
        SheetColumn("Indicator", 24),
        SheetColumn("Theme", 18),
        SheetColumn("Rating", 11, tones=RATING_TONES),
        SheetColumn("Before", 11, tones=RATING_TONES),
        SheetColumn("Newest figure", 12),
        SheetColumn("Change", 9, tones=CHANGE_TONES),
        SheetColumn("Trend", 12, tones=TREND_TONES),
        SheetColumn("Reason", 32),
        SheetColumn("Analysis", 50),
    )
    return _with_table(
        RATINGS,
        f"Ratings, {long_label(paper.period)}",
        "Each indicator's rating, why, and what stands out.",
        columns,
        text_rows(_rating(row, paper) for row in rows),
        is_filtered=True,
    )


def _rating(row: Row, paper: Paper) -> tuple[str, ...]:
    catalogue = paper.catalogue
    return (
        row["short_title"],
        catalogue.theme_title(row["theme"]) if row["theme"] else "",
        look(row["rag_status"]).word,
        look(row["previous_status"]).word,
        _newest(row, paper),
        change_word(row),
        trend_word(row),
        row["reason"],
        row["analysis"] or "Nothing stands out.",
    )


def _newest(row: Row, paper: Paper) -> str:
    """The newest column's figure and what it is of, in words."""
    figure, column = row["figures"][-1], paper.periods[-1]
    indicator = paper.indicator(row)
    missing = row["period"] if is_awaited(row, figure) else str(column)
    period = period_of(figure["period"] or missing, indicator)
    cell = figure_cell(row, figure, indicator)
    is_number = not isinstance(cell.value, str)
    said = figure_text(figure, indicator, column=period) if is_number else cell.value
    return f"{said} in {short_label(period)}"


def changed(paper: Paper) -> Sheet:
    """What changed since the period before, in the order of telling."""
    rows = [
        (CHANGES.get(row["kind"], row["kind"]), row["title"], row["sentence"])
        for row in paper.changes.iter_rows(named=True)
    ]
    rows += (("Note", "", note) for note in paper.change_notes)
    return _with_table(
        CHANGED,
        f"What changed since {long_label(paper.period.previous())}",
        "New reds first, then figures restated, then ratings, signals and verdicts that turned.",
        (
            SheetColumn("No.", _NUMBER, "right"),
            SheetColumn("Kind", 24),
            SheetColumn("Indicator", _TITLE),
            SheetColumn("What changed", _PROSE),
        ),
        _numbered(rows),
    )


def comparisons(paper: Paper) -> Sheet:
    """Every outturn beside its comparators, in the same terms."""
    rows = [
        tuple(_compared(row, comparator, paper))
        for row in paper.rows.iter_rows(named=True)
        for comparator in row["comparators"] or ()
    ]
    return _with_table(
        COMPARISONS,
        f"Beside others, {long_label(paper.period)}",
        "Both figures in the same terms; the last column says how they were made alike.",
        (
            SheetColumn("Indicator", 24),
            SheetColumn("Own figure", 10, "right"),
            SheetColumn("Of", 11),
            SheetColumn("Set beside", 24),
            SheetColumn("Figure there", 10, "right"),
            SheetColumn("Difference", 10, "right"),
            SheetColumn("Verdict", 12, tones=CHANGE_TONES),
            SheetColumn("Source", 12),
            SheetColumn("How compared", 50),
        ),
        tuple(rows),
        is_filtered=True,
    )


def _compared(row: Row, comparator: Row, paper: Paper) -> Iterator[SheetCell]:
    indicator = paper.indicator(row)

    def figure(value: float | None) -> SheetCell:
        return SheetCell(NOT_APPLICABLE) if value is None else own_figure(value, indicator)

    period = period_of(row["compare_period"], indicator)
    is_own_year = comparator["kind"] == "own year"
    said = comparator["period"] or "year not stated"
    difference = comparator["difference"]
    why = (comparator["why_not_compared"], comparator["working"])
    yield SheetCell(row["short_title"])
    own = comparator["outturn_compared"]
    yield figure(row["compare_outturn"] if own is None else own)
    yield SheetCell(f"in {short_label(period)}")
    yield SheetCell(comparator["name"] if is_own_year else f"{comparator['name']}, {said}")
    yield figure(comparator["value_compared"])
    yield (
        SheetCell(NOT_APPLICABLE) if difference is None else difference_cell(difference, indicator)
    )
    yield SheetCell((comparator["verdict"] or NOT_APPLICABLE).replace("_", " "))
    yield SheetCell(comparator["origin"])
    yield SheetCell("; ".join(each for each in why if each) or NOT_APPLICABLE)


def commentary(paper: Paper) -> Sheet:
    """What officers wrote of the whole, of themes and of indicators, a paragraph a row."""
    rows = list(_comments(paper))
    return _with_table(
        COMMENTARY,
        "Commentary and actions",
        "What was written of the whole paper, of its themes and of its indicators.",
        (
            SheetColumn("No.", _NUMBER, "right"),
            SheetColumn("About", _TITLE),
            SheetColumn("Kind", 14),
            SheetColumn("Text", _PROSE),
            SheetColumn("By", 24),
        ),
        _numbered(rows),
    )


def _comments(paper: Paper) -> Iterator[tuple[str, ...]]:
    if paper.summary:
        yield from _comment(paper.summary, "The whole paper", paper)
    told: set[str] = set()
    for chapter in paper.chapters:
        if chapter.comment:
            yield from _comment(chapter.comment, chapter.title, paper)
        told |= {row["indicator"] for row in paper.rows_of(chapter)}
        for indicator in dict.fromkeys(row["indicator"] for row in paper.rows_of(chapter)):
            if comment := paper.comments.get(indicator):
                yield from _comment(comment, paper.catalogue.by_id[indicator].short, paper)
    shown = dict.fromkeys(paper.rows["indicator"]) if paper.is_exceptions else ()
    for indicator in shown:
        if comment := paper.comments.get(indicator):
            yield from _comment(comment, paper.catalogue.by_id[indicator].short, paper)


def _comment(comment: Comment, about: str, paper: Paper) -> Iterator[tuple[str, ...]]:
    byline = comment.byline(paper.period)
    for paragraph in comment.paragraphs:
        yield about, "Commentary", paragraph, byline
    for action in comment.actions:
        yield about, "Action", action, byline


def notes(paper: Paper, numbered: Sequence[str]) -> Sheet:
    """The notes that tables refer to, and what else is to be known of the figures.

    Args:
        paper: What the workbook holds.
        numbered: The notes that tables refer to, in the order of their numbers.
    """
    rows = [
        *(("Figures", note) for note in numbered),
        *(("Data", note) for note in paper.notes),
        *(("Not compared", note) for note in paper.not_compared),
        *(("Source", note) for note in paper.attribution),
    ]
    return _with_table(
        NOTES,
        "Notes",
        "The column Notes of a table of figures names these by number.",
        (
            SheetColumn("Note", _NUMBER, "right"),
            SheetColumn("About", 16),
            SheetColumn("What it says", 100),
        ),
        _numbered(rows),
    )


def definitions(paper: Paper) -> Sheet:
    """What each indicator measures."""
    titles = {each.short: each.title for each in paper.catalogue.indicators}
    return _with_table(
        DEFINITIONS,
        "Definitions",
        "What each indicator measures, which way is good, its caveats and its owner.",
        (
            SheetColumn("Indicator", _TITLE),
            SheetColumn("Full title", _TITLE),
            SheetColumn("Definition", _PROSE),
        ),
        text_rows(
            (each.name, titles.get(each.name, each.name), each.text) for each in paper.definitions
        ),
    )


def methods(paper: Paper) -> Sheet:
    """How ratings, trends and comparisons are made."""
    return _with_table(
        METHODS,
        "Methods",
        "How ratings, trends and comparisons are made.",
        (SheetColumn("Method", 24), SheetColumn("How it is done", 100)),
        text_rows((each.name, each.text) for each in paper.methods),
    )


def _numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[SheetCell, ...], ...]:
    return text_rows((number, *row) for number, row in enumerate(rows, start=1))


def _with_table(
    name: str,
    title: str,
    about: str,
    columns: tuple[SheetColumn, ...],
    rows: tuple[tuple[SheetCell, ...], ...],
    *,
    is_filtered: bool = False,
) -> Sheet:
    """A sheet with a table; without one where it would have no rows."""
    lines = (SheetCell(about), SheetCell("Back to the contents", sheet=CONTENTS))
    table = SheetTable(name, columns, rows, is_filtered) if rows else None
    return Sheet(name, title, lines, table, about)
