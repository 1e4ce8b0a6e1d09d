"""What `data inspect` and `data validate` print: each sheet of an export, and what became of its rows."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from checks.overview.accounts import Accounts
from checks.overview.inspection import DATABASE, ColumnSeen, Inspected, SheetSeen
from reports.console.questions import name_of, questions
from reports.wording.places import by_file, located
from reports.wording.safe_text import plain_text, plain_texts
from reports.wording.text_table import table

SCHEMA = "xuejian.validation/1"
_ROWS = ("read", "accepted", "set_aside", "duplicates")
_KNOWN_BY: Mapping[str, str] = {"exact": "标准标题", "alias": "别名"}
_FORMS: Mapping[str, str] = {
    "delimited": "文本（CSV）", "xlsx": "工作簿（.xlsx）", "xls": "工作簿（.xls）", "ods": "工作簿（.ods）",
    "dbf": "DBF", "parquet": "Parquet", "page": "网页（HTML）", "archive": "压缩包", DATABASE: "数据库",
}  # fmt: skip


def inspection_text(export: Inspected) -> str:
    """Plain text that ends with a line break.

    It lists each file and table, then how many rows were read, then the rules that can't run and why, and at the end
    the questions for a person.
    """
    sheets, before = export.seen.sheets, (None, *export.seen.sheets)
    parts = [_head(export), *(_sheet(*each, export) for each in zip(sheets, before, strict=False)), _rest(export)]
    return _joined(*parts, _rows(export), _rules(export), questions(export))


def accounts_text(accounts: Accounts) -> str:
    """Plain text that ends with a line break: how many rows of each table were read, and why some were set aside."""
    outcome = f"有 {accounts.count} 行读不出来，已搁置" if accounts.count else "全部读入，没有搁置的行"
    head = [f"数据截至 {accounts.as_of.isoformat()}　数据 {accounts.path}", outcome, *lacking(accounts)]
    return _joined(head, _accounts(accounts), _ignored(accounts.ignored))


def lacking(accounts: Accounts) -> Iterator[str]:
    """One sentence for each table in which a required column is missing."""
    for each in accounts.tables:
        if each.lacking:
            columns = "、".join(each.lacking)
            yield f"{each.heading}（{'、'.join(each.files)}）缺少必填列：{columns}；用到它们的规则不能核查，请补上"


def accounts_json(accounts: Accounts) -> str:
    """The same as JSON text. Its keys have a fixed order, so equal data give equal bytes."""
    accounts = plain_texts(accounts)
    document = {
        "schema": SCHEMA,
        "as_of": accounts.as_of.isoformat(),
        "snapshot": {"path": accounts.path, "sha256": accounts.sha256},
        "tables": {
            each.name: {
                "heading": each.heading,
                "files": list(each.files),
                "file_counts": [
                    {"file": count.file.path, "sheet": count.file.sheet, **_named(count, *_ROWS, "beside")}
                    for count in each.counts
                ],
                **_named(each, *_ROWS),
                "beside": sum(count.beside for count in each.counts),
                "normalised": each.normalised,
                "extra": list(each.extra),
                "lacking": list(each.lacking),
            }
            for each in accounts.tables
        },
        "reasons": [
            {"table": each.name, "file": why.file.path, "sheet": why.file.sheet}
            | _named(why, "column", "reason", "rows", "first_row")
            for each in accounts.tables
            for why in each.reasons
        ],
        "set_aside": [
            _named(row, "table", "file", "sheet", "row", "column", "value", "reason") for row in accounts.set_aside
        ],
        "unlisted": accounts.unlisted,
        "ignored": list(accounts.ignored),
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _named(value: object, *names: str) -> dict[str, object]:
    return {name: getattr(value, name) for name in names}


def _joined(*sections: Iterable[str]) -> str:
    return "\n\n".join("\n".join(map(plain_text, lines)) for lines in map(list, sections) if lines) + "\n"


def _head(export: Inspected) -> Iterator[str]:
    day = export.seen.as_of
    yield f"数据截至 {day.isoformat()}" if day else "不知道数据截至哪一天"
    if export.seen.trouble:
        yield f"还不能核查：{export.seen.trouble}"


def _sheet(sheet: SheetSeen, before: SheetSeen | None, export: Inspected) -> Iterator[str]:
    name = name_of(sheet)
    form = f"　{_FORMS.get(sheet.form, sheet.form)}" if sheet.form else ""
    if sheet.table:
        yield f"{name}{form}　是“{export.headings[sheet.table]}”（{sheet.why}）" if sheet.why else f"{name}{form}"
    elif sheet.likely:
        yield f"{name}{form}　未采用，可能是“{export.headings[sheet.likely]}”（{sheet.why}）"
    else:
        yield f"{name}{form}" + (f"　未采用（{sheet.why}）" if sheet.why else "")
    if sheet.trouble:
        yield f"  读不了：{sheet.trouble}"
    kind = sheet.table or sheet.likely
    if kind is None:
        return
    if before is not None and not sheet.trouble and _means(sheet) == _means(before):
        yield f"  各列与“{name_of(before)}”相同"
        return
    if sheet.columns:
        yield f"  标题在第 {sheet.heading_row} 行" if sheet.form != DATABASE else "  列"
        yield from table([_column(each, kind, export) for each in sheet.columns])
    if sheet.trouble:
        return
    lacking = [name for name in sheet.lacking if name not in sheet.offered]
    required = [name for name in lacking if f"{kind}.{name}" in export.required]
    optional = [name for name in lacking if name not in required]
    for field, value in sheet.offered.items():
        yield f"  没有“{export.headings[f'{kind}.{field}']}”这一列；名称里有“{value}”"
    for word, names in (("缺少必填列", required), ("缺少可选列", optional)):
        if names:
            yield f"  {word}：{'、'.join(export.headings[f'{kind}.{name}'] for name in names)}"


def _means(sheet: SheetSeen) -> object:
    """All that is printed about the columns of a sheet except their values; files of one kind often agree in it."""
    columns = tuple((each.position, each.heading, each.field, each.known_by, each.likely) for each in sheet.columns)
    return sheet.table, sheet.likely, sheet.heading_row, columns, sheet.lacking, sheet.offered


def _column(column: ColumnSeen, kind: str, export: Inspected) -> tuple[str, ...]:
    headings = export.headings
    heading = plain_text(column.heading) or f"第 {column.position + 1} 列（无标题）"
    if column.field and column.known_by:
        known = _KNOWN_BY.get(column.known_by) or f"{export.settings} 写明"
        means = f"{headings[f'{kind}.{column.field}']}（{known}）"
    elif column.likely:
        means = f"未采用；可能是“{headings[f'{kind}.{column.likely}']}”，请核对"
    elif column.also:
        means = f"未采用；也像“{headings[f'{kind}.{column.also}']}”，但已用了另一列，请核对"
    else:
        means = "未采用"
    shown = "、".join(map(plain_text, column.first))
    shape = "形如 " if shown and not column.field else ""
    return f"    {heading}", f"→ {means}", f"{shape}{shown}"


def _rest(export: Inspected) -> list[str]:
    lines = _ignored(export.seen.ignored)
    return lines + ([f"没有的表：{'、'.join(export.absent)}"] if export.absent else [])


def _ignored(names: Sequence[str]) -> list[str]:
    return [f"未识别的文件：{'、'.join(names)}"] if names else []


def _rows(export: Inspected) -> list[str]:
    return list(_accounts(export.accounts)) if export.accounts else []


def _accounts(accounts: Accounts) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("表", "读入", "采用", "搁置", "重复", "非数据行")]
    for each in accounts.tables:
        footers = sum(count.beside for count in each.counts)
        rows.append((each.heading, *map(str, (each.read, each.accepted, each.set_aside, each.duplicates, footers))))
        rows += [
            (f"  {plain_text(located(c.file.path, c.file.sheet))}",
             *map(str, (c.read, c.accepted, c.set_aside, c.duplicates, c.beside)))
            for c in by_file(each)
        ]  # fmt: skip
    yield from table(rows, right=frozenset(range(1, 6)))
    if not accounts.count:
        return
    yield ""
    yield "搁置的原因"
    values = {(row.table, row.file, row.sheet, row.row): row.value for row in accounts.set_aside}
    reasons: list[tuple[str, ...]] = []
    for table_name, why in ((each.name, why) for each in accounts.tables for why in each.reasons):
        file, sheet = why.file.path, why.file.sheet
        name = f"{file}：{sheet}" if sheet else file
        what = f"{why.column}：{why.reason}" if why.column else why.reason
        value = values.get((table_name, file, sheet, why.first_row))
        first = f"最早在第 {why.first_row} 行" + (f"“{plain_text(value)}”" if value else "")
        reasons.append((f"  {plain_text(name)}", f"{why.rows} 行", first, plain_text(what)))
    yield from table(reasons, right=frozenset({1}))


def _rules(export: Inspected) -> Iterator[str]:
    if export.seen.as_of is None:
        return
    if not export.seen.whole:
        yield f"规则共 {export.rules} 条，数据库读得出来才知道能核查几条"
        return
    yield f"规则共 {export.rules} 条，能核查 {export.rules - len(export.unavailable)} 条" + (
        f"，不能核查 {len(export.unavailable)} 条：" if export.unavailable else ""
    )
    by_reason = sorted(export.unavailable, key=lambda each: each.reason)
    for reason, group in groupby(by_reason, lambda each: each.reason):
        yield f"  {reason}"
        yield from table([(f"    {each.rule}", each.title) for each in group])
