"""Reading an e-mail back as a mail program does, and a mail server that keeps what it is sent."""

from __future__ import annotations

import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from html.parser import HTMLParser
from threading import Thread
from typing import cast

from kpi.domain.chart import SpcChart, SpcPoint
from kpi.domain.period import Period

_FIGURE = re.compile(r"\d[\d,.]*%?")
_VOID = {"meta", "img"}


def opened(content: bytes) -> EmailMessage:
    """A message as the standard library reads it, without a defect in any part."""
    message = message_from_bytes(content, policy=policy.default)
    parts: list[Message] = list(message.walk())
    assert not [defect for part in parts for defect in part.defects]
    return message


def said(message: EmailMessage, kind: str) -> str:
    """The text of a message's part `plain` or `html`, its lines ending as on this machine."""
    part = message.get_body((kind,))
    assert part is not None
    text = str(part.get_content())
    assert text.count("\n") == text.count("\r") == text.count("\r\n")
    return text.replace("\r\n", "\n")


def figures(text: str) -> set[str]:
    """Every number of a text, as it is written."""
    return {each.rstrip(",.") for each in _FIGURE.findall(text)}


class Read(HTMLParser):
    """The tags of an e-mail's HTML, checked to be nested; what a reader sees or hears of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert (tag != "table") or ("table" not in self.open)
        if tag not in _VOID:
            self.open.append(tag)
        self.texts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def values(self, name: str) -> list[str]:
        """The values of an attribute, wherever it is written."""
        return [each[name] or "" for _, each in self.tags if name in each]


def a_chart(title: str = "Visits in time", *, points: int = 7, first: float = 60.0) -> SpcChart:
    """A chart of consecutive months, each 1.5 above the one before."""
    months = [Period.of_month(2019 + place // 12, place % 12 + 1) for place in range(points)]
    drawn = tuple(
        SpcPoint(month, first + 1.5 * place, 70.0, 58.25, 81.75, "common_cause")
        for place, month in enumerate(months)
    )
    return SpcChart(title, drawn, suffix="%", decimals=1, target=90.0)


class _Session(socketserver.StreamRequestHandler):
    """The server's side of one delivery: as much of RFC 5321 as a client needs."""

    timeout = 10

    def handle(self) -> None:
        self._say("220 mail ready")
        for line in self.rfile:
            match line[:4].upper():
                case b"DATA":
                    self._say("354 go on")
                    self._keep()
                    self._say("250 kept")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._inbox.envelope.append(line.decode().strip())
                    self._say("250 fine")

    @property
    def _inbox(self) -> Inbox:
        return cast("Inbox", self.server)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _keep(self) -> None:
        for line in iter(self.rfile.readline, b".\r\n"):
            self._inbox.content += line.removeprefix(b".")


class Inbox(socketserver.TCPServer):
    """A mail server on this machine that takes one delivery and keeps its bytes."""

    timeout = 10

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.envelope: list[str] = []
        self.content = b""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def an_inbox() -> Iterator[Inbox]:
    """A server that waits for one delivery; once left, it has taken it."""
    with Inbox() as inbox:
        delivery = Thread(target=inbox.handle_request)
        delivery.start()
        yield inbox
        delivery.join(timeout=10)
        assert not delivery.is_alive()
