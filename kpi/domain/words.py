"""Figures as readers see them: rounded once, half away from zero, with their unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi.domain.catalogue import OutturnType, Per

_PLENTY = Context(prec=400)

PER_WORDS: dict[Per, str] = {"month": "a month", "quarter": "a quarter", "year": "a year"}
"""The period a target speaks of, as it follows a figure; a point in time needs no words."""

OF_NO_USE = "it is of no use here"
"""Why a column is not read that nobody would miss: a rating, a comment, an arrow."""


def number(value: float, *, decimals: int) -> str:
    """A number with thousands commas and so many decimals, half away from zero.

    Example:
        >>> number(1897.5, decimals=0), number(-0.04, decimals=1), number(84.85, decimals=1)
        ('1,898', '0.0', '84.9')
    """
    # Fifteen digits are what a float holds of any decimal that was typed; the rest is noise
    # of the arithmetic, which must not decide a half.
    exact = Decimal(int(value)) if float(value).is_integer() else Decimal(f"{value:.15g}")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_PLENTY)
    return f"{rounded if rounded else rounded.copy_abs():,f}"


def figure(value: float, *, outturn: OutturnType, decimals: int) -> str:
    """An outturn or a target with its unit: `1,897`, `63.4%`.

    Example:
        >>> figure(63.44, outturn="percentage", decimals=1)
        '63.4%'
    """
    sign = "%" if outturn == "percentage" else ""
    return f"{number(value, decimals=decimals)}{sign}"


def plain(value: float) -> str:
    """A number as the catalogue writes it: no decimals that say nothing.

    Example:
        >>> plain(647.0), plain(92.5), plain(1400.0)
        ('647', '92.5', '1,400')
    """
    text = repr(value)
    decimals = 0 if value == int(value) else len(text.partition(".")[2])
    return number(value, decimals=decimals)


def difference(value: float, *, outturn: OutturnType, decimals: int) -> str:
    """The size of a difference in the outturn's unit, without its sign: `24 points`, `130`.

    Example:
        >>> difference(-24.0, outturn="percentage", decimals=0)
        '24 points'
    """
    size = number(without_noise(abs(value)), decimals=decimals)
    if outturn != "percentage":
        return size
    return f"{size} point" if size == "1" else f"{size} points"


def without_noise(difference: float) -> float:
    """A difference to nine digits: subtracting leaves noise, which must not decide a half.

    Example:
        >>> without_noise(63.45 - 63.5)
        -0.05
    """
    return float(f"{difference:.9g}")


def relative(value: float) -> str:
    """The size of a share of something in whole per cent, one decimal below ten.

    Example:
        >>> relative(-0.4129), relative(0.0162)
        ('41%', '1.6%')
    """
    percent = abs(value) * 100
    return f"{number(percent, decimals=0 if percent >= 10 else 1)}%"
