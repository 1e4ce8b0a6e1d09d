"""What a check found: plain frozen values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from facts.model.snapshot import FileCount, PutAside, Reason, SetAside

Scalar = str | int | float | bool | None

SEVERITIES = ("error", "warning", "notice")
"""From the gravest to the mildest."""
OFFICES = ("学生处", "财务处", "招生办", "就业指导中心", "教务处", "二级学院")


LEAST_CHECKED = 80
"""The per cent of the rules that have to be checked, where a school says nothing else."""
UNSETTLED = ("failed", "not checked", "partial")
"""The states of a rule that must not be taken for one that is kept."""


def milder(severity: str) -> str:
    """One step milder; a notice stays one."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


def gravest(severities: Iterable[str]) -> str:
    """The gravest of some severities, at least one."""
    return min(severities, key=SEVERITIES.index)


@dataclass(frozen=True)
class Evidence:
    """The rows of one file that prove one fact of a finding."""

    fact: str
    file: str | None
    sheet: str | None
    rows: tuple[int, ...]
    fields: Mapping[str, Scalar]
    """Field → value as shown: dates in ISO form, money in yuan as text, personal data masked unless asked for."""


@dataclass(frozen=True)
class Waived:
    """Why a finding does not count, who said so, and up to and with which day."""

    reason: str
    approver: str
    until: date


@dataclass(frozen=True)
class Answer:
    """What an office or college answered on a finding: fixed, pending, disputed or system; on which month's sheet."""

    code: str
    month: str


@dataclass(frozen=True)
class Finding:
    rule: str
    severity: str
    clause: str
    owner: str
    college: str | None
    key: Mapping[str, str]
    fingerprint: str
    message: str
    evidence: tuple[Evidence, ...]
    state: str = "new"
    follows: tuple[str, ...] = ()
    """Fingerprints of the findings that this one is a consequence of."""
    due_on: date | None = None
    due_provisional: bool = False
    """The deadline reaches into a year whose working days are not published yet."""
    workdays_late: int | None = None
    """Working days after due_on up to and with as_of; none where nothing is overdue."""
    pack: str = ""
    """Id of the pack that the rule comes from."""
    subject: str = ""
    """Keyed hash of the key alone: findings of other rules on the very same thing share it."""
    person: str = ""
    """Keyed hash of the number of the person it concerns; empty where it concerns none."""
    first_seen: date | None = None
    """as_of of the first check that found it; none where no earlier check is compared with."""
    waiver: Waived | None = None
    answer: Answer | None = None
    """What was answered in an earlier month."""

    @property
    def open(self) -> bool:
        return self.state != "waived"


@dataclass(frozen=True, kw_only=True)
class RuleOutcome:
    """What a rule came to in a check: all that a later check compares with."""

    id: str
    title: str
    severity: str
    status: str
    """violated, clean, partial (nothing found, but not all could be judged), not checked or failed."""
    considered: int
    """How many facts the rule looks at."""
    findings: int
    definition: str = ""
    """Tells whether two checks judged the rule by the same condition."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The parameters that decide it, with their values as JSON."""
    tables: tuple[str, ...] = ()
    """Every table that it rests on."""
    gaps: tuple[str, ...] | None = ()
    """Tables and columns that it could do without and had to, and time that its tables don't cover: it was judged on a
    part only. None: not kept."""

    @property
    def concluded(self) -> bool:
        """Whether what it did not find any more is not there any more, as far as rows could be read."""
        return self.status in ("violated", "partial", "clean")


@dataclass(frozen=True, kw_only=True)
class RuleResult(RuleOutcome):
    """The outcome, with what a reader needs to know of the rule."""

    clause: str
    owner: str
    remedy: str
    reason: str | None
    """Why there is no conclusion, or one on a part only."""
    decision: str | None = None
    """What the meeting is asked to decide where this rule is broken; such rules come first on its agenda."""
    pack: str = ""
    """Id of the pack that the rule comes from."""
    excused: bool = False
    """It was not checked, and that is no fault of the exports (`checks.availability.is_excused`)."""


@dataclass(frozen=True)
class Clause:
    """A numbered clause in the regulation's own words."""

    id: str
    text: str
    rules: tuple[str, ...] = ()
    uncovered: str | None = None
    """Why no rule stands for it, where none does."""


@dataclass(frozen=True)
class FlowStep:
    """One step of a procedure, and how the issued changes took it."""

    title: str
    by: str
    """Who takes it: 学生, 二级学院, …"""
    office: str
    reason: str | None = None
    """Only changes of this 异动原因 take it."""
    record_only: bool = False
    """Only for students with a record (在籍生)."""
    changes: int | None = None
    """Issued changes that must have taken it. None: not counted, as no changes are given, or because the number would
    say how many are on leave for what reason."""
    missing: int | None = None
    """Of these, how many lack its date."""


@dataclass(frozen=True)
class Flow:
    """How some kinds of change are made; the last step is issuing."""

    kinds: tuple[str, ...]
    steps: tuple[FlowStep, ...]
    changes: int | None = None
    """Issued changes of these kinds."""


@dataclass(frozen=True)
class PackInfo:
    id: str
    title: str
    version: str
    clauses: tuple[Clause, ...] = ()
    flows: tuple[Flow, ...] = ()


@dataclass(frozen=True)
class TableInfo:
    name: str
    heading: str
    files: tuple[str, ...]
    read: int
    accepted: int
    set_aside: int
    extra: tuple[str, ...] = ()
    normalised: int = 0
    duplicates: int = 0
    """Of the rows accepted: those that say once more what another row says; they are judged once."""
    counts: tuple[FileCount, ...] = ()
    """The same by file, or by sheet of one."""
    lacking: tuple[str, ...] = ()
    """Headings of required fields for which the export has no column."""
    reasons: tuple[Reason, ...] = ()
    """Why rows were set aside: the most frequent reason first."""
    left_out: tuple[PutAside, ...] = ()
    """The rows that a person said are no fact."""

    @property
    def put_aside(self) -> int:
        """How many those are."""
        return sum(each.rows for each in self.left_out)


@dataclass(frozen=True)
class PreviousInfo:
    path: str
    as_of: date
    sha256: str


@dataclass(frozen=True)
class MarkCount:
    """Marks (五-5, 五-6) of one office for one college that fell due in one month, and how many stood by then."""

    office: str
    college: str | None
    month: str
    """2026-11."""
    due: int
    on_time: int


@dataclass(frozen=True)
class RegistrationCount:
    """Students in school of one college who have the same of the three registrations (四-2): each of them `has`,
    `lacks`, `excused` (not wanted of them) or `unknown` (not checked)."""

    college: str
    fee: str
    term: str
    record: str
    students: int


@dataclass(frozen=True)
class Registrations:
    """The three registrations of the current term."""

    term: str | None = None
    """2026-2027-1; none, and no counts, where it or the students are not known."""
    counts: tuple[RegistrationCount, ...] = ()
    """By college, then by what they have."""
    gaps: tuple[str, ...] = ()
    """What is missing for knowing more."""


@dataclass(frozen=True)
class Note:
    """Something that a reader must know before comparing this check with another, or before trusting a waiver."""

    code: str
    text: str


@dataclass(frozen=True)
class CheckResult:
    as_of: date
    pack: PackInfo
    snapshot_path: str
    snapshot_sha256: str
    tables: Mapping[str, TableInfo]
    rules: tuple[RuleResult, ...]
    set_aside: tuple[SetAside, ...]
    """The first rows of each table, their values masked unless asked for."""
    findings: tuple[Finding, ...]
    """In the fixed order: pack, rule, then key."""
    tables_absent: tuple[str, ...] = ()
    """Headings of contract tables that the snapshot lacks."""
    colleges: tuple[str, ...] = ()
    """Every college that the snapshot knows, so that one without findings is shown too."""
    ignored: tuple[str, ...] = ()
    personal_shown: bool = False
    previous: "PreviousInfo | None" = None
    """The earlier snapshot that was compared with, where there was one."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """Chinese names: "change" → 学籍异动 (a fact), "change.issued_on" → 发文日期 (its field)."""
    key_check: str = ""
    """Tells whether two checks made their fingerprints with the same key."""
    unread: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Table → the people (as Finding.person) of its rows set aside: of them nothing is known from that table."""
    marks: tuple[MarkCount, ...] = ()
    """The last twelve months up to as_of."""
    registrations: Registrations = Registrations()
    notes: tuple[Note, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict, compare=False)
    """Seconds a stage; never part of an output that must be the same twice."""
    least_checked: int = LEAST_CHECKED
    """The per cent of the rules that have to be checked for the result to be an answer at all."""
    more_packs: tuple[PackInfo, ...] = ()
    """The packs that were judged by beside the first one."""

    @property
    def packs(self) -> tuple[PackInfo, ...]:
        """Every pack, in the order in which they were named."""
        return (self.pack, *self.more_packs)

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Those that are not waived."""
        return tuple(finding for finding in self.findings if finding.open)
