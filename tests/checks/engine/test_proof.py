"""The proof: rules and facts made at random, the engine and the naive evaluator agree on every match.

With and without narrowing, in any order of facts, at any cohort size, with rows set aside. A rule that the language
refuses is no example; everything that it accepts is.
"""

import json
import os
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import naive
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checks.engine import cover, guards
from checks.engine.cohorts import cohorts, split_id
from checks.engine.columns import Columns, rank_texts
from checks.engine.compile import GO, definitions, field_names, rulesets
from checks.engine.flat import FlatRule, TooManyCases, flatten
from checks.engine.holding import holding
from checks.engine.judge import judge
from checks.engine.narrow import everything, narrow
from checks.engine.persons import persons
from checks.engine.pool import Worker
from facts.derive import shape
from facts.derive.asides import UNREADABLE
from facts.model.computed import KINDS
from facts.model.coverage import Cover, Periods, Since
from facts.model.schema import ColumnType, columns
from rules.condition import TEXTS, ParameterType
from rules.errors import RuleError
from rules.rule import Rule, build_rule
from rules.yamlfile import YamlFile

pytestmark = pytest.mark.slow

AS_OF = date(2026, 11, 25)
PARAMETERS = {
    "days": 2,
    "limit": {"本科": 1, "专科": 2},
    "some": ["休学", "复学", "本科"],
    "means": {"休学": "休学", "复学": "在籍", "在读": "在籍"},
    "since": AS_OF - timedelta(1),
    "least": Decimal("1.00"),
}
TYPES = {
    "days": ParameterType(ColumnType.INT),
    "limit": ParameterType(ColumnType.INT, "table"),
    "some": ParameterType(ColumnType.TEXT, "list"),
    "means": ParameterType(ColumnType.TEXT, "table"),
    "since": ParameterType(ColumnType.DATE),
    "least": ParameterType(ColumnType.MONEY),
}
# A few fields a kind, each with few values, so that joins meet.
FIELDS = {
    "student": ["student_no", "id_number", "exam_no", "class_no", "level", "status", "entered_on", "grade"],
    "record": ["student_no", "id_number", "status", "entered_on", "active"],
    "registration": ["student_no", "term", "registered_on"],
    "change": ["change_no", "student_no", "kind", "issued_on", "effective_on", "until"],
    "fee": ["student_no", "academic_year", "paid"],
    "fee_account": ["student_no", "academic_year", "payable", "owed", "settled"],
    "deferral": ["person_no", "student_no", "exam_no", "term", "until"],
    "handover": ["change_no", "from_unit", "handed_on"],
    "term": ["term", "academic_year", "starts_on", "current", "year"],
    "class_mix": ["class_no", "levels", "majors"],
}
ASIDE = ("student", "record", "registration", "change", "fee", "deferral", "term")
KEYS = ("student_no", "id_number", "exam_no", "person_no", "change_no")
DAYS = [AS_OF.toordinal() + n for n in (-3, -2, -1, 0, 1)]
NUMBERS = ["1", "2", '3"', "4\\n"]
TERMS = ["2025-2026-2", "2026-2027-1"]


def domain(kind: str, field: str) -> list[Any]:
    column = columns(KINDS[kind])[field]
    match column.type:
        case ColumnType.DATE:
            return DAYS
        case ColumnType.INT:
            return [1, 2, 3]
        case ColumnType.MONEY:
            return [-1, 0, 100, 10**13]
        case ColumnType.BOOL:
            return [True, False]
        case ColumnType.CODE:
            return list(column.codes[:4])
    return TERMS if field in ("term", "academic_year") else NUMBERS


def literal(kind: str, field: str, value: Any) -> str:
    column = columns(KINDS[kind])[field]
    if column.type is ColumnType.DATE:
        return f'"{date.fromordinal(value).isoformat()}"'
    return str(value / 100 if value % 100 else value // 100) if column.type is ColumnType.MONEY else json.dumps(value)


@st.composite
def conditions(draw: st.DrawFn, own: str, bound: dict[str, str], negated: bool) -> str:
    """A condition on a fact of kind `own`, given the facts bound before it (alias → kind)."""

    def atom() -> str:
        field = draw(st.sampled_from(FIELDS[own]))
        column = columns(KINDS[own])[field]
        others = [
            (alias, name)
            for alias, kind in bound.items()
            for name in FIELDS[kind]
            if columns(KINDS[kind])[name].type is column.type
        ]
        if column.type is ColumnType.BOOL:
            return draw(st.sampled_from([field, f"not {field}"]))
        way = draw(st.sampled_from(["is", "compare", "compare", "in", "between", "join", "join"]))
        op = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
        not_ = draw(st.sampled_from(["", "not "]))
        if way == "is":
            return f"{field} is {not_}None"

        def some(least: int, most: int) -> list[str]:
            return [
                literal(own, field, v)
                for v in draw(st.lists(st.sampled_from(domain(own, field)), min_size=least, max_size=most))
            ]

        if way == "in" and column.type is not ColumnType.DATE:
            if column.type in TEXTS and draw(st.booleans()):
                return f"{field} {not_}in params.some"
            return f"{field} {not_}in [{', '.join(some(1, 3))}]"
        if way == "between":
            low, high = some(2, 2)
            return f"{low} <= {field} {draw(st.sampled_from(['<', '<=', '!=']))} {high}"

        def plus() -> str:
            moves = ["", " + 1", " - 2", " + params.days"]
            return draw(st.sampled_from(moves)) if column.type in (ColumnType.DATE, ColumnType.INT) else ""

        def either(left: str, right: str) -> str:
            """Which side a field stands on says nothing."""
            return draw(st.sampled_from([f"{left} {op} {right}", f"{right} {op} {left}"]))

        if way == "join" and others:
            alias, name = draw(st.sampled_from(others))
            return either(f"{field}{plus()}", f"{alias}.{name}{plus()}")
        if column.type is ColumnType.DATE and draw(st.booleans()):
            return either(f"{field}{plus()}", f"{draw(st.sampled_from(['as_of', 'params.since']))}{plus()}")
        if column.type is ColumnType.MONEY and draw(st.booleans()):
            return either(field, "params.least")
        table, key = ("limit", "level") if column.type is ColumnType.INT else ("means", "kind")
        by = [f"{alias}.{key}" for alias, kind in bound.items() if key in FIELDS[kind]]
        by += [key] if key in FIELDS[own] else []
        if column.type in (ColumnType.INT, ColumnType.CODE) and by and draw(st.booleans()):
            return either(field, f"params.{table}[{draw(st.sampled_from(by))}]")
        same = [n for n in FIELDS[own] if n != field and columns(KINDS[own])[n].type is column.type]
        if same and draw(st.booleans()):
            return either(f"{field}{plus()}", f"{draw(st.sampled_from(same))}{plus()}")
        return either(field, some(1, 1)[0])

    def tree(depth: int) -> str:
        way = draw(st.sampled_from(["atom", "atom", "and", "or", "not"])) if depth else "atom"
        if way == "atom":
            return atom()
        if way == "not":
            return f"not ({tree(depth - 1)})"
        return f"({tree(depth - 1)} {way} {tree(depth - 1)})"

    joins = [
        f"{field} == {alias}.{name}"
        for field in FIELDS[own]
        for alias, kind in bound.items()
        for name in FIELDS[kind]
        if field in KEYS
        and (field == name or ("person_no" in (field, name) and {field, name} <= {*KEYS[:1], *KEYS[2:4]}))
    ]
    parts = [draw(st.sampled_from(joins))] if joins else []
    parts += [tree(2) for _ in range(draw(st.integers(0 if parts else 1, 2)))]
    return " and ".join(parts)


@st.composite
def absences(draw: st.DrawFn, kind: str, bound: dict[str, str]) -> str:
    """A condition of a `no KIND` that speaks of some time, as rules have it: joins, the period mostly among them."""
    fields = {"registration": "term", "fee_account": "academic_year"}
    parts = [
        f"{field} == {alias}.{field}"
        for alias, other in bound.items()
        for field in FIELDS[kind]
        if field in FIELDS[other] and (field in KEYS or draw(st.booleans()))
    ]
    if kind in fields and not draw(st.integers(0, 3)):
        parts.append(f'{fields[kind]} == "{draw(st.sampled_from(TERMS))}"')
    if not draw(st.integers(0, 3)):
        alias, other = draw(st.sampled_from(list(bound.items())))
        parts.append(f"{alias}.{FIELDS[other][0]} != {json.dumps(NUMBERS[0])}")
    return " and ".join(parts)


@st.composite
def rules(draw: st.DrawFn, number: int, absent: Sequence[str] = (), over: bool = False) -> Rule:
    """`absent`: kinds of which the rule says `no`; `over`: the rule says when a match is over."""
    when: list[dict[str, str]] = []
    bound: dict[str, str] = {}
    for i in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(list(FIELDS)))
        alias = f"x{i}"
        when.append({f"{kind} as {alias}": draw(conditions(kind, dict(bound), False))})
        bound[alias] = kind
    for _ in range(draw(st.integers(1 if absent else 0, 2))):
        kind = draw(st.sampled_from(absent or list(FIELDS)))
        head = f"no {kind}{draw(st.sampled_from(['', '?']))}"
        if not any(head in line for line in when):
            when.append({head: draw(absences(kind, bound) if absent else conditions(kind, bound, True))})
    kind = bound["x0"]
    example = {"name": "x", "as_of": AS_OF, "facts": {}, "finds": []}
    data = {
        "id": f"TST-{number:02d}", "title": "x", "title_en": "x", "clause": "一", "severity": "error",
        "owner": "教务处", "per": [f"x0.{FIELDS[kind][0]}"], "when": when, "message": "x", "remedy": "x",
        "examples": [example, {**example, "finds": [{FIELDS[kind][0]: "1"}]}],
    }  # fmt: skip
    if over:
        data["over"] = draw(conditions(kind, {alias: other for alias, other in bound.items() if alias != "x0"}, False))
    try:
        rule = build_rule(YamlFile(Path("T.yaml"), data, {}), "test", TYPES, {"一": 1})
        flatten(rule, AS_OF, PARAMETERS)
    except (RuleError, TooManyCases):
        assume(False)
    return rule


def random_facts(rnd: random.Random, most: int) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [
            {f: None if rnd.random() < 0.15 else rnd.choice(domain(kind, f)) for f in fields}
            for _ in range(rnd.randint(0, most))
        ]
        for kind, fields in FIELDS.items()
    }


def random_asides(rnd: random.Random) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [
            {f: rnd.choice([None, ..., *domain(kind, f), *domain(kind, f)]) for f in FIELDS[kind]}
            for _ in range(rnd.randint(1, 2))
        ]
        for kind in ASIDE
        if rnd.random() < 0.3
    }


def frame(kind: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    def cell(field: str, value: Any) -> Any:
        if value is ... or value is None:
            return None
        return (
            np.datetime64(date.fromordinal(value), "s")
            if columns(KINDS[kind])[field].type is ColumnType.DATE
            else value
        )

    cells = {f: [cell(f, row[f]) for row in rows] for f in FIELDS[kind]}
    known = {"identity": cells["id_number"]} if "identity" in columns(KINDS[kind]) else {}
    return shape.frame(KINDS[kind], **cells, **known)  # each id_number is somebody's


def kinds_of(facts: dict[str, Any], asides: dict[str, Any]) -> dict[str, Columns]:
    kinds = {kind: Columns(frame(kind, rows)) for kind, rows in facts.items()}
    for kind, rows in asides.items():
        flags = {UNREADABLE + f: [row[f] is ... for row in rows] for f in FIELDS[kind]}
        kinds[guards.ASIDE + kind] = Columns(frame(kind, rows).assign(**flags))
    return kinds


def expected(rules: list[Rule], facts: dict[str, Any], asides: dict[str, Any]) -> set[tuple[str, tuple[int, ...]]]:
    return {(r.id, at) for r in rules for at in naive.matches(r, facts, AS_OF, PARAMETERS, asides)}


def compiled(
    rules: list[Rule], asides: dict[str, Any], absent: frozenset[str] = frozenset(), covers: Mapping[str, Cover] = {}
) -> list[FlatRule]:
    return [
        g
        for r in rules
        for flat in flatten(r, AS_OF, PARAMETERS, absent)
        for g in guards.guarded(cover.gated(flat, cover.gates(r, flat, covers)), asides)
    ]


def found(matches: Any) -> set[tuple[str, tuple[int, ...]]]:
    return {
        (name.partition("/")[0], tuple(split_id(i)[1] for i in ids))
        for name, ids in matches
        if not name.endswith(guards.MAYBE)
    }


EXAMPLES = settings(
    max_examples=int(os.environ.get("XUEJIAN_PROOF", "60")),  # `make soak` asks for many more
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@EXAMPLES
@given(
    st.lists(st.integers(0, 99), min_size=4, max_size=4, unique=True).flatmap(lambda n: st.tuples(*map(rules, n))),
    st.integers(0, 2**32),
)
def test_engine_and_naive_evaluator_agree_on_any_rules_and_facts(made: tuple[Rule, ...], seed: int) -> None:
    judged = list(made)
    rnd = random.Random(seed)
    sets = rulesets(compiled(judged, {}))
    named = [field_names(flat) for flat in sets]
    workers = [
        Worker(json.dumps(definitions(flat, names), ensure_ascii=False))
        for flat, names in zip(sets, named, strict=True)
    ]
    try:
        for most in (2, 4, 6, 6):
            facts = random_facts(rnd, most)
            kinds = kinds_of(facts, {})
            rank_texts([field for names in named for field in names], kinds)
            people = persons(kinds)
            want = expected(judged, facts, {})
            for narrowing, size in ((False, 500), (False, 1), (True, 2)):
                got: set[tuple[str, tuple[int, ...]]] = set()
                for flat, names, worker in zip(sets, named, workers, strict=True):
                    rows = narrow(flat, kinds, people) if narrowing else everything(flat, kinds)
                    for cohort in cohorts(rows, kinds, people, names, size):
                        sent = [*cohort.shared, *(f for person in cohort.people for f in person)]
                        rnd.shuffle(sent)
                        got |= found(worker.matches(sent))
                assert got == want
    finally:
        for worker in workers:
            worker.close()


@EXAMPLES
@given(st.integers(0, 99).flatmap(rules), st.integers(0, 2**32))
def test_no_finding_rests_on_a_row_set_aside(rule: Rule, seed: int) -> None:
    rnd = random.Random(seed)
    facts, asides = random_facts(rnd, 5), random_asides(rnd)
    # A case of an `or` that contradicts itself is dropped by the compiler, whatever a row set aside might hold.
    assume(not any(" is " in text for line in rule.file.when for head, text in line.items() if head.startswith("no ")))
    kinds = kinds_of(facts, asides)
    people = persons(kinds)
    flat = compiled([rule], asides)
    rank_texts(field_names(flat), kinds)
    for narrowing in (True, False):
        got: set[tuple[str, tuple[int, ...]]] = set()
        for part in rulesets(flat):
            rows = narrow(part, kinds, people) if narrowing else everything(part, kinds)
            judged = judge(part, rows, kinds, people, 1, 2, lambda people: None)
            assert judged.failure is None
            got |= found(judged.matches)
        assert got == expected([rule], facts, asides)


TIMED = ("registration", "fee_account", "handover")


@EXAMPLES
@given(st.integers(0, 99).flatmap(lambda n: rules(n, TIMED)), st.integers(0, 2**32))
def test_nothing_is_absent_outside_the_time_that_a_table_covers(rule: Rule, seed: int) -> None:
    rnd = random.Random(seed)
    absent = frozenset(kind for kind in TIMED if rnd.random() < 0.2)
    facts = {kind: [] if kind in absent else rows for kind, rows in random_facts(rnd, 4).items()}
    asides = {kind: rows for kind, rows in random_asides(rnd).items() if kind not in absent}
    covered = [frozenset(t for t in TERMS if rnd.random() < 0.6) for _ in range(2)]
    covers: dict[str, Cover] = {
        "registration": Periods("term", covered[0]),
        "fee_account": Periods("academic_year", covered[1]),
        "handover": Since("change.issued_on", rnd.choice([None, *map(date.fromordinal, DAYS)])),
    }
    kinds = kinds_of(facts, asides)
    people = persons(kinds)
    flat = compiled([rule], asides, absent, covers)
    rank_texts(field_names(flat), kinds)
    want = {(rule.id, at) for at in naive.matches(rule, facts, AS_OF, PARAMETERS, asides, absent, covers)}
    for narrowing in (True, False):
        got: set[tuple[str, tuple[int, ...]]] = set()
        for part in rulesets(flat):
            rows = narrow(part, kinds, people) if narrowing else everything(part, kinds)
            judged = judge(part, rows, kinds, people, 1, 500, lambda people: None)
            assert judged.failure is None
            got |= found(judged.matches)
        assert got == want


@EXAMPLES
@given(
    st.lists(st.integers(0, 99), min_size=3, max_size=3, unique=True).flatmap(
        lambda n: st.tuples(rules(n[0], TIMED), rules(n[1], TIMED), rules(n[2]))
    ),
    st.integers(0, 2**32),
)
def test_rows_kept_for_one_rule_make_no_match_of_another(made: tuple[Rule, ...], seed: int) -> None:
    """Several rules in one ruleset, with rows set aside and time that is not covered: each engine rule, guarded or not,
    matches the same on the rows that narrowing keeps as on all rows."""
    rnd = random.Random(seed)
    facts, asides = random_facts(rnd, 6), random_asides(rnd)
    covers: dict[str, Cover] = {
        "registration": Periods("term", frozenset(TERMS[:1])),
        "fee_account": Periods("academic_year", frozenset(TERMS[1:])),
        "handover": Since("change.issued_on", date.fromordinal(DAYS[1])),
    }
    kinds = kinds_of(facts, asides)
    people = persons(kinds)
    flat = compiled(list(made), asides, covers=covers)
    rank_texts(field_names(flat), kinds)
    for part in rulesets(flat):
        kept, whole = narrow(part, kinds, people), everything(part, kinds)
        judged = [judge(part, rows, kinds, people, 1, 500, lambda people: None) for rows in (kept, whole)]
        assert [each.failure for each in judged] == [None, None]
        assert set(judged[0].matches) == set(judged[1].matches)


@EXAMPLES
@given(st.integers(0, 99).flatmap(lambda n: rules(n, over=True)), st.integers(0, 2**32))
def test_what_is_over_is_told_as_the_plain_way_tells_it(rule: Rule, seed: int) -> None:
    assert rule.over
    facts = random_facts(random.Random(seed), 4)
    matches = sorted(naive.matches(rule, facts, AS_OF, PARAMETERS))
    assume(matches)
    rows = {p.alias: np.array([match[at] for match in matches]) for at, p in enumerate(rule.positive)}
    over = holding(rule.over, rule.kinds, rows, kinds_of(facts, {}), AS_OF, PARAMETERS)
    bounds = [{p.alias: facts[p.kind][at] for p, at in zip(rule.positive, match, strict=True)} for match in matches]
    assert over.tolist() == [naive.is_over(rule, bound, AS_OF, PARAMETERS) for bound in bounds]


@pytest.mark.parametrize("seed", range(5))
def test_any_number_of_workers_finds_the_same(seed: int) -> None:
    rnd = random.Random(seed)
    data = {
        "id": "TST-01", "title": "x", "title_en": "x", "clause": "一", "severity": "error", "owner": "教务处",
        "per": ["change.change_no"], "message": "x", "remedy": "x",
        "when": [{"change": "issued_on is not None"}, {"no registration": "student_no == change.student_no"}],
        "examples": [
            {"name": "x", "as_of": AS_OF, "facts": {}, "finds": []},
            {"name": "x", "as_of": AS_OF, "facts": {}, "finds": [{"change_no": "1"}]},
        ],
    }  # fmt: skip
    rule = build_rule(YamlFile(Path("T.yaml"), data, {}), "test", TYPES, {"一": 1})
    facts = random_facts(rnd, 8)
    facts["change"] = [
        {**row, "student_no": str(n), "change_no": f"c{n}"} for n, row in enumerate(facts["change"] * 20)
    ]
    kinds = kinds_of(facts, {})
    people = persons(kinds)
    flat = compiled([rule], {})
    want = expected([rule], facts, {})
    for jobs in (1, 2, 3):
        judged = judge(flat, everything(flat, kinds), kinds, people, jobs, 3, lambda people: None)
        assert found(judged.matches) == want


def test_the_control_fact_has_an_id_of_its_own() -> None:
    assert GO["id"] == "go"
