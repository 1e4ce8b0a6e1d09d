"""Which of the regulation's forms is wanted, and for whom it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from checks.followup.letters import (
    LateArrival,
    NewRecord,
    Notice,
    candidates,
    issued_notices,
    late_arrivals,
    new_records,
    unknown_numbers,
)
from facts.model.refusal import Refusal
from facts.model.snapshot import Snapshot
from rules.pack import Pack


@dataclass(frozen=True)
class LetterOptions:
    """Which letters are wanted, as the options say."""

    form: Literal["2", "3", "4"] = "4"
    """附表2, 附表3 or 附表4."""
    students: tuple[str, ...] = ()
    """Only of these, by 学号 or 考生号; none: of everybody."""
    draft: bool = False
    """附表4 for candidates that the rules find."""
    personal: bool = False
    """Names and identity numbers are shown."""


@dataclass(frozen=True)
class Letters:
    """The letters of one form, which are of one kind, and what could not be judged, a sentence each."""

    options: LetterOptions
    as_of: date
    notices: tuple[Notice, ...] = ()
    new_records: tuple[NewRecord, ...] = ()
    late_arrivals: tuple[LateArrival, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.notices) + len(self.new_records) + len(self.late_arrivals)


def letters_of(options: LetterOptions, snapshot: Snapshot, pack: Pack, key: Callable[[], bytes]) -> Letters:
    """`key`: gives the key of fingerprints, which only forms that rest on findings need. Raises Refusal, also where no
    export knows one of the students."""
    if unknown := unknown_numbers(snapshot, options.students):
        raise Refusal(f"数据里没有这些学号：{'、'.join(unknown)}，请核对 --student")
    students, personal, as_of = options.students, options.personal, snapshot.as_of
    if options.form == "2":
        anew, gaps = new_records(snapshot, pack, key(), students, personal=personal)
        return Letters(options, as_of, new_records=anew, gaps=gaps)
    if options.form == "3":
        return Letters(options, as_of, late_arrivals=late_arrivals(snapshot, pack, students, personal=personal))
    if options.draft:
        drafts, gaps = candidates(snapshot, pack, key(), students, personal=personal)
        return Letters(options, as_of, drafts, gaps=gaps)
    return Letters(options, as_of, issued_notices(snapshot, pack, students, personal=personal))
