"""Two checks side by side, as text and as JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from checks.history.diff import Difference
from checks.history.values import Gone, KeptFinding, Run
from reports.console.history import as_record
from reports.wording.dates import with_chinese_dates
from reports.wording.text_table import table
from reports.wording.words import OUTCOME, SEVERITY, STATE

SCHEMA = "xuejian.diff/1"


def difference_text(difference: Difference, old: str, new: str) -> str:
    """One line for each finding that appeared or went away; those that are still open are only counted.

    `old` and `new`: the two checks as the person named them.
    """
    solved = sum(gone.outcome == "solved" for gone in difference.gone)
    lines = [
        f"{_named(old, difference.old)} → {_named(new, difference.new)}",
        f"新{len(difference.appeared)}项，再现{len(difference.back)}项，未结{len(difference.open)}项，"
        f"已解决{solved}项，其他消失的{len(difference.gone) - solved}项"
        + (f"；另有{len(difference.waived)}项已豁免，不计入" if difference.waived else ""),
        *(f"说明：{with_chinese_dates(note.text)}" for note in difference.notes),
    ]
    rows = [*_rows("新", difference.appeared), *_rows("再现", difference.back)]
    rows += _rows(
        STATE["waived"].word,
        [finding for finding in difference.waived if finding.fingerprint not in difference.old.findings],
    )
    rows += [(OUTCOME[gone.outcome].word, *_cells(gone.finding)) for gone in difference.gone]
    return "\n".join([*lines, *([""] if rows else []), *table(rows)] if rows else lines) + "\n"


def _named(name: str, run: Run) -> str:
    return f"{name}（数据截至{with_chinese_dates(run.as_of.isoformat())}）"


def _rows(word: str, findings: Sequence[KeptFinding]) -> Iterator[tuple[str, ...]]:
    yield from ((word, *_cells(finding)) for finding in findings)


def _cells(finding: KeptFinding) -> tuple[str, ...]:
    return finding.rule, SEVERITY[finding.severity].word, finding.owner, finding.college or "—", finding.fingerprint


def difference_json(difference: Difference, old: str, new: str) -> str:
    """The same as JSON text, with every finding that is still open."""
    document = {
        "schema": SCHEMA,
        "old": {"given": old, **as_record(difference.old)},
        "new": {"given": new, **as_record(difference.new)},
        "notes": [{"code": note.code, "text": note.text} for note in difference.notes],
        "appeared": [_record(finding) for finding in difference.appeared],
        "back": [_record(finding) for finding in difference.back],
        "open": [_record(finding) for finding in difference.open],
        "waived": [_record(finding) for finding in difference.waived],
        "solved": [_record(gone.finding) for gone in difference.gone if gone.outcome == "solved"],
        "gone": [_gone(gone) for gone in difference.gone if gone.outcome != "solved"],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _record(finding: KeptFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "owner": finding.owner,
        "college": finding.college,
        "fingerprint": finding.fingerprint,
    }


def _gone(gone: Gone) -> dict[str, Any]:
    return {**_record(gone.finding), "outcome": gone.outcome}
