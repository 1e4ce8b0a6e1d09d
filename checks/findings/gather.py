"""Matches with the same `per` become one finding with all its evidence, in a fixed order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from checks.engine.atoms import Value, as_value
from checks.engine.cohorts import split_id
from checks.engine.columns import Columns, Ints, ranked
from checks.engine.guards import MAYBE
from checks.engine.holding import holding
from checks.engine.network import Match
from checks.engine.persons import NOBODY
from checks.findings import masking
from checks.findings.evidence import Proof, proofs
from checks.findings.fingerprints import fingerprint, subject
from checks.findings.fingerprints import person as person_hash
from checks.results import OFFICES, Evidence, Finding, Scalar, milder
from facts.model.calendar import WorkCalendar
from facts.model.computed import KINDS
from facts.model.frames import FILE, ROW
from facts.model.schema import PERSON_KEYS, Column, columns
from facts.model.snapshot import Table
from facts.model.tables import tables_with
from facts.model.values import chinese_date
from rules import template
from rules.condition import Expr, Literal, Param, Ref, Term, refs
from rules.model import Parameter
from rules.rule import Rule
from rules.wording import own_limits

Bound = tuple[tuple[str, int], ...]
"""The (kind, row) of each positive pattern of a match, in order."""
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Context:
    """What findings are made from."""

    kinds: Mapping[str, Columns]
    persons: Mapping[str, Ints]
    tables: Mapping[str, Table]
    calendar: WorkCalendar
    as_of: date
    parameters: Mapping[str, Any]
    """Values in force."""
    declared: Mapping[str, Parameter]
    """The pack's parameters."""
    secret: bytes
    personal: bool
    """Show names and identity numbers."""

    def value(self, kind: str, field: str, row: int) -> Value | None:
        return self.kinds[kind].value(field, row)

    @cached_property
    def odd_numbers(self) -> Mapping[int, frozenset[str]]:
        """Person → what their rows have as an identity number that is none. A valid one is told by its look alone
        (`facts.model.hidden`), in whatever field it stands."""
        found: dict[int, set[str]] = {}
        for kind in tables_with("id_number"):
            if kind in self.kinds:
                codes, texts = self.kinds[kind].codes("id_number")
                odd = np.append(masking.is_odd_number(texts.to_numpy(np.str_)), False)[
                    codes
                ]  # the last is that of an empty cell
                for who, code in zip(self.persons[kind][odd].tolist(), codes[odd].tolist(), strict=True):
                    found.setdefault(who, set()).add(str(texts[code]))
        return {who: frozenset(numbers) for who, numbers in found.items()}

    @cached_property
    def colleges(self) -> Mapping[str, Mapping[str, str]]:
        """Key field → value → college: the student's, else as admitted, else the class's. Where a number stands on
        rows of several colleges, the first of them by name: in which order the rows stand says nothing."""
        found: dict[str, dict[str, str]] = {field: {} for field in ("student_no", "id_number", "exam_no", "class_no")}
        for kind in reversed(tables_with("college")):
            if kind not in self.kinds:
                continue
            source = self.kinds[kind]
            codes, texts = source.codes("college")
            names = sorted(texts)
            college = ranked(codes, pd.Index(names, dtype="str").get_indexer(texts))
            for field in (name for name in found if name in source.frame):
                codes, numbers = source.codes(field)
                there = (codes >= 0) & (college >= 0)
                first = np.full(len(numbers), len(names))
                np.minimum.at(first, codes[there], college[there])
                known = np.flatnonzero(first < len(names))
                found[field].update(
                    zip(numbers[known].to_list(), [names[at] for at in first[known].tolist()], strict=True)
                )
        return found


def sort_matches(matches: Iterable[Match]) -> tuple[dict[str, set[Bound]], dict[str, set[Bound]]]:
    """Rule id → its matches, and those that hold only where unreadable rows are taken as absent."""
    sure: dict[str, set[Bound]] = {}
    maybe: dict[str, set[Bound]] = {}
    for name, ids in matches:
        target = maybe if name.endswith(MAYBE) else sure
        target.setdefault(name.partition("/")[0], set()).add(tuple(map(split_id, ids)))
    return sure, maybe


def gather(rule: Rule, matches: Iterable[Bound], context: Context) -> list[tuple[Finding, int]]:
    """The rule's findings in the order of their keys, each with the person it concerns (NOBODY: none)."""
    by_key = group(rule, matches, context)
    if not by_key:
        return []
    proven = _proven(by_key, context)
    maker = _Maker(rule, context, [bound for bounds in by_key.values() for bound in bounds])
    ordered = [(key, maker.in_order(bounds)) for key, bounds in sorted(by_key.items())]
    return [(maker.finding(key, bounds, proven), maker.person(bounds[0])) for key, bounds in ordered]


def group(rule: Rule, matches: Iterable[Bound], context: Context) -> dict[Key, list[Bound]]:
    """Key → its matches in a fixed order. A key holds the `per` fields that have a value, unmasked, as text."""
    order = [p.alias for p in rule.positive]
    matches = sorted(matches)
    cells: list[list[str | None]] = []
    for ref in rule.per:
        at = order.index(ref.alias)
        rows = np.array([bound[at][1] for bound in matches], np.int64)
        kind = rule.kinds[ref.alias]
        values = context.kinds[kind].values(ref.field, rows)
        column = columns(KINDS[kind])[ref.field]
        cells.append([None if v is None else str(masking.plain(column, v, personal=True)) for v in values])
    result: dict[Key, list[Bound]] = {}
    names = [ref.field for ref in rule.per]
    for i, bound in enumerate(matches):
        key = tuple((name, text) for name, column in zip(names, cells, strict=True) if (text := column[i]) is not None)
        result.setdefault(key, []).append(bound)
    return result


def over(rule: Rule, bounds: Sequence[Bound], context: Context) -> frozenset[Bound]:
    """The matches that are over. A finding is over where all its matches are."""
    return _where(rule.over, rule, bounds, context) if rule.over else frozenset()


def _where(condition: Expr, rule: Rule, bounds: Sequence[Bound], context: Context) -> frozenset[Bound]:
    """The matches of which a condition holds."""
    rows = {p.alias: np.array([b[at][1] for b in bounds], np.int64) for at, p in enumerate(rule.positive)}
    holds = holding(condition, rule.kinds, rows, context.kinds, context.as_of, context.parameters)
    return frozenset(bound for bound, yes in zip(bounds, holds.tolist(), strict=True) if yes)


def _proven(by_key: Mapping[Key, list[Bound]], context: Context) -> dict[tuple[str, int], list[Proof]]:
    rows: dict[str, set[int]] = {}
    for bounds in by_key.values():
        for bound in bounds:
            for kind, row in bound:
                rows.setdefault(kind, set()).add(row)
    return {
        (kind, row): where
        for kind, some in rows.items()
        for row, where in proofs(kind, np.array(sorted(some), np.int64), context.kinds, context.tables).items()
    }


def _spoken(value: Any) -> Any:
    """A parameter's value for a message: numbers and texts as they are, days in Chinese, yuan as text."""
    match value:
        case dict():
            return {key: _spoken(item) for key, item in value.items()}
        case list():
            return [_spoken(item) for item in value]
        case date():
            return chinese_date(value)
        case Decimal():
            return str(value)
    return value


class _Maker:
    """Makes one rule's findings."""

    def __init__(self, rule: Rule, context: Context, bounds: Sequence[Bound]) -> None:
        self.rule, self.context = rule, context
        self.over = over(rule, bounds, context)
        self.owners = [
            (each.template, _where(each.condition, rule, bounds, context) if each.condition else None)
            for each in rule.owners
        ]
        self.limits = own_limits(rule, context.declared, context.parameters)
        used = {ref for p in rule.patterns for ref in refs(p.condition)} | set(rule.per) | set(rule.shown)
        used |= set(refs(rule.over)) if rule.over else set()
        used |= {Ref(p.alias, "student_no") for p in rule.positive}
        self.fields: list[tuple[str, str, list[Column]]] = [
            (p.alias, p.kind, [column for name, column in columns(KINDS[p.kind]).items() if Ref(p.alias, name) in used])
            for p in rule.positive
        ]

    def in_order(self, bounds: list[Bound]) -> list[Bound]:
        """What is not over first, then by what they say, so that a finding reads the same in whatever order an export
        lists its rows; else by row.

        The first of them gives the message, the day and the college.
        """
        if len(bounds) == 1:
            return bounds
        due = refs(self.rule.due) if self.rule.due else ()
        contents: list[list[tuple[bool, Value | None]]] = [[(bound in self.over, None) for bound in bounds]]
        for at, (alias, kind, fields) in enumerate(self.fields):
            rows = np.array([bound[at][1] for bound in bounds], np.int64)
            own = [*(column.name for column in fields), *(ref.field for ref in due if ref.alias == alias)]
            names = dict.fromkeys([*own, *(n for n in (*PERSON_KEYS, "college") if n in columns(KINDS[kind]))])
            contents += [[(v is not None, v) for v in self.context.kinds[kind].values(name, rows)] for name in names]
        order = sorted(range(len(bounds)), key=lambda i: (*(column[i] for column in contents), bounds[i]))
        return [bounds[i] for i in order]

    def finding(self, key: Key, bounds: list[Bound], proven: Mapping[tuple[str, int], list[Proof]]) -> Finding:
        context, file = self.context, self.rule.file
        raw = dict(key)
        first = dict(zip((alias for alias, _, _ in self.fields), bounds[0], strict=True))
        due, provisional = self._due(first)
        values = self._template_context(bounds[0], due)
        late = context.calendar.between(due, context.as_of) if due and due < context.as_of else None
        owner = next(text for text, where in self.owners if where is None or bounds[0] in where)
        made = Finding(
            rule=self.rule.id,
            severity=milder(file.severity) if bounds[0] in self.over else file.severity,
            clause=file.clause,
            owner=self._office(template.render(owner, values), templated="{" in owner),
            college=self._college(bounds[0]),
            key={name: self._key_text(name, text) for name, text in raw.items()},
            fingerprint=fingerprint(context.secret, self.rule.id, raw),
            message=template.render(file.message, values) + self.limits,
            evidence=tuple(self._evidence(bounds, proven)),
            due_on=due,
            due_provisional=provisional,
            workdays_late=late,
            pack=self.rule.pack,
            subject=subject(context.secret, raw),
            person=self._person_hash(bounds[0]),
        )
        if context.personal or not context.odd_numbers:
            return made
        people = {int(context.persons[kind][row]) for bound in bounds for kind, row in bound}
        own = frozenset(number for who in people for number in context.odd_numbers.get(who, ()))
        return masking.without(made, own) if own else made

    def _office(self, owner: str, *, templated: bool) -> str:
        """The one of the six that the owner stands for, as exports write it (招办, 招生办公室). What else stands there,
        somebody's name perhaps, is not passed on: then it is the office that answers for the table."""
        for office in OFFICES:
            if office in owner:
                return office
        if "招办" in owner:
            return "招生办"
        about = KINDS[self.rule.kinds[self.rule.per[0].alias]].about
        return about.owner if templated and about.owner else owner

    def _person_hash(self, bound: Bound) -> str:
        """The keyed hash of the first number that says whom a match concerns."""
        for field in PERSON_KEYS:
            for kind, row in bound:
                if field in columns(KINDS[kind]) and (number := self.context.value(kind, field, row)):
                    return person_hash(self.context.secret, field, str(number))
        return ""

    def person(self, bound: Bound) -> int:
        for kind, row in bound:
            if (who := int(self.context.persons[kind][row])) != NOBODY:
                return who
        return NOBODY

    def _key_text(self, name: str, text: str) -> str:
        ref = next(ref for ref in self.rule.per if ref.field == name)
        column = columns(KINDS[self.rule.kinds[ref.alias]])[name]
        return masking.mask(column, text) if column.personal and not self.context.personal else text

    def _cells(self, bound: Bound, shown_as: Callable[..., Scalar]) -> Iterator[tuple[str, dict[str, Scalar]]]:
        for (alias, _, fields), (kind, row) in zip(self.fields, bound, strict=True):
            yield alias, {c.name: self._cell(kind, c, row, shown_as) for c in fields}

    def _cell(self, kind: str, column: Column, row: int, shown_as: Callable[..., Scalar]) -> Scalar:
        return shown_as(column, self.context.value(kind, column.name, row), personal=self.context.personal)

    def _template_context(self, bound: Bound, due: date | None) -> dict[str, Any]:
        facts: dict[str, Any] = dict(self._cells(bound, masking.spoken))
        parameters = {name: _spoken(value) for name, value in self.context.parameters.items()}
        deadline = {template.DUE: chinese_date(due) if due else None}
        return {**deadline, **facts, "as_of": chinese_date(self.context.as_of), "params": parameters}

    def _evidence(self, bounds: list[Bound], proven: Mapping[tuple[str, int], list[Proof]]) -> Iterator[Evidence]:
        shown_before: set[tuple[str, int, tuple[Column, ...]]] = set()
        for at, (_, kind, fields) in enumerate(self.fields):
            for row in dict.fromkeys(bound[at][1] for bound in bounds):
                if (kind, row, tuple(fields)) in shown_before:
                    continue  # both sides of a pair: each row is shown once
                shown_before.add((kind, row, tuple(fields)))
                shown = {c.name: self._exported(kind, c, row) for c in fields}
                first, *others = proven[kind, row] or [Proof(kind, "", None, ())]
                yield Evidence(kind, first.file or None, first.sheet, first.rows, shown)
                # What else a computed fact rests on is called what it is: 校历, not 教学活动.
                yield from (Evidence(each.table, each.file, each.sheet, each.rows, {}) for each in others)

    def _exported(self, kind: str, column: Column, row: int) -> Scalar:
        """A cell for evidence: as it stands in the export, where the row was read under another number."""
        table = self.context.tables.get(kind)
        if table is not None and column.name in table.exported:
            mine = self.context.kinds[kind].frame
            same = (table.frame[FILE] == mine[FILE].iloc[row]) & (table.frame[ROW] == mine[ROW].iloc[row])
            number = table.exported[column.name][same.to_numpy()].iloc[0]
            if pd.notna(number):
                return masking.plain(column, str(number), personal=self.context.personal)
        return self._cell(kind, column, row, masking.plain)

    def _due(self, first: Mapping[str, tuple[str, int]]) -> tuple[date | None, bool]:
        if self.rule.due is None:
            return None, False
        term: Term = self.rule.due
        assert isinstance(term.base, Ref)
        kind, row = first[term.base.alias]
        value = self.context.value(kind, term.base.field, row)
        if not isinstance(value, int):
            return None, False
        for sign, part in term.plus:
            added = as_value(part.value if isinstance(part, Literal) else self.context.parameters[part.name])
            assert isinstance(added, int) and isinstance(part, Literal | Param)
            value += sign * added
        flag = columns(KINDS[kind])[term.base.field].provisional
        return date.fromordinal(value), bool(flag and self.context.value(kind, flag, row))

    def _college(self, bound: Bound) -> str | None:
        for kind, row in bound:
            known = columns(KINDS[kind])
            if "college" in known and (name := self.context.value(kind, "college", row)):
                return str(name)
        for field in ("student_no", "exam_no", "id_number", "class_no"):
            for kind, row in bound:
                if field in columns(KINDS[kind]):
                    name = self.context.colleges[field].get(str(self.context.value(kind, field, row)))
                    if name:
                        return name
        return None
