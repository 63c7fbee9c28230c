"""The words of headings, by what they say; how they are read together is `headings`' part.

A word that stands in no list is not understood, and a heading with such a word is named
to the reader instead of being guessed at.
"""

from __future__ import annotations

from typing import cast

from kpi.domain.catalogue import OutturnType
from kpi.domain.observation import Mark


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in text.split(","))


MARKS: dict[str, Mark] = {
    word: cast("Mark", mark)
    for mark, words in (
        ("provisional", "p prov provisional draft unvalidated preliminary indicative"),
        ("revised", "r rev revised"),
        ("estimate", "e est estimate estimated"),
    )
    for word in words.split()
}
OUTTURN_TYPES: dict[str, OutturnType] = {
    word: cast("OutturnType", outturn)
    for outturn, words in (
        ("percentage", "% percent percentage percentages pct"),
        ("number", "number numbers count counts num no"),
        ("rate", "rate rates"),
    )
    for word in words.split()
}

UNUSED = _words(
    "rag brag dot direction trend trends variance variation change changes difference diff "
    "comment comments commentary narrative note notes analysis explanation reason polarity good "
    "owner lead officer responsible manager director frequency status rating rated tolerance "
    "tolerances threshold thresholds rank ranking quartile source updated sparkline chart "
    "forecast forecasts projection projected action actions rationale against vs versus gap "
    "distance met risk link improvement arrow confidence movement definition denominator "
    "numerator cohort"
)
"""Of no use to a reader, whatever stands beside them."""

TARGET = _words("target targets goal goals aim aims ambition tgt")
BESIDE_TARGET = _words(
    "local annual annually yearly year end agreed set proposed current our for the in to per "
    "stretch council level value figure % monthly month quarterly quarter performance"
)

STRONG_LABEL = _words("indicator indicators measure measures metric metrics kpi kpis pi pis")
LABEL = STRONG_LABEL | _words("description name title")
BESIDE_LABEL = _words("key performance success outcome text what we the of and local short full")
REFERENCE = _words("ref reference no number code id line row")
THEME = _words(
    "theme themes priority priorities outcome outcomes domain section category directorate "
    "department division portfolio objective objectives pillar service area strategic corporate "
    "programme group heading"
)
BESIDE_THEME = _words("title name the and")

TYPE_HEADINGS = _phrases(
    "outturn type,type,format,unit,units,unit of measure,unit of measurement,measured in,uom,"
    "measure type,value type,data type,indicator type,measurement,number format"
)
AREA_HEADINGS = _phrases(
    "area,area name,la,la name,local authority,authority,authority name,geography,council,place"
)
UNIT_HEADINGS = _phrases("team,teams,team name,worker,service team,team service")

BESIDE_OWN = _words(
    "outturn outturns actual actuals result results performance figure figures value values data "
    "year years end annual annually full final la local authority council city county borough "
    "district unitary cc mbc previous prior last past own our in for at as position monthly "
    "quarterly month months quarter quarters period reporting s fy financial academic calendar "
    "the and of by reported latest history historic historical outcome outcomes baseline ye eoy"
)
"""Beside a period these leave it the authority's own figure; an average is none."""

BESIDE_AREA = BESIDE_OWN | _words(
    "average averages avg ave av mean median comparator comparators comparison benchmark "
    "benchmarks benchmarking group region regional published total overall england"
)

COUNTED = _words(
    "child children person people persons pupil pupils household households family families case "
    "number count percentage percent rate % £ day days week weeks month months hour hours fte per "
    "visit visits referral referrals plan plans"
)
"""Of a column called unit: what is counted, not which team it is about."""
