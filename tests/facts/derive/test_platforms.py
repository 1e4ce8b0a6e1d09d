"""An export of one platform alone says nothing of the students whose records the other one keeps."""

from typing import Any, ClassVar

import pytest
import small

from facts.derive.platforms import unseen_platforms
from rules.pack import load_pack

PACK = load_pack()
NUMBER, OTHER = "110101200001010015", "110101200001010031"
TERM: Any = {
    "term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": "2026-08-31", "report_by": "2026-09-04",
    "ends_on": "2027-01-17",
}  # fmt: skip
PUPIL: Any = {
    "student_no": "1", "id_number": NUMBER, "name": "甲", "level": "中职", "category": "普招", "college": "医学院",
    "entered_on": "2024-09-01", "status": "在读",
}  # fmt: skip
RECORD: Any = {
    "platform": "学信网", "student_no": "9", "id_number": OTHER, "name": "乙", "level": "本科", "status": "在籍",
    "annual_registration": "2026-2027", "registered_on": "2024-10-20",
}  # fmt: skip


def result(*records: dict[str, Any], **student: Any) -> Any:
    snapshot = small.rows(
        term=[TERM],
        student=[{**PUPIL, **student}],
        record=records,
        registration=[{"student_no": "1", "term": "2026-2027-1", "registered_on": "2026-09-01"}],
        graduation=[{"student_no": "1", "conclusion": "毕业", "delivered_on": "2026-06-20"}],
    )
    return small.judged(snapshot, PACK, select=("REG-04", "GRD-07"))


class TestUnseenPlatform:
    MIXED: ClassVar = {"platform": "中职学籍系统", "level": "中职"}

    def test_of_a_pupil_whose_platform_is_not_exported_nobody_knows_whether_there_is_a_record(self) -> None:
        found = result(RECORD)
        assert small.keys(found) == []
        assert [small.outcome(found, rule).status for rule in ("REG-04", "GRD-07")] == ["partial", "partial"]
        said = [note.text for note in found.notes if "中职学籍系统" in note.text]
        assert len(said) == 1 and "中职学生有没有学籍不得而知" in said[0]
        assert [count.record for count in found.registrations.counts] == ["unknown"]

    def test_where_it_is_exported_he_has_none(self) -> None:
        found = result(RECORD, {**RECORD, **self.MIXED, "student_no": "8", "id_number": "110101200001010058"})
        assert small.keys(found, "REG-04") == small.keys(found, "GRD-07") == [{"student_no": "1"}]
        assert [count.record for count in found.registrations.counts] == ["lacks"]

    @pytest.mark.parametrize("level", ["本科", "专科"])
    def test_nor_does_the_platform_of_pupils_say_anything_of_the_others(self, level: str) -> None:
        assert small.keys(result({**RECORD, **self.MIXED}, level=level)) == []
        assert small.keys(result(RECORD, level=level), "REG-04") == [{"student_no": "1"}]

    def test_who_stands_in_the_other_platform_is_known_by_it(self) -> None:
        found = result({**RECORD, "student_no": "1", "id_number": NUMBER, "status": "取消学籍"})
        assert (small.keys(found, "REG-04"), small.keys(found, "GRD-07")) == ([{"student_no": "1"}], [])

    def test_without_records_or_pupils_no_platform_is_unseen(self) -> None:
        assert unseen_platforms(small.rows(student=[PUPIL], record=[])) == {}
        assert unseen_platforms(small.rows(student=[PUPIL])) == {}
        assert unseen_platforms(small.rows(student=[{**PUPIL, "level": "预科"}], record=[RECORD])) == {}
        assert unseen_platforms(small.rows(student=[PUPIL], record=[RECORD])) == {"中职学籍系统": ["中职"]}
