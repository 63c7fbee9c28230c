"""Many small files made few, with every row, every batch and every answer kept.

A new file is proved to hold the rows of those it stands for before it is published, and
proved to lie on the disk as it was made before any of those goes. A run that dies in
between leaves batches that stand in two files, which a reader counts once and the next
compaction clears away. Nothing else in the store ever removes a file of observations.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kpi import files
from kpi.store.batches import BatchFile, BatchInfo, check_rows, damaged, encode
from kpi.store.contents import OBSERVATIONS, Contents, read_contents
from kpi.store.publishing import publish, writing_to

ROWS = 500_000
"""Rows that compaction brings together in one file at most: what fits in memory with ease."""

Group = list[tuple[BatchFile, list[BatchInfo]]]
"""Files that become one, each with the batches that are read from it."""


def compact(store: Path, *, contents: Contents) -> None:
    """Bring the small files of a store together; the caller holds its lock.

    Args:
        store: The store's folder.
        contents: All that is in it.

    Raises:
        StoreError: A step failed; the answers are what they were all the same.
    """
    for group in _groups(contents):
        if len(group) > 1:
            publish(store, file=_merged(group, folder=store / OBSERVATIONS))
    _clear(store, contents=read_contents(store))


def _groups(contents: Contents) -> list[Group]:
    """Neighbouring files in groups of at most `ROWS` rows; a larger file stays alone."""
    groups: list[Group] = []
    room = 0
    for file, batches in contents.reading_plan():
        rows = sum(info.rows for info in batches)
        if not groups or rows > room:
            groups.append([])
            room = ROWS
        groups[-1].append((file, batches))
        room -= rows
    return groups


def _merged(group: Group, *, folder: Path) -> BatchFile:
    rows = pl.concat([file.rows_of(batches) for file, batches in group])
    batches = sorted((info for _, infos in group for info in infos), key=lambda info: info.seq)
    file = encode(rows, batches=tuple(batches), compacted=True)
    in_order = ["seq", "row"]
    if check_rows(file) or not file.rows().sort(in_order).equals(rows.sort(in_order)):
        raise damaged(folder / group[0][0].name, "its rows do not agree with what it says of them")
    return file


def _clear(store: Path, *, contents: Contents) -> None:
    read = {file.name for file, _ in contents.reading_plan()}
    unread = [file.name for file in contents.files if file.name not in read]
    if not unread:
        return
    with writing_to(store):
        files.sync_folder(store / OBSERVATIONS)
        for name in unread:
            files.remove(store / OBSERVATIONS / name)
