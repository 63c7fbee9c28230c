"""The tidy layout: one figure a record, under `indicator`, `period` and `value`, or counts.

Whole columns are read at once; each distinct label, period and text is looked at once.
What a period or a cell means is the same as in a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

import polars as pl

from kpi.domain.catalogue import Indicator
from kpi.domain.observation import READ, Mark, State
from kpi.domain.period import Period, YearKind, parse_period
from kpi.domain.visible import visible
from kpi.readers.areas import Areas, words_of
from kpi.readers.blocks import outturn_type
from kpi.readers.cells import read_cell
from kpi.readers.columns import NO_USE, are_dashed_years
from kpi.readers.grid import GridCell, cell_name
from kpi.readers.headings import is_dashed_either, period_of, read_heading
from kpi.readers.reading import (
    Labels,
    Reading,
    Unmatched,
    Unreadable,
    UnusedColumn,
    marks_text,
)
from kpi.readers.records import Records, folded
from kpi.readers.tidy_drafts import tidy_drafts
from kpi.readers.vectors import (
    PERIOD,
    counted_state_expr,
    outturn_expr,
    periods_of,
    readings_of,
)
from kpi.readers.vocabulary import COUNTED, MARKS

_AREA_NAMES = ("area", "area_name", "la_name", "local_authority", "authority", "geography")
_COUNTS = ("numerator", "denominator")
_TEXTS = ("indicator", "period", "area", "unit", "state", "marks", "role", "measure")
_LABEL = {
    "label": pl.String(),
    "id": pl.String(),
    "outturn": pl.String(),
    "per": pl.Float64(),
    "year": pl.String(),
    "is_computed": pl.Boolean(),
}
_STATES: tuple[str, ...] = get_args(State)
_MARKS: tuple[Mark, ...] = get_args(Mark)


def is_tidy(header: Sequence[str]) -> bool:
    """Whether a header is that of the tidy layout, in any case and order.

    Example:
        >>> is_tidy(["Period", "INDICATOR", "Value"]), is_tidy(["indicator", "2021-04"])
        (True, False)
    """
    names = {folded(name) for name in header}
    return {"indicator", "period"} <= names and ("value" in names or names.issuperset(_COUNTS))


def read_tidy(records: Records, *, labels: Labels, areas: Areas) -> Reading:
    """What a tidy table's records hold.

    A value that is not given follows from the counts. A record whose indicator or period
    is not understood has no place among the observations and is listed instead.

    Args:
        records: The table.
        labels: Whose labels are whose; without a catalogue only drafts come back.
        areas: The areas that cells may name; a blank one is the authority's.
    """
    table = _Table(records, areas=areas, columns=_columns(records))
    said = table.with_labels(table.said(), labels=labels)
    unmatched = said.filter(pl.col("id").is_null()).unique(
        "label", keep="first", maintain_order=True
    )
    computed = said.filter(pl.col("is_computed"))["id"].unique().sort()
    claimed = said.filter(pl.col("id").is_not_null() & ~pl.col("is_computed"))
    figures = table.with_areas(table.with_figures(table.with_periods(claimed)))
    return Reading(
        observations=table.observations(figures),
        unmatched=tuple(
            Unmatched(label, records.place(table.columns["indicator"], row), labels.nearest(label))
            for label, row in unmatched.select("label", "row").iter_rows()
        ),
        unreadable=table.unreadable(figures),
        sheets=(records.sheet,),
        unused_columns=table.unused(),
        drafts=tidy_drafts(said.filter(pl.col("id").is_null())),
        messages=(
            *table.messages,
            *(f"`{id_}` is computed from others; its records are not read" for id_ in computed),
        ),
    )


def _columns(records: Records) -> dict[str, int]:
    """The number of each column that the layout knows, by its name there."""
    names = ("indicator", "period", "value", *_COUNTS, "unit", "state", "marks", "role", "measure")
    columns = {name: place for name in names if (place := records.column(name))}
    for name in _AREA_NAMES:
        if "area" not in columns and (place := records.column(name)):
            columns["area"] = place
    if "unit" in columns and _is_of_measurement(records.frame[str(columns["unit"])]):
        del columns["unit"]
    return columns


def _is_of_measurement(units: pl.Series) -> bool:
    """Whether a column called unit says what is counted, and not which team it is about."""
    said = units.drop_nulls().unique().cast(pl.String)
    words = {word for text in said for word in words_of(text) if not word.isdecimal()}
    return bool(words) and words <= COUNTED


@dataclass(slots=True)
class _Table:
    """A tidy table: its records, its known columns, and what is to be said of it."""

    records: Records
    areas: Areas
    columns: dict[str, int]
    messages: list[str] = field(default_factory=list)

    @property
    def figure_column(self) -> int:
        """The column in which a figure stands."""
        return self.columns.get("value") or self.columns["numerator"]

    def said(self) -> pl.DataFrame:
        """The records under the layout's names; `<name>_said` holds what each cell says."""
        texts = [
            pl.col(str(self.columns[name])).cast(pl.String).alias(f"{name}_said")
            if name in self.columns
            else pl.lit(None, pl.String).alias(f"{name}_said")
            for name in _TEXTS
        ]
        numbers = [
            pl.col(str(self.columns[name])).alias(f"{name}_said")
            for name in ("value", *_COUNTS)
            if name in self.columns
        ]
        needed = ("indicator", "period", "value", *_COUNTS, "area")
        last = max(self.columns[name] for name in needed if name in self.columns)
        is_ragged = (pl.col("width") < last) | (pl.col("width") > len(self.records.header))
        return self.records.frame.select("row", is_ragged.alias("is_ragged"), *texts, *numbers)

    def with_labels(self, said: pl.DataFrame, *, labels: Labels) -> pl.DataFrame:
        """Adds `label` and its indicator's `id`, `outturn`, `per`, `year`, `is_computed`."""
        names = ["indicator_said", "measure_said"]
        distinct = said.select(names).unique(maintain_order=True)
        lone = distinct["indicator_said"].is_unique().to_list()
        rows = [
            _label_row(indicator, measure, is_lone=is_lone, labels=labels)
            for (indicator, measure), is_lone in zip(distinct.iter_rows(), lone, strict=True)
        ]
        known = pl.DataFrame(rows, schema=_LABEL, orient="row")
        return said.join(
            pl.concat([distinct, known], how="horizontal"), on=names, how="left", nulls_equal=True
        ).sort("row")

    def with_periods(self, claimed: pl.DataFrame) -> pl.DataFrame:
        """Adds the period's columns and `period_mark`; nulls where it is not understood."""
        texts = claimed["period_said"].drop_nulls().unique()
        dashed = are_dashed_years(texts)
        partial = {text for text in texts if _heading_marks(text, areas=self.areas)}

        def parse(text: str | None, year: YearKind) -> Period | None:
            if text is None:
                return None
            if dashed and is_dashed_either(text):
                text = text.replace("-", "/")
            return parse_period(text, year=year) or self._headed(text, year=year)

        named = periods_of(claimed, said=("period_said", "year"), parse=parse)
        marks = {text: marks_text(_heading_marks(text, areas=self.areas)) for text in partial}
        return (
            claimed.join(named, on=["period_said", "year"], how="left", nulls_equal=True)
            .with_columns(
                pl.col("period_said").replace_strict(
                    list(marks), list(marks.values()), default="", return_dtype=pl.String
                )
                .fill_null("")
                .alias("period_mark")
            )
            .sort("row")
        )  # fmt: skip

    def _headed(self, text: str, *, year: YearKind) -> Period | None:
        """The period of a text with words beside it, such as `2021/22 YTD`."""
        heading = read_heading([text], areas=self.areas)
        is_plain = heading.role == "outturn" and not heading.area and not heading.part
        return period_of(heading.when, year) if is_plain else None

    def with_figures(self, claimed: pl.DataFrame) -> pl.DataFrame:
        """Adds `value`, `numerator`, `denominator`, `state`, `marks`, `raw`."""
        read = claimed
        for name in ("value", *_COUNTS):
            if name in self.columns:
                said = readings_of(claimed[f"{name}_said"])
            else:
                said = readings_of(pl.Series([None] * len(claimed), dtype=pl.String))
            renamed = said.rename({column: f"{name}_{column}" for column in said.columns})
            read = pl.concat([read.drop(f"{name}_said", strict=False), renamed], how="horizontal")
        read = read.with_columns(
            pl.col("numerator_value").alias("numerator"),
            pl.col("denominator_value").alias("denominator"),
            _mapped(
                "state_said", {text: _state(text) for text in _distinct(read, "state_said")}
            ).alias("state_word"),
        )
        return self._with_marks(_with_state(read))

    def _with_marks(self, read: pl.DataFrame) -> pl.DataFrame:
        together = pl.concat_str(
            "value_marks", "period_mark", pl.col("marks_said").fill_null(""), separator=" "
        )
        read = read.with_columns(together.alias("all_marks"))
        unknown: set[str] = set()
        known: dict[str, str] = {}
        for text in _distinct(read, "all_marks"):
            words = [word.strip("[]()") for word in text.casefold().replace(",", " ").split()]
            marks = [MARKS.get(word, word) for word in words]
            unknown |= {visible(mark) for mark in marks if mark not in _MARKS}
            known[text] = marks_text(mark for mark in _MARKS if mark in marks)
        if unknown:
            said = ", ".join(f"`{word}`" for word in sorted(unknown)[:5])
            self.messages.append(f"marks that are not known are left out: {said}")
        return read.with_columns(_mapped("all_marks", known).fill_null("").alias("marks"))

    def with_areas(self, read: pl.DataFrame) -> pl.DataFrame:
        """Adds `area`, `unit` and `role`; drops records whose period is needed and missing."""
        named = {text: self.areas.named(text) for text in _distinct(read, "area_said")}
        roles = {
            text: "target" if "target" in words_of(text) else "outturn"
            for text in _distinct(read, "role_said")
        }
        return read.with_columns(
            _mapped("area_said", named).fill_null(self.areas.authority).alias("area"),
            _mapped("unit_said", {text: visible(text) for text in _distinct(read, "unit_said")})
            .fill_null("")
            .alias("unit"),
            _mapped("role_said", roles).fill_null("outturn").alias("role"),
        ).with_columns(
            # A comparator, or a target, may leave its period unsaid; an outturn of ours not.
            (
                pl.col("period").is_not_null()
                | (
                    pl.col("period_said").is_null()
                    & ((pl.col("area") != self.areas.authority) | (pl.col("role") == "target"))
                )
            ).alias("is_placed")
        )

    def observations(self, figures: pl.DataFrame) -> pl.DataFrame:
        """The observations, in the order of the records."""
        letters = cell_name(1, self.figure_column + self.records.first_column - 1)[:-1]
        placed = figures.filter(pl.col("is_placed")).select(
            pl.col("id").alias("indicator"),
            *("area", "unit", "role", *PERIOD, "value", *_COUNTS, "state", "marks"),
            pl.lit(None, pl.String).alias("target_per"),
            *("raw", "label"),
            pl.lit(self.records.file).alias("source_file"),
            pl.lit(self.records.sheet, pl.String).alias("source_sheet"),
            (pl.lit(letters) + pl.col("row").cast(pl.String)).alias("source_cell"),
            pl.lit(None, pl.String).alias("source_theme"),
        )
        return placed.cast(dict(READ))  # type: ignore[arg-type] # names to types, as it wants

    def unreadable(self, figures: pl.DataFrame) -> tuple[Unreadable, ...]:
        """The cells that are not understood, in the order of the records."""
        is_lost = (pl.col("period").is_null() & ~pl.col("is_placed")).fill_null(False)
        wrong: list[tuple[int, int, str]] = []
        checks = [
            ("period", is_lost, "period_said"),
            *(
                (name, pl.col(f"{name}_state") == "unreadable", f"{name}_raw")
                for name in _COUNTS
                if name in self.columns
            ),
        ]
        for name, is_wrong, raw in checks:
            rows = figures.filter(is_wrong).select("row", pl.col(raw).fill_null(""))
            wrong += [(row, self.columns[name], said) for row, said in rows.iter_rows()]
        rows = figures.filter((pl.col("state") == "unreadable") & ~is_lost).select("row", "raw")
        known = {(row, column) for row, column, _ in wrong}
        wrong += [
            (row, self.figure_column, raw)
            for row, raw in rows.iter_rows()
            if (row, self.figure_column) not in known
        ]
        return tuple(
            Unreadable(self.records.place(column, row), visible(raw))
            for row, column, raw in sorted(wrong)
        )

    def unused(self) -> tuple[UnusedColumn, ...]:
        """The columns that the layout has no use for."""
        used = set(self.columns.values())
        return tuple(
            UnusedColumn(self.records.place(place, self.records.header_row), visible(name), NO_USE)
            for place, name in enumerate(self.records.header, start=1)
            if place not in used and name
        )


def _label_row(
    indicator: str | None, measure: str | None, *, is_lone: bool, labels: Labels
) -> tuple[object, ...]:
    """A label as printed, and its indicator's id, type, per, year and whether it is computed.

    Where a measure stands beside the label (`Count`, `Per 10,000`), both together may be a
    label; the first alone is one only for the measure of its indicator's type.
    """
    said = visible(" ".join((indicator or "").split()))
    label = f"{said} ({visible(measure)})" if measure else said
    found: Indicator | None = labels.claimed_by(label)
    if found is None and measure:
        plain = labels.claimed_by(said)
        is_type = plain is not None and outturn_type(measure) == plain.outturn
        found = plain if is_lone or is_type else None
    if found is None:
        return label, None, None, None, None, False
    return label, found.id, found.outturn, found.per, found.year, bool(found.ratio)


def _with_state(read: pl.DataFrame) -> pl.DataFrame:
    """Adds `state`, `value` and `raw`, from the value, the state's word and the counts."""
    given, word = pl.col("value_state"), pl.col("state_word")
    is_given = given != "blank"
    counted = counted_state_expr("numerator_state", "denominator_state")
    has_counts = (pl.col("numerator_state") != "blank") | (pl.col("denominator_state") != "blank")
    found = pl.when(is_given).then(given).when(has_counts).then(counted).otherwise(pl.lit("blank"))
    agrees = word.is_null() | (word == found)
    state = (
        pl.when(pl.col("is_ragged"))
        .then(pl.lit("unreadable"))
        .when(agrees)
        .then(found)
        .when((found == "blank") & (word != "value"))
        .then(word)
        .otherwise(pl.lit("unreadable"))
    )
    read = read.with_columns(state.alias("state"))
    counts = pl.col("numerator_raw") + "/" + pl.col("denominator_raw")
    said = pl.when(has_counts).then(counts).otherwise(pl.col("state_said").fill_null(""))
    value = pl.when(is_given).then(pl.col("value_value")).otherwise(outturn_expr())
    return read.with_columns(
        pl.when(pl.col("state") == "value").then(value).alias("value"),
        pl.when(is_given).then(pl.col("value_raw")).otherwise(said).alias("raw"),
    )


def _state(text: str) -> str:
    """The state that a word in the column `state` names; `unreadable` where it names none."""
    name = "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
    if name in _STATES:
        return name
    state = read_cell(GridCell(text)).state
    return "unreadable" if state in ("value", "blank") else state


def _heading_marks(text: str, *, areas: Areas) -> tuple[Mark, ...]:
    """The marks that a period's text gives, as in `2021/22 YTD` or `2021/22 (p)`."""
    heading = read_heading([text], areas=areas)
    return (*heading.marks, "partial") if heading.to_date else heading.marks


def _distinct(frame: pl.DataFrame, name: str) -> list[str]:
    return frame[name].drop_nulls().unique().to_list()


def _mapped(name: str, values: dict[str, str]) -> pl.Expr:
    """A column with each text replaced; null stays null."""
    return pl.col(name).replace_strict(
        list(values), list(values.values()), default=None, return_dtype=pl.String
    )
