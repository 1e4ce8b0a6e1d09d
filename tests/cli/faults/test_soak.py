"""A short run of what `make soak` does for hours."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory and files are read from /proc")
def test_checks_in_one_process_find_the_same_and_leave_nothing_behind() -> None:
    program = str(ROOT / "tests" / "bench" / "soak.py")
    path = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'support'}", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, program, "14", "1", "1"], capture_output=True, encoding="utf-8", env=path, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("nothing differs, nothing grows\n")
