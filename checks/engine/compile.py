"""Flat rules as durable_rules definitions, in the shapes that were proved sound (docs/decisions.md, tests/checks).

`k` is a fact's kind; every other field has a name of our own (durable_rules reserves s, m, id, sid); dates are day
numbers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from checks.engine.flat import FlatPattern, FlatRule, Join, Operand, Test

MOST_RULES = 150
"""Engine rules a ruleset: beyond some 256 durable_rules refuses, at 512 it hangs."""
MOST_PATTERNS = 60
"""Patterns of one kind a ruleset: a fact that more than 64 may admit overruns the engine's stack (error 303)."""
GO = {"k": "go", "id": "go"}
"""The control fact that is asserted last: negations are judged when all other facts are in."""
ALWAYS = {"all": [{"go": {"k": "go"}}]}
"""A rule that the control fact alone matches. With a session durable_rules frees the match that it handed out last;
where there was none, that is memory never set: a cohort in which nobody breaks a rule could end the process."""
SAME = "e"
"""A field that is 1 in every fact: the equality of a join that has none of its own."""
_OPERATORS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}

Names = Mapping[tuple[str, Operand], str]
"""(kind, operand) → the name of the fact's field in the engine."""


def field_names(rules: Iterable[FlatRule]) -> dict[tuple[str, Operand], str]:
    """Every field that the rules' facts need, by kind, named f0, f1, … within its kind; in a fixed order."""
    wanted: dict[str, set[Operand]] = {}
    for rule in rules:
        kinds = {p.alias: p.kind for p in rule.matched}
        for pattern in (*rule.matched, *rule.forbidden):
            mine = wanted.setdefault(pattern.kind, set())
            mine |= {test.operand for test in pattern.tests}
            for join in pattern.joins:
                mine.add(join.field)
                wanted[kinds[join.alias]].add(join.other)
    return {
        (kind, operand): f"f{n}"
        for kind, fields in wanted.items()
        for n, operand in enumerate(sorted(fields, key=repr))
    }


def definitions(rules: Iterable[FlatRule], names: Names) -> dict[str, Any]:
    """The definitions of one ruleset, for `create_ruleset`."""
    return {"go": ALWAYS} | {rule.name: _definition(rule, names) for rule in rules}


def _definition(rule: FlatRule, names: Names) -> dict[str, Any]:
    called = {p.alias: f"a{i}" for i, p in enumerate(rule.matched)}
    kinds = {p.alias: p.kind for p in rule.matched}

    def conditions(pattern: FlatPattern, read_by_others: Iterable[Operand]) -> dict[str, Any]:
        def own(operand: Operand) -> str:
            return names[pattern.kind, operand]

        def joined(join: Join) -> dict[str, str]:
            return {called[join.alias]: names[kinds[join.alias], join.other]}

        tests = [_test(test, own(test.operand)) for test in pattern.tests]
        # A missing value on the left is an error, and missing equals missing: each side is tested for presence first.
        guarded = dict.fromkeys([*(j.field for j in pattern.joins), *read_by_others])
        guards = [{"$neq": {own(field): None}} for field in guarded]
        equal = [{own(j.field): joined(j)} for j in pattern.joins if j.op == "=="]
        unequal = [{_OPERATORS[j.op]: {own(j.field): joined(j)}} for j in pattern.joins if j.op != "=="]
        # The last condition must not be one that can fail: the engine reads past its end. An equality can be repeated.
        if unequal and not equal:
            equal = [{SAME: {called[pattern.joins[0].alias]: SAME}}]
        tail = equal[:1] if unequal else []
        return {"$and": [{"k": pattern.kind}, *tests, *guards, *equal, *unequal, *tail]}

    patterns: list[dict[str, Any]] = []
    for pattern in rule.matched:
        read = [j.other for p in rule.matched for j in p.joins if j.alias == pattern.alias]
        patterns.append({called[pattern.alias]: conditions(pattern, read)})
    if rule.forbidden:
        patterns.append({"go": {"k": "go"}})
    patterns += [{f"n{i}$not": conditions(pattern, ())} for i, pattern in enumerate(rule.forbidden)]
    return {"all": patterns}


def _test(test: Test, field: str) -> dict[str, Any]:
    match test.op:
        case "missing":
            return {field: None}
        case "present":
            return {"$neq": {field: None}}
        case "==":
            return {field: test.value}
    return {_OPERATORS[test.op]: {field: test.value}}


def rulesets(rules: Iterable[FlatRule]) -> list[list[FlatRule]]:
    """The rules in as few rulesets as keep to both limits, in order."""
    sets: list[list[FlatRule]] = []
    patterns: Counter[str] = Counter()
    for rule in rules:
        kinds = Counter(p.kind for p in (*rule.matched, *rule.forbidden))
        if not sets or len(sets[-1]) == MOST_RULES or any(patterns[k] + n > MOST_PATTERNS for k, n in kinds.items()):
            sets.append([])
            patterns.clear()
        sets[-1].append(rule)
        patterns += kinds
    return sets
