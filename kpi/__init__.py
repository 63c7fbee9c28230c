"""A council's indicator figures, judged honestly."""

from __future__ import annotations

__version__ = "0.1.0"
