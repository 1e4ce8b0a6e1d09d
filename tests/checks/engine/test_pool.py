"""A worker that dies takes nothing with it: whose facts kill it is reported, everybody else is judged."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import small

from checks.engine import pool
from checks.engine.cohorts import Cohort
from checks.engine.network import EngineError
from checks.engine.pool import Pool, Unjudged, Worker
from checks.outcome import exit_code

FRAGILE = """\
import os, sys
sys.path.insert(0, {root!r})
from checks.engine.network import serve

def lines():
    for line in sys.stdin:
        if "杀" in line:
            {death}
        yield line

for stream in (sys.stdin, sys.stdout):
    stream.reconfigure(encoding="utf-8", newline="\\n")
for answer in serve(lines()):
    sys.stdout.write(answer + "\\n")
    sys.stdout.flush()
"""
KILLED = "引擎进程被终止（SIGKILL，可能是内存不足或有人停止了它）"
ROOT = str(Path(__file__).parents[3])
RULESET = '{"R/0": {"all": [{"a0": {"$and": [{"k": "student"}]}}]}}'
DEATHS = {
    "killed": "os.kill(os.getpid(), 9)", "crashed": "os.kill(os.getpid(), 11)", "silent": "sys.exit(0)",
    "refused": 'line = "[7]"', "stopped": "os.kill(os.getpid(), 19)",
}  # fmt: skip


def fragile(folder: Path, death: str = "killed") -> tuple[str, ...]:
    """A worker that ends on a fact marked 杀."""
    path = folder / "fragile.py"
    path.write_text(FRAGILE.format(root=ROOT, death=DEATHS[death]), encoding="utf-8")
    return sys.executable, str(path)


def person(number: int, mark: str = "") -> tuple[dict[str, Any], ...]:
    return ({"id": f"student#{number}", "k": "student", "mark": mark},)


def cohort(*marked: int, size: int = 8) -> Cohort:
    return Cohort(tuple(person(n, "杀" if n in marked else "") for n in range(size)), ())


@pytest.mark.slow
@pytest.mark.parametrize("death", ["crashed", "silent"])
@pytest.mark.parametrize("marked", [(), (0,), (7,), (3, 4), tuple(range(8))])
def test_the_persons_whose_facts_kill_it_are_told_apart_from_all_others(
    tmp_path: Path, death: str, marked: tuple[int, ...]
) -> None:
    told: list[int] = []
    pool = Pool(RULESET, 1, fragile(tmp_path, death))
    matches, failed = pool.judge(iter([cohort(*marked)]), told.append)
    assert sorted(matches) == [("R/0", (f"student#{n}",)) for n in range(8) if n not in marked]
    assert sorted(each.facts[0]["id"] for each in failed) == [f"student#{n}" for n in marked]
    assert sum(told) == 8 - len(marked)


def test_only_the_cohort_that_dies_is_halved(tmp_path: Path) -> None:
    told: list[int] = []
    whole = Cohort(tuple(person(n) for n in range(100, 108)), ())
    Pool(RULESET, 1, fragile(tmp_path)).judge(iter([whole, cohort(5), whole]), told.append)
    assert sorted(told, reverse=True) == [8, 8, 4, 2, 1]


def test_shared_facts_that_kill_it_are_reported_once_where_nobody_is_concerned(tmp_path: Path) -> None:
    shared = person(1, "杀")
    assert Pool(RULESET, 1, fragile(tmp_path)).judge(iter([Cohort((), shared)])) == (
        [], [Unjudged(shared, KILLED)]
    )  # fmt: skip


def test_a_ruleset_that_the_engine_refuses_is_an_error_of_the_whole_ruleset() -> None:
    with pytest.raises(EngineError, match="规则集被引擎拒绝"):
        Pool('{"R/0": {"all": [{"a0": {"$nonsense": 1}}]', 2).judge(iter([cohort()]))


def test_a_program_that_ends_before_it_answers_is_not_said_to_have_refused_the_ruleset() -> None:
    pool = Pool(RULESET, 1, (sys.executable, "-c", "import sys; sys.stdin.readline()"))
    with pytest.raises(EngineError, match="引擎进程读规则集时中断：引擎进程自行退出"):
        pool.judge(iter([cohort()]))


def test_a_program_that_is_not_there_is_an_error_of_the_whole_ruleset() -> None:
    with pytest.raises(EngineError, match="引擎进程启动不了"):
        Pool(RULESET, 1, ("/nowhere/python",)).judge(iter([cohort()]))


def test_a_worker_that_does_not_answer_in_time_is_ended_and_its_cohort_halved(tmp_path: Path) -> None:
    pool = Pool(RULESET, 1, fragile(tmp_path, "stopped"), limit=lambda facts: 1.5)
    matches, failed = pool.judge(iter([cohort(3, size=4)]))
    assert sorted(matches) == [("R/0", (f"student#{n}",)) for n in (0, 1, 2)]
    assert failed == [Unjudged(person(3, "杀"), "引擎 2 秒没有答复，已停止")]


def test_one_that_is_stopped_before_it_is_asked_is_told_by_the_time_as_well(tmp_path: Path) -> None:
    worker = Worker(RULESET, limit=lambda facts: 0.5)
    os.kill(worker._process.pid, signal.SIGSTOP)
    with pytest.raises(pool._Died, match="没有答复"):
        worker.matches([{"id": f"student#{n}", "k": "student", "mark": "长" * 100} for n in range(5000)])
    worker.close()


def test_more_facts_are_given_more_time() -> None:
    assert pool.patience(0) == 30
    assert pool.patience(10_000) == 230


def test_whom_somebody_else_took_the_worker_from_is_judged_all_the_same(tmp_path: Path) -> None:
    marker = tmp_path / "died"
    once = f"open({str(marker)!r}, 'x'); os.kill(os.getpid(), 15)"
    path = tmp_path / "fragile.py"
    path.write_text(FRAGILE.format(root=ROOT, death=f"if not os.path.exists({str(marker)!r}): {once}"), "utf-8")
    matches, failed = Pool(RULESET, 1, (sys.executable, str(path))).judge(iter([cohort(0, size=1)]))
    assert (matches, failed) == ([("R/0", ("student#0",))], [])
    assert marker.exists()


def test_an_interrupt_ends_every_worker_at_once(tmp_path: Path) -> None:
    asked = threading.Event()

    def cohorts() -> Iterator[Cohort]:
        yield cohort(0)
        asked.set()
        yield cohort(0)
        yield cohort(0)

    interrupt = threading.Thread(target=lambda: (asked.wait(), os.kill(os.getpid(), signal.SIGINT)))
    interrupt.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Pool(RULESET, 2, fragile(tmp_path, "stopped")).judge(cohorts())
    assert time.monotonic() - began < 10
    interrupt.join()


def test_a_program_that_is_gone_before_it_is_asked_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(RULESET)
    worker.close()
    monkeypatch.setattr(worker._process, "stdin", Closed())
    with pytest.raises(pool._Died, match="SIGKILL"):
        worker.matches([])


class Closed:
    def write(self, text: str) -> None:
        raise BrokenPipeError("gone")


RULE = small.rule(
    "REG-01", ["student.student_no"], {"student": 'major != "空"'}, {"no record": "student_no == student.student_no"}
)
OTHER = small.rule("TRM-01", ["term.term"], {"term": ""})


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, majors: list[str], death: str = "killed") -> Any:
    command = fragile(folder, death)
    monkeypatch.setattr("checks.engine.judge.Pool", lambda definitions, jobs: Pool(definitions, jobs, command))
    students = [{"student_no": str(n), "major": major} for n, major in enumerate(majors)]
    snapshot = small.rows(student=students, record=[{"student_no": "0"}], term=[])
    return small.judged(snapshot, small.pack(folder / "pack", RULE, OTHER), jobs=2)


def test_a_run_in_which_one_person_kills_the_engine_is_failed_and_whole_for_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, monkeypatch, ["土木"] * 4 + ["杀"] + ["土木"] * 4)
    assert [key["student_no"] for key in small.keys(result)] == ["1", "2", "3", "5", "6", "7", "8"]
    found = small.outcome(result, "REG-01")
    assert found.status == "failed"
    assert found.reason == f"1 人未能核对（学号 4）：{KILLED}"
    assert exit_code(result, "never", strict=False) == 3


@pytest.mark.slow
def test_of_many_who_could_not_be_checked_five_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(tmp_path, monkeypatch, ["土木"] + ["杀"] * 7)
    reason = small.outcome(result, "REG-01").reason
    assert reason is not None and reason.startswith("7 人未能核对（学号 ")
    assert f" 等）：{KILLED}" in reason and reason.count("、") == 4


def test_a_ruleset_that_is_refused_is_failed_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "checks.engine.judge.definitions", lambda rules, names: {"R": {"all": [{"a0": {"$no": {"x": 1}}}]}}
    )
    pack = small.pack(tmp_path / "pack", RULE)
    result = small.judged(small.rows(student=[{"student_no": "1", "major": "土木"}], record=[]), pack)
    found = small.outcome(result, "REG-01")
    assert found.status == "failed" and found.reason is not None
    assert found.reason.startswith("规则集被引擎拒绝：")
