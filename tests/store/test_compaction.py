"""Compaction makes files fewer and changes no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi.errors import StoreError
from kpi.store import Store, compaction
from tests.store.histories import START, answers, at, keep

TIMES = [None, *(at(day) for day in range(-1, 8))]


@pytest.fixture
def begun(store: Store) -> Store:
    """Five batches and two undos, on successive days; batches 1, 2 and 6 are held."""
    keep(store, 1.0, 2.0, now=at(0))
    keep(store, 3.0, now=at(1))
    keep(store, 4.0, now=at(2))
    store.undo(now=at(3))
    keep(store, 5.0, now=at(4))
    keep(store, 6.0, None, now=at(5))
    store.undo(now=at(6))
    return store


def kept_files(store: Store) -> list[Path]:
    return sorted((store.folder / "observations").iterdir())


def test_many_files_become_one(begun: Store) -> None:
    assert begun.compact(now=at(8)) == 6
    (path,) = kept_files(begun)
    assert path.name.startswith("00000007-compact-")


def test_every_answer_at_every_time_stays_the_same(begun: Store) -> None:
    before = answers(begun, times=TIMES)
    begun.compact(now=at(8))
    assert answers(begun, times=TIMES) == before
    assert begun.verify() == []


def test_the_rows_of_batches_taken_back_are_kept_too(begun: Store) -> None:
    before = answers(begun, times=[at(2)])
    begun.compact(now=at(8))
    assert answers(begun, times=[at(2)]) == before


def test_undo_goes_on_where_it_was(begun: Store) -> None:
    begun.compact(now=at(8))
    assert [begun.undo(now=at(8)).undoes, begun.undo(now=at(9)).undoes] == [5, 2]


def test_numbers_and_times_go_on_where_they_were(begun: Store) -> None:
    begun.compact(now=at(8))
    info = keep(begun, 7.0, now=START)
    assert info.seq == 8
    assert info.ingested_at > at(6)


def test_a_compacted_store_compacts_again(begun: Store) -> None:
    begun.compact(now=at(8))
    keep(begun, 7.0, now=at(9))
    before = answers(begun, times=TIMES)
    assert begun.compact(now=at(9)) == 1
    assert answers(begun, times=TIMES) == before
    assert len(kept_files(begun)) == 1


@pytest.mark.parametrize("batches", [0, 1])
def test_where_nothing_can_be_brought_together_nothing_changes(store: Store, batches: int) -> None:
    for value in range(batches):
        keep(store, value)
    before = answers(store)
    assert store.compact(now=at(1)) == 0
    assert answers(store) == before


def test_batches_too_large_to_join_stay_as_they_are(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "ROWS", 2)
    keep(store, 1.0, 2.0, now=at(0))
    keep(store, 3.0, 4.0, now=at(1))
    before = [path.name for path in kept_files(store)]
    assert store.compact(now=at(2)) == 0
    assert [path.name for path in kept_files(store)] == before


def test_a_compacted_file_stays_within_its_size(
    begun: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "ROWS", 3)
    before = answers(begun, times=TIMES)
    begun.compact(now=at(8))
    names = [path.name[:16] for path in kept_files(begun)]
    assert names == ["00000002-compact", "00000005-compact", "00000007-compact"]
    assert answers(begun, times=TIMES) == before


def test_a_batch_larger_than_that_stays_alone(
    begun: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "ROWS", 1)
    before = answers(begun, times=TIMES)
    begun.compact(now=at(8))
    assert kept_files(begun)[0].name.startswith("00000001-ingest-")
    assert answers(begun, times=TIMES) == before


def test_a_writer_compacts_within_its_run(begun: Store) -> None:
    with begun.writing(now=at(8)) as writer:
        assert writer.compact() == 6
        assert [info.seq for info in writer.batches()] == list(range(1, 8))
        assert writer.undo().undoes == 5


@pytest.mark.parametrize(("at_least", "fewer"), [(8, 0), (7, 6)])
def test_a_writer_may_leave_it_until_there_are_many_files(
    begun: Store, at_least: int, fewer: int
) -> None:
    with begun.writing(now=at(8)) as writer:
        assert writer.compact(at_least=at_least) == fewer


def test_a_snapshot_taken_before_is_still_good(begun: Store) -> None:
    """Readers take no lock: what they hold must not need the files that are gone."""
    snapshot, expected = begun.snapshot(), begun.scan().collect()
    begun.compact(now=at(8))
    assert snapshot.observations.collect().equals(expected)


class TestBothPresent:
    """Where a run died after the new file came and before the old ones went."""

    @pytest.fixture
    def doubled(self, begun: Store) -> Store:
        old = {path: path.read_bytes() for path in kept_files(begun)}
        begun.compact(now=at(8))
        for path, content in old.items():
            path.write_bytes(content)
        return begun

    def test_no_batch_counts_twice(self, doubled: Store, begun: Store) -> None:
        assert len(kept_files(doubled)) == 8
        with_both = answers(doubled, times=TIMES)
        doubled.compact(now=at(8))
        assert answers(begun, times=TIMES) == with_both
        assert doubled.verify() == []

    def test_some_of_the_old_gone_counts_the_same(self, doubled: Store) -> None:
        expected = answers(doubled, times=TIMES)
        for path in kept_files(doubled)[1:4]:
            path.unlink()
        assert answers(doubled, times=TIMES) == expected

    def test_the_next_compaction_clears_the_old_away(self, doubled: Store) -> None:
        assert doubled.compact(now=at(8)) == 7
        assert len(kept_files(doubled)) == 1

    def test_new_batches_go_on_meanwhile(self, doubled: Store) -> None:
        assert keep(doubled, 9.0, now=at(9)).seq == 8
        assert doubled.compact(now=at(9)) == 8


def test_nothing_goes_when_the_new_file_is_not_what_it_should_be(
    begun: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in kept_files(begun)}
    monkeypatch.setattr(compaction, "check_rows", lambda _: ["it keeps other rows than it says"])
    with pytest.raises(StoreError, match="is damaged"):
        begun.compact(now=at(8))
    assert {path.name: path.read_bytes() for path in kept_files(begun)} == before
