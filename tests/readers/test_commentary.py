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
from kpi.readers.catalogue import read_catalogue
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
    "name", ["2021-10.toml", "Oct-21.toml", "2021-10.TOML", "2021-10.toml.txt", "2021-10.txt"]
)
def test_notepad_may_save_it(catalogue: Catalogue, name: str) -> None:
    """A byte order mark, Windows line ends, and `.txt` at the name's end are taken."""
    write(
        catalogue, "\ufeff[theme.right-service]\r\nanalysis = '''a\r\nb\r\n\r\nc'''\r\n", name=name
    )
    found = read_commentary(catalogue, up_to=OCTOBER)
    assert found.themes["right-service"].paragraphs == ("a b", "c")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_whatever_notepad_calls_the_encoding_the_text_is_right(
    catalogue: Catalogue, encoding: str
) -> None:
    path = write(catalogue, "")
    path.write_bytes("[indicator.contacts]\r\ncomment = 'It’s £5 – “up”'\r\n".encode(encoding))
    found = read_commentary(catalogue, up_to=OCTOBER)
    assert found.indicators["contacts"].paragraphs == ("It’s £5 – “up”",)


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("contacts", "contacts"),
        ("Contacts", "contacts"),
        ("Contacts in the month", "contacts"),
        ("number of  referrals", "referrals"),
    ],
)
def test_an_indicator_goes_by_id_title_or_alias(catalogue: Catalogue, name: str, id_: str) -> None:
    write(catalogue, f"[indicator.'{name}']\ncomment = 'x'")
    assert list(read_commentary(catalogue, up_to=OCTOBER).indicators) == [id_]


def test_a_theme_goes_by_its_title(catalogue: Catalogue) -> None:
    write(catalogue, "[theme.'Right Service at the right time']\nanalysis = 'x'")
    assert list(read_commentary(catalogue, up_to=OCTOBER).themes) == ["right-service"]


def test_an_action_may_say_who_does_it_and_by_when(catalogue: Catalogue) -> None:
    write(
        catalogue,
        "[theme.right-service]\nactions = [\n"
        "  { what = 'Launch the hub', owner = 'Head of\tfront door', by = 2021-12-17 },\n"
        "  { what = 'Share the document', owner = 'A. Officer' },\n  'Ring them',\n]",
    )
    assert read_commentary(catalogue, up_to=OCTOBER).themes["right-service"].actions == (
        "Launch the hub (Head of front door, by 17 Dec 2021)",
        "Share the document (A. Officer)",
        "Ring them",
    )


def test_a_date_in_the_future_is_doubted_with_its_line(catalogue: Catalogue) -> None:
    path = write(catalogue, "author = 'A'\ndate = 2022-11-09\nsummary = 'x'\n")
    found = read_commentary(catalogue, up_to=OCTOBER, today=date(2021, 11, 9))
    assert found.doubts == (f"{path}:2: the date 2022-11-09 lies in the future",)
    assert read_commentary(catalogue, up_to=OCTOBER, today=date(2022, 11, 9)).doubts == ()


def test_the_sample_is_read_as_its_words_say() -> None:
    root = Path(__file__).parents[2]
    seed = read_catalogue(root / "indicators.toml")
    found = read_commentary(replace(seed, path=root / "samples" / "x"), up_to=OCTOBER)
    assert found.summary is not None
    assert len(found.themes["right-service"].actions) == 3
    assert found.indicators["health-assessments"].author == "Head of corporate parenting"


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
        ("[theme.'Right Sevice at the Right Time']", "theme.", "did you mean `right-service`?"),
        ("[theme.xyz]", "theme.xyz", "the catalogue has no theme `xyz`; it has `right-service`"),
        ("[indicator.referals]", "indicator.referals", "did you mean `referrals`?"),
        ("[indicator.'Number of refferals']", "indicator.", "did you mean `referrals`?"),
        (
            "[indicator.contacts]\n[indicator.'Contacts in the month']",
            "indicator.",
            "`contacts` is there already, under another name",
        ),
        ("[indicator.xyz]", "indicator.xyz", "the catalogue has no indicator `xyz`"),
        ("autor = 'x'", "autor", "unknown key; did you mean `author`?"),
        ("[theme.right-service]\ncomment = 'x'", "theme.right-service.comment", "unknown key"),
        ("[indicator.contacts]\ncomment = 5", "indicator.contacts.comment", "text is wanted"),
        ("[indicator.contacts]\nactions = [5]", "indicator.contacts.actions[0]", "text is wanted"),
        ("date = '9 November'\nsummary = 'x'", "date", "write it as 2021-11-09"),
        ("date = '2021-11-09'\nsummary = 'x'", "date", "take away the quotes"),
        (
            "[theme.right-service]\nactions = [{ what = 'x' }]",
            "theme.right-service.actions[0]",
            "an action needs `owner`: who does it",
        ),
        (
            "[theme.right-service]\nactions = [{ owner = 'x' }]",
            "theme.right-service.actions[0]",
            "an action needs `what`",
        ),
        (
            "[theme.right-service]\nactions = [{ what = 'x', owner = 'y', by = 'soon' }]",
            "theme.right-service.actions[0].by",
            "write it as 2021-12-17",
        ),
        (
            "[theme.right-service]\nactions = [{ what = 'x', owner = 'y', dew = 2021-12-17 }]",
            "theme.right-service.actions[0].dew",
            "unknown key",
        ),
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


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("author = 'A'\nsummary = “x”", 2, "a curly quote stands here"),
        ("summary = ‘x’", 1, "a curly quote stands here"),
        ("actions = [“x”]", 1, "a curly quote stands here"),
        ('[theme.right-service]\nanalysis = "x\nauthor = "y"', 2, "a quote that opens here"),
        ("summary = 'x\r\ny'", 1, "a quote that opens here"),
        ("author = 'A'\nsummary = '''x\ny\nz", 2, "a text that opens here is not closed"),
        ("[theme.right-service]\nactions = [\n'x',\n'y'\n", 2, "not closed by a ]"),
        ("[theme.Right Service]\n", 1, '[theme."Right Service"]'),
        ("author = 'A'\ndate = 09/11/2021", 2, "a date is written year, month, day"),
        ("date = 2021-02-30", 1, "a date is written year, month, day"),
        ('summary = "S:\\Performance"', 1, "stands in single quotes"),
        ("[theme.x]\n[theme.x]", 2, "this table is there twice"),
    ],
)
def test_a_slip_of_the_pen_is_named_at_its_line(
    catalogue: Catalogue, text: str, line: int, words: str
) -> None:
    (mistake,) = mistakes(catalogue, text)
    assert mistake.line == line
    assert words in mistake.what


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


@pytest.mark.parametrize("name", ["2021-10.md", "2021-10.docx", "Oct-21.rtf"])
def test_a_file_of_the_month_that_cannot_be_read_is_refused(
    catalogue: Catalogue, name: str
) -> None:
    """It was meant: a paper without its words would be wrong in silence."""
    write(catalogue, "x", name=name)
    with pytest.raises(RequestError, match="is no commentary that can be read"):
        read_commentary(catalogue, up_to=OCTOBER)


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
