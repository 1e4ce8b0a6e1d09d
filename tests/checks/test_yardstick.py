"""The catalogue judged a second time by another engine (tests/support/yardstick.py), and what the two agree on."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from colleges import write_college
from yardstick import HERE, Verdict, Yardstick, college, contract, definitions

from checks.results import CheckResult
from checks.run import Options, check
from facts.demo import write_demo
from facts.model.schema import columns
from facts.model.tables import TABLES
from facts.reading.load import load_snapshot
from facts.reading.previous import with_previous
from rules.pack import load_pack, with_parameters

pytestmark = pytest.mark.slow

DATA: Mapping[str, Any] = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
AS_OF = "2026-11-25"
OWN = {"student_no": "S", "id_number": "I", "exam_no": "E", "change_no": "C", "class_no": "B"}
Rows = dict[str, list[dict[str, Any]]]
Case = Mapping[str, Any]


def numbered() -> Iterator[tuple[int, str, Case]]:
    """Every case with its number and its rule."""
    number = 100
    for rule, cases in DATA["cases"].items():
        for case in cases:
            number += 1
            yield number, rule, case


def group(number: int, case: Case) -> tuple[str, ...]:
    """What cases must have in common to be one college."""
    own = str(number) if case.get("alone") else ""
    return own, str(case.get("as_of", AS_OF)), repr(case.get("parameters", {}))


def rows_of(case: Case, number: int | None) -> Rows:
    """The rows of a case; `number`: None for the background, whose rows belong to nobody else."""
    found: Rows = {}
    for table, given in case.items():
        if table not in contract() and table != "student_before":
            continue
        known = {c.name for c in contract()[table.removesuffix("_before")][1]}
        for row in given if isinstance(given, list) else [given]:
            own = {field: f"{letter}{number}" for field, letter in OWN.items() if field in known and number}
            whole = own | DATA["rows"].get(table, {}) | row
            cells = {k: v.replace("%", str(number)) if isinstance(v, str) else v for k, v in whole.items()}
            found.setdefault(table, []).extend([cells] * cells.pop("times", 1))
    return found


@cache
def judged(key: tuple[str, ...]) -> Yardstick:
    """The college of all cases of a group."""
    alone, as_of, _ = key
    rows: Rows = {"term": DATA["terms"]}
    parameters: Mapping[str, Any] = {}
    for case, number in [(case, n) for n, _, case in numbered() if group(n, case) == key] + [
        (DATA["background"], None) for _ in range(not alone)
    ]:
        parameters = parameters or case.get("parameters", {})
        for table, more in rows_of(case, number).items():
            rows.setdefault(table, []).extend(more)
    return college(rows, as_of, parameters, "2026-10-28")


@pytest.mark.parametrize("rule", definitions())
def test_the_yardstick_itself_finds_what_a_registrar_would(rule: str) -> None:
    wrong = []
    for number, of, case in numbered():
        if of != rule:
            continue
        verdict = judged(group(number, case)).judge(rule)
        own = [severity for key, severity in verdict.found.items() if any(part[1:] == str(number) for part in key)]
        found: Any = own[0] if len(own) == 1 else len(own) or None
        if not verdict.checked:
            found = "not checked"
        if found != case.get("finds"):
            wrong.append(f"{case['name']}: {found}")
    assert wrong == []


def test_every_rule_has_a_case_that_it_finds_and_one_that_it_does_not() -> None:
    assert list(DATA["cases"]) == list(definitions())
    for rule, cases in DATA["cases"].items():
        found = {case.get("finds") for case in cases}
        assert found - {None, "not checked"}, rule
        assert None in found, rule


def test_the_yardsticks_contract_is_the_models_contract() -> None:
    """Written apart, from the design; a heading that differs would compare a column with nothing."""
    for name, (heading, own) in contract().items():
        if name in TABLES:
            assert heading == TABLES[name].about.heading
            models = {c.name: c for c in columns(TABLES[name]).values() if not c.computed}
            for column in own:
                if column.name in models:
                    model = models[column.name]
                    assert (column.heading, column.required) == (
                        model.heading,
                        model.required and model.default is None,
                    )


COMPARED = list(definitions())


def found_by(result: CheckResult, rule: str) -> Verdict:
    """What the product found, in the yardstick's form."""
    (outcome,) = [each for each in result.rules if each.id == rule]
    assert outcome.status != "failed", outcome.reason
    found = {tuple(f.key.values()): f.severity for f in result.findings if f.rule == rule}
    return Verdict(found, outcome.status != "not checked")


def test_every_rule_of_the_catalogue_is_judged_by_both() -> None:
    assert {rule.id for rule in load_pack().rules} == set(definitions())


def judged_by_engine(folder: Path) -> CheckResult:
    """The product's check of a folder with what its snapshot.toml says: the earlier snapshot and the parameters."""
    notes = tomllib.loads((folder / "snapshot.toml").read_text(encoding="utf-8"))
    parameters = notes.get("packs", {}).get("xjtei-2020", {}).get("parameters", {})
    snapshot = with_previous(load_snapshot(folder), folder, None)
    return check(snapshot, with_parameters(load_pack(), parameters), bytes(32), Options(personal=True, jobs=1))


@pytest.fixture(scope="module", params=[1, 7])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[CheckResult, Yardstick]:
    folder: Path = tmp_path_factory.mktemp("college")
    write_demo(folder, 3000, seed=request.param)
    return judged_by_engine(folder), Yardstick.folder(folder)


@pytest.mark.parametrize("rule", COMPARED)
def test_the_engine_reads_the_catalogue_the_same_way(rule: str, demo: tuple[CheckResult, Yardstick]) -> None:
    result, yardstick = demo
    assert found_by(result, rule) == yardstick.judge(rule)
    assert yardstick.judge(rule).found


@pytest.mark.parametrize("seed", range(1, 7))
def test_nor_do_they_differ_where_nothing_is_as_it_should_be(seed: int, tmp_path: Path) -> None:
    write_college(tmp_path, seed)
    result, yardstick = judged_by_engine(tmp_path), Yardstick.folder(tmp_path)
    engine = {rule: found_by(result, rule) for rule in COMPARED}
    assert engine == {rule: yardstick.judge(rule) for rule in COMPARED}
    assert sum(bool(verdict.found) for verdict in engine.values()) > len(COMPARED) / 2
