"""What an officer writes beside the figures: read as text, carried forward, mistakes named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.catalogue import Catalogue, Theme
from kpi.domain.paper.commentary import Comment, Commentary, carried_forward
from kpi.domain.period import Period
from kpi.errors import CatalogueError, Mistake, RequestError
from kpi.readers.commentary import read_commentary
from tests.builders import a_catalogue, an_indicator

SEPTEMBER, OCTOBER = Period.of_month(2021, 9), Period.of_month(2021, 10)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """Contacts and referrals, both under the theme `right-service`."""
    there = a_catalogue(
        an_indicator("contacts", title="Contacts in the month", theme="right-service"),
        an_indicator("referrals", aliases=("Number of referrals",), theme="right-service"),
        themes=(Theme("right-service", "Right Service at the Right Time"),),
    )
    return replace(there, path=tmp_path / "indicators.toml")


def write(catalogue: Catalogue, text: str, *, name: str = "2021-10.toml") -> Path:
    path = catalogue.path.parent / "commentary" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def mistakes(catalogue: Catalogue, text: str) -> tuple[Mistake, ...]:
    """What is wrong with a file; nothing where it can be read."""
    write(catalogue, text)
    try:
        read_commentary(catalogue, up_to=OCTOBER)
    except CatalogueError as error:
        return error.mistakes
    return ()


def test_nothing_is_written_where_there_is_no_folder(catalogue: Catalogue) -> None:
    assert read_commentary(catalogue, up_to=OCTOBER) == Commentary()


def test_a_theme_an_indicator_and_the_whole_are_commented(catalogue: Catalogue) -> None:
    write(
        catalogue,
        """
author = "A. Officer"
date = 2021-11-09
summary = "Demand is the concern."

[theme.right-service]
analysis = '''
Contacts rise.

Referrals do not.
'''
actions = ["Launch the hub", "Share the document"]

[indicator.referrals]
comment = "A backlog."
author = "B. Officer"
date = 2021-11-10
""",
    )
    found = read_commentary(catalogue, up_to=OCTOBER)
    day = date(2021, 11, 9)
    assert found.summary == Comment(
        OCTOBER, ("Demand is the concern.",), author="A. Officer", written=day
    )
    assert found.themes == {
        "right-service": Comment(
            OCTOBER,
            ("Contacts rise.", "Referrals do not."),
            ("Launch the hub", "Share the document"),
            "A. Officer",
            day,
        )
    }
    assert found.indicators == {
        "referrals": Comment(
            OCTOBER, ("A backlog.",), author="B. Officer", written=date(2021, 11, 10)
        )
    }


@pytest.mark.parametrize(
    "name", ["2021-10.toml", "Oct-21.toml", "2021-10.TOML", "2021-10.toml.txt"]
)
def test_notepad_may_save_it(catalogue: Catalogue, name: str) -> None:
    """A byte order mark, Windows line ends, and `.txt` behind the name are taken."""
    write(
        catalogue, "\ufeff[theme.right-service]\r\nanalysis = '''a\r\nb\r\n\r\nc'''\r\n", name=name
    )
    found = read_commentary(catalogue, up_to=OCTOBER)
    assert found.themes["right-service"].paragraphs == ("a b", "c")


def test_lines_of_a_list_are_paragraphs_of_their_own(catalogue: Catalogue) -> None:
    write(
        catalogue, "[indicator.contacts]\ncomment = '''Two causes:\n- police\n  calls\n- schools'''"
    )
    found = read_commentary(catalogue, up_to=OCTOBER)
    assert found.indicators["contacts"].paragraphs == ("Two causes:", "- police calls", "- schools")


def test_one_action_needs_no_brackets(catalogue: Catalogue) -> None:
    write(catalogue, "[theme.right-service]\nactions = 'Launch the hub'")
    found = read_commentary(catalogue, up_to=OCTOBER)
    assert found.themes["right-service"].actions == ("Launch the hub",)


def test_a_comment_is_carried_forward_until_a_later_file_edits_it(catalogue: Catalogue) -> None:
    write(
        catalogue,
        "[theme.right-service]\nanalysis = 'old'\n[indicator.contacts]\ncomment = 'kept'",
        name="2021-09.toml",
    )
    write(catalogue, "[theme.right-service]\nanalysis = 'new'")
    write(catalogue, "[theme.right-service]\nanalysis = 'later'", name="2021-11.toml")
    found = read_commentary(catalogue, up_to=OCTOBER)
    assert found.themes["right-service"] == Comment(OCTOBER, ("new",))
    assert found.indicators["contacts"] == Comment(SEPTEMBER, ("kept",))


def test_empty_text_takes_a_comment_back(catalogue: Catalogue) -> None:
    write(
        catalogue, "summary = 'old'\n[theme.right-service]\nanalysis = 'old'", name="2021-09.toml"
    )
    write(catalogue, "summary = ''\n[theme.right-service]\nanalysis = ''")
    assert read_commentary(catalogue, up_to=OCTOBER) == Commentary()


def test_a_later_periods_file_is_not_even_read(catalogue: Catalogue) -> None:
    write(catalogue, "not TOML", name="2021-11.toml")
    assert read_commentary(catalogue, up_to=OCTOBER) == Commentary()


def test_other_files_in_the_folder_are_left_alone(catalogue: Catalogue) -> None:
    write(catalogue, "anything", name="README.md")
    (catalogue.path.parent / "commentary" / "2021-10.toml").mkdir()
    assert read_commentary(catalogue, up_to=OCTOBER) == Commentary()


def test_text_is_no_markup(catalogue: Catalogue) -> None:
    write(catalogue, "[indicator.contacts]\ncomment = '[red] <b>x</b> {{ y }} =1+1'")
    found = read_commentary(catalogue, up_to=OCTOBER)
    assert found.indicators["contacts"].paragraphs == ("[red] <b>x</b> {{ y }} =1+1",)


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("[theme.right-servce]", "theme.right-servce", "did you mean `right-service`?"),
        ("[theme.'Right Service at the Right Time']", "theme.", "did you mean `right-service`?"),
        ("[indicator.referals]", "indicator.referals", "did you mean `referrals`?"),
        ("[indicator.'Number of referrals']", "indicator.", "did you mean `referrals`?"),
        ("[indicator.xyz]", "indicator.xyz", "the catalogue has no indicator `xyz`"),
        ("autor = 'x'", "autor", "unknown key; did you mean `author`?"),
        ("[theme.right-service]\ncomment = 'x'", "theme.right-service.comment", "unknown key"),
        ("[indicator.contacts]\ncomment = 5", "indicator.contacts.comment", "text is wanted"),
        ("[indicator.contacts]\nactions = [5]", "indicator.contacts.actions[0]", "text is wanted"),
        ("date = '9 November'\nsummary = 'x'", "date", "a date is wanted"),
        ("date = 2021-11-09T10:00:00\nsummary = 'x'", "date", "take away the time"),
        ("theme = 5", "theme", "a table such as `[theme.some-id]` is wanted"),
        ("[theme]\nright-service = 5", "theme.right-service", "a table is wanted"),
        ("summary = 'x", "", "the commentary is not TOML"),
    ],
)
def test_a_mistake_is_named_at_its_path(
    catalogue: Catalogue, text: str, path: str, words: str
) -> None:
    write(catalogue, text)
    with pytest.raises(CatalogueError) as raised:
        read_commentary(catalogue, up_to=OCTOBER)
    (mistake,) = raised.value.mistakes
    assert raised.value.exit_code == 2
    assert mistake.path.startswith(path)
    assert words in f"{raised.value.what} {mistake.what}"


def test_all_mistakes_come_at_once_with_their_lines(catalogue: Catalogue) -> None:
    found = mistakes(
        catalogue,
        "[theme.wrong]\nanalysis = 'x'\n[indicator.wrong]\n[indicator.contacts]\ncoment = 'x'",
    )
    assert [(each.line, each.path) for each in found] == [
        (1, "theme.wrong"),
        (3, "indicator.wrong"),
        (5, "indicator.contacts.coment"),
    ]


def test_a_name_that_says_no_period_is_refused(catalogue: Catalogue) -> None:
    write(catalogue, "", name="october.toml")
    with pytest.raises(RequestError, match=r"`october.toml` says no period") as raised:
        read_commentary(catalogue, up_to=OCTOBER)
    assert "2021-10.toml" in raised.value.hint


def test_two_files_of_one_period_are_refused(catalogue: Catalogue) -> None:
    write(catalogue, "", name="2021-10.toml")
    write(catalogue, "", name="Oct-21.toml")
    with pytest.raises(RequestError, match="are both of 2021-10"):
        read_commentary(catalogue, up_to=OCTOBER)


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        (Comment(OCTOBER), "October 2021"),
        (Comment(OCTOBER, author="A"), "A, October 2021"),
        (Comment(OCTOBER, author="A", written=date(2021, 11, 9)), "A, 9 Nov 2021"),
        (Comment(SEPTEMBER), "carried forward from September 2021"),
        (
            Comment(SEPTEMBER, author="A", written=date(2021, 10, 8)),
            "A, 8 Oct 2021, carried forward from September 2021",
        ),
    ],
)
def test_author_and_date_are_said_and_that_it_is_older(comment: Comment, said: str) -> None:
    assert comment.byline(OCTOBER) == said


TEXTS = st.lists(st.text(min_size=1), max_size=2).map(tuple)
COMMENTS = st.builds(Comment, st.just(OCTOBER), TEXTS, TEXTS)
COMMENTARIES = st.builds(
    Commentary,
    st.none() | COMMENTS,
    st.dictionaries(st.sampled_from("abc"), COMMENTS),
    st.dictionaries(st.sampled_from("abc"), COMMENTS),
)


@given(st.lists(COMMENTARIES, min_size=1, max_size=4))
def test_the_newest_comment_on_a_thing_holds(commentaries: list[Commentary]) -> None:
    held = carried_forward(commentaries)
    for id_ in "abc":
        said = [each.themes[id_] for each in commentaries if id_ in each.themes]
        newest = said[-1] if said else None
        assert held.themes.get(id_) == (newest if newest and not newest.is_empty else None)


@given(COMMENTARIES)
def test_carrying_forward_twice_changes_nothing(commentary: Commentary) -> None:
    once = carried_forward([commentary])
    assert carried_forward([once]) == once
