"""Writes what was seen of an export into xuejian.toml: what is there stays, what is only likely becomes a comment."""

from collections.abc import Iterator, MutableMapping, Sequence
from itertools import groupby
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import AoT, InlineTable, Table

from facts.model.inspection import DATABASE, Inspection, SheetSeen, called
from facts.model.refusal import CONFIG, DataError
from facts.model.tables import TABLES
from facts.model.vocabulary import KnownBy, meanings, normal, readable
from facts.reading.mapping import read_sources
from facts.reading.userfile import values_of


def merged_text(text: str, inspection: Inspection, where: str = CONFIG) -> str:
    """The text of xuejian.toml with the mapping in it: what a person wrote is kept, comments and order as well.

    A heading known by another name is written as a column of its table, where every sheet of the table has it. What a
    file's own name says of all its rows is written as a constant, in a block of that file's own. What may be or is only
    near, a table or a column, is written as a comment, which a person corrects and takes the # away from. Merging the
    same twice changes nothing. Raises DataError where the text is no TOML, and where the result would be refused.
    """
    try:
        values_of(text)
        document = tomlkit.parse(text.removeprefix("\ufeff"))
    except ValueError as error:
        reason = "写法太特别" if isinstance(error, ParseError) else error
        raise DataError(f"配置文件 {where} 不是合法的 TOML：{reason}。") from None
    known, groups = text, _groups(inspection)
    for (kind, block, offered), sheets in groups.items():
        columns, constants = _columns(sheets), dict(offered) if block is None else {}
        notes = [note for note in dict.fromkeys(_notes(kind, sheets)) if note not in known]
        there = _block(document, kind, block)
        if there is None:
            # Where one file of a table has a block of its own, each of them needs one.
            alone = block is None and any(of == kind and offers for of, _, offers in groups)
            if not (columns or notes or constants or alone):
                continue
            there = _new(document, kind, where, several=sum(of == kind for of, _, _ in groups) > 1)
            if alone:
                _name(there, sheets)
        if constants:
            there["constants"] = tomlkit.inline_table()
            there["constants"].update(constants)
        _merge(there, kind, columns, notes)
    result = tomlkit.dumps(document)
    loose = [line for lines in _likely_tables(inspection) if lines[-1] not in known for line in ("", *lines)]
    loose += [
        line
        for lines in _shapes(inspection, result)
        if lines[-1].removeprefix("# ") not in known
        for line in ("", *lines)
    ]
    loose += [line for lines in _codes(inspection) if lines[1].removeprefix("# ") not in known for line in ("", *lines)]
    if loose:
        result = result.rstrip("\n") + "\n" + "\n".join(loose).removeprefix("" if result.strip() else "\n") + "\n"
    read_sources(tomlkit.parse(result).unwrap().get("sources", {}), where)
    return result


_Group = tuple[str, int | None, tuple[tuple[str, str], ...]]


def _groups(inspection: Inspection) -> dict[_Group, list[SheetSeen]]:
    """The sheets of each table, by the block that speaks of them and by what the names of their files say."""
    groups: dict[_Group, list[SheetSeen]] = {}
    for sheet in inspection.sheets:
        if sheet.table and not sheet.trouble:
            groups.setdefault((sheet.table, sheet.block, tuple(sheet.offered.items())), []).append(sheet)
    return groups


def _name(block: MutableMapping[str, Any], sheets: Sequence[SheetSeen]) -> None:
    """Says in which files, or in which table of the database, the rows of this block are."""
    if sheets[0].form == DATABASE:
        block["table"] = called(sheets[0].file)
        return
    block["files"] = list(dict.fromkeys(sheet.file.path for sheet in sheets))
    if named := list(dict.fromkeys(sheet.file.sheet for sheet in sheets if sheet.file.sheet)):
        block["sheet"] = named


def _columns(sheets: Sequence[SheetSeen]) -> dict[str, str]:
    """Field → heading, of those that are known by another name and have the same heading in every sheet."""
    each = [{c.field: c.heading for c in sheet.columns if c.field and c.known_by is KnownBy.ALIAS} for sheet in sheets]
    return {name: text for name, text in each[0].items() if all(other.get(name) == text for other in each)}


def _notes(kind: str, sheets: Sequence[SheetSeen]) -> Iterator[str]:
    for sheet in sheets:
        for column in sheet.columns:
            if column.likely:
                yield _note(kind, column.likely, column.heading)
        for part, lines in (each.section for each in sheet.suggestions):
            if part == "columns":
                yield from (f"{_one_line(line)}  # 合起来才是一个字段，请核对" for line in lines)


def _shapes(inspection: Inspection, known_text: str) -> Iterator[tuple[str, ...]]:
    """For each shape that a sheet seems to have: the lines that say so, all comments; a section of its own, which holds
    wherever it stands."""
    seen = ((sheet.table or sheet.likely, each) for sheet in inspection.sheets for each in sheet.suggestions)
    known: list[tuple[str, ...]] = []
    for kind, each in seen:
        part, lines = each.section
        if part == "columns" or (not part and f"[sources.{kind}" in known_text):
            continue  # see `_notes`; what stands in the block itself must be added to it by hand where there is one
        text = (
            f"# {_one_line(TABLES[kind or ''].about.heading)}{_one_line(each.why)}；核对后去掉下面各行行首的 #",
            f"# [sources.{kind}.{part}]" if part else f"# [sources.{kind}]",
            *(f"# {_one_line(line)}" for line in lines),
        )
        if text not in known:
            known.append(text)
            yield text


def _note(kind: str, field: str, heading: str) -> str:
    """A line that holds once the # is taken away."""
    return f"{field} = {_quoted(heading)}  # 可能是“{readable(TABLES[kind])[field].heading}”，请核对"


def _likely_tables(inspection: Inspection) -> Iterator[tuple[str, ...]]:
    """For each table that files look like: the lines that say so, all comments."""
    sheets: dict[str, list[SheetSeen]] = {}
    for sheet in inspection.sheets:
        if likely := sheet.likely or sheet.instead:
            sheets.setdefault(likely, []).append(sheet)
    for kind, alike in sheets.items():
        files = ", ".join(dict.fromkeys(_quoted(sheet.file.path) for sheet in alike))
        named = ", ".join(dict.fromkeys(_quoted(sheet.file.sheet) for sheet in alike if sheet.file.sheet))
        where = [f"# files = [{files}]"]
        if alike[0].form == DATABASE:
            where = [f"# table = {_quoted(called(alike[0].file))}"]
        yield (
            f"# 标题像“{TABLES[kind].about.heading}”，请核对；是的话去掉下面各行行首的 #",
            f"# [sources.{kind}]",
            *([f"# sheet = [{named}]"] if named else []),
            *where,
        )


def _codes(inspection: Inspection) -> Iterator[tuple[str, ...]]:
    """For each column with words that only the school knows: where to write what they mean, all comments."""
    settled = {(s.table, name) for s in inspection.sheets for each in s.suggestions for name in each.fields}
    for kind, unknown in inspection.unknown.items():
        for field, alike in groupby(unknown, lambda each: each.field):
            if (kind, field) in settled:
                continue
            heading = readable(TABLES[kind])[field].heading
            yield (
                f"# “{TABLES[kind].about.heading}”的“{heading}”里有下面这些，请写明各是{meanings(kind, field)}，"
                "再去掉各行行首的 #",
                f"# [sources.{kind}.codes.{field}]",
                *(f'# {_quoted(each.text)} = "？"  # {each.rows} 行' for each in alike),
            )


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _quoted(text: str) -> str:
    return tomlkit.string(_one_line(text)).as_string()


def _block(document: tomlkit.TOMLDocument, kind: str, block: int | None) -> MutableMapping[str, Any] | None:
    """The block that speaks of the table; where it has several and none of them does, none."""
    names = {normal(kind), normal(TABLES[kind].about.heading)}
    blocks: list[MutableMapping[str, Any]] = []
    for name, value in (document.get("sources") or {}).items():
        if normal(name) in names:
            blocks += list(value) if isinstance(value, list) else [value]
    if block is not None and block < len(blocks):
        return blocks[block]
    return None


def _new(document: tomlkit.TOMLDocument, kind: str, where: str, *, several: bool) -> MutableMapping[str, Any]:
    if "sources" not in document:
        document["sources"] = tomlkit.table(is_super_table=True)
    sources: Any = document["sources"]
    added = tomlkit.table()
    if kind not in sources:
        sources[kind] = tomlkit.aot() if several else added
    elif not isinstance(sources[kind], AoT):  # another block speaks of other files: both become blocks of a list
        raise DataError(
            f"{where} 里已有 [sources.{kind}]，只说了其中一些文件；请改写成 [[sources.{kind}]]，"
            "并为其余的文件加一段，再运行一次。"
        )
    if isinstance(sources[kind], AoT):
        sources[kind].append(added)
        return sources[kind][-1]  # type: ignore[no-any-return]
    return sources[kind]  # type: ignore[no-any-return]


def _merge(block: MutableMapping[str, Any], kind: str, columns: dict[str, str], notes: Sequence[str]) -> None:
    fields = readable(TABLES[kind])
    there = block.get("columns")
    if there is None and (columns or notes):
        inline = isinstance(block, InlineTable)
        block["columns"] = tomlkit.inline_table() if inline else tomlkit.table()
        there = block["columns"]
    settled = {normal(name) for name in there or ()} | {normal(name) for name in block.get("constants") or ()}
    for name, heading in columns.items():
        if there is not None and not settled & {normal(name), normal(fields[name].heading)}:
            there[name] = heading
    if isinstance(there, Table):
        for note in notes:
            there.add(tomlkit.comment(note))
    elif isinstance(block, Table):
        for note in notes:
            block.add(tomlkit.comment(f"columns 里可以加：{note}"))
