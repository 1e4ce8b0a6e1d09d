"""Two checks side by side: what is new, gone, still there and back again."""

from dataclasses import dataclass, replace

from checks.history.baseline import same_key
from checks.history.compare import Past, gone, states
from checks.history.notes import notes
from checks.history.values import Gone, Run, Seen
from checks.results import Note


@dataclass(frozen=True)
class Difference:
    old: Run
    new: Run
    appeared: tuple[Seen, ...]
    back: tuple[Seen, ...]
    open: tuple[Seen, ...]
    gone: tuple[Gone, ...]
    notes: tuple[Note, ...]

    @property
    def same(self) -> bool:
        """Nothing came and nothing went."""
        return not (self.appeared or self.back or self.gone)


def difference_of(old: Run, new: Run, before: Past) -> Difference:
    """`before` is what was known before the old one, so that what comes back is not taken for new; where that is
    nothing, what the new one itself calls back is. HistoryError where their keys differ."""
    same_key(new.key_check, old, "两次核查之一")
    plain = {
        name: replace(seen, state="open") if seen.state != "waived" else seen for name, seen in new.findings.items()
    }
    past = Past((*before.runs, replace(old, findings={})), old.findings, before.sightings)
    found = states(replace(new, findings=plain), past)
    if not before.runs:
        found = {n: "back" if s == "new" and new.findings[n].state == "back" else s for n, s in found.items()}
    ordered = sorted(
        new.findings.values(), key=lambda seen: (seen.rule, seen.owner, seen.college or "", seen.fingerprint)
    )
    left = gone(new, past)

    def of(*wanted: str) -> tuple[Seen, ...]:
        return tuple(seen for seen in ordered if found[seen.fingerprint] in wanted)

    appeared = tuple(
        seen for seen in ordered if found[seen.fingerprint] == "waived" and seen.fingerprint not in old.findings
    )
    return Difference(
        old, new, (*of("new"), *appeared), of("back"),
        tuple(seen for seen in of("open", "waived") if seen not in appeared), left,
        (*(note for note in notes(new, past, left) if note.code != "gap"), *_unread(new, left)),
    )  # fmt: skip


def _unread(new: Run, left: tuple[Gone, ...]) -> list[Note]:
    """A findings.json says that rows could not be read, but not whose."""
    if not left or not new.unread or any(new.unread.values()):
        return []
    return [
        Note("unread", f"后一次有读不出的行（{'、'.join(sorted(new.unread))}），消失的问题可能在其中，不一定是已解决")
    ]
