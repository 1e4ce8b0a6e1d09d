"""Which rows can matter at all: read off the same flat rules, in columns, before the engine sees anything.

Narrowing changes no match. A match of a rule binds one row to each of its positive patterns, and none of its negated
patterns finds a row that holds with those. Write A for all rows and K for those kept, of the rules of one ruleset.

1. `survivors` drops a row of a positive pattern only where it is in no match over A: it fails the pattern's own tests,
   it finds no partner for an equality join, its person lacks another side of the rule, or a negated pattern surely
   finds a row for it. So every match over A lies within K, and as K is part of A, no negated pattern finds a row in K
   either: every match over A is one over K.
2. `_with_forbidden` adds rows to K until, for every negated pattern, K holds each row that passes the pattern's own
   tests and whose equality joins with each fact that it names reach a row of K that passes that fact's own tests. Take
   a match over K that is none over A: a negated pattern finds a row for it in A. That row passes the tests, and its
   equalities hold with rows of the match, which are in K: so it is in K, and the match was none over K.

In 2 it doesn't matter for whose sake a row is in K: one kept for another rule may match this one's positive patterns,
and brings this one's negated rows with it; so may these in turn, which is why rows are added until none is left to add.
A negated pattern without an equality join keeps its rows of all people who are left, and those of nobody.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checks.engine.columns import Bools, Columns, Ints, compared, joined, partners, reaching
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
    named = {p.kind for rule in rules for p in (*rule.matched, *rule.forbidden)}
    kept = {kind: np.zeros(len(kinds[kind]), np.bool_) for kind in named}
    for rule in rules:
        for pattern, rows in zip(rule.matched, survivors(rule, kinds, persons), strict=True):
            kept[pattern.kind][rows] = True
    _with_forbidden(rules, kept, kinds, persons)
    return {kind: np.flatnonzero(mask) for kind, mask in kept.items()}


@dataclass(frozen=True)
class _Forbidden:
    """Which rows a negated pattern asks for."""

    kind: str
    tests: tuple[Test, ...]
    reach: frozenset[tuple[str, tuple[Test, ...], tuple[Join, ...]]]
    """Kind, own tests and equality joins of each fact that it names, without that fact's alias."""


def _forbidden(rules: Iterable[FlatRule]) -> Iterator[_Forbidden]:
    for rule in rules:
        for pattern in rule.forbidden:
            equal = [join for join in pattern.joins if join.op == "=="]
            reach = []
            for bound in rule.matched:
                joins = tuple(replace(join, alias="") for join in equal if join.alias == bound.alias)
                if joins:
                    reach.append((bound.kind, bound.tests, joins))
            yield _Forbidden(pattern.kind, pattern.tests, frozenset(reach))


def _with_forbidden(
    rules: Iterable[FlatRule], kept: dict[str, Bools], kinds: Mapping[str, Columns], persons: Mapping[str, Ints]
) -> None:
    """Adds to `kept` (kind → by row) the rows that negated patterns may find, until there are no more."""
    asked = list(dict.fromkeys(_forbidden(rules)))
    seen: dict[_Forbidden, tuple[int, ...]] = {}
    """How many rows of the kinds that it reaches were kept when it was last looked at."""
    changed = True
    while changed:
        changed = False
        for each in asked:
            reached = sorted({kind for kind, _, _ in each.reach}) or sorted(kept)
            counts = tuple(int(kept[kind].sum()) for kind in reached)
            if seen.get(each) == counts:
                continue
            seen[each] = counts
            rows = np.flatnonzero(kinds[each.kind].passing(each.tests) & ~kept[each.kind])
            for kind, tests, joins in each.reach:
                bound = np.flatnonzero(kept[kind] & kinds[kind].passing(tests))
                pairs = [(join.field, join.other) for join in joins]
                rows = rows[reaching(kinds[each.kind], rows, kinds[kind], bound, pairs)]
            if not each.reach:
                people = np.unique(np.concatenate([[NOBODY], *(persons[kind][mask] for kind, mask in kept.items())]))
                rows = rows[np.isin(persons[each.kind][rows], people)]
            kept[each.kind][rows] = True
            changed = changed or bool(len(rows))


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


def _partnered(rows: Ints, keys: Ints, other_rows: Ints, other_keys: Ints, same_kind: bool) -> Bools:
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
    """Drops the rows for which the negated pattern surely finds another row: all its joins are with one fact, one of
    them an equality. It speaks of facts other than those matched, so no other side may be of its kind."""
    joins, tests = _substituted(pattern.joins, sides)
    aliases = {join.alias for join in joins}
    alike = {alias for alias, side in sides.items() if side.pattern.kind == pattern.kind}
    equal = [join for join in joins if join.op == "=="]
    if tests is None or len(aliases) > 1 or alike - aliases or (joins and not equal):
        return
    rows = np.flatnonzero(columns.passing([*pattern.tests, *tests]))
    if not joins:
        if len(rows):
            for side in sides.values():
                side.rows = _NONE
        return
    side = sides[joins[0].alias]
    theirs, mine = _joined(columns, rows, side.columns, side.rows, equal)
    if len(equal) == len(joins):
        side.rows = side.rows[~_partnered(side.rows, mine, rows, theirs, bool(alike))]
        return
    pairs = partners(mine, theirs, MOST_PAIRS)
    if pairs is None:
        return
    bound, other = side.rows[pairs[0]], rows[pairs[1]]
    holds = bound != other if alike else np.ones(len(bound), np.bool_)
    for join in joins:
        if join.op != "==":
            holds &= compared(columns, other, join.field, join.op, side.columns, bound, join.other)
    side.rows = side.rows[~np.isin(side.rows, bound[holds])]


def _same_people(sides: Mapping[str, _Side]) -> None:
    """Keeps the rows of people who have every personal side of the rule."""
    personal = [side for side in sides.values() if side.personal]
    for side in personal:
        for other in personal:
            if side is not other:
                side.rows = side.rows[np.isin(side.person[side.rows], other.person[other.rows])]


def _joined(a: Columns, a_rows: Ints, b: Columns, b_rows: Ints, joins: Iterable[Join]) -> tuple[Ints, Ints]:
    return joined(a, a_rows, b, b_rows, [(join.field, join.other) for join in joins])
