"""A table speaks only of the time it covers: outside of it nothing is known to be absent, and the rule says so."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import small

from checks.results import RuleResult
from facts.model.snapshot import Snapshot

SPRING: Any = {
    "term": "2025-2026-2", "academic_year": "2025-2026", "starts_on": date(2026, 3, 2), "report_by": date(2026, 3, 6),
    "ends_on": date(2026, 7, 12),
}  # fmt: skip
AUTUMN: Any = {
    "term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": date(2026, 8, 31), "report_by": date(2026, 9, 4),
    "ends_on": date(2027, 1, 17),
}  # fmt: skip
LATE = {SPRING["term"]: date(2026, 3, 9), AUTUMN["term"]: date(2026, 9, 7)}
ATTENDING = small.rule(
    "REG-01",
    ["activity.student_no", "activity.term"],
    {"activity": "first_late_on is not None"},
    {"no registration": "student_no == activity.student_no and term == activity.term"},
)
SETTLED = small.rule(
    "REG-02",
    ["student.student_no", "term.term"],
    {"student": 'status == "在读"'},
    {"term": "current"},
    {"fee_account": "student_no == student.student_no and academic_year == term.academic_year and settled"},
    {"no registration": "student_no == student.student_no and term == term.term"},
    {"no checkin?": "student_no == student.student_no and term == term.term and marked_on is not None"},
)
OWING = small.rule(
    "REG-03",
    ["registration.student_no"],
    {"term": "current"},
    {"registration": "term == term.term"},
    {"fee_account": "student_no == registration.student_no and academic_year == term.academic_year and not settled"},
)
HANDED_OVER = small.rule(
    "HND-01",
    ["change.change_no"],
    {"change": "issued_on is not None"},
    {"no handover": "change_no == change.change_no"},
)
NOT_BACK = small.rule(
    "ADM-08",
    ["student.student_no", "term.term"],
    {"student": 'status == "在读"'},
    {"term": "current"},
    {"no roster": "student_no == student.student_no and term == term.term"},
)
STUDENT: Any = {"student_no": "1", "status": "在读"}
PAID: Any = {"student_no": "1", "academic_year": "2026-2027", "payable": 5800, "paid": 5800}


def of_another(*terms: str) -> list[dict[str, Any]]:
    """Registrations that make the terms covered."""
    return [{"student_no": "9", "term": term, "registered_on": date(2020, 9, 1)} for term in terms]


def attended(*terms: str, result: str = "出勤") -> list[dict[str, Any]]:
    return [{"student_no": "1", "held_on": LATE[term], "result": result} for term in terms]


def outcome(tmp_path: Path, rule: dict[str, Any], **tables: Any) -> tuple[RuleResult, list[dict[str, str]]]:
    snapshot: Snapshot = small.rows(term=[SPRING, AUTUMN], **tables)
    result = small.judged(snapshot, small.pack(tmp_path / "pack", rule))
    return small.outcome(result, rule["id"]), small.keys(result)


def test_a_term_without_a_row_is_left_out_and_named(tmp_path: Path) -> None:
    both = attended(SPRING["term"], AUTUMN["term"])
    found, keys = outcome(tmp_path, ATTENDING, attendance=both, registration=of_another(AUTUMN["term"]))
    assert (found.status, keys) == ("violated", [{"student_no": "1", "term": "2026-2027-1"}])
    assert found.reason == "学期注册数据未覆盖2025-2026-2，其中有没有学期注册不得而知，未核查"
    assert found.gaps == (found.reason,)  # last month, with both terms, can't be compared with it


def test_every_term_is_judged_where_each_has_rows(tmp_path: Path) -> None:
    both = attended(SPRING["term"], AUTUMN["term"])
    terms = of_another(SPRING["term"], AUTUMN["term"])
    found, keys = outcome(tmp_path, ATTENDING, attendance=both, registration=terms)
    assert [key["term"] for key in keys] == ["2025-2026-2", "2026-2027-1"]
    assert found.reason is None


def test_where_no_candidate_lies_in_covered_time_the_rule_is_not_checked(tmp_path: Path) -> None:
    spring = attended(SPRING["term"])
    found, _ = outcome(tmp_path, ATTENDING, attendance=spring, registration=of_another(AUTUMN["term"]))
    assert (found.status, found.findings) == ("not checked", 0)
    assert found.reason == "学期注册数据未覆盖2025-2026-2，其中有没有学期注册不得而知，未核查"


def test_without_candidates_a_rule_is_clean_whatever_is_covered(tmp_path: Path) -> None:
    late = [{**PAID, "paid": 0}]
    found, _ = outcome(tmp_path, SETTLED, student=[STUDENT], fee=late, registration=of_another(SPRING["term"]))
    assert found.status == "clean"
    found, _ = outcome(tmp_path, SETTLED, student=[STUDENT], fee=[PAID], registration=of_another(SPRING["term"]))
    assert found.status == "not checked"


def test_a_mistyped_term_covers_nothing(tmp_path: Path) -> None:
    rows = of_another(SPRING["term"]) + [
        {**row, "student_no": str(n)} for n in range(30) for row in of_another(AUTUMN["term"])
    ]
    found, keys = outcome(tmp_path, ATTENDING, attendance=attended(SPRING["term"], AUTUMN["term"]), registration=rows)
    assert keys == []
    assert found.reason == "学期注册数据未覆盖2025-2026-2，其中有没有学期注册不得而知，未核查"


def test_attendance_of_absences_alone_shows_nobody(tmp_path: Path) -> None:
    absent = attended(SPRING["term"], AUTUMN["term"], result="缺勤")
    terms = of_another(SPRING["term"], AUTUMN["term"])
    found, _ = outcome(tmp_path, ATTENDING, attendance=absent, registration=terms)
    assert (found.status, found.reason) == ("not checked", "教学活动所依据的数据没有覆盖要核查的学期")


def test_what_is_looked_for_in_a_term_that_is_not_covered_is_said_and_stays_clean(tmp_path: Path) -> None:
    found, _ = outcome(tmp_path, OWING, registration=of_another(SPRING["term"]), fee=[{**PAID, "paid": 0}])
    assert (found.status, found.findings) == ("clean", 0)
    assert found.reason == "学期注册数据未覆盖2026-2027-1，其中有没有学期注册不得而知，未核查"


def test_a_mark_that_is_not_covered_is_none(tmp_path: Path) -> None:
    """`no checkin?`: where the table does not speak of the term, nobody is marked."""
    checkin = [{"student_no": "9", "term": SPRING["term"], "marked_on": date(2026, 3, 9)}]
    tables = {"student": [STUDENT], "fee": [PAID], "registration": of_another(AUTUMN["term"])}
    for more in ({}, {"checkin": checkin}):
        _, keys = outcome(tmp_path, SETTLED, **tables, **more)
        assert keys == [{"student_no": "1", "term": "2026-2027-1"}]
    marked = [*checkin, {"student_no": "1", "term": AUTUMN["term"], "marked_on": date(2026, 9, 19)}]
    assert outcome(tmp_path, SETTLED, **tables, checkin=marked)[1] == []


@pytest.mark.parametrize(("issued_on", "found"), [(date(2026, 10, 1), 0), (date(2026, 10, 2), 1)])
def test_handovers_are_missed_only_when_they_were_kept_already(tmp_path: Path, issued_on: date, found: int) -> None:
    """The earliest is of 1 September: what was issued up to 30 days after it may have been handed over before."""
    first = {"change_no": "C0", "from_unit": "教务处", "to_unit": "学生处", "handed_on": date(2026, 9, 1)}
    change = {"change_no": "C1", "student_no": "1", "issued_on": issued_on}
    late = {"change_no": "C2", "student_no": "2", "issued_on": date(2026, 11, 2)}
    result, keys = outcome(tmp_path, HANDED_OVER, change=[change, late], handover=[first])
    assert [key["change_no"] for key in keys] == ["C1", "C2"][1 - found :]
    assert result.reason == (None if found else "工作交接数据自2026年10月2日起才完整，此前的未核查")


def test_an_empty_handover_table_says_nothing(tmp_path: Path) -> None:
    change = {"change_no": "C1", "student_no": "1", "issued_on": date(2026, 10, 2)}
    found, _ = outcome(tmp_path, HANDED_OVER, change=[change], handover=[])
    assert (found.status, found.reason) == ("not checked", "工作交接数据未覆盖任何时间，未核查")


@pytest.mark.parametrize(("listed", "status"), [(("2",), "not checked"), (("2", "3"), "violated")])
def test_a_list_of_less_than_half_of_the_students_is_one_of_exceptions(
    tmp_path: Path, listed: tuple[str, ...], status: str
) -> None:
    students = [STUDENT | {"student_no": n, "entered_on": date(2025, 9, 1)} for n in ("1", "2", "3", "4")]
    came = [{"student_no": n, "term": AUTUMN["term"], "arrived_on": date(2026, 9, 1)} for n in listed]
    found, keys = outcome(tmp_path, NOT_BACK, student=students, checkin=came)
    assert (found.status, [key["student_no"] for key in keys]) == (status, ["1", "4"] if len(listed) > 1 else [])
    said = "2026-2027-1 返校报到名册不到开学前入学的在读学生的一半，可能只列了例外，未核查"
    assert found.reason == (said if status == "not checked" else None)


def test_a_row_set_aside_leaves_the_rule_partial_where_nothing_is_found(tmp_path: Path) -> None:
    for name, text in {
        "term": "学期,学年,开学日期,报到截止日期,学期结束日期\n"
        "2026-2027-1,2026-2027,2026-08-31,2026-09-04,2027-01-17\n",
        "attendance": "学号,上课日期,考勤结果\n1,2026-09-07,出勤\n",
        "registration": "学号,学期,注册日期\n1,2026-2027-1,九月\n9,2026-2027-1,2026-09-01\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    snapshot = small.exported(tmp_path)
    found = small.outcome(small.judged(snapshot, small.pack(tmp_path / "pack", ATTENDING)), "REG-01")
    assert (found.status, found.findings) == ("partial", 0)
    assert found.reason == "1 个候选因有读不出的行未能判定"


def test_a_rule_that_compares_texts_by_order_is_told_what_is_not_covered_like_any_other(tmp_path: Path) -> None:
    later = small.rule(
        "LEV-09",
        ["a.change_no"],
        {"change as a": ""},
        {"change as b": "student_no == a.student_no and change_no > a.change_no"},
        {"no registration": "student_no == a.student_no"},
    )
    changes = [{"change_no": number, "student_no": "1"} for number in ("YD1", "YD2")]
    snapshot = small.rows(change=changes, registration=[], term=[AUTUMN])
    assert small.outcome(small.judged(snapshot, small.pack(tmp_path, later)), "LEV-09").status == "not checked"
