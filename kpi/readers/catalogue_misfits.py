"""A catalogue's document as its tables, and every misfit with its path and in our words.

What misfits is left out and the rest read again, so that the rest can be checked too; a
`Fitted` knows of what nothing should be concluded. The tables are those of
`kpi.readers.catalogue_shape`, the words of `kpi.readers.catalogue_words`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kpi.readers.catalogue_shape import TABLES, Document
from kpi.readers.catalogue_words import known_keys, not_allowed, wanted
from kpi.readers.toml_lines import KeyPath

_T = TypeVar("_T")

# Of each section, what its absence means and what should stand there.
_SECTIONS: dict[str, tuple[object, str]] = {
    "catalogue": ({}, "a table such as `[catalogue]`"),
    "defaults": ({}, "a table such as `[defaults]`"),
    "theme": ({}, "a table such as `[theme.some-id]`"),
    "indicator": ({}, "a table such as `[indicator.some-id]`"),
    "accept": ([], "a list of tables, each headed `[[accept]]`,"),
}
_REQUIRED = ("title", "outturn", "basis")
_WANTED = {
    "string_type": "text",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "`true` or `false`",
    "date_type": "a date",
    "model_type": "a table",
    "dict_type": "a table",
}
_SENTENCES = {
    "missing": "is missing",
    "finite_number": "`{value}` is no number to judge by",
    "greater_than": "must be above {gt:g}, is {value:g}",
    "greater_than_equal": "must not be negative, is {value:g}",
    "less_than_equal": "must not be above {le:g}, is {value:g}",
}
_LARGE = 10**9


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake before its line is looked up.

    Attributes:
        path: The key it is about, the table's keys before it.
        what: The mistake in words.
        hint: Finds the words to add on what was meant, which takes its time.
    """

    path: KeyPath
    what: str
    hint: Callable[[], str] = str


@dataclass(frozen=True, slots=True)
class Fitted(Generic[_T]):
    """What a table says, as far as it could be understood.

    Attributes:
        value: The table as its class; keys that are wrong are at their defaults.
        path: Where it stands.
        raw: What stands there.
        wrong: Every path of the file that is wrong (true) or holds something wrong (false).
        defaults: Of an indicator, the keys of `[defaults]`.
    """

    value: _T
    path: KeyPath
    raw: Any
    wrong: Mapping[KeyPath, bool]
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def at(self, key: str) -> KeyPath:
        """Where a key stands, or would stand; the path itself where that is no table."""
        if not isinstance(self.raw, dict):
            return self.path
        is_default = key not in self.raw and key in self.defaults
        return ("defaults", key) if is_default else (*self.path, key)

    def is_wrong(self, *keys: str) -> bool:
        """Whether anything is wrong in some keys: nothing should be concluded from them."""
        return any(self.at(key) in self.wrong for key in keys)

    def holds(self, key: str) -> bool:
        """Whether a key stands in the file, and nothing is wrong in it."""
        return (key in self.raw or key in self.defaults) and not self.is_wrong(key)

    def items(self, key: str) -> list[Fitted[Any]]:
        """The items of a list that could be understood, or the one that stands in its place."""
        path, raw = self.at(key), self.raw.get(key, self.defaults.get(key, []))
        places: list[tuple[KeyPath, object]] = [(path, raw)]
        if isinstance(raw, list):
            places = [((*path, place), item) for place, item in enumerate(raw)]
        understood = [place for place in places if not self.wrong.get(place[0])]
        values = zip(getattr(self.value, key), understood, strict=True)
        return [Fitted(value, *place, self.wrong) for value, place in values]


def fit_document(written: Mapping[str, object]) -> tuple[Fitted[Document], list[Slip]]:
    """A file's tables, as far as they can be understood, and everything that misfits."""
    document: dict[str, Any] = dict(written)
    slips = []
    for name, (empty, example) in _SECTIONS.items():
        if not isinstance(document.setdefault(name, empty), type(empty)):
            slips.append(Slip((name,), wanted(example, document[name])))
            document[name] = empty
    slips.extend(_missing(document["indicator"], defaults=document["defaults"]))
    try:
        tables = Document.model_validate(document)
    except ValidationError as error:
        misfits = [_slip(each, document) for each in error.errors(include_url=False)]
        rest = _without(document, [slip.path for slip in misfits])
        tables = Document.model_validate(rest, context={"spare": True})
        slips.extend(misfits)
    wrong = {slip.path[:length]: False for slip in slips for length in range(1, len(slip.path))}
    return Fitted(tables, (), document, wrong | {slip.path: True for slip in slips}), slips


def _missing(indicators: Mapping[str, Any], *, defaults: Mapping[str, Any]) -> Iterator[Slip]:
    """What neither an indicator nor the defaults have and one of them must have."""
    for id_, table in indicators.items():
        if isinstance(table, dict):
            lacking = [key for key in _REQUIRED if key not in table and key not in defaults]
            yield from (Slip(("indicator", id_, key), "is missing") for key in lacking)


def _without(document: Mapping[str, Any], paths: Sequence[KeyPath]) -> Any:
    rest = deepcopy(document)
    # Of a list the later items first, so that the earlier keep their places.
    for path in reversed(paths):
        around: Any = rest
        for part in path[:-1]:
            around = around[part]
        with suppress(KeyError):  # what is missing
            del around[path[-1]]
    return rest


def _slip(error: ErrorDetails, document: Mapping[str, Any]) -> Slip:
    """An error of pydantic in our words, where it stands in the file.

    Pydantic's path also goes through what is not written: it sees a list of tables where
    a target is a number.
    """
    path: KeyPath = ()
    value: Any = document
    for part in error["loc"]:
        if isinstance(part, int) and isinstance(value, list):
            path, value = (*path, part), value[part]
        elif isinstance(part, str) and isinstance(value, dict):
            path, value = (*path, part), value.get(part)
    if error["type"] == "extra_forbidden":
        return Slip(path, "unknown key", partial(known_keys, str(path[-1]), _keys(path[:-1])))
    return Slip(path, _what(error, path))


def _what(error: ErrorDetails, path: KeyPath) -> str:
    kind, value, ctx = error["type"], error["input"], error.get("ctx", {})
    if kind == "literal_error":
        return not_allowed(value, re.findall(r"'([^']+)'", ctx["expected"]))
    if kind == "list_type":
        is_of_tables = path[-1] in TABLES
        header = f"a list of tables, each headed `[[...{path[-1]}]]`,"
        return wanted(header if is_of_tables else "a list in square brackets", value)
    if kind in ("float_type", *_SENTENCES) and type(value) is int and abs(value) > _LARGE:
        return "is too large"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(value=value, **ctx)
    return wanted(_WANTED.get(kind, error["msg"]), value)


def _keys(path: KeyPath) -> list[str]:
    """The keys that a table may have."""
    words = ["document", *(part for part in path if isinstance(part, str))]
    if words[1:2] in (["theme"], ["indicator"]):
        del words[2:3]
    return [field.alias or name for name, field in TABLES[words[-1]].model_fields.items()]
