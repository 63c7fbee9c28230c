"""Which area a few words name: the authority, statistical neighbours, a region, England.

Other places are known only as far as the caller lists them: a name that nobody listed is
never taken for a place. What else a heading says is left to `kpi.readers.headings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kpi.domain.observation import ENGLAND, STATISTICAL_NEIGHBOURS
from kpi.domain.visible import visible

REGIONS = (
    "North East",
    "North West",
    "Yorkshire and The Humber",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "Inner London",
    "Outer London",
    "South East",
    "South West",
)
"""The nine regions of England and London's two halves, as the published files spell them."""

_OTHER_SPELLINGS = {
    ENGLAND: ("England", "National", "Nat", "Eng", "English", "All England", "England England"),
    STATISTICAL_NEIGHBOURS: (
        *(
            f"{first} {second}"
            for first in ("Statistical", "Stat", "Stats", "Statistically similar", "Nearest", "DfE")
            for second in ("Neighbours", "Neighbour", "Neighbors", "Neighbor", "Nbrs", "Neigh", "N")
        ),
        *("Neighbours", "Neighbour", "Neighbors", "SN", "SNs", "Nearest Statistical Neighbours"),
    ),
    "Yorkshire and The Humber": ("Yorkshire Humber", "Yorkshire Humberside", "Yorks Humber"),
    "Inner London": ("London Inner",),
    "Outer London": ("London Outer",),
    "East of England": ("Eastern", "East England"),
}  # fmt: skip
_COUNCIL_WORDS = frozenset(
    (
        *("council", "city", "county", "borough", "district", "metropolitan", "royal", "london"),
        *("unitary", "authority", "cc", "mbc", "bc", "cbc", "dc", "lb", "rbc"),
    )
)
_JOINING = frozenset(("and", "the", "of"))

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """A text's words in lower case without punctuation; `&` and `%` are words.

    Example:
        >>> words_of("Yorkshire & The Humber (Avg.) %")
        ('yorkshire', 'and', 'the', 'humber', 'avg', '%')
    """
    return tuple(re.findall(r"[^\W_]+|%", text.casefold().replace("&", " and ")))


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas a source may name.

    Attributes:
        authority: Whose outturns the catalogue's are.
        by_words: Each known name's words, joining words left out, with its area.
        by_code: Areas by the codes that cells, not headings, may name them by.
    """

    authority: str
    by_words: Mapping[Words, str] = field(default_factory=dict)
    by_code: Mapping[str, str] = field(default_factory=dict)

    def within(self, words: Words) -> tuple[str | None, Words]:
        """The area that the longest run of the words names, and the words beside it.

        A null area means that no known area is named; the words come back as they were.
        """
        kept = _without_joining(words)
        for length in range(len(kept), 0, -1):
            for start in range(len(kept) - length + 1):
                if area := self.by_words.get(kept[start : start + length]):
                    return area, kept[:start] + kept[start + length :]
        return None, words

    def named(self, text: str) -> str:
        """The area that a cell names; the text itself where it is none of the known ones.

        Example:
            >>> known_areas("Southampton").named("SOUTHAMPTON City Council")
            'Southampton'
        """
        if area := self.by_code.get(text.strip().upper()):
            return area
        area, rest = self.within(words_of(text))
        if area and (not rest or (area == self.authority and _COUNCIL_WORDS.issuperset(rest))):
            return area
        return visible(" ".join(text.split()))


def known_areas(
    authority: str,
    *,
    places: Iterable[str] = (),
    region: str = "",
    codes: Mapping[str, str] | None = None,
) -> Areas:
    """England, its regions, statistical neighbours, the authority and the places given.

    The authority is known by its name with and without words such as "City Council".

    Args:
        authority: The authority's name.
        places: Names of other authorities.
        region: The region that `Region` by itself means; empty where that is not known.
        codes: Areas by their codes; null for none.
    """
    by_words: dict[Words, str] = {("region",): region, ("regional",): region} if region else {}
    for place in places:
        by_words[_without_joining(words_of(place))] = place
    for region in REGIONS:
        by_words[_without_joining(words_of(region))] = region
    for area, spellings in _OTHER_SPELLINGS.items():
        for spelling in spellings:
            by_words[_without_joining(words_of(spelling))] = area
    own = _without_joining(words_of(authority))
    for name in (own, tuple(word for word in own if word not in _COUNCIL_WORDS)):
        if name:
            by_words[name] = authority
    return Areas(authority, by_words, codes or {})


def _without_joining(words: Words) -> Words:
    return tuple(word for word in words if word not in _JOINING)
