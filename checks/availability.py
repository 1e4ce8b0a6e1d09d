"""Can a rule be judged on this snapshot at all? What is not there is said; it is never counted as passed."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from facts.computed import KINDS
from facts.schema import columns
from facts.snapshot import Snapshot
from facts.tables import TABLES
from rules.rule import Rule


def obstacle(rule: Rule, snapshot: Snapshot, parameters: Mapping[str, Any]) -> str | None:
    """Why the rule can't be judged: out of effect, a table or column missing, a parameter unset. None: it can."""
    effective = rule.file.effective
    if not in_effect(snapshot.as_of, effective.start, effective.end):
        return "不在规则的有效期内"
    # A parameter of a computed field that the pack doesn't speak of has the field's own default.
    unset = sorted(name for name in rule.parameters if parameters.get(name, "") is None)
    if unset:
        return f"参数未设置：{'、'.join(unset)}"
    lacking = dict.fromkeys(
        said
        for kind, field, optional in sorted(rule.judged)
        if not (optional and not given(kind, snapshot))
        for said in _lacking(kind, field, snapshot)
    )
    tables = [said for said in lacking if said.startswith("缺少表")]
    return "；".join(tables or lacking) or None


def in_effect(day: date, start: date | None, end: date | None) -> bool:
    """Both ends inclusive."""
    return (start is None or start <= day) and (end is None or day <= end)


def given(kind: str, snapshot: Snapshot) -> bool:
    """Whether a kind's table, or every table that it is computed from, is in the snapshot."""
    return all(table in snapshot.tables for table in tables_of(kind))


def tables_of(kind: str) -> tuple[str, ...]:
    """The tables that a kind is, or is computed from."""
    return (kind,) if kind in TABLES else tuple(source.table for source in KINDS[kind].about.sources)


def inputs(kind: str, field: str = "") -> Iterator[tuple[str, str]]:
    """(table, column) of everything that a field of a kind comes from; column "" is the table itself."""
    if kind not in TABLES:
        for source in KINDS[kind].about.sources:
            yield source.table, ""
            yield from ((source.table, column) for column in source.columns)
        for need in (columns(KINDS[kind])[field].needs if field else None) or ():
            table, _, column = need.rpartition(".")
            yield table, column
        return
    yield kind, ""
    needs = columns(TABLES[kind])[field].needs if field else ()
    if field and needs is None:
        yield kind, field
    for need in needs or ():
        table, _, column = need.rpartition(".")
        if table:
            yield table, ""
        yield table or kind, column


def _lacking(kind: str, field: str, snapshot: Snapshot) -> Iterator[str]:
    for table, column in inputs(kind, field):
        heading = TABLES[table].about.heading
        if table not in snapshot.tables:
            yield f"缺少表 {heading}"
        elif column and not columns(TABLES[table])[column].lenient and column not in snapshot.tables[table].given:
            yield f"缺少列 {heading}.{columns(TABLES[table])[column].heading}"
