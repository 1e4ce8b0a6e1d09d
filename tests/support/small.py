"""A small pack and a small snapshot, as much of both as one statement needs."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from checks.engine.columns import Columns
from checks.results import CheckResult, RuleResult
from checks.run import Options, check
from facts.derive import shape
from facts.model.computed import KINDS
from facts.model.frames import empty_frame
from facts.model.snapshot import Snapshot
from facts.reading.load import load_snapshot, snapshot_from_rows
from rules.pack import Pack, load_pack

AS_OF = date(2026, 11, 25)
SECRET = bytes(range(32))


def rule(number: str, per: Sequence[str], *when: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """A rule file's data. `when`: its patterns; `more`: what else the file says."""
    facts: dict[str, Any] = {"name": "例", "as_of": AS_OF, "facts": {}}
    field = per[0].partition(".")[2]
    return {
        "id": number, "title": f"规则 {number}", "title_en": f"Rule {number}", "clause": "四-2",
        "severity": "error",
        "owner": "教务处", "per": list(per), "when": [dict(line) for line in when], "message": "有问题",
        "remedy": "改正",
        "examples": [{**facts, "finds": []}, {**facts, "finds": [{field: "1"}]}],
    } | more  # fmt: skip


def pack(
    folder: Path, *rules: Mapping[str, Any], parameters: Mapping[str, Any] | None = None, name: str = "small"
) -> Pack:
    """The pack with these rules, written to a folder and read back."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "id": name, "title": "小", "version": "1", "regulation": "办法", "parameters": dict(parameters or {}),
        "clauses": [{"id": "四-2", "text": "学生按照学校规定缴纳学费"}], "procedures": [],
    }  # fmt: skip
    for stem, data in (("pack", about), *((each["id"], each) for each in rules)):
        (folder / f"{stem}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return load_pack(folder)


def exported(folder: Path, as_of: date = AS_OF, **tables: str) -> Snapshot:
    """The snapshot of csv files, each named after its table."""
    folder.mkdir(exist_ok=True)
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return load_snapshot(folder, as_of)


def rows(as_of: date = AS_OF, **tables: Sequence[Mapping[str, object]]) -> Snapshot:
    """The snapshot in which the tables hold just these rows."""
    return snapshot_from_rows(tables, as_of)


def judged(snapshot: Snapshot, pack: Pack | Sequence[Pack], **options: Any) -> CheckResult:
    return check(snapshot, pack, SECRET, Options(**{"jobs": 1, **options}))


def keys(result: CheckResult, number: str | None = None) -> list[dict[str, str]]:
    """The keys of the findings, of one rule or of all, in order."""
    return [dict(f.key) for f in result.findings if number in (None, f.rule)]


def outcome(result: CheckResult, number: str) -> RuleResult:
    (found,) = [each for each in result.rules if each.id == number]
    return found


def kinds(**tables: list[dict[str, Any]]) -> dict[str, Columns]:
    """The columns of facts with just these fields, without masking or derivation; each id_number is somebody's."""
    result = {}
    for kind, given in tables.items():
        known = "identity" in KINDS[kind].model_fields
        rows = [{**row, "identity": row.get("id_number")} if known else row for row in given]
        names = dict.fromkeys(name for row in rows for name in row)
        cells = {name: [row.get(name) for row in rows] for name in names}
        result[kind] = Columns(shape.frame(KINDS[kind], **cells) if rows else empty_frame(KINDS[kind]))
    return result
