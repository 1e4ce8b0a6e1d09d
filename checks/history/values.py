"""What is remembered of a check, and what comparing two of them says: plain frozen values, as reports get them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from checks.results import Answer, MarkCount, Note, RuleOutcome


@dataclass(frozen=True)
class KeptFinding:
    """A finding without anything that says who it is about."""

    fingerprint: str
    rule: str
    severity: str
    owner: str
    college: str | None
    due_on: date | None
    state: str
    subject: str
    person: str

    @property
    def open(self) -> bool:
        return self.state != "waived"


@dataclass(frozen=True)
class Figures:
    """What a month's report counted. Waived findings are not open."""

    open: int
    error: int
    people: int
    waived: int
    new: int | None = None
    """None, like `back` and `solved`, where there was nothing to compare with."""
    back: int | None = None
    solved: int | None = None


@dataclass(frozen=True)
class Run:
    """One check."""

    institution: str
    month: str
    """2026-11; empty for a check that was no report."""
    as_of: date
    snapshot_sha256: str
    packs: tuple[tuple[str, str], ...]
    """(id, version) of every pack, the one that makes the history first."""
    key_check: str
    rules: Mapping[str, RuleOutcome]
    findings: Mapping[str, KeptFinding] = field(default_factory=dict)
    """By fingerprint."""
    unread: Mapping[str, frozenset[str]] = field(default_factory=dict)
    marks: tuple[MarkCount, ...] = ()
    figures: Figures | None = None
    id: int | None = None
    ran_at: str = ""
    tool_version: str = ""
    revision: int = 1
    """How many different results there were for this month, this one included."""
    turn: int = 0
    """Counts the runs as they were written to the store: each was compared with those of a lower number."""
    since: int = 0
    """The turn that first brought this very result; running it again changes its turn alone."""

    @property
    def pack(self) -> str:
        """The first, which makes the history; others may come and go beside it."""
        return self.packs[0][0]


@dataclass(frozen=True)
class Sighting:
    """When a finding was found before: as_of of the first check that did, and the last month."""

    first_seen: date
    last_month: str


@dataclass(frozen=True)
class Gone:
    """A finding of the last time that is not there any more."""

    finding: KeptFinding
    title: str
    outcome: str
    """solved; worse (the same case is now a graver finding); waived (it did not count before either); unknown (its rule
    can't be compared, or a row of the person could not be read)."""
    first_seen: date | None = None


@dataclass(frozen=True)
class Point:
    """One month of the trend."""

    month: str
    figures: Figures | None
    """None: no report was kept for that month."""


@dataclass(frozen=True)
class Comparison:
    """A check against what was found before."""

    previous: Run | None
    """What it is compared with, without its findings; none for the first."""
    states: Mapping[str, str]
    """Fingerprint → new, open, back or waived."""
    first_seen: Mapping[str, date]
    gone: tuple[Gone, ...]
    notes: tuple[Note, ...]
    unsure: int = 0
    """New findings of rules that came to no conclusion last time or are judged differently now."""
    figures: Figures | None = None
    trend: tuple[Point, ...] = ()
    """Twelve months, the last one this one's."""
    run: str = ""
    """Names the run on what is handed out: its month and the beginning of its digest."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """Fingerprint → what was last answered in an earlier month."""
    past: Mapping[str, KeptFinding] = field(default_factory=dict)
    """What the run that it is compared with found, by fingerprint."""
    kept: bool = True
    """False: only some rules were asked for, and the month has a run of more, which stays."""

    @property
    def solved(self) -> tuple[Gone, ...]:
        return tuple(gone for gone in self.gone if gone.outcome == "solved")
