"""Small numbers stay on the terminal: in a pipe no command about changes tells them."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import OCTOBER, Kpi

CORRECT = ("correct", "cla-uasc", "2021-10", "3", "--why", "counted twice")


@pytest.mark.parametrize("internal", [False, True])
def test_a_small_correction_is_told_with_internal_only(kpi: Kpi, internal: bool) -> None:
    kpi("ingest", OCTOBER)
    more = ("--internal",) if internal else ()
    ran = kpi(*CORRECT, "--format", "json", *more)
    assert ran.code == 0, ran.err
    row = json.loads(ran.out)["rows"][0]
    assert (row["old"] is not None, row["new"]) == (internal, 3 if internal else None)
    assert (b"is now 3" in ran.err) == internal
    changes = json.loads(kpi("history", "--format", "json", *more).out)["rows"][1]["restatements"]
    assert [each["new"] for each in changes] == [3 if internal else None]
    assert [each["state"] for each in changes] == ["value" if internal else "suppressed"]


@pytest.mark.parametrize("internal", [False, True])
def test_a_small_restatement_is_told_with_internal_only(kpi: Kpi, internal: bool) -> None:
    kpi("ingest", OCTOBER)
    kpi(*CORRECT)
    more = ("--internal",) if internal else ()
    ran = kpi("ingest", OCTOBER, "--restate", "--dry-run", "--format", "json", *more)
    (change,) = json.loads(ran.out)["rows"][0]["restatements"]
    assert (change["indicator"], change["old"]) == ("cla-uasc", 3 if internal else None)


@pytest.mark.parametrize(
    ("internal", "said"),
    [
        (False, "2021-10: the figures or their difference are small and not shown ("),
        (True, "2021-10: 25 → 3 ("),
    ],
)
def test_a_hidden_figure_is_never_said_to_be_none_or_withdrawn(
    kpi: Kpi, internal: bool, said: str
) -> None:
    kpi("ingest", OCTOBER)
    more = ("--internal",) if internal else ()
    printed = [kpi(*CORRECT, *more).out, kpi("history", *more).out]
    printed.append(kpi("history", "--format", "html", *more).out)
    for each in printed:
        assert said in " ".join(each.decode().split())
        assert "withdrawn" not in each.decode()
