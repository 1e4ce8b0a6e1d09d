"""What is set aside is unknown, not absent: no negation may hold because the row that would break it was unreadable.

Each negated pattern whose tables have rows set aside gets further negated patterns on those rows, with its joins by
equality only. Of a row set aside, a person's number that can't be read matches nobody; any other key that can't be read
matches every value of that person's.
"""

from collections.abc import Collection, Iterator
from itertools import product

from checks.engine.flat import FlatPattern, FlatRule, Join, Test, renamed
from facts.derive.asides import UNREADABLE
from facts.model.computed import KINDS
from facts.model.schema import JOIN_KEYS, Source
from facts.model.tables import TABLES

ASIDE = "aside "
"""Before a table's name: the kind of its rows set aside."""
MAYBE = "~"
"""After an engine rule's name: the same rule, resting on what could not be read too."""


def guarded(rule: FlatRule, asides: Collection[str]) -> tuple[FlatRule, ...]:
    """The rule, kept from resting on the tables in `asides`; beside it, where that changes anything, the unguarded one,
    whose further matches could not be judged."""
    extra = tuple(pattern for forbidden in rule.forbidden for pattern in _unknown(forbidden, asides))
    if not extra:
        return (rule,)
    return renamed(rule, rule.name, (*rule.forbidden, *extra)), renamed(rule, rule.name + MAYBE, rule.forbidden)


def _unknown(pattern: FlatPattern, asides: Collection[str]) -> Iterator[FlatPattern]:
    for source in _sources(pattern.kind):
        if source.table not in asides:
            continue
        ways: list[list[tuple[tuple[Test, ...], tuple[Join, ...]]]] = []
        for join in pattern.joins:
            column = source.keys.get(join.field) if isinstance(join.field, str) else None
            if join.op != "==" or column is None:
                continue
            same = Join(column, "==", join.alias, join.other)
            ways.append([((), (same,))])
            if column not in JOIN_KEYS:
                ways[-1].append(((Test(UNREADABLE + column, "==", 1),), ()))
        for choice in product(*ways):
            tests = tuple(test for some, _ in choice for test in some)
            joins = tuple(join for _, some in choice for join in some)
            yield FlatPattern(pattern.alias, ASIDE + source.table, tests, joins)


def _sources(kind: str) -> tuple[Source, ...]:
    """A table's own rows, or the tables of a computed fact that name its keys."""
    if kind in TABLES:
        return (Source(kind, (), {name: name for name in TABLES[kind].model_fields}),)
    return tuple(source for source in KINDS[kind].about.sources if source.keys and not source.earlier)
