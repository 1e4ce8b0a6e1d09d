"""What a check of the demo college costs, stage by stage: wall clock, CPU of all processes, peak memory.

    python tests/bench/check.py [STUDENTS] [SEED]

Each run is a process of its own, so that its peak is its own. Nothing is asserted: figures go into closing notes.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


class Stages:
    """Cuts a run into its stages: each begins when it is named, and ends when the next one does."""

    def __init__(self) -> None:
        self.cost: dict[str, list[float]] = {}
        self._name, self._began = "", (0.0, 0.0)

    def begin(self, name: str) -> None:
        now = (perf_counter(), cpu())
        if self._name:
            spent = self.cost.setdefault(self._name, [0.0, 0.0])
            spent[0] += now[0] - self._began[0]
            spent[1] += now[1] - self._began[1]
        self._name, self._began = name, now


def measure(folder: Path) -> dict[str, Any]:
    """One whole check of the snapshot in `folder`, in this process."""
    stages = Stages()
    stages.begin("start")
    from checks.run import Options, check
    from facts.load import load_snapshot
    from reports.findings_json import render_json
    from rules.pack import load_pack

    pack = load_pack()
    stages.begin("load")
    with Memory() as loading:
        snapshot = load_snapshot(folder)
    stages.begin("derive")
    with Memory() as judging:
        result = check(snapshot, pack, bytes(32), Options(), lambda stage, people: people or stages.begin(stage))
    stages.begin("render")
    render_json(result)
    stages.begin("")
    return {
        "stages": stages.cost,
        "peak": peak(),
        "loading": loading.most,
        "judging": judging.most,
        "rules": len(result.rules),
        "findings": len(result.findings),
        "rows": {table.heading: table.read for table in result.tables.values()},
    }


@contextmanager
def demo(students: str, seed: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        run("demo", folder, "--students", students, "--seed", seed)
        print(f"demo of {students} students written in {perf_counter() - began:.1f} s")
        yield Path(folder)


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cli", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main(students: str = "12000", seed: str = "1") -> None:
    with demo(students, seed) as folder:
        said = subprocess.run(
            [sys.executable, __file__, "--measure", str(folder)],
            check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        ).stdout  # fmt: skip
    found = json.loads(said)
    rows = found["rows"]
    print(f"{sum(rows.values()):,} rows ({rows.get('考勤', 0):,} of attendance), {found['rules']} rules, "
          f"{found['findings']} findings, {os.cpu_count()} cores")  # fmt: skip
    print(f"{'stage':<8}{'seconds':>9}{'CPU':>8}")
    for name, (seconds, used) in found["stages"].items():
        print(f"{name:<8}{seconds:>9.2f}{used:>8.2f}")
    total, used = (sum(column) for column in zip(*found["stages"].values(), strict=True))
    print(f"{'total':<8}{total:>9.2f}{used:>8.2f}")
    print(f"peak memory {found['peak']:.0f} MB of the process; with its workers at once "
          f"{found['loading']:.0f} MB loading, {found['judging']:.0f} MB judging")  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        json.dump(measure(Path(sys.argv[2])), sys.stdout)
    else:
        main(*sys.argv[1:])
