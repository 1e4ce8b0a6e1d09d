"""Where a command prints: its result goes to stdout or into a file, remarks beside it go to stderr."""

from collections.abc import Iterable
from pathlib import Path

import click

from reports.papers.files import save
from reports.wording.safe_text import plain_text


class Remark(str):
    """A sentence that is no part of the result."""

    __slots__ = ()


def say(lines: Iterable[str]) -> None:
    """Prints sentences, each on a line."""
    for line in lines:
        remark = isinstance(line, Remark)
        text = plain_text(line)
        click.echo(f"xuejian: {text}" if remark else text, err=remark)


def give(text: str, output: Path | None) -> None:
    """Writes a text that ends with a line break to the file, else to stdout. Raises Refusal."""
    if output:
        save(output, text)
    else:
        click.echo(text, nl=False)
