"""Twelve ways in which a morning's run can fail, each made in the current folder and mended again.

The folder is a project with reports in `inbox`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from kpi.store import Store

CHILDREN = b"Name,Date of birth,NHS number,Gender\nA,2010-01-01,1,F\nB,2011-02-02,2,M\n"
STORE = Path(".kpi")


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure.

    Attributes:
        during: While this lasts, the run fails.
        code: The exit code.
        named: What the message names.
        is_beside_news: Whether the run tells the month's news all the same.
        mistakes: How many mistakes of the catalogue or the commentary are listed.
        inbox: Where the month's report arrives.
        output: Where the mail goes.
    """

    during: Callable[[], AbstractContextManager[None]]
    code: int
    named: str
    is_beside_news: bool = False
    mistakes: int = 0
    inbox: str = "inbox"
    output: str = "mail.eml"


@contextmanager
def instead(path: Path, content: bytes) -> Iterator[None]:
    """Other content in place of a file's own, until it is put back or taken away."""
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    yield
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)


@contextmanager
def no_inbox() -> Iterator[None]:
    """A share that is not connected; what arrives meanwhile is there afterwards."""
    inbox, elsewhere = Path("inbox"), Path("elsewhere")
    inbox.rename(elsewhere)
    yield
    elsewhere.rename(inbox)


@contextmanager
def busy() -> Iterator[None]:
    """Another run that holds the store."""
    with Store(STORE).writing(now=datetime(2021, 4, 1, tzinfo=UTC)):
        yield


@contextmanager
def damaged() -> Iterator[None]:
    """A store of which one byte is not what it was."""
    path = max((STORE / "observations").iterdir())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with instead(path, bytes(content)):
        yield


@contextmanager
def misspelt() -> Iterator[None]:
    """A catalogue with a key that there is not."""
    path = Path("indicators.toml")
    with instead(path, path.read_bytes().replace(b"polarity", b"polartiy", 1)):
        yield


def in_inbox(name: str, content: bytes) -> Failure:
    """A file in the inbox that cannot be read, beside the month's report."""
    return Failure(partial(instead, Path("inbox") / name, content), 3, name, is_beside_news=True)


FAILURES: dict[str, Failure] = {
    "half a workbook": in_inbox("half.xlsx", b"PK\x03\x04" + bytes(500)),
    "an empty file": in_inbox("empty.csv", b""),
    "a header without rows": in_inbox("header.csv", b"indicator,period,value\n"),
    "rows about children": in_inbox("children.csv", CHILDREN),
    "a PDF called a workbook": in_inbox("paper.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "a quote never closed": in_inbox("quote.csv", b'indicator,period,value\n"visits,2021-04,1\n'),
    "no inbox": Failure(no_inbox, 3, "inbox", inbox="elsewhere"),
    "a busy store": Failure(busy, 4, "the store is being written by"),
    "a damaged store": Failure(damaged, 3, ".parquet"),
    "a misspelt catalogue": Failure(misspelt, 2, "polartiy", mistakes=1),
    "a misspelt commentary": Failure(
        partial(instead, Path("commentary/2021-04.toml"), b"[indicator.visist]\n"),
        2,
        "visist",
        mistakes=1,
    ),
    "no folder for the mail": Failure(nullcontext, 5, "nowhere", output="nowhere/mail.eml"),
}
"""By what is wrong."""
