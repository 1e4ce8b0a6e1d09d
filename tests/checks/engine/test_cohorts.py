"""Cohorts: whole persons, at most so many, with what concerns no one person beside them."""

from typing import Any

import numpy as np
import small

from checks.engine.cohorts import Cohort, cohorts, fact_id, split_id
from checks.engine.compile import SAME
from checks.engine.narrow import Rows
from checks.engine.persons import persons

NAMES: Any = {("student", "student_no"): "f0", ("fee", "paid"): "f0", ("term", "current"): "f0", ("term", "term"): "f1"}


def made(people: int, rows: Rows | None = None, **tables: list[dict[str, Any]]) -> list[Cohort]:
    columns = small.kinds(**tables)
    every = {kind: np.arange(len(each)) for kind, each in columns.items()}
    return list(cohorts(every if rows is None else rows, columns, persons(columns), NAMES, people))


def ids(cohort: Cohort) -> list[list[str]]:
    return [[fact["id"] for fact in person] for person in cohort.people]


STUDENTS = [{"student_no": str(n)} for n in range(7)]
FEES = [{"student_no": str(n % 7), "paid": n} for n in range(14)]


def test_a_cohort_holds_whole_persons_and_no_more_than_asked() -> None:
    found = made(3, student=STUDENTS, fee=FEES)
    assert [len(cohort.people) for cohort in found] == [3, 3, 1]
    assert [sorted(person) for cohort in found for person in ids(cohort)] == [
        sorted([f"fee#{n}", f"fee#{n + 7}", f"student#{n}"]) for n in range(7)
    ]


def test_what_concerns_no_one_person_goes_with_every_cohort() -> None:
    found = made(3, student=STUDENTS, term=[{"term": "2026-2027-1", "current": True}])
    shared = {"id": "term#0", "k": "term", SAME: 1, "f0": 1, "f1": "2026-2027-1"}
    assert [cohort.shared for cohort in found] == [(shared,)] * 3


def test_where_only_shared_facts_are_left_one_cohort_has_them() -> None:
    (found,) = made(3, term=[{"term": "2026-2027-1"}])
    assert (found.people, len(found.shared)) == ((), 1)


def test_where_nothing_is_left_there_is_no_cohort() -> None:
    assert made(3, student=[], term=[]) == []
    assert made(3, rows={}, student=STUDENTS) == []
    assert made(3, rows={"student": np.array([], np.int64)}, student=STUDENTS) == []


def test_facts_have_only_the_fields_that_rules_name_and_null_where_missing() -> None:
    (cohort,) = made(
        3, rows={"student": np.array([1])}, student=[{"student_no": "1"}, {"student_no": None, "grade": 1}]
    )
    assert cohort == Cohort((), ({"id": "student#1", "k": "student", SAME: 1, "f0": None},))


def test_a_fact_keeps_the_row_it_stands_for_in_its_id() -> None:
    found = [fact["id"] for c in made(3, rows={"fee": np.array([5, 13])}, fee=FEES) for p in c.people for fact in p]
    assert sorted(found) == ["fee#13", "fee#5"]
    assert split_id(fact_id("aside student", 12)) == ("aside student", 12)


def test_ids_are_unique_in_a_run() -> None:
    found = made(2, student=STUDENTS, fee=FEES, term=[{"term": "a"}, {"term": "b"}])
    facts = [fact["id"] for cohort in found for person in cohort.people for fact in person]
    assert len(set(facts)) == len(facts) == 21
    assert [fact["id"] for fact in found[0].shared] == ["term#0", "term#1"]
