"""Those who have left: the first day after it on which they attended or registered all the same."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import columns_of, frame, nothing
from facts.model.computed import Reappearance

LEAVING = ("自愿退学", "自动退学", "转出", "开除学籍")
_DAYS = "datetime64[D]"
_NEVER = np.iinfo(np.int64).max
_SPAN = 1 << 23
"""More than there are days between the years 1 and 9999; day numbers are counted from half of it before 1970 on."""

Ints = npt.NDArray[np.int64]


def reappearance(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a sign of being in school (how: 上课, 学期注册) strictly after the effective_on of an issued 自愿退学,
    自动退学, 转出 or 开除学籍; seen_on is the first such day. A table that is not given shows no signs.

    The first day is enough to tell whether any counts: who has come back by then has come back by every later one."""
    changes, roll, registrations = inputs.rows("change"), inputs.roll, inputs.rows("registration")
    if changes is None:
        return nothing(Reappearance), 0
    fields = ["change_no", "student_no", "kind", "effective_on"]
    left = changes.loc[changes["kind"].isin(LEAVING) & changes["issued_on"].notna(), fields].dropna()
    parts = []
    if roll is not None:
        there = np.flatnonzero(roll.sessions)
        parts.append(_signs("上课", left, _first_after(left, roll.numbers, roll.student[there], roll.day[there])))
    if registrations is not None:
        number, days = registrations["student_no"].cat, _days(registrations["registered_on"])
        parts.append(_signs("学期注册", left, _first_after(left, number.categories, number.codes.to_numpy(), days)))
    if not parts:
        return nothing(Reappearance), 0
    return frame(Reappearance, **columns_of(pd.concat(parts).sort_index(kind="stable"))), 0


def _signs(how: str, left: pd.DataFrame, first: Ints) -> pd.DataFrame:
    found_at = np.flatnonzero(first != _NEVER)
    found = left.iloc[found_at].astype({"change_no": "str", "student_no": "str", "kind": "str"})
    return found.assign(seen_on=first[found_at].astype(_DAYS).astype("datetime64[s]"), how=how)


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
