"""A document as an e-mail: read back by the standard library, and sent for real."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.paper.document import (
    Cell,
    Column,
    Document,
    Listing,
    Paragraph,
    Picture,
    Preformatted,
    Section,
    Table,
)
from kpi.domain.visible import visible
from kpi.errors import RequestError
from kpi.renderers.email import render_email
from kpi.renderers.text import render_text
from tests.golden_files import assert_golden
from tests.renderers.awkward import DOCUMENT
from tests.renderers.mail import Read, a_chart, an_inbox, figures, opened, said

AS_OF = datetime(2021, 11, 9, 6, 5, 4, 321, tzinfo=UTC)
SENDER = "Performance team <kpi@council.gov.uk>"
HEADERS = {
    "content-type", "mime-version", "from", "to", "subject", "date", "message-id",
    "auto-submitted",
}  # fmt: skip
HOSTILE = (
    "<script>alert('x')</script>",
    "=?utf-8?q?Bcc:_x@evil.example?=",
    "\x1b[31mred\x1b]52;c;x\x07",
    "x\r\nBcc: x@evil.example\r\n\r\n<h1>body",
    "\u202eturned\u2028line",
    "{{ 7 * 7 }} ${x} <img src=x onerror=y>",
    "--=_kpi_alternative--",
    "\ud800",
    "児童" * 400,
    "unbroken" * 400,
)


def written(
    document: Document = DOCUMENT,
    *,
    to: tuple[str, ...] = ("board@council.gov.uk",),
    sender: str = SENDER,
    subject: str = "Ratings for October 2021",
    date: datetime | None = AS_OF,
) -> bytes:
    return render_email(document, to=to, sender=sender, subject=subject, date=date)


def charted(*titles: str) -> Document:
    blocks = [(Paragraph(f"About {title}."), Picture(a_chart(title))) for title in titles]
    sections = tuple(Section(title, each) for title, each in zip(titles, blocks, strict=True))
    return Document("Charts", (), sections)


@pytest.fixture(scope="module")
def with_pictures() -> bytes:
    return written(charted("Visits in time", "Reviews & plans"))


def test_the_text_stands_before_the_same_as_html() -> None:
    kinds = [part.get_content_type() for part in opened(written()).walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_pictures_stand_with_the_html_that_shows_them(with_pictures: bytes) -> None:
    kinds = [part.get_content_type() for part in opened(with_pictures).walk()]
    assert kinds == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]


def test_the_text_is_that_of_a_pipe() -> None:
    assert said(opened(written()), "plain") == render_text(DOCUMENT, width=78)


def test_it_is_the_golden_file() -> None:
    assert_golden(written(), "email/awkward.eml")


def test_both_alternatives_know_the_same_figures() -> None:
    message = opened(written())
    assert figures(Read(said(message, "html")).text) == figures(said(message, "plain")) != set()


def test_every_figure_that_is_shown_or_read_out_stands_in_the_text(with_pictures: bytes) -> None:
    message = opened(with_pictures)
    assert set() < figures(Read(said(message, "html")).text) <= figures(said(message, "plain"))


def test_the_figures_that_a_picture_prints_stand_in_the_text(with_pictures: bytes) -> None:
    text = " ".join(said(opened(with_pictures), "plain").split())
    assert "Figures: Jan-19 60.0%; Feb-19 61.5%; Mar-19 63.0%;" in text
    assert a_chart().alt in text


def test_of_a_long_series_the_newest_thirteen_figures_are_told() -> None:
    long = Document("Long", (), (Section("", (Picture(a_chart(points=30)),)),))
    text = " ".join(said(opened(written(long)), "plain").split())
    assert "Figures: Jun-20 85.5%; Jul-20 87.0%;" in text
    assert text.count(";") == 12


def test_every_picture_is_carried_and_named_and_said_in_words(with_pictures: bytes) -> None:
    message = opened(with_pictures)
    images = [part for part in message.walk() if part.get_content_type() == "image/png"]
    page = Read(said(message, "html"))
    assert [f"cid:{part['Content-ID'].strip('<>')}" for part in images] == page.values("src")
    assert all(part.get_content().startswith(b"\x89PNG\r\n\x1a\n") for part in images)
    assert [part.get_filename() for part in images] == ["chart-1.png", "chart-2.png"]
    assert {part.get_content_disposition() for part in images} == {"inline"}
    titles = ("Visits in time", "Reviews & plans")
    assert page.values("alt") == [a_chart(title).alt for title in titles]


def test_a_picture_has_its_natural_size_whatever_its_dots(with_pictures: bytes) -> None:
    page = Read(said(opened(with_pictures), "html"))
    assert page.values("width") == ["640", "640"]
    assert all(200 < int(height) < 400 for height in page.values("height"))


def test_equal_charts_are_one_picture() -> None:
    kinds = [part.get_content_type() for part in opened(written(charted("A", "A"))).walk()]
    assert kinds.count("image/png") == 1


def test_no_line_is_longer_than_a_server_takes(with_pictures: bytes) -> None:
    for content in (written(), with_pictures):
        lines = content.split(b"\r\n")
        assert max(map(len, lines)) <= 78
        assert not [line for line in lines if b"\n" in line or b"\r" in line]
        assert content.isascii()
        assert content.endswith(b"--\r\n")


def test_the_same_document_is_the_same_bytes(with_pictures: bytes) -> None:
    assert written() == written()
    assert written(charted("Visits in time", "Reviews & plans")) == with_pictures


def test_anything_else_is_another_message() -> None:
    others = [
        written(),
        written(Document("Other")),
        written(to=("other@council.gov.uk",)),
        written(sender="other@council.gov.uk"),
        written(subject="Other"),
        written(date=None),
        written(date=AS_OF + timedelta(days=1)),
    ]
    names = {str(opened(each)["Message-ID"]) for each in others}
    assert len(names) == len(others)
    assert all(name.endswith("@council.gov.uk>") for name in names)


@pytest.mark.parametrize(
    "date",
    [
        AS_OF,
        AS_OF.replace(tzinfo=None),
        datetime(2021, 11, 9, 7, 5, 4, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_the_date_is_that_of_the_answer_in_utc(date: datetime) -> None:
    assert b"\r\nDate: Tue, 09 Nov 2021 06:05:04 +0000\r\n" in written(date=date)


def test_without_a_moment_the_date_is_left_to_the_server() -> None:
    assert opened(written(date=None))["Date"] is None


def test_no_automatic_answer_is_wanted() -> None:
    assert opened(written())["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("subject", ["", "  "])
def test_without_a_subject_it_is_called_as_the_document(subject: str) -> None:
    assert opened(written(subject=subject))["Subject"] == DOCUMENT.title
    assert opened(written(Document(""), subject=subject))["Subject"] == "kpi"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_others_adds_no_header_no_part_and_no_tag(text: str) -> None:
    message = opened(written(everywhere(text), subject=""))
    assert sorted(map(str.lower, message.keys())) == sorted(HEADERS)
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    usual = Read(said(opened(written(everywhere("x"))), "html"))
    page = Read(said(message, "html"))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in usual.tags]
    for part in (said(message, "plain"), said(message, "html")):
        assert all(visible(line) == line for line in part.split("\n"))


@given(st.text())
def test_whatever_the_text_the_message_can_be_read(text: str) -> None:
    content = written(everywhere(text), subject="")
    message = opened(content)
    assert said(message, "plain") == render_text(everywhere(text), width=78)
    assert Read(said(message, "html"))
    assert max(map(len, content.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("option", ["--from", "--to"])
def test_without_a_sender_or_a_recipient_nothing_is_written(option: str) -> None:
    sender, to = ("", ("a@b.uk",)) if option == "--from" else (SENDER, ("",))
    with pytest.raises(RequestError, match="an e-mail needs a") as failure:
        written(sender=sender, to=to)
    assert failure.value.hint == f"say {option} ADDRESS"
    assert failure.value.exit_code == 2


def test_a_server_receives_it_unchanged(with_pictures: bytes) -> None:
    with (
        an_inbox() as inbox,
        smtplib.SMTP("127.0.0.1", inbox.port, local_hostname="localhost", timeout=10) as client,
    ):
        client.sendmail("kpi@council.gov.uk", ["board@council.gov.uk"], with_pictures)
    assert inbox.content == with_pictures
    assert inbox.envelope[1].startswith("mail FROM:<kpi@council.gov.uk>")
    assert inbox.envelope[2].startswith("rcpt TO:<board@council.gov.uk>")


def test_a_point_alone_on_its_line_ends_no_message() -> None:
    points = Preformatted((".", "..", ".x", "x" * 75 + "."))
    content = written(Document("Points", (".",), (Section(".", (points,)),)))
    assert not [line for line in content.split(b"\r\n") if line == b"."]
    with (
        an_inbox() as inbox,
        smtplib.SMTP("127.0.0.1", inbox.port, local_hostname="localhost", timeout=10) as client,
    ):
        client.sendmail("kpi@council.gov.uk", ["board@council.gov.uk"], content)
    assert inbox.content == content


def everywhere(text: str) -> Document:
    """A document that says a text wherever one can stand."""
    table = Table((Column(text, wraps=True), Column("x")), ((Cell(text), Cell("y")),), {0: text})
    blocks = (Paragraph(text, label=text), Listing((text,)), Preformatted((text,)), table)
    return Document(f"{text}x", (text,), (Section(f"{text}x", blocks),), (text,))
