"""A program of one command, to be run as a process: it writes the awkward page, or fails."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from kpi.cli.diagnostics import run, say
from kpi.cli.output import emit
from kpi.errors import CatalogueError, Mistake, SourceError

ROOT = Path(__file__).parent.parent.parent


def write(arguments: list[str]) -> int:
    from tests.renderers.awkward import ANSWER, DOCUMENT

    parser = argparse.ArgumentParser()
    parser.add_argument("--format", default="auto")
    parser.add_argument("--color", default="auto")
    parser.add_argument("--width", type=int)
    parser.add_argument("-o", dest="output", type=Path)
    parser.add_argument("-q", dest="quiet", action="store_true")
    asked = parser.parse_args(arguments)
    emit(
        ANSWER,
        DOCUMENT,
        format_=asked.format,
        output=asked.output,
        color=asked.color,
        width=asked.width,
        quiet=asked.quiet,
    )
    say("2 figures – both old", level="warning", color=asked.color)
    return 0


def fail(kind: str) -> int:
    secret = "Jane Doe"
    match kind:
        case "source":
            raise SourceError("not a workbook – £", where="bo\x1bard.xlsx", hint="save it again")
        case "catalogue":
            mistakes = (Mistake(3, "indicator.a", "no title"), Mistake(0, "theme", "unknown"))
            raise CatalogueError("2 mistakes", where="indicators.toml", mistakes=mistakes)
        case "interrupt":
            raise KeyboardInterrupt
        case "print":
            sys.stdout.write("x" * 10)
        case "end":
            os.kill(os.getpid(), 2)
        case _:
            raise ValueError(f"no such child: {secret}")
    return 0


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] == "fail":
        return fail(arguments[1])
    return write(arguments)


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
