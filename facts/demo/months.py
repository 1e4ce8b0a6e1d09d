"""Several months of the made-up college, for the meetings one after another, and the ledger of what each must find."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facts.demo.college import College, found
from facts.demo.histories import AS_OF, OWN_RULE, RETIRED_IN, RULE_FILE, cases, due
from facts.demo.lists import KINDS
from facts.demo.picks import Planted
from facts.demo.place import LEDGER, RULES
from facts.demo.plot import Plot
from facts.demo.rewind import rewound
from facts.demo.write import write_exports

MOST = len(AS_OF)
STATES = ("new", "open", "back", "solved", "worse", "retired")
"""What a finding can be in a month. The last three are gone: solved; grown into a graver one about the same change;
or of a rule that is not there any more, which is no solution."""
_GRAVITY = {"MRK-01": 3, "MRK-02": 3, "MRK-03": 2, "MRK-04": 2, "MRK-05": 1}
"""Of findings about one change: overdue is graver than marked late, and that than due soon."""
_RECENT = 60
"""Days after its issue in which a change without a planted mark is looked at: its marks fall due long before."""
_RESERVED, _NUMBERS = 90_000, 10
"""Numbers of planted changes come after the first, so many a case: one has the same in every export."""
_ABOUT = (
    "Run the commands in this folder, with a XUEJIAN_HOME of their own. The first month has nothing to be compared"
    " with: what stands in it is new. Derived from what was planted and from the deadlines of 五-5 and 五-6, not by a"
    " check."
)


@dataclass(frozen=True)
class MonthsSummary:
    path: Path
    months: tuple[str, ...]
    rows: int
    expected: tuple[dict[str, int], ...]
    """A month: state → findings."""

    @property
    def sentence(self) -> str:
        """What was written, for people."""
        months = len(self.months)
        return f"演示学校的 {months} 个月已写入 {self.path}：{self.rows} 行（ledger.json 写明命令和应得的结果）"


def write_months(folder: Path, months: int, students: int, seed: int, tell: Callable[[str], None]) -> MonthsSummary:
    """Write the last `months` of all into folders of their own in `folder`, the school's own rule, and the ledger.

    The same arguments give the same bytes."""
    tell("编造学生与学籍")
    college = found(np.random.Generator(np.random.PCG64(seed)), students)
    chosen = range(MOST - months, MOST)
    names = [str(AS_OF[month])[:7] for month in chosen]
    stood, rows, before = [], 0, ""
    for month, name in zip(chosen, names, strict=True):
        tell(name)
        (folder / name).mkdir(parents=True, exist_ok=True)
        there, planted = planted_in(college, month, students, seed)
        more = f'previous = "../{before}"\n\n' if before else "\n"
        written = write_exports(folder / name, there, more, tell)
        rows, before = rows + sum(written.values()), name
        stood.append(planted)
    ledger = histories(stood, RETIRED_IN - chosen.start)
    (folder / RULES).mkdir(exist_ok=True)
    _write(folder / RULES / f"{OWN_RULE}.yaml", RULE_FILE)
    _write(folder / LEDGER, _document(names, chosen, ledger))
    return MonthsSummary(folder, tuple(names), rows, tuple(map(_counts, ledger)))


def planted_in(college: College, month: int, students: int, seed: int) -> tuple[College, frozenset[Planted]]:
    """The college as of a month, with the cases that stand in it, and what must be found there.

    A case that doesn't stand is planted all the same, in a copy that nobody sees: so the others meet the same people.
    """
    there, aside = rewound(college, AS_OF[month]), rewound(college, AS_OF[month])
    planted = set(_by_time_alone(there))
    plot = Plot.of(np.random.Generator(np.random.PCG64([seed, 0])), there)
    hidden = Plot(plot.rng, aside, plot.free, plot.order, plot.spoilt)
    for number, case in enumerate(cases(students), 1):
        at = plot if month in case.stands else hidden
        at.rng = np.random.Generator(np.random.PCG64([seed, number]))
        at.numbers = dict.fromkeys(map(str, range(2019, 2027)), _RESERVED + _NUMBERS * number)
        findings = list(case.shape(at, month))
        if at is plot:
            planted.update(findings)
    return there, frozenset(planted)


def _by_time_alone(college: College) -> Iterable[Planted]:
    """Of the changes that are nobody's plan: marks that fall due in these days."""
    days, changes, people = college.days, college.sheets["change"], college.people
    has_record = np.array([kind.has_record for kind in KINDS])[people.kind[changes.who]]
    issued_on = changes["issued_on"]
    for row in np.flatnonzero((issued_on > days.as_of - _RECENT) & (issued_on <= days.as_of)):
        kind, issued = changes["kind"][row], issued_on[row]
        school = issued if kind == "转入" else changes["marked_school_on"][row]  # not to be marked there
        record = changes["marked_record_on"][row] if has_record[row] else issued
        yield from due(days, changes["change_no"][row], issued, school, record, kind)


def histories(stood: Sequence[frozenset[Planted]], retired_in: int) -> list[dict[str, list[Planted]]]:
    """State → findings, a month each, from what stands in each."""
    result: list[dict[str, list[Planted]]] = []
    ever: set[Planted] = set()
    for month, now in enumerate(stood):
        before: frozenset[Planted] = stood[month - 1] if month else frozenset()
        graver: dict[Any, int] = {}
        for each in now - before:
            graver[each.key] = max(graver.get(each.key, 0), _GRAVITY.get(each.rule, 0))
        of: dict[str, list[Planted]] = {state: [] for state in STATES}
        for each in now:
            of["open" if each in before else "back" if each in ever else "new"].append(each)
        for each in before - now:
            retired = each.rule == OWN_RULE and month >= retired_in
            worse = graver.get(each.key, 0) > _GRAVITY.get(each.rule, 0)
            of["retired" if retired else "worse" if worse else "solved"].append(each)
        result.append({state: sorted(some, key=_order) for state, some in of.items()})
        ever |= now
    return result


def _order(each: Planted) -> tuple[str, tuple[str, ...]]:
    return each.rule, tuple(value for _, value in each.key)


def _document(names: Sequence[str], chosen: Iterable[int], ledger: Sequence[Mapping[str, list[Planted]]]) -> str:
    """The ledger as JSON: the commands in their order, then what each month's report must say."""
    document = {
        "about": _ABOUT,
        "retired": {"rule": OWN_RULE, "month": str(AS_OF[RETIRED_IN])[:7]},
        "commands": [
            ["xuejian", "report", name, *(["--rules", RULES] if month < RETIRED_IN else []), "-o", f"report-{name}"]
            for name, month in zip(names, chosen, strict=True)
        ],
        "months": [
            {
                "month": name,
                "counts": _counts(of),
                "rules": _by_rule(of),
                "keys": {state: [{"rule": p.rule, "key": dict(p.key)} for p in of[state]] for state in STATES},
            }
            for name, of in zip(names, ledger, strict=True)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _counts(of: Mapping[str, list[Planted]]) -> dict[str, int]:
    return {state: len(of[state]) for state in STATES}


def _by_rule(of: Mapping[str, list[Planted]]) -> dict[str, dict[str, int]]:
    counts = Counter((each.rule, state) for state in STATES for each in of[state])
    rules = sorted({rule for rule, _ in counts})
    return {rule: {state: counts[rule, state] for state in STATES if counts[rule, state]} for rule in rules}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
