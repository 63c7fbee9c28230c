"""A store that is not as it was written is named and refused, never answered from."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from kpi.errors import StoreError
from kpi.store import Store, contents
from kpi.store.batches import BatchFile, encode
from tests.store.histories import answers, at, keep


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "PAUSES", (0.0, 0.0))


@pytest.fixture
def begun(store: Store) -> Store:
    """A store of three batches, the last of them taken back."""
    for value in (1.0, 2.0, 3.0):
        keep(store, value, value * 2)
    store.undo(now=at(9))
    return store


def kept_files(store: Store) -> list[Path]:
    return sorted((store.folder / "observations").iterdir())


def flip(path: Path, *, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 0x10
    path.write_bytes(content)


def rename_by_hash(path: Path) -> str:
    """Name a file so that its bytes look as if they were meant."""
    short_hash = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
    name = f"{path.name.rpartition('-')[0]}-{short_hash}.parquet"
    path.rename(path.with_name(name))
    return name


def test_a_whole_store_has_no_problems(begun: Store) -> None:
    assert begun.verify() == []


@pytest.mark.parametrize("place", range(4))
def test_a_flipped_byte_anywhere_is_detected_and_its_file_named(begun: Store, place: int) -> None:
    path = kept_files(begun)[place]
    whole = path.read_bytes()
    for offset in range(place, len(whole), int(os.environ.get("KPI_FLIP_STEP", "397"))):
        flip(path, offset=offset)
        with pytest.raises(StoreError, match="is damaged") as failure:
            begun.snapshot()
        assert path.name in failure.value.what
        assert failure.value.where == str(path)
        assert failure.value.exit_code == 3
        path.write_bytes(whole)


def test_a_flipped_byte_of_the_format_never_changes_an_answer(begun: Store) -> None:
    path = begun.folder / "format.json"
    whole, before = path.read_bytes(), answers(begun)
    for offset in range(len(whole)):
        flip(path, offset=offset)
        with suppress(StoreError):
            assert answers(begun) == before
        path.write_bytes(whole)


@pytest.mark.parametrize("keep_bytes", [0, 1, 100])
def test_a_file_cut_short_is_damaged(begun: Store, keep_bytes: int) -> None:
    path = kept_files(begun)[0]
    path.write_bytes(path.read_bytes()[:keep_bytes])
    with pytest.raises(StoreError, match="is damaged"):
        begun.snapshot()


def test_a_damaged_store_takes_no_new_batch(begun: Store) -> None:
    flip(kept_files(begun)[0], offset=10)
    with pytest.raises(StoreError, match="is damaged"):
        keep(begun, 4)
    assert len(kept_files(begun)) == 4


def test_a_missing_batch_is_named(begun: Store) -> None:
    kept_files(begun)[1].unlink()
    with pytest.raises(StoreError, match="batch 2 is missing"):
        begun.snapshot()
    assert begun.verify() == ["batch 2 is missing from the store"]


def test_a_file_under_another_number_is_damaged(begun: Store) -> None:
    path = kept_files(begun)[3]
    path.rename(path.with_name(path.name.replace("00000004", "00000005")))
    with pytest.raises(StoreError, match="does not bear the name"):
        begun.snapshot()


def test_two_batches_of_one_number_are_refused(begun: Store, tmp_path: Path) -> None:
    """As when two laptops wrote apart and a sync program brought their folders together."""
    other = Store(tmp_path / "other laptop")
    keep(other, 7, 8, 9)
    shutil.copy(kept_files(other)[0], begun.folder / "observations")
    with pytest.raises(StoreError, match="two batches bear the number 1") as failure:
        begun.snapshot()
    assert begun.verify() == [failure.value.what]


@pytest.mark.parametrize(
    "name", ["x (Laptop-7's conflicted copy).parquet", "notes.txt", "00000001-ingest-a.parquet"]
)
def test_what_is_not_the_store_s_is_named_and_not_read(begun: Store, name: str) -> None:
    before = answers(begun)
    shutil.copy(kept_files(begun)[0], begun.folder / "observations" / name)
    assert answers(begun) == before
    assert begun.strays() == [name]
    assert begun.verify() == [f"`{name}` is not the store's; it is not read"]


def test_what_systems_put_into_any_folder_is_not_named(begun: Store) -> None:
    (begun.folder / "observations" / "desktop.ini").write_text("")
    assert begun.strays() == []


class TestFormat:
    def test_a_newer_store_is_refused_with_both_numbers(self, begun: Store) -> None:
        (begun.folder / "format.json").write_text('{"format": 2}')
        with pytest.raises(StoreError, match="has format 2, but this `kpi` knows formats up to 1"):
            begun.snapshot()

    def test_a_newer_store_is_not_written(self, begun: Store) -> None:
        (begun.folder / "format.json").write_text('{"format": 2}')
        before = [path.read_bytes() for path in kept_files(begun)]
        with pytest.raises(StoreError, match="has format 2"):
            keep(begun, 4)
        with pytest.raises(StoreError, match="has format 2"):
            begun.compact(now=at(9))
        assert [path.read_bytes() for path in kept_files(begun)] == before

    def test_a_newer_file_is_refused_though_the_folder_says_nothing(
        self, begun: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kpi.store.batches.FORMAT", 2)
        keep(begun, 4, now=at(10))
        monkeypatch.undo()
        monkeypatch.setattr(contents, "PAUSES", (0.0,))
        (begun.folder / "format.json").unlink()
        with pytest.raises(StoreError, match="has format 2"):
            begun.snapshot()

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": null}', '{"format": "one"}'])
    def test_a_format_that_cannot_be_told_is_refused(self, begun: Store, text: str) -> None:
        (begun.folder / "format.json").write_text(text)
        with pytest.raises(StoreError, match="does not tell the store's format") as failure:
            begun.snapshot()
        assert begun.verify() == [failure.value.what]

    def test_a_lost_format_file_is_made_again(self, begun: Store) -> None:
        before = answers(begun)
        (begun.folder / "format.json").unlink()
        assert answers(begun) == before
        keep(begun, 4, now=at(10))
        assert (begun.folder / "format.json").read_text() == '{"format": 1}'


class TestVerify:
    def put(self, store: Store, file: BatchFile) -> None:
        for path in kept_files(store):
            if path.name.startswith(file.name[:8]):
                path.unlink()
        (store.folder / "observations" / file.name).write_bytes(file.content)

    def batch(self, store: Store, seq: int) -> BatchFile:
        return contents.read_contents(store.folder).files[seq - 1]

    def test_every_problem_is_told_not_the_first(self, begun: Store) -> None:
        flip(kept_files(begun)[0], offset=10)
        flip(kept_files(begun)[2], offset=10)
        (begun.folder / "format.json").write_text("{}")
        problems = begun.verify()
        assert [problem.split("`")[2] for problem in problems] == [
            " does not tell the store's format",
            " is damaged: its bytes are not those that were written",
            " is damaged: its bytes are not those that were written",
        ]

    def test_rows_that_are_not_those_told_of_are_told(self, begun: Store) -> None:
        file = self.batch(begun, 2)
        self.put(begun, encode(file.rows().head(1), batches=file.batches, compacted=False))
        (problem,) = begun.verify()
        assert problem.endswith("keeps other rows than it says")

    def test_other_columns_are_told(self, begun: Store) -> None:
        file = self.batch(begun, 2)
        rows = file.rows().with_columns(extra=pl.lit(1))
        self.put(begun, encode(rows, batches=file.batches, compacted=False))
        (problem,) = begun.verify()
        assert problem.endswith("does not have the columns of an observation")

    def test_a_file_without_facts_is_damaged(self, begun: Store) -> None:
        path = kept_files(begun)[1]
        rows = pl.read_parquet(path.read_bytes())
        rows.write_parquet(path)
        rename_by_hash(path)
        with pytest.raises(StoreError, match="does not say which batches it keeps"):
            begun.snapshot()

    def test_rows_that_cannot_be_parsed_are_told(self, begun: Store) -> None:
        path = kept_files(begun)[1]
        content = path.read_bytes()
        path.write_bytes(content[:4] + bytes(200) + content[204:])
        name = rename_by_hash(path)
        assert begun.verify() == [f"`{name}` cannot be parsed"]

    def test_times_out_of_order_are_told(self, begun: Store) -> None:
        file = self.batch(begun, 2)
        info = replace(file.batches[0], ingested_at=at(-1))
        rows = file.rows().with_columns(ingested_at=pl.lit(at(-1)))
        self.put(begun, encode(rows, batches=(info,), compacted=False))
        assert begun.verify() == ["batch 2 is not later than batch 1"]

    @pytest.mark.parametrize("undoes", [None, 4, 5])
    def test_an_undo_of_nothing_is_told(self, begun: Store, undoes: int | None) -> None:
        file = self.batch(begun, 4)
        info = replace(file.batches[0], undoes=undoes)
        self.put(begun, encode(file.rows(), batches=(info,), compacted=False))
        (problem,) = begun.verify()
        assert problem == f"batch 4 undoes batch {undoes}, which is no batch before it"


def test_a_zipped_store_unpacked_answers_the_same(begun: Store, tmp_path: Path) -> None:
    before = answers(begun)
    archive = shutil.make_archive(str(tmp_path / "store"), "zip", begun.folder)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "unpacked")
    assert answers(Store(tmp_path / "unpacked")) == before
