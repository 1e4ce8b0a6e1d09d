"""Empty workbooks for the offices to fill in: a sheet a table, cells that accept what the contract accepts.

What is filled in loads without a mapping: sheets and headings are the contract's own, a required one with a `*`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from facts.model.schema import Column, ColumnType, Fact
from facts.model.tables import TABLES
from facts.model.vocabulary import readable
from facts.reading.survey import GUIDE, GUIDE_HEADINGS

_ROWS = 100_000
"""Rows below the headings in which the cells say what is wrong with them."""
_MADE = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Stands in every file as its date, so that the same tables give the same bytes."""
_TEXT = 49
"""Excel's own number of the text format (@)."""
_FORMS: Mapping[ColumnType, tuple[str, str | int]] = {
    ColumnType.IDENTIFIER: ("文本", _TEXT),
    ColumnType.TEXT: ("文本", _TEXT),
    ColumnType.CODE: ("代码", _TEXT),
    ColumnType.DATE: ("日期", "yyyy-mm-dd"),
    ColumnType.INT: ("整数", "0"),
    ColumnType.MONEY: ("金额（元）", "0.00"),
}
"""Type → how it is called, and the number format of its cells."""
_MEANINGS: Mapping[ColumnType, str] = {
    ColumnType.IDENTIFIER: "按文本填写，前面的零和末位的 X 都要保留",
    ColumnType.CODE: "从下拉列表中选",
    ColumnType.DATE: "如 2026-09-01",
    ColumnType.MONEY: "精确到分",
}


def workbooks() -> Mapping[str, bytes]:
    """File name (学生处.xlsx) → its bytes; an office has the tables that it answers for."""
    offices: dict[str, list[type[Fact]]] = {}
    for model in TABLES.values():
        offices.setdefault(model.about.owner, []).append(model)
    return {f"{office}.xlsx": _workbook(office, models) for office, models in offices.items()}


def _workbook(office: str, models: Sequence[type[Fact]]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": f"{office}填报表", "created": _MADE})
        must = book.add_format({"bold": True, "num_format": _TEXT, "bg_color": "#FCE4D6", "bottom": 1})
        may = book.add_format({"bold": True, "num_format": _TEXT, "bottom": 1})
        forms = {kind: book.add_format({"num_format": form}) for kind, (_, form) in _FORMS.items()}
        for model in models:
            sheet = book.add_worksheet(model.about.heading)
            sheet.freeze_panes(1, 0)
            for position, column in enumerate(readable(model).values()):
                heading = column.heading + "*" * column.required
                sheet.set_column(position, position, max(12, 2 * len(heading) + 2), forms[column.type])
                sheet.write_string(0, position, heading, must if column.required else may)
                if allowed := _allowed(column):
                    sheet.data_validation(1, position, _ROWS, position, allowed)
        notes = book.add_worksheet(GUIDE)
        notes.freeze_panes(1, 0)
        for row, cells in enumerate((GUIDE_HEADINGS, *(line for model in models for line in _lines(model)))):
            for position, text in enumerate(cells):
                notes.write_string(row, position, text, may if row == 0 else None)
        notes.set_column(0, len(GUIDE_HEADINGS) - 1, 20)
    return stream.getvalue()


def _allowed(column: Column) -> dict[str, Any] | None:
    """What a cell of the column accepts; None: anything."""
    common: dict[str, Any] = {"error_title": column.heading, "ignore_blank": True}
    match column.type:
        case ColumnType.CODE:
            return common | {"validate": "list", "source": [*column.codes], "error_message": "请从下拉列表中选。"}
        case ColumnType.DATE:
            days = {"validate": "date", "criteria": "between"}
            within = {"minimum": date(1900, 1, 1), "maximum": date(2199, 12, 31)}
            return common | days | within | {"error_message": "请填日期，如 2026-09-01。"}
        case ColumnType.INT:
            whole = {"validate": "integer", "criteria": ">=", "value": 0}
            return common | whole | {"error_message": "请填整数。"}
        case ColumnType.MONEY:
            money = {"validate": "decimal", "criteria": "between", "minimum": -1e9, "maximum": 1e9}
            return common | money | {"error_message": "请填金额（元）。"}
    return None


def _lines(model: type[Fact]) -> list[tuple[str, ...]]:
    one_of = model.about.one_of
    either = "、".join(readable(model)[name].heading for name in one_of)
    lines: list[tuple[str, ...]] = []
    for name, column in readable(model).items():
        needed = "必填" if column.required else f"{either}至少填一个" if name in one_of else ""
        meant = [_MEANINGS.get(column.type, "")] + ([f"不填即“{column.default}”"] if column.default is not None else [])
        explained = "；".join(filter(None, meant))
        codes = "、".join(column.codes)
        lines.append((model.about.heading, column.heading, _FORMS[column.type][0], needed, codes, explained, name))
    return lines
