"""Two checks side by side: what is new, gone, still there and back again."""

from dataclasses import dataclass, replace

from checks.history.baseline import same_key
from checks.history.compare import Past, gone, states
from checks.history.notes import notes
from checks.history.values import Gone, KeptFinding, Run
from checks.results import Note


@dataclass(frozen=True)
class Difference:
    old: Run
    new: Run
    appeared: tuple[KeptFinding, ...]
    back: tuple[KeptFinding, ...]
    open: tuple[KeptFinding, ...]
    waived: tuple[KeptFinding, ...]
    """They count neither as new nor as open, as in a report."""
    gone: tuple[Gone, ...]
    notes: tuple[Note, ...]

    @property
    def same(self) -> bool:
        """Nothing came and nothing went."""
        return self.old.findings.keys() == self.new.findings.keys()


def difference_of(old: Run, new: Run, before: Past) -> Difference:
    """`before` is what was known before the old one, so that what comes back is not taken for new; where that is
    nothing, what the new one itself calls back is. HistoryError where their keys differ."""
    same_key(new.key_check, old, "两次核查之一")
    backwards = bool(new.month and old.month) and new.month <= old.month
    if backwards:  # then the new one is among what was known before
        before = Past()
    plain = {
        name: replace(finding, state="open") if finding.open else finding for name, finding in new.findings.items()
    }
    past = Past((*before.runs, replace(old, findings={})), old.findings, before.sightings)
    found = states(replace(new, findings=plain), past)
    if not before.runs and not backwards:
        found = {n: "back" if s == "new" and new.findings[n].state == "back" else s for n, s in found.items()}
    ordered = sorted(
        new.findings.values(), key=lambda each: (each.rule, each.owner, each.college or "", each.fingerprint)
    )
    left = gone(new, past)
    remarks = [note for note in notes(new, past, left) if note.code != "gap"]
    if _named_otherwise(old, new) and any(each.outcome == "solved" for each in left):
        left = tuple(replace(each, outcome="unknown") if each.outcome == "solved" else each for each in left)
        sentence = "其中一次是较早版本写出的 findings.json，看不出消失的问题是已解决还是转成了更重的，都不算已解决"
        remarks.append(Note("unknown", sentence))

    def of(wanted: str) -> tuple[KeptFinding, ...]:
        return tuple(finding for finding in ordered if found[finding.fingerprint] == wanted)

    return Difference(
        old, new, of("new"), of("back"), of("open"), of("waived"), left, (*remarks, *_unread(new, left))
    )  # fmt: skip


def _named_otherwise(old: Run, new: Run) -> bool:
    """A findings.json of an earlier version says what a finding is about by its key, anything else by a hash of it."""
    return len({finding.subject.startswith("{") for run in (old, new) for finding in run.findings.values()}) == 2


def _unread(new: Run, left: tuple[Gone, ...]) -> list[Note]:
    """A findings.json says that rows could not be read, but not whose."""
    if not left or not new.unread or any(new.unread.values()):
        return []
    return [
        Note("unread", f"后一次有读不出的行（{'、'.join(sorted(new.unread))}），消失的问题可能在其中，不一定是已解决")
    ]
