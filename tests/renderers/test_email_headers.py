"""Addresses and subjects as headers: what is refused, and what comes out as it went in."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_string, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.visible import visible
from kpi.errors import RequestError
from kpi.renderers.email_headers import (
    Address,
    address_lines,
    recipient_addresses,
    sender_address,
    subject_lines,
)


def read_back(header: str, value: str) -> str:
    """A header as the standard library reads it, being the only one of its message."""
    message = message_from_string(f"{header}: {value}\n\nBody\n", policy=policy.default)
    assert message.keys() == [header]
    assert message.get_payload() == "Body\n"
    assert all(len(line) <= 78 for line in value.split("\n"))
    return str(message[header])


def spaced(text: str) -> str:
    """A text with one blank between its words, as names are."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@b.uk", [("", "a@b.uk")]),
        (" a@b.uk ", [("", "a@b.uk")]),
        ("<a@b.uk>", [("", "a@b.uk")]),
        ("officer@localhost", [("", "officer@localhost")]),
        ("o'neil+kpi@b-c.gov.uk", [("", "o'neil+kpi@b-c.gov.uk")]),
        ("Dr. P. O'Neil <p@b.uk>", [("Dr. P. O'Neil", "p@b.uk")]),
        ('"O\'Neil, Pat" <p@b.uk>', [("O'Neil, Pat", "p@b.uk")]),
        (r'"Pat \"P\" O\\Neil" <p@b.uk>', [(r'Pat "P" O\Neil', "p@b.uk")]),
        ("KPI   team <p@b.uk>", [("KPI team", "p@b.uk")]),
        ("KPI (test)<p@b.uk>", [("KPI (test)", "p@b.uk")]),
        ("Zoë 児童 <z@b.uk>", [("Zoë 児童", "z@b.uk")]),
        ("a@b.uk, C D <c@d.uk>,e@f.uk", [("", "a@b.uk"), ("C D", "c@d.uk"), ("", "e@f.uk")]),
    ],
)
def test_an_address_is_written_as_it_was_meant(text: str, expected: list[tuple[str, str]]) -> None:
    found = recipient_addresses([text])
    assert [(each.name, each.at) for each in found] == expected
    message = message_from_string(f"To: {address_lines(found)}\n\n", policy=policy.default)
    header = message["To"]
    assert [(each.display_name, each.addr_spec) for each in header.addresses] == expected
    assert not header.defects


@pytest.mark.parametrize(
    "text",
    [
        "root",
        "a@",
        "@b.uk",
        "a@b@c",
        "a b@c.uk",
        "a @b.uk",
        "a..b@c.uk",
        "a@b..uk",
        "a@-b.uk",
        "a@b_c.uk",
        "-oQ@b.uk",
        "a@b.uk>x",
        "a@b.uk,",
        "a@b.uk; c@d.uk",
        "a@b.uk c@d.uk",
        "foo <a@b.uk> bar",
        "O'Neil, Pat <p@b.uk>",
        "board: a@b.uk;",
        "a@b.uk (<x@evil.example>)",
        '"a@evil.example"@b.uk',
        '"open <a@b.uk>',
        "<@x:a@b.uk>",
        "<>",
        "a@[127.0.0.1]",
        "z@bé.uk",
        "zoë@b.uk",
        "a@" + "b." * 130 + "uk",
        "a@" + "b" * 64 + ".uk",
    ],
)
@pytest.mark.parametrize("option", ["--to", "--from"])
def test_what_is_no_address_is_refused_with_a_form_to_follow(text: str, option: str) -> None:
    with pytest.raises(RequestError, match="is no e-mail address") as failure:
        sender_address(text) if option == "--from" else recipient_addresses([text])
    assert failure.value.where == option
    assert "write `officer@example.gov.uk`" in failure.value.hint


@pytest.mark.parametrize(
    "hidden",
    ["\r\nBcc: x@y.uk", "\n", "\r", "\0", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ud800"],
)
@pytest.mark.parametrize(
    ("option", "made"),
    [
        ("--to", lambda hidden: recipient_addresses([f"A{hidden}B <a@b.uk>"])),
        ("--from", lambda hidden: sender_address(f"a@b.uk{hidden}x")),
        ("--subject", lambda hidden: subject_lines(f"Ratings{hidden}")),
    ],
)
def test_a_control_character_is_refused_and_never_echoed(
    option: str, made: Callable[[str], object], hidden: str
) -> None:
    with pytest.raises(RequestError, match="hidden character") as failure:
        made(hidden)
    assert failure.value.where == option
    assert visible(failure.value.what) == failure.value.what


def test_an_encoded_name_is_shown_as_typed() -> None:
    lines = address_lines(recipient_addresses(["=?utf-8?q?x=0D=0ABcc?= <a@b.uk>"]))
    assert "?q?x=0D=0A" not in lines
    message = message_from_string(f"To: {lines}\n\n", policy=policy.default)
    assert message["To"].addresses[0].display_name == "=?utf-8?q?x=0D=0ABcc?="


def test_a_long_name_takes_several_lines() -> None:
    name = "Zoë, of the team for performance and improvement " * 4 + "end"
    lines = address_lines([Address(name, "z@b.uk")])
    assert lines.endswith("\n <z@b.uk>")
    assert max(map(len, lines.split("\n"))) <= 76
    assert str(make_header(decode_header(lines.removesuffix("\n <z@b.uk>")))) == name


@given(st.text(max_size=11).map(spaced).filter(lambda text: text and visible(text) == text))
def test_a_name_comes_back_as_it_was(name: str) -> None:
    header = address_lines([Address(name, "a@b.uk")])
    message = message_from_string(f"To: {header}\n\nBody\n", policy=policy.default)
    assert message.keys() == ["To"]
    assert [each.addr_spec for each in message["To"].addresses] == ["a@b.uk"]
    assert message["To"].addresses[0].display_name == name


def test_a_sender_is_one() -> None:
    assert sender_address("KPI <k@b.uk>").domain == "b.uk"
    with pytest.raises(RequestError, match="one sender"):
        sender_address("a@b.uk, c@d.uk")


@pytest.mark.parametrize("texts", [(), ("",), (" ", "")])
def test_a_recipient_is_needed(texts: tuple[str, ...]) -> None:
    with pytest.raises(RequestError, match="needs a recipient") as failure:
        recipient_addresses(texts)
    assert failure.value.hint == "say --to ADDRESS"


def test_each_option_may_name_several() -> None:
    found = recipient_addresses(["a@b.uk", "", "c@d.uk,e@f.uk"])
    assert [each.at for each in found] == ["a@b.uk", "c@d.uk", "e@f.uk"]
    assert address_lines(found) == "a@b.uk,\n c@d.uk,\n e@f.uk"


@pytest.mark.parametrize(
    "subject",
    [
        "Ratings for October 2021",
        "Ratings – £ & 児童",
        "=?utf-8?q?Bcc:_x@evil.example?=",
        " blanks at both ends ",
        "a subject so long that no line could hold it " * 30,
        "unbroken" * 300,
        "Bcc: x@evil.example",
    ],
)
def test_a_subject_comes_back_as_it_was(subject: str) -> None:
    assert read_back("Subject", subject_lines(subject)) == subject


@given(st.text().filter(lambda text: text.strip() and visible(text) == text))
def test_any_subject_comes_back_as_it_was(subject: str) -> None:
    assert read_back("Subject", subject_lines(subject)) == subject
