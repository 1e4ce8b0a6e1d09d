"""The roll: attendance in sorted arrays, one entry a student and day, from which activity and absence are computed.

Millions of rows become one array of whole numbers (student, day, result), sorted once: the rows of one student and day
then stand together, the days of one student in order, and nothing is ever grouped by text.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.model.tables import ATTENDED

_ABSENT, _EXCUSED, _ATTENDED, _PRESENT = 0, 1, 2, 3
"""The result of a row as a number: 缺勤; 请假; 迟到 or 早退; 出勤. The largest of a day holds, so that a day is absent
when all its rows are."""
_DAY = 86_400
_AT_ONCE = 1 << 20
"""Rows turned into numbers at once, so that the arrays needed on the way stay small."""

Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Roll:
    """Days on which a student had classes that count (修读), sorted by student, then day; arrays of one length."""

    numbers: pd.Index
    """The student numbers; `student` holds places in it."""
    student: Whole
    day: npt.NDArray[np.int32]
    """Days since 1970-01-01."""
    sessions: npt.NDArray[np.int32]
    """How many classes were attended."""
    absent: Bools
    """Every class of the day was missed without leave."""
    present: Bools
    """A class of the day was attended from its beginning to its end (出勤)."""


def attended(attendance: pd.DataFrame) -> pd.arrays.BooleanArray:
    """Whether a row shows the student in class: 出勤, 迟到 or 早退, and 修读. Missing where the result is."""
    mode, counting = _counting(attendance)
    result = attendance["result"].cat.codes.to_numpy()
    there = _by_code(attendance["result"], dict.fromkeys(ATTENDED, 1), 0).astype(bool)
    return pd.arrays.BooleanArray(there[result] & counting[mode], result < 0)


def roll(attendance: pd.DataFrame) -> Roll:
    """The roll of the attendance rows in sight; a row without student, day or result counts for nothing."""
    earliest, latest = attendance["held_on"].min(), attendance["held_on"].max()
    low = 0 if earliest is pd.NaT else int(earliest.timestamp()) // _DAY
    span = 1 if latest is pd.NaT else int(latest.timestamp()) // _DAY - low + 1
    keys = _keys(attendance, low, span)
    keys.sort()

    result, cell = (keys & 3).astype(np.int8), keys >> 2
    start = np.flatnonzero(starts(cell))
    last = np.append(start[1:], len(cell))[: len(start)] - 1
    student, day = np.divmod(cell[start], cell.dtype.type(span))
    there = np.append(result >= _ATTENDED, False)  # one place more: reduceat takes no empty array
    return Roll(
        numbers=attendance["student_no"].cat.categories,
        student=student.astype(np.int32),
        day=day.astype(np.int32) + np.int32(low),
        sessions=np.add.reduceat(there, start, dtype=np.int32),
        absent=result[last] == _ABSENT,
        present=result[last] == _PRESENT,
    )


def days_present(found: Roll) -> npt.NDArray[np.int64]:
    """The days on which somebody was present (出勤), ascending, each once."""
    if not len(found.day):
        return np.zeros(0, np.int64)
    low = int(found.day.min())
    there = np.zeros(int(found.day.max()) - low + 1, dtype=bool)
    there[found.day[found.present] - low] = True
    return np.flatnonzero(there) + low


def starts(*columns: npt.NDArray[Any]) -> Bools:
    """True at the first place, and wherever any of the equally long columns differs from the place before."""
    new = np.zeros(len(columns[0]), dtype=bool)
    new[:1] = True
    for values in columns:
        new[1:] |= values[1:] != values[:-1]
    return new


def _keys(attendance: pd.DataFrame, low: int, span: int) -> npt.NDArray[np.unsignedinteger[Any]]:
    """(student × span + day − low) × 4 + result, of each row that has all three; in the order of the rows."""
    student = attendance["student_no"].cat.codes.to_numpy()
    dates = attendance["held_on"].to_numpy()
    result = attendance["result"].cat.codes.to_numpy()
    values = {**dict.fromkeys(ATTENDED, _ATTENDED), "缺勤": _ABSENT, "出勤": _PRESENT}
    number = _by_code(attendance["result"], values, _EXCUSED)
    mode, counting = _counting(attendance)

    # Half the memory and twice the speed where 32 bits hold it.
    small = len(attendance["student_no"].cat.categories) * span * 4 < 2**32
    dtype: Any = np.uint32 if small else np.uint64
    keys, filled = np.empty(len(attendance), dtype), 0
    for begin in range(0, len(attendance), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        usable = counting[mode[part]] & (student[part] >= 0) & (result[part] >= 0) & ~np.isnat(dates[part])
        day = dates[part][usable].view("i8") // _DAY - low
        some = student[part][usable].astype(dtype) * dtype(span) + day.astype(dtype)
        keys[filled : filled + len(some)] = some * dtype(4) + number[result[part][usable]].astype(dtype)
        filled += len(some)
    return keys[:filled]


def _counting(attendance: pd.DataFrame) -> tuple[Whole, Bools]:
    """The codes of the mode, and for each code whether such rows count: 修读, and missing (no column: no 旁听)."""
    counting = _by_code(attendance["mode"], {"修读": 1}, 0).astype(bool)
    counting[-1] = True
    return attendance["mode"].cat.codes.to_numpy(), counting


def _by_code(column: pd.Series, values: dict[str, int], other: int) -> npt.NDArray[np.int8]:
    """What each category of a column stands for, by its code; the last place is that of a missing one, code -1."""
    return np.array([values.get(str(category), other) for category in column.cat.categories] + [other], np.int8)
