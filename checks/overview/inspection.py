"""An export looked into, as reports know it: values masked, rows accounted for, and the rules that can't run on it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checks.availability import obstacles
from checks.findings import masking
from checks.overview.accounts import Accounts, accounts
from checks.reasons import MissingTable, NoEarlierSnapshot, Obstacle
from facts.model.codelists import standard
from facts.model.inspection import ColumnSeen, Inspection, SheetSeen
from facts.model.refusal import DataError
from facts.model.schema import Column, columns
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES
from facts.model.values import parse_code_text
from facts.model.vocabulary import readable
from facts.reading.inspection import inspect
from facts.reading.load import load_snapshot
from facts.reading.mapping import Sources
from facts.reading.notes import SnapshotNotes, read_notes
from facts.reading.previous import with_previous
from facts.reading.written_rows import snapshot_from_rows
from rules.pack import Pack

if TYPE_CHECKING:
    from sqlalchemy import URL

_SHOWN = 24  # characters of a value


@dataclass(frozen=True)
class Unavailable:
    """A rule that can't be judged on this export, and why."""

    rule: str
    title: str
    reason: str


@dataclass(frozen=True)
class Unread:
    """A table, or with none the earlier snapshot, that is there and can't be read yet."""

    table: str | None = None

    def __str__(self) -> str:
        return f"“{TABLES[self.table].about.heading}”还读不了" if self.table else "更早的快照还读不了"


UNREAD_EARLIER = Unread()


@dataclass(frozen=True)
class Inspected:
    inspection: Inspection
    accounts: Accounts | None
    """None where it can't be read as a snapshot (`Inspection.trouble`, `SheetSeen.trouble`)."""
    rules: int
    unavailable: tuple[Unavailable, ...]
    absent: tuple[str, ...]
    """Headings of the tables that are not there."""
    headings: Mapping[str, str]
    """`student` → 在校生, `student.status` → 在校状态."""
    required: frozenset[str]
    """`student.status`, …: what a row must have."""
    settings: str
    """What the file is called in which the school says what its exports are."""


def inspected(
    path: Path | None,
    packs: Sequence[Pack],
    as_of: date | None = None,
    *,
    notes: SnapshotNotes | None = None,
    sources: Sources | None = None,
    previous: Path | None = None,
    progress: Callable[[str], None] | None = None,
    database: "URL | None" = None,
) -> Inspected:
    """Looks into the export, a folder, a database or both, and tries to read it. Raises DataError only where the folder
    or an archive can't be opened.

    Where it can't be read yet, the rules are told by the headings alone; without a day none can be told.
    """
    notes, sources = notes or read_notes(path), sources if sources is not None else Sources()
    inspection, loaded = inspect(path, as_of, sources, database=database, notes=notes), None
    try:
        loaded = load_snapshot(path, as_of, notes=notes, sources=sources, progress=progress, database=database)
    except DataError as error:
        if not inspection.trouble and not any(sheet.trouble for sheet in inspection.sheets):
            inspection = replace(inspection, trouble=str(error))
    if loaded is not None:
        inspection = replace(
            inspection, unknown={kind: table.unknown for kind, table in loaded.tables.items() if table.unknown}
        )
    unread = set(map(Unread, inspection.unread))
    known = loaded or (_by_headings(inspection, inspection.as_of) if inspection.as_of else None)
    if known is not None:
        try:
            known = with_previous(known, path, previous, notes=notes, sources=sources)
            if loaded is not None:  # the earlier snapshot's folder is no stranger
                inspection = replace(
                    inspection, ignored=tuple(name for name in inspection.ignored if name in known.ignored)
                )
        except DataError as error:
            inspection = replace(inspection, trouble=inspection.trouble or str(error))
            unread.add(UNREAD_EARLIER)
    rules = [(rule, pack) for pack in packs for rule in pack.rules]
    stopped = [
        Unavailable(rule.id, rule.file.title, "；".join(map(str, _as_unread(stopping, unread))))
        for rule, pack in rules
        if known is not None and inspection.whole and (stopping := obstacles(rule, known, pack.parameters))
    ]
    fields = {f"{kind}.{name}": each for kind, model in TABLES.items() for name, each in readable(model).items()}
    return Inspected(
        replace(inspection, sheets=tuple(_masked(sheet, inspection) for sheet in inspection.sheets)),
        accounts(loaded) if loaded else None,
        len(rules),
        tuple(stopped),
        tuple(
            model.about.heading
            for kind, model in TABLES.items()
            if kind not in inspection.fields and kind not in inspection.unread and inspection.whole
        ),
        {kind: model.about.heading for kind, model in TABLES.items()}
        | {name: column.heading for name, column in fields.items()},
        frozenset(name for name, column in fields.items() if column.required),
        sources.file,
    )


def _as_unread(stopping: Iterable[Obstacle], unread: Collection[Unread]) -> Iterator[Obstacle | Unread]:
    """The obstacles, in which what is there and can't be read yet is not said to be missing."""
    for each in stopping:
        match each:
            case MissingTable(table, False) if Unread(table) in unread:
                yield Unread(table)
            case NoEarlierSnapshot() if UNREAD_EARLIER in unread:
                yield UNREAD_EARLIER
            case _:
                yield each


def _by_headings(inspection: Inspection, day: date) -> Snapshot:
    """A snapshot without rows that has the tables and columns that were seen."""
    empty = snapshot_from_rows({}, day, empty=list(inspection.fields))
    tables = {kind: replace(table, fields=inspection.fields[kind]) for kind, table in empty.tables.items()}
    return replace(empty, tables=tables)


def _masked(sheet: SheetSeen, inspection: Inspection) -> SheetSeen:
    if not any(column.field or column.likely for column in sheet.columns):
        return replace(sheet, columns=())  # what was taken for headings may be the first student
    kind = sheet.table or sheet.likely
    fields = columns(TABLES[kind]) if kind else {}
    words = {each.text for each in inspection.unknown.get(kind or "", ())}
    return replace(sheet, columns=tuple(_without_secrets(column, fields, kind, words) for column in sheet.columns))


def _without_secrets(
    column: ColumnSeen, fields: Mapping[str, Column], kind: str | None, words: Collection[str]
) -> ColumnSeen:
    """Of a column that is a field: its values, masked; of any other, which may hold anything: only their shape. What
    stands in the column of a code and is none, `words` aside, may be a name in a row that has shifted."""
    field = fields.get(column.field or "")
    if field is None:
        column = replace(column, heading=masking.stranger(column.heading, named=False))
        shown = [_shape(text) for text in column.first]
    elif field.secret:
        shown = [masking.GIVEN for _ in column.first]
    elif field.personal:
        shown = [masking.mask(field, text) for text in column.first]
    elif field.codes and kind:
        known = {*field.codes, *words, *standard(kind, field, [parse_code_text(text) for text in column.first])}
        shown = [masking.stranger(text, named=parse_code_text(text) not in known) for text in column.first]
    else:
        shown = [masking.stranger(text, named=False) for text in column.first]
    return replace(column, first=tuple(dict.fromkeys(text[:_SHOWN] for text in shown)))


def _shape(text: str) -> str:
    """Digits as 9, letters as A, other characters of words as 字: 2026-09-01 is 9999-99-99."""
    return "".join(
        "9" if c.isdigit() else "A" if c.isascii() and c.isalpha() else "字" if c.isalnum() else c
        for c in text[:_SHOWN]
    )
