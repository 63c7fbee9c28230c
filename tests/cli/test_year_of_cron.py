"""A year of mornings under cron: silent unless something changed or failed, and never lost.

Every morning is `kpi run inbox -q -o mail.eml`, run in this process with the clock set.
`KPI_MONTHS=36` plays three years of failures instead of one.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from pathlib import Path

import openpyxl
import pytest

from kpi.domain.period import Period
from kpi.store import Store
from tests.cli.conftest import Kpi
from tests.cli.failures import FAILURES

Clock = Callable[[str], None]

APRIL = Period.of_month(2021, 4)
YEAR = 12
MONTHS = int(os.environ.get("KPI_MONTHS", "12"))
AS = (["--format", "json"], ["--format", "text"])
"""What the report is printed as in one month and in the next."""
SILENT = (0, b"", b"")

CATALOGUE = """
[catalogue]
version = 1
authority = "Anytown"

[indicator.contacts]
title = "Contacts in the month"
outturn = "number"
basis = "in-month"
polarity = "low"
target = 1000
tolerance = 10

[indicator.referrals]
title = "Referrals in the month"
outturn = "number"
basis = "in-month"
polarity = "low"
target = { value = 3600, per = "year" }

[indicator.visits]
title = "Visits in time"
outturn = "percentage"
basis = "snapshot"
polarity = "high"
target = 90
tolerance = 5
tolerance_kind = "points"

[indicator.plans]
title = "Children with a plan"
outturn = "number"
basis = "snapshot"
"""

ROWS: dict[str, Callable[[int], int]] = {
    "Contacts in the month": lambda n: 900 + (n * 137) % 260,
    "Referrals in the month": lambda n: 280 + (n * 53) % 60,
    "Visits in time": lambda n: 82 + (n * 5) % 14,
    "Children with a plan": lambda n: 300 + n,
}
"""Each row's figure by the number of the month."""

LOST, CORRUPT, FILLED_IN, MISSING = 3, 5, 11, 8
"""Months, from April as 0, in which something happens; what, says `arrival`."""


def month(number: int) -> Period:
    period = APRIL
    for _ in range(number):
        period = period.next()
    return period


def name_of(number: int) -> str:
    return f"board-report-{month(number)}.xlsx"


def workbook(number: int, figure: Callable[[str, int, int], int | None]) -> bytes:
    """A month's report: the months of its financial year so far, each figure as it gives it."""
    first = number - number % YEAR
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Board report"])
    sheet.append(["Indicator", *(month(n).start for n in range(first, number + 1))])
    for label in ROWS:
        sheet.append([label, *(figure(label, n, number) for n in range(first, number + 1))])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def reported(label: str, number: int, by: int) -> int | None:
    """A figure as the report of a month gives it: one is restated, one month comes late."""
    if number == MISSING and by < FILLED_IN:
        return None
    restated = 7 if (label, number) == ("Contacts in the month", 1) and by >= LOST else 0
    return ROWS[label](number) + restated


@pytest.fixture(scope="module")
def reports() -> list[bytes]:
    """The reports of a year in which things happen."""
    return [workbook(number, reported) for number in range(YEAR)]


@pytest.fixture(scope="module")
def plain_reports() -> list[bytes]:
    """The reports of months in which nothing happens to figures."""
    return [workbook(number, lambda label, n, _: ROWS[label](n)) for number in range(MONTHS)]


def morning(number: int, day: int) -> str:
    """Half past six on a day of the month after."""
    after = month(number).next().start
    return f"{date(after.year, after.month, day).isoformat()}T06:30"


@dataclass(frozen=True, slots=True)
class Morning:
    """What a run left behind; no mail where none was written."""

    when: str
    code: int
    out: bytes
    err: bytes
    mail: bytes | None

    @property
    def is_silent(self) -> bool:
        """Whether not a byte was written anywhere."""
        return (self.code, self.out, self.err, self.mail) == (*SILENT, None)

    @property
    def subject(self) -> str:
        """What the mail is called."""
        assert self.mail is not None
        return str(message_from_bytes(self.mail)["Subject"])

    @property
    def text(self) -> str:
        """What the mail says, in one line."""
        assert self.mail is not None
        parts = message_from_bytes(self.mail).walk()
        plain = next(part for part in parts if part.get_content_type() == "text/plain")
        content = plain.get_payload(decode=True)
        assert isinstance(content, bytes)
        return " ".join(content.decode().split())


@pytest.fixture
def wake(kpi: Kpi, clock: Clock) -> Callable[..., Morning]:
    """Runs the morning's line in the current folder."""

    def run(when: str, *, output: str = "mail.eml") -> Morning:
        clock(when)
        ran = kpi(
            *("run", "inbox", "-q", "-o", output),
            *("--to", "board@example.org", "--from", "kpi@example.org"),
        )
        mail = Path(output)
        content = mail.read_bytes() if mail.exists() else None
        mail.unlink(missing_ok=True)
        return Morning(when, ran.code, ran.out, ran.err, content)

    return run


Wake = Callable[..., Morning]


def arrive(number: int, reports: list[bytes], day: int) -> None:
    """What lies in the inbox on a morning that did not lie there the morning before."""
    inbox = Path("inbox")
    is_corrupt = number == CORRUPT and day < 10
    if number == MISSING:
        return
    content = reports[number]
    if day == 8 or number == CORRUPT:
        (inbox / name_of(number)).write_bytes(content[:2000] if is_corrupt else content)
    elif day == 9:
        (inbox / f"Copy of {name_of(number)}").write_bytes(content)
        (inbox / f"~${name_of(number)}").write_bytes(b"lock")


def begin(folder: Path) -> None:
    (folder / "inbox").mkdir(parents=True)
    (folder / "indicators.toml").write_text(CATALOGUE, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Year:
    """A year's mornings by month and day, and each month's report as it was printed then."""

    mornings: dict[tuple[int, int], Morning]
    printed: dict[str, bytes]


@pytest.fixture
def played(
    kpi: Kpi, wake: Wake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reports: list[bytes]
) -> Callable[..., Year]:
    """Plays the year in a folder of its own."""

    def play(name: str, *, prints: bool = False) -> Year:
        begin(tmp_path / name)
        monkeypatch.chdir(tmp_path / name)
        mornings, printed = {}, {}
        for number in range(YEAR):
            for day in (8, 9, 10) if number in (LOST, CORRUPT) else (8, 9):
                arrive(number, reports, day)
                found = mornings[number, day] = wake(morning(number, day))
                if prints and found.mail and found.code == 0:
                    printed[found.when] = kpi("report", *AS[number % 2]).out
        return Year(mornings, printed)

    return play


def bytes_of(folder: Path) -> dict[str, str]:
    """Every file of a folder and the hash of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_year_says_what_changed_and_what_failed_and_nothing_else(
    played: Callable[..., Year], kpi: Kpi, clock: Clock, wake: Wake
) -> None:
    year = played("first", prints=True)
    mornings = year.mornings

    told = {(n, 8) for n in range(YEAR) if n not in (CORRUPT, MISSING)} | {(CORRUPT, 10)}
    failed = {(CORRUPT, 8), (CORRUPT, 9)}
    assert {key for key, each in mornings.items() if not each.is_silent} == told | failed
    for key in told:
        assert (mornings[key].code, mornings[key].out, mornings[key].err) == SILENT
        assert mornings[key].subject.startswith("Exceptions, ")

    for key in failed:
        assert mornings[key].code == 3
        assert mornings[key].err.count(b"\n") == 1
        assert mornings[key].err.startswith(f"error: {name_of(CORRUPT)}: ".encode())
        assert mornings[key].subject == f"Could not be read: {name_of(CORRUPT)}"

    restated = mornings[LOST, 8].text
    assert "Contacts in the month: May-21 was 1,037 and is now 1,044." in restated
    assert "4 new figures, 1 restated" in restated
    assert "0 restated" in mornings[LOST + 1, 8].text

    assert "KPI213" in mornings[MISSING + 1, 8].text
    assert "Dec-21" in mornings[MISSING + 1, 8].text
    assert "8 new figures" in mornings[FILLED_IN, 8].text

    # Each month's report again, by what was held then.
    assert len(year.printed) == YEAR - 1
    for when, printed in year.printed.items():
        words = AS[0] if printed.startswith(b"{") else AS[1]
        assert kpi("report", *words, "--as-of", when).out == printed

    # The same files again, under whatever name, by hand: not a byte of the store changes.
    before = bytes_of(Path(".kpi"))
    clock("2022-06-01T12:00")
    assert kpi("ingest", "-q", *sorted(Path("inbox").glob("*board*.xlsx"))[:3]).code == 0
    assert wake("2022-06-01T13:00").is_silent
    assert bytes_of(Path(".kpi")) == before

    # And the whole year again, elsewhere.
    assert played("second").mornings == mornings


def test_a_failure_is_one_message_and_an_exit_code_and_loses_no_month(
    wake: Wake, project: Path, plain_reports: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve failures, one a month or one in three; then the month is told all the same."""
    (project / "inbox").mkdir()
    (project / "indicators.toml").write_text(CATALOGUE, encoding="utf-8")
    kwargs = Store.writing.__kwdefaults__
    assert kwargs is not None
    monkeypatch.setitem(kwargs, "wait_seconds", 0.0)
    failures = list(FAILURES.items())
    every = max(1, MONTHS // len(failures))
    for number in range(MONTHS):
        if number % every == 0 and failures:
            name, failure = failures.pop(0)
            with failure.during():
                (project / failure.inbox / name_of(number)).write_bytes(plain_reports[number])
                failed = wake(morning(number, 8), output=failure.output)
            assert (name, failed.code, failed.out) == (name, failure.code, b"")
            assert failed.err.count(b"error: ") == 1, (name, failed.err)
            assert failed.err.count(b"\n") <= 3 + failure.mistakes, (name, failed.err)
            assert failure.named in failed.err.decode(), (name, failed.err)
            is_told = failed.mail is not None and failed.subject.startswith("Exceptions")
            assert is_told is failure.is_beside_news, name
        else:
            (project / "inbox" / name_of(number)).write_bytes(plain_reports[number])
            is_told = False
        mended = wake(morning(number, 9))
        assert mended.is_silent is is_told
        assert is_told or mended.subject.startswith("Exceptions")
        assert (mended.code, mended.out, mended.err) == SILENT
        assert wake(morning(number, 10)).is_silent
    assert not failures
