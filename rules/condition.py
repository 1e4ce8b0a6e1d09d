"""The condition language: a small subset of Python's expressions, parsed with `ast` and typed; nothing is evaluated.

Meaning: a comparison with a missing value is false (`is None` asks for missing); `and`, `or`, `not` are two-valued, so
`not (a == b)` holds where a is missing while `a != b` doesn't. A bare bool field reads as `field is true`.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from facts.model.computed import KINDS
from facts.model.refusal import meant
from facts.model.schema import Column, ColumnType, columns

AS_OF, PARAMS = "as_of", "params"
_DEEPEST = 40
_LARGEST = 10**11
"""As in `facts.model.values`: a number of rows, days or yuan is smaller."""
_PRINTABLE = 10_000  # bits of a number that Python writes in digits
TEXTS = (ColumnType.IDENTIFIER, ColumnType.TEXT, ColumnType.CODE)
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


MOST_DAYS = 100_000
"""What may be added to a date, and what an int parameter may be: more than a lifetime, and no date overflows."""


class ConditionError(ValueError):
    """A condition that is refused, in one sentence without its place."""


@dataclass(frozen=True)
class ParameterType:
    """What a pack's parameter may be used for. `shape` is one, list or table (a table is looked up by a field)."""

    type: ColumnType
    shape: str = "one"


@dataclass(frozen=True)
class Ref:
    """A field of the fact that a pattern binds."""

    alias: str
    field: str


@dataclass(frozen=True)
class Literal:
    """A constant as a frame holds it: text, a date, an int (money in fen)."""

    value: str | int | date


@dataclass(frozen=True)
class AsOf:
    pass


@dataclass(frozen=True)
class Param:
    name: str


@dataclass(frozen=True)
class Lookup:
    """`params.NAME[field]`."""

    name: str
    by: Ref


Base = Ref | Literal | AsOf | Param | Lookup


@dataclass(frozen=True)
class Term:
    """One side of a comparison: a base, and what is added to it (days to a date, a number to a number)."""

    base: Base
    plus: tuple[tuple[int, Literal | Param], ...] = ()
    """(sign, what is added)."""


@dataclass(frozen=True)
class Compare:
    left: Term
    op: str
    right: Term


@dataclass(frozen=True)
class Member:
    """`field in [...]`, or in a list parameter."""

    ref: Ref
    values: tuple[str | int, ...] | Param
    negated: bool = False


@dataclass(frozen=True)
class Missing:
    ref: Ref


@dataclass(frozen=True)
class Truth:
    ref: Ref


@dataclass(frozen=True)
class Not:
    item: "Expr"


@dataclass(frozen=True)
class And:
    items: tuple["Expr", ...]


@dataclass(frozen=True)
class Or:
    items: tuple["Expr", ...]


Expr = Compare | Member | Missing | Truth | Not | And | Or
EVERYTHING = And(())
"""The condition of a pattern that asks for nothing."""


@dataclass(frozen=True)
class Scope:
    """What a condition may name: its own fact's fields bare, facts bound before it by alias, the pack's parameters."""

    own: str
    kinds: Mapping[str, str]
    """Alias → kind, the own one included."""
    parameters: Mapping[str, ParameterType]

    def column(self, ref: Ref) -> Column:
        return columns(KINDS[self.kinds[ref.alias]])[ref.field]

    def ref(self, alias: str, field: str) -> Ref:
        known = columns(KINDS[self.kinds[alias]])
        if field not in known:
            raise ConditionError(f"{self.kinds[alias]} 没有字段 {field}{meant(field, known)}")
        return Ref(alias, field)


def parse(text: str, scope: Scope) -> Expr:
    """The condition as a typed tree, or ConditionError."""
    tree = _syntax(text)
    return _expr(tree, scope)


def parse_term(text: str, scope: Scope) -> tuple[Term, ColumnType]:
    """A single term, such as `change.mark_due_on` or `term.report_by + params.review_days`, with its type."""
    return _term(_syntax(text), scope)


def refs(expr: Expr | Term) -> Iterator[Ref]:
    """Every field that an expression reads."""
    match expr:
        case And(items) | Or(items):
            for item in items:
                yield from refs(item)
        case Not(item):
            yield from refs(item)
        case Missing(ref) | Truth(ref) | Member(ref, _, _):
            yield ref
        case Compare(left, _, right):
            yield from refs(left)
            yield from refs(right)
        case Term(Ref() as ref) | Term(Lookup(_, ref)):
            yield ref


def parameters_of(expr: Expr | Term) -> Iterator[str]:
    """The name of every parameter that an expression reads."""
    match expr:
        case And(items) | Or(items):
            for item in items:
                yield from parameters_of(item)
        case Not(item):
            yield from parameters_of(item)
        case Member(_, Param(name), _):
            yield name
        case Compare(left, _, right):
            yield from parameters_of(left)
            yield from parameters_of(right)
        case Term(base, plus):
            for part in (base, *(added for _, added in plus)):
                if isinstance(part, Param | Lookup):
                    yield part.name


def _syntax(text: str) -> ast.expr:
    if len(text) > 4000:
        raise ConditionError("条件太长，请拆成几条规则")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of `"\\d"`, which says something else than it seems to
            tree = ast.parse(" ".join(text.split()), mode="eval").body
    except (SyntaxError, SyntaxWarning, DeprecationWarning, ValueError, RecursionError, MemoryError):
        raise ConditionError(f"条件写法有误：{text.strip()[:80]}") from None
    level: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        level = [below for node in level for below in ast.iter_child_nodes(node)]
        if not level:
            return tree
    raise ConditionError("条件嵌套太深，请拆成几条规则")


def _expr(node: ast.expr, scope: Scope) -> Expr:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return And(tuple(_expr(v, scope) for v in values))
        case ast.BoolOp(op=ast.Or(), values=values):
            return Or(tuple(_expr(v, scope) for v in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_expr(operand, scope))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [left, *comparators]
            parts = tuple(_compare(a, op, b, scope) for a, op, b in zip(sides, ops, sides[1:], strict=False))
            return parts[0] if len(parts) == 1 else And(parts)
        case ast.Name() | ast.Attribute():
            ref, kind = _ref(node, scope)
            if kind is not ColumnType.BOOL:
                raise ConditionError(f"{ref.field} 不是「是/否」字段，不能单独作条件，请写成比较")
            return Truth(ref)
    raise ConditionError(f"条件里不能用 {_shown(node)}，只能用比较、and、or、not、in、is None")


def _compare(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> Expr:
    match op:
        case ast.Is() | ast.IsNot():
            if not (isinstance(right, ast.Constant) and right.value is None):
                raise ConditionError("is 只能用于 is None 和 is not None")
            missing = Missing(_ref(left, scope)[0])
            return missing if isinstance(op, ast.Is) else Not(missing)
        case ast.In() | ast.NotIn():
            return _member(left, right, scope, negated=isinstance(op, ast.NotIn))
    if any(isinstance(side, ast.Constant) and side.value is None for side in (left, right)):
        raise ConditionError("与 None 比较永不成立，请用 is None 或 is not None")
    (a, a_type), (b, b_type) = _term(left, scope), _term(right, scope)
    a, a_type = _fit(a, a_type, b_type)
    b, b_type = _fit(b, b_type, a_type)
    name = _OPERATORS[type(op)]
    if not _comparable(a_type, b_type):
        raise ConditionError(f"不能拿{_NAMES[a_type]}与{_NAMES[b_type]}比较：{_shown(left)} {name} {_shown(right)}")
    if a_type is ColumnType.BOOL:
        raise ConditionError(f"「是/否」字段请直接写 {_shown(left)} 或 not {_shown(left)}")
    for one, other in ((a, b), (b, a)):
        _known_code(one, other, scope)
    return Compare(a, name, b)


def _member(left: ast.expr, right: ast.expr, scope: Scope, *, negated: bool) -> Expr:
    ref, kind = _ref(left, scope)
    match right:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            values: list[str | int] = []
            for item in items:
                term, item_type = _term(item, scope)
                term, item_type = _fit(term, item_type, kind)
                if not isinstance(term.base, Literal) or term.plus or isinstance(term.base.value, date):
                    raise ConditionError(f"in 后面的列表只能写文本或数字：{_shown(right)}")
                if not _comparable(kind, item_type):
                    raise ConditionError(f"{ref.field} 是{_NAMES[kind]}，列表里有{_NAMES[item_type]}")
                _known_code(term, Term(ref), scope)
                values.append(term.base.value)
            if not values:
                raise ConditionError("in 后面的列表是空的")
            return Member(ref, tuple(dict.fromkeys(values)), negated)
        case ast.Attribute(value=ast.Name(id="params"), attr=name):
            parameter = _parameter(name, scope)
            if parameter.shape != "list" or not _comparable(kind, parameter.type):
                raise ConditionError(f"参数 {name} 不是可与 {ref.field} 比较的列表")
            return Member(ref, Param(name), negated)
    raise ConditionError(f'in 后面要写列表，如 ["休学", "保留学籍"]，或列表参数；这里是 {_shown(right)}')


def _term(node: ast.expr, scope: Scope) -> tuple[Term, ColumnType]:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            return _sum(left, 1 if isinstance(op, ast.Add) else -1, right, scope)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(
            number, bool
        ):
            return _number(-number)
        case ast.Constant(value=str() as text):
            return Term(Literal(text)), ColumnType.TEXT
        case ast.Constant(value=bool()):
            raise ConditionError("不要写 True 或 False，「是/否」字段直接写字段名或 not 字段名")
        case ast.Constant(value=int() | float() as number):
            return _number(number)
        case ast.Name(id="as_of"):
            return Term(AsOf()), ColumnType.DATE
        case ast.Attribute(value=ast.Name(id="params"), attr=name):
            parameter = _parameter(name, scope)
            if parameter.shape != "one":
                raise ConditionError(
                    f"参数 {name} 是{'列表，用 in' if parameter.shape == 'list' else '表，用 [字段] 查'}"
                )
            return Term(Param(name)), parameter.type
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id="params"), attr=name), slice=by):
            parameter = _parameter(name, scope)
            if parameter.shape != "table":
                raise ConditionError(f"参数 {name} 不是表，不能用 [字段] 查")
            ref, kind = _ref(by, scope)
            if kind not in TEXTS:
                raise ConditionError(f"参数表 {name} 要用文本字段来查，{ref.field} 是{_NAMES[kind]}")
            return Term(Lookup(name, ref)), parameter.type
        case ast.Name() | ast.Attribute():
            ref, kind = _ref(node, scope)
            return Term(ref), kind
    raise ConditionError(f"条件里不能用 {_shown(node)}")


def _sum(left: ast.expr, sign: int, right: ast.expr, scope: Scope) -> tuple[Term, ColumnType]:
    (term, kind), (added, added_type) = _term(left, scope), _term(right, scope)
    if not isinstance(added.base, Literal | Param) or added.plus or added_type is not ColumnType.INT:
        raise ConditionError(f"只能加减整数或整数参数：{_shown(right)}")
    if isinstance(added.base, Literal) and isinstance(added.base.value, int) and abs(added.base.value) > MOST_DAYS:
        raise ConditionError(f"加减的数太大：{_shown(right)}")
    if kind not in (ColumnType.DATE, ColumnType.INT) or isinstance(term.base, Lookup):
        raise ConditionError(f"只有日期和整数能加减：{_shown(left)}")
    return Term(term.base, (*term.plus, (sign, added.base))), kind


def _ref(node: ast.expr, scope: Scope) -> tuple[Ref, ColumnType]:
    match node:
        case ast.Name(id=name):
            if name in scope.kinds and name not in columns(KINDS[scope.kinds[scope.own]]):
                raise ConditionError(f"{name} 是一条事实，不是字段，请写成 {name}.字段")
            if not name.isascii():
                raise ConditionError(f'文本要加引号："{name}"')
            ref = scope.ref(scope.own, name)
        case ast.Attribute(value=ast.Name(id=alias), attr=field):
            if alias not in scope.kinds:
                raise ConditionError(f"前面没有叫 {alias} 的事实{meant(alias, scope.kinds)}")
            ref = scope.ref(alias, field)
        case _:
            raise ConditionError(f"这里要写一个字段，不是 {_shown(node)}")
    return ref, scope.column(ref).type


def _parameter(name: str, scope: Scope) -> ParameterType:
    if name not in scope.parameters:
        raise ConditionError(f"规则包没有参数 {name}{meant(name, scope.parameters)}")
    return scope.parameters[name]


def _number(number: int | float) -> tuple[Term, ColumnType]:
    if not abs(number) <= _LARGEST:
        whole = number if isinstance(number, float) or number.bit_length() < _PRINTABLE else "…"
        raise ConditionError(f"数字太大：{str(whole)[:40]}")
    if isinstance(number, int):
        return Term(Literal(number)), ColumnType.INT
    fen = Decimal(str(number)) * 100
    if fen != fen.to_integral_value():
        raise ConditionError(f"金额精确到分：{number}")
    return Term(Literal(int(fen))), ColumnType.MONEY


def _fit(term: Term, kind: ColumnType, other: ColumnType) -> tuple[Term, ColumnType]:
    """A literal read as the other side's type: text as a date, whole yuan as fen."""
    if isinstance(term.base, Literal) and not term.plus:
        value = term.base.value
        if kind is ColumnType.TEXT and other is ColumnType.DATE and isinstance(value, str):
            try:
                return Term(Literal(date.fromisoformat(value))), ColumnType.DATE
            except ValueError:
                raise ConditionError(f'「{value}」不是日期，请写成 "2026-09-01"') from None
        if kind is ColumnType.INT and other is ColumnType.MONEY and isinstance(value, int):
            return Term(Literal(value * 100)), ColumnType.MONEY
    return term, kind


def _comparable(a: ColumnType, b: ColumnType) -> bool:
    return a is b or (a in TEXTS and b in TEXTS)


def _known_code(literal: Term, other: Term, scope: Scope) -> None:
    """A text compared with a code must be in its list: a typing error there would silently never match."""
    if isinstance(literal.base, Literal) and isinstance(other.base, Ref) and isinstance(literal.base.value, str):
        column = scope.column(other.base)
        if column.codes and literal.base.value not in column.codes:
            raise ConditionError(
                f"「{literal.base.value}」不在 {column.name} 的代码表中{meant(literal.base.value, column.codes)}"
            )


def _shown(node: ast.AST) -> str:
    return ast.unparse(node)[:60]


_NAMES = {
    ColumnType.IDENTIFIER: "文本", ColumnType.TEXT: "文本", ColumnType.CODE: "文本", ColumnType.DATE: "日期",
    ColumnType.INT: "整数", ColumnType.MONEY: "金额", ColumnType.BOOL: "是/否",
}  # fmt: skip
