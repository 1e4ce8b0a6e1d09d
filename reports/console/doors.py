"""How commands end that can't do what they are asked for: in one sentence, with an exit code that says so."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from facts.model.interruption import heard
from facts.model.refusal import Refusal
from reports.console.printing import remark
from reports.wording.safe_text import plain_text, shortened

IMPOSSIBLE, UNTRUSTED, INTERRUPTED = 2, 3, 128
"""Exit codes: it could not be done; it is not to be trusted; stopped by the signal whose number is added, as shells say
it."""


class Trouble(click.ClickException):
    """How a refusal ends a command: one sentence on stderr, exit code 2."""

    exit_code = IMPOSSIBLE

    def show(self, file: Any = None) -> None:  # noqa: ARG002 (click's signature)
        # Names of files, sheets and columns are data: nothing that a terminal would obey, one line, and no long one.
        remark(shortened(plain_text(self.message)))


@contextmanager
def _one_line() -> Iterator[None]:
    """What click says of a wrong usage, in one line; the help that it shows where nothing was asked stays."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "xuejian"
        said = " ".join(error.format_message().split()).removesuffix(".")
        raise Trouble(f"{said}; see {command} --help") from None


class Doors(click.Group):
    """The commands. What nobody foresaw is one sentence too, and never looks like findings."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        _keep_standard_places()
        with heard() as signals:
            try:
                with _one_line():
                    return super().invoke(ctx)
            except Refusal as error:
                raise Trouble(str(error)) from None
            except KeyboardInterrupt:
                remark(f"已中断，{'结果已经写出' if signals.done else '没有写出结果'}")
                sys.exit(INTERRUPTED + (signals.number or signal.SIGINT))
            except (click.exceptions.Exit, click.Abort, click.ClickException, BrokenPipeError):
                raise  # a closed pipe is the reader's own doing: click ends in silence
            except MemoryError:
                remark("内存不足，没有完成，结果不可信；请在内存更多的机器上运行，或放宽内存限制（ulimit -v）")
                sys.exit(UNTRUSTED)
            except Exception as error:
                if os.environ.get("XUEJIAN_DEBUG"):
                    raise
                what = f"程序内部出错（{type(error).__name__}），没有完成"
                remark(f"{what}；请设环境变量 XUEJIAN_DEBUG=1 重试，把输出报给维护者")
                sys.exit(IMPOSSIBLE)


def _keep_standard_places() -> None:
    """Where a program is started with a standard stream closed, the next file that it opens would be taken for that
    stream, and be written to by whoever reports an error there."""
    for place in range(3):
        with suppress(OSError):
            os.fstat(place)
            continue
        with suppress(OSError):
            os.open(os.devnull, os.O_RDWR)
