"""The doors of the house: commands that parse, call and print. Heavy imports stand in the command that needs them."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from functools import partial, reduce, wraps
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import click

from facts.model.refusal import CONFIG, Refusal
from reports.console.consent import agreed
from reports.console.doors import IMPOSSIBLE, UNTRUSTED, Doors
from reports.console.printing import Remark, give, say
from reports.console.steps import steps
from reports.console.terminal_table import show_table
from reports.formats import FORMATS, NAMELESS, refuse_personal, root_of
from reports.papers.files import save, writing
from reports.papers.output import refuse_among_exports

if TYPE_CHECKING:
    from checks.followup.selection import LetterOptions
    from checks.run import Options
    from checks.session import Exports, RuleFolders, Session
    from reports.papers.month_folder import Papers

FOUND = 1
"""The exit code where something was found."""
GARBAGE = (10_000, 10, 10)
"""How seldom values that are of no use any more are looked for: a large report makes millions that all stay until its
end, and a fifth of its time went into looking through them."""
_PATH = click.Path(path_type=Path)


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="xuejian", prog_name="xuejian")
def main() -> None:
    """学鉴: checks a college's student-status exports against the regulation and writes the monthly meeting report."""
    gc.set_threshold(*GARBAGE)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _day(_ctx: click.Context, _param: click.Parameter, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date; write it as 2026-11-25") from None


def _ids(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Of an option that takes several at once and may be given more than once; each counts once."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _as_one(name: str, place: str, *options: Callable[..., Any]) -> Callable[..., Callable[..., Any]]:
    """Options that a command gets as one value, called `name`: of the dataclass at `place` (`module:class`), whose
    fields are called as the options are. It is loaded when the command runs."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def call(*arguments: Any, **values: Any) -> Any:
            kind = resolve_name(place)
            own = {field.name: values.pop(field.name) for field in fields(kind) if field.name in values}
            return command(*arguments, **values, **{name: kind(**own)})

        return reduce(lambda wrapped, option: option(wrapped), reversed(options), call)

    return decorate


def _remember(ctx: click.Context, _param: click.Parameter, config: Path | None) -> None:
    """Which file holds the settings: `_session` reads it, once, when it is first asked."""
    ctx.meta[CONFIG] = config


def _session(snapshot: Path | None = None) -> Session:
    """With what xuejian.toml, or the file of --config, says, and what the snapshot says of itself."""
    from checks.session import Session
    from checks.settings import Settings, read_settings
    from facts.reading.notes import read_notes

    meta = click.get_current_context().meta
    if not isinstance(meta[CONFIG], Settings):
        meta[CONFIG] = read_settings(meta[CONFIG])
    home = Path(os.environ.get("XUEJIAN_HOME") or click.get_app_dir("xuejian"))
    return Session(meta[CONFIG], read_notes(snapshot), home)


_SETTINGS = partial(click.option, "--config", type=_PATH, expose_value=False, callback=_remember, metavar="FILE")
_CONFIG = _SETTINGS(help=f"Default: {CONFIG} in this folder.")
_RULES = _as_one(
    "folders", "checks.session:RuleFolders",
    click.option("--pack", "packs", multiple=True, metavar="ID|DIR",
                 help="A rule pack, by its id or its folder; may be given more than once. Default: xjtei-2020."),
    click.option("--rules", "own", multiple=True, type=_PATH, metavar="DIR",
                 help="A folder of the school's own rules; may be given more than once."),
    _SETTINGS(help=f"The school's parameters; {CONFIG} in the current folder where it is there."),
)  # fmt: skip
_AS_OF = click.option(
    "--as-of", metavar="DATE", callback=_day, help="The day the snapshot shows; default: as_of in its snapshot.toml."
)
_EXPORTS = partial(_as_one, "exports", "checks.session:Exports")
_DATA = (
    click.argument("snapshot", type=_PATH, required=False),
    click.option("--source", metavar="URL",
                 help="A database that holds the tables, or those that SNAPSHOT has not, read only: a SQLAlchemy URL; "
                 "${NAME} is taken from the environment. Default: `source` of the configuration."),
    _AS_OF,
)  # fmt: skip
_PREVIOUS = click.option(
    "--previous", type=_PATH, metavar="SNAPSHOT",
    help="An earlier snapshot to compare with; default: the folder `previous` in its snapshot.toml.",
)  # fmt: skip
_PERSONAL = click.option(
    "--show-personal", "personal", is_flag=True, help="Show names and identity numbers instead of masking them."
)
_JUDGING = partial(
    _as_one, "options", "checks.run:Options",
    click.option("--select", multiple=True, callback=_ids, metavar="ID,…", help="Only these rules."),
    click.option("--ignore", multiple=True, callback=_ids, metavar="ID,…", help="Not these rules."),
    click.option("--jobs", type=click.IntRange(1, 64), callback=lambda _ctx, _param, jobs: jobs or 0,
                 help="Worker processes; default: one a processor."),
    click.option("--narrow/--no-narrow", "narrowing", default=True,
                 help="Show the engine suspects only (the findings are the same)."),
    _PERSONAL,
)  # fmt: skip
_WAIVERS = click.option(
    "--waivers", type=_PATH, metavar="FILE",
    help="Findings that somebody answers for, as YAML or TOML: they stay on the list and stop counting.",
)  # fmt: skip
_HISTORY = click.option(
    "--history", metavar="URL",
    help="Where runs are kept: a SQLAlchemy URL or a SQLite file; default: beside the fingerprint key.",
)  # fmt: skip
_FORMAT = click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(list(FORMATS)),
    help=f"{', '.join(NAMELESS[:-1])} and {NAMELESS[-1]} never hold names or identity numbers, masked or not.",
)  # fmt: skip
_OUTPUT = click.option("-o", "--output", type=_PATH, metavar="FILE", help="Write there instead of stdout.")
_YES = click.option("--yes", is_flag=True, help="Do it without asking.")
_TABLE = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)


@main.command()
@click.argument("folder", type=_PATH)
@click.option("--students", type=click.IntRange(600, 200_000), default=12_000, show_default=True, help="In school.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another college.")
@click.option("--months", type=click.IntRange(1, 3),
              help="So many monthly exports instead, and what each month's report must say.")  # fmt: skip
@click.option("--cover", type=click.Choice(["full", "thin"]), default="full", show_default=True,
              help="thin: as offices really have it, absences alone, registrations and handovers in part.")  # fmt: skip
def demo(folder: Path, students: int, seed: int, months: int | None, cover: str) -> None:
    """Write the exports of a made-up college to FOLDER, with planted violations and their ledger planted.json.

    With --months, FOLDER/2026-11 and the months before it, in which violations appear, are solved and come back, marks
    are set and a rule is retired; ledger.json holds the commands to run there and the findings to expect of each.
    An earlier demo in FOLDER is replaced; a folder that holds anything else is refused.
    """
    from facts.demo import write_demo, write_demo_months

    with writing(folder), steps() as step:
        if months:
            text = write_demo_months(folder, months, students, seed, thin=cover == "thin", progress=step).sentence
        else:
            text = write_demo(folder, students, seed, thin=cover == "thin", progress=step).sentence
    click.echo(text)


@main.command()
@_EXPORTS(*_DATA, _PREVIOUS)
@_RULES
@_JUDGING(click.option("--college", metavar="NAME", help="Only findings of this college."))
@_WAIVERS
@click.option(
    "--baseline", type=_PATH, metavar="FILE",
    help="findings.json of an earlier check: only what is new since then counts for the exit code.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "notice", "never"]), default="error", show_default=True,
    help="Exit with 1 where there is a finding of this severity or a graver one.",
)  # fmt: skip
@_FORMAT
@_OUTPUT
@click.option("--strict", is_flag=True,
              help="Exit with 3 also where a row was set aside or a selected rule could not be checked.")  # fmt: skip
def check(
    exports: Exports, folders: RuleFolders, options: Options, waivers: Path | None, baseline: Path | None,
    fail_on: str, form: str, output: Path | None, strict: bool,
) -> None:  # fmt: skip
    """Check SNAPSHOT, a folder of exports, against the rules.

    Exit code: 0 nothing to report at or above --fail-on, 1 findings, 2 the check could not be done, 3 a rule failed.
    """
    from checks.history.baseline import against
    from checks.history.findings_file import read_findings
    from checks.outcome import counts, exit_code
    from reports.formats import checked, unsettled

    refuse_personal(form, options.personal)
    session = _session(exports.snapshot)
    packs = session.packs(folders)
    with steps() as step:
        (result,) = session.check(exports, packs, options, waivers, (options.personal,), step)
    if baseline:
        result = against(result, read_findings(baseline))
    only_new = baseline is not None
    counted = partial(counts, fail_on=fail_on, only_new=only_new)
    give(checked(form, result, counted, root_of(result.snapshot_path, exports.snapshot), compared=only_new), output)
    say(map(Remark, unsettled(form, result)))
    sys.exit(exit_code(result, fail_on, strict, only_new))


@main.command()
@_EXPORTS(*_DATA, _PREVIOUS)
@_RULES
@_JUDGING()
@_as_one(
    "papers", "reports.papers.month_folder:Papers",
    click.option("--month", metavar="YYYY-MM", help="The meeting's month; default: the month of as_of."),
    click.option("-o", "--output", type=_PATH, metavar="DIR", help="Default: report-YYYY-MM."),
    click.option("--split", is_flag=True,
                 help="Also one workbook a college and office, to fill in, without the others' findings."),
    click.option("--pdf", is_flag=True,
                 help="Also report.pdf, by an installed Chrome, Chromium or Edge; $XUEJIAN_BROWSER names one."),
)  # fmt: skip
@_WAIVERS
@_HISTORY
def report(
    exports: Exports, folders: RuleFolders, options: Options, papers: Papers, waivers: Path | None, history: str | None
) -> None:
    """Write the meeting's report on SNAPSHOT, report.html, .docx and .xlsx with findings.json; and keep the run.

    The invitation (会议邀请.ics) and the minutes to fill in (会议纪要.docx) stand beside them. Where no browser prints
    the PDF, the rest is written all the same, and the exit code is 2.
    """
    from reports.console.month import month_lines
    from reports.month.meeting import wishes
    from reports.papers.month_folder import write_month
    from reports.wording.dates import parse_month

    if options.personal and not papers.split:
        raise Refusal("会议材料不写姓名和身份证号；--show-personal 只用于分送各单位的分表，请同时加 --split")
    if papers.output:
        refuse_among_exports(papers.output, exports.snapshot, exports.previous)
    session = _session(exports.snapshot)
    wished = wishes(session.settings.meeting, session.settings.path)
    if papers.month:
        parse_month(papers.month)
    store = session.store(history)
    packs = session.packs(folders)
    readers = (False, True) if options.personal else (False,)
    with steps() as step:
        results = session.check(exports, packs, options, waivers, readers, step)
    written = write_month(papers, results, session, store, wished)
    say(month_lines(written))
    if any(rule.status == "failed" for rule in written.result.rules):
        sys.exit(UNTRUSTED)
    if written.unprinted:
        sys.exit(IMPOSSIBLE)


@main.command()
@_EXPORTS(*_DATA)
@_RULES
@_as_one(
    "options", "checks.followup.selection:LetterOptions",
    click.option("--form", type=click.Choice(["2", "3", "4"]), default="4", show_default=True,
                 help="附表2 to register anew, 附表3 to report late, 附表4 withdrawal notices."),
    click.option("--student", "students", multiple=True, callback=_ids, metavar="NO,…", help="Only these students."),
    click.option("--draft", is_flag=True, help="附表4 for candidates that the rules find, marked as a draft."),
    _PERSONAL,
)  # fmt: skip
@click.option("-o", "--output", type=_PATH, required=True, metavar="DIR")
def notice(exports: Exports, folders: RuleFolders, options: LetterOptions, output: Path) -> None:
    """Write the regulation's letters and forms for SNAPSHOT, prefilled, one person a page, to DIR.

    附表4 goes to students with an issued 自动退学 that is not delivered yet, with a list of deliveries beside it: what
    is filled in there is kept when it is written again.
    """
    from checks.followup.letters import pack_of_forms
    from checks.followup.selection import letters_of
    from reports.console.letters import letters_lines
    from reports.papers.letters_folder import letters_folder

    if options.draft and options.form != "4":
        raise Refusal("--draft 只用于附表4（--form 4）")
    refuse_among_exports(output, exports.snapshot)
    session = _session(exports.snapshot)
    pack = pack_of_forms(session.packs(folders))
    with steps() as step:
        snapshot = session.load(exports, step, earlier=False)
        letters = letters_of(options, snapshot, pack, session.key)
        folder = letters_folder(letters, output, session.college, session.settings.fonts)
    say(map(Remark, letters.gaps))
    if letters.count:
        folder.write()
    say(letters_lines(letters, folder))


@main.command()
@click.argument("files", nargs=-1, required=True, type=_PATH, metavar="FILE…")
@click.option(
    "-o", "--output", type=_PATH, default=Path("waivers-proposed.yaml"), show_default=True,
    metavar="FILE", help="Where waivers are proposed for what was answered 不属实; never overwritten.",
)  # fmt: skip
@_HISTORY
@_CONFIG
def feedback(files: tuple[Path, ...], output: Path, history: str | None) -> None:
    """Read workbooks of `report` back that offices and colleges have filled in.

    Exit code: 0 all taken, 1 something could not be taken (said on stderr; all else counts), 2 nothing could be done.
    """
    from checks.followup.feedback import proposals_yaml, summary
    from reports.wording.safe_text import plain_text, shortened

    if output.exists():
        raise Refusal(f"{output} 已经存在，里面可能有填好的批准人，不会覆盖；请用 -o 写到另一个文件")
    found = _session().take_feedback(files, history)
    if found.proposals:
        save(output, proposals_yaml(found.proposals, found.as_of))
    for sentence in found.refused:
        click.echo(shortened(plain_text(sentence)), err=True)
    click.echo(summary(found, len(files)) + (f"；豁免建议：{output}" if found.proposals else ""))
    sys.exit((FOUND if found.sheets else IMPOSSIBLE) if found.refused else 0)


@main.group(invoke_without_command=True)
@_HISTORY
@_CONFIG
@_TABLE
@click.pass_context
def history(context: click.Context, history: str | None, form: str) -> None:
    """List the runs that are kept; forget one, or start over with a new fingerprint key."""
    context.obj = history
    if context.invoked_subcommand:
        return
    from reports.console.history import history_json, history_text

    store = _session().existing_store(history)
    if store is None and history:
        raise Refusal(f"没有历史库 {history}，请核对 --history；xuejian report 第一次运行时才会建立")
    runs = store.runs() if store else ()
    click.echo(history_json(runs) if form == "json" else history_text(runs), nl=False)


@history.command("forget")
@click.argument("number", metavar="RUN")
@_YES
@click.pass_obj
def history_forget(history: str | None, number: str, yes: bool) -> None:
    """Remove RUN, which was kept by mistake, by the number that `history` shows; with the answers on its sheets."""
    from reports.console.history import run_named

    store = _session().existing_store(history)
    if store is None:
        raise Refusal("还没有历史库，没有可删的记录")
    run = store.run(number)
    named = run_named(run)
    if agreed(f"从历史库删去{named}？", yes):
        store.forget(run)
        click.echo(f"已从历史库删去{named}；与它比较过的报告须重新生成")


@history.command("reset-key")
@_YES
@click.pass_obj
def history_reset_key(history: str | None, yes: bool) -> None:
    """Go on with the present key where the earlier one is lost: what was found before is then not known again."""
    from checks.findings.fingerprints import check_value

    session = _session()
    store = session.existing_store(history)
    present = check_value(session.key()) if store else ""
    if store is None or store.knows_key(present):
        click.echo("指纹密钥与历史库相符，没有什么要改" if store else "还没有历史库，没有什么要改")
        return
    if agreed("改用现在的指纹密钥，以前的问题从此都对不上？", yes):
        store.reset_key(present)
        click.echo("历史库已改用现在的指纹密钥；以前的记录仍在，但其中的问题不再能与以后的对应")


@main.command()
@click.argument("old")
@click.argument("new")
@_HISTORY
@_CONFIG
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(old: str, new: str, history: str | None, form: str) -> None:
    """Compare OLD with NEW: months (2026-11) or numbers of runs that are kept, or two findings.json files.

    Exit code: 0 the same findings, 1 some came or went, 2 they could not be compared.
    """
    from checks.history.diff import difference_of
    from checks.session import run_of
    from reports.console.difference import difference_json, difference_text

    (before, past), (after, _) = (run_of(each, history, _session) for each in (old, new))
    found = difference_of(before, after, past)
    render = difference_json if form == "json" else difference_text
    click.echo(render(found, old, new), nl=False)
    sys.exit(0 if found.same else FOUND)


@main.group()
def data() -> None:
    """The exports: what is in them, how their headings map, and which rows could not be read."""


@data.command("inspect")
@_EXPORTS(*_DATA, click.option("--previous", type=_PATH, metavar="SNAPSHOT", help="An earlier snapshot."))
@_RULES
@click.option(
    "--write", is_flag=True, help=f"Merge the mapping into --config, else {CONFIG}; what is only likely as a comment."
)
def data_inspect(exports: Exports, folders: RuleFolders, write: bool) -> None:
    """Show what each file of SNAPSHOT is, which heading is which field, and which rules can't be checked on it."""
    from facts.reading.mapping_file import merged_text
    from reports.console.inspection import inspection_text

    session = _session(exports.snapshot)
    packs = session.packs(folders)
    with steps() as step:
        found = session.inspect(exports, packs, step)
    click.echo(inspection_text(found), nl=False)
    if not write:
        return
    path = session.settings.path
    merged = merged_text(session.settings.text, found.inspection, str(path))
    if merged == session.settings.text:
        click.echo(f"\n{path} 不用改")
        return
    save(path, merged)
    click.echo(f"\n对照关系已写入 {path}；以 # 开头的只是推测，请核对后去掉 #")


@data.command("validate")
@_EXPORTS(*_DATA)
@_CONFIG
@_FORMAT
@_OUTPUT
@_PERSONAL
def data_validate(exports: Exports, form: str, output: Path | None, personal: bool) -> None:
    """Read SNAPSHOT and account for every row, without judging any rule.

    Exit code: 0 every row was read, 1 rows were set aside or a required column is missing, 2 the snapshot could not be
    read.
    """
    from checks.overview.accounts import accounts
    from reports.console.inspection import lacking
    from reports.formats import read

    refuse_personal(form, personal)
    with steps() as step:
        found = accounts(_session(exports.snapshot).load(exports, step), personal=personal)
    give(read(form, found, root_of(found.path, exports.snapshot)), output)
    if FORMATS[form].records_only:
        say(map(Remark, lacking(found)))
    sys.exit(0 if found.complete else FOUND)


@data.command("template")
@click.argument("folder", type=_PATH, metavar="DIR")
def data_template(folder: Path) -> None:
    """Write an empty workbook an office to DIR: its tables as sheets, with drop-downs and a sheet of explanations."""
    from facts.reading.template import workbooks

    books = workbooks()
    there = [name for name in books if (folder / name).exists()]
    if there:  # it may have been filled in
        raise Refusal(f"{folder} 里已有 {'、'.join(there)}，没有改动；请换一个文件夹")
    for name, content in books.items():
        save(folder / name, content)
    click.echo(f"空白填报表已写入 {folder}：{'、'.join(books)}")


@main.group()
def rules() -> None:
    """The rules: list them, run their own examples, see which clauses they cover, write one of the school's own."""


@rules.command("list")
@_RULES
@_TABLE
def rules_list(folders: RuleFolders, form: str) -> None:
    """List every rule of the packs."""
    from rules.pages import list_json, list_rows, list_text

    listed = [rule for pack in _session().packs(folders) for rule in pack.rules]
    if form == "json":
        click.echo(list_json(listed), nl=False)
    elif not show_table(("规则", "级别", "名称", "条款", "责任单位", "规则包"), list_rows(listed)):
        click.echo(list_text(listed), nl=False)


@rules.command("coverage")
@_RULES
@_TABLE
def rules_coverage(folders: RuleFolders, form: str) -> None:
    """Show every clause with its rules, or why there is none; exit code 1 where a clause has neither."""
    from rules.coverage import OPEN, coverage, coverage_json, coverage_rows, summary

    clauses = coverage(_session().packs(folders))
    if form == "json":
        click.echo(coverage_json(clauses), nl=False)
    else:
        heads, rows = ("规则包", "条款", "状态", "规则或原因"), coverage_rows(clauses)
        if not show_table(heads, rows):
            click.echo("\n".join("\t".join(row) for row in (heads, *rows)))
        click.echo("\n".join(summary(clauses)))
    sys.exit(FOUND if any(clause.state == OPEN for clause in clauses) else 0)


@rules.command("schema")
@click.argument("form", type=click.Choice(["rule", "pack"]), default="rule")
def rules_schema(form: str) -> None:
    """Print the JSON Schema of a rule file (or of a pack.yaml), for editors."""
    from rules.schemas import schema_json

    click.echo(schema_json(form), nl=False)


@rules.command("new")
@_RULES
@click.argument("rule_id", metavar="ID")
@click.argument("folder", type=_PATH, metavar="DIR")
def rules_new(rule_id: str, folder: Path, folders: RuleFolders) -> None:
    """Write a commented draft of a rule of the school's own to DIR/ID.yaml."""
    from rules.skeleton import new_rule

    packs = _session().packs(folders)
    with writing():
        path = new_rule(rule_id, folder, packs)
    click.echo(f"已写 {path}；改好后用 xuejian rules test {rule_id} --rules {folder} 试跑")


@rules.command("test")
@_RULES
@click.argument("ids", nargs=-1, metavar="[ID]…")
def rules_test(ids: tuple[str, ...], folders: RuleFolders) -> None:
    """Run the rules' own examples through the real engine; exit code 1 where one fails.

    All rules, or those named; with --rules only those of the school's own folders.
    """
    from checks.examples import chosen_rules, run_all
    from reports.console.examples import examples_text

    packs = _session().packs(folders)
    with steps() as step:
        chosen = chosen_rules(packs, ids, folders.own)
        results = run_all(packs, chosen, os.cpu_count() or 1, step)
    click.echo(examples_text(len(chosen), results))
    sys.exit(0 if all(result.passed for result in results) else FOUND)


@rules.command("chart")
@_RULES
@_EXPORTS(click.option("--snapshot", type=_PATH, metavar="DIR", help="Count its issued changes on the chart."), _AS_OF)
@click.option("-o", "--output", type=_PATH, required=True, metavar="FILE", help="*.svg or *.html.")
def rules_chart(folders: RuleFolders, exports: Exports, output: Path) -> None:
    """Draw the workflow chart (附表1) from the packs' procedures: who hands what to whom."""
    from checks.run import pack_info
    from reports.papers.procedures import render_procedures, render_svg

    if output.suffix not in (".svg", ".html"):
        raise Refusal(f"不会写 {output.name}，请写成 *.svg 或 *.html")
    packs = _session().packs(folders)
    with steps() as step:
        snapshot = _session(exports.snapshot).load(exports, step, earlier=False) if exports.snapshot else None
    infos = [pack_info(pack, snapshot) for pack in packs if pack.file.procedures]
    if not infos:
        raise Refusal("所选的规则包没有异动程序，没有图可画")
    save(output, render_svg(infos[0]) if output.suffix == ".svg" else render_procedures(infos))


@main.command()
@_RULES
@click.argument("rule_id", metavar="RULE")
def explain(rule_id: str, folders: RuleFolders) -> None:
    """Show one rule as a page: clause, condition, parameters, examples, owner and remedy."""
    from rules.pack import find_rule
    from rules.pages import page

    click.echo(page(*find_rule(_session().packs(folders), rule_id), _session().settings.path), nl=False)


if __name__ == "__main__":
    main()
