"""Where a command prints: its result goes to stdout or into a file, remarks beside it go to stderr."""

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from facts.model.refusal import Refusal, why
from reports.papers.files import save
from reports.wording.safe_text import plain_text


class Remark(str):
    """A sentence that is no part of the result."""

    __slots__ = ()


def remark(sentence: str) -> None:
    """Says something beside the result. Where nobody can hear it the work goes on all the same."""
    with suppress(OSError):
        click.echo(f"xuejian: {sentence}", err=True)


def say(lines: Iterable[str]) -> None:
    """Prints sentences, each on a line."""
    for line in lines:
        if isinstance(line, Remark):
            remark(plain_text(line))
        else:
            click.echo(plain_text(line))


def give(text: str, output: Path | None) -> None:
    """Writes a text that ends with a line break to the file, else to stdout. Raises Refusal."""
    if output:
        save(output, text)
        return
    if sys.stdout is None:
        raise Refusal("标准输出是关闭的，结果没有地方可写；请用 -o 写到文件")
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Refusal(f"标准输出写不了：{why(error)}，结果不完整；请用 -o 写到文件") from None
