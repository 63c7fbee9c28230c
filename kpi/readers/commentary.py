"""The commentary beside the catalogue: `commentary/2021-10.toml`, a file a period.

```toml
author  = "A. Officer"              # of all that follows, unless a table names its own
date    = 2021-11-09
summary = "What the board should take from this month."

[theme.right-service]
analysis = '''
The rate of referrals remains high.

A blank line begins a new paragraph.
'''
actions = ["Launch the resource hub", "Share the threshold document"]

[indicator.referrals]
comment = "Two schools sent their backlog in September."
```

All keys may be left out. What a file says of a theme or an indicator holds until a later
file says something else of it; empty text takes it back. Notepad's byte order mark and the
`.txt` that it adds to a name are taken. Nothing in a text is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from kpi.domain.catalogue import Catalogue
from kpi.domain.paper.commentary import Comment, Commentary, carried_forward
from kpi.domain.period import Period, parse_period
from kpi.errors import CatalogueError, Mistake, RequestError
from kpi.readers.catalogue_words import known_keys, nearest, quoted, wanted
from kpi.readers.toml_file import TomlFile, read_toml
from kpi.readers.toml_lines import KeyPath, dotted, line_numbers, line_of

FOLDER = "commentary"
"""The folder's name, beside the catalogue."""

_ENDINGS = (".toml", ".toml.txt")
_SIGNED = ("author", "date")
_TEXTS = {"theme": "analysis", "indicator": "comment"}
_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=\s*[-*•–] )")


@dataclass(frozen=True, slots=True)
class _File:
    """A file being read, and the mistakes found in it: path of the key, and what is wrong."""

    period: Period
    toml: TomlFile
    mistakes: list[tuple[KeyPath, str]] = field(default_factory=list)

    def refuse(self, path: KeyPath, what: str) -> None:
        self.mistakes.append((path, what))


def read_commentary(catalogue: Catalogue, *, up_to: Period) -> Commentary:
    """What officers wrote for a period, and what is carried forward to it.

    Files of later periods are not read.

    Args:
        catalogue: Beside which the folder lies, and whose ids it may name.
        up_to: The paper's period.

    Raises:
        RequestError: A file's name says no period, or two say the same one.
        CatalogueError: A file is not TOML, or names what it cannot; `mistakes` lists all.
    """
    found = _files(catalogue.path.parent / FOLDER, catalogue)
    periods = sorted((each for each in found if each.end <= up_to.end), key=lambda p: p.sort_key)
    read: list[Commentary] = []
    refusals: list[CatalogueError] = []
    for period in periods:
        file = _File(period, _document(found[period]))
        read.append(_commentary(file, catalogue))
        if file.mistakes:
            refusals.append(_refusal(file, found[period]))
    if refusals:
        raise refusals[-1]
    return carried_forward(read)


def _files(folder: Path, catalogue: Catalogue) -> dict[Period, Path]:
    """The folder's files by the period that their names say."""
    found: dict[Period, Path] = {}
    for path in _paths(folder):
        stem = path.name[: path.name.casefold().rindex(".toml")]
        period = parse_period(stem, year=catalogue.default_year)
        if period is None:
            raise RequestError(
                f"the name of {quoted(path.name)} says no period",
                where=str(path),
                hint="name it after its period, such as 2021-10.toml",
            )
        if period in found:
            raise RequestError(
                f"{quoted(found[period].name)} and {quoted(path.name)} are both of {period}",
                where=str(folder),
                hint="keep one of them, or move it out of the folder",
            )
        found[period] = path
    return found


def _paths(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise RequestError(
            f"the commentary cannot be read: {error.strerror or error}", where=str(folder)
        ) from None
    return [path for path in entries if path.name.casefold().endswith(_ENDINGS) and path.is_file()]


def _document(path: Path) -> TomlFile:
    try:
        return read_toml(path)
    except CatalogueError as error:
        # The same reading as the catalogue's, which says what it takes the file for.
        raise CatalogueError(
            error.what.replace("catalogue", "commentary"),
            where=error.where,
            hint=error.hint,
            mistakes=error.mistakes,
        ) from None


def _refusal(file: _File, path: Path) -> CatalogueError:
    lines = line_numbers(file.toml.text)
    mistakes = {Mistake(line_of(key, lines), dotted(key), what) for key, what in file.mistakes}
    count = len(mistakes)
    return CatalogueError(
        f"the commentary has {count} mistake{'s' * (count > 1)}",
        where=str(path),
        mistakes=tuple(sorted(mistakes, key=lambda each: (each.line, each.path, each.what))),
    )


def _commentary(file: _File, catalogue: Catalogue) -> Commentary:
    document = file.toml.document
    _check_keys(file, document, (), known=(*_SIGNED, "summary", *_TEXTS))
    summary = None
    if "summary" in document:
        summary = _comment(file, document, (), text="summary", signed=document)
    return Commentary(
        summary,
        _comments(file, "theme", _theme_names(catalogue)),
        _comments(file, "indicator", _indicator_names(catalogue)),
    )


def _theme_names(catalogue: Catalogue) -> dict[str, str]:
    """Ids and titles of the themes, with the id that each means."""
    used = {each.theme: each.theme for each in catalogue.indicators if each.theme}
    titles = {each.title: each.id for each in catalogue.themes}
    return titles | used | {each.id: each.id for each in catalogue.themes}


def _indicator_names(catalogue: Catalogue) -> dict[str, str]:
    """Ids, titles and aliases of the indicators, with the id that each means."""
    labels = {
        label: each.id
        for each in catalogue.indicators
        for label in (each.title, each.short, *each.aliases)
    }
    return labels | {each.id: each.id for each in catalogue.indicators}


def _comments(file: _File, kind: str, names: Mapping[str, str]) -> dict[str, Comment]:
    """The comments on themes or on indicators, by id.

    Args:
        file: The file.
        kind: `theme` or `indicator`.
        names: Every name that may be meant, with the id of what it names.
    """
    tables = file.toml.document.get(kind, {})
    if not isinstance(tables, dict):
        file.refuse((kind,), wanted(f"a table such as `[{kind}.some-id]`", tables))
        return {}
    found = {}
    for id_, table in tables.items():
        path = (kind, id_)
        if id_ not in names.values():
            file.refuse(path, _unknown(kind, id_, names))
        elif not isinstance(table, dict):
            file.refuse(path, wanted("a table", table))
        else:
            text = _TEXTS[kind]
            _check_keys(file, table, path, known=(text, "actions", *_SIGNED))
            signed = file.toml.document | table
            found[id_] = _comment(file, table, path, text=text, signed=signed)
    return found


def _unknown(kind: str, id_: str, names: Mapping[str, str]) -> str:
    """That the catalogue has nothing of this id, and the id of what is meant by it."""
    near = nearest(id_, names)
    hint = f"; did you mean {quoted(names[near])}?" if near else ""
    return f"the catalogue has no {kind} {quoted(id_)}{hint}"


def _check_keys(
    file: _File, table: Mapping[str, object], path: KeyPath, *, known: tuple[str, ...]
) -> None:
    for key in table:
        if key not in known:
            file.refuse((*path, key), f"unknown key{known_keys(key, known)}")


def _comment(
    file: _File,
    table: Mapping[str, object],
    path: KeyPath,
    *,
    text: str,
    signed: Mapping[str, object],
) -> Comment:
    """A comment, its author and date its own or the file's."""
    author, written = (
        (signed.get(key), (*path, key) if key in table else (key,)) for key in _SIGNED
    )
    return Comment(
        file.period,
        paragraphs=tuple(_paragraphs(_text(file, table.get(text, ""), (*path, text)))),
        actions=tuple(_actions(file, table.get("actions", []), (*path, "actions"))),
        author=_text(file, author[0] or "", author[1]).strip(),
        written=_date(file, *written),
    )


def _text(file: _File, value: object, path: KeyPath) -> str:
    if isinstance(value, str):
        return value
    file.refuse(path, wanted("text", value))
    return ""


def _date(file: _File, value: object, path: KeyPath) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    file.refuse(path, wanted("a date", value))
    return None


def _actions(file: _File, value: object, path: KeyPath) -> Iterator[str]:
    """The actions, one that is no list taken for a list of one."""
    if not isinstance(value, list):
        value = [value]
    for place, action in enumerate(value):
        said = " ".join(_text(file, action, (*path, place)).split())
        if said:
            yield said


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a text: blank lines part them, and each listed line is one."""
    for part in _PARAGRAPHS.split(text.replace("\r\n", "\n")):
        said = " ".join(part.split())
        if said:
            yield said
