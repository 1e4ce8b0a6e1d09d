"""A pack is whole or it is refused: clauses, parameters, procedures, rules, and what a school sets otherwise."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facts.model.refusal import meant
from rules.errors import RuleError
from rules.pack import BUILT_IN, DEFAULT, Pack, load_pack, load_packs, with_parameters

School = Callable[..., Path]
PARAMETERS = """\
parameters:
  grace:
    title: 宽限
    type: int
    value: 14
  limits:
    title: 上限
    type: int
    shape: table
    value: {休学: 2}
  leaves:
    title: 休假
    type: text
    shape: list
    value: [休学]
  pattern:
    title: 文号的写法
    type: text
    value: null
"""
USES = {
    'kind == "休学" and until < as_of': 'kind in params.leaves and until < as_of - params.grace\n'
    "      and workdays_left < params.limits[kind] and document_no != params.pattern"
}  # fmt: skip
PROCEDURE = """\
procedures:
  - kinds: [休学]
    steps:
      - {field: applied_on, title: 申请, by: 学生, office: 二级学院}
"""
OTHER = {"id: TST-01": "id: TST-02"}


def refusal(folder: Path, **given: Any) -> RuleError:
    with pytest.raises(RuleError) as caught:
        load_pack(folder, **given)
    return caught.value


@pytest.fixture(scope="module")
def built_in() -> Pack:
    return load_pack()


def test_the_pack_of_the_regulation_is_whole(built_in: Pack) -> None:
    assert built_in.folder == BUILT_IN / DEFAULT
    assert [r.id for r in built_in.rules] == sorted({r.id for r in built_in.rules})
    assert built_in.parameters["review_days"] == 14
    assert built_in.parameters["repeat_limit"] == {"本科": 2, "专科": 1}
    assert {kind for p in built_in.file.procedures for kind in p.kinds} == {
        "休学", "保留学籍", "复学", "留级", "转专业", "转入", "转出", "自愿退学", "自动退学", "取消学籍",
        "开除学籍",
    }  # fmt: skip
    assert built_in.file.version == "2026.2"
    assert len(built_in.rules) == 84


def test_every_rule_stands_in_the_folder_of_its_chapter(built_in: Pack) -> None:
    chapters = {"三": "3", "四": "4", "五": "5", "附": "5"}
    for rule in built_in.rules:
        assert rule.path.parent.name[0] == chapters[rule.file.clause[0]], rule.id


def test_rules_that_stand_for_a_clause_are_found_by_it(built_in: Pack) -> None:
    assert "REG-01" in built_in.covering("四-2")
    assert {"REG-07", "MRK-01"} - set(built_in.covering("附表4")) == {"MRK-01"}
    assert built_in.covering("一") == ()


def test_a_clause_in_the_regulation_is_covered_or_says_why_not(built_in: Pack) -> None:
    """Both at once would contradict each other."""
    for clause in built_in.file.clauses:
        assert not (clause.uncovered and built_in.covering(clause.id)), clause.id


def test_an_unknown_rule_is_refused_with_the_one_that_was_meant(built_in: Pack) -> None:
    assert built_in.rule("REG-01").id == "REG-01"
    with pytest.raises(RuleError, match=r"^没有规则 REG-1，是不是 REG-\d\d？$"):
        built_in.rule("REG-1")


def test_a_school_has_further_rules_in_a_folder_of_its_own(school: School, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    folder = school()
    text = (folder / "4" / "TST-01.yaml").read_text(encoding="utf-8")
    (own / "TST-02.yml").write_text(text.replace("id: TST-01", "id: TST-02"), encoding="utf-8")
    assert [r.id for r in load_pack(folder, more=[own]).rules] == ["TST-01", "TST-02"]


def test_one_id_has_one_rule(school: School, tmp_path: Path) -> None:
    folder = school()
    twin = tmp_path / "own" / "TST-01.yaml"
    twin.parent.mkdir()
    twin.write_bytes((folder / "4" / "TST-01.yaml").read_bytes())
    error = refusal(folder, more=[twin.parent])
    assert str(error) == "TST-01.yaml 第 1 行：规则 TST-01 已在 4/TST-01.yaml 定义，一个编号只能有一条规则"
    assert error.path == twin


def test_a_folder_without_rules_is_refused(school: School, tmp_path: Path) -> None:
    assert str(refusal(school(), more=[tmp_path / "没有"])) == f"规则文件夹 {tmp_path / '没有'} 不存在"
    (tmp_path / "空").mkdir()
    assert str(refusal(school(), more=[tmp_path / "空"])) == f"规则文件夹 {tmp_path / '空'} 里没有规则文件（*.yaml）"
    assert str(refusal(tmp_path / "没有")).startswith("pack.yaml：读不了：")


@pytest.mark.parametrize(
    ("changes", "line", "said"),
    [
        ({"title: 某校学籍管理规则\n": ""}, 1, "缺少 title"),
        ({"version:": "versoin:"}, 1, "缺少 version"),
        ({"id: school": "id: School"}, 1, "id 的写法不对：School"),
        ({"regulation: 某校学籍管理办法": "regulation: 某校学籍管理办法\nregulatoin: x"}, 5,
         "不认得 regulatoin，是不是 regulation？"),
        ({"    text: |-": "    texts: x\n    text: |-"}, 8, "不认得 clauses.0.texts，是不是 text？"),
        ({"parameters: {}\n": PARAMETERS.replace("title: 宽限", "titel: 宽\n    title: 宽限")}, 7,
         "不认得 parameters.grace.titel，是不是 title？"),
        ({"parameters: {}\n": PARAMETERS.replace("type: int\n    value: 14", "type: day\n    value: 14")}, 8,
         "parameters.grace.type 只能是 int、date、money、text"),
        ({"parameters: {}\n": PARAMETERS.replace("value: 14", "value: 两周")}, 9,
         "参数 grace（宽限）的值写法不对，应是 0 到 100000 的整数"),
        ({"parameters: {}\n": PARAMETERS.replace("{休学: 2}", "{休学: -1}")}, 14,
         "参数 limits（上限）的值写法不对，应是表，每个值是 0 到 100000 的整数"),
        ({"parameters: {}\n": PARAMETERS.replace("[休学]", "休学")}, 19,
         "参数 leaves（休假）的值写法不对，应是列表，每项是加引号的文本"),
        ({"procedures: []\n": PROCEDURE.replace("[休学]", "[修学]")}, 12, "程序的异动类别 修学 写了两次或不在代码表中"),
        ({"procedures: []\n": PROCEDURE.replace("[休学]", "[休学, 休学]")}, 12,
         "程序的异动类别 休学 写了两次或不在代码表中"),
        ({"procedures: []\n": PROCEDURE.replace("applied_on", "aplied_on")}, 14,
         "change 没有日期字段 aplied_on，是不是 applied_on？"),
        ({"procedures: []\n": PROCEDURE.replace("applied_on", "reason")}, 14,
         "change 没有日期字段 reason，是不是 reason？"),
    ],
)  # fmt: skip
def test_a_pack_file_that_cannot_be_used_is_refused(
    school: School, changes: Mapping[str, str], line: int, said: str
) -> None:
    error = refusal(school(changes))
    assert str(error).startswith(f"pack.yaml 第 {line} 行：{said}")


def test_a_parameter_that_decides_nothing_is_refused(school: School) -> None:
    error = refusal(school({"parameters: {}\n": PARAMETERS}))
    assert str(error) == "pack.yaml 第 6 行：参数 grace 没有规则用到"
    assert set(load_pack(school({"parameters: {}\n": PARAMETERS}, USES)).parameters) == {
        "grace", "limits", "leaves", "pattern",
    }  # fmt: skip


def test_a_parameter_of_a_computed_field_is_used(school: School) -> None:
    days = "parameters: {mark_workdays: {title: 期限, type: int, value: 15}}\n"
    assert load_pack(school({"parameters: {}\n": days})).parameters == {"mark_workdays": 15}


@pytest.mark.parametrize(
    ("follows", "said"),
    [
        ("follows: [TST-03]", "follows 里的 TST-03 不存在，是不是 TST-01？"),
        ("follows:\n  - TST-01", "follows 里不能有规则自己"),
    ],
)
def test_a_rule_follows_another_rule_that_is_there(school: School, follows: str, said: str) -> None:
    error = refusal(school(rule={"follows: []": follows}))
    assert error.message == said
    assert error.path is not None
    assert error.path.name == "TST-01.yaml"
    assert error.line == (16 if "\n" in follows else 15)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"grcae": 3}, "配置里的参数 grcae 不在规则包中，是不是 grace？"),
        *(
            ({"grace": wrong}, "配置里的参数 grace（宽限）写法不对，应是 0 到 100000 的整数")
            for wrong in ("14", 14.5, True, -1, 10**18, [14], {"休学": 14})
        ),
        *(
            ({"limits": wrong}, "配置里的参数 limits（上限）写法不对，应是表，每个值是 0 到 100000 的整数")
            for wrong in ("2", [2], {"休学": "2"}, {"休学": None}, None)
        ),
        *(
            ({"leaves": wrong}, "配置里的参数 leaves（休假）写法不对，应是列表，每项是加引号的文本")
            for wrong in ("休学", ["休学", 1], {"休学": 1}, None)
        ),
        ({"pattern": 7}, "配置里的参数 pattern（文号的写法）写法不对，应是加引号的文本"),
    ],
)
def test_a_school_value_of_the_wrong_form_is_refused(school: School, own: Mapping[str, Any], said: str) -> None:
    folder = school({"parameters: {}\n": PARAMETERS}, USES)
    assert str(refusal(folder, own=own)) == said
    with pytest.raises(RuleError, match=r"^配置里的参数"):
        with_parameters(load_pack(folder), own)


CODING = PARAMETERS.replace("title: 文号的写法\n    type: text", "title: 文号的写法\n    type: pattern")


def test_a_coding_rule_that_cannot_be_used_is_refused_with_the_reason(school: School) -> None:
    folder = school({"parameters: {}\n": CODING}, USES)
    assert str(refusal(folder, own={"pattern": "([0-9]{10}"})) == (
        "配置里的参数 pattern（文号的写法）写作「([0-9]{10}」，不是可用的正则表达式（括号没有配对）"
    )
    assert load_pack(folder, own={"pattern": "[0-9]{10}"}).parameters["pattern"] == "[0-9]{10}"


def test_a_coding_rule_of_the_pack_itself_is_looked_at_too(school: School) -> None:
    error = refusal(school({"parameters: {}\n": CODING.replace("value: null", 'value: "["')}, USES))
    assert "参数 pattern（文号的写法）不是可用的正则表达式（方括号没有配对）" in str(error)


def test_a_school_sets_values_of_its_own(school: School) -> None:
    folder = school({"parameters: {}\n": PARAMETERS}, USES)
    own = {"grace": 0, "limits": {"休学": 3}, "leaves": ["复学"], "pattern": "X"}
    assert load_pack(folder, own=own).parameters == own
    assert load_pack(folder, own={"grace": None}).parameters["grace"] is None, "unset"
    assert with_parameters(load_pack(folder), own).parameters == own
    assert load_pack(folder, own={"limits": 3}).parameters["limits"] == {"休学": 3}, "one number for every key"


def test_what_was_meant_is_said_where_it_is_near() -> None:
    assert meant("studnet", ["student", "change"]) == "，是不是 student？"
    assert meant("zz", ["b", "a"]) == "，可用的有：a、b"
    assert meant("zz", [str(i) for i in range(41)]) == ""
    assert meant("zz", []) == ""
    assert str(RuleError("不行")) == "不行"


@pytest.mark.slow
def test_the_fields_to_look_at_are_fields_of_that_table(built_in: Pack) -> None:
    own = load_pack(own={"admission_fields": ["sex", "review"]})
    assert own.parameters["admission_fields"] == ["sex", "review"]
    for name, near in (("tiket_no", "，是不是 ticket_no？"), ("blank_fields", "")):
        with pytest.raises(RuleError, match=f"^配置里的参数 admission_fields 里的 {name} 不是迎新表的字段{near}"):
            load_pack(own={"admission_fields": ["sex", name]})
        with pytest.raises(RuleError, match=f"参数 admission_fields 里的 {name} 不是迎新表的字段"):
            with_parameters(built_in, {"admission_fields": [name]})


FIGURES = """\
parameters:
  since:
    title: 起算日
    type: date
    value: 2020-05-14
  least:
    title: 最低金额
    type: money
    unit: 元
    basis: 校内
    most: 1000
    value: 1.5
  terms:
    title: 各层次期限
    type: int
    shape: table
    value: {本科: 2}
"""
FIGURE_RULE = {
    "  - student: student_no": "  - fee_account: student_no == change.student_no and owed >= params.least\n"
    "  - student: student_no"
}


def test_days_and_money_are_read_as_such(school: School) -> None:
    uses = {
        'kind == "休学" and until < as_of': "until < as_of and issued_on >= params.since"
        " and workdays_left < params.terms[kind]"
    }
    folder = school({"parameters: {}\n": FIGURES}, uses | FIGURE_RULE)
    assert load_pack(folder).parameters == {"since": date(2020, 5, 14), "least": Decimal("1.50"), "terms": {"本科": 2}}
    own = load_pack(folder, own={"since": "2021-09-01", "least": "20", "terms": {"专科": 1}}).parameters
    assert own == {"since": date(2021, 9, 1), "least": Decimal("20.00"), "terms": {"专科": 1}}
    for name, value, form in (
        ("since", "2021年", '应是日期，如 "2020-05-14"'),
        ("since", 2021, '应是日期，如 "2020-05-14"'),
        ("least", 1.005, "应是 0 到 1000 的金额（元，精确到分）"),
        ("least", True, "应是 0 到 1000 的金额（元，精确到分）"),
        ("least", 1000.01, "应是 0 到 1000 的金额（元，精确到分）"),
        ("terms", {"专科": "1"}, "应是表，每个值是 0 到 100000 的整数"),
    ):
        title = {"since": "起算日", "least": "最低金额", "terms": "各层次期限"}[name]
        assert str(refusal(folder, own={name: value})) == f"配置里的参数 {name}（{title}）写法不对，{form}"


def test_a_cause_in_another_pack_must_be_there_where_that_pack_is_loaded(school: School) -> None:
    folder = school({}, {"follows: []": "follows: [xjtei-2020/REG-03, moe-41/MOE-999]"})
    assert load_packs([folder])[0].rules[0].file.follows == ["xjtei-2020/REG-03", "moe-41/MOE-999"]
    with pytest.raises(RuleError, match="follows 里的 moe-41/MOE-999 不存在，可用的有：MOE-121、"):
        load_packs([folder, "moe-41"])
