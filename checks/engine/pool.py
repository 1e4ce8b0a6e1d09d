"""Cohorts are judged in worker processes. One that dies, or does not answer in time, takes nothing with it: its cohort
is split in halves until the person whose facts are the cause stands alone, and is reported as not checked."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Lock, Timer
from typing import IO

from checks.engine import network
from checks.engine.cohorts import Cohort, EngineFact
from checks.engine.compile import GO
from checks.engine.network import EngineError, Match

COMMAND = (sys.executable, "-P", network.__file__)
STARTING = 120.0
"""Seconds in which a worker must have read its ruleset; it takes less than one."""
_HEARD = 0.5
"""Seconds after which an interrupt is heard at the latest."""
_TRIES = 3
"""How often a worker is started anew, and a person's facts are judged anew, where somebody else ended the process."""
_FROM_OUTSIDE = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")
"""Signals that no fault of the engine's sends: a person does, or a system that runs out of memory."""


def patience(facts: int) -> float:
    """Seconds that a cohort of so many facts may take: 500 times what it usually takes, and not less than half a
    minute, since other programs may have the processor."""
    return 30 + facts / 50


@dataclass(frozen=True)
class Unjudged:
    """A person who could not be checked."""

    facts: tuple[EngineFact, ...]
    why: str
    """What happened, in Chinese."""


class _Died(Exception):
    """The worker is gone, or was ended because it did not answer. The message says in Chinese what happened."""

    def __init__(self, what: str, from_outside: bool = False) -> None:
        super().__init__(what)
        self.from_outside = from_outside


class Worker:
    """One process with one ruleset."""

    def __init__(
        self,
        definitions: str,
        command: Sequence[str] = COMMAND,
        limit: Callable[[int], float] = patience,
        starting: float = STARTING,
    ) -> None:
        """`limit`: seconds that so many facts may take. Raises EngineError where durable_rules refuses the ruleset, and
        _Died where the process ends before it has read it."""
        self._limit, self._late = limit, False
        try:
            # In a group of its own: Ctrl-C on the terminal is for the main process, which then ends its workers.
            self._process: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                process_group=None if sys.platform == "win32" else 0,
            )
        except OSError as error:
            raise EngineError(f"引擎进程启动不了：{error.strerror}") from None
        try:
            self._ask(definitions, starting)
        except EngineError as error:
            self.close()
            raise EngineError(f"规则集被引擎拒绝：{error}") from None
        except _Died:
            self.close()
            raise

    def matches(self, facts: Iterable[EngineFact]) -> list[Match]:
        """Raises _Died or EngineError; the worker is then of no more use."""
        asked = [*facts, GO]
        found = self._ask(json.dumps(asked, ensure_ascii=False), self._limit(len(asked)))["matches"]
        return [(name, tuple(ids)) for name, ids in found]

    def _ask(self, line: str, seconds: float) -> dict[str, list[tuple[str, list[str]]]]:
        # A stopped process neither reads nor answers, so that writing to it can hang as well as reading from it.
        timer = Timer(seconds, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            answer = self._exchange(line)
        finally:
            timer.cancel()
        if not answer.endswith("\n"):
            raise self._died(seconds)
        reply: dict[str, list[tuple[str, list[str]]]] = json.loads(answer)
        if "error" in reply:
            raise EngineError(str(reply["error"]))
        return reply

    def _exchange(self, line: str) -> str:
        """The answer; nothing where the process is gone."""
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except OSError:
            return ""

    def _give_up(self) -> None:
        self._late = True
        self._process.kill()

    def _died(self, seconds: float) -> _Died:
        if self._late:
            return _Died(f"引擎 {seconds:.0f} 秒没有答复，已停止")
        self._process.kill()  # it may have closed its output and live on
        code = self._process.wait()
        if code >= 0:
            return _Died("引擎进程自行退出")
        name = signal.Signals(-code).name
        if name in _FROM_OUTSIDE:
            return _Died(f"引擎进程被终止（{name}，可能是内存不足或有人停止了它）", from_outside=True)
        return _Died(f"引擎进程崩溃（{name}）")

    def kill(self) -> None:
        """Ends the process; whoever waits for its answer learns that it is gone. Any thread may do it."""
        self._process.kill()

    def close(self) -> None:
        """Ends the process and gives back what it took; nobody may be waiting for it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            _close(pipe)
        self._process.wait()


def _close(pipe: IO[str] | None) -> None:
    try:
        if pipe:
            pipe.close()
    except OSError:  # what was not sent yet can't be sent any more
        return


class Pool:
    """Judges the cohorts of one ruleset with up to `jobs` workers at once."""

    def __init__(
        self,
        definitions: str,
        jobs: int,
        command: Sequence[str] = COMMAND,
        limit: Callable[[int], float] = patience,
    ) -> None:
        self._definitions, self._jobs, self._command, self._limit = definitions, jobs, command, limit
        self._lock = Lock()
        self._workers: set[Worker] = set()
        self._stopped = False

    def judge(
        self, cohorts: Iterator[Cohort], done: Callable[[int], None] = lambda people: None
    ) -> tuple[list[Match], list[Unjudged]]:
        """All matches (in no fixed order), and each person who could not be checked.

        Raises EngineError where the ruleset itself is refused. However it ends, no worker is left.
        """
        matches: list[Match] = []
        failed: list[Unjudged] = []
        next_lock = Lock()

        def work() -> None:
            worker: Worker | None = None
            try:
                while True:
                    with next_lock:
                        cohort = None if self._stopped else next(cohorts, None)
                    if cohort is None:
                        return
                    todo, tries = [cohort], _TRIES
                    while todo and not self._stopped:
                        part = todo.pop()
                        worker = worker or self._started()
                        try:
                            found = worker.matches([*part.shared, *(f for person in part.people for f in person)])
                        except (_Died, EngineError) as error:
                            self._ended(worker)
                            worker = None
                            alone = len(part.people) <= 1
                            if alone and tries > 1 and isinstance(error, _Died) and error.from_outside:
                                todo, tries = [*todo, part], tries - 1
                                continue
                            todo, tries = [*todo, *_halves(part)], _TRIES
                            if alone:
                                facts = part.people[0] if part.people else part.shared
                                failed.append(Unjudged(facts, str(error)))
                        else:
                            tries = _TRIES
                            matches.extend(found)
                            done(len(part.people))
            finally:
                if worker:
                    self._ended(worker)

        with ThreadPoolExecutor(self._jobs) as executor:
            try:
                running = {executor.submit(work) for _ in range(self._jobs)}
                while running:  # again and again, so that Ctrl-C is heard on every system
                    ready, running = wait(running, _HEARD, FIRST_EXCEPTION)
                    for future in ready:
                        future.result()
            except BaseException:  # Ctrl-C, too: nobody waits for an answer that nobody will read
                self._stop()
                raise
        return matches, failed

    def _started(self) -> Worker:
        """A new worker. Raises EngineError: the ruleset is refused, or the process ends again and again."""
        for left in reversed(range(_TRIES)):
            try:
                worker = Worker(self._definitions, self._command, self._limit)
            except _Died as error:
                if left and not self._stopped:
                    continue
                raise EngineError(f"引擎进程读规则集时中断：{error}") from None
            with self._lock:
                self._workers.add(worker)
                if self._stopped:
                    worker.kill()
            return worker
        raise AssertionError

    def _ended(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.close()

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            for worker in self._workers:
                worker.kill()


def _halves(cohort: Cohort) -> list[Cohort]:
    middle = len(cohort.people) // 2
    if not middle:
        return []
    return [Cohort(cohort.people[:middle], cohort.shared), Cohort(cohort.people[middle:], cohort.shared)]
