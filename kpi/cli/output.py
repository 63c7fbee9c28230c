"""What goes to standard output or to a file: which format, how wide, in what colours.

The one place that writes results. A file gets them whole or not at all, in UTF-8; a pipe
gets 78 columns in characters that its encoding has; a reader that goes away is no error,
a full disk is one. What goes to standard error is left to `kpi.cli.diagnostics`.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from kpi.errors import OutputError, RequestError

if TYPE_CHECKING:
    from kpi.domain.answer import Answer
    from kpi.domain.paper.document import Document

ENDINGS: dict[str, str] = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".csv": "csv",
    ".json": "json",
}
"""The format that a file's ending implies; `report` knows more."""

LEAST_WIDTH = 40
"""The least that may be asked for."""

LEAST_TERMINAL, USUAL_TERMINAL, PIPE_WIDTH = 60, 80, 78

_ONLY_REPORT = (".xlsx", ".eml")
_DASH = Path("-")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# Windows says "invalid argument" where others say "broken pipe".
_GONE = frozenset({errno.EPIPE, *([errno.EINVAL] if os.name == "nt" else [])})


def emit(
    answer: Answer,
    document: Document,
    *,
    format_: str = "auto",
    output: Path | None = None,
    color: str = "auto",
    width: int | None = None,
    quiet: bool = False,
) -> None:
    """Write a command's result to standard output or to a file.

    Args:
        answer: What machines get.
        document: The same for people.
        format_: The format that was asked for.
        output: The file to write to; null, and `-`, mean standard output.
        color: What was asked for. It beats the environment; a file never gets colours.
        width: Columns; null for the terminal's, or 78 where there is none.
        quiet: Whether nothing is printed; a file is written nevertheless.

    Raises:
        RequestError: The file's ending implies no format, or the width is too small.
        OutputError: The file, or standard output, cannot be written.
    """
    chosen = chosen_format(format_, output=output)
    surface = surface_of(output, format_=chosen, color=color, width=width)
    if not quiet or not is_standard_output(output):
        deliver(rendered(answer, document, format_=chosen, surface=surface), output=output)


def chosen_format(
    format_: str, *, output: Path | None, endings: Mapping[str, str] = ENDINGS
) -> str:
    """The format to write: the one asked for, else what the file or the stream implies.

    Args:
        format_: What was asked for; anything but `auto` settles it.
        output: The file to write to; null, and `-`, mean standard output.
        endings: The format that each ending implies, lower case, with its point.

    Raises:
        RequestError: The file's ending implies none.
    """
    if format_ != "auto":
        return format_
    if output is None or is_standard_output(output):
        return "table" if is_terminal(sys.stdout) else "text"
    if format_ := endings.get(output.suffix.lower(), ""):
        return format_
    if output.suffix.lower() in _ONLY_REPORT:
        what = f"only `kpi report` writes `{output.suffix}`"
    else:
        what = f"the ending of `{output.name}` implies no format"
    *most, last = endings
    hint = f"end the name in {', '.join(most)} or {last}, or say which --format"
    raise RequestError(what, where=f"-o {output}", hint=hint)


def refuse_terminal(format_: str, *, output: Path | None) -> None:
    """Lets a format that is for programs go anywhere but to a person's screen.

    Raises:
        RequestError: It would go there.
    """
    if is_on_screen(output):
        what = f"{format_} is for a file or a pipe, not for a terminal"
        raise RequestError(what, hint=f"say -o FILE.{format_}")


def is_standard_output(output: Path | None) -> bool:
    """Whether the result is printed, not written to a file."""
    return output is None or output == _DASH


def is_on_screen(output: Path | None) -> bool:
    """Whether nobody but the person at the terminal sees the result: small numbers may stay."""
    return is_standard_output(output) and is_terminal(sys.stdout)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is open and a person watches it."""
    return stream is not None and not stream.closed and stream.isatty()


def wants_color(choice: str, *, is_watched: bool, environ: Mapping[str, str]) -> bool:
    """Whether codes for colour may be written.

    What was asked for (`always`, `never`, or `auto` for nothing) comes first, then
    `NO_COLOR` (not empty) and `TERM=dumb`, then `FORCE_COLOR` (neither empty nor `0`), then
    whether a terminal shows it.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return environ.get("FORCE_COLOR", "0") not in ("", "0") or is_watched


@dataclass(frozen=True, slots=True)
class Surface:
    """What a result is drawn on.

    Attributes:
        width: Columns.
        encoding: What its bytes mean.
        color: Whether codes for colour may be written.
    """

    width: int = PIPE_WIDTH
    encoding: str = "utf-8"
    color: bool = False


def surface_of(
    output: Path | None, *, format_: str, color: str = "auto", width: int | None = None
) -> Surface:
    """What a result in a format is drawn on, wherever it goes.

    Raises:
        RequestError: The width asked for is under 40.
    """
    if width is not None and width < LEAST_WIDTH:
        what = f"`--width {width}` is too narrow for a table"
        raise RequestError(what, hint=f"say --width {LEAST_WIDTH} or more")
    if not is_standard_output(output):
        return Surface(width or PIPE_WIDTH)
    is_watched = is_terminal(sys.stdout)
    columns = _terminal_width(sys.stdout, environ=os.environ) if is_watched else PIPE_WIDTH
    usual = columns if format_ == "table" else min(columns, PIPE_WIDTH)
    return Surface(
        width or usual,
        getattr(sys.stdout, "encoding", None) or "utf-8",
        wants_color(color, is_watched=is_watched, environ=os.environ),
    )


def rendered(answer: Answer, document: Document, *, format_: str, surface: Surface) -> bytes:
    """The result in a format, as the bytes to write.

    Each renderer is imported when it is first asked for: `--help` needs none.
    """
    encoding = surface.encoding
    match format_:
        case "table":
            text = _printed(document, surface=surface)
        case "text":
            from kpi.renderers.text import render_text

            text = render_text(
                document, width=surface.width, encoding=encoding, color=surface.color
            )
        case "markdown":
            from kpi.renderers.markdown import render_markdown

            text = render_markdown(document, encoding=encoding)
        case "html":
            from kpi.renderers.html import render_html

            return _page_bytes(render_html(document), encoding=encoding)
        case _:
            text = _recorded(answer, format_=format_, encoding=encoding)
    return encoded(text, encoding=encoding)


def encoded(text: str, *, encoding: str) -> bytes:
    """A text as bytes; what the encoding lacks is spelt out, an unknown encoding is ASCII."""
    try:
        return text.encode(encoding, "backslashreplace")
    except LookupError:
        return text.encode("ascii", "backslashreplace")


def deliver(content: bytes, *, output: Path | None) -> None:
    """Write the bytes of a result to standard output, or to a file, whole or not at all.

    Raises:
        OutputError: They cannot be written. A reader that went away is no error.
    """
    if output is None or is_standard_output(output):
        _print_bytes(content)
        return
    from kpi.files import write_whole

    try:
        write_whole(output, content)
    except OSError as failure:
        raise _refused(output, failure) from failure


def deliver_all(contents: Mapping[str, bytes], *, folder: Path) -> None:
    """Write files into a folder, which is made if need be: all of them or none.

    Args:
        contents: By name.
        folder: Where to.

    Raises:
        OutputError: One cannot be written.
    """
    from kpi.files import make_folder, write_all

    try:
        make_folder(folder)
    except OSError as failure:
        raise OutputError(
            "the folder cannot be made", where=str(folder), hint="name one that may be written"
        ) from failure
    try:
        write_all({folder / name: content for name, content in contents.items()})
    except OSError as failure:
        raise _refused(Path(failure.filename2 or folder), failure) from failure


def finish() -> None:
    """Make sure that what was printed has left: called once, as the last thing of a run.

    Raises:
        OutputError: It cannot be written.
    """
    if sys.stdout is not None and not sys.stdout.closed:
        try:
            sys.stdout.flush()
        except OSError as failure:
            _give_up(failure)


def silence(stream: TextIO | None) -> None:
    """Send what a stream still holds nowhere, so that the interpreter's end says nothing."""
    with suppress(AttributeError, OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno() if stream else -1)
        os.close(nowhere)


def is_full(failure: OSError) -> bool:
    """Whether a disk, or a share of one, is full."""
    return failure.errno in _FULL


def is_gone(failure: OSError) -> bool:
    """Whether the reader of a pipe went away."""
    return failure.errno in _GONE


def unwritable(failure: OSError, *, what: str) -> OutputError:
    """The error for what takes no more bytes, in one line."""
    return OutputError(
        f"{what} cannot be written: {_reason(failure)}", where=str(failure.filename or "")
    )


def _printed(document: Document, *, surface: Surface) -> str:
    """A document as rich prints it, told everything that it would otherwise guess."""
    from rich.console import Console

    from kpi.renderers.table import render_table

    page = render_table(document, width=surface.width, encoding=surface.encoding)
    text = io.StringIO()
    console = Console(
        file=text,
        width=surface.width,
        height=25,
        color_system="standard" if surface.color else None,
        force_terminal=surface.color,
        force_interactive=False,
        force_jupyter=False,
        no_color=not surface.color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(page)
    return "\n".join(line.rstrip(" ") for line in text.getvalue().split("\n"))


def _page_bytes(page: str, *, encoding: str) -> bytes:
    """A web page as bytes. It calls itself UTF-8: elsewhere only ASCII is sure to be read right."""
    is_utf_8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    return page.encode() if is_utf_8 else page.encode("ascii", "xmlcharrefreplace")


def _recorded(answer: Answer, *, format_: str, encoding: str) -> str:
    from kpi.renderers.plain import render_plain
    from kpi.renderers.records import render_csv, render_json

    renderers = {"plain": render_plain, "csv": render_csv, "json": render_json}
    return renderers[format_](answer, encoding=encoding)


def _print_bytes(content: bytes) -> None:
    stream = sys.stdout
    if stream is None:
        raise OutputError("standard output is closed")
    try:
        stream.flush()
        if hasattr(stream, "buffer"):
            stream.buffer.write(content)
        else:  # a notebook's, which takes text alone
            stream.write(content.decode(stream.encoding or "utf-8"))
        stream.flush()
    except OSError as failure:
        _give_up(failure)


def _give_up(failure: OSError) -> None:
    silence(sys.stdout)
    if not is_gone(failure):
        raise unwritable(failure, what="standard output") from failure


def _terminal_width(stream: TextIO, *, environ: Mapping[str, str]) -> int:
    """A terminal's columns: `COLUMNS` first, then what it says itself; never under 60."""
    said = environ.get("COLUMNS", "")
    columns = int(said) if said.isdecimal() else 0
    if not columns:
        with suppress(OSError, ValueError):
            columns = os.get_terminal_size(stream.fileno()).columns
    return max(columns or USUAL_TERMINAL, LEAST_TERMINAL)


def _refused(output: Path, failure: OSError) -> OutputError:
    """The error for a file that cannot be written, with what helps against it."""
    name = output.name
    if is_full(failure):
        hint = "make room on the disk, then run again; what stood there is untouched"
    elif isinstance(failure, IsADirectoryError):
        hint = "name a file in it"
    elif isinstance(failure, FileNotFoundError | NotADirectoryError):
        hint = f"make the folder `{output.parent}` first, or choose another"
    elif isinstance(failure, PermissionError):
        hint = f"close {name} in Excel, then run again; or choose a folder you may write to"
    else:
        hint = "choose another folder, then run again"
    return OutputError(
        f"`{name}` cannot be written: {_reason(failure)}", where=str(output), hint=hint
    )


def _reason(failure: OSError) -> str:
    said = failure.strerror or type(failure).__name__
    return said[:1].lower() + said[1:]
