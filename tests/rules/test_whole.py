"""The shipped packs as wholes: every file judged, every clause in the regulation's words, no finding said twice."""

import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from checks.examples import run_example
from checks.results import CheckResult
from checks.run import Options, check
from facts.demo import write_demo
from facts.model.computed import KINDS
from facts.model.schema import columns
from facts.reading.load import load_snapshot
from rules.condition import refs
from rules.pack import BUILT_IN, Pack, built_in, load_packs
from rules.rule import Rule

DATA = Path(__file__).parents[1] / "data"
PACKS = load_packs(built_in())
RULES = [(pack, rule) for pack in PACKS for rule in pack.rules]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> CheckResult:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, 1500, 3)
    return check(load_snapshot(folder), PACKS, bytes(32), Options(jobs=2))


@pytest.mark.slow
def test_every_rule_file_of_every_pack_is_loaded_and_judged(result: CheckResult) -> None:
    files = sorted(p.stem for p in BUILT_IN.rglob("*.yaml") if p.name != "pack.yaml")
    assert sorted(rule.id for _, rule in RULES) == files
    assert sorted(rule.id for rule in result.rules) == files
    assert [rule.id for rule in result.rules if rule.status == "failed"] == []


@pytest.mark.slow
@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_the_first_example_that_finds_and_the_first_near_miss_hold(pack: Pack, rule: Rule) -> None:
    for finds in (True, False):
        number = next(n for n, example in enumerate(rule.file.examples) if bool(example.finds) is finds)
        assert run_example(pack, rule, number).passed, number + 1


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.file.id)
def test_every_parameter_decides_something(pack: Pack) -> None:
    """A rule's conditions, or a computed field that they read, or a part of a fact that is only judged with it."""
    computed = {name for kind in KINDS.values() for c in columns(kind).values() for name in c.parameters}
    assert set(pack.file.parameters) <= computed | {name for rule in pack.rules for name in rule.parameters}


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_every_field_named_exists(pack: Pack, rule: Rule) -> None:
    named = {ref for p in rule.patterns for ref in refs(p.condition)} | set(rule.per) | set(rule.shown)
    assert named
    for ref in named:
        assert ref.field in columns(KINDS[rule.kinds[ref.alias]]), ref


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.file.id)
def test_every_clause_is_covered_or_explained_and_never_both(pack: Pack) -> None:
    for clause in pack.file.clauses:
        assert bool(pack.covering(clause.id)) is not bool(clause.uncovered), clause.id


def test_every_clause_stands_in_the_regulation_word_for_word() -> None:
    """White space apart; 附表 are listed there by number under one heading."""
    regulation = re.sub(r"\s", "", (DATA / "regulation.txt").read_text(encoding="utf-8"))
    (pack,) = [pack for pack in PACKS if pack.file.id == "xjtei-2020"]
    for clause in pack.file.clauses:
        for line in clause.text.split("\n"):
            words = re.sub(r"\s", "", line)
            assert words in regulation or words.removeprefix(clause.id) in regulation, (clause.id, line)


def test_the_clauses_stand_in_the_order_of_the_regulation() -> None:
    regulation = re.sub(r"\s", "", (DATA / "regulation.txt").read_text(encoding="utf-8"))
    (pack,) = [pack for pack in PACKS if pack.file.id == "xjtei-2020"]
    body = [c for c in pack.file.clauses if not c.id.startswith("附表")]
    at = 0
    for clause in body:
        at = regulation.find(re.sub(r"\s", "", clause.text.split("\n")[0]), at)
        assert at >= 0, clause.id


@pytest.mark.slow
def test_no_two_rules_find_the_same_key_but_those_reviewed(result: CheckResult) -> None:
    reviewed: dict[str, str] = yaml.safe_load((DATA / "overlaps.yaml").read_text(encoding="utf-8"))
    follows = {rule.id: set(rule.file.follows) for _, rule in RULES}
    assert {rule for pair in reviewed for rule in pair.split()} <= set(follows)
    assert all(reason.strip() for reason in reviewed.values())
    by_key: dict[tuple[tuple[str, str], ...], set[str]] = defaultdict(set)
    for finding in result.findings:
        by_key[tuple(sorted(finding.key.items()))].add(finding.rule)
    met = {pair for rules in by_key.values() for pair in combinations(sorted(rules), 2)}
    surprising = {f"{a} {b}" for a, b in met if a not in follows[b] and b not in follows[a]} - set(reviewed)
    assert surprising == set()
