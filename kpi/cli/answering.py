"""From an answer to the output that was asked for, and to the exit code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from kpi.cli.diagnostics import say
from kpi.cli.options import Asked
from kpi.cli.output import emit, is_on_screen
from kpi.cli.progress import progress
from kpi.errors import RequestError

if TYPE_CHECKING:
    from kpi.domain.answer import Answer
    from kpi.domain.paper.document import Document

NEVER = "never"


def hides_small(asked: Asked) -> bool:
    """Whether small numbers are hidden: in all that leaves the terminal, unless `--internal`."""
    return not asked.internal and not is_on_screen(asked.output)


def level(asked: Asked, *, allowed: tuple[str, ...], default: str = NEVER) -> str:
    """The level of `--fail-on`.

    Raises:
        RequestError: The command has no such level.
    """
    said = asked.fail_on or default
    if said not in (*allowed, NEVER):
        words = ", ".join(f"`{word}`" for word in (*allowed, NEVER))
        raise RequestError(f"`--fail-on {said}` is not a level", hint=f"the levels are {words}")
    return said


def finish(
    asked: Asked,
    answer: Answer,
    document: Callable[[Answer], Document],
    *,
    failed: bool = False,
    silent: bool = False,
) -> None:
    """Writes the answer, tells what else there is to say, and ends the run.

    Args:
        asked: The run's options.
        answer: The answer.
        document: Makes the page that people read.
        failed: Whether `--fail-on` or `--strict` is unmet: exit code 1.
        silent: Whether `--quiet` leaves nothing to print, as the work itself was the point.
    """
    if asked.internal:
        answer = replace(answer, internal=True)
    write(asked, answer, document, silent=silent)
    conclude(asked, answer, failed=failed)


def write(
    asked: Asked,
    answer: Answer,
    document: Callable[[Answer], Document],
    *,
    silent: bool = False,
) -> None:
    """Writes the answer where it was asked for.

    Args:
        asked: The run's options.
        answer: The answer.
        document: Makes the page that people read.
        silent: Whether `--quiet` leaves nothing to print, as the work itself was the point.
    """
    # On a screen the page itself shows how far it is.
    with nullcontext() if is_on_screen(asked.output) else progress(asked, "Writing"):
        emit(
            answer,
            document(answer),
            format_=asked.format or "auto",
            output=asked.output,
            color=asked.color.value,
            width=asked.width,
            quiet=asked.quiet and silent,
        )


def conclude(asked: Asked, answer: Answer, *, failed: bool = False) -> None:
    """Tells what else there is to say of an answer that was written, and ends the run.

    Args:
        asked: The run's options.
        answer: The answer.
        failed: Whether `--fail-on` or `--strict` is unmet: exit code 1.
    """
    for message in answer.messages:
        if message.level == "error" or not asked.quiet:
            say(message.text, level=message.level, color=asked.color.value)
    if failed:
        raise typer.Exit(1)
