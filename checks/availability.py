"""Can a rule be judged on this snapshot at all? What is not there is said; it is never counted as passed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from facts.model.computed import KINDS
from facts.model.schema import Source, columns
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES
from rules.rule import Rule

NO_EARLIER = "没有给出更早的快照（--previous）"


def obstacle(rule: Rule, snapshot: Snapshot, parameters: Mapping[str, Any]) -> str | None:
    """Why the rule can't be judged: out of effect, a table or column missing, a parameter unset. None: it can."""
    effective = rule.file.effective
    if not in_effect(snapshot.as_of, effective.start, effective.end):
        return "不在规则的有效期内"
    # A parameter of a computed field that the pack doesn't speak of has the field's own default.
    unset = sorted(name for name in rule.parameters - rule.part_parameters if parameters.get(name, "") is None)
    if unset:
        return _unset(unset)
    lost = dict.fromkeys(
        said
        for kind, field, optional in sorted(rule.judged)
        if not (optional and not given(kind, snapshot))
        for said in (*lacking(kind, field, snapshot), *_nothing_to_look_at(kind, field, snapshot, parameters))
    )
    tables = [said for said in lost if said.startswith("缺少表")]
    return "；".join([*(tables or lost), *_no_part(rule, snapshot, parameters)]) or None


def _no_part(rule: Rule, snapshot: Snapshot, parameters: Mapping[str, Any]) -> Iterator[str]:
    """What keeps each part of a computed fact from being judged, where that is so of every part."""
    for kind in dict.fromkeys(pattern.kind for pattern in rule.patterns):
        gaps = part_gaps(kind, snapshot, parameters)
        if all(nothing for nothing, _ in gaps):
            yield from (said for _, said in gaps if said)


def part_gaps(kind: str, snapshot: Snapshot, parameters: Mapping[str, Any]) -> list[tuple[bool, str | None]]:
    """Of a computed fact made from several parts: for each, whether nothing of it can be judged, and what is missing
    (None: nothing is). Empty for a kind without parts."""
    if kind in TABLES:
        return []
    return [_gap(source, snapshot, parameters) for source in KINDS[kind].about.sources if source.part]


def _gap(source: Source, snapshot: Snapshot, parameters: Mapping[str, Any]) -> tuple[bool, str | None]:
    table, named = snapshot.tables.get(source.table), columns(TABLES[source.table])
    if source.parameter and parameters.get(source.parameter) is None:
        return True, _unset([source.parameter])
    if table is None:
        return True, f"缺少表 {TABLES[source.table].about.heading}"
    lost = [name for name in source.columns if name not in table.fields]
    nothing = bool(lost) or (bool(source.any_of) and not table.fields & set(source.any_of))
    lost += [name for name in source.any_of if name not in table.fields]
    said = "、".join(named[name].heading for name in lost)
    return nothing, f"缺少列 {TABLES[source.table].about.heading}.{said}" if lost else None


def _unset(names: Iterable[str]) -> str:
    return f"参数未设置：{'、'.join(names)}"


def left_out(kind: str, field: str, snapshot: Snapshot, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Headings of the columns that a computed column should look at and the export lacks."""
    listed = columns(KINDS[kind])[field].looks_at if field else None
    if listed is None or kind not in snapshot.tables:
        return ()
    there = snapshot.tables[kind].fields
    return tuple(columns(KINDS[kind])[name].heading for name in parameters[listed] or () if name not in there)


def in_effect(day: date, start: date | None, end: date | None) -> bool:
    """Both ends inclusive."""
    return (start is None or start <= day) and (end is None or day <= end)


def given(kind: str, snapshot: Snapshot) -> bool:
    """Whether a kind's table, or every table that it is computed from (of parts: any), is in the snapshot."""
    if kind in TABLES:
        return kind in snapshot.tables
    sources = KINDS[kind].about.sources
    whole = all(_source_given(source, snapshot) for source in sources if not source.part)
    parts = [_source_given(source, snapshot) for source in sources if source.part]
    return whole and (not parts or any(parts))


def _source_given(source: Source, snapshot: Snapshot) -> bool:
    read = snapshot.previous if source.earlier else snapshot
    return read is not None and source.table in read.tables


def tables_of(kind: str) -> tuple[str, ...]:
    """The tables that a kind is, or is computed from, each once."""
    return (kind,) if kind in TABLES else tuple(dict.fromkeys(source.table for source in KINDS[kind].about.sources))


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


def _nothing_to_look_at(kind: str, field: str, snapshot: Snapshot, parameters: Mapping[str, Any]) -> Iterator[str]:
    """The columns left out, where they are all that a computed column should look at."""
    lacking = left_out(kind, field, snapshot, parameters)
    if lacking and len(lacking) == len(parameters[columns(KINDS[kind])[field].looks_at or ""]):
        yield from (f"缺少列 {TABLES[kind].about.heading}.{heading}" for heading in lacking)


def lacking(kind: str, field: str, snapshot: Snapshot) -> Iterator[str]:
    """What a kind needs, parts aside, and the snapshot lacks."""
    sources = () if kind in TABLES else KINDS[kind].about.sources
    for table, column in inputs(kind, field):
        if any(source.part and source.table == table for source in sources):
            continue
        yield from _absent(table, column, snapshot, "")
    for source in sources:
        if source.earlier and snapshot.previous is None:
            yield NO_EARLIER
        elif source.earlier and snapshot.previous is not None:
            for column in ("", *source.columns):
                yield from _absent(source.table, column, snapshot.previous, "更早快照的")


def _absent(table: str, column: str, snapshot: Snapshot, whose: str) -> Iterator[str]:
    heading = TABLES[table].about.heading
    if table not in snapshot.tables:
        yield f"缺少表 {whose}{heading}"
    elif column and not columns(TABLES[table])[column].lenient and column not in snapshot.tables[table].fields:
        yield f"缺少列 {whose}{heading}.{columns(TABLES[table])[column].heading}"
