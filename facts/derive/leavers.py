"""Those who have left: the first day after it on which they attended or registered all the same."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import columns_of, frame, nothing, texts
from facts.model.computed import Reappearance

LEAVING = ("自愿退学", "自动退学", "转出")
SIGNS = ("上课", "学期注册")
_DAYS = "datetime64[D]"
_NEVER = np.iinfo(np.int64).max
_SPAN = 1 << 23
"""More than there are days between the years 1 and 9999; day numbers are counted from half of it before 1970 on."""

Ints = npt.NDArray[np.int64]


def reappearance(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One an issued 自愿退学, 自动退学 or 转出 after whose effective_on (strictly) the student attended or registered;
    seen_on is the first such day, how says which of the two it was, or both.

    The first day is enough to tell whether any counts: who has come back by then has come back by every later one."""
    changes, roll, registrations = inputs.rows("change"), inputs.roll, inputs.rows("registration")
    if changes is None or roll is None or registrations is None:
        return nothing(Reappearance), 0
    fields = ["change_no", "student_no", "kind", "effective_on"]
    left = changes.loc[changes["kind"].isin(LEAVING) & changes["issued_on"].notna(), fields].dropna()
    there = np.flatnonzero(roll.sessions)
    attended = _first_after(left, roll.numbers, roll.student[there], roll.day[there])
    number = registrations["student_no"].cat
    registered = _first_after(left, number.categories, number.codes.to_numpy(), _days(registrations["registered_on"]))
    first = np.minimum(attended, registered)
    found_at = np.flatnonzero(first != _NEVER)
    found, first = left.iloc[found_at].astype({"change_no": "str", "student_no": "str", "kind": "str"}), first[found_at]
    signs = [(days[found_at] == first).astype(np.int64) << bit for bit, days in enumerate((attended, registered))]
    how = texts(signs[0] | signs[1], SIGNS, found.index)
    return frame(Reappearance, **columns_of(found), seen_on=first.astype(_DAYS), how=how), 0


def _first_after(left: pd.DataFrame, numbers: pd.Index, student: npt.NDArray[Any], day: npt.NDArray[Any]) -> Ints:
    """For each change, the first day strictly after its effective_on among the days of that student: `student` holds
    places in `numbers`, `day` days since 1970-01-01. _NEVER where there is none."""
    who = numbers.get_indexer(pd.Index(left["student_no"].astype("str"))).astype(np.int64)
    wanted = np.zeros(len(numbers) + 1, dtype=bool)  # one place more, for the number that is not known: -1
    wanted[who] = True
    wanted[-1] = False
    some = np.flatnonzero(wanted[student])
    keys = np.unique(student[some].astype(np.int64) * _SPAN + day[some] + _SPAN // 2)
    day_after = who * _SPAN + _days(left["effective_on"]) + 1 + _SPAN // 2
    following = np.append(keys, -1)[np.searchsorted(keys, day_after)]
    return np.where((who >= 0) & (following // _SPAN == who), following % _SPAN - _SPAN // 2, _NEVER)


def _days(dates: pd.Series) -> Ints:
    return dates.to_numpy().astype(_DAYS).astype(np.int64)
