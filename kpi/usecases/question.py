"""What a command was asked, looked up once: what is held, which indicators, and where."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.scorecard import Place
from kpi.store import Snapshot
from kpi.usecases.places import chosen_place
from kpi.usecases.project import (
    Choice,
    Project,
    chosen_indicators,
    require_observations,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about.

    Attributes:
        catalogue: The project's.
        snapshot: What is held, or was at the moment asked for.
        indicators: Those asked for, in the catalogue's order.
        place: Whose figures, by the name under which they are held.
    """

    catalogue: Catalogue
    snapshot: Snapshot
    indicators: tuple[Indicator, ...]
    place: Place

    @property
    def observations(self) -> pl.LazyFrame:
        """The stored rows, nothing that was taken back."""
        return self.snapshot.observations


def asked(project: Project, choice: Choice, *, snapshot: Snapshot | None = None) -> Asked:
    """What a choice comes to in a project.

    Args:
        project: Catalogue and store.
        choice: Which part of it.
        snapshot: What is held, where it has been read already.

    Raises:
        RequestError: Nothing is held, or what was asked for is unknown.
    """
    catalogue = project.catalogue
    snapshot = snapshot or project.store.snapshot(as_of=choice.as_of)
    require_observations(project, snapshot, as_of=choice.as_of)
    indicators = chosen_indicators(catalogue, choice)
    place = chosen_place(catalogue, choice, snapshot.observations)
    return Asked(catalogue, snapshot, indicators, place)
