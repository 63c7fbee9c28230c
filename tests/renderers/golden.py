"""The expected files of the awkward page and answer: what each is made by, and rewriting them.

`python -m tests.renderers.golden` writes them anew; read the difference like code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from kpi.cli.output import Surface, rendered
from tests.renderers.awkward import ANSWER, DOCUMENT

FOLDER = Path(__file__).parent.parent / "golden" / "renderers"
WIDTHS = (60, 78, 100, 140)
ENCODINGS = ("utf-8", "ascii")


def drawn(format_: str, surface: Surface) -> bytes:
    return rendered(ANSWER, DOCUMENT, format_=format_, surface=surface)


def expected() -> dict[str, Callable[[], bytes]]:
    """File names, and what makes each file's bytes."""
    files: dict[str, Callable[[], bytes]] = {
        f"{format_}-{width}-{encoding}.txt": partial(drawn, format_, Surface(width, encoding))
        for format_ in ("text", "table")
        for width in WIDTHS
        for encoding in ENCODINGS
    }
    files["text-78-color.txt"] = partial(drawn, "text", Surface(78, color=True))
    files["table-100-color.txt"] = partial(drawn, "table", Surface(100, color=True))
    files["text-78-cp1252.txt"] = partial(drawn, "text", Surface(78, "cp1252"))
    for format_, ending in (
        ("markdown", "md"),
        ("html", "html"),
        ("csv", "csv"),
        ("json", "json"),
        ("plain", "tsv"),
    ):
        for encoding in ENCODINGS:
            surface = Surface(encoding=encoding)
            files[f"{format_}-{encoding}.{ending}"] = partial(drawn, format_, surface)
    return files


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in expected().items():
        (FOLDER / name).write_bytes(make())
