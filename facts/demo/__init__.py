"""The demo college: exports of a made-up college as its systems would write them, clean but for planted violations."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from facts.demo.college import found
from facts.demo.months import MonthsSummary, write_months
from facts.demo.picks import Planted
from facts.demo.place import PLANTED, placed
from facts.demo.planting import NearMiss, plant
from facts.demo.write import write
from facts.model.refusal import DataError

__all__ = ["DemoSummary", "MonthsSummary", "NearMiss", "Planted", "write_demo", "write_demo_months"]


@dataclass(frozen=True)
class DemoSummary:
    path: Path
    rows: dict[str, int]
    """Rows a table, by English name."""
    planted: int
    """Findings that a check must report: no more, no less."""
    near_misses: tuple[NearMiss, ...]
    """Cases placed beside the violations, which no rule must report but where `planted.json` says so."""


def write_demo(
    folder: Path, students: int = 12000, seed: int = 1, *, progress: Callable[[str], None] | None = None
) -> DemoSummary:
    """Write the exports of a college with about `students` in school into `folder` (made if it is not there; an
    earlier demo in it is replaced): a CSV a table, snapshot.toml, planted.json, the ledger of what was planted, and
    in a folder of its own the students of an earlier snapshot, which snapshot.toml names.

    The same students and seed give the same bytes. `progress` is told, in Chinese, what is being written.
    DataError for fewer than MIN_STUDENTS students, and for a folder that holds anything but a demo."""
    if students < MIN_STUDENTS:
        raise DataError(f"学生数至少为 {MIN_STUDENTS}。")
    tell = progress or (lambda _: None)
    rng = np.random.Generator(np.random.PCG64(seed))
    with placed(folder) as work:
        tell("编造学生与学籍")
        college = found(rng, students)
        planting = plant(rng, college, students)
        rows = write(work, college, tell)
        ledger = [{"rule": p.rule, "key": dict(p.key)} for p in planting.planted]
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in ledger)
        (work / PLANTED).write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")
    return DemoSummary(folder, rows, len(ledger), planting.near_misses)


def write_demo_months(
    folder: Path,
    months: int = 3,
    students: int = 12000,
    seed: int = 1,
    *,
    progress: Callable[[str], None] | None = None,
) -> MonthsSummary:
    """Write the exports of one college as of its last `months` meetings (one to three) into folders of their own in
    `folder`, 2026-11 the last; a rule of the school's own that is retired before the last; and ledger.json, which
    holds the reports to make there and the findings that must be new, open, back and gone in each.

    The same arguments give the same bytes. `progress` and DataError as for `write_demo`."""
    if students < MIN_STUDENTS:
        raise DataError(f"学生数至少为 {MIN_STUDENTS}。")
    with placed(folder) as work:
        written = write_months(work, months, students, seed, progress or (lambda _: None))
    return replace(written, path=folder)


MIN_STUDENTS = 600
