"""The month's report as values: what every renderer shows, decided before any of them runs."""

import re
from dataclasses import dataclass
from datetime import date

from checks.history.values import Gone
from checks.results import CheckResult, RuleResult
from reports.month.agenda_items import AgendaItem, AgendaLeft
from reports.month.entry import Entry, Labelled
from reports.month.registrations import ThreeRegistrations

SIGNATURES = ("编制人", "教务处负责人", "分管校领导")
_A_SCHOOL = re.compile("大学(?!生)|学院|(?<!高等)学校")
"""In the title of a regulation that is some school's own, and not the state's."""


@dataclass(frozen=True)
class Counts:
    """Open findings by severity (waived ones are not open)."""

    error: int = 0
    warning: int = 0
    notice: int = 0

    @property
    def total(self) -> int:
        return self.error + self.warning + self.notice


@dataclass(frozen=True)
class Blocker:
    """A rule that stands in the way of reporting: broken (findings > 0), or failed (with the reason)."""

    rule: str
    title: str
    findings: int
    reason: str | None = None


@dataclass(frozen=True)
class Reserve:
    """One limit to how far the verdict can be trusted: a sentence, and what it counts."""

    text: str
    items: tuple[Labelled, ...] = ()


@dataclass(frozen=True)
class Verdict:
    ready: bool
    shortfalls: tuple[str, ...]
    """Why there is too little data for any answer."""
    checked: int
    """Rules that came to a conclusion."""
    rules: int
    blockers: tuple[Blocker, ...]
    reserves: tuple[Reserve, ...]

    @property
    def answer(self) -> str:
        """Whether the month can be reported, in a word."""
        if self.shortfalls:
            return "数据不足，不能判断" + ("；另有影响上报的问题，暂不宜上报" if self.blockers else "")
        return "可以上报" if self.ready else "暂不宜上报"


@dataclass(frozen=True)
class Figure:
    label: str
    value: int | None
    """None where there is nothing to compare with."""
    note: str
    before: int | None = None
    """The one that this report is compared with."""
    line: tuple[tuple[str, int | None], ...] = ()
    """Twelve months (2026-11) and their figures, the last this report's; none where no report was kept."""
    unit: str = "项"

    @property
    def change(self) -> int | None:
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def run(self) -> tuple[tuple[str, int | None], ...]:
        """The months worth drawing: from the first figure on; empty where there are fewer than two."""
        known = [place for place, (_, value) in enumerate(self.line) if value is not None]
        return self.line[known[0] : known[-1] + 1] if len(known) > 1 else ()


@dataclass(frozen=True)
class Marks:
    """Marks that fell due in the last twelve months, and how many stood in time."""

    due: int = 0
    on_time: int = 0

    @property
    def percent(self) -> str | None:
        """97.7%; 100% and 0% stand for all and none only."""
        if not self.due:
            return None
        if self.on_time in (0, self.due):
            return "100%" if self.on_time else "0%"
        tenths = min(max((self.on_time * 2000 + self.due) // (2 * self.due), 1), 999)
        return f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True)
class Bucket:
    """The open findings whose deadline falls into one stretch of time."""

    name: str
    counts: Counts
    provisional: int
    offices: tuple[tuple[str, int], ...]
    earliest: Entry | None


@dataclass(frozen=True)
class Share:
    """An office's or a college's part of the open findings."""

    name: str
    counts: Counts
    overdue: int
    oldest: Entry | None
    """The overdue finding with the earliest deadline."""
    coming: Entry | None
    """The one that is due next."""
    before: int | None = None
    """What the report before counted as open; none where there is nothing to compare with."""
    new: int = 0
    back: int = 0
    solved: int = 0
    marks: Marks = Marks()


@dataclass(frozen=True)
class ClauseLine:
    """A clause, the rules that stand for it, and the worst of their states (none: no rule, and why)."""

    id: str
    text: str
    rules: tuple[RuleResult, ...]
    status: str | None
    partly: bool
    """Some rules came to a conclusion, and some did not."""
    uncovered: str | None
    pack: str = ""
    """Id of the pack whose regulation it stands in."""


@dataclass(frozen=True)
class Meeting:
    on: date
    time: str
    """9:30, as it is written."""
    place: str = ""
    """Empty where none is configured."""
    moved: bool = False
    """To another day or time than the regulation's."""


@dataclass(frozen=True)
class MonthlyReport:
    college_name: str
    """The institution (not one of its 二级学院)."""
    month: date
    """Its first day."""
    meeting: Meeting
    result: CheckResult
    """What was checked, every text in it plain."""
    verdict: Verdict
    agenda: tuple[AgendaItem, ...]
    agenda_people: int
    """Whom the items concern together, each person once."""
    agenda_left: AgendaLeft
    compared_with: str | None
    """The month that states and figures are compared with; none for the first report."""
    compared_as_of: date | None
    notes: tuple[str, ...]
    """What must be known before comparing, and of waivers that don't hold."""
    figures: tuple[Figure, ...]
    bridge: str
    """How the number of open findings before became today's, as a sum; empty where there is none that holds."""
    deadlines: tuple[Bucket, ...]
    without_deadline: int
    offices: tuple[Share, ...]
    colleges: tuple[Share, ...]
    total: Share
    registrations: ThreeRegistrations
    entries: tuple[Entry, ...]
    """In the order of rules and keys, but every consequence right after its cause; waived ones last."""
    gone: tuple[Gone, ...]
    """What became of the findings of last time that are not there any more."""
    rules: tuple[RuleResult, ...]
    """Those without a conclusion first; of their findings the open ones count."""
    clauses: tuple[ClauseLine, ...]
    """Of every pack, one pack after another."""
    run: str
    """Names the run on what is handed out; empty where none is kept."""
    tool_version: str

    @property
    def meeting_on(self) -> date:
        return self.meeting.on

    @property
    def kinds(self) -> int:
        """Kinds of findings (rules) that are open."""
        return len(self.agenda) + self.agenda_left.kinds

    @property
    def basis(self) -> tuple[str, ...]:
        """The packs' regulations; another school's one is only followed (参照)."""
        return tuple(_basis(pack.title, self.college_name) for pack in self.result.packs)


def _basis(title: str, institution: str) -> str:
    return title if institution in title or not _A_SCHOOL.search(title) else f"参照：{title}"
