"""Can a rule be judged on this snapshot at all? What is not there is said; it is never counted as passed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from checks.reasons import (
    ColumnsLeftOut,
    ColumnsTakenAsBlank,
    Gap,
    Missing,
    MissingColumns,
    MissingTable,
    NoEarlierSnapshot,
    NotCovered,
    NothingCovered,
    Obstacle,
    OutOfEffect,
    PartNotCompared,
    TakenAsNone,
    UnsetParameters,
)
from facts.model.computed import KINDS
from facts.model.coverage import Cover, Periods
from facts.model.schema import Shown, Source, columns
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES
from rules.rule import Rule


def obstacles(
    rule: Rule, snapshot: Snapshot, parameters: Mapping[str, Any], coverage: Mapping[str, Cover] = {}
) -> tuple[Obstacle, ...]:
    """Why the rule can't be judged: out of effect, a table or column missing, a parameter unset, or no time covered in
    which what it looks for could be found. Empty: it can. `coverage`: kind → of which time it speaks, once that is
    known."""
    effective = rule.file.effective
    if not in_effect(snapshot.as_of, effective.start, effective.end):
        return (OutOfEffect(),)
    # A parameter of a computed field that the pack doesn't speak of has the field's own default.
    unset = sorted(name for name in rule.parameters - rule.part_parameters if parameters.get(name, "") is None)
    if unset:
        return (UnsetParameters(tuple(unset)),)
    missing = (
        each
        for kind, field, optional in sorted(rule.judged)
        if not (optional and not is_given(kind, snapshot))
        for each in (*lacking(kind, field, snapshot), *_nothing_to_look_at(kind, field, snapshot, parameters))
    )
    silent = dict.fromkeys(NothingCovered(p.kind) for p in rule.positive if is_silent(p.kind, coverage))
    return (*tables_first(missing), *silent, *_no_part(rule, snapshot, parameters, coverage))


def is_silent(kind: str, coverage: Mapping[str, Cover]) -> bool:
    """Whether such facts can't be found, because no time is covered in which they could."""
    cover = coverage.get(kind)
    return isinstance(cover, Periods) and cover.needed and not cover.covered


def tables_first(missing: Iterable[Missing]) -> list[Missing]:
    """Each once; where tables are missing, these alone: their columns are a matter of course."""
    distinct = list(dict.fromkeys(missing))
    return [each for each in distinct if isinstance(each, MissingTable)] or distinct


def _no_part(
    rule: Rule, snapshot: Snapshot, parameters: Mapping[str, Any], coverage: Mapping[str, Cover]
) -> Iterator[Missing | NothingCovered]:
    """What keeps each part of a computed fact from being judged, where that is so of every part."""
    for kind in dict.fromkeys(pattern.kind for pattern in rule.patterns):
        parts = _parts(kind, snapshot, parameters, coverage)
        if all(nothing for nothing, _ in parts):
            yield from (missing for _, missing in parts if missing)


def gaps(
    rule: Rule, snapshot: Snapshot, parameters: Mapping[str, Any], coverage: Mapping[str, Cover] = {}
) -> Iterator[Gap]:
    """What a rule which can be judged goes without."""
    for kind, field, _ in sorted(rule.judged):
        if names := _left_out(kind, field, snapshot, parameters):
            yield ColumnsLeftOut(kind, names)
    without = [TakenAsNone(p.kind) for p in rule.negative if p.optional and not is_given(p.kind, snapshot)]
    blank: dict[str, list[str]] = {}
    for kind, field, optional in sorted(rule.judged):
        for table, column in _used(kind, field) if not (optional and not is_given(kind, snapshot)) else ():
            if table not in snapshot.tables:
                without.append(TakenAsNone(table))
            elif column not in snapshot.tables[table].fields:
                blank.setdefault(table, []).append(column)
    yield from dict.fromkeys(without)
    for table, absent in blank.items():
        yield ColumnsTakenAsBlank(table, tuple(dict.fromkeys(absent)))
    for kind in dict.fromkeys(p.kind for p in rule.patterns):
        yield from (PartNotCompared(missing) for _, missing in _parts(kind, snapshot, parameters, coverage) if missing)


def _used(kind: str, field: str) -> Iterator[tuple[str, str]]:
    """(table, column) that a field looks at where it is there; one that is not reads as missing."""
    if not field:
        return
    column = columns(KINDS[kind])[field]
    if kind in TABLES and column.lenient and not column.computed and column.default is None:
        yield kind, field
    for name in column.uses:
        table, _, used = name.rpartition(".")
        yield table or kind, used


def _parts(
    kind: str, snapshot: Snapshot, parameters: Mapping[str, Any], coverage: Mapping[str, Cover]
) -> list[tuple[bool, Missing | NothingCovered | None]]:
    """Of a computed fact made from several parts: for each, whether nothing of it can be judged, and what is missing
    (None: nothing is). Empty for a kind without parts."""
    if kind in TABLES:
        return []
    return [_part(source, snapshot, parameters, coverage) for source in KINDS[kind].about.sources if source.part]


def _part(
    source: Source, snapshot: Snapshot, parameters: Mapping[str, Any], coverage: Mapping[str, Cover]
) -> tuple[bool, Missing | NothingCovered | None]:
    table = snapshot.tables.get(source.table)
    if source.parameter and parameters.get(source.parameter) is None:
        return True, UnsetParameters((source.parameter,))
    if table is None:
        return True, MissingTable(source.table)
    covers = TABLES[source.table].about.covers
    shown = columns(TABLES[source.table])[covers.field].needs or () if isinstance(covers, Shown) else ()
    if shown and {*shown} <= {*source.columns} and is_silent(source.table, coverage):
        return True, NothingCovered(source.table)  # it looks for what such rows would show
    absent = [name for name in source.columns if name not in table.fields]
    nothing = bool(absent) or (bool(source.any_of) and not table.fields & set(source.any_of))
    absent += [name for name in source.any_of if name not in table.fields]
    return nothing, MissingColumns(source.table, tuple(absent)) if absent else None


def _left_out(kind: str, field: str, snapshot: Snapshot, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that a computed column should look at and the export lacks."""
    listed = columns(KINDS[kind])[field].looks_at if field else None
    if listed is None or kind not in snapshot.tables:
        return ()
    there = snapshot.tables[kind].fields
    return tuple(name for name in parameters[listed] or () if name not in there)


def is_excused(reasons: Iterable[Obstacle]) -> bool:
    """Whether these reasons for not checking a rule are no fault of the exports: it is not in effect, or an optional
    table is not there or covers nothing."""
    return all(_excuses(each) for each in reasons)


def _excuses(reason: Obstacle) -> bool:
    match reason:
        case OutOfEffect():
            return True
        case MissingTable(table, earlier):
            return not earlier and TABLES[table].about.optional
        case NothingCovered(kind) | NotCovered(kind):
            return any(TABLES[table].about.optional for table in tables_of(kind))
    return False


def in_effect(day: date, start: date | None, end: date | None) -> bool:
    """Both ends inclusive."""
    return (start is None or start <= day) and (end is None or day <= end)


def is_given(kind: str, snapshot: Snapshot) -> bool:
    """Whether a kind's table, or every table that it is computed from (of parts: any), is in the snapshot."""
    if kind in TABLES:
        return kind in snapshot.tables
    sources = KINDS[kind].about.sources
    whole = all(_is_source_given(source, snapshot) for source in sources if not source.part)
    parts = [_is_source_given(source, snapshot) for source in sources if source.part]
    return whole and (not parts or any(parts))


def _is_source_given(source: Source, snapshot: Snapshot) -> bool:
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


def _nothing_to_look_at(
    kind: str, field: str, snapshot: Snapshot, parameters: Mapping[str, Any]
) -> Iterator[MissingColumns]:
    """The columns left out, where they are all that a computed column should look at."""
    names = _left_out(kind, field, snapshot, parameters)
    if names and len(names) == len(parameters[columns(KINDS[kind])[field].looks_at or ""]):
        yield from (MissingColumns(kind, (name,)) for name in names)


def lacking(kind: str, field: str, snapshot: Snapshot) -> Iterator[Missing]:
    """What a kind needs, parts aside, and the snapshot lacks."""
    sources = () if kind in TABLES else KINDS[kind].about.sources
    for table, column in inputs(kind, field):
        if any(source.part and source.table == table for source in sources):
            continue
        # A lenient column is one that the rule itself reads; what is computed from it may need it all the same.
        if not (column and (kind, field) == (table, column) and columns(TABLES[table])[column].lenient):
            yield from _absent(table, column, snapshot, earlier=False)
    for source in sources:
        if source.earlier and snapshot.previous is None:
            yield NoEarlierSnapshot()
        elif source.earlier and snapshot.previous is not None:
            for column in ("", *source.columns):
                yield from _absent(source.table, column, snapshot.previous, earlier=True)


def _absent(table: str, column: str, snapshot: Snapshot, *, earlier: bool) -> Iterator[Missing]:
    if table not in snapshot.tables:
        yield MissingTable(table, earlier)
    elif column and column not in snapshot.tables[table].fields:
        yield MissingColumns(table, (column,), earlier)
