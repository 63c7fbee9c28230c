"""Files made to fill a machine are refused by a process that takes little of it.

Each is read by a process of its own, which says how much memory it took at most. None may
run for long either, but a test that measures time fails on a busy machine: each process
has processor time that only a hang uses up.
"""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.sources import ROOT, WORKBOOK, XML_PARTS
from tests.readers.ods_files import a_cell, a_row, a_table, an_ods
from tests.readers.xls_files import XlsSheet, a_number, a_text, an_xls, record

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux tells a process's own memory"
)

MOST_KILOBYTES = 600_000
BOMB_KILOBYTES = 300_000
HANG_SECONDS = 60

READ = """
import resource, sys
from pathlib import Path
path, catalogue, seconds = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
from kpi.errors import SourceError
from kpi.readers.catalogue import read_catalogue
from kpi.readers.source import read_source
try:
    read_source(Path(path), catalogue=read_catalogue(Path(catalogue)))
except SourceError as refusal:
    print(refusal.what)
status = Path("/proc/self/status").read_text()
print(status.partition("VmHWM:")[2].split()[0])
"""


def a_large_part(piece: bytes, times: int) -> bytes:
    """A workbook whose sheet holds a piece so many times."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in WORKBOOK.items():
            if name != XML_PARTS[0]:
                archive.writestr(name, content)
        with archive.open(XML_PARTS[0], "w", force_zip64=True) as part:
            part.write(b"<worksheet><sheetData>")
            for _ in range(times):
                part.write(piece)
            part.write(b"</sheetData></worksheet>")
    return held.getvalue()


def numbers(count: int, *, columns: int) -> bytes:
    """A sheet's records of so many numbers, none of them whole."""
    pack = struct.Struct("<HHHHHd").pack
    return b"".join(
        pack(0x203, 14, at // columns, at % columns, 0, at + 0.5) for at in range(count)
    )


BOMBS: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "a part of spaces": (lambda: a_large_part(b" " * 1_000_000, 350), "unpacks", BOMB_KILOBYTES),
    "rows without end": (
        lambda: a_large_part(b"<row>" + b"<c><v>1</v></c>" * 50_000 + b"</row>", 21),
        "cells",
        BOMB_KILOBYTES,
    ),
    "repeats": (
        lambda: an_ods(a_table(a_row(a_cell(1, repeats=2_000), repeats=501))),
        "cells",
        BOMB_KILOBYTES,
    ),
    "legacy records": (
        lambda: an_xls(XlsSheet(record(0x0201) * 5_000_000)),
        "damaged",
        BOMB_KILOBYTES,
    ),
    "legacy styles": (
        lambda: an_xls(XlsSheet(a_number(0, 0, 1)), settings=record(0x00E0, bytes(20)) * 800_000),
        "damaged",
        BOMB_KILOBYTES,
    ),
    "legacy texts": (
        lambda: an_xls(
            XlsSheet(a_number(0, 0, 1)),
            settings=record(0x00FC, bytes(8)) + record(0x003C, a_text("") * 2_700) * 2_500,
        ),
        "cells",
        BOMB_KILOBYTES,
    ),
    "as many legacy cells as are allowed": (
        lambda: an_xls(XlsSheet(numbers(1_000_000, columns=20))),
        "no table",
        MOST_KILOBYTES,
    ),
    "figures that are not whole": (
        lambda: an_xls(XlsSheet(numbers(40_000, columns=20))),
        "no table",
        BOMB_KILOBYTES,
    ),
    "a million columns": (
        lambda: b"Indicator" + b",Oct-21" * 1_000_000 + b"\n",
        "columns",
        BOMB_KILOBYTES,
    ),
    "one gigantic cell": (
        lambda: b'Indicator,Oct-21\n"' + b"x\n" * 4_000_000 + b'",1\n',
        "characters",
        BOMB_KILOBYTES,
    ),
    "text of as many cells as are allowed": (
        lambda: b"Indicator,Oct-21\n" + b"".join(b"%d,%d.5\n" % (n, n) for n in range(520_000)),
        "cells",
        MOST_KILOBYTES,
    ),
}


LARGEST = ("as many legacy cells as are allowed", "text of as many cells as are allowed")


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little_memory(name: str, tmp_path: Path) -> None:
    if name in LARGEST and os.environ.get("KPI_BOMBS") != "all":
        pytest.skip("takes ten seconds: KPI_BOMBS=all")
    made, said, most = BOMBS[name]
    path = tmp_path / "bomb"
    path.write_bytes(made())
    ran = subprocess.run(
        [sys.executable, "-c", READ, str(path), str(ROOT / "indicators.toml"), str(HANG_SECONDS)],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
        check=True,
    )
    refusal, kilobytes = ran.stdout.splitlines()
    assert said in refusal
    assert int(kilobytes) < most
