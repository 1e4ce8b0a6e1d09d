"""The three registrations (四-2): who has which is said of all in school, and nothing that isn't known."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small import AS_OF, exported, judged, rows

from checks.overview.registrations import registrations
from checks.results import RegistrationCount, Registrations
from facts.demo import write_demo
from facts.derive import derive
from facts.model.schema import columns
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES
from facts.reading.load import load_snapshot
from rules.pack import load_pack

pytestmark = pytest.mark.slow

TERMS = [
    {"term": "2025-2026-2", "academic_year": "2025-2026", "starts_on": "2026-03-02", "report_by": "2026-03-06",
     "ends_on": "2026-07-12"},
    {"term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": "2026-08-31", "report_by": "2026-09-04",
     "ends_on": "2027-01-17"},
]  # fmt: skip
NUMBER, OTHER = "110101200001010015", "110101200001010031"
STUDENT = {
    "student_no": "1", "id_number": NUMBER, "name": "甲", "level": "本科", "category": "普招", "college": "医学院",
    "major": "护理", "entered_on": "2024-09-01", "status": "在读",
}  # fmt: skip
FEE = {"student_no": "1", "academic_year": "2026-2027", "payable": "5800", "paid": "5000", "relief": "800"}
TERM = {"student_no": "1", "term": "2026-2027-1", "registered_on": "2026-09-01"}
RECORD = {
    "platform": "学信网", "student_no": "1", "id_number": NUMBER, "name": "甲", "level": "本科", "status": "在籍",
    "registered_on": "2024-10-20", "annual_registration": "2026-2027",
}  # fmt: skip
DEFERRAL = {"student_no": "1", "term": "2026-2027-1", "until": "2026-11-25", "approved_on": "2026-09-03"}
OTHERS = {"fee": {**FEE, "student_no": "9"}, "registration": {**TERM, "student_no": "9"}}
"""Of somebody who is not here: by them the tables speak of the year and the term."""
PACK = load_pack()


def tables(changed: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Mapping[str, Any]]]:
    """Of a student who has all three, but for the tables that are given; with OTHERS."""
    whole = {"term": TERMS, "student": [STUDENT], "fee": [FEE], "registration": [TERM], "record": [RECORD], **changed}
    return {table: [*some, *([OTHERS[table]] if table in OTHERS else [])] for table, some in whole.items()}


def counted(snapshot: Snapshot) -> Registrations:
    return registrations(derive(snapshot, PACK.file.procedures, PACK.parameters), PACK.parameters)


def of(as_of: date = AS_OF, **changed: Sequence[Mapping[str, Any]]) -> Registrations:
    return counted(rows(as_of, **tables(changed)))


def only(**changed: Sequence[Mapping[str, Any]]) -> tuple[str, str, str]:
    """What the one student has: fee, term, academic."""
    (count,) = of(**changed).counts
    return count.fee, count.term, count.record


def read(folder: Path, **changed: Sequence[Mapping[str, Any]]) -> tuple[str, str, str]:
    """The same from files, where a row that can't be read is set aside."""
    texts = {}
    for table, some in tables(changed).items():
        names = list(dict.fromkeys(name for row in some for name in row)) or ["student_no", "term", "registered_on"]
        lines = [[columns(TABLES[table])[name].heading for name in names]]
        lines += [[row.get(name, "") for name in names] for row in some]
        texts[table] = "".join(",".join(line) + "\n" for line in lines)
    (count,) = counted(exported(folder, **texts)).counts
    return count.fee, count.term, count.record


def test_a_student_with_all_three_is_counted_in_the_college() -> None:
    assert of() == Registrations("2026-2027-1", (RegistrationCount("医学院", "has", "has", "has", 1),))


@pytest.mark.parametrize("status", ["休学", "保留学籍", "退学", "毕业"])
def test_who_is_on_leave_or_gone_is_not_counted(status: str) -> None:
    assert of(student=[{**STUDENT, "status": status}]).counts == ()


def test_who_enters_after_the_term_is_not_counted_in_it() -> None:
    assert of(student=[{**STUDENT, "entered_on": "2027-01-18"}]).counts == ()
    assert len(of(student=[{**STUDENT, "entered_on": "2027-01-17"}]).counts) == 1


def test_colleges_are_counted_apart_and_a_number_that_stands_twice_once() -> None:
    students = [STUDENT, {**STUDENT, "name": "乙"}, {**STUDENT, "student_no": "2", "college": "外国语学院"}]
    assert [(c.college, c.students) for c in of(student=students).counts] == [("医学院", 1), ("外国语学院", 1)]


@pytest.mark.parametrize(
    ("fee", "said"),
    [
        ({"paid": "4999.00"}, "lacks"),
        ({"paid": "4999.01"}, "has"),
        ({"paid": "0", "deferred_until": "2026-11-25"}, "has"),
        ({"paid": "0", "deferred_until": "2026-11-24"}, "lacks"),
        ({"academic_year": "2025-2026"}, "lacks"),
        ({"student_no": "2"}, "lacks"),
    ],
)
def test_a_fee_is_there_when_settled_or_deferred_until_today(fee: dict[str, str], said: str) -> None:
    assert only(fee=[{**FEE, **fee}]) == (said, "has", "has")


def test_the_items_of_a_year_are_one_fee() -> None:
    assert only(fee=[FEE, {**FEE, "item": "住宿费"}]) == ("has", "has", "has")
    assert only(fee=[FEE, {**FEE, "item": "住宿费", "paid": "0"}]) == ("lacks", "has", "has")


@pytest.mark.parametrize(
    ("fee", "said"),
    [({"student_no": "2"}, "excused"), ({"paid": "0"}, "lacks"), ({"paid": "5000"}, "has")],
)
def test_who_pays_nothing_at_a_free_level_needs_no_account_but_must_settle_one_that_is_there(
    fee: dict[str, str], said: str
) -> None:
    assert only(student=[{**STUDENT, "level": "中职"}], fee=[{**FEE, **fee}]) == (said, "has", "has")
    assert only(student=[{**STUDENT, "level": ""}], fee=[{**FEE, "student_no": "2"}]) == ("unknown", "has", "has")


@pytest.mark.parametrize(
    ("table", "row", "said", "gap"),
    [
        ("fee", {**FEE, "academic_year": "2025-2026"}, ("unknown", "has", "has"), "缴费数据未覆盖2026-2027"),
        ("registration", {**TERM, "term": "2025-2026-2"}, ("has", "unknown", "has"), "学期注册数据未覆盖2026-2027-1"),
    ],
)
def test_of_a_term_or_year_that_a_table_does_not_cover_nobody_lacks_anything(
    table: str, row: dict[str, str], said: tuple[str, str, str], gap: str
) -> None:
    found = counted(rows(**tables({}) | {table: [row]}))
    assert [(c.fee, c.term, c.record) for c in found.counts] == [said]
    assert [each.partition("，")[0] for each in found.gaps] == [gap]


def test_a_registration_of_the_term_before_or_of_tomorrow_is_none_of_this_term() -> None:
    assert only(registration=[{**TERM, "term": "2025-2026-2"}]) == ("has", "lacks", "has")
    assert only(registration=[{**TERM, "registered_on": "2026-11-26"}]) == ("has", "lacks", "has")


@pytest.mark.parametrize(
    ("deferral", "said"),
    [
        ({}, "excused"),
        ({"until": "2026-11-24"}, "lacks"),
        ({"approved_on": ""}, "lacks"),
        ({"term": "2025-2026-2"}, "lacks"),
        ({"student_no": "2"}, "lacks"),
    ],
)
def test_who_may_still_report_late_need_not_have_registered(deferral: dict[str, str], said: str) -> None:
    assert only(registration=[], deferral=[{**DEFERRAL, **deferral}]) == ("has", said, "has")


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"annual_registration": "2025-2026"}, "lacks"),
        ({"annual_registration": "", "registered_on": "2026-08-30"}, "lacks"),
        ({"annual_registration": "", "registered_on": "2026-08-31"}, "has"),
        ({"annual_registration": "已注册"}, "unknown"),
        ({"status": "休学"}, "has"),
        ({"student_no": "01"}, "has"),
        ({"id_number": OTHER}, "has"),
        ({"student_no": "01", "id_number": OTHER}, "lacks"),
    ],
)
def test_an_academic_registration_is_one_of_this_year(record: dict[str, str], said: str) -> None:
    assert only(record=[{**RECORD, **record}]) == ("has", "has", said)


def test_where_the_two_platforms_disagree_the_record_says_what_the_record_platform_says() -> None:
    assert only(record=[{**RECORD, "status": "退学"}]) == ("has", "has", "lacks")


def test_the_best_record_of_the_own_number_counts_before_those_of_the_identity_number() -> None:
    stale = {**RECORD, "annual_registration": "2025-2026"}
    assert only(record=[RECORD, {**stale, "platform": "中职学籍系统"}]) == ("has", "has", "has")
    assert only(record=[stale, {**RECORD, "student_no": "01"}]) == ("has", "has", "lacks")


def test_a_category_without_record_is_excused_but_not_when_it_has_one() -> None:
    students = [{**STUDENT, "category": "预科"}]
    assert only(student=students, record=[]) == ("has", "has", "excused")
    assert only(student=students, record=[{**RECORD, "annual_registration": "2025-2026"}]) == ("has", "has", "lacks")


@pytest.mark.parametrize("field", ["category", "id_number"])
def test_of_whom_it_is_not_known_whether_a_record_is_due_nothing_is_said(field: str) -> None:
    assert only(student=[{**STUDENT, field: ""}], record=[]) == ("has", "has", "unknown")


@pytest.mark.parametrize(
    ("table", "gap", "place"),
    [("fee", "缺少表 缴费", 0), ("registration", "缺少表 学期注册", 1), ("record", "缺少表 学籍", 2)],
)
def test_without_a_table_its_registration_is_not_known_and_neither_had_nor_lacked(
    table: str, gap: str, place: int
) -> None:
    given = tables({})
    given.pop(table)
    said = counted(rows(**given))
    expected = ["has", "has", "has"]
    expected[place] = "unknown"
    assert [(c.fee, c.term, c.record) for c in said.counts] == [tuple(expected)]
    assert said.gaps == (gap,)


def test_without_a_column_its_registration_is_not_known(tmp_path: Path) -> None:
    snapshot = exported(
        tmp_path,
        term="学期,学年,开学日期,报到截止日期,学期结束日期\n2026-2027-1,2026-2027,2026-08-31,2026-09-04,2027-01-17\n",
        student="学号,姓名,培养层次,学院,专业,入学日期,在校状态\n1,甲,本科,医学院,护理,2024-09-01,在读\n",
        record=f"平台,学号,身份证号,姓名,培养层次,学籍状态,学年注册\n学信网,1,{NUMBER},甲,本科,在籍,2025-2026\n",
    )
    said = counted(snapshot)
    assert [(c.fee, c.term, c.record) for c in said.counts] == [("unknown", "unknown", "unknown")]
    assert said.gaps == ("缺少表 缴费", "缺少表 学期注册", "缺少列 学籍.学籍注册日期")


@pytest.mark.parametrize("table", ["term", "student"])
def test_without_students_or_terms_nothing_is_counted(table: str) -> None:
    given = tables({})
    given.pop(table)
    said = counted(rows(**given))
    assert (said.term, said.counts) == (None, ())
    assert said.gaps == ({"term": "缺少表 校历", "student": "缺少表 在校生"}[table],)


def test_before_the_first_term_nothing_is_counted() -> None:
    assert of(date(2026, 3, 1)) == Registrations(gaps=("由校历看不出本学期",))


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("fee", {**FEE, "paid": "很多"}, ("unknown", "has", "has")),
        ("fee", {**FEE, "paid": "很多", "academic_year": "2025-2026"}, ("lacks", "has", "has")),
        ("registration", {**TERM, "registered_on": "9月"}, ("has", "unknown", "has")),
        ("registration", {**TERM, "registered_on": "9月", "term": "2025-2026-2"}, ("has", "lacks", "has")),
        ("registration", {**TERM, "registered_on": "9月", "student_no": "2"}, ("has", "lacks", "has")),
        ("record", {**RECORD, "registered_on": "10月"}, ("has", "has", "unknown")),
        ("record", {**RECORD, "registered_on": "10月", "student_no": "01"}, ("has", "has", "unknown")),
        (
            "record",
            {**RECORD, "registered_on": "10月", "student_no": "01", "id_number": OTHER},
            ("has", "has", "lacks"),
        ),
    ],
)
def test_a_row_that_could_not_be_read_is_unknown_not_absent(
    table: str, row: dict[str, str], said: tuple[str, str, str], tmp_path: Path
) -> None:
    assert read(tmp_path, **{table: [row]}) == said


def test_a_deferral_that_could_not_be_read_may_be_one_that_holds(tmp_path: Path) -> None:
    deferrals = [{**DEFERRAL, "until": "下月"}]
    assert read(tmp_path, registration=[], deferral=deferrals) == ("has", "unknown", "has")


def test_who_returned_after_the_last_day_of_reporting_need_not_have_registered(tmp_path: Path) -> None:
    day = "2026-09-10"
    back = {"change_no": "C", "student_no": "1", "kind": "复学", "issued_on": day, "effective_on": day}
    assert only(registration=[], change=[back]) == ("has", "excused", "has")
    assert only(registration=[], change=[{**back, "effective_on": "2026-09-04"}]) == ("has", "lacks", "has")
    assert read(tmp_path, registration=[], change=[{**back, "effective_on": "开学"}]) == ("has", "unknown", "has")


def test_a_check_carries_them_whichever_rules_are_selected() -> None:
    result = judged(rows(**tables({"registration": []})), PACK, select=("IDN-01",))
    assert result.registrations.counts == (RegistrationCount("医学院", "has", "lacks", "has", 1),)


def test_the_numbers_are_those_of_the_rules_on_a_whole_college(tmp_path: Path) -> None:
    college = load_snapshot(write_demo(tmp_path / "college", 600, 1).path)
    result = judged(college, PACK, select=("REG-02", "REG-04", "REG-05", "REG-07"))
    found = Counter(finding.rule for finding in result.findings)
    lacks: Counter[tuple[str, str]] = Counter()
    for count in result.registrations.counts:
        lacks[count.fee, count.term] += count.students
        lacks["record", count.record] += count.students
    checkins = college.tables["checkin"].frame
    # Who is marked as 未报到 is not to be registered: he lacks it, and breaks no rule.
    marked = (checkins["marked_on"].notna() & (checkins["term"] == "2026-2027-1")).sum()
    assert 0 < found["REG-02"] <= lacks["has", "lacks"] <= found["REG-02"] + marked
    assert 0 < found["REG-07"] <= lacks["lacks", "lacks"] <= found["REG-07"] + marked
    new = 1  # entered 90 days ago: lacks the record, and has until today to get it
    assert found["REG-04"] + found["REG-05"] == lacks["record", "lacks"] - new > 0
