"""XML parts streamed tag by tag, guarded against what only files made to do harm hold.

What the tags mean is left to the readers of each kind of workbook.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from kpi.errors import SourceError
from kpi.readers.preflight import damaged

MAX_DEPTH = 100
"""Deepest that a part's tags may nest; each open one takes memory."""

_CHUNK = 1 << 18

Attributes = dict[str, str]


def stream_xml(
    source: IO[bytes],
    *,
    file: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Calls back at each tag and text; nothing is kept but what the callbacks keep.

    Args:
        source: The part, opened.
        file: The file's name, for messages.
        start: Called where a tag begins, with its name as written and its attributes.
        end: Called where a tag ends.
        text: Called with the characters between tags.

    Raises:
        SourceError: It is no XML, is nested without end, or declares a document type.
    """
    parser = expat.ParserCreate()
    depth = 0

    def begin(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise damaged("its XML is nested without end", where=file)
        start(name, attributes)

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(name)

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype(file)
    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.CharacterDataHandler = text
    try:
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged("its XML cannot be read", where=file) from error


def _refuse_doctype(file: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise SourceError(
            "the workbook declares entities, as files made to do harm do and no "
            "spreadsheet program does",
            where=file,
            hint="do not open it; ask its sender what it is",
        )

    return refuse
