"""A rule altered in one place each: every boundary, operator, limit and condition that its examples must notice.

What provably means the same is not made: `x is not None` beside a comparison with x, or with what is computed from x,
can be dropped without a change. Neither is what the rule language refuses: a join that leaves the person.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from facts.model.computed import COMPUTED, KINDS
from facts.model.schema import ColumnType, columns
from rules.condition import (
    EVERYTHING,
    And,
    AsOf,
    Compare,
    Expr,
    Literal,
    Lookup,
    Member,
    Missing,
    Not,
    Or,
    Param,
    Ref,
    Term,
    Truth,
)
from rules.model import Parameter
from rules.rule import Pattern, Rule, joins_people

_OTHER = {">": ">=", ">=": ">", "<": "<=", "<=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True)
class Mutant:
    """One altered rule, or the rule as it is with one parameter altered."""

    rule: Rule
    altered: str
    """What was altered, in the words of the rule language: `as_of > until → as_of >= until`."""
    parameters: Mapping[str, Any]
    """Altered values of parameters; empty where the rule itself was altered."""


def mutants(rule: Rule, parameters: Mapping[str, Parameter], values: Mapping[str, Any]) -> Iterator[Mutant]:
    """Every mutant of a rule, in the order of its file; `values`: the parameters in force."""
    for place, pattern in enumerate(rule.patterns):
        if pattern.negated:
            rest = (*rule.patterns[:place], *rule.patterns[place + 1 :])
            yield Mutant(replace(rule, patterns=rest), f"no {pattern.kind}: 整条去掉", {})
        needed = _needed(rule, place)
        whole = pattern.condition
        alternatives = list(_altered(whole, pattern, needed, rule.kinds))
        if not isinstance(whole, And | Or) and not _implied(whole, needed):
            alternatives.append((EVERYTHING, f"去掉 {shown(whole, pattern)}"))
        for condition, altered in alternatives:
            one = replace(pattern, condition=condition)
            patterns = (*rule.patterns[:place], one, *rule.patterns[place + 1 :])
            mutant = replace(rule, patterns=patterns)
            if joins_people(mutant):
                yield Mutant(mutant, f"{_head(pattern)}: {altered}", {})
    if rule.over:
        yield Mutant(replace(rule, over=None), "over: 整条去掉", {})
        for condition, altered in _altered(rule.over, rule.patterns[0], frozenset(), rule.kinds):
            yield Mutant(replace(rule, over=condition), f"over: {altered}", {})
    for name in sorted(_deciding(rule) & parameters.keys()):
        for value, altered in _near(values[name], parameters[name].least) if parameters[name].type == "int" else ():
            yield Mutant(rule, f"params.{name} = {values[name]} → {altered}", {name: value})


def _head(pattern: Pattern) -> str:
    named = "" if pattern.negated or pattern.alias == pattern.kind else f" as {pattern.alias}"
    return f"{'no ' if pattern.negated else ''}{pattern.kind}{named}"


def _deciding(rule: Rule) -> set[str]:
    """Parameters that decide whether the rule finds something: not those that only a message or a deadline reads."""
    silent = rule.file.model_copy(update={"message": ""})
    only_conditions = replace(rule, due=None, file=silent, owners=(), over=None, population=())
    return set(only_conditions.parameters)


def _near(value: Any, least: int) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        for key, number in value.items():
            for other, _ in _near(number, least):
                yield {**value, key: other}, {**value, key: other}
    elif isinstance(value, int):
        yield from ((value + by, value + by) for by in (1, -1) if value + by >= least)


def _altered(expr: Expr, own: Pattern, needed: frozenset[Ref], kinds: Mapping[str, str]) -> Iterator[tuple[Expr, str]]:
    """Every expression that differs from `expr` in one place, with what was altered. `needed`: fields that must be
    there all the same, because other conditions of the match compare them."""
    match expr:
        case And(items) | Or(items):
            for place, item in enumerate(items):
                rest = (*items[:place], *items[place + 1 :])
                beside = needed | _with_sources(_present(rest), kinds) if isinstance(expr, And) else needed
                if not _implied(item, beside):
                    yield rest[0] if len(rest) == 1 else type(expr)(rest), f"去掉 {shown(item, own)}"
                for other, said in _altered(item, own, beside, kinds):
                    yield type(expr)((*items[:place], other, *items[place + 1 :])), said
        case Not(And() | Or() as item):
            for other, said in _altered(item, own, needed, kinds):
                yield Not(other), said
        case _:
            for other in _alone(expr):
                yield other, f"{shown(expr, own)} → {shown(other, own)}"


def _alone(expr: Expr) -> Iterator[Expr]:
    match expr:
        case Compare(left, op, right):
            yield Compare(left, _OTHER[op], right)
            yield from (Compare(moved, op, right) for moved in _limits(left))
            yield from (Compare(left, op, moved) for moved in _limits(right))
        case Member(ref, values, negated):
            yield Member(ref, values, not negated)
            if not isinstance(values, Param) and len(values) > 1:
                for value in values:
                    yield Member(ref, tuple(v for v in values if v != value), negated)
        case Not(Missing() | Truth() as item):
            yield item
        case Not(item):
            yield item
            for other in _alone(item):
                yield Not(other)
        case Missing() | Truth():
            yield Not(expr)


def _limits(term: Term) -> Iterator[Term]:
    """The term with a number or a day in it one more and one less."""
    for base in _moved(term.base):
        yield Term(base, term.plus)
    for place, (sign, part) in enumerate(term.plus):
        for moved in _moved(part):
            yield Term(term.base, (*term.plus[:place], (sign, moved), *term.plus[place + 1 :]))


def _moved(base: object) -> Iterator[Any]:
    match base:
        case Literal(date() as day):
            yield from (Literal(day + timedelta(by)) for by in (1, -1))
        case Literal(int(number)):
            yield from (Literal(number + by) for by in (1, -1))


def _needed(rule: Rule, place: int) -> frozenset[Ref]:
    """Fields that a match always has: conditions of other positive patterns compare them, or a computed fact is not
    made without them."""
    made = {
        Ref(p.alias, name)
        for p in rule.positive
        if p.kind in COMPUTED
        for name, column in columns(COMPUTED[p.kind]).items()
        if column.required
    }
    others = [p.condition for i, p in enumerate(rule.patterns) if i != place and not p.negated]
    return _with_sources(_present(others), rule.kinds) | made


def _with_sources(found: frozenset[Ref], kinds: Mapping[str, str]) -> frozenset[Ref]:
    """With the fields of the same fact that computed dates and numbers are computed from: those are missing where
    one of these is."""
    more = set(found)
    for ref in found:
        column = columns(KINDS[kinds[ref.alias]])[ref.field]
        if column.type in (ColumnType.DATE, ColumnType.INT):
            more |= {Ref(ref.alias, name) for name in column.needs or () if "." not in name}
    return frozenset(more)


def _present(conjuncts: Iterable[Expr]) -> frozenset[Ref]:
    """Fields that must have a value where all of these hold."""
    found: set[Ref] = set()
    for item in conjuncts:
        match item:
            case And(items):
                found |= _present(items)
            case Compare(left, _, right):
                found |= {t.base for t in (left, right) if isinstance(t.base, Ref)}
                found |= {t.base.by for t in (left, right) if isinstance(t.base, Lookup)}
            case Member(ref) | Truth(ref) | Not(Missing(ref)):
                found.add(ref)
    return frozenset(found)


def _implied(item: Expr, needed: frozenset[Ref]) -> bool:
    """`x is not None` where x must be there anyway."""
    return isinstance(item, Not) and isinstance(item.item, Missing) and item.item.ref in needed


def shown(expr: Expr, own: Pattern) -> str:
    """An expression in the rule language."""

    def ref(field: Ref) -> str:
        return field.field if field.alias == own.alias else f"{field.alias}.{field.field}"

    def base(part: object) -> str:
        match part:
            case Ref():
                return ref(part)
            case Literal(str() as text):
                return f'"{text}"'
            case Literal(value):
                return str(value)
            case AsOf():
                return "as_of"
            case Param(name):
                return f"params.{name}"
            case Lookup(name, by):
                return f"params.{name}[{ref(by)}]"
        raise AssertionError(part)

    def term(each: Term) -> str:
        return base(each.base) + "".join(f" {'+' if sign > 0 else '-'} {base(part)}" for sign, part in each.plus)

    match expr:
        case And(items) | Or(items):
            return f" {'and' if isinstance(expr, And) else 'or'} ".join(
                f"({shown(i, own)})" if isinstance(i, And | Or) else shown(i, own) for i in items
            )
        case Not(Missing(field)):
            return f"{ref(field)} is not None"
        case Not(item):
            return f"not ({shown(item, own)})" if isinstance(item, And | Or | Compare) else f"not {shown(item, own)}"
        case Missing(field):
            return f"{ref(field)} is None"
        case Truth(field):
            return ref(field)
        case Member(field, values, negated):
            listed = f"params.{values.name}" if isinstance(values, Param) else str(list(values)).replace("'", '"')
            return f"{ref(field)}{' not' if negated else ''} in {listed}"
        case Compare(left, op, right):
            return f"{term(left)} {op} {term(right)}"
