"""The addresses of an e-mail, as options, and a page as a whole message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kpi.domain.paper.document import Document

EML = "eml"

To = Annotated[
    list[str] | None,
    typer.Option(metavar="ADDRESS", help="Whom an e-mail goes to; may be repeated."),
]
Sender = Annotated[str, typer.Option("--from", metavar="ADDRESS", help="Whom an e-mail is from.")]
Subject = Annotated[
    str, typer.Option(metavar="TEXT", help="An e-mail's subject; else the paper's title.")
]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a message is to and from, and what it is called; empty for the page's title."""

    to: Sequence[str]
    sender: str
    subject: str = ""

    def check(self) -> None:
        """Refuses what is no address, before the work and not after it.

        Raises:
            RequestError: Sender or recipients are missing or no addresses.
        """
        from kpi.renderers.email_headers import recipient_addresses, sender_address

        sender_address(self.sender)
        recipient_addresses(self.to)

    def message(self, document: Document, *, date: datetime | None) -> bytes:
        """The page as a whole message.

        Args:
            document: What to say.
            date: The moment that it is of.
        """
        from kpi.renderers.email import render_email

        return render_email(
            document, to=self.to, sender=self.sender, subject=self.subject, date=date
        )
