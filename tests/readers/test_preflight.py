"""What a file is, told by its bytes, and which archives are refused before they are opened."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.errors import SourceError
from kpi.readers import preflight
from kpi.readers.limits import MAX_FILE_BYTES, USUAL, Limits
from kpi.readers.preflight import check_zip, read_bytes, sniff

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "Referrals"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def archive(parts: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return held.getvalue()


def ole(*streams: str, rest: bytes = b"") -> bytes:
    """An OLE2 file's header and a directory that names the streams."""
    header = preflight._OLE + bytes(512 - len(preflight._OLE))
    entries = (name.encode("utf-16-le").ljust(128, b"\x00") for name in ("Root Entry", *streams))
    return header + b"".join(entries) + rest


def parquet() -> bytes:
    held = io.BytesIO()
    pl.DataFrame({"indicator": ["referrals"], "value": [1.0]}).write_parquet(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (workbook(), "xlsx"),
        (archive({"[Content_Types].xml": "application/…spreadsheetml.sheet.main+xml"}), "xlsx"),
        (archive({"mimetype": ODS_TYPE, "content.xml": ""}, method=zipfile.ZIP_STORED), "ods"),
        (ole("Workbook"), "xls"),
        (ole("Book"), "xls"),
        (parquet(), "parquet"),
        (b"Indicator,Apr-21\nReferrals,336\n", "text"),
        ("Indicator\tApr-21\n".encode("utf-16"), "text"),
        (b"<5,c,x\n", "text"),
        (b"\xff\xfea\x00", "text"),
    ],
)
def test_a_kind_is_told_by_content_whatever_the_name(content: bytes, kind: str) -> None:
    assert sniff(content, "report.pdf") == kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html><table>", "web page"),
        (b"<html xmlns:x='urn'><body><table>", "web page"),
        (b"<!-- saved --> <table border=1>", "web page"),
        ("<HTML><body>".encode("utf-16"), "web page"),
        (b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook>", "Excel 2003"),
        (b"<?xml version='1.0'?><rows/>", "XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "saved e-mail or web page"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x00junk%PDF-1.4\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"{\\rtf1 }", "Rich Text"),
        (b"\x1f\x8b\x08", "packed file"),
        (b"SQLite format 3\x00", "SQLite"),
        (archive({"word/document.xml": ""}), "Word"),
        (archive({"ppt/presentation.xml": ""}), "PowerPoint"),
        (archive({"xl/workbook.bin": b""}), ".xlsb"),
        (archive({"Index/Document.iwa": b""}), "Numbers"),
        (archive({"report.csv": "a,b"}), "zip archive without a workbook"),
        (ole("EncryptedPackage"), "password"),
        (ole("Workbook", rest=preflight._XLS_BEGIN + bytes(12) + b"\x2f\x00\x36\x00"), "password"),
        (ole("WordDocument"), "Word"),
        (ole("Other"), "without a workbook"),
        (workbook()[:300], "damaged"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said) as refused:
        sniff(content, "board.xls")
    assert refused.value.exit_code == 3
    assert refused.value.where == "board.xls"
    assert refused.value.hint


def test_a_page_of_comments_is_told_at_once() -> None:
    """Told in steps that grow with the page's length, not with its powers."""
    assert sniff(b"<!---->" * 500 + b"a,b", "a.csv") == "text"


def test_a_name_inside_a_cell_is_no_stream_of_its_own() -> None:
    """A legacy workbook may speak of an `EncryptedPackage` in its text."""
    text = b"\x00" * 6 + "EncryptedPackage\x00".encode("utf-16-le")
    assert sniff(ole("Workbook", rest=text), "a.xls") == "xls"


@pytest.mark.parametrize("name", ["~$board.xlsx", ".~lock.board.xlsx#"])
def test_a_lock_file_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(SourceError, match="while a file is open"):
        sniff(b"\x05Officer", name)


def test_a_workbook_with_encrypted_parts_is_locked() -> None:
    content = bytearray(archive({"xl/workbook.xml": "<workbook/>"}))
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 8] |= 1
    with pytest.raises(SourceError, match="password"):
        sniff(bytes(content), "board.xlsx")


def test_an_encrypted_ods_is_locked() -> None:
    manifest = "<manifest:encryption-data/>"
    with pytest.raises(SourceError, match="password"):
        sniff(archive({"mimetype": ODS_TYPE, "META-INF/manifest.xml": manifest}), "board.ods")


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind_or_are_refused(content: bytes) -> None:
    for begin in (b"", b"PK\x03\x04", preflight._OLE, b"PAR1", b"<"):
        with suppress(SourceError):
            assert sniff(begin + content, "any") in ("xlsx", "ods", "xls", "parquet", "text")


def test_a_sound_workbook_passes() -> None:
    check_zip(workbook(), file="board.xlsx")


def test_a_stored_part_passes() -> None:
    check_zip(archive({"a.xml": b"x" * 3_000_000}, method=zipfile.ZIP_STORED))


def test_a_part_that_inflates_in_several_pieces_passes() -> None:
    noise = random.Random(1).randbytes(3_000_000)
    check_zip(archive({"a.bin": noise, "b.bin": noise * 3}))


def big_archive(name: str, piece: bytes, times: int) -> bytes:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as opened,
        opened.open(name, "w", force_zip64=True) as part,
    ):
        for _ in range(times):
            part.write(piece)
    return held.getvalue()


def with_declared_sizes(content: bytes, size: int) -> bytes:
    """The archive with headers that claim another unpacked size."""
    lying = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = lying.find(mark)
        while at >= 0:
            struct.pack_into("<I", lying, at + offset, size)
            at = lying.find(mark, at + 4)
    return bytes(lying)


ZEROS = bytes(1_000_000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (big_archive("xl/media/a.bmp", ZEROS, 320), "unpacks to more"),
        (with_declared_sizes(archive({"a": ZEROS * 30}), 1000), "unpacks to more"),
        (archive({f"xl/a{n}": ZEROS * 19 for n in range(17)}), "unpacks to more"),
        (big_archive("xl/worksheets/sheet1.xml", b"<c/>" * 10_000, 201), "cells"),
        (big_archive("xl/sharedStrings.xml", b"<si/><b></b>" * 50_000, 120), "unpacks to more"),
        (b"PK\x01\x02" * 10_001, "unpacks to more"),
    ],
    ids=["declared", "lying headers", "many parts", "cells", "tags", "entries"],
)
def test_a_bomb_is_refused(content: bytes, said: str) -> None:
    assert len(content) < 1_000_000
    with pytest.raises(SourceError, match=said) as refused:
        check_zip(content, file="bomb.xlsx")
    assert refused.value.where == "bomb.xlsx"


def test_parts_that_share_their_bytes_are_counted_each() -> None:
    """A bomb may point many directory entries at one part."""
    content = bytearray(archive({"a" * 8: ZEROS * 15}))
    begin, end = content.find(b"PK\x01\x02"), content.find(b"PK\x05\x06")
    entries = b"".join(bytes(content[begin:end]).replace(b"a" * 8, b"a%07d" % n) for n in range(25))
    tail = bytearray(content[end:])
    struct.pack_into("<HHI", tail, 8, 25, 25, len(entries))
    with pytest.raises(SourceError, match="unpacks to more"):
        check_zip(bytes(content[:begin]) + entries + bytes(tail))


def test_the_total_is_counted_from_what_comes_out() -> None:
    lying = with_declared_sizes(archive({"a": b"x" * 200_000}), 10)
    with pytest.raises(SourceError, match="unpacks to more"):
        check_zip(lying, limits=Limits(inflated_bytes=100_000))


@pytest.mark.parametrize("size", [10, 30_000])
def test_a_size_other_than_declared_is_damage(size: int) -> None:
    lying = with_declared_sizes(archive({"a": b"x" * 20_000}), size)
    with pytest.raises(SourceError, match="does not match"):
        check_zip(lying)


@pytest.mark.parametrize("packed", [5, 10_000_000])
def test_a_part_that_does_not_end_where_declared_is_damage(packed: int) -> None:
    content = bytearray(archive({"a": random.Random(1).randbytes(1000)}))
    struct.pack_into("<I", content, content.find(b"PK\x01\x02") + 20, packed)
    with pytest.raises(SourceError, match="cannot be unpacked"):
        check_zip(bytes(content))


def test_a_part_that_does_not_begin_where_declared_is_damage() -> None:
    content = bytearray(archive({"a": b"x" * 1000, "b": b"y" * 1000}))
    struct.pack_into("<I", content, content.find(b"PK\x01\x02") + 42, 3)
    with pytest.raises(SourceError, match="cannot be unpacked"):
        check_zip(bytes(content))


def test_a_flipped_byte_is_found() -> None:
    content = bytearray(archive({"xl/a.xml": random.Random(1).randbytes(500)}))
    content[100] ^= 1
    with pytest.raises(SourceError, match="damaged"):
        check_zip(bytes(content))


@pytest.mark.parametrize("flip", range(30, 1500, 41))
def test_no_flipped_byte_passes_unseen_into_another_figure(flip: int) -> None:
    sound = workbook()
    content = bytearray(sound)
    content[flip] ^= 0x10
    try:
        check_zip(bytes(content))
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            parts = [opened.read(each) for each in opened.infolist()]
    except (SourceError, zipfile.BadZipFile):
        return
    with zipfile.ZipFile(io.BytesIO(sound)) as opened:
        assert parts == [opened.read(each) for each in opened.infolist()]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        opened.writestr("xl/workbook.xml", "one")
        opened.writestr("xl/Workbook.xml", "two")
    with pytest.raises(SourceError, match="one name"):
        check_zip(held.getvalue())


def test_a_method_that_excel_does_not_know_is_refused() -> None:
    with pytest.raises(SourceError, match="cannot be unpacked"):
        check_zip(archive({"a": b"x" * 100}, method=zipfile.ZIP_BZIP2))


def test_parts_named_outside_the_archive_are_only_counted(tmp_path: Path) -> None:
    check_zip(archive({"../../evil.txt": "x", "/evil.txt": "x"}))
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_archive_is_damaged() -> None:
    with pytest.raises(SourceError, match="damaged"):
        check_zip(workbook()[:-30])


@given(st.binary(max_size=200), st.integers(0, 4000))
def test_overwritten_archives_are_refused_or_pass_but_never_crash(noise: bytes, at: int) -> None:
    content = workbook()
    spoilt = content[:at] + noise + content[at + len(noise) :]
    with suppress(SourceError):
        check_zip(spoilt)


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "board [final]*.csv"
    path.write_bytes(b"a,b\r\n\x00")
    assert read_bytes(path) == b"a,b\r\n\x00"


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    assert read_bytes(tmp_path / "b.csv") == b"a"


def pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(path)


def missing(path: Path) -> None:
    """Leaves nothing there."""


def loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (missing, "no such file"),
        (Path.mkdir, "folder"),
        (pipe, "pipe"),
        (loop, "cannot be read"),
    ],
)
def test_only_a_regular_file_is_opened(tmp_path: Path, make: object, said: str) -> None:
    assert callable(make)
    path = tmp_path / "a.csv"
    make(path)
    with pytest.raises(SourceError, match=said) as refused:
        read_bytes(path)
    assert refused.value.where == str(path)
    assert refused.value.exit_code == 3


def test_a_pipe_that_takes_the_place_of_a_file_does_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    pipe(path)
    seen: list[os.stat_result] = []

    def check(status: os.stat_result, *, path: Path, limits: Limits) -> None:
        seen.append(status)
        if len(seen) > 1:
            real(status, path=path, limits=limits)

    real = preflight._check_regular
    monkeypatch.setattr(preflight, "_check_regular", check)
    with pytest.raises(SourceError, match="pipe"):
        read_bytes(path)


def test_a_name_with_a_nul_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_bytes(tmp_path / "a\x00b")


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as opened:
        opened.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(SourceError, match="larger than 50 MB") as refused:
        read_bytes(path)
    assert "`kpi ingest --limits 4`" in refused.value.hint
    assert len(read_bytes(path, limits=USUAL.times(2))) == MAX_FILE_BYTES + 1


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a")

    def locked(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", locked)
    with pytest.raises(SourceError, match="may not be read") as refused:
        read_bytes(path)
    assert "close it" in refused.value.hint


def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a")
    real, calls = os.fstat, []

    def fstat(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            with path.open("ab") as opened:
                opened.write(b"more")
        return real(descriptor)

    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(SourceError, match="changed while"):
        read_bytes(path)
