"""Cohorts are judged in worker processes. One that dies takes nothing with it: its cohort is split in halves until the
person whose facts kill it stands alone, and that person is reported as not checked."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from checks.engine import network
from checks.engine.cohorts import Cohort, EngineFact
from checks.engine.compile import GO
from checks.engine.network import EngineError, Match

COMMAND = (sys.executable, "-P", network.__file__)


class _Died(Exception):
    pass


class Worker:
    """One process with one ruleset."""

    def __init__(self, definitions: str, command: Sequence[str] = COMMAND) -> None:
        """Raises EngineError where durable_rules refuses the ruleset."""
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
        )
        try:
            self._ask(definitions)
        except (_Died, EngineError) as error:
            self.close()
            raise EngineError(f"规则集被引擎拒绝：{error}") from None

    def matches(self, facts: Iterable[EngineFact]) -> list[Match]:
        """Raises _Died or EngineError; the worker is then of no more use."""
        found = self._ask(json.dumps([*facts, GO], ensure_ascii=False))["matches"]
        return [(name, tuple(ids)) for name, ids in found]

    def _ask(self, line: str) -> dict[str, list[tuple[str, list[str]]]]:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except OSError as error:
            raise _Died(str(error)) from None
        if not answer.endswith("\n"):
            raise _Died("引擎进程中断")
        reply: dict[str, list[tuple[str, list[str]]]] = json.loads(answer)
        if "error" in reply:
            raise EngineError(str(reply["error"]))
        return reply

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class Pool:
    """Judges the cohorts of one ruleset with up to `jobs` workers at once."""

    def __init__(self, definitions: str, jobs: int, command: Sequence[str] = COMMAND) -> None:
        self._definitions, self._jobs, self._command = definitions, jobs, command

    def judge(
        self, cohorts: Iterator[Cohort], done: Callable[[int], None] = lambda people: None
    ) -> tuple[list[Match], list[tuple[EngineFact, ...]]]:
        """All matches (in no fixed order), and the facts of each person who could not be checked.

        Raises EngineError where the ruleset itself is refused.
        """
        lock = Lock()
        matches: list[Match] = []
        failed: list[tuple[EngineFact, ...]] = []

        def work() -> None:
            worker: Worker | None = None
            try:
                while True:
                    with lock:
                        cohort = next(cohorts, None)
                    if cohort is None:
                        return
                    todo = [cohort]
                    while todo:
                        part = todo.pop()
                        worker = worker or Worker(self._definitions, self._command)
                        try:
                            found = worker.matches([*part.shared, *(f for person in part.people for f in person)])
                        except (_Died, EngineError):
                            worker.close()
                            worker = None
                            todo += _halves(part)
                            if len(part.people) <= 1:
                                failed.append(part.people[0] if part.people else part.shared)
                        else:
                            matches.extend(found)
                            done(len(part.people))
            finally:
                if worker:
                    worker.close()

        with ThreadPoolExecutor(self._jobs) as executor:
            for future in [executor.submit(work) for _ in range(self._jobs)]:
                future.result()
        return matches, failed


def _halves(cohort: Cohort) -> list[Cohort]:
    middle = len(cohort.people) // 2
    if not middle:
        return []
    return [Cohort(cohort.people[:middle], cohort.shared), Cohort(cohort.people[middle:], cohort.shared)]
