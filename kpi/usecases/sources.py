"""Sources read for a catalogue; what cannot be read is a failure beside the others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kpi.domain.catalogue import Catalogue
from kpi.errors import InputError
from kpi.readers.limits import USUAL, Limits
from kpi.readers.source import SourceReading, read_source
from kpi.usecases.places import known_places


def read_sources(
    catalogue: Catalogue, paths: Iterable[Path], *, hidden: bool, limits: Limits = USUAL
) -> tuple[list[SourceReading], list[InputError]]:
    """What the files say, in their order, and why others of them could not be read.

    Args:
        catalogue: Whose indicators are looked for.
        paths: The files.
        hidden: Whether hidden sheets are read too.
        limits: How much each may hold.
    """
    readings: list[SourceReading] = []
    failures: list[InputError] = []
    places = known_places(catalogue)
    for path in paths:
        try:
            readings.append(
                read_source(
                    path,
                    catalogue=catalogue,
                    hidden=hidden,
                    places=places.authorities,
                    region=places.region,
                    codes=places.codes,
                    limits=limits,
                )
            )
        except InputError as failure:
            failures.append(failure)
    return readings, failures


def in_one_line(failure: InputError) -> str:
    """What could not be read, where, and what to do about it."""
    place = "" if failure.where in failure.what else f"{failure.where}: "
    hint = f" ({failure.hint})" if failure.hint else ""
    return f"{place}{failure.what}{hint}"
