"""Words in, words out: options, streams and exit codes; no arithmetic.

Each command is a module of its own; whatever is heavy is imported in its body, so that
`--help` needs neither polars nor openpyxl.
"""

from __future__ import annotations

from typing import Annotated

import typer

from kpi import __version__
from kpi.cli.check import check
from kpi.cli.compare import compare
from kpi.cli.correct import correct
from kpi.cli.doctor import doctor
from kpi.cli.explain import explain
from kpi.cli.export import export
from kpi.cli.history import history
from kpi.cli.ingest import ingest
from kpi.cli.init import init
from kpi.cli.rag import rag
from kpi.cli.reference import reference
from kpi.cli.report import report
from kpi.cli.run import run
from kpi.cli.trend import trend
from kpi.cli.undo import undo

COMMANDS = (
    init,
    ingest,
    check,
    rag,
    trend,
    compare,
    report,
    run,
    explain,
    history,
    undo,
    correct,
    doctor,
    reference,
    export,
)
"""In the order in which help lists them."""

app = typer.Typer(
    name="kpi",
    context_settings={"help_option_names": ["-h", "--help"]},
    # Plain help: half the time, and no box drawing in a pipe.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
)
for command in COMMANDS:
    app.command()(command)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"kpi {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Indicator figures, judged honestly.

    \b
    Examples:
      kpi init --from OUR-REPORT.xlsx     draft a catalogue from your own report
      kpi ingest OUR-REPORT.xlsx          read it and keep its figures
      kpi rag                             red, amber, green or why not
      kpi rag --exceptions -o red.md      the exceptions as a Markdown file

    \b
    Exit codes:
      0  done
      1  --fail-on met, or --strict unmet
      2  the request or the catalogue is wrong
      3  an input or the store cannot be read
      4  the store is busy
      5  the output could not be written
     70  a bug of ours
    130  interrupted

    A command's options may stand before it too: kpi --period 2021-10 rag
    """  # noqa: D301
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
