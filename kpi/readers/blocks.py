"""The tables of a sheet: a header, the rows beneath it, and which column says what.

Several stand below one another, each with a header of its own, or side by side. What a
row's cells hold is left to `kpi.readers.layouts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kpi.domain.catalogue import OutturnType
from kpi.domain.visible import visible
from kpi.readers.areas import Areas, words_of
from kpi.readers.columns import NO_YEAR, Column, read_columns
from kpi.readers.grid import cell_name
from kpi.readers.headers import LONGEST_HEADING, Header, HeaderFinder
from kpi.readers.headings import HeadingRole
from kpi.readers.view import View, text_of
from kpi.readers.vocabulary import OUTTURN_TYPES

_CONTEXT_ROWS = 50  # how far above a header a title may stand

Claims = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Block:
    """A table of a sheet.

    Attributes:
        header: Its header's rows.
        rows: The rows beneath it that hold cells.
        span: Its columns, from the first to the last.
        columns: Those with a heading, left to right, but that of the labels.
        figures: Of these, those that hold outturns and targets.
        label: The column of the indicators' labels.
        theme: The column of their themes; null for none, as in the next three.
        outturn: The column of their outturn types.
        area: The column of the areas whose figures the rows hold.
        unit: The column of the teams.
        above: The texts that stand over the header since the table before, nearest first.
    """

    header: tuple[int, ...]
    rows: tuple[int, ...]
    span: range
    columns: tuple[Column, ...]
    figures: tuple[Column, ...]
    label: int
    theme: int | None = None
    outturn: int | None = None
    area: int | None = None
    unit: int | None = None
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """A heading that needs a word to the reader: its cell, and what to say of it."""

    cell: str
    what: str


def find_blocks(
    view: View, *, areas: Areas, claims: Claims
) -> tuple[tuple[Block, ...], tuple[Unclear, ...]]:
    """The tables of a sheet from the top down, and what was unclear in their headings.

    Those without a usable column are left out, which is said where they lack a year. A
    table may have no rows beneath its header; the caller says what to make of that.

    Args:
        view: The sheet.
        areas: The areas that headings and cells may name.
        claims: Whether an indicator is called so; helps to tell which column has labels.
    """
    headers = HeaderFinder(view, areas).headers()
    blocks: list[Block] = []
    unclear: list[Unclear] = []
    for index, header in enumerate(headers):
        until = headers[index + 1].rows[0] if index + 1 < len(headers) else view.rows[-1] + 1
        since = headers[index - 1].rows[-1] if index else 0
        rows = view.between(header.rows[-1], until)
        above = _texts_above(view, since=since, until=header.rows[0])
        context = (*_context(view, since=since, until=header.rows[0]), view.sheet.name or "")
        columns = read_columns(header, areas=areas, above=context)
        table = _Table(view, areas=areas, claims=claims, rows=rows)
        found = table.blocks(header, columns=columns, above=above)
        blocks += found
        unclear += _clashes(header, columns) if found else _without_years(header, columns)
    return tuple(blocks), tuple(unclear)


def outturn_type(text: str) -> OutturnType | None:
    """The outturn type that a cell names, such as `PERCENTAGE`, `%` or `Rate per 10,000`.

    Example:
        >>> outturn_type("No."), outturn_type("Rate per 1,000"), outturn_type("Days")
        ('number', 'rate', None)
    """
    words = words_of(text)
    if "per" in words and any(word.isdecimal() for word in words):
        return "rate"
    return next((OUTTURN_TYPES[word] for word in words if word in OUTTURN_TYPES), None)


@dataclass(frozen=True, slots=True)
class _Table:
    """What stands under one header, before it is known which column says what."""

    view: View
    areas: Areas
    claims: Claims
    rows: tuple[int, ...]

    def blocks(
        self, header: Header, *, columns: Sequence[Column], above: tuple[str, ...]
    ) -> list[Block]:
        """The tables side by side under one header, usually one."""
        last = max(
            (column for row in self.rows for column in self.view.sheet.cells[row]), default=0
        )
        last = max([last, *(column.index for column in columns)])
        found: list[Block] = []
        for span in _side_by_side(columns, last=last):
            inside = [column for column in columns if column.index in span]
            label = self._label(inside, span=span)
            if label and any(column.holds_figures for column in inside):
                found.append(self._block(header, inside, label=label, span=span, above=above))
        return found

    def _block(
        self,
        header: Header,
        columns: Sequence[Column],
        *,
        label: int,
        span: range,
        above: tuple[str, ...],
    ) -> Block:
        columns = [column for column in columns if column.index != label]

        def first(role: HeadingRole) -> int | None:
            return next((c.index for c in columns if c.heading.role == role), None)

        area, theme = first("area"), first("theme")
        if area and not self._names_areas(area):
            area, theme = None, theme or area
        types = [c.index for c in columns if c.heading.role == "type"]
        return Block(
            header=header.rows,
            rows=self.rows,
            span=span,
            columns=tuple(columns),
            figures=tuple(column for column in columns if column.holds_figures),
            label=label,
            theme=theme,
            outturn=max(types, key=self._count_of_types, default=None),
            area=area,
            unit=first("unit"),
            above=above,
        )

    def _label(self, columns: Sequence[Column], *, span: range) -> int | None:
        """The column of the labels: the catalogue's claims decide, then the headings.

        Null where every column holds something else.
        """
        first = min((column.index for column in columns if column.holds_figures), default=0)
        by_index = {column.index: column for column in columns}
        candidates = [
            index
            for index in span
            if (index not in by_index and index < first)
            or (index in by_index and self._may_be_labels(by_index[index], before=first))
        ]
        return max(
            candidates,
            key=lambda index: self._worth(index, column=by_index.get(index)),
            default=None,
        )

    def _may_be_labels(self, column: Column, *, before: int) -> bool:
        role = column.heading.role
        return role in ("label", "ref") or (column.index < before and bool(column.reason))

    def _worth(self, index: int, *, column: Column | None) -> tuple[int, bool, bool, bool, int]:
        """How likely a column holds the labels; the first that differs decides."""
        texts = self._texts(index)
        claimed = sum(map(self.claims, texts))
        words = sum(len(words_of(text)) for text in texts)
        role = column.heading.role if column else "unknown"
        is_strong = column is not None and column.heading.strong and role == "label"
        is_wordy = words >= 2 * len(texts) > 0
        return claimed, role == "label", is_wordy, is_strong or role == "unknown", -index

    def _texts(self, column: int) -> list[str]:
        cells = (self.view.shown(row, column) for row in self.rows)
        return [text_of(cell) for cell in cells if cell and isinstance(cell.value, str)]

    def _names_areas(self, column: int) -> bool:
        return any(self.areas.within(words_of(text))[0] for text in self._texts(column))

    def _count_of_types(self, column: int) -> int:
        return sum(outturn_type(text) is not None for text in self._texts(column))


def _side_by_side(columns: Sequence[Column], *, last: int) -> list[range]:
    """The columns of each table under a header: a label's heading after figures begins one."""
    starts = [1]
    has_label = has_figures = False
    for place, column in enumerate(columns):
        if column.heading.role == "label" and has_label and has_figures:
            start = place
            while columns[start - 1].heading.role in ("theme", "ref"):
                start -= 1
            starts.append(columns[start].index)
            has_figures = False
        has_label = has_label or column.heading.role == "label"
        has_figures = has_figures or column.holds_figures
    if not has_figures and len(starts) > 1:
        starts.pop()  # a second label's column that heads no figures
    ends = [*starts[1:], last + 1]
    return [range(start, end) for start, end in zip(starts, ends, strict=True)]


def _without_years(header: Header, columns: Sequence[Column]) -> list[Unclear]:
    """That the first month of a header that is of no use lacks its year."""
    lacking = [column for column in columns if column.reason == NO_YEAR]
    return [_unclear(header, column, f"is not read: {NO_YEAR}") for column in lacking[:1]]


def _clashes(header: Header, columns: Sequence[Column]) -> list[Unclear]:
    """The headings that name two periods."""
    what = "names two periods; the lower one is taken"
    clashing = [column for column in columns if column.heading.clash and column.holds_figures]
    return [_unclear(header, column, what) for column in clashing]


def _unclear(header: Header, column: Column, what: str) -> Unclear:
    cell = cell_name(header.rows[-1], column.index)
    return Unclear(cell, f"`{visible(column.heading.text)}` {what}")


def _context(view: View, *, since: int, until: int) -> list[str]:
    """The short texts that stand anywhere over a header, those of the nearest row first."""
    rows = view.between(since, until)[-_CONTEXT_ROWS:]
    texts = (text_of(cell) for row in reversed(rows) for cell in view.sheet.cells[row].values())
    return [text for text in texts if 0 < len(text) <= 2 * LONGEST_HEADING]


def _texts_above(view: View, *, since: int, until: int) -> tuple[str, ...]:
    """The short texts that stand alone in their rows over a header, the nearest first.

    The first row with a figure in it belongs to another table and ends them.
    """
    texts: list[str] = []
    for row in reversed(view.between(since, until)[-_CONTEXT_ROWS:]):
        cells = view.shown_row(row)
        places = {view.stands_at(row, column) for column in cells}
        if any(not isinstance(cell.value, str) for cell in cells.values()) and len(places) > 1:
            break
        text = text_of(next(iter(cells.values()))) if len(places) == 1 else ""
        if 0 < len(text) <= 2 * LONGEST_HEADING:
            texts.append(text)
    return tuple(texts)
