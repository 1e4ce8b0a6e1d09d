"""A rule in the only form that the engine is given: flat conjunctions of tests on one fact and joins between two.

`or`, `not` and table parameters are expanded (disjunctive normal form), constants put in, and what one fact can answer
alone is told from what joins two. The meaning is the rule language's: a comparison with a missing value is false.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from checks.engine.atoms import MIRROR, AllOf, Alone, AnyOf, Atom, Lower, Node, Pair, Value, aliases, cases, negate
from rules import condition as c
from rules.errors import RuleError
from rules.pack import Pack
from rules.rule import Rule

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


@dataclass(frozen=True)
class _Way:
    """One way for a negated pattern to hold: something that bound facts keep, or a forbidden pattern."""

    also: tuple["Node", ...] = ()
    none: tuple[FlatPattern, ...] = ()


def flatten(
    rule: Rule, as_of: date, parameters: Mapping[str, Any], absent: frozenset[str] = frozenset()
) -> tuple[FlatRule, ...]:
    """The engine rules of a rule on one day. `absent`: kinds not given, whose `no KIND?` patterns hold by themselves.

    Raises TooManyCases where they would be more than LARGEST.
    """
    lower = Lower(rule.kinds, as_of, parameters)
    forbidden = [p for p in rule.negative if not (p.optional and p.kind in absent)]
    # `no X: A or B` is no A and no B; `no X: (bound facts keep C) and R` holds where C doesn't, or where no R is.
    ways: list[list[_Way]] = []
    for pattern in forbidden:
        for atoms in cases(_by_order(lower.node(pattern.condition))):
            own = [a for a in atoms if pattern.alias in aliases(a)]
            bound = tuple(negate(a) for a in atoms if pattern.alias not in aliases(a))
            way = _Way(none=(_certain(_place(pattern.alias, pattern.kind, own, lower)),))
            ways.append([way, _Way(also=(AnyOf(bound),))] if bound else [way])
    result: list[FlatRule] = []
    positive = tuple(lower.node(p.condition) for p in rule.positive)
    for choice in product(*ways):
        extra = tuple(node for way in choice for node in way.also)
        none = tuple(pattern for way in choice for pattern in way.none)
        for atoms in cases(AllOf((*positive, *extra))):
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
            if any(pack.parameters.get(name, "") is None for name in rule.parameters):
                continue  # it is not judged at all
            try:
                flatten(rule, _SOME_DAY, pack.parameters)
            except TooManyCases as error:
                raise RuleError(str(error), rule.path) from None


def _matched(rule: Rule, atoms: tuple[Atom, ...], lower: "Lower") -> tuple[FlatPattern, ...]:
    order = [p.alias for p in rule.positive]
    mine: dict[str, list[Atom]] = {alias: [] for alias in order}
    for atom in atoms:
        mine[max(aliases(atom), key=order.index)].append(atom)
    return tuple(_place(p.alias, p.kind, mine[p.alias], lower) for p in rule.positive)


def _place(alias: str, kind: str, atoms: list[Atom], lower: "Lower") -> FlatPattern:
    """Atoms that all speak of `alias`, as its tests and joins."""
    tests: list[Test] = []
    joins: list[Join] = []
    for atom in atoms:
        if isinstance(atom, Alone):
            tests.append(single(atom))
        elif atom.left.alias == atom.right.alias:
            text = lower.column(atom.left).type in c.TEXTS
            both = (Order if text else Difference)(atom.left.field, atom.right.field)
            tests.append(Test(both, atom.op, atom.offset))
        else:
            own = atom if atom.left.alias == alias else Pair(atom.right, MIRROR[atom.op], atom.left, -atom.offset)
            mine: Operand = Shifted(own.left.field, -own.offset) if own.offset else own.left.field
            theirs: Operand = own.right.field
            if own.op not in ("==", "!=") and lower.column(own.left).type in c.TEXTS:
                mine, theirs = Rank(own.left.field), Rank(own.right.field)
            joins.append(Join(mine, own.op, own.right.alias, theirs))
    return FlatPattern(alias, kind, tuple(dict.fromkeys(tests)), tuple(dict.fromkeys(joins)))


def _by_order(node: Node) -> Node:
    """`a != b` between two facts as `a < b` or `a > b`, for which a missing value can be made to fail (`Filled`)."""
    match node:
        case AllOf(items):
            return AllOf(tuple(map(_by_order, items)))
        case AnyOf(items):
            return AnyOf(tuple(map(_by_order, items)))
        case Pair(left, "!=", right, offset) if left.alias != right.alias:
            return AnyOf((Pair(left, "<", right, offset), Pair(left, ">", right, offset)))
    return node


def _certain(pattern: FlatPattern) -> FlatPattern:
    """A negated pattern that reads no missing value of a bound fact."""
    joins = []
    for join in pattern.joins:
        assert isinstance(join.other, str | Rank)
        joins.append(replace(join, other=Filled(join.other, high=join.op in (">", ">="))))
    return replace(pattern, joins=tuple(joins))


def single(atom: Alone) -> Test:
    """An atom that asks for one field only, as a test."""
    if isinstance(atom.value, tuple):
        return Test(Within(atom.ref.field, atom.value), "==", int(atom.op == "in"))
    if isinstance(atom.value, str) and atom.op not in ("==", "!="):
        return Test(Against(atom.ref.field, atom.value), atom.op)
    return Test(atom.ref.field, atom.op, atom.value)


def renamed(rule: FlatRule, name: str, forbidden: tuple[FlatPattern, ...]) -> FlatRule:
    """The same engine rule under another name, with other forbidden patterns."""
    return replace(rule, name=name, forbidden=forbidden)
