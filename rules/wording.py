"""A rule's conditions in plain Chinese, generated from what was parsed, so that the words can't drift from the rule."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from facts.model.computed import KINDS
from facts.model.schema import ColumnType, columns
from rules import template
from rules.condition import (
    And,
    AsOf,
    Base,
    Compare,
    Expr,
    Literal,
    Lookup,
    Member,
    Missing,
    Not,
    Or,
    Param,
    Ref,
    Term,
    Truth,
)
from rules.model import Parameter
from rules.rule import Pattern, Rule

_DATES = {"==": "就是", "!=": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_NUMBERS = {"==": "等于", "!=": "不等于", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_TEXTS = {"==": "是", "!=": "不是", "<": "排在前于", "<=": "不排在后于", ">": "排在后于", ">=": "不排在前于"}
_WORDS = {ColumnType.DATE: _DATES, ColumnType.INT: _NUMBERS, ColumnType.MONEY: _NUMBERS}
_TIME = ("天", "日", "工作日", "周", "个月", "月", "年")
_SURPLUS = re.compile(r" +(?=[ ，：（）」]|$)")
"""Blanks around a number, where another blank or a full-width mark follows."""


class Wording:
    """The words of one rule, with the parameter values in force."""

    def __init__(self, rule: Rule, parameters: Mapping[str, Parameter], values: Mapping[str, Any]) -> None:
        self._rule, self._parameters, self._values = rule, parameters, values

    def pattern(self, pattern: Pattern) -> str:
        """`没有学期注册：学号是教学活动的学号，且学期是教学活动的学期`"""
        heading = KINDS[pattern.kind].about.heading
        optional = f"（没有{heading}表时视为没有）" if pattern.optional else ""
        return f"{'没有' if pattern.negated else '有'}{self.facts(pattern)}{optional}"

    def facts(self, pattern: Pattern) -> str:
        """`学期注册：学号是教学活动的学号，且学期是教学活动的学期`"""
        named = "" if pattern.negated or pattern.alias == pattern.kind else f"（{pattern.alias}）"
        empty = isinstance(pattern.condition, And) and not pattern.condition.items
        text = "" if empty else f"：{_SURPLUS.sub('', self._expr(pattern.condition, pattern.alias))}"
        return f"{KINDS[pattern.kind].about.heading}{named}{text}"

    def condition(self, expr: Expr, own: str = "") -> str:
        """A condition on several facts, each field with its fact's name; those of `own` without."""
        return _SURPLUS.sub("", self._expr(expr, own))

    def _expr(self, expr: Expr, own: str, inside: bool = False) -> str:
        match expr:
            case And(items):
                return self._list(items, "，且", own, inside)
            case Or(items):
                return self._list(items, "，或", own, inside)
            case Not(Missing(ref)):
                return f"{self._ref(ref, own)}已填"
            case Not(Truth(ref)):
                return f"不是「{self._ref(ref, own)}」"
            case Not(item):
                return f"并非（{self._expr(item, own)}）"
            case Missing(ref):
                return f"{self._ref(ref, own)}未填"
            case Truth(ref):
                return f"「{self._ref(ref, own)}」"
            case Member(ref, values, negated):
                if isinstance(values, Param):
                    listed = f"{self._parameters[values.name].title}（{self._value(values.name)}）"
                    return f"{self._ref(ref, own)}{'不' if negated else ''}在{listed}之中"
                kind = columns(KINDS[self._rule.kinds[ref.alias]])[ref.field].type
                joined = "、".join(_number(v, kind).strip() if isinstance(v, int) else v for v in values)
                return (
                    f"{self._ref(ref, own)}{'不是' if negated else '是'}{joined}{'中的任何一种' if negated else '之一'}"
                )
            case Compare(left, op, right):
                types = (self._type(left), self._type(right))
                kind = ColumnType.MONEY if ColumnType.MONEY in types else types[0] or types[1] or ColumnType.TEXT
                return f"{self._term(left, own, kind)}{_WORDS.get(kind, _TEXTS)[op]}{self._term(right, own, kind)}"

    def _list(self, items: tuple[Expr, ...], between: str, own: str, inside: bool) -> str:
        text = between.join(self._expr(item, own, inside=True) for item in items)
        return f"（{text}）" if inside else text

    def _type(self, term: Term) -> ColumnType | None:
        match term.base:
            case Ref(alias, field):
                return columns(KINDS[self._rule.kinds[alias]])[field].type
            case AsOf() | Literal(date()):
                return ColumnType.DATE
            case Literal(int()):
                return ColumnType.INT
        return None

    def _term(self, term: Term, own: str, kind: ColumnType) -> str:
        text = self._base(term.base, own, kind)
        for sign, part in term.plus:
            number = self._base(part, own, ColumnType.INT).strip()
            if kind is ColumnType.DATE:
                text += f"之{'后' if sign > 0 else '前'} {number} 天"
            else:
                text += f"{'加' if sign > 0 else '减'} {number} "
        return text

    def _base(self, base: Base, own: str, kind: ColumnType) -> str:
        match base:
            case Ref():
                return self._ref(base, own)
            case Literal(date() as day):
                return f"{day.year}年{day.month}月{day.day}日"
            case Literal(int() as value):
                return _number(value, kind)
            case Literal(text):
                return f"「{text}」"
            case AsOf():
                return "数据截至日期"
            case Param(name):
                match self._values[name]:
                    case int(number):
                        return f" {number} "
                    case Decimal() as yuan:
                        return f" {yuan} 元 "
                return self._value(name)
            case Lookup(name, by):
                return f"{self._parameters[name].title}（按{self._ref(by, own)}：{self._value(name)}）"

    def _ref(self, ref: Ref, own: str) -> str:
        kind = self._rule.kinds[ref.alias]
        heading = columns(KINDS[kind])[ref.field].heading
        if ref.alias == own:
            return heading
        return f"{KINDS[kind].about.heading if ref.alias == kind else ref.alias}的{heading}"

    def _value(self, name: str) -> str:
        return shown_value(self._values[name])


def _number(value: int, kind: ColumnType) -> str:
    """A constant, set off by blanks; money, which a condition holds in fen, in yuan."""
    return f" {Decimal(value) / 100:.2f} 元" if kind is ColumnType.MONEY else f" {value} "


def own_limits(rule: Rule, parameters: Mapping[str, Parameter], values: Mapping[str, Any]) -> str:
    """What a message says of the limits that the regulation does not name (`basis: 校内`), in brackets; empty where the
    rule has none, or its message tells them itself. A list is no limit: it says whom the rule concerns."""
    limits = {n for n in rule.limits if n in parameters and parameters[n].basis and parameters[n].shape != "list"}
    own = sorted(limits - template.parameters_of(rule.file.message))
    if not own:
        return ""
    shown = [with_unit(parameters[name], values[name]) for name in own]
    if len(own) > 1:
        shown = [f"{parameters[name].title} {text}" for name, text in zip(own, shown, strict=True)]
    missing = "期限" if all(parameters[name].unit in _TIME for name in own) else "标准"
    return f"（规定未定{missing}，本校按 {'、'.join(shown)}掌握）"


def with_unit(parameter: Parameter, value: Any) -> str:
    """A parameter's value with its unit."""
    return f"{shown_value(value)} {parameter.unit}".rstrip()


def shown_value(value: Any) -> str:
    """A parameter's value on one line."""
    if value is None:
        return "未设置"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, dict):
        return "，".join(f"{key} {shown_value(item)}" for key, item in value.items())
    return "、".join(map(shown_value, value)) if isinstance(value, list) else str(value)
