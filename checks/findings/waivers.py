"""Waivers: findings that somebody answers for, until a day. They stay on the list, and stop counting.

A waiver with a head count is an accepted number, not a licence: where more is found than that, all of it counts again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from checks.findings.fingerprints import fingerprint
from checks.results import CheckResult, Finding, Note, Waived
from facts.model.refusal import Fault, fault_of, meant, why
from facts.model.values import parse_academic_year, parse_term
from facts.reading.userfile import read_toml
from rules.errors import RuleError
from rules.model import Line
from rules.yamlfile import read_yaml


class Waiver(BaseModel):
    """`key` may name some of the rule's `per` fields; without key and fingerprint it is for the whole rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Line
    key: dict[str, str] | None = Field(default=None, min_length=1)
    fingerprint: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
    reason: Line
    approver: Line
    until: date
    """The last day on which it holds."""
    count: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _aimed(self) -> "Waiver":
        if self.key is not None and self.fingerprint is not None:
            raise ValueError("key 和 fingerprint 只写一个")
        if self.key is None and self.fingerprint is None and self.count is None:
            raise ValueError("没有 key 也没有 fingerprint 的豁免是整条规则的，要写 count（认可的项数）")
        return self

    @property
    def name(self) -> str:
        what = [f"{field}={value}" for field, value in (self.key or {}).items()]
        what += [self.fingerprint[:8]] if self.fingerprint else []
        return f"{self.rule}（{'，'.join(what)}）" if what else self.rule


def load_waivers(path: Path, rules: Mapping[str, Collection[str]]) -> tuple[Waiver, ...]:
    """The list `waivers` of a YAML or TOML file, in its order; `rules`: id → the fields that its keys have (`per`).
    RuleError for anything that can't be used."""
    data, refuse = _read(path)
    if not isinstance(data, Mapping) or set(data) != {"waivers"} or not isinstance(data["waivers"], list):
        raise refuse("豁免文件只有一项 waivers，是豁免的列表", ())
    result = []
    for place, entry in enumerate(data["waivers"]):
        try:
            waiver = Waiver.model_validate(entry)
        except ValidationError as errors:
            fault = fault_of(errors, Waiver)
            raise refuse(f"第 {place + 1} 项豁免{_explained(fault)}", ("waivers", place, *fault.place)) from None
        if waiver.rule not in rules:
            raise refuse(
                f"第 {place + 1} 项豁免：没有规则 {waiver.rule}{meant(waiver.rule, rules)}", ("waivers", place)
            )
        for name in waiver.key or ():
            if name not in rules[waiver.rule]:
                said = f"第 {place + 1} 项豁免：{waiver.rule} 的 key 没有 {name}{meant(name, rules[waiver.rule])}"
                raise refuse(said, ("waivers", place, "key", name))
        result.append(waiver.model_copy(update={"key": _as_read(waiver.key)}) if waiver.key else waiver)
    return tuple(result)


_FORMS: Mapping[str, Callable[[str], str]] = {"term": parse_term, "academic_year": parse_academic_year}


def _as_read(key: Mapping[str, str]) -> dict[str, str]:
    """Terms and academic years in the form in which findings have them, however the waiver writes them."""
    found = dict(key)
    for field in _FORMS.keys() & found.keys():
        with suppress(ValueError):
            found[field] = _FORMS[field](found[field])
    return found


def waived(result: CheckResult, waivers: Sequence[Waiver], secret: bytes) -> CheckResult:
    """The result with the state of what is waived; waivers that ran out, were outgrown or match nothing are noted."""
    findings = list(result.findings)
    places: dict[str, list[int]] = {}
    for place, finding in enumerate(findings):
        places.setdefault(finding.rule, []).append(place)
    concluded = {rule.id for rule in result.rules if rule.concluded}
    said: list[Note] = []
    for waiver in waivers:
        found = [place for place in places.get(waiver.rule, ()) if _matches(waiver, findings[place], secret)]
        if waiver.until < result.as_of:
            again = f"，{len(found)}项重新计入" if found else ""
            said.append(Note("waiver expired", f"豁免 {waiver.name} 已于{waiver.until}到期，不再适用{again}"))
        elif not found and waiver.rule in concluded:
            said.append(Note("waiver unused", f"豁免 {waiver.name} 没有对上任何问题，可以撤销"))
        elif waiver.count is not None and len(found) > waiver.count:
            grown = f"认可{waiver.count}项，现有{len(found)}项，已超出，全部重新计入"
            said.append(Note("waiver outgrown", f"豁免 {waiver.name} {grown}"))
        else:
            why = Waived(waiver.reason, waiver.approver, waiver.until)
            for place in found:
                if findings[place].waiver is None:
                    findings[place] = replace(findings[place], state="waived", waiver=why)
    return replace(result, findings=tuple(findings), notes=(*result.notes, *said))


def waived_as(result: CheckResult, other: CheckResult) -> CheckResult:
    """`other`, the same check for another kind of reader, with the waivers of `result`."""
    findings = tuple(
        replace(same, state=finding.state, waiver=finding.waiver)
        for finding, same in zip(result.findings, other.findings, strict=True)
    )
    return replace(other, findings=findings, notes=result.notes)


def _matches(waiver: Waiver, finding: Finding, secret: bytes) -> bool:
    if waiver.fingerprint is not None:
        return waiver.fingerprint == finding.fingerprint
    if waiver.key is None:
        return True
    # A whole key is compared unmasked, through the fingerprint; a part of one only where nothing is masked.
    return fingerprint(secret, finding.rule, waiver.key) == finding.fingerprint or all(
        finding.key.get(field) == value and "*" not in value for field, value in waiver.key.items()
    )


def _read(path: Path) -> tuple[Any, Callable[[str, tuple[str | int, ...]], RuleError]]:
    try:
        path.stat()
        if path.suffix.lower() != ".toml":
            source = read_yaml(path)
            return source.data, source.refuse
        data = read_toml(path)
    except OSError as error:
        raise RuleError(f"豁免文件 {path} 读不了：{why(error)}") from None
    except ValueError as error:
        raise RuleError(f"不是合法的 TOML：{error}", path) from None
    return data, lambda message, _place: RuleError(message, path)


def _explained(fault: Fault) -> str:
    if fault.value in ("", None) and fault.place in (("approver",), ("until",)):
        return f"还没有填写 {fault.name}（批准人和期限都要填），没有人批准的豁免不能用；不同意的，删去该项"
    match fault.kind:
        case "missing":
            return fault.clause()
        case "unknown":
            return f"的 {fault.name} 不认得，可用的有：{'、'.join(fault.known)}"
        case "refused":
            return f"：{fault.reason}"
    return f"的 {fault.name} 写法不对：{fault.value!r}"
