"""What becomes of planted violations from month to month: cases that stand in some months' exports, and not in others.

A case is a shape of `planting`, or one of the two below, with the months in which it stands. In the others its people
are as they always were. Shapes that stand before the last month are those whose findings don't hang on the day of the
export, but for what `_SINCE` says.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from facts.demo.days import Days
from facts.demo.picks import Planted, day, planted
from facts.demo.plants import absence, classes, fees, identity, numbers, records, registration, traces
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

AS_OF = np.array(["2026-09-30", "2026-10-28", "2026-11-25"], dtype="datetime64[D]")
"""The last Wednesday of each month (六-1)."""
_EVERY = frozenset(range(len(AS_OF)))
_LAST = len(AS_OF) - 1
OWN_RULE = "OWN-01"
LARGE = 1500
"""Students from which on every pattern is planted."""
SOON = 5
"""Working days before the deadline from which on a missing mark is a notice."""

Shape = Callable[[Plot], Iterable[Planted]]


@dataclass(frozen=True)
class Case:
    """Plants one case as it is in a month (0: September); and the months in which it stands."""

    shape: Callable[[Plot, int], Iterable[Planted]]
    stands: frozenset[int]


STEADY: tuple[Shape, ...] = (
    identity.two_platforms, numbers.other_birthday, numbers.birthday_off_by_a_day, numbers.other_sex_and_birthday,
    numbers.wrong_check_digit, fees.owes_tuition, fees.owes_one_yuan, fees.owed_but_registered_as_paid,
    fees.registered_without_account, records.record_cancelled, records.record_without_student,
    records.annual_registration_old, registration.attends_paid, registration.registers_next_day,
    classes.class_no_missing, traces.fee_of_nobody,
)  # fmt: skip
"""Found on every day from the end of September on, for as long as they stand."""
_SINCE = {"REG-05": day("2026-10-05")}
"""Not found before that day: 学年注册 is due 30 days after report_by (2026-09-04)."""
LATEST: tuple[Shape, ...] = (absence.absent_14_days, absence.absent_for_weeks)
"""They look back from the day of the last export."""
PATTERNS = ((0, 2), (0,), (1, 2), (0, 1, 2), (2,), (1,), (0, 1))
"""Months: back, solved, open and so on. The first three are planted in a small college too."""


def cases(students: int) -> Iterator[Case]:
    """Every case of a college of that size, in a fixed order."""
    patterns = PATTERNS if students >= LARGE else PATTERNS[:3]
    for shape in STEADY:
        for pattern in patterns:
            yield Case(partial(_steady, shape), frozenset(pattern))
    for shape in LATEST:
        yield Case(partial(_steady, shape), frozenset({_LAST}))
    for issued, school, record in MARKS:
        known = frozenset(np.flatnonzero(day(issued) <= AS_OF).tolist())
        yield Case(partial(_marks, issued, school, record), known)
    for received in RECEIVED:
        yield Case(partial(_received, received), _EVERY)


def _steady(shape: Shape, plot: Plot, _month: int) -> Iterator[Planted]:
    for each in shape(plot):
        if plot.days.as_of >= _SINCE.get(each.rule, plot.days.as_of):
            yield each


# -- marks (五-5): what is due by time alone, and what is marked when ------------------------------------------------

Marked = tuple[str, str, str]
"""When the mark was set, as each month's export has it; empty: it is not there."""
_NEVER: Marked = ("", "", "")


def _always(on: str) -> Marked:
    return on, on, on


MARKS: tuple[tuple[str, Marked, Marked], ...] = (
    # issued, marked in school, marked in the record
    ("2026-09-07", _NEVER, _always("2026-09-10")),  # overdue in every month
    ("2026-09-07", ("", "", "2026-11-10"), _always("2026-09-10")),  # overdue twice, then marked: too late
    ("2026-09-08", ("", "2026-10-15", "2026-10-15"), _always("2026-09-10")),  # marked after the first meeting: too late
    ("2026-09-08", ("", "2026-10-15", ""), _always("2026-09-10")),  # marked, and the mark is gone again
    ("2026-09-14", _NEVER, _always("2026-09-18")),  # due within days, then overdue
    ("2026-09-14", ("", "2026-10-09", "2026-10-09"), _always("2026-09-18")),  # due within days, marked
    ("2026-09-08", _always("2026-09-10"), ("", "", "2026-11-12")),  # the same on the other platform
    ("2026-10-12", ("", "", "2026-10-30"), ("", "", "2026-10-30")),  # due within days, marked in time on both
    ("2026-10-14", _NEVER, _NEVER),  # overdue on both in the end
    ("2026-11-09", _NEVER, _always("2026-11-12")),  # issued after the second meeting
)


def _marks(issued: str, school: Marked, record: Marked, plot: Plot, month: int) -> Iterator[Planted]:
    """A 转专业 that is marked when it is marked, or never."""
    in_school, in_record = (day(each[month]) if each[month] else NO_DAY for each in (school, record))
    who = plot.student(movable=True)
    number = plot.new_major(who, day(issued), marked_school_on=in_school, marked_record_on=in_record)
    yield from due(plot.days, number, day(issued), in_school, in_record)


def due(days: Days, number: str, issued: Any, school: Any, record: Any, kind: str = "转专业") -> Iterator[Planted]:
    """What a change with these marks must be found for on the day of the export, by 五-5 and 五-6.

    A mark that lies later has not been made yet."""
    last = days.due(issued, kind)
    missing = [bool(np.isnat(mark) or mark > days.as_of) for mark in (school, record)]
    for mark, is_missing, overdue, late in zip(
        (school, record), missing, ("MRK-01", "MRK-02"), ("MRK-03", "MRK-04"), strict=True
    ):
        if is_missing and days.as_of > last:
            yield planted(overdue, change_no=number)
        if not is_missing and mark > last:
            yield planted(late, change_no=number)
    left = int(np.sum((days.working > days.as_of) & (days.working <= last)))
    if any(missing) and days.as_of <= last and left <= SOON:
        yield planted("MRK-05", change_no=number)


# -- a rule of the school's own, which is retired before the last meeting --------------------------------------------

RECEIVED: tuple[Marked, ...] = (_always("2026-09-11"), ("2026-09-11", "2026-09-08", "2026-09-08"))
"""When a handover of 8 September was received, by each month's export: days later; the second is mended in October."""
RETIRED_IN = _LAST
RULE_FILE = f"""id: {OWN_RULE}
title: 工作交接未当日接收
title_en: Handover not received on the day
clause: 五-1
severity: notice
owner: 教务处
per: [handover.change_no]
when:
  - handover: received_on is not None and received_on > handed_on
message: "异动 {{{{ handover.change_no }}}} {{{{ handover.handed_on }}}}移交，{{{{ handover.received_on }}}}才接收"
remedy: 交出单位与接收单位核对交接记录
examples:
  - name: 次日才接收
    as_of: 2026-11-25
    facts:
      handover: [{{change_no: C1, from_unit: 教务处, to_unit: 学生处, handed_on: 2026-11-09, received_on: 2026-11-10}}]
    finds: [{{change_no: C1}}]
  - name: 当日接收
    like: 1
    facts:
      handover: [{{change_no: C1, from_unit: 教务处, to_unit: 学生处, handed_on: 2026-11-09, received_on: 2026-11-09}}]
    finds: []
"""


def _received(received: Marked, plot: Plot, month: int) -> Iterator[Planted]:
    """A 转专业 of 8 September, marked in time, whose handover was received on a given day."""
    issued, when = day("2026-09-08"), day(received[month])
    values: dict[str, Any] = {"marked_school_on": issued + 2, "marked_record_on": issued + 2}
    number = plot.new_major(plot.student(movable=True), issued, **values)
    for row in plot.sheet("handover").added:
        if row["change_no"] == number:
            row["received_on"] = when
    if when > issued and month < RETIRED_IN:
        yield planted(OWN_RULE, change_no=number)
