"""What a commentary file's syntax errors mean to an officer who wrote it in Notepad.

The parser says where it stopped and what it expected there. This says what to type: the
mistakes are few, and their cause stands on the line or a little before.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kpi.errors import Mistake

_CURLY = re.compile(r"[=\[,{]\s*[“”‘’„]|^\s*[“”‘’„]")
_BARE_NAME = re.compile(r"^\s*\[(theme|indicator)\.([^\]\"']*\s[^\]\"']*)\]")
_DATE = re.compile(r"^\s*date\s*=|\bby\s*=\s*\d")
_OPEN_LIST = re.compile(r"=\s*\[")
_TRIPLE = re.compile(r"'''|\"\"\"")


def in_plain_words(mistake: Mistake, text: str) -> Mistake:
    r"""A mistake of syntax, said and placed so that an officer can mend it.

    Args:
        mistake: As `kpi.readers.toml_file` gives it.
        text: The file's text.

    Example:
        >>> found = in_plain_words(Mistake(1, "", "unclosed array"), "actions = ['Ring them'\\n")
        >>> found.line, found.what
        (1, 'a list that opens with [ here is not closed by a ]')
    """
    lines = text.splitlines()
    line = lines[mistake.line - 1] if 0 < mistake.line <= len(lines) else ""
    if _CURLY.search(line):
        what = 'a curly quote stands here where a straight one is wanted: "..."'
        return replace(mistake, what=what)
    if found := _BARE_NAME.match(line):
        what = f'a name with blanks in it stands in quotes: [{found[1]}."{found[2].strip()}"]'
        return replace(mistake, what=what)
    if _DATE.search(line):
        return replace(mistake, what="a date is written year, month, day: 2021-11-09")
    return _unclosed(mistake, lines)


def _unclosed(mistake: Mistake, lines: list[str]) -> Mistake:
    """What opens and does not close, at the line where it opens."""
    said = mistake.what
    if re.search(r"character '\\[nr]'", said):
        what = "a quote that opens here is not closed on this line; several lines need '''"
        return replace(mistake, what=what)
    if said.startswith(("unterminated string", "expected \"'''\"", 'expected \'"""\'')):
        what = "a text that opens here is not closed"
        return replace(mistake, line=_last(_TRIPLE, lines, mistake.line), what=what)
    if "array" in said:
        what = "a list that opens with [ here is not closed by a ]"
        return replace(mistake, line=_last(_OPEN_LIST, lines, mistake.line), what=what)
    if said.startswith("unescaped '\\'"):
        return replace(mistake, what="a text with a backslash stands in single quotes: '...'")
    return mistake


def _last(wanted: re.Pattern[str], lines: list[str], otherwise: int) -> int:
    """The last line, counted from 1, on which something stands."""
    found = [number for number, line in enumerate(lines, start=1) if wanted.search(line)]
    return found[-1] if found else otherwise
