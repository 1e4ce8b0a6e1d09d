"""What only a person knows of an export: each question once, with what to write where the answer is yes."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby

from checks.overview.inspection import Inspected
from facts.model.inspection import DATABASE, SheetSeen, called, written
from facts.model.vocabulary import meanings
from reports.wording.safe_text import plain_text


def questions_of(found: Inspected) -> list[str]:
    """The questions as lines of text, numbered; none where there is nothing to ask."""
    questions = list(
        dict.fromkeys(question for sheet in found.inspection.sheets for question in _questions(sheet, found))
    )
    questions += _of_codes(found)
    if not questions:
        return []
    head = (
        f"请核对 {len(questions)} 处，答案写在 {found.settings} 里（加 --write 会先写好对照关系，只是推测的写成注释）："
    )
    return [head, *(f"  {number}. {question}" for number, question in enumerate(questions, 1))]


def name_of(sheet: SheetSeen) -> str:
    return f"{sheet.file.path}：{sheet.file.sheet}" if sheet.file.sheet else sheet.file.path


def _questions(sheet: SheetSeen, found: Inspected) -> Iterator[str]:
    name, headings = plain_text(name_of(sheet)), found.headings
    if sheet.trouble and not sheet.instead:
        return
    if sheet.likely or sheet.instead:
        where = (
            _quoted("table", called(sheet.file))
            if sheet.form == DATABASE
            else f"files = [{json.dumps(sheet.file.path, ensure_ascii=False)}]"
        )
        kind = str(sheet.likely or sheet.instead)
        only = f"名称是“{headings[sheet.table]}”的，标题却全是“{headings[kind]}”的，" if sheet.table else ""
        yield f"“{name}”{only}是不是“{headings[kind]}”表？是的话写 [sources.{kind}] {plain_text(where)}"
    for each in sheet.suggestions:
        yield (
            f"“{name}”{plain_text(each.why)}，对不对？"
            f"对的话在 [sources.{sheet.table or sheet.likely}] 写 {plain_text(written(each))}"
        )
    if sheet.table and not sheet.instead:
        likely = {column.likely: plain_text(column.heading) for column in sheet.columns if column.likely}
        yield from _of_columns(sheet.table, likely, headings)
        yield from _of_names(sheet, name, headings)
        settled = {*likely, *sheet.offered, *(name for each in sheet.suggestions for name in each.fields)}
        for field in sheet.lacking:
            if f"{sheet.table}.{field}" in found.required and field not in settled:
                yield _lacking(sheet.table, field, name, headings)


def _of_columns(kind: str, likely: Mapping[str, str], headings: Mapping[str, str]) -> Iterator[str]:
    for field, heading in likely.items():
        means = headings[f"{kind}.{field}"]
        yield (
            f"“{headings[kind]}”的“{heading}”列是不是“{means}”？"
            f"是的话在 [sources.{kind}.columns] 写 {_quoted(field, heading)}"
        )


def _of_names(sheet: SheetSeen, name: str, headings: Mapping[str, str]) -> Iterator[str]:
    for field, value in sheet.offered.items():
        means = headings[f"{sheet.table}.{field}"]
        yield (
            f"“{name}”没有“{means}”列，从名称看全部是“{value}”，对不对？"
            f"对的话在它的 [[sources.{sheet.table}]] 写 constants = {{ {_quoted(field, value)} }}"
        )


def _of_codes(found: Inspected) -> Iterator[str]:
    sheets = found.inspection.sheets
    settled = {(sheet.table, name) for sheet in sheets for each in sheet.suggestions for name in each.fields}
    for kind, unknown in found.inspection.unknown.items():
        for field, alike in groupby(unknown, lambda each: each.field):
            if (kind, field) in settled:
                continue
            words = list(alike)
            texts = "、".join(f"“{plain_text(each.text)}”（{each.rows} 行）" for each in words)
            codes = "、".join(f'{json.dumps(plain_text(each.text), ensure_ascii=False)} = "…"' for each in words)
            yield (
                f"“{found.headings[kind]}”的“{found.headings[f'{kind}.{field}']}”里有{texts}，各是什么意思？"
                f"在 [sources.{kind}.codes] 写 {field} = {{ {codes.replace('、', ', ')} }}，… 是{meanings(kind, field)}"
            )


def _lacking(kind: str, field: str, name: str, headings: Mapping[str, str]) -> str:
    return (
        f"“{name}”的“{headings[f'{kind}.{field}']}”是哪一列？在 [sources.{kind}.columns] 写 {_quoted(field, '标题')}；"
        f"都一样的话在 [sources.{kind}.constants] 写 {_quoted(field, '值')}"
    )


def _quoted(name: str, value: str) -> str:
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"  # as TOML writes it too
