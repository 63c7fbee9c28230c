"""The options that commands share, once each, and what was asked with them.

A command written as `def rag(asked: Asked, …)` and decorated with `@with_options(…)`
gets them all; `moved_behind_command` lets them stand before the command too, and
`figures_last` keeps `-5` from being taken for one.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpi.cli.output import ENDINGS, chosen_format

if TYPE_CHECKING:
    from kpi.usecases.project import Choice, Project


_NEGATIVE = re.compile(r"[-\u2212]\d[\d,]*(?:\.\d+)?%?")


class Format(StrEnum):
    """What an answer is written as; `auto` is `table` on a terminal and `text` in a pipe."""

    auto = "auto"
    table = "table"
    text = "text"
    plain = "plain"
    markdown = "markdown"
    html = "html"
    csv = "csv"
    json = "json"


class Color(StrEnum):
    """Whether colour is used; it only repeats what words say."""

    auto = "auto"
    always = "always"
    never = "never"


COMMON: dict[str, Any] = {
    "catalogue": Annotated[
        Path | None,
        typer.Option(
            envvar="KPI_CATALOGUE",
            metavar="PATH",
            help="The indicators.toml to use; else the nearest one upwards from this folder.",
        ),
    ],
    "format": Annotated[
        Format | None,
        typer.Option(help="What to write; auto is table on a terminal, text in a pipe."),
    ],
    "output": Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write here instead, whole or not at all; its ending says the format.",
        ),
    ],
    "color": Annotated[Color, typer.Option(help="Colour, which only repeats words.")],
    "width": Annotated[
        int | None, typer.Option(metavar="N", help="Columns of a page; 78 in a pipe.")
    ],
    "fail_on": Annotated[
        str | None,
        typer.Option(
            metavar="LEVEL", help="Exit 1 when the answer holds this level; never turns it off."
        ),
    ],
    "internal": Annotated[
        bool, typer.Option("--internal", help="Keep small numbers; the output states it.")
    ],
    "quiet": Annotated[
        bool,
        typer.Option(
            "-q",
            "--quiet",
            help="No notes beside the answer; what changes the store says nothing at all.",
        ),
    ],
    "verbose": Annotated[bool, typer.Option("-v", "--verbose", help="Say more.")],
    "debug": Annotated[
        bool, typer.Option("--debug", help="Show where in the program an error arose.")
    ],
}
"""Options of every command."""

CHOICE: dict[str, Any] = {
    "period": Annotated[
        str | None,
        typer.Option(
            metavar="P", help="Such as 2021-10, Oct-21 or Q3 2021/22; else the newest held."
        ),
    ],
    "theme": Annotated[
        str | None, typer.Option(metavar="T", help="Only this theme, by id or title.")
    ],
    "indicator": Annotated[
        list[str] | None,
        typer.Option(
            metavar="I", help="Only this indicator, by id, title or alias; may be repeated."
        ),
    ],
    "area": Annotated[
        str | None, typer.Option(metavar="A", help="Another area's figures, or all.")
    ],
    "unit": Annotated[
        str | None, typer.Option(metavar="U", help="A service's, team's or worker's figures.")
    ],
    "by_unit": Annotated[bool, typer.Option("--by-unit", help="Every unit that is held.")],
    "as_of": Annotated[
        str | None,
        typer.Option(metavar="DATETIME", help="Answer with what was held then (ISO 8601, UTC)."),
    ],
}
"""Options of the commands that ask about held figures."""

DEFAULTS: dict[str, Any] = {"color": Color.auto}
FLAGS = frozenset({"-q", "--quiet", "-v", "--verbose", "--debug", "--internal", "--by-unit"})
VALUED = frozenset(f"--{name.replace('_', '-')}" for name in (*COMMON, *CHOICE)) - FLAGS | {"-o"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The shared options of one run, as given."""

    command: str
    catalogue: Path | None = None
    format: Format | None = None
    output: Path | None = None
    color: Color = Color.auto
    width: int | None = None
    fail_on: str | None = None
    internal: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    period: str | None = None
    theme: str | None = None
    indicator: tuple[str, ...] = ()
    area: str | None = None
    unit: str | None = None
    by_unit: bool = False
    as_of: str | None = None

    def project(self) -> Project:
        """The project to work on."""
        from kpi.usecases.project import open_project

        return open_project(self.catalogue)

    def choice(self, indicators: Sequence[str] | None = None) -> Choice:
        """What part of the project the question is about.

        Args:
            indicators: Those named by position, beside those named by option.
        """
        from kpi.usecases.project import Choice, parse_as_of

        as_of: datetime | None = parse_as_of(self.as_of) if self.as_of else None
        return Choice(
            period=self.period,
            theme=self.theme,
            indicators=(*self.indicator, *(indicators or ())),
            area=self.area,
            unit=self.unit,
            by_unit=self.by_unit,
            as_of=as_of,
        )


def with_options(
    *groups: dict[str, Any], endings: Mapping[str, str] = ENDINGS
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command whose first parameter, `asked`, stands for all options of these groups.

    Args:
        groups: Options by name; a later group's stands in place of an earlier one's.
        endings: The formats that a file's ending may imply.
    """
    shared = {name: option for group in groups for name, option in group.items()}

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        name = command.__name__.strip("_")

        def run(**given: Any) -> None:
            taken = {key: given.pop(key) for key in shared}
            # A file whose ending says no format is refused before the work, not after it.
            chosen_format(taken["format"] or "auto", output=taken["output"], endings=endings)
            if "indicator" in taken:
                taken["indicator"] = tuple(taken["indicator"] or ())
            command(Asked(command=name, **taken), **given)

        own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
        added = [
            inspect.Parameter(
                key,
                inspect.Parameter.KEYWORD_ONLY,
                default=DEFAULTS.get(key, False if f"--{key.replace('_', '-')}" in FLAGS else None),
                annotation=option,
            )
            for key, option in shared.items()
        ]
        run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in (*own, *added)}
        run.__name__, run.__doc__ = name, command.__doc__
        return run

    return decorate


def moved_behind_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with shared options that stand before the command moved behind it.

    Example:
        >>> moved_behind_command(["--period", "2021-10", "rag", "-v"])
        ['rag', '--period', '2021-10', '-v']
    """
    place = 0
    while place < len(arguments):
        name = arguments[place].partition("=")[0]
        if name in VALUED and "=" not in arguments[place]:
            place += 2
        elif name in VALUED or name in FLAGS:
            place += 1
        else:
            break
    before, rest = list(arguments[:place]), list(arguments[place:])
    if not rest or rest[0].startswith("-"):
        return [*before, *rest]
    return [rest[0], *before, *rest[1:]]


def figures_last(arguments: Sequence[str]) -> list[str]:
    """The arguments of `correct` with a negative figure behind `--`: a value, not an option.

    Example:
        >>> figures_last(["correct", "balance", "2021-10", "-5", "--why", "a typo"])
        ['correct', 'balance', '2021-10', '--why', 'a typo', '--', '-5']
    """
    if "--" in arguments or arguments[:1] != ["correct"]:
        return list(arguments)
    negative = [
        place
        for place, (before, word) in enumerate(zip(["", *arguments], arguments, strict=False))
        if _NEGATIVE.fullmatch(word) and not before.startswith("--")
    ]
    others = [word for place, word in enumerate(arguments) if place not in negative]
    return [*others, "--", *(arguments[place] for place in negative)]
