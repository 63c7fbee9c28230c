"""What a command answers: the one shape that every format is made from.

`rows` holds the machine's fields (design.md, section 6) under their names there; a
nested field is a struct or a list. Drawing them for people is left to the renderers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import polars as pl

SCHEMA = 1
"""Version of the fields; they are only ever added to."""

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Message:
    """Something a reader of the answer must know, in a sentence."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A command's whole answer.

    Attributes:
        command: The command's name.
        authority: Whose outturns they are.
        period: The chosen period as printed; null when there is none.
        as_of: Newest counted `ingested_at`; null when nothing is held.
        catalogue_sha256: Hash of the catalogue that was used.
        rows: One row an answer; the columns are the command's fields.
        counts: Word to number, in the order to be read out.
        messages: What else to say.
        internal: Whether small numbers are kept on purpose; stated in every output.
        beside: What JSON says beside the rest, key to plain value.
    """

    command: str
    authority: str
    period: str | None
    as_of: datetime | None
    catalogue_sha256: str
    rows: pl.DataFrame
    counts: dict[str, int] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    internal: bool = False
    beside: dict[str, object] = field(default_factory=dict)
