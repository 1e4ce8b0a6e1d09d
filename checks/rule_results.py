"""What each rule came to: its state, why it was judged in part or not at all, and how much it looked at."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from checks.availability import gaps, is_excused, tables_of
from checks.engine.columns import Columns
from checks.engine.holding import holding
from checks.reasons import Limit, NotCovered, Obstacle, RowsSetAside, Unjudged, Withheld, sentence
from checks.results import Finding, RuleResult
from facts.model.factbase import FactBase
from rules.condition import EVERYTHING
from rules.pack import Pack
from rules.pages import owner
from rules.rule import Rule


@dataclass(frozen=True)
class Judging:
    """What one pack's rules were judged on, and what was learnt of each on the way, by rule id."""

    pack: Pack
    base: FactBase
    kinds: Mapping[str, Columns]
    obstacles: Mapping[str, tuple[Obstacle, ...]]
    failures: Mapping[str, str]
    uncovered: Mapping[str, tuple[NotCovered, ...]]
    """The time that its tables don't cover, and that it left out."""
    unjudged: Mapping[str, int]
    """The candidates that could not be judged because rows were set aside."""


def rule_result(rule: Rule, findings: Collection[Finding], judging: Judging) -> RuleResult:
    """The outcome of one rule; `findings`: those of all rules."""
    pack, base, snapshot = judging.pack, judging.base, judging.base.snapshot
    uncovered, candidates = judging.uncovered.get(rule.id, ()), judging.unjudged.get(rule.id, 0)
    count = sum(f.rule == rule.id for f in findings)
    considered = 0
    status: str
    reason: str | None
    if rule.id in judging.obstacles:
        status, reason = "not checked", sentence(judging.obstacles[rule.id])
    elif rule.id in judging.failures:
        status, reason = "failed", judging.failures[rule.id]
    else:
        unjudged = candidates + sum(each.facts for each in _withheld(rule, base))
        status = "violated" if count else "partial" if unjudged else "clean"
        reason = sentence((*uncovered, *_limits(rule, candidates, judging)))
        considered = _considered(rule, judging)
    file = rule.file
    return RuleResult(
        id=rule.id,
        title=file.title,
        clause=file.clause,
        severity=file.severity,
        owner=owner(rule),
        remedy=file.remedy,
        status=status,
        reason=reason,
        considered=considered,
        findings=count,
        decision=file.decision,
        pack=rule.pack,
        excused=rule.id in judging.obstacles and is_excused(judging.obstacles[rule.id]),
        definition=definition(rule, pack),
        parameters={
            name: json.dumps(pack.parameters[name], ensure_ascii=False, sort_keys=True, default=str)
            for name in sorted(rule.parameters & pack.parameters.keys())
        },
        tables=tuple(dict.fromkeys(table for p in rule.patterns for table in tables_of(p.kind))),
        gaps=tuple(map(str, (*uncovered, *gaps(rule, snapshot, pack.parameters, base.coverage)))),
    )


def definition(rule: Rule, pack: Pack) -> str:
    """Changes with what the rule finds, not with how it words it."""
    file = rule.file
    judged = [file.when, file.per, file.due, file.severity, file.effective.model_dump(mode="json")]
    judged += [file.over] if file.over else []
    if any(pattern.kind == "procedure" for pattern in rule.patterns):
        judged.append([procedure.model_dump(mode="json", by_alias=True) for procedure in pack.file.procedures])
    return sha256(json.dumps(judged, ensure_ascii=False).encode()).hexdigest()[:16]


def _considered(rule: Rule, judging: Judging) -> int:
    """How many facts the rule looks at: its population, else all facts of its first kind."""
    total = 0
    for pattern in rule.population or [replace(rule.patterns[0], condition=EVERYTHING)]:
        rows = np.arange(len(judging.base.frames[pattern.kind]))
        if len(rows) and pattern.condition != EVERYTHING:
            of, at = {pattern.alias: pattern.kind}, {pattern.alias: rows}
            as_of, parameters = judging.base.snapshot.as_of, judging.pack.parameters
            rows = rows[holding(pattern.condition, of, at, judging.kinds, as_of, parameters)]
        total += len(rows)
    return total


def _withheld(rule: Rule, base: FactBase) -> Iterator[Withheld]:
    """Facts, or computed fields, that the rule looks for and that were not computed: a row they rest on was set
    aside."""
    for kind in dict.fromkeys(p.kind for p in rule.positive):
        if count := _not_computed(rule, kind, base):
            yield Withheld(kind, count)


def _not_computed(rule: Rule, kind: str, base: FactBase) -> int:
    """How many facts of a kind, or values of the computed columns of a table that the rule reads, are withheld."""
    fields = [f"{kind}.{name}" for of, name, _ in rule.judged if of == kind and name]
    return max(base.withheld.get(name, 0) for name in (kind, *fields))


def _limits(rule: Rule, candidates: int, judging: Judging) -> Iterator[Limit]:
    """What a judged rule could not take into account."""
    snapshot, base = judging.base.snapshot, judging.base
    yield from gaps(rule, snapshot, judging.pack.parameters, base.coverage)
    if candidates:
        yield Unjudged(candidates)
    for kind in dict.fromkeys(p.kind for p in rule.patterns):
        if count := _not_computed(rule, kind, base):
            yield Withheld(kind, count)
    for table in dict.fromkeys(t for p in rule.positive for t in tables_of(p.kind)):
        if table in snapshot.tables and (count := snapshot.tables[table].set_aside_count):
            yield RowsSetAside(table, count)
