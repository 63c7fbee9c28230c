"""The one sanitiser of text: what cannot be seen, or does harm where it is shown, is spelt out."""

from __future__ import annotations

import re

# Control characters, what turns the direction of text, and what nobody can see; the two
# joiners stay, because some scripts cannot be written without them.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SHORT_ESCAPES = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def visible(text: str) -> str:
    r"""Text in which every control, direction or invisible character is spelt out.

    The outcome holds one line and no byte that a terminal obeys; cleaning it again
    changes nothing.

    Example:
        >>> visible("Visits\x1b[31m\nred")
        'Visits\\x1b[31m\\nred'
    """
    return _HIDDEN.sub(lambda found: escaped(found.group()), text)


def escaped(character: str) -> str:
    r"""One character spelt out: `\t`, `\x1b`, `\u202e` or `\U000e0041`."""
    code = ord(character)
    if short := _SHORT_ESCAPES.get(character):
        return short
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
