"""Which files of a folder are read, in which order, and which are passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi.readers.inbox import look_into


@pytest.mark.parametrize(
    "name",
    ["a.xlsx", "A.XLSM", "a.xls", "a.xlsb", "a.ods", "a.numbers", "a.csv", "a.tsv", "a.parquet"],
)
def test_spreadsheets_and_tables_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert [path.name for path in look_into([tmp_path]).files] == [name]


@pytest.mark.parametrize(
    ("name", "is_usual"),
    [
        ("~$board.xlsx", True),
        (".~lock.board.xlsx#", True),
        (".board.xlsx", True),
        ("board.xlsx~", True),
        ("board.xlsx.tmp", True),
        ("board.xlsx.crdownload", True),
        ("board.xlsx.part", True),
        ("Thumbs.db", True),
        ("desktop.ini", True),
        ("board.pdf", False),
        ("board.docx", False),
        ("notes.txt", False),
        ("board", False),
    ],
)
def test_all_else_is_passed_over_and_named(tmp_path: Path, name: str, is_usual: bool) -> None:
    (tmp_path / name).touch()
    found = look_into([tmp_path])
    assert found.files == ()
    assert [(each.file, each.is_usual) for each in found.passed_over] == [(name, is_usual)]


def test_folders_inside_are_left_alone_whatever_they_are_called(tmp_path: Path) -> None:
    (tmp_path / "2020.csv").mkdir()
    (tmp_path / "2020.csv" / "board.csv").touch()
    found = look_into([tmp_path])
    assert (found.files, [each.file for each in found.passed_over]) == ((), ["2020.csv"])


def test_a_file_named_itself_is_never_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "extract.txt"
    path.touch()
    assert look_into([path]).files == (path,)


def test_a_later_version_counts_after_the_one_it_corrects(tmp_path: Path) -> None:
    for name in ("October (2).xlsx", "october.xlsx", "October final.xlsx", "April.csv"):
        (tmp_path / name).touch()
    names = [path.name for path in look_into([tmp_path]).files]
    assert names == ["April.csv", "october.xlsx", "October (2).xlsx", "October final.xlsx"]


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.touch()
    assert look_into([tmp_path, path, tmp_path]).files == (path,)


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    found = look_into([tmp_path / "gone", tmp_path])
    assert [each.where for each in found.failures] == [str(tmp_path / "gone")]
    assert found.failures[0].exit_code == 3
