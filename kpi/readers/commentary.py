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
actions = [
    "Share the threshold document",
    { what = "Launch the resource hub", owner = "Head of front door", by = 2021-12-17 },
]

[indicator.referrals]
comment = "Two schools sent their backlog in September."
```

All keys may be left out. Themes and indicators go by id, title or alias. What a file says of
one holds until a later file says something else of it; empty text takes it back. What Notepad
does to a file is taken: a byte order mark, `.txt` behind or in place of `.toml`, UTF-16 or the
Windows code page. Nothing in a text is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from kpi.domain.catalogue import Catalogue, fold_label
from kpi.domain.paper.commentary import Comment, Commentary, carried_forward, day_in_words
from kpi.domain.period import Period, parse_period
from kpi.errors import CatalogueError, Mistake, RequestError
from kpi.readers.catalogue_words import known_keys, listed, nearest, quoted, wanted
from kpi.readers.commentary_syntax import in_plain_words
from kpi.readers.toml_file import TomlFile, read_toml
from kpi.readers.toml_lines import KeyPath, dotted, line_numbers, line_of

FOLDER = "commentary"
"""The folder's name, beside the catalogue."""

_ENDINGS = (".toml.txt", ".toml", ".txt")
_NOT_READ = (".md", ".doc", ".docx", ".rtf", ".odt")
_SIGNED = ("author", "date")
_TEXTS = {"theme": "analysis", "indicator": "comment"}
_ACTION = ("what", "owner", "by")
_WHO = ": who does it; without one, write the action as plain text in quotes"
_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=\s*[-*•–] )")


@dataclass(frozen=True, slots=True)
class _File:
    """A file being read, and what is wrong in it: path of the key, and what."""

    path: Path
    period: Period
    toml: TomlFile
    mistakes: list[tuple[KeyPath, str]] = field(default_factory=list)
    dates: list[tuple[KeyPath, date]] = field(default_factory=list)

    def refuse(self, path: KeyPath, what: str) -> None:
        self.mistakes.append((path, what))


def read_commentary(
    catalogue: Catalogue, *, up_to: Period, today: date | None = None
) -> Commentary:
    """What officers wrote for a period, and what is carried forward to it.

    Files of later periods are not read.

    Args:
        catalogue: Beside which the folder lies, and whose ids it may name.
        up_to: The paper's period.
        today: The day of the run: a comment written after it is doubted. Null for no doubt.

    Raises:
        RequestError: A file's name says no period, two say the same one, or one is of a
            program that writes no plain text.
        CatalogueError: A file is not TOML, or names what it cannot; `mistakes` lists all.
    """
    found = _files(catalogue.path.parent / FOLDER, catalogue)
    periods = sorted((each for each in found if each.end <= up_to.end), key=lambda p: p.sort_key)
    read: list[Commentary] = []
    refusals: list[CatalogueError] = []
    for period in periods:
        file = _File(found[period], period, _document(found[period]))
        commentary = _commentary(file, catalogue)
        read.append(replace(commentary, doubts=tuple(_doubts(file, today=today))))
        if file.mistakes:
            refusals.append(_refusal(file))
    if refusals:
        raise refusals[-1]
    return carried_forward(read)


def _files(folder: Path, catalogue: Catalogue) -> dict[Period, Path]:
    """The folder's files by the period that their names say."""
    found: dict[Period, Path] = {}
    for path in _paths(folder):
        name = path.name.casefold()
        ending = next((each for each in (*_ENDINGS, *_NOT_READ) if name.endswith(each)), "")
        stem = path.name[: len(path.name) - len(ending)]
        period = parse_period(stem, year=catalogue.default_year) if ending else None
        if period is None and ending.startswith(".toml"):
            raise RequestError(
                f"the name of {quoted(path.name)} says no period",
                where=str(path),
                hint="name it after its period, such as 2021-10.toml",
            )
        if period is None:
            continue
        if ending in _NOT_READ:
            raise RequestError(
                f"{quoted(path.name)} is no commentary that can be read",
                where=str(path),
                hint=f"write it as plain text, {stem}.toml, or move it out of the folder",
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
    return [path for path in entries if path.is_file()]


def _document(path: Path) -> TomlFile:
    try:
        return read_toml(path, any_encoding=True)
    except CatalogueError as error:
        # The same reading as the catalogue's, which says what it takes the file for.
        raise CatalogueError(
            error.what.replace("catalogue", "commentary"),
            where=error.where,
            hint=error.hint,
            mistakes=tuple(in_plain_words(each, _text_of(path)) for each in error.mistakes),
        ) from None


def _text_of(path: Path) -> str:
    """A file's text as far as it is one, to look a mistake up in."""
    raw = path.read_bytes()
    encodings = (
        ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    )
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return ""


def _doubts(file: _File, *, today: date | None) -> Iterator[str]:
    """What was read all the same but cannot be meant."""
    late = [each for each in file.dates if today and each[1] > today]
    lines = line_numbers(file.toml.text) if late else {}
    for key, written in dict(late).items():
        yield f"{file.path}:{line_of(key, lines)}: the date {written} lies in the future"


def _refusal(file: _File) -> CatalogueError:
    lines = line_numbers(file.toml.text)
    mistakes = {Mistake(line_of(key, lines), dotted(key), what) for key, what in file.mistakes}
    count = len(mistakes)
    return CatalogueError(
        f"the commentary has {count} mistake{'s' * (count > 1)}",
        where=str(file.path),
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
    ids = {fold_label(name): id_ for name, id_ in names.items()}
    found: dict[str, Comment] = {}
    for name, table in tables.items():
        path, id_ = (kind, name), ids.get(fold_label(name))
        if id_ is None:
            file.refuse(path, _unknown(kind, name, names))
        elif id_ in found:
            file.refuse(path, f"{quoted(id_)} is there already, under another name")
        elif not isinstance(table, dict):
            file.refuse(path, wanted("a table", table))
        else:
            text = _TEXTS[kind]
            _check_keys(file, table, path, known=(text, "actions", *_SIGNED))
            signed = file.toml.document | table
            found[id_] = _comment(file, table, path, text=text, signed=signed)
    return found


def _unknown(kind: str, name: str, names: Mapping[str, str]) -> str:
    """That the catalogue has nothing of this name, and the id of what is meant by it."""
    near = nearest(name, names)
    if near:
        return f"the catalogue has no {kind} {quoted(name)}; did you mean {quoted(names[near])}?"
    ids = list(dict.fromkeys(names.values()))
    known = f"; it has {listed(ids)}" if kind == "theme" and ids else ""
    return f"the catalogue has no {kind} {quoted(name)}{known}"


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
    if isinstance(value, date) and not isinstance(value, datetime):
        file.dates.append((path, value))
        return value
    if value is not None:
        said = wanted("a date", value)
        file.refuse(path, said if ": " in said else f"{said}: write it as 2021-11-09")
    return None


def _actions(file: _File, value: object, path: KeyPath) -> Iterator[str]:
    """The actions, one that is no list taken for a list of one."""
    if not isinstance(value, list):
        value = [value]
    for place, action in enumerate(value):
        if isinstance(action, dict):
            said = _action(file, action, (*path, place))
        else:
            said = _line(_text(file, action, (*path, place)))
        if said:
            yield said


def _action(file: _File, action: Mapping[str, object], path: KeyPath) -> str:
    """An action with who does it and by when, as a line."""
    _check_keys(file, action, path, known=_ACTION)
    what, owner = (_line(_text(file, action.get(key, ""), (*path, key))) for key in _ACTION[:2])
    for key, said in (("what", what), ("owner", owner)):
        if not said and isinstance(action.get(key, ""), str):
            file.refuse(path, f"an action needs `{key}`" + _WHO * (key == "owner"))
    due = action.get("by")
    if due is None:
        return f"{what} ({owner})"
    if not isinstance(due, date) or isinstance(due, datetime):
        file.refuse((*path, "by"), f"{wanted('a date', due)}: write it as 2021-12-17")
        return what
    return f"{what} ({owner}, by {day_in_words(due)})"


def _line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a text: blank lines part them, and each listed line is one."""
    for part in _PARAGRAPHS.split(text.replace("\r\n", "\n")):
        said = " ".join(part.split())
        if said:
            yield said
