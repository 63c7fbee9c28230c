"""The steps of bringing a file into the store, shared by writing and compaction.

The lock is held by whoever calls these.
"""

from __future__ import annotations

import errno
import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kpi import files
from kpi.errors import StoreError
from kpi.store.batches import FORMAT, BatchFile
from kpi.store.contents import FORMAT_FILE, OBSERVATIONS

TEMPORARY = "tmp"

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


def publish(store: Path, *, file: BatchFile) -> None:
    """Bring a file onto the disk and give it its name; until then it is not there.

    Raises:
        StoreError: It could not be written; no batch was added.
    """
    with writing_to(store, needed=len(file.content)):
        _begin(store)
        _publish(store / OBSERVATIONS / file.name, content=file.content, store=store)


def sweep(store: Path) -> None:
    """Remove what runs that died left behind; what cannot be removed does no harm."""
    leftovers = [store / TEMPORARY / name for name in files.names_in(store / TEMPORARY)]
    leftovers += [store / name for name in files.names_in(store) if files.is_temporary(name)]
    for path in leftovers:
        with suppress(OSError):
            files.remove(path)


@contextmanager
def writing_to(store: Path, *, needed: int = 0) -> Iterator[None]:
    """Turn the operating system's refusals into sentences, for the time of a `with` block.

    Args:
        store: The store's folder.
        needed: Bytes that are about to be written, for the message of a full disk.

    Raises:
        StoreError: Instead of any `OSError`.
    """
    try:
        yield
    except OSError as failure:
        if failure.errno in _FULL:
            raise _full(store, needed=needed) from failure
        raise StoreError(
            f"the store cannot be written: {failure.strerror or failure}",
            where=str(failure.filename or store),
            hint="see to it that you may write to the folder; what was kept is unharmed",
        ) from failure


def _begin(store: Path) -> None:
    files.make_folder(store / OBSERVATIONS)
    files.make_folder(store / TEMPORARY)
    if FORMAT_FILE not in files.names_in(store):
        content = json.dumps({"format": FORMAT}).encode()
        _publish(store / FORMAT_FILE, content=content, store=store)


def _publish(final: Path, *, content: bytes, store: Path) -> None:
    temporary = store / TEMPORARY / secrets.token_hex(8)
    files.write_temporary(temporary, content)
    try:
        files.publish_new(temporary, final)
    except BaseException:
        with suppress(OSError):
            files.remove(temporary)
        raise


def _full(store: Path, *, needed: int) -> StoreError:
    try:
        free = f", {_size(shutil.disk_usage(store).free)} free"
    except OSError:
        free = ""
    return StoreError(
        f"the disk is full: {_size(needed)} needed{free}",
        where=str(store),
        hint="make room on the disk, then run again; what was kept is unharmed",
    )


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{-(-count // 1000)} kB"
