"""The edges of durable_rules that were measured (docs/decisions.md): each is kept away from, and stays so."""

import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import durable_rules_engine
import pytest

from checks.engine import flat, network
from checks.engine.cohorts import Cohort
from checks.engine.compile import GO, SAME, definitions, field_names
from checks.engine.flat import FlatPattern, FlatRule, Join
from checks.engine.network import EngineError, Network, serve
from checks.engine.pool import Pool

ROOT = Path(__file__).parents[3]

CHANGE = FlatPattern("change", "change", (flat.Test("issued_on", "present"),))


def ruleset(*rules: FlatRule) -> tuple[Network, Any]:
    names = field_names(rules)
    return Network(json.dumps(definitions(rules, names))), names


def fact(names: Any, kind: str, number: int, **fields: Any) -> dict[str, Any]:
    """A fact as cohorts are encoded: every field that a rule asks for, null where not given."""
    asked = {name: fields.get(field) for (of, field), name in names.items() if of == kind}
    return {"id": f"{kind}#{number}", "k": kind, SAME: 1, **asked}


def no_registration(*tests: flat.Test) -> FlatRule:
    same = (Join("student_no", "==", "change", "student_no"),)
    return FlatRule("R/0", "R", (CHANGE,), (FlatPattern("no 1", "registration", tests, same),))


def test_a_cohort_in_which_nobody_breaks_a_rule_is_clean_and_ends_no_process() -> None:
    # Such a session used to be freed with memory never set: the process died, now and then.
    judge, names = ruleset(no_registration())
    for facts in ([], [fact(names, "change", 0)], [fact(names, "registration", n, student_no="1") for n in range(9)]):
        for _ in range(50):
            assert judge.matches([*facts, GO]) == []


def test_the_control_facts_own_rule_is_no_match() -> None:
    judge, names = ruleset(no_registration())
    facts = [fact(names, "change", 0, issued_on=740000, student_no="1")]
    assert judge.matches([*facts, GO]) == [("R/0", ("change#0",))]


def test_a_negation_is_judged_when_all_facts_are_in() -> None:
    judge, names = ruleset(no_registration())
    change = fact(names, "change", 0, issued_on=740000, student_no="1")
    registration = fact(names, "registration", 0, student_no="1")
    assert judge.matches([change, registration, GO]) == []
    assert judge.matches([registration, change, GO]) == []


def test_missing_equals_nothing_not_even_missing() -> None:
    pair = FlatRule("R/0", "R", (CHANGE, FlatPattern("b", "student", (), (Join("no", "==", "change", "no"),))))
    judge, names = ruleset(pair)
    issued = fact(names, "change", 0, issued_on=1), fact(names, "change", 1, issued_on=1, no="1")
    students = fact(names, "student", 0), fact(names, "student", 1, no="1")
    assert judge.matches([*issued, *students, GO]) == [("R/0", ("change#1", "student#1"))]


@pytest.mark.parametrize("op", ["!=", "<", "<=", ">", ">="])
def test_a_last_join_that_fails_reads_nothing_beyond_its_end(op: str) -> None:
    holds = {"!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}
    holds |= {">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
    joins = (Join("day", op, "change", "day"),)
    judge, names = ruleset(FlatRule("R/0", "R", (CHANGE, FlatPattern("b", "student", (), joins))))
    changes = [fact(names, "change", n, issued_on=1, day=n) for n in range(4)]
    students = [fact(names, "student", n, day=n) for n in range(4)]
    want = {(f"change#{a}", f"student#{b}") for a in range(4) for b in range(4) if holds[op](b, a)}
    for _ in range(50):
        assert {ids for _, ids in judge.matches([*changes, *students, GO])} == want


def test_the_facts_of_one_match_are_distinct_and_no_speaks_of_others() -> None:
    joins = (Join("student_no", "==", "change", "student_no"),)
    pair = FlatRule("PAIR/0", "PAIR", (CHANGE, FlatPattern("b", "change", (), joins)))
    alone = FlatRule("ALONE/0", "ALONE", (CHANGE,), (FlatPattern("no 1", "change", (), joins),))
    judge, names = ruleset(pair, alone)
    two = [fact(names, "change", n, issued_on=1, student_no="1") for n in range(2)]
    other = fact(names, "change", 2, issued_on=1, student_no="2")
    assert sorted(judge.matches([*two, other, GO])) == [
        ("ALONE/0", ("change#2",)),
        ("PAIR/0", ("change#0", "change#1")),
        ("PAIR/0", ("change#1", "change#0")),
    ]


def test_fields_that_the_engine_reserves_are_never_its_names() -> None:
    rule = FlatRule("R/0", "R", (FlatPattern("s", "term", (flat.Test("id", "present"), flat.Test("m", "==", 1)), ()),))
    names = field_names([rule])
    assert set(names) == {("term", "id"), ("term", "m")}
    assert not {*names.values(), SAME} & {"s", "m", "id", "sid", "k"}
    judge = Network(json.dumps(definitions([rule], names)))
    assert judge.matches([fact(names, "term", 0, id="1", m=1), GO]) == [("R/0", ("term#0",))]


def test_a_session_a_cohort_each_deleted_so_that_memory_stays_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    living: set[str] = set()
    most = 0

    class Counted:
        error = durable_rules_engine.error
        create_ruleset = staticmethod(durable_rules_engine.create_ruleset)
        start_action_for_state = staticmethod(durable_rules_engine.start_action_for_state)
        complete_and_start_action = staticmethod(durable_rules_engine.complete_and_start_action)

        @staticmethod
        def assert_facts(handle: int, sent: str) -> Any:
            nonlocal most
            (sid,) = {each["sid"] for each in json.loads(sent)}
            assert sid not in living
            living.add(sid)
            most = max(most, len(living))
            return durable_rules_engine.assert_facts(handle, sent)

        @staticmethod
        def delete_state(handle: int, sid: str) -> Any:
            living.remove(sid)
            return durable_rules_engine.delete_state(handle, sid)

    monkeypatch.setattr(network, "durable_rules_engine", Counted)
    judge, names = ruleset(no_registration())
    for n in range(300):
        facts = [fact(names, "change", n, issued_on=1, student_no="1")]
        assert judge.matches([*facts, GO]) == [("R/0", (f"change#{n}",))]
    assert (most, living) == (1, set())


def test_a_batch_that_the_engine_does_not_take_whole_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    judge, _ = ruleset(no_registration())
    monkeypatch.setattr(durable_rules_engine, "assert_facts", lambda handle, sent: (2, 0))
    with pytest.raises(EngineError, match="assert_facts: 2"):
        judge.matches([GO])


@pytest.mark.slow
def test_a_cohort_whose_matches_multiply_without_end_fails_alone() -> None:
    # 16 fees in every order are 16! matches: no memory holds them. The worker ends, the machine and the others don't.
    same = (Join("student_no", "==", "change", "student_no"),)
    rule = FlatRule("R/0", "R", (CHANGE, *(FlatPattern(f"x{n}", "fee", (), same) for n in range(16))))
    names = field_names([rule])

    def person(number: int, fees: int) -> tuple[dict[str, Any], ...]:
        no = str(number)
        change = fact(names, "change", number, issued_on=1, student_no=no)
        return (change, *(fact(names, "fee", 100 * number + n, student_no=no) for n in range(fees)))

    limited = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from checks.engine import network; network.limit_memory(300 << 20); network.main()"
    )
    pool = Pool(json.dumps(definitions([rule], names)), 1, (sys.executable, "-c", limited))
    matches, failed = pool.judge(iter([Cohort((person(1, 2), person(2, 16), person(3, 2)), ())]))
    assert (matches, [each.facts[0]["id"] for each in failed]) == ([], ["change#2"])


def test_memory_that_runs_out_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    judge, _ = ruleset(no_registration())

    def exhausted(handle: int, sent: str) -> None:
        raise MemoryError

    monkeypatch.setattr(durable_rules_engine, "assert_facts", exhausted)
    with pytest.raises(EngineError, match="内存不足"):
        judge.matches([GO])


def test_a_ruleset_that_the_engine_refuses_is_an_error() -> None:
    joins = tuple(Join(f"f{n}", "<", "change", f"f{n}") for n in range(40))
    with pytest.raises(EngineError, match="113"):
        ruleset(FlatRule("R/0", "R", (CHANGE, FlatPattern("b", "student", (), joins))))


def said(lines: Iterable[str]) -> list[Any]:
    return [json.loads(line) for line in serve(lines)]


def test_a_worker_answers_every_line_with_one_line() -> None:
    rule = no_registration()
    names = field_names([rule])
    change = fact(names, "change", 0, issued_on=1, student_no="1")
    ruleset = json.dumps(definitions([rule], names))
    said_of = said([ruleset, json.dumps([GO]), json.dumps([change, GO])])
    assert said_of == [{"ready": True}, {"matches": []}, {"matches": [["R/0", ["change#0"]]]}]


def test_a_worker_told_no_ruleset_says_why() -> None:
    (answer,) = said(["[]\n"])
    assert set(answer) == {"error"}


def test_as_a_program_it_reads_and_writes_utf_8_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = FlatRule("规/0", "规", (CHANGE,))
    names = field_names([rule])
    change = fact(names, "change", 0, issued_on=1)
    lines = "\n".join([json.dumps(definitions([rule], names), ensure_ascii=False), json.dumps([change, GO]), ""])
    read, written = io.TextIOWrapper(io.BytesIO(lines.encode()), "gbk"), io.TextIOWrapper(io.BytesIO(), "gbk")
    monkeypatch.setattr("sys.stdin", read)
    monkeypatch.setattr("sys.stdout", written)
    network.main()
    answers = written.buffer.getvalue().decode().split("\n")  # type: ignore[attr-defined]
    assert json.loads(answers[1]) == {"matches": [["规/0", ["change#0"]]]}
