"""`kpi history` lists every batch, what was taken back included, and old and new figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import OCTOBER, SEPTEMBER, Kpi


def rows(kpi: Kpi, *words: str) -> list[dict[str, Any]]:
    ran = kpi("history", "--format", "json", *words)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)["rows"]
    return found


@pytest.fixture
def begun(kpi: Kpi, clock: Callable[[str], None]) -> Kpi:
    """September, then October, taken back, then ingested again, on successive days."""
    for day, words in enumerate(
        [("ingest", SEPTEMBER), ("ingest", OCTOBER), ("undo",), ("ingest", OCTOBER)]
    ):
        clock(f"2021-11-{10 + day}T09:00")
        assert kpi(*words).code == 0
    return kpi


def test_a_store_not_begun_says_how_to_begin(kpi: Kpi) -> None:
    ran = kpi("history")
    assert ran.code == 0
    assert b"Nothing has been kept yet; `kpi ingest YOUR-REPORT.xlsx` begins." in ran.out
    assert rows(kpi) == []


def test_a_batch_taken_back_stays_in_the_list_and_restates_nothing(begun: Kpi) -> None:
    found = rows(begun)
    assert [(each["seq"], each["kind"], each["undoes"], each["undone_by"]) for each in found] == [
        (1, "ingest", None, None),
        (2, "ingest", None, 3),
        (3, "undo", 2, None),
        (4, "ingest", None, None),
    ]
    assert [len(each["restatements"]) for each in found] == [0, 0, 0, 6]
    assert found[1]["batch"] == found[3]["batch"]


def test_people_read_what_was_undone_and_what_changed(begun: Kpi) -> None:
    printed = " ".join(begun("history").out.decode().split())
    assert "ingest, taken back by 3" in printed
    assert "undo of 2" in printed
    assert (
        "Referrals, 2021-09: 419 → 426 (board-report-2021-09.xlsx:Right Service!I7 → "
        "board-report-2021-10.xlsx:Right Service!I7)"
    ) in printed


def test_as_of_lists_what_was_kept_by_then(begun: Kpi) -> None:
    found = rows(begun, "--as-of", "2021-11-11")
    assert [(each["seq"], each["undone_by"]) for each in found] == [(1, None), (2, None)]
    assert len(found[1]["restatements"]) == 6


def test_an_indicator_narrows_the_restatements_not_the_batches(begun: Kpi) -> None:
    found = rows(begun, "--indicator", "referrals")
    assert len(found) == 4
    assert [each["indicator"] for row in found for each in row["restatements"]] == ["referrals"]


def test_csv_has_a_line_a_batch(begun: Kpi) -> None:
    lines = begun("history", "--format", "csv").out.decode().splitlines()
    assert lines[0].startswith("seq,kind,file,ingested_at,observations,who,why,undoes,undone_by")
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2", "3", "4"]
