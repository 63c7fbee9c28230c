"""A restatement tells no figure that is hidden, was hidden, or changed by few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from kpi.domain.catalogue import Catalogue, Coherence
from kpi.domain.suppression.restatements import hidden_keys, with_hidden_changes
from tests.builders import a_catalogue, an_indicator, observations

OCTOBER = "2021-10"
CLA = an_indicator("cla", suppress_below=6)
DUE = an_indicator("due")
SHARE = an_indicator("share", outturn="percentage", suppress_below=6, denominator="due")
RATE = an_indicator("rate", outturn="rate", suppress_below=6)


def stored(seq: int, values: Mapping[str, float | None], **beside: Any) -> list[dict[str, Any]]:
    """The rows of a batch; ids may name a unit behind an `@`."""
    return [
        {"indicator": key.partition("@")[0], "unit": key.partition("@")[2], "period": OCTOBER,
         "value": value, "state": "value" if value is not None else "awaited", "seq": seq}
        | {name: of.get(key) for name, of in beside.items()}
        for key, value in values.items()
    ]  # fmt: skip


def not_told(
    was: list[dict[str, Any]], becomes: list[dict[str, Any]], catalogue: Catalogue
) -> list[str]:
    """The changed figures of which nothing is told."""
    frame = observations(*was, *becomes)
    before, after = frame.lazy().filter(pl.col("seq") == 1), frame.lazy()
    old = frame.filter(pl.col("seq") == 1).select("indicator", "unit", old="value")
    changes = (
        frame.filter(pl.col("seq") == 2)
        .select("indicator", "area", "unit", "period", new="value")
        .join(old, on=["indicator", "unit"], maintain_order="left")
    )
    found = with_hidden_changes(changes, before=before, after=after, catalogue=catalogue)
    assert found.columns == [*changes.columns, "is_hidden"]
    assert found.drop("is_hidden").equals(changes)
    return [
        f"{row['indicator']}@{row['unit']}".rstrip("@")
        for row in found.to_dicts()
        if row["is_hidden"]
    ]


@pytest.mark.parametrize(
    ("old", "new", "is_hidden"),
    [(20, 40, False), (20, 3, True), (3, 20, True), (20, 23, True), (20, 26, False),
     (0, 20, False), (20, None, False), (3, None, True)],
)  # fmt: skip
def test_a_count_is_not_told_when_it_or_its_change_is_small(
    old: float, new: float | None, is_hidden: bool
) -> None:
    catalogue = a_catalogue(CLA)
    found = not_told(stored(1, {"cla": old}), stored(2, {"cla": new}), catalogue)
    assert found == (["cla"] if is_hidden else [])


def test_without_a_limit_all_is_told() -> None:
    catalogue = a_catalogue(an_indicator("cla"))
    assert not_told(stored(1, {"cla": 3}), stored(2, {"cla": 4}), catalogue) == []
    beside = a_catalogue(an_indicator("cla"), an_indicator("other", suppress_below=6))
    assert not_told(stored(1, {"cla": 3}), stored(2, {"cla": 4}), beside) == []


@pytest.mark.parametrize(
    ("old", "new", "is_hidden"),
    [(50.0, 75.0, False), (50.0, 60.0, True), (7.5, 50.0, True), (50.0, 92.5, True)],
)
def test_a_share_changes_by_so_many_cases(old: float, new: float, is_hidden: bool) -> None:
    catalogue = a_catalogue(SHARE, DUE)
    was = stored(1, {"share": old, "due": 40.0})
    found = not_told(was, stored(2, {"share": new}), catalogue)
    assert found == (["share"] if is_hidden else [])


def test_a_share_of_no_known_base_is_told_as_it_is_shown() -> None:
    catalogue = a_catalogue(SHARE)
    assert not_told(stored(1, {"share": 7.5}), stored(2, {"share": 8.0}), catalogue) == []


@pytest.mark.parametrize(("old", "is_hidden"), [(6.6, True), (8.0, False), (0.6, True)])
def test_a_rate_changes_by_so_many_cases(old: float, is_hidden: bool) -> None:
    by_count = not_told(
        stored(1, {"rate": old}), stored(2, {"rate": 6.0}, numerator={"rate": 30.0}),
        a_catalogue(RATE),
    )  # fmt: skip
    by_population = not_told(
        stored(1, {"rate": old}), stored(2, {"rate": 6.0}, denominator={"rate": 5e4}),
        a_catalogue(RATE),
    )  # fmt: skip
    assert by_count == by_population == (["rate"] if is_hidden else [])


def test_a_figure_hidden_for_another_then_or_now_is_not_told() -> None:
    rule = Coherence("parts_of", with_=("a", "b"), total="all")
    parts = [an_indicator(each, suppress_below=6, coheres=(rule,)) for each in ("a", "b", "all")]
    catalogue = a_catalogue(*parts)
    few, many = {"a": 3.0, "b": 20.0, "all": 23.0}, {"a": 33.0, "b": 60.0, "all": 93.0}
    assert not_told(stored(1, few), stored(2, many), catalogue) == ["a", "b"]
    assert not_told(stored(1, many), stored(2, few), catalogue) == ["a", "b"]
    assert not_told(stored(1, many), stored(2, {"a": 53.0, "all": 113.0}), catalogue) == []


def test_a_unit_hidden_for_its_sibling_is_not_told() -> None:
    was = stored(1, {"cla@": 60.0, "cla@A": 3.0, "cla@B": 20.0, "cla@C": 37.0})
    becomes = stored(2, {"cla@": 90.0, "cla@B": 50.0})
    assert not_told(was, becomes, a_catalogue(CLA)) == ["cla@B"]


def test_keys_without_a_period_are_told_by_their_own_figures() -> None:
    rows = [{"indicator": "cla", "period": None, "value": value, "seq": seq}
            for value, seq in ((3.0, 1), (40.0, 2))]  # fmt: skip
    frame = observations(*rows)
    changes = frame[1:].select("indicator", "area", "unit", "period", old=pl.lit(3.0), new="value")
    before = frame.lazy().filter(pl.col("seq") == 1)
    found = with_hidden_changes(
        changes, before=before, after=frame.lazy(), catalogue=a_catalogue(CLA)
    )
    assert found["is_hidden"].to_list() == [True]


def test_hidden_keys_are_those_that_we_hide() -> None:
    rows = stored(1, {"cla@A": 3.0, "cla@B": 30.0, "due": 3.0})
    rows += [{"indicator": "cla", "unit": "C", "period": OCTOBER, "state": "suppressed"}]
    catalogue = a_catalogue(CLA, DUE)
    found = hidden_keys(observations(*rows).lazy(), catalogue)
    assert found.rows() == [("cla", "Southampton", "A", OCTOBER)]
    assert hidden_keys(observations(*rows).lazy(), a_catalogue(DUE)).is_empty()
