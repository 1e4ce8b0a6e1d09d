"""What can't be judged is said, and why; it is never counted as passed."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import small

from checks.availability import is_excused
from checks.reasons import MissingColumns, MissingTable, NothingCovered, Obstacle, OutOfEffect, UnsetParameters

UNREGISTERED = small.rule(
    "REG-01",
    ["student.student_no"],
    {"student": 'status == "在读"'},
    {"no registration": "student_no == student.student_no"},
)
STUDENT = "学号,姓名,培养层次,学院,专业,入学日期,在校状态\n1,赵一,本科,土木,土木,2025-09-01,在读\n"
STUDENTS: Any = [{"student_no": "1", "status": "在读"}]
OF_ANOTHER: Any = [{"student_no": "9", "term": "2026-2027-1", "registered_on": date(2019, 9, 1)}]
"""The table covers the term."""
LIMIT = {"title": "上限", "type": "int", "value": None}


def verdict(snapshot: Any, pack: Any, number: str = "REG-01") -> tuple[str, str | None, int]:
    found = small.outcome(small.judged(snapshot, pack), number)
    return found.status, found.reason, found.findings


def test_a_rule_whose_table_is_absent_is_not_checked(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", UNREGISTERED)
    assert verdict(small.rows(student=STUDENTS), pack) == ("not checked", "缺少表 学期注册", 0)
    assert verdict(small.rows(student=STUDENTS, registration=OF_ANOTHER), pack) == ("violated", None, 1)


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
    said = "缴费没有这些列，按未填判断：缓缴至"  # 减免金额 has a default, which is no guess
    assert verdict(snapshot, small.pack(tmp_path / "pack", rebate), "FEE-01") == ("violated", said, 1)


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
    found = verdict(small.rows(as_of, student=STUDENTS, registration=OF_ANOTHER), small.pack(tmp_path / "pack", rule))
    assert found == (("violated", None, 1) if in_effect else ("not checked", "不在规则的有效期内", 0))


def test_a_rule_without_an_end_or_a_beginning_is_in_effect_ever_after_or_before(tmp_path: Path) -> None:
    students = small.rows(date(2060, 1, 1), student=STUDENTS, registration=OF_ANOTHER)
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


ORPHANS = small.rule("SYS-01", ["orphan.student_no"], {"orphan": ""})
FLAWS = small.rule("IDN-03", ["identity_number.table"], {"identity_number": "flaw is not None"})
CLAIMS = small.rule("IDN-04", ["identity_claim.table"], {"identity_claim": "sex != stated_sex"})
BAD: Any = [{"student_no": "1", "id_number": "1"}]


def test_a_fact_of_several_parts_is_judged_on_those_that_are_there_and_names_the_others(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", FLAWS)
    said = "缺少表 学籍，未核对；缺少表 迎新，未核对"
    assert verdict(small.rows(student=BAD), pack, "IDN-03") == ("violated", said, 1)
    assert verdict(small.rows(student=[], record=[], welcome=[]), pack, "IDN-03") == ("clean", None, 0)


def test_where_no_part_is_there_nothing_is_judged(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", FLAWS)
    said = "缺少表 在校生；缺少表 学籍；缺少表 迎新"
    assert verdict(small.rows(fee=[]), pack, "IDN-03") == ("not checked", said, 0)


def test_a_part_whose_column_is_absent_is_named_and_nothing_of_it_judged(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", FLAWS)
    said = "缺少列 在校生.身份证号；缺少表 学籍；缺少表 迎新"
    assert verdict(small.exported(tmp_path / "a", student=STUDENT), pack, "IDN-03") == ("not checked", said, 0)


def test_of_columns_that_are_compared_one_is_enough_and_the_other_is_named(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", CLAIMS)
    header, row = STUDENT.splitlines()
    one = f"{header},身份证号,性别\n{row},610101200503010115,女\n"
    said = "缺少列 在校生.出生日期，未核对；缺少表 迎新，未核对"
    assert verdict(small.exported(tmp_path / "a", student=one), pack, "IDN-04") == ("violated", said, 1)
    none = f"{header},身份证号\n{row},610101200503010115\n"
    said = "缺少列 在校生.性别、出生日期；缺少表 迎新"
    assert verdict(small.exported(tmp_path / "b", student=none), pack, "IDN-04") == ("not checked", said, 0)


def test_what_every_part_rests_on_must_be_there(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", ORPHANS)
    fee: Any = [{"student_no": "9"}]
    assert verdict(small.rows(fee=fee, student=[]), pack, "SYS-01") == ("not checked", "缺少表 学籍", 0)
    found = verdict(small.rows(fee=fee, student=[], record=[], change=[], checkin=[], attendance=[]), pack, "SYS-01")
    assert found == ("violated", "缺少表 学期注册，未核对", 1)


CODES = small.rule("CLS-02", ["misnumbered.student_no"], {"misnumbered": ""})
PATTERN = {"title": "编码规则", "type": "pattern", "value": None}
PATTERNS = {"student_no_pattern": PATTERN, "class_no_pattern": PATTERN}


def test_a_coding_rule_that_is_not_written_is_named_and_the_other_judged(tmp_path: Path) -> None:
    unset = small.pack(tmp_path / "unset", CODES, parameters=PATTERNS)
    said = "参数未设置：student_no_pattern；参数未设置：class_no_pattern"
    assert verdict(small.rows(student=STUDENTS), unset, "CLS-02") == ("not checked", said, 0)
    one = PATTERNS | {"student_no_pattern": PATTERN | {"value": "[0-9]{10}"}}
    found = verdict(small.rows(student=STUDENTS), small.pack(tmp_path / "one", CODES, parameters=one), "CLS-02")
    assert found == ("violated", "参数未设置：class_no_pattern，未核对", 1)


MOVED = small.rule("IDN-08", ["renumbered.id_number"], {"renumbered": ""})


def test_a_rule_on_what_changed_needs_an_earlier_snapshot_with_its_columns(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", MOVED)
    row: Any = {"student_no": "1", "id_number": "A", "entered_on": "2025-09-01", "class_no": "B1"}
    now = small.rows(student=[row])
    assert verdict(now, pack, "IDN-08") == ("not checked", "没有给出更早的快照（--previous）", 0)
    before = small.rows(date(2026, 10, 28), student=[row | {"class_no": "B2"}])
    assert verdict(replace(now, previous=before), pack, "IDN-08") == ("violated", None, 1)
    poor = small.exported(tmp_path / "poor", date(2026, 10, 28), student=STUDENT)
    said = "缺少列 更早快照的在校生.身份证号；缺少列 更早快照的在校生.班级号"
    assert verdict(replace(now, previous=poor), pack, "IDN-08") == ("not checked", said, 0)


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


@pytest.mark.parametrize(
    ("reasons", "excused"),
    [
        ([MissingTable("deferral")], True),
        ([NothingCovered("handover")], True),
        ([OutOfEffect()], True),
        ([MissingTable("registration")], False),
        ([MissingTable("deferral"), MissingTable("registration")], False),
        ([MissingTable("deferral", earlier=True)], False),
        ([MissingColumns("deferral", ("until",))], False),
        ([NothingCovered("registration")], False),
        ([UnsetParameters(("repeat_limit",))], False),
    ],
)
def test_only_what_is_optional_or_out_of_effect_excuses_a_rule(reasons: list[Obstacle], excused: bool) -> None:
    assert is_excused(reasons) == excused
