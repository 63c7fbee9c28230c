"""What a catalogue may not say: each mistake with its path, its line and what was meant."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.domain.catalogue import Indicator
from kpi.domain.visible import visible
from kpi.errors import CatalogueError, Mistake
from kpi.readers.catalogue import read_catalogue
from kpi.readers.catalogue_known import Known
from tests.readers.catalogue_cases import CASES, HEADER, SHARE, VALID, X, Y

KNOWN = Known(
    measures=lambda: ("LAC", "LACnum"),
    authorities=lambda: ("850", "851", "852"),
    codes=lambda: ("KPI203", "KPI204"),
)


def mistakes(folder: Path, text: str) -> tuple[Mistake, ...]:
    """What is wrong with a catalogue; nothing where it can be read."""
    path = folder / "indicators.toml"
    path.write_text(text, encoding="utf-8")
    try:
        read_catalogue(path, known=KNOWN)
    except CatalogueError as error:
        return error.mistakes
    return ()


@pytest.mark.parametrize(("text", "path", "words"), CASES)
def test_a_mistake_is_named_at_its_path_and_line(
    text: str, path: str, words: str, tmp_path: Path
) -> None:
    found = mistakes(tmp_path, text)
    here = [each for each in found if each.path == path and words in each.what]
    assert len(here) == 1, found
    line = [*text.split("\n"), ""][here[0].line - 1]
    named = re.findall(r"[\w-]*[a-z][\w-]*", path)
    assert any(name in line for name in named[-2:]) or path.startswith("catalogue.")


@pytest.mark.parametrize(("text", "count"), Counter(case[0] for case in CASES).items())
def test_a_mistake_brings_no_others_with_it(text: str, count: int, tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, text)) == count


@pytest.mark.parametrize("text", [case[1] for case in VALID], ids=[case[0] for case in VALID])
def test_what_the_contract_allows_is_read(text: str, tmp_path: Path) -> None:
    assert mistakes(tmp_path, HEADER + text) == ()


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        HEADER.replace('"Southampton"', '""')
        + "[defaults]\nsmall = -1\n"
        + SHARE
        + "polarity = 'lo'\ntheme = 'a'\ntarget = { value = 150, from = 1 }\n"
        + X.replace(".x", ".z").replace('"X"', '"x"')
        + "ratio = ['x', 'w']\n"
    )
    assert [str(each) for each in mistakes(tmp_path, text)] == [
        "line 3: catalogue.authority: is empty",
        "line 5: defaults.small: must not be negative, is -1",
        "line 10: indicator.x.polarity: `lo` is not allowed; did you mean `low`? "
        "allowed: `high`, `low`, `range`, `none`",
        "line 11: indicator.x.theme: no theme is called `a`",
        "line 12: indicator.x.target.from: a date is wanted, not the number `1`",
        "line 12: indicator.x.target.value: a percentage lies between 0 and 100, not at 150",
        "line 14: indicator.z.title: `x` already names `x`",
        "line 17: indicator.z.ratio[1]: no indicator is called `w`",
    ]


def test_a_mistake_in_the_defaults_is_said_once_for_all_indicators(tmp_path: Path) -> None:
    many = "".join(X.replace(".x", f".x{n}").replace('"X"', f'"X{n}"') for n in range(50))
    (mistake,) = mistakes(tmp_path, f"{HEADER}[defaults]\ntarget = 'soon'\n{many}")
    assert (mistake.line, mistake.path) == (5, "defaults.target")


def test_an_indicator_cannot_be_blamed_for_a_default_that_it_overrides(tmp_path: Path) -> None:
    text = f"{HEADER}[defaults]\ntarget = 150\n{SHARE}target = 90\n{Y}"
    assert mistakes(tmp_path, text) == ()


def test_an_own_key_that_is_wrong_is_not_replaced_by_the_default(tmp_path: Path) -> None:
    text = f"{HEADER}[defaults]\ntarget = [1, 2]\ntheme = 'a'\n{X}target = 'soon'\ntheme = 1\n"
    assert [each.path for each in mistakes(tmp_path, text)] == [
        "indicator.x.target",
        "indicator.x.theme",
    ]


def test_an_id_may_be_the_name_of_a_table(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, HEADER + X.replace("x]", "version]") + 'polartiy = "low"')
    assert "did you mean `polarity`?" in mistake.what


def test_of_very_many_mistakes_none_says_what_may_have_been_meant(tmp_path: Path) -> None:
    keys = "".join(f"title{n} = 1\n" for n in range(600))
    assert {each.what for each in mistakes(tmp_path, HEADER + X + keys)} == {"unknown key"}
    text = HEADER + X + "ratio = [" + "'y', " * 600 + "]\n" + Y.replace("y]", "yy]")
    assert {each.what for each in mistakes(tmp_path, text)} == {
        "needs two ids, numerator and denominator, not 600",
        "no indicator is called `y`",
    }


@pytest.mark.parametrize(
    ("store", "is_inside"),
    [
        (".kpi", True),
        ("kept/figures", True),
        ("a/../b", True),
        ("", False),
        (".", False),
        ("a/..", False),
        ("..", False),
        ("../kpi", False),
        ("a/../../b", False),
        ("/tmp/kpi", False),
        ("C:\\\\kpi", False),
        ("C:kpi", False),
        ("\\\\\\\\server\\\\share", False),
        ("..\\\\kpi", False),
        ("a\\u0000b", False),
    ],
)
def test_the_store_stays_inside_the_project(store: str, is_inside: bool, tmp_path: Path) -> None:
    found = mistakes(tmp_path, f'{HEADER}store = "{store}"')
    assert [each.path for each in found] == ([] if is_inside else ["catalogue.store"])


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_out_of_the_project_is_no_store(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / ".kpi").symlink_to(tmp_path, target_is_directory=True)
    assert [each.path for each in mistakes(project, HEADER)] == ["catalogue.store"]


def test_a_message_shows_control_characters_and_cuts_long_texts(tmp_path: Path) -> None:
    text = X + f'polarity = "\\u001b[31m{"x" * 500}"\n"\\u001b[2J" = 1'
    found = mistakes(tmp_path, HEADER + text)
    assert len(found) == 2
    for mistake in found:
        assert visible(str(mistake)) == str(mistake)
        assert len(str(mistake)) < 700


def test_a_circle_of_many_ratios_is_found_without_going_round_it(tmp_path: Path) -> None:
    count = 3000
    many = "".join(
        f"[indicator.i{n}]\ntitle='T{n}'\noutturn='rate'\nbasis='annual'\n"
        f"ratio=['i{(n + 1) % count}','i{(n + 1) % count}']\n"
        for n in range(count)
    )
    assert len(mistakes(tmp_path, HEADER + many)) == count


# Whatever stands there --------------------------------------------------------------------

_VALUES = st.sampled_from(
    [
        '""', '"x"', "1", "-1", "0", "1.5", "nan", "true", "[]", "{}", "2021-04-01", "10:00:00",
        "2021-04-01T10:00:00Z", "[1, 'x']", "[[]]", "[{}]", "{ value = 1 }", "{ rule = 'rate_of' }",
        "[{ rule = 'parts_of', with = [1], total = {} }]", "{ from = 1, value = [] }", "['x', 'x']",
        "9" * 30, "1" + "0" * 400, "0x" + "f" * 5000, '"\\u0000\\u202e"',
        "[{ starts = 1, ends = 2 }]",
    ]
)  # fmt: skip
_KEYS = st.sampled_from(
    [each.name.replace("begins", "from") for each in dataclasses.fields(Indicator)]
    + ["from", "compare.level", "spc.baseline", "spc.rebase", "target.value", "published.filters"]
)
_TABLES = st.sampled_from(
    ["[defaults]", "[indicator.x]", "[indicator.y]", "[theme.x]", "[[accept]]", "[catalogue]"]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@settings(deadline=None)
@given(
    tables=st.lists(st.tuples(_TABLES, st.dictionaries(_KEYS, _VALUES, max_size=4)), max_size=5),
    header=st.sampled_from([HEADER, ""]),
)
def test_whatever_a_key_holds_is_read_or_refused(
    folder: Path, tables: list[tuple[str, dict[str, str]]], header: str
) -> None:
    parts = [[table, *(f"{key} = {pairs[key]}" for key in pairs)] for table, pairs in tables]
    text = header + "\n".join(line for part in parts for line in part)
    for mistake in mistakes(folder, text):
        assert visible(str(mistake)) == str(mistake)
        assert 0 <= mistake.line <= text.count("\n") + 1


@settings(deadline=None)
@given(raw=st.binary(max_size=200))
def test_whatever_bytes_are_refused(folder: Path, raw: bytes) -> None:
    path = folder / "bytes.toml"
    path.write_bytes(raw)
    with pytest.raises(CatalogueError):
        read_catalogue(path)
