"""Sources and catalogues with bytes spoilt are read or refused: what fuzzing does, in short."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi.errors import CatalogueError
from kpi.readers.catalogue import read_catalogue
from kpi.usecases.project import Project
from tests.fuzz.fuzz_catalogue import seeds as catalogue_seeds
from tests.fuzz.sources import (
    a_project,
    as_file,
    catalogue_or_refused,
    read_or_refused,
    seeds,
)

# A folder is used again by every example, which writes over what is in it.
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

SEEDS = sorted((said for said in seeds() if len(said) < 20_000), key=len)
CATALOGUE = next(catalogue_seeds())
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b'"', b"<", b"\x00", b"\xff\xff", b"1e999", b"-", b"=", b"[", b"\n", b"nan"]),
)
Edit = tuple[float, int, bytes]
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), PIECES), min_size=1, max_size=6)


def edited(content: bytes, edits: list[Edit]) -> bytes:
    """The content with some bytes taken out, at a share of its length, and others put in."""
    for share, count, piece in edits:
        at = int(share * len(content))
        content = content[:at] + piece + content[at + count :]
    return content


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return a_project(tmp_path)


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_what_fuzzing_begins_with_is_read(seed: int, tmp_path: Path, project: Project) -> None:
    read_or_refused(as_file(SEEDS[seed]), folder=tmp_path, project=project)


@shared
@given(seed=st.sampled_from(SEEDS), edits=EDITS)
def test_a_spoilt_source_is_read_or_refused(
    tmp_path: Path, project: Project, seed: bytes, edits: list[Edit]
) -> None:
    spoilt = as_file(seed[:1] + edited(seed[1:], edits))
    read_or_refused(spoilt, folder=tmp_path, project=project)


@shared
@given(edits=EDITS)
def test_a_spoilt_catalogue_is_accepted_or_refused(tmp_path: Path, edits: list[Edit]) -> None:
    catalogue_or_refused(edited(CATALOGUE, edits), path=tmp_path / "indicators.toml")


@shared
@given(st.lists(st.sampled_from(CATALOGUE.splitlines(keepends=True)), max_size=40))
def test_shuffled_lines_of_a_catalogue_are_accepted_or_refused(
    tmp_path: Path, lines: list[bytes]
) -> None:
    head = b'[catalogue]\nversion = 1\nauthority = "Southampton"\n'
    catalogue_or_refused(head + b"".join(lines), path=tmp_path / "indicators.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows knows no such pipes")
def test_a_pipe_or_a_device_is_no_catalogue(tmp_path: Path) -> None:
    """It is refused at once, where reading would wait for a writer for ever."""
    pipe = tmp_path / "indicators.toml"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(CatalogueError, match="a pipe or a device is no catalogue"):
            read_catalogue(path)
    with pytest.raises(CatalogueError, match="a folder is no catalogue"):
        read_catalogue(tmp_path)
