"""What a clean status change looks like: every step of its procedure in order, marked in time, on working days."""

from typing import Any

import numpy as np

from facts.demo.days import Days
from facts.demo.store import NO_DAY, Dates, Flags, Objects

_LEAVE = ("applied_on", "college_on", "infirmary_on", "careers_on", "affairs_on", "academic_on")
STEPS: dict[str, tuple[str, ...]] = {
    "休学": _LEAVE,
    "保留学籍": _LEAVE,
    "复学": _LEAVE,
    "留级": ("applied_on", "college_on", "academic_on", "meeting_on", "affairs_on"),
    "转专业": ("applied_on", "college_on", "academic_on", "exam_on", "proposed_on", "announced_on", "affairs_on"),
    "转入": ("applied_on", "academic_on", "meeting_on"),
    "转出": ("applied_on", "academic_on", "affairs_on"),
    "自愿退学": ("applied_on", "college_on", "affairs_on", "academic_on"),
    "自动退学": ("college_on", "affairs_on", "academic_on", "meeting_on"),
    "取消学籍": ("applied_on", "academic_on", "meeting_on", "affairs_on"),
    "开除学籍": ("academic_on", "meeting_on", "affairs_on"),
    "死亡": (),
}
"""The steps of a procedure before issue, in order (附表1)."""
ONLY_FOR = {"infirmary_on": "疾病", "careers_on": "创业"}
RECORD_ONLY = ("academic_on", "meeting_on")
LAST_WITHOUT_RECORD = ("留级", "转专业", "转出", "取消学籍", "开除学籍")
"""Kinds in which 学生处 examines those without a record, and nobody else (affairs_on)."""
DAY_COLUMNS = (
    "applied_on", "college_on", "affairs_on", "infirmary_on", "careers_on", "academic_on", "meeting_on", "exam_on",
    "proposed_on", "announced_on", "issued_on", "effective_on", "until", "marked_school_on", "marked_record_on",
    "filed_on", "notified_on",
)  # fmt: skip
TEXT_COLUMNS = ("change_no", "student_no", "kind", "reason", "document_no", "from_major", "to_major")
IMPLIED = {
    "休学": "休学", "保留学籍": "保留学籍", "复学": "在读", "自愿退学": "退学", "自动退学": "退学", "转出": "转出",
    "转入": "在读", "开除学籍": "开除学籍", "死亡": "死亡",
}  # fmt: skip
"""The status in school after a change of the kind."""


LEAVING = ("自愿退学", "自动退学", "转出", "开除学籍", "死亡")


def clean(
    rng: np.random.Generator, days: Days, kind: Objects, reason: Objects, issued_on: Dates, has_record: Flags
) -> dict[str, Any]:
    """The date and text columns of issued changes that break no rule, without numbers and people. Marks and deliveries
    that would come after as_of are missing. effective_on is issued_on; until is missing."""
    n = len(kind)
    columns: dict[str, Any] = {name: np.full(n, NO_DAY) for name in DAY_COLUMNS}
    columns["issued_on"], columns["effective_on"] = issued_on, issued_on.copy()
    place = days.place(issued_on) - rng.integers(0, 3, n)
    for one in STEPS:
        of_kind = kind == one
        for step in STEPS[one][::-1]:
            taken = of_kind & (reason == ONLY_FOR[step] if step in ONLY_FOR else True)
            if step in RECORD_ONLY and one != "转入":
                taken = taken & has_record
            if step == "affairs_on" and one in LAST_WITHOUT_RECORD:
                taken = taken & ~has_record
            if step == "applied_on" and one == "取消学籍":
                taken = taken & (reason == "重新录取")
            columns[step] = np.where(taken, days.working[place], columns[step])
            place = place - np.where(taken, rng.integers(0, 3, n), 0)

    expelled = kind == "自动退学"
    withdrawn = expelled | (kind == "自愿退学")

    def within(workdays: int, calendar_days: int, wanted: Any) -> Dates:
        """A day after issue, sooner where promptness is asked for; missing while it lies ahead or is not wanted."""
        u = rng.random(n)
        prompt = issued_on + 1 + (u * calendar_days).astype(np.int64)
        day = np.where(expelled, prompt, days.after(issued_on, 1 + (u * workdays).astype(np.int64)))
        return np.where(wanted & days.past(day), day, NO_DAY)

    columns["marked_school_on"] = within(9, 5, (kind != "转入") | (rng.random(n) < 0.5))
    columns["marked_record_on"] = within(9, 5, has_record)
    # Whoever leaves is marked in school first: without a record they would be in school without one.
    waits = np.isin(kind.astype("U"), LEAVING) & np.isnat(columns["marked_school_on"])
    columns["marked_record_on"] = np.where(waits, NO_DAY, columns["marked_record_on"])
    columns["filed_on"] = within(15, 20, withdrawn & has_record)
    columns["notified_on"] = within(9, 6, expelled)
    year = issued_on.astype("datetime64[Y]").astype(np.int64) + 1970
    number = (issued_on - issued_on.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64) // 2 + 1
    office = np.where(has_record, "教学", "学工")
    columns["document_no"] = np.array(
        [f"秦院{o}〔{y}〕{k}号" for o, y, k in zip(office, year.tolist(), number.tolist(), strict=True)], dtype=object
    )
    columns["kind"], columns["reason"] = kind, reason
    columns["from_major"], columns["to_major"] = np.full(n, None, dtype=object), np.full(n, None, dtype=object)
    return columns
