"""A rule pack: a folder with pack.yaml (clauses, parameters, procedures) and one YAML file a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from facts.model.computed import KINDS
from facts.model.patterns import fault
from facts.model.refusal import fault_of, meant
from facts.model.schema import ColumnType, columns
from facts.model.tables import Change
from rules.condition import ParameterType
from rules.errors import RuleError
from rules.model import InForce, PackFile, Parameter
from rules.rule import Rule, cause_of, clause_ids, load_rule
from rules.yamlfile import YamlFile, read_yaml

BUILT_IN = Path(__file__).parent / "packs"
DEFAULT = "xjtei-2020"


@dataclass(frozen=True)
class Pack:
    file: PackFile
    folder: Path
    rules: tuple[Rule, ...]
    """In the order of their ids."""
    parameters: Mapping[str, Any]
    """Values in force: the pack's, with what the school sets in its configuration."""

    def rule(self, rule_id: str) -> Rule:
        return find_rule((self,), rule_id)[1]

    def covering(self, clause: str) -> tuple[str, ...]:
        """Ids of the rules that stand for a clause."""
        return tuple(r.id for r in self.rules if clause in clause_ids(r.file.clause))


def load_pack(
    folder: Path = BUILT_IN / DEFAULT, more: Iterable[Path] = (), own: Mapping[str, Any] | None = None
) -> Pack:
    """Reads a pack, further folders of rules on top of it, and the school's own parameter values.

    RuleError for anything that can't be used: nothing is skipped in silence.
    """
    source = read_yaml(folder / "pack.yaml")
    try:
        file = PackFile.model_validate(source.data)
    except ValidationError as errors:
        fault = fault_of(errors, PackFile)
        raise source.refuse(fault.clause(), fault.place) from None
    _check_procedures(source, file)
    _check_values(source, file)
    types = {name: parameter_type(p) for name, p in file.parameters.items()}
    clauses = {clause.id: clause for clause in file.clauses}
    rules: dict[str, Rule] = {}
    for path in (*_rule_files(folder), *(p for other in more for p in _rule_files(other))):
        rule = load_rule(path, file.id, types, clauses)
        if rule.id in rules:
            raise RuleError(f"规则 {rule.id} 已在 {_shown(rules[rule.id].path)} 定义，一个编号只能有一条规则", path, 1)
        rules[rule.id] = rule
    _check_uses(source, file, rules)
    values = {name: in_force(p, p.value) for name, p in file.parameters.items()}
    _check_listed(values, source)
    for name, value in (own or {}).items():
        values[name] = _own_value(name, value, file.parameters)
    _check_listed(values)
    return Pack(file, folder, tuple(rules[i] for i in sorted(rules)), values)


def load_packs(
    names: Iterable[str | Path] = (),
    more: Iterable[Path] = (),
    own: Mapping[str, Any] | None = None,
    own_of: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[Pack, ...]:
    """The packs named, each by its id or its folder, in that order; DEFAULT alone where none is named.

    Folders of further rules go on top of the first pack. `own` holds for every pack that knows the parameter, `own_of`
    (pack id → values) for one pack only and before `own`. RuleError as for `load_pack`, and where two packs have one id
    or one rule id, for rules are named by it alone in waivers and in --select.
    """
    folders = [_pack_folder(name) for name in names] or [BUILT_IN / DEFAULT]
    for place, folder in enumerate(folders):
        if folder.resolve() in [other.resolve() for other in folders[:place]]:
            raise RuleError(f"规则包 {folder.name} 给了两次，请只写一次 --pack")
    packs = [load_pack(folder, more if place == 0 else ()) for place, folder in enumerate(folders)]
    pack_of: dict[str, str] = {}
    for pack in packs:
        for name in (pack.file.id, *(rule.id for rule in pack.rules)):
            if name in pack_of:
                raise RuleError(f"「{name}」在规则包 {pack_of[name]} 和 {pack.file.id} 中都有，不能同时使用")
            pack_of[name] = pack.file.id
    _check_causes(packs)
    known = {name: parameter for pack in packs for name, parameter in pack.file.parameters.items()}
    for name, value in (own or {}).items():
        _own_value(name, value, known)
    for pack_id in own_of or {}:
        if pack_id not in [pack.file.id for pack in packs] and not (BUILT_IN / pack_id).is_dir():
            raise RuleError(f"配置里的规则包 {pack_id} 不存在{meant(pack_id, built_in())}")
    return tuple(
        with_parameters(
            pack,
            {name: value for name, value in (own or {}).items() if name in pack.file.parameters}
            | dict((own_of or {}).get(pack.file.id, {})),
        )
        for pack in packs
    )


def find_rule(packs: Iterable[Pack], rule_id: str) -> tuple[Pack, Rule]:
    """The rule of that id with its pack; RuleError where none has it."""
    packs = tuple(packs)
    for pack in packs:
        for rule in pack.rules:
            if rule.id == rule_id:
                return pack, rule
    raise RuleError(f"没有规则 {rule_id}{meant(rule_id, [r.id for pack in packs for r in pack.rules])}")


def built_in() -> list[str]:
    """Ids of the packs that come with the program."""
    return sorted(path.parent.name for path in BUILT_IN.glob("*/pack.yaml"))


def _pack_folder(name: str | Path) -> Path:
    shipped = BUILT_IN / name if isinstance(name, str) and "/" not in name and "\\" not in name else None
    if shipped and (shipped / "pack.yaml").is_file():
        return shipped
    folder = Path(name)
    if not (folder / "pack.yaml").is_file():
        raise RuleError(
            f"没有规则包 {name}{meant(str(name), built_in())}；也可以写规则包所在的文件夹（内有 pack.yaml）"
        )
    return folder


def with_parameters(pack: Pack, own: Mapping[str, Any]) -> Pack:
    """The pack with other parameter values, checked as those of a configuration are."""
    changed = {name: _own_value(name, value, pack.file.parameters) for name, value in own.items()}
    _check_listed(changed)
    return replace(pack, parameters={**pack.parameters, **changed})


def parameter_type(parameter: Parameter) -> ParameterType:
    return ParameterType(ColumnType("text" if parameter.type == "pattern" else parameter.type), parameter.shape)


def _rule_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise RuleError(f"规则文件夹 {folder} 不存在")
    found = sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml") and p.name != "pack.yaml")
    if not found:
        raise RuleError(f"规则文件夹 {folder} 里没有规则文件（*.yaml）")
    return found


def _shown(path: Path) -> str:
    return "/".join(path.parts[-2:])


def _own_value(name: str, value: Any, known: Mapping[str, Parameter]) -> Any:
    if name not in known:
        raise RuleError(f"配置里的参数 {name} 不在规则包中{meant(name, known)}")
    table = known[name].value
    if known[name].shape == "table" and isinstance(value, int | str) and isinstance(table, Mapping):
        value = dict.fromkeys(table, value)  # one value holds for all that the pack's table names
    if not _fits(known[name], value):
        raise RuleError(f"配置里的参数 {name}（{known[name].title}）写法不对，{_form(known[name])}")
    if wrong := _unusable(known[name], value):
        raise RuleError(f"配置里的参数 {name}（{known[name].title}）写作「{value[:60]}」，{wrong}")
    return in_force(known[name], value)


def _unusable(parameter: Parameter, value: Any) -> str | None:
    """Why a value of the right form can't be used all the same."""
    return fault(value) if parameter.type == "pattern" and value is not None else None


def _fits(parameter: Parameter, value: Any) -> bool:
    def plain(item: object) -> bool:
        if isinstance(item, bool):
            return False
        match parameter.type:
            case "int":
                return isinstance(item, int) and parameter.least <= item <= parameter.most
            case "money":
                yuan = _yuan(item)
                return yuan is not None and parameter.least <= yuan <= parameter.most
            case "date":
                return _day(item) is not None
        return isinstance(item, str)

    match parameter.shape:
        case "one":
            return value is None or plain(value)
        case "list":
            return isinstance(value, list) and all(map(plain, value))
        case _:
            return isinstance(value, dict) and all(map(plain, value.values()))


def in_force(parameter: Parameter, value: Any) -> Any:
    """A value of the right form as rules read it: days as dates, money as yuan exact to the fen."""

    def read(item: Any) -> InForce | None:
        match parameter.type:
            case "money":
                return _yuan(item)
            case "date":
                return _day(item)
        return item  # type: ignore[no-any-return]  # `_fits` has looked at it

    match value:
        case None:
            return None
        case list():
            return [read(item) for item in value]
        case dict():
            return {key: read(item) for key, item in value.items()}
    return read(value)


def _yuan(item: object) -> Decimal | None:
    """An amount as YAML and TOML write it; None where it is none, or isn't exact to the fen."""
    if not isinstance(item, int | float | str | Decimal):
        return None
    try:
        yuan = Decimal(str(item))
        return yuan.quantize(Decimal("0.01")) if yuan == round(yuan, 2) else None
    except (InvalidOperation, ValueError):
        return None


def _day(item: object) -> date | None:
    """A day, or its text in ISO form."""
    if isinstance(item, str):
        try:
            return date.fromisoformat(item)
        except ValueError:
            return None
    return item if isinstance(item, date) and not isinstance(item, datetime) else None


def _form(parameter: Parameter) -> str:
    """How a parameter's value is written."""
    around = {"one": "应是", "list": "应是列表，每项是", "table": "应是表，每个值是"}
    written = {
        "int": f" {parameter.least} 到 {parameter.most} 的整数",
        "money": f" {parameter.least} 到 {parameter.most} 的金额（元，精确到分）",
        "date": '日期，如 "2020-05-14"',
    }
    return around[parameter.shape] + written.get(parameter.type, "加引号的文本")


def _check_values(source: YamlFile, file: PackFile) -> None:
    for name, parameter in file.parameters.items():
        if not _fits(parameter, parameter.value):
            raise source.refuse(
                f"参数 {name}（{parameter.title}）的值写法不对，{_form(parameter)}", ("parameters", name, "value")
            )
        if wrong := _unusable(parameter, parameter.value):
            raise source.refuse(f"参数 {name}（{parameter.title}）{wrong}", ("parameters", name, "value"))


def _check_listed(values: Mapping[str, Any], source: YamlFile | None = None) -> None:
    """Parameters that list columns to look at name columns of that table; `source`: the pack's file, whose they are."""
    for model in KINDS.values():
        known = {name: column for name, column in columns(model).items() if not column.computed}
        for listed in {c.looks_at for c in columns(model).values() if c.looks_at} & values.keys():
            for name in values[listed] or ():
                if name in known:
                    continue
                message = f"参数 {listed} 里的 {name} 不是{model.about.heading}表的字段{meant(name, known)}"
                raise source.refuse(message, ("parameters", listed)) if source else RuleError(f"配置里的{message}")


def _check_procedures(source: YamlFile, file: PackFile) -> None:
    known = columns(Change)
    kinds: set[str] = set()
    for i, procedure in enumerate(file.procedures):
        for kind in procedure.kinds:
            if kind not in known["kind"].codes or kind in kinds:
                raise source.refuse(f"程序的异动类别 {kind} 写了两次或不在代码表中", ("procedures", i))
            kinds.add(kind)
        for n, step in enumerate(procedure.steps):
            if step.field not in known or known[step.field].type is not ColumnType.DATE:
                raise source.refuse(
                    f"change 没有日期字段 {step.field}{meant(step.field, known)}", ("procedures", i, "steps", n)
                )


def _check_uses(source: YamlFile, file: PackFile, rules: Mapping[str, Rule]) -> None:
    """Every clause is covered or says why not; every parameter decides something."""
    used = {name for rule in rules.values() for name in rule.parameters}
    used |= {name for kind in KINDS.values() for column in columns(kind).values() for name in column.parameters}
    for name in file.parameters:
        if name not in used:
            raise source.refuse(f"参数 {name} 没有规则用到", ("parameters", name))
    for rule in rules.values():
        for i, cause in enumerate(rule.file.follows):
            pack, name = cause_of(cause, file.id)
            if pack != file.id:
                continue  # `load_packs` knows whether that pack is there
            if name not in rules:
                raise read_yaml(rule.path).refuse(f"follows 里的 {cause} 不存在{meant(name, rules)}", ("follows", i))
            if name == rule.id:
                raise read_yaml(rule.path).refuse("follows 里不能有规则自己", ("follows", i))


def _check_causes(packs: Iterable[Pack]) -> None:
    """Every rule of another pack that is followed exists, where that pack is loaded."""
    rules = {pack.file.id: [rule.id for rule in pack.rules] for pack in packs}
    for pack in packs:
        for rule in pack.rules:
            for i, cause in enumerate(rule.file.follows):
                other, name = cause_of(cause, pack.file.id)
                if other in rules and name not in rules[other]:
                    raise read_yaml(rule.path).refuse(
                        f"follows 里的 {cause} 不存在{meant(name, rules[other])}", ("follows", i)
                    )
