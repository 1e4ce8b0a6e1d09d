"""SARIF 2.1.0, for code scanning and whatever else keeps findings between runs."""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from reports.formats.ci_cases import Case, Cases, Place, Problem
from reports.wording.words import RULE_STATUS

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
_KIND = "xuejian/v1"
"""Under which name a fingerprint stands; another way to make them needs another name."""


def render_sarif(run: Cases) -> str:
    """Every rule, every problem at the rows that prove it, every rule without a conclusion as a notification."""
    rules = {(case.group, case.id): case for case in run.cases}
    numbers = {key: number for number, key in enumerate(rules)}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "xuejian",
                        "fullName": "学鉴",
                        "version": run.tool_version,
                        "rules": [_rule(case) for case in rules.values()],
                    }
                },
                "automationDetails": {"id": f"xuejian/{run.as_of.isoformat()}"},
                "invocations": [
                    {
                        "executionSuccessful": not any(case.status == "failed" for case in run.cases),
                        "toolExecutionNotifications": [
                            note for case in run.cases for note in _notes(case, numbers[case.group, case.id])
                        ],
                    }
                ],
                "language": "zh-CN",
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(problem, case, numbers[case.group, case.id], run)
                    for case in run.cases
                    for problem in case.problems
                ],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _rule(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "name": case.title,
        "shortDescription": {"text": case.title},
        "help": {"text": case.help},
        "defaultConfiguration": {"level": _LEVELS[case.severity]},
        "properties": {"pack": case.group, "status": case.status},
    }


def _notes(case: Case, number: int) -> Iterator[dict[str, Any]]:
    """A rule without a conclusion, or with one on a part only."""
    if case.status in ("failed", "not checked"):
        word = RULE_STATUS[case.status]
        text, level = (
            f"{case.title}，{word.word}：{case.reason or word.meaning}",
            ("error" if case.status == "failed" else "warning"),
        )
    elif case.reason:
        text, level = f"{case.title}，部分核查：{case.reason}", "note"
    else:
        return
    yield {"level": level, "message": {"text": text}, "associatedRule": {"id": case.id, "index": number}}


def _result(problem: Problem, case: Case, number: int, run: Cases) -> dict[str, Any]:
    places = [_location(place, row, run.root) for place in problem.places for row in place.rows or (None,)]
    made: dict[str, Any] = {
        "ruleId": case.id,
        "ruleIndex": number,
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.text},
        "locations": places[:1],
    }
    if places[1:]:
        made["relatedLocations"] = places[1:_PLACES]
    if problem.fingerprint:
        made["partialFingerprints"] = {_KIND: problem.fingerprint}
    if run.compared:
        made["baselineState"] = "unchanged" if problem.state == "open" else "new"
    if problem.state == "waived":
        made["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return made


_PLACES = 50
"""Places of one result; a student's whole attendance would only be noise."""


def _location(place: Place, row: int | None, root: PurePosixPath) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(str(root / place.file))}}
    if row is not None:
        physical["region"] = {"startLine": row}
    sheet = {"logicalLocations": [{"name": place.sheet, "kind": "sheet"}]} if place.sheet else {}
    return {"physicalLocation": physical, **sheet}
