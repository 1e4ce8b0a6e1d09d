"""A condition with its constants put in: comparisons of one field or of two, joined by and and or; and its cases.

The meaning is the rule language's: a comparison with a missing value is false, and `not` is two-valued.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from facts.model.computed import KINDS
from facts.model.schema import Column, columns
from rules import condition as c

Value = str | int
_INVERSE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRROR = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True)
class Alone:
    ref: c.Ref
    op: str
    value: Value | tuple[Value, ...] = 0


@dataclass(frozen=True)
class Pair:
    left: c.Ref
    op: str
    right: c.Ref
    offset: int


@dataclass(frozen=True)
class AllOf:
    items: tuple["Node", ...]


@dataclass(frozen=True)
class AnyOf:
    items: tuple["Node", ...]


Atom = Alone | Pair
Node = Atom | AllOf | AnyOf
_TRUE, _FALSE = AllOf(()), AnyOf(())


def as_value(value: Any) -> Value:
    """A constant as the engine holds it: dates as day numbers, yuan as fen, yes and no as 1 and 0."""
    if isinstance(value, Decimal):
        return int(value * 100)
    if isinstance(value, date):
        return value.toordinal()
    return int(value) if isinstance(value, bool) else value


@dataclass(frozen=True)
class Lower:
    """Puts the day and the parameters into a condition."""

    kinds: Mapping[str, str]
    """Alias → kind."""
    as_of: date
    parameters: Mapping[str, Any]

    def column(self, ref: c.Ref) -> Column:
        return columns(KINDS[self.kinds[ref.alias]])[ref.field]

    def node(self, expr: c.Expr) -> Node:
        match expr:
            case c.And(items):
                return AllOf(tuple(map(self.node, items)))
            case c.Or(items):
                return AnyOf(tuple(map(self.node, items)))
            case c.Not(item):
                return negate(self.node(item))
            case c.Missing(ref):
                return Alone(ref, "missing")
            case c.Truth(ref):
                return Alone(ref, "==", 1)
            case c.Member(ref, values, negated):
                listed = self.parameters[values.name] if isinstance(values, c.Param) else values
                return Alone(ref, "not in" if negated else "in", tuple(map(as_value, listed)))
            case c.Compare(left, op, right):
                return self.compare(left, op, right)

    def compare(self, left: c.Term, op: str, right: c.Term) -> Node:
        for one, other, way in ((left, right, op), (right, left, MIRROR[op])):
            if isinstance(one.base, c.Lookup):
                table, by = self.parameters[one.base.name], one.base.by
                return AnyOf(
                    tuple(
                        AllOf((Alone(by, "==", key), self.compare(c.Term(c.Literal(value)), way, other)))
                        for key, value in table.items()
                    )
                )
        (a, a_const), (b, b_const) = self.side(left), self.side(right)
        if a is not None and b is not None:
            return Pair(a, op, b, _number(b_const) - _number(a_const))
        if a is not None:
            return Alone(a, op, b_const if isinstance(b_const, str) else b_const - _number(a_const))
        if b is not None:
            return Alone(b, MIRROR[op], a_const if isinstance(a_const, str) else a_const - _number(b_const))
        return _TRUE if _COMPARE[op](a_const, b_const) else _FALSE

    def side(self, term: c.Term) -> tuple[c.Ref | None, Value]:
        """A term as (field, what is added to it), or (None, its value)."""
        added = sum(sign * _number(self.constant(part)) for sign, part in term.plus)
        if isinstance(term.base, c.Ref):
            return term.base, added
        value = self.constant(term.base)
        return None, value if isinstance(value, str) else value + added

    def constant(self, base: c.Base) -> Value:
        match base:
            case c.Literal(value):
                return as_value(value)
            case c.AsOf():
                return self.as_of.toordinal()
            case c.Param(name):
                return as_value(self.parameters[name])
        raise AssertionError(base)


_COMPARE = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def _number(value: Value) -> int:
    assert isinstance(value, int)
    return value


def negate(node: Node) -> Node:
    match node:
        case AllOf(items):
            return AnyOf(tuple(map(negate, items)))
        case AnyOf(items):
            return AllOf(tuple(map(negate, items)))
        case Alone(ref, "missing"):
            return Alone(ref, "present")
        case Alone(ref, "present"):
            return Alone(ref, "missing")
        case Alone(ref, "in" | "not in" as op, value):
            return AnyOf((Alone(ref, "missing"), Alone(ref, "not in" if op == "in" else "in", value)))
        case Alone(ref, op, value):
            return AnyOf((Alone(ref, "missing"), Alone(ref, _INVERSE[op], value)))
        case Pair(left, op, right, offset):
            missing = (Alone(left, "missing"), Alone(right, "missing"))
            return AnyOf((*missing, Pair(left, _INVERSE[op], right, offset)))


def cases(node: Node) -> Iterator[tuple[Atom, ...]]:
    """The disjunctive normal form, without cases that contradict themselves."""
    for atoms in _expand(node):
        unique = tuple(dict.fromkeys(atoms))
        absent = {a.ref for a in unique if isinstance(a, Alone) and a.op == "missing"}
        compared = {a.ref for a in unique if isinstance(a, Alone) and a.op != "missing"}
        compared |= {ref for a in unique if isinstance(a, Pair) for ref in (a.left, a.right)}
        if not absent & compared:
            yield unique


def _expand(node: Node) -> Iterator[tuple[Atom, ...]]:
    match node:
        case AnyOf(items):
            for item in items:
                yield from _expand(item)
        case AllOf(items):
            if not items:
                yield ()
                return
            for first in _expand(items[0]):
                for rest in _expand(AllOf(items[1:])):
                    yield (*first, *rest)
        case _:
            yield (node,)


def aliases(atom: Atom) -> set[str]:
    return {atom.ref.alias} if isinstance(atom, Alone) else {atom.left.alias, atom.right.alias}
