"""An answer for machines: JSON, and its flat twin CSV.

Numbers are unrounded, absent is null, NaN is never written, keys are only ever added.
What a failed run says in JSON is left to `kpi.cli.diagnostics`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime

from kpi.domain.answer import SCHEMA, Answer
from kpi.domain.visible import visible
from kpi.renderers.encoding import can_say, folded
from kpi.renderers.flat import flattened, plain_number
from kpi.renderers.words import iso_moment

_FORMULA = re.compile("^ *[=+\\-@\t\r＝＋－＠]")
_NEGATIVE = re.compile(r"-[0-9][0-9,]*(\.[0-9]+)?%?")


def render_json(answer: Answer, *, encoding: str = "utf-8") -> str:
    """An answer as one JSON object, its keys in the order of the contract.

    Args:
        answer: What to write.
        encoding: What the text will be written in; where it lacks a character, every
            character beyond ASCII is written as an escape, and nothing is lost.
    """
    said: dict[str, object] = {
        "command": answer.command,
        "schema": SCHEMA,
        "authority": answer.authority,
        "period": answer.period,
        "as_of": answer.as_of,
        "catalogue_sha256": answer.catalogue_sha256,
        "rows": answer.rows.to_dicts(),
        "counts": answer.counts,
        "messages": [{"level": each.level, "text": each.text} for each in answer.messages],
    }
    if answer.internal:
        said["internal"] = True
    said |= answer.beside
    return json_text(said, encoding=encoding)


def json_text(value: object, *, encoding: str = "utf-8") -> str:
    """A value as indented JSON, cleaned, with a line feed at its end."""
    tidy = _tidy(value)
    text = json.dumps(tidy, ensure_ascii=False, allow_nan=False, indent=2)
    if not can_say(text, encoding=encoding):
        text = json.dumps(tidy, ensure_ascii=True, allow_nan=False, indent=2)
    return text + "\n"


def render_csv(answer: Answer, *, encoding: str = "utf-8") -> str:
    """An answer as CSV (RFC 4180, lines ending in a line feed), safe to open in a spreadsheet.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, which
    `ingest` takes off again; numbers never do.

    Args:
        answer: What to write.
        encoding: What the text will be written in; characters it lacks are replaced.
    """
    table = flattened(answer)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for row, line in zip(table.rows, table.lines(), strict=True):
        writer.writerow(
            said if isinstance(value, int | float) else guarded(said)
            for value, said in zip(row, line, strict=True)
        )
    return folded(text.getvalue(), encoding=encoding)


def guarded(text: str) -> str:
    """A cleaned text that no spreadsheet runs: an apostrophe before what would begin a formula.

    Example:
        >>> guarded("=SUM(A1)"), guarded("-5.2%"), guarded("Visits")
        ("'=SUM(A1)", '-5.2%', 'Visits')
    """
    is_formula = _FORMULA.match(text) and not _NEGATIVE.fullmatch(text)
    return f"'{visible(text)}" if is_formula else visible(text)


def _tidy(value: object) -> object:
    """A value in the types of JSON."""
    match value:
        case str():
            return "\n".join(map(visible, value.split("\n")))
        case bool() | None:
            return value
        case int() | float():
            return plain_number(value)
        case datetime():
            return iso_moment(value)
        case date():
            return value.isoformat()
        case dict():
            return {str(key): _tidy(each) for key, each in value.items()}
        case list() | tuple():
            return [_tidy(each) for each in value]
        case _:
            return visible(str(value))
