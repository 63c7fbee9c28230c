"""`python -m kpi`, and the `kpi` command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from kpi.cli import COMMANDS, app
from kpi.cli.diagnostics import run
from kpi.cli.options import figures_last, moved_behind_command


def main() -> None:
    """Runs the command line of this process and ends it with its exit code."""
    sys.exit(run_command_line(sys.argv[1:]))


def run_command_line(words: Sequence[str]) -> int:
    """The exit code of a command line, once everything it had to say is said."""
    # Streaming sums floats in whatever order its threads finish: the last digit would differ
    # from run to run. Set before polars is imported, which only the commands that need it do.
    os.environ.setdefault("POLARS_ENGINE_AFFINITY", "in-memory")
    arguments = figures_last(moved_behind_command(words))
    return run(
        lambda: app(arguments, prog_name="kpi", standalone_mode=False),
        argv=arguments,
        commands=[command.__name__ for command in COMMANDS],
    )


if __name__ == "__main__":
    main()
