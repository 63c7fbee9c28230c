"""The targets that figures are judged by."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.held import with_held
from kpi.domain.scorecard import Place
from kpi.domain.target import target_frame, typed_target_frame


def targets_to_judge_by(catalogue: Catalogue, observations: pl.LazyFrame) -> pl.LazyFrame:
    """The catalogue's targets, and where it lets them rate those that reports have typed.

    Args:
        catalogue: Gives the targets, and says whether typed ones count.
        observations: What is held.
    """
    targets = target_frame(catalogue)
    if not catalogue.typed_targets:
        return targets.lazy()
    held = (
        observations.filter((pl.col("role") == "target") & ~pl.col("older"))
        .filter(Place(catalogue.authority).filter())
        .pipe(with_held)
        .collect()
    )
    return pl.concat([targets, typed_target_frame(held, catalogue)]).lazy()
