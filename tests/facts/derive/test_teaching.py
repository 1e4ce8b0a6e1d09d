"""attended, activity and absence: what attendance shows."""

from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.derive import derive
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
TERM = {
    "term": "2026-2027-1",
    "academic_year": "2026-2027",
    "starts_on": date(2026, 8, 31),
    "report_by": date(2026, 9, 4),
    "ends_on": date(2027, 1, 17),
}
EARLIER = {
    "term": "2025-2026-2",
    "academic_year": "2025-2026",
    "starts_on": date(2026, 2, 23),
    "report_by": date(2026, 2, 27),
    "ends_on": date(2026, 7, 10),
}


def row(day: str | date, result: str = "出勤", student: str = "1", **more: Any) -> dict[str, Any]:
    return {"student_no": student, "held_on": day, "result": result, **more}


OTHERS = (row("2026-09-01", student="9"), row("2026-05-06", student="9"))
"""Somebody attends in each term: else the export is one of absences alone, which covers none."""


def derived(kind: str, *rows: dict[str, Any], terms: tuple[dict[str, Any], ...] = (TERM, EARLIER)) -> pd.DataFrame:
    there = OTHERS if kind == "absence" else ()
    snapshot = snapshot_from_rows({"attendance": [*rows, *there], "term": terms}, AS_OF)
    return derive(snapshot, [], {}, [kind]).frames[kind]


def only(frame: pd.DataFrame) -> dict[str, Any]:
    assert len(frame) == 1
    return dict(frame.iloc[0])


def days(frame: pd.DataFrame, *fields: str) -> list[tuple[Any, ...]]:
    """The values of fields, dates as ISO text."""
    texts = [frame[field].astype("str").astype(object).where(frame[field].notna(), None) for field in fields]
    return list(zip(*(text.tolist() for text in texts), strict=True))


@pytest.mark.parametrize(
    ("result", "mode", "attended"),
    [
        ("出勤", "修读", True),
        ("迟到", "修读", True),
        ("早退", "修读", True),
        ("请假", "修读", False),
        ("缺勤", "修读", False),
        ("出勤", "旁听", False),
        ("出勤", None, True),
    ],
)
def test_attended_is_being_there_for_one_s_own_course(result: str, mode: str | None, attended: bool) -> None:
    found = derived("attendance", row("2026-09-07", result, mode=mode))
    assert found["attended"].tolist() == [attended]


def test_without_a_result_nobody_knows_whether_someone_attended() -> None:
    assert derived("attendance", {"student_no": "1", "held_on": "2026-09-07"})["attended"].isna().tolist() == [True]


class TestActivity:
    def test_it_has_first_and_last_day_and_the_number_of_classes(self) -> None:
        found = only(
            derived(
                "activity",
                row("2026-09-08"),
                row("2026-09-07", "迟到"),
                row("2026-09-08", "早退"),
                row("2026-09-09", "缺勤"),
            )
        )
        assert (found["first_on"], found["last_on"]) == (pd.Timestamp("2026-09-07"), pd.Timestamp("2026-09-08"))
        assert found["sessions"] == 3

    def test_the_first_and_the_last_day_of_a_term_belong_to_it(self) -> None:
        rows = [
            row(day) for day in ("2026-02-22", "2026-02-23", "2026-07-10", "2026-07-11", "2026-08-30", "2026-08-31")
        ]
        found = derived("activity", *rows)
        assert days(found, "term", "first_on", "last_on", "sessions") == [
            ("2026-2027-1", "2026-08-31", "2026-08-31", "1"),
            ("2025-2026-2", "2026-02-23", "2026-07-10", "2"),
        ]

    def test_late_is_after_the_last_day_to_report_and_not_on_it(self) -> None:
        on_the_day = derived("activity", row("2026-09-01"), row("2026-09-04"))
        assert days(on_the_day, "first_late_on") == [(None,)]
        after = derived("activity", row("2026-09-04"), row("2026-09-06"), row("2026-09-05"))
        assert days(after, "first_late_on") == [("2026-09-05",)]

    def test_there_is_none_where_nothing_was_attended(self) -> None:
        assert derived("activity", row("2026-09-07", "缺勤"), row("2026-09-07", "出勤", mode="旁听")).empty

    def test_what_lies_after_as_of_has_not_happened(self) -> None:
        assert derived("activity", row("2026-11-26")).empty

    def test_a_term_that_is_listed_twice_counts_once(self) -> None:
        assert len(derived("activity", row("2026-09-07"), terms=(TERM, TERM))) == 1

    def test_a_term_without_a_day_to_report_by_has_nobody_late(self) -> None:
        found = derived("activity", row("2026-09-07"), terms=({**TERM, "report_by": None},))
        assert days(found, "first_late_on") == [(None,)]

    def test_it_takes_both_attendance_and_terms(self) -> None:
        for tables in ({"attendance": [row("2026-09-07")]}, {"term": [TERM]}, {}):
            assert derive(snapshot_from_rows(tables, AS_OF), [], {}).frames["activity"].empty


class TestAbsence:
    def test_its_days_are_calendar_days_with_both_ends(self) -> None:
        found = only(derived("absence", row("2026-09-07", "缺勤"), row("2026-09-20", "缺勤")))
        assert (found["from_on"], found["to_on"]) == (pd.Timestamp("2026-09-07"), pd.Timestamp("2026-09-20"))
        assert found["days"] == 14

    def test_a_day_is_absent_only_when_every_class_of_it_was_missed(self) -> None:
        rows = [
            row("2026-09-07", "缺勤"),
            row("2026-09-08", "缺勤"),
            row("2026-09-08", "请假"),
            row("2026-09-09", "缺勤"),
        ]
        assert days(derived("absence", *rows), "from_on", "to_on") == [
            ("2026-09-07", "2026-09-07"),
            ("2026-09-09", "2026-09-09"),
        ]

    @pytest.mark.parametrize("result", ["出勤", "迟到", "早退", "请假"])
    def test_any_other_result_ends_a_run(self, result: str) -> None:
        rows = [row("2026-09-07", "缺勤"), row("2026-09-08", result), row("2026-09-09", "缺勤")]
        assert len(derived("absence", *rows)) == 2

    def test_a_day_without_classes_and_a_guest_s_class_do_not_end_a_run(self) -> None:
        rows = [row("2026-09-07", "缺勤"), row("2026-09-08", "出勤", mode="旁听"), row("2026-09-10", "缺勤")]
        assert days(derived("absence", *rows), "days") == [("4",)]

    def test_a_run_ends_with_its_term(self) -> None:
        rows = [row("2026-07-10", "缺勤"), row("2026-08-31", "缺勤")]
        assert days(derived("absence", *rows), "from_on", "days") == [("2026-07-10", "1"), ("2026-08-31", "1")]

    def test_days_in_no_term_belong_to_no_run(self) -> None:
        assert derived("absence", row("2026-07-11", "缺勤"), row("2026-08-30", "缺勤")).empty

    def test_where_terms_overlap_a_day_belongs_to_the_one_that_started_last(self) -> None:
        overlapping = {**EARLIER, "ends_on": date(2026, 12, 31)}
        found = derived("absence", row("2026-08-30", "缺勤"), row("2026-08-31", "缺勤"), terms=(TERM, overlapping))
        assert days(found, "from_on", "to_on") == [("2026-08-30", "2026-08-30"), ("2026-08-31", "2026-08-31")]

    def test_it_is_current_when_nothing_is_known_of_a_later_day(self) -> None:
        runs = (row("2026-09-07", "缺勤"), row("2026-09-08"), row("2026-09-09", "缺勤"))
        assert derived("absence", *runs)["current"].tolist() == [False, True]
        assert derived("absence", *runs, row("2026-09-10", "请假"))["current"].tolist() == [False, False]

    def test_a_guest_s_class_afterwards_leaves_it_current(self) -> None:
        assert derived("absence", row("2026-09-07", "缺勤"), row("2026-09-08", mode="旁听"))["current"].tolist() == [
            True
        ]

    def test_a_class_after_the_term_ends_it(self) -> None:
        assert derived("absence", row("2026-07-10", "缺勤"), row("2026-07-15"))["current"].tolist() == [False]

    def test_students_do_not_share_a_run(self) -> None:
        rows = [row("2026-09-07", "缺勤", "1"), row("2026-09-08", "缺勤", "2"), row("2026-09-09", "缺勤", "1")]
        assert days(derived("absence", *rows), "student_no", "days") == [("1", "3"), ("2", "1")]

    def test_it_takes_both_attendance_and_terms(self) -> None:
        for tables in ({"attendance": [row("2026-09-07", "缺勤")]}, {"term": [TERM]}, {}):
            assert derive(snapshot_from_rows(tables, AS_OF), [], {}).frames["absence"].empty


def absence_from_file(folder: Path, *lines: str) -> tuple[list[str], int]:
    """Students with a run, and how many are withheld, of an attendance export with these lines."""
    (folder / "考勤.csv").write_text("\n".join(["学号,上课日期,考勤结果", *lines, "9,2026-09-07,出勤"]), "utf-8")
    (folder / "校历.csv").write_text(
        "学期,学年,开学日期,报到截止日期,学期结束日期\n2026-2027-1,2026-2027,2026-08-31,2026-09-04,2027-01-17\n",
        "utf-8",
    )
    base = derive(load_snapshot(folder, AS_OF), [], {}, ["absence"])
    return base.frames["absence"]["student_no"].tolist(), base.withheld.get("absence", 0)


def test_no_run_is_told_of_a_student_with_a_row_set_aside(tmp_path: Path) -> None:
    lines = ("1,2026-09-07,缺勤", "1,2026-09-08,不明", "2,2026-09-07,缺勤", "2,坏,缺勤", "3,2026-09-07,缺勤")
    assert absence_from_file(tmp_path, *lines) == (["3"], 2)


def test_a_row_set_aside_concerns_nobody_where_its_student_cannot_be_read(tmp_path: Path) -> None:
    assert absence_from_file(tmp_path, "1,2026-09-07,缺勤", ",2026-09-08,出勤") == (["1"], 0)


def test_a_row_set_aside_of_a_day_after_as_of_concerns_nobody_yet(tmp_path: Path) -> None:
    assert absence_from_file(tmp_path, "1,2026-09-07,缺勤", "1,2026-11-26,不明") == (["1"], 0)


def test_a_student_of_whom_nothing_else_is_known_is_not_counted_as_withheld(tmp_path: Path) -> None:
    assert absence_from_file(tmp_path, "1,2026-09-07,缺勤", "2,2026-09-07,不明") == (["1"], 0)


ATTENDANCE = st.lists(
    st.builds(
        row,
        st.dates(date(2026, 8, 25), date(2026, 10, 1)) | st.dates(date(2026, 7, 1), date(2026, 7, 15)),
        st.sampled_from(["缺勤", "缺勤", "缺勤", "出勤", "迟到", "请假"]),
        st.sampled_from(["1", "2", "3"]),
        mode=st.sampled_from(["修读", "修读", "旁听"]),
    ),
    max_size=40,
)


@pytest.mark.slow
@settings(max_examples=60)
@given(ATTENDANCE)
def test_runs_are_what_walking_through_each_student_s_days_finds(rows: list[dict[str, Any]]) -> None:
    found = derived("absence", *rows)
    got = days(found, "student_no", "from_on", "to_on", "days", "current")
    assert sorted(got) == sorted(_walk(rows))


def _walk(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, str, str]]:
    runs = []
    own = [r for r in rows if r["mode"] == "修读"]
    for student in {r["student_no"] for r in own}:
        said: dict[date, set[str]] = {}
        for r in own:
            if r["student_no"] == student:
                said.setdefault(r["held_on"], set()).add(r["result"])
        placed = [(day, _term_of(day), said[day] == {"缺勤"}) for day in sorted(said)]
        for (term, absent), group in groupby((p for p in placed if p[1]), key=lambda p: p[1:]):
            run = [day for day, *_ in group]
            if term and absent:
                length = (run[-1] - run[0]) // timedelta(days=1) + 1
                runs.append((student, str(run[0]), str(run[-1]), str(length), str(run[-1] == max(said))))
    return runs


def _term_of(day: date) -> str | None:
    return next((t["term"] for t in (TERM, EARLIER) if t["starts_on"] <= day <= t["ends_on"]), None)


@pytest.mark.slow
@settings(max_examples=60)
@given(ATTENDANCE)
def test_activity_is_what_looking_through_all_rows_of_a_term_finds(rows: list[dict[str, Any]]) -> None:
    expected = []
    for term in (TERM, EARLIER):
        for student in ("1", "2", "3"):
            there = sorted(
                r["held_on"]
                for r in rows
                if r["student_no"] == student and r["mode"] == "修读" and r["result"] in ("出勤", "迟到")
                if term["starts_on"] <= r["held_on"] <= term["ends_on"]
            )
            late = [day for day in there if day > term["report_by"]]
            if there:
                first_late = str(late[0]) if late else None
                expected.append((student, term["term"], str(there[0]), str(there[-1]), str(len(there)), first_late))
    found = derived("activity", *rows)
    fields = ("student_no", "term", "first_on", "last_on", "sessions", "first_late_on")
    assert sorted(days(found, *fields)) == sorted(expected)
