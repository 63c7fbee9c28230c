"""What is hidden of tables, units by parts, so that adding up rows and columns gets nowhere.

A hidden figure is safe where four hidden ones, it among them, at the crossings of two units
and two parts can change together: as many cases more in one as fewer in the next, so that
every row and column comes to what it was. (The whole of a row or a column takes part like
any other.) Two hidden figures in each row and column would not do: rows less columns can
get at a figure that each of them leaves open.

Source: the hypercube method, after D. Repsilber, "Preservation of confidentiality in
aggregated data" (1994); the smallest square is searched for each figure on its own.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.suppression.small_counts import is_small

_LEVELS = 3
"""Service, team and worker: so deep do units go, the whole authority aside."""

_LARGEST = 4
"""Of the hidden figures of a row or column so many are tried first: most often they do."""

_NO_LIMIT = float("inf")
_WAY = ("cell", "sum_units", "sum_parts")
"""A figure, and a column and a row that it is in."""
_CORNERS = ("unit", "part", "far")
_OF_CORNER = ("hidden", "size", "room")


def squares_to_hide(cells: pl.DataFrame, members: pl.DataFrame, *, hidden: pl.Series) -> pl.Series:
    """The cells to hide so that each hidden one of a table can change with three others.

    Args:
        cells: What `suppression_sums.suppression_cells` gives.
        members: What `suppression_sums.sums` gives, those along time left out.
        hidden: Whether each cell is hidden.
    """
    room = _rooms(cells["amount"].fill_null(0.0), members, hidden=hidden)
    known = cells.select(
        "cell", "spot", "kind", "size", "guard", "rest", "basis", hidden=hidden, room=room
    )
    at = members.select("across", "sum", "sign", "cell").join(
        known, on="cell", maintain_order="left"
    )
    at_hidden = at.filter("hidden")
    ways = _ways(at_hidden)
    if ways.is_empty():
        return ways["cell"]
    likely = at_hidden.filter(pl.int_range(pl.len()).reverse().over("sum") < _LARGEST)
    safe = _squares(ways, likely, known).filter(pl.col("shown") == 0)
    unsafe = ways.join(safe, on=_WAY, how="anti")
    if unsafe.is_empty():
        return unsafe["cell"]
    cheapest = (
        _squares(unsafe, at, known)
        .sort(*_WAY, "wholes", "zeros", "size", *_CORNERS)
        .unique(_WAY, keep="first", maintain_order=True)
    )
    corners = pl.concat([cheapest[name] for name in _CORNERS]).unique()
    return corners.filter(~hidden.gather(corners))


def _rooms(amounts: pl.Series, members: pl.DataFrame, *, hidden: pl.Series) -> pl.Series:
    """By how many cases each figure can fall: all, or what its own hidden parts allow.

    That a service can have fewer cases takes a team of it that can.
    """
    is_part = (pl.col("sign") > 0).any().over("across", "cell")
    middles = members.filter(is_part & (pl.col("sign") < 0)).select("sum", whole="cell")
    if middles.is_empty():
        return amounts
    parts = members.filter((pl.col("sign") > 0) & hidden.gather(members["cell"])).join(
        middles, on="sum"
    )
    rooms = amounts
    for _ in range(_LEVELS):
        below = parts.select("whole", room=rooms.gather(parts["cell"])).group_by("whole").sum()
        figures = pl.DataFrame({"amount": amounts}).with_row_index("whole")
        figures = figures.join(below, on="whole", how="left", maintain_order="left")
        rooms = figures.select(pl.min_horizontal("amount", "room")).to_series()
    return rooms


def _ways(at: pl.DataFrame) -> pl.DataFrame:
    """Figures with each row and column they are in, and the change that each needs.

    Returns:
        `_WAY`, `sign_units`, `sign_parts`, `room`, and `more` and `fewer`: a change by so
        many cases, the one way or the other, leaves open what is to be hidden.
    """
    amount, guard, rest = pl.col("size"), pl.col("guard"), pl.col("rest")
    is_few, are_few_others = is_small(amount, guard), is_small(rest, guard)
    is_running = pl.col("basis") == "year-to-date"
    more = pl.when(is_few).then(guard - amount).when(are_few_others).then(rest)
    fewer = pl.when(is_few).then(amount).when(are_few_others).then(guard - rest)
    columns, rows = (
        at.filter(pl.col("across") == across).rename(
            {"sum": f"sum_{across}", "sign": f"sign_{across}"}
        )
        for across in ("units", "parts")
    )
    return columns.join(rows.select("cell", "sum_parts", "sign_parts"), on="cell").select(
        *(*_WAY, "sign_units", "sign_parts", "room"),
        more=more.when(is_running).then(guard).otherwise(1.0),
        fewer=fewer.when(is_running).then(guard).otherwise(1.0),
    )


def _squares(ways: pl.DataFrame, at: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Every square of a figure with these members that, hidden, would protect it.

    Args:
        ways: The figures, with what they need.
        at: The members of rows and columns.
        known: What is known of each cell.

    Returns:
        `_WAY`; the cells `unit` (same part), `part` (same unit) and `far` (neither); `shown`
        (how many are) and, of those, `wholes` and `zeros` (how many of each), `size` (cases).
    """
    # Joined at once: a query planner that picks the order of joins itself may pick a huge one.
    found = ways
    for across, corner in (("units", "unit"), ("parts", "part")):
        at_corner = {each: f"{each}_{corner}" for each in ("sign", *_OF_CORNER)}
        beside = at.filter(pl.col("across") == across).rename(at_corner)
        beside = beside.select(
            pl.col("sum").alias(f"sum_{across}"),
            pl.col("cell").alias(corner),
            "spot" if across == "units" else "kind",
            *at_corner.values(),
        )
        found = found.join(beside, on=f"sum_{across}").filter(pl.col(corner) != pl.col("cell"))
    far = known.select(
        "spot", "kind", far="cell", **{f"{each}_far": pl.col(each) for each in _OF_CORNER}
    )
    return (
        found.join(far, on=["spot", "kind"])
        .filter(_is_enough())
        .select(*_WAY, *_CORNERS, **_costs())
    )


def _is_enough() -> pl.Expr:
    """Whether a figure of a square can change as it needs, the others with it."""
    unit = -pl.col("sign_units") * pl.col("sign_unit")
    part = -pl.col("sign_parts") * pl.col("sign_part")
    moves = {"unit": unit, "part": part, "far": unit * part}

    def room(way: int) -> pl.Expr:
        falling = (
            pl.when(move == way).then(f"room_{name}").otherwise(_NO_LIMIT)
            for name, move in moves.items()
        )
        return pl.min_horizontal(falling)

    falls = pl.min_horizontal("room", room(1)) >= pl.col("fewer")
    return falls | (room(-1) >= pl.col("more"))


def _costs() -> dict[str, pl.Expr]:
    """What hiding a square takes: see `_squares`."""
    is_shown = {name: ~pl.col(f"hidden_{name}") for name in _CORNERS}
    is_zero = {name: pl.col(f"size_{name}") == 0 for name in _CORNERS}
    is_whole = {"unit": pl.col("sign_unit") < 0, "part": pl.col("sign_part") < 0}
    is_whole["far"] = is_whole["unit"] | is_whole["part"]
    return {
        "shown": pl.sum_horizontal(is_shown.values()),
        "wholes": pl.sum_horizontal(is_shown[name] & is_whole[name] for name in _CORNERS),
        "zeros": pl.sum_horizontal(is_shown[name] & is_zero[name] for name in _CORNERS),
        "size": pl.sum_horizontal(
            pl.when(is_shown[name]).then(f"size_{name}").otherwise(0.0) for name in _CORNERS
        ),
    }
