"""What a check of the demo college costs, stage by stage.

python tests/bench/check.py [STUDENTS] [SEED]
"""

import gc
import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from measuring import Memory, Stages, alone, peak, run, show


def measure(folder: Path) -> dict[str, Any]:
    """One whole check of the snapshot in `folder`, in this process."""
    stages = Stages()
    stages.begin("start")
    from checks.run import Options, check
    from cli import GARBAGE
    from facts.reading.load import load_snapshot
    from reports.formats.findings_json import render_json
    from rules.pack import load_pack

    gc.set_threshold(*GARBAGE)
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


def main(students: str = "12000", seed: str = "1") -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        run("demo", folder, "--students", students, "--seed", seed)
        print(f"\ncheck: demo of {students} students written in {perf_counter() - began:.1f} s")
        found = alone(__file__, "--measure", folder)
    rows = found["rows"]
    print(f"{sum(rows.values()):,} rows ({rows.get('考勤', 0):,} of attendance), {found['rules']} rules, "
          f"{found['findings']} findings, {os.cpu_count()} cores")  # fmt: skip
    show(found["stages"])
    print(f"peak memory {found['peak']:.0f} MB of the process; with its workers at once "
          f"{found['loading']:.0f} MB loading, {found['judging']:.0f} MB judging")  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        json.dump(measure(Path(sys.argv[2])), sys.stdout)
    else:
        main(*sys.argv[1:])
