"""Figures written in a catalogue as a sheet shows them are answered with how to write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi.errors import CatalogueError
from kpi.readers.toml_file import read_toml


def mistake(folder: Path, line: str) -> tuple[int, str]:
    path = folder / "indicators.toml"
    path.write_text(f"[indicator.contacts]\n{line}\nbasis = 'in-month'\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_toml(path)
    [found] = caught.value.mistakes
    return found.line, found.what


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("target = 1,500", "write 1500, without a comma"),
        ("target = 1,500 # a month", "write 1500, without a comma"),
        ("target = 1,250,000.5", "write 1250000.5, without a comma"),
        ("target = 95%", "write 95, without %"),
        ("target = 95 %", "write 95, without %"),
        ("target = 95 per cent", "write 95, without %"),
        ("target = -2.5%", "write -2.5, without %"),
        ("target = £2,000", "write 2000, without £ and a comma"),
        ('target = { value = 1,500, per = "month" }', "write 1500, without a comma"),
        ('target = { per = "month", value = 95% }', "write 95, without %"),
        ("target = { low = 1, high = 95% }", "write 95, without %"),
    ],
)
def test_a_figure_is_written_plainly(tmp_path: Path, line: str, what: str) -> None:
    assert mistake(tmp_path, line) == (2, what)


@pytest.mark.parametrize(
    "line",
    [
        "target = 95 by March",
        "target = at least 95",
        "target = { value = 5, per = month } # = 1,500",
        'title = "a" "= 95%"',
        "small = 20,",
    ],
)
def test_other_slips_are_not_taken_for_figures(tmp_path: Path, line: str) -> None:
    assert "without" not in mistake(tmp_path, line)[1]
