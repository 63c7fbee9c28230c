"""What a source file is and whether it is safe to open, told from its bytes, not its name.

A file is read once, so that what is hashed is what is parsed. Nothing is ever unpacked to
disk. What the cells say is left to `workbook` and `delimited`.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

from kpi.errors import SourceError
from kpi.readers.limits import USUAL, Limits, too_big, too_large, too_many_cells

Kind = Literal["xlsx", "ods", "xls", "parquet", "text"]

RATIO_FLOOR_BYTES = 20 * 1000 * 1000
"""Parts below this are harmless however well they shrink, such as a plain picture."""
MAX_ENTRIES = 10_000
"""Most parts in a workbook; the directory alone of a million would fill the memory."""
MAX_TEXT = 32_767
"""Most characters in a cell: Excel's own limit."""

SAVE_AS = "open it in Excel, choose File > Save As > Excel Workbook (.xlsx), and give that file"

_CHUNK, _PIECE, _HEAD = 1 << 20, 1 << 16, 1 << 12
_ZIP_ENTRY = struct.Struct("<4s5H3I2H")
_DIRECTORY_ENTRY = b"PK\x01\x02"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_NAME_STEP, _OLE_HEADER_SIZE = 128, 512
_OLDEST_XLS = (b"\t\x00\x04", b"\t\x02\x06", b"\t\x04\x06", b"\t\x08")
_XLS_BEGIN = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_XLS_PASSWORD = (b"\x2f\x00", b"\x86\x00\x00\x00\x2f\x00")

DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError,
           LookupError, ArithmeticError, RuntimeError, ValueError)  # fmt: skip
"""What `zipfile` and `zlib` raise, by experience, on what is no whole archive."""

# Parts that are read cell by cell; others are small or never opened.
_TABLES = re.compile(r"worksheets/|sharedstrings|content\.xml$", re.IGNORECASE)
_CELL_TAGS = (b"<c ", b"<c>", b"<c/", b"<table:table-cell", b"<table:covered-table-cell")

_UNPACK = "unpack it, and give the spreadsheet inside"
_RETYPE = "ask for the spreadsheet that it was made from"
_RECOPY = "copy its table into a workbook, and give that file"
_OTHER_FORMATS: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"), "a picture", _RETYPE),
    ((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!"), "a packed file", _UNPACK),
    ((b"{\\rtf",), "a Rich Text document", _RECOPY),
    ((b"SQLite format 3",), "a SQLite database", "export the table as CSV, and give that file"),
    (_OLDEST_XLS, "an Excel file in an older form than .xls", SAVE_AS),
)
_OTHER_ZIPS: tuple[tuple[str, str, str], ...] = (
    ("word/", "a Word document", _RECOPY),
    ("ppt/", "a PowerPoint presentation", _RECOPY),
    ("index/document.iwa", "an Apple Numbers document", "export it as Excel, and give that file"),
)
_OTHER_OLE: tuple[tuple[str, str, str], ...] = (
    ("WordDocument", "a Word document", _RECOPY),
    ("PowerPoint Document", "a PowerPoint presentation", _RECOPY),
    ("__nameid_version1.0", "an Outlook message", "save its attachment, and give that file"),
)
_WORKBOOK_TYPES = (b"ml.sheet.main+xml", b"ml.template.main+xml",
                   b"ms-excel.sheet.macro", b"ms-excel.template.macro")  # fmt: skip
# Comments are taken one by one and for good: a page of nothing else would take for ever.
_HTML = re.compile(
    r"(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*+"
    r"<(?:!doctype\s+html|(?:html|head|meta|title|body|table|style|script|div|center|font)[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"<(?:\?xml|!doctype|\w+:?\w*\s+xmlns)", re.IGNORECASE)
_MAIL = re.compile(r"(?:MIME-Version|Return-Path|Message-ID):\s", re.IGNORECASE)


def read_bytes(path: Path, *, limits: Limits = USUAL) -> bytes:
    """A source's content, read once and only from a regular file.

    Raises:
        SourceError: It is not there, is a folder, pipe or device, is larger than the limits
            allow, may not be read, or changed while it was being read.
    """
    try:
        _check_regular(os.stat(path), path=path, limits=limits)  # noqa: PTH116 - as below, on the open file
        # A pipe put in its place meanwhile would block for ever on opening.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as source:
            before = os.fstat(source.fileno())
            _check_regular(before, path=path, limits=limits)
            content = source.read(limits.file_bytes + 1)
            after = os.fstat(source.fileno())
    except (OSError, ValueError) as error:
        raise _unopened(error, path=path) from error
    if before.st_mtime_ns != after.st_mtime_ns or len(content) != after.st_size:
        raise SourceError(
            "the file changed while it was being read",
            where=str(path),
            hint="wait until it has been saved or synchronised, and run this again",
        )
    return content


def sniff(content: bytes, name: str) -> Kind:
    """What a source is, told by its content; the name counts only for lock files.

    Args:
        content: The file's bytes.
        name: The file's name without folders.

    Returns:
        `xlsx` (with macros or without), `ods`, `xls`, `parquet` or `text`.

    Raises:
        SourceError: It is empty, locked by a password, or something else: a web page, a
            PDF, a picture, a binary workbook. The hint says how to save it.
    """
    _check_lock_file(name)
    if not content.strip(b" \t\r\n\x00"):
        raise SourceError("the file is empty", where=name, hint="export it again")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(content, name=name)
    if content.startswith(_OLE):
        return _sniff_ole(content, name=name)
    if content.startswith(b"PAR1"):
        return "parquet"
    for magics, what, hint in _OTHER_FORMATS:
        if content.startswith(magics):
            raise _not_a_table(what, name=name, hint=hint)
    if b"%PDF-" in content[:1024]:
        raise _not_a_table("a PDF document", name=name, hint=_RETYPE)
    _check_markup(content, name=name)
    return "text"


def check_zip(content: bytes, *, file: str = "", limits: Limits = USUAL) -> None:
    """Refuses an archive that is damaged, or that would fill the memory when opened.

    Every part is inflated piece by piece and counted, whatever its headers say, and its
    checksum is verified.

    Args:
        content: The bytes of an xlsx or ods file.
        file: The file's name, for the message.
        limits: How much it may unpack to, and of how many cells and tags.

    Raises:
        SourceError: A limit is exceeded, or a part is damaged.
    """
    with _opened(content, file=file) as archive:
        entries = archive.infolist()
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise damaged("two of its parts have one name", where=file)
    if sum(entry.file_size for entry in entries) > limits.inflated_bytes:
        raise too_big(file)
    total = cells = tags = 0
    for entry in entries:
        counted = _TABLES.search(entry.filename) is not None
        for chunk in _checked_chunks(content, entry, file=file, ratio=limits.ratio):
            total += len(chunk)
            if counted:
                tags += chunk.count(b"<")
                cells += sum(chunk.count(begin) for begin in _CELL_TAGS)
            if total > limits.inflated_bytes or tags > limits.tags:
                raise too_big(file)
            if cells > limits.cells:
                raise too_many_cells(limits.cells, where=file)


def too_long_text(where: str) -> SourceError:
    """The refusal of a cell with more than `MAX_TEXT` characters."""
    return SourceError(
        f"a cell holds more than {MAX_TEXT:,} characters",
        where=where,
        hint="is a quote opened there and never closed? otherwise shorten the cell",
    )


def damaged(what: str, *, where: str) -> SourceError:
    """The refusal of a file that a copy or a program has spoilt."""
    return SourceError(
        f"the file is damaged: {what}",
        where=where,
        hint="fetch it again; or open it in Excel, let it repair the file, and save it",
    )


def _check_regular(status: os.stat_result, *, path: Path, limits: Limits) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise SourceError(
            "this is a folder", where=str(path), hint="name the files in it, such as `DIR/*.xlsx`"
        )
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(
            "this is a pipe or a device, not a file", where=str(path), hint="save it as a file"
        )
    if status.st_size > limits.file_bytes:
        raise too_large(limits.file_bytes, where=str(path))


def _unopened(error: OSError | ValueError, *, path: Path) -> SourceError:
    if isinstance(error, FileNotFoundError):
        what, hint = "there is no such file", "check the spelling and the folder"
    elif isinstance(error, PermissionError):
        what, hint = "the file may not be read", "close it elsewhere, or ask for access to it"
    else:
        reason = getattr(error, "strerror", None) or str(error)
        what, hint = f"the file cannot be read: {reason.lower()}", "copy it elsewhere"
    return SourceError(what, where=str(path), hint=hint)


def _check_lock_file(name: str) -> None:
    if name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#")):
        raise SourceError(
            "this is the mark that a spreadsheet program leaves while a file is open",
            where=name,
            hint="save and close the workbook, and give the workbook itself",
        )


def _not_a_table(what: str, *, name: str, hint: str) -> SourceError:
    return SourceError(f"this is {what}, not a spreadsheet or a CSV", where=name, hint=hint)


def locked(name: str) -> SourceError:
    """The refusal of a file that a password keeps closed."""
    return SourceError(
        "the file is locked by a password",
        where=name,
        hint="open it, take the password off (File > Info > Protect Workbook), and save a copy",
    )


def _check_markup(content: bytes, *, name: str) -> None:
    # A UTF-16 page loses its NULs here, and reads well enough to be recognised.
    head = content[:_HEAD].replace(b"\x00", b"").decode("latin-1").lstrip("ï»¿ÿþ \t\r\n")
    if _HTML.match(head):
        raise _not_a_table("a web page (HTML)", name=name, hint=SAVE_AS)
    if _XML.match(head):
        is_excel = "Excel.Sheet" in head or "office:spreadsheet" in head
        what = "an XML spreadsheet of Excel 2003" if is_excel else "an XML file"
        raise _not_a_table(what, name=name, hint=SAVE_AS)
    if _MAIL.match(head):
        raise _not_a_table("a saved e-mail or web page", name=name, hint=_RECOPY)


def _opened(content: bytes, *, file: str) -> zipfile.ZipFile:
    # Counted before opening, which would build an object for each.
    if content.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
        raise too_big(file)
    try:
        return zipfile.ZipFile(BytesIO(content))
    except DAMAGE as error:
        raise damaged("it is not a whole zip archive", where=file) from error


def _sniff_zip(content: bytes, *, name: str) -> Kind:
    with _opened(content, file=name) as archive:
        entries = {each.filename.replace("\\", "/").casefold(): each for each in archive.infolist()}
        if any(entry.flag_bits & 1 for entry in entries.values()):
            raise locked(name)

        def start_of(part: str) -> bytes:
            try:
                with archive.open(entries[part]) as opened:
                    return opened.read(_CHUNK)
            except DAMAGE:
                return b""

        if b"opendocument.spreadsheet" in start_of("mimetype"):
            if b"encryption-data" in start_of("meta-inf/manifest.xml"):
                raise locked(name)
            return "ods"
        if "xl/workbook.bin" in entries:
            raise _not_a_table("a binary workbook (.xlsb)", name=name, hint=SAVE_AS)
        types = start_of("[content_types].xml")
        if "xl/workbook.xml" in entries or any(each in types for each in _WORKBOOK_TYPES):
            return "xlsx"
    for begin, what, hint in _OTHER_ZIPS:
        if any(entry.startswith(begin) for entry in entries):
            raise _not_a_table(what, name=name, hint=hint)
    raise _not_a_table("a zip archive without a workbook", name=name, hint=_UNPACK)


def _sniff_ole(content: bytes, *, name: str) -> Kind:
    if _has_stream(content, "EncryptedPackage"):
        raise locked(name)
    if _has_stream(content, "Workbook") or _has_stream(content, "Book"):
        begin = content.find(_XLS_BEGIN)
        if begin >= 0 and content[begin + 20 : begin + 26].startswith(_XLS_PASSWORD):
            raise locked(name)
        return "xls"
    for stream, what, hint in _OTHER_OLE:
        if _has_stream(content, stream):
            raise _not_a_table(what, name=name, hint=hint)
    shift, directory = struct.unpack("<30xH16xI", content[:52].ljust(52, b"\x00"))
    if (directory + 2) << min(shift, 16) > len(content) or len(content) < _OLE_HEADER_SIZE:
        raise damaged("it ends too early", where=name)
    raise _not_a_table("an old Office file without a workbook", name=name, hint=SAVE_AS)


def _has_stream(content: bytes, stream: str) -> bool:
    """Whether an OLE2 file's directory names a stream; its entries lie on even steps."""
    # Some exporters write `WORKBOOK`.
    wanted = (each.encode("utf-16-le") + b"\x00\x00" for each in (stream, stream.upper()))
    places = (found.start() for each in wanted for found in re.finditer(re.escape(each), content))
    return any(place % _OLE_NAME_STEP == 0 for place in places)


def _checked_chunks(
    content: bytes, entry: zipfile.ZipInfo, *, file: str, ratio: int
) -> Iterator[bytes]:
    """A part's bytes, as they truly are; raises where they are not what the directory says."""
    size = checksum = 0
    try:
        for chunk in _chunks(_packed(content, entry), method=entry.compress_type):
            size += len(chunk)
            if size > RATIO_FLOOR_BYTES and size > ratio * entry.compress_size:
                raise too_big(file)
            checksum = zlib.crc32(chunk, checksum)
            yield chunk
    except DAMAGE as error:
        raise damaged("a part of it cannot be unpacked", where=file) from error
    if size != entry.file_size or checksum != entry.CRC:
        raise damaged("a part of it does not match its checksum", where=file)


def _packed(content: bytes, entry: zipfile.ZipInfo) -> memoryview:
    header = _ZIP_ENTRY.unpack_from(content, entry.header_offset)
    if header[0] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    begin = entry.header_offset + _ZIP_ENTRY.size + header[-2] + header[-1]
    if begin + entry.compress_size > len(content):
        raise zipfile.BadZipFile
    return memoryview(content)[begin : begin + entry.compress_size]


def _chunks(packed: memoryview, *, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for begin in range(0, len(packed), _CHUNK):
            yield bytes(packed[begin : begin + _CHUNK])
        return
    if method != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for begin in range(0, len(packed), _PIECE):
        rest: bytes | memoryview = packed[begin : begin + _PIECE]
        while rest and not inflater.eof:
            yield inflater.decompress(rest, _CHUNK)
            rest = inflater.unconsumed_tail
    while chunk := inflater.decompress(b"", _CHUNK):
        yield chunk
    if not inflater.eof:
        raise zipfile.BadZipFile
