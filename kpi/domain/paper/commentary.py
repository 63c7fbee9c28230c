"""What officers write beside the figures: of the paper, of a theme, of an indicator.

Plain values only. Text is data: nothing in it is markup, a paragraph is a line however long.
Reading the files is left to `kpi.readers.commentary`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kpi.domain.period import Period, long_label, month_name


@dataclass(frozen=True, slots=True)
class Comment:
    """What was written of one thing, in the commentary of one period.

    Attributes:
        period: The period that it was written for.
        paragraphs: Its text.
        actions: What is being done, a line each.
        author: Who wrote it; empty where nobody is named.
        written: The day it was written; null where none is named.
    """

    period: Period
    paragraphs: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    author: str = ""
    written: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing: how an older comment is taken back."""
        return not self.paragraphs and not self.actions

    def byline(self, period: Period) -> str:
        """Who wrote it and when, and that it is carried forward where it is of an older period.

        Args:
            period: The period of the paper that it stands in.

        Example:
            >>> september, october = Period.of_month(2021, 9), Period.of_month(2021, 10)
            >>> Comment(september, author="A. Officer", written=date(2021, 10, 8)).byline(october)
            'A. Officer, 8 Oct 2021, carried forward from September 2021'
            >>> Comment(october).byline(october)
            'October 2021'
        """
        written = self.written
        said = [self.author]
        if written:
            said.append(day_in_words(written))
        if self.period != period:
            said.append(f"carried forward from {long_label(self.period)}")
        elif not written:
            said.append(long_label(self.period))
        return ", ".join(each for each in said if each)


def day_in_words(day: date) -> str:
    """A day as prose says it.

    Example:
        >>> day_in_words(date(2021, 11, 9))
        '9 Nov 2021'
    """
    return f"{day.day} {month_name(day.month)} {day.year}"


@dataclass(frozen=True, slots=True)
class Commentary:
    """Everything written for a paper.

    Attributes:
        summary: What stands above all themes; null for nothing.
        themes: By the theme's id.
        indicators: By the indicator's id.
        doubts: What was read all the same but cannot be meant, a sentence each.
    """

    summary: Comment | None = None
    themes: dict[str, Comment] = field(default_factory=dict)
    indicators: dict[str, Comment] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()


def carried_forward(commentaries: Iterable[Commentary]) -> Commentary:
    """What holds when each commentary is carried forward until a later one edits it.

    A later comment on a theme or an indicator takes the place of the whole earlier one; one
    that says nothing takes it back.

    Args:
        commentaries: From the oldest to the newest.
    """
    summary: Comment | None = None
    themes: dict[str, Comment] = {}
    indicators: dict[str, Comment] = {}
    doubts: tuple[str, ...] = ()
    for each in commentaries:
        summary = each.summary or summary
        themes |= each.themes
        indicators |= each.indicators
        doubts += each.doubts
    is_taken_back = summary is not None and summary.is_empty
    return Commentary(None if is_taken_back else summary, _said(themes), _said(indicators), doubts)


def _said(comments: dict[str, Comment]) -> dict[str, Comment]:
    return {id_: comment for id_, comment in comments.items() if not comment.is_empty}
