"""The page of `kpi compare`: each outturn beside its comparators, those that diverge first.

The sections under the table are made by `kpi.renderers.compare_sections`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.comparison.like_with_like import A_COUNT
from kpi.domain.paper.document import Cell, Column, Document, Section, Table, Tone
from kpi.domain.period import Period, long_label, parse_period, short_label
from kpi.domain.titles import place_title
from kpi.renderers.compare_sections import compare_sections, footnotes
from kpi.renderers.heading import heading_lines
from kpi.renderers.words import MISSING, counted, difference, outturn, relative

TONES: dict[str, Tone] = {"better": "better", "worse": "worse"}
NO_YEAR = "no year"

GROUPS = (
    ("worse", "Worse than a comparator"),
    ("better", "Better than a comparator"),
    ("higher", "Higher than a comparator"),
    ("lower", "Lower than a comparator"),
    ("similar", "Similar to its comparators"),
    ("", "The difference only"),
)
"""The headings that rows stand under, by the first verdict that one of their comparators has."""

OPTIONAL = {"own year": 2}
"""Which columns go first where the width does not suffice: the earlier of the own years."""

Row = dict[str, Any]
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of comparators: its key, heading and the period that most of them are of."""

    key: Key
    title: str
    period: str | None


def compare_document(answer: Answer, catalogue: Catalogue) -> Document:
    """The comparison as a page.

    Args:
        answer: What `kpi.usecases.compare` found.
        catalogue: Gives titles and decimals.
    """
    rows = list(answer.rows.iter_rows(named=True))
    shown = [row for row in rows if _by_place(row)]
    period = parse_period(answer.period or "", year=catalogue.default_year)
    notes = [row for row in shown if _note(row)]
    numbers = {id(row): number for number, row in enumerate(notes, start=1)}
    table = _table(shown, catalogue, period=period, numbers=numbers)
    return Document(
        f"Compared with others, {long_label(period)}" if period else "Compared with others",
        (*heading_lines(answer), _summary(answer)),
        (*((Section("", (table,)),) if shown else ()), *compare_sections(rows, catalogue)),
        (
            *(
                f"[{numbers[id(row)]}] {place_title(row, catalogue)}: {_note(row)}."
                for row in notes
            ),
            *footnotes(rows),
        ),
    )


def _table(
    rows: list[Row], catalogue: Catalogue, *, period: Period | None, numbers: dict[int, int]
) -> Table:
    places = _places(rows)
    columns = (
        Column("Indicator", wraps=True),
        Column(f"Ours {short_label(period)}" if period else "Ours", "right"),
        *(_column(place) for place in places),
    )
    lines: list[tuple[Cell, ...]] = []
    groups: dict[int, str] = {}
    last = ""
    for row in rows:
        if (group := _group(row)) != last:
            groups[len(lines)] = last = group
        mark = f" [{numbers[id(row)]}]" if id(row) in numbers else ""
        title = f"{place_title(row, catalogue)}{_when(row, period)}{mark}"
        lines += _lines(row, catalogue.indicator(row["indicator"]), places, title=title)
    return Table(columns, tuple(lines), groups)


def _column(place: _Place) -> Column:
    kind, number = place.key
    return Column(
        f"{place.title} {place.period}" if place.period else place.title,
        "right",
        optional=OPTIONAL.get(kind, 0) if number else 0,
    )


def _places(rows: list[Row]) -> list[_Place]:
    """The columns that any row has a comparator for, in the order of the comparators."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        for key, comparator in _by_place(row).items():
            found.setdefault(key, []).append(comparator)
    order = ("neighbours", "region", "england", "own year")
    places = []
    for key in sorted(found, key=lambda each: (order.index(each[0]), each[1])):
        names = Counter(comparator["name"] for comparator in found[key])
        periods = Counter(comparator["period"] for comparator in found[key])
        title = {"neighbours": "Neighbours", "own year": "Own"}.get(key[0])
        places.append(
            _Place(key, title or names.most_common(1)[0][0], periods.most_common(1)[0][0])
        )
    return places


def _by_place(row: Row) -> dict[Key, Row]:
    """A row's comparators by the column they stand in.

    Other authorities have none, nor has what cannot be put in the outturn's terms.
    """
    found: dict[Key, Row] = {}
    comparable = [each for each in row["comparators"] if each["value_compared"] is not None]
    for comparator in comparable:
        kind = comparator["kind"]
        number = sum(1 for key in found if key[0] == kind)
        if kind == "own year" or (kind != "place" and not number):
            found[(kind, number)] = comparator
    return found


def _lines(
    row: Row, indicator: Indicator, places: list[_Place], *, title: str
) -> list[tuple[Cell, ...]]:
    """An indicator's rows: figures, at a year's pace where it takes that, gaps, verdicts."""
    found = _by_place(row)
    comparators = [found.get(place.key) for place in places]
    own = _figure(row["outturn"], indicator, state=row["state"])
    pace = next((each["outturn_compared"] for each in found.values()), None)
    figures = [_value(each, indicator) for each in comparators]
    lines = [_line(title, own, figures)]
    if pace is not None and pace != row["outturn"]:
        lines = [
            _line(title, own, [""] * len(places)),
            _line("at this pace, full year", _figure(pace, indicator), figures),
        ]
    periods = [_other_period(each, place) for each, place in zip(comparators, places, strict=True)]
    if any(periods):
        lines.append(_line("of", "", periods))
    gaps = [_gap(each, indicator) for each in comparators]
    if any(gaps):
        lines.append(_line("gap", "", gaps))
    return [*lines, *_verdicts(row, comparators)]


def _verdicts(row: Row, comparators: list[Row | None]) -> list[tuple[Cell, ...]]:
    """The row of verdicts, with rank and quartile at its head; none where there is neither."""
    words = [
        each["verdict"] if each and each["verdict"] != "not_compared" else ""
        for each in comparators
    ]
    if not any(words) and row["rank"] is None:
        return []
    cells = (Cell(word, TONES.get(word, "plain")) for word in words)
    return [(Cell(_rank(row)), Cell(), *cells)]


def _rank(row: Row) -> str:
    if row["rank"] is None:
        return "verdict"
    quartile = f", {row['quartile']}" if row["quartile"] else ""
    return f"rank {row['rank']} of {row['of_areas']}{quartile}"


def _line(label: str, own: str, texts: list[str]) -> tuple[Cell, ...]:
    return (Cell(label), Cell(own), *map(Cell, texts))


def _value(comparator: Row | None, indicator: Indicator) -> str:
    """A comparator's figure in the outturn's terms."""
    if comparator is None:
        return MISSING
    return _figure(comparator["value_compared"], indicator)


def _other_period(comparator: Row | None, place: _Place) -> str:
    """A comparator's period where it is not that of its column."""
    if comparator is None or comparator["period"] == place.period:
        return ""
    return comparator["period"] or NO_YEAR


def _gap(comparator: Row | None, indicator: Indicator) -> str:
    """Points for percentages, per cent for all else, the bare difference beside a zero.

    Of a raw count of another place none: how much smaller than England a council is, is no gap.
    """
    if comparator is None or comparator["difference"] is None or _is_raw_count(comparator):
        return ""
    size, beside = comparator["difference"], comparator["value_compared"]
    if indicator.outturn == "percentage" or not beside:
        decimals = 0 if float(size).is_integer() else max(indicator.shown_decimals, 1)
        return difference(size, outturn_type=indicator.outturn, decimals=decimals)
    share = 100 * size / abs(beside)
    return relative(share, decimals=0 if abs(share) >= 1 or not share else 1)


def _is_raw_count(comparator: Row) -> bool:
    return bool(comparator["why_not_compared"] == A_COUNT)


def _figure(value: float | None, indicator: Indicator, *, state: str = "value") -> str:
    return outturn(
        value, outturn_type=indicator.outturn, decimals=indicator.shown_decimals, state=state
    )


def _when(row: Row, period: Period | None) -> str:
    """An outturn's own period, where that is not the chosen one."""
    return "" if period and row["period"] == str(period) else f" ({row['period']})"


def _note(row: Row) -> str:
    """The working of the first comparator that is shown in other terms than it stands in."""
    made_alike = (each for each in _by_place(row).values() if each["made_alike"])
    return next((str(each["working"]) for each in made_alike), "")


def _group(row: Row) -> str:
    verdicts = {comparator["verdict"] for comparator in row["comparators"]}
    return next(title for verdict, title in GROUPS if verdict in verdicts or not verdict)


def _summary(answer: Answer) -> str:
    counts = answer.counts
    said = ", ".join(
        f"{counts[word]} {word}" for word in counts if word != "indicators" and counts[word]
    )
    return f"{counted(counts['indicators'], 'indicator')}. Comparators: {said or 'none'}."
