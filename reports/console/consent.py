"""Asking a person before something is done that can't be undone."""

import sys

import click

from facts.model.refusal import Refusal


def agreed(question: str, yes: bool) -> bool:
    """Whether it may be done: `yes` says so, or the answer on a terminal. Raises Refusal elsewhere, where nobody can
    answer."""
    if yes:
        return True
    if not on_terminal():
        raise Refusal(f"{question.rstrip('？')}？不能恢复，确定的请加 --yes")
    if click.confirm(question, prompt_suffix=" "):
        return True
    click.echo("没有改动")
    return False


def on_terminal() -> bool:
    return sys.stdin.isatty()
