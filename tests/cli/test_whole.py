"""The whole, as a user runs it: the demo college is written, checked, and what is found is exactly what was planted."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from facts.demo.planting import shapes
from rules.pack import load_pack

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(1, 6))
def test_check_finds_what_was_planted_no_more_no_less(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUEJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "college"
    assert CliRunner().invoke(main, ["demo", str(folder), "--seed", str(seed)]).exit_code == 0
    result = CliRunner().invoke(main, ["check", str(folder), "--format", "json", "--show-personal"])
    assert result.exit_code == 1
    found = [(f["rule"], f["key"]) for f in json.loads(result.stdout)["findings"]]
    planted = [(p["rule"], p["key"]) for p in json.loads((folder / "planted.json").read_text(encoding="utf-8"))]
    assert sorted(found, key=repr) == sorted(planted, key=repr)
    assert {rule for rule, _ in planted} == {rule.id for rule in load_pack().rules}


def test_every_rule_is_planted_with_a_near_miss_beside_it() -> None:
    planted = shapes()
    assert set(planted) == {rule.id for rule in load_pack().rules}
    assert all(bad and fine for bad, fine in planted.values())
