"""What a row is called on a page: its indicator, and whose figure it is where that is not plain."""

from __future__ import annotations

from typing import Any

from kpi.domain.catalogue import Catalogue

Row = dict[str, Any]


def place_title(row: Row, catalogue: Catalogue) -> str:
    """An indicator's short title, with the unit and, where it is another, the area.

    Args:
        row: Needs `indicator`, `area`, `unit`.
        catalogue: Gives titles, and the authority that goes unnamed.
    """
    title = catalogue.by_id[row["indicator"]].short
    unit = f", {row['unit']}" if row["unit"] else ""
    area = f" ({row['area']})" if row["area"] != catalogue.authority else ""
    return f"{title}{unit}{area}"
