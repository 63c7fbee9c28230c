"""The style sheet of a page: on wide and narrow screens, in the dark and on paper.

Figures, units and ratings never break. A table too wide for the window scrolls by itself
while its rows' names stay in sight; for a broad one paper lies across, and it is set small
enough to stand whole. The end of a page cuts neither rows nor charts; the headings of a
table are repeated after it.
"""

from __future__ import annotations

from kpi.renderers.chart_palette import DARK
from kpi.renderers.palette import PAGE, PAINTS

_RULE = "#b1b4b6"
_LINK, _DARK_LINK = "#144e81", "#8ec5f5"

_LAYOUT = f"""\
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 Arial, "Liberation Sans", Helvetica, sans-serif; margin: 0 auto; }}
body {{ max-width: 96rem; padding: 1.5rem; }}
h1 {{ font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }}
h2 {{ font-size: 1.35rem; line-height: 1.25; margin: 2.5rem 0 .75rem; }}
h3 {{ font-size: 1rem; margin: 1.25rem 0 .5rem; }}
p, li {{ max-width: 50rem; overflow-wrap: break-word; }}
h1, h2, h3, summary {{ overflow-wrap: break-word; }}
ul {{ margin: .5rem 0 1rem; padding-left: 1.5rem; }}
header p, footer p {{ margin: 0 0 .25rem; }}
nav ul {{ columns: 20rem; max-width: 64rem; }}
footer {{ border-top: 1px solid {_RULE}; margin-top: 2rem; padding-top: 1rem; }}
a:focus-visible, [tabindex="0"]:focus-visible, summary:focus-visible {{ outline: 3px solid; }}
main:focus {{ outline: none; }}
.skip:not(:focus), .unseen {{
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}}
.wide {{ overflow-x: auto; margin: .5rem 0 1rem; position: relative; }}
table {{ border-collapse: separate; border-spacing: 0; font-size: .875rem; }}
table {{ font-variant-numeric: tabular-nums; }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .6rem; white-space: nowrap; }}
.broad th, .broad td {{ padding: .35rem .4rem; }}
th, td {{ border-bottom: 1px solid {_RULE}; line-height: 1.35; }}
th {{ font-weight: normal; }}
th.wraps, td.wraps {{ white-space: normal; overflow-wrap: anywhere; min-width: 11rem; }}
thead th, tbody th[scope=rowgroup] {{ font-weight: bold; vertical-align: bottom; }}
thead th {{ border-bottom-width: 2px; }}
thead th.words {{ white-space: normal; min-width: 4.5rem; }}
tbody th[scope=rowgroup] {{ padding-top: 1.25rem; }}
.right {{ text-align: right; }}
.red, .amber, .green, .blue {{ font-weight: bold; }}
.strong {{ font-weight: bold; }}
pre {{ overflow-x: auto; line-height: 1.2; }}
@media screen and (min-width: 48rem) {{
  tbody th[scope=row] {{ position: sticky; left: 0; }}
}}
"""
_PAPER = """\
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.3; }
  h1 { font-size: 18pt; }
  h2 { font-size: 13pt; margin: 4mm 0 1.5mm; }
  h3 { font-size: 10.5pt; margin: 2.5mm 0 .5mm; }
  h1, h2, h3, caption, summary { break-after: avoid; }
  p, li { max-width: 230mm; orphans: 2; widows: 2; }
  p { margin: 1.5mm 0; }
  ul { margin: 1mm 0 2mm; }
  footer { margin-top: 3mm; padding-top: 1.5mm; font-size: 8pt; break-inside: avoid; }
  footer p { margin: 0; }
  nav, .skip { display: none; }
  .wide { overflow: visible; margin: 2mm 0; }
  table { font-size: 8pt; }
  .broad { font-size: 7pt; }
  .broadest { font-size: 6.25pt; }
  th, td { padding: .7mm 1.4mm; }
  .broad th, .broad td { padding: .7mm .9mm; }
  .broadest th, .broadest td { padding: .7mm .6mm; }
  th.wraps, td.wraps { min-width: 28mm; }
  thead th.words { min-width: 0; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  .red, .amber, .green, .blue { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  pre { overflow: visible; white-space: pre-wrap; }
}
"""
_PICTURES = """\
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); }
.charts { gap: 1.5rem 2rem; align-items: start; margin: 1.5rem 0; }
figure { margin: 0; min-width: 0; }
figure > svg { display: block; max-width: 100%; height: auto; }
summary { cursor: pointer; padding: .25rem 0; font-size: .875rem; }
@media print {
  .charts { grid-template-columns: 1fr 1fr; gap: 4mm 8mm; margin: 3mm 0; }
  figure { break-inside: avoid; }
  details:not([open]) { display: none; }
}
"""
_IN_THE_DARK = "@media screen and (prefers-color-scheme: dark)"


def style_sheet(*, has_pictures: bool, is_broad: bool) -> str:
    """The rules of a page.

    Args:
        has_pictures: Whether the page holds charts; their rules are left out otherwise.
        is_broad: Whether it holds a table for which paper has to lie across.
    """
    pictures = f"{_PICTURES}{_IN_THE_DARK} {{\n{_dark_pictures()}}}\n" if has_pictures else ""
    paper = f"@page {{ size: A4 {'landscape' if is_broad else 'portrait'}; margin: 12mm; }}\n"
    return f"{_LAYOUT}{_colors()}{pictures}{paper}{_PAPER}"


def _colors() -> str:
    """Ink and ground of the page and of each tone, light and dark; a print keeps the light ones."""
    whole = "body, tbody th[scope=row]"
    light = _rule(whole, PAGE.ink, PAGE.ground) + _rule("a", _LINK, "")
    dark = _rule(whole, PAGE.dark_ink, PAGE.dark_ground) + _rule("a", _DARK_LINK, "")
    for tone, paint in PAINTS.items():
        light += _toned(f".{tone}", paint.ink, paint.ground)
        dark += _toned(f".{tone}", paint.dark_ink, paint.dark_ground)
    return f"{light}{_IN_THE_DARK} {{\n{dark}}}\n"


def _dark_pictures() -> str:
    return "".join(
        f'figure [{paints}="{color}"] {{ {paints}: {instead}; }}\n'
        for color, instead in DARK.items()
        for paints in ("fill", "stroke")
    )


def _toned(selector: str, ink: str, ground: str) -> str:
    return _rule(selector, ink, ground) if ink else ""


def _rule(selector: str, ink: str, ground: str) -> str:
    background = f" background-color: {ground};" if ground else ""
    return f"{selector} {{ color: {ink};{background} }}\n"
