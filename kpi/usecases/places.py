"""The places that a report may name: every authority, and the council's own region."""

from __future__ import annotations

from dataclasses import dataclass

from kpi import reference
from kpi.domain.catalogue import Catalogue
from kpi.errors import RequestError


@dataclass(frozen=True, slots=True)
class Places:
    """Names of authorities, and of the council's region; empty where it is not known."""

    authorities: tuple[str, ...]
    region: str


def known_places(catalogue: Catalogue) -> Places:
    """The places of the shipped reference data; the region by the catalogue's `la_code`."""
    names = reference.authorities().select("area_name").collect()["area_name"]
    try:
        region = reference.region_of(catalogue.la_code).name if catalogue.la_code else ""
    except RequestError:
        region = ""
    return Places(tuple(names), region)
