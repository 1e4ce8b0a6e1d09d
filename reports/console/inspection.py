"""What `data inspect` and `data validate` print: an export, sheet by sheet, and what became of its rows."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from checks.overview.accounts import Accounts
from checks.overview.inspection import Inspected
from facts.model.inspection import DATABASE, ColumnSeen, SheetSeen
from reports.console.questions import name_of, questions_of
from reports.wording.places import by_file, located
from reports.wording.safe_text import plain_text, plain_texts
from reports.wording.text_table import table

SCHEMA = "xuejian.validation/1"
_ROWS = ("read", "accepted", "set_aside", "duplicates")
_HOW: Mapping[str, str] = {"exact": "标准标题", "alias": "别名"}
_FORMS: Mapping[str, str] = {
    "delimited": "文本（CSV）", "xlsx": "工作簿（.xlsx）", "xls": "工作簿（.xls）", "ods": "工作簿（.ods）",
    "dbf": "DBF", "parquet": "Parquet", "page": "网页（HTML）", "archive": "压缩包", DATABASE: "数据库",
}  # fmt: skip


def inspection_text(found: Inspected) -> str:
    """Plain text that ends with a line break: each file and table, then the rows, the rules that can't run and why, and
    at the end what a person is asked."""
    sheets, before = found.inspection.sheets, (None, *found.inspection.sheets)
    parts = [_head(found), *(_sheet(*each, found) for each in zip(sheets, before, strict=False)), _rest(found)]
    return _joined(*parts, _rows(found), _rules(found), questions_of(found))


def accounts_text(found: Accounts) -> str:
    """Plain text that ends with a line break: every table's rows, then why rows were set aside."""
    found = plain_texts(found, personal=found.personal_shown)
    outcome = f"有 {found.count} 行读不出来，已搁置" if found.count else "全部读入，没有搁置的行"
    head = [f"数据截至 {found.as_of.isoformat()}　数据 {found.path}", outcome, *lacking(found)]
    return _joined(head, _accounts(found), _ignored(found.ignored), personal=found.personal_shown)


def lacking(found: Accounts) -> Iterator[str]:
    """A sentence a table that lacks a column that it must have."""
    for each in found.tables:
        if each.lacking:
            columns = "、".join(each.lacking)
            yield f"{each.heading}（{'、'.join(each.files)}）缺少必填列：{columns}；用到它们的规则不能核查，请补上"


def accounts_json(found: Accounts) -> str:
    """As JSON text, keys in a fixed order: equal data give equal bytes."""
    found = plain_texts(found, personal=found.personal_shown)
    document = {
        "schema": SCHEMA,
        "as_of": found.as_of.isoformat(),
        "snapshot": {"path": found.path, "sha256": found.sha256},
        "tables": {
            each.name: {
                "heading": each.heading,
                "files": list(each.files),
                "file_counts": [
                    {
                        "file": count.file.path,
                        "sheet": count.file.sheet,
                        **_named(count, *_ROWS, "put_aside", "other_rows"),
                    }
                    for count in each.counts
                ],
                **_named(each, *_ROWS, "put_aside"),
                "other_rows": sum(count.other_rows for count in each.counts),
                "normalised": each.normalised,
                "extra": list(each.extra),
                "lacking": list(each.lacking),
            }
            for each in found.tables
        },
        "reasons": [
            {"table": each.name, "file": why.file.path, "sheet": why.file.sheet}
            | _named(why, "column", "reason", "rows", "first_row")
            for each in found.tables
            for why in each.reasons
        ],
        "set_aside": [
            _named(row, "table", "file", "sheet", "row", "column", "value", "reason") for row in found.set_aside
        ],
        "unlisted": found.unlisted,
        "ignored": list(found.ignored),
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _named(value: object, *names: str) -> dict[str, object]:
    return {name: getattr(value, name) for name in names}


def _joined(*sections: Iterable[str], personal: bool = False) -> str:
    plain = partial(plain_text, personal=personal)
    return "\n\n".join("\n".join(map(plain, lines)) for lines in map(list, sections) if lines) + "\n"


def _head(found: Inspected) -> Iterator[str]:
    day = found.inspection.as_of
    yield f"数据截至 {day.isoformat()}" if day else "不知道数据截至哪一天"
    if found.inspection.trouble:
        yield f"还不能核查：{found.inspection.trouble}"


def _sheet(sheet: SheetSeen, before: SheetSeen | None, found: Inspected) -> Iterator[str]:
    name = name_of(sheet)
    form = f"　{_FORMS.get(sheet.form, sheet.form)}" if sheet.form else ""
    if sheet.table:
        yield f"{name}{form}　是“{found.headings[sheet.table]}”（{sheet.why}）" if sheet.why else f"{name}{form}"
    elif sheet.likely:
        yield f"{name}{form}　未采用，可能是“{found.headings[sheet.likely]}”（{sheet.why}）"
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
        yield from table([_column(each, kind, found) for each in sheet.columns])
    if sheet.trouble:
        return
    lacking = [name for name in sheet.lacking if name not in sheet.offered]
    required = [name for name in lacking if f"{kind}.{name}" in found.required]
    optional = [name for name in lacking if name not in required]
    for field, value in sheet.offered.items():
        yield f"  没有“{found.headings[f'{kind}.{field}']}”这一列；名称里有“{value}”"
    for word, names in (("缺少必填列", required), ("缺少可选列", optional)):
        if names:
            yield f"  {word}：{'、'.join(found.headings[f'{kind}.{name}'] for name in names)}"


def _means(sheet: SheetSeen) -> object:
    """What is said of its columns, but for the values in them."""
    columns = tuple((each.position, each.heading, each.field, each.known_by, each.likely) for each in sheet.columns)
    return sheet.table, sheet.likely, sheet.heading_row, columns, sheet.lacking, sheet.offered


def _column(column: ColumnSeen, kind: str, found: Inspected) -> tuple[str, ...]:
    headings = found.headings
    heading = plain_text(column.heading) or f"第 {column.position + 1} 列（无标题）"
    if column.field and column.known_by:
        known = _HOW.get(column.known_by) or f"{found.settings} 写明"
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


def _rest(found: Inspected) -> list[str]:
    lines = _ignored(found.inspection.ignored)
    return lines + ([f"没有的表：{'、'.join(found.absent)}"] if found.absent else [])


def _ignored(names: Sequence[str]) -> list[str]:
    return [f"未识别的文件：{'、'.join(names)}"] if names else []


def _rows(found: Inspected) -> list[str]:
    return list(_accounts(plain_texts(found.accounts))) if found.accounts else []


def _accounts(found: Accounts) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("表", "读入", "采用", "搁置", "重复", "非数据行")]
    for each in found.tables:
        other = sum(count.other_rows for count in each.counts)
        rows.append((each.heading, *map(str, (each.read, each.accepted, each.set_aside, each.duplicates, other))))
        rows += [
            (f"  {located(c.file.path, c.file.sheet)}",
             *map(str, (c.read, c.accepted, c.set_aside, c.duplicates, c.other_rows)))
            for c in by_file(each)
        ]  # fmt: skip
    yield from table(rows, right=frozenset(range(1, 6)))
    for each in found.tables:
        for left in each.left_out:
            said = f"“{plain_text(left.column)}”为“{plain_text(left.text)}”的 {left.rows} 行"
            yield f"按 rows 未采用：{each.heading}（{plain_text(left.file.path)}）{said}"
    if not found.count:
        return
    yield ""
    yield "搁置的原因"
    values = {(row.table, row.file, row.sheet, row.row): row.value for row in found.set_aside}
    reasons: list[tuple[str, ...]] = []
    for table_name, why in ((each.name, why) for each in found.tables for why in each.reasons):
        file, sheet = why.file.path, why.file.sheet
        name = f"{file}：{sheet}" if sheet else file
        what = f"{why.column}：{why.reason}" if why.column else why.reason
        value = values.get((table_name, file, sheet, why.first_row))
        first = f"最早在第 {why.first_row} 行" + (f"“{value}”" if value else "")
        reasons.append((f"  {name}", f"{why.rows} 行", first, what))
    yield from table(reasons, right=frozenset({1}))


def _rules(found: Inspected) -> Iterator[str]:
    if found.inspection.as_of is None:
        return
    if not found.inspection.whole:
        yield f"规则共 {found.rules} 条，数据库读得出来才知道能核查几条"
        return
    yield f"规则共 {found.rules} 条，能核查 {found.rules - len(found.unavailable)} 条" + (
        f"，不能核查 {len(found.unavailable)} 条：" if found.unavailable else ""
    )
    by_reason = sorted(found.unavailable, key=lambda each: each.reason)
    for reason, group in groupby(by_reason, lambda each: each.reason):
        yield f"  {reason}"
        yield from table([(f"    {each.rule}", each.title) for each in group])
