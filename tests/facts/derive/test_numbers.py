"""Numbers: valid, contradicted, borne twice, by the coding rules."""

from datetime import date
from typing import Any, ClassVar

import pandas as pd
import pytest

from facts.derive import derive
from facts.model.identity import make_identity
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
MAN = make_identity("61", date(2005, 3, 1), 11)
WOMAN = make_identity("61", date(2005, 3, 1), 12)
WRONG = MAN[:17] + ("0" if MAN[17] != "0" else "1")


def derived(kind: str, parameters: dict[str, Any] | None = None, **tables: Any) -> pd.DataFrame:
    return derive(snapshot_from_rows(tables, AS_OF), [], parameters or {}, [kind]).frames[kind]


def told(found: pd.DataFrame, *fields: str) -> list[tuple[Any, ...]]:
    """The rows with missing values as None."""
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in found[list(fields)].to_numpy(object)]


class TestIdentityNumber:
    FIELDS = ("table", "student_no", "exam_no", "owner", "flaw")

    def test_each_table_is_judged_by_itself_and_answered_for_by_its_office(self) -> None:
        found = derived(
            "identity_number",
            student=[{"student_no": "1", "exam_no": "E1", "id_number": WRONG}],
            record=[{"student_no": "1", "id_number": MAN}],
            welcome=[{"exam_no": "E1", "id_number": "610101050301001"}],
        )
        assert told(found, *self.FIELDS) == [
            ("student", "1", None, "学生处", "校验码不对"),
            ("record", "1", None, "教务处", None),
            ("welcome", None, "E1", "招生办", "不是 18 位"),
        ]
        assert found["heading"].tolist() == ["在校生", "学籍", "迎新"]

    @pytest.mark.parametrize(
        ("number", "flaw"),
        [
            (MAN + "0", "不是 18 位"),
            ("A" + MAN[1:], "前 17 位应为数字，末位应为数字或 X"),
            (MAN[:17] + "Y", "前 17 位应为数字，末位应为数字或 X"),
            (make_identity("16", date(2005, 3, 1), 11), "前两位不是省级代码"),
            (make_identity("61", date(2026, 11, 26), 11), "出生日期不存在或晚于数据截至日期"),
            (make_identity("61", date(2026, 11, 25), 11), None),
            (WRONG, "校验码不对"),
            (MAN, None),
        ],
    )
    def test_the_first_thing_that_is_wrong_is_said(self, number: str, flaw: str | None) -> None:
        found = derived("identity_number", student=[{"student_no": "1", "id_number": number}])
        assert told(found, "flaw") == [(flaw,)]

    def test_a_row_without_a_number_is_not_judged(self) -> None:
        assert derived("identity_number", student=[{"student_no": "1"}]).empty

    def test_two_rows_of_one_student_are_judged_each(self) -> None:
        rows = [{"student_no": "1", "id_number": MAN}, {"student_no": "1", "id_number": WRONG}]
        assert told(derived("identity_number", record=rows), "flaw") == [(None,), ("校验码不对",)]


class TestIdentityClaim:
    def test_what_a_number_says_stands_beside_what_the_row_says(self) -> None:
        found = derived(
            "identity_claim",
            student=[{"student_no": "1", "id_number": WOMAN, "sex": "男", "birth_on": "2005-03-02"}],
            welcome=[{"exam_no": "E1", "id_number": MAN}],
        )
        assert told(found, "table", "student_no", "exam_no", "sex", "stated_sex", "birth_on", "stated_birth_on") == [
            ("student", "1", None, "男", "女", pd.Timestamp("2005-03-02"), pd.Timestamp("2005-03-01")),
            ("welcome", None, "E1", None, "男", None, pd.Timestamp("2005-03-01")),
        ]

    def test_a_number_that_is_not_valid_says_nothing(self) -> None:
        assert derived("identity_claim", student=[{"student_no": "1", "id_number": WRONG, "sex": "女"}]).empty

    def test_a_record_has_neither_sex_nor_birth_date(self) -> None:
        assert derived("identity_claim", record=[{"student_no": "1", "id_number": MAN}]).empty


class TestUses:
    def test_a_student_number_is_counted_by_rows_and_by_identities(self) -> None:
        rows = [
            {"student_no": "2", "id_number": MAN},
            {"student_no": "1", "id_number": MAN},
            {"student_no": "2", "id_number": WOMAN},
            {"student_no": "2"},
        ]
        found = derived("student_number", student=rows)
        assert told(found, "student_no", "rows", "identities") == [("1", 1, 1), ("2", 3, 2)]

    def test_an_exam_number_is_counted_in_each_table_by_itself(self) -> None:
        found = derived(
            "exam_number",
            student=[{"student_no": "1", "exam_no": "E1"}, {"student_no": "2"}],
            welcome=[{"exam_no": "E1"}, {"exam_no": "E1"}],
        )
        assert told(found, "table", "heading", "exam_no", "rows") == [
            ("welcome", "迎新", "E1", 2),
            ("student", "在校生", "E1", 1),
        ]

    def test_where_nothing_is_given_nothing_is_counted(self) -> None:
        assert derived("student_number").empty
        assert derived("exam_number", student=[{"student_no": "1"}]).empty


class TestMisnumbered:
    STUDENTS = (
        {"student_no": "2024010101", "class_no": "20240101"},
        {"student_no": "202401010", "class_no": "20240101"},
        {"student_no": "20240101011", "class_no": "B1"},
        {"student_no": "2024010102"},
    )
    RULES: ClassVar[dict[str, Any]] = {"student_no_pattern": "[0-9]{10}", "class_no_pattern": "[0-9]{8}|X[0-9]+"}

    def bad(self, **rules: Any) -> list[tuple[Any, ...]]:
        return told(derived("misnumbered", rules, student=self.STUDENTS), "student_no", "heading", "number")

    def test_a_number_must_be_matched_from_beginning_to_end(self) -> None:
        assert self.bad(**self.RULES) == [
            ("202401010", "学号", "202401010"),
            ("20240101011", "学号", "20240101011"),
            ("20240101011", "班级号", "B1"),
        ]

    def test_a_number_without_a_rule_is_not_looked_at(self) -> None:
        assert self.bad() == []
        assert self.bad(**self.RULES | {"student_no_pattern": None}) == [("20240101011", "班级号", "B1")]

    def test_without_students_there_is_nothing_to_look_at(self) -> None:
        assert derived("misnumbered", self.RULES).empty


class TestNameKey:
    @pytest.mark.parametrize("dot", "·•‧・．.･∙⋅")
    def test_the_dot_of_a_name_has_many_shapes_and_is_one(self, dot: str) -> None:
        for table, name in (("student", f"某某{dot}甲乙"), ("record", f"某某 {dot} 甲乙")):
            found = derived(table, **{table: [{"student_no": "1", "name": name}]})
            assert told(found, "name_key") == [("某某·甲乙",)]

    @pytest.mark.parametrize("name", ["某某（甲乙", "某某甲乙"])
    def test_a_dot_that_became_something_else_is_another_name(self, name: str) -> None:
        assert told(derived("student", student=[{"student_no": "1", "name": name}]), "name_key") != [("某某·甲乙",)]

    def test_names_that_become_one_share_one_key_and_a_missing_one_has_none(self) -> None:
        rows = [{"student_no": "1", "name": "某•甲"}, {"student_no": "2", "name": "某·甲"}, {"student_no": "3"}]
        assert told(derived("student", student=rows), "name_key") == [("某·甲",), ("某·甲",), (None,)]
