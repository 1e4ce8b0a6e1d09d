"""class_mix: what kinds of students sit in one class."""

from datetime import date
from typing import Any

import pandas as pd

from facts.derive import derive
from facts.reading.written_rows import snapshot_from_rows

STUDENT = {"student_no": "1", "class_no": "A", "status": "在读", "level": "本科", "category": "普招", "major": "车辆"}


def mixes(*students: dict[str, Any]) -> pd.DataFrame:
    return derive(snapshot_from_rows({"student": students}, date(2026, 11, 25)), [], {}, ["class_mix"]).frames[
        "class_mix"
    ]


def test_students_and_what_they_are_are_counted_by_class() -> None:
    found = mixes(STUDENT, {**STUDENT, "student_no": "2"}, {**STUDENT, "student_no": "3", "class_no": "B"})
    assert found["class_no"].tolist() == ["A", "B"]
    assert found["students"].tolist() == [2, 1]
    assert found[["levels", "categories", "majors"]].to_numpy().tolist() == [[1, 1, 1], [1, 1, 1]]


def test_different_ones_are_named_with_their_number_the_most_frequent_first_then_by_their_text() -> None:
    found = mixes(STUDENT, {**STUDENT, "student_no": "2", "level": "专科", "category": "五年制", "major": "会计"}).iloc[
        0
    ]
    assert (found["levels"], found["level_names"]) == (2, "专科 1 人、本科 1 人")
    assert (found["categories"], found["category_names"]) == (2, "五年制 1 人、普招 1 人")
    assert (found["majors"], found["major_names"]) == (2, "会计 1 人、车辆 1 人")


def test_only_students_who_study_now_are_counted() -> None:
    assert mixes({**STUDENT, "status": "休学"}).empty
    assert mixes(STUDENT, {**STUDENT, "status": "退学", "level": "专科"})["levels"].tolist() == [1]


def test_a_missing_value_is_no_other_kind() -> None:
    found = mixes(STUDENT, {**STUDENT, "student_no": "2", "category": None}).iloc[0]
    assert (found["categories"], found["category_names"]) == (1, "普招 1 人")
    nobody_knows = mixes({**STUDENT, "category": None}).iloc[0]
    assert nobody_knows["categories"] == 0
    assert pd.isna(nobody_knows["category_names"])


def test_a_student_who_stands_there_twice_is_one_student() -> None:
    assert mixes(STUDENT, STUDENT)["students"].tolist() == [1]


def test_students_without_a_class_are_in_none() -> None:
    assert mixes({**STUDENT, "class_no": None}).empty
    assert mixes().empty


def test_without_students_there_are_no_classes() -> None:
    assert derive(snapshot_from_rows({}, date(2026, 11, 25)), [], {}).frames["class_mix"].empty
