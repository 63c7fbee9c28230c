"""Makes the shipped tables from a folder of downloads: `python -m kpi.reference.build FOLDER`.

The same downloads give the same bytes. What is shipped is read by `kpi.reference`; what
the downloads do not say about themselves stands in `SOURCES.toml`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import polars as pl

from kpi.errors import KpiError
from kpi.reference.build_areas import build_areas, build_neighbours, build_population
from kpi.reference.build_counts import MEASURES_COUNTED_FROM, with_counts
from kpi.reference.build_ees import build_referrals_by_month
from kpi.reference.build_measures import build_measures, build_values, read_dictionary
from kpi.reference.sources import Sources, read_sources


def build_tables(folder: Path, *, sources: Sources) -> dict[str, pl.DataFrame]:
    """Every shipped table by its name, sorted.

    Raises:
        SourceError: A download is missing, changed or says something new.
    """
    areas = build_areas(folder, sources=sources)
    population = build_population(folder, sources=sources, areas=areas)
    dictionary = read_dictionary(folder, sources=sources)
    values = build_values(folder, sources=sources, areas=areas, dictionary=dictionary)
    tables = {
        "areas": areas,
        "neighbours": build_neighbours(folder, sources=sources, areas=areas),
        "population": population,
        "measures": build_measures(
            dictionary, sources=sources, held=values["measure"].unique().to_list()
        ),
        "values": with_counts(
            values, folder=folder, sources=sources, areas=areas, population=population
        ),
        "referrals_by_month": build_referrals_by_month(folder, sources=sources, areas=areas),
    }
    return tables | {"releases": _releases(tables, sources=sources)}


def write_tables(tables: dict[str, pl.DataFrame], *, out: Path) -> dict[str, int]:
    """Writes each table as `out/NAME.parquet`; returns the bytes that each takes."""
    sizes = {}
    for name, table in tables.items():
        file = BytesIO()
        table.write_parquet(file, compression="zstd", compression_level=19)
        sizes[name] = (out / f"{name}.parquet").write_bytes(file.getvalue())
    return sizes


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the build from the command line; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m kpi.reference.build",
        description="Rebuilds the shipped published statistics from a folder of downloads.",
    )
    parser.add_argument("folder", type=Path, help="folder of downloads, with `ees` inside it")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="where to write (the package)"
    )
    asked = parser.parse_args(arguments)
    try:
        tables = build_tables(asked.folder, sources=read_sources())
    except KpiError as error:
        sys.stderr.write(f"error: {error.where}: {error.what}\n{error.hint}\n")
        return error.exit_code
    asked.out.mkdir(parents=True, exist_ok=True)
    sizes = write_tables(tables, out=asked.out)
    for name, table in tables.items():
        sys.stdout.write(f"{name:<20}{table.height:>9,} rows{sizes[name]:>11,} bytes\n")
    sys.stdout.write(f"{'in all':<34}{sum(sizes.values()):>11,} bytes\n")
    return 0


def _releases(tables: dict[str, pl.DataFrame], *, sources: Sources) -> pl.DataFrame:
    """One row a dataset: what it is, whose, of when, its newest period and its rows here."""
    facts = _facts(tables)
    return pl.DataFrame(
        [
            (
                *(known.key, known.title, known.publisher, known.release, known.as_of),
                *facts.get(known.key, (None, None)),
                *(sources.licence, sources.attribution),
            )
            for known in sources.datasets
        ],
        schema={
            "dataset": pl.String,
            "title": pl.String,
            "publisher": pl.String,
            "release": pl.String,
            "as_of": pl.Date,
            "newest_period": pl.String,
            "rows": pl.Int64,
            "licence": pl.String,
            "attribution": pl.String,
        },
        orient="row",
    )


def _facts(tables: dict[str, pl.DataFrame]) -> dict[str, tuple[str | None, int | None]]:
    """Newest period and rows of each dataset that has a table, or a part of one, to itself."""
    areas, values, months = tables["areas"], tables["values"], tables["referrals_by_month"]
    is_authority = areas["area_kind"] == "authority"
    models = tables["neighbours"].group_by("model").len().rows()
    facts: dict[str, tuple[str | None, int | None]] = {
        "areas": (None, int(is_authority.sum())),
        "regions": (None, int((~is_authority).sum())),
        "population": (str(tables["population"]["mid_year"].max()), tables["population"].height),
        "measures": (None, tables["measures"].height),
        "values": _newest_and_rows(values),
        "referrals-by-month": (str(months["month"].max())[:7], months.height),
    }
    counted = values.drop_nulls("numerator")
    for key, measures in MEASURES_COUNTED_FROM.items():
        facts[key] = _newest_and_rows(counted.filter(pl.col("measure").is_in(measures)))
    return facts | {f"neighbours-{model}": (None, rows) for model, rows in models}


def _newest_and_rows(values: pl.DataFrame) -> tuple[str | None, int]:
    newest = values.sort("period_end")["period_label"].last()
    return None if newest is None else str(newest), values.height


if __name__ == "__main__":
    sys.exit(main())
