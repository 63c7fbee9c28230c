"""Everything that is wrong with a store, told rather than raised.

Reading stops at the first thing that is wrong; this goes on, looks at what reading passes
over (rows, times, undos), and changes nothing.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from kpi import files
from kpi.errors import StoreError
from kpi.store.batches import BatchFile, BatchInfo, check_rows, decode, is_batch_name
from kpi.store.contents import (
    OBSERVATIONS,
    Contents,
    check_format,
    missing,
    read_contents,
    refuse_rivals,
    strays_among,
    unreadable,
)


def problems(store: Path) -> list[str]:
    """What is wrong with a store, a sentence each; none when it is whole or not there."""
    try:
        contents = read_contents(store)
        found = _wrong_order(contents.batches())
    except StoreError as failure:
        contents, found = _what_is_whole(store)
        found = found or [failure.what]
    for file in contents.files:
        found += check_rows(file)
    return found + [f"`{name}` is not the store's; it is not read" for name in contents.strays]


def _what_is_whole(store: Path) -> tuple[Contents, list[str]]:
    folder = store / OBSERVATIONS
    found = _wrong_format(store)
    whole: list[BatchFile] = []
    try:
        names = files.names_in(folder)
    except OSError as failure:
        return Contents(files=(), strays=()), found or [unreadable(folder, failure).what]
    for name in filter(is_batch_name, names):
        try:
            whole.append(decode(name, content=files.read_bytes(folder / name), folder=folder))
        except StoreError as failure:
            found.append(failure.what)
        except OSError as failure:
            found.append(f"`{name}`: {unreadable(folder, failure).what}")
    if len(whole) == sum(map(is_batch_name, names)):  # else the damaged ones may be the missing
        found += [f"batch {seq} is missing from the store" for seq in missing(whole)]
    found += _rivals(whole, folder=folder)
    return Contents(files=tuple(whole), strays=tuple(strays_among(names))), found


def _wrong_format(store: Path) -> list[str]:
    try:
        check_format(store)
    except StoreError as failure:
        return [failure.what]
    except OSError as failure:
        return [unreadable(store, failure).what]
    return []


def _rivals(whole: list[BatchFile], *, folder: Path) -> list[str]:
    try:
        refuse_rivals(whole, folder=folder)
    except StoreError as failure:
        return [failure.what]
    return []


def _wrong_order(batches: list[BatchInfo]) -> list[str]:
    found = [
        f"batch {later.seq} is not later than batch {earlier.seq}"
        for earlier, later in pairwise(batches)
        if later.ingested_at <= earlier.ingested_at
    ]
    kinds = {info.seq: info.kind for info in batches}
    return found + [
        f"batch {info.seq} undoes batch {info.undoes}, which is no batch before it"
        for info in batches
        if info.kind == "undo"
        and (kinds.get(info.undoes or 0, "undo") == "undo" or (info.undoes or 0) >= info.seq)
    ]
