"""An earlier check read back from its findings.json."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from checks.history.errors import HistoryError
from checks.history.values import RuleState, Run, Seen
from facts.model.refusal import why

SCHEMA = "xuejian.findings/1"
_LARGEST = 2_000_000_000


def read_findings(path: Path) -> Run:
    """The check as a run without a month. HistoryError where the file is no findings.json."""
    try:
        if path.stat().st_size > _LARGEST:
            raise HistoryError(f"{path.name} 超过 2 GB，不是 xuejian 写出的 findings.json")
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise HistoryError(f"{path} 读不了：{why(error)}") from None
    except (ValueError, RecursionError):
        raise HistoryError(f"{path.name} 不是合法的 JSON，请给 xuejian check --format json 写出的文件") from None
    try:
        if document["schema"] != SCHEMA:
            raise HistoryError(f"{path.name} 的格式是 {document['schema']}，这里只认 {SCHEMA}")
        return _run(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise HistoryError(f"{path.name} 不是完整的 {SCHEMA} 文件，请重新用 xuejian check --format json 写出") from None


def _run(document: Mapping[str, Any]) -> Run:
    packs, tables = document.get("packs") or [document["pack"]], document["snapshot"]["tables"]
    graver = {_text(f["rule"]): _text(f["severity"]) for f in document["findings"]}
    return Run(
        institution="",
        month="",
        as_of=date.fromisoformat(document["as_of"]),
        snapshot_sha256=_text(document["snapshot"]["sha256"]),
        packs=tuple((_text(pack["id"]), _text(pack["version"])) for pack in packs),
        key_check=_text(document.get("key_check", "")),
        rules={
            _text(rule["id"]): RuleState(
                rule["id"],
                "",
                graver.get(rule["id"], "notice"),
                _text(rule["status"]),
                _number(rule["considered"]),
                _number(rule["findings"]),
                gaps=None,
            )
            for rule in document["rules"]
        },
        findings={_text(f["fingerprint"]): _seen(f) for f in document["findings"]},
        unread={name: frozenset() for name, table in tables.items() if table["set_aside"]},
    )


def _seen(finding: Mapping[str, Any]) -> Seen:
    due_on = finding["due_on"]
    return Seen(
        fingerprint=finding["fingerprint"],
        rule=finding["rule"],
        severity=finding["severity"],
        owner=_text(finding["owner"]),
        college=None if finding["college"] is None else _text(finding["college"]),
        due_on=date.fromisoformat(due_on) if due_on else None,
        state=_text(finding["state"]),
        subject=_text(finding.get("subject") or json.dumps(finding["key"], ensure_ascii=False, sort_keys=True)),
        person="",
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value
