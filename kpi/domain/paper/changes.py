"""What changed since the period before: new reds first, then restatements, then verdicts.

Sets the rows of two runs side by side: of the chosen period and of the one before, both by
what is held now; and of the one before by what was held when it was reported. A row that is
judged at the same period both times, a quarter's in its second month, has not changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.checks.wording import figure, listed, when
from kpi.domain.paper.contents import CHANGE
from kpi.domain.paper.words import DIVERGING, PLACES, SIGNALS, place_name
from kpi.domain.period import parse_period
from kpi.domain.scorecard import ROW
from kpi.domain.suppression.restatements import NOT_SHOWN
from kpi.domain.titles import place_title
from kpi.domain.trend.words import change_words

Row = dict[str, Any]

HIDDEN = "[c]"
"""What stands in place of a restated figure that is small, or would give a small one away."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What `rag`, `trend` and `compare` said of one period: rows of theirs."""

    rag: pl.DataFrame
    trend: pl.DataFrame
    compare: pl.DataFrame


def changes(
    now: Verdicts,
    before: Verdicts,
    *,
    reported: pl.DataFrame | None,
    restated: pl.DataFrame,
    catalogue: Catalogue,
) -> pl.DataFrame:
    """What changed since the period before (columns: `CHANGE`), in the order of telling.

    Args:
        now: Of the chosen period.
        before: Of the period before, by what is held now.
        reported: The ratings of the period before by what was held when its report was the
            newest; null where there was none.
        restated: `ROW`, `period`, `old`, `new` (null: withdrawn), `is_hidden`, of figures
            changed since that report.
        catalogue: Gives indicators.
    """
    before = _without_redefined(before, now=now, catalogue=catalogue)
    ratings = list(_ratings(now.rag, before.rag, catalogue))
    found = [
        *(each for each in ratings if each["kind"] == "new_red"),
        *_restated(restated, catalogue),
        *(each for each in ratings if each["kind"] == "rating"),
        *_trends(now.trend, before.trend, catalogue),
        *_comparisons(now.compare, before.compare, catalogue),
        *(_reported(before.rag, reported, catalogue) if reported is not None else ()),
    ]
    return pl.DataFrame(found, schema=CHANGE, orient="row")


def _without_redefined(before: Verdicts, *, now: Verdicts, catalogue: Catalogue) -> Verdicts:
    """What was said of the period before, of indicators whose definition is still the same."""
    pairs = (
        before.rag.select("indicator", was="period")
        .join(now.rag.select("indicator", "period"), on="indicator")
        .unique("indicator", maintain_order=True)
    )
    redefined = [
        id_ for id_, was, is_ in pairs.iter_rows() if _is_redefined(catalogue.by_id[id_], was, is_)
    ]
    same = ~pl.col("indicator").is_in(redefined)
    return Verdicts(before.rag.filter(same), before.trend.filter(same), before.compare.filter(same))


def _is_redefined(indicator: Indicator, was: str | None, is_: str | None) -> bool:
    """Whether a definition that nothing is compared across begins after the earlier period."""
    earlier, later = (parse_period(said or "", year=indicator.year) for said in (was, is_))
    if earlier is None or later is None:
        return False
    begins = (version.begins for version in indicator.redefinitions)
    return any(earlier.end < day <= later.end for day in begins)


def _ratings(now: pl.DataFrame, before: pl.DataFrame, catalogue: Catalogue) -> Iterator[Row]:
    """The ratings that are no longer what they were."""
    for row in _turned(now, before, verdict="rag_status").iter_rows(named=True):
        was, is_ = (_status(row[name]) for name in ("was", "rag_status"))
        said = f"{is_}{_when(was, row, catalogue)}. {row['reason']}"
        kind = "new_red" if row["rag_status"] == "red" else "rating"
        yield _change(kind, row, catalogue, was, is_, said)


def _restated(restated: pl.DataFrame, catalogue: Catalogue) -> Iterator[Row]:
    for row in restated.iter_rows(named=True):
        indicator = catalogue.by_id[row["indicator"]]
        old, new = (
            "withdrawn" if row[name] is None else figure(row[name], indicator)
            for name in ("old", "new")
        )
        period = when(row["period"], indicator)
        said = f"{period} was {old} and is now {new}."
        if row["is_hidden"]:
            old = new = HIDDEN
            said = f"{period} was restated; {NOT_SHOWN}."
        yield _change("restated", row, catalogue, old, new, said)


def _trends(now: pl.DataFrame, before: pl.DataFrame, catalogue: Catalogue) -> Iterator[Row]:
    """The signals that are new, and those that are over."""
    trial = before.select(*ROW, was_trial="trial_limits")
    turned = (
        _turned(now, before, verdict="variation")
        .join(trial, on=ROW, how="left", maintain_order="left")
        .iter_rows(named=True)
    )
    for row in sorted(turned, key=lambda row: _place(SIGNALS, row["variation"])):
        was = change_words(row["was"], is_trial=bool(row["was_trial"]))
        is_ = change_words(row["variation"], is_trial=bool(row["trial_limits"]))
        if is_:
            said = f"{is_}{_when(was or 'no sign of one', row, catalogue)}."
        elif was:
            said = f"no sign of a real change{_when(was, row, catalogue)}."
        else:
            continue
        yield _change("trend", row, catalogue, row["was"], row["variation"], said)


def _comparisons(now: pl.DataFrame, before: pl.DataFrame, catalogue: Catalogue) -> Iterator[Row]:
    """The verdicts beside neighbours, region and England that turned, those alike together."""
    both = _turned(_by_place(now), _by_place(before), verdict="verdict", by=(*ROW, "name"))
    alike = (
        both.filter(pl.any_horizontal(pl.col("was", "verdict").is_in(DIVERGING)))
        .drop_nulls("was")
        .group_by(*ROW, "period", "was_period", "was", "verdict", maintain_order=True)
        .agg("name")
    )
    for row in alike.iter_rows(named=True):
        was, is_ = row["was"], row["verdict"]
        names = listed(map(place_name, row["name"]))
        said = f"{_beside(is_)} {names}{_when(_verdict(was), row, catalogue)}."
        yield _change("comparison", row, catalogue, was, is_, said)


def _reported(held: pl.DataFrame, reported: pl.DataFrame, catalogue: Catalogue) -> Iterator[Row]:
    """The ratings of the period before that were reported as something else than is held now."""
    differ = (
        held.join(reported.select(*ROW, was="rag_status"), on=ROW, maintain_order="left")
        .filter(pl.col("rag_status").ne_missing(pl.col("was")))
        .iter_rows(named=True)
    )
    for row in differ:
        was, is_ = (_status(row[name]) for name in ("was", "rag_status"))
        period = when(row["period"], catalogue.by_id[row["indicator"]])
        said = f"reported as {was} for {period}; by what is held now it is {is_}."
        yield _change("reported", row, catalogue, was, is_, said)


def _turned(
    now: pl.DataFrame, before: pl.DataFrame, *, verdict: str, by: tuple[str, ...] = ROW
) -> pl.DataFrame:
    """The rows of another period than before whose verdict is another too, with `was`."""
    earlier = before.select(*by, was_period="period", was=verdict)
    return now.join(earlier, on=by, how="left", maintain_order="left").filter(
        pl.col(verdict).ne_missing(pl.col("was"))
        & pl.col("period").ne_missing(pl.col("was_period"))
    )


def _place(order: tuple[str, ...], word: str | None) -> int:
    return order.index(word) if word in order else len(order)


def _by_place(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a neighbours' average, region or England: `ROW`, `period`, `name`, `verdict`."""
    comparator = pl.col("comparators").struct
    return (
        rows.explode("comparators")
        .filter(comparator.field("kind").is_in(PLACES))
        .select(*ROW, "period", comparator.field("name"), comparator.field("verdict"))
    )


def _when(was: str, row: Row, catalogue: Catalogue) -> str:
    """What it was before, and when that was; nothing where it was not there."""
    if row["was_period"] is None:
        return ""
    return f"; in {when(row['was_period'], catalogue.by_id[row['indicator']])} {was}"


def _change(
    kind: str, row: Row, catalogue: Catalogue, before: str | None, after: str | None, said: str
) -> Row:
    title = place_title(row, catalogue)
    return {
        "kind": kind,
        **{name: row[name] for name in (*ROW, "period")},
        "title": title,
        "before": before,
        "after": after,
        "sentence": f"{title}: {said}",
    }


def _status(status: str | None) -> str:
    return status.upper() if status else "not rated"


def _verdict(verdict: str) -> str:
    return "without a verdict" if verdict == "not_compared" else verdict


def _beside(verdict: str) -> str:
    links = {"similar": "similar to", "not_compared": "without a verdict beside"}
    return links.get(verdict, f"{verdict} than")
