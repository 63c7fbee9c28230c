"""Files are written whole or not at all, and never over what must stay."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kpi import files
from tests.faults import Failing, Gone

ERRORS = [errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT]
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions, links and pipes")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestWriteWhole:
    def test_the_file_has_the_content_and_nothing_else_is_left(self, tmp_path: Path) -> None:
        files.write_whole(tmp_path / "a.csv", b"one")
        assert (tmp_path / "a.csv").read_bytes() == b"one"
        assert names(tmp_path) == ["a.csv"]

    def test_what_stood_there_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_bytes(b"much longer than before")
        files.write_whole(tmp_path / "a.csv", b"")
        assert (tmp_path / "a.csv").read_bytes() == b""

    @pytest.mark.parametrize("name", ["Board [final] £.html", "-o", "a" * 250, "naïve 🙂.csv"])
    def test_names_are_taken_literally(self, tmp_path: Path, name: str) -> None:
        files.write_whole(tmp_path / name, b"x")
        assert names(tmp_path) == [name]

    def test_a_folder_that_is_not_there_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            files.write_whole(tmp_path / "no" / "a.csv", b"x")

    def test_a_folder_is_not_replaced(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "PAUSES", ())
        (tmp_path / "a").mkdir()
        with pytest.raises(OSError, match=r"a"):
            files.write_whole(tmp_path / "a", b"x")
        assert names(tmp_path) == ["a"]

    @posix
    def test_an_existing_file_keeps_its_permissions(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"")
        (tmp_path / "a").chmod(0o640)
        files.write_whole(tmp_path / "a", b"x")
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640

    @posix
    def test_a_new_file_has_the_usual_permissions(self, tmp_path: Path) -> None:
        (tmp_path / "usual").write_bytes(b"")
        files.write_whole(tmp_path / "a", b"x")
        assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode

    @posix
    def test_while_unfinished_only_its_owner_may_open_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "system_call", Failing(nth=2, failure=Gone()))
        with pytest.raises(Gone):
            files.write_whole(tmp_path / "a", b"x")
        (left,) = tmp_path.iterdir()
        assert stat.S_IMODE(left.stat().st_mode) == 0o600
        assert files.is_temporary(left.name)

    @posix
    def test_a_link_is_followed(self, tmp_path: Path) -> None:
        (tmp_path / "there").mkdir()
        (tmp_path / "there" / "real").write_bytes(b"old")
        (tmp_path / "link").symlink_to(tmp_path / "there" / "real")
        files.write_whole(tmp_path / "link", b"new")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "there" / "real").read_bytes() == b"new"

    @posix
    def test_a_device_is_written_to_and_stays(self) -> None:
        files.write_whole(Path(os.devnull), b"x")
        assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)

    @posix
    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may anything")
    def test_a_file_made_read_only_stays(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"old")
        (tmp_path / "a").chmod(0o444)
        with pytest.raises(PermissionError):
            files.write_whole(tmp_path / "a", b"new")
        assert (tmp_path / "a").read_bytes() == b"old"

    def test_a_write_that_takes_little_at_a_time_is_gone_on_with(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.write
        monkeypatch.setattr(os, "write", lambda handle, content: real(handle, content[:3]))
        files.write_whole(tmp_path / "a", b"0123456789")
        assert (tmp_path / "a").read_bytes() == b"0123456789"

    @pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.__getitem__)
    def test_any_call_that_fails_leaves_the_old_or_the_new_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        for nth in range(1, 100):
            (tmp_path / "a").write_bytes(b"old")
            failing = Failing(nth=nth, failure=OSError(number, os.strerror(number)))
            with monkeypatch.context() as patched:
                patched.setattr(files, "system_call", failing)
                try:
                    files.write_whole(tmp_path / "a", b"new")
                except OSError:
                    pass
                else:
                    assert (tmp_path / "a").read_bytes() == b"new"
            assert (tmp_path / "a").read_bytes() in (b"old", b"new")
            assert names(tmp_path) == ["a"]
            if not failing.has_failed:
                return
        pytest.fail("it never came to an end")

    def test_a_process_that_dies_at_any_call_leaves_the_old_or_the_new(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for nth in range(1, 100):
            (tmp_path / "a").write_bytes(b"old")
            failing = Failing(nth=nth, failure=Gone())
            with monkeypatch.context() as patched:
                patched.setattr(files, "system_call", failing)
                if _survives(tmp_path / "a"):
                    return
            assert (tmp_path / "a").read_bytes() in (b"old", b"new")
        pytest.fail("it never came to an end")


def _survives(path: Path) -> bool:
    try:
        files.write_whole(path, b"new")
    except Gone:
        return False
    return True


def test_a_temporary_name_that_is_taken_stays_what_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        files.write_temporary(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"


class TestPublishNew:
    @pytest.fixture
    def temporary(self, tmp_path: Path) -> Path:
        files.write_temporary(tmp_path / "unfinished", b"new")
        return tmp_path / "unfinished"

    def test_the_file_bears_its_name_and_no_other(self, temporary: Path) -> None:
        files.publish_new(temporary, temporary.with_name("final"))
        assert names(temporary.parent) == ["final"]
        assert temporary.with_name("final").read_bytes() == b"new"

    def test_a_name_that_is_taken_stays_what_it_was(self, temporary: Path) -> None:
        final = temporary.with_name("final")
        final.write_bytes(b"old")
        with pytest.raises(FileExistsError):
            files.publish_new(temporary, final)
        assert final.read_bytes() == b"old"

    @posix
    @pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
    def test_a_disk_without_hard_links_will_do(
        self, temporary: Path, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        def refuse(*_: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "link", refuse)
        final = temporary.with_name("final")
        files.publish_new(temporary, final)
        assert names(temporary.parent) == ["final"]
        files.write_temporary(temporary, b"newer")
        with pytest.raises(FileExistsError):
            files.publish_new(temporary, final)
        assert final.read_bytes() == b"new"

    @pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.__getitem__)
    def test_any_call_that_fails_leaves_the_name_free_or_the_file_whole(
        self, temporary: Path, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        final = temporary.with_name("final")
        for nth in range(1, 100):
            failing = Failing(nth=nth, failure=OSError(number, os.strerror(number)))
            with monkeypatch.context() as patched:
                patched.setattr(files, "system_call", failing)
                try:
                    files.publish_new(temporary, final)
                except OSError:
                    pass
                else:
                    assert final.exists()
            assert not final.exists() or final.read_bytes() == b"new"
            files.remove(final)
            files.remove(temporary)
            files.write_temporary(temporary, b"new")
            if not failing.has_failed:
                return
        pytest.fail("it never came to an end")


@posix
def test_content_is_on_the_disk_before_the_name_and_the_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.system_call
    seen: list[str] = []

    def noting(call: Callable[..., object], /, *args: object) -> object:
        seen.append(call.__name__)
        return real(call, *args)

    monkeypatch.setattr(files, "system_call", noting)
    files.write_temporary(tmp_path / "unfinished", b"x")
    files.publish_new(tmp_path / "unfinished", tmp_path / "final")
    files.write_whole(tmp_path / "output", b"x")
    written = ["open", "write", "fsync", "close"]
    folder_synced = ["open", "fsync", "close"]
    assert seen == [
        *(*written, "link", "unlink", *folder_synced),
        *(*written, "replace", *folder_synced),
    ]


class TestFolders:
    def test_folders_above_are_made_too(self, tmp_path: Path) -> None:
        files.make_folder(tmp_path / "a" / "b" / "c")
        files.make_folder(tmp_path / "a" / "b" / "c")
        assert (tmp_path / "a" / "b" / "c").is_dir()

    def test_a_file_of_that_name_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"")
        with pytest.raises(NotADirectoryError):
            files.make_folder(tmp_path / "a")

    def test_names_are_sorted_and_a_folder_not_there_has_none(self, tmp_path: Path) -> None:
        for name in ("b", "a"):
            (tmp_path / name).write_bytes(b"")
        assert files.names_in(tmp_path) == ["a", "b"]
        assert files.names_in(tmp_path / "no") == []

    @posix
    @pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EACCES])
    def test_a_folder_that_cannot_be_brought_to_the_disk_is_let_be(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        failing = Failing(nth=2, failure=OSError(number, os.strerror(number)))
        monkeypatch.setattr(files, "system_call", failing)
        files.sync_folder(tmp_path)
        assert failing.has_failed

    def test_removing_what_is_not_there_is_no_error(self, tmp_path: Path) -> None:
        files.remove(tmp_path / "no")


def test_windows_renames_and_brings_no_folder_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_WINDOWS", True)
    monkeypatch.delattr(os, "link")
    files.write_temporary(tmp_path / "unfinished", b"x")
    files.publish_new(tmp_path / "unfinished", tmp_path / "final")
    files.write_whole(tmp_path / "output", b"x")
    assert names(tmp_path) == ["final", "output"]


class TestHeldOpen:
    """Windows refuses a file that another program has open; most often only for a moment."""

    def refusal(self, code: int) -> PermissionError:
        failure = PermissionError(errno.EACCES, "Access is denied")
        failure.winerror = code  # type: ignore[attr-defined,unused-ignore]
        return failure

    @pytest.mark.parametrize("code", [5, 32, 33])
    def test_it_is_tried_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
    ) -> None:
        monkeypatch.setattr(files, "PAUSES", (0.0, 0.0))
        refusals = [self.refusal(code), self.refusal(code)]
        real = os.replace

        def replace(source: Path, target: Path) -> None:
            if refusals:
                raise refusals.pop()
            real(source, target)

        monkeypatch.setattr(os, "replace", replace)
        files.write_whole(tmp_path / "a", b"x")
        assert (tmp_path / "a").read_bytes() == b"x"

    def test_one_that_stays_open_is_an_error_and_stays_as_it_was(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "PAUSES", (0.0, 0.0))
        (tmp_path / "a").write_bytes(b"old")

        def replace(*_: object) -> None:
            raise self.refusal(32)

        monkeypatch.setattr(os, "replace", replace)
        with pytest.raises(PermissionError):
            files.write_whole(tmp_path / "a", b"new")
        assert (tmp_path / "a").read_bytes() == b"old"
        assert names(tmp_path) == ["a"]

    def test_any_other_refusal_is_not_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failing = Failing(nth=1, failure=PermissionError(errno.EACCES, "Permission denied"))
        monkeypatch.setattr(files, "system_call", failing)
        with pytest.raises(PermissionError):
            files.read_bytes(tmp_path / "a")
        assert failing.calls == 1


class TestWriteAll:
    def test_every_file_has_its_content(self, tmp_path: Path) -> None:
        (tmp_path / "b").write_bytes(b"old")
        files.write_all({tmp_path / name: name.encode() for name in "abc"})
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
            "a": b"a",
            "b": b"b",
            "c": b"c",
        }

    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
    def test_whichever_call_fails_all_are_new_or_all_are_as_before(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
    ) -> None:
        before = {"b": b"old b", "c": b"old c"}
        after = {name: name.encode() for name in "abc"}
        for nth in range(1, 200):
            folder = tmp_path / str(nth)
            folder.mkdir()
            for name, content in before.items():
                (folder / name).write_bytes(content)
            failing = Failing(nth=nth, failure=OSError(code, "no"))
            with monkeypatch.context() as patch, suppress(OSError):
                patch.setattr(files, "system_call", failing)
                files.write_all({folder / name: content for name, content in after.items()})
            assert {path.name: path.read_bytes() for path in folder.iterdir()} in (before, after)
            if not failing.has_failed:
                return
        pytest.fail("no run was long enough")

    @posix
    def test_the_error_names_the_file_that_would_not_be_replaced(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "PAUSES", ())
        (tmp_path / "b").mkdir()
        with pytest.raises(OSError, match="b") as caught:
            files.write_all({tmp_path / "a": b"x", tmp_path / "b": b"x"})
        assert caught.value.filename2 == str(tmp_path / "b")
        assert names(tmp_path) == ["b"]


def test_a_file_made_read_only_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder alone decides whether replacing succeeds; whoever shut the file meant it."""
    path = tmp_path / "board.html"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError):
        files.write_whole(path, b"new")
    with pytest.raises(PermissionError):
        files.write_all({tmp_path / "other.html": b"new", path: b"new"})
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"board.html": b"old"}
