"""GitHub's workflow commands: each problem as an annotation at the row of the file that proves it."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from reports.formats.ci_cases import Cases, Problem
from reports.wording.words import RULE_STATUS


def render_github(run: Cases) -> str:
    """A line a problem. Waived problems, and those that a baseline had, are
    not annotated; rules without a conclusion are."""
    return "".join(f"{line}\n" for line in _lines(run))


def _lines(run: Cases) -> Iterator[str]:
    for case in run.cases:
        if case.status in ("failed", "not checked"):
            level = "error" if case.status == "failed" else "warning"
            word = RULE_STATUS[case.status]
            yield _command(level, {"title": f"{case.id} {word.word}"}, f"{case.title}：{case.reason or word.meaning}")
        for problem in case.problems:
            if problem.state == "waived" or (run.compared and problem.state == "open"):
                continue
            yield _command(problem.severity, _at(problem, run.root) | {"title": case.id}, problem.text)


def _at(problem: Problem, root: PurePosixPath) -> dict[str, str]:
    if not problem.places:
        return {}
    first = problem.places[0]
    line = {"line": str(first.rows[0])} if first.rows else {}
    return {"file": str(root / first.file), **line}


def _command(level: str, properties: dict[str, str], text: str) -> str:
    listed = ",".join(f"{name}={_value(value)}" for name, value in properties.items())
    return f"::{level} {listed}::{_text(text)}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
