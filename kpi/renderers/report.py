"""The page of `kpi report`: the board's paper, theme by theme, or its exceptions.

The same for every format: where the page is narrow its tables are taken apart, and charts
stand only where pictures can. The last part is made by `kpi.renderers.report_back`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from kpi.domain.paper.commentary import Comment
from kpi.domain.paper.contents import Chapter, Paper, key_of
from kpi.domain.paper.document import Block, Document, Listing, Paragraph, Picture, Section
from kpi.domain.period import long_label
from kpi.renderers.heading import SHORT_HASH
from kpi.renderers.rag_figures import against_before
from kpi.renderers.report_back import back_of
from kpi.renderers.report_notes import Notes, notes_on
from kpi.renderers.report_tables import narrow_tables, ratings_table, wide_table
from kpi.renderers.words import counted, moment

Row = dict[str, Any]

CHANGES = {
    "new_red": "New reds",
    "restated": "Restated since the report before",
    "rating": "Other ratings that turned",
    "trend": "Signals that turned",
    "comparison": "Verdicts beside others that turned",
    "reported": "Reported otherwise then",
}
"""What changed, in the order of telling, and what each kind is called."""

_QUARTILE = re.compile(r"quartile [A-D]")
_BULLET = re.compile(r"[-*•–] ")
_RATINGS = ("blue", "green", "amber", "red", "not rated")


def report_document(paper: Paper, *, wide: bool = False, pictures: bool = False) -> Document:
    """The paper as a page.

    Args:
        paper: What it says.
        wide: Whether a theme's table may be as wide as it takes.
        pictures: Whether control charts stand in it.
    """
    head = (*_summary(paper), _changes(paper))
    if paper.is_exceptions:
        body: tuple[Section, ...] = _exceptions(paper)
        back: tuple[Section, ...] = ()
    else:
        body = tuple(_themes(paper, wide=wide, pictures=pictures))
        back = back_of(paper)
    what = "Exceptions" if paper.is_exceptions else "Performance report"
    return Document(
        f"{what}, {long_label(paper.period)}",
        tuple(_lines(paper)),
        (*head, *body, *back),
        paper.attribution,
    )


def _lines(paper: Paper) -> Iterator[str]:
    """Whose figures, as of when, by which catalogue, for whom; and how many of each rating."""
    yield paper.catalogue.authority
    held = f"Figures held at {moment(paper.as_of)}, " if paper.as_of else ""
    yield (f"{held}revision {paper.revision}, catalogue {paper.catalogue.sha256[:SHORT_HASH]}.")
    if paper.place:
        yield f"Only {paper.place}."
    if paper.audience:
        yield f"For the audience `{paper.audience}`."
    if paper.is_internal:
        yield "Internal: small numbers are not hidden."
    yield _counts(paper)


def _counts(paper: Paper) -> str:
    counts = paper.counts
    total = sum(counts.get(word, 0) for word in _RATINGS)
    rated = ", ".join(
        f"{count} {word}" for word, count in counts.items() if word in _RATINGS and count
    )
    signals = ", ".join(f"{counts[word]} {word}" for word in ("concern", "improvement"))
    moved = against_before(
        ratings=counts["worse"], worse=counts["moved worse"], better=counts["moved better"]
    )
    return f"{counted(total, 'indicator')}: {rated}. {moved} Signals: {signals}."


def _summary(paper: Paper) -> Iterator[Section]:
    if paper.summary:
        yield Section("Summary", tuple(_comment(paper.summary, paper)))


def _changes(paper: Paper) -> Section:
    rows = list(paper.changes.iter_rows(named=True))
    blocks: list[Block] = []
    for kind, title in CHANGES.items():
        said = tuple(row["sentence"] for row in rows if row["kind"] == kind)
        if said:
            blocks += [Paragraph("", label=title), Listing(said)]
    blocks += [Paragraph(note) for note in paper.change_notes]
    return Section(f"What changed since {long_label(paper.period.previous())}", tuple(blocks))


def _exceptions(paper: Paper) -> tuple[Section, ...]:
    """Red and amber only, worst first: their table, its notes, and what is to be said of them."""
    rows = list(paper.rows.iter_rows(named=True))
    if not rows:
        return (Section("Red and amber", (Paragraph("Nothing is red or amber."),)),)
    notes = notes_on(paper, rows, only_newest=True)
    blocks = (ratings_table(paper, rows, notes), *_notes(notes))
    told = [*_with_letters(_analysis([row for row in rows if row["is_headline"]]))]
    rest = [row for row in rows if not row["is_headline"]]
    quiet = [row["short_title"] for row in rest if row["variation"]]
    unjudged = [row["short_title"] for row in rest if not row["variation"]]
    if quiet:
        told.append(Paragraph(f"{'; '.join(quiet)}.", label="No sign of a real change"))
    if unjudged:
        told.append(Paragraph(f"{'; '.join(unjudged)}.", label="No trend judged"))
    return Section("Red and amber, worst first", blocks), Section("In words", tuple(told))


def _themes(paper: Paper, *, wide: bool, pictures: bool) -> Iterator[Section]:
    numbered = 0
    for chapter in paper.chapters:
        rows = paper.rows_of(chapter)
        notes = notes_on(paper, rows, start=numbered + 1)
        numbered += len(notes.texts)
        draw = wide_table if wide else narrow_tables
        blocks = [*draw(paper, rows, notes), *_notes(notes), *_told(rows)]
        if pictures:
            blocks += _pictures(paper, rows)
        blocks += _commentary(paper, chapter, rows)
        yield Section(chapter.title, tuple(blocks) or (Paragraph("No indicators."),))


def _notes(notes: Notes) -> tuple[Block, ...]:
    return (Paragraph("", label="Notes"), Listing(notes.texts)) if notes.texts else ()


def _told(rows: Sequence[Row]) -> Iterator[Block]:
    """What stands out, and the names of the rest."""
    said = list(_analysis(rows))
    if said:
        yield Paragraph("", label="Analysis")
        yield from said
    silent = [row for row in rows if not row["analysis"]]
    quiet = [row["short_title"] for row in silent if row["trend_period"]]
    missing = [row["short_title"] for row in silent if not row["trend_period"]]
    if quiet:
        yield Paragraph(f"{'; '.join(quiet)}.", label="Nothing that stands out")
    if missing:
        yield Paragraph(f"{'; '.join(missing)}.", label="No figure")


def _analysis(rows: Sequence[Row]) -> Iterator[Paragraph]:
    for row in rows:
        if row["analysis"]:
            yield Paragraph(row["analysis"], label=row["short_title"])


def _with_letters(told: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """The same, the first quartile with what its letters mean: two pages have no methods."""
    is_said = False
    for each in told:
        text = each.text if is_said else _QUARTILE.sub(r"\g<0> (A is best, D worst)", each.text, 1)
        is_said = is_said or text != each.text
        yield replace(each, text=text)


def _pictures(paper: Paper, rows: Sequence[Row]) -> Iterator[Block]:
    for row in rows:
        chart = paper.charts.get(key_of(row))
        if chart:
            yield Picture(chart)


def _commentary(paper: Paper, chapter: Chapter, rows: Sequence[Row]) -> Iterator[Block]:
    """What was written of the theme and of its indicators, and what is being done."""
    if chapter.comment:
        yield from _comment(chapter.comment, paper, label="Commentary")
    for indicator in dict.fromkeys(row["indicator"] for row in rows):
        if comment := paper.comments.get(indicator):
            title = paper.catalogue.by_id[indicator].short
            yield from _comment(comment, paper, label=f"On {title}")


def _comment(comment: Comment, paper: Paper, *, label: str = "") -> Iterator[Block]:
    """Its paragraphs, its actions, and who wrote it when."""
    byline = comment.byline(paper.period)
    heading = f"{label} ({byline})" if label else byline
    first, *others = comment.paragraphs or ("",)
    if first:
        yield Paragraph(first, label=heading)
    for is_listed, said in groupby(others, key=lambda each: bool(_BULLET.match(each))):
        if is_listed:
            yield Listing(tuple(_BULLET.sub("", each) for each in said))
        else:
            yield from map(Paragraph, said)
    if comment.actions:
        yield Paragraph("", label="Actions" if first else f"Actions, {heading}")
        yield Listing(comment.actions)
