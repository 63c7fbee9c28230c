"""A RAG status as a word, a letter, a shape and a colour; and each tone's colour.

The word always stands; the others only repeat it. Colours of a terminal are the
sixteen that its owner chose, those of a page have a contrast of at least 4.5 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from kpi.domain.paper.document import Tone

UNRATED = "not rated"


@dataclass(frozen=True, slots=True)
class Look:
    """How a RAG status is shown.

    Attributes:
        word: What every output says.
        letter: For a column one character wide.
        shape: Stands before the word where the encoding has it, else nothing does.
        tone: The tone of the word's cell.
    """

    word: str
    letter: str
    shape: str
    tone: Tone


LOOKS: dict[str, Look] = {
    "red": Look("RED", "R", "▲", "red"),
    "amber": Look("AMBER", "A", "●", "amber"),
    "green": Look("GREEN", "G", "★", "green"),
    "blue": Look("BLUE", "B", "◆", "blue"),
}
NOT_RATED = Look(UNRATED, "-", "–", "muted")


@dataclass(frozen=True, slots=True)
class Paint:
    """A tone's colours.

    Attributes:
        sgr: The terminal's codes, between `ESC [` and `m`.
        ink, ground: Text and background of a page; empty for the page's own.
        dark_ink, dark_ground: The same for a reader who asked for a dark page.
    """

    sgr: str
    ink: str = ""
    ground: str = ""
    dark_ink: str = ""
    dark_ground: str = ""


PAINTS: dict[Tone, Paint] = {
    "plain": Paint(""),
    "red": Paint("1;31", "#0b0c0c", "#f6d7d2", "#ffffff", "#7a1f12"),
    "amber": Paint("1;33", "#0b0c0c", "#fff0c7", "#ffffff", "#6b4a00"),
    "green": Paint("1;32", "#0b0c0c", "#cce2d8", "#ffffff", "#0f5132"),
    "blue": Paint("1;94", "#0b0c0c", "#d2e2f1", "#ffffff", "#144e81"),
    "muted": Paint("2", "#505a5f", "", "#b1b4b6", ""),
    "better": Paint("32", "#005a30", "", "#8fd3ae", ""),
    "worse": Paint("31", "#942514", "", "#f3a79b", ""),
    "strong": Paint("1"),
}

PAGE = Paint("", "#0b0c0c", "#ffffff", "#f3f2f1", "#16191b")
"""The page's own colours."""


def look(status: str | None) -> Look:
    """How a RAG status is shown; null, and anything unheard of, is not rated.

    Example:
        >>> look("red").word, look(None).word
        ('RED', 'not rated')
    """
    return LOOKS.get(status or "", NOT_RATED)


def shape_of(text: str) -> str:
    """The shape that belongs before a cell whose text begins with a rating; empty for others.

    Example:
        >>> shape_of("AMBER"), shape_of("not rated"), shape_of("reduced")
        ('●', '–', '')
    """
    for each in (*LOOKS.values(), NOT_RATED):
        if text == each.word or text.startswith(each.word + " "):
            return each.shape
    return ""


def painted(text: str, tone: Tone) -> str:
    """Text between a terminal's codes for a tone; as it is where the tone has none."""
    sgr = PAINTS[tone].sgr
    return f"\x1b[{sgr}m{text}\x1b[0m" if sgr and text else text
