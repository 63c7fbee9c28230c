"""How wide text is on a screen, and where it breaks; knows nothing of pages or tables."""

from __future__ import annotations

import re
import unicodedata

_MARKED = re.compile(r".*[/\\\-_:;,.|)\]]")


def width_of(text: str) -> int:
    """How many columns a text takes: none for a combining mark, two for a wide character.

    Example:
        >>> width_of("Visits"), width_of("é"), width_of("児童")
        (6, 1, 4)
    """
    return len(text) if text.isascii() else sum(map(_character_width, text))


def wrapped(text: str, *, width: int, hanging: int = 0) -> list[str]:
    """A text broken at its blanks into lines of at most a width; one line for an empty text.

    A word wider than the line is broken hard: after its last mark of a path or a compound, or
    where the line is full.

    Args:
        text: Text of one line.
        width: Columns of the longest line.
        hanging: Blanks before every line but the first.

    Example:
        >>> wrapped("Referrals in the month", width=12, hanging=2)
        ['Referrals in', '  the month']
    """
    indent = " " * min(hanging, width - 1)
    lines = [""]
    for word in filter(None, text.split(" ")):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(joined) <= width:
            lines[-1] = joined
        else:
            lines.extend(indent + piece for piece in _pieces(word, width=width - len(indent)))
    if len(lines) > 1 and not lines[0]:  # the very first word did not fit
        lines = [lines[1].removeprefix(indent), *lines[2:]]
    return lines


def cut(line: str, *, width: int) -> list[str]:
    """A line with all its blanks, broken hard wherever it is full; one piece for an empty line."""
    pieces = [""]
    for character in line:
        if pieces[-1] and width_of(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def longest_word(text: str) -> int:
    """The width of a text's widest word; 0 for none."""
    return max(map(width_of, text.split(" ")), default=0)


def _pieces(word: str, *, width: int) -> list[str]:
    """A word in pieces that fit, each ending at a mark where one stands in its second half."""
    pieces = []
    while width_of(word) > width:
        piece = cut(word, width=width)[0]
        marked = _MARKED.match(piece)
        piece = marked.group() if marked and marked.end() * 2 > len(piece) else piece
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word]


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
