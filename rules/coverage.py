"""Which clauses of the regulation the rules stand for, which can't be checked and why, and which are left open."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from rules.pack import Pack

COVERED, EXPLAINED, OPEN = "covered", "explained", "not covered"
WORDS = {COVERED: "有规则", EXPLAINED: "不能核对", OPEN: "未覆盖"}


@dataclass(frozen=True)
class ClauseCoverage:
    pack: str
    clause: str
    text: str
    rules: tuple[str, ...]
    reason: str | None
    """Why data can't show it, where no rule stands for it."""

    @property
    def state(self) -> str:
        if self.rules:
            return COVERED
        return EXPLAINED if self.reason else OPEN


def coverage(packs: Iterable[Pack]) -> tuple[ClauseCoverage, ...]:
    """Every clause of every pack, in the regulation's order."""
    return tuple(
        ClauseCoverage(pack.file.id, clause.id, clause.text, pack.covering(clause.id), clause.uncovered)
        for pack in packs
        for clause in pack.file.clauses
    )


def coverage_json(clauses: Iterable[ClauseCoverage]) -> str:
    """`{summary, clauses}` as JSON text."""
    clauses = list(clauses)
    document = {
        "summary": {state: sum(c.state == state for c in clauses) for state in WORDS},
        "clauses": [
            {"pack": c.pack, "clause": c.clause, "state": c.state, "rules": list(c.rules),
             "reason": None if c.rules else c.reason, "text": c.text}
            for c in clauses
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def coverage_rows(clauses: Iterable[ClauseCoverage]) -> list[tuple[str, str, str, str]]:
    """(pack, clause, state, rules or reason) for a table."""
    return [
        (c.pack, c.clause, WORDS[c.state], "、".join(c.rules) or c.reason or "没有规则，也没有说明原因")
        for c in clauses
    ]


def summary(clauses: Iterable[ClauseCoverage]) -> list[str]:
    """One line a pack: how many clauses are in which state."""
    by_pack: dict[str, list[ClauseCoverage]] = {}
    for clause in clauses:
        by_pack.setdefault(clause.pack, []).append(clause)
    return [
        f"{pack}：{len(each)} 条，"
        + "，".join(f"{word} {sum(c.state == state for c in each)}" for state, word in WORDS.items())
        for pack, each in by_pack.items()
    ]
