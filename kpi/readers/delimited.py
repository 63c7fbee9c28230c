"""Delimited text (CSV, TSV and their like) as cells, addressed as a spreadsheet shows them.

Encoding and separator are told from the whole text. Nothing is guessed from the system's
language, and nothing becomes a number or a date here: every value is the text as typed.
What it means is left to `cells` and the layouts.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from kpi.errors import SourceError
from kpi.readers.grid import Grid, GridCell, Sheet, cell_name
from kpi.readers.limits import USUAL, Limits, too_many_cells, too_many_columns
from kpi.readers.preflight import MAX_TEXT, too_long_text

SEPARATORS = (",", "\t", ";", "|")
"""What may stand between cells; the earlier wins where two fit equally well."""

MAX_LINE = 1_000_000
"""Most characters in a line: a table as wide as allowed stays far below."""

_SAVE_UTF8 = "save it again as `CSV UTF-8 (Comma delimited)`"
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_DECIMAL_COMMA = re.compile(r"[-−]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+),[0-9]{1,2}\s*%?")
_POINT_OF_THOUSANDS = re.compile(r"[-−]?[0-9]{1,3}(?:\.[0-9]{3})+")
SEPARATOR_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?[ ,;\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
# An exporter's guard against text that a spreadsheet would run as a formula.
_GUARDED = frozenset("=+-@\t\r＝＋－＠")


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a separator fits: the share of rows that agree on a width, and that width."""

    share: float
    width: int


def read_delimited(content: bytes, *, file: str, sha256: str, limits: Limits = USUAL) -> Grid:
    """A delimited text as one sheet without a name.

    Rows are counted as a spreadsheet that opens the file counts them: by record, empty
    lines included, a first line `sep=;` left out. Blank cells are absent; `widths` holds
    how many cells each record was written with. UTF-8, UTF-16 and Windows-1252 are read,
    the last only where no other fits. An apostrophe before `=`, `+`, `-` or `@` at the
    start of a cell, by which exporters keep spreadsheets from running text as a formula,
    is taken away again; `'-5` is then -5. Where semicolons separate and `63,4` shows decimal
    commas, `1.897` could be either of two figures and is not read.

    Args:
        content: The file's bytes.
        file: Its name without folders.
        sha256: The hash of the content.
        limits: How many cells and columns it may hold.

    Raises:
        SourceError: It is empty, in no known encoding or in two, holds NUL characters or
            an unclosed quote, or more than the limits allow.
    """
    text = decoded(content, file=file)
    declared = SEPARATOR_LINE.match(text)
    if declared:
        text = text[declared.end() :]
    _check_lines(text, file=file)
    separator = declared[1] if declared else separator_of(text)
    cells: dict[int, dict[int, GridCell]] = {}
    widths: dict[int, int] = {}
    count, columns = 0, set[int]()
    for number, record in enumerate(split_records(text, separator=separator, file=file), start=1):
        widths[number] = len(record)
        row = _row(record, number=number, file=file)
        if row:
            cells[number] = row
            count += len(row)
            columns |= row.keys()
        if count > limits.cells:
            raise too_many_cells(limits.cells, where=file)
        if len(columns) > limits.columns:
            raise too_many_columns(limits.columns, where=file)
    if separator == ";" and _has_decimal_commas(cells):
        cells = {number: _with_points_doubted(row) for number, row in cells.items()}
    return Grid(file, sha256, (Sheet(None, cells, widths=widths),))


def _has_decimal_commas(cells: Mapping[int, Mapping[int, GridCell]]) -> bool:
    """Whether figures such as `63,4` show that commas stand where decimal points do."""
    texts = (str(cell.value) for row in cells.values() for cell in row.values())
    return any(_DECIMAL_COMMA.fullmatch(text) for text in texts)


def _with_points_doubted(row: Mapping[int, GridCell]) -> dict[int, GridCell]:
    """The row, whose `1.897` may well be 1,897 among decimal commas: it is not read."""
    return {
        column: GridCell(cell.value, fault=str(cell.value))
        if _POINT_OF_THOUSANDS.fullmatch(str(cell.value))
        else cell
        for column, cell in row.items()
    }


def _row(record: list[str], *, number: int, file: str) -> dict[int, GridCell]:
    row = {}
    for column, said in enumerate(record, start=1):
        if said and not said.isspace():
            if len(said) > MAX_TEXT:
                raise too_long_text(f"{file}!{cell_name(number, column)}")
            row[column] = GridCell(_unguarded(said))
    return row


def _unguarded(said: str) -> str:
    return said[1:] if said[0] == "'" and said[1:2] in _GUARDED else said


def split_records(text: str, *, separator: str, file: str) -> Iterator[list[str]]:
    """The text's records; an empty line is a record of no cells."""
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    begin = 1
    try:
        for record in reader:
            yield record
            begin = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise too_long_text(f"{file}, line {begin}") from error
        raise SourceError(
            f"the quotes of the record that begins on line {begin} do not pair up",
            where=file,
            hint='close the quote, and write a quote inside a quoted cell twice: `""`',
        ) from error


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends; `StringIO` would take four bytes a character."""
    return (found[0] for found in _LINE.finditer(text))


def decoded(content: bytes, *, file: str) -> str:
    """The text of a file in any usual encoding; one that is not known is refused."""
    if not content:
        raise SourceError("the file is empty", where=file, hint="export it again")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], encoding=encoding, file=file)
    if wide := _wide_encoding(content):
        return _strictly(content, encoding=wide, file=file)
    try:
        return _without_nul(content.decode("utf-8"), file=file)
    except UnicodeDecodeError:
        if _UTF8_SEQUENCE.search(content):
            raise _undecodable("is in two encodings, UTF-8 and another", file=file) from None
        return _strictly(content, encoding="cp1252", file=file)


def _strictly(content: bytes, *, encoding: str, file: str) -> str:
    try:
        return _without_nul(content.decode(encoding), file=file)
    except UnicodeDecodeError as error:
        raise _undecodable("holds bytes that no known encoding explains", file=file) from error


def _without_nul(text: str, *, file: str) -> str:
    if "\x00" in text:
        raise _undecodable("holds NUL characters, which no text has", file=file)
    return text


def _undecodable(what: str, *, file: str) -> SourceError:
    return SourceError(f"the file {what}", where=file, hint=_SAVE_UTF8)


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 without its mark, where every second byte of plain text is NUL."""
    head = content[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = max(even, odd)
    if len(content) % 2 or min(even, odd) or most < 0.4 * len(head) / 2 or not most:
        return None
    return "utf-16-le" if odd else "utf-16-be"


def _check_lines(text: str, *, file: str) -> None:
    """Refuses a line that would be slow to split and could be no row."""
    begin = 0
    for found in re.finditer(r"[\r\n]|\Z", text):
        if found.start() - begin > MAX_LINE:
            raise SourceError(
                f"a line holds more than {MAX_LINE:,} characters",
                where=file,
                hint="export the table again, one record a line",
            )
        begin = found.end()


def separator_of(text: str) -> str:
    """The separator by which most records agree on how many cells they have.

    A separator that quotes contradict is judged by its plain lines from there on, so that
    an unclosed quote is told of the separator that was meant.
    """
    present = [separator for separator in SEPARATORS if separator in text]
    if len(present) < 2:
        return present[0] if present else SEPARATORS[0]
    fits = {separator: _fit(text, separator=separator) for separator in present}
    return max(present, key=lambda separator: (fits[separator].share, fits[separator].width))


def _fit(text: str, *, separator: str) -> _Fit:
    widths = Counter(_widths(text, separator=separator))
    del widths[0]
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return _Fit(0.0, 1)
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    return _Fit(count / widths.total(), width)


def _widths(text: str, *, separator: str) -> Iterator[int]:
    """How many cells each record has, 0 where it has nothing in them."""
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    done = 0
    try:
        for record in reader:
            yield len(record) if any(record) else 0
            done = reader.line_num
    except csv.Error:
        for line in islice(_lines(text), done, None):
            yield line.count(separator) + 1 if line.strip() else 0
