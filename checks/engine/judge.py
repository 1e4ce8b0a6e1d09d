"""One ruleset judged on the rows that were kept for it: compiled, sent to the workers in cohorts, matches collected."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from checks.engine.cohorts import cohorts, split_id
from checks.engine.columns import Columns, Ints
from checks.engine.compile import definitions, field_names
from checks.engine.flat import FlatRule
from checks.engine.narrow import Rows
from checks.engine.network import EngineError, Match
from checks.engine.pool import Pool, Unjudged


@dataclass(frozen=True)
class Judged:
    matches: list[Match]
    """In no fixed order."""
    failure: str | None = None
    """Why the ruleset, or some person, could not be judged; matches of all others are whole."""


def judge(
    ruleset: Sequence[FlatRule],
    rows: Rows,
    kinds: Mapping[str, Columns],
    people: Mapping[str, Ints],
    jobs: int,
    cohort: int,
    done: Callable[[int], None],
) -> Judged:
    """`jobs` 0: as many workers as processors; `cohort`: persons a cohort; `done` is told of persons judged."""
    names = field_names(ruleset)
    pool = Pool(json.dumps(definitions(ruleset, names), ensure_ascii=False), jobs or os.cpu_count() or 1)
    try:
        matches, failed = pool.judge(cohorts(rows, kinds, people, names, cohort), done)
    except EngineError as error:
        return Judged([], str(error))
    return Judged(matches, _failure(failed, kinds) if failed else None)


def _failure(failed: Sequence[Unjudged], kinds: Mapping[str, Columns]) -> str:
    causes = "、".join(dict.fromkeys(sorted(each.why for each in failed)))
    return f"{len(failed)} 人未能核对{_who(failed, kinds)}：{causes}"


def _who(failed: Sequence[Unjudged], kinds: Mapping[str, Columns]) -> str:
    """The student numbers of people who could not be checked, at most five."""
    numbers: dict[str, None] = {}
    for each in failed:
        for fact in each.facts:
            kind, row = split_id(str(fact["id"]))
            frame = kinds[kind].frame
            if "student_no" in frame and isinstance(number := frame["student_no"].iloc[row], str):
                numbers[number] = None
                break
    return f"（学号 {'、'.join(list(numbers)[:5])}{' 等' if len(numbers) > 5 else ''}）" if numbers else ""
