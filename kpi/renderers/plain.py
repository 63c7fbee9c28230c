"""An answer as one record a line, tab separated, for grep, awk and findstr."""

from __future__ import annotations

from kpi.domain.answer import Answer
from kpi.domain.visible import visible
from kpi.renderers.encoding import folded
from kpi.renderers.flat import flattened


def render_plain(answer: Answer, *, encoding: str = "utf-8") -> str:
    """An answer's rows under one header line; every line has as many tabs.

    Tabs and line ends inside a text are spelt out, so that neither makes a column or a
    record of its own.

    Args:
        answer: What to write.
        encoding: What the text will be written in; characters it lacks are replaced.
    """
    table = flattened(answer)
    lines = (table.columns, *table.lines())
    text = "".join("\t".join(map(visible, line)) + "\n" for line in lines)
    return folded(text, encoding=encoding)
