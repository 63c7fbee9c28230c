"""`kpi report` as an e-mail: the whole message, opened, compared and sent."""

from __future__ import annotations

import re
import shutil
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from kpi.__main__ import run_command_line
from tests.cli.conftest import Kpi
from tests.cli.processes import ROOT
from tests.golden_files import assert_golden
from tests.renderers.mail import Read, an_inbox, figures, opened, said

TO, FROM = "board@example.gov.uk", "Performance team <kpi@example.gov.uk>"
SHOWN_BY_GMAIL = 102 * 1024

PAPERS = {"board": [], "exceptions": ["--exceptions"], "assessment": ["--theme", "assessment"]}


def a_folder(kept: Path, folder: Path) -> Path:
    """The sample's project, two reports ingested and written on, made in a folder."""
    shutil.copy(ROOT / "indicators.toml", folder)
    shutil.copytree(kept, folder / ".kpi")
    shutil.copytree(ROOT / "tests" / "data" / "commentary", folder / "commentary")
    return folder


@pytest.fixture(scope="module")
def messages(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Each paper to the board as a message, written once for all tests."""
    folder = a_folder(kept, tmp_path_factory.mktemp("messages"))
    addressed = ["--to", TO, "--from", FROM, "--catalogue", str(folder / "indicators.toml")]
    for name, words in PAPERS.items():
        path = folder / f"{name}.eml"
        assert run_command_line(["report", *words, *addressed, "-o", str(path)]) == 0
    return {name: (folder / f"{name}.eml").read_bytes() for name in PAPERS}


@pytest.fixture
def report(kpi: Kpi, project: Path, kept: Path) -> Kpi:
    """`kpi report --format eml` where two reports were ingested and written on."""
    shutil.copytree(kept, project / ".kpi")
    return lambda *words: kpi("report", "--format", "eml", *words)


def pictures(message: EmailMessage) -> list[EmailMessage]:
    parts = (part for part in message.walk() if part.get_content_type() == "image/png")
    return [part for part in parts if isinstance(part, EmailMessage)]


def without_pictures(content: bytes) -> bytes:
    """The message without its pictures and the names that are taken from them."""
    message = opened(content)
    names = [str(message["Message-ID"]), *(str(each["Content-ID"]) for each in pictures(message))]
    for number, name in enumerate(names):
        digits = name.strip("<>").partition("@")[0]
        # A line may end within a name.
        pattern = b"(=\r\n)?".join(bytes([digit]) for digit in digits.encode())
        content = re.sub(pattern, _numbered(number), content)
    return re.sub(rb"(\.png\"\r\n\r\n).+?(\r\n\r?\n?--)", rb"\1(a picture)\2", content, flags=re.S)


def _numbered(number: int) -> Callable[[re.Match[bytes]], bytes]:
    """Puts a number in the place of a name, each line as long as it was."""

    def numbered(found: re.Match[bytes]) -> bytes:
        digits = iter(f"{number:032}")
        return re.sub(rb"[0-9a-f]", lambda _: next(digits).encode(), found.group())

    return numbered


@pytest.mark.parametrize("name", ["exceptions", "assessment"])
def test_what_is_sent(messages: dict[str, bytes], name: str) -> None:
    assert_golden(without_pictures(messages[name]), f"report/{name}.eml")


def test_the_whole_paper_is_a_message_without_a_defect(messages: dict[str, bytes]) -> None:
    content = messages["board"]
    message = opened(content)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds[:4] == [
        *("multipart/alternative", "text/plain", "multipart/related", "text/html"),
    ]
    assert kinds[4:] == ["image/png"] * 30
    assert message["Subject"] == "Performance report, October 2021"
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert content.isascii()


def test_every_picture_is_shown_once_and_its_words_and_figures_stand_in_the_text(
    messages: dict[str, bytes],
) -> None:
    message = opened(messages["board"])
    page, text = Read(said(message, "html")), said(message, "plain")
    carried = [str(each["Content-ID"]).strip("<>") for each in pictures(message)]
    assert [f"cid:{each}" for each in carried] == page.values("src")
    words = " ".join(text.split())
    assert all(len(alt) > 40 and alt in words for alt in page.values("alt"))
    assert figures(page.text) <= figures(text)


def test_mail_programs_show_the_whole_of_the_html(messages: dict[str, bytes]) -> None:
    message = opened(messages["board"])
    page = said(message, "html")
    assert len(page.encode()) < SHOWN_BY_GMAIL
    tags = {tag for tag, _ in Read(page).tags}
    assert tags.isdisjoint({"script", "style", "link", "svg", "iframe", "form"})
    assert not re.search(r"https?:|url\(|class=|data:", page)


def test_a_rating_is_a_word_in_both_alternatives(messages: dict[str, bytes]) -> None:
    message = opened(messages["exceptions"])
    text, page = said(message, "plain"), Read(said(message, "html"))
    assert (text.count("RED "), text.count("AMBER ")) == (
        sum(each == "RED" for each in page.texts),
        sum(each == "AMBER" for each in page.texts),
    )
    assert text.count("RED ") == 17


@pytest.mark.parametrize("name", ["board", "exceptions"])
def test_a_server_receives_what_was_written(messages: dict[str, bytes], name: str) -> None:
    content = messages[name]
    with (
        an_inbox() as inbox,
        smtplib.SMTP("127.0.0.1", inbox.port, local_hostname="localhost", timeout=10) as client,
    ):
        refused = client.send_message(opened(content), from_addr="kpi@example.gov.uk")
    assert refused == {}
    assert f"rcpt TO:<{TO}>" in inbox.envelope
    sent, received = opened(content), opened(inbox.content)
    assert said(received, "plain") == said(sent, "plain")
    assert said(received, "html") == said(sent, "html")
    assert [each.get_content() for each in pictures(received)] == [
        each.get_content() for each in pictures(sent)
    ]


@pytest.mark.parametrize("text", ["x\nBcc: other@example.org", "x\r\n\r\nbody", "x\0", "x\x1b[31m"])
@pytest.mark.parametrize("option", ["--subject", "--to", "--from"])
def test_a_header_cannot_be_added(report: Kpi, option: str, text: str) -> None:
    words = {"--to": TO, "--from": FROM, "--subject": "Figures"}
    words[option] = f"{words[option]}{text}"
    ran = report(*(word for pair in words.items() for word in pair))
    assert (ran.code, ran.out) == (2, b"")
    assert b"Traceback" not in ran.err
    assert b"\x1b" not in ran.err
    assert b"\nbcc" not in ran.err.lower()


def test_several_recipients_and_a_subject_beyond_ascii_arrive(report: Kpi) -> None:
    ran = report(
        *("--to", "A <a@example.gov.uk>, b@example.gov.uk", "--to", "c@example.gov.uk"),
        *("--from", FROM, "--exceptions", "--subject", "Kennzahlen für März – £"),
    )
    message = opened(ran.out)
    assert message["Subject"] == "Kennzahlen für März – £"
    addresses = [each.addr_spec for each in message["To"].addresses]
    assert addresses == ["a@example.gov.uk", "b@example.gov.uk", "c@example.gov.uk"]


def test_the_same_message_is_the_same_bytes(report: Kpi) -> None:
    words = ("--to", TO, "--from", FROM, "--theme", "assessment")
    assert report(*words).out == report(*words).out != b""
