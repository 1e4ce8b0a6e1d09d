"""A rule in the only form that the engine is given: flat conjunctions of tests on one fact and joins between two.

`or`, `not` and table parameters are expanded (disjunctive normal form), constants put in, and what one fact can answer
alone is told from what joins two. The meaning is the rule language's: a comparison with a missing value is false.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from facts.model.computed import KINDS
from facts.model.schema import Column, columns
from rules import condition as c
from rules.errors import RuleError
from rules.pack import Pack
from rules.rule import Rule

Value = str | int
_INVERSE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRROR = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
LARGEST = 64
"""Engine rules that one rule may expand to."""
MOST_FORBIDDEN = 40
"""Negated patterns that one engine rule may hold."""
_SOME_DAY = date(2026, 11, 25)


class TooManyCases(ValueError):
    """A rule whose `or`s multiply beyond what the engine should be given."""


@dataclass(frozen=True)
class Difference:
    """left − right of two numbers or dates of one fact; missing where either is."""

    left: str
    right: str


@dataclass(frozen=True)
class Order:
    """−1, 0 or 1 as the left text of one fact sorts before, equals or sorts after the right; missing where one is."""

    left: str
    right: str


@dataclass(frozen=True)
class Within:
    """1 where the field's value is one of these, else 0; missing where the field is."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Shifted:
    """The field plus a number or days; missing where it is."""

    field: str
    by: int


@dataclass(frozen=True)
class Against:
    """−1, 0 or 1 as the field's text sorts before, equals or sorts after a given text; missing where it is."""

    field: str
    text: str


@dataclass(frozen=True)
class Rank:
    """The place of the field's text among all texts that rules compare by order; missing where it is.

    durable_rules compares texts for equality only: ordering them crashes it, as does a missing one.
    """

    field: str


@dataclass(frozen=True)
class Filled:
    """What a negated pattern reads of a bound fact: where it is missing, a value that no comparison holds with.

    A missing value there would be read as memory by durable_rules; and it must not keep the bound fact from matching.
    """

    operand: "str | Rank"
    high: bool = False
    """Stands above every number instead of below, so that `>` can't hold."""


Operand = str | Difference | Order | Within | Shifted | Against | Rank | Filled
"""What a test looks at: a field, or something that one row answers from its own fields."""


@dataclass(frozen=True)
class Test:
    """operand op value; op is a comparison, or `missing` or `present` (value is then 0)."""

    operand: Operand
    op: str
    value: Value = 0


@dataclass(frozen=True)
class Join:
    """own field op other field of the fact called alias."""

    field: Operand
    op: str
    alias: str
    other: Operand


@dataclass(frozen=True)
class FlatPattern:
    alias: str
    kind: str
    tests: tuple[Test, ...] = ()
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True)
class FlatRule:
    """One engine rule. All patterns of `matched` bind a fact each; none of `forbidden` may find one."""

    name: str
    rule: str
    matched: tuple[FlatPattern, ...]
    forbidden: tuple[FlatPattern, ...] = ()


# Atoms of a condition with its constants put in.
@dataclass(frozen=True)
class _Alone:
    ref: c.Ref
    op: str
    value: Value | tuple[Value, ...] = 0


@dataclass(frozen=True)
class _Pair:
    left: c.Ref
    op: str
    right: c.Ref
    offset: int


@dataclass(frozen=True)
class _All:
    items: tuple["_Node", ...]


@dataclass(frozen=True)
class _Any:
    items: tuple["_Node", ...]


@dataclass(frozen=True)
class _Way:
    """One way for a negated pattern to hold: something that bound facts keep, or a forbidden pattern."""

    also: tuple["_Node", ...] = ()
    none: tuple[FlatPattern, ...] = ()


_Atom = _Alone | _Pair
_Node = _Atom | _All | _Any
_TRUE, _FALSE = _All(()), _Any(())


def as_value(value: Any) -> Value:
    """A constant as the engine holds it: dates as day numbers, yes and no as 1 and 0."""
    if isinstance(value, date):
        return value.toordinal()
    return int(value) if isinstance(value, bool) else value


def flatten(
    rule: Rule, as_of: date, parameters: Mapping[str, Any], absent: frozenset[str] = frozenset()
) -> tuple[FlatRule, ...]:
    """The engine rules of a rule on one day. `absent`: kinds not given, whose `no KIND?` patterns hold by themselves.

    Raises TooManyCases where they would be more than LARGEST.
    """
    lower = _Lower(rule, as_of, parameters)
    forbidden = [p for p in rule.negative if not (p.optional and p.kind in absent)]
    # `no X: A or B` is no A and no B; `no X: (bound facts keep C) and R` holds where C doesn't, or where no R is.
    ways: list[list[_Way]] = []
    for pattern in forbidden:
        for atoms in _cases(_by_order(lower.node(pattern.condition))):
            own = [a for a in atoms if pattern.alias in _aliases(a)]
            bound = tuple(_negate(a) for a in atoms if pattern.alias not in _aliases(a))
            way = _Way(none=(_certain(_place(pattern.alias, pattern.kind, own, lower)),))
            ways.append([way, _Way(also=(_Any(bound),))] if bound else [way])
    result: list[FlatRule] = []
    positive = tuple(lower.node(p.condition) for p in rule.positive)
    for choice in product(*ways):
        extra = tuple(node for way in choice for node in way.also)
        none = tuple(pattern for way in choice for pattern in way.none)
        for atoms in _cases(_All((*positive, *extra))):
            if len(result) == LARGEST:
                raise TooManyCases(f"规则 {rule.id} 的 or 展开后超过 {LARGEST} 种情形，请拆成几条规则")
            if len(none) > MOST_FORBIDDEN:
                raise TooManyCases(f"规则 {rule.id} 的 no 展开后超过 {MOST_FORBIDDEN} 种情形，请拆成几条规则")
            result.append(FlatRule(f"{rule.id}/{len(result)}", rule.id, _matched(rule, atoms, lower), none))
    return tuple(result)


def refuse_endless(packs: Iterable[Pack]) -> None:
    """Raises RuleError for a rule that no engine can be given (TooManyCases), before any data is read.

    The day is not known yet, and hardly matters; where it does, that is said when the rule is judged.
    """
    for pack in packs:
        for rule in pack.rules:
            if any(pack.parameters[name] is None for name in rule.parameters):
                continue  # it is not judged at all
            try:
                flatten(rule, _SOME_DAY, pack.parameters)
            except TooManyCases as error:
                raise RuleError(str(error), rule.path) from None


def _matched(rule: Rule, atoms: tuple[_Atom, ...], lower: "_Lower") -> tuple[FlatPattern, ...]:
    order = [p.alias for p in rule.positive]
    mine: dict[str, list[_Atom]] = {alias: [] for alias in order}
    for atom in atoms:
        mine[max(_aliases(atom), key=order.index)].append(atom)
    return tuple(_place(p.alias, p.kind, mine[p.alias], lower) for p in rule.positive)


def _place(alias: str, kind: str, atoms: list[_Atom], lower: "_Lower") -> FlatPattern:
    """Atoms that all speak of `alias`, as its tests and joins."""
    tests: list[Test] = []
    joins: list[Join] = []
    for atom in atoms:
        if isinstance(atom, _Alone):
            tests.append(_test(atom))
        elif atom.left.alias == atom.right.alias:
            text = lower.column(atom.left).type in c.TEXTS
            both = (Order if text else Difference)(atom.left.field, atom.right.field)
            tests.append(Test(both, atom.op, atom.offset))
        else:
            own = atom if atom.left.alias == alias else _Pair(atom.right, _MIRROR[atom.op], atom.left, -atom.offset)
            mine: Operand = Shifted(own.left.field, -own.offset) if own.offset else own.left.field
            theirs: Operand = own.right.field
            if own.op not in ("==", "!=") and lower.column(own.left).type in c.TEXTS:
                mine, theirs = Rank(own.left.field), Rank(own.right.field)
            joins.append(Join(mine, own.op, own.right.alias, theirs))
    return FlatPattern(alias, kind, tuple(dict.fromkeys(tests)), tuple(dict.fromkeys(joins)))


def _by_order(node: _Node) -> _Node:
    """`a != b` between two facts as `a < b` or `a > b`, for which a missing value can be made to fail (`Filled`)."""
    match node:
        case _All(items):
            return _All(tuple(map(_by_order, items)))
        case _Any(items):
            return _Any(tuple(map(_by_order, items)))
        case _Pair(left, "!=", right, offset) if left.alias != right.alias:
            return _Any((_Pair(left, "<", right, offset), _Pair(left, ">", right, offset)))
    return node


def _certain(pattern: FlatPattern) -> FlatPattern:
    """A negated pattern that reads no missing value of a bound fact."""
    joins = []
    for join in pattern.joins:
        assert isinstance(join.other, str | Rank)
        joins.append(replace(join, other=Filled(join.other, high=join.op in (">", ">="))))
    return replace(pattern, joins=tuple(joins))


def _test(atom: _Alone) -> Test:
    if isinstance(atom.value, tuple):
        return Test(Within(atom.ref.field, atom.value), "==", int(atom.op == "in"))
    if isinstance(atom.value, str) and atom.op not in ("==", "!="):
        return Test(Against(atom.ref.field, atom.value), atom.op)
    return Test(atom.ref.field, atom.op, atom.value)


@dataclass(frozen=True)
class _Lower:
    """Puts the day and the parameters into a condition."""

    rule: Rule
    as_of: date
    parameters: Mapping[str, Any]

    def column(self, ref: c.Ref) -> Column:
        return columns(KINDS[self.rule.kinds[ref.alias]])[ref.field]

    def node(self, expr: c.Expr) -> _Node:
        match expr:
            case c.And(items):
                return _All(tuple(map(self.node, items)))
            case c.Or(items):
                return _Any(tuple(map(self.node, items)))
            case c.Not(item):
                return _negate(self.node(item))
            case c.Missing(ref):
                return _Alone(ref, "missing")
            case c.Truth(ref):
                return _Alone(ref, "==", 1)
            case c.Member(ref, values, negated):
                listed = self.parameters[values.name] if isinstance(values, c.Param) else values
                return _Alone(ref, "not in" if negated else "in", tuple(map(as_value, listed)))
            case c.Compare(left, op, right):
                return self.compare(left, op, right)

    def compare(self, left: c.Term, op: str, right: c.Term) -> _Node:
        for one, other, way in ((left, right, op), (right, left, _MIRROR[op])):
            if isinstance(one.base, c.Lookup):
                table, by = self.parameters[one.base.name], one.base.by
                return _Any(
                    tuple(
                        _All((_Alone(by, "==", key), self.compare(c.Term(c.Literal(value)), way, other)))
                        for key, value in table.items()
                    )
                )
        (a, a_const), (b, b_const) = self.side(left), self.side(right)
        if a is not None and b is not None:
            return _Pair(a, op, b, _number(b_const) - _number(a_const))
        if a is not None:
            return _Alone(a, op, b_const if isinstance(b_const, str) else b_const - _number(a_const))
        if b is not None:
            return _Alone(b, _MIRROR[op], a_const if isinstance(a_const, str) else a_const - _number(b_const))
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


def _negate(node: _Node) -> _Node:
    match node:
        case _All(items):
            return _Any(tuple(map(_negate, items)))
        case _Any(items):
            return _All(tuple(map(_negate, items)))
        case _Alone(ref, "missing"):
            return _Alone(ref, "present")
        case _Alone(ref, "present"):
            return _Alone(ref, "missing")
        case _Alone(ref, "in" | "not in" as op, value):
            return _Any((_Alone(ref, "missing"), _Alone(ref, "not in" if op == "in" else "in", value)))
        case _Alone(ref, op, value):
            return _Any((_Alone(ref, "missing"), _Alone(ref, _INVERSE[op], value)))
        case _Pair(left, op, right, offset):
            missing = (_Alone(left, "missing"), _Alone(right, "missing"))
            return _Any((*missing, _Pair(left, _INVERSE[op], right, offset)))


def _cases(node: _Node) -> Iterator[tuple[_Atom, ...]]:
    """The disjunctive normal form, without cases that contradict themselves."""
    for atoms in _expand(node):
        unique = tuple(dict.fromkeys(atoms))
        absent = {a.ref for a in unique if isinstance(a, _Alone) and a.op == "missing"}
        compared = {a.ref for a in unique if isinstance(a, _Alone) and a.op != "missing"}
        compared |= {ref for a in unique if isinstance(a, _Pair) for ref in (a.left, a.right)}
        if not absent & compared:
            yield unique


def _expand(node: _Node) -> Iterator[tuple[_Atom, ...]]:
    match node:
        case _Any(items):
            for item in items:
                yield from _expand(item)
        case _All(items):
            if not items:
                yield ()
                return
            for first in _expand(items[0]):
                for rest in _expand(_All(items[1:])):
                    yield (*first, *rest)
        case _:
            yield (node,)


def _aliases(atom: _Atom) -> set[str]:
    return {atom.ref.alias} if isinstance(atom, _Alone) else {atom.left.alias, atom.right.alias}


def renamed(rule: FlatRule, name: str, forbidden: tuple[FlatPattern, ...]) -> FlatRule:
    """The same engine rule under another name, with other forbidden patterns."""
    return replace(rule, name=name, forbidden=forbidden)
