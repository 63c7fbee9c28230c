"""`kpi explain`: what a code means, or how an indicator's figure and rating came about."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.checks import CHECKS
from kpi.domain.checks.wording import listed
from kpi.domain.findings import nearest_codes
from kpi.domain.observation import address_expr
from kpi.domain.outturn import ratio_parts
from kpi.domain.scorecard import figures
from kpi.domain.suppression.ties import tied
from kpi.errors import RequestError, UnknownIndicatorError
from kpi.usecases.places import chosen_place
from kpi.usecases.project import Choice, Project
from kpi.usecases.rag import rag

CODE_ROWS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "title": pl.String(),
    "severity": pl.String(),
    "meaning": pl.String(),
    "why": pl.String(),
    "advice": pl.String(),
    "example": pl.String(),
}
"""The fields of a check's row."""

FACTS: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "title": pl.String(),
    "definition": pl.String(),
    "basis": pl.String(),
    "year": pl.String(),
    "polarity": pl.String(),
    "tolerance": pl.Float64(),
    "tolerance_kind": pl.String(),
    "numerator": pl.String(),
    "denominator": pl.String(),
    "derived_from": pl.List(pl.String()),
    "small": pl.Float64(),
    "suppress_below": pl.Float64(),
    "lag_months": pl.Int64(),
    "measure": pl.String(),
    "aliases": pl.List(pl.String()),
    "caveats": pl.String(),
}
"""What the catalogue says of an indicator; empty and null for nothing."""

_CODE = re.compile(r"(?:kpi)?\s*(\d{1,3})", re.IGNORECASE)
_LIKE_A_CODE = re.compile(r"kpi[ _-]*[\doqilsz]*\d[\doqilsz]*|\d{3}", re.IGNORECASE)

_NAMED = 12


def is_code(said: str) -> bool:
    """Whether a text is the code of a check, in any spelling.

    Example:
        >>> is_code("KPI204"), is_code("kpi 204"), is_code("KPI999"), is_code("referrals")
        (True, True, False, False)
    """
    return _code(said) in CHECKS


def is_like_a_code(said: str) -> bool:
    """Whether a text that is no code is meant to be one; an indicator may be called so.

    Example:
        >>> is_like_a_code("KPI999"), is_like_a_code("KPI2O4"), is_like_a_code("referrals")
        (True, True, False)
    """
    return _LIKE_A_CODE.fullmatch(said.strip()) is not None


def explain_codes(said: str = "") -> Answer:
    """What a check's code means, or those of all checks when none is named.

    No project is needed, so the answer names no authority and no catalogue.

    Raises:
        RequestError: There is no such code; the hint offers the nearest.
    """
    chosen = [CHECKS[_known_code(said)]] if said else list(CHECKS.values())
    rows = [{name: getattr(check, name) for name in CODE_ROWS} for check in chosen]
    return Answer(
        command="explain",
        authority="",
        period=None,
        as_of=None,
        catalogue_sha256="",
        rows=pl.DataFrame(rows, schema=CODE_ROWS),
    )


def explain_indicator(
    project: Project, said: str, choice: Choice | None = None, *, hide_small: bool = False
) -> Answer:
    """How an indicator's figure, rating and source came about.

    Args:
        project: Catalogue and store.
        said: Its id, title, short title or alias.
        choice: Whose figure, and at which period; by default the newest month.
        hide_small: Whether small numbers are suppressed, as in all that leaves the machine.

    Returns:
        One row: the fields of `kpi.usecases.rag.rag`, what the catalogue says (`FACTS`), and
        `series`: every held figure up to the period, with its address and those of the
        cells that repeat it. While nothing is held only the catalogue's.

    Raises:
        UnknownIndicatorError: None is called so; the hint offers the nearest.
        RequestError: What else was asked for is unknown.
    """
    catalogue = project.catalogue
    indicator = _indicator(catalogue, said)
    facts = pl.DataFrame([_facts(indicator, catalogue)], schema=FACTS)
    snapshot = project.store.snapshot(as_of=(choice or Choice()).as_of)
    if snapshot.as_of is None:
        return _answer(project, facts)
    chosen = replace(choice or Choice(), indicators=(indicator.id,), theme=None, by_unit=False)
    rated = rag(project, chosen, hide_small=hide_small)
    place = chosen_place(catalogue, chosen, snapshot.observations)
    held = (
        figures(
            _relevant(snapshot.observations, catalogue, indicator), catalogue, hide_small=hide_small
        )
        .filter((pl.col("indicator") == indicator.id) & place.filter())
        .pipe(_series, up_to=rated.rows["period"].item(0))
    )
    rows = pl.concat(
        [rated.rows.head(1), facts.select(pl.exclude("indicator", "title")), held.collect()],
        how="horizontal",
    )
    return replace(_answer(project, rows), period=rated.period, as_of=rated.as_of)


def _answer(project: Project, rows: pl.DataFrame) -> Answer:
    return Answer(
        command="explain",
        authority=project.catalogue.authority,
        period=None,
        as_of=None,
        catalogue_sha256=project.catalogue.sha256,
        rows=rows,
    )


def _relevant(
    observations: pl.LazyFrame, catalogue: Catalogue, indicator: Indicator
) -> pl.LazyFrame:
    """The stored rows of the indicator, of what it rests on, and of what may give it away."""
    beside = tied(catalogue, ratio_parts(catalogue, {indicator.id}))
    return observations.filter(pl.col("indicator").is_in([*beside]))


def _series(held: pl.LazyFrame, *, up_to: str) -> pl.LazyFrame:
    """One row: `series`, the figures by their last day, those without a year at the end."""
    last = pl.col("period_end").filter(pl.col("period") == up_to).first()
    by_then = pl.col("period_end").is_null() | (pl.col("period_end") <= last).fill_null(value=True)
    return (
        held.filter(pl.col("state") != "blank")
        .filter(by_then)
        .sort("period_end", "period_months", nulls_last=True)
        .select(
            series=pl.struct(
                "period",
                outturn="value",
                state="state",
                conflict="conflict",
                address=address_expr(),
                related=pl.col("related").fill_null([]),
            ).implode()
        )
    )


def _facts(indicator: Indicator, catalogue: Catalogue) -> dict[str, object]:
    """What the catalogue says of an indicator, under the names of `FACTS`."""
    return {
        "indicator": indicator.id,
        "title": indicator.title,
        "definition": indicator.definition or None,
        "basis": indicator.basis,
        "year": indicator.year,
        "polarity": indicator.polarity,
        "tolerance": float(indicator.tolerance),
        "tolerance_kind": indicator.tolerance_kind,
        "numerator": _named(indicator.numerator, catalogue),
        "denominator": _named(indicator.denominator, catalogue),
        "derived_from": [catalogue.by_id[each].title for each in indicator.ratio],
        "small": float(indicator.small),
        "suppress_below": float(indicator.suppress_below),
        "lag_months": indicator.lag_months,
        "measure": indicator.compare.measure or None,
        "aliases": list(indicator.aliases),
        "caveats": indicator.caveats or None,
    }


def _named(said: str, catalogue: Catalogue) -> str | None:
    """A numerator or denominator in words: another indicator's title, or as it is written."""
    known = catalogue.by_id.get(said)
    return known.title if known else said or None


def _indicator(catalogue: Catalogue, said: str) -> Indicator:
    try:
        return catalogue.indicator(said)
    except UnknownIndicatorError as unknown:
        if is_like_a_code(said):
            _known_code(said)
        if "did you mean" in unknown.hint:
            raise
        ids = listed((f"`{each.id}`" for each in catalogue.indicators), most=_NAMED)
        raise UnknownIndicatorError(
            unknown.what,
            where=unknown.where,
            hint=f"the indicators are {ids}; `kpi explain` lists the codes",
        ) from None


def _code(said: str) -> str:
    found = _CODE.fullmatch(said.strip())
    return f"KPI{found[1]}" if found else said.strip().upper()


def _known_code(said: str) -> str:
    code = _code(said)
    if code in CHECKS:
        return code
    near = " or ".join(f"`{each}`" for each in nearest_codes(code, codes=CHECKS))
    raise RequestError(
        f"no check has the code `{said}`",
        hint=f"did you mean {near}?" if near else "`kpi explain` lists them all",
    )
