"""A source beyond the usual limits is refused with the option that widens them, which does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kpi


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A report with more columns than any has: the title's row goes on and on."""
    path = tmp_path / "wide.csv"
    rows = ["Indicator,Oct-21", "Referrals in the month,293", ",".join(["x"] * 2_001)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_refusal_names_the_option_that_takes_the_file(kpi: Kpi, wide: Path) -> None:
    refused = kpi("ingest", wide)
    assert (refused.code, refused.out) == (3, b"")
    assert b"more than 2,000 columns" in refused.err
    assert b"`kpi ingest --limits 4` takes 4 times as much" in refused.err
    taken = kpi("ingest", wide, "--limits", "2")
    assert taken.code == 0, taken.err
    assert b"1 observation: 1 new." in taken.out


@pytest.mark.parametrize("factor", ["0", "-1", "101", "much"])
def test_limits_are_only_ever_widened(kpi: Kpi, wide: Path, factor: str) -> None:
    refused = kpi("ingest", wide, "--limits", factor)
    assert (refused.code, refused.out) == (2, b"")
    assert b"--limits" in refused.err
