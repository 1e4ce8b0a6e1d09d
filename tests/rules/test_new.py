"""A school's own rule starts from a draft that loads and whose examples pass as it stands."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from cli import main
from rules.pack import load_packs
from rules.schemas import schema

pytestmark = pytest.mark.slow


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["rules", *map(str, arguments)])


@pytest.mark.parametrize("pack", ["xjtei-2020", "moe-41"])
def test_a_draft_loads_and_its_examples_pass(tmp_path: Path, pack: str) -> None:
    folder = tmp_path / "own"
    assert run("new", "OWN-01", folder, "--pack", pack).exit_code == 0
    tested = run("test", "--pack", pack, "--rules", folder)
    assert tested.exit_code == 0
    assert tested.output.endswith("1 条规则，3 个例子，3 个通过，0 个不通过\n")
    assert load_packs([pack], [folder])[0].rule("OWN-01").path == folder / "OWN-01.yaml"


def test_a_spoilt_draft_fails_its_own_examples(tmp_path: Path) -> None:
    run("new", "OWN-01", tmp_path)
    path = tmp_path / "OWN-01.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("ethnicity is None\n", "ethnicity is not None\n"), encoding="utf-8"
    )
    tested = run("test", "OWN-01", "--rules", tmp_path)
    assert tested.exit_code == 1
    assert "OWN-01 例1「在读而民族未填」：应查出 student_no=1，实际查出 无" in tested.output
    assert tested.output.endswith("1 条规则，3 个例子，1 个通过，2 个不通过\n")


def test_an_own_rule_is_explained(tmp_path: Path) -> None:
    run("new", "OWN-01", tmp_path)
    page = CliRunner().invoke(main, ["explain", "OWN-01", "--rules", str(tmp_path)])
    assert "有在校生：在校状态是「在读」，且民族未填" in page.output


def test_a_draft_has_the_form_of_the_schema(tmp_path: Path) -> None:
    run("new", "OWN-01", tmp_path)
    data = yaml.safe_load((tmp_path / "OWN-01.yaml").read_text(encoding="utf-8"))
    data["examples"] = [{**e, **({"as_of": str(e["as_of"])} if "as_of" in e else {})} for e in data["examples"]]
    assert Draft202012Validator(schema("rule")).is_valid(data)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "OWN-01.yaml").write_text("改了一半", encoding="utf-8")
    refused = run("new", "OWN-01", tmp_path)
    assert refused.exit_code == 2
    assert (tmp_path / "OWN-01.yaml").read_text(encoding="utf-8") == "改了一半"


@pytest.mark.parametrize("taken", ["REG-01", "own-1", "OWN-1", "../OWN-01"])
def test_an_id_that_is_taken_or_of_the_wrong_form_is_refused(tmp_path: Path, taken: str) -> None:
    refused = run("new", taken, tmp_path / "own")
    assert refused.exit_code == 2
    assert refused.output.startswith("xuejian: 规则编号")
    assert not (tmp_path / "own").exists()
