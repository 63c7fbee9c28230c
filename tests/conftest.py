"""What every test run shares."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("POLARS_ENGINE_AFFINITY", "in-memory")  # as `kpi.__main__` does

# Enough to find a broken law, few enough for a small machine; `HYPOTHESIS_PROFILE=long` digs.
settings.register_profile("short", max_examples=30, deadline=None)
settings.register_profile("long", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))
