"""Up to which batch the monthly run has told what is held.

A run that is killed, or whose output could not be written, after its figures were stored
has told nobody: the next one finds nothing new to read, and this is how it knows what to
tell. The mark stands beside the observations, decides nothing about them, and may be lost:
then what is held counts as told.
"""

from __future__ import annotations

import json
from pathlib import Path

from kpi import files
from kpi.errors import StoreError
from kpi.store.publishing import writing_to

TOLD = "told.json"


def told_up_to(store: Path) -> int | None:
    """Number of the newest batch that was told; null where there is no mark.

    Raises:
        StoreError: It may not be read.
    """
    try:
        seq = json.loads(files.read_bytes(store / TOLD))["seq"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    except OSError as failure:
        raise StoreError(
            f"`{TOLD}` cannot be read: {failure.strerror or failure}",
            where=str(store),
            hint="see to it that you may read the folder and that its disk is connected",
        ) from failure
    return seq if isinstance(seq, int) else None


def mark_as_told(store: Path, *, seq: int) -> None:
    """Keep that every batch up to this number has been told.

    Raises:
        StoreError: The store's folder cannot be written.
    """
    with writing_to(store):
        files.make_folder(store)
        files.write_whole(store / TOLD, json.dumps({"seq": seq}).encode() + b"\n")
