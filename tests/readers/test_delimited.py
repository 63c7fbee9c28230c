"""Delimited text as cells: encodings, separators, quotes, and where a file must be refused."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.errors import SourceError
from kpi.readers import delimited
from kpi.readers.delimited import read_delimited
from kpi.readers.grid import GridCell, Sheet
from kpi.readers.limits import USUAL, Limits


def read(content: bytes, *, limits: Limits = USUAL) -> Sheet:
    (sheet,) = read_delimited(content, file="board.csv", sha256="ab", limits=limits).sheets
    return sheet


def texts(content: bytes) -> dict[int, dict[int, object]]:
    return {
        row: {column: cell.value for column, cell in cells.items()}
        for row, cells in read(content).cells.items()
    }


def rows(content: bytes) -> list[list[object]]:
    return [list(row.values()) for row in texts(content).values()]


def test_every_value_is_the_text_as_typed_at_its_address() -> None:
    content = b"Indicator,Apr-21,May-21\r\n Referrals ,336,63.40%\r\n"
    grid = read_delimited(content, file="board.csv", sha256="ab")
    (sheet,) = grid.sheets
    assert (grid.file, grid.sha256, sheet.name, sheet.hidden) == ("board.csv", "ab", None, False)
    assert sheet.cells == {
        1: {1: GridCell("Indicator"), 2: GridCell("Apr-21"), 3: GridCell("May-21")},
        2: {1: GridCell(" Referrals "), 2: GridCell("336"), 3: GridCell("63.40%")},
    }


def test_blank_cells_are_absent_and_widths_tell_how_rows_were_written() -> None:
    content = "a,b,c\n,,\n\n1, ,\u00a0\n1,2\n1,2,3,\n".encode()
    sheet = read(content)
    assert texts(content) == {
        1: {1: "a", 2: "b", 3: "c"},
        4: {1: "1"},
        5: {1: "1", 2: "2"},
        6: {1: "1", 2: "2", 3: "3"},
    }
    assert sheet.widths == {1: 3, 2: 3, 3: 0, 4: 3, 5: 2, 6: 4}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_is_a_record_however_lines_end(end: str) -> None:
    content = end.join(['title,""', '"two', 'lines",1', "last,2"]).encode()
    assert texts(content) == {
        1: {1: "title"},
        2: {1: f"two{end}lines", 2: "1"},
        3: {1: "last", 2: "2"},
    }


WORDS = "Référence,£ – “Apr”\nReferrals,336\n"


@pytest.mark.parametrize(
    "content",
    [
        WORDS.encode(),
        WORDS.encode("utf-8-sig"),
        WORDS.encode("cp1252"),
        WORDS.encode("utf-16"),
        b"\xff\xfe" + WORDS.encode("utf-16-le"),
        b"\xfe\xff" + WORDS.encode("utf-16-be"),
        WORDS.encode("utf-16-le"),
        WORDS.encode("utf-16-be"),
        WORDS.encode("utf-32"),
    ],
    ids=["utf-8", "utf-8 marked", "cp1252", "utf-16", "le marked", "be marked", "le", "be",
         "utf-32"],
)  # fmt: skip
def test_an_encoding_is_told_and_never_guessed_wrong(content: bytes) -> None:
    assert rows(content) == [["Référence", "£ – “Apr”"], ["Referrals", "336"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"a,b\nc\x00d,1\n", "NUL"),
        (b"a,\x00\x00\x00\n", "NUL"),
        (b"a\x00,\x00\n\x00\x00\x00", "NUL"),
        (b"a,\x81\n", "no known encoding"),
        (b"\xef\xbb\xbfa,\x96\n", "no known encoding"),
        (b"\xff\xfea\x00,", "no known encoding"),
        (b"\xff\xfe\x00\xd8a\x00", "no known encoding"),
        ("Référence,".encode() + "Référence\n".encode("cp1252"), "two encodings"),
    ],
)
def test_a_text_that_cannot_be_told_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said) as refused:
        read(content)
    assert (refused.value.where, refused.value.exit_code) == ("board.csv", 3)
    assert refused.value.hint


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize(
    "other", ["", 'Rates per 10,000; by team | "all"\n', "Practice, performance\n\n"]
)
def test_a_separator_is_what_the_rows_agree_on(separator: str, other: str) -> None:
    content = other + "Indicator|Apr-21|May-21\nReferrals|336|445\nCases|1|2\n".replace(
        "|", separator
    )
    assert rows(content.encode())[-2:] == [["Referrals", "336", "445"], ["Cases", "1", "2"]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Indicator;Apr;May\nRate;12,5;13,5\nShare;1,5;2,5\n", ["Share", "1,5", "2,5"]),
        ("Indicator\tApr\nVisits, all\t1,897\nCases, all\t1,5\n", ["Cases, all", "1,5"]),
        ('Indicator;Apr\n"Per 10,000";64\n"Cases; all";3\n', ["Cases; all", "3"]),
        ("a;b,c,d\ne;f,g,h\n", ["e;f", "g", "h"]),
        ("a|b;c|d\ne|f;g|h\n", ["e", "f;g", "h"]),
        ("a,b\nc;d,e\nf\n", ["f"]),
        ('"a, b; c"\n"d, e; f"\n', ["d, e; f"]),
        ("one\ntwo\n", ["two"]),
        ("a;b;c", ["a", "b", "c"]),
        ("one, of a kind", ["one", " of a kind"]),
    ],
)
def test_separators_inside_cells_do_not_count(content: str, expected: list[str]) -> None:
    assert rows(content.encode())[-1] == expected


@pytest.mark.parametrize(
    ("first", "separator"),
    [("sep=;", ";"), ("SEP=|", "|"), ('"sep=;"', ";"), ("sep=\t", "\t"), ("sep=;;;", ";"),
     ("sep=^", "^")],
)  # fmt: skip
def test_a_separator_that_is_declared_is_taken_and_its_line_left_out(
    first: str, separator: str
) -> None:
    content = f"{first}\r\na,b{separator}c\r\n1,5{separator}2\r\n".encode()
    assert texts(content) == {1: {1: "a,b", 2: "c"}, 2: {1: "1,5", 2: "2"}}


def test_only_the_first_line_can_declare_a_separator() -> None:
    assert texts(b"a,b\nsep=;\n")[2] == {1: "sep=;"}


def test_quotes_hold_separators_lines_and_doubled_quotes() -> None:
    content = b'"a, b","c\nd","the ""front"" door",12" pipe\n'
    assert rows(content) == [["a, b", "c\nd", 'the "front" door', '12" pipe']]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a,b\n"c,1\nd,2\n', 2),
        ('a,b\n"c\nd",2\n"e,3\nf,4\n', 4),
        ('a;b\nc;1\n"d;2\ne, f;3\n', 3),
        ('a,b\n"c,1\n"d",2\n', 2),
        ('a,b\n"c"d,2\n', 2),
    ],
)
def test_quotes_that_do_not_pair_up_refuse_the_file(content: str, line: int) -> None:
    with pytest.raises(SourceError, match=f"line {line} do not pair up") as refused:
        read(content.encode())
    assert refused.value.exit_code == 3


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("'=1+1", "=1+1"),
        ("'+44 count", "+44 count"),
        ("'-5", "-5"),
        ("'- under 5s", "- under 5s"),
        ("'@home", "@home"),
        ("'＝1", "＝1"),
        ("''=1", "''=1"),
        ("'tis", "'tis"),
        ("'63", "'63"),
        ("=1+1", "=1+1"),
        ("-5", "-5"),
        ("'", "'"),
    ],
)
def test_a_guard_against_formulas_is_taken_away_again(said: str, meant: str) -> None:
    assert texts(f"a,b\nc,{said}\n".encode())[2][2] == meant


def test_more_characters_than_a_cell_holds_are_refused_with_the_cell() -> None:
    with pytest.raises(SourceError, match="32,767") as refused:
        read(b"a,b\nc," + b"x" * 32_768 + b"\n")
    assert refused.value.where == "board.csv!B2"


def test_the_longest_cell_is_read() -> None:
    assert texts(b"a,b\nc," + b"x" * 32_767 + b"\n")[2][2] == "x" * 32_767


def test_a_quote_that_swallows_a_long_file_is_refused() -> None:
    with pytest.raises(SourceError, match="32,767") as refused:
        read(b'a,b\n"c,1\n' + b"d,2\n" * 50_000)
    assert refused.value.where == "board.csv, line 2"
    assert "quote" in refused.value.hint


@pytest.mark.parametrize("content", [b"x" * 8_000_000, b"a,b\n" + b"1," * 1_000_000 + b"\na,b\n"])
def test_a_gigantic_line_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError, match="a line holds more than 1,000,000"):
        read(content)


def test_more_columns_than_a_table_has_are_refused() -> None:
    with pytest.raises(SourceError, match="2,000 columns"):
        read(b"1," * 2_001)


def test_empty_columns_are_not_counted() -> None:
    sheet = read(b"a,b" + b"," * 16_382 + b"\n")
    assert (list(sheet.cells[1]), sheet.widths) == ([1, 2], {1: 16_384})


def test_more_cells_than_allowed_are_refused() -> None:
    with pytest.raises(SourceError, match="more than 10 cells") as refused:
        read(b"a,b\n" * 6, limits=Limits(cells=10))
    assert "`kpi ingest --limits 4`" in refused.value.hint


def test_wider_limits_take_more_columns() -> None:
    assert len(read(b"1," * 2_001, limits=USUAL.times(2)).cells[1]) == 2_001


CELLS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5),
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_what_a_csv_writer_wrote_comes_back(
    table: list[list[str]], separator: str, encoding: str
) -> None:
    held = io.StringIO(newline="")
    held.write(f"sep={separator}\n")
    csv.writer(held, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(table)
    seen = texts(held.getvalue().encode(encoding))
    expected = {
        row: {
            column: delimited._unguarded(said)
            for column, said in enumerate(record, start=1)
            if said.strip()
        }
        for row, record in enumerate(table, start=1)
    }
    assert seen == {row: cells for row, cells in expected.items() if cells}


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        sheet = read(content)
    except SourceError:
        return
    assert all(cell.value for row in sheet.cells.values() for cell in row.values())


@pytest.mark.parametrize(
    ("content", "is_doubted"),
    [
        (b"a;1.897\nb;63,4\n", True),
        (b"a;1.897\nb;1.234,5\n", True),
        (b"a;1.897\nb;63,4%\n", True),
        (b"a;1.897\nb;63.4\n", False),  # nothing shows decimal commas
        (b"a;1.897\nb;1,234\n", False),  # thousands
        (b"a;63.4\nb;63,4\n", False),  # one decimal is no thousands
        (b'a,1.897\nb,"63,4"\n', False),  # commas separate
    ],
)
def test_a_point_among_decimal_commas_is_not_read(content: bytes, is_doubted: bool) -> None:
    assert bool(read(content).cells[1][2].fault) is is_doubted
