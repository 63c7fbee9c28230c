"""What is measured, as `indicators.toml` defines it: indicators, themes, targets.

Plain values only: reading and validating the file is left to `kpi.readers.catalogue`. A new
key is a field here and one in `kpi.readers.catalogue_shape`. (`from` and `to`, a keyword of
Python and its twin, are `begins` and `ends`.)
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from kpi.domain.period import YearKind
from kpi.errors import UnknownIndicatorError

OutturnType = Literal["percentage", "number", "rate"]
Basis = Literal["snapshot", "in-month", "year-to-date", "rolling-12", "annual"]
Polarity = Literal["high", "low", "range", "none"]
ToleranceKind = Literal["percent", "points"]
Per = Literal["month", "quarter", "year", "point"]
Seasonal = Literal["none", "england", "own"]
Average = Literal["mean", "median"]
Chart = Literal["xmr", "p"]
TwoInThree = Literal["older", "newer"]
CoherenceRule = Literal[
    "rate_of", "parts_of", "subset_of", "same_as", "target_of", "flow_of", "statutory"
]


@dataclass(frozen=True, slots=True)
class Target:
    """An aim that holds from one day to another.

    Attributes:
        value: The aim; null for a range and for an awaited target.
        low: The lower edge of a range.
        high: The upper edge of a range.
        blue: Where the fourth status begins, beyond the aim.
        awaited: Whether the catalogue says "TBC".
        per: The period it speaks of; null takes the indicator's default.
        begins: First day it holds; null means always.
        ends: Last day it holds; null means for good.
        profile: Twelve shares of a year's target, by month of the indicator's year.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    blue: float | None = None
    awaited: bool = False
    per: Per | None = None
    begins: date | None = None
    ends: date | None = None
    profile: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Compare:
    """How an indicator is set against others: the published measure and the verdict's level."""

    measure: str = ""
    method: Average = "mean"
    level: float = 95


@dataclass(frozen=True, slots=True)
class Rebase:
    """A day from which limits start anew, and why."""

    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Spc:
    """How an indicator is charted (methods.md, section 1)."""

    baseline: int | None = None
    rebase: tuple[Rebase, ...] = ()
    screen: bool = True
    chart: Chart = "xmr"
    two_in_three: TwoInThree = "older"


@dataclass(frozen=True, slots=True)
class Coherence:
    """What an indicator's figures must agree with."""

    rule: CoherenceRule
    with_: tuple[str, ...] = ()
    total: float | str | None = None
    allowance: float | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A changed definition."""

    begins: date
    what: str
    comparable: bool = True


@dataclass(frozen=True, slots=True)
class Published:
    """Where an Explore Education Statistics file holds an indicator.

    Attributes:
        value: The column of the outturn; empty when it follows from the counts.
        numerator: The column of the numerator.
        denominator: The column of the denominator.
        months: Whether the columns `April` to `March` hold the months of the year.
        filters: Column and the one value of it that is meant.
    """

    value: str = ""
    numerator: str = ""
    denominator: str = ""
    months: bool = False
    filters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing measured; the keys and their meaning are those of design.md, section 3."""

    id: str
    title: str
    outturn: OutturnType
    basis: Basis
    short_title: str = ""
    aliases: tuple[str, ...] = ()
    theme: str = ""
    definition: str = ""
    per: float = 10000
    year: YearKind = "financial"
    polarity: Polarity = "none"
    decimals: int | None = None
    tolerance: float = 0
    tolerance_kind: ToleranceKind = "percent"
    numerator: str = ""
    denominator: str = ""
    small: float = 0
    suppress_below: float = 0
    lag_months: int = 0
    seasonal: Seasonal = "none"
    audience: tuple[str, ...] = ()
    owner: str = ""
    caveats: str = ""
    ratio: tuple[str, ...] = ()
    target: tuple[Target, ...] = ()
    compare: Compare = field(default_factory=Compare)
    spc: Spc = field(default_factory=Spc)
    coheres: tuple[Coherence, ...] = ()
    version: tuple[Version, ...] = ()
    published: Published | None = None

    @property
    def redefinitions(self) -> tuple[Version, ...]:
        """The changed definitions across which nothing is compared."""
        return tuple(each for each in self.version if not each.comparable)

    @property
    def shown_decimals(self) -> int:
        """Decimals in print: the catalogue's, else none for numbers and one otherwise."""
        if self.decimals is not None:
            return self.decimals
        return 0 if self.outturn == "number" else 1

    @property
    def short(self) -> str:
        """The short title where there is one, else the title."""
        return self.short_title or self.title

    def target_per(self, target: Target) -> Per:
        """The period a target speaks of: its own, or what the basis makes usual."""
        if target.per is not None:
            return target.per
        if self.outturn == "percentage" or self.basis == "snapshot":
            return "point"
        return "month" if self.basis == "in-month" else "year"


@dataclass(frozen=True, slots=True)
class Theme:
    """A heading under which a paper groups its indicators."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Accept:
    """A known breach: kept visible, no longer failing."""

    code: str
    why: str
    indicator: str = ""
    period: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A whole catalogue.

    Attributes:
        path: The file it was read from.
        sha256: Hash of that file's bytes; printed with every answer.
        default_year: The year in which `--period 2021-Q3` is read: that of `[defaults]`.
    """

    path: Path
    sha256: str
    version: int
    authority: str
    indicators: tuple[Indicator, ...]
    themes: tuple[Theme, ...] = ()
    accepts: tuple[Accept, ...] = ()
    la_code: str = ""
    neighbours: str | tuple[str, ...] = ""
    store: str = ".kpi"
    typed_targets: bool = False
    default_year: YearKind = "financial"

    @property
    def store_path(self) -> Path:
        """The folder of the kept observations, beside the catalogue."""
        return self.path.parent / self.store

    @property
    def by_id(self) -> dict[str, Indicator]:
        """The indicators by their id."""
        return {each.id: each for each in self.indicators}

    def indicator(self, said: str) -> Indicator:
        """The indicator of this id, title, short title or alias.

        Raises:
            UnknownIndicatorError: None is called so; the hint offers the nearest.
        """
        for indicator in self.indicators:
            if indicator.id == said:
                return indicator
        if found := self.labels().get(fold_label(said)):
            return found
        near = self.nearest(said)
        raise UnknownIndicatorError(
            f"no indicator is called `{said}`",
            where=str(self.path),
            hint=f"did you mean {' or '.join(f'`{name}`' for name in near)}?"
            if near
            else "`kpi rag` lists them all",
        )

    def labels(self) -> dict[str, Indicator]:
        """Every folded id, title, short title and alias, with its indicator."""
        return {
            fold_label(label): indicator
            for indicator in self.indicators
            for label in (indicator.id, indicator.title, indicator.short_title, *indicator.aliases)
            if label
        }

    def nearest(self, said: str, *, count: int = 3) -> list[str]:
        """The ids whose labels come nearest to a text, nearest first; may be none."""
        labels = self.labels()
        close = difflib.get_close_matches(fold_label(said), labels, n=count * 2, cutoff=0.5)
        return list(dict.fromkeys(labels[label].id for label in close))[:count]

    def theme_title(self, theme: str) -> str:
        """A theme's title; its id where the catalogue gives none."""
        return next((known.title for known in self.themes if known.id == theme), theme)


_FOOTNOTES = re.compile(r"\[(?:note\s*)?\w{1,2}\]|[*†‡§¹²³⁰⁴-⁹^]+")


def fold_label(text: str) -> str:
    """A label without case, spaces, punctuation and footnote marks, for matching.

    A per cent sign is kept as a word: `CLA visited (%)` is not `CLA visited (number)`.

    Example:
        >>> fold_label("Rates of referrals per 10,000*  [1]")
        'ratesofreferralsper10000'
    """
    bare = _FOOTNOTES.sub(" ", text).replace("%", " percent ")
    return "".join(c for c in unicodedata.normalize("NFKC", bare).casefold() if c.isalnum())
