"""What the shipped datasets are, where in a folder of downloads they lie, and reading them.

Everything downloaded comes through here as text, with blanks as null; what the columns
mean is left to the `build_` modules, and to the people who keep `SOURCES.toml` what a
downloaded file does not say about itself.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from kpi.errors import SourceError

SOURCES = Path(__file__).with_name("SOURCES.toml")


@dataclass(frozen=True, slots=True)
class Dataset:
    """One published dataset; `file` is the pattern of its file's name."""

    key: str
    title: str
    publisher: str
    release: str
    as_of: date
    file: str


@dataclass(frozen=True, slots=True)
class Abolition:
    """The end of an authority: its last day and the codes of those in its place."""

    la_code: str
    until: date
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """All of `SOURCES.toml`."""

    licence: str
    attribution: str
    datasets: tuple[Dataset, ...]
    abolitions: tuple[Abolition, ...]

    def dataset(self, key: str) -> Dataset:
        """The dataset of this key."""
        return next(known for known in self.datasets if known.key == key)


def read_sources(path: Path = SOURCES) -> Sources:
    """What is written by hand about the shipped datasets."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    return Sources(
        licence=written["licence"],
        attribution=written["attribution"],
        datasets=tuple(Dataset(key, **facts) for key, facts in written["dataset"].items()),
        abolitions=tuple(
            Abolition(code, facts["until"], tuple(facts["successors"]))
            for code, facts in written["abolished"].items()
        ),
    )


def read_download(folder: Path, *, dataset: Dataset, columns: tuple[str, ...]) -> pl.DataFrame:
    """The named columns of a downloaded file as text, with blanks as null.

    A byte order mark, the columns' order and further columns make no difference.

    Raises:
        SourceError: There is not exactly one such file, or it lacks one of `columns`, as
            happens when a publisher renames them between releases.
    """
    found = sorted([*folder.glob(dataset.file), *folder.glob(f"ees/{dataset.file}")])
    if len(found) != 1:
        names = ", ".join(f"`{path.name}`" for path in found) or "none"
        raise SourceError(
            f"one file called `{dataset.file}` is needed for {dataset.key}, found {names}",
            where=str(folder),
        )
    # Bytes, because polars takes a bracket in a path for a wildcard.
    rows = pl.read_csv(found[0].read_bytes(), infer_schema=False, null_values=[""])
    missing = [name for name in columns if name not in rows.columns]
    if missing:
        raise SourceError(
            f"columns are missing: {', '.join(f'`{name}`' for name in missing)}",
            where=str(found[0]),
            hint=f"the file has {', '.join(f'`{name}`' for name in rows.columns)}",
        )
    return rows.select(columns)


def refuse(wrong: pl.DataFrame, *, what: str, dataset: Dataset) -> None:
    """Stops the build when there are wrong rows, with the first three of them.

    Raises:
        SourceError: `wrong` is not empty.
    """
    if wrong.height:
        shown = "; ".join(
            ", ".join(f"{name} `{value}`" for name, value in row.items())
            for row in wrong.head(3).iter_rows(named=True)
        )
        raise SourceError(f"{wrong.height} rows {what}: {shown}", where=dataset.file)
