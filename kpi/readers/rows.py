"""The cells of one row of a report: what each says, and where no cell can be trusted.

Which columns a row's indicator uses is said by `kpi.readers.uses`, what a single cell
says by `kpi.readers.cells`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kpi.domain.catalogue import Indicator
from kpi.domain.observation import address
from kpi.readers.blocks import Block
from kpi.readers.cells import CellReading, TargetReading, read_cell, read_target
from kpi.readers.grid import GridCell, cell_name
from kpi.readers.reading import Figures, Row, Unreadable
from kpi.readers.uses import Use
from kpi.readers.view import View, text_of

_BLANK = CellReading(None, "blank")


@dataclass(slots=True)
class RowReader:
    """Reads the figures of claimed rows into observations.

    Attributes:
        figures: Takes the observations.
        unreadable: Takes the cells that are not understood.
        messages: Takes sentences about what a reader should know.
    """

    file: str
    authority: str
    figures: Figures
    unreadable: list[Unreadable] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    _texts: dict[str, CellReading] = field(default_factory=dict)

    def read(
        self,
        row: Row,
        *,
        view: View,
        uses: Sequence[Use],
        indicator: Indicator,
        area: str,
        is_target: bool,
    ) -> None:
        """Takes in a row's figures, blanks of its periods included."""
        places = [view.stands_at(row.number, use.column.index) for use in uses]
        is_merged = row.number in view.spread
        counts = Counter(places) if is_merged else {}
        percents: list[str] = []
        for use, place in zip(uses, places, strict=True):
            if place[0] != row.number and use.column.heading.role != "target":
                continue  # merged with the row above, which has read it
            cell = view.sheet.cells.get(place[0], {}).get(place[1])
            is_shared = is_merged and counts[place] > 1
            if is_target or use.column.heading.role == "target":
                self._add_target(row, use, cell=cell, area=area)
                continue
            said = self._said(cell, is_shared=is_shared)
            if said.percent and indicator.outturn != "percentage":
                percents.append(cell_name(row.number, use.column.index))
            self._add(row, use, said=said, area=area)
        if percents:
            where = address(self.file, row.sheet, percents[0])
            self.messages.append(
                f"{where} is written as a percentage, but `{indicator.id}` is a {indicator.outturn}"
            )

    def refuse(self, row: Row, *, view: View, uses: Sequence[Use], area: str) -> None:
        """Takes in each of a row's cells as unreadable: its figures may have slipped."""
        for use in uses:
            cell = view.shown(row.number, use.column.index)
            said = CellReading(None, "unreadable", raw=text_of(cell))
            if use.column.heading.role == "outturn":
                self._add(row, use, said=said, area=area)

    def said(self, cell: GridCell | None) -> CellReading:
        """What a cell says; a text is looked at once."""
        if cell is None:
            return _BLANK
        if not isinstance(cell.value, str) or cell.fault:
            return read_cell(cell)
        said = self._texts.get(cell.value)
        if said is None:
            said = self._texts[cell.value] = read_cell(cell)
        return said

    def _said(self, cell: GridCell | None, *, is_shared: bool) -> CellReading:
        """What a cell says; a figure that spans several periods is none of theirs."""
        said = self.said(cell)
        if is_shared and said.state == "value":
            return CellReading(None, "unreadable", raw=said.raw)
        return said

    def _add(self, row: Row, use: Use, *, said: CellReading, area: str) -> None:
        index = use.column.index
        if said.state == "unreadable":
            self._report(row, index, raw=said.raw)
        self.figures.add(
            row,
            column=index,
            role="outturn",
            area=use.column.heading.area or area,
            period=use.period,
            value=said.value,
            state=said.state,
            raw=said.raw,
            marks=(*use.marks, *said.marks),
        )

    def _add_target(self, row: Row, use: Use, *, cell: GridCell | None, area: str) -> None:
        said: TargetReading = read_target(cell)
        if said.state == "blank":
            return
        index = use.column.index
        if said.state == "unreadable":
            self._report(row, index, raw=said.raw)
        self.figures.add(
            row,
            column=index,
            role="target",
            area=use.column.heading.area or area,
            period=use.period,
            value=said.value,
            state=said.state,
            raw=said.raw,
            target_per=said.per or use.column.heading.per,
        )

    def _report(self, row: Row, column: int, *, raw: str) -> None:
        where = address(self.file, row.sheet, cell_name(row.number, column))
        self.unreadable.append(Unreadable(where, raw))


@dataclass(slots=True)
class Widths:
    """How many cells the rows of a table were written with, against its header.

    A container that does not say has no widths, and none of its rows is off.
    """

    view: View
    block: Block
    headed: int = 0
    _all_wider: bool | None = None

    def __post_init__(self) -> None:
        widths = self.view.sheet.widths
        self.headed = max(widths.get(line, 0) for line in self.block.header)

    def are_off(self, row: int) -> bool:
        """Whether a row has fewer or more cells than its header, so that any may have slipped.

        Cells may be missing at the end where none of them would hold a figure, and all
        rows may be wider than the header by cells that say nothing.
        """
        width = self.view.sheet.widths.get(row)
        if width is None:
            return False
        last = max(column.index for column in self.block.figures)
        if width < last:
            return True
        if width < self.headed:
            final = self.view.shown(row, width)
            return width == last and final is not None and read_cell(final).state == "unreadable"
        return width > self.headed and not self._are_all_wider()

    def _are_all_wider(self) -> bool:
        """Whether all rows have the same number of cells, those beyond the header blank."""
        if self._all_wider is None:
            sheet = self.view.sheet
            full = [row for row in self.block.rows if len(sheet.cells[row]) > 1]
            is_beyond = any(max(sheet.cells[row]) > self.headed for row in full)
            self._all_wider = not is_beyond and len({sheet.widths[row] for row in full}) == 1
        return self._all_wider
