"""Comparing what was written with the files under `tests/golden`, byte for byte.

`KPI_GOLDEN=write pytest …` writes them anew; the difference is then read like code.
"""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(written: Path | bytes, name: str) -> None:
    """Whether a file, or bytes, equal the golden file of this name."""
    content = written if isinstance(written, bytes) else written.read_bytes()
    golden = GOLDEN / name
    if os.environ.get("KPI_GOLDEN") == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(content)
    assert content.decode() == golden.read_bytes().decode()
