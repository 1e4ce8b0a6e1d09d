"""What a finding says: one a key, its evidence down to the row, masked, with deadline, office, college and causes."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import small

from checks.results import Finding
from facts.reading.load import load_snapshot
from facts.reading.previous import with_previous

CHANGE: dict[str, Any] = {"change_no": "C1", "student_no": "1", "kind": "休学", "issued_on": date(2026, 9, 1)}
MARK: dict[str, Any] = {
    "due": "change.mark_due_on",
    "message": "{{ change.change_no }}应于{{ change.mark_due_on }}标注",
}
UNMARKED = small.rule("MRK-01", ["change.change_no"], {"change": "marked_school_on is None"}, **MARK)
ID_NUMBER = "110101200001010015"


def findings(tmp_path: Path, rule: dict[str, Any], personal: bool = False, **tables: Any) -> tuple[Finding, ...]:
    return small.judged(small.rows(**tables), small.pack(tmp_path / "pack", rule), personal=personal).findings


def test_matches_with_the_same_per_are_one_finding_with_all_their_evidence(tmp_path: Path) -> None:
    twice = small.rule("IDN-05", ["a.student_no"], {"student as a": ""}, {"student as b": "student_no == a.student_no"})
    students = [{"student_no": "1"}, {"student_no": "2"}, {"student_no": "1"}, {"student_no": "1"}]
    (found,) = findings(tmp_path, twice, student=students)
    assert found.key == {"student_no": "1"}
    assert [(each.fact, each.file, each.rows, each.fields) for each in found.evidence] == [
        ("student", "student", (row,), {"student_no": "1"}) for row in (2, 4, 5)
    ]


def test_findings_stand_in_the_order_of_rule_and_key_whatever_the_order_of_rows(tmp_path: Path) -> None:
    rules = [small.rule(f"STU-0{n}", ["student.student_no"], {"student": ""}) for n in (2, 1)]
    pack = small.pack(tmp_path / "pack", *rules)
    students = [{"student_no": number} for number in ("10", "9", "2", "07")]
    forth, back = (small.judged(small.rows(student=s), pack, cohort=1, jobs=2) for s in (students, students[::-1]))
    want = [(rule, number) for rule in ("STU-01", "STU-02") for number in ("07", "10", "2", "9")]
    for result in (forth, back):
        assert [(f.rule, f.key["student_no"]) for f in result.findings] == want


def test_a_key_that_is_missing_is_left_out_and_makes_a_finding_of_its_own(tmp_path: Path) -> None:
    unclassed = small.rule("CLS-03", ["student.class_no", "student.major"], {"student": ""})
    students = [{"student_no": "1", "major": "土木"}, {"student_no": "2", "major": "土木", "class_no": "B1"}]
    found = findings(tmp_path, unclassed, student=students)
    assert [f.key for f in found] == [{"class_no": "B1", "major": "土木"}, {"major": "土木"}]


def test_evidence_goes_down_to_file_sheet_and_row(tmp_path: Path) -> None:
    import xlsxwriter

    folder = tmp_path / "exports"
    folder.mkdir()
    with xlsxwriter.Workbook(str(folder / "财务.xlsx")) as book:
        sheet = book.add_worksheet("缴费")
        for row, cells in enumerate(
            [
                ("学号", "学年", "应缴金额", "实缴金额"),
                ("1", "2026-2027", "5800", "5000"),
                ("2", "2026-2027", "5800", "5800"),
                ("1", "2026-2027", "800.50", "0"),
            ]
        ):
            sheet.write_row(row, 0, cells)
    owing = small.rule(
        "FEE-01",
        ["fee_account.student_no"],
        {"fee_account": "not settled and owed > 0"},
        message="欠缴 {{ fee_account.owed }} 元",
    )
    pack = small.pack(tmp_path / "pack", owing)
    (found,) = small.judged(small.exported(folder), pack).findings
    (evidence,) = found.evidence
    assert (evidence.fact, evidence.file, evidence.sheet, evidence.rows) == ("fee_account", "财务.xlsx", "缴费", (2, 4))
    assert evidence.fields == {"student_no": "1", "owed": "1600.50", "settled": False}
    assert found.message == "欠缴 1600.50 元"


def test_a_fact_proved_by_two_tables_shows_its_values_once(tmp_path: Path) -> None:
    late = small.rule("REG-01", ["activity.student_no"], {"activity": "first_late_on is not None"})
    term = {"term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": date(2026, 8, 31)}
    term |= {"report_by": date(2026, 9, 4), "ends_on": date(2027, 1, 17)}
    attendance = [{"student_no": "1", "held_on": date(2026, 9, day), "result": "出勤"} for day in (1, 5, 7, 8)]
    (found,) = findings(tmp_path, late, attendance=attendance, term=[term])
    assert [(each.fact, each.file, each.rows, each.fields) for each in found.evidence] == [
        ("activity", "attendance", (3, 5), {"student_no": "1", "first_late_on": "2026-09-05"}),
        ("term", "term", (2,), {}),
    ], "the calendar's row is called what it is"


def test_a_message_names_the_deadline_that_the_finding_has(tmp_path: Path) -> None:
    late = {"due": "change.issued_on + 30", "message": "应不迟于{{ due }}（含当日）备案"}
    unfiled = small.rule("WDR-01", ["change.change_no"], {"change": "as_of > issued_on + 30"}, **late)
    (found,) = findings(tmp_path, unfiled, change=[CHANGE | {"issued_on": date(2026, 3, 1)}])
    assert (found.due_on, found.message) == (date(2026, 3, 31), "应不迟于2026年3月31日（含当日）备案")


def test_only_rows_of_the_kind_that_counts_prove_a_computed_fact(tmp_path: Path) -> None:
    repeated = small.rule("RPT-01", ["repeat.student_no"], {"repeat": "count > 1"})
    again = {"kind": "留级", "issued_on": date(2026, 3, 1), "effective_on": date(2026, 3, 1)}
    changes = [CHANGE | again, CHANGE, CHANGE | again, CHANGE | again | {"student_no": "2"}]
    (found,) = findings(tmp_path, repeated, change=changes)
    assert [each.rows for each in found.evidence] == [(2, 4)]


def test_a_computed_fact_given_directly_has_evidence_without_a_file(tmp_path: Path) -> None:
    from checks.examples import run_example

    rule = small.rule("RPT-01", ["repeat.student_no"], {"repeat": "count > 1"})
    rule["examples"] = [
        {"name": "三次", "as_of": small.AS_OF, "facts": {"repeat": [{"student_no": "1", "count": 3}]}, "finds": []},
        {"name": "三次", "like": 1, "facts": {}, "finds": [{"student_no": "1"}]},
    ]
    pack = small.pack(tmp_path / "pack", rule)
    assert [run_example(pack, pack.rules[0], n).passed for n in (0, 1)] == [False, True]


def test_names_and_identity_numbers_are_masked_unless_asked_for_and_the_fingerprint_stays(tmp_path: Path) -> None:
    named = small.rule(
        "IDN-03",
        ["student.id_number"],
        {"student": "birth_on is not None"},
        message="{{ student.name }} {{ student.id_number }} {{ student.birth_on }}",
    )
    student = [{"student_no": "1", "name": "赵一", "id_number": ID_NUMBER, "birth_on": date(2000, 1, 1)}]
    (masked,) = findings(tmp_path, named, student=student)
    assert masked.key == {"id_number": "***0015"}
    assert masked.message == "赵* ***0015 *"
    assert masked.evidence[0].fields == {"student_no": "1", "id_number": "***0015", "name": "赵*", "birth_on": "*"}
    (open_,) = findings(tmp_path, named, personal=True, student=student)
    assert open_.key == {"id_number": ID_NUMBER}
    assert open_.message == f"赵一 {ID_NUMBER} 2000年1月1日"
    assert open_.fingerprint == masked.fingerprint


def test_two_people_whose_masked_numbers_are_alike_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    each = small.rule("IDN-03", ["student.id_number"], {"student": ""})
    students = [{"student_no": str(n), "id_number": f"{n}10101200001010015"} for n in (1, 2)]
    one, other = findings(tmp_path, each, student=students)
    assert one.key == other.key
    assert one.fingerprint != other.fingerprint


def test_why_a_student_is_on_leave_never_leaves_the_data(tmp_path: Path) -> None:
    ill = small.rule(
        "LEV-01", ["change.change_no"], {"change": 'reason == "疾病"'}, message="{{ change.kind }} {{ change.reason }}"
    )
    for personal in (False, True):
        (found,) = findings(tmp_path, ill, personal=personal, change=[CHANGE | {"reason": "疾病"}])
        assert found.message == "休学 （已填）"
        assert found.evidence[0].fields["reason"] == "（已填）"
        assert "疾病" not in repr(found)


def test_a_deadline_on_as_of_is_not_late_and_the_day_after_it_is(tmp_path: Path) -> None:
    # 五-5: fifteen working days after 2026-09-01 is 2026-09-22, as 2026-09-20 was a working Sunday.
    pack = small.pack(tmp_path / "pack", UNMARKED)

    def due(as_of: date) -> tuple[date | None, bool, int | None]:
        (found,) = small.judged(small.rows(as_of, change=[CHANGE], record=[]), pack).findings
        return found.due_on, found.due_provisional, found.workdays_late

    on, provisional, late = due(date(2026, 9, 2))
    assert on is not None and (provisional, late) == (False, None)
    assert due(on) == (on, False, None)
    assert due(date(2026, 11, 25))[2] is not None
    next_day = due(date.fromordinal(on.toordinal() + 1))
    assert next_day == (on, False, 1)


def test_a_deadline_in_a_year_whose_working_days_are_not_published_is_provisional(tmp_path: Path) -> None:
    late = CHANGE | {"issued_on": date(2090, 9, 1)}
    pack = small.pack(tmp_path / "pack", UNMARKED)
    (found,) = small.judged(small.rows(date(2090, 9, 2), change=[late], record=[]), pack).findings
    assert found.due_provisional is True


def test_a_deadline_may_be_a_date_and_days_of_a_parameter(tmp_path: Path) -> None:
    parameters = {"days": {"title": "天数", "type": "int", "value": 7}}
    told = small.rule("WDR-02", ["change.change_no"], {"change": ""}, due="change.issued_on + params.days - 2")
    pack = small.pack(tmp_path / "pack", told, parameters=parameters)
    undated = CHANGE | {"change_no": "C2", "issued_on": None}
    found = small.judged(small.rows(change=[CHANGE, undated]), pack).findings
    assert [(f.due_on, f.due_provisional) for f in found] == [(date(2026, 9, 6), False), (None, False)]


def test_messages_speak_chinese_dates_and_evidence_iso_ones(tmp_path: Path) -> None:
    said = small.rule(
        "CHG-01", ["change.change_no"], {"change": "issued_on < as_of"}, message="{{ as_of }}：{{ change.issued_on }}"
    )
    (found,) = findings(tmp_path, said, change=[CHANGE])
    assert found.message == "2026年11月25日：2026年9月1日"
    assert found.evidence[0].fields["issued_on"] == "2026-09-01"


def test_the_owner_may_depend_on_the_case_and_is_one_of_the_six_offices(tmp_path: Path) -> None:
    by_case = small.rule("DEF-03", ["deferral.person_no"], {"deferral": ""}, owner="{{ deferral.approver }}")
    deferrals = [
        {"student_no": str(n), "term": "2026-2027-1", "until": small.AS_OF, "approver": who}
        for n, who in enumerate(("学生处", "招办", "学生处（学管科）", "后勤处"))
    ]
    found = findings(tmp_path, by_case, deferral=deferrals)
    assert [f.owner for f in found] == ["学生处", "招生办", "学生处", "招生办"]
    result = small.judged(small.rows(deferral=deferrals), small.pack(tmp_path / "pack", by_case))
    assert small.outcome(result, "DEF-03").owner == "按情形"


def test_the_college_is_the_facts_own_else_the_students_else_as_admitted_else_the_classs(tmp_path: Path) -> None:
    term = {"term": "2026-2027-1", "until": small.AS_OF}
    deferral = [
        {"student_no": "1", "exam_no": "K1"} | term,
        {"exam_no": "K2"} | term,
        {"student_no": "9"} | term,
    ]
    tables = {
        "student": [{"student_no": "1", "exam_no": "K1", "college": "土木", "class_no": "B1"}],
        "welcome": [{"exam_no": "K1", "college": "机电"}, {"exam_no": "K2", "college": "医学"}],
        "class_group": [{"class_no": "B1", "college": "外语"}, {"class_no": "B2", "college": "经管"}],
    }
    asked = small.rule("DEF-01", ["deferral.person_no"], {"deferral": ""})
    found = findings(tmp_path, asked, deferral=deferral, **tables)
    assert [(f.key["person_no"], f.college) for f in found] == [("1", "土木"), ("9", None), ("K2", "医学")]
    classes = small.rule("CLS-01", ["class_group.class_no"], {"class_group": ""})
    assert [f.college for f in findings(tmp_path, classes, **tables) if f.rule == "CLS-01"] == ["外语", "经管"]


def test_a_consequence_names_its_cause_on_the_same_person_and_stays(tmp_path: Path) -> None:
    cause = small.rule("IDN-03", ["student.id_number"], {"student": 'id_number == "坏"'})
    effect = small.rule("REG-04", ["student.student_no"], {"student": 'status == "在读"'}, follows=["IDN-03"])
    students = [
        {"student_no": "1", "id_number": "坏", "status": "在读"},
        {"student_no": "2", "id_number": "好", "status": "在读"},
    ]
    result = small.judged(small.rows(student=students), small.pack(tmp_path / "pack", cause, effect))
    broken, first, second = result.findings
    assert (broken.follows, first.follows, second.follows) == ((), (broken.fingerprint,), ())
    assert small.outcome(result, "REG-04").findings == 2


def test_a_finding_about_nobody_follows_nothing(tmp_path: Path) -> None:
    cause = small.rule("TRM-01", ["term.term"], {"term": ""})
    effect = small.rule("TRM-02", ["term.term"], {"term": ""}, follows=["TRM-01"])
    result = small.judged(small.rows(term=[{"term": "2026-2027-1"}]), small.pack(tmp_path / "pack", cause, effect))
    assert [f.follows for f in result.findings] == [(), ()]


def test_among_people_who_share_a_placeholder_a_cause_is_that_of_the_same_student_number(tmp_path: Path) -> None:
    cause = small.rule("IDN-03", ["student.student_no"], {"student": 'id_number == "0"'})
    effect = small.rule("REG-04", ["student.student_no"], {"student": 'status == "在读"'}, follows=["IDN-03"])
    students = [{"student_no": no, "id_number": "0", "status": "在读"} for no in ("1", "2")]
    result = small.judged(small.rows(student=students), small.pack(tmp_path / "pack", cause, effect))
    by_key = {(f.rule, f.key["student_no"]): f for f in result.findings}
    for no in ("1", "2"):
        assert by_key["REG-04", no].follows == (by_key["IDN-03", no].fingerprint,)


def test_a_consequence_under_another_number_of_the_same_person_follows_all_the_same(tmp_path: Path) -> None:
    cause = small.rule("IDN-03", ["student.student_no"], {"student": 'status == "在读"'})
    effect = small.rule("REG-06", ["record.student_no"], {"record": ""}, follows=["IDN-03"])
    student = [{"student_no": "1", "id_number": "A", "status": "在读"}]
    record = [{"student_no": "2", "id_number": "A"}]
    snapshot = small.rows(student=student, record=record)
    broken, lone = small.judged(snapshot, small.pack(tmp_path / "pack", cause, effect)).findings
    assert lone.follows == (broken.fingerprint,)


def test_of_a_fact_made_from_one_of_several_tables_only_that_table_is_the_proof(tmp_path: Path) -> None:
    asked = small.rule("SYS-01", ["orphan.table"], {"orphan": ""})
    row = [{"student_no": "9"}]
    found = findings(tmp_path, asked, student=[], record=[], fee=row, checkin=[{"student_no": "8"}, *row])
    places = {f.key["table"]: [(e.file, e.rows) for e in f.evidence] for f in found}
    assert places == {"fee": [("fee", (2,))], "checkin": [("checkin", (2,)), ("checkin", (3,))]}


def test_the_rows_of_the_earlier_snapshot_are_evidence_under_its_name(tmp_path: Path) -> None:
    head = "学号,身份证号,班级号,姓名,培养层次,学院,专业,入学日期,在校状态\n"
    rest = "某甲,本科,机电,车辆,2024-09-01,在读\n"
    now = small.exported(tmp_path / "2026-11", student=f"{head}8,C,B9,{rest}1,A,B2,{rest}")
    before = small.exported(tmp_path / "2026-10", date(2026, 10, 28), student=f"{head}1,A,B1,{rest}8,C,B9,{rest}")
    asked = small.rule("IDN-08", ["renumbered.id_number"], {"renumbered": ""})
    (found,) = small.judged(replace(now, previous=before), small.pack(tmp_path / "pack", asked)).findings
    assert [(e.file, e.rows) for e in found.evidence] == [("student.csv", (3,)), ("2026-10/student.csv", (2,))]
    assert found.college == "机电"


def test_who_was_given_another_number_is_named_by_the_new_one_and_the_evidence_shows_what_the_export_has(
    tmp_path: Path,
) -> None:
    registered = small.rule(
        "REG-03",
        ["registration.student_no"],
        {"student": ""},
        {"registration": "student_no == student.student_no"},
        message="{{ registration.student_no }} 已注册",
    )
    numbers = [("学号", "A", "B"), ("学号", "B", "C"), ("班级号", "K1", "K2")]
    (found,) = findings(
        tmp_path,
        registered,
        renumbering=[{"kind": kind, "old_no": old, "new_no": new} for kind, old, new in numbers],
        student=[{"student_no": "C", "class_no": "K1", "college": "机电"}],
        registration=[{"student_no": number, "term": "2026-2027-1"} for number in ("B", "Z", "A")],
    )
    assert (found.key, found.message, found.college) == ({"student_no": "C"}, "C 已注册", "机电")
    shown = [(e.fact, e.rows, e.fields["student_no"]) for e in found.evidence]
    assert shown == [("student", (2,), "C"), ("registration", (2,), "B"), ("registration", (4,), "A")]


def test_a_class_under_another_number_is_shown_as_exported_now_and_in_the_earlier_snapshot(tmp_path: Path) -> None:
    head = "学号,身份证号,班级号,姓名,培养层次,学院,专业,入学日期,在校状态\n"
    rest = "某甲,本科,机电,车辆,2024-09-01,在读\n"
    papers = "编号类别,原编号,新编号\n班级号,B1,B2\n"
    now, then = tmp_path / "2026-11", tmp_path / "2026-10"
    small.exported(now, student=f"{head}2,A,B1,{rest}", renumbering=papers)
    small.exported(then, date(2026, 10, 28), student=f"{head}1,A,B1,{rest}")
    (then / "snapshot.toml").write_text("as_of = 2026-10-28\n", encoding="utf-8")
    both = with_previous(load_snapshot(now, small.AS_OF), now, then)
    asked = small.rule("IDN-08", ["renumbered.id_number"], {"renumbered": ""})
    told = small.rule("CLS-03", ["student.class_no"], {"student": ""})
    found = small.judged(both, small.pack(tmp_path / "pack", asked, told), personal=True).findings
    assert [f.key for f in found] == [{"class_no": "B2"}, {"id_number": "A"}]
    assert found[0].evidence[0].fields["class_no"] == "B1"
    assert [(e.file, e.rows) for e in found[1].evidence] == [("student.csv", (2,)), ("2026-10/student.csv", (2,))]
