"""The list of runs that the history keeps, as text and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from checks.history.values import Figures, Run
from reports.wording.safe_text import plain_text
from reports.wording.text_table import table

SCHEMA = "xuejian.history/1"
_HEADS = (
    "编号", "月份", "校名", "数据截至", "规则包", "有结论的规则", "未结", "违规", "新", "再现", "已解决", "豁免",
    "数据",
)  # fmt: skip
_NUMBERS = frozenset({0, 6, 7, 8, 9, 10, 11})
_COUNTED = ("open", "error", "new", "back", "solved", "waived")


def history_text(runs: Sequence[Run]) -> str:
    """One line for each run, under the headings."""
    if not runs:
        return "还没有核查记录；xuejian report 每次运行都会记下一条。\n"
    return "\n".join(table([_HEADS, *(_line(run) for run in runs)], right=_NUMBERS)) + "\n"


def run_named(run: Run) -> str:
    """Which run is meant, for a person who is to agree that it goes."""
    institution = plain_text(run.institution) or "未写校名"
    return f"编号{run.id}（{run.month}，数据截至{run.as_of}，{institution}）的记录和各单位对它的答复"


def _line(run: Run) -> tuple[str, ...]:
    assert run.figures
    packs = "，".join(f"{name} {version}" for name, version in run.packs)
    concluded = sum(rule.concluded for rule in run.rules.values())
    return (
        str(run.id),
        run.month,
        plain_text(run.institution) or "—",
        run.as_of.isoformat(),
        packs,
        f"{concluded}/{len(run.rules)}",
        *("—" if (count := getattr(run.figures, name)) is None else str(count) for name in _COUNTED),
        run.snapshot_sha256[:12],
    )


def history_json(runs: Sequence[Run]) -> str:
    document = {"schema": SCHEMA, "runs": [as_record(run) for run in runs]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_record(run: Run) -> dict[str, Any]:
    """A run without its findings, for JSON; what a run never had is None (a findings.json names no month)."""
    figures: Figures | None = run.figures
    return {
        "id": run.id,
        "month": run.month or None,
        "institution": run.institution or None,
        "as_of": run.as_of.isoformat(),
        "ran_at": run.ran_at or None,
        "tool_version": run.tool_version or None,
        "revision": run.revision,
        "packs": [{"id": name, "version": version} for name, version in run.packs],
        "snapshot_sha256": run.snapshot_sha256,
        "rules": {name: rule.status for name, rule in sorted(run.rules.items())},
        "figures": asdict(figures) if figures else None,
    }
