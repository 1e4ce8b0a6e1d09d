"""How a command answers Ctrl-C and the signals by which systems end a program."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl-C; the polite end that systems and schedulers send; the end of a terminal or connection."""


class Interruption:
    """The handler of these signals: the main thread gets KeyboardInterrupt, so that nothing temporary stays behind."""

    def __init__(self) -> None:
        self.number = 0
        """The first signal that came; 0: none."""
        self.done = False
        """What the command was asked for is in its place."""
        self.committing = 0
        """How many `committing` blocks are open."""

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        first, self.number = not self.number, self.number or number
        if first and (self.committing or self.done):
            return  # the few steps that are left are made; who does not want to wait for them asks again
        raise KeyboardInterrupt


@contextmanager
def heard() -> Iterator[Interruption]:
    """Inside the block each of the signals ends the main thread's work by KeyboardInterrupt, but for those that whoever
    started the program has it ignore (`nohup`)."""
    here = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield here
        return
    before = {each: signal.getsignal(each) for each in _SIGNALS}
    heeded = [each for each, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    try:
        for each in heeded:
            signal.signal(each, here)
        yield here
    finally:
        for each in heeded:
            signal.signal(each, before[each])


@contextmanager
def committing() -> Iterator[None]:
    """Around the steps that put results in their place. The first signal in it is put off; where the block ends well,
    the work is done and goes to its end. Where it fails, what it raised counts."""
    found = [handler for each in _SIGNALS if isinstance(handler := signal.getsignal(each), Interruption)]
    if not found:
        yield
        return
    here = found[0]
    here.committing += 1
    try:
        yield
    except BaseException:
        here.committing -= 1
        raise
    here.done = here.done or here.committing == 1
    here.committing -= 1
