"""What `kpi` itself said, come back as a file: ratings, trends and comparisons are no figures.

An exported table, or a CSV of `kpi rag`, has an indicator, a period and numbers, so it would
be read as a report; its means, limits and gaps would then stand among the figures. Only the
exported `observations` are figures, and are read as any tidy table.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpi.errors import SourceError
from kpi.readers.grid import Sheet
from kpi.readers.view import text_of

_OF_ANY = {"indicator", "period"}
_OF_ONE = (
    {"outturn", "outturn_type", "state"},  # rag, trend, compare
    {"mean", "lower_limit", "upper_limit", "rule"},  # the points of a chart
)


def is_answer(header: Sequence[str]) -> bool:
    """Whether a header is that of something that `kpi` said.

    Example:
        >>> is_answer(["indicator", "period", "outturn", "outturn_type", "state", "reason"])
        True
        >>> is_answer(["indicator", "period", "value", "outturn_type", "state"])
        False
    """
    names = {name.strip().casefold() for name in header}
    return names >= _OF_ANY and any(names >= each for each in _OF_ONE)


def refuse_answer(header: Sequence[str], *, file: str) -> None:
    """Raises a `SourceError` where a file holds something that `kpi` said.

    Args:
        header: The file's headings.
        file: Its name, for the message.
    """
    if is_answer(header):
        raise SourceError(
            "this file holds what kpi itself said, not figures to read",
            where=file,
            hint="give the report it was said of, or `observations.csv` of `kpi export`",
        )


def is_answer_sheet(sheet: Sheet) -> bool:
    """Whether a sheet's first row is such a header."""
    first = next(iter(sheet.cells.values()), {})
    return is_answer([text_of(cell) for cell in first.values()])
