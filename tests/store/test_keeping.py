"""What is kept, and what is given back."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import kpi
from kpi.domain.observation import READ, STORED
from kpi.errors import RequestError, StoreError
from kpi.store import Store
from tests.builders import observations
from tests.store.histories import answers, at, keep, read_rows, rows_in_order


def names(store: Store) -> list[str]:
    return sorted(path.name for path in (store.folder / "observations").iterdir())


def test_a_store_not_begun_answers_with_no_rows(store: Store) -> None:
    snapshot = store.snapshot()
    assert_frame_equal(snapshot.observations.collect(), pl.DataFrame(schema=STORED))
    assert (snapshot.batches, snapshot.as_of, snapshot.strays) == ((), None, ())


def test_asking_makes_no_folder(store: Store) -> None:
    store.snapshot()
    store.verify()
    assert not store.exists()
    assert not store.folder.exists()


def test_what_was_kept_comes_back_as_it_was(store: Store) -> None:
    rows = read_rows(1.5, None, -0.1 + 0.3)
    with store.writing(now=at(0)) as writer:
        writer.append(rows, kind="ingest", batch="ab" * 32, file="board.xlsx")
    kept = rows_in_order(store.scan())
    assert kept.schema == pl.Schema(STORED)
    assert_frame_equal(kept.select(rows.columns), rows)


def test_the_store_fills_in_batch_seq_row_and_time(store: Store) -> None:
    keep(store, 1, 2, now=at(0))
    keep(store, 3, now=at(1))
    filled = rows_in_order(store.scan()).select("batch", "seq", "row", "ingested_at").rows()
    assert filled == [
        ("ab" * 32, 1, 0, at(0)),
        ("ab" * 32, 1, 1, at(0)),
        ("ab" * 32, 2, 0, at(1)),
    ]


def test_rows_keep_their_source_order_whatever_their_periods(store: Store) -> None:
    given = ["2021-10", "2020/21", "2021-Q2", "2021-04", "2021-10"]
    rows = observations(*({"period": period, "value": 1.0} for period in given))
    with store.writing(now=at(0)) as writer:
        writer.append(rows.select(*READ, "report_end", "older"), kind="ingest", batch="b", file="f")
    assert rows_in_order(store.scan())["period"].to_list() == given


def test_the_facts_of_a_batch_come_back(store: Store) -> None:
    rows = observations(
        {"period": "2021-10", "value": 5.0, "report_end": date(2021, 10, 31)},
        {"period": "2021-10", "state": "blank", "report_end": date(2021, 10, 31)},
        {"period": "2021-10", "value": 7.0, "role": "target", "report_end": date(2021, 10, 31)},
    ).select(*READ, "report_end", "older")
    with store.writing(now=at(0)) as writer:
        given = writer.append(
            rows,
            kind="prefer",
            batch="cd" * 32,
            file="odd \udce9 name.csv",
            catalogue_sha256="ef" * 32,
            who="Ann",
            why="£ “quoted”\nover two lines",
            counts={"new": 1, "restated": 0},
        )
    assert store.batches() == [given]
    assert (given.seq, given.kind, given.batch) == (1, "prefer", "cd" * 32)
    assert (given.file, given.who) == ("odd \udce9 name.csv", "Ann")
    assert given.why == "£ “quoted”\nover two lines"
    assert (given.rows, given.observations) == (3, 1)
    assert (given.ingested_at, given.report_end) == (at(0), date(2021, 10, 31))
    assert (given.kpi_version, given.catalogue_sha256) == (kpi.__version__, "ef" * 32)
    assert given.counts == {"new": 1, "restated": 0}
    assert given.is_held


def test_who_ran_it_is_the_user_and_host_where_not_said(store: Store) -> None:
    with store.writing(now=at(0)) as writer:
        info = writer.append(read_rows(1), kind="ingest", batch="b", file="f")
    assert info.who.endswith(f"@{socket.gethostname()}")


def test_a_file_is_named_by_number_kind_and_hash_of_its_bytes(store: Store) -> None:
    keep(store, 1)
    (path,) = (store.folder / "observations").iterdir()
    short_hash = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
    assert path.name == f"00000001-ingest-{short_hash}.parquet"


def test_no_file_is_ever_changed(store: Store) -> None:
    seen: dict[str, bytes] = {}
    for value in range(5):
        keep(store, value, now=at(value))
        found = {name: (store.folder / "observations" / name).read_bytes() for name in names(store)}
        assert found | seen == found
        seen = found
    assert len(seen) == 5


def test_nothing_but_the_store_s_own_files_is_left_behind(store: Store) -> None:
    keep(store, 1)
    left = {path.name for path in store.folder.iterdir()}
    assert left == {"format.json", "lock", "observations", "tmp"}
    assert list((store.folder / "tmp").iterdir()) == []
    assert (store.folder / "format.json").read_text() == '{"format": 1}'


def test_the_folder_is_plain_parquet_for_others(store: Store) -> None:
    keep(store, 1, 2)
    keep(store, 3)
    paths = sorted((store.folder / "observations").glob("*.parquet"))
    rows = pl.read_parquet([path.read_bytes() for path in paths])
    assert rows.schema == pl.Schema(STORED)
    assert rows["value"].to_list() == [1, 2, 3]


def test_a_store_moved_elsewhere_answers_the_same(store: Store, tmp_path: Path) -> None:
    keep(store, 1)
    before = answers(store)
    shutil.move(store.folder, tmp_path / "moved")
    assert answers(Store(tmp_path / "moved")) == before


def test_one_writer_may_keep_several_batches_and_sees_each(store: Store) -> None:
    with store.writing(now=at(0)) as writer:
        for value in (1.0, 2.0, 3.0):
            writer.append(read_rows(value), kind="ingest", batch="b", file="f")
            assert writer.scan().collect().filter(pl.col("value") == value).height == 1
        assert [info.seq for info in writer.batches()] == [1, 2, 3]
    assert [info.seq for info in store.batches()] == [1, 2, 3]


def test_a_batch_of_no_rows_is_a_batch(store: Store) -> None:
    keep(store)
    assert [info.rows for info in store.batches()] == [0]
    assert store.as_of() == at(0)
    assert store.scan().collect().height == 0


@pytest.mark.parametrize(
    "rows",
    [
        read_rows(1).drop("unit"),
        read_rows(1).with_columns(seq=pl.lit(1)),
        read_rows(1).with_columns(pl.col("value").cast(pl.String)),
    ],
    ids=["missing", "too many", "other type"],
)
def test_rows_of_other_columns_are_refused(store: Store, rows: pl.DataFrame) -> None:
    with store.writing(now=at(0)) as writer, pytest.raises(ValueError, match="not the columns"):
        writer.append(rows, kind="ingest", batch="b", file="f")
    assert store.batches() == []


def test_an_error_inside_the_block_is_not_taken_for_one_of_the_store(store: Store) -> None:
    with pytest.raises(FileNotFoundError), store.writing(now=at(0)):
        raise FileNotFoundError("the caller's own")
    keep(store, 1)


class TestTime:
    def test_a_clock_put_back_does_not_reorder_batches(self, store: Store) -> None:
        keep(store, 1, now=at(5))
        keep(store, 2, now=at(0))
        keep(store, 3, now=at(5))
        first, second, third = store.batches()
        assert [first.seq, second.seq, third.seq] == [1, 2, 3]
        microsecond = timedelta(microseconds=1)
        assert second.ingested_at == at(5) + microsecond
        assert third.ingested_at == at(5) + 2 * microsecond

    def test_batches_of_one_run_have_times_of_their_own(self, store: Store) -> None:
        with store.writing(now=at(0)) as writer:
            for _ in range(3):
                writer.append(read_rows(1), kind="ingest", batch="b", file="f")
        assert len({info.ingested_at for info in store.batches()}) == 3

    def test_times_are_kept_in_utc(self, store: Store) -> None:
        summer = timezone(timedelta(hours=1))
        keep(store, 1, now=datetime(2021, 10, 31, 1, 30, tzinfo=summer))
        assert store.as_of() == datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
        assert rows_in_order(store.scan())["ingested_at"].to_list() == [store.as_of()]

    def test_as_of_gives_what_was_held_then(self, store: Store) -> None:
        before = answers(store)
        first = keep(store, 1, now=at(1))
        then = answers(store)
        keep(store, 2, now=at(2))
        times = [at(0), first.ingested_at, at(2) - timedelta(microseconds=1)]
        assert answers(store, times=times) == [*before, *then, *then]

    def test_the_edge_of_as_of_is_included(self, store: Store) -> None:
        keep(store, 1, now=at(1))
        assert store.as_of(at(1)) == at(1)
        assert store.as_of(at(1) - timedelta(microseconds=1)) is None

    def test_as_of_is_the_newest_batch_held_not_the_clock(self, store: Store) -> None:
        keep(store, 1, now=at(1))
        keep(store, 2, now=at(2))
        store.undo(now=at(3))
        assert store.as_of() == at(1)


class TestUndo:
    def test_the_newest_batch_held_is_taken_back_by_a_batch_of_its_own(self, store: Store) -> None:
        keep(store, 1)
        keep(store, 2)
        undo = store.undo(now=at(3), who="Ann", why="wrong file")
        assert (undo.seq, undo.kind, undo.undoes, undo.rows) == (3, "undo", 2, 0)
        assert (undo.who, undo.why) == ("Ann", "wrong file")
        assert [(info.seq, info.undone_by) for info in store.batches()] == [
            (1, None),
            (2, 3),
            (3, None),
        ]
        assert rows_in_order(store.scan())["value"].to_list() == [1]

    def test_undo_again_takes_back_the_one_before(self, store: Store) -> None:
        keep(store, 1)
        keep(store, 2)
        assert [store.undo(now=at(3)).undoes, store.undo(now=at(4)).undoes] == [2, 1]
        assert store.scan().collect().height == 0
        assert store.as_of() is None

    def test_an_undo_is_not_itself_undone(self, store: Store) -> None:
        keep(store, 1)
        store.undo(now=at(1))
        keep(store, 2, now=at(2))
        assert store.undo(now=at(3)).undoes == 3

    def test_the_same_again_after_an_undo_is_held_again(self, store: Store) -> None:
        keep(store, 1, now=at(0))
        store.undo(now=at(1))
        keep(store, 1, now=at(2))
        assert rows_in_order(store.scan()).select("seq", "value").rows() == [(3, 1.0)]

    def test_before_the_undo_the_batch_was_held(self, store: Store) -> None:
        keep(store, 1, now=at(0))
        before = answers(store)
        store.undo(now=at(2))
        assert answers(store, times=[at(1)]) == before

    def test_nothing_to_undo_is_an_error_of_the_request(self, store: Store) -> None:
        with pytest.raises(RequestError, match="no batch to undo"):
            store.undo(now=at(0))
        keep(store, 1)
        store.undo(now=at(1))
        with pytest.raises(RequestError, match="no batch to undo"):
            store.undo(now=at(2))


@pytest.mark.skipif(os.name == "nt", reason="Windows calls such a folder not there")
def test_reading_a_file_as_a_store_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(StoreError, match="the store cannot be read") as failure:
        Store(tmp_path / "store").snapshot()
    assert failure.value.exit_code == 3
    assert Store(tmp_path / "store").verify() == [failure.value.what]


def test_writing_where_a_file_stands_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(StoreError, match="the store cannot be written") as failure:
        keep(Store(tmp_path / "store"), 1)
    assert failure.value.exit_code == 3
