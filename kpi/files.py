"""Every change the project makes to the file system, each made whole or not at all.

A file is written beside its place under a temporary name that only its owner may open,
brought to the disk, and only then given its name; the folder is brought to the disk
after it. A file that some other program holds open is tried again for a moment, as
Windows refuses it outright. All calls pass `system_call`, so that a test can make the
n-th one fail.

Errors come out as the operating system gave them (`OSError`): only the caller knows
whether an output or the store could not be written, and what to say about it.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Seconds between the tries at a file that another program holds open."""

_WINDOWS = os.name == "nt"
_UNFINISHED = ".kpi-"
_HELD_OPEN = frozenset({5, 32, 33})  # Windows: access denied, sharing and lock violation
_NO_HARD_LINKS = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
)
# Some network file systems cannot bring a folder to the disk, and some folders may be
# written but not opened; there is then nothing more that a program could do.
_NO_FOLDER_SYNC = frozenset(
    {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.ENOSYS, errno.EACCES, errno.EPERM}
)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def system_call(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What the operating system answers; the one door to it, so that tests can shut it."""
    return call(*args, **kwargs)


def read_bytes(path: Path) -> bytes:
    """The content of a file, read at once.

    Raises:
        OSError: It is not there or cannot be read.
    """
    return _patiently(path.read_bytes)


def names_in(folder: Path) -> list[str]:
    """The names in a folder, sorted; none when the folder is not there.

    Raises:
        OSError: The folder cannot be read.
    """
    try:
        return sorted(system_call(os.listdir, folder))
    except FileNotFoundError:
        return []


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where they are not there yet, to outlive a power cut.

    Raises:
        OSError: It cannot be made, or something else bears its name.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):  # another run was quicker
        system_call(os.mkdir, folder)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    sync_folder(folder.parent)


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Give `path` this content, whole or not at all; what stood there stays until then.

    A link is followed, an existing file keeps its permissions, and a device or a pipe is
    simply written to.

    Args:
        path: Where to; its folder must be there.
        content: All of it.
        durable: Whether it must outlive a power cut once this returns.

    Raises:
        OSError: It could not be written; what stood there is untouched.
    """
    target = Path(os.path.realpath(path))
    mode = _mode_of(target)
    if mode is not None and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        _patiently(target.write_bytes, content)
        return
    if mode is not None and not os.access(target, os.W_OK):
        # Replacing would succeed: the folder alone decides. A file made read-only is meant so.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    temporary = target.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}.tmp")
    write_temporary(temporary, content, mode=mode, durable=durable)
    try:
        _patiently(os.replace, temporary, target)
    except BaseException:
        _discard(temporary)
        raise
    if durable:
        sync_folder(target.parent)


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Give each path its content, all of them or none, to outlive a power cut.

    Every file is finished before the first one gets its name; where a name cannot be given,
    those that got theirs have their old content again. Only a run that is killed between two
    names leaves new and old ones side by side, each of them whole.

    Args:
        contents: By path, in the order in which they get their names; the folders must be there.

    Raises:
        OSError: One could not be written; `filename2` is its path, null for a folder's fault.
    """
    finished: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            target = Path(os.path.realpath(path))
            mode = _mode_of(target)
            if mode is not None and not os.access(target, os.W_OK):
                raise PermissionError(
                    errno.EACCES, os.strerror(errno.EACCES), str(target), None, str(target)
                )
            finished[target] = target.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}.tmp")
            write_temporary(finished[target], content, mode=mode)
        _name_all(finished)
    except BaseException:
        for temporary in finished.values():
            _discard(temporary)
        raise
    for folder in {target.parent for target in finished}:
        sync_folder(folder)


def write_temporary(
    path: Path, content: bytes, *, mode: int | None = None, durable: bool = True
) -> None:
    """Write a new file that is to be given its real name next, readable by its owner alone.

    Once whole, it has the permissions that any new file in its folder gets, or `mode`.

    Args:
        path: A name that nothing bears.
        content: All of it.
        mode: Permissions for the finished file; null for the folder's usual ones.
        durable: Whether it is on the disk once this returns.

    Raises:
        OSError: It could not be written; nothing is left of it.
    """
    try:
        _write_new(path, content, mode=mode, durable=durable)
    except BaseException as failure:
        if not isinstance(failure, FileExistsError):
            _discard(path)
        raise


def publish_new(temporary: Path, final: Path) -> None:
    """Give a finished temporary file its name; whatever bears that name already stays.

    Raises:
        FileExistsError: Something bears the name.
        OSError: The name could not be given. Where only bringing the folder to the disk
            failed, the file bears its name nevertheless.
    """
    if _WINDOWS:
        _patiently(os.rename, temporary, final)  # refuses a name that is taken
        return
    try:
        system_call(os.link, temporary, final)
    except OSError as failure:
        if failure.errno not in _NO_HARD_LINKS:
            raise
        _rename_new(temporary, final)
    _discard(temporary)
    sync_folder(final.parent)


def remove(path: Path) -> None:
    """Remove a file; that it is not there is no error.

    Raises:
        OSError: It cannot be removed.
    """
    with suppress(FileNotFoundError):
        _patiently(os.unlink, path)


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk, where the system has a way to.

    Raises:
        OSError: The disk failed.
    """
    if _WINDOWS:
        return
    try:
        handle = system_call(os.open, folder, os.O_RDONLY)
        try:
            system_call(os.fsync, handle)
        finally:
            system_call(os.close, handle)
    except OSError as failure:
        if failure.errno not in _NO_FOLDER_SYNC:
            raise


def is_temporary(name: str) -> bool:
    """Whether a name is one that `write_whole` gives to what it has not finished.

    Example:
        >>> is_temporary(".kpi-0f3a.tmp"), is_temporary("board.csv")
        (True, False)
    """
    return name.startswith(_UNFINISHED) and name.endswith(".tmp")


def _name_all(finished: Mapping[Path, Path]) -> None:
    """Give finished files their names; where one cannot be given, take all of them back."""
    before = {target: read_bytes(target) if target.is_file() else None for target in finished}
    named: list[Path] = []
    try:
        for target, temporary in finished.items():
            _patiently(os.replace, temporary, target)
            named.append(target)
    except BaseException:
        for target in named:
            with suppress(OSError):
                old = before[target]
                remove(target) if old is None else write_whole(target, old)
        raise


def _write_new(path: Path, content: bytes, *, mode: int | None, durable: bool) -> None:
    # Made with the usual permissions, to learn them, then closed to others while still empty.
    handle = system_call(os.open, path, _NEW, 0o666)
    try:
        usual = os.fstat(handle).st_mode
        _set_mode(handle, 0o600)
        rest = memoryview(content)
        while rest:
            rest = rest[system_call(os.write, handle, rest) :]
        _set_mode(handle, usual if mode is None else mode)
        if durable:
            system_call(os.fsync, handle)
    finally:
        system_call(os.close, handle)


def _set_mode(handle: int, mode: int) -> None:
    if _WINDOWS:
        return
    with suppress(OSError):  # file systems without permissions refuse to set them
        os.fchmod(handle, stat.S_IMODE(mode))


def _mode_of(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _rename_new(temporary: Path, final: Path) -> None:
    # Without hard links nothing refuses a taken name; the store's lock keeps others away.
    if final.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final))
    system_call(os.rename, temporary, final)


def _discard(path: Path) -> None:
    with suppress(OSError):
        remove(path)


def _patiently(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    for pause in PAUSES:
        try:
            return system_call(call, *args, **kwargs)
        except PermissionError as failure:
            if getattr(failure, "winerror", None) not in _HELD_OPEN:
                raise
            time.sleep(pause)
    return system_call(call, *args, **kwargs)
