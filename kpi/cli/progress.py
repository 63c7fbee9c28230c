"""How far a long work is: a bar on standard error, for whoever sits at the terminal.

It comes after a second and is gone when the work is done. A pipe, a file, a log and a
terminal that wants no escape codes never see it. The work itself knows nothing of it: it
goes through items that are watched over here.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, TypeVar

from kpi.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from kpi.cli.options import Asked

T = TypeVar("T")

AFTER = 1.0
"""Seconds of work before the bar is shown; 0 shows it at once."""


class Bar:
    """What is being done, and how much of it is done; to be seen once it is shown."""

    def __init__(self, what: str, *, is_watched: bool = True) -> None:
        """A bar that is not shown yet.

        Args:
            what: What is being done.
            is_watched: Whether anybody could see it; nothing is ever shown otherwise.
        """
        self._what, self._done, self._total = what, 0, 0
        self._is_watched = is_watched
        self._guard = threading.Lock()
        self._shown: tuple[Progress, TaskID] | None = None
        self._is_over = False

    def track(self, items: Sequence[T], what: str, /) -> Iterator[T]:
        """The items, while the bar says how many are done; then it runs on as before."""
        before = self._what
        self._say(what, done=0, total=len(items))
        for done, item in enumerate(items, start=1):
            yield item
            self._say(what, done=done, total=len(items))
        self._say(before, done=0, total=0)

    def show(self) -> None:
        """Puts the bar on the screen, unless the work is over."""
        if not self._is_watched:
            return
        shown = _progress(sys.stderr)
        with self._guard:
            if not self._is_over:
                self._shown = shown, shown.add_task(self._what, total=None, count="")
                self._update()
                shown.start()

    def close(self) -> None:
        """Takes the bar off the screen, for good."""
        with self._guard:
            self._is_over = True
            if self._shown:
                self._shown[0].stop()
                self._shown = None

    def _say(self, what: str, *, done: int, total: int) -> None:
        with self._guard:
            self._what, self._done, self._total = what, done, total
            self._update()

    def _update(self) -> None:
        if self._shown:
            shown, task = self._shown
            shown.update(
                task,
                description=self._what,
                completed=self._done,
                total=self._total or None,
                count=f"{self._done} of {self._total}" if self._total else "",
                refresh=shown.live.is_started,
            )


@contextmanager
def progress(asked: Asked, what: str, *, after: float | None = None) -> Iterator[Bar]:
    """A bar for the time of a `with` block.

    Args:
        asked: The run's options; `--quiet` shows none.
        what: What is being done, in words of ours.
        after: Seconds before it is shown; null for `AFTER`.
    """
    seconds = AFTER if after is None else after
    is_watched = not asked.quiet and is_wanted(sys.stderr, color=asked.color, environ=os.environ)
    bar = Bar(what, is_watched=is_watched)
    clock = threading.Timer(seconds, bar.show)
    clock.daemon = True
    if is_watched and seconds > 0:
        clock.start()
    elif is_watched:
        bar.show()
    try:
        yield bar
    finally:
        clock.cancel()
        bar.close()


def is_wanted(stream: TextIO | None, *, color: str, environ: Mapping[str, str]) -> bool:
    """Whether a bar may be drawn: on a terminal that takes escape codes, and nowhere else."""
    return (
        output.is_terminal(stream)
        and environ.get("TERM") != "dumb"
        and output.wants_color(color, is_watched=True, environ=environ)
    )


def _progress(stream: TextIO) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        console=Console(file=stream, markup=False, emoji=False, highlight=False),
        transient=True,
        # Whatever else is written goes its own way, after the bar is gone.
        redirect_stdout=False,
        redirect_stderr=False,
    )
