"""Rows about single children, which no source of indicators may hold.

They are told from their headings, and on sheets from numbers that only people have. What
is found is never repeated: the refusal names a heading from the lists here, no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from kpi.domain.observation import address
from kpi.errors import SourceError
from kpi.readers.grid import GridCell, Sheet

_MOST_CHARACTERS = 40  # of a heading that could name such a column
_ENOUGH_NUMBERS = 3  # a sum of money may pass for one NHS number, hardly for three


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SURE = _words(
    "upn upns uniquepupilnumber dob dateofbirth birthdate birthdt nhsnumber nhsno nhsnum childid "
    "childname childsname nameofchild childref childreference pupilname pupilid mcdob motherdob "
    "clientname clientdob personname personid youngpersonsname formerupn upnunknown nino "
    "nationalinsurancenumber"
)
_NAMES = _words("name fullname names child childno childnumber pupil clientid client person")
_FIRST = _words("forename forenames firstname givenname christianname")
_LAST = _words("surname lastname familyname")
_PERSONAL = _words(
    "sex gender ethnic ethnicity postcode homepost plpost homeaddress decom dec rne rec mother "
    "allocatedworker allocatedsocialworker dateofreferral referraldate"
)
_UPN = re.compile(r"[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]")
_NHS = re.compile(r"(\d{3})[ -]?(\d{3})[ -]?(\d{4})")


def check_header(header: Iterable[str], *, file: str, sheet: str | None = None) -> None:
    """Refuses a table whose headings are those of a list of children.

    Raises:
        SourceError: They are; a heading is named, nothing else.
    """
    names = {
        _folded(text) for text in header if text[:1].isalpha() and len(text) <= _MOST_CHARACTERS
    }
    told = sorted(names & _SURE)
    if not told and names & _FIRST and names & _LAST:
        told = sorted(names & _LAST)
    if not told and names & _NAMES and names & _PERSONAL:
        told = sorted(names & _NAMES)
    if told:
        raise _refusal(f"a column is called `{told[0]}`", file=file, sheet=sheet)


def check_sheet(sheet: Sheet, *, file: str) -> None:
    """Refuses a sheet on which a row has such headings, or whose cells hold such numbers.

    Raises:
        SourceError: It does; a heading is named, or the kind of number, nothing else.
    """
    numbers: set[str] = set()
    for cells in sheet.cells.values():
        texts = [cell.value for cell in cells.values() if isinstance(cell.value, str)]
        if len(texts) > 1:
            check_header(texts, file=file, sheet=sheet.name)
        if any(_UPN.fullmatch(text.strip()) for text in texts):
            raise _refusal("a cell holds a pupil's number", file=file, sheet=sheet.name)
        numbers.update(_nhs_numbers(list(cells.values())))
    if len(numbers) >= _ENOUGH_NUMBERS:
        raise _refusal("cells hold NHS numbers", file=file, sheet=sheet.name)


def _nhs_numbers(cells: Sequence[GridCell]) -> Iterable[str]:
    """The cells' numbers that pass the check of an NHS number."""
    for cell in cells:
        if isinstance(cell.value, int) and not isinstance(cell.value, bool):
            said = str(cell.value) if cell.value >= 10**9 else ""
        else:
            said = cell.value.strip() if isinstance(cell.value, str) else ""
        found = _NHS.fullmatch(said) if len(said) >= 10 else None
        if found:
            digits = [int(digit) for digit in "".join(found.groups())]
            check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
            if check % 11 == digits[9]:
                yield "".join(found.groups())


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _refusal(why: str, *, file: str, sheet: str | None) -> SourceError:
    return SourceError(
        f"this looks like rows about single children: {why}",
        where=address(file, sheet, None),
        hint="nothing of it was kept; count the rows into a table of indicators and give that",
    )
