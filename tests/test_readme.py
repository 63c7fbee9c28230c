"""The README names what there is."""

from __future__ import annotations

from pathlib import Path

from kpi.cli import COMMANDS
from kpi.readers.catalogue import read_catalogue
from kpi.readers.catalogue_shape import TABLES
from kpi.usecases.project import KNOWN

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_command_is_explained() -> None:
    for command in COMMANDS:
        assert f"### kpi {command.__name__}\n" in README


def test_every_exit_code_is_named() -> None:
    for code in ("0 done", "1 ", "2 ", "3 ", "4 ", "5 ", "70 ", "130 "):
        assert code in README


def test_the_setup_commands_are_given_for_both_kinds_of_shell() -> None:
    assert README.count(".venv/bin/python -m pip install") == 2
    assert README.count(r".venv\Scripts\python -m pip install") == 2


def test_the_catalogue_shown_is_one(tmp_path: Path) -> None:
    shown = README.partition("## The catalogue")[2].partition("```toml\n")[2].partition("```")[0]
    path = tmp_path / "indicators.toml"
    path.write_text(shown, encoding="utf-8")
    assert len(read_catalogue(path, known=KNOWN).indicators) == 4


def test_every_key_of_an_indicator_is_shown() -> None:
    shown = README.partition("## The catalogue")[2].partition("## What is read")[0]
    keys = {field.alias or name for name, field in TABLES["indicator"].model_fields.items()}
    missing = {key for key in keys if key not in shown} - {"published", "version"}
    assert missing == set()


def test_nothing_but_the_marked_parts_is_generated() -> None:
    assert README.count("[[[cog") == README.count("[[[end]]]")
