"""What is said of the snapshot itself, beside what was found in it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import small

RULE = small.rule("STU-01", ["student.student_no"], {"student": ""})
TERMS: Any = [
    {"term": term, "academic_year": term[:9], "starts_on": starts, "report_by": starts, "ends_on": ends}
    for term, starts, ends in (
        ("2025-2026-2", "2026-03-02", "2026-07-12"), ("2026-2027-1", "2026-08-31", "2027-01-17"),
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2026, 3, 1), ["数据截至2026-03-01，早于校历中最早的学期（2026-03-02开学）：请核对截至日期和校历"]),
        (date(2026, 3, 2), []),
        (date(2026, 8, 1), []),
        (date(2027, 1, 17), []),
        (date(2028, 11, 25), [
            "数据截至2028-11-25，晚于校历中最后的学期（2027-01-17结束），按该学期核查：请核对截至日期，或补上以后的校历"
        ]),
    ],
)  # fmt: skip
def test_a_day_before_or_after_every_term_is_remarked_on(tmp_path: Path, as_of: date, said: list[str]) -> None:
    result = small.judged(small.rows(as_of, term=TERMS, student=[]), small.pack(tmp_path / "pack", RULE))
    assert [note.text for note in result.notes] == said


def test_without_a_calendar_nothing_is_said_of_it(tmp_path: Path) -> None:
    pack = small.pack(tmp_path / "pack", RULE)
    for given in ({"student": []}, {"term": []}, {"term": [{"term": "2026-2027-1"}]}):
        assert small.judged(small.rows(**given), pack).notes == ()


def test_what_was_learnt_when_it_was_read_is_said(tmp_path: Path) -> None:
    read = replace(small.rows(student=[]), remarks=("各表不是同一时刻的数据",))
    (note,) = small.judged(read, small.pack(tmp_path / "pack", RULE)).notes
    assert note.text == "各表不是同一时刻的数据"
