"""Which council a name means, and whether two names mean different ones.

By the shipped reference data; a name that is in none of its lists is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from kpi import reference
from kpi.domain.answer import Message
from kpi.domain.catalogue import Catalogue, fold_label
from kpi.errors import RequestError
from kpi.readers.areas import words_of

_BEFORE = re.compile(
    r"^(?:the\s+)?(?:(?:london|royal|metropolitan)\s+)?(?:borough|city|county|council)\s+of\s+"
    r"(?:the\s+)?|^the\s+",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[\s,]+(?:city|county|borough|metropolitan|district|unitary|council|authority|mbc|cc|bc|lb)$",
    re.IGNORECASE,
)
_LONGEST_INITIALS = 6
_COMMON = frozenset(
    (
        "and",
        "the",
        "of",
        "upon",
        "city",
        "county",
        "council",
        "north",
        "south",
        "east",
        "west",
        "to",
    )
)
_OF_TRUSTS = frozenset(("trust", "children", "childrens", "partnership"))


def council_code(name: str) -> str:
    """The code of the council that a name means, with or without words such as City Council.

    Empty where no authority of the reference data is called so.

    Example:
        >>> council_code("Southampton City Council"), council_code("Anytown")
        ('852', '')
    """
    for each in _spellings(" ".join(name.split())):
        code = reference.area_code(each)
        if code and _is_authority(code):
            return code
    return ""


def about_code(catalogue: Catalogue) -> list[Message]:
    """A warning where the catalogue's code is another council's than its authority."""
    try:
        own = reference.authority(catalogue.la_code) if catalogue.la_code else None
    except RequestError:
        return []
    if own is None or _may_mean(catalogue.authority, own.code):
        return []
    return [
        Message(
            "warning",
            f"la_code {own.code} is {possessive(own.name)}; "
            f"the catalogue's authority is {catalogue.authority}",
        )
    ]


def about_other_council(named: Iterable[str], catalogue: Catalogue) -> str:
    """What to say of a report that names one council, and not the catalogue's; else empty.

    Args:
        named: What its titles and headings may call a council.
        catalogue: Whose authority it should be.
    """
    codes = {code for name in named if (code := council_code(name))}
    own = {catalogue.la_code, council_code(catalogue.authority)}
    if len(codes) != 1 or codes & own:
        return ""
    code = codes.pop()
    if _may_mean(catalogue.authority, code):
        return ""
    return (
        f"the report names {reference.authority(code).name}, and the catalogue is "
        f"{possessive(catalogue.authority)}: is this the right folder?"
    )


def possessive(name: str) -> str:
    """A name with its apostrophe.

    Example:
        >>> possessive("Leeds"), possessive("Kirklees Council")
        ("Leeds'", "Kirklees Council's")
    """
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _spellings(name: str) -> Iterable[str]:
    """A name as it stands, then with one council's word less at a time."""
    yield name
    bare = _BEFORE.sub("", name)
    yield bare
    while (shorter := _BEHIND.sub("", bare)) != bare:
        yield shorter
        bare = shorter


def _is_authority(code: str) -> bool:
    try:
        return bool(reference.authority(code))
    except RequestError:
        return False


def _may_mean(said: str, code: str) -> bool:
    """Whether a name may be that of a council: by its spellings, or else not plainly another's.

    `Hull` and `BCP` stand in no list, nor do the trusts that run some councils' services.
    """
    own = reference.areas().filter(pl.col("area_code") == code).collect().row(0, named=True)
    names = {fold_label(name) for name in (own["area_name"], *(own["spellings"] or ()))}
    if names & {fold_label(each) for each in _spellings(said)}:
        return True
    known = council_code(said)
    if known:
        return known == code
    words = set(words_of(said))
    is_short = said.isupper() and len(said) <= _LONGEST_INITIALS
    return is_short or bool(words & (set(words_of(own["area_name"])) - _COMMON | _OF_TRUSTS))
