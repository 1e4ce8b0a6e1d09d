"""The rule language judged the plain way: nested loops over facts as dicts, straight from the parsed conditions.

It shares nothing with checks: no normal form, no narrowing, no engine. What the two agree on is what the language
means.
"""

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from facts.model.computed import KINDS
from facts.model.coverage import Cover, Since
from rules.condition import And, AsOf, Compare, Expr, Literal, Lookup, Member, Missing, Not, Or, Param, Ref, Term, Truth
from rules.rule import Pattern, Rule

Fact = Mapping[str, Any]
"""Field → value: text, number, date as day number, bool; None where missing. Compared by identity."""
OPERATORS = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def matches(
    rule: Rule, facts: Mapping[str, Sequence[Fact]], as_of: date, parameters: Mapping[str, Any],
    asides: Mapping[str, Sequence[Fact]] = {}, absent: Collection[str] = (), covers: Mapping[str, Cover] = {},
) -> set[tuple[int, ...]]:  # fmt: skip
    """The positions, in their kinds, of the facts of every match. An aside's unreadable field is `...`. `absent`: kinds
    whose table is not given; `covers`: kinds that speak only of some time."""
    judge = _Judge(rule, as_of, parameters)
    negative = [p for p in rule.negative if not (p.optional and p.kind in absent)]
    found = set()
    for places in product(*(range(len(facts[p.kind])) for p in rule.positive)):
        bound = {p.alias: facts[p.kind][at] for p, at in zip(rule.positive, places, strict=True)}
        if len({id(fact) for fact in bound.values()}) < len(bound):
            continue
        seen: dict[str, Fact] = {}
        for pattern in rule.positive:
            seen[pattern.alias] = bound[pattern.alias]
            if not judge.holds(pattern.condition, seen):
                break
        else:
            if not any(judge.broken(p, bound, facts, asides) or judge.unheard(p, bound, covers) for p in negative):
                found.add(places)
    return found


def is_over(rule: Rule, bound: Mapping[str, Fact], as_of: date, parameters: Mapping[str, Any]) -> bool:
    """Whether the rule calls a match over."""
    return rule.over is not None and _Judge(rule, as_of, parameters).holds(rule.over, bound)


class _Judge:
    def __init__(self, rule: Rule, as_of: date, parameters: Mapping[str, Any]) -> None:
        self.as_of, self.parameters, self.kinds = as_of, parameters, rule.kinds

    def unheard(self, pattern: Pattern, bound: Mapping[str, Fact], covers: Mapping[str, Cover]) -> bool:
        """Whether the time that a negated pattern asks about is not covered, so that nothing is known to be absent.
        Only for conditions without `or`, `not`, `is` and tables."""
        if pattern.optional or pattern.kind not in covers:
            return False
        items = list(_conjuncts(pattern.condition))
        if not all(self.holds(item, bound) for item in items if pattern.alias not in _aliases(item)):
            return False  # whatever stands there, it is not what is asked about
        cover = covers[pattern.kind]
        if isinstance(cover, Since):
            kind, _, field = cover.of.partition(".")
            days = [
                bound[alias][field]
                for alias in {a for item in items if pattern.alias in _aliases(item) for a in _aliases(item)}
                if alias != pattern.alias and self.kinds[alias] == kind
            ]
            if cover.from_on is None:
                return True
            return any(day is None or day < cover.from_on.toordinal() for day in days)
        periods = []
        for item in items:
            match item:
                case Compare(Term(a, ()), "==", Term(b, ())):
                    for mine, other in ((a, b), (b, a)):
                        if mine == Ref(pattern.alias, cover.field) and not (
                            isinstance(other, Ref) and other.alias == pattern.alias
                        ):
                            periods.append(self.value(Term(other), bound))
        return not all(period in cover.covered for period in periods) if periods else not cover.covered

    def broken(self, pattern: Pattern, bound: Mapping[str, Fact], facts: Any, asides: Any) -> bool:
        """Whether some other fact, or a row that could not be read, stands against a negated pattern."""
        matched = {id(fact) for fact in bound.values()}
        if any(
            id(fact) not in matched and self.holds(pattern.condition, {**bound, pattern.alias: fact})
            for fact in facts[pattern.kind]
        ):
            return True
        return any(
            self.may_hold(pattern.condition, pattern.alias, {**bound, pattern.alias: aside}, True)
            for aside in _asides_of(pattern.kind, asides)
        )

    def holds(self, expr: Expr, facts: Mapping[str, Fact]) -> bool:
        match expr:
            case And(items):
                return all(self.holds(item, facts) for item in items)
            case Or(items):
                return any(self.holds(item, facts) for item in items)
            case Not(item):
                return not self.holds(item, facts)
            case Missing(Ref(alias, field)):
                return facts[alias][field] is None
            case Truth(Ref(alias, field)):
                return facts[alias][field] is True
            case Member(Ref(alias, field), values, negated):
                listed = self.parameters[values.name] if isinstance(values, Param) else values
                value = facts[alias][field]
                return value is not None and (value in listed) is not negated
            case Compare(left, op, right):
                a, b = self.value(left, facts), self.value(right, facts)
                return a is not None and b is not None and OPERATORS[op](a, b)

    def value(self, term: Term, facts: Mapping[str, Fact]) -> Any:
        match term.base:
            case Ref(alias, field):
                value = facts[alias][field]
            case Literal(date() as day):
                value = day.toordinal()
            case Literal(value):
                pass
            case AsOf():
                value = self.as_of.toordinal()
            case Param(name):
                value = _held(self.parameters[name])
            case Lookup(name, Ref(alias, field)):
                value = self.parameters[name].get(facts[alias][field])
        if value is None:
            return None
        for sign, part in term.plus:
            value += sign * (part.value if isinstance(part, Literal) else self.parameters[part.name])
        return value

    def may_hold(self, expr: Expr, own: str, facts: Mapping[str, Fact], wanted: bool) -> bool:
        """Whether a row set aside may fulfil the condition: of its own fields only joins by equality are looked at."""
        match expr:
            case And(items) | Or(items):
                every = all if isinstance(expr, And) is wanted else any
                return every(self.may_hold(item, own, facts, wanted) for item in items)
            case Not(item):
                return self.may_hold(item, own, facts, not wanted)
            case Compare(Term(Ref() as a, ()), "==", Term(Ref() as b, ())) if wanted and own in (a.alias, b.alias):
                mine, theirs = (a, b) if a.alias == own else (b, a)
                if theirs.alias == own:
                    return True
                if mine.field not in facts[own]:
                    return True
                value, other = facts[own][mine.field], facts[theirs.alias][theirs.field]
                if value is ...:
                    return mine.field not in ("student_no", "id_number", "exam_no", "person_no", "change_no")
                return value is not None and value == other
        if any(alias == own for alias in _aliases(expr)):
            return True
        return self.holds(expr, facts) is wanted


def _held(value: Any) -> Any:
    """A parameter's value as facts hold such values."""
    if isinstance(value, Decimal):
        return int(value * 100)
    return value.toordinal() if isinstance(value, date) else value


def _conjuncts(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, And):
        for item in expr.items:
            yield from _conjuncts(item)
    else:
        yield expr


def _asides_of(kind: str, asides: Mapping[str, Sequence[Fact]]) -> Iterator[Fact]:
    """The rows set aside that may be, or may go into, a fact of this kind; of a computed fact only its key is known."""
    yield from asides.get(kind, ())
    for source in KINDS[kind].about.sources:
        if source.keys:
            for row in asides.get(source.table, ()):
                yield {field: row[column] for field, column in source.keys.items()}


def _aliases(expr: Expr) -> Iterator[str]:
    match expr:
        case And(items) | Or(items):
            for item in items:
                yield from _aliases(item)
        case Not(item):
            yield from _aliases(item)
        case Missing(Ref(alias, _)) | Truth(Ref(alias, _)) | Member(Ref(alias, _), _, _):
            yield alias
        case Compare(left, _, right):
            for term in (left, right):
                match term.base:
                    case Ref(alias, _) | Lookup(_, Ref(alias, _)):
                        yield alias
