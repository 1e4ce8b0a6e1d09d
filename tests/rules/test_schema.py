"""The JSON Schemas accept every file that is shipped, and refuse a broken one where the loader does."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from cli import main
from rules.pack import BUILT_IN, built_in
from rules.schemas import schema


def read(path: Path) -> Any:
    """A YAML file as an editor sees it: a date is text of the form 2026-11-25."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=date.isoformat))


RULES = sorted(p for p in BUILT_IN.rglob("*.yaml") if p.name != "pack.yaml")


@pytest.fixture(scope="module")
def rule_form() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema("rule"))
    return Draft202012Validator(schema("rule"))


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.stem)
def test_every_shipped_rule_has_the_form(rule_form: Draft202012Validator, path: Path) -> None:
    assert [error.message for error in rule_form.iter_errors(read(path))] == []


@pytest.mark.parametrize("pack", built_in())
def test_every_shipped_pack_has_the_form(pack: str) -> None:
    Draft202012Validator.check_schema(schema("pack"))
    form = Draft202012Validator(schema("pack"))
    assert [error.message for error in form.iter_errors(read(BUILT_IN / pack / "pack.yaml"))] == []


@pytest.mark.parametrize(
    "more",
    [
        {"owner": [{"owner": "财务处", "when": "activity.sessions > 1"}, {"owner": "学生处"}]},
        {"over": "first_on is None", "follows": ["xjtei-2020/REG-03", "REG-02"]},
        {"population": {"student": 'status == "在读"', "term": None}},
    ],
)
def test_what_depends_on_the_case_has_a_form(rule_form: Draft202012Validator, more: dict[str, Any]) -> None:
    whole = read(BUILT_IN / "xjtei-2020" / "4-workflow" / "REG-01.yaml")
    assert rule_form.is_valid({**whole, **more})


@pytest.mark.parametrize(
    "broken",
    [
        {"severity": "fatal"},
        {"id": "reg-1"},
        {"when": [{"studnet": "status == '在读'"}]},
        {"when": [{"no student as x": ""}]},
        {"when": [{"student": "", "change": ""}]},
        {"per": ["student_no"]},
        {"examples": []},
        {"reviewed": True},
        {"owner": []},
        {"owner": [{"office": "学生处"}]},
        {"population": {"studnet": ""}},
        {"population": {}},
        {"follows": ["Pack/REG-01"]},
    ],
)
def test_a_broken_rule_is_refused(rule_form: Draft202012Validator, broken: dict[str, Any]) -> None:
    whole = read(BUILT_IN / "xjtei-2020" / "4-workflow" / "REG-01.yaml")
    assert rule_form.is_valid(whole)
    assert not rule_form.is_valid({**whole, **broken})


def test_an_example_names_tables_fields_and_codes_that_there_are(rule_form: Draft202012Validator) -> None:
    whole = read(BUILT_IN / "xjtei-2020" / "4-workflow" / "REG-01.yaml")
    for rows in ({"studnet": []}, {"student": [{"studentno": "1"}]}, {"student": [{"status": "在校"}]}):
        examples = [{**whole["examples"][0], "facts": rows}, *whole["examples"][1:]]
        assert not rule_form.is_valid({**whole, "examples": examples}), rows


def test_a_missing_title_is_refused_by_the_pack_form() -> None:
    pack = read(BUILT_IN / "moe-41" / "pack.yaml")
    del pack["title"]
    assert not Draft202012Validator(schema("pack")).is_valid(pack)


@pytest.mark.parametrize(("arguments", "title"), [([], "RuleFile"), (["rule"], "RuleFile"), (["pack"], "PackFile")])
def test_the_command_prints_the_schema(arguments: list[str], title: str) -> None:
    run = CliRunner().invoke(main, ["rules", "schema", *arguments])
    assert run.exit_code == 0
    assert json.loads(run.output)["title"] == title
