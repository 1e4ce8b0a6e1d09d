"""The rows to be judged as cohorts of whole persons, in the engine's form; made one at a time, so memory stays flat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.engine.columns import Columns, Ints
from checks.engine.compile import SAME, Names
from checks.engine.narrow import Rows
from checks.engine.persons import NOBODY

EngineFact = dict[str, Any]
PEOPLE = 500
"""People a cohort; 100 to 2,000 are about equally fast."""


@dataclass(frozen=True)
class Cohort:
    people: tuple[tuple[EngineFact, ...], ...]
    """Each person's facts."""
    shared: tuple[EngineFact, ...]
    """Facts that concern no one person: terms, classes. They go with every cohort."""


def cohorts(
    rows: Rows, kinds: Mapping[str, Columns], persons: Mapping[str, Ints], names: Names, people: int = PEOPLE
) -> Iterator[Cohort]:
    """Cohorts of at most `people` persons; one without anybody where only shared facts are left."""
    encoder = _Encoder(kinds, names)
    shared: list[EngineFact] = []
    sorted_rows: dict[str, tuple[Ints, Ints]] = {}
    for kind in sorted(rows):
        person = persons[kind][rows[kind]]
        shared += encoder.facts(kind, rows[kind][person == NOBODY])
        order = np.argsort(person, kind="stable")
        order = order[person[order] != NOBODY]
        sorted_rows[kind] = (person[order], rows[kind][order])
    everybody = np.unique(np.concatenate([person for person, _ in sorted_rows.values()] or [np.empty(0, np.int64)]))
    for start in range(0, max(len(everybody), 1), people):
        group = everybody[start : start + people]
        facts: dict[int, list[EngineFact]] = {person: [] for person in group.tolist()}
        for kind, (person, of_kind) in sorted_rows.items():
            if len(group):
                low, high = np.searchsorted(person, group[0]), np.searchsorted(person, group[-1], side="right")
                for who, fact in zip(person[low:high].tolist(), encoder.facts(kind, of_kind[low:high]), strict=True):
                    facts[who].append(fact)
        if group.size or shared:
            yield Cohort(tuple(map(tuple, facts.values())), tuple(shared))


def fact_id(kind: str, row: int) -> str:
    return f"{kind}#{row}"


def split_id(text: str) -> tuple[str, int]:
    """The kind and row that a fact's id stands for."""
    kind, _, row = text.rpartition("#")
    return kind, int(row)


class _Encoder:
    def __init__(self, kinds: Mapping[str, Columns], names: Names) -> None:
        self._kinds = kinds
        self._fields: dict[str, list[tuple[Any, str]]] = {}
        for (kind, operand), name in names.items():
            self._fields.setdefault(kind, []).append((operand, name))

    def facts(self, kind: str, rows: Ints) -> list[EngineFact]:
        fields = self._fields.get(kind, [])
        values = [self._kinds[kind].values(operand, rows) for operand, _ in fields]
        keys = [name for _, name in fields]
        return [
            {"id": fact_id(kind, row), "k": kind, SAME: 1, **dict(zip(keys, cells, strict=True))}
            for row, *cells in zip(rows.tolist(), *values, strict=True)
        ]
