"""What is seen of one sheet before anything is checked: which table it is, and which field each column."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from facts.model.inspection import ColumnSeen, SheetSeen, Suggestion
from facts.model.refusal import DataError
from facts.model.schema import ColumnType, Fact
from facts.model.snapshot import SourceFile
from facts.model.tables import TABLES
from facts.model.vocabulary import KnownBy, normal, perhaps, readable, word, words
from facts.reading.heading_row import fields_in, heading_of
from facts.reading.headings import Match, match, near
from facts.reading.mapping import UNSAID, SourceMapping
from facts.reading.shape import Shaped, shaped, with_names
from facts.reading.suggest import suggestions
from facts.sources.cells import Heading, Sheet, Source

_CLEARLY = 2  # fields more
_FIRST = 3  # values shown of a column
_LOOKED_AT = 1000  # characters of a cell that are looked at


def known_sheet(
    source: Source, form: str, kind: str, why: str, mapping: SourceMapping, blocks: Sequence[SourceMapping]
) -> SheetSeen:
    """A sheet that is read as the table `kind`; `blocks`: what is said of that table. Raises DataError."""
    model = TABLES[kind]
    heading = heading_of(source, model, mapping)
    sheet, trouble = source.below(heading), ""
    shape, suggested = Shaped(sheet, mapping, {}), tuple[Suggestion, ...]()
    try:
        shape = shaped(model, sheet, with_names(model, source, heading, mapping))
        found = match(model, shape.sheet, shape.mapping, shape.means)
        suggested = suggestions(model, source, heading, found, shape.mapping)
    except DataError as error:
        found, trouble = _match_alone(model, sheet), str(error)
    columns, lacking = _columns(model, sheet, found, shape, _first(source, sheet, heading))
    constants, offered = tuple(shape.mapping.constants), _offered(model, source.file, lacking)
    block = next((at for at, each in enumerate(blocks) if each is mapping), None)
    instead = None
    missing = [name for name in lacking if readable(model)[name].required and name not in offered]
    if missing and not mapping.placed:
        instead = _fits_better(source, kind, len(found.fields))
    return SheetSeen(
        source.file, form, kind, why, None, heading.row, columns, lacking, constants, offered, block, trouble,
        suggested, instead,
    )  # fmt: skip


def _fits_better(source: Source, but: str, known_there: int) -> str | None:
    """The table of which all that a row must have is among the headings, and clearly more than of the one that its name
    says; of several the one with the most fields. Two tables may share what both must have (学号, 学期)."""
    found: dict[str, int] = {}
    for kind, model in TABLES.items():
        texts = heading_of(source, model).texts
        fields = {known.field for text in texts if (known := word(model, text)) is not None}
        more = kind != but and len(fields) >= known_there + _CLEARLY
        if more and all(name in fields for name, column in readable(model).items() if column.required):
            found[kind] = len(fields)
    return max(found, key=lambda kind: found[kind]) if found else None


def unknown_sheet(source: Source, form: str) -> SheetSeen:
    """A sheet that nothing names: the table whose headings it has most of, as a suggestion. Raises DataError."""
    best, most = None, 1
    for kind, model in TABLES.items():
        texts = heading_of(source, model).texts
        required = [name for name, column in readable(model).items() if column.required]
        parts = (part for text in texts for part in (text, text.rpartition("/")[2]))
        found = {known.field for part in parts if (known := words(model).get(normal(part))) is not None}
        if 2 * sum(name in found for name in required) >= len(required) and (score := fields_in(texts, model)) > most:
            best, most = kind, score
    if best is None:
        return SheetSeen(source.file, form, why="名称不是表名，标题也不像哪张表")
    heading = heading_of(source, TABLES[best])
    sheet = source.below(heading)
    found_columns = _match_alone(TABLES[best], sheet)
    columns, lacking = _columns(
        TABLES[best], sheet, found_columns, Shaped(sheet, UNSAID, {}), _first(source, sheet, heading)
    )
    why = f"名称不是表名；标题里有 {most} 个是“{TABLES[best].about.heading}”的"
    suggested = suggestions(TABLES[best], source, heading, found_columns, UNSAID)
    return SheetSeen(source.file, form, None, why, best, heading.row, columns, lacking, suggestions=suggested)


def _match_alone(model: type[Fact], sheet: Sheet) -> Match:
    """Which columns are fields as far as the headings alone tell; where several are the same one, none of them is."""
    with suppress(DataError):
        return match(model, sheet)
    known = {at: meant for at, text in enumerate(sheet.headings) if (meant := word(model, text))}
    names = [meant.field for meant in known.values()]
    once = {at: meant for at, meant in known.items() if names.count(meant.field) == 1}
    extra = tuple(at for at in range(len(sheet.headings)) if at not in once)
    return Match(
        {meant.field: at for at, meant in once.items()}, extra, {meant.field: meant.known_by for meant in once.values()}
    )


def _offered(model: type[Fact], file: SourceFile, lacking: Sequence[str]) -> Mapping[str, str]:
    """What the name of a file or a sheet says of all its rows: 学信网.dbf holds what 学信网 holds."""
    found: dict[str, str] = {}
    for name in lacking:
        column, called = readable(model)[name], normal(file.path + (file.sheet or ""))
        if column.required and column.type is ColumnType.CODE:
            named = [code for code in column.codes if normal(code) in called]
            found |= {name: named[0]} if len(named) == 1 else {}
    return found


def _first(source: Source, sheet: Sheet, heading: Heading) -> Mapping[int, tuple[str, ...]]:
    """By position: the first values that stand below the headings."""
    top = source.top()
    if not top.certain:
        rows = top.rows[max(heading.row - top.first + 1, 0) :]
        columns = [[row[at] for row in rows if at < len(row)] for at in range(len(sheet.headings))]
    else:
        read = sheet.read(tuple(range(len(sheet.headings)))).columns
        columns = [read[at].distinct[:_FIRST].to_pylist() for at in range(len(sheet.headings))]
    texts = ((text[:_LOOKED_AT].strip() for text in column if text and text.strip()) for column in columns)
    return {at: tuple(dict.fromkeys(column))[:_FIRST] for at, column in enumerate(texts)}


def _columns(
    model: type[Fact], sheet: Sheet, found: Match, shape: Shaped, first: Mapping[int, tuple[str, ...]]
) -> tuple[tuple[ColumnSeen, ...], tuple[str, ...]]:
    """The columns, but those that have no heading and no first values, and the fields that none is."""
    mapping, made = shape.mapping, {at: name for at, name in shape.means.items() if name}
    by_position = {position: name for name, position in found.fields.items()} | made
    settled = {*found.fields, *mapping.columns, *mapping.constants}
    lacking = tuple(name for name in readable(model) if name not in found.fields)
    meant = {at: known.field for at in found.extra if (known := word(model, sheet.headings[at]))}
    also = {at: name for at, name in meant.items() if name in found.fields}
    likely = _likely(model, [name for name in lacking if name not in settled], sheet.headings, found.extra)
    columns = tuple(
        ColumnSeen(at, text, name, _known_by(at, name, found, made), likely.get(at), first.get(at, ()), also.get(at))
        for at, text in enumerate(sheet.headings)
        for name in (by_position.get(at),)
        if text or first.get(at)
    )
    return columns, tuple(name for name in lacking if name not in mapping.constants)


def _known_by(at: int, name: str | None, found: Match, made: Mapping[int, str]) -> KnownBy | None:
    return KnownBy.MAPPING if at in made else found.known_by.get(name or "")


def _likely(
    model: type[Fact], lacking: Sequence[str], headings: Sequence[str], extra: Sequence[int]
) -> Mapping[int, str]:
    """Position → the field that is lacking and that its heading may mean, or whose names it is near to; a field and a
    column once each."""
    free = {headings[at]: at for at in reversed(extra) if headings[at] and not word(model, headings[at])}
    found: dict[int, str] = {}
    for text, at in sorted(free.items(), key=lambda each: each[1]):
        meant = perhaps(model).get(normal(text))
        if meant is not None and meant in lacking and meant not in found.values():
            found[at] = meant
    names = [(name, readable(model)[name].heading) for name in lacking]
    names += [
        (known.field, text) for text, known in words(model).items() if known.field in lacking and not text.isascii()
    ]
    for name, text in names:
        if name in found.values():
            continue
        close = next((heading for heading in near(text, list(free)) if free[heading] not in found), None)
        if close is not None:
            found[free[close]] = name
    return found
