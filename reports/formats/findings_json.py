"""findings.json: the result as other programs hold on to it (`xuejian.findings/1`, reports/findings.schema.json)."""

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from checks.results import OFFICES, SEVERITIES, CheckResult, Evidence, FileInfo, Finding, SetAsideRow, TableInfo, Waived
from reports.wording.safe_text import plain_result

SCHEMA = "xuejian.findings/1"


def render_json(result: CheckResult, use: str = "") -> str:
    """The whole result as JSON text, with keys in a fixed order: equal results give equal bytes. `use`: what the file
    is for, and who may have it."""
    encoder = json.JSONEncoder(ensure_ascii=False, indent=2, allow_nan=False)
    snippets = encoder.iterencode({**as_document(plain_result(result)), **({"use": use} if use else {})})
    # Not encode(): it holds each of millions of snippets until the last.
    return "".join(iter(lambda: "".join(islice(snippets, 10_000)), "")) + "\n"


def as_document(result: CheckResult) -> dict[str, Any]:
    """The result as plain lists and mappings in the form of the schema."""
    return {
        "schema": SCHEMA,
        "as_of": result.as_of.isoformat(),
        "pack": {"id": result.pack.id, "title": result.pack.title, "version": result.pack.version},
        "packs": [{"id": pack.id, "title": pack.title, "version": pack.version} for pack in result.packs],
        "snapshot": {
            "path": result.snapshot_path,
            "sha256": result.snapshot_sha256,
            "tables": {name: _table(table) for name, table in result.tables.items()},
            **_previous(result),
        },
        "rules": [
            {
                "id": r.id,
                "pack": r.pack,
                "status": r.status,
                "reason": r.reason,
                "considered": r.considered,
                "findings": r.findings,
            }
            for r in result.rules
        ],
        "set_aside": [set_aside_record(row) for row in result.set_aside],
        "findings": [as_record(finding) for finding in result.findings],
        "summary": _summary(result),
        **({"key_check": result.key_check} if result.key_check else {}),
        **({"notes": [{"code": note.code, "text": note.text} for note in result.notes]} if result.notes else {}),
    }


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
    if (then := result.previous) is None:
        return {}
    return {"previous": {"path": then.path, "as_of": then.as_of.isoformat(), "sha256": then.sha256}}


def _waiver(waiver: Waived) -> dict[str, str]:
    return {"reason": waiver.reason, "approver": waiver.approver, "until": waiver.until.isoformat()}


def _table(table: TableInfo) -> dict[str, Any]:
    return {
        "file": "、".join(table.files),
        "read": table.read,
        "accepted": table.accepted,
        "set_aside": table.set_aside,
        "duplicates": table.duplicates,
        "files": [_file(count) for count in table.counts],
    }


def _file(count: FileInfo) -> dict[str, Any]:
    numbers = {"read": count.read, "accepted": count.accepted, "set_aside": count.set_aside}
    return {
        "file": count.file,
        **_sheet(count.sheet),
        **numbers,
        "duplicates": count.duplicates,
        "beside": count.beside,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    rows_and_fields = {"rows": list(evidence.rows), "fields": dict(evidence.fields)}
    return {"fact": evidence.fact, "file": evidence.file, **_sheet(evidence.sheet), **rows_and_fields}


def set_aside_record(row: SetAsideRow) -> dict[str, Any]:
    """One row that could not be read, as in the list of findings.json."""
    cell = {"row": row.row, "column": row.column, "value": row.value, "reason": row.reason}
    return {"table": row.table, "file": row.file, **_sheet(row.sheet), **cell}


def _sheet(sheet: str | None) -> dict[str, str]:
    """A row of a workbook is not found without its sheet; other files have none, and no such key."""
    return {} if sheet is None else {"sheet": sheet}


def _summary(result: CheckResult) -> dict[str, Any]:
    """Counts of findings that are not waived; every office and college is named, also with zeros."""
    findings = [finding for finding in result.findings if finding.state != "waived"]
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
