"""The tables of `indicators.toml`: a pydantic model each, of which a class of the domain is made.

A field is a key, its type what may stand there; of a key that is not written the domain's
own default holds. Nothing is converted but a whole number where a number is wanted: `"90"`
is no number. What a misfit is called is left to `kpi.readers.catalogue_misfits`, what the
values mean together to `kpi.readers.catalogue_checks`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kpi.domain import catalogue as domain
from kpi.domain.period import YearKind

# The type of the errors whose message is what should stand there.
_WANTED = "wanted"
_ABSENT: Any = None
_LARGEST_WHOLE = 10**9


def _target(value: object, understood: Callable[[object], object]) -> object:
    """`target = 647` and `target = "TBC"` beside the table."""
    if not isinstance(value, str):
        return understood(value if isinstance(value, dict) else {"value": value})
    if value.strip().casefold() != "tbc":
        raise PydanticCustomError(_WANTED, 'a number, a table or `"TBC"`')
    return domain.Target(awaited=True)


def _text_or(*kinds: type, wanted: str) -> WrapValidator:
    """Text as it is; of the rest, only some kinds of value are for the field's type to judge."""

    def judged(value: object, understood: Callable[[object], object]) -> object:
        if isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise PydanticCustomError(_WANTED, wanted)
        return understood(value)

    return WrapValidator(judged)


_Whole = Annotated[int, Field(ge=-_LARGEST_WHOLE, le=_LARGEST_WHOLE)]
_NotNegative = Annotated[float, Field(ge=0)]
_OneWillDo = BeforeValidator(lambda value: value if isinstance(value, list) else [value])


class Table(BaseModel):
    """What all tables have in common.

    Attributes:
        makes: The class of the domain.
        spare: What required keys are taken to be where they are wrong or missing, so that
            the rest can be checked too; used when there is a validation context.
    """

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    makes: ClassVar[type]
    spare: ClassVar[dict[str, object]] = {}

    @model_validator(mode="before")
    @classmethod
    def _with_spare(cls, table: object, info: ValidationInfo) -> object:
        return {**cls.spare, **table} if info.context and isinstance(table, dict) else table

    def written(self) -> dict[str, Any]:
        """The fields of the domain's class that stand in the file."""
        return {name: _plain(getattr(self, name)) for name in self.model_fields_set}

    def made(self, **unwritten: object) -> Any:
        """The domain's class; `unwritten` gives fields that do not stand in the file."""
        return self.makes(**(unwritten | self.written()))


def _plain(value: object) -> object:
    if isinstance(value, Table):
        return value.made()
    return tuple(map(_plain, value)) if isinstance(value, list) else value


class _Target(Table):
    makes = domain.Target
    value: float = _ABSENT
    low: float = _ABSENT
    high: float = _ABSENT
    blue: float = _ABSENT
    per: domain.Per = _ABSENT
    begins: date = Field(_ABSENT, alias="from")
    ends: date = Field(_ABSENT, alias="to")
    profile: list[float] = _ABSENT


class _Compare(Table):
    makes = domain.Compare
    measure: str = _ABSENT
    method: domain.Average = _ABSENT
    level: float = _ABSENT


class _Rebase(Table):
    makes = domain.Rebase
    spare: ClassVar = {"on": date.min, "why": ""}
    on: date
    why: str


class _Spc(Table):
    makes = domain.Spc
    baseline: _Whole = _ABSENT
    rebase: list[_Rebase] = _ABSENT
    screen: bool = _ABSENT
    chart: domain.Chart = _ABSENT
    two_in_three: domain.TwoInThree = _ABSENT


class _Coheres(Table):
    """`starts = "a"` and `ends = "b"` are `with = ["a", "b"]`."""

    makes = domain.Coherence
    spare: ClassVar = {"rule": "statutory"}
    rule: domain.CoherenceRule
    with_: Annotated[list[str], _OneWillDo] = Field(_ABSENT, alias="with")
    starts: str = _ABSENT
    ends: str = _ABSENT
    total: Annotated[float, _text_or(int, float, wanted="a number or an id")] = _ABSENT
    allowance: float = _ABSENT

    def written(self) -> dict[str, Any]:
        """The fields of the domain's class that stand in the file."""
        fields = super().written()
        flows = [fields.pop(key) for key in ("starts", "ends") if key in fields]
        return fields | {"with_": (*fields.get("with_", ()), *flows)}


class _Version(Table):
    makes = domain.Version
    spare: ClassVar = {"from": date.min, "what": ""}
    begins: date = Field(alias="from")
    what: str
    comparable: bool = _ABSENT


class _Published(Table):
    makes = domain.Published
    value: str = _ABSENT
    numerator: str = _ABSENT
    denominator: str = _ABSENT
    months: bool = _ABSENT
    filters: dict[str, str] = _ABSENT


class _Indicator(Table):
    """Also `[defaults]`: what is required, one of the two must have."""

    makes = domain.Indicator
    title: str = _ABSENT
    outturn: domain.OutturnType = _ABSENT
    basis: domain.Basis = _ABSENT
    short_title: str = _ABSENT
    aliases: list[str] = _ABSENT
    theme: str = _ABSENT
    definition: str = _ABSENT
    per: Annotated[float, Field(gt=0)] = _ABSENT
    year: YearKind = _ABSENT
    polarity: domain.Polarity = _ABSENT
    decimals: Annotated[int, Field(ge=0, le=10)] = _ABSENT
    tolerance: _NotNegative = _ABSENT
    tolerance_kind: domain.ToleranceKind = _ABSENT
    numerator: str = _ABSENT
    denominator: str = _ABSENT
    small: _NotNegative = _ABSENT
    suppress_below: _NotNegative = _ABSENT
    lag_months: Annotated[int, Field(ge=0, le=120)] = _ABSENT
    seasonal: domain.Seasonal = _ABSENT
    audience: list[str] = _ABSENT
    owner: str = _ABSENT
    caveats: str = _ABSENT
    ratio: list[str] = _ABSENT
    target: Annotated[list[Annotated[_Target, WrapValidator(_target)]], _OneWillDo] = _ABSENT
    compare: _Compare = _ABSENT
    spc: _Spc = _ABSENT
    coheres: list[_Coheres] = _ABSENT
    version: list[_Version] = _ABSENT
    published: _Published = _ABSENT


class _Theme(Table):
    makes = domain.Theme
    title: str = _ABSENT


class _Accept(Table):
    makes = domain.Accept
    spare: ClassVar = {"code": "", "why": ""}
    code: str
    why: str
    indicator: str = _ABSENT
    period: str = _ABSENT
    until: date = _ABSENT


class _Catalogue(Table):
    makes = domain.Catalogue
    spare: ClassVar = {"version": 1, "authority": "unknown"}
    version: _Whole
    authority: str
    la_code: str = _ABSENT
    neighbours: Annotated[list[str], _text_or(list, wanted="text or a list")] = _ABSENT
    store: str = _ABSENT
    typed_targets: bool = _ABSENT


class Document(Table):
    """The whole file."""

    catalogue: _Catalogue
    defaults: _Indicator
    theme: dict[str, _Theme]
    indicator: dict[str, _Indicator]
    accept: list[_Accept]


TABLES = {each.__name__.strip("_").lower(): each for each in Table.__subclasses__()}
TABLES["defaults"] = _Indicator
"""The tables by the last word of their header, ids apart."""
