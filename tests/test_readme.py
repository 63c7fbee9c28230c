"""The README names what there is."""

from __future__ import annotations

from pathlib import Path

from kpi.cli import COMMANDS

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


def test_nothing_but_the_marked_parts_is_generated() -> None:
    assert README.count("[[[cog") == README.count("[[[end]]]")
