"""The catalogue for people and programs: the list of rules, and one rule as a page."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from facts.model.computed import KINDS
from facts.model.refusal import CONFIG
from facts.model.schema import columns
from rules.pack import Pack, in_force
from rules.rule import Rule, clause_ids
from rules.wording import Wording, shown_value, with_unit

SEVERITY = {"error": "违规", "warning": "警示", "notice": "提示"}


BY_CASE = "按情形"
"""The owner of a rule whose findings have different ones."""


def owner(rule: Rule) -> str:
    """The office, or BY_CASE."""
    return rule.owner or BY_CASE


def entry(rule: Rule) -> dict[str, Any]:
    """What `rules list --format json` says of a rule."""
    file = rule.file
    return {
        "id": file.id,
        "title": file.title,
        "title_en": file.title_en,
        "pack": rule.pack,
        "clause": list(clause_ids(file.clause)),
        "severity": file.severity,
        "owner": owner(rule),
        "per": [ref.field for ref in rule.per],
        "parameters": sorted(rule.parameters),
        "follows": list(file.follows),
        "remedy": file.remedy,
        "examples": len(file.examples),
    }


def list_json(rules: Iterable[Rule]) -> str:
    return json.dumps([entry(rule) for rule in rules], ensure_ascii=False, indent=2) + "\n"


def list_text(rules: Iterable[Rule]) -> str:
    rules = list(rules)
    wide = max((len(rule.id) for rule in rules), default=0)
    lines = [
        f"{r.id:<{wide}}  {SEVERITY[r.file.severity]}  {r.file.title}（{r.file.clause}，{owner(r)}）" for r in rules
    ]
    return "\n".join([*lines, f"共 {len(rules)} 条规则"]) + "\n"


def list_rows(rules: Iterable[Rule]) -> list[tuple[str, ...]]:
    """The cells of `rules list` on a terminal."""
    return [(r.id, SEVERITY[r.file.severity], r.file.title, r.file.clause, owner(r), r.pack) for r in rules]


def page(pack: Pack, rule: Rule, config: Path = Path(CONFIG)) -> str:
    """One rule for reading: clause in the regulation's words, condition, parameters in force, examples, what to do.
    `config`: the file in which the school sets parameters."""
    return "\n".join(_page(pack, rule, config)) + "\n"


def _page(pack: Pack, rule: Rule, config: Path) -> Iterator[str]:
    file = rule.file
    yield f"{file.id}　{file.title}"
    yield file.title_en
    yield ""
    yield f"性质：{SEVERITY[file.severity]}　责任单位：{owner(rule)}　规则包：{pack.file.title}"
    yield f"处理：{file.remedy}"
    yield ""
    clauses = {clause.id: clause.text for clause in pack.file.clauses}
    for name in clause_ids(file.clause):
        yield f"条款 {name}"
        yield from (f"    {line}" for line in clauses[name].split("\n"))
    yield ""
    yield "什么情形算（以下都成立）"
    wording = Wording(rule, pack.file.parameters, pack.parameters)
    for number, pattern in enumerate(rule.patterns, 1):
        yield f"    {number}. {wording.pattern(pattern)}"
    yield f"    同一{'、'.join(_heading(rule))}合为一项"
    if rule.over:
        yield f"    已经过去（降一级）的情形：{wording.condition(rule.over)}"
    for case in rule.owners if len(rule.owners) > 1 else ():
        where = wording.condition(case.condition) if case.condition else "其余情形"
        yield f"    责任单位：{where}，{BY_CASE if '{' in case.template else case.template}"
    population = Wording(replace(rule, patterns=rule.population), pack.file.parameters, pack.parameters)
    for pattern in rule.population:
        yield f"    核查对象：{population.facts(pattern)}"
    if file.note:
        yield f"    说明：{file.note}"
    if named := sorted(rule.parameters & pack.file.parameters.keys()):
        yield ""
        yield "参数"
        for name in named:
            parameter = pack.file.parameters[name]
            value, shipped = pack.parameters[name], in_force(parameter, parameter.value)
            own = "" if value == shipped else f"（{config} 另设；规则包为 {shown_value(shipped)}）"
            basis = "（规定未定，由学校自定）" if parameter.basis else ""
            yield f"    {parameter.title}（{name}）：{with_unit(parameter, value)}{own}{basis}"
    if file.follows:
        yield ""
        yield f"同一人已有 {'、'.join(file.follows)} 的问题时，本条视为其后果，报告里归在其下"
    yield ""
    yield "例子"
    for number, example in enumerate(file.examples, 1):
        yield f"    {number}. {example.name}：{'算' if example.finds else '不算'}"


def _heading(rule: Rule) -> list[str]:
    return [columns(KINDS[rule.kinds[ref.alias]])[ref.field].heading for ref in rule.per]
