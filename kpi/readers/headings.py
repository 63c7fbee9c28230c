"""What a column heading says: a period, whose figures, a target, a label, or no use.

A heading comes as its lines, upper ones first, so that `2021/22` over `Apr` and
`Southampton` over `19/20` are read together. A quarter or a year is kept as printed and
becomes a period only with an indicator's kind of year. Which cells are headings is left
to `kpi.readers.blocks`; spellings of single periods to `kpi.domain.period`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from kpi.domain.catalogue import OutturnType, Per
from kpi.domain.observation import Mark
from kpi.domain.period import FIRST_MONTH, Period, YearKind, parse_month_name, parse_period
from kpi.readers.areas import Areas, Words, words_of
from kpi.readers.vocabulary import (
    AREA_HEADINGS,
    BESIDE_AREA,
    BESIDE_LABEL,
    BESIDE_OWN,
    BESIDE_TARGET,
    BESIDE_THEME,
    LABEL,
    MARKS,
    OUTTURN_TYPES,
    REFERENCE,
    STRONG_LABEL,
    TARGET,
    THEME,
    TYPE_HEADINGS,
    UNIT_HEADINGS,
    UNUSED,
)

HeadingRole = Literal[
    "label", "type", "theme", "unit", "area", "ref", "target", "outturn", "unused", "unknown"
]
AtomKind = Literal["month", "quarter", "year", "span", "bare_month", "bare_quarter", "bare_span"]

_OF_COLUMNS = ("label", "type", "theme", "ref", "target")
_LONGEST_TOKENS = 12  # longer texts are prose, not headings

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# What a token must be like for a period to begin, or to end, with it.
_MAY_BEGIN = re.compile(
    r"['’]?\d|fy|q[1-4]?$|qtr|quarter|[1-4](?:st|nd|rd|th)$|year$|as$|at$|m/e$|month$"
    rf"|{_MONTHS}",
    re.IGNORECASE,
)
_MAY_END = re.compile(rf"\d$|(?:{_MONTHS})[a-z]*\.?$|(?:quarter|qtr|q)$", re.IGNORECASE)
_FOOTNOTES = re.compile(r"\[(?:note\s*)?\d{1,2}\]|[*†‡§¹²³⁰⁴-⁹^]+", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?:19|20)\d\d|2100")
_DASHED_YEARS = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(?:q|qtr|quarter)\s*([1-4])|([1-4])(?:st|nd|rd|th)\s+(?:q|qtr|quarter)")
_BARE_SPAN = re.compile(r"([a-z]+)\.?\s*(?:-|–|—|to)\s*([a-z]+)\.?")
_YEAR_TO_DATE = re.compile(r"\b(?:ytd|year to date|cumulative|cum)\b")
_TO_DATE = re.compile(r"\bto date\b")


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a heading that names a period or a part of one, and how it does so."""

    kind: AtomKind
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a heading: what it says of a period, and its other words."""

    atoms: tuple[Atom, ...]
    words: Words

    @property
    def is_period(self) -> bool:
        """Whether it names a period, or a part of one, and says nothing else."""
        return bool(self.atoms) and not self.words


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column's heading says.

    Attributes:
        text: As printed, its lines joined.
        role: What the column holds; `unknown` when the words are not understood.
        when: The period as `period_of` takes it; empty when none is named.
        part: The month or quarter named without its year; `when` is then the year, if any.
        area: A comparator's area; empty for the authority's own figures.
        marks: Marks that the heading gives to its figures.
        per: What a target's heading says it speaks of.
        outturn: The outturn type that the heading names, where it names one.
        to_date: Whether the figures run to date, from the year's beginning unless `so_far`.
        so_far: Whether they are of the named month or quarter, as far as it has gone.
        total: Whether they are called a total.
        strong: Whether a label's heading says indicator, measure or the like.
        clash: The other period, where two lines name different ones.
    """

    text: str = ""
    role: HeadingRole = "unknown"
    when: str = ""
    part: Atom | None = None
    area: str = ""
    marks: tuple[Mark, ...] = ()
    per: Per | None = None
    outturn: OutturnType | None = None
    to_date: bool = False
    so_far: bool = False
    total: bool = False
    strong: bool = False
    clash: str = ""

    @property
    def dated(self) -> bool:
        """Whether it says anything of a period."""
        return bool(self.when or self.part or self.to_date)


@lru_cache(maxsize=4096)
def period_of(when: str, year: YearKind) -> Period | None:
    """The period of a heading's `when` in an indicator's kind of year; null for none."""
    return parse_period(when, year=year) if when else None


def read_heading(lines: Sequence[str], *, areas: Areas, dashed_years: bool = False) -> Heading:
    """What a column's heading says.

    Args:
        lines: Its lines, upper ones first; not empty.
        areas: The areas it may name.
        dashed_years: Whether `2011-12` means a financial year in this header.

    Example:
        >>> from kpi.readers.areas import known_areas
        >>> heading = read_heading(["Statistical", "Neighbours 20/21"], areas=known_areas("Leeds"))
        >>> heading.role, heading.area, heading.when
        ('outturn', 'Statistical neighbours', '2020/21')
    """
    parts = [read_line(line, dashed_years=dashed_years) for line in lines]
    dated = any(part.atoms for part in parts)
    words, marks = _without_marks(tuple(w for part in parts for w in part.words), dated=dated)
    words, of_year = _without(_YEAR_TO_DATE, words)
    words, so_far = _without(_TO_DATE, words)
    said = replace(
        _dated(parts),
        text=" ".join(lines),
        marks=marks,
        to_date=of_year or so_far,
        so_far=so_far and not of_year,
    )
    if _runs_to_a_month(said, words):
        words = tuple(word for word in words if word != "to")
        said = replace(said, part=None, to_date=True, so_far=False)
    lowest = parts[-1].words
    heading = _classified(words, said=said, areas=areas)
    if heading.role == "target" and TARGET.isdisjoint(lowest):
        # `Targets and performance` over months is a title, `Target` over them is not.
        heading = heading if (TARGET | BESIDE_TARGET).issuperset(words) else said
    if heading.role == "unknown" and len(parts) > 1 and lowest:
        below = _classified(lowest, said=said, areas=areas)
        return below if below.role in _OF_COLUMNS or below.area else heading
    return heading


@lru_cache(maxsize=4096)
def read_line(text: str, *, dashed_years: bool = False) -> Line:
    """The periods that one line of a heading names, and its other words.

    Example:
        >>> read_line("England (20/21)")
        Line(atoms=(Atom(kind='year', text='2020/21'),), words=('england',))
    """
    bare = _FOOTNOTES.sub(" ", text)
    whole = _atom(" ".join(bare.split()), dashed_years=dashed_years)
    if whole:
        return Line((whole,), ())
    tokens = re.sub(r"[()\[\]{},;:|]", " ", bare).split()
    if len(tokens) > _LONGEST_TOKENS:
        return Line((), words_of(text))
    atoms: list[Atom] = []
    words: list[str] = []
    start = 0
    while start < len(tokens):
        longest = len(tokens) if _MAY_BEGIN.match(tokens[start]) else start
        for end in range(longest, start, -1):
            if not _MAY_END.search(tokens[end - 1]):
                continue
            if atom := _atom(" ".join(tokens[start:end]), dashed_years=dashed_years):
                atoms.append(atom)
                start = end
                break
        else:
            words.extend(words_of(tokens[start]))
            start += 1
    return Line(tuple(atoms), tuple(words)) if _is_one_period(atoms) else Line((), words_of(text))


def is_dashed_month(text: str) -> bool:
    """Whether a text such as `2011-10` names a month and cannot be a financial year."""
    found = _DASHED_YEARS.fullmatch(text)
    return bool(found) and not _is_consecutive(text) and 1 <= int(text[5:]) <= 12


def is_dashed_year(text: str) -> bool:
    """Whether a text such as `2012-13` names a financial year and cannot be a month."""
    return _is_consecutive(text) and int(text[5:]) > 12


def is_dashed_either(text: str) -> bool:
    """Whether a text such as `2011-12` may name a financial year or a month."""
    return _is_consecutive(text) and int(text[5:]) <= 12


def month_in_year(year: str, month: int, *, first_month: int) -> str:
    """The month of a year as printed: January of `2021/22` is `2022-01`.

    Args:
        year: The year, such as `2021/22` or `2021`.
        month: The month's number.
        first_month: The month in which a year of two numbers begins.

    Example:
        >>> month_in_year("2021/22", 1, first_month=4), month_in_year("2021", 1, first_month=4)
        ('2022-01', '2021-01')
    """
    begin = int(year[:4])
    later = "/" in year and month < first_month
    return f"{begin + later:04d}-{month:02d}"


def _classified(words: Words, *, said: Heading, areas: Areas) -> Heading:
    """A heading with its role by its words, the surest sense first."""
    tags = {OUTTURN_TYPES[word] for word in words if word in OUTTURN_TYPES}
    said = replace(
        said,
        outturn=tags.pop() if len(tags) == 1 else None,
        total="total" in words,
        strong=not STRONG_LABEL.isdisjoint(words),
    )
    if not UNUSED.isdisjoint(words):
        return replace(said, role="unused")
    role = _column_role(words)
    if role and (not said.dated or role == "type" or (role == "label" and said.strong)):
        return replace(said, role=role)
    if not TARGET.isdisjoint(words):
        return replace(said, role="target", per=_per(words))
    area, beside = areas.within(words)
    if area and area != areas.authority:
        fits = (BESIDE_AREA | OUTTURN_TYPES.keys()).issuperset(beside)
        return replace(said, role="outturn", area=area) if fits else said
    own = (BESIDE_OWN | OUTTURN_TYPES.keys() | {"total"}).issuperset(beside)
    return replace(said, role="outturn") if own and (words or said.dated) else said


def _column_role(words: Words) -> HeadingRole | None:
    """What a column beside the figures holds; null when the words say nothing of the kind."""
    said = set(words)
    if words in TYPE_HEADINGS:
        return "type"
    if words in AREA_HEADINGS:
        return "area"
    if words in UNIT_HEADINGS:
        return "unit"
    if said & REFERENCE and said <= (REFERENCE | STRONG_LABEL):
        return "ref"
    if said & LABEL and said <= (LABEL | BESIDE_LABEL):
        return "label"
    return "theme" if said and said <= THEME | BESIDE_THEME else None


def _per(words: Words) -> Per | None:
    said = set(words)
    if "monthly" in said or {"per", "month"} <= said:
        return "month"
    if "quarterly" in said or {"per", "quarter"} <= said:
        return "quarter"
    return "year" if said & {"annual", "yearly", "annually"} or {"per", "year"} <= said else None


def _without_marks(words: Words, *, dated: bool) -> tuple[Words, tuple[Mark, ...]]:
    """The words less those that mark figures; without a period they mark nothing."""
    if not dated:
        return words, ()
    marks = tuple(dict.fromkeys(MARKS[word] for word in words if word in MARKS))
    return tuple(word for word in words if word not in MARKS), marks


def _without(pattern: re.Pattern[str], words: Words) -> tuple[Words, bool]:
    said = " ".join(words)
    bare = pattern.sub(" ", said)
    return (tuple(bare.split()), True) if bare != said else (words, False)


def _runs_to_a_month(said: Heading, words: Words) -> bool:
    """Whether figures run from a year's beginning to a month: `2021/22 (to Oct)`, `Apr-Oct`."""
    if said.part is None or "/" not in said.when:
        return False
    if said.part.kind == "bare_month":
        return "to" in words
    if said.part.kind != "bare_span":
        return False
    first, last = (parse_month_name(word) for word in re.findall("[A-Za-z]{3,}", said.part.text))
    return first == FIRST_MONTH["financial"] and last != first + 2


def _dated(parts: Sequence[Line]) -> Heading:
    """What a heading's lines say of the period together.

    The lowest line that names a whole period decides; a month or quarter alone takes the
    nearest year above it, or else below.
    """
    atoms = [atom for part in reversed(parts) for atom in part.atoms]
    whole = next((atom for atom in atoms if atom.kind in ("month", "quarter", "span")), None)
    if whole:
        return Heading(when=whole.text, clash=_clash(whole.text, atoms))
    year = next((atom.text for atom in atoms if atom.kind == "year"), "")
    for kind in ("bare_month", "bare_quarter", "bare_span"):
        if part := next((atom for atom in atoms if atom.kind == kind), None):
            return Heading(when=year, part=part)
    return Heading(when=year, clash=_clash(year, atoms) if year else "")


def _clash(chosen: str, atoms: Sequence[Atom]) -> str:
    """Another whole period that the atoms name and that does not overlap the chosen one."""
    kinds: tuple[YearKind, ...] = ("financial", "academic", "calendar")
    for atom in atoms:
        pairs = [(period_of(chosen, a), period_of(atom.text, b)) for a in kinds for b in kinds]
        known = [(a, b) for a, b in pairs if a and b]
        if known and not any(a.start <= b.end and b.start <= a.end for a, b in known):
            return atom.text
    return ""


def _atom(text: str, *, dashed_years: bool) -> Atom | None:
    """The period, or part of one, that a text names with all its words."""
    lowered = text.lower()
    if _BARE_YEAR.fullmatch(text):
        return Atom("year", text)
    if dashed_years and _is_consecutive(text):
        return Atom("year", text.replace("-", "/"))
    if month := parse_month_name(text):
        return Atom("bare_month", f"{month:02d}")
    if found := _QUARTER.fullmatch(lowered):
        return Atom("bare_quarter", f"Q{found[1] or found[2]}")
    found = _BARE_SPAN.fullmatch(lowered)
    if found and parse_month_name(found[1]) and parse_month_name(found[2]):
        return Atom("bare_span", text)
    return _whole_atom(text)


def _whole_atom(text: str) -> Atom | None:
    if not any(character.isdigit() for character in text):
        return None
    period = period_of(text, "financial")
    if period is None and text[0].isalpha():
        # Only spans of months, and years by their last month, may fit no financial year.
        period = period_of(text, "academic") or period_of(text, "calendar")
    if period is None:
        return None
    if period.months == 1:
        return Atom("month", str(period))
    if period.months == 3:
        return Atom("quarter", text)
    is_years = not any(parse_month_name(word) for word in re.findall(r"[a-z]+", text.lower()))
    return Atom("year", str(period)) if is_years else Atom("span", text)


def _is_one_period(atoms: Sequence[Atom]) -> bool:
    """Whether the atoms of one line name one period; `April - October 2021` names none."""
    years = {atom.text for atom in atoms if atom.kind == "year"}
    kinds = [atom.kind for atom in atoms if atom.kind != "year"]
    return len(years) < 2 and (len(kinds) < 2 or sorted(kinds) == ["bare_quarter", "bare_span"])


def _is_consecutive(text: str) -> bool:
    found = _DASHED_YEARS.fullmatch(text)
    return bool(found) and (int(text[2:4]) + 1) % 100 == int(text[5:])
