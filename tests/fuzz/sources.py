"""Bytes that nobody meant as a report, made into a source file, and what must hold of it.

The first byte says where the rest is put: the file as it is, or a part of a workbook that
is whole otherwise, as checksums stop a changed archive before its parts are looked at.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from kpi.domain.catalogue import Catalogue
from kpi.errors import KpiError, SourceError
from kpi.readers.catalogue import read_catalogue
from kpi.readers.compound import read_stream
from kpi.readers.source import SourceReading, read_source
from kpi.store import Store
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Project
from tests.readers.ods_files import ODS_TYPE, a_table, an_ods, rows_of
from tests.readers.xls_files import XlsSheet, a_container, a_label, a_number, an_xls, formats

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
NOW = datetime(2021, 11, 9, 9, tzinfo=UTC)
LABEL = "Number of referrals in the month"

Wrapping = Callable[[bytes], bytes]


def parts_of(archive: bytes) -> dict[str, bytes]:
    """An archive's parts by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def archived(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts, quickly made."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def in_part(parts: dict[str, bytes], name: str) -> Wrapping:
    """What makes bytes one part of an archive that has these others."""
    return lambda said: archived(parts | {name: said})


ROWS: list[list[object]] = [["Indicator", "Target", "Sep-21", "Oct-21"], [LABEL, 300, 293, "TBC"]]


def _workbook() -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet("Board")
        for number, row in enumerate(ROWS):
            sheet.write_row(number + 1, 0, row)
        sheet.merge_range(0, 0, 0, 3, "Board report, October 2021")
        sheet.write_number(2, 2, 0.634, book.add_format({"num_format": "0.0%"}))
        sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")
        sheet.write_datetime(1, 4, datetime(2021, 11, 1), book.add_format({"num_format": "mmm-yy"}))
    return held.getvalue()


WORKBOOK = parts_of(_workbook())
XML_PARTS = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)
ODS = an_ods(a_table(*rows_of(ROWS), name="Board"))
XLS = an_xls(
    XlsSheet(
        a_label(0, 0, "Indicator")
        + a_label(0, 1, "Sep-21")
        + a_label(0, 2, "Oct-21")
        + a_label(1, 0, LABEL)
        + a_number(1, 1, 293.0)
        + a_number(1, 2, 0.634, style=1)
    ),
    settings=formats("General", "0.0%"),
)


def _parquet() -> bytes:
    held = io.BytesIO()
    row = {"indicator": "referrals", "period": "2021-10", "value": 293.0}
    pl.DataFrame([row]).write_parquet(held)
    return held.getvalue()


WRAPPINGS: tuple[Wrapping, ...] = (
    bytes,
    *(in_part(WORKBOOK, name) for name in XML_PARTS),
    in_part({"mimetype": ODS_TYPE.encode()}, "content.xml"),
    lambda said: a_container({"Workbook": said}),
)
"""What the first byte chooses from."""


def seeds() -> Iterator[bytes]:
    """Inputs to begin with: the samples in every wrapping, and small files of every kind."""
    for path in (*sorted(SAMPLES.glob("board-report-*")), SAMPLES / "scan-damage.csv"):
        yield b"\x00" + path.read_bytes()
    for number, name in enumerate(XML_PARTS, start=1):
        yield bytes([number]) + WORKBOOK[name]
    yield bytes([6]) + parts_of(ODS)["content.xml"]
    yield bytes([7]) + read_stream(XLS, names=["Workbook"], file="seed.xls")
    tidy = f"indicator,area,unit,period,value,state\n{LABEL},,,Oct-21,293,\nreferrals,,A,2021/22,,c"
    published = (
        "time_period,time_identifier,geographic_level,country_code,country_name,new_la_code,la_name,"
        "cla_number\n2021,Reporting year,National,E92000001,England,,,80850\n"
    )
    for said in (ODS, XLS, _parquet(), tidy.encode(), tidy.encode("utf-16"), published.encode()):
        yield b"\x00" + said


def as_file(said: bytes) -> bytes:
    """The source file that an input stands for."""
    return WRAPPINGS[said[0] % len(WRAPPINGS)](said[1:]) if said else b""


def a_project(folder: Path) -> Project:
    """The seed's catalogue and a store that is not begun."""
    return Project(read_catalogue(ROOT / "indicators.toml"), Store(folder / ".kpi"))


def read_or_refused(content: bytes, *, folder: Path, project: Project) -> None:
    """Reads a source as `kpi ingest --dry-run` does.

    Raises:
        AssertionError: It was read, to something no reader may give.
        Exception: Anything but our own errors.
    """
    path = folder / "source"
    path.write_bytes(content)
    try:
        reading = read_source(path, catalogue=project.catalogue)
    except SourceError as failure:
        refusal: SourceError | None = failure
    else:
        refusal = None
        check_reading(reading)
    if refusal is not None:
        assert refusal.what
        assert refusal.where
        return
    ingested = ingest(project, [path], IngestOptions(dry_run=True), now=NOW)
    assert ingested.answer.rows.height == 1


def check_reading(reading: SourceReading) -> None:
    """A value is a finite number and all else is null; every figure has its address."""
    rows = reading.observations
    for value, state in rows.select("value", "state").iter_rows():
        assert (value is not None) == (state == "value")
        assert value is None or math.isfinite(value)
    assert rows["source_file"].null_count() == 0
    assert rows["source_cell"].null_count() == 0


def catalogue_or_refused(said: bytes, *, path: Path) -> Catalogue | None:
    """The catalogue that these bytes are; null where they are refused with a sentence.

    Raises:
        Exception: Anything but our own errors.
    """
    path.write_bytes(said)
    try:
        return read_catalogue(path)
    except KpiError:
        return None
