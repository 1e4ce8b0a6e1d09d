"""The mutation check notices what a rule's examples don't, and makes no alteration that means the same."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from mutants import mutants
from mutate import Mutation, accepted_in, mutate, of_rule, reported

from rules.errors import RuleError
from rules.pack import Pack, load_pack, load_packs

pytestmark = pytest.mark.slow

ACCEPTED = Path(__file__).with_name("equivalent_mutants.yaml")
PACK = """\
id: school
title: 某校学籍管理规则
version: "1"
regulation: 某校学籍管理办法
parameters:
  grace: {title: 宽限, type: int, value: 14}
  limits: {title: 上限, type: int, shape: table, value: {本科: 2, 专科: 0}}
clauses: [{id: 四-5, text: 休学期满应当复学。}]
procedures: []
"""
RULE = """\
id: TST-01
title: 休学期满未复学
title_en: Leave over
clause: 四-5
severity: error
owner: 二级学院
per: [change.change_no]
when:
  - change: kind == "休学" and issued_on is not None and as_of > until + params.grace
  - student: student_no == change.student_no and status in ["休学", "保留学籍"] and grade > params.limits[level]
  - no change: student_no == change.student_no and effective_on > change.effective_on
message: "{{ change.student_no }}"
remedy: 办理复学
examples:
  - name: 期满后第十五天
    as_of: 2026-11-25
    facts:
      change: [{change_no: C1, student_no: "1", kind: 休学, issued_on: 2025-11-10, until: 2026-11-10}]
      student: [{student_no: "1", status: 休学, level: 本科, grade: 3}]
    finds: [{change_no: C1}]
  - name: 第十四天
    like: 1
    facts: {change: [{change_no: C1, student_no: "1", kind: 休学, issued_on: 2025-11-10, until: 2026-11-11}]}
    finds: []
"""


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Pack]:
    """A pack of one rule, with changes."""

    def made(changes: Mapping[str, str] = {}) -> Pack:
        text = RULE
        for old, new in changes.items():
            assert text.count(old) == 1
            text = text.replace(old, new)
        (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
        (tmp_path / "TST-01.yaml").write_text(text, encoding="utf-8")
        return load_pack(tmp_path)

    return made


def altered(pack: Pack) -> list[str]:
    (rule,) = pack.rules
    return [m.altered for m in mutants(rule, pack.file.parameters, pack.parameters)]


def test_every_comparison_limit_condition_and_negation_is_altered(pack: Callable[..., Pack]) -> None:
    assert altered(pack()) == [
        'change: 去掉 kind == "休学"',
        'change: kind == "休学" → kind != "休学"',
        "change: 去掉 issued_on is not None",
        "change: issued_on is not None → issued_on is None",
        "change: 去掉 as_of > until + params.grace",
        "change: as_of > until + params.grace → as_of >= until + params.grace",
        'student: 去掉 status in ["休学", "保留学籍"]',
        'student: status in ["休学", "保留学籍"] → status not in ["休学", "保留学籍"]',
        'student: status in ["休学", "保留学籍"] → status in ["保留学籍"]',
        'student: status in ["休学", "保留学籍"] → status in ["休学"]',
        "student: 去掉 grade > params.limits[level]",
        "student: grade > params.limits[level] → grade >= params.limits[level]",
        "no change: 整条去掉",
        "no change: 去掉 effective_on > change.effective_on",
        "no change: effective_on > change.effective_on → effective_on >= change.effective_on",
        "params.grace = 14 → 15",
        "params.grace = 14 → 13",
        "params.limits = {'本科': 2, '专科': 0} → {'本科': 3, '专科': 0}",
        "params.limits = {'本科': 2, '专科': 0} → {'本科': 1, '专科': 0}",
        "params.limits = {'本科': 2, '专科': 0} → {'本科': 2, '专科': 1}",
    ]


def test_what_means_the_same_or_is_refused_is_not_made(pack: Callable[..., Pack]) -> None:
    """A field that is compared is there; a date computed from another is missing with it; joins keep the person."""
    made = altered(pack({"issued_on is not None and as_of > until": "until is not None and as_of > until"}))
    assert "change: 去掉 until is not None" not in made
    assert "change: until is not None → until is None" in made
    made = altered(pack({"as_of > until + params.grace": "as_of > mark_due_on and as_of > until + params.grace"}))
    assert "change: 去掉 issued_on is not None" not in made
    assert not any("去掉 student_no == change.student_no" in text for text in made)


def test_whether_a_finding_is_over_is_altered_and_noticed_by_its_severity(pack: Callable[..., Pack]) -> None:
    over = {"owner: 二级学院": 'owner: 二级学院\nover: student.status == "休学"'}
    loaded = pack(over)
    added = ["over: 整条去掉", 'over: student.status == "休学" → student.status != "休学"']
    assert [text for text in altered(loaded) if text.startswith("over")] == added
    assert added == [m.altered for m in of_rule(loaded, loaded.rules[0]) if not m.noticed and m.altered in added]
    stated = pack(over | {"    finds: [{change_no: C1}]": "    finds: [{change_no: C1}]\n    severity: warning"})
    assert not [m.altered for m in of_rule(stated, stated.rules[0]) if not m.noticed and m.altered in added]


def test_limits_written_into_the_rule_are_moved_by_one(pack: Callable[..., Pack]) -> None:
    made = altered(pack({"until + params.grace": "until + 14 - params.grace", "grade >": "grade > 2 and grade >"}))
    assert "change: as_of > until + 14 - params.grace → as_of > until + 15 - params.grace" in made
    assert "change: as_of > until + 14 - params.grace → as_of > until + 13 - params.grace" in made
    assert "student: grade > 2 → grade > 1" in made


def test_examples_that_look_away_are_told(pack: Callable[..., Pack]) -> None:
    loaded = pack()
    survivors = {m.altered for m in of_rule(loaded, loaded.rules[0]) if not m.noticed}
    assert 'change: 去掉 kind == "休学"' in survivors
    assert "no change: 整条去掉" in survivors
    assert "change: as_of > until + params.grace → as_of >= until + params.grace" not in survivors
    assert "params.grace = 14 → 15" not in survivors
    assert "params.grace = 14 → 13" not in survivors


def test_a_rule_that_fails_its_own_examples_is_not_mutated(pack: Callable[..., Pack]) -> None:
    loaded = pack({"until: 2026-11-11": "until: 2026-11-10"})
    with pytest.raises(AssertionError, match="TST-01 例2「第十四天」本身不通过"):
        of_rule(loaded, loaded.rules[0])


@pytest.mark.parametrize("rule_id", ["MOE-271", "MOE-302", "MOE-304", "MOE-305"])
def test_rules_that_may_end_in_withdrawal_are_tight(rule_id: str) -> None:
    (loaded,) = load_packs(["moe-41"])
    found = of_rule(loaded, loaded.rule(rule_id))
    assert len(found) > 15
    assert [m.altered for m in found if not m.noticed] == []


def test_survivors_of_a_pack_are_told_by_file_and_alteration(pack: Callable[..., Pack], tmp_path: Path) -> None:
    pack()
    (found,) = mutate([str(tmp_path)], jobs=1)
    assert "TST-01.yaml：no change: 整条去掉" in reported(found, {}, whole=True)


def test_an_unknown_rule_is_refused(pack: Callable[..., Pack], tmp_path: Path) -> None:
    pack()
    with pytest.raises(RuleError, match="TST-02"):
        list(mutate([str(tmp_path)], ids=["TST-02"]))


def test_a_reviewed_alteration_is_passed_over_and_a_stale_one_is_told() -> None:
    survivor = Mutation("TST-01", Path("TST-01.yaml"), "no change: 整条去掉", noticed=False)
    noticed = Mutation("TST-01", Path("TST-01.yaml"), "params.grace = 14 → 15", noticed=True)
    reviewed = {"TST-01": {survivor.altered: "这一处不起作用"}}
    assert reported([survivor, noticed], reviewed, whole=True) == []
    stale = {"TST-01": {survivor.altered: "这一处不起作用", noticed.altered: "这一处不起作用"}}
    told = ["TST-01 的「params.grace = 14 → 15」已不存在或已被例子发现，请从清单中删去"]
    assert reported([survivor, noticed], stale, whole=True) == told
    assert reported([survivor, noticed], stale, whole=False) == []


def test_every_entry_of_the_reviewed_list_says_why(tmp_path: Path) -> None:
    (loaded,) = load_packs(["xjtei-2020"])
    accepted = accepted_in(ACCEPTED)
    assert set(accepted) == {"ADM-08", "MRK-08", "REG-07", "TRF-01", "WDR-05"}
    trf_01 = {"TRF-01": accepted["TRF-01"]}
    assert reported(of_rule(loaded, loaded.rule("TRF-01")), trf_01, whole=True) == []
    empty = tmp_path / "accepted.yaml"
    empty.write_text("TRF-01:\n  没有这一处:\n", encoding="utf-8")
    with pytest.raises(RuleError, match="TRF-01 下应写「改动: 理由」"):
        accepted_in(empty)
