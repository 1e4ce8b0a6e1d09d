"""Who is one person: whoever shares a number, directly or through others, over all tables."""

from typing import Any

import numpy as np
import small

from checks.engine.persons import NOBODY, persons


def people(**tables: list[dict[str, Any]]) -> list[list[int]]:
    """For each table the persons of its rows, renumbered in order of appearance."""
    found = persons(small.kinds(**tables))
    seen: dict[int, int] = {NOBODY: NOBODY}
    return [[seen.setdefault(who, len(seen) - 1) for who in found[kind].tolist()] for kind in tables]


def test_three_records_of_one_person_under_two_numbers() -> None:
    record = [
        {"student_no": "1", "id_number": "A"},
        {"student_no": "2", "id_number": "A"},
        {"student_no": "2", "id_number": "B"},
        {"student_no": "3", "id_number": "C"},
    ]
    assert people(record=record) == [[0, 0, 0, 1]]


def test_two_people_who_share_an_exam_number_by_mistake_are_judged_together() -> None:
    student = [
        {"student_no": "1", "id_number": "A", "exam_no": "K"},
        {"student_no": "2", "id_number": "B", "exam_no": "K"},
        {"student_no": "3", "id_number": "C", "exam_no": "L"},
    ]
    assert people(student=student) == [[0, 0, 1]]


def test_the_same_text_as_student_number_and_as_exam_number_makes_nobody_one() -> None:
    assert people(student=[{"student_no": "1"}], welcome=[{"exam_no": "1"}]) == [[0], [1]]


def test_a_person_number_stands_for_a_student_number_and_an_exam_number() -> None:
    assert people(
        deferral=[{"person_no": "1"}, {"person_no": "K"}, {"person_no": "9"}],
        student=[{"student_no": "1"}],
        welcome=[{"exam_no": "K"}],
    ) == [[0, 1, 2], [0], [1]]


def test_a_handover_belongs_to_whoever_the_change_is_about() -> None:
    assert people(
        change=[{"change_no": "C1", "student_no": "1"}, {"change_no": "C2", "student_no": "2"}],
        handover=[{"change_no": "C2"}, {"change_no": "C9"}],
        student=[{"student_no": "2"}],
    ) == [[0, 1], [1, 2], [1]]


def test_terms_and_classes_and_rows_without_any_number_concern_no_one_person() -> None:
    assert people(
        term=[{"term": "2026-2027-1"}], class_group=[{"class_no": "B1"}], student=[{"student_no": None, "grade": 2026}]
    ) == [[NOBODY], [NOBODY], [NOBODY]]


def test_tables_without_rows_have_nobody() -> None:
    assert people(student=[], term=[]) == [[], []]
    assert persons({}) == {}


def test_a_chain_of_ten_thousand_numbers_is_one_person() -> None:
    order = np.random.default_rng(7).permutation(10_000).tolist()
    record = [{"student_no": str(n // 2), "id_number": str((n + 1) // 2)} for n in order]
    (found,) = people(record=record)
    assert set(found) == {0}


def test_a_placeholder_shared_by_thousands_makes_one_and_leaves_the_others() -> None:
    student = [{"student_no": str(n), "id_number": "0" if n < 5000 else str(n)} for n in range(6000)]
    (found,) = people(student=student)
    assert found == [0] * 5000 + list(range(1, 1001))
