"""A starting catalogue as text: commented, valid, and honest about what is only guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kpi.domain.drafting import DraftCatalogue, DraftIndicator

EXAMPLE = """
# An indicator is a table like this. The README, "The catalogue", shows every key there is.
#
# [indicator.referrals]
# title    = "Number of referrals in the month"
# aliases  = ["Referrals"]        # other labels that reports use for it
# theme    = "front-door"
# outturn  = "number"             # percentage | number | rate
# basis    = "in-month"           # snapshot | in-month | year-to-date | rolling-12 | annual
# polarity = "low"                # high | low | range | none: which way is good
# target   = { value = 300, per = "month" }
# tolerance = 10                  # amber up to 10 per cent beyond the target
"""

HEAD = """\
# The catalogue: what is measured, and what is good. `kpi` reads it before anything else and
# lists every mistake in it at once, with its line. What the board is to be told beside the
# figures stands in plain files beside it, one a month: commentary/2021-10.toml.

[catalogue]
version   = 1
authority = {authority}
{la_code}
# neighbours = "2025-05"        # statistical-neighbour model: 2021-04, 2025-05 or a list of codes
store     = ".kpi"              # where figures are kept, beside this file

[defaults]
# Any key of an indicator; an indicator's own key wins.
tolerance = 5                   # how far beyond the target is still amber
tolerance_kind = "percent"      # percent of the target, or points
"""

FILL_IN = """
# Drafted from {source}
# Titles, themes, outturn types and targets are as printed there. Fill in `polarity` (high or
# low is good); until then nothing is rated. Check `basis`, which a report does not say: is
# the figure of the month, at its end, or since April?
"""

TODO_POLARITY = '# fill in: "high" or "low" is good'
LA_CODE = "# the council's three-digit DfE code links to published figures"


def render_catalogue(draft: DraftCatalogue) -> str:
    """The text of an `indicators.toml`; reading it gives no mistakes.

    Example:
        >>> print(render_catalogue(DraftCatalogue("Anytown"))[:20])
        # The catalogue: wha
    """
    parts = [HEAD.format(authority=quoted(draft.authority), la_code=_la_code(draft.la_code))]
    if draft.source:
        parts.append(FILL_IN.format(source=one_line(draft.source)))
    else:
        parts.append(EXAMPLE)
    parts += [
        f"\n[theme.{theme_id}]\ntitle = {quoted(title)}\n" for theme_id, title in draft.themes
    ]
    parts += ["\n" + "\n".join(_indicator(each)) + "\n" for each in draft.indicators]
    return "".join(parts)


def quoted(text: str) -> str:
    r"""A TOML basic string.

    Example:
        >>> quoted('Say "hi"\n')
        '"Say \\"hi\\"\\n"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    hidden = re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda found: f"\\u{ord(found.group()):04x}", escaped)
    return f'"{hidden}"'


def one_line(text: str) -> str:
    """Text that may stand in a comment."""
    return "".join(each if each.isprintable() else " " for each in text)


def _la_code(code: str) -> str:
    """The key with the council's code; a comment to fill in, without any, where it is not known."""
    key = f'la_code   = "{code}"' if code else '# la_code = "..."'
    return f"{key:<32}{LA_CODE}"


def _indicator(each: DraftIndicator) -> Iterator[str]:
    yield f"[indicator.{each.id}]"
    yield f"title    = {quoted(each.title)}"
    if each.theme:
        yield f"theme    = {quoted(each.theme)}"
    guessed = "" if each.is_outturn_printed else "  # guessed from the label and the figures"
    yield f"outturn  = {quoted(each.outturn)}{guessed}"
    yield f"basis    = {quoted(each.basis)}  # {one_line(each.why_basis)}"
    if each.year != "financial":
        yield f"year     = {quoted(each.year)}"
    said = f"# to fill in: {one_line(each.hint)}" if each.hint else TODO_POLARITY
    yield f'polarity = "none"  {said}'
    if each.target:
        yield f"target   = {each.target}"
    for note in each.notes:
        yield f"# {one_line(note)}"
