"""A table speaks only of the time it covers: outside of it nothing is known to be absent.

Each `no KIND` demands of the facts matched before it that they lie in the time that the kind speaks of. What is left
out by that is told with the rule; a rule that has candidates, none of them in covered time, is not checked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checks.engine.columns import Columns, Ints
from checks.engine.flat import Filled, FlatPattern, FlatRule, Test, Within
from checks.engine.narrow import survivors
from facts.model.computed import KINDS
from facts.model.coverage import Cover, Marked, Periods, Since
from facts.model.schema import columns
from rules.rule import Rule

Covers = Mapping[str, Cover]
"""Kind → of which time it speaks; a kind that is not listed speaks of all time."""


@dataclass(frozen=True)
class Gate:
    """What a `no KIND` demands of a fact matched before it: that it lies in the time that the kind speaks of."""

    kind: str
    alias: str
    """Of the fact of which it is demanded."""
    period: str | None
    """The field of that fact that names its period; None where days are covered, or nothing is."""
    test: Test


@dataclass(frozen=True)
class LeftOut:
    """Candidates of a rule that lie outside the time that a kind speaks of."""

    kind: str
    periods: tuple[str, ...] = ()
    """The terms or academic years that were left out; empty where it is days that are covered."""


def gates(rule: Rule, flat: FlatRule, covers: Covers) -> tuple[Gate, ...]:
    """What the negated patterns of an engine rule demand, and the facts that say themselves what they rest on. `no
    KIND?` demands nothing: where its table does not speak, it holds."""
    optional = {pattern.alias for pattern in rule.negative if pattern.optional}
    demanded = [
        gate
        for pattern in flat.forbidden
        if pattern.kind in covers and pattern.alias not in optional
        for gate in _gates(flat, pattern, covers[pattern.kind])
    ]
    for pattern in flat.matched:
        cover = covers.get(pattern.kind)
        if isinstance(cover, Marked):
            test = Test(cover.field, "missing", 0)
            demanded.append(Gate(cover.table, pattern.alias, cover.field, test))
    return tuple(dict.fromkeys(demanded))


def gated(flat: FlatRule, demands: Iterable[Gate]) -> FlatRule:
    """The engine rule, kept to what lies in covered time."""
    tests: dict[str, list[Test]] = {}
    for gate in demands:
        tests.setdefault(gate.alias, []).append(gate.test)
    return replace(flat, matched=tuple(replace(p, tests=(*p.tests, *tests.get(p.alias, ()))) for p in flat.matched))


def _gates(flat: FlatRule, pattern: FlatPattern, cover: Cover) -> Iterator[Gate]:
    kinds = {p.alias: p.kind for p in flat.matched}
    first = flat.matched[0]
    never = next(iter(columns(KINDS[first.kind])))
    nothing = Gate(pattern.kind, first.alias, None, Test(Within(never, ()), "==", 1))
    match cover:
        case Periods(field, covered):
            named = [test.value for test in pattern.tests if test.operand == field and test.op == "=="]
            fields = [
                (join.alias, join.other.operand if isinstance(join.other, Filled) else join.other)
                for join in pattern.joins
                if join.field == field and join.op == "=="
            ]
            if not covered.issuperset(map(str, named)) or not (covered or fields):
                yield nothing
                return
            for alias, other in fields:
                assert isinstance(other, str)
                yield Gate(pattern.kind, alias, other, Test(Within(other, tuple(sorted(covered))), "==", 1))
        case Since(of, day):
            kind, _, field = of.partition(".")
            aliases = dict.fromkeys(join.alias for join in pattern.joins if kinds[join.alias] == kind)
            if day is None and not aliases:
                yield nothing
            for alias in aliases:
                test = Test(Within(field, ()), "==", 1) if day is None else Test(field, ">=", day.toordinal())
                yield Gate(pattern.kind, alias, None, test)


@dataclass(frozen=True)
class Reach:
    """How far one rule's candidates lie in covered time."""

    left_out: tuple[LeftOut, ...] = ()
    checked: bool = True
    """Whether some candidate rests on covered time alone, or there is none at all."""


def reach(
    rules: Sequence[tuple[FlatRule, Sequence[Gate]]],
    kinds: Mapping[str, Columns],
    persons: Mapping[str, Ints],
) -> Reach:
    """Looks for the candidates of one rule, given as its engine rules with what they demand: matches of its positive
    patterns."""
    periods: dict[str, dict[str, None]] = {}
    for flat, demands in rules:
        if not any(_excludes(gate, flat, kinds) for gate in demands):
            continue
        rows = dict(
            zip((p.alias for p in flat.matched), survivors(replace(flat, forbidden=()), kinds, persons), strict=True)
        )
        for gate in demands:
            column = kinds[next(p.kind for p in flat.matched if p.alias == gate.alias)]
            outside = rows[gate.alias][~column.holds(gate.test)[rows[gate.alias]]]
            if len(outside):
                names = periods.setdefault(gate.kind, {})
                if gate.period:
                    names |= dict.fromkeys(str(v) for v in column.values(gate.period, outside) if v is not None)
    if not periods:
        return Reach()
    inside = any(
        len(rows)
        for flat, demands in rules
        for rows in survivors(replace(gated(flat, demands), forbidden=()), kinds, persons)[:1]
    )
    return Reach(tuple(LeftOut(kind, tuple(sorted(names))) for kind, names in sorted(periods.items())), inside)


def _excludes(gate: Gate, flat: FlatRule, kinds: Mapping[str, Columns]) -> bool:
    """Whether a gate keeps out any row that its pattern would match."""
    pattern = next(p for p in flat.matched if p.alias == gate.alias)
    column = kinds[pattern.kind]
    return bool(np.any(column.passing(pattern.tests) & ~column.holds(gate.test)))


def not_spoken_of(flat: FlatRule, covers: Covers, kinds: Mapping[str, Columns]) -> Iterator[LeftOut]:
    """Of facts that the rule looks for, not for their absence: the terms that it looks at and their table does not
    cover. Nothing is concluded from that, but it is said."""
    matched = {p.alias: p for p in flat.matched}
    for pattern in flat.matched:
        for join in pattern.joins:
            for one, field, other, theirs in (
                (pattern, join.field, matched[join.alias], join.other),
                (matched[join.alias], join.other, pattern, join.field),
            ):
                cover = covers.get(one.kind)
                if not isinstance(cover, Periods) or cover.field != field or join.op != "==" or other.kind != "term":
                    continue
                column = kinds[other.kind]
                rows = np.flatnonzero(column.passing(other.tests))
                names = {str(v) for v in column.values(theirs, rows) if v is not None} - cover.covered
                if names:
                    yield LeftOut(one.kind, tuple(sorted(names)))
