"""A command in a child process, where the system limits its memory: libraries written in C++ end their process when
they get none, and then nobody in it is left to say so."""

import os
import signal
import sys
from types import FrameType

from reports.console.printing import remark

NO_MEMORY = "内存不足，没有完成，结果不可信；请在内存更多的机器上运行，或放宽内存限制（ulimit -v）"
UNTRUSTED = 3
"""The exit code of what came to no conclusion."""
_CRASHES = ("SIGABRT", "SIGSEGV", "SIGBUS", "SIGKILL")


def watch_where_memory_is_limited() -> None:
    """Returns in the child, which does the work. The parent waits for it, hands signals on to it, and ends as it ends;
    where it crashes, with a sentence and exit code 3. Without a limit, or where there are none, nothing is done."""
    if not _is_limited() or (child := os.fork()) == 0:
        return

    def hand_on(number: int, _frame: FrameType | None) -> None:
        os.kill(child, number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, hand_on)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to both
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0 and signal.Signals(-code).name in _CRASHES:
        remark(NO_MEMORY)
        code = UNTRUSTED
    sys.stderr.flush()
    os._exit(code if code >= 0 else 128 - code)


def _is_limited() -> bool:
    if sys.platform == "win32":
        return False
    import resource

    limits = (resource.RLIMIT_AS, resource.RLIMIT_DATA)
    return any(resource.getrlimit(each)[0] != resource.RLIM_INFINITY for each in limits)


def is_lack_of_memory(error: BaseException) -> bool:
    """Whether an error, of whatever library, is that there is no memory."""
    said = str(error)
    return isinstance(error, MemoryError) or any(
        each in said
        for each in (
            "bad_alloc",
            "can't start new thread",
            "Cannot allocate memory",
            "ut of memory",
            "launch worker thread",
        )
    )
