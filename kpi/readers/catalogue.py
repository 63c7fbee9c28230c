"""`indicators.toml` to a catalogue; all mistakes at once, each with its line and path.

Nothing in the file is run, no pattern in it is compiled, and no file is opened because
of it. The steps are modules of their own: `toml_file` reads, `catalogue_misfits` makes
the document the tables of `catalogue_shape`, `catalogue_checks` looks at an indicator by
itself, `catalogue_references` at what entries say of each other and `catalogue_known` at what
they name outside: published measures, authorities, codes of checks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kpi.domain.catalogue import Accept, Catalogue, Indicator, Theme
from kpi.errors import CatalogueError, Mistake, RequestError
from kpi.readers.catalogue_checks import check_indicator, check_numbers
from kpi.readers.catalogue_header import check_header
from kpi.readers.catalogue_known import Known, check_authorities, check_codes, check_measures
from kpi.readers.catalogue_misfits import Fitted, Slip, fit_document
from kpi.readers.catalogue_references import check_references
from kpi.readers.catalogue_shape import Document
from kpi.readers.toml_file import read_toml
from kpi.readers.toml_lines import dotted, line_numbers, line_of

FILE_NAME = "indicators.toml"
# A file of more mistakes is no catalogue, and looking for what was meant takes its time.
_HINTED = 500
# What a missing or wrong required key is taken to be, so that the rest is still checked.
_SPARE_INDICATOR = {"title": "unknown", "outturn": "number", "basis": "annual"}


@dataclass(frozen=True, slots=True)
class _Parts:
    """A catalogue and its sections, as far as they could be understood."""

    header: Fitted[Catalogue]
    themes: list[Fitted[Theme]]
    theme_ids: Collection[str]
    defaults: Fitted[Indicator]
    indicators: list[Fitted[Indicator]]
    accepts: list[Fitted[Accept]]


def find_catalogue(start: Path) -> Path:
    """The catalogue of the project that a folder lies in: the nearest, looking upward.

    Raises:
        RequestError: There is none in the folder or in any above it.
    """
    for folder in (start.absolute(), *start.absolute().parents):
        try:
            if (folder / FILE_NAME).is_file():
                return folder / FILE_NAME
        except OSError:
            continue
    raise RequestError(
        f"no `{FILE_NAME}` in this folder or any above it",
        where=str(start),
        hint="`kpi init` makes one; `--catalogue PATH` or `KPI_CATALOGUE` names one elsewhere",
    )


def read_catalogue(path: Path, *, known: Known | None = None) -> Catalogue:
    """The catalogue that a file holds.

    Args:
        path: The file.
        known: What stands outside the catalogue and is named in it; null where any name is
            to be taken.

    Raises:
        CatalogueError: The file cannot be read, is not TOML, or is wrong; `mistakes`
            then lists everything found, in the order of the file.
    """
    file = read_toml(path)
    document, slips = fit_document(file.document)
    parts = _parts(document, path=path, sha256=file.sha256)
    slips.extend(_check(parts))
    if known is not None:
        slips.extend(check_measures(parts.indicators, known=known))
        slips.extend(check_authorities(parts.header, known=known))
        slips.extend(check_codes(parts.accepts, known=known))
    if slips:
        raise _refusal(slips, text=file.text, path=path)
    return parts.header.value


def _parts(document: Fitted[Document], *, path: Path, sha256: str) -> _Parts:
    """The tables as the domain's classes."""
    tables, raw, wrong = document.value, document.raw, document.wrong
    usual = tables.defaults.made(id="", **_SPARE_INDICATOR)
    indicators = list(_indicators(document))
    themes = [
        Fitted(table.made(id=id_, title=id_), ("theme", id_), raw["theme"][id_], wrong)
        for id_, table in tables.theme.items()
    ]
    accepts = [replace(accept, value=accept.value.made()) for accept in document.items("accept")]
    catalogue = tables.catalogue.made(
        path=path,
        sha256=sha256,
        indicators=tuple(each.value for each in indicators),
        themes=tuple(each.value for each in themes),
        accepts=tuple(each.value for each in accepts),
        default_year=usual.year,
    )
    header = Fitted(catalogue, ("catalogue",), raw["catalogue"], wrong)
    defaults = Fitted(usual, ("defaults",), raw["defaults"], wrong)
    return _Parts(header, themes, raw["theme"], defaults, indicators, accepts)


def _indicators(document: Fitted[Document]) -> Iterator[Fitted[Indicator]]:
    """The indicators; an own key wins over the defaults, also where it is wrong."""
    defaults, usual = document.raw["defaults"], document.value.defaults.written()
    for id_, table in document.value.indicator.items():
        own = document.raw["indicator"][id_]
        inherited = {key: value for key, value in usual.items() if key not in own}
        indicator = table.made(id=id_, **(_SPARE_INDICATOR | inherited))
        yield Fitted(indicator, ("indicator", id_), own, document.wrong, defaults)


def _check(parts: _Parts) -> Iterator[Slip]:
    yield from check_header(parts.header)
    yield from check_numbers(parts.defaults)
    for indicator in parts.indicators:
        yield from check_indicator(indicator)
    yield from check_references(
        parts.indicators,
        themes=parts.themes,
        theme_ids=parts.theme_ids,
        accepts=parts.accepts,
        default_year=parts.defaults.value.year,
    )


def _refusal(slips: list[Slip], *, text: str, path: Path) -> CatalogueError:
    lines = line_numbers(text)
    is_hinted = len(slips) <= _HINTED
    mistakes = set()
    for slip in slips:
        what = slip.what + (slip.hint() if is_hinted else "")
        mistakes.add(Mistake(line_of(slip.path, lines), dotted(slip.path), what))
    count = len(mistakes)
    return CatalogueError(
        f"the catalogue has {count} mistake{'s' * (count > 1)}",
        where=str(path),
        mistakes=tuple(sorted(mistakes, key=lambda each: (each.line, each.path, each.what))),
    )
