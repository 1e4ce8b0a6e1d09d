"""A rule as it is judged: its file, checked against the fact models, with its conditions parsed and typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from facts.model.computed import KINDS
from facts.model.refusal import fault_of, meant
from facts.model.schema import JOIN_KEYS, ColumnType, From, columns, spaces
from rules import template
from rules.condition import (
    EVERYTHING,
    And,
    Compare,
    ConditionError,
    Expr,
    Or,
    ParameterType,
    Ref,
    Scope,
    Term,
    parameters_of,
    parse,
    parse_term,
    refs,
)
from rules.model import OwnerCase, RuleFile
from rules.yamlfile import Place, YamlFile, read_yaml

_PATTERN = re.compile(r"(?P<no>no\s+)?(?P<kind>\w+)(?P<optional>\?)?(?:\s+as\s+(?P<alias>[a-z]\w*))?", re.ASCII)


@dataclass(frozen=True)
class Pattern:
    """One line of `when`."""

    alias: str
    kind: str
    condition: Expr
    negated: bool = False
    optional: bool = False
    """Of a negated pattern: it holds where its table is not given at all."""


@dataclass(frozen=True)
class Owner:
    """Who answers for a finding, as a template, and where that is so (None: always)."""

    template: str
    condition: Expr | None = None


@dataclass(frozen=True)
class Rule:
    file: RuleFile
    path: Path
    pack: str
    patterns: tuple[Pattern, ...]
    per: tuple[Ref, ...]
    due: Term | None
    shown: frozenset[Ref]
    """Fields that the message and the owner read."""
    owners: tuple[Owner, ...]
    """The first whose condition holds counts; the last has none."""
    over: Expr | None = None
    """A condition on the facts of a match: where it holds nothing is to be done any more, and it is one step milder."""
    population: tuple[Pattern, ...] = ()
    """What the rule looks at, where the file says so."""

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def positive(self) -> tuple[Pattern, ...]:
        return tuple(p for p in self.patterns if not p.negated)

    @property
    def negative(self) -> tuple[Pattern, ...]:
        return tuple(p for p in self.patterns if p.negated)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Alias → kind."""
        return {p.alias: p.kind for p in self.patterns}

    @cached_property
    def judged(self) -> frozenset[tuple[str, str, bool]]:
        """(kind, field, optional) of every field that decides: conditions, key and deadline."""
        found = {(p.kind, "", p.optional) for p in self.patterns}
        for p in self.patterns:
            found |= {(self.kinds[r.alias], r.field, p.optional and r.alias == p.alias) for r in refs(p.condition)}
        found |= {(self.kinds[r.alias], r.field, False) for r in self.per}
        for term in (self.due, self.over):
            found |= {(self.kinds[r.alias], r.field, False) for r in refs(term)} if term else set()
        return frozenset(found)

    @property
    def owner(self) -> str | None:
        """The office that answers for every finding; None where that depends on the case."""
        only = self.owners[0].template
        return None if len(self.owners) > 1 or "{" in only else only

    @cached_property
    def limits(self) -> frozenset[str]:
        """Names of the parameters that the conditions and the deadline name themselves."""
        found = {name for p in self.patterns for name in parameters_of(p.condition)}
        return frozenset(found | set(parameters_of(self.due) if self.due else ()))

    @cached_property
    def parameters(self) -> frozenset[str]:
        """Names of the parameters that the rule, or a computed field that it reads, is decided by."""
        own = self.limits | template.parameters_of(self.file.message)
        own |= {name for owner in self.owners for name in template.parameters_of(owner.template)}
        conditions = [self.over, *(owner.condition for owner in self.owners), *(p.condition for p in self.population)]
        own |= {name for condition in conditions if condition for name in parameters_of(condition)}
        for kind, field, _ in self.judged:
            own |= set(columns(KINDS[kind])[field].parameters if field else ())
        return frozenset(own) | self.part_parameters | self.cover_parameters

    @cached_property
    def cover_parameters(self) -> frozenset[str]:
        """Names of the parameters that say from when on a row of a table named by `no` can be missed."""
        covers = (KINDS[p.kind].about.covers for p in self.negative)
        return frozenset(c.later_than for c in covers if isinstance(c, From) and c.later_than)

    @cached_property
    def part_parameters(self) -> frozenset[str]:
        """Names of the parameters that decide a part of a computed fact: without one, the other parts are judged."""
        sources = [source for p in self.patterns for source in KINDS[p.kind].about.sources]
        return frozenset(source.parameter for source in sources if source.parameter)


def load_rule(path: Path, pack: str, parameters: Mapping[str, ParameterType], clauses: Mapping[str, object]) -> Rule:
    """Reads and checks one rule file. RuleError says file, line and what was probably meant."""
    source = read_yaml(path)
    rule = build_rule(source, pack, parameters, clauses)
    if path.stem != rule.id:
        raise source.refuse(f"文件名应为 {rule.id}.yaml", ("id",))
    return rule


def build_rule(
    source: YamlFile, pack: str, parameters: Mapping[str, ParameterType], clauses: Mapping[str, object]
) -> Rule:
    """The rule that a file's data describes; RuleError as for `load_rule`."""
    file = _validated(source)
    for clause in clause_ids(file.clause):
        if clause not in clauses:
            raise source.refuse(f"规则包没有条款 {clause}{meant(clause, clauses)}", ("clause",))
    kinds: dict[str, str] = {}
    patterns: list[Pattern] = []
    for i, line in enumerate(file.when):
        patterns.append(_pattern(source, i, line, kinds, parameters, patterns))
        kinds[patterns[-1].alias] = patterns[-1].kind
    bound = {p.alias: p.kind for p in patterns if not p.negated}
    scope = Scope("", bound, parameters)
    per = tuple(_bound(source, ("per", i), text, scope) for i, text in enumerate(file.per))
    _check_key(source, per)
    due = None
    if file.due:
        with _Placed(source, ("due",)):
            due, due_type = parse_term(file.due, Scope(patterns[0].alias, bound, parameters))
            if due_type is not ColumnType.DATE:
                raise ConditionError("due 要是日期")
    first = Scope(patterns[0].alias, bound, parameters)
    with _Placed(source, ("message",)):
        shown = set(template.names(file.message, scope, due=due is not None))
    owners = []
    for i, case in enumerate(file.owners):
        owner, read = _owner(source, i, case, scope, first, last=i == len(file.owners) - 1)
        owners.append(owner)
        shown |= read
    over = None
    if file.over:
        with _Placed(source, ("over",)):
            over = parse(file.over, first)
    population = tuple(_population(source, head, text, parameters) for head, text in (file.population or {}).items())
    _check_examples(source, file, parameters)
    return Rule(file, source.path, pack, tuple(patterns), per, due, frozenset(shown), tuple(owners), over, population)


def _owner(
    source: YamlFile, i: int, case: OwnerCase, scope: Scope, first: Scope, *, last: bool
) -> tuple[Owner, set[Ref]]:
    """One case of the owner, and the fields that it reads."""
    place: Place = ("owner", i)
    with _Placed(source, place):
        if last and case.when:
            raise ConditionError("owner 的最后一项不写 when：它是其余情形的责任单位")
        if not last and not case.when:
            raise ConditionError("owner 里只有最后一项可以不写 when，后面的各项永远轮不到")
        read = set(template.names(case.owner, scope))
        condition = parse(case.when, first) if case.when else None
    return Owner(case.owner, condition), read | set(refs(condition) if condition else ())


def _population(source: YamlFile, head: str, text: str | None, parameters: Mapping[str, ParameterType]) -> Pattern:
    """A kind that the rule looks at, with a condition on its own fields."""
    place: Place = ("population", head)
    if head not in KINDS:
        raise source.refuse(f"没有叫 {head} 的事实{meant(head, KINDS)}", place)
    with _Placed(source, place):
        condition = parse(text, Scope(head, {head: head}, parameters)) if text and text.strip() else EVERYTHING
    return Pattern(head, head, condition)


def clause_ids(text: str) -> tuple[str, ...]:
    """`五-5、五-6` → its clauses."""
    return tuple(part.strip() for part in re.split(r"[、,，]", text) if part.strip())


def cause_of(text: str, pack: str) -> tuple[str, str]:
    """Pack and id of a rule that `follows` names, in a rule of this pack."""
    other, slash, name = text.rpartition("/")
    return (other, name) if slash else (pack, text)


class _Placed:
    """Turns a ConditionError into a RuleError with file and line."""

    def __init__(self, source: YamlFile, place: Place) -> None:
        self.source, self.place = source, place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ConditionError):
            raise self.source.refuse(str(error), self.place) from None


def _validated(source: YamlFile) -> RuleFile:
    try:
        return RuleFile.model_validate(source.data)
    except ValidationError as errors:
        fault = fault_of(errors, RuleFile)
        few = "（一个能查出的例子和一个差一点的例子）" if (fault.kind, fault.name) == ("few", "examples") else ""
        raise source.refuse(fault.clause() + few, fault.place) from None


def _pattern(
    source: YamlFile, i: int, line: Mapping[str, str | None], kinds: Mapping[str, str],
    parameters: Mapping[str, ParameterType], before: list[Pattern],
) -> Pattern:  # fmt: skip
    place: Place = ("when", i)
    if len(line) != 1:
        raise source.refuse("when 的每一项写一条「事实: 条件」", place)
    ((head, text),) = line.items()
    found = _PATTERN.fullmatch(head.strip())
    if not found:
        raise source.refuse(f"「{head}」看不懂，应写成 事实、事实 as 名、no 事实 或 no 事实?", place)
    kind, negated, optional = found["kind"], bool(found["no"]), bool(found["optional"])
    if kind not in KINDS:
        raise source.refuse(f"没有叫 {kind} 的事实{meant(kind, KINDS)}", (*place, head))
    if negated and found["alias"]:
        raise source.refuse("no 后面的事实没有名字可起：它不存在", place)
    if optional and not negated:
        raise source.refuse("「?」只能用在 no 后面", place)
    if negated and not any(not p.negated for p in before):
        raise source.refuse("第一条不能是 no：先写要查的事实", place)
    alias = f"no {i}" if negated else found["alias"] or kind
    if alias in kinds or alias in ("as_of", "params"):
        raise source.refuse(f"{alias} 已经用过，请写成 {kind} as 另一个名字", place)
    scope = Scope(alias, {**{a: k for a, k in kinds.items() if not a.startswith("no ")}, alias: kind}, parameters)
    with _Placed(source, (*place, head)):
        condition = parse(text, scope) if text and text.strip() else EVERYTHING
        pattern = Pattern(alias, kind, condition, negated, optional)
        people = [p for p in before if not p.negated and is_personal(p.kind)]
        if is_personal(kind) and (people or negated) and not _stays(condition, alias, {p.alias for p in people}):
            raise ConditionError(f"{kind} 没有按学号、身份证号、考生号或异动编号与前面的事实相连，会把不同的人配在一起")
    return pattern


def joins_people(rule: "Rule") -> bool:
    """Whether every pattern stays with the person of those before it; a rule of which this is not so is not loaded."""
    for place, pattern in enumerate(rule.patterns):
        people = {p.alias for p in rule.patterns[:place] if not p.negated and is_personal(p.kind)}
        if (
            is_personal(pattern.kind)
            and (people or pattern.negated)
            and not _stays(pattern.condition, pattern.alias, people)
        ):
            return False
    return True


def is_personal(kind: str) -> bool:
    """Whether facts of this kind concern one person."""
    return any(name in columns(KINDS[kind]) for name in JOIN_KEYS)


def _stays(condition: Expr, own: str, people: set[str]) -> bool:
    """Whether every way to fulfil the condition joins the own fact to a person bound before it."""
    match condition:
        case And(items):
            return any(_stays(item, own, people) for item in items)
        case Or(items):
            return all(_stays(item, own, people) for item in items)
        case Compare(Term(Ref() as a, ()), "==", Term(Ref() as b, ())):
            mine, theirs = (a, b) if a.alias == own else (b, a)
            return mine.alias == own and theirs.alias in people and _same_space(mine.field, theirs.field)
    return False


def _same_space(a: str, b: str) -> bool:
    return {a, b} <= set(JOIN_KEYS) and not set(spaces(a)).isdisjoint(spaces(b))


def _bound(source: YamlFile, place: Place, text: str, scope: Scope) -> Ref:
    alias, dot, field = text.partition(".")
    with _Placed(source, place):
        if not dot:
            raise ConditionError(f"{text} 要写成 事实.字段")
        if alias not in scope.kinds:
            raise ConditionError(f"规则没有绑定叫 {alias} 的事实{meant(alias, scope.kinds)}")
        return scope.ref(alias, field)


def _check_key(source: YamlFile, per: tuple[Ref, ...]) -> None:
    """A finding's key holds the fields by their names."""
    names = [ref.field for ref in per]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise source.refuse(f"per 里有两个 {name}，结果的键分不清", ("per", i))


def _check_examples(source: YamlFile, file: RuleFile, parameters: Mapping[str, ParameterType]) -> None:
    per = {text.partition(".")[2] for text in file.per}
    for i, example in enumerate(file.examples):
        if example.like is not None and not 1 <= example.like <= i:
            raise source.refuse("like 要指前面的某个例子（1 是第一个）", ("examples", i, "like"))
        if example.as_of is None and example.like is None:
            raise source.refuse("例子缺少 as_of", ("examples", i))
        for name in example.parameters:
            if name not in parameters:
                raise source.refuse(f"规则包没有参数 {name}{meant(name, parameters)}", ("examples", i, "parameters"))
        for kind, rows in example.facts.items():
            if kind not in KINDS:
                raise source.refuse(f"没有叫 {kind} 的事实{meant(kind, KINDS)}", ("examples", i, "facts", kind))
            known = columns(KINDS[kind])
            for n, row in enumerate(rows):
                for field in row:
                    if field not in known:
                        raise source.refuse(
                            f"{kind} 没有字段 {field}{meant(field, known)}", ("examples", i, "facts", kind, n, field)
                        )
        for n, key in enumerate(example.finds):
            if not set(key) <= per:
                raise source.refuse(f"finds 的键应是 {'、'.join(sorted(per))}", ("examples", i, "finds", n))
    if all(e.finds for e in file.examples) or not any(e.finds for e in file.examples):
        raise source.refuse("例子里至少要有一个能查出的和一个查不出的", ("examples",))


def example_facts(file: RuleFile, n: int) -> tuple[date, dict[str, list[dict[str, object]]], dict[str, object]]:
    """as_of, rows by kind, and parameters of the n-th example (from 0), with what it takes over by `like`."""
    example = file.examples[n]
    if example.like is None:
        assert example.as_of is not None
        return example.as_of, dict(example.facts), dict(example.parameters)
    as_of, facts, parameters = example_facts(file, example.like - 1)
    return example.as_of or as_of, {**facts, **example.facts}, {**parameters, **example.parameters}
