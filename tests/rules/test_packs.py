"""Two packs at once: parameters, clauses and findings kept apart; rule ids shared by none."""

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from checks.run import Options, check
from cli import main
from facts.reading.load import snapshot_from_rows
from reports.formats.findings_json import render_json
from rules.errors import RuleError
from rules.pack import built_in, find_rule, load_packs

pytestmark = pytest.mark.slow

School = Callable[..., Path]
BOTH = ["xjtei-2020", "moe-41"]


def test_without_a_name_the_regulation_alone_is_judged() -> None:
    assert [pack.file.id for pack in load_packs()] == ["xjtei-2020"]
    assert built_in() == ["moe-41", "xjtei-2020"]


def test_a_pack_may_be_given_as_a_folder(school: School) -> None:
    assert [pack.file.id for pack in load_packs(["moe-41", str(school())])] == ["moe-41", "school"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["moe-42"], "没有规则包 moe-42，是不是 moe-41？；也可以写规则包所在的文件夹（内有 pack.yaml）"),
        (["moe-41", "moe-41"], "规则包 moe-41 给了两次，请只写一次 --pack"),
    ],
)
def test_a_pack_that_is_not_there_or_named_twice_is_refused(names: list[str], said: str) -> None:
    with pytest.raises(RuleError) as caught:
        load_packs(names)
    assert str(caught.value) == said


def test_a_parameter_of_all_packs_and_of_one() -> None:
    of = {p.file.id: p.parameters for p in load_packs(BOTH, own={"extra_years": 3})}
    three = dict.fromkeys(("本科", "专科", "中职", "预科"), 3)  # one number holds for every level of a table
    assert (of["xjtei-2020"]["extra_years"], of["moe-41"]["extra_years"]) == (three, 3)
    of = {
        p.file.id: p.parameters for p in load_packs(BOTH, own={"extra_years": 3}, own_of={"moe-41": {"extra_years": 4}})
    }
    assert (of["xjtei-2020"]["extra_years"], of["moe-41"]["extra_years"]) == (three, 4)
    of = {p.file.id: p.parameters for p in load_packs(BOTH, own={"return_days": 5})}
    assert "return_days" not in of["xjtei-2020"]
    assert of["moe-41"]["return_days"] == 5


@pytest.mark.parametrize(
    ("own", "own_of"), [({"retrun_days": 5}, {}), ({}, {"moe-41": {"review_days": 5}}), ({}, {"moe-40": {}})]
)
def test_a_parameter_that_no_such_pack_knows_is_refused(own: dict[str, int], own_of: dict[str, dict[str, int]]) -> None:
    with pytest.raises(RuleError, match=r"^配置里的"):
        load_packs(BOTH, own=own, own_of=own_of)


def test_values_for_a_pack_that_is_not_named_today_do_no_harm() -> None:
    assert load_packs(own_of={"moe-41": {"absence_days": 20}})[0].parameters["absence_days"] == 14


def test_each_pack_judges_with_its_own_years() -> None:
    """Entered 2020-09-01, four years and P(extra_years): beyond by two for the one pack, within three for the other."""
    rows = {
        "student": [
            {"student_no": "1", "level": "本科", "status": "在读", "entered_on": date(2020, 9, 1), "length_years": 4}
        ]
    }
    snapshot = snapshot_from_rows(rows, date(2026, 11, 25))
    packs = load_packs(BOTH, own_of={"moe-41": {"extra_years": 3}})
    result = check(snapshot, packs, bytes(32), Options(select=["STY-01", "MOE-301"], jobs=1))
    assert [(r.id, r.pack, r.status) for r in result.rules] == [
        ("STY-01", "xjtei-2020", "violated"), ("MOE-301", "moe-41", "clean"),
    ]  # fmt: skip
    assert [(f.rule, f.pack) for f in result.findings] == [("STY-01", "xjtei-2020")]
    assert [pack.id for pack in result.packs] == BOTH


def test_findings_json_says_which_pack(tmp_path: Path) -> None:
    rows = {
        "student": [
            {"student_no": "1", "level": "本科", "status": "在读", "entered_on": date(2018, 9, 1), "length_years": 4}
        ]
    }
    options = Options(select=["STY-01", "MOE-301"], jobs=1)
    result = check(snapshot_from_rows(rows, date(2026, 11, 25)), load_packs(BOTH), bytes(32), options)
    document = json.loads(render_json(result))
    form = json.loads(files("checks.history").joinpath("findings.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(form).validate(document)
    assert document["pack"]["id"] == "xjtei-2020"
    assert [pack["id"] for pack in document["packs"]] == BOTH
    assert [(f["rule"], f["pack"]) for f in document["findings"]] == [("STY-01", "xjtei-2020"), ("MOE-301", "moe-41")]
    assert [(r["id"], r["pack"]) for r in document["rules"]] == [("STY-01", "xjtei-2020"), ("MOE-301", "moe-41")]


def test_a_rule_is_found_in_whichever_pack_has_it() -> None:
    assert find_rule(load_packs(BOTH), "MOE-304")[0].file.id == "moe-41"
    page = CliRunner().invoke(main, ["explain", "MOE-304", "--pack", "moe-41"])
    assert "可予退学处理" in page.output
    assert CliRunner().invoke(main, ["explain", "MOE-304"]).exit_code == 2


def test_explain_says_what_the_configuration_overrides(tmp_path: Path) -> None:
    config = tmp_path / "本校.toml"
    config.write_text("[packs.moe-41.parameters]\nabsence_days = 20\n", encoding="utf-8")
    page = CliRunner().invoke(main, ["explain", "MOE-304", "--pack", "moe-41", "--config", str(config)])
    assert f"（absence_days）：20 天（{config} 另设；规则包为 14）" in page.output


@pytest.mark.parametrize("text", ["[packs.moe-41]\nabsence_days = 20\n", "[packs]\nmoe-41 = 1\n", "packs = 1\n"])
def test_a_configuration_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    config = tmp_path / "xuejian.toml"
    config.write_text(text, encoding="utf-8")
    run = CliRunner().invoke(main, ["rules", "list", "--config", str(config)])
    assert run.exit_code == 2
    assert "写法不对" in run.output


def test_a_figure_beyond_its_meaning_is_refused_before_it_silences_a_rule() -> None:
    # 99999 years more than the length of study lie beyond the calendar: STY-01 would find nobody, and look clean.
    with pytest.raises(RuleError, match=r"extra_years.*每个值是 0 到 20 的整数"):
        load_packs(own={"extra_years": 99999})
    assert load_packs(own={"extra_years": 20})[0].parameters["extra_years"]["本科"] == 20
