"""On which line each key of a TOML text stands; for messages only.

No parser of TOML tells, so this walks the text once more. It trusts that the text is
valid TOML and reads no values: both are left to tomli. Call it when there is a mistake
to show, not before.
"""

from __future__ import annotations

import re
from contextlib import suppress

import tomli

KeyPath = tuple[str | int, ...]
"""Keys from the outside in; a number is a place in an array, counted from 0."""

_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_STRING = re.compile(
    r'"""[^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*"{3,5}'
    r"|'''[^']*(?:'{1,2}(?!')[^']*)*'{3,5}"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")


def line_numbers(text: str) -> dict[KeyPath, int]:
    r"""Every key path of a valid TOML text with its line, counted from 1.

    A table has the line of its own header where it has one, else of the first line that
    names it; an item of an array has the line on which it begins.

    Example:
        >>> line_numbers('[a]\nb.c = [1,\n2]')[("a", "b", "c", 1)]
        3
    """
    return _Walk(text.replace("\r\n", "\n")).lines()


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int:
    """The line of a path, or of the innermost table around it that there is, or 1."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def dotted(path: KeyPath) -> str:
    """A path as TOML writes it.

    Example:
        >>> dotted(("indicator", "re-referrals", "target", 0, "per"))
        'indicator.re-referrals.target[0].per'
    """
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f"[{part}]"
        else:
            words += "." * bool(words) + _quoted(part)
    return words


def _quoted(key: str) -> str:
    if _BARE_KEY.fullmatch(key):
        return key
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in key)
    return f'"{shown}"'


class _Walk:
    """One pass over a text: where it stands, and what it has seen."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 1
        self.found: dict[KeyPath, int] = {}
        self.tables_in: dict[KeyPath, int] = {}

    def lines(self) -> dict[KeyPath, int]:
        """The paths found; those up to the place where the text stops making sense."""
        with suppress(ValueError):
            self.tables()
        return self.found

    def tables(self) -> None:
        around: KeyPath = ()
        self.skip(_BLANK)
        while self.position < len(self.text):
            if self.text.startswith("[", self.position):
                around = self.header()
            else:
                self.pair(around)
            self.skip(_BLANK)

    def skip(self, form: re.Pattern[str]) -> str:
        """Moves past what a pattern matches here, and gives it."""
        match = form.match(self.text, self.position)
        passed = match.group() if match else ""
        self.position += len(passed)
        self.line += passed.count("\n")
        return passed

    def past(self, mark: str) -> bool:
        """Whether a mark stands next; moves past it and the blanks around it."""
        self.skip(_BLANK)
        if not self.text.startswith(mark, self.position):
            return False
        self.position += len(mark)
        self.skip(_BLANK)
        return True

    def key(self) -> list[str]:
        """The parts of a dotted key."""
        parts = [self.key_part()]
        while self.past("."):
            parts.append(self.key_part())
        return parts

    def key_part(self) -> str:
        if bare := self.skip(_BARE_KEY):
            return bare
        return str(tomli.loads(f"key = {self.skip(_STRING)}")["key"])

    def header(self) -> KeyPath:
        """Passes `[table]` or `[[table]]`; gives the path of what follows."""
        line = self.line
        repeated = self.past("[[")
        if not repeated:
            self.past("[")
        path: KeyPath = ()
        *around, last = self.key()
        for part in around:
            path = self.newest((*path, part))
            self.found.setdefault(path, line)
        path = (*path, last)
        if repeated:
            self.found.setdefault(path, line)
            self.tables_in[path] = self.tables_in.get(path, 0) + 1
            path = self.newest(path)
        self.found[path] = line
        self.past("]]" if repeated else "]")
        return path

    def newest(self, path: KeyPath) -> KeyPath:
        """A path, or its last table where it is an array of tables."""
        return (*path, self.tables_in[path] - 1) if path in self.tables_in else path

    def pair(self, around: KeyPath) -> None:
        """Passes `key = value`."""
        line = self.line
        path = around
        for part in self.key():
            path = (*path, part)
            self.found.setdefault(path, line)
        self.past("=")
        self.value(path)

    def value(self, path: KeyPath) -> None:
        if self.past("["):
            self.array(path)
        elif self.past("{"):
            self.inline_table(path)
        elif not (self.skip(_STRING) or self.skip(_BARE_VALUE)):
            raise ValueError("no value")

    def array(self, path: KeyPath) -> None:
        count = 0
        while not self.past("]"):
            self.found[(*path, count)] = self.line
            self.value((*path, count))
            self.past(",")
            count += 1

    def inline_table(self, path: KeyPath) -> None:
        while not self.past("}"):
            self.pair(path)
            self.past(",")
