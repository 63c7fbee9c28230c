"""`kpi run` and the scripts that start it: what a morning writes, sends and leaves."""

from __future__ import annotations

import json
import os
import re
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from kpi.store.told import mark_as_told
from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import open_project
from tests.cli.conftest import OCTOBER, SEPTEMBER, Kpi
from tests.cli.processes import ROOT, Ran
from tests.golden_files import assert_golden
from tests.usecases.report_projects import CONTACTS, HEADER, VISITS

CRON = ROOT / "samples" / "cron"
POSTED = ("--to", "board@example.org", "--from", "kpi@example.org")
on_posix = pytest.mark.skipif(os.name != "posix", reason="the script is for POSIX shells")


@pytest.fixture(scope="session")
def september(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that September's report went into, and that was told."""
    folder = tmp_path_factory.mktemp("september")
    shutil.copy(ROOT / "indicators.toml", folder)
    kept = open_project(folder / "indicators.toml")
    ingest(kept, [SEPTEMBER], IngestOptions(), now=datetime(2021, 10, 8, 9, tzinfo=UTC))
    mark_as_told(kept.store.folder, seq=1)
    return folder / ".kpi"


@pytest.fixture
def october(project: Path, september: Path) -> Path:
    """The seed's inbox on the morning when October's report has come."""
    shutil.copytree(september, project / ".kpi")
    folder = project / "inbox"
    folder.mkdir()
    shutil.copy(SEPTEMBER, folder)
    shutil.copy(OCTOBER, folder)
    return folder


@pytest.fixture
def news(project: Path) -> Path:
    """The inbox of a small project on the morning when its first report has come."""
    (project / "indicators.toml").write_text(HEADER + CONTACTS + VISITS, encoding="utf-8")
    folder = project / "inbox"
    folder.mkdir()
    rows = "contacts,2021-09,80\ncontacts,2021-10,180\nvisits,2021-10,130\n"
    (folder / "october.csv").write_text(f"indicator,period,value\n{rows}", encoding="utf-8")
    return folder


@pytest.fixture
def inbox(kpi: Kpi, news: Path) -> Path:
    """The same inbox on the morning after."""
    assert kpi("run", "inbox", "-q").code == 0
    return news


def test_a_morning_with_nothing_new_writes_not_a_byte(kpi: Kpi, inbox: Path) -> None:
    for words in ([], ["--format", "json"], ["-o", "mail.eml", *POSTED]):
        ran = kpi("run", "inbox", "-q", *words)
        assert (ran.code, ran.out, ran.err) == (0, b"", b"")
    assert not (inbox.parent / "mail.eml").exists()
    assert kpi("run", "inbox").err == b"note: nothing is new\n"


def test_what_a_morning_with_news_says(kpi: Kpi, inbox: Path) -> None:
    """The paper in its middle is `kpi report`'s own."""
    head = "indicator,period,value\n"
    rows = "contacts,2021-10,170\ncontacts,2021-11,90\nvisits,2021-11,140\nCalls,2021-11,x1\n"
    (inbox / "november.csv").write_text(f"{head}{rows}", encoding="utf-8")
    (inbox / "half.xlsx").write_bytes(b"PK\x03\x04")
    (inbox / "minutes.docx").touch()
    kpi("correct", "visits", "2021-10", "93", "--why", "typed wrong", "-q")
    ran = kpi("run", inbox, "-q")
    assert ran.code == 3
    title, _, body = ran.out.partition(b"Southampton\n")
    own, _, paper = body.partition(b"What changed since")
    new = paper[paper.index(b"Not found before") :]
    assert_golden(title + own + b"[...]\n\n" + new, "run/november.txt")


def test_a_page_leaves_out_the_columns_that_nobody_would_miss(kpi: Kpi, news: Path) -> None:
    report = "Indicator,Sep-21,Oct-21,Trend,Whatever\nContacts,85,95,up,9\n"
    (news / "again.csv").write_text(report, encoding="utf-8")
    said = kpi("ingest", news / "again.csv", "--dry-run").out.decode()
    ran = kpi("run", news, "-q").out.decode()
    assert ("Trend (it is of no use here)" in said, "no use" in ran) == (True, False)
    assert all(
        "Whatever (its heading is not understood)" in " ".join(each.split()) for each in (said, ran)
    )


def test_json_is_the_papers_rows_and_what_came_in(kpi: Kpi, october: Path) -> None:
    paper = json.loads(kpi("run", october, "--format", "json").out)
    assert (paper["command"], paper["changed"], paper["period"]) == ("run", True, "2021-10")
    assert [each["file"] for each in paper["files"]] == [OCTOBER.name]
    assert paper["counts"]["restated"] == len(paper["files"][0]["restatements"])
    assert {each["rag_status"] for each in paper["rows"]} == {"red", "amber"}
    exceptions = json.loads(kpi("report", "--exceptions", "--format", "json").out)
    assert paper["rows"] == exceptions["rows"]
    assert all(not each["accepted"] for each in paper["findings"])


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.csv", "a.json", "a.txt", "a.eml"])
def test_every_format_is_written(kpi: Kpi, news: Path, project: Path, name: str) -> None:
    ran = kpi("run", news, "-q", "-o", name, *POSTED)
    assert (ran.code, ran.out, ran.err) == (0, b"", b"")
    assert b"\x1b" not in (project / name).read_bytes()


def test_a_damaged_file_is_one_line_and_exit_3_and_stands_in_the_mail(
    kpi: Kpi, news: Path, project: Path
) -> None:
    (news / "half [1].xlsx").write_bytes(b"PK\x03\x04" + bytes(99))
    (news / "~$half.xlsx").touch()
    ran = kpi("run", "inbox", "-q", "-o", "mail.eml", *POSTED)
    assert (ran.code, ran.out, ran.err.count(b"\n")) == (3, b"", 1)
    assert ran.err.startswith(b"error: half [1].xlsx: ")
    mail = message_from_bytes((project / "mail.eml").read_bytes())
    subject = re.sub(r"\s+", " ", mail["Subject"])
    assert subject == "Exceptions, October 2021; Could not be read: half [1].xlsx"

    again = kpi("run", "inbox", "-q", "-o", "again.eml", *POSTED)
    assert (again.code, again.err) == (3, ran.err)
    assert message_from_bytes((project / "again.eml").read_bytes())["Subject"].startswith("Could")


def test_the_mail_about_a_failure_alone_is_another_every_morning(
    kpi: Kpi, inbox: Path, project: Path, clock: Callable[[str], None]
) -> None:
    """Mail servers drop a message whose id they have seen."""
    (inbox / "half.xlsx").write_bytes(b"PK\x03\x04")
    ids = set()
    for day in ("2021-11-10T06:30", "2021-11-11T06:30"):
        clock(day)
        assert kpi("run", "inbox", "-q", "-o", "mail.eml", *POSTED).code == 3
        ids.add(message_from_bytes((project / "mail.eml").read_bytes())["Message-ID"])
    assert len(ids) == 2


def test_what_was_passed_over_is_said_if_asked(kpi: Kpi, inbox: Path) -> None:
    (inbox / "~$board.xlsx").touch()
    (inbox / "minutes.docx").touch()
    said = kpi("run", "inbox").err
    assert b"minutes.docx" in said
    assert b"~$board.xlsx" not in said
    assert b"~$board.xlsx" in kpi("run", "inbox", "-v").err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["-q"], 0),
        (["-q", "--fail-on", "never"], 0),
        (["-q", "--fail-on", "warning"], 1),
        (["-q", "--fail-on", "error"], 1),
        (["--fail-on", "red"], 2),
        (["-o", "paper.doc"], 2),
        (["-o", "mail.eml"], 2),
        (["no-such-folder", "-q"], 3),
        (["-q", "-o", "nowhere/a.txt"], 5),
    ],
)
def test_exit_codes(kpi: Kpi, news: Path, words: list[str], code: int) -> None:
    assert kpi("run", news, *words).code == code


def test_what_could_not_be_written_is_written_the_next_time(
    kpi: Kpi, news: Path, project: Path
) -> None:
    failed = kpi("run", news, "-q", "-o", "nowhere/mail.txt")
    assert (failed.code, failed.out) == (5, b"")
    (project / "nowhere").mkdir()
    assert kpi("run", news, "-q", "-o", "nowhere/mail.txt").code == 0
    assert b"Exceptions, October 2021" in (project / "nowhere" / "mail.txt").read_bytes()


def test_small_numbers_are_hidden_unless_internal(kpi: Kpi, project: Path) -> None:
    suppressed = VISITS + CONTACTS + "suppress_below = 6\n"
    (project / "indicators.toml").write_text(HEADER + suppressed, encoding="utf-8")
    head = "indicator,period,value\n"
    (project / "a.csv").write_text(f"{head}contacts,2021-09,40\ncontacts,2021-10,30\n", "utf-8")
    (project / "b.csv").write_text(f"{head}contacts,2021-09,4\ncontacts,2021-11,30\n", "utf-8")
    assert kpi("run", "a.csv", "-q").code == 0
    shutil.copytree(project / ".kpi", project / "before")
    hidden = kpi("run", "b.csv", "-q").out.decode()
    shutil.rmtree(project / ".kpi")
    (project / "before").rename(project / ".kpi")
    shown = kpi("run", "b.csv", "-q", "--internal").out.decode()
    assert ("40 → 4" in hidden, "40 → 4" in shown) == (False, True)
    assert "small and not shown" in hidden
    stated = "Internal: small numbers are not hidden."
    assert (stated in hidden, stated in shown) == (False, True)


@contextmanager
def post(folder: Path, *, fails: bool = False) -> Iterator[Path]:
    """A `sendmail` that keeps what it is given and with which words; or that fails."""
    program = folder / "sendmail"
    kept = folder / "sent"
    kept.mkdir(exist_ok=True)
    program.write_text(
        "#!/bin/sh\nexit 1\n"
        if fails
        else f'#!/bin/sh\nn=$(ls "{kept}" | wc -l)\nprintf "%s\\n" "$*" >"{folder}/words"\n'
        f'cat >"{kept}/$n.eml"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    yield kept


def scripted(project: Path) -> Ran:
    """The script as cron starts it: from `/`, without a home, a terminal or a locale."""
    program = project / "kpi"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m kpi "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    ran = subprocess.run(
        ["/bin/sh", str(CRON / "monthly.sh")],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd="/",
        env={
            "PATH": "/usr/bin:/bin",
            "LANG": "C",
            "TERM": "dumb",
            "KPI_PROJECT": str(project),
            "KPI": str(program),
            "SENDMAIL": str(project / "sendmail"),
        },
        timeout=120,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def subjects(kept: Path) -> list[str]:
    mails = [message_from_bytes(path.read_bytes()) for path in sorted(kept.iterdir())]
    assert all(mail["To"] and mail["From"] for mail in mails)
    return [re.sub(r"\s+", " ", mail["Subject"]) for mail in mails]


@on_posix
def test_the_script_mails_what_changed_or_failed_and_else_nothing(
    project: Path, news: Path, tmp_path: Path
) -> None:
    report = news / "october.csv"
    with post(project) as kept:
        report.rename(tmp_path / "october.csv.bak")
        assert scripted(project) == Ran(0, b"", b"")
        (tmp_path / "october.csv.bak").rename(report)
        assert scripted(project) == Ran(0, b"", b"")
        assert scripted(project) == Ran(0, b"", b"")
        assert subjects(kept) == ["Exceptions, October 2021"]
        assert (project / "words").read_text(encoding="utf-8") == "-t -oi\n"

        (news / "half.xlsx").write_bytes(b"PK\x03\x04")
        failed = scripted(project)
        assert (failed.code, failed.out, failed.err.count(b"\n")) == (3, b"", 1)
        assert subjects(kept)[1:] == ["Could not be read: half.xlsx"]
        (news / "half.xlsx").unlink()

        (project / "indicators.toml").rename(project / "elsewhere.toml")
        refused = scripted(project)
        assert (refused.code, refused.out) == (2, b"")
        assert subjects(kept)[2:] == ["kpi could not do its work (exit code 2)"]
        mail = message_from_bytes((kept / "2.eml").read_bytes())
        assert str(mail.get_payload()).encode() == refused.err
        assert b"there is no catalogue" in refused.err
        (project / "elsewhere.toml").rename(project / "indicators.toml")
        assert not (project / "kpi-mail.eml").exists()


@on_posix
def test_a_mail_that_could_not_be_sent_is_sent_by_the_next_run(project: Path, news: Path) -> None:
    assert len(list(news.iterdir())) == 1
    with post(project, fails=True):
        for _ in range(2):
            failed = scripted(project)
            assert (failed.code, failed.out) == (75, b"")
            assert b"could not be sent" in failed.err
    with post(project) as kept:
        assert scripted(project) == Ran(0, b"", b"")
        assert subjects(kept) == ["Exceptions, October 2021"]
        assert scripted(project) == Ran(0, b"", b"")
        assert len(subjects(kept)) == 1


class Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as takes one message."""

    received: list[bytes]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        answers = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
        while line := self.rfile.readline().strip():
            verb = line[:4].upper()
            self.wfile.write(answers.get(verb, b"250 well\r\n"))
            if verb == b"DATA":
                lines = iter(self.rfile.readline, b".\r\n")
                self.received.append(b"".join(line.removeprefix(b".") for line in lines))
                self.wfile.write(b"250 taken\r\n")


def send(server: str, mail: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(CRON / "send.py"), server, str(mail)],
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_mail_goes_through_a_server_as_it_was_written(
    kpi: Kpi, news: Path, project: Path
) -> None:
    assert kpi("run", news, "-q", "-o", "mail.eml", *POSTED).code == 0
    mail = project / "mail.eml"
    Smtp.received = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        sent = send(f"127.0.0.1:{server.server_address[1]}", mail)
        server.shutdown()
        thread.join()
    assert (sent.returncode, sent.stdout, sent.stderr) == (0, b"", b"")
    parts = [message_from_bytes(each) for each in (Smtp.received[0], mail.read_bytes())]
    texts = [
        [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
        for message in parts
    ]
    assert texts[0] == texts[1]
    assert parts[0]["Subject"] == parts[1]["Subject"]


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: a@example.org\nTo: b@example.org\n\nHello\n")
    failed = send("127.0.0.1:9", mail)
    assert (failed.returncode, failed.stdout, failed.stderr.count(b"\n")) == (1, b"", 1)
    assert failed.stderr.startswith(b"error: ")


def test_both_scripts_use_words_that_the_command_has(kpi: Kpi) -> None:
    options = set(re.findall(rb"--[a-z]+", kpi("run", "--help").out))
    for name in ("monthly.sh", "monthly.ps1"):
        script = (CRON / name).read_bytes()
        used = set(re.findall(rb"(?<![\w-])--[a-z]+", script))
        assert used == {b"--catalogue", b"--quiet", b"--output", b"--to", b"--from"}
        assert used <= options


def test_windows_reads_its_script_whatever_its_code_page() -> None:
    script = (CRON / "monthly.ps1").read_text(encoding="ascii")
    assert all(script.count(opened) == script.count(closed) for opened, closed in ("()", "{}"))
    assert "send.py" in script
