"""A chart as a picture: SVG for pages, PNG for mail; drawn offline, the same bytes each time.

vl-convert draws a plain Vega-Lite dictionary (`kpi.renderers.chart_spec`). Altair would
build the same dictionary, for 280 ms of import and 18 MB more, and check it on the way; the
tests draw every kind of chart instead. The library brings Vega and its font along and
fetches nothing. Starting it takes half a second, once a process; a chart then takes about
20 ms as SVG and 75 ms as PNG, so draw a page's charts in one process.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from html import escape

from kpi.domain.chart import GroupStart, SpcChart
from kpi.domain.visible import visible
from kpi.renderers.chart_spec import FONT, chart_spec

_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
_ROOT = re.compile(r'<svg [^>]*?(?P<size>width="\d+" height="\d+" viewBox="[\d ]+")>')
_TAG = re.compile(r"<[^<>]+>")
# What only a live view of Vega needs. Its roles would each ask for a name, although the
# whole is one image; the font is said once, of the whole.
_UNSEEN = re.compile(r'^<path class="(?:background|foreground)"')
_UNUSED = re.compile(
    r' (?:(?:class|role|aria-[a-z]+|pointer-events|font-family)="[^"]*"|font-weight="normal")'
)
_PNG = b"\x89PNG\r\n\x1a\n"
_LONG = re.compile(r"(\.\d\d)\d+")


def svg(chart: SpcChart, *, name: str = "chart") -> str:
    """The picture as a file of SVG, with title and description for whoever cannot see it.

    Args:
        chart: What it shows.
        name: What its ids begin with.
    """
    return _picture(_cleaned(chart), name=name, namespace=_NAMESPACE)


def inline_svg(chart: SpcChart, *, name: str) -> str:
    """The picture to stand in an HTML page, which knows what SVG is.

    Args:
        chart: What it shows.
        name: What its ids begin with; each picture of a page needs another.
    """
    return _picture(_cleaned(chart), name=name, namespace="")


def png(chart: SpcChart, *, scale: float = 2) -> bytes:
    """The picture as PNG, on white.

    Args:
        chart: What it shows.
        scale: Dots to a pixel of its natural size; 2 is sharp on screens and in print.
    """
    from vl_convert import svg_to_png

    return _packed(svg_to_png(svg(chart), scale=scale))


def _picture(chart: SpcChart, *, name: str, namespace: str) -> str:
    from vl_convert import vegalite_to_svg

    drawn = vegalite_to_svg(chart_spec(chart), allowed_base_urls=[])
    root = _ROOT.match(drawn)
    if root is None:
        raise ValueError("vl-convert drew something that is not SVG as it is known")
    return (
        f'<svg{namespace} role="img" aria-labelledby="{name}-title {name}-desc" '
        f'{root["size"]} font-family="{FONT}">'
        f'<title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-desc">{escape(chart.alt)}</desc>'
    ) + _TAG.sub(_trimmed, drawn[root.end() :])


def _trimmed(found: re.Match[str]) -> str:
    """A tag without what nobody sees."""
    tag = found.group()
    return "" if _UNSEEN.match(tag) else _LONG.sub(r"\1", _UNUSED.sub("", tag))


def _packed(picture: bytes) -> bytes:
    """The same PNG in a third of the bytes: vl-convert packs it fast, and mail has to carry it."""
    before: list[bytes] = []
    after: list[bytes] = []
    pixels = b""
    at = len(_PNG)
    while at < len(picture):
        size = int.from_bytes(picture[at : at + 4], "big")
        kind, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        if kind == b"IDAT":
            pixels += content
        else:
            (after if pixels else before).append(_chunk(kind, content))
        at += size + 12
    packed = zlib.compress(zlib.decompress(pixels), level=6)
    return b"".join([_PNG, *before, _chunk(b"IDAT", packed), *after])


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return len(content).to_bytes(4, "big") + kind + content + check.to_bytes(4, "big")


def _cleaned(chart: SpcChart) -> SpcChart:
    """The chart without characters that no file of XML may hold."""
    starts = tuple(GroupStart(each.period, visible(each.why)) for each in chart.starts)
    return replace(chart, title=visible(chart.title), starts=starts)
