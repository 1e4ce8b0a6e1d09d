"""Which rows can matter at all: read off the same flat rules, in columns, before the engine sees anything.

Sound by construction: a row that fails a pattern's own tests, that finds no partner for an equality join, or that a
forbidden pattern surely excludes, is in no match; a person who lacks one side of a rule can't match it. A few per cent
are left. Negated patterns keep all their rows of the people who are left, so that no negation is judged on less.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checks.engine.columns import Columns, Ints, compared, joined, partners
from checks.engine.flat import FlatPattern, FlatRule, Join, Test
from checks.engine.persons import NOBODY

Rows = dict[str, Ints]
"""Kind → row numbers, ascending."""
_NONE = np.empty(0, np.int64)
MOST_PAIRS = 5_000_000
"""Pairs of rows of two patterns that are looked at one by one; a placeholder shared by thousands makes more."""


def everything(rules: Iterable[FlatRule], kinds: Mapping[str, Columns]) -> Rows:
    """All rows of every kind that the rules name: what is judged with narrowing off."""
    named = {p.kind for rule in rules for p in (*rule.matched, *rule.forbidden)}
    return {kind: np.arange(len(kinds[kind])) for kind in named}


def narrow(rules: Sequence[FlatRule], kinds: Mapping[str, Columns], persons: Mapping[str, Ints]) -> Rows:
    """The rows that the engine must see for these rules (of one ruleset)."""
    kept: dict[str, list[Ints]] = {p.kind: [_NONE] for rule in rules for p in (*rule.matched, *rule.forbidden)}
    suspects: list[Ints] = [np.array([NOBODY])]
    for rule in rules:
        for pattern, rows in zip(rule.matched, survivors(rule, kinds, persons), strict=True):
            kept[pattern.kind].append(rows)
            suspects.append(persons[pattern.kind][rows])
    people = np.unique(np.concatenate(suspects))
    for kind, tests in {(p.kind, p.tests) for rule in rules for p in rule.forbidden}:
        rows = np.flatnonzero(kinds[kind].passing(tests))
        kept[kind].append(rows[np.isin(persons[kind][rows], people)])
    return {kind: np.unique(np.concatenate(parts)) for kind, parts in kept.items()}


@dataclass
class _Side:
    """A positive pattern with the rows that may still match it."""

    pattern: FlatPattern
    columns: Columns
    person: Ints
    rows: Ints

    @property
    def personal(self) -> bool:
        return bool(len(self.person)) and bool((self.person[self.rows] != NOBODY).any())


def survivors(rule: FlatRule, kinds: Mapping[str, Columns], persons: Mapping[str, Ints]) -> list[Ints]:
    """The rows of each positive pattern that may be in a match."""
    sides = {}
    for p in rule.matched:
        sides[p.alias] = _Side(p, kinds[p.kind], persons[p.kind], np.flatnonzero(kinds[p.kind].passing(p.tests)))
        if not len(sides[p.alias].rows):
            return [_NONE for _ in rule.matched]
    while True:
        before = [len(side.rows) for side in sides.values()]
        _fix_single(sides)
        for side in sides.values():
            _semi_join(side, sides)
        for pattern in rule.forbidden:
            _anti_join(pattern, kinds[pattern.kind], sides)
        _same_people(sides)
        after = [len(side.rows) for side in sides.values()]
        if not all(after):
            return [_NONE for _ in rule.matched]
        if after == before:
            return [side.rows for side in sides.values()]


def _fix_single(sides: Mapping[str, _Side]) -> None:
    """A join to a pattern with one row left, the current term say, is a test against that row's value."""
    for side in sides.values():
        open_joins, tests = _substituted(side.pattern.joins, sides, own=side.pattern.alias)
        if tests is None:
            side.rows = _NONE
        elif tests:
            side.rows = side.rows[side.columns.passing(tests)[side.rows]]
        if tests:
            side.pattern = replace(side.pattern, joins=open_joins)


def _substituted(
    joins: Iterable[Join], sides: Mapping[str, _Side], own: str = ""
) -> tuple[tuple[Join, ...], list[Test] | None]:
    """Joins still open, and those to a single row as tests; None for tests where one can't hold: a value is missing."""
    left: list[Join] = []
    tests: list[Test] = []
    for join in joins:
        other = sides[join.alias]
        if join.alias == own or len(other.rows) != 1:
            left.append(join)
            continue
        value = other.columns.values(join.other, other.rows)[0]
        if value is None:
            return (), None
        tests.append(Test(join.field, join.op, value))
    return tuple(left), tests


def _semi_join(side: _Side, sides: Mapping[str, _Side]) -> None:
    """Keeps the rows, on both sides, that find a partner (another row, where both are of one kind): one that is joined
    by their equalities, and, where the pairs are not too many to be looked at, by all other comparisons too."""
    by_alias: dict[str, list[Join]] = {}
    for join in side.pattern.joins:
        by_alias.setdefault(join.alias, []).append(join)
    for alias, joins in by_alias.items():
        equal = [join for join in joins if join.op == "=="]
        if not equal:
            continue
        other = sides[alias]
        same = side.pattern.kind == other.pattern.kind
        mine, theirs = _joined(side.columns, side.rows, other.columns, other.rows, equal)
        pairs = partners(mine, theirs, MOST_PAIRS)
        if pairs is None:
            kept = side.rows[_partnered(side.rows, mine, other.rows, theirs, same)]
            other.rows = other.rows[_partnered(other.rows, theirs, side.rows, mine, same)]
            side.rows = kept
            continue
        a, b = side.rows[pairs[0]], other.rows[pairs[1]]
        holds = a != b if same else np.ones(len(a), np.bool_)
        for join in joins:
            if join.op != "==":
                holds &= compared(side.columns, a, join.field, join.op, other.columns, b, join.other)
        side.rows, other.rows = np.unique(a[holds]), np.unique(b[holds])


def _partnered(rows: Ints, keys: Ints, other_rows: Ints, other_keys: Ints, same_kind: bool) -> np.ndarray:
    """Which rows' keys stand in the other rows; with one kind on both sides, in a row other than itself."""
    if not same_kind or not len(other_rows):
        return (keys >= 0) & np.isin(keys, other_keys)
    known, counts = np.unique(other_keys, return_counts=True)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found = np.where(known[at] == keys, counts[at], 0)
    self_at = np.minimum(np.searchsorted(other_rows, rows), len(other_rows) - 1)
    itself = (other_rows[self_at] == rows) & (other_keys[self_at] == keys)
    return np.asarray((keys >= 0) & (found > itself))


def _anti_join(pattern: FlatPattern, columns: Columns, sides: Mapping[str, _Side]) -> None:
    """Drops the rows that the forbidden pattern surely excludes: all its joins are equalities with one alias."""
    if any(side.pattern.kind == pattern.kind for side in sides.values()):
        return  # it speaks of facts other than those matched
    joins, tests = _substituted(pattern.joins, sides)
    if tests is None or any(join.op != "==" for join in joins) or len({j.alias for j in joins}) > 1:
        return
    rows = np.flatnonzero(columns.passing([*pattern.tests, *tests]))
    if not joins:
        if len(rows):
            for side in sides.values():
                side.rows = _NONE
        return
    side = sides[joins[0].alias]
    theirs, mine = _joined(columns, rows, side.columns, side.rows, joins)
    side.rows = side.rows[~((mine >= 0) & np.isin(mine, theirs))]


def _same_people(sides: Mapping[str, _Side]) -> None:
    """Keeps the rows of people who have every personal side of the rule."""
    personal = [side for side in sides.values() if side.personal]
    for side in personal:
        for other in personal:
            if side is not other:
                side.rows = side.rows[np.isin(side.person[side.rows], other.person[other.rows])]


def _joined(a: Columns, a_rows: Ints, b: Columns, b_rows: Ints, joins: Iterable[Join]) -> tuple[Ints, Ints]:
    return joined(a, a_rows, b, b_rows, [(join.field, join.other) for join in joins])
