"""findings.json (`xuejian.findings/1`, findings.schema.json beside this module): a check as other programs hold on to
it, written and read back."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from checks.history.errors import HistoryError
from checks.history.values import KeptFinding, Run
from checks.overview.shortfalls import shortfalls
from checks.results import OFFICES, SEVERITIES, CheckResult, Evidence, Finding, Note, RuleOutcome, TableInfo, Waived
from facts.model.refusal import why
from facts.model.snapshot import FileCount, SetAside

SCHEMA = "xuejian.findings/1"
_LARGEST = 2_000_000_000


def findings_text(result: CheckResult, use: str = "") -> str:
    """The whole result as JSON text, with keys in a fixed order: equal results give equal bytes. `use`: what the file
    is for, and who may have it."""
    encoder = json.JSONEncoder(ensure_ascii=False, indent=2, allow_nan=False)
    snippets = encoder.iterencode({**as_document(result), **({"use": use} if use else {})})
    # Not encode(): it holds each of millions of snippets until the last.
    return "".join(iter(lambda: "".join(islice(snippets, 10_000)), "")) + "\n"


def as_document(result: CheckResult) -> dict[str, Any]:
    """The result as plain lists and mappings in the form of the schema."""
    packs = [{"id": pack.id, "title": pack.title, "version": pack.version} for pack in result.packs]
    return {
        "schema": SCHEMA,
        "as_of": result.as_of.isoformat(),
        "pack": packs[0],
        "packs": packs,
        "snapshot": {
            "path": result.snapshot_path,
            "sha256": result.snapshot_sha256,
            "tables": {name: _table(table) for name, table in result.tables.items()},
            **_previous(result),
        },
        "rules": [
            {name: getattr(rule, name) for name in ("id", "pack", "status", "reason", "considered", "findings")}
            for rule in result.rules
        ],
        "set_aside": [set_aside_record(row) for row in result.set_aside],
        "findings": [as_record(finding) for finding in result.findings],
        "summary": _summary(result),
        **({"key_check": result.key_check} if result.key_check else {}),
        **_listed("shortfalls", shortfalls(result)),
        **_listed("notes", result.notes),
    }


def _listed(name: str, notes: Iterable[Note]) -> dict[str, list[dict[str, str]]]:
    """These under that name; no such key where there are none."""
    listed = [{"code": note.code, "text": note.text} for note in notes]
    return {name: listed} if listed else {}


def as_record(finding: Finding) -> dict[str, Any]:
    """One finding, as in the list of findings.json; the lines of jsonl are the same."""
    return {
        "rule": finding.rule,
        "pack": finding.pack,
        "severity": finding.severity,
        "clause": finding.clause,
        "owner": finding.owner,
        "college": finding.college,
        "key": dict(finding.key),
        "fingerprint": finding.fingerprint,
        **({"subject": finding.subject} if finding.subject else {}),
        "state": finding.state,
        **({"first_seen": finding.first_seen.isoformat()} if finding.first_seen else {}),
        **({"waiver": _waiver(finding.waiver)} if finding.waiver else {}),
        "message": finding.message,
        "follows": list(finding.follows),
        "due_on": finding.due_on.isoformat() if finding.due_on else None,
        "due_provisional": finding.due_provisional,
        "workdays_late": finding.workdays_late,
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
    }


def _previous(result: CheckResult) -> dict[str, Any]:
    """The earlier snapshot compared with; no such key where there was none."""
    if (earlier := result.previous) is None:
        return {}
    return {"previous": {"path": earlier.path, "as_of": earlier.as_of.isoformat(), "sha256": earlier.sha256}}


def _waiver(waiver: Waived) -> dict[str, str]:
    return {"reason": waiver.reason, "approver": waiver.approver, "until": waiver.until.isoformat()}


def _table(table: TableInfo) -> dict[str, Any]:
    return {"file": "、".join(table.files), **_rows(table), "files": [_file(count) for count in table.counts]}


def _file(count: FileCount) -> dict[str, Any]:
    return {"file": count.file.path, **_sheet(count.file.sheet), **_rows(count), "other_rows": count.other_rows}


def _rows(counted: TableInfo | FileCount) -> dict[str, int]:
    named = ("read", "accepted", "set_aside", "duplicates", *(["put_aside"] if counted.put_aside else []))
    return {name: getattr(counted, name) for name in named}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    rows_and_fields = {"rows": list(evidence.rows), "fields": dict(evidence.fields)}
    return {"fact": evidence.fact, "file": evidence.file, **_sheet(evidence.sheet), **rows_and_fields}


def set_aside_record(row: SetAside) -> dict[str, Any]:
    """One row that could not be read, as in the list of findings.json."""
    cell = {"row": row.row, "column": row.column, "value": row.value, "reason": row.reason}
    return {"table": row.table, "file": row.file, **_sheet(row.sheet), **cell}


def _sheet(sheet: str | None) -> dict[str, str]:
    """A row of a workbook is not found without its sheet; other files have none, and no such key."""
    return {} if sheet is None else {"sheet": sheet}


def _summary(result: CheckResult) -> dict[str, Any]:
    """Counts of findings that are not waived; every office and college is named, also with zeros."""
    findings = result.open_findings
    owners = _names(OFFICES, (f.owner for f in findings))
    colleges = _names(result.colleges, (f.college for f in findings if f.college is not None))
    by_owner = {name: _counts(f for f in findings if f.owner == name) for name in owners}
    by_college = {name: _counts(f for f in findings if f.college == name) for name in colleges}
    return {**_counts(findings), "by_owner": by_owner, "by_college": by_college}


def _names(known: Iterable[str], met: Iterable[str]) -> list[str]:
    first = list(known)
    return first + sorted(set(met) - set(first))


def _counts(findings: Iterable[Finding]) -> dict[str, int]:
    severities = [finding.severity for finding in findings]
    return {severity: severities.count(severity) for severity in SEVERITIES}


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
            _text(rule["id"]): RuleOutcome(
                id=rule["id"],
                title="",
                severity=graver.get(rule["id"], "notice"),
                status=_text(rule["status"]),
                considered=_number(rule["considered"]),
                findings=_number(rule["findings"]),
                gaps=None,
            )
            for rule in document["rules"]
        },
        findings={_text(f["fingerprint"]): _kept(f) for f in document["findings"]},
        unread={name: frozenset() for name, table in tables.items() if table["set_aside"]},
    )


def _kept(finding: Mapping[str, Any]) -> KeptFinding:
    due_on = finding["due_on"]
    return KeptFinding(
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
