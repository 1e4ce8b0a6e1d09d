"""No worker outlives the command that started it, however that one ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PARENT = """
import sys, time
sys.path.insert(0, {root!r})
from checks.engine.pool import Worker
worker = Worker('{{"R/0": {{"all": [{{"a0": {{"$and": [{{"k": "student"}}]}}}}]}}}}')
print(worker._process.pid, flush=True)
time.sleep(600)
"""


def is_there(pid: int) -> bool:
    """A process that has ended but is not fetched by anybody does not count."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a worker ends when it next reads its input")
@pytest.mark.parametrize("stopped", [False, True])
def test_a_worker_ends_with_its_parent_even_where_both_can_do_nothing_about_it(stopped: bool) -> None:
    command = [sys.executable, "-c", PARENT.format(root=str(ROOT))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        if stopped:
            os.kill(worker, signal.SIGSTOP)
        assert is_there(worker)
        parent.kill()
        parent.wait()
    until = time.monotonic() + 20
    while is_there(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_there(worker)
