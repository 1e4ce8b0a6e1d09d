"""The facts that real lives need: who is away, whose number it is, how far a change has got, what a table speaks of."""

from datetime import date
from typing import Any, ClassVar

import pandas as pd
import pytest

from facts.derive import derive
from facts.model.coverage import Periods, Since
from facts.model.factbase import FactBase
from facts.model.procedures import Procedure, Step
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
TERM = {
    "term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": "2026-08-31", "report_by": "2026-09-04",
    "ends_on": "2027-01-17",
}  # fmt: skip
BEFORE = {
    "term": "2025-2026-2", "academic_year": "2025-2026", "starts_on": "2026-03-02", "report_by": "2026-03-06",
    "ends_on": "2026-07-12",
}  # fmt: skip
LEAVE = Procedure(
    kinds=("休学", "保留学籍"),
    steps=(
        Step(field="applied_on", title="学生申请", by="学生", office="二级学院"),
        Step(
            field="infirmary_on", title="校医务室审核", by="校医务室", office="学生处", reason="疾病", said="专项审核"
        ),
        Step(field="affairs_on", title="学生处审核", by="学生处", office="学生处"),
        Step(field="academic_on", title="教务处审核", by="教务处", office="教务处", record_only=True),
    ),
)
RETURN = Procedure(kinds=("复学",), steps=LEAVE.steps, reason_of=("休学", "保留学籍"))
ARRIVAL = Procedure(
    kinds=("转入",),
    steps=(
        Step(field="applied_on", title="学生申请", by="学生", office="二级学院"),
        Step(field="academic_on", title="教务处审核", by="教务处", office="教务处"),
    ),
)
REPEAT = Procedure(
    kinds=("留级",),
    steps=(
        Step(field="college_on", title="学院审核", by="二级学院", office="二级学院"),
        Step(field="academic_on", title="教务处审核", by="教务处", office="教务处", record_only=True),
    ),
)
PROCEDURES = [LEAVE, RETURN, ARRIVAL, REPEAT]


def base(parameters: dict[str, Any] | None = None, as_of: date = AS_OF, **tables: Any) -> FactBase:
    return derive(snapshot_from_rows(tables, as_of), PROCEDURES, parameters or {})


def only(frame: pd.DataFrame) -> dict[str, Any]:
    assert len(frame) == 1
    return dict(frame.iloc[0])


def read(folder: Any, as_of: date = AS_OF, **tables: str) -> FactBase:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return derive(load_snapshot(folder, as_of), PROCEDURES, {})


def student(number: str = "01", **more: Any) -> dict[str, Any]:
    return {"student_no": number, "status": "在读", "class_no": "C1", "entered_on": "2024-09-01", **more}


class TestStudyYears:
    SERVICE: ClassVar = {
        "change_no": "X", "student_no": "01", "kind": "保留学籍", "reason": "入伍", "issued_on": "2024-09-01",
        "effective_on": "2024-09-11",
    }  # fmt: skip

    def ends(self, **change: Any) -> str:
        changes = [{**self.SERVICE, **change}]
        found = base(student=[student(length_years=3, entered_on="2023-09-01", level="专科")], change=changes)
        return str(only(found.frames["student"])["study_ends_by"].date())

    def test_the_days_of_service_are_added_the_last_one_too(self) -> None:
        assert self.ends(until="2024-09-11") == "2028-09-02"
        assert self.ends(until="2024-09-12") == "2028-09-03"

    def test_service_without_an_end_or_beyond_today_counts_up_to_today(self) -> None:
        assert self.ends(until=None) == self.ends(until="2026-11-25") == self.ends(until="2027-06-30")
        assert self.ends(until="2026-11-24") < self.ends(until="2026-11-25")

    def test_service_that_is_not_issued_or_leave_for_another_reason_adds_nothing(self) -> None:
        plain = "2028-09-01"
        assert self.ends(issued_on=None) == plain
        assert self.ends(reason="疾病", until="2025-09-11") == plain
        assert self.ends(kind="休学", until="2025-09-11") == plain
        assert self.ends(until="2024-09-01") == plain  # it ends before it begins

    def test_the_years_beside_the_normal_ones_may_differ_by_level_and_a_level_without_is_not_judged(self) -> None:
        people = [student("01", level="本科", length_years=4), student("02", level="中职", length_years=3)]
        frame = base({"extra_years": {"本科": 2}}, student=people).frames["student"]
        assert [str(day.date()) if pd.notna(day) else None for day in frame["study_ends_by"]] == ["2030-09-01", None]
        assert [str(day.date()) for day in frame["normal_end"]] == ["2028-09-01", "2027-09-01"]

    def test_a_change_set_aside_leaves_the_end_unknown(self, tmp_path: Any) -> None:
        found = read(
            tmp_path,
            student="学号,姓名,培养层次,学院,专业,入学日期,学制,在校状态\n"
                    "01,甲,本科,土木,土木,2020-09-01,4,在读\n02,乙,本科,土木,土木,2020-09-01,4,在读\n",
            change="异动编号,学号,异动类别,发文日期\nX,01,休学,昨天\n",
        )  # fmt: skip
        assert found.frames["student"]["study_ends_by"].isna().tolist() == [True, False]
        assert found.withheld["student.study_ends_by"] == 1


class TestPlacements:
    ROWS = (
        {"student_no": "01", "held_on": "2026-10-01", "result": "缺勤"},
        {"student_no": "01", "held_on": "2026-10-20", "result": "缺勤"},
        {"student_no": "09", "held_on": "2026-10-01", "result": "出勤"},
    )

    def away(self, *placements: dict[str, Any]) -> bool:
        found = base(attendance=self.ROWS, term=[TERM], student=[student(), student("02")], placement=placements)
        return bool(only(found.frames["absence"])["away"])

    def test_a_placement_over_one_day_of_the_absence_excuses_it(self) -> None:
        assert self.away({"student_no": "01", "from_on": "2026-09-01", "until": "2026-10-01"})
        assert self.away({"student_no": "01", "from_on": "2026-10-20", "until": "2026-12-01"})
        assert not self.away({"student_no": "01", "from_on": "2026-09-01", "until": "2026-09-30"})
        assert not self.away({"student_no": "01", "from_on": "2026-10-21", "until": "2026-12-01"})

    def test_that_of_the_class_holds_where_no_student_is_named(self) -> None:
        days = {"from_on": "2026-10-05", "until": "2026-10-06"}
        assert self.away({"class_no": "C1", **days})
        assert not self.away({"class_no": "C2", **days})
        assert not self.away({"class_no": "C1", "student_no": "02", **days})

    def test_one_set_aside_excuses_whatever_its_days(self, tmp_path: Any) -> None:
        found = read(
            tmp_path,
            student="学号,姓名,培养层次,学院,专业,班级号,入学日期,在校状态\n"
                    "01,甲,本科,土木,土木,C1,2024-09-01,在读\n02,乙,本科,土木,土木,C2,2024-09-01,在读\n",
            attendance="学号,上课日期,考勤结果\n01,2026-10-01,缺勤\n02,2026-10-01,缺勤\n09,2026-10-01,出勤\n",
            term="学期,学年,开学日期,报到截止日期,学期结束日期\n2026-2027-1,2026-2027,2026-08-31,2026-09-04,2027-01-17\n",
            placement="班级号,学号,开始日期,结束日期\nC1,,十月,2026-10-31\n",
        )  # fmt: skip
        absences = found.frames["absence"]
        assert dict(zip(absences["student_no"], absences["away"], strict=True)) == {"01": True, "02": False}
        assert found.withheld["absence"] == 1


class TestSilence:
    def silence(self, *rows: tuple[str, str, str], people: Any = None, **tables: Any) -> list[tuple[str, str, int]]:
        attendance = [{"student_no": who, "held_on": day, "result": result} for who, day, result in rows]
        tables = {"term": [TERM], **tables}
        found = base(attendance=attendance, student=people or [student(), student("02")], **tables).frames["silence"]
        return [(r.student_no, str(r.last_on.date()), int(r.days)) for r in found.itertuples()]

    def test_it_lasts_from_the_last_row_of_the_student_to_the_last_of_the_class(self) -> None:
        rows = [("01", "2026-10-01", "出勤"), ("02", "2026-10-15", "缺勤")]
        assert self.silence(*rows) == [("01", "2026-10-01", 14), ("02", "2026-10-15", 0)]

    def test_a_student_without_a_row_in_the_term_is_not_silent_and_one_without_a_class_neither(self) -> None:
        rows = [("02", "2026-10-15", "出勤"), ("01", "2026-05-01", "出勤")]
        assert self.silence(*rows, term=[TERM, BEFORE]) == [("02", "2026-10-15", 0)]
        people = [student(class_no=None), student("02")]
        assert self.silence(("01", "2026-10-01", "出勤"), ("02", "2026-10-15", "出勤"), people=people) == [
            ("02", "2026-10-15", 0)
        ]

    def test_those_who_are_not_studying_do_not_count_for_the_class(self) -> None:
        people = [student(), student("02", status="休学")]
        assert self.silence(("01", "2026-10-01", "出勤"), ("02", "2026-10-15", "出勤"), people=people) == [
            ("01", "2026-10-01", 0)
        ]

    def test_a_list_of_absences_alone_says_nothing_of_silence_or_absence(self) -> None:
        assert self.silence(("01", "2026-10-01", "缺勤"), ("02", "2026-10-15", "缺勤")) == []


class TestCoverage:
    def covers(self, parameters: dict[str, Any] | None = None, **tables: Any) -> dict[str, Any]:
        return dict(base(parameters, **{"term": [TERM, BEFORE], **tables}).coverage)

    def registrations(self, **counts: int) -> list[dict[str, Any]]:
        names = {"now": "2026-2027-1", "before": "2025-2026-2"}
        return [
            {"student_no": f"{n:04d}", "term": names[term], "registered_on": "2026-09-01"}
            for term, count in counts.items()
            for n in range(count)
        ]

    def test_a_term_of_which_there_are_rows_is_covered_and_five_percent_are_enough(self) -> None:
        assert self.covers(registration=self.registrations(now=100, before=5))["registration"] == Periods(
            "term", frozenset({"2026-2027-1", "2025-2026-2"})
        )
        assert self.covers(registration=self.registrations(now=101, before=5))["registration"] == Periods(
            "term", frozenset({"2026-2027-1"})
        )
        assert self.covers(registration=[])["registration"] == Periods("term", frozenset())

    def test_accounts_and_dues_speak_of_the_years_of_fee(self) -> None:
        fee = [{"student_no": "01", "academic_year": "2026-2027", "payable": 1, "paid": 0}]
        found = self.covers(fee=fee, student=[student()])
        assert found["fee"] == found["fee_account"] == Periods("academic_year", frozenset({"2026-2027"}))

    def test_attendance_covers_a_term_in_which_somebody_was_present(self) -> None:
        rows = [
            *(
                {"student_no": "01", "held_on": "2026-09-10", "result": each}
                for each in ("缺勤", "迟到", "早退", "请假")
            ),
            {"student_no": "01", "held_on": "2026-05-10", "result": "出勤"},
        ]
        found = self.covers(attendance=rows, student=[student()])
        assert found["attendance"] == Periods("term", frozenset({"2025-2026-2"}), needed=True)
        assert found["activity"] == found["absence"] == found["attendance"]
        assert found["silence"] == Periods("term", frozenset(), needed=True)

    def test_sitting_in_is_not_attending(self) -> None:
        rows = [{"student_no": "01", "held_on": "2026-09-10", "result": "出勤", "mode": "旁听"}]
        assert self.covers(attendance=rows)["attendance"].covered == frozenset()

    def test_handover_covers_what_was_issued_more_than_thirty_days_after_its_first_row(self) -> None:
        row = {"change_no": "X", "from_unit": "学生处", "to_unit": "教务处", "handed_on": "2026-10-01"}
        assert self.covers(handover=[row])["handover"] == Since("change.issued_on", date(2026, 11, 1))
        assert self.covers({"handover_days": 0}, handover=[row])["handover"].from_on == date(2026, 10, 2)
        assert self.covers(handover=[])["handover"].from_on is None

    def test_graduation_covers_from_its_first_final_review_on(self) -> None:
        row = {"student_no": "01", "conclusion": "毕业", "academic_on": "2026-06-20"}
        assert self.covers(graduation=[row])["graduation"] == Since("student.normal_end", date(2026, 6, 20))

    @pytest.mark.parametrize(("listed", "covered"), [(1, False), (2, True)])
    def test_a_list_of_who_came_back_is_one_where_half_stand_in_it(self, listed: int, covered: bool) -> None:
        people = [student(f"{n:02d}") for n in range(1, 5)] + [student("09", entered_on="2026-08-31")]
        rows = [
            {"student_no": f"{n:02d}", "term": "2026-2027-1", "arrived_on": "2026-09-01"} for n in range(1, listed + 1)
        ]
        found = self.covers(student=people, checkin=rows)["roster"]
        assert found == Periods("term", frozenset({"2026-2027-1"} if covered else ()))


class TestPending:
    CHANGE: ClassVar = {"change_no": "X", "student_no": "01", "kind": "休学", "reason": "其他"}

    def change(self, **more: Any) -> dict[str, Any]:
        return only(base(change=[{**self.CHANGE, **more}], record=[{"student_no": "01"}]).frames["change"])

    def test_it_is_pending_while_its_latest_step_is_at_most_sixty_days_old(self) -> None:
        assert self.change(applied_on="2026-01-01", affairs_on="2026-09-26")["pending"]
        assert not self.change(affairs_on="2026-09-25")["pending"]
        assert str(self.change(affairs_on="2026-09-25")["last_step"].date()) == "2026-09-25"

    def test_one_that_is_issued_or_has_no_step_at_all_is_not(self) -> None:
        assert not self.change(affairs_on="2026-11-20", issued_on="2026-11-24")["pending"]
        assert not self.change()["pending"]

    def test_a_step_counts_whether_or_not_its_condition_holds_and_one_of_another_procedure_does_not(self) -> None:
        assert self.change(infirmary_on="2026-11-20")["pending"]
        assert not self.change(exam_on="2026-11-20")["pending"]
        assert not self.change(kind="转入", affairs_on="2026-11-20")["pending"]
        assert not self.change(kind="死亡", affairs_on="2026-11-20")["pending"], "it has no procedure, so no steps"

    def test_the_review_by_the_students_office_counts_where_no_procedure_names_it_but_for_who_comes_from_elsewhere(
        self,
    ) -> None:
        assert self.change(kind="留级", affairs_on="2026-11-20")["pending"]
        assert not self.change(kind="留级", infirmary_on="2026-11-20")["pending"]
        assert self.change(kind="转入", academic_on="2026-11-20")["pending"]
        assert not self.change(kind="转入", affairs_on="2026-11-20")["pending"]

    def test_the_office_of_the_first_missing_step_is_asked_and_the_issuing_one_where_none_is(self) -> None:
        assert (self.change()["next_step"], self.change()["next_office"]) == ("学生申请", "二级学院")
        done = {"applied_on": "2026-11-01", "affairs_on": "2026-11-02"}
        assert self.change(**done)["next_step"] == "教务处审核"
        assert self.change(**done, academic_on="2026-11-03")["next_office"] == "教务处"
        ill = self.change(reason="疾病", applied_on="2026-11-01")
        assert (ill["next_step"], ill["next_office"]) == ("专项审核", "学生处")

    def test_without_a_record_the_school_issues_itself(self) -> None:
        change = {**self.CHANGE, "applied_on": "2026-11-01", "affairs_on": "2026-11-02"}
        found = only(base(change=[change], record=[{"student_no": "02"}]).frames["change"])
        assert (found["next_step"], found["next_office"]) == ("发文", "学生处")

    def test_a_return_has_the_reason_of_the_leave_before_it(self) -> None:
        leave = {**self.CHANGE, "reason": "疾病", "issued_on": "2025-09-01", "effective_on": "2025-09-01"}
        back = {"change_no": "Y", "student_no": "01", "kind": "复学", "issued_on": "2026-09-10",
                "effective_on": "2026-09-10", "applied_on": "2026-09-01", "affairs_on": "2026-09-02",
                "academic_on": "2026-09-03"}  # fmt: skip

        def missing(*changes: dict[str, Any]) -> Any:
            found = base(change=changes, record=[{"student_no": "01"}]).frames["procedure"]
            return found.loc[found["change_no"] == "Y", "missing"].iloc[0]

        assert missing(leave, back) == "专项审核"
        assert pd.isna(missing(leave, {**back, "effective_on": None}))
        assert pd.isna(missing({**leave, "effective_on": "2026-09-10"}, back))  # the same day is not before
        assert pd.isna(missing({**leave, "issued_on": None}, back))
        assert pd.isna(missing(leave, {**back, "reason": "其他"}))
        later = {**leave, "change_no": "Z", "reason": "其他", "effective_on": "2026-03-01"}
        assert pd.isna(missing(leave, later, back))

    def test_of_a_student_with_a_record_row_set_aside_nobody_knows_the_procedure(self, tmp_path: Any) -> None:
        found = read(
            tmp_path,
            change="异动编号,学号,异动类别,异动原因,申请日期,学院审核日期,学生处审核日期,校医务室审核日期,就业指导中心审核日期,"
                   "教务处审核日期,校长办公会日期,考试日期,拟录取日期,公示日期,发文日期\n"
                   "X,01,休学,其他,,,,,,,,,,,2026-10-01\nY,02,休学,其他,,,,,,,,,,,2026-10-01\n",
            record="平台,学号,身份证号,姓名,培养层次,学籍状态\n学信网,01,11,甲,本科,不知道\n学信网,02,12,乙,本科,在籍\n",
        )  # fmt: skip
        assert found.frames["procedure"]["change_no"].tolist() == ["Y"]
        assert found.frames["change"]["has_record"].isna().tolist() == [True, False]
        assert (found.withheld["procedure"], found.withheld["change.has_record"]) == (1, 1)


class TestDueBy:
    FRESH: ClassVar = {**TERM, "newcomer_report_by": "2026-09-12"}
    ADMITTED: ClassVar = {"exam_no": "2661", "entry_year": 2026, "arrival": "暂缓报到"}

    def due(self, *deferrals: dict[str, Any], **tables: Any) -> list[Any]:
        rows = [{"term": "2026-2027-1", "until": "2026-09-20", **each} for each in deferrals]
        tables = {"student": [], "term": [self.FRESH, BEFORE], "welcome": [self.ADMITTED], **tables}
        frame = base(deferral=rows, **tables).frames["deferral"]
        return [None if pd.isna(day) else str(day.date()) for day in frame["due_by"]]

    def test_a_newcomer_reports_by_the_day_of_his_batch_else_of_newcomers_else_of_all(self) -> None:
        own = {**self.ADMITTED, "report_by": "2026-09-08"}
        assert self.due({"exam_no": "2661"}, welcome=[own]) == ["2026-09-08"]
        assert self.due({"exam_no": "2661"}) == ["2026-09-12"]
        assert self.due({"exam_no": "2661"}, term=[TERM]) == ["2026-09-04"]

    def test_who_comes_back_reports_by_the_day_of_the_term(self) -> None:
        assert self.due({"student_no": "01"}, student=[student()]) == ["2026-09-04"]
        assert self.due({"student_no": "01"}, student=[student(entered_on="2026-09-01")]) == ["2026-09-12"]

    def test_the_welcome_row_decides_of_which_year_he_is(self) -> None:
        people = [student(exam_no="2661", entered_on="2024-09-01")]
        assert self.due({"student_no": "01"}, student=people) == ["2026-09-12"]

    def test_welcome_has_the_day_itself(self) -> None:
        rows = [self.ADMITTED, {**self.ADMITTED, "exam_no": "2", "report_by": "2026-09-08"},
                {**self.ADMITTED, "exam_no": "3", "entry_year": 2020}]  # fmt: skip
        frame = base(welcome=rows, term=[self.FRESH]).frames["welcome"]
        assert [None if pd.isna(day) else str(day.date()) for day in frame["due_by"]] == [
            "2026-09-12",
            "2026-09-08",
            None,
        ]


class TestDues:
    FEE: ClassVar = {"student_no": "01", "academic_year": "2026-2027", "payable": 5800, "paid": 5800}

    def states(self, *fees: dict[str, Any], terms: Any = (TERM,)) -> dict[str, str]:
        found = base(fee=fees, student=[student(), student("02")], term=terms).frames["dues"]
        return dict(zip(found["student_no"], found["state"], strict=True))

    def test_settled_owed_or_no_account_in_a_year_that_is_covered(self) -> None:
        assert self.states(self.FEE) == {"01": "已结清", "02": "无记录"}
        assert self.states({**self.FEE, "paid": 0}) == {"01": "未结清", "02": "无记录"}

    def test_where_the_year_is_not_covered_nobody_is_known_to_have_none(self) -> None:
        def unknown(**fee: Any) -> list[str | None]:
            rows = base(fee=[{**self.FEE, **fee}], student=[student(), student("02")], term=[TERM]).frames["dues"]
            return [None if pd.isna(year) else str(year) for year in rows["uncovered_year"]]

        assert unknown() == [None, None]
        assert unknown(academic_year="2025-2026") == ["2026-2027", "2026-2027"]

    def test_what_nobody_chases_is_settled_and_one_yuan_is_not(self) -> None:
        assert self.states({**self.FEE, "paid": "5799.01"})["01"] == "已结清"
        assert self.states({**self.FEE, "paid": "5799.00"})["01"] == "未结清"

    def test_aid_settles_until_the_year_is_over(self) -> None:
        aided = {**self.FEE, "academic_year": "2025-2026", "paid": 0, "aid": "助学贷款"}
        first = {**BEFORE, "term": "2025-2026-1", "starts_on": "2025-09-01", "ends_on": "2026-01-18"}

        def settled(as_of: date, *terms: Any) -> bool:
            return bool(only(base(as_of=as_of, fee=[aided], term=terms).frames["fee_account"])["settled"])

        assert settled(date(2026, 7, 12), first, BEFORE)
        assert not settled(date(2026, 7, 13), first, BEFORE)
        assert settled(date(2026, 7, 13), BEFORE)  # the calendar may lack the year's last term


class TestPlaceholders:
    def test_a_number_of_one_digit_beside_two_names_is_nobodys_and_nothing_is_known_of_its_rows(self) -> None:
        people = [student("0000", name="甲"), student("0000", name="乙"), student("01", name="丙")]
        rows = [{"student_no": n, "term": "2026-2027-1", "registered_on": "2026-09-01"} for n in ("0000", "01")]
        found = base(student=people, registration=rows, term=[TERM])
        assert found.placeholders["student_no"] == {"0000"}
        assert found.frames["registration"]["student_no"].tolist() == ["01"]
        assert found.frames["student"]["student_no"].tolist() == ["0000", "0000", "01"]
        assert found.asides["registration"]["student_no"].tolist() == ["0000"]
        assert found.frames["student_number"].set_index("student_no")["rows"].to_dict() == {"0000": 2, "01": 1}

    def test_one_person_twice_is_no_placeholder(self) -> None:
        assert (
            base(student=[student("0000", name="甲"), student("0000", name="甲")]).placeholders["student_no"] == set()
        )

    def test_an_invalid_identity_number_beside_two_names_joins_nobody_and_stands_as_it_is(self) -> None:
        people = [student("01", name="甲", id_number="111"), student("02", name="乙", id_number="111")]
        frame = base(student=people).frames["student"]
        assert frame["identity"].isna().all() and frame["id_number"].tolist() == ["111", "111"]

    def test_a_passport_number_is_trusted(self) -> None:
        people = [student(f"0{n}", name=name, id_number="E1234567", id_type="护照") for n, name in enumerate("甲乙")]
        found = base(student=people)
        assert found.frames["student"]["identity"].tolist() == ["E1234567"] * 2
        assert found.frames["identity_number"]["flaw"].isna().all()


class TestIdentities:
    ADMITTED: ClassVar = {
        "exam_no": "2661", "entry_year": 2026, "arrival": "已报到", "name": "古丽•买买提", "id_number": "A",
        "major": "空中乘务（校企合作）", "level": "专科",
    }  # fmt: skip

    def pair(self, **more: Any) -> dict[str, Any]:
        own = {"name": "古丽·买买提", "id_number": "A", "major": "空中乘务(校企合作)", "level": "专科"} | more
        return only(base(welcome=[self.ADMITTED], student=[student(exam_no="2661", **own)]).frames["admission"])

    def differing(self, **more: Any) -> list[str]:
        return [name for name, value in self.pair(**more).items() if name.endswith("_differs") and value]

    def test_dots_and_brackets_of_another_shape_are_the_same(self) -> None:
        assert self.differing() == []

    def test_another_number_name_major_or_level_differs_and_a_missing_one_does_not(self) -> None:
        assert self.differing(id_number="B") == ["id_number_differs"]
        assert self.differing(name="古丽") == ["name_differs"]
        assert self.differing(major="空中乘务") == ["major_differs"]
        assert self.differing(level="本科") == ["level_differs"]
        assert self.differing(id_number=None) == []

    def test_two_active_records_of_one_number_are_told_each(self) -> None:
        row = {"student_no": "01", "id_number": "A", "platform": "学信网", "status": "在籍"}
        other = {**row, "student_no": "02", "status": "休学"}
        found = base(record=[row, other, {**other, "student_no": "03", "status": "毕业"}]).frames["double_record"]
        assert found["student_no"].tolist() == ["01", "02"]
        assert found["places"].iloc[0] == "学信网学号 01（在籍）、学信网学号 02（休学）"

    def test_a_certificate_of_two_students_is_counted_and_two_rows_of_one_are_not(self) -> None:
        rows = [{"student_no": n, "conclusion": "毕业", "certificate_no": c} for n, c in
                [("01", "A"), ("02", "A"), ("03", "B"), ("03", "B")]]  # fmt: skip
        found = base(graduation=rows).frames["certificate_number"]
        assert dict(zip(found["certificate_no"], found["students"], strict=True)) == {"A": 2, "B": 1}


def test_the_minority_of_a_class_is_named_and_each_kind_counted() -> None:
    people = [student(f"0{n}", level="本科", major="土木") for n in range(1, 4)] + [
        student("04", level="专科", major="土木")
    ]
    mix = only(base(student=people).frames["class_mix"])
    assert (mix["levels"], mix["level_names"], mix["minority"]) == (2, "本科 3 人、专科 1 人", "04")
    assert mix["majors"] == 1


def test_an_absence_says_on_how_many_days_of_class_it_was() -> None:
    rows = [
        {"student_no": "01", "held_on": day, "result": "缺勤"} for day in ("2026-10-01", "2026-10-08", "2026-10-20")
    ]
    rows.append({"student_no": "02", "held_on": "2026-10-01", "result": "出勤"})
    absence = only(base(attendance=rows, term=[TERM]).frames["absence"])
    assert (absence["days"], absence["lessons"]) == (20, 3)


def test_how_often_a_student_repeated_is_known_of_those_who_never_did_too() -> None:
    change = {
        "change_no": "X",
        "student_no": "01",
        "kind": "留级",
        "issued_on": "2025-09-01",
        "effective_on": "2025-09-01",
    }
    assert base(student=[student(), student("02")], change=[change]).frames["student"]["repeats"].tolist() == [1, 0]


def test_a_placement_over_the_days_of_reporting_is_seen_and_one_that_ends_before_is_not() -> None:
    def away(until: str) -> bool:
        placed = [{"student_no": "01", "from_on": "2026-06-01", "until": until}]
        return bool(only(base(student=[student()], term=[TERM], placement=placed).frames["student"])["away_at_start"])

    assert away("2026-08-31") and not away("2026-08-30")
