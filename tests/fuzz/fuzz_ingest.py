"""Coverage-guided fuzzing of `kpi ingest`; run by hand, never by pytest.

    python tests/fuzz/fuzz_ingest.py FOLDER -max_total_time=900 -timeout=10 -rss_limit_mb=2048

Needs atheris in the environment. The folder is filled with inputs made from the samples,
and keeps what was found. A crash is an input after which anything but one of our own
errors was raised, or which was read to something no reader may give.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Fuzz until libFuzzer's own options say to stop."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["kpi", "openpyxl"]):
        sources = importlib.import_module("tests.fuzz.sources")
    corpus = next(Path(each) for each in sys.argv[1:] if not each.startswith("-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, said in enumerate(sources.seeds()):
        (corpus / f"seed-{number:02}").write_bytes(said)
    folder = Path(tempfile.mkdtemp())
    project = sources.a_project(folder)

    def one_input(said: bytes) -> None:
        sources.read_or_refused(sources.as_file(said), folder=folder, project=project)

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
