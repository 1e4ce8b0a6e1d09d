"""The templates of messages and owners: Jinja2, sandboxed, naming nothing but fields of the facts that a rule binds."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from facts.model.refusal import meant
from rules.condition import AS_OF, PARAMS, ConditionError, Ref, Scope

DUE = "due"
"""In a message: the finding's own deadline, of a rule that has one."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.List, nodes.Tuple, nodes.Getitem,
)  # fmt: skip
"""What shows a field or a parameter, what chooses between texts; nothing that computes, repeats, calls or stores."""


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # No autoescape: these are one-line texts, and each renderer escapes for its own format.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=lambda value: "（空）" if value is None else value
    )


def names(template: str, scope: Scope, *, due: bool = False) -> Iterator[Ref]:
    """Every field that the template reads; ConditionError where it names something else or computes. `due`: the
    deadline may be named as well."""
    if "{" not in template:
        return
    try:
        tree = _parsed(template)
    except TemplateError as error:
        raise ConditionError(f"模板写法有误：{error.message}") from None
    items = list(tree.find_all(nodes.Getitem))
    tables = {id(item.node) for item in items if _is_lookup(item)}
    if len(tables) < len(items) or not all(isinstance(node, _ALLOWED) for node in tree.find_all(nodes.Node)):
        raise ConditionError("模板里只能写 {{ 事实.字段 }} 和 {% if %}")
    used: set[int] = set()
    for node in tree.find_all(nodes.Getattr):
        if not isinstance(node.node, nodes.Name):
            raise ConditionError("模板里只能写 {{ 事实.字段 }}")
        used.add(id(node.node))
        alias = node.node.name
        if alias == PARAMS:
            if node.attr not in scope.parameters:
                raise ConditionError(f"规则包没有参数 {node.attr}{meant(node.attr, scope.parameters)}")
            if scope.parameters[node.attr].shape == "table" and id(node) not in tables:
                raise ConditionError(f"参数 {node.attr} 是表，模板里写成 params.{node.attr}[事实.字段]")
            if scope.parameters[node.attr].shape != "table" and id(node) in tables:
                raise ConditionError(f"参数 {node.attr} 不是表，不能用 [字段] 查")
        elif alias in scope.kinds:
            yield scope.ref(alias, node.attr)
        else:
            raise ConditionError(f"规则没有绑定叫 {alias} 的事实{meant(alias, scope.kinds)}")
    for name in tree.find_all(nodes.Name):
        deadline = name.name == DUE and DUE not in scope.kinds
        if id(name) in used or name.name == AS_OF or (deadline and due):
            continue
        if deadline:
            raise ConditionError("due 是这一项的期限，只能写在 message 里，规则还要写 due")
        raise ConditionError(f"模板里的 {name.name} 要写成 {name.name}.字段")


def _is_lookup(item: nodes.Getitem) -> bool:
    """`params.NAME[fact.field]`, as in conditions."""
    table, by = item.node, item.arg
    return (
        isinstance(table, nodes.Getattr)
        and isinstance(table.node, nodes.Name)
        and table.node.name == PARAMS
        and isinstance(by, nodes.Getattr)
    )


def parameters_of(template: str) -> set[str]:
    """The parameters that the template reads."""
    if "{" not in template:
        return set()
    tree = _parsed(template)
    return {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == PARAMS
    }


@cache
def _parsed(template: str) -> nodes.Template:
    return _environment().parse(template)


@cache
def _compiled(template: str) -> Any:
    return _environment().from_string(template)


def render(template: str, context: Mapping[str, Any]) -> str:
    """The text, with `context`: alias → {field: text, number or None}, `as_of`, `params`, `due`."""
    text: str = template if "{" not in template else _compiled(template).render(context)
    return " ".join(text.split())
