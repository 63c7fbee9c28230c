"""A workbook (xlsx, xlsm) as cells: value, number format, sheet and address.

Only the parts that say what the cells hold are opened, each streamed once, so drawings,
comments, links, pivot tables and fonts cannot break the reading. openpyxl supplies what
Excel's dates and number formats mean; its own loading stops at a missing drawing, makes
an object of every cell under a merge, and reads formulas and results in two passes.

Whether the content is a workbook and safe to inflate is for `preflight` to say first, a
sheet's cells are left to `worksheet`, what they mean to `cells` and the layouts.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from kpi.readers.grid import Grid, Sheet
from kpi.readers.limits import USUAL, Limits
from kpi.readers.markup import Attributes, stream_xml
from kpi.readers.preflight import DAMAGE, damaged
from kpi.readers.sheets import CellFormat, cell_format, stray_notes
from kpi.readers.worksheet import Runs, SheetReader, is_true, local, unescaped


@dataclass(frozen=True, slots=True)
class _Package:
    """A workbook's archive; part names are looked up as Excel does, whatever their case."""

    archive: ZipFile
    names: dict[str, str]
    file: str

    def has(self, part: str) -> bool:
        return _plain(part) in self.names

    def open(self, part: str) -> IO[bytes]:
        return self.archive.open(self.names[_plain(part)])


@dataclass(frozen=True, slots=True)
class _Workbook:
    """What the workbook's own part says; `sheets` holds name, state and part of each."""

    sheets: tuple[tuple[str, str, str], ...]
    strings: str
    styles: str
    epoch: datetime
    must_recalculate: bool


def read_workbook(content: bytes, *, file: str, sha256: str, limits: Limits = USUAL) -> Grid:
    """A workbook's sheets as cells with addresses, in the workbook's order.

    Sheets hold worksheets only, hidden ones flagged; hidden rows and columns are read as
    any others. A cell under a merge, which nobody sees, is left out. Text comes as typed,
    superscript digits as such (`63¹`). An Excel error or a formula without a result is a
    cell with that fault. Notes name cells that stand far from their table.

    Args:
        content: The bytes of a workbook that `preflight.check_zip` let through.
        file: The file's name without folders.
        sha256: The hash of the content.
        limits: How many cells and columns it may hold.

    Raises:
        SourceError: The workbook is damaged, holds an entity attack or more than the
            limits allow.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = {_plain(name): name for name in archive.namelist()}
            return _grid(_Package(archive, names, file), sha256=sha256, limits=limits)
    except DAMAGE as error:
        raise damaged("a part of it is missing or cannot be read", where=file) from error


def _plain(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").casefold()


def _grid(package: _Package, *, sha256: str, limits: Limits) -> Grid:
    workbook = _workbook(package)
    strings = _shared_strings(package, workbook.strings) if workbook.strings else []
    styles, epoch = workbook.styles, workbook.epoch
    formats = _formats(package, styles, epoch=epoch) if styles else []
    sheets: list[Sheet] = []
    notes: list[str] = []
    cells = 0
    for name, state, part in workbook.sheets:
        reader = SheetReader(
            f"{package.file}:{name}",
            strings=strings,
            formats=formats,
            must_recalculate=workbook.must_recalculate,
            limits=limits,
            count=cells,
        )
        _parse(package, part, start=reader.start, end=reader.end, text=reader.text)
        sheet = reader.sheet(name, hidden=state != "visible")
        cells = reader.count
        sheets.append(sheet)
        notes += stray_notes(sheet)
    return Grid(package.file, sha256, tuple(sheets), tuple(notes))


def _parse(
    package: _Package,
    part: str,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    with package.open(part) as source:
        stream_xml(source, file=package.file, start=start, end=end, text=text)


def _workbook(package: _Package) -> _Workbook:
    part = next(
        (target for kind, target in _relations(package, "").values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )
    relations = _relations(package, part)
    listed: list[tuple[str, str, str]] = []
    settings: dict[str, Attributes] = {}

    def start(name: str, attributes: Attributes) -> None:
        tag, said = local(name), {local(key): value for key, value in attributes.items()}
        if tag == "sheet":
            kind, target = relations[said["id"]]
            if kind == "worksheet":
                listed.append((unescaped(said["name"]), said.get("state", "visible"), target))
        elif tag in ("workbookPr", "calcPr"):
            settings[tag] = said

    _parse(package, part, start=start)
    kinds = {kind: target for kind, target in relations.values() if package.has(target)}
    is_1904 = is_true(settings.get("workbookPr", {}).get("date1904"))
    return _Workbook(
        sheets=tuple(listed),
        strings=kinds.get("sharedStrings", ""),
        styles=kinds.get("styles", ""),
        epoch=MAC_EPOCH if is_1904 else WINDOWS_EPOCH,
        must_recalculate=is_true(settings.get("calcPr", {}).get("fullCalcOnLoad")),
    )


def _relations(package: _Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to by id: the kind, such as `worksheet`, and the part's name."""
    folder, name = posixpath.split(part)
    file = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Attributes) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
            kind = attributes["Type"].rpartition("/")[2]
            found[attributes["Id"]] = (kind, target.lstrip("/"))

    if package.has(file):
        _parse(package, file, start=start)
    return found


def _formats(package: _Package, part: str, *, epoch: datetime) -> list[CellFormat]:
    """The number format of each cell style, by its index."""
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    used: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        tag = local(name)
        if tag == "numFmt" and inside[-1:] == ["numFmts"]:
            codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag == "xf" and inside[-1:] == ["cellXfs"]:
            used.append(int(attributes.get("numFmtId", 0)))
        inside.append(tag)

    _parse(package, part, start=start, end=lambda _: inside.pop())
    meant = {each: cell_format(codes.get(each, "General"), epoch=epoch) for each in set(used)}
    return [meant[each] for each in used]


def _shared_strings(package: _Package, part: str) -> list[str]:
    strings: list[str] = []
    runs = Runs()

    def start(name: str, attributes: Attributes) -> None:
        runs.start(local(name), attributes)

    def end(name: str) -> None:
        tag = local(name)
        runs.end(tag)
        if tag == "si":
            strings.append(runs.whole())

    _parse(package, part, start=start, end=end, text=runs.text)
    return strings
