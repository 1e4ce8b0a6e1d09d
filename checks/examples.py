"""Runs each rule's own examples through derivation, engine and gathering, as a real run would."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from checks.availability import inputs
from checks.run import Options, check
from facts.derive import derive, shape
from facts.model.computed import COMPUTED, EARLIER
from facts.model.factbase import FactBase
from facts.model.schema import Column, ColumnType, columns
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES
from facts.reading.load import snapshot_from_rows
from rules.pack import Pack, find_rule, with_parameters
from rules.rule import Rule, example_facts

_SECRET = bytes(32)  # fingerprints of examples are never shown


@dataclass(frozen=True)
class ExampleResult:
    rule: str
    number: int
    """From 1."""
    name: str
    expected: tuple[Mapping[str, str], ...]
    found: tuple[Mapping[str, str], ...]
    otherwise: tuple[Mapping[str, str], ...]
    """Of those found: what has another severity than the example says."""
    reason: str | None
    """Why the rule was not judged, where it wasn't."""

    @property
    def passed(self) -> bool:
        return self.reason is None and not self.otherwise and _in_order(self.expected) == _in_order(self.found)


def chosen_rules(packs: Iterable[Pack], ids: Iterable[str], own: Collection[Path]) -> list[Rule]:
    """The rules of these ids; without ids those in the school's own folders, without folders every rule. Raises
    RuleError for an id that no pack has."""
    packs = tuple(packs)
    return [find_rule(packs, rule_id)[1] for rule_id in ids] or [
        rule for pack in packs for rule in pack.rules if not own or any(rule.path.is_relative_to(each) for each in own)
    ]


def run_all(
    packs: Iterable[Pack], rules: Sequence[Rule], jobs: int, progress: Callable[[str], None]
) -> list[ExampleResult]:
    """Every example of the rules, each by its own pack. Raises DataError as `run_examples`."""
    total, results = sum(len(rule.file.examples) for rule in rules), list[ExampleResult]()
    for pack in packs:
        for result in run_examples(pack, [rule for rule in rules if rule.pack == pack.file.id], jobs):
            results.append(result)
            progress(f"{result.rule} 例{result.number}（{len(results)}/{total}）")
    return results


def run_examples(pack: Pack, rules: Iterable[Rule], jobs: int = 2) -> Iterator[ExampleResult]:
    """Every example of every rule, in order. Raises facts' DataError where an example's rows can't be read."""
    cases = [(rule, n) for rule in rules for n in range(len(rule.file.examples))]
    with ThreadPoolExecutor(jobs) as executor:
        yield from executor.map(lambda case: run_example(pack, *case), cases)


def run_example(pack: Pack, rule: Rule, n: int) -> ExampleResult:
    """The n-th example (from 0). Tables that it doesn't name are given and empty."""
    snapshot, direct, parameters = _written(rule, n)
    one = replace(with_parameters(pack, parameters), rules=(rule,))
    options = Options(jobs=1, personal=True)
    result = check(snapshot, one, _SECRET, options, facts=lambda base: _with_direct(base, direct))
    outcome = result.rules[0]
    reason = outcome.reason if outcome.status in ("not checked", "failed") else None
    example = rule.file.examples[n]
    found = tuple(f.key for f in result.findings)
    otherwise = tuple(f.key for f in result.findings if example.severity not in (None, f.severity))
    return ExampleResult(rule.id, n + 1, example.name, tuple(example.finds), found, otherwise, reason)


def example_base(pack: Pack, rule: Rule, n: int, own: Mapping[str, Any]) -> tuple[FactBase, Mapping[str, Any]]:
    """The facts of the n-th example (from 0), derived, and the parameters in force; `own` goes before all of them
    where the example doesn't set the parameter itself."""
    snapshot, direct, parameters = _written(rule, n)
    one = with_parameters(pack, {**own, **parameters})
    base = derive(snapshot, one.file.procedures, one.parameters, {p.kind for p in rule.patterns})
    return _with_direct(base, direct), one.parameters


def _written(rule: Rule, n: int) -> tuple[Snapshot, dict[str, list[dict[str, object]]], dict[str, object]]:
    """The n-th example as a snapshot, computed facts given directly, and parameters."""
    as_of, facts, parameters = example_facts(rule.file, n)
    tables = {kind: rows for kind, rows in facts.items() if kind in TABLES}
    direct = {kind: rows for kind, rows in facts.items() if kind not in TABLES}
    needed = {table for kind, field, _ in rule.judged for table, _ in inputs(kind, field)}
    # What an earlier snapshot shows is given directly, as a computed fact; that there was one is taken for granted.
    earlier = snapshot_from_rows({}, as_of, empty=EARLIER)
    return replace(snapshot_from_rows(tables, as_of, empty=needed), previous=earlier), direct, parameters


def _with_direct(base: FactBase, direct: Mapping[str, Sequence[Mapping[str, object]]]) -> FactBase:
    if not direct:
        return base
    frames = {**base.frames, **{kind: _frame(kind, rows) for kind, rows in direct.items()}}
    coverage = {kind: cover for kind, cover in base.coverage.items() if kind not in direct}
    return replace(base, frames=frames, coverage=coverage)


def _frame(kind: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Computed facts given directly, whose values are as YAML has them (money in yuan)."""
    known = columns(COMPUTED[kind])

    def value(column: Column, row: Mapping[str, object]) -> object:
        written = row.get(column.name)
        return (
            round(Decimal(str(written)) * 100) if column.type is ColumnType.MONEY and written is not None else written
        )

    return shape.frame(COMPUTED[kind], **{name: [value(c, row) for row in rows] for name, c in known.items()})


def _in_order(keys: Iterable[Mapping[str, str]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted(key.items()) for key in keys)
