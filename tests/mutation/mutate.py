"""Do a rule's own examples notice when the rule is altered? Each of `mutants` is judged on all of them.

All mutants of a rule go through the engine together, as one ruleset an example's day: a mutant is a rule among others
there, and a ruleset a mutant would leave 9 MB behind each. Processes end after some rules for the same reason.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from mutants import mutants

from checks.engine import cover
from checks.engine.cohorts import cohorts
from checks.engine.columns import Columns, rank_texts
from checks.engine.compile import GO, definitions, field_names, rulesets
from checks.engine.flat import FlatRule, TooManyCases, flatten, renamed
from checks.engine.narrow import everything
from checks.engine.network import Network
from checks.engine.persons import persons
from checks.examples import example_base
from checks.findings.gather import Context, group, over, sort_matches
from checks.results import milder
from facts.model.factbase import FactBase
from rules.errors import RuleError
from rules.model import Example
from rules.pack import Pack, find_rule, load_packs
from rules.rule import Rule
from rules.yamlfile import read_yaml

RULES_A_PROCESS = 6
Found = Mapping[tuple[tuple[str, str], ...], str]
"""The key of each finding, and its severity."""


@dataclass(frozen=True)
class Mutation:
    rule: str
    path: Path
    altered: str
    noticed: bool
    """By at least one example."""
    refused: bool = False
    """The altered rule can't be judged at all, so that its author would have noticed."""


@dataclass(frozen=True)
class _Job:
    """What a process needs to load a rule by itself; a parsed rule is not sent."""

    packs: tuple[str, ...]
    more: tuple[Path, ...]
    rule: str


def mutate(
    packs: Sequence[str], more: Sequence[Path] = (), ids: Iterable[str] = (), jobs: int = 2
) -> Iterator[list[Mutation]]:
    """For each rule of the packs (all, or those named), in order, what became of its mutants.

    RuleError as for `load_packs`, and where no pack has a rule that is named; AssertionError where a rule as it is
    fails an example: run `rules test` first.
    """
    loaded = load_packs(packs, more)
    wanted = [find_rule(loaded, i)[1].id for i in ids] or [rule.id for pack in loaded for rule in pack.rules]
    work = [_Job(tuple(packs), tuple(more), rule) for rule in wanted]
    # Not forked: the engine's module and pandas' threads don't live through it. New processes for each batch instead of
    # max_tasks_per_child, with which Python 3.11 may hang.
    for start in range(0, len(work), jobs * RULES_A_PROCESS):
        batch = work[start : start + jobs * RULES_A_PROCESS]
        with ProcessPoolExecutor(min(jobs, len(batch)), mp_context=get_context("spawn")) as executor:
            yield from executor.map(_of_job, batch)


def accepted_in(path: Path) -> dict[str, dict[str, str]]:
    """The reviewed list: rule id → what is altered → why that changes nothing."""
    data = read_yaml(path).data
    for rule, texts in data.items():
        if not isinstance(texts, dict) or not all(isinstance(why, str) and why.strip() for why in texts.values()):
            raise RuleError(f"{rule} 下应写「改动: 理由」", path)
    return dict(data)


def reported(found: Sequence[Mutation], accepted: Mapping[str, Mapping[str, str]], whole: bool) -> list[str]:
    """One line for each mutant that no example noticed and the list does not explain, and, where the `whole` of the
    packs was altered, for each entry of the list that explains nothing any more."""
    survivors = {(one.rule, one.altered): one.path.name for one in found if not one.noticed}
    lines = [f"{name}：{text}" for (rule, text), name in survivors.items() if text not in accepted.get(rule, {})]
    if whole:
        lines += [
            f"{rule} 的「{text}」已不存在或已被例子发现，请从清单中删去"
            for rule, texts in accepted.items()
            for text in texts
            if (rule, text) not in survivors
        ]
    return lines


def _of_job(job: _Job) -> list[Mutation]:
    for pack in load_packs(job.packs, job.more):
        for rule in pack.rules:
            if rule.id == job.rule:
                return of_rule(pack, rule)
    raise LookupError(job.rule)


def of_rule(pack: Pack, rule: Rule) -> list[Mutation]:
    """What becomes of the mutants of one rule; in the calling process."""
    made = list(mutants(rule, pack.file.parameters, pack.parameters))
    open_ = dict(enumerate(made))
    refused: set[int] = set()
    networks: dict[str, Network] = {}
    for n, example in enumerate(rule.file.examples):
        by_parameters: dict[str, list[int]] = {"": [-1]}
        for i, mutant in open_.items():
            by_parameters.setdefault(repr(mutant.parameters) if mutant.parameters else "", []).append(i)
        for numbers in by_parameters.values():
            own = made[numbers[0]].parameters if numbers[0] >= 0 else {}
            base, parameters = example_base(pack, rule, n, own)
            found = _found({i: made[i].rule if i >= 0 else rule for i in numbers}, base, parameters, refused, networks)
            if -1 in found and not _as_said(found[-1], example):
                raise AssertionError(f"{rule.id} 例{n + 1}「{example.name}」本身不通过")
            for i in numbers:
                if i >= 0 and not _as_said(found[i], example):
                    open_.pop(i)
    return [Mutation(rule.id, rule.path, mutant.altered, i not in open_, i in refused) for i, mutant in enumerate(made)]


def _as_said(found: Found | None, example: Example) -> bool:
    """Whether these are the findings of the example, and of its severity where it says one."""
    expected = {tuple(sorted(key.items())) for key in example.finds}
    if found is None or set(found) != expected:
        return False
    return example.severity is None or set(found.values()) <= {example.severity}


def _found(
    rules: Mapping[int, Rule], base: FactBase, parameters: Mapping[str, Any], refused: set[int],
    networks: dict[str, Network],
) -> dict[int, Found | None]:  # fmt: skip
    """What each rule finds; None where it can't be judged."""
    result: dict[int, Found | None] = {}
    flat: list[FlatRule] = []
    for i, rule in rules.items():
        try:
            # Tables that an example doesn't name are given and empty.
            cases = flatten(rule, base.snapshot.as_of, parameters)
            parts = [cover.gated(case, cover.gates(rule, case, base.coverage)) for case in cases]
        except TooManyCases:
            refused.add(i)
            result[i] = None
            continue
        flat += [renamed(part, f"{i}/{part.name.partition('/')[2]}", part.forbidden) for part in parts]
        result[i] = {}
    kinds = {kind: Columns(frame) for kind, frame in base.frames.items()}
    named = {p.kind for rule in rules.values() for p in rule.patterns}
    people = persons({kind: each for kind, each in kinds.items() if kind in named})
    rank_texts(field_names(flat), kinds)
    snapshot = base.snapshot
    context = Context(kinds, people, snapshot.tables, base.calendar, snapshot.as_of, parameters, {}, b"", True)
    for ruleset in rulesets(flat):
        names = field_names(ruleset)
        network = _network(ruleset, networks)
        for cohort in cohorts(everything(ruleset, kinds), kinds, people, names):
            facts = [*cohort.shared, *(fact for person in cohort.people for fact in person), GO]
            sure, _ = sort_matches(network.matches(facts))
            for number, bounds in sure.items():
                rule = rules[int(number)]
                past = over(rule, sorted(bounds), context)
                result[int(number)] = {
                    tuple(sorted(key)): milder(rule.file.severity) if past.issuperset(each) else rule.file.severity
                    for key, each in group(rule, bounds, context).items()
                }
    return result


def _network(ruleset: list[FlatRule], networks: dict[str, Network]) -> Network:
    """The ruleset, made once: examples of one day share it."""
    text = json.dumps(definitions(ruleset, field_names(ruleset)), ensure_ascii=False)
    if text not in networks:
        networks[text] = Network(text)
    return networks[text]
