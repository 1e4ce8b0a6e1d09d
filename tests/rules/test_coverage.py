"""Every clause is covered or explained; where one is not, coverage says so and fails."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from cli import main
from rules.coverage import COVERED, EXPLAINED, OPEN, coverage, coverage_rows
from rules.pack import load_packs

School = Callable[..., Path]
UNCOVERED = {"procedures: []\n": "  - id: 四-9\n    text: 没有规则的条款\nprocedures: []\n"}


def test_the_shipped_packs_leave_no_clause_open() -> None:
    clauses = coverage(load_packs(["xjtei-2020", "moe-41"]))
    assert [c.clause for c in clauses if c.state == OPEN] == []
    states = {(c.pack, c.clause): (c.state, c.rules) for c in clauses}
    assert states["xjtei-2020", "六-2"] == (EXPLAINED, ())
    assert "REG-01" in states["xjtei-2020", "四-2"][1]
    assert states["moe-41", "第30条第4项"] == (COVERED, ("MOE-304",))


def test_an_open_clause_is_shown_and_fails(school: School) -> None:
    folder = school(UNCOVERED)
    (clause,) = [c for c in coverage(load_packs([folder])) if c.clause == "四-9"]
    assert clause.state == OPEN
    assert coverage_rows([clause]) == [("school", "四-9", "未覆盖", "没有规则，也没有说明原因")]
    run = CliRunner().invoke(main, ["rules", "coverage", "--pack", str(folder)])
    assert run.exit_code == 1
    assert "school：2 条，有规则 1，不能核对 0，未覆盖 1" in run.output


def test_coverage_of_two_packs_as_json() -> None:
    run = CliRunner().invoke(
        main, ["rules", "coverage", "--pack", "xjtei-2020", "--pack", "moe-41", "--format", "json"]
    )
    assert run.exit_code == 0
    document = json.loads(run.output)
    assert document["summary"]["not covered"] == 0
    assert {c["pack"] for c in document["clauses"]} == {"xjtei-2020", "moe-41"}
    explained = [c for c in document["clauses"] if c["state"] == "explained"]
    assert explained
    assert all(c["reason"] and not c["rules"] for c in explained)
