"""Runs as rows of the store, and back."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from checks.history.schema import FINDING, MARK, META, PACK, PARTS, RULE, RUN, UNREAD
from checks.history.values import Figures, KeptFinding, Run, Sighting
from checks.results import MarkCount, RuleOutcome

_KEY = "key"
_AT_ONCE = 500
_OF_RULE = ("id", "title", "severity", "status", "considered", "findings", "definition")
_FIGURES = ("open", "error", "people", "waived", "new", "back", "solved")


def runs(connection: Connection) -> tuple[Run, ...]:
    """Every run with its packs and rules, without findings and marks; by institution, pack and month."""
    packs = _by_run(connection, PACK, PACK.c.id)
    rules = _by_run(connection, RULE, RULE.c.id)
    ordered = select(RUN).order_by(RUN.c.institution, RUN.c.pack, RUN.c.month)
    return tuple(_run(row, packs.get(row.id, []), rules.get(row.id, [])) for row in connection.execute(ordered))


def whole(connection: Connection, run: Run) -> Run:
    """The run with everything that is kept of it."""
    findings = connection.execute(select(FINDING).where(FINDING.c.run == run.id).order_by(FINDING.c.fingerprint))
    unread: dict[str, set[str]] = {}
    for row in connection.execute(select(UNREAD).where(UNREAD.c.run == run.id)):
        unread.setdefault(row.tab, set()).add(row.person)
    marks = connection.execute(
        select(MARK).where(MARK.c.run == run.id).order_by(MARK.c.office, MARK.c.college, MARK.c.month)
    )
    return replace(
        run,
        findings={row.fingerprint: KeptFinding(*row[1:]) for row in findings},
        unread={table: frozenset(people) for table, people in unread.items()},
        marks=tuple(MarkCount(row.office, row.college or None, row.month, row.due, row.on_time) for row in marks),
    )


def sightings(connection: Connection, of: Sequence[Run]) -> dict[str, Sighting]:
    """When each finding of these runs was found first and last."""
    months = {run.id: run for run in of}
    as_of = {run.month: run.as_of for run in of}
    joined = (
        select(FINDING.c.fingerprint, func.min(RUN.c.month), func.max(RUN.c.month))
        .join(RUN, RUN.c.id == FINDING.c.run)
        .where(RUN.c.id.in_(list(months)))
        .group_by(FINDING.c.fingerprint)
    )
    return {name: Sighting(as_of[first], last) for name, first, last in connection.execute(joined)}


def keep(connection: Connection, run: Run, digest: str) -> None:
    assert run.figures
    row = {
        "institution": run.institution,
        "pack": run.pack,
        "month": run.month,
        "as_of": run.as_of,
        "ran_at": run.ran_at,
        "tool_version": run.tool_version,
        "snapshot_sha256": run.snapshot_sha256,
        "key_check": run.key_check,
        "digest": digest,
        "revision": run.revision,
        "turn": run.turn,
        "since": run.since,
        **{name: getattr(run.figures, name) for name in _FIGURES},
    }
    number = connection.execute(RUN.insert().values(row)).inserted_primary_key
    assert number
    parts: Mapping[Table, Iterable[dict[str, Any]]] = {
        PACK: ({"id": name, "version": version} for name, version in run.packs),
        RULE: (_rule_row(rule) for rule in run.rules.values()),
        FINDING: (vars(finding) for finding in run.findings.values()),
        UNREAD: ({"tab": table, "person": each} for table, people in run.unread.items() for each in sorted(people)),
        MARK: ({**vars(mark), "college": mark.college or ""} for mark in run.marks),
    }
    for table, values in parts.items():
        _insert(connection, table, ({"run": number[0], **each} for each in values))


def forget(connection: Connection, run: Run) -> None:
    for table in PARTS:
        connection.execute(table.delete().where(table.c.run == run.id))
    connection.execute(RUN.delete().where(RUN.c.id == run.id))


def digest(connection: Connection, run: Run) -> str:
    return str(connection.execute(select(RUN.c.digest).where(RUN.c.id == run.id)).scalar_one())


def key_check(connection: Connection) -> str | None:
    """The check value of the key that fingerprints are made with; none before the first run."""
    found: str | None = connection.execute(select(META.c.value).where(META.c.name == _KEY)).scalar()
    return found


def keep_key(connection: Connection, value: str) -> None:
    connection.execute(META.delete().where(META.c.name == _KEY))
    connection.execute(META.insert().values(name=_KEY, value=value))


def _run(row: Row[Any], packs: Sequence[Row[Any]], rules: Sequence[Row[Any]]) -> Run:
    return Run(
        institution=row.institution,
        month=row.month,
        as_of=row.as_of,
        snapshot_sha256=row.snapshot_sha256,
        packs=tuple(sorted(((pack.id, pack.version) for pack in packs), key=lambda pack: (pack[0] != row.pack, pack))),
        key_check=row.key_check,
        rules={rule.id: _rule(rule) for rule in rules},
        figures=Figures(**{name: getattr(row, name) for name in _FIGURES}),
        id=row.id,
        ran_at=row.ran_at,
        tool_version=row.tool_version,
        revision=row.revision,
        turn=row.turn,
        since=row.since,
    )


def _rule(row: Row[Any]) -> RuleOutcome:
    return RuleOutcome(
        **{name: getattr(row, name) for name in _OF_RULE},
        parameters=json.loads(row.parameters),
        tables=tuple(json.loads(row.tables)),
        gaps=None if row.gaps is None else tuple(json.loads(row.gaps)),
    )


def _rule_row(rule: RuleOutcome) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in _OF_RULE} | {
        name: json.dumps(getattr(rule, name), ensure_ascii=False) for name in ("parameters", "tables", "gaps")
    }


def _by_run(connection: Connection, table: Table, order: Any) -> dict[int, list[Row[Any]]]:
    result: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(select(table).order_by(table.c.run, order)):
        result.setdefault(row.run, []).append(row)
    return result


def _insert(connection: Connection, table: Table, values: Iterator[dict[str, Any]]) -> None:
    """Some hundred rows at a time, so that what waits to be written stays small."""
    while some := list(islice(values, _AT_ONCE)):
        connection.execute(table.insert(), some)
