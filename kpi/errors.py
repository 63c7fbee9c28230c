"""The family of errors: what a run says when it cannot go on.

Wrong data is a finding and the run goes on; an error means it cannot. Inner code
raises these, `kpi.cli.diagnostics` alone catches and prints them.

```
KpiError                    what, where and a hint, as separate fields
├─ RequestError             exit 2: what was asked for is not there
│  ├─ CatalogueError        indicators.toml; carries every mistake, not the first
│  ├─ UnknownIndicatorError offers the nearest names
│  └─ UnknownPeriodError    says which periods are held
├─ InputError               exit 3: something that must be read cannot be
│  ├─ SourceError           a workbook or CSV, or one laid out in no known way
│  └─ StoreError            the kept observations
│     └─ StoreBusyError     exit 4: another run holds the lock
└─ OutputError              exit 5: what was asked for cannot be written
```
"""

from __future__ import annotations

from dataclasses import dataclass


class KpiError(Exception):
    """A run that cannot go on.

    Args:
        what: One sentence, lower case, literals in backticks.
        where: File, sheet and cell, or the path in the TOML; empty when there is none.
        hint: The next step for the reader; empty when there is none.
    """

    exit_code = 70

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint


class RequestError(KpiError):
    """What was asked for is not there, or is not understood."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a catalogue.

    Attributes:
        line: Line of the file, counted from 1; 0 when it could not be found.
        path: The key's path, such as `indicator.referral-rate.polarity`.
        what: The mistake in words, the nearest allowed word included.
    """

    line: int
    path: str
    what: str

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.path}: {self.what}" if self.path else f"{place}{self.what}"


class CatalogueError(RequestError):
    """The catalogue is wrong; `mistakes` holds every one found."""

    def __init__(
        self, what: str, *, where: str = "", hint: str = "", mistakes: tuple[Mistake, ...] = ()
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.mistakes = mistakes


class UnknownIndicatorError(RequestError):
    """An indicator that the catalogue does not hold; the hint offers the nearest."""


class UnknownPeriodError(RequestError):
    """A period that is not understood or not held; the hint says which are."""


class InputError(KpiError):
    """Something that must be read cannot be."""

    exit_code = 3


class SourceError(InputError):
    """A source file that cannot be read, is not safe to read, or holds no known layout."""


class StoreError(InputError):
    """The kept observations cannot be read, or are damaged."""


class StoreBusyError(StoreError):
    """Another run holds the store's lock."""

    exit_code = 4


class OutputError(KpiError):
    """What was asked for cannot be written."""

    exit_code = 5
