"""Which files of a folder are figures to be read, and which are passed over and why.

A folder where people put their reports also holds what Excel, a browser or a copy that is
still running leave there. Only names are looked at here: what a file holds is left to
`kpi.readers.source`, and whether it is new to `kpi.usecases.run`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kpi.errors import InputError, SourceError

_BOOKS = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".ods", ".fods", ".numbers")
ENDINGS = frozenset([*_BOOKS, ".csv", ".tsv", ".parquet"])
"""Spreadsheets and tables. One that cannot be read is told rather than passed over."""

_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart")
_BESIDE = ("desktop.ini", "thumbs.db")


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file of a folder that was left alone.

    Attributes:
        file: Its name without folders.
        why: The reason, in words that follow its name.
        is_usual: Whether nobody need know: a lock, a hidden or unfinished file, a folder.
    """

    file: str
    why: str
    is_usual: bool = True


@dataclass(frozen=True, slots=True)
class Inbox:
    """What was found where figures are put.

    Attributes:
        files: Those to be read, in the order in which they are to count: as their places
            were named, in a folder by name, so that `October (2)` counts after `October`.
        passed_over: What a folder holds beside them.
        failures: Places that are not there or cannot be looked into.
    """

    files: tuple[Path, ...]
    passed_over: tuple[PassedOver, ...] = ()
    failures: tuple[InputError, ...] = ()


def look_into(places: Iterable[Path]) -> Inbox:
    """The files of folders, and files named themselves, which are never passed over.

    Folders inside a folder are left alone: that is where read reports can be put away.

    Args:
        places: Folders and files.
    """
    files: list[Path] = []
    passed_over: list[PassedOver] = []
    failures: list[InputError] = []
    for place in places:
        try:
            reasons = _inside(place) if place.is_dir() else {place: None}
            if not place.exists():
                raise FileNotFoundError
        except OSError as failure:
            failures.append(_closed(place, failure))
            continue
        files += [path for path, why in reasons.items() if why is None]
        passed_over += [why for why in reasons.values() if why is not None]
    return Inbox(tuple(dict.fromkeys(files)), tuple(passed_over), tuple(failures))


def _inside(folder: Path) -> dict[Path, PassedOver | None]:
    """What a folder holds, in order, and why it is passed over; null where it is to be read."""
    return {path: _why_not(path) for path in sorted(folder.iterdir(), key=_order)}


def _order(path: Path) -> tuple[str, str, str]:
    # By the stem: a space sorts before the dot of an ending, so `October (2).xlsx` would come
    # before `October.xlsx`.
    return path.stem.casefold(), path.suffix.casefold(), path.name


def _why_not(path: Path) -> PassedOver | None:
    """Why a file of a folder is passed over; null where it is to be read."""
    name = path.name.casefold()
    if name.startswith((".", "~")) or name.endswith("~") or name in _BESIDE:
        return PassedOver(path.name, "is hidden, or a lock of an open workbook")
    if name.endswith(_UNFINISHED):
        return PassedOver(path.name, "is not finished")
    if path.is_dir():
        return PassedOver(path.name, "is a folder")
    if path.suffix.casefold() not in ENDINGS:
        return PassedOver(path.name, "is no spreadsheet and no table", is_usual=False)
    return None


def _closed(place: Path, failure: OSError) -> InputError:
    if isinstance(failure, FileNotFoundError):
        what, hint = "there is no such file or folder", "check the spelling; is its disk connected?"
    else:
        what = f"it cannot be looked into: {(failure.strerror or str(failure)).lower()}"
        hint = "see to it that you may read it"
    return SourceError(what, where=str(place), hint=hint)
