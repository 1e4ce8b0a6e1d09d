"""What can't be judged is said, and why; it is never counted as passed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import small

UNREGISTERED = small.rule(
    "REG-01",
    ["student.student_no"],
    {"student": 'status == "在读"'},
    {"no registration": "student_no == student.student_no"},
)
STUDENT = "学号,姓名,培养层次,学院,专业,入学日期,在校状态\n1,赵一,本科,土木,土木,2025-09-01,在读\n"
STUDENTS: Any = [{"student_no": "1", "status": "在读"}]
LIMIT = {"title": "上限", "type": "int", "value": None}


def verdict(snapshot: Any, pack: Any, number: str = "REG-01") -> tuple[str, str | None, int]:
    found = small.outcome(small.judged(snapshot, pack), number)
    return found.status, found.reason, found.findings


def test_a_rule_whose_table_is_absent_is_not_checked(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", UNREGISTERED)
    assert verdict(small.rows(student=STUDENTS), pack) == ("not checked", "缺少表 学期注册", 0)
    assert verdict(small.rows(student=STUDENTS, registration=[]), pack) == ("violated", None, 1)


def test_every_absent_table_is_named(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", UNREGISTERED)
    assert verdict(small.rows(fee=[]), pack) == ("not checked", "缺少表 学期注册；缺少表 在校生", 0)


def test_a_rule_whose_column_is_absent_is_not_checked(tmp_path: Path) -> None:
    late = small.rule("DUE-01", ["change.change_no"], {"change": "until < as_of"})
    pack = small.pack(tmp_path / "pack", late)
    without = small.exported(tmp_path / "a", change="异动编号,学号,异动类别\nC1,1,休学\n")
    assert verdict(without, pack, "DUE-01") == ("not checked", "缺少列 学籍异动.截止日期", 0)
    with_it = small.exported(tmp_path / "b", change="异动编号,学号,异动类别,截止日期\nC1,1,休学,2026-11-24\n")
    assert verdict(with_it, pack, "DUE-01") == ("violated", None, 1)


def test_a_column_whose_absence_has_a_plain_reading_stops_no_rule(tmp_path: Path) -> None:
    rebate = small.rule("FEE-01", ["fee.student_no"], {"fee": "relief == 0 and deferred_until is None"})
    snapshot = small.exported(tmp_path / "a", fee="学号,学年,应缴金额,实缴金额\n1,2026-2027,5800,0\n")
    assert verdict(snapshot, small.pack(tmp_path / "pack", rebate), "FEE-01") == ("violated", None, 1)


def test_a_computed_column_needs_what_it_is_computed_from(tmp_path: Path) -> None:
    due = small.rule("MRK-01", ["change.change_no"], {"change": "has_record"})
    pack = small.pack(tmp_path / "pack", due)
    changes: Any = [{"change_no": "C1", "student_no": "1"}]
    assert verdict(small.rows(change=changes), pack, "MRK-01") == ("not checked", "缺少表 学籍", 0)
    record: Any = [{"student_no": "1"}]
    assert verdict(small.rows(change=changes, record=record), pack, "MRK-01") == ("violated", None, 1)


def test_a_computed_fact_needs_the_tables_it_is_made_of(tmp_path: Path) -> None:
    owing = small.rule("FEE-01", ["fee_account.student_no"], {"fee_account": "not settled"})
    pack = small.pack(tmp_path / "pack", owing)
    assert verdict(small.rows(student=STUDENTS), pack, "FEE-01") == ("not checked", "缺少表 缴费", 0)


def test_a_parameter_that_the_school_left_unset_stops_the_rule(tmp_path: Path) -> None:
    limited = small.rule("RPT-01", ["repeat.student_no"], {"repeat": "count > params.most"})
    pack = small.pack(tmp_path / "pack", limited, parameters={"most": LIMIT})
    assert verdict(small.rows(change=[]), pack, "RPT-01") == ("not checked", "参数未设置：most", 0)


@pytest.mark.parametrize(
    ("as_of", "in_effect"),
    [
        (date(2020, 5, 13), False),
        (date(2020, 5, 14), True),
        (date(2026, 11, 25), True),
        (date(2026, 11, 26), False),
    ],
)
def test_a_rule_judges_from_its_first_day_to_its_last_both_included(
    tmp_path: Path, as_of: date, in_effect: bool
) -> None:
    rule = UNREGISTERED | {"effective": {"from": date(2020, 5, 14), "to": date(2026, 11, 25)}}
    found = verdict(small.rows(as_of, student=STUDENTS, registration=[]), small.pack(tmp_path / "pack", rule))
    assert found == (("violated", None, 1) if in_effect else ("not checked", "不在规则的有效期内", 0))


def test_a_rule_without_an_end_or_a_beginning_is_in_effect_ever_after_or_before(tmp_path: Path) -> None:
    students = small.rows(date(2060, 1, 1), student=STUDENTS, registration=[])
    since = UNREGISTERED | {"effective": {"from": date(2020, 5, 14), "to": None}}
    until = UNREGISTERED | {"effective": {"from": None, "to": date(2026, 11, 25)}}
    assert verdict(students, small.pack(tmp_path / "a", since))[0] == "violated"
    assert verdict(students, small.pack(tmp_path / "b", until))[0] == "not checked"


def test_no_deferral_with_a_question_mark_holds_where_deferrals_are_not_given_and_says_so(tmp_path: Path) -> None:
    lenient = small.rule(
        "REG-07",
        ["student.student_no"],
        {"student": 'status == "在读"'},
        {"no deferral?": "person_no == student.student_no and until >= as_of"},
    )
    pack = small.pack(tmp_path / "pack", lenient)
    without = verdict(small.rows(student=STUDENTS), pack, "REG-07")
    assert without == ("violated", "没有提供暂缓报到，按没有暂缓报到判断", 1)
    deferral: Any = [{"student_no": "1", "term": "2026-2027-1", "until": small.AS_OF}]
    assert verdict(small.rows(student=STUDENTS, deferral=deferral), pack, "REG-07") == ("clean", None, 0)


def test_the_students_table_read_from_a_file_is_enough_for_a_rule_on_students(tmp_path: Path) -> None:
    reading = small.rule("STU-01", ["student.student_no"], {"student": 'status == "在读"'})
    snapshot = small.exported(tmp_path / "a", student=STUDENT)
    assert verdict(snapshot, small.pack(tmp_path / "pack", reading), "STU-01") == ("violated", None, 1)


def test_a_figure_that_the_pack_does_not_speak_of_has_its_default(tmp_path: Path) -> None:
    # 五-5: marked within 15 working days of issue.
    late = small.rule("MRK-01", ["change.change_no"], {"change": "mark_due_on < as_of"})
    pack = small.pack(tmp_path / "pack", late)
    changes: Any = [{"change_no": "C1", "kind": "休学", "issued_on": date(2026, 9, 1)}]
    assert verdict(small.rows(change=changes), pack, "MRK-01") == ("violated", None, 1)


INCOMPLETE = small.rule("ADM-05", ["welcome.exam_no"], {"welcome": "blank_fields is not None"})
FIELDS = {"title": "字段", "type": "text", "shape": "list", "value": ["ticket_no", "sex", "score"]}


def test_columns_that_are_only_looked_at_are_left_out_and_named_where_the_export_lacks_them(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", INCOMPLETE, parameters={"admission_fields": FIELDS})
    some = small.exported(tmp_path / "a", 迎新="考生号,入学年份,报到状态,性别\nE1,2026,已报到,\n")
    assert verdict(some, pack, "ADM-05") == ("violated", "迎新没有这些列，未查：准考证号、入学成绩", 1)
    every = small.exported(
        tmp_path / "b", 迎新="考生号,入学年份,报到状态,性别,准考证号,入学成绩\nE1,2026,已报到,女,1,2\n"
    )
    assert verdict(every, pack, "ADM-05") == ("clean", None, 0)


def test_where_the_export_lacks_all_of_them_nothing_can_be_checked(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", INCOMPLETE, parameters={"admission_fields": FIELDS})
    none = small.exported(tmp_path / "a", 迎新="考生号,入学年份,报到状态\nE1,2026,已报到\n")
    said = "缺少列 迎新.准考证号；缺少列 迎新.入学成绩；缺少列 迎新.性别"
    status, reason, _ = verdict(none, pack, "ADM-05")
    assert (status, sorted((reason or "").split("；"))) == ("not checked", sorted(said.split("；")))


def test_without_the_table_there_is_nothing_to_look_at_either(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", INCOMPLETE, parameters={"admission_fields": FIELDS})
    assert verdict(small.rows(fee=[]), pack, "ADM-05") == ("not checked", "缺少表 迎新", 0)
