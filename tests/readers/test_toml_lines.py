"""Each key of a TOML text is found on the line where a reader would look for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.readers.toml_lines import KeyPath, dotted, line_numbers, line_of

CASES: list[tuple[str, str, dict[KeyPath, int]]] = [
    ("a key", "a = 1", {("a",): 1}),
    ("a table's header", "\n[a]\nb = 1", {("a",): 2, ("a", "b"): 3}),
    ("a table that only its inner one names", "[a.b]\nc = 1", {("a",): 1, ("a", "b"): 1}),
    ("a table that is named later", "[a.b]\n[a]\nc = 1", {("a",): 2, ("a", "c"): 3}),
    ("a dotted key", "[a]\nb.c = 1\nb.d = 2", {("a", "b"): 2, ("a", "b", "d"): 3}),
    ("spaces in a header", "[ a . b ]\nc=1", {("a", "b", "c"): 2}),
    ("a quoted key", "'a b'.\"c.d\" = 1", {("a b",): 1, ("a b", "c.d"): 1}),
    ("an escaped key", '[x]\n"\\u00e9" = 1', {("x", "é"): 2}),
    ("comments", "# [a]\n[b] # [c]\n# d = 1\ne = 1 # f = 2", {("b", "e"): 4}),
    ("a hash in a string", 'a = "# b = 1"\nc = 1', {("c",): 2}),
    ("a bracket in a string", "a = ['[b]', \"]\"]\n[c]", {("a", 1): 1, ("c",): 2}),
    ("a quote in a string", 'a = "x\\"\\\\"\nb = 1', {("b",): 2}),
    ("lines of a string", 'a = """\nb = 1\n[c]\n"""\nd = 1', {("a",): 1, ("d",): 5}),
    ("quotes ending a string of lines", 'a = """x"""""\nb = 1', {("b",): 2}),
    ("quotes inside a string of lines", 'a = """x""y\n\\"""z"""\nb = 1', {("b",): 3}),
    ("an empty string of lines", 'a = """"""\nb = 1', {("b",): 2}),
    ("lines of a literal string", "a = '''\n[b]\\\n''''\nc = 1", {("c",): 4}),
    ("an array over lines", "a = [\n  1, # one\n  2,\n]\nb = 1", {("a", 1): 3, ("b",): 5}),
    ("arrays in arrays", "a = [[1,\n2], [3]]", {("a", 0, 1): 2, ("a", 1, 0): 2}),
    ("an inline table", "a = { b = 1, c.d = { e = 2 } }", {("a", "c", "d", "e"): 1}),
    ("inline tables in an array", "a = [{ b = 1 },\n{ b = 2 }]", {("a", 1, "b"): 2}),
    ("empty ones", "a = []\nb = {}\nc = [{}]", {("b",): 2, ("c", 0): 3}),
    ("a date with a space", "a = 2021-04-01 10:00:00\nb = 1", {("b",): 2}),
    ("arrays of tables", "[[a]]\nb = 1\n[[a]]\nb = 2", {("a",): 1, ("a", 1): 3, ("a", 1, "b"): 4}),
    (
        "tables inside arrays of tables",
        "[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2\n[[a.d]]\ne = 1\n[[a.d]]\ne = 2",
        {("a", 0, "b", "c"): 3, ("a", 1, "b", "c"): 6, ("a", 1, "d", 1, "e"): 10},
    ),
    ("Windows line ends", "a = 1\r\n[b]\r\nc = '''\r\n'''\r\nd = 1", {("b", "d"): 5}),
]


@pytest.mark.parametrize(
    ("text", "lines"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_each_key_has_its_line(text: str, lines: dict[KeyPath, int]) -> None:
    found = line_numbers(text)
    assert {path: found[path] for path in lines} == lines
    assert set(found) == set(paths_of(tomli.loads(text)))


def test_a_missing_key_has_the_line_of_the_table_around_it() -> None:
    lines = line_numbers("[a]\nb = 1")
    assert line_of(("a", "c", "d"), lines) == 1
    assert line_of(("a", "b", 0), lines) == 2


def test_a_key_of_a_missing_table_has_the_first_line() -> None:
    assert line_of(("z",), line_numbers("\n\na = 1")) == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (("indicator", "re-referrals", "target", 0, "per"), "indicator.re-referrals.target[0].per"),
        (("accept", 1, "code"), "accept[1].code"),
        (("a b", "c.d"), '"a b"."c.d"'),
        (("\x1b[31m",), '"\\u001b[31m"'),
        ((), ""),
    ],
)
def test_a_path_is_written_as_toml_writes_it(path: KeyPath, said: str) -> None:
    assert dotted(path) == said


@pytest.mark.parametrize("text", ["a = [", "a = [,", "= 1", "[a", "a = {b", 'a = "', "\x00"])
def test_a_text_that_is_no_toml_ends_the_walk_and_nothing_else(text: str) -> None:
    assert isinstance(line_numbers("x = 1\n" + text)["x",], int)


# Generated texts -------------------------------------------------------------------------

_KEYS = st.text("abcdefgh-_019", min_size=1, max_size=4)
_BLANKS = st.sampled_from(["", " ", "  # x = [", "\t"])
_BREAKS = st.sampled_from(["", " ", "\n", "\n  # ] }\n", "# '''\n"])
_STRINGS = st.sampled_from(
    [
        '""', '"# [x]"', '"\\"\\\\"', "'\\'", '"""\n[x]\ny = 1\n"""', '"""a""b"""', '"""a"""""',
        "'''\n\"\"\"\n# = '''", "''''a'''''", '"""\\\n  x"""', '"é]}"',
    ]
)  # fmt: skip
_PLAIN = st.sampled_from(
    ["1", "-1.5e3", "nan", "0x1F", "true", "2021-04-01", "2021-04-01 07:32:00Z", "07:32:00"]
)


def _in_brackets(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(st.tuples(_BREAKS, values, _BREAKS).map("".join), max_size=3)
    pairs = st.lists(st.tuples(_KEYS, values), max_size=3, unique_by=lambda pair: pair[0])
    return items.map(lambda parts: f"[{','.join(parts)}]") | pairs.map(
        lambda parts: "{" + ", ".join(f"{key} = {value}" for key, value in parts) + "}"
    )


_VALUES = st.recursive(_STRINGS | _PLAIN, _in_brackets, max_leaves=6)
_DOTTED = st.lists(_KEYS, min_size=1, max_size=3).map(".".join)
_PAIRS = st.tuples(_DOTTED, st.just(" = "), _VALUES, _BLANKS).map("".join)
_HEADERS = st.tuples(_DOTTED, st.booleans(), _BLANKS).map(
    lambda parts: (f"[[{parts[0]}]]" if parts[1] else f"[ {parts[0]} ]") + parts[2]
)
_TEXTS = st.lists(_PAIRS | _HEADERS | _BLANKS, max_size=12)


@settings(deadline=None)
@given(_TEXTS, st.sampled_from(["\n", "\r\n"]))
def test_every_path_that_tomli_gives_has_a_line_that_names_its_key(
    statements: list[str], line_end: str
) -> None:
    text, document = _valid(statements, line_end=line_end)
    lines = line_numbers(text)
    shown = text.replace("\r\n", "\n").split("\n")
    for path in paths_of(document):
        assert path in lines
        if isinstance(path[-1], str):
            assert path[-1] in shown[lines[path] - 1]


def _valid(statements: list[str], *, line_end: str) -> tuple[str, dict[str, object]]:
    """The statements that make valid TOML, each kept if it fits those before it."""
    kept: list[str] = []
    document: dict[str, object] = {}
    for statement in statements:
        tried = [*kept, statement]
        try:
            document = tomli.loads(line_end.join(tried))
        except tomli.TOMLDecodeError:
            continue
        kept = tried
    return line_end.join(kept), document


def paths_of(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every path of a document, the values of inline arrays included."""
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, each in inner:
        yield (*path, key)
        yield from paths_of(each, (*path, key))
