"""What only shows after long: memory that grows from check to check, and a college that two engines judge differently.

python tests/bench/soak.py [CHECKS] [COLLEGES] [FIRST_SEED]

Ends with exit code 1, and says what to run again, where findings change between equal checks, where memory, open files
or child processes grow, or where the product and the SQL of tests/yardstick differ on a random dirty college.
"""

import gc
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from colleges import write_college
from yardstick import Yardstick, definitions

from checks.run import Options, check
from facts.demo import write_demo
from facts.reading.load import load_snapshot
from facts.reading.previous import with_previous
from reports.formats.findings_json import render_json
from rules.pack import load_pack, with_parameters

SETTLED = 0.1
"""The part of the checks, but not fewer than half a dozen, after which memory must stay: until then caches fill."""
GROWTH, NOISE = 0.05, 10
"""By what part, and by how many MB besides, it may differ at the end."""
PAGE = os.sysconf("SC_PAGE_SIZE")


def memory() -> float:
    """MB that this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / (1 << 20)


def handles() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (names only)


def children() -> int:
    return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split())


def again_and_again(checks: int) -> Iterator[str]:
    """One college, checked over and over in this process; what is wrong."""
    pack = load_pack()
    with tempfile.TemporaryDirectory() as name:
        folder = write_demo(Path(name), 600, 1).path
        first, settled = "", (0.0, 0, 0)
        for number in range(checks):
            result = check(load_snapshot(folder), pack, bytes(32), Options(jobs=2))
            text = render_json(result)
            first = first or text
            if text != first:
                yield f"check {number + 1} finds something else than the first"
            del result, text
            gc.collect()
            if number == max(int(checks * SETTLED), min(6, checks // 2)) - 1:
                settled = memory(), handles(), children()
        now = memory(), handles(), children()
    print(f"{checks} checks: {settled[0]:.0f} MB when it had settled, {now[0]:.0f} MB at the end; "
          f"files {settled[1]} → {now[1]}, children {settled[2]} → {now[2]}")  # fmt: skip
    if now[0] > settled[0] * (1 + GROWTH) + NOISE:
        yield f"memory grew from {settled[0]:.0f} to {now[0]:.0f} MB"
    if now[1:] != settled[1:]:
        yield "open files or children grew"


def found_by(folder: Path, *, narrowing: bool) -> dict[str, Any]:
    notes = tomllib.loads((folder / "snapshot.toml").read_text(encoding="utf-8"))
    parameters = notes["packs"]["xjtei-2020"]["parameters"]
    snapshot = with_previous(load_snapshot(folder), folder, None)
    options = Options(personal=True, jobs=1, narrowing=narrowing)
    result = check(snapshot, with_parameters(load_pack(), parameters), bytes(32), options)
    found: dict[str, Any] = {rule.id: ({}, rule.status != "not checked") for rule in result.rules}
    for finding in result.findings:
        found[finding.rule][0][tuple(finding.key.values())] = finding.severity
    return found


def two_ways(colleges: int, first: int) -> Iterator[str]:
    """Random dirty colleges, each judged by the engine and by SQL, every tenth without narrowing as well; what is
    wrong."""
    began, findings = perf_counter(), 0
    for seed in range(first, first + colleges):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_college(folder, seed)
            engine, yardstick = found_by(folder, narrowing=True), Yardstick.folder(folder)
            for rule in definitions():
                verdict = yardstick.judge(rule)
                if engine[rule] != (verdict.found, verdict.checked):
                    yield f"seed {seed}: the engine and the SQL differ on {rule}"
            if seed % 10 == 0 and found_by(folder, narrowing=False) != engine:
                yield f"seed {seed}: with and without narrowing differ"
            yardstick.database.close()
            findings += sum(len(keys) for keys, _ in engine.values())
    print(f"{colleges} colleges, {findings} findings, {perf_counter() - began:.0f} s")


def main(checks: str = "200", colleges: str = "10000", first: str = "1000") -> int:
    wrong = [*again_and_again(int(checks)), *two_ways(int(colleges), int(first))]
    print("\n".join(wrong) or "nothing differs, nothing grows")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
