"""Invented reports of councils in which nothing is wrong: thirty rows over twelve months and more.

Each is a catalogue and files, made by a seed of its own, so that one fails alike each time.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook

Row = list[object]

MONTHS = (
    *("Apr-24", "May-24", "Jun-24", "Jul-24", "Aug-24", "Sep-24"),
    *("Oct-24", "Nov-24", "Dec-24", "Jan-25", "Feb-25", "Mar-25"),
)


@dataclass(slots=True)
class Report:
    """A report in the making: its council's catalogue, and the rows of its tables."""

    authority: str
    seed: int
    keys: str = ""
    indicators: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def add(self, title: str, figures: Sequence[object], *more: object, **keys: object) -> str:
        """A row under a title, with its indicator; gives the indicator's id."""
        given: dict[str, object] = {"outturn": "number", "basis": "in-month", "polarity": "low"}
        name = f"i{len(self.indicators)}"
        lines = [f"[indicator.{name}]", f'title = "{title}"']
        lines += [f"{key} = {_toml(value)}" for key, value in (given | keys).items()]
        self.indicators.append("\n".join(lines))
        self.rows.append([title, *figures, *more])
        return name

    def coheres(self, rule: str, **keys: object) -> None:
        """What the row added last must agree with."""
        name = f"i{len(self.indicators) - 1}"
        lines = [f"[[indicator.{name}.coheres]]", f'rule = "{rule}"']
        lines += [f"{key.rstrip('_')} = {_toml(value)}" for key, value in keys.items()]
        self.indicators.append("\n".join(lines))

    def counts(self, level: float, count: int = 12) -> list[int]:
        """Counts that vary about a level as chance has it, never below 6."""
        return [max(6, round(self.chance.gauss(level, level**0.5))) for _ in range(count)]

    def shares(self, percent: float, of: int, count: int = 12) -> list[float]:
        """Percentages of so many cases, to one decimal."""
        hits = [sum(self.chance.random() < percent / 100 for _ in range(of)) for _ in range(count)]
        return [round(100 * each / of, 1) for each in hits]

    def walk(self, start: float, step: float, count: int = 12) -> list[int]:
        """A stock that drifts."""
        figures = [start]
        while len(figures) < count:
            figures.append(figures[-1] + self.chance.gauss(0, step))
        return [round(each) for each in figures]

    def catalogue(self) -> str:
        """The council's catalogue."""
        head = f'[catalogue]\nversion = 1\nauthority = "{self.authority}"\n{self.keys}'
        return "\n\n".join([head, *self.indicators]) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    return str(value)


def summed(figures: Sequence[float]) -> list[float]:
    """The totals of the year so far."""
    return [sum(figures[: place + 1]) for place in range(len(figures))]


def as_csv(rows: Sequence[Row], *, separator: str = ",") -> str:
    """The rows as delimited text."""
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator="\n").writerows(rows)
    return file.getvalue()


def percent(figures: Sequence[float], decimals: int = 1) -> list[str]:
    """Percentages as they are typed."""
    return [f"{each:.{decimals}f}%" for each in figures]


def written(folder: Path, report: Report, files: dict[str, str]) -> list[Path]:
    (folder / "indicators.toml").write_text(report.catalogue(), encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def housing(folder: Path) -> list[Path]:
    """Theme rows, a target column, comments and ratings at the end; thirty indicators."""
    report = Report("Barchester", 1)
    head: Row = ["Indicator", "Target", *MONTHS, "YTD", "RAG", "Comment"]
    rows: list[Row] = [["Housing performance 2024/25"], [], head]
    for theme in ("Repairs", "Lettings", "Homelessness"):
        rows.append([theme])
        for line in range(10):
            keys: dict[str, object] = {}
            if line % 3 == 0:
                figures: list[object] = [*report.counts(40 * (line + 2))]
                target = "300 per month"
            elif line % 3 == 1:
                figures = [*percent(report.shares(88, 120))]
                target, keys = "90%", {"outturn": "percentage", "polarity": "high"}
            else:
                figures = [f"{report.chance.gauss(24, 1.5):.1f}" for _ in MONTHS]
                target = "25"
            title = f"{theme}: measure {line + 1}"
            report.add(title, figures, **keys)
            rows.append([title, target, *figures, "", "Green", "on track"])
    return written(folder, report, {"housing.csv": as_csv(rows)})


def quarters(folder: Path) -> list[Path]:
    """Adult social care by quarter over three years."""
    report = Report("Melchester", 2)
    names = [f"Q{q} {y}/{y % 100 + 1}" for y in (2022, 2023, 2024) for q in (1, 2, 3, 4)]
    for line in range(30):
        if line % 2:
            figures = percent(report.shares(70 + line % 5, 200))
            report.add(f"Share {line} of adults", figures, outturn="percentage", polarity="high")
        else:
            report.add(f"Number {line} of adults", report.counts(60 + 30 * line))
    return written(folder, report, {"adults.csv": as_csv([["Measure", *names], *report.rows])})


def finance(folder: Path) -> list[Path]:
    """Variances either side of zero, spending so far, and pounds with commas."""
    report = Report("Felpersham", 3)
    for line in range(10):
        variance = [round(report.chance.gauss(30, 240)) for _ in MONTHS]
        variance[3] = abs(variance[3]) + 1
        report.add(f"Variance of service {line} in thousands", variance, polarity="none")
        spend = [round(report.chance.gauss(90_000, 6_000)) for _ in MONTHS]
        to_date = [f"£{each:,.0f}" for each in summed(spend)]
        report.add(f"Spending of service {line}", to_date, basis="year-to-date")
        days = [f"{report.chance.gauss(18, 1.1):.1f}" for _ in MONTHS]
        report.add(f"Days to pay an invoice, service {line}", days)
    return written(folder, report, {"finance.csv": as_csv([["Line", *MONTHS], *report.rows])})


def workforce(folder: Path) -> list[Path]:
    """Full-time equivalents, rolling years, a workbook of two sheets with real dates."""
    report = Report("Casterbridge", 4)
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in ("People", "Absence"):
        page = book.create_sheet(sheet)
        page.append([f"{sheet} dashboard"])
        page.append([])
        page.append(["Measure", *MONTHS])
        for line in range(15):
            title = f"{sheet}, line {line}"
            if line % 3 == 0:
                figures: list[object] = [
                    round(each / 10, 1) for each in report.walk(4200 + 100 * line, 40)
                ]
                report.add(title, figures, basis="snapshot")
            elif line % 3 == 1:
                walk = report.walk(900, 8)
                figures = [each / 100 for each in walk]
                report.add(title, figures, basis="rolling-12")
            else:
                figures = [each / 100 for each in report.shares(96, 300)]
                report.add(title, figures, outturn="percentage", polarity="high")
            page.append([title, *figures])
            if line % 3 == 2:
                for cell in page[page.max_row][1:]:
                    cell.number_format = "0.0%"
    book.save(folder / "workforce.xlsx")
    written(folder, report, {})
    return [folder / "workforce.xlsx"]


def waste(folder: Path) -> list[Path]:
    """Two years of tonnes with a summer each year, semicolons between them."""
    report = Report("Glebeshire", 5)
    names = [f"{m} {y}" for y in (2023, 2024) for m in
             ("January", "February", "March", "April", "May", "June", "July", "August",
              "September", "October", "November", "December")]  # fmt: skip
    season = [0.4, 0.5, 0.8, 1.1, 1.4, 1.5, 1.5, 1.4, 1.2, 0.9, 0.7, 0.4] * 2
    for line in range(15):
        tonnes = [f"{report.chance.gauss(2000 * each, 60):,.0f}" for each in season]
        report.add(f"Garden waste of area {line}", tonnes, year="calendar", polarity="none")
        missed = report.counts(90, 24)
        report.add(f"Missed bins of area {line}", missed, year="calendar")
    rows: list[Row] = [["Indicator", *names], *report.rows]
    return written(folder, report, {"waste.csv": as_csv(rows, separator=";")})


def years(folder: Path) -> list[Path]:
    """Schools by academic year, and by financial year."""
    report = Report("Loamshire", 6)
    names = [f"{year}/{year % 100 + 1}" for year in range(2017, 2025)]
    for line in range(30):
        figures = percent([60 + line / 3 + report.chance.gauss(0, 1.2) for _ in names])
        report.add(
            f"Pupils reaching standard {line}",
            figures,
            outturn="percentage",
            basis="annual",
            year="academic" if line < 20 else "financial",
            polarity="high",
        )
    return written(folder, report, {"schools.csv": as_csv([["Indicator", *names], *report.rows])})


def children(folder: Path) -> list[Path]:
    """Rates and their counts, parts and wholes, stocks and flows, twins: all that coheres."""
    report = Report("Mudfog", 7)
    people = 48_250
    for team in range(5):
        referrals = report.counts(330)
        counted = report.add(f"Referrals {team}", referrals)
        rates = [f"{each * 10_000 / people:.0f}" for each in summed(referrals)]
        report.add(f"Referral rate {team}", rates, outturn="rate", basis="year-to-date",
                   denominator="Children aged 0 to 17")  # fmt: skip
        report.coheres("rate_of", with_=counted)
        begun, ended = report.counts(40), report.counts(39)
        stock = [420]
        for came, went in zip(begun[1:], ended[1:], strict=True):
            stock.append(stock[-1] + came - went)
        begins, ends = report.add(f"Begun {team}", begun), report.add(f"Ended {team}", ended)
        held = report.add(f"Plans {team}", stock, basis="snapshot")
        report.coheres("flow_of", with_=[begins, ends])
        rates = [f"{each * 10_000 / people:.1f}" for each in stock]
        report.add(f"Plans rate {team}", rates, outturn="rate", basis="snapshot",
                   denominator="Children aged 0 to 17")  # fmt: skip
        report.coheres("rate_of", with_=held)
        _quality(report, team, stock)
    return written(folder, report, {"children.csv": as_csv([["Measure", *MONTHS], *report.rows])})


def _quality(report: Report, team: int, stock: Sequence[int]) -> None:
    good = [round(each * report.chance.uniform(0.5, 0.6)) for each in stock]
    fair = [round(each * 0.25) for each in stock]
    poor = [all_ - one - two for all_, one, two in zip(stock, good, fair, strict=True)]
    ids = [
        report.add(
            f"{word} {team}",
            [f"{100 * part / whole:.0f}%" for part, whole in zip(figures, stock, strict=True)],
            outturn="percentage",
            polarity="none",
        )
        for word, figures in (("Good", good), ("Fair", fair), ("Poor", poor))
    ]
    report.coheres("parts_of", with_=ids, total=100)


def tidy(folder: Path) -> list[Path]:
    """A tidy extract with numerators and denominators, teams that sum, and other areas."""
    report = Report("Cranford", 8)
    lines: list[Row] = [
        ["indicator", "area", "unit", "period", "value", "numerator", "denominator"]
    ]
    for number in range(15):
        share = report.add(f"Share {number}", [], outturn="percentage", polarity="high")
        count = report.add(f"Count {number}", [], basis="in-month")
        for month in MONTHS:
            whole = report.chance.randint(140, 190)
            part = round(whole * report.chance.uniform(0.8, 0.9))
            lines.append([share, "", "", month, "", part, whole])
            lines.append([share, "England", "", month, 84.2, "", ""])
            teams = [report.chance.randint(30, 60) for _ in range(3)]
            lines.append([count, "", "", month, sum(teams), "", ""])
            lines += [
                [count, "", f"Team {place}", month, each, "", ""]
                for place, each in enumerate(teams, start=1)
            ]
    return written(folder, report, {"extract.csv": as_csv(lines)})


def reasons(folder: Path) -> list[Path]:
    """Months still awaited, not applicable, suppressed, and small ones that are hidden."""
    report = Report("Raveloe", 9)
    for line in range(10):
        late: list[object] = [*report.counts(200)[:10], "TBC", "TBC"]
        report.add(f"Late {line}", late, lag_months=2)
        some: list[object] = [*percent(report.shares(75, 90))]
        some[4] = "N/A"
        report.add(f"Term time {line}", some, outturn="percentage", polarity="high")
        few: list[object] = [report.chance.choice(["<5", 0, 6, 7, 8, "[c]"]) for _ in MONTHS]
        report.add(f"Few {line}", few, suppress_below=6)
    return written(folder, report, {"late.csv": as_csv([["Indicator", *MONTHS], *report.rows])})


def comparators(folder: Path) -> list[Path]:
    """Earlier years as monthly averages, neighbours, a region and England beside the months."""
    report = Report("Middlemarch", 10)
    head: Row = [
        *("Theme", "Indicator"),
        *MONTHS,
        *("Target", "Middlemarch 2022/23", "Middlemarch 2023/24"),
        *("Statistical neighbours", "West Midlands", "England"),
    ]
    rows: list[Row] = [["Board report"], ["as at 31 March 2025"], head]
    for line in range(30):
        title = f"Measure {line}"
        if line % 5 == 4:
            days = [str(round(report.chance.gauss(28, 1.5))) for _ in MONTHS]
            report.add(title, figures := days)
            more: Row = ["25", "27", "28", "26", "24", f"{22 + line // 5}"]
        elif line % 3 == 0:
            level = 100 + 20 * line
            report.add(title, figures := [*map(str, report.counts(level))])
            more = [level, level + 4, level - 7, "N/A", "N/A", "N/A"]
        elif line % 3 == 1:
            report.add(title, figures := percent(report.shares(82, 150), 0),
                       outturn="percentage", polarity="high")  # fmt: skip
            more = ["85%", f"{79 + line % 4}%", f"{80 + line % 5}%", f"{81 + line % 3}%", "80%",
                    f"{77 + line % 7}%"]  # fmt: skip
        else:
            walk = report.walk(600 + 3 * line, 6)
            report.add(title, figures := [*map(str, walk)], outturn="rate", basis="rolling-12")
            more = ["TBC", walk[0] + 9, walk[0] + 2, 590 + line, 571 + 2 * line, 545 + line]
        rows.append([f"Theme {line // 10}" if line % 10 == 0 else "", title, *figures, *more])
    return written(folder, report, {"board.csv": as_csv(rows)})


def two_lines(folder: Path) -> list[Path]:
    """A heading of two lines, months as numbers of the day, tabs, last year and this."""
    report = Report("Coketown", 11)
    days = [f"01/{month:02d}/{year}" for year in (2023, 2024) for month in range(1, 13)]
    for line in range(30):
        if line % 3 == 0:
            before, after = report.counts(300, 12), report.counts(420, 12)
            report.add(f"Stepped up {line}", [*before, *after])
        elif line % 3 == 1:
            report.add(f"Always {line}", ["100%"] * 24, outturn="percentage", polarity="high")
        else:
            report.add(f"Level {line}", report.walk(1500, 20, 24), basis="snapshot")
    rows: list[Row] = [["Measure", *days], *report.rows]
    return written(folder, report, {"coketown.tsv": as_csv(rows, separator="\t")})


def mixed(folder: Path) -> list[Path]:
    """Months, quarters and years of different rows in one folder of three files."""
    report = Report("Cloisterham", 12)
    tables: dict[str, list[Row]] = {}
    headings = {
        "months.csv": [*MONTHS],
        "quarters.csv": [f"Q{q} {y}/{y % 100 + 1}" for y in (2023, 2024) for q in (1, 2, 3, 4)],
        "years.csv": [f"{year}/{year % 100 + 1}" for year in range(2019, 2025)],
    }
    for name, heading in headings.items():
        report.rows.clear()
        basis = "annual" if name == "years.csv" else "in-month"
        for line in range(10):
            report.add(f"{name[:-4]} {line}", report.counts(250, len(heading)), basis=basis)
        tables[name] = [["Indicator", *heading], *report.rows]
    return written(folder, report, {name: as_csv(rows) for name, rows in tables.items()})


CLEAN: tuple[Callable[[Path], list[Path]], ...] = (
    housing,
    quarters,
    finance,
    workforce,
    waste,
    years,
    children,
    tidy,
    reasons,
    comparators,
    two_lines,
    mixed,
)
"""Each writes `indicators.toml` and its files into a folder, and gives the files."""
