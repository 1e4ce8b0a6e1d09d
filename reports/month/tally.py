"""Open findings counted: by severity, office, college and deadline."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from checks.history.values import KeptFinding
from checks.results import MarkCount
from reports.month.entry import Entry
from reports.month.model import Bucket, Counts, Marks, Share
from reports.wording.words import DUE

TOTAL = "合计"


def counts(entries: Iterable[Entry]) -> Counts:
    return Counts(**Counter(entry.severity for entry in entries))


def shares(
    entries: Sequence[Entry],
    names: Iterable[str],
    part: Callable[[Entry | KeptFinding], str | None],
    rest: str | None = None,
    solved: Sequence[KeptFinding] = (),
    marks: Mapping[str | None, Marks] = {},
    before: Sequence[KeptFinding] | None = None,
) -> tuple[Share, ...]:
    """One share a name, in the order given, also where nothing falls to it; then names met only in the entries and in
    what is solved or was there before.

    `part` says to whom an entry falls; those that fall to nobody are a last share called `rest`, if there are any.
    `before`: what the report before counted as open; none where there is nothing to compare with.
    """
    known = list(names)
    of: dict[str | None, list[Entry]] = {name: [] for name in known}
    for entry in entries:
        of.setdefault(part(entry), []).append(entry)
    done, were = Counter(map(part, solved)), Counter(map(part, before or ()))
    for name in (*done, *were):
        of.setdefault(name, [])

    def share(name: str | None, called: str) -> Share:
        past = None if before is None else were[name]
        return _share(called, of[name], past, done[name], marks.get(name, Marks()))

    others = sorted(name for name in of if name is not None and name not in known)
    named = [share(name, name) for name in [*known, *others]]
    return (*named, share(None, rest)) if rest and None in of else tuple(named)


def total(
    entries: Sequence[Entry],
    solved: Sequence[KeptFinding],
    marks: Sequence[MarkCount],
    before: Sequence[KeptFinding] | None,
) -> Share:
    """All shares together."""
    all_marks = Marks(sum(mark.due for mark in marks), sum(mark.on_time for mark in marks))
    return _share(TOTAL, entries, None if before is None else len(before), len(solved), all_marks)


def _share(name: str, entries: Sequence[Entry], before: int | None, solved: int, marks: Marks) -> Share:
    overdue = [entry for entry in entries if entry.due and entry.due.bucket == "overdue"]
    coming = [entry for entry in entries if entry.due and entry.due.bucket != "overdue"]
    states = Counter(entry.state for entry in entries)
    return Share(
        name, counts(entries), len(overdue), earliest(overdue), earliest(coming), before,
        states["new"], states["back"], solved, marks,
    )  # fmt: skip


def marked(counted: Iterable[MarkCount], by: Callable[[MarkCount], str | None]) -> dict[str | None, Marks]:
    """All months together, by office or college."""
    result: dict[str | None, Marks] = {}
    for each in counted:
        so_far = result.get(by(each), Marks())
        result[by(each)] = Marks(so_far.due + each.due, so_far.on_time + each.on_time)
    return result


def deadlines(entries: Sequence[Entry]) -> tuple[Bucket, ...]:
    """The buckets of words.DUE, in their order."""
    return tuple(_bucket(name, [e for e in entries if e.due and e.due.bucket == name]) for name in DUE)


def _bucket(name: str, entries: Sequence[Entry]) -> Bucket:
    provisional = sum(1 for entry in entries if entry.due and entry.due.provisional)
    return Bucket(name, counts(entries), provisional, offices(entries), earliest(entries))


def offices(entries: Iterable[Entry]) -> tuple[tuple[str, int], ...]:
    """Each office with the number of its entries, most first."""
    return tuple(Counter(entry.owner for entry in entries).most_common())


def earliest(entries: Iterable[Entry]) -> Entry | None:
    """The entry with the earliest deadline; of equal ones the first."""
    dated = [(entry.due.on, place, entry) for place, entry in enumerate(entries) if entry.due]
    return min(dated)[2] if dated else None


def people(entries: Iterable[Entry]) -> int:
    return len({entry.person for entry in entries})


def answers(entries: Iterable[Entry], unit: str) -> str:
    """What was answered on the sheets of earlier months, and of how many; empty where nothing was."""
    counted = Counter(entry.answered for entry in entries if entry.answered)
    return "、".join(f"{answer.replace('：', '为')}的{number:,}{unit}" for answer, number in counted.most_common())
