"""The check, whole: what can be judged is compiled, narrowed, run by cohorts and gathered into one result."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from time import perf_counter

from checks.availability import is_given, obstacles
from checks.engine import cover, guards
from checks.engine.columns import Columns, Ints, rank_texts
from checks.engine.compile import field_names, rulesets
from checks.engine.flat import FlatRule, TooManyCases, flatten
from checks.engine.judge import judge
from checks.engine.narrow import everything, narrow
from checks.engine.network import Match
from checks.engine.persons import persons
from checks.findings.consequences import Found, fold
from checks.findings.fingerprints import check_value
from checks.findings.gather import Context, gather, group, sort_matches
from checks.overview.accounts import set_aside_rows, table_info
from checks.overview.flow import flows
from checks.overview.marks import marks
from checks.overview.registrations import KINDS as REGISTRATION_KINDS
from checks.overview.registrations import registrations
from checks.overview.remarks import remarks
from checks.overview.unreadable import unread
from checks.reasons import NotCovered, Obstacle
from checks.results import (
    LEAST_CHECKED,
    CheckResult,
    Clause,
    Finding,
    PackInfo,
    PreviousInfo,
)
from checks.rule_results import Judging, rule_result
from facts.derive import derive
from facts.derive.placeholders import Placeholders
from facts.model.computed import KINDS
from facts.model.coverage import Since
from facts.model.factbase import FactBase
from facts.model.refusal import Refusal, meant
from facts.model.schema import PERSON_KEYS, columns, earlier_kind
from facts.model.snapshot import Snapshot, Table
from facts.model.tables import TABLES, tables_with
from rules.pack import Pack, find_rule
from rules.rule import Rule


class UnknownCollege(Refusal):
    """A college that the snapshot doesn't know; one sentence."""


@dataclass(frozen=True)
class Options:
    """How to check. None of them changes what is found, but `select`, `ignore`, `college`."""

    select: Collection[str] = ()
    ignore: Collection[str] = ()
    college: str | None = None
    jobs: int = 0
    """Worker processes; 0: as many as there are processors."""
    narrowing: bool = True
    cohort: int = 500
    personal: bool = False
    least_checked: int = LEAST_CHECKED
    """The per cent of the rules that have to be checked for the result to be an answer at all."""


@dataclass
class _Run:
    """What is learnt on the way."""

    timings: dict[str, float] = field(default_factory=dict)
    obstacles: dict[str, tuple[Obstacle, ...]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    uncovered: dict[str, tuple[NotCovered, ...]] = field(default_factory=dict)
    """Rule id → the time that its tables don't cover, and that it left out."""

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self.timings[stage] = self.timings.get(stage, 0.0) + perf_counter() - start


def check(
    snapshot: Snapshot,
    pack: Pack | Sequence[Pack],
    secret: bytes,
    options: Options = Options(),
    progress: Callable[[str, int], None] = lambda stage, people: None,
    facts: Callable[[FactBase], FactBase] = lambda base: base,
) -> CheckResult:
    """Judges a snapshot by a pack, or by several one after another: each has parameters, clauses and procedures of its
    own, and so facts of its own. `facts` may change what was derived (examples give computed facts directly).

    `progress` is told of each stage, and of people judged. Findings are in the fixed order: pack, rule, then key.
    """
    return check_for(snapshot, pack, secret, options, (options.personal,), progress, facts)[0]


def check_for(
    snapshot: Snapshot,
    pack: Pack | Sequence[Pack],
    secret: bytes,
    options: Options,
    personal: Sequence[bool],
    progress: Callable[[str, int], None] = lambda stage, people: None,
    facts: Callable[[FactBase], FactBase] = lambda base: base,
) -> tuple[CheckResult, ...]:
    """The same check, judged once, for each kind of reader: who may see names and identity numbers, and who may not."""
    packs = (pack,) if isinstance(pack, Pack) else tuple(pack)
    for rule_id in (*options.select, *options.ignore):
        find_rule(packs, rule_id)
    _known_college(options.college, snapshot)
    judged = [_judge(snapshot, each, secret, options, progress, facts) for each in packs]
    progress("gather", 0)
    return tuple(_told(judged, shown) for shown in personal)


@dataclass(frozen=True)
class _Judged:
    """One pack's rules with what the engine matched, before it is told to anybody."""

    snapshot: Snapshot
    pack: Pack
    secret: bytes
    options: Options
    run: _Run
    rules: tuple[Rule, ...]
    base: FactBase
    kinds: Mapping[str, Columns]
    people: Mapping[str, Ints]
    matches: Sequence[Match]

    def gathered(self, personal: bool) -> "_Gathered":
        """`personal`: names and identity numbers are shown."""
        snapshot, pack, run = self.snapshot, self.pack, self.run
        with run.timed("gather"):
            earlier = _earlier(snapshot)
            context = Context(
                {**self.kinds, **{kind: Columns(table.frame) for kind, table in earlier.items()}},
                self.people,
                {**snapshot.tables, **earlier},
                self.base.calendar,
                snapshot.as_of,
                pack.parameters,
                pack.file.parameters,
                self.secret,
                personal,
            )
            runnable = [rule for rule in self.rules if rule.id not in run.obstacles]
            sure, maybe = sort_matches(self.matches)
            found = [Found(rule, gather(rule, sure.get(rule.id, ()), context)) for rule in runnable]
            unjudged = {
                rule.id: len(
                    group(rule, maybe[rule.id], context).keys() - group(rule, sure.get(rule.id, ()), context).keys()
                )
                for rule in runnable
                if rule.id in maybe
            }
        return _Gathered(self, context, found, unjudged)


@dataclass(frozen=True)
class _Gathered:
    """One pack's findings, before it is known which of them follow from which."""

    judged: _Judged
    context: Context
    found: list[Found]
    unjudged: Mapping[str, int]
    """Rule id → the candidates that could not be judged because rows were set aside."""

    def result(self, folded: Iterable[Finding]) -> CheckResult:
        """`folded`: these findings, each with its causes."""
        judged, context = self.judged, self.context
        snapshot, pack, base, run, personal = judged.snapshot, judged.pack, judged.base, judged.run, context.personal
        college = judged.options.college
        findings = [finding for finding in folded if college is None or finding.college == college]
        judging = Judging(pack, base, judged.kinds, run.obstacles, run.failures, run.uncovered, self.unjudged)
        outcomes = tuple(rule_result(rule, findings, judging) for rule in judged.rules)
        return CheckResult(
            as_of=snapshot.as_of,
            pack=pack_info(pack, snapshot, Placeholders(base.placeholders)),
            snapshot_path=snapshot.path,
            snapshot_sha256=snapshot.sha256,
            tables={name: table_info(table) for name, table in snapshot.tables.items()},
            rules=outcomes,
            set_aside=tuple(row for table in snapshot.tables.values() for row in set_aside_rows(table, personal)),
            findings=tuple(findings),
            tables_absent=tuple(model.about.heading for name, model in TABLES.items() if name not in snapshot.tables),
            colleges=tuple(sorted({name for each in context.colleges.values() for name in each.values()})),
            ignored=snapshot.ignored,
            personal_shown=personal,
            previous=PreviousInfo(then.path, then.as_of, then.sha256) if (then := snapshot.previous) else None,
            headings=_headings(),
            key_check=check_value(judged.secret),
            unread=unread(judged.kinds, judged.people, judged.secret),
            marks=marks(base.frames["change"], snapshot, context.colleges["student_no"]),
            registrations=registrations(base, pack.parameters),
            notes=tuple(remarks(snapshot, base.placeholders)),
            least_checked=judged.options.least_checked,
            timings=run.timings,
        )


def _told(judged: Sequence[_Judged], personal: bool) -> CheckResult:
    """What was judged, told to one kind of reader. A finding may follow from one of another pack."""
    packs = [each.gathered(personal) for each in judged]
    folded = iter(fold([found for pack in packs for found in pack.found]))
    return _joined([pack.result(list(islice(folded, sum(len(f.findings) for f in pack.found)))) for pack in packs])


def _joined(results: Sequence[CheckResult]) -> CheckResult:
    """The results of one snapshot by each pack as one."""
    return replace(
        results[0],
        rules=tuple(rule for result in results for rule in result.rules),
        findings=tuple(finding for result in results for finding in result.findings),
        timings={stage: sum(r.timings.get(stage, 0.0) for r in results) for stage in results[0].timings},
        more_packs=tuple(result.pack for result in results[1:]),
    )


def _judge(
    snapshot: Snapshot,
    pack: Pack,
    secret: bytes,
    options: Options,
    progress: Callable[[str, int], None],
    facts: Callable[[FactBase], FactBase],
) -> _Judged:
    run = _Run()
    rules = _selected(pack, options)
    for rule in rules:
        if stopping := obstacles(rule, snapshot, pack.parameters):
            run.obstacles[rule.id] = stopping
    runnable = [rule for rule in rules if rule.id not in run.obstacles]
    progress("derive", 0)
    with run.timed("derive"):
        named = {p.kind for rule in runnable for p in (*rule.patterns, *rule.population)}
        base = facts(derive(snapshot, pack.file.procedures, pack.parameters, named | {"change", *REGISTRATION_KINDS}))
    for rule in runnable:
        if stopping := obstacles(rule, snapshot, pack.parameters, base.coverage):
            run.obstacles[rule.id] = stopping
    runnable = [rule for rule in runnable if rule.id not in run.obstacles]
    kinds = {kind: Columns(frame) for kind, frame in base.frames.items()}
    kinds |= {guards.ASIDE + table: Columns(frame) for table, frame in base.asides.items()}
    progress("narrow", 0)
    with run.timed("narrow"):
        people = persons(_with_people(kinds, named))
        for kind in kinds.keys() - people.keys():
            people[kind] = persons({kind: kinds[kind]})[kind]
    matches: list[Match] = []
    with run.timed("narrow"):
        flat = _flat(runnable, snapshot, pack, base, run, kinds, people)
    rank_texts(field_names(flat), kinds)
    for ruleset in rulesets(flat):
        progress("narrow", 0)
        with run.timed("narrow"):
            rows = narrow(ruleset, kinds, people) if options.narrowing else everything(ruleset, kinds)
        progress("engine", 0)
        with run.timed("engine"):
            judged = judge(ruleset, rows, kinds, people, options.jobs, options.cohort, partial(progress, "engine"))
        matches += judged.matches
        if judged.failure:
            run.failures |= {rule.rule: judged.failure for rule in ruleset}
    return _Judged(snapshot, pack, secret, options, run, tuple(rules), base, kinds, people, matches)


def _earlier(snapshot: Snapshot) -> dict[str, Table]:
    """The tables of the earlier snapshot beside the present ones, their files named after the snapshot they are in."""
    previous = snapshot.previous
    if previous is None:
        return {}
    return {
        earlier_kind(name): replace(
            table, files=tuple(replace(file, path=f"{previous.path}/{file.path}") for file in table.files)
        )
        for name, table in previous.tables.items()
    }


def _selected(pack: Pack, options: Options) -> list[Rule]:
    return [r for r in pack.rules if (not options.select or r.id in options.select) and r.id not in options.ignore]


def _known_college(name: str | None, snapshot: Snapshot) -> None:
    frames = [snapshot.tables[t].frame for t in tables_with("college") if t in snapshot.tables]
    known = {str(each) for frame in frames for each in frame["college"].cat.categories}
    if name is not None and name not in known:
        raise UnknownCollege(f"数据里没有学院「{name}」{meant(name, known)}")


def _with_people(kinds: Mapping[str, Columns], named: Collection[str]) -> dict[str, Columns]:
    """The kinds that say who is who: those that rules name, and those that show two numbers of one person."""
    return {
        kind: each
        for kind, each in kinds.items()
        if kind in named or kind.startswith(guards.ASIDE) or sum(key in each.frame for key in PERSON_KEYS) > 1
    }


def _flat(
    rules: list[Rule],
    snapshot: Snapshot,
    pack: Pack,
    base: FactBase,
    run: _Run,
    kinds: Mapping[str, Columns],
    people: Mapping[str, Ints],
) -> list[FlatRule]:
    """The engine rules of the rules that can be judged; what covers too little is noted in `run`."""
    result: list[FlatRule] = []
    for rule in rules:
        absent = frozenset(p.kind for p in rule.negative if not is_given(p.kind, snapshot))
        try:
            flat = flatten(rule, snapshot.as_of, pack.parameters, absent)
        except TooManyCases as error:
            run.failures[rule.id] = str(error)
            continue
        rank_texts(field_names(flat), kinds)  # candidates are looked for by the rule's own comparisons, of texts too
        demands = [(one, cover.gates(rule, one, base.coverage)) for one in flat]
        found = cover.reach(demands, kinds, people)
        left_out = [_not_covered(each, base) for each in found.left_out]
        if not found.checked:
            run.obstacles[rule.id] = tuple(left_out)
            continue
        unspoken = [_not_covered(each, base) for one in flat for each in cover.not_spoken_of(one, base.coverage, kinds)]
        run.uncovered[rule.id] = tuple(dict.fromkeys([*left_out, *unspoken]))
        result += [each for one, gates in demands for each in guards.guarded(cover.gated(one, gates), base.asides)]
    return result


def _not_covered(left_out: cover.LeftOut, base: FactBase) -> NotCovered:
    since = base.coverage[left_out.kind]
    return NotCovered(left_out.kind, left_out.periods, since.from_on if isinstance(since, Since) else None)


def _headings() -> dict[str, str]:
    """`change` → 学籍异动, `change.issued_on` → 发文日期: how a reader calls facts and fields."""
    kinds = {kind: model.about.heading for kind, model in KINDS.items()}
    return kinds | {f"{kind}.{c.name}": c.heading for kind, model in KINDS.items() for c in columns(model).values()}


def pack_info(pack: Pack, snapshot: Snapshot | None = None, nobodys: Placeholders | None = None) -> PackInfo:
    """What reports know of a pack; its procedures are counted where a snapshot is given. `nobodys`: its numbers that
    are nobody's, where they are known already."""
    clauses = tuple(Clause(c.id, c.text, pack.covering(c.id), c.uncovered) for c in pack.file.clauses)
    return PackInfo(pack.file.id, pack.file.title, pack.file.version, clauses, flows(pack, snapshot, nobodys))
