"""A chart as a Vega-Lite specification: a plain dictionary, every figure in it.

Shape and line say what colour says: concern is a triangle, improvement a diamond, a signal
where no direction is better a square, no signal a circle; the mean is solid, limits are
dashed, the target is dotted. What is written, and where, comes from
`kpi.renderers.chart_layout`; drawing is left to `kpi.renderers.charts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from kpi.domain.chart import NO_SIGNAL, SpcChart, SpcPoint, signal
from kpi.renderers.chart_layout import BELOW, PLOT, Frame, Layout, laid_out
from kpi.renderers.chart_palette import FILLS, GREY, GRID, GROUND, INK, SHAPES

Json = dict[str, Any]

# vl-convert brings Liberation Sans along; of a font that a machine lacks it draws nothing.
# Browsers find Arial, whose letters are as wide.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

_BAND_OPACITY = 0.08
_KEY_AREA = 44.0
_AREAS = ((30, 44.0), (60, 30.0), (100, 20.0))
_LEAST_AREA, _LEAST_SIGNAL = 10.0, 50.0


def chart_spec(chart: SpcChart) -> Json:
    """The specification of a chart; nothing is fetched to draw it."""
    layout = laid_out(chart)
    frame = layout.frame
    sides = {"left": frame.left, "right": frame.right, "top": layout.above, "bottom": BELOW}
    return {
        "width": frame.width,
        "height": PLOT,
        "autosize": {"type": "none"},
        "padding": sides,
        "background": GROUND,
        "config": {"font": FONT, "aria": False, "view": {"stroke": None}},
        "layer": list(_layers(layout)),
    }


def _layers(layout: Layout) -> Iterator[Json]:
    """What is drawn, the lowest first."""
    frame = layout.frame
    yield from _limits(frame)
    yield _in_pixels(
        [{"x": each.x, "y": each.top, "bottom": PLOT} for each in layout.starts],
        _rule(GREY, width=1),
        y2={"field": "bottom"},
    )
    yield from _series(frame)
    keys = [{"x": key.x, "y": key.y} | _symbol(key.shows, area=_KEY_AREA) for key in layout.keys]
    yield _in_pixels(keys, _POINT, **_SYMBOL)
    yield _in_pixels([asdict(each) for each in layout.texts], _TEXT, **_WRITTEN)


def _limits(frame: Frame) -> Iterator[Json]:
    """Band, limits, mean and target; the axis's lines come with the first of them."""
    segments = list(_segments(frame.chart))
    limited = [each for each in segments if each["lower"] is not None]
    whole = {"from": -0.5, "to": len(frame.chart.points) - 0.5, "target": frame.chart.target}
    has_target = frame.chart.target is not None and frame.scale.holds(frame.chart.target)
    band: Json = {"type": "rect", "fill": GREY, "opacity": _BAND_OPACITY}
    yield _on_axes(limited, band, frame=frame, x="from", x2="to", y="lower", y2="upper")
    for values, mark, line in (
        (limited, _rule(GREY, width=1.25, dash=(6, 4)), "lower"),
        (limited, _rule(GREY, width=1.25, dash=(6, 4)), "upper"),
        (segments, _rule(INK, width=1), "mean"),
        ([whole] if has_target else [], _rule(INK, width=2, dash=(2, 3)), "target"),
    ):
        yield _on_axes(values, mark, frame=frame, x="from", x2="to", y=line)


def _segments(chart: SpcChart) -> Iterator[Json]:
    """Stretches of a group over which mean and limits stay the same, missing points included."""
    for places in chart.groups:
        charted = [at for at in places if chart.points[at].mean is not None]
        for lines, run in groupby(charted, key=lambda at: _lines_at(chart.points[at])):
            mean, lower, upper = lines
            ends = list(run)
            yield {
                "from": ends[0] - 0.5,
                "to": ends[-1] + 0.5,
                "mean": mean,
                "lower": lower,
                "upper": upper,
            }


def _lines_at(point: SpcPoint) -> tuple[float | None, float | None, float | None]:
    return point.mean, point.lower, point.upper


def _series(frame: Frame) -> Iterator[Json]:
    """The line through the figures of each group, broken where one is missing, and the points."""
    points = frame.chart.points
    line = [
        {"at": at, "value": points[at].value, "group": number}
        for number, places in enumerate(frame.chart.groups)
        for at in places
    ]
    area = next((area for most, area in _AREAS if len(points) <= most), 0.0)
    marked: list[Json] = [
        {"at": at, "value": point.value} | _symbol(signal(point), area=area)
        for at, point in enumerate(points)
        if point.value is not None
    ]
    # Signals last, so that none is covered.
    marked.sort(key=lambda each: each["fill"] != FILLS[NO_SIGNAL])
    by_group = {"detail": {"field": "group", "type": "nominal"}}
    yield _on_axes(line, _LINE, frame=frame, others=by_group, x="at", y="value")
    yield _on_axes(marked, _POINT, frame=frame, others=_SYMBOL, x="at", y="value")


def _symbol(shows: str, *, area: float) -> Json:
    """What a point's mark is made of."""
    shape, share = SHAPES[shows]
    least = _LEAST_AREA if shows == NO_SIGNAL else _LEAST_SIGNAL
    return {"shape": shape, "fill": FILLS[shows], "area": max(area * share, least)}


def _rule(stroke: str, *, width: float, dash: tuple[int, int] | None = None) -> Json:
    mark: Json = {"type": "rule", "stroke": stroke, "strokeWidth": width}
    return mark | {"strokeDash": list(dash)} if dash else mark


def _on_axes(
    values: list[Json], mark: Json, *, frame: Frame, others: Json | None = None, **fields: str
) -> Json:
    """A layer whose places are periods and values."""
    places: Json = {
        "scale": {"domain": [-0.5, len(frame.chart.points) - 0.5], "nice": False},
        "axis": None,
    }
    heights: Json = {
        "scale": {"domain": [frame.scale.low, frame.scale.high], "nice": False, "zero": False},
        "axis": _GRID | {"values": list(frame.scale.ticks)},
    }
    given = {"x": places, "y": heights}
    encoding = {
        channel: {"field": field}
        | ({"type": "quantitative"} | given[channel] if channel in given else {})
        for channel, field in fields.items()
    }
    return {"data": {"values": values}, "mark": mark, "encoding": encoding | (others or {})}


def _in_pixels(values: list[Json], mark: Json, **others: Json) -> Json:
    """A layer whose places are pixels."""
    places = {axis: _as_it_is(axis) | {"axis": None} for axis in ("x", "y")}
    return {"data": {"values": values}, "mark": mark, "encoding": places | others}


def _as_it_is(field: str) -> Json:
    """A channel that takes what stands in the data, such as a colour."""
    return {"field": field, "type": "quantitative", "scale": None}


_GRID: Json = {
    "grid": True,
    "gridColor": GRID,
    "labels": False,
    "ticks": False,
    "domain": False,
    "title": None,
}
_LINE: Json = {
    "type": "line",
    "stroke": GREY,
    "strokeWidth": 1.5,
    "strokeJoin": "round",
    "invalid": "break-paths-show-path-domains",
}
_POINT: Json = {"type": "point", "stroke": GROUND, "strokeWidth": 0.75, "opacity": 1}
_SYMBOL: Json = {
    "shape": {"field": "shape", "type": "nominal", "scale": None},
    "fill": {"field": "fill", "type": "nominal", "scale": None},
    "size": _as_it_is("area"),
}
_TEXT: Json = {
    "type": "text",
    "baseline": "middle",
    "align": {"expr": "datum.align"},
    "fontWeight": {"expr": "datum.weight"},
}
_WRITTEN: Json = {
    "text": {"field": "text", "type": "nominal"},
    "fill": {"field": "fill", "type": "nominal", "scale": None},
    "size": _as_it_is("size"),
}
