"""A catalogue is found, read whole, and refused with every mistake at its place."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from kpi.domain.catalogue import Accept, Coherence, Compare, Rebase, Spc, Target, Version
from kpi.errors import CatalogueError, RequestError
from kpi.readers.catalogue import find_catalogue, read_catalogue

HEADER = '[catalogue]\nversion = 1\nauthority = "Southampton"\n'

EXAMPLE = """
[catalogue]
version    = 1
authority  = "Southampton"
la_code    = "852"
neighbours = ["850", "845"]
store      = "kept/figures"
typed_targets = true

[defaults]
tolerance = 5
small = 10
year = "calendar"

[theme.right-service]
title = "Right service at the right time"

[theme.untitled]

[indicator.referrals]
title    = "Referrals in the month"
theme    = "right-service"
outturn  = "number"
basis    = "in-month"
target   = { value = 300, per = "month" }
small    = 20

[indicator.contacts]
title    = "Contacts"
outturn  = "number"
basis    = "in-month"
target   = "TBC"

[indicator.conversion]
title    = "Conversion"
outturn  = "percentage"
basis    = "in-month"
ratio    = ["referrals", "contacts"]

[indicator.referral-rate]
title       = "Referrals per 10,000"
short_title = "Referral rate"
aliases     = ["Rates of referrals", "Referrals per 10,000!"]
outturn     = "rate"
per         = 1000
basis       = "year-to-date"
polarity    = "low"
numerator   = "referrals"

[[indicator.referral-rate.target]]
value   = 647
blue    = 500
per     = "year"
from    = 2021-04-01
to      = 2022-03-31
profile = [8, 8, 8, 8, 8, 8, 8, 8, 8, 9, 9, 10]

[[indicator.referral-rate.target]]
value = 600
from  = 2022-04-01

[indicator.referral-rate.compare]
measure = "CPP_Total_Rateper10,000"
method  = "median"
level   = 99.8

[indicator.referral-rate.spc]
baseline = 12
rebase   = [{ on = 2022-04-01, why = "new front door" }]
two_in_three = "newer"

[[indicator.referral-rate.coheres]]
rule = "rate_of"
with = "referrals"
allowance = 1

[[indicator.referral-rate.coheres]]
rule   = "flow_of"
starts = "contacts"
ends   = "referrals"

[[indicator.referral-rate.version]]
from = 2021-07-01
what = "households, not children"
comparable = false

[[accept]]
code = "KPI204"
indicator = "referral-rate"
period = "2021-04"
why = "known"
until = 2022-03-31
"""


def write(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "indicators.toml"
    path.write_bytes(text.encode(encoding))
    return path


def refusal(path: Path) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    assert caught.value.exit_code == 2
    assert caught.value.where == str(path)
    return caught.value


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    catalogue = read_catalogue(write(tmp_path, EXAMPLE))
    assert (catalogue.authority, catalogue.la_code) == ("Southampton", "852")
    assert catalogue.neighbours == ("850", "845")
    assert catalogue.store_path == tmp_path / "kept/figures"
    assert catalogue.typed_targets
    assert [theme.title for theme in catalogue.themes] == [
        "Right service at the right time",
        "untitled",
    ]
    rate = catalogue.indicator("Rates of referrals")
    assert (rate.per, rate.polarity, rate.numerator) == (1000.0, "low", "referrals")
    assert rate.compare == Compare("CPP_Total_Rateper10,000", "median", 99.8)
    assert rate.spc == Spc(
        baseline=12, rebase=(Rebase(date(2022, 4, 1), "new front door"),), two_in_three="newer"
    )
    assert rate.coheres == (
        Coherence("rate_of", with_=("referrals",), allowance=1.0),
        Coherence("flow_of", with_=("contacts", "referrals")),
    )
    assert rate.version == (Version(date(2021, 7, 1), "households, not children", False),)
    assert catalogue.accepts == (
        Accept("KPI204", "known", "referral-rate", "2021-04", date(2022, 3, 31)),
    )


def test_a_target_is_a_number_tbc_a_table_or_a_list_of_tables(tmp_path: Path) -> None:
    catalogue = read_catalogue(write(tmp_path, EXAMPLE))
    assert catalogue.indicator("referrals").target == (Target(value=300.0, per="month"),)
    assert catalogue.indicator("contacts").target == (Target(awaited=True),)
    first, second = catalogue.indicator("referral-rate").target
    assert (first.begins, first.ends, first.blue) == (date(2021, 4, 1), date(2022, 3, 31), 500)
    assert first.profile == (8.0,) * 9 + (9.0, 9.0, 10.0)
    assert second == Target(value=600.0, begins=date(2022, 4, 1))


def test_an_indicators_own_key_wins_over_the_defaults(tmp_path: Path) -> None:
    catalogue = read_catalogue(write(tmp_path, EXAMPLE))
    assert [each.small for each in catalogue.indicators] == [20, 10, 10, 10]
    assert {each.tolerance for each in catalogue.indicators} == {5}


def test_the_default_year_is_that_of_the_defaults(tmp_path: Path) -> None:
    assert read_catalogue(write(tmp_path, EXAMPLE)).default_year == "calendar"
    assert read_catalogue(write(tmp_path, HEADER)).default_year == "financial"


def test_the_hash_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER)
    assert read_catalogue(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("text", [HEADER, HEADER.replace("\n", "\r\n")])
def test_what_notepad_saves_is_read(text: str, tmp_path: Path) -> None:
    assert read_catalogue(write(tmp_path, text, encoding="utf-8-sig")).authority == "Southampton"


# What cannot be read ----------------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path / "indicators.toml")
    assert error.what == "there is no catalogue `indicators.toml`"
    assert "kpi init" in error.hint


def test_a_folder_is_no_catalogue(tmp_path: Path) -> None:
    assert refusal(tmp_path).what == "a folder is no catalogue"


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "a\0b").what


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_refused_by_name(encoding: str, tmp_path: Path) -> None:
    error = refusal(write(tmp_path, HEADER, encoding=encoding))
    assert "UTF-16" in error.what
    assert "UTF-8" in error.hint


def test_a_letter_in_another_encoding_has_its_line(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, HEADER + "# caf\xe9\n", encoding="latin-1"))
    assert [(each.line, each.path) for each in error.mistakes] == [(4, "")]
    assert "UTF-8" in error.mistakes[0].what


def test_a_file_of_many_megabytes_is_not_read(tmp_path: Path) -> None:
    assert "larger than 1 MB" in refusal(write(tmp_path, "#" * 1_000_001)).what


@pytest.mark.parametrize(
    ("text", "line", "path", "words"),
    [
        ("polarity = low", 4, "", "a value is wanted here; text stands in double quotes"),
        ("[a]\nb = 1\nb = 2\n", 6, "", "this key is there twice"),
        ("[indicator.x]\n[theme.y]\n[indicator.x]\n", 6, "indicator.x", "this table is there"),
        ("[indicator.x]\ntarget = 1\n[[indicator.x.target]]\n", 6, "", "this key is there twice"),
        ("a = [1", 4, "", "unclosed array"),
        ("a = 'x", 4, "", "expected"),
        ("=", 4, "", "invalid statement"),
        ("a = 2021-02-30", 4, "", "invalid date"),
        ("a = " + "[" * 5000, 0, "", "too deep"),
        ("a = " + "[" * 100 + "]" * 100, 0, "", "too deep"),
        ("a." * 100 + "a = 1", 0, "", "too deep"),
        ("a = " + "1" * 5000, 0, "", "too many digits"),
    ],
)
def test_a_mistake_of_syntax_comes_alone(
    text: str, line: int, path: str, words: str, tmp_path: Path
) -> None:
    (mistake,) = refusal(write(tmp_path, HEADER + text)).mistakes
    assert (mistake.line, mistake.path) == (line, path)
    assert words in mistake.what


# Where it lies ----------------------------------------------------------------------------


def test_the_nearest_catalogue_above_is_found(tmp_path: Path) -> None:
    write(tmp_path, HEADER)
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_catalogue(inner) == tmp_path / "indicators.toml"
    nearer = write(tmp_path / "a", HEADER)
    assert find_catalogue(inner) == nearer


def test_a_folder_of_that_name_is_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER)
    (tmp_path / "a" / "indicators.toml").mkdir(parents=True)
    assert find_catalogue(tmp_path / "a") == path


def test_a_folder_that_cannot_be_looked_into_is_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER)
    assert find_catalogue(tmp_path / ("x" * 5000)) == path


def test_no_catalogue_anywhere_hints_at_init(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        find_catalogue(Path(tmp_path.anchor))
    assert caught.value.exit_code == 2
    assert "kpi init" in caught.value.hint
