"""What the compiler emits keeps away from every measured edge of durable_rules."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import small

from checks.engine import flat
from checks.engine.compile import ALWAYS, MOST_PATTERNS, MOST_RULES, SAME, definitions, field_names, rulesets
from checks.engine.flat import FlatPattern, FlatRule, Join, flatten
from rules.errors import RuleError
from rules.pack import load_pack

CHANGE = FlatPattern("change", "change", (flat.Test("kind", "==", "休学"),))


def compiled(*rules: FlatRule) -> dict[str, list[dict[str, Any]]]:
    found = definitions(rules, field_names(rules))
    assert found.pop("go") == ALWAYS
    return {name: each["all"] for name, each in found.items()}


def conditions(pattern: dict[str, Any]) -> list[dict[str, Any]]:
    ((_, each),) = pattern.items()
    return list(each["$and"]) if "$and" in each else [each]


def joins(pattern: dict[str, Any]) -> list[tuple[str, str]]:
    """(operator, field) of the conditions that read another fact, in order."""
    found = []
    for each in conditions(pattern):
        ((key, value),) = each.items()
        if key.startswith("$") and isinstance(next(iter(value.values())), dict):
            found.append((key, next(iter(value))))
        elif isinstance(value, dict) and not key.startswith("$"):
            found.append(("==", key))
    return found


def every_rule() -> list[FlatRule]:
    """The shipped pack, flat."""
    pack = load_pack()
    as_of = date(2026, 11, 25)
    return [flat for rule in pack.rules for flat in flatten(rule, as_of, pack.parameters)]


def test_whenever_a_join_is_no_equality_the_first_equality_is_repeated_last() -> None:
    seen = 0
    for patterns in compiled(*every_rule()).values():
        for pattern in patterns:
            found = joins(pattern)
            if any(op != "==" for op, _ in found):
                seen += 1
                assert found[0][0] == "=="
                assert found[-1] == found[0]
                assert conditions(pattern)[-1] in conditions(pattern)[:-1]
                unequal = [n for n, (op, _) in enumerate(found) if op != "=="]
                assert unequal == list(range(unequal[0], len(found) - 1))
    assert seen > 5


def test_a_join_without_an_equality_of_its_own_is_given_one_that_always_holds() -> None:
    later = FlatRule("R/0", "R", (CHANGE, FlatPattern("b", "term", (), (Join("day", ">", "change", "day"),))))
    (_, term) = compiled(later)["R/0"]
    assert joins(term) == [("==", SAME), ("$gt", "f0"), ("==", SAME)]


def test_the_control_fact_stands_before_the_negations_and_only_where_there_are_some() -> None:
    for name, patterns in compiled(*every_rule()).items():
        heads = [next(iter(pattern)) for pattern in patterns]
        negated = [head.endswith("$not") for head in heads]
        assert negated == sorted(negated), name
        assert ("go" in heads) == any(negated), name
        if any(negated):
            assert heads.index("go") == negated.index(True) - 1, name


def test_both_sides_of_a_join_are_asked_to_be_there_before_they_are_compared() -> None:
    rule = FlatRule(
        "R/0",
        "R",
        (CHANGE, FlatPattern("b", "student", (), (Join("student_no", "==", "change", "student_no"),))),
        (FlatPattern("no 1", "record", (), (Join("id_number", "==", "b", "id_number"),)),),
    )
    names = field_names([rule])
    change, student, _, record = compiled(rule)["R/0"]
    there = {"$neq": {names["change", "student_no"]: None}}
    assert there in conditions(change)
    assert conditions(student)[1:] == [
        {"$neq": {names["student", "student_no"]: None}},
        {names["student", "student_no"]: {"a0": names["change", "student_no"]}},
    ]
    assert conditions(record)[1] == {"$neq": {names["record", "id_number"]: None}}


def test_what_a_negation_reads_of_a_bound_fact_does_not_keep_that_fact_from_matching(tmp_path: Path) -> None:
    later = small.rule(
        "LEV-01",
        ["change.change_no"],
        {"change": 'kind == "休学"'},
        {"no change": "student_no == change.student_no and effective_on > change.effective_on"},
    )
    changes = [{"change_no": "C1", "student_no": "1", "kind": "休学"}]
    assert small.keys(small.judged(small.rows(change=changes), small.pack(tmp_path / "p", later))) == [
        {"change_no": "C1"}
    ]


def test_names_are_our_own_and_the_same_whatever_the_order() -> None:
    rules = every_rule()
    names = field_names(rules)
    assert not {*names.values()} & {"s", "m", "id", "sid", "k", SAME}
    assert names == field_names(rules[::-1])
    of_kind: dict[str, list[str]] = {}
    for (kind, _), name in names.items():
        of_kind.setdefault(kind, []).append(name)
    assert all(len(set(each)) == len(each) < 250 for each in of_kind.values())


@pytest.mark.slow
def test_missing_is_the_plain_null_test_and_never_an_existence_test() -> None:
    tests = (flat.Test("a", "missing"), flat.Test("b", "present"), flat.Test("c", "!=", 1))
    ((pattern,),) = compiled(FlatRule("R/0", "R", (FlatPattern("x", "term", tests),))).values()
    assert conditions(pattern) == [{"k": "term"}, {"f0": None}, {"$neq": {"f1": None}}, {"$neq": {"f2": 1}}]
    assert "$ex" not in json.dumps(definitions(every_rule(), field_names(every_rule())))


def test_no_ruleset_is_larger_than_was_proved_sound() -> None:
    rules = [FlatRule(f"R/{n}", "R", (FlatPattern("x", f"kind{n % 7}"),)) for n in range(MOST_RULES + 1)]
    assert [len(each) for each in rulesets(rules)] == [MOST_RULES, 1]
    assert [rule for each in rulesets(rules) for rule in each] == rules
    assert rulesets([]) == []


def test_no_ruleset_has_more_patterns_of_a_kind_than_a_fact_can_pass() -> None:
    pair = (FlatPattern("a", "student"), FlatPattern("b", "record"))
    forbidden = (FlatPattern("no 1", "record"),)
    rules = [FlatRule(f"R/{n}", "R", pair, forbidden) for n in range(MOST_PATTERNS)]
    assert [len(each) for each in rulesets(rules)] == [MOST_PATTERNS // 2] * 2


@pytest.mark.slow
def test_a_full_ruleset_is_judged_whole(tmp_path: Path) -> None:
    most = [
        small.rule(f"A{n:03d}-01", ["student.student_no"], {"student": f"grade > {n}"}) for n in range(MOST_PATTERNS)
    ]
    negated = [
        small.rule(
            f"B{n:03d}-01",
            ["fee.student_no"],
            {"fee": ""},
            {"no checkin": f'student_no == fee.student_no and term == "{2000 + n}-{2001 + n}-1"'},
        )
        for n in range(MOST_PATTERNS)
    ]
    pack = small.pack(tmp_path / "pack", *most, *negated)
    snapshot = small.rows(
        student=[{"student_no": "1", "grade": MOST_PATTERNS}, {"student_no": "2", "grade": 1}],
        fee=[{"student_no": "1"}],
        checkin=[
            {"student_no": "1", "term": "2007-2008-1"},
            *({"student_no": "3", "term": f"{2000 + n}-{2001 + n}-1"} for n in range(MOST_PATTERNS)),  # each is covered
        ],
    )
    result = small.judged(snapshot, pack)
    found = {rule.id: rule.findings for rule in result.rules}
    want = {f"A{n:03d}-01": 2 if n == 0 else 1 for n in range(MOST_PATTERNS)}
    want |= {f"B{n:03d}-01": 0 if n == 7 else 1 for n in range(MOST_PATTERNS)}
    assert found == want


def many_ors(number: str, terms: int) -> dict[str, Any]:
    ors = " and ".join(f"(grade == {n} or length_years == {n})" for n in range(terms))
    return small.rule(number, ["student.student_no"], {"student": ors})


def test_a_rule_with_more_cases_than_the_engine_should_be_given_is_failed_and_never_clean(tmp_path: Path) -> None:
    plain = small.rule("STU-01", ["student.student_no"], {"student": ""})
    pack = small.pack(tmp_path / "pack", many_ors("BIG-01", 6), many_ors("BIG-02", 7), plain)
    result = small.judged(small.rows(student=[{"student_no": "1"}]), pack)
    failed = small.outcome(result, "BIG-02")
    said = f"规则 BIG-02 的 or 展开后超过 {flat.LARGEST} 种情形，请拆成几条规则"
    assert (failed.status, failed.reason) == ("failed", said)
    assert small.outcome(result, "BIG-01").status == "clean"
    assert small.outcome(result, "STU-01").status == "violated"


def test_such_a_rule_is_refused_by_its_file_before_any_data_is_read(tmp_path: Path) -> None:
    flat.refuse_endless([small.pack(tmp_path / "small", many_ors("BIG-01", 6))])
    unset = small.rule("BIG-03", ["student.student_no"], {"student": "grade > params.most"})
    parameter = {"most": {"title": "上限", "type": "int", "clause": "四-2", "value": None}}
    flat.refuse_endless([small.pack(tmp_path / "unset", unset, parameters=parameter)])
    with pytest.raises(RuleError, match=r"^BIG-02\.yaml：规则 BIG-02 的 or 展开后超过 64 种情形"):
        flat.refuse_endless([small.pack(tmp_path / "big", many_ors("BIG-02", 7))])


def test_a_rule_with_more_negations_than_the_engine_should_be_given_is_failed_too(tmp_path: Path) -> None:
    ors = " or ".join(f'term == "{n}"' for n in range(flat.MOST_FORBIDDEN + 1))
    big = small.rule(
        "BIG-01", ["fee.student_no"], {"fee": ""}, {"no checkin": f"student_no == fee.student_no and ({ors})"}
    )
    result = small.judged(small.rows(fee=[], checkin=[]), small.pack(tmp_path / "pack", big))
    found = small.outcome(result, "BIG-01")
    assert found.status == "failed"
    assert found.reason == f"规则 BIG-01 的 no 展开后超过 {flat.MOST_FORBIDDEN} 种情形，请拆成几条规则"
