"""The `[catalogue]` table: whose outturns these are, and where they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from kpi.domain.catalogue import Catalogue
from kpi.readers.catalogue_misfits import Fitted, Slip
from kpi.readers.catalogue_words import listed, quoted

_VERSION = 1
_MODELS = ("2021-04", "2025-05")
_LA_CODE = re.compile(r"[0-9]{3}")


def check_header(fitted: Fitted[Catalogue]) -> Iterator[Slip]:
    """Everything wrong with a catalogue's header."""
    header = fitted.value
    if header.version != _VERSION:
        what = f"version {header.version} is not known; this program reads version {_VERSION}"
        yield Slip(fitted.at("version"), what)
    if not fitted.is_wrong("authority") and not header.authority.strip():
        yield Slip(fitted.at("authority"), "is empty")
    if header.la_code and not _LA_CODE.fullmatch(header.la_code):
        what = f"{quoted(header.la_code)} is no LA code of three digits"
        yield Slip(fitted.at("la_code"), what)
    yield from chain(_check_neighbours(fitted), _check_store(fitted))


def _check_neighbours(fitted: Fitted[Catalogue]) -> Iterator[Slip]:
    neighbours, path = fitted.value.neighbours, fitted.at("neighbours")
    if isinstance(neighbours, str):
        if neighbours and neighbours not in _MODELS:
            what = f"{quoted(neighbours)} is no model of neighbours; allowed: {listed(_MODELS)}"
            yield Slip(path, f"{what}, or a list of LA codes")
        return
    for place, code in enumerate(neighbours):
        if not _LA_CODE.fullmatch(code):
            yield Slip((*path, place), f"{quoted(code)} is no LA code of three digits")
        elif code in neighbours[:place]:
            yield Slip((*path, place), f"{quoted(code)} is listed twice")


def _check_store(fitted: Fitted[Catalogue]) -> Iterator[Slip]:
    store = fitted.value.store
    if not _stays_inside(store, folder=fitted.value.path.parent):
        what = f"{quoted(store)} is no folder inside the project"
        yield Slip(fitted.at("store"), what)


def _stays_inside(store: str, *, folder: Path) -> bool:
    """Whether a path leads to a folder below, as Windows and as others read it."""
    if not store.isprintable() or not all(map(_leads_below, _readings(store))):
        return False
    project = folder.resolve()
    return project in (project / store).resolve().parents


def _readings(store: str) -> tuple[PurePath, PurePath]:
    return PurePosixPath(store), PureWindowsPath(store)


def _leads_below(path: PurePath) -> bool:
    depth = 0
    if path.anchor or not path.parts:
        return False
    for part in path.parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return False
    return depth > 0
