"""Who an e-mail is from, who it is to and what it is called: checked, then written as headers.

What is typed is never trusted. A control character is refused, an address is read by a
narrow grammar and written anew from its parts, and a text that a mail program could take
for an encoded one is encoded itself, so that it shows as it was typed. What stands below
the headers is left to `kpi.renderers.email`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr

from kpi.domain.visible import visible
from kpi.errors import RequestError

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_BARE = rf"(?!-){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
_NAME = r'"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<name>[^"<>@,;:\\]*[^"<>@,;:\\ ])'
_ADDRESS = re.compile(rf" *(?:(?P<bare>{_BARE})|(?:(?:{_NAME}) *)?<(?P<angled>{_BARE})>) *")
_LONGEST_ADDRESS = 254
_LONGEST_LINE = 76
_FORMS = 'write `officer@example.gov.uk`, or `"Name" <officer@example.gov.uk>`'


@dataclass(frozen=True, slots=True)
class Address:
    """An address and the name shown for it, empty for none."""

    name: str
    at: str

    @property
    def domain(self) -> str:
        """What stands after the `@`."""
        return self.at.partition("@")[2]


def sender_address(text: str) -> Address:
    """The one address that an e-mail comes from.

    Args:
        text: What was given as `--from`: `officer@example.gov.uk`, or with a name before
            it in angle brackets.

    Raises:
        RequestError: It is missing, not an address, or several.
    """
    if not text.strip():
        raise RequestError("an e-mail needs a sender", hint="say --from ADDRESS")
    first, *others = _addresses(text, option="--from")
    if others:
        raise RequestError(
            "an e-mail has one sender", where="--from", hint="say --from with one address"
        )
    return first


def recipient_addresses(texts: Sequence[str]) -> tuple[Address, ...]:
    """The addresses that an e-mail goes to, in order.

    Args:
        texts: What was given as `--to`, each one address or several with commas between.

    Raises:
        RequestError: There is none, or something is not an address.
    """
    found = tuple(
        each for text in texts if text.strip() for each in _addresses(text, option="--to")
    )
    if not found:
        raise RequestError("an e-mail needs a recipient", hint="say --to ADDRESS")
    return found


def address_lines(addresses: Sequence[Address]) -> str:
    """Addresses as a header's value, one a line."""
    return ",\n ".join(_written(each) for each in addresses)


def subject_lines(subject: str) -> str:
    """A subject as a header's value, over as many lines as it needs.

    Raises:
        RequestError: It holds a line end or another character that nobody sees.
    """
    _refuse_hidden(subject, option="--subject")
    return _words(subject, room=_LONGEST_LINE - len("Subject: "))


def _addresses(text: str, *, option: str) -> tuple[Address, ...]:
    _refuse_hidden(text, option=option)
    found, at = [], 0
    while match := _ADDRESS.match(text, at):
        address = match["bare"] or match["angled"]
        name = re.sub(r"\\(.)", r"\1", match["quoted"] or "") or match["name"] or ""
        found.append(Address(" ".join(name.split()), address))
        at = match.end()
        if at == len(text) and len(address) <= _LONGEST_ADDRESS:
            return tuple(found)
        if text[at : at + 1] != ",":
            break
        at += 1
    raise RequestError(f"`{text}` is no e-mail address", where=option, hint=_FORMS)


def _refuse_hidden(text: str, *, option: str) -> None:
    shown = visible(text)
    if shown != text:
        raise RequestError(
            f"`{shown}` holds a line end or another hidden character",
            where=option,
            hint=f"say {option} with a text of one line",
        )


def _written(address: Address) -> str:
    if not address.name:
        return address.at
    name = _words(address.name, room=_LONGEST_LINE // 2)
    if name == address.name:
        return formataddr((name, address.at))
    return f"{name}\n <{address.at}>"


def _words(text: str, *, room: int) -> str:
    """A text as it is where that is safe and short, else encoded."""
    if text.isascii() and "=?" not in text and text == text.strip() and len(text) <= room:
        return text
    return Header(text, "utf-8", maxlinelen=_LONGEST_LINE, header_name="Subject").encode()
