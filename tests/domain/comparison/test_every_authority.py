"""Every authority as its own council, against a recomputation in plain Python."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Any

import polars as pl
import pytest

from kpi import reference
from kpi.domain.comparison.every_authority import every_authority
from kpi.domain.comparison.places import in_unit_of_indicators, published_places

MODEL = "2025-05"
Z = NormalDist().inv_cdf(0.975)
OF_OUTTURN = ("own", "indicator", "area_code", "period_end", "rank", "of_areas", "quartile")
OF_COMPARATOR = (
    "own", "name", "kind", "at", "value", "n", "of", "value_compared", "difference", "verdict",
)  # fmt: skip
Key = tuple[str, str, date]  # measure, area, last day


@dataclass(frozen=True)
class Everything:
    """What was compared, and the published values it was made of."""

    outturns: dict[Key, dict[str, Any]]
    comparators: dict[Key, dict[str, dict[str, Any]]]
    values: dict[Key, float]
    counts: dict[Key, tuple[float, float]]
    measures: dict[str, dict[str, Any]]
    lists: dict[str, list[str]]
    regions: dict[str, str]


def _indicators() -> pl.LazyFrame:
    is_number = pl.col("outturn") == "number"
    return reference.measures().select(
        "measure",
        "polarity",
        indicator="measure",
        outturn_type="outturn",
        per=pl.col("per").cast(pl.Float64).fill_null(10_000.0),
        basis=pl.lit("annual"),
        year=pl.lit("financial"),
        method=pl.lit("mean"),
        level=pl.lit(95.0),
        is_average=is_number & ~pl.col("is_count"),
    )


@pytest.fixture(scope="module")
def everything() -> Everything:
    """All published values compared at once; made once, for it is the whole of them."""
    indicators, lists = _indicators(), reference.neighbour_lists(model=MODEL)
    places = published_places(
        reference.values(), measures=reference.measures(), indicators=indicators
    ).pipe(in_unit_of_indicators, indicators=indicators, population=reference.population())
    done = every_authority(places, areas=reference.areas(), neighbours=lists)
    outturns, comparators = pl.collect_all(
        [done.outturns.select(OF_OUTTURN), done.comparators.select(OF_COMPARATOR)]
    )
    keys = {
        row["own"]: (row["indicator"], row["area_code"], row["period_end"])
        for row in outturns.iter_rows(named=True)
    }
    beside: dict[Key, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in comparators.iter_rows(named=True):
        beside[keys[row["own"]]][row["name"]] = row
    values = reference.values().collect()
    own_key = ("measure", "area_code", "period_end")
    names: dict[str, list[str]] = defaultdict(list)
    for code, neighbour in lists.select("la_code", "neighbour_code").collect().iter_rows():
        names[code].append(neighbour)
    return Everything(
        outturns={keys[row["own"]]: row for row in outturns.iter_rows(named=True)},
        comparators=beside,
        values={row[:3]: row[3] for row in values.select(*own_key, "value").iter_rows()},
        counts={
            row[:3]: row[3:]
            for row in values.select(*own_key, "numerator", "denominator").drop_nulls().iter_rows()
        },
        measures={row["measure"]: row for row in reference.measures().collect().to_dicts()},
        lists=names,
        regions=dict(
            reference.authorities().select("area_code", "region_name").collect().iter_rows()
        ),
    )


def _alike(everything: Everything) -> Iterator[tuple[Key, float]]:
    """The outturns of measures that are no raw counts, and their published values."""
    for key in everything.outturns:
        if not everything.measures[key[0]]["is_count"]:
            yield key, everything.values[key]


def _close(first: float, second: float) -> bool:
    return math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-9)


def test_every_published_value_of_an_authority_is_compared(everything: Everything) -> None:
    assert len(everything.outturns) > 120_000
    assert len({key[1] for key in everything.outturns}) > 150
    assert len({key[0] for key in everything.outturns}) > 100


def test_neighbour_means_agree(everything: Everything) -> None:
    for key, value in _alike(everything):
        measure, area, end = key
        peers = [(measure, code, end) for code in everything.lists[area]]
        held = [everything.values[peer] for peer in peers if peer in everything.values]
        found = everything.comparators[key].get("Statistical neighbours")
        if held:
            assert found is not None
            mean = sum(held) / len(held)
            assert (found["n"], found["of"], found["at"]) == (len(held), len(peers), end)
            assert _close(found["value"], mean)
            assert _close(found["difference"], value - mean)
        else:
            assert found is None or found["at"] < end


def test_england_and_the_region_are_the_published_figures(everything: Everything) -> None:
    codes = {
        row[0]: row[1]
        for row in reference.areas().select("area_name", "area_code").collect().iter_rows()
    }
    for key, value in _alike(everything):
        measure, area, end = key
        for name in ("England", everything.regions[area]):
            published = everything.values.get((measure, codes[name], end))
            if published is not None:
                found = everything.comparators[key][name]
                assert (found["value"], found["at"]) == (published, end)
                assert _close(found["difference"], value - published)


def test_ranks_and_quartiles_agree(everything: Everything) -> None:
    groups: dict[tuple[str, date], list[float]] = defaultdict(list)
    for key, value in _alike(everything):
        groups[key[0], key[2]].append(value)
    for key, value in _alike(everything):
        row, group = everything.outturns[key], groups[key[0], key[2]]
        polarity = everything.measures[key[0]]["polarity"]
        assert row["of_areas"] == len(group)
        assert (row["rank"], row["quartile"]) == (
            _rank(value, group, polarity=polarity),
            _quartile(value, group, polarity=polarity),
        )


def _rank(value: float, group: list[float], *, polarity: str) -> int | None:
    if polarity == "none":
        return None
    if polarity == "high":
        return 1 + sum(other > value for other in group)
    return 1 + sum(other < value for other in group)


def _quartile(value: float, group: list[float], *, polarity: str) -> str | None:
    if polarity == "none" or len(group) < 4:
        return None
    ordered = sorted(group)
    band = sum(float(f"{value:.9g}") > float(f"{_cut(ordered, p):.9g}") for p in (0.25, 0.5, 0.75))
    return "ABCD"[3 - band if polarity == "high" else band]


def _cut(ordered: list[float], share: float) -> float:
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def test_verdicts_on_percentages_agree(everything: Everything) -> None:
    judged = 0
    for key, _ in _alike(everything):
        measure = everything.measures[key[0]]
        england = everything.comparators[key].get("England")
        if measure["outturn"] != "percentage" or england is None:
            continue
        if key not in everything.counts:
            assert england["verdict"] == "not_compared"
            continue
        expected = _verdict(*everything.counts[key], england["value"], measure["polarity"])
        assert england["verdict"] == expected
        judged += 1
    assert judged > 10_000


def _verdict(x: float, n: float, value: float, polarity: str) -> str:
    centre, spread = 2 * x + Z * Z, Z * math.sqrt(Z * Z + 4 * x * (1 - x / n))
    low = 0 if x == 0 else 100 * (centre - spread) / (2 * (n + Z * Z))
    high = 100 if x == n else 100 * (centre + spread) / (2 * (n + Z * Z))
    words = {"high": ("worse", "better"), "low": ("better", "worse")}
    below, above = words.get(polarity, ("lower", "higher"))
    return below if high < value else above if low > value else "similar"


def test_raw_counts_are_never_set_against_each_other(everything: Everything) -> None:
    for key in everything.outturns:
        if not everything.measures[key[0]]["is_count"]:
            continue
        for found in everything.comparators[key].values():
            assert found["verdict"] == "not_compared"
            if found["kind"] in ("england", "region") and found["value_compared"] is not None:
                assert found["value_compared"] < found["value"] or found["value"] == 0


def test_a_count_beside_englands_is_what_englands_rate_would_give(everything: Everything) -> None:
    populations = {
        row[:2]: row[2]
        for row in reference.population()
        .select("area_code", "mid_year", "population")
        .collect()
        .iter_rows()
    }
    checked = 0
    for key in everything.outturns:
        if key[0] != "CPP_Total_NumRef":
            continue
        before = key[2].year - 1
        england = everything.comparators[key]["England"]
        share = populations.get((key[1], before), math.nan) / populations["970", before]
        if not math.isnan(share):
            assert _close(england["value_compared"], england["value"] * share)
            checked += 1
    assert checked > 1000


def test_neighbours_rates_are_averaged_where_the_measure_is_a_count(everything: Everything) -> None:
    key = ("LACnum", "852", date(2021, 3, 31))
    populations = {
        row[0]: row[1]
        for row in reference.population()
        .filter(pl.col("mid_year") == 2020)
        .select("area_code", "population")
        .collect()
        .iter_rows()
    }
    rates = [
        everything.values["LACnum", code, key[2]] / populations[code]
        for code in everything.lists["852"]
    ]
    found = everything.comparators[key]["Statistical neighbours"]
    assert _close(found["value"], sum(rates) / len(rates) * populations["852"])


def test_the_seeds_comparators_are_reproduced() -> None:
    """With the list of April 2021: 28 and 23 of its own, 22, 28, 23, and 4,092 referrals."""
    indicators = _indicators().filter(pl.col("measure").is_in(["ReReferral", "CPP_Total_NumRef"]))
    places = published_places(
        reference.values(), measures=reference.measures(), indicators=indicators
    ).pipe(in_unit_of_indicators, indicators=indicators, population=reference.population())
    done = every_authority(
        places, areas=reference.areas(), neighbours=reference.neighbour_lists(model="2021-04")
    )
    own = done.outturns.filter(
        (pl.col("area_code") == "852") & (pl.col("period") == "2020/21")
    ).select("own", "indicator", "outturn")
    found = {
        (row["indicator"], row["name"]): row["value"]
        for row in done.comparators.select("own", "name", "value")
        .join(own, on="own")
        .collect()
        .to_dicts()
    }
    outturns = dict(own.select("indicator", "outturn").collect().iter_rows())
    assert round(outturns["ReReferral"]) == 28
    assert round(found["ReReferral", "Southampton 2019/20"]) == 23
    assert round(found["ReReferral", "Statistical neighbours"]) == 22
    assert round(found["ReReferral", "South East"]) == 28
    assert round(found["ReReferral", "England"]) == 23
    assert outturns["CPP_Total_NumRef"] == 4092
