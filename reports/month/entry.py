"""A finding as a row of the report's list, with all that a reader needs beside it: plain values."""

from dataclasses import dataclass
from datetime import date

from checks.results import Clause, Waived


@dataclass(frozen=True)
class Labelled:
    """A value with its Chinese heading."""

    label: str
    value: str


@dataclass(frozen=True)
class Proof:
    """The rows of one file behind a finding, and what stands in them."""

    fact: str
    file: str | None
    """With its sheet, where it has one; none for what is computed without a file."""
    rows: tuple[int, ...]
    values: tuple[Labelled, ...]


@dataclass(frozen=True)
class Due:
    """A deadline. It belongs to the bucket (a key of words.DUE) in which it falls at as_of."""

    on: date
    bucket: str
    provisional: bool
    workdays_late: int | None


@dataclass(frozen=True)
class Cause:
    """Where the finding stands that another one is a consequence of."""

    anchor: str
    rule: str
    subject: str


@dataclass(frozen=True)
class Entry:
    """One finding, as a row of the list."""

    anchor: str
    rule: str
    title: str
    severity: str
    state: str
    owner: str
    college: str | None
    key: tuple[Labelled, ...]
    short: str
    """Whom or what the finding concerns, in one word: the person's number where the key has one."""
    number: Labelled | None
    """学号 or 考生号 of the person it concerns, or the masked number where there is no other; none for nobody."""
    person: str
    """Tells people apart; not for showing."""
    message: str
    remedy: str
    clauses: tuple[Clause, ...]
    proofs: tuple[Proof, ...]
    due: Due | None = None
    cause: Cause | None = None
    consequences: int = 0
    """How many findings are folded under this one."""
    first_seen: date | None = None
    """as_of of the first report that found it; none where no earlier one is known."""
    waiver: Waived | None = None
    answered: str = ""
    """What was said of it on an earlier month's sheet, as a sentence; empty where nothing was."""

    @property
    def fingerprint(self) -> str:
        return self.anchor.removeprefix("f-")

    @property
    def open(self) -> bool:
        return self.state != "waived"

    @property
    def subject(self) -> str:
        return "，".join(f"{item.label} {item.value}" for item in self.key)
