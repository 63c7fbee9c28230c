"""A TOML file's bytes to its document, or the one sentence why not.

Takes what Notepad writes (a byte order mark, Windows line ends). What the document
should hold is left to the caller.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import tomli

from kpi.errors import CatalogueError, Mistake
from kpi.readers.toml_lines import KeyPath, dotted

_LARGEST = 1_000_000
_DEEPEST = 32
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
# A figure as a sheet shows it: `1,500`, `95%`, `£2,000`.
_FIGURE = re.compile(
    r"=\s*(?P<pound>£\s*)?(?P<whole>-?(?:\d{1,3}(?:,\d{3})+|\d+))(?P<rest>\.\d+)?"
    r"(?P<percent>\s*(?:%|per\s?cent\b))?(?=\s*(?:[,}]|$))"
)
_QUOTED_OR_COMMENT = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_NAMES = re.compile(r"'([^']*)'")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file that was read.

    Attributes:
        text: Its text, without the byte order mark.
        sha256: Hash of its bytes.
        document: Its tables.
    """

    text: str
    sha256: str
    document: dict[str, object]


def read_toml(path: Path, *, any_encoding: bool = False) -> TomlFile:
    """A file's document.

    Args:
        path: The file.
        any_encoding: Whether what Windows programs save instead of UTF-8 is taken too.

    Raises:
        CatalogueError: It is not there, cannot be read, is no text in UTF-8, or is not
            TOML; the mistake, where there is one, has its line.
    """
    raw = _bytes(path)
    text = _decoded(raw, path, any_encoding=any_encoding)
    try:
        document = tomli.loads(text)
    except RecursionError:
        raise _refusal(path, Mistake(0, "", "tables or lists stand too deep")) from None
    except ValueError as error:
        raise _refusal(path, _syntax_mistake(str(error), text)) from None
    if _is_too_deep(document):
        raise _refusal(path, Mistake(0, "", "tables or lists stand too deep"))
    return TomlFile(text, hashlib.sha256(raw).hexdigest(), document)


def _bytes(path: Path) -> bytes:
    where = str(path)
    try:
        # A pipe that nobody writes to would block for ever, on opening already.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            _check_regular(os.fstat(file.fileno()), where=where)
            raw = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise CatalogueError(
            f"there is no catalogue `{path.name}`",
            where=where,
            hint="`kpi init` makes one; `--catalogue PATH` names another",
        ) from None
    except IsADirectoryError:
        raise CatalogueError(
            "a folder is no catalogue", where=where, hint="name the file in it"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is no name of a file"
        raise CatalogueError(f"the catalogue cannot be read: {reason}", where=where) from None
    if len(raw) > _LARGEST:
        raise CatalogueError(
            f"the catalogue is larger than {_LARGEST // 1_000_000} MB", where=where
        )
    return raw


def _check_regular(status: os.stat_result, *, where: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise CatalogueError(
            "a pipe or a device is no catalogue", where=where, hint="save it as a file"
        )


def _decoded(raw: bytes, path: Path, *, any_encoding: bool) -> str:
    if any_encoding and raw.startswith(_UTF_16):
        with suppress(UnicodeDecodeError):
            return raw.decode("utf-16")
    if raw.startswith(_UTF_16) or b"\0" in raw:
        raise CatalogueError(
            "the catalogue is not text in UTF-8; it looks like UTF-16",
            where=str(path),
            hint="save it again with the encoding UTF-8",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if any_encoding:
            with suppress(UnicodeDecodeError):
                return raw.decode("cp1252")
        line = raw.count(b"\n", 0, error.start) + 1
        what = "a character here is not in UTF-8: save the file with the encoding UTF-8"
        raise _refusal(path, Mistake(line, "", what)) from None


def _refusal(path: Path, mistake: Mistake) -> CatalogueError:
    return CatalogueError(
        "the catalogue is not TOML that can be read", where=str(path), mistakes=(mistake,)
    )


def _syntax_mistake(message: str, text: str) -> Mistake:
    """What tomli says, in our words where its own would not help an officer."""
    place = _PLACE.search(message)
    said = message[: place.start()] if place else message
    line = text.count("\n") + 1
    if place and place["line"]:
        line = int(place["line"])
    if wanted := _figure_wanted(text, line=line):
        return Mistake(line, "", wanted)
    if said.startswith("Cannot declare"):
        path: KeyPath = tuple(_NAMES.findall(said))
        return Mistake(line, dotted(path), "this table is there twice, or once as a key")
    if said.startswith("Cannot overwrite"):
        return Mistake(line, "", "this key is there twice")
    if said.startswith("Invalid value"):
        return Mistake(line, "", "a value is wanted here; text stands in double quotes")
    if said.startswith("Exceeds the limit"):
        return Mistake(0, "", "a number has too many digits")
    return Mistake(line, "", said[:1].lower() + said[1:])


def _figure_wanted(text: str, *, line: int) -> str:
    """How a figure is written that stands on a line as officers write it; empty where none is.

    Example:
        >>> _figure_wanted("target = 1,500 # a month", line=1)
        'write 1500, without a comma'
    """
    lines = text.splitlines()
    said = _QUOTED_OR_COMMENT.sub("", lines[line - 1]) if 0 < line <= len(lines) else ""
    for found in _FIGURE.finditer(said):
        signs = {"£": found["pound"], "a comma": "," in found["whole"], "%": found["percent"]}
        if without := [sign for sign, is_there in signs.items() if is_there]:
            plain = found["whole"].replace(",", "") + (found["rest"] or "")
            return f"write {plain}, without {' and '.join(without)}"
    return ""


def _is_too_deep(document: dict[str, object]) -> bool:
    level: list[object] = [document]
    for _ in range(_DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
    return bool(level)


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list) else []
