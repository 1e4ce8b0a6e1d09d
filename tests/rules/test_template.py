"""Messages and owners show fields of the facts that a rule binds, choose between texts, and do nothing else."""

import pytest
from jinja2 import UndefinedError

from facts.model.schema import ColumnType
from rules.condition import ConditionError, ParameterType, Ref, Scope
from rules.template import names, parameters_of, render

SCOPE = Scope(
    "", {"change": "change", "student": "student"}, {
        "days": ParameterType(ColumnType.INT), "limit": ParameterType(ColumnType.INT, "table"),
    },
)  # fmt: skip


def test_a_template_names_the_fields_that_it_reads() -> None:
    template = (
        "{{ change.kind }}{% if student.status is none and not change.until %}（{{ params.days }} 天，{{ as_of }}）"
        "{% elif change.kind in ['休学', '复学'] %}{{ '甲' if change.issued_on else student.name }}{% endif %}"
    )
    assert set(names(template, SCOPE)) == {
        Ref("change", "kind"), Ref("student", "status"), Ref("change", "until"), Ref("change", "issued_on"),
        Ref("student", "name"),
    }  # fmt: skip
    assert parameters_of(template) == {"days"}


def test_a_message_of_a_rule_with_a_deadline_names_it() -> None:
    assert list(names("应不迟于{{ due }}办理", SCOPE, due=True)) == []
    assert render("应不迟于{{ due }}办理", {"due": "2026年9月18日"}) == "应不迟于2026年9月18日办理"
    called_due = Scope("", {"due": "change"}, {})
    assert list(names("{{ due.kind }}", called_due, due=True)) == [Ref("due", "kind")]
    with pytest.raises(ConditionError, match="模板里的 due 要写成"):
        list(names("{{ due }}", called_due, due=True))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ change.kind.upper() }}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{{ change['kind'] }}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{% for c in change.kind %}{{ c }}{% endfor %}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{% set x = change.kind %}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{% set x %}长{% endset %}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{% include 'other' %}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{% macro m() %}{% endmacro %}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{{ change.kind | upper }}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{{ 'x' * 1000000000 }}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{{ change.kind ~ student.name }}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{{ change.kind.__class__ }}", "模板里只能写 {{ 事实.字段 }}"),
        ("{{ change }}", "模板里的 change 要写成 change.字段"),
        ("{{ range }}", "模板里的 range 要写成 range.字段"),
        ("{{ later.kind }}", "规则没有绑定叫 later 的事实，可用的有：change、student"),
        ("{{ as_of.year }}", "规则没有绑定叫 as_of 的事实，可用的有：change、student"),
        ("{{ change.knid }}", "change 没有字段 knid，是不是 kind？"),
        ("{{ params.dayz }}", "规则包没有参数 dayz，是不是 days？"),
        ("{{ params.limit }}", "参数 limit 是表，模板里写成 params.limit[事实.字段]"),
        ("{{ params.days[change.kind] }}", "参数 days 不是表，不能用 [字段] 查"),
        ("{{ params.limit[as_of] }}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{{ params.limit['本科'] }}", "模板里只能写 {{ 事实.字段 }} 和 {% if %}"),
        ("{{ due }}", "due 是这一项的期限，只能写在 message 里，规则还要写 due"),
        ("{% if change.kind %}", "模板写法有误：Unexpected end of template."),
    ],
)
def test_what_a_template_may_not_do(template: str, said: str) -> None:
    with pytest.raises(ConditionError) as caught:
        list(names(template, SCOPE))
    assert str(caught.value).startswith(said)
    assert str(caught.value) == said or said.endswith("template.")


def test_a_table_of_parameters_is_looked_up_by_a_field() -> None:
    template = "{{ params.limit[student.level] }} 次"
    assert (set(names(template, SCOPE)), parameters_of(template)) == ({Ref("student", "level")}, {"limit"})
    assert render(template, {"params": {"limit": {"本科": 2}}, "student": {"level": "本科"}}) == "2 次"


def test_a_missing_value_is_said_and_markup_stays_text() -> None:
    assert render("{{ change.kind }}／{{ change.until }}", {"change": {"kind": "<b>", "until": None}}) == "<b>／（空）"


def test_a_message_is_one_line() -> None:
    assert render("休学\n  {{ change.kind }}\t已满", {"change": {"kind": "一\n二"}}) == "休学 一 二 已满"


def test_a_field_that_is_not_given_is_an_error_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        render("{{ change.kind }}", {"change": {}})
