"""How the benchmarks measure: wall clock, CPU of all processes, peak memory; each measure in a process of its own.

Nothing is asserted: the aims stand beside the figures, which go into closing notes.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[2]
MEGABYTE = 1 << 20


def cpu() -> float:
    """Seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def peak() -> float:
    """MB of memory at the most, of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def alone(program: str, *arguments: str) -> Any:
    """What the program prints, as JSON, when it runs with these arguments: its peak of memory is its own. The process
    that starts it must be small, as it counts that one's memory as well."""
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "support")))
    said = subprocess.run(
        [sys.executable, program, *arguments],
        check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path},
    ).stdout  # fmt: skip
    return json.loads(said)


def run(*arguments: str) -> None:
    """A command of ours."""
    subprocess.run([sys.executable, "-m", "cli", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


class Stages:
    """Cuts a run into its stages: each begins when it is named, and ends when the next one does."""

    def __init__(self) -> None:
        self.cost: dict[str, list[float]] = {}
        """Stage → seconds, and seconds of CPU."""
        self._name, self._began = "", (0.0, 0.0)

    def begin(self, name: str) -> None:
        now = (perf_counter(), cpu())
        if self._name:
            spent = self.cost.setdefault(self._name, [0.0, 0.0])
            spent[0] += now[0] - self._began[0]
            spent[1] += now[1] - self._began[1]
        self._name, self._began = name, now


def show(cost: dict[str, list[float]]) -> None:
    """A line a stage, and what they cost together."""
    total = [sum(column) for column in zip(*cost.values(), strict=True)]
    print(f"{'stage':<12}{'seconds':>9}{'CPU':>8}")
    for name, (seconds, used) in [*cost.items(), ("total", total)]:
        print(f"{name:<12}{seconds:>9.2f}{used:>8.2f}")


class Memory:
    """Watches how much this process and all that it started hold at once. The system's own account of ended children
    won't do: it counts the memory that they were forked from."""

    def __init__(self) -> None:
        self.most = 0.0
        """MB; 0 where there is no /proc."""
        self._over = Event()
        self._watch = Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Memory":
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(0.01):
            held = 0.0
            for process in ("self", *_children()):
                with suppress(OSError, StopIteration):
                    status = Path(f"/proc/{process}/status").read_text().splitlines()
                    held += int(next(line for line in status if line.startswith("VmRSS:")).split()[1]) / 1024
            self.most = max(self.most, held)


def _children() -> Iterator[str]:
    """Children that run a program of their own; one just forked still shows this process's memory."""
    own = Path("/proc/self/cmdline").read_bytes()
    for listed in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            for process in listed.read_text().split():
                if Path(f"/proc/{process}/cmdline").read_bytes() not in (own, b""):
                    yield process
