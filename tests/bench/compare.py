"""A check beside two other ways to find the same: hand-written SQL in DuckDB, and durable_rules' public API.

    python tests/bench/compare.py [STUDENTS] [SEED]

All rules on one college are judged by the check and by the SQL of tests/yardstick, four of them by the public API. Each
way runs in a process of its own, and what they find is compared. The figures are written to docs/performance.md.
"""

import json
import os
import platform
import sys
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

from measuring import ROOT, Stages, alone, cpu, peak, run

PUBLIC = ("REG-01", "IDN-01", "MRK-01", "RPT-01")
PAGE = ROOT / "docs" / "performance.md"


def ours(folder: Path) -> dict[str, Any]:
    """One whole check, from the start of Python's imports to findings.json; what it found by rule."""
    began = perf_counter()
    stages = Stages()
    stages.begin("start")
    import gc
    import tomllib

    from checks.run import Options, check
    from cli import GARBAGE
    from facts.reading.load import load_snapshot
    from facts.reading.previous import with_previous
    from reports.formats.findings_json import render_json
    from rules.pack import load_pack, with_parameters

    gc.set_threshold(*GARBAGE)
    notes = tomllib.loads((folder / "snapshot.toml").read_text(encoding="utf-8"))
    pack = with_parameters(load_pack(), notes.get("packs", {}).get("xjtei-2020", {}).get("parameters", {}))
    stages.begin("load")
    snapshot = with_previous(load_snapshot(folder), folder, None)
    stages.begin("derive")
    told = lambda stage, people: people or stages.begin(stage)  # noqa: E731
    result = check(snapshot, pack, bytes(32), Options(personal=True), told)
    stages.begin("render")
    render_json(result)
    stages.begin("")
    found: dict[str, list[Any]] = {rule.id: [] for rule in result.rules}
    for finding in result.findings:
        found[finding.rule].append([*finding.key.values(), finding.severity])
    return {
        "wall": perf_counter() - began, "cpu": cpu(), "peak": peak(), "stages": stages.cost,
        "rows": sum(table.read for table in result.tables.values()), "found": found,
    }  # fmt: skip


def sql(folder: Path) -> dict[str, Any]:
    """The same by the SQL of tests/yardstick."""
    began = perf_counter()
    from yardstick import Yardstick, definitions

    college = Yardstick.folder(folder)
    found = {rule: [[*key, severity] for key, severity in college.judge(rule).found.items()] for rule in definitions()}
    return {"wall": perf_counter() - began, "cpu": cpu(), "peak": peak(), "found": found}


def engine(folder: Path) -> dict[str, Any]:
    """The rules of PUBLIC on facts already computed: narrowed, judged and gathered."""
    from checks.run import Options, check
    from facts.reading.load import load_snapshot
    from rules.pack import load_pack

    result = check(load_snapshot(folder), load_pack(), bytes(32), Options(select=PUBLIC, personal=True))
    wall = sum(seconds for stage, seconds in result.timings.items() if stage != "derive")
    found = {rule: [[*f.key.values()] for f in result.findings if f.rule == rule] for rule in PUBLIC}
    return {"wall": wall, "found": found}


def public(folder: Path) -> dict[str, Any]:
    """The same rules on the same facts, as durable_rules' readme has it: rulesets in Python, facts asserted one by one
    (of a batch, one fact that no pattern admits is refused with all others). Those that a `none` looks for come first,
    since rules fire while facts arrive."""
    from durable.engine import MessageNotHandledException
    from durable.lang import assert_fact, get_host, m, none, ruleset, when_all
    from durable.lang import c as bound

    from facts.derive import derive
    from facts.reading.load import load_snapshot
    from rules.pack import load_pack

    pack, snapshot = load_pack(), load_snapshot(folder)
    base = derive(snapshot, pack.file.procedures, pack.parameters)
    since, today = pack.parameters["since"].toordinal(), snapshot.as_of.toordinal()
    found: dict[str, list[list[str]]] = {rule: [] for rule in PUBLIC}
    kinds = {
        "REG-01": ("registration", "term", "activity"), "IDN-01": ("record",), "MRK-01": ("change",),
        "RPT-01": ("student", "repeat"),
    }  # fmt: skip
    with ruleset("REG-01"):

        @when_all(
            bound.a << (m.kind == "activity") & (+m.first_late_on),
            bound.t << (m.kind == "term") & (m.term == bound.a.term),
            none((m.kind == "registration") & (m.student_no == bound.a.student_no) & (m.term == bound.a.term)),
        )
        def unregistered(match: Any) -> None:
            found["REG-01"].append([match.a.student_no, match.a.term])

    with ruleset("IDN-01"):  # an equality stands last: the engine reads beyond an inequality that fails there

        @when_all(
            bound.a << (m.kind == "record") & (m.active == 1) & (+m.id_number),
            bound.b << (m.kind == "record") & (m.active == 1) & (+m.id_number)
            & (m.id_number == bound.a.id_number) & (m.place != bound.a.place) & (m.id_number == bound.a.id_number),
        )  # fmt: skip
        def twice(match: Any) -> None:
            found["IDN-01"].append([match.a.id_number])

    with ruleset("MRK-01"):

        @when_all(
            bound.a << (m.kind == "change") & (m.issued_on >= since) & (m.change_kind != "转入")
            & (m.mark_due_on < today) & (m.unmarked == 1)
        )  # fmt: skip
        def unmarked(match: Any) -> None:
            found["MRK-01"].append([match.a.change_no])

    with ruleset("RPT-01"):
        for level, most in pack.parameters["repeat_limit"].items():

            @when_all(
                bound.a << (m.kind == "student") & (m.level == level),
                bound.b << (m.kind == "repeat") & (m.times > most) & (m.student_no == bound.a.student_no),
            )
            def again(match: Any) -> None:
                found["RPT-01"].append([match.a.student_no])

    get_host()
    walls, counts = {}, {}
    for rule, wanted in kinds.items():
        facts = [
            _fact(kind, number, row)
            for kind in wanted
            for number, row in enumerate(base.frames[kind].to_dict("records"))
        ]
        began = perf_counter()
        for fact in facts:
            with suppress(MessageNotHandledException):
                assert_fact(rule, fact)
        walls[rule], counts[rule] = perf_counter() - began, len(facts)
    return {"walls": walls, "facts": counts, "found": found}


def _fact(kind: str, number: int, row: dict[str, Any]) -> dict[str, Any]:
    """A row of a frame as a fact: dates as day numbers, missing values left out."""
    fact: dict[str, Any] = {"id": f"{kind}#{number}"}
    for name, value in row.items():
        if value is None or value != value or str(value) in ("NaT", "<NA>"):  # noqa: PLR0124 (NaN alone differs)
            continue
        plain = value.date().toordinal() if hasattr(value, "date") else value
        plain = plain.item() if hasattr(plain, "item") else plain
        fact[{"kind": "change_kind", "count": "times"}.get(name, name)] = (
            int(plain) if isinstance(plain, bool) else plain
        )
    if kind == "record":
        fact["place"] = f"{fact.get('platform')} {fact.get('student_no')}"
    if kind == "change":
        fact["unmarked"] = int("marked_school_on" not in fact)
    return fact | {"kind": kind}


def main(students: str = "30000", seed: str = "1") -> None:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        run("demo", folder, "--students", students, "--seed", seed)
        ways = {way: alone(__file__, f"--{way}", folder) for way in ("ours", "sql", "engine", "public")}
    head = f"{int(students):,} students (seed {seed})"
    page = "\n".join([*_machine(load), *_page(head, ways["ours"], ways["sql"]), *_public_page(ways)]) + "\n"
    PAGE.write_text(page, encoding="utf-8")
    print(page, end="")


def _machine(load: float) -> list[str]:
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("durable_rules", "pandas", "pyarrow", "numpy", "duckdb")
    )
    busy = " (others were at work: seconds are too many, ratios less so)" if load > 1 else ""
    return [
        "# What a check costs",
        "",
        "Written by `make bench BENCH=compare`; the college is made up, so that everybody can run it again.",
        "",
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}; "
        f"{packages}. Load of the machine before it began: {load:.1f}{busy}.",
        "",
    ]


def _page(head: str, check: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """All rules: the check beside the SQL."""
    differing = [
        rule for rule in check["found"] if sorted(check["found"][rule]) != sorted(other["found"].get(rule, []))
    ]
    total = sum(map(len, check["found"].values()))
    return [
        f"## {len(check['found'])} rules on {head}, {check['rows']:,} rows of CSV",
        "",
        "The SQL is that of tests/yardstick, written from the catalogue alone and run in DuckDB on all cores.",
        "",
        "| | check | SQL in DuckDB | ratio | aim |",
        "|---|---:|---:|---:|---:|",
        f"| wall, s | {check['wall']:.2f} | {other['wall']:.2f} | {check['wall'] / other['wall']:.2f} | ≤ 0.65 |",
        f"| CPU, s | {check['cpu']:.2f} | {other['cpu']:.2f} | {check['cpu'] / other['cpu']:.2f} | ≤ 0.5 |",
        f"| peak, MB | {check['peak']:.0f} | {other['peak']:.0f} | {check['peak'] / other['peak']:.2f} | < 750 MB |",
        "",
        f"Findings: {total:,}; "
        + (f"the two differ on {', '.join(differing)}." if differing else "the same by both, rule by rule."),
        "",
        "| stage | wall, s | CPU, s |",
        "|---|---:|---:|",
        *(f"| {name} | {wall:.2f} | {used:.2f} |" for name, (wall, used) in check["stages"].items()),
        "",
    ]


def _public_page(ways: dict[str, Any]) -> list[str]:
    """Four rules: the check beside the public API."""
    check, other = ways["engine"], ways["public"]
    lines = [
        "## Four rules on the same college, and durable_rules' public API",
        "",
        "Both begin with the facts computed. The check narrows, judges and gathers the four at once; the public API "
        "gets the facts one by one.",
        "",
        "| rule | facts | public API, s | findings |",
        "|---|---:|---:|---|",
    ]
    for rule in PUBLIC:
        mine, theirs = ({tuple(key) for key in way["found"][rule]} for way in (check, other))
        same = f"{len(mine)}, the same"
        wrong = f"{len(mine)}; the public API misses {len(mine - theirs)} and adds {len(theirs - mine)}"
        lines.append(
            f"| {rule} | {other['facts'][rule]:,} | {other['walls'][rule]:.2f} | {same if mine == theirs else wrong} |"
        )
    total = sum(other["walls"].values())
    lines.append(
        f"\nTogether: public API {total:.1f} s, check {check['wall']:.2f} s: {total / check['wall']:.0f} times faster "
        "(aim: 20)."
    )
    return lines


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--ours", folder]:
            json.dump(ours(Path(folder)), sys.stdout)
        case ["--sql", folder]:
            json.dump(sql(Path(folder)), sys.stdout)
        case ["--engine", folder]:
            json.dump(engine(Path(folder)), sys.stdout)
        case ["--public", folder]:
            sys.stdout.write(json.dumps(public(Path(folder))))
            sys.stdout.flush()
            os._exit(0)  # the public API's polling threads never end
        case arguments:
            main(*arguments)
