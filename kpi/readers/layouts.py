"""The report layout: indicators down, periods across, to observations.

Rows are what their labels say, columns what their headings say (`kpi.readers.blocks`),
cells what they say themselves (`kpi.readers.rows`). Nothing is corrected here and nothing
is compared: two figures for one month are two observations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kpi.domain.catalogue import fold_label
from kpi.domain.drafting import Printed
from kpi.domain.observation import address
from kpi.domain.visible import visible
from kpi.errors import SourceError
from kpi.readers.areas import Areas, words_of
from kpi.readers.blocks import Block, find_blocks, outturn_type
from kpi.readers.cells import read_target
from kpi.readers.columns import NO_HEADING, NO_USE
from kpi.readers.directions import is_of_direction
from kpi.readers.drafts import drafted_row
from kpi.readers.grid import Grid, GridCell, Sheet, cell_name
from kpi.readers.headings import read_line
from kpi.readers.reading import (
    Figures,
    Labels,
    Reading,
    Row,
    Unmatched,
    UnusedColumn,
)
from kpi.readers.rows import RowReader, Widths
from kpi.readers.uses import Uses
from kpi.readers.view import View, text_of, view_of
from kpi.readers.vocabulary import TARGET

_MOST_DRAFTS = 1_000  # no report has as many rows
_LONGEST_DAMAGED = 6  # characters of a figure as scanners spoil it, such as `s01`
_LONGEST_THEME = 90
_GENERIC_SHEET = frozenset(
    ("sheet", "data", "report", "table", "kpi", "kpis", "indicators", "scorecard", "tabelle")
)
_NOTE_BEGINNINGS = ("*", "†", "note", "source", "key:", "n/a")


def read_layout(
    grid: Grid, *, labels: Labels, areas: Areas, sheets: Iterable[Sheet] | None = None
) -> Reading:
    """What the tables of a grid's sheets hold, in the report layout.

    Without a catalogue no row is claimed, and the drafts hold every row.

    Args:
        grid: The source's cells.
        labels: Whose labels are whose.
        areas: The areas that headings may name.
        sheets: The sheets to read; all of them unless given.

    Returns:
        Nothing in any list where no sheet holds a table.

    Raises:
        SourceError: There are headings, and under none of them a row.
    """
    views = [view_of(sheet) for sheet in (grid.sheets if sheets is None else sheets) if sheet.cells]
    reader = _LayoutReader(grid.file, labels=labels, areas=areas)
    tables = []
    empty: list[str] = []
    for view in views:
        found, unclear = find_blocks(view, areas=areas, claims=labels.claims)
        filled = [block for block in found if block.rows]
        if filled:
            tables.append((view, filled))
        for each in unclear:
            where = address(grid.file, view.sheet.name, each.cell)
            reader.messages.append(f"{where} {each.what}")
        empty += [_header_address(grid.file, view, block) for block in found if not block.rows]
    if empty and not tables:
        raise SourceError(
            "there are headings, but no rows beneath them",
            where=empty[0],
            hint="is this the right file? a table needs a row for each indicator",
        )
    for view, blocks in tables:
        reader.read_sheet(view, blocks, is_only=len(tables) == 1)
    return reader.reading()


@dataclass(slots=True)
class _LayoutReader:
    """Reads the tables of one source and gathers what they give."""

    file: str
    labels: Labels
    areas: Areas
    rows: RowReader = field(init=False)
    unmatched: list[Unmatched] = field(default_factory=list)
    unused: dict[tuple[str | None, int, str], UnusedColumn] = field(default_factory=dict)
    drafts: list[Printed] = field(default_factory=list)
    sheets: list[str | None] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    _titles: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rows = RowReader(self.file, self.areas.authority, Figures(self.file))
        catalogue = self.labels.catalogue
        themes = catalogue.themes if catalogue else ()
        self._titles = {fold_label(name) for theme in themes for name in (theme.id, theme.title)}

    def reading(self) -> Reading:
        """All that was gathered."""
        return Reading(
            observations=self.rows.figures.frame(),
            unmatched=tuple(self.unmatched),
            unreadable=tuple(self.rows.unreadable),
            sheets=tuple(self.sheets),
            unused_columns=tuple(self.unused.values()),
            drafts=tuple(self.drafts),
            messages=tuple(dict.fromkeys([*self.messages, *self.rows.messages])),
        )

    def read_sheet(self, view: View, blocks: list[Block], *, is_only: bool) -> None:
        """Reads the tables of one sheet."""
        self.sheets.append(view.sheet.name)
        top = blocks[0].above
        for block in blocks:
            theme = self._block_theme(
                view.sheet.name,
                above=block.above,
                top=top,
                is_split=is_only and len(blocks) > 1,
            )
            self._read_block(view, block, theme=theme)

    def _block_theme(
        self, sheet: str | None, *, above: tuple[str, ...], top: tuple[str, ...], is_split: bool
    ) -> str | None:
        """The theme that a whole table stands under; null when nothing names one.

        A text over it that the catalogue knows as a theme, then the sheet's name; where
        one sheet holds several tables, the text over each.
        """
        for text in (*above, *top, sheet or ""):
            if fold_label(text) in self._titles:
                return visible(text)
        if is_split and above and _is_theme(above[0]):
            return visible(above[0])
        words = words_of((sheet or "").rstrip("0123456789 ()"))
        return visible(sheet) if sheet and not _GENERIC_SHEET.issuperset(words) else None

    def _read_block(self, view: View, block: Block, *, theme: str | None) -> None:
        uses = Uses(block.figures)
        widths = Widths(view, block)
        for row in block.rows:
            cells = {c: cell for c, cell in view.shown_row(row).items() if c in block.span}
            label = visible(text_of(cells.get(block.label)))
            heading = _lone_text(view, row, cells=cells, label=block.label)
            if heading and not (heading == label and self.labels.claimed_by(label)):
                theme = visible(heading) if _is_theme(heading) else theme
                continue
            if block.theme and (said := text_of(cells.get(block.theme))):
                theme = visible(said)
            self._read_row(
                view,
                block,
                row=row,
                cells=cells,
                label=label,
                theme=theme,
                uses=uses,
                widths=widths,
            )
        self._report_columns(view, block, uses=uses)

    def _read_row(
        self,
        view: View,
        block: Block,
        *,
        row: int,
        cells: Mapping[int, GridCell],
        label: str,
        theme: str | None,
        uses: Uses,
        widths: Widths,
    ) -> None:
        indicator = self.labels.claimed_by(label)
        if indicator is None:
            if self._says_figures(block, cells, is_labelled=bool(label)):
                self._report_row(view, block, row=row, cells=cells, label=label, theme=theme)
            return
        if indicator.ratio:
            self.messages.append(f"`{indicator.id}` is computed from others; its row is not read")
            return
        printed = text_of(cells.get(block.outturn or 0))
        if outturn_type(printed) not in (None, indicator.outturn):
            where = address(self.file, view.sheet.name, cell_name(row, block.outturn or 0))
            self.messages.append(
                f"{where} says `{visible(printed)}`, but `{indicator.id}` is a {indicator.outturn}"
            )
        place = text_of(cells.get(block.area or 0))
        area = self.areas.named(place) if place else self.areas.authority
        about = Row(
            indicator=indicator.id,
            number=row,
            label=label,
            sheet=view.sheet.name,
            theme=theme,
            unit=visible(text_of(cells.get(block.unit or 0))),
        )
        used = uses.of(indicator)
        if widths.are_off(row):
            self._say_ragged(view, block, row=row, headed=widths.headed)
            self.rows.refuse(about, view=view, uses=used, area=area)
            return
        self.rows.read(
            about,
            view=view,
            uses=used,
            indicator=indicator,
            area=area,
            is_target=_is_target_row(block, cells),
        )

    def _says_figures(
        self, block: Block, cells: Mapping[int, GridCell], *, is_labelled: bool
    ) -> bool:
        """Whether a row is one of the table: it has a figure, a word for one, or a type."""
        if block.outturn and outturn_type(text_of(cells.get(block.outturn))):
            return True
        figures = [cells[c.index] for c in block.figures if c.index in cells]
        return any(
            self.rows.said(cell).state != "unreadable"
            or cell.fault
            or (is_labelled and _may_be_figure(cell))
            for cell in figures
        )

    def _report_row(
        self,
        view: View,
        block: Block,
        *,
        row: int,
        cells: Mapping[int, GridCell],
        label: str,
        theme: str | None,
    ) -> None:
        column = block.label if label else min(cells)
        where = address(self.file, view.sheet.name, cell_name(*view.stands_at(row, column)))
        self.unmatched.append(Unmatched(label, where, self.labels.nearest(label)))
        if not label or len(self.drafts) >= _MOST_DRAFTS:
            return
        figures = [c for c in block.figures if c.index in cells]
        self.drafts.append(
            drafted_row(
                label,
                theme=theme,
                printed=outturn_type(text_of(cells.get(block.outturn or 0))),
                headings=[column.heading for column in block.figures],
                figures=[(c.heading, self.rows.said(cells[c.index])) for c in figures],
                targets=[
                    (c.heading, read_target(cells[c.index]))
                    for c in figures
                    if c.heading.role == "target"
                ],
                beside=[
                    (c.heading.text, text_of(cells[c.index]))
                    for c in block.columns
                    if c.index in cells and is_of_direction(c.heading.text)
                ],
            )
        )

    def _say_ragged(self, view: View, block: Block, *, row: int, headed: int) -> None:
        where = address(self.file, view.sheet.name, cell_name(row, block.label))
        self.messages.append(
            f"{where} has {view.sheet.widths[row]} cells in its row where the heading has "
            f"{headed}; none of the row's figures is read, as they may have slipped"
        )

    def _report_columns(self, view: View, block: Block, *, uses: Uses) -> None:
        """Names the columns that gave nothing, and why."""
        taken = {block.theme, block.outturn, block.area, block.unit, block.label}
        headed = {column.index: column for column in block.columns}
        for index in block.span:
            column = headed.get(index)
            if column is None:
                if index not in taken and self._holds_figures(view, block, index):
                    self._report_column(view, block, index, heading="", reason=NO_HEADING)
                continue
            reason = column.reason
            if column.holds_figures:
                is_unused = index not in uses.used
                reason = uses.reasons.get(index, "") if is_unused else ""
            elif index not in taken:
                reason = reason or NO_USE
            if reason:
                heading = visible(column.heading.text)
                self._report_column(view, block, index, heading=heading, reason=reason)

    def _report_column(
        self, view: View, block: Block, index: int, *, heading: str, reason: str
    ) -> None:
        lines = [row for row in reversed(block.header) if view.shown(row, index)]
        name = cell_name(*view.stands_at(lines[0] if lines else block.header[-1], index))
        key = (view.sheet.name, index, heading)
        where = address(self.file, view.sheet.name, name)
        self.unused.setdefault(key, UnusedColumn(where, heading, reason))

    def _holds_figures(self, view: View, block: Block, index: int) -> bool:
        cells = (view.sheet.cells[row].get(index) for row in block.rows)
        return any(self.rows.said(cell).state == "value" for cell in cells)


def _header_address(file: str, view: View, block: Block) -> str:
    return address(file, view.sheet.name, cell_name(block.header[0], block.span.start))


def _lone_text(view: View, row: int, *, cells: Mapping[int, GridCell], label: int) -> str:
    """The text of a row that holds nothing else, over however many columns; else empty.

    A number or letter before it, as in `1 | Front door`, is no more than that.
    """
    texts = {view.stands_at(row, c): cell for c, cell in cells.items()}
    if len(texts) == 2 and max(cells) == label:
        first, second = (text_of(cell) for cell in texts.values())
        return second if len(first) <= 3 and not second.isdigit() else ""
    cell = next(iter(texts.values()), None)
    is_lone = len(texts) == 1 and cell is not None and isinstance(cell.value, str)
    return text_of(cell) if is_lone else ""


def _may_be_figure(cell: GridCell) -> bool:
    """Whether a text that is not understood may be a figure that was spoilt."""
    text = text_of(cell) if isinstance(cell.value, str) else ""
    has_figure = any(character.isdigit() or character == "%" for character in text)
    return has_figure and len(text) <= _LONGEST_DAMAGED and not read_line(text).is_period


def _is_theme(text: str) -> bool:
    """Whether a text that stands alone is a heading and not a note."""
    is_note = text.casefold().startswith(_NOTE_BEGINNINGS) or text.endswith(".")
    return len(text) <= _LONGEST_THEME and not is_note


def _is_target_row(block: Block, cells: Mapping[int, GridCell]) -> bool:
    """Whether a row is the target's among the several that one label has."""
    first = min(column.index for column in block.figures)
    beside = {column.index for column in block.columns if column.reason} | set(block.span)
    taken = {block.theme, block.area, block.unit, block.label}
    return any(
        TARGET.issuperset(words) and words
        for column, cell in cells.items()
        if column < first and column in beside - taken
        for words in [words_of(text_of(cell))]
    )
