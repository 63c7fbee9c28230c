"""Everything on standard error, and which error is which exit code.

`run` stands around the whole program and is the one place that catches: an error we
raised is said in three lines, a mistake in the command line likewise, anything else is a
fault of ours and leaves a log that names places in the code and never a figure or a
name. With `--format json` the error goes to standard output as well.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from kpi import __version__
from kpi.cli import output
from kpi.domain.visible import visible
from kpi.errors import CatalogueError, KpiError, OutputError, RequestError

Level = Literal["info", "warning", "error", "hint"]

DONE, INTERRUPTED = 0, 130

_PREFIXES: dict[Level, str] = {
    "info": "note:",
    "warning": "warning:",
    "error": "error:",
    "hint": "hint:",
}
_SGR: dict[Level, str] = {"info": "1", "warning": "1;33", "error": "1;31", "hint": "1;36"}
_SCHEMA = 1  # that of `kpi.domain.answer`, which would bring polars with it

_NEAR = re.compile(r" (?:Did you mean (.*)\?|\(Possible options: (.*)\))$")
_QUOTED = re.compile(r"'([^']*)'")
_NO_WHOLE_NUMBER = "Input should be a valid integer"


class FaultError(KpiError):
    """A fault of ours: exit 70."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What of the command line must be known even when it could not be understood.

    Attributes:
        command: The command's name; empty where none was given.
        json: Whether the result was to be JSON.
        debug: Whether the places in the code are to be printed.
        color: What was said about colour.
    """

    command: str = ""
    json: bool = False
    debug: bool = False
    color: str = "auto"


def run(
    main: Callable[[], object],
    *,
    argv: Sequence[str] | None = None,
    commands: Collection[str] = (),
) -> int:
    """The exit code of a program, once everything that had to be said has been.

    Args:
        main: The program; its whole number, or that of the `SystemExit` it raises, is the
            exit code.
        argv: The command line without the program's name; null for the process's own.
        commands: The names of the commands, to recognise the one that was given.
    """
    line = glimpsed(sys.argv[1:] if argv is None else argv, commands=commands)
    try:
        code = _called(main)
        output.finish()
    except BaseException as error:  # a panic inside polars is no `Exception`
        return _explained(error, line=line)
    if code == INTERRUPTED:  # Typer makes an exit of Ctrl-C
        return _interrupted(line=line)
    return code


def say(text: str, *, level: Level = "info", color: str = "auto") -> None:
    """Write one line to standard error: a note, a warning, or an error that goes on."""
    _write(_labelled(level, text, color=_is_colored(color)) + "\n")


def glimpsed(argv: Sequence[str], *, commands: Collection[str] = ()) -> CommandLine:
    """What can be told of a command line without understanding it.

    Example:
        >>> glimpsed(["--color", "never", "rag", "--format=json"], commands=["rag"])
        CommandLine(command='rag', json=True, debug=False, color='never')
    """
    words = list(argv[: argv.index("--")] if "--" in argv else argv)
    named = (word for word in words if word in commands or not (commands or word.startswith("-")))
    return CommandLine(
        command=next(named, ""),
        json=_option(words, "--format") == "json",
        debug="--debug" in words,
        color=_option(words, "--color") or "auto",
    )


def explain(error: KpiError, *, line: CommandLine) -> int:
    """The exit code of an error, once it has been said on standard error, and as JSON if asked.

    The place and the sentence stand in one line, then the mistakes of a catalogue, a line
    each, then a blank line and the hint.
    """
    if line.json:
        with suppress(OutputError):
            output.deliver(_as_json(error, line=line).encode(), output=None)
    color = _is_colored(line.color)
    lines = [_labelled("error", _placed(error.where, error.what), color=color)]
    if isinstance(error, CatalogueError):
        lines.extend(_mistakes(error))
    if error.hint:
        lines.extend(["", _labelled("hint", error.hint, color=color)])
    _write("\n".join(lines) + "\n")
    return error.exit_code


def places(error: BaseException) -> str:
    """Where an exception and those behind it came about: types, files, lines, functions.

    No message, no source line and no variable is in it, as they may hold a child's data.
    """
    return "\n".join(_places(error)) + "\n"


def _called(main: Callable[[], object]) -> int:
    try:
        code = main()
    except SystemExit as end:
        code = DONE if end.code is None else end.code
        if isinstance(code, str):
            raise RequestError(code) from None
    return code if isinstance(code, int) else DONE


def _explained(error: BaseException, *, line: CommandLine) -> int:
    match error:
        case KpiError():
            return explain(error, line=line)
        case KeyboardInterrupt():
            return _interrupted(line=line)
        case OSError() if output.is_gone(error):
            output.silence(sys.stdout)
            return DONE
        case OSError() if output.is_full(error):
            output.silence(sys.stdout)
            return explain(output.unwritable(error, what="the output"), line=line)
        case _ if hasattr(error, "format_message"):
            return _misused(error, line=line)
        case _ if type(error).__name__ == "Abort":
            return _interrupted(line=line)
        case _:
            return _fault(error, line=line)


def _interrupted(*, line: CommandLine) -> int:
    _write(_labelled("error", "interrupted", color=_is_colored(line.color)) + "\n")
    return INTERRUPTED


def _misused(error: BaseException, *, line: CommandLine) -> int:
    """A command line that Typer refuses, said as our own errors are.

    Typer carries its own Click, in a place that has moved before: its errors are known by
    what they can do.
    """
    said = _in_our_words(str(error.format_message()).strip())  # type: ignore[attr-defined]
    path = getattr(getattr(error, "ctx", None), "command_path", "kpi")
    hint = f"`{path} --help` says what there is"
    if near := _NEAR.search(said):
        said, hint = said[: near.start()], f"did you mean {near[1] or near[2]}? {hint}"
    what = _QUOTED.sub(r"`\1`", said[:1].lower() + said[1:]).rstrip(".")
    return explain(RequestError(what, hint=_QUOTED.sub(r"`\1`", hint)), line=line)


def _in_our_words(said: str) -> str:
    """What Typer says of a value, without the words of the library that it asks."""
    if _NO_WHOLE_NUMBER in said:
        return f"{said.partition(': ')[0]}: a whole number is wanted"
    return said.replace("Value error, ", "")


def _fault(error: BaseException, *, line: CommandLine) -> int:
    found = places(error)
    log = _logged(found)
    kept = f"; {log} says where, without any figure or name" if log else ""
    what = f"sorry, this is a fault in kpi itself ({type(error).__name__}){kept}"
    hint = "send that log to whoever looks after kpi" if log else "run it again with --debug"
    code = explain(FaultError(what, hint=hint), line=line)
    if line.debug:
        _write("\n" + found)
    return code


def _logged(found: str) -> str:
    """The path of a new file in the temporary folder; empty where none can be written."""
    try:
        handle, path = tempfile.mkstemp(prefix="kpi-", suffix=".log")
        os.close(handle)
        Path(path).write_text(found, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return ""
    return path


def _places(error: BaseException) -> Iterator[str]:
    yield f"kpi {__version__}, Python {platform.python_version()}, {platform.system()}"
    seen: set[int] = set()
    behind: BaseException | None = error
    while behind is not None and id(behind) not in seen:
        seen.add(id(behind))
        yield f"{type(behind).__module__}.{type(behind).__qualname__}"
        for frame, line in traceback.walk_tb(behind.__traceback__):
            yield f"  {frame.f_code.co_filename}:{line} in {frame.f_code.co_qualname}"
        behind = behind.__cause__ or behind.__context__


def _as_json(error: KpiError, *, line: CommandLine) -> str:
    said: dict[str, object] = {
        "what": visible(error.what),
        "where": visible(error.where),
        "hint": visible(error.hint),
        "exit_code": error.exit_code,
    }
    if isinstance(error, CatalogueError):
        said["mistakes"] = [
            {"line": each.line, "path": visible(each.path), "what": visible(each.what)}
            for each in error.mistakes
        ]
    whole = {"command": line.command, "schema": _SCHEMA, "error": said}
    return json.dumps(whole, indent=2) + "\n"


def _mistakes(error: CatalogueError) -> Iterator[str]:
    for each in error.mistakes:
        line = f"{error.where}:{each.line}" if each.line else error.where
        yield visible(_placed(line, _placed(each.path, each.what)))


def _placed(where: str, what: str) -> str:
    """The place before what is said of it, unless it names it already."""
    return what if not where or where in what else f"{where}: {what}"


def _option(words: list[str], name: str) -> str:
    """The last value given to an option; empty for none."""
    values = [after for word, after in pairwise(words) if word == name]
    values += [word.partition("=")[2] for word in words if word.startswith(f"{name}=")]
    return values[-1] if values else ""


def _labelled(level: Level, text: str, *, color: bool) -> str:
    prefix = f"\x1b[{_SGR[level]}m{_PREFIXES[level]}\x1b[0m" if color else _PREFIXES[level]
    return f"{prefix} {visible(text)}"


def _is_colored(choice: str) -> bool:
    is_watched = output.is_terminal(sys.stderr)
    return output.wants_color(choice, is_watched=is_watched, environ=os.environ)


def _write(text: str) -> None:
    """Write to standard error, whatever its encoding, and never fail for it."""
    from kpi.renderers.encoding import folded

    stream = sys.stderr
    if stream is None:
        return
    try:
        stream.write(folded(text, encoding=stream.encoding or "utf-8"))
        stream.flush()
    except (OSError, ValueError):
        output.silence(stream)
