"""A rule, a pack and their files as a school would write them, to be spoilt in one place."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from facts.model.schema import ColumnType
from rules.condition import ParameterType
from rules.errors import RuleError
from rules.rule import Rule, load_rule

RULE = """\
id: TST-01
title: 休学期满未复学
title_en: Leave over
clause: 四-5
severity: error
owner: 二级学院
per: [change.change_no]
when:
  - change: kind == "休学" and until < as_of
  - student: student_no == change.student_no and status == "休学"
  - no change: student_no == change.student_no and effective_on > change.effective_on
due: change.until
message: "{{ change.student_no }}的{{ change.kind }}已于{{ change.until }}期满"
remedy: 办理复学
follows: []
examples:
  - name: 昨天期满
    as_of: 2026-11-25
    facts:
      change: [{change_no: C1, student_no: "1", kind: 休学, until: 2026-11-24}]
      student: [{student_no: "1", status: 休学}]
    finds: [{change_no: C1}]
  - name: 今天期满还没有过
    like: 1
    facts: {change: [{change_no: C1, student_no: "1", kind: 休学, until: 2026-11-25}]}
    finds: []
"""

PACK = """\
id: school
title: 某校学籍管理规则
version: "1"
regulation: 某校学籍管理办法
parameters: {}
clauses:
  - id: 四-5
    text: |-
      5.休学
      休学期满应当复学。
procedures: []
"""

TYPES = {
    "days": ParameterType(ColumnType.INT),
    "limits": ParameterType(ColumnType.INT, "table"),
    "kinds": ParameterType(ColumnType.TEXT, "list"),
    "numbers": ParameterType(ColumnType.INT, "list"),
}


def spoilt(text: str, changes: Mapping[str, str]) -> str:
    """The text with each of `changes` made; each must fit exactly one place."""
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which `part` begins."""
    assert part in text
    return text[: text.index(part)].count("\n") + 1


Loader = Callable[..., Rule]
Refused = Callable[..., RuleError]


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    """Writes TST-01.yaml, the rule with changes, and loads it."""

    def loaded(changes: Mapping[str, str] = {}, name: str = "TST-01.yaml") -> Rule:
        path = tmp_path / name
        path.write_text(spoilt(RULE, changes), encoding="utf-8")
        return load_rule(path, "school", TYPES, {"四-5": None, "四-6": None})

    return loaded


@pytest.fixture
def refused(load: Loader) -> Refused:
    """The refusal of the rule with changes, after a look at the file and the line it names: those of `at`."""

    def refusal(changes: Mapping[str, str], at: str) -> RuleError:
        with pytest.raises(RuleError) as caught:
            load(changes)
        error = caught.value
        assert error.path is not None
        assert error.path.name == "TST-01.yaml"
        assert error.line == line_of(spoilt(RULE, changes), at)
        assert str(error) == f"TST-01.yaml 第 {error.line} 行：{error.message}"
        return error

    return refusal


@pytest.fixture
def school(tmp_path: Path) -> Callable[..., Path]:
    """Writes a pack of one rule to a folder, pack.yaml and rule with changes, and more files."""

    def written(pack: Mapping[str, str] = {}, rule: Mapping[str, str] = {}, more: Mapping[str, str] = {}) -> Path:
        folder = tmp_path / "pack"
        files = {"pack.yaml": spoilt(PACK, pack), "4/TST-01.yaml": spoilt(RULE, rule), **more}
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return written
