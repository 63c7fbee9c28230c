"""Two different targets typed for one indicator in one source."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator, Target
from kpi.domain.checks.context import CELL_PLACE, SERIES, Context
from kpi.domain.checks.wording import about, beside, figure, listed
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.held import SIGNIFICANT_DIGITS
from kpi.domain.observation import KEY, address_expr
from kpi.domain.target import PER_MONTHS, target_frame, with_target
from kpi.domain.words import PER_WORDS

_PRINTED_ROW = ("source_sheet", "source_row")


def find_two_typed(context: Context) -> pl.LazyFrame:
    """Each indicator for which a source gives targets that do not come to the same for a year.

    Of each printed row the first target speaks, for a second one beside it may be another
    level to reach. Where typed targets are to rate, those beside each other count too.
    """
    catalogue = context.catalogue
    typed = (
        context.cells.filter((pl.col("role") == "target") & pl.col("value").is_not_null())
        .filter((pl.col("area") == context.authority) & (pl.col("unit") == ""))
        .with_columns(
            source_row=pl.col("source_cell").str.extract(r"(\d+)$"),
            per=pl.coalesce("target_per", _usual_per(catalogue)),
        )
        .sort("row")
        .filter(_is_first_of_row() | pl.col("indicator").is_in(_rated_by_sheet(catalogue)))
        .with_columns(aim=_a_year().round_sig_figs(SIGNIFICANT_DIGITS))
    )
    found = (
        typed.group_by(*KEY, maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "seq", "value", "period_end", "state").first(),
            is_subject=pl.col("is_subject").any(),
            aims=pl.col("aim").n_unique(),
            said=pl.struct("value", "target_per", address=address_expr()),
            related=address_expr().slice(1),
        )
        .filter(pl.col("is_subject") & (pl.col("aims") > 1))
        .with_columns(period_end=pl.min_horizontal("period_end", pl.lit(context.up_to.end)))
        .pipe(with_target, target_frame(catalogue).lazy())
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _is_first_of_row() -> pl.Expr:
    return pl.int_range(pl.len()).over(*SERIES, "period", *_PRINTED_ROW) == 0


def _usual_per(catalogue: Catalogue) -> pl.Expr:
    usual = {each.id: each.target_per(Target()) for each in catalogue.indicators}
    return pl.col("indicator").replace_strict(usual, default=None, return_dtype=pl.String)


def _rated_by_sheet(catalogue: Catalogue) -> list[str]:
    """The indicators that only a typed target rates."""
    if not catalogue.typed_targets:
        return []
    return [each.id for each in catalogue.indicators if not each.target]


def _a_year() -> pl.Expr:
    """An aim for twelve months; one for a point in time stays as it is."""
    months = pl.col("per").replace_strict(PER_MONTHS, return_dtype=pl.Int64)
    return pl.when(months > 0).then(pl.col("value") * 12 / months).otherwise(pl.col("value"))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    first, *others = row["said"]
    said = listed(
        [
            _aim(first["value"], first["target_per"], indicator),
            *(
                f"{_aim(each['value'], each['target_per'], indicator)} at "
                f"{beside(each['address'], row['source_file'])}"
                for each in others
            ),
        ]
    )
    message = f"{about(row, catalogue)}: two targets are typed, {said}"
    if row["target_value"] is not None:
        known = _aim(row["target_value"], row["target_per"], indicator)
        return Said(
            f"{message}; the catalogue's is {known}", "The catalogue's rates. Mend the sheet."
        )
    neither = " Neither rates." if catalogue.typed_targets and not indicator.target else ""
    return Said(message, f"Mend the sheet, or put the target into the catalogue.{neither}")


def _aim(value: float, per: str | None, indicator: Indicator) -> str:
    words = {str(name): said for name, said in PER_WORDS.items()}
    return f"{figure(value, indicator)} {words.get(per or '', '')}".strip()


CHECK = Check(
    code="KPI230",
    title="two targets typed",
    severity="warning",
    meaning="One source gives two different targets for the same indicator.",
    why="A reader rates the row by the target beside it, and by the other one it may be another "
    "colour. Where typed targets rate, neither does.",
    advice="Correct the sheet, or put the target that holds into the catalogue.",
    example="board.xlsx:Assessment!K5 – Assessments within 45 days: two targets are typed, 80% and "
    "85% at Summary!D12",
    find=find_two_typed,
)
