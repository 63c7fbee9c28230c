"""Coverage-guided fuzzing of the catalogue; run by hand, never by pytest.

    python tests/fuzz/fuzz_catalogue.py FOLDER -max_total_time=900 -timeout=10

Needs atheris in the environment. The folder is filled with the seed's catalogue and pieces
of it, and keeps what was found. A catalogue that is accepted also has to read a report.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def seeds() -> Iterator[bytes]:
    """The catalogue itself, and each of its tables under the header that it needs."""
    whole = (ROOT / "indicators.toml").read_text(encoding="utf-8")
    header, *tables = whole.split("\n[")
    yield whole.encode()
    head = header if header.startswith("[") else f"[{tables.pop(0)}"
    for table in tables:
        yield f"{head}\n[{table}".encode()


def main() -> None:
    """Fuzz until libFuzzer's own options say to stop."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["kpi", "tomli"]):
        sources = importlib.import_module("tests.fuzz.sources")
        source = importlib.import_module("kpi.readers.source")
    corpus = next(Path(each) for each in sys.argv[1:] if not each.startswith("-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, said in enumerate(seeds()):
        (corpus / f"seed-{number:02}").write_bytes(said)
    path = Path(tempfile.mkdtemp()) / "indicators.toml"

    def one_input(said: bytes) -> None:
        catalogue = sources.catalogue_or_refused(said, path=path)
        if catalogue is not None:
            reading = source.read_source(sources.SAMPLES / "scan-damage.csv", catalogue=catalogue)
            sources.check_reading(reading)

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
