"""Which rows of a sheet are set aside, and why: each with a reason, the first one by one, all of them counted."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from facts.model import values
from facts.model.frames import FILE, ROW
from facts.model.schema import columns
from facts.model.snapshot import SET_ASIDE_KEPT, Reason, SetAside, Unknown
from facts.model.vocabulary import readable
from facts.reading.parse import frame_of, parser
from facts.reading.sheet_rows import SheetRows
from facts.sources.cells import Flags, Texts

_FEW, _SHORT, _OFTEN, _DIGITS = 20, 12, 3, 3  # of the unknown texts of a column: when they are plainly codes
_NAME = 4  # characters of a long name
_OF_STUDIES = "学籍休退转延毕业结肄注册缴费报到勤课假签考班读留取消录招生"
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗郝邬安常乐于时傅皮卞齐康伍余元顾孟平黄和穆萧尹姚邵湛汪祁毛米贝明戴谈宋庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程裴陆荣"
    "翁荀羊惠曲封芮储靳松井段富巫乌焦巴牧山谷车侯全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶幸司黎薄印白蒲从鄂索咸籍赖卓屠池乔"
    "阴胥能苍双闻党翟谭劳姬申扶冉雍桑桂牛寿边扈燕冀浦尚农温别庄晏柴瞿阎充慕连习艾鱼容向古易廖终居衡步都耿满匡国文寇广东欧沃利"
    "蔚越师巩厍聂晁勾敖融冷辛阚那简饶空曾毋沙养鞠丰关相查红游竺权盖益桓公毕"
)
"""Of the hundred family names (百家姓): a word that begins with one may be a person's name."""
_SHOWN = 80  # characters of a value that a message repeats


def rows_aside(
    rows: SheetRows, bad: Flags, by_field: Mapping[str, Flags], nobody: Flags
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`Table.aside` and `Table.unreadable`: the rows set aside, in row order."""
    lost = np.array(sorted(rows.misshapen), np.int32)
    numbers = np.concatenate([rows.numbers[bad], lost])
    order = np.argsort(numbers, kind="stable")
    empty = np.full(len(lost), -1, np.int8)
    cells = {
        name: (what, np.concatenate([rows.texts[name].codes[bad], empty])[order])
        for name, what in rows.meanings.items()
    }
    aside = frame_of(rows.model, cells, numbers[order])
    whole = np.ones(len(lost), np.bool_)
    one_of = rows.model.about.one_of
    unreadable: dict[str, Flags] = {}
    for name in columns(rows.model):
        cell = by_field[name][bad] if name in by_field else np.zeros(int(bad.sum()), np.bool_)
        if name in one_of:
            cell = cell | nobody[bad]
        unreadable[name] = np.concatenate([cell, whole])[order]
    for name in (FILE, ROW):
        unreadable[name] = np.zeros(len(numbers), np.bool_)
    return aside, pd.DataFrame(unreadable)


def first_aside(rows: SheetRows, bad: Flags, by_field: Mapping[str, Flags]) -> tuple[SetAside, ...]:
    """The first rows set aside, each with the reason why its first bad cell can't be read."""
    at = {int(rows.numbers[index]): index for index in np.flatnonzero(bad)[:SET_ASIDE_KEPT].tolist()}
    first = sorted([*at, *sorted(rows.misshapen)[:SET_ASIDE_KEPT]])[:SET_ASIDE_KEPT]
    kept = []
    for row in first:
        if row not in at:
            kept.append(_set_aside(rows, row, "", "", rows.misshapen[row]))
            continue
        field = next((name for name, flags in by_field.items() if flags[at[row]]), "")
        heading, why = _why(rows, field, _cell(rows.texts[field], at[row]) if field else "")
        kept.append(_set_aside(rows, row, heading, _cell(rows.shown[field], at[row]) if field else "", why, field))
    return tuple(kept)


def reasons(rows: SheetRows, bad: Flags, by_field: Mapping[str, Flags]) -> tuple[Reason, ...]:
    """How many rows were set aside for what, the most frequent reason first: every row that is bad or misshapen counts
    once, for its first bad cell, also one that gives several facts. `by_field`: which cells of a field are bad."""
    found: dict[tuple[str, str], Reason] = {}

    def add(why: tuple[str, str], count: int, first: int) -> None:
        known = found.get(why, Reason(rows.sheet.file, *why, 0, first))
        found[why] = Reason(rows.sheet.file, *why, known.rows + count, min(known.first_row, first))

    left, at_fault = np.zeros(len(bad), np.bool_), np.flatnonzero(bad)
    left[at_fault[np.diff(rows.numbers[at_fault], prepend=-1) != 0]] = True
    for field, flags in by_field.items():
        here = np.flatnonzero(flags & left)
        left &= ~flags
        codes, first, counts = np.unique(rows.texts[field].codes[here], return_index=True, return_counts=True)
        for code, at, count in zip(codes.tolist(), first.tolist(), counts.tolist(), strict=True):
            text = "" if code < 0 else str(rows.texts[field].distinct[code].as_py())
            add(_why(rows, field, text), count, int(rows.numbers[here[at]]))
    if left.any():
        add(_why(rows, "", ""), int(left.sum()), int(rows.numbers[np.flatnonzero(left)[0]]))
    for row, reason in rows.misshapen.items():
        add(("", reason), 1, row)
    return tuple(sorted(found.values(), key=lambda each: (-each.rows, each.first_row)))


def _why(rows: SheetRows, field: str, text: str) -> tuple[str, str]:
    """The heading of the cell that keeps a row from being accepted, and why; no field: none of those is there of which
    one must be."""
    if not field:
        headings = [readable(rows.model)[name].heading for name in rows.model.about.one_of]
        return "、".join(headings), f"{'与'.join(headings)}至少要填一项"
    column = readable(rows.model)[field]
    why = "必填而为空，请补上"
    if not values.is_blank(text):
        try:
            parser(column)(values.refuse_error(text))
        except values.UnknownWord as error:
            why = str(values.UnknownWord(error.reason, rows.settings))
        except values.LostDigits:
            why = f"这一列是数值型单元格，{column.heading}末几位已丢失，请以文本格式导出"
        except ValueError as error:
            why = str(error)
    return rows.headings[field], why


def _cell(texts: Texts, index: int) -> str:
    code = int(texts.codes[index])
    return "" if code < 0 else str(texts.distinct[code].as_py())


def unknown_words(rows: SheetRows, field: str) -> list[Unknown]:
    """The texts of a code, a term or an academic year that nobody knows, where they are plainly such: short, few, and
    each in several rows or a number of three digits. In a column that has shifted stand many names, each in one row."""
    what, texts = rows.meanings[field], rows.texts[field]
    if what.column.secret or not (what.column.codes or what.column.form):
        return []
    counts = np.bincount(texts.codes[texts.codes >= 0], minlength=len(texts.distinct))
    there = np.flatnonzero(what.bad[:-1] & (counts > 0))
    if len(there) > _FEW:
        return []
    found = [Unknown(field, values.parse_code_text(texts.distinct[at].as_py()), int(counts[at])) for at in there]
    plain = [each for each in found if len(each.text) <= _SHORT and (each.rows >= _OFTEN or _is_no_name(each.text))]
    return sorted(plain, key=lambda each: (-each.rows, each.text))


def _is_no_name(text: str) -> bool:
    """A short number, or a word that speaks of studies and can't be a person's name: 停学, 延长学习年限."""
    if text.isdecimal():
        return len(text) <= _DIGITS
    return any(sign in text for sign in _OF_STUDIES) and (len(text) > _NAME or text[0] not in _SURNAMES)


def _set_aside(rows: SheetRows, row: int, heading: str, value: str, why: str, field: str = "") -> SetAside:
    file = rows.sheet.file
    shown = "".join(c for c in value if c.isprintable())
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    return SetAside(rows.model.about.kind, file.path, file.sheet, row, heading, shown, why, field)
