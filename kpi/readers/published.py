"""Explore Education Statistics data files: what a catalogue's `published` tables name in them.

A record is one place and time; the catalogue says which columns hold an indicator and
which records of it are meant. Every area of the file is read. The figures that ship with
the package are `kpi.reference`'s, not read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator, Published
from kpi.domain.observation import ENGLAND, READ
from kpi.domain.period import FIRST_MONTH, Period, YearKind, parse_month_name
from kpi.domain.visible import visible
from kpi.readers.columns import NO_USE
from kpi.readers.grid import cell_name
from kpi.readers.reading import Reading, Unreadable, UnusedColumn
from kpi.readers.records import Records, folded
from kpi.readers.vectors import PERIOD, counted_state_expr, outturn_expr, periods_of, readings_of

MONTHS = ("April", "May", "June", "July", "August", "September",
          "October", "November", "December", "January", "February", "March")  # fmt: skip
_KEY = ("time_period", "time_identifier", "geographic_level")
_PLACE = (
    *("country_code", "country_name", "region_code", "region_name", "la_name"),
    *("old_la_code", "new_la_code", "la_code"),
)
_YEARS: dict[str, YearKind] = {
    "financial year": "financial",
    "academic year": "academic",
    "calendar year": "calendar",
}
_NAMED = 12  # columns and values that a message lists


def is_published(header: Sequence[str]) -> bool:
    """Whether a header is that of an Explore Education Statistics data file.

    Example:
        >>> is_published(["time_period", "time_identifier", "geographic_level", "x"])
        True
    """
    return {folded(name) for name in header}.issuperset(_KEY)


def read_published(records: Records, *, catalogue: Catalogue) -> Reading:
    """What the catalogue's `published` tables name in a file, for all its areas.

    The authority's own records, known by `la_code`, take its name; regions and other
    authorities are called as the file calls them, the country England.

    Args:
        records: The file.
        catalogue: Its indicators with a `published` table are looked for.
    """
    reader = _Reader(records, catalogue)
    frames = [
        frame
        for indicator in catalogue.indicators
        if indicator.published
        and (frame := reader.read(indicator, indicator.published)) is not None
    ]
    if not frames and not reader.messages:
        reader.say_how_to_name()
    observations = pl.concat(frames) if frames else None
    return Reading(
        observations=reader.observations(observations),
        unreadable=reader.unreadable(observations),
        sheets=(records.sheet,),
        unused_columns=reader.unused(),
        messages=tuple(reader.messages),
    )


def published_period(said: str | None, identifier: str | None, year: YearKind) -> Period | None:
    """The period of a record; null where it is none of an indicator's kind of year.

    A reporting year is the one that ends in the year said: 2022 is 2021/22.

    Args:
        said: `time_period`, such as `2022` or `202122`.
        identifier: `time_identifier`, such as `Reporting year`, `Financial year Q2`, `April`.
        year: The indicator's kind of year.

    Example:
        >>> str(published_period("2022", "Reporting year", "financial"))
        '2021/22'
        >>> str(published_period("202122", "Financial year Q2", "financial"))
        '2021-Q2'
    """
    digits, words = (said or "").strip(), " ".join((identifier or "").lower().split())
    if not digits.isdecimal() or len(digits) not in (4, 6):
        return None
    begin = int(digits[:4])
    if len(digits) == 6 and (begin + 1) % 100 != int(digits[4:]):
        return None
    if words == "reporting year":
        is_later = len(digits) == 4 and year != "calendar"
        return Period.of_year(begin - is_later, year=year)
    if (month := parse_month_name(words)) and len(digits) == 4:
        return Period.of_month(begin, month)
    kind, _, quarter = words.partition(" q")
    if _YEARS.get(kind) != year or (len(digits) == 4) != (year == "calendar"):
        return None
    if not quarter:
        return Period.of_year(begin, year=year)
    if quarter not in ("1", "2", "3", "4"):
        return None
    return Period.of_quarter(begin, int(quarter), year=year)


@dataclass(slots=True)
class _Reader:
    """Reads one file; gathers what is to be said of it."""

    records: Records
    catalogue: Catalogue
    messages: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def read(self, indicator: Indicator, published: Published) -> pl.DataFrame | None:
        """An indicator's figures in the file; null where the file is not the one meant."""
        names = [published.value, published.numerator, published.denominator, *published.filters]
        months = MONTHS if published.months else ()
        columns = {name: self._column(name) for name in (*names, *months) if name}
        if not columns or None in columns.values():
            return None
        found = {name: place for name, place in columns.items() if place}
        rows = self._filtered(published.filters, columns=found, indicator=indicator)
        if rows is None:
            return None
        if months:
            read = [
                self._figures(rows, indicator, value=found[month], month=month) for month in months
            ]
            figures = pl.concat(read).sort("row", "column")
        else:
            figures = self._figures(
                rows,
                indicator,
                value=found.get(published.value),
                numerator=found.get(published.numerator),
                denominator=found.get(published.denominator),
            )
        if self._is_ambiguous(figures, rows, indicator=indicator):
            return None
        self.used.update(found.values())
        return figures

    def observations(self, figures: pl.DataFrame | None) -> pl.DataFrame:
        """The observations in the order of the records."""
        if figures is None:
            return pl.DataFrame(schema=READ)
        areas = figures["area"].unique().to_list()
        ordered = figures.sort("row", maintain_order=True).with_columns(
            pl.col("area").replace_strict(areas, [visible(area) for area in areas])
        )
        return ordered.select(*READ).cast(dict(READ))  # type: ignore[arg-type] # names to types

    def unreadable(self, figures: pl.DataFrame | None) -> tuple[Unreadable, ...]:
        """The cells that are not understood, in the order of the records."""
        if figures is None:
            return ()
        wrong = figures.filter(pl.col("state") == "unreadable").sort("row", maintain_order=True)
        return tuple(
            Unreadable(self.records.place(column, row), visible(raw))
            for row, column, raw in wrong.select("row", "column", "raw").iter_rows()
        )

    def unused(self) -> tuple[UnusedColumn, ...]:
        """The columns that no indicator used, those of time and place aside."""
        return tuple(
            UnusedColumn(self.records.place(place, self.records.header_row), visible(name), NO_USE)
            for place, name in self._own_columns().items()
            if place not in self.used
        )

    def say_how_to_name(self) -> None:
        """Says how a catalogue names a file's columns, and which there are."""
        columns = list(self._own_columns().values())[:_NAMED]
        self.messages.append(
            "no indicator says where this published file holds it; add under one "
            '`published = { value = "COLUMN", filters = { COLUMN = "VALUE" } }`; '
            f"its columns are {_listed(columns)}"
        )

    def _own_columns(self) -> dict[int, str]:
        standard = {*_KEY, *_PLACE}
        return {
            place: name
            for place, name in enumerate(self.records.header, start=1)
            if name and folded(name) not in standard
        }

    def _column(self, name: str) -> int | None:
        header = self.records.header
        return header.index(name) + 1 if name in header else self.records.column(folded(name))

    def _filtered(
        self, filters: Mapping[str, str], *, columns: Mapping[str, int], indicator: Indicator
    ) -> pl.DataFrame | None:
        rows = self.records.frame
        for name, wanted in filters.items():
            column = pl.col(str(columns[name])).cast(pl.String).str.strip_chars()
            kept = rows.filter(column == wanted)
            if kept.is_empty():
                values = rows.select(column).to_series().drop_nulls().unique().sort()
                self.messages.append(
                    f"`{indicator.id}`: no record says `{wanted}` under `{name}`; "
                    f"they say {_listed(values.head(_NAMED).to_list())}"
                )
                return None
            rows = kept
        return rows

    def _figures(
        self,
        rows: pl.DataFrame,
        indicator: Indicator,
        *,
        value: int | None,
        numerator: int | None = None,
        denominator: int | None = None,
        month: str = "",
    ) -> pl.DataFrame:
        """The figures that these columns hold, with the columns of an observation."""
        column = value or numerator or 1
        letters = cell_name(1, column + self.records.first_column - 1)[:-1]
        label = visible(self.records.header[column - 1])
        read = self._with_places(self._with_periods(rows, indicator, month=month))
        read = _with_figures(read, value=value, numerator=numerator, denominator=denominator,
                             indicator=indicator)  # fmt: skip
        return read.filter(pl.col("area").is_not_null() & pl.col("period").is_not_null()).select(
            *("row", "area", *PERIOD, "value", "numerator", "denominator", "state", "marks", "raw"),
            pl.lit(column).alias("column"),
            pl.lit(indicator.id).alias("indicator"),
            pl.lit("").alias("unit"),
            pl.lit("outturn").alias("role"),
            pl.lit(None, pl.String).alias("target_per"),
            pl.lit(label).alias("label"),
            pl.lit(self.records.file).alias("source_file"),
            pl.lit(self.records.sheet, pl.String).alias("source_sheet"),
            (pl.lit(letters) + pl.col("row").cast(pl.String)).alias("source_cell"),
            pl.lit(None, pl.String).alias("source_theme"),
        )

    def _with_periods(
        self, rows: pl.DataFrame, indicator: Indicator, *, month: str
    ) -> pl.DataFrame:
        """Adds the period's columns; of a month's column, that month of the record's year."""
        time, identifier = (str(self.records.column(name)) for name in _KEY[:2])

        def parse(said: str | None, kind: str | None) -> Period | None:
            period = published_period(said, kind, indicator.year)
            if not month or period is None:
                return period
            number = parse_month_name(month) or 1
            later = number < FIRST_MONTH[indicator.year]
            is_year = period.months == 12
            return Period.of_month(period.start.year + later, number) if is_year else None

        texts = rows.with_columns(pl.col(time, identifier).cast(pl.String).str.strip_chars())
        named = periods_of(texts, said=(time, identifier), parse=parse)
        if named["period"].null_count():
            self._say_other_times(named.filter(pl.col("period").is_null()), indicator)
        return texts.join(named, on=[time, identifier], how="left", nulls_equal=True).sort("row")

    def _say_other_times(self, lost: pl.DataFrame, indicator: Indicator) -> None:
        said = [" ".join(str(part) for part in row[:2]) for row in lost.head(3).iter_rows()]
        message = (
            f"`{indicator.id}`: its year is {indicator.year}; records of another time "
            f"are not read, such as {_listed(said)}"
        )
        if message not in self.messages:
            self.messages.append(message)

    def _with_places(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Adds `area`; null for levels below an authority."""
        level = pl.col(str(self.records.column("geographic_level"))).str.to_lowercase()
        return rows.with_columns(
            pl.when(level == "national")
            .then(pl.lit(ENGLAND))
            .when(level == "regional")
            .then(self._place("region_name"))
            .when(level == "local authority")
            .then(
                pl.when(self._is_own())
                .then(pl.lit(self.catalogue.authority))
                .otherwise(self._place("la_name"))
            )
            .alias("area")
        )

    def _is_own(self) -> pl.Expr:
        """Whether a record is the authority's: by its code, or without one by its name."""
        code = self.catalogue.la_code
        if not code:
            return self._place("la_name").str.to_lowercase() == self.catalogue.authority.lower()
        codes = [self._place(name) for name in ("old_la_code", "la_code", "new_la_code")]
        return pl.any_horizontal(column.fill_null("") == code for column in codes)

    def _place(self, name: str) -> pl.Expr:
        column = self.records.column(name)
        return pl.col(str(column)).cast(pl.String) if column else pl.lit(None, pl.String)

    def _is_ambiguous(
        self, figures: pl.DataFrame, rows: pl.DataFrame, *, indicator: Indicator
    ) -> bool:
        """Whether several records give one area's figure; then a filter is wanted, and said."""
        values = figures.filter(pl.col("state") == "value")
        twice = values.filter(pl.struct("area", "period").is_duplicated())
        if twice.is_empty():
            return False
        first = twice.filter(
            (pl.col("area") == twice["area"][0]) & (pl.col("period") == twice["period"][0])
        )
        alike = rows.filter(pl.col("row").is_in(first["row"].implode()))
        differing = [
            (name, alike[str(place)].drop_nulls().unique(maintain_order=True).to_list())
            for place, name in self._own_columns().items()
            if alike[str(place)].n_unique() > 1 and not _is_numeric(alike[str(place)])
        ]
        words = "; ".join(
            f"`{name}` says {_listed(values[:_NAMED])}" for name, values in differing[:3]
        )
        self.messages.append(
            f"`{indicator.id}` is not read: several records give one area's figure for one "
            f"period; name one under `filters`" + (f": {words}" if words else "")
        )
        return True


def _with_figures(
    rows: pl.DataFrame,
    *,
    value: int | None,
    numerator: int | None,
    denominator: int | None,
    indicator: Indicator,
) -> pl.DataFrame:
    """Adds `value`, `state`, `marks`, `raw`, `numerator`, `denominator`."""
    read = rows.with_columns(
        pl.lit(indicator.outturn).alias("outturn"), pl.lit(indicator.per).alias("per")
    )
    for name, place in (("v", value), ("n", numerator), ("d", denominator)):
        column = rows[str(place)] if place else pl.Series([None] * len(rows), dtype=pl.String)
        said = readings_of(column)
        read = pl.concat(
            [read, said.rename({each: f"{name}_{each}" for each in said.columns})],
            how="horizontal",
        )
    read = read.with_columns(
        pl.col("n_value").alias("numerator"), pl.col("d_value").alias("denominator")
    )
    if value:
        return read.with_columns(
            pl.col("v_value").alias("value"),
            pl.col("v_state").alias("state"),
            pl.col("v_marks").alias("marks"),
            pl.col("v_raw").alias("raw"),
        )
    counted = read.with_columns(counted_state_expr("n_state", "d_state").alias("state"))
    return counted.with_columns(
        pl.when(pl.col("state") == "value").then(outturn_expr()).alias("value"),
        pl.col("n_marks").alias("marks"),
        (pl.col("n_raw") + pl.lit("/") + pl.col("d_raw") if denominator else pl.col("n_raw")).alias(
            "raw"
        ),
    )


def _listed(words: Iterable[object]) -> str:
    return ", ".join(f"`{visible(str(word))}`" for word in words)


def _is_numeric(column: pl.Series) -> bool:
    return column.cast(pl.String).str.contains(r"^[-\d.,]+$|^[a-z]{1,3}$").fill_null(True).all()
