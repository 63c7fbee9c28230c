"""The pages of `kpi check` and `kpi explain`, whole and piece by piece."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpi.cli.output import Surface, rendered
from kpi.domain.answer import Answer
from kpi.domain.checks import CHECKS
from kpi.domain.paper.document import Document, Listing, Paragraph
from kpi.renderers.check import check_document
from kpi.renderers.explain import codes_document, indicator_document
from kpi.usecases.check import CheckOptions, check
from kpi.usecases.explain import explain_codes, explain_indicator
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Project, open_project
from tests.golden_files import assert_golden

ROOT = Path(__file__).parents[2]
SEED = ROOT / "samples" / "board-report-2021-10.csv"
DAMAGED = ROOT / "samples" / "scan-damage.csv"
OCTOBER = ROOT / "samples" / "board-report-2021-10.xlsx"
TITLES = {code: each.title for code, each in CHECKS.items()}

SOURCE = pl.Struct({"file": pl.String, "sheet": pl.String, "cell": pl.String})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The seed's catalogue, by a hash that does not change with its comments."""
    path = Path(shutil.copy(ROOT / "indicators.toml", tmp_path))
    return open_project(path)


def checked(project: Project, *paths: Path) -> Answer:
    options = CheckOptions(hide_small=True)
    answer = check(project, None, options, paths=paths, today=date(2021, 11, 9)).answer
    return _with_plain_hash(answer)


def _with_plain_hash(answer: Answer) -> Answer:
    return replace(answer, catalogue_sha256="0123456789abcdef")


GOLDEN = [
    ("text", Surface(78), "txt"),
    ("table", Surface(100), "table.txt"),
    ("markdown", Surface(), "md"),
    ("json", Surface(), "json"),
    ("csv", Surface(), "csv"),
    ("plain", Surface(), "tsv"),
]


@pytest.mark.parametrize(("format_", "surface", "ending"), GOLDEN)
@pytest.mark.parametrize("path", [SEED, DAMAGED, OCTOBER], ids=["seed", "scan", "workbook"])
def test_the_seed_report_in_every_format(
    project: Project, path: Path, format_: str, surface: Surface, ending: str
) -> None:
    answer = checked(project, path)
    document = check_document(answer, TITLES, of_files=True)
    content = rendered(answer, document, format_=format_, surface=surface)
    assert_golden(content, f"check/{path.stem}-{path.suffix[1:]}.{ending}")


def test_an_indicator_explained(project: Project) -> None:
    ingest(project, [OCTOBER], IngestOptions(), now=datetime(2021, 11, 9, 9, tzinfo=UTC))
    for said in ("referral-rate", "cla", "care-proceedings"):
        answer = _with_plain_hash(explain_indicator(project, said))
        document = indicator_document(answer, project.catalogue)
        content = rendered(answer, document, format_="text", surface=Surface(78))
        assert_golden(content, f"check/explain-{said}.txt")


def test_every_code_explained() -> None:
    pages = [
        rendered(answer, codes_document(answer), format_="text", surface=Surface(78))
        for answer in (explain_codes(), *(explain_codes(code) for code in CHECKS))
    ]
    assert_golden(b"\n\n\n".join(pages), "check/explain-codes.txt")


def an_answer(*rows: dict[str, Any]) -> Answer:
    usual: dict[str, Any] = {
        "code": "KPI201",
        "severity": "warning",
        "message": "Contacts, Sep-21: 5",
        "hint": "Look.",
        "accepted": False,
        "accepted_why": None,
        "source": {"file": "b.xlsx", "sheet": "Demand", "cell": "H6"},
    }
    schema = {
        name: SOURCE if name == "source" else pl.Boolean if name == "accepted" else pl.String
        for name in usual
    }
    found = [usual | row for row in rows]
    severities = [row["severity"] for row in found if not row["accepted"]]
    counts = {each: severities.count(each) for each in ("error", "warning", "info")}
    counts["accepted"] = sum(row["accepted"] for row in found)
    return Answer(
        command="check",
        authority="Southampton",
        period="2021-10",
        as_of=None,
        catalogue_sha256="0" * 64,
        rows=pl.DataFrame(found, schema=schema, orient="row"),
        counts=counts,
    )


def page(*rows: dict[str, Any], of_files: bool = False) -> Document:
    return check_document(an_answer(*rows), TITLES, of_files=of_files)


def listed(document: Document) -> list[str]:
    return [
        item
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Listing)
        for item in block.items
    ]


def test_nothing_found_is_said() -> None:
    document = page()
    assert document.title == "Nothing found"
    assert document.sections == ()


def test_worst_comes_first_each_severity_under_its_heading() -> None:
    document = page(
        {"code": "KPI110", "severity": "error"},
        {"code": "KPI201"},
        {"code": "KPI204"},
        {"code": "KPI301", "severity": "info"},
    )
    assert [section.title.partition(":")[0] for section in document.sections] == [
        "1 error",
        "2 warnings",
        "1 point of disclosure",
    ]


def test_a_finding_is_a_line_with_its_address() -> None:
    assert listed(page({})) == ["b.xlsx:Demand!H6 – Contacts, Sep-21: 5."]


def test_one_without_a_cell_has_none() -> None:
    assert listed(page({"source": None})) == ["Contacts, Sep-21: 5."]


def test_what_to_do_is_said_once_where_it_is_the_same() -> None:
    blocks = page({}, {}).sections[0].blocks
    assert blocks[-1] == Paragraph("What to do: Look.")
    assert listed(page({}, {"hint": "Run."})) == [
        "b.xlsx:Demand!H6 – Contacts, Sep-21: 5. Look.",
        "b.xlsx:Demand!H6 – Contacts, Sep-21: 5. Run.",
    ]


def test_an_accepted_finding_says_why() -> None:
    (item,) = listed(page({"accepted": True, "accepted_why": "known"}))
    assert item.endswith("(accepted: known)")
    assert "1 accepted." in page({"accepted": True, "accepted_why": "known"}).lines


@pytest.mark.parametrize("of_files", [True, False])
def test_that_nothing_was_stored_is_said_of_files(of_files: bool) -> None:
    said = "Nothing was stored: check never stores."
    assert (said in page({}, of_files=of_files).lines) is of_files


def test_codes_are_named_with_their_titles_and_where_to_read_more() -> None:
    document = page({"code": "KPI201"})
    assert document.sections[0].blocks[0] == Paragraph("", label="KPI201 jump")
    assert document.notes == ("More about a code: kpi explain KPI201",)


@pytest.mark.parametrize("make", [lambda: explain_codes(), lambda: explain_codes("KPI110")])
def test_every_encoding_can_say_a_page(make: Callable[[], Answer]) -> None:
    answer = make()
    for format_ in ("text", "markdown"):
        rendered(answer, codes_document(answer), format_=format_, surface=Surface(60, "ascii"))
