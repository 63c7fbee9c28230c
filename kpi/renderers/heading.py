"""The lines under every page's title: whose figures, as of when, by which catalogue."""

from __future__ import annotations

from kpi.domain.answer import Answer
from kpi.renderers.words import moment

SHORT_HASH = 12


def heading_lines(answer: Answer) -> tuple[str, ...]:
    """The authority, and what the answer rests on; the same for the same held figures."""
    held = f"Figures held at {moment(answer.as_of)}" if answer.as_of else "No figures held"
    catalogue = f"catalogue {answer.catalogue_sha256[:SHORT_HASH]}"
    kept = ("Internal: small numbers are not hidden.",) if answer.internal else ()
    return (answer.authority, f"{held}, {catalogue}.", *kept)
