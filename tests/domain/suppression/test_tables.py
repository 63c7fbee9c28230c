"""Tables of small numbers, attacked by solving what their rows and columns come to.

Parts by units with all totals. The attacker knows what is shown, that rows and columns add
up and that nobody is counted less than zero times. In every run: all tables of two by two,
and a sample of each other size. `KPI_TABLES=all pytest tests/domain/test_suppression_tables.py`
tries every table up to three by three with cells from 0 to 9, but for the order of its rows
and of its columns; that takes some hours.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Iterator, Sequence

import polars as pl
import pytest

from kpi.domain.catalogue import Basis, Catalogue, Coherence
from kpi.domain.period import Period
from kpi.domain.suppression.hiding import with_suppression
from tests.builders import a_catalogue, an_indicator

Table = tuple[tuple[int, ...], ...]
"""Cases by unit and part, without totals."""
Cell = tuple[str, int]
"""A unit, empty for the whole authority, and a part, the last for all."""
Totals = dict[str, list[int]]
"""Cases by unit, of every part and of all."""
Hidden = dict[Cell, bool]
Arc = tuple[object, object, int, Cell]
"""What a hidden cell joins: where its cases come from, where they go to, and how many."""

LIMIT = 6
ENOUGH = 2 * LIMIT
SIZES = [(rows, columns) for rows in (1, 2, 3) for columns in (1, 2, 3) if rows * columns > 1]
DIGITS = range(10)
MIXED = (0, 0, 1, 3, 20, 30, 40, 55, 70)
SAMPLE = 400
AT_ONCE = 50_000


# --- Hiding ---------------------------------------------------------------------------------


def catalogue_of(columns: int, *, whole: float = LIMIT, basis: Basis = "in-month") -> Catalogue:
    parts = [f"p{column}" for column in range(columns)]
    rule = Coherence("parts_of", with_=tuple(parts), total=f"p{columns}")
    return a_catalogue(
        *(an_indicator(part, suppress_below=LIMIT, coheres=(rule,), basis=basis) for part in parts),
        an_indicator(f"p{columns}", suppress_below=whole, basis=basis),
    )


def with_totals(table: Table) -> Totals:
    """The rows by unit; the whole authority last."""
    rows = {f"u{number}": [*row, sum(row)] for number, row in enumerate(table)}
    return rows | {"": [sum(column) for column in zip(*rows.values(), strict=True)]}


def held(tables: Sequence[Totals], *, month: int) -> pl.DataFrame:
    """The figures of a month; every table is an area of its own."""
    cells = [
        (f"{number:09}", unit, f"p{column}", float(value))
        for number, table in enumerate(tables)
        for unit, row in table.items()
        for column, value in enumerate(row)
    ]
    period = Period.of_month(2021, month)
    return pl.DataFrame(
        cells, schema=["area", "unit", "indicator", "value"], orient="row"
    ).with_columns(
        period=pl.lit(str(period)),
        period_start=pl.lit(period.start),
        period_end=pl.lit(period.end),
        period_months=pl.lit(1, dtype=pl.Int8),
        numerator=pl.lit(None, dtype=pl.Float64),
        denominator=pl.lit(None, dtype=pl.Float64),
        state=pl.lit("value"),
        conflict=pl.lit(value=False),
        raw=pl.lit(""),
        said=pl.concat_list(pl.struct("value")),
    )


def hidden_in(tables: Sequence[Totals], *, whole: float = LIMIT) -> list[Hidden]:
    """Whether each cell of each table is hidden."""
    catalogue = catalogue_of(_columns(tables), whole=whole)
    return _hidden(held(tables, month=10), catalogue, tables)


def _columns(tables: Sequence[Totals]) -> int:
    return len(tables[0][""]) - 1


def _hidden(figures: pl.DataFrame, catalogue: Catalogue, tables: Sequence[Totals]) -> list[Hidden]:
    shown = with_suppression(figures.lazy(), catalogue).collect()["value"]
    hidden = iter(shown.is_null().to_list())
    return [
        {(unit, column): next(hidden) for unit, row in table.items() for column in range(len(row))}
        for table in tables
    ]


# --- Attacking ------------------------------------------------------------------------------


def arcs(table: Totals, hidden: Hidden) -> list[Arc]:
    """Hidden cells as arcs between the sums they are in, so that each sum is a node in balance.

    A part flows from the sum of its unit's parts into that of its unit's siblings; a whole
    of parts the other way round; a figure of a unit with units below it from their sum.
    The authority's own parts need no sum: those below say the same.
    """
    above = {unit: unit.rpartition("/")[0] for unit in table if unit}
    last = len(table[""]) - 1
    found: list[Arc] = []
    for (unit, column), is_hidden in hidden.items():
        within = (unit, column) if unit in above.values() else unit
        beside = (above[unit], column) if unit else None
        ends = (within, beside) if column < last else (beside, within)
        if is_hidden:
            found.append((*ends, table[unit][column], (unit, column)))
    return found


def ranges(table: Totals, hidden: Hidden) -> dict[Cell, tuple[int, int]]:
    """The least and the most that each hidden cell can be; what is more than enough is cut."""
    found = {}
    joined = arcs(table, hidden)
    for place, (start, end, value, cell) in enumerate(joined):
        others = [*joined[:place], *joined[place + 1 :]]
        more = pushed(others, end, start, most=ENOUGH)
        fewer = pushed(others, start, end, most=value)
        found[cell] = (value - fewer, value + more)
    return found


def pushed(joined: Sequence[Arc], start: object, end: object, *, most: int) -> int:
    """How many cases can be sent from one node to another, cells rising or falling on the way."""
    flow = [0] * len(joined)
    ways: dict[object, list[tuple[object, int, int]]] = {}
    for number, (one, other, _, _) in enumerate(joined):
        ways.setdefault(one, []).append((other, number, 1))
        ways.setdefault(other, []).append((one, number, -1))
    sent = 0
    while sent < most:
        came: dict[object, tuple[object, int, int] | None] = {start: None}
        queue = [start]
        for node in queue:
            for other, number, way in ways.get(node, ()):
                if other not in came and (way > 0 or joined[number][2] + flow[number] > 0):
                    came[other] = (node, number, way)
                    queue.append(other)
        path, node = [], end
        if end not in came:
            break
        while step := came[node]:
            path.append(step)
            node = step[0]
        falling = [joined[number][2] + flow[number] for _, number, way in path if way < 0]
        count = min([most - sent, *falling])
        for _, number, way in path:
            flow[number] += way * count
        sent += count
    return sent


def given_away(table: Totals, hidden: Hidden) -> dict[Cell, tuple[int, int]]:
    """The hidden cells that can be one number only, or that can only be small."""
    return {
        cell: (least, most)
        for cell, (least, most) in ranges(table, hidden).items()
        if least == most or (least >= 1 and most < LIMIT)
    }


def attack(tables: Sequence[Totals], *, whole: float = LIMIT) -> None:
    for table, hidden in zip(tables, hidden_in(tables, whole=whole), strict=True):
        assert given_away(table, hidden) == {}, (table, hidden)
        assert all(
            hidden[unit, column] or not 0 < value < (LIMIT if column < len(row) - 1 else whole)
            for unit, row in table.items()
            for column, value in enumerate(row)
        )


def drawn(rows: int, columns: int, values: Sequence[int], *, seed: str) -> Iterator[Table]:
    chance = random.Random(f"{rows} {columns} {seed}")
    while True:
        yield tuple(tuple(chance.choices(values, k=columns)) for _ in range(rows))


def test_the_attack_finds_what_trying_all_numbers_finds() -> None:
    for table in itertools.islice(drawn(2, 2, range(4), seed="attack"), 60):
        chance = random.Random(repr(table))
        full = with_totals(table)
        # Totals stay shown, so that there is an end to what has to be tried.
        hidden = {
            (unit, column): bool(unit) and column < 2 and chance.random() < 0.8
            for unit, row in full.items()
            for column in range(len(row))
        }
        assert ranges(full, hidden) == tried(full, hidden)


def tried(table: Totals, hidden: Hidden) -> dict[Cell, tuple[int, int]]:
    """The least and the most of each hidden cell of two by two, over all tables that fit."""
    cells = [cell for cell, is_hidden in hidden.items() if is_hidden]
    fitting = []
    for guess in itertools.product(range(8), repeat=len(cells)):
        said = dict(zip(cells, guess, strict=True))
        rows = [tuple(said.get((unit, c), table[unit][c]) for c in (0, 1)) for unit in ("u0", "u1")]
        whole = with_totals(tuple(rows))
        if all(hidden[unit, c] or whole[unit][c] == table[unit][c] for unit, c in hidden):
            fitting.append(said)
    return {
        cell: (min(said[cell] for said in fitting), max(said[cell] for said in fitting))
        for cell in cells
    }


def test_the_attack_gets_at_a_lone_cell_and_at_one_between_two_blocks() -> None:
    lone = with_totals(((3, 20), (30, 40)))
    hidden = {cell: cell == ("u0", 0) for cell in hidden_in([lone])[0]}
    assert given_away(lone, hidden) == {("u0", 0): (3, 3)}
    # Two hidden cells or none in each row and column, and yet one can be had.
    blocks = with_totals(((9, 9, 3, 9), (9, 9, 9, 9), (9, 9, 9, 9), (9, 9, 9, 9)))
    gone = {(f"u{row}", column) for row in (0, 1) for column in (0, 1)}
    gone |= {(f"u{row}", column) for row in (2, 3) for column in (2, 3)} | {("u0", 2)}
    hidden = {(unit, column): (unit, column) in gone for unit in blocks for column in range(5)}
    assert given_away(blocks, hidden) == {("u0", 2): (3, 3)}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # The smallest square, not the smallest of each row and column.
        (((3, 20, 40), (30, 50, 60), (35, 25, 70)), "u0:0 u0:1 u2:0 u2:1"),
        (((30, 50, 60), (40, 20, 3), (70, 25, 35)), "u1:1 u1:2 u2:1 u2:2"),
        # Zeros after all others, wholes after zeros.
        (((3, 0, 40), (30, 10, 60), (90, 80, 70)), "u0:0 u0:2 u1:0 u1:2"),
        (((3, 0), (30, 10)), "u0:0 u0:1 u0:2 u1:0 u1:1 u1:2"),
        (((0, 3, 40),), "u0:1 u0:2 :1 :2"),
        # Four that cannot change by enough are not enough.
        (((3, 7), (7, 7)), "u0:0 u0:1 u1:0 u1:1"),
        (((1, 9, 90), (9, 0, 90), (80, 80, 80)), "u0:0 u0:1 u2:0 u2:1"),
        (((20, 30), (40, 50)), ""),
    ],
)
def test_the_smallest_square_that_is_enough_is_hidden(table: Table, expected: str) -> None:
    full = with_totals(table)
    (hidden,) = hidden_in([full])
    found = {f"{unit}:{column}" for (unit, column), is_hidden in hidden.items() if is_hidden}
    assert found == set(expected.split())


def test_a_cell_that_joins_two_blocks_of_hidden_ones_is_not_left_alone() -> None:
    table = ((70, 70, 1, 55), (3, 3, 0, 70), (30, 0, 3, 3), (20, 30, 30, 0), (55, 30, 1, 55),
             (70, 40, 30, 55))  # fmt: skip
    attack([with_totals(table)])


@pytest.mark.parametrize(
    ("table", "teams"),
    [
        (((0, 40), (30, 0), (0, 0), (1, 0), (0, 50), (60, 60)), (2, 2, 2)),
        (((0, 0), (0, 2), (0, 0), (0, 7), (30, 0), (0, 30)), (3, 3)),
        (((0, 1, 1), (30, 55, 0), (1, 0, 40), (0, 3, 70), (55, 1, 1)), (3, 2)),
    ],
)
def test_a_service_has_no_fewer_cases_than_its_shown_teams(
    table: Table, teams: tuple[int, ...]
) -> None:
    """Its figure can change only as far as its hidden teams can."""
    attack([nested(table, teams)])


@pytest.mark.parametrize("whole", [LIMIT, 0])
def test_no_table_of_two_by_two_gives_a_hidden_cell_away(whole: float) -> None:
    tables = [((a, b), (c, d)) for a, b, c, d in itertools.product(DIGITS, repeat=4)]
    attack([with_totals(table) for table in tables], whole=whole)


@pytest.mark.parametrize("whole", [LIMIT, 0])
@pytest.mark.parametrize("values", [DIGITS, MIXED])
@pytest.mark.parametrize(("rows", "columns"), [*SIZES, (6, 4), (12, 3)])
def test_no_sampled_table_gives_a_hidden_cell_away(
    rows: int, columns: int, values: Sequence[int], whole: float
) -> None:
    tables = itertools.islice(drawn(rows, columns, values, seed="sample"), SAMPLE)
    attack([with_totals(table) for table in tables], whole=whole)


@pytest.mark.parametrize("values", [DIGITS, MIXED])
@pytest.mark.parametrize(
    ("teams", "columns"), [((2, 2), 2), ((3, 2), 3), ((2, 2, 2), 2), ((4, 3, 3), 3)]
)
def test_no_sampled_table_of_services_and_teams_gives_a_hidden_cell_away(
    teams: tuple[int, ...], columns: int, values: Sequence[int]
) -> None:
    drawn_rows = drawn(sum(teams), columns, values, seed="nested")
    attack([nested(table, teams) for table in itertools.islice(drawn_rows, SAMPLE)])


def nested(table: Table, teams: tuple[int, ...]) -> Totals:
    """The rows as teams of services of so many teams."""
    rows, found = iter(table), dict[str, list[int]]()
    for number, count in enumerate(teams):
        below = with_totals(tuple(next(rows) for _ in range(count)))
        found |= {f"s{number}" + (f"/{unit}" if unit else ""): row for unit, row in below.items()}
    services = [row for unit, row in found.items() if "/" not in unit]
    return found | {"": [sum(column) for column in zip(*services, strict=True)]}


@pytest.mark.parametrize("whole", [LIMIT, 0])
@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (3, 2), (3, 3), (6, 3)])
def test_no_sampled_year_to_date_gives_a_small_growth_away(
    rows: int, columns: int, whole: float
) -> None:
    values = drawn(rows, columns, (0, 0, 1, 3, 7, 20, 40), seed="growth")
    attack_growth(*(list(itertools.islice(values, SAMPLE)) for _ in range(2)), whole=whole)


def test_a_year_to_date_needs_room_for_more_than_one_case() -> None:
    """What is small is the growth, of a figure that is not."""
    april = [
        ((1, 40, 0), (40, 1, 40), (1, 2, 40), (2, 2, 20), (1, 0, 40)),
        ((30, 0, 1), (50, 0, 0), (1, 0, 40), (50, 1, 0), (1, 1, 40)),
    ]
    growth = [
        ((40, 20, 20), (0, 0, 3), (20, 0, 3), (1, 3, 20), (2, 3, 20)),
        ((0, 0, 0), (2, 2, 1), (40, 1, 1), (0, 40, 2), (30, 1, 1)),
    ]
    attack_growth(april, growth, whole=0)


def attack_growth(april: Sequence[Table], growth: Sequence[Table], *, whole: float) -> None:
    """What May can be, less what April is shown to be, must not be sure to be small."""
    before = [with_totals(table) for table in april]
    now = [
        {unit: [was + grew for was, grew in zip(then[unit], row, strict=True)]
         for unit, row in with_totals(more).items()}
        for then, more in zip(before, growth, strict=True)
    ]  # fmt: skip
    catalogue = catalogue_of(_columns(now), whole=whole, basis="year-to-date")
    both = pl.concat([held(before, month=4), held(now, month=5)])
    hidden = _hidden(both, catalogue, [*before, *now])
    known, gone = hidden[: len(now)], hidden[len(now) :]
    for then, table, was_hidden, is_hidden in zip(before, now, known, gone, strict=True):
        for (unit, column), (least, most) in ranges(table, is_hidden).items():
            was = then[unit][column]
            assert least < most
            assert was_hidden[unit, column] or least - was < 1 or most - was >= LIMIT, (then, table)


@pytest.mark.skipif(os.environ.get("KPI_TABLES") != "all", reason="takes hours: KPI_TABLES=all")
@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_no_table_at_all_gives_a_hidden_cell_away(rows: int, columns: int) -> None:
    tables = every_table(rows, columns)
    while some := [with_totals(table) for table in itertools.islice(tables, AT_ONCE)]:
        attack(some)


def every_table(rows: int, columns: int) -> Iterator[Table]:
    """Every table of digits, once for all orders of its rows and of its columns."""
    lines = list(itertools.product(DIGITS, repeat=columns))
    places = {line: place for place, line in enumerate(lines)}
    orders = [
        [places[tuple(line[column] for column in order)] for line in lines]
        for order in itertools.permutations(range(columns))
    ]
    for table in itertools.combinations_with_replacement(range(len(lines)), rows):
        if all(tuple(sorted(order[place] for place in table)) >= table for order in orders):
            yield tuple(lines[place] for place in table)


def test_every_table_is_tried_once() -> None:
    found = list(every_table(2, 2))
    both = {
        frozenset(
            tuple(tuple(table[r][c] for c in columns) for r in rows)
            for rows in ((0, 1), (1, 0))
            for columns in ((0, 1), (1, 0))
        )
        for table in itertools.product(itertools.product(DIGITS, repeat=2), repeat=2)
    }
    assert len(found) == len(set(found)) == len(both)
