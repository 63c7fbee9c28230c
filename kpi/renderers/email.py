"""A document as an e-mail: one whole message, to be handed to `sendmail -t` or any server.

The text comes first and says everything; then the same as HTML with its charts as
pictures, for the mail programs that show one. The same document to the same people is the
same bytes: what a message usually takes from clock or chance is taken from its content.
Lines end as RFC 5322 wants them and none is longer than 78 bytes, unless an address is.
Nothing is sent from here. Addresses and subject are left to `kpi.renderers.email_headers`,
the HTML to `kpi.renderers.email_html`.
"""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime

from kpi.domain.chart import SpcChart
from kpi.domain.paper.document import Block, Document, Paragraph, Picture
from kpi.domain.period import short_label
from kpi.renderers.charts import png
from kpi.renderers.email_headers import (
    address_lines,
    recipient_addresses,
    sender_address,
    subject_lines,
)
from kpi.renderers.email_html import Attached, email_html
from kpi.renderers.encoding import readable
from kpi.renderers.text import PIPE_WIDTH, render_text

_SCALE = 1.5  # sharp on a laptop's screen, at three quarters of the weight of 2
_FIGURES = 13  # the picture prints so many, where a chart has no more
_POLICY = compat32.clone(linesep="\r\n")


def render_email(
    document: Document,
    *,
    to: Sequence[str],
    sender: str,
    subject: str = "",
    date: datetime | None,
    lang: str = "en-GB",
) -> bytes:
    """A document as a whole message, RFC 5322.

    Args:
        document: What to say.
        to: Whom it goes to: addresses, with or without a name, one or several in each.
        sender: Whose it is: one address, with or without a name.
        subject: What it is called; empty for the document's title.
        date: When it was written, the moment that the answer is as of; without an offset
            it is UTC. Null writes none: a server adds the moment of sending.
        lang: The language of its words.

    Raises:
        RequestError: Sender or recipients are missing or no addresses, or one of them or
            the subject holds a control character.
    """
    origin, recipients = sender_address(sender), recipient_addresses(to)
    safe = readable(document)
    pictures = _pictures(safe)
    text = render_text(_with_figures(safe), width=PIPE_WIDTH)
    page = email_html(safe, pictures=pictures, width=PIPE_WIDTH, lang=lang)
    headers = {
        "From": address_lines([origin]),
        "To": address_lines(recipients),
        "Subject": subject_lines(subject if subject.strip() else safe.title or "kpi"),
    }
    if date is not None:
        headers["Date"] = format_datetime(_utc(date))
    name = _digest(*headers.values(), text, page)
    headers["Message-ID"] = f"<{name}@{origin.domain}>"
    headers["Auto-Submitted"] = "auto-generated"
    whole = MIMEMultipart("alternative", boundary=f"=_kpi_{name}_alternative")
    whole.attach(_textual("plain", text))
    whole.attach(_with_pictures(_textual("html", page), pictures, name=name))
    for header, value in headers.items():
        whole[header] = value
    return whole.as_bytes(policy=_POLICY)


def _with_figures(document: Document) -> Document:
    """The document with the newest figures of each chart below it: no number in pictures only."""
    sections = (
        replace(section, blocks=tuple(each for block in section.blocks for each in _told(block)))
        for section in document.sections
    )
    return replace(document, sections=tuple(sections))


def _told(block: Block) -> tuple[Block, ...]:
    if not isinstance(block, Picture):
        return (block,)
    chart = block.chart
    figures = [
        f"{short_label(point.period)} {chart.figure(point.value)}"
        for point in chart.points
        if point.value is not None
    ]
    return block, Paragraph(f"{'; '.join(figures[-_FIGURES:])}.", label="Figures")


def _pictures(document: Document) -> dict[SpcChart, Attached]:
    """Every chart's picture, in the document's order; equal charts share one."""
    blocks = (block for section in document.sections for block in section.blocks)
    charts = dict.fromkeys(block.chart for block in blocks if isinstance(block, Picture))
    return {chart: _attached(png(chart, scale=_SCALE)) for chart in charts}


def _attached(content: bytes) -> Attached:
    """A PNG, which states its size in dots after the name of its first chunk."""
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    cid = hashlib.sha256(content).hexdigest()[:32]
    return Attached(f"{cid}@kpi", content, round(width / _SCALE), round(height / _SCALE))


def _textual(subtype: str, text: str) -> Message:
    """A text as a part; quoted-printable, which people can read and no line of which is long.

    A line of a single point, at which `sendmail` would stop reading, is encoded too.
    """
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(binascii.b2a_qp(text.encode()).decode("ascii"))
    return part


def _with_pictures(page: Message, pictures: Mapping[SpcChart, Attached], *, name: str) -> Message:
    """The HTML and the pictures that it shows as one part; the HTML alone where it has none."""
    if not pictures:
        return page
    related = MIMEMultipart("related", boundary=f"=_kpi_{name}_related", type="text/html")
    related.attach(page)
    for number, attached in enumerate(pictures.values(), start=1):
        image = MIMEImage(attached.content, "png")
        image["Content-ID"] = f"<{attached.cid}>"
        image.add_header("Content-Disposition", "inline", filename=f"chart-{number}.png")
        related.attach(image)
    return related


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
