"""References of a catalogue to what stands outside it: published measures, authorities, checks.

What there is the caller knows, and is asked only where the catalogue names something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from kpi.domain.catalogue import Accept, Catalogue, Indicator
from kpi.readers.catalogue_misfits import Fitted, Slip
from kpi.readers.catalogue_words import meant, quoted
from kpi.readers.toml_lines import KeyPath

Names = Callable[[], Collection[str]]

# What has another form than a code is told by others.
_LA_CODE = re.compile(r"[0-9]{3}")
_CODE = re.compile(r"KPI[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a catalogue may name outside itself.

    Attributes:
        measures: Gives the keys of the published measures.
        authorities: Gives the LA codes.
        codes: Gives the codes of the checks.
    """

    measures: Names
    authorities: Names
    codes: Names


def check_measures(indicators: Sequence[Fitted[Indicator]], *, known: Known) -> Iterator[Slip]:
    """Published measures that are not there."""
    named = [name for fitted in indicators for name in _measures(fitted)]
    keys = known.measures() if named else ()
    for key, path in named:
        if key not in keys:
            what = f"no published measure is called {quoted(key)}; see `kpi reference --measures`"
            yield Slip(path, what, partial(meant, key, keys))


def check_authorities(header: Fitted[Catalogue], *, known: Known) -> Iterator[Slip]:
    """LA codes of no authority."""
    named: list[tuple[str, KeyPath]] = []
    catalogue = header.value
    if catalogue.la_code and not header.is_wrong("la_code"):
        named.append((catalogue.la_code, header.at("la_code")))
    if not isinstance(catalogue.neighbours, str):
        path = header.at("neighbours")
        named += [(code, (*path, place)) for place, code in enumerate(catalogue.neighbours)]
    codes = known.authorities() if named else ()
    for code, path in named:
        if _LA_CODE.fullmatch(code) and code not in codes:
            yield Slip(path, f"{quoted(code)} is the LA code of no authority")


def check_codes(accepts: Sequence[Fitted[Accept]], *, known: Known) -> Iterator[Slip]:
    """Accepted breaches of a code that no check has."""
    codes = known.codes() if accepts else ()
    for fitted in accepts:
        code = fitted.value.code
        # What is no code at all is told by its form.
        if not fitted.is_wrong("code") and _CODE.fullmatch(code) and code not in codes:
            what = (
                f"no check has the code {quoted(code)}; `kpi explain CODE` explains those there are"
            )
            yield Slip(fitted.at("code"), what, partial(meant, code, codes))


def _measures(fitted: Fitted[Indicator]) -> Iterator[tuple[str, KeyPath]]:
    """The published measures that an indicator names, each with its place."""
    measure = fitted.value.compare.measure
    if measure and not fitted.is_wrong("compare"):
        yield measure, (*fitted.at("compare"), "measure")
    for rule in fitted.items("coheres"):
        if rule.value.rule == "statutory" and not rule.is_wrong("rule", "with"):
            yield from ((key, rule.at("with")) for key in rule.value.with_)
