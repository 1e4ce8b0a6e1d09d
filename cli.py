"""The doors of the house: commands that parse, call and print. Heavy imports stand in the command that needs them."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from facts.model.refusal import CONFIG, NOTES, Refusal, why
from reports.formats import FORMATS, NAMELESS

if TYPE_CHECKING:
    from sqlalchemy import URL

    from checks.findings.waivers import Waiver
    from checks.history.compare import Past
    from checks.history.store import Store
    from checks.history.values import Run
    from checks.results import CheckResult
    from checks.settings import Settings
    from facts.model.snapshot import Snapshot
    from facts.reading.notes import SnapshotNotes
    from rules.pack import Pack

    _DayType = click.ParamType[date, Any]
else:
    _DayType = click.ParamType  # can't be subscripted in every click that is allowed

FOUND, IMPOSSIBLE, UNTRUSTED = 1, 2, 3
"""Exit codes of `check` besides 0; the README's promise."""
INTERRUPTED = 130
"""As shells say of Ctrl-C."""
GARBAGE = (10_000, 10, 10)
"""How seldom values that are of no use any more are looked for: a large report makes millions that all stay until its
end, and a fifth of its time went into looking through them."""
_SPLIT = "分表"
_SHOWN = 5
"""The folder of a report that holds each college's and office's own workbook."""
_DELIVERIES = "送达登记.csv"


class Trouble(click.ClickException):
    """How a refusal ends a command: one sentence on stderr, exit code 2."""

    exit_code = IMPOSSIBLE

    def show(self, file: Any = None) -> None:  # noqa: ARG002 (click's signature)
        from reports.wording.safe_text import plain_text, shortened

        # Names of files, sheets and columns are data: nothing that a terminal would obey, one line, and no long one.
        click.echo(f"xuejian: {shortened(plain_text(self.message))}", err=True)


@contextmanager
def _one_line() -> Iterator[None]:
    """What click says of a wrong usage, in one line; the help that it shows where nothing was asked stays."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "xuejian"
        said = " ".join(error.format_message().split()).removesuffix(".")
        raise Trouble(f"{said}; see {command} --help") from None


class _Doors(click.Group):
    """The commands. What nobody foresaw is one sentence too, and never looks like findings."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _one_line():
                return super().invoke(ctx)
        except Refusal as error:
            raise Trouble(str(error)) from None
        except KeyboardInterrupt:
            click.echo("xuejian: 已中断，没有写出结果", err=True)
            sys.exit(INTERRUPTED)
        except (click.exceptions.Exit, click.Abort, click.ClickException, BrokenPipeError):
            raise  # a closed pipe is the reader's own doing: click ends in silence
        except Exception as error:
            if os.environ.get("XUEJIAN_DEBUG"):
                raise
            said = (
                f"程序内部出错（{type(error).__name__}），没有完成；请设环境变量 XUEJIAN_DEBUG=1 重试，把输出报给维护者"
            )
            click.echo(f"xuejian: {said}", err=True)
            sys.exit(IMPOSSIBLE)


@click.group(cls=_Doors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="xuejian", prog_name="xuejian")
def main() -> None:
    """学鉴: checks a college's student-status exports against the regulation and writes the monthly meeting report."""
    gc.set_threshold(*GARBAGE)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


class Day(_DayType):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2026-11-25", param, ctx)


def _ids(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Of an option that takes several at once and may be given more than once; each counts once."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _options(*options: Callable[..., Any]) -> Callable[..., Any]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _config(text: str) -> Callable[..., Any]:
    """Which file holds the settings: `_settings` reads it, once, when it is first asked."""

    def remember(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
        ctx.meta[CONFIG] = value

    return click.option(
        "--config", type=click.Path(path_type=Path), expose_value=False, callback=remember, metavar="FILE", help=text
    )


def _settings() -> Settings:
    """What xuejian.toml, or the file of --config, says."""
    from checks.settings import Settings, read_settings

    meta = click.get_current_context().meta
    if not isinstance(meta[CONFIG], Settings):
        meta[CONFIG] = read_settings(meta[CONFIG])
    settings: Settings = meta[CONFIG]
    return settings


def _notes(snapshot: Path | None) -> SnapshotNotes:
    """What the snapshot.toml of a command's snapshot says."""
    from facts.reading.notes import read_notes

    meta = click.get_current_context().meta
    if NOTES not in meta:
        meta[NOTES] = read_notes(snapshot)
    notes: SnapshotNotes = meta[NOTES]
    return notes


_CONFIG = _config(f"Default: {CONFIG} in this folder.")
_RULES = _options(
    click.option("--pack", "packs", multiple=True, metavar="ID|DIR",
                 help="A rule pack, by its id or its folder; may be given more than once. Default: xjtei-2020."),
    click.option("--rules", "more", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
                 help="A folder of the school's own rules; may be given more than once."),
    _config(f"The school's parameters; {CONFIG} in the current folder where it is there."),
)  # fmt: skip
_DATA = _options(
    click.argument("snapshot", type=click.Path(path_type=Path), required=False),
    click.option(
        "--source",
        metavar="URL",
        help="A database that holds the tables, or those that SNAPSHOT has not, read only: a SQLAlchemy URL; ${NAME} "
        "is taken from the environment. Default: `source` of the configuration.",
    ),
    click.option("--as-of", type=Day(), help="The day the snapshot shows; default: as_of in its snapshot.toml."),
)
_CHECK = _options(
    _DATA,
    click.option(
        "--previous",
        type=click.Path(path_type=Path),
        metavar="SNAPSHOT",
        help="An earlier snapshot to compare with; default: the folder `previous` in its snapshot.toml.",
    ),
    _RULES,
    click.option("--select", multiple=True, callback=_ids, metavar="ID,…", help="Only these rules."),
    click.option("--ignore", multiple=True, callback=_ids, metavar="ID,…", help="Not these rules."),
    click.option("--jobs", type=click.IntRange(1, 64), help="Worker processes; default: one a processor."),
    click.option(
        "--narrow/--no-narrow", default=True, help="Show the engine suspects only (the findings are the same)."
    ),
    click.option("--show-personal", is_flag=True, help="Show names and identity numbers instead of masking them."),
)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--students", type=click.IntRange(300, 200_000), default=12_000, show_default=True, help="In school.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another college.")
@click.option(
    "--months",
    type=click.IntRange(1, 3),
    help="So many monthly exports instead, and what each month's report must say.",
)
def demo(folder: Path, students: int, seed: int, months: int | None) -> None:
    """Write the exports of a made-up college to FOLDER, with planted violations and their ledger planted.json.

    With --months, FOLDER/2026-11 and the months before it, in which violations appear, are solved and come back, marks
    are set and a rule is retired; ledger.json holds the commands to run there and the findings to expect of each.
    An earlier demo in FOLDER is replaced; a folder that holds anything else is refused.
    """
    from facts.demo import write_demo, write_demo_months

    if months:
        with _writing(folder), _steps() as step:
            written = write_demo_months(folder, months, students, seed, progress=step)
        click.echo(f"演示学校的 {months} 个月已写入 {folder}：{written.rows} 行（ledger.json 写明命令和应得的结果）")
        return
    with _writing(folder), _steps() as step:
        summary = write_demo(folder, students, seed, progress=step)
    click.echo(
        f"演示学校已写入 {folder}：{sum(summary.rows.values())} 行，埋入 {summary.planted} 处违规（planted.json）"
    )


_FORMAT = click.option(
    "--format", "form", default="text", show_default=True,
    type=click.Choice(list(FORMATS)),
    help=f"{', '.join(NAMELESS[:-1])} and {NAMELESS[-1]} never hold names or identity numbers, masked or not.",
)  # fmt: skip
_OUTPUT = click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of stdout."
)
_WAIVERS = click.option(
    "--waivers", type=click.Path(path_type=Path), metavar="FILE",
    help="Findings that somebody answers for, as YAML or TOML: they stay on the list and stop counting.",
)  # fmt: skip
_HISTORY = click.option(
    "--history", metavar="URL",
    help="Where runs are kept: a SQLAlchemy URL or a SQLite file; default: beside the fingerprint key.",
)  # fmt: skip


@main.command()
@_CHECK
@click.option("--college", metavar="NAME", help="Only findings of this college.")
@_WAIVERS
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="findings.json of an earlier check: only what is new since then counts for the exit code.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "notice", "never"]),
    default="error",
    show_default=True,
    help="Exit with 1 where there is a finding of this severity or a graver one.",
)
@_FORMAT
@_OUTPUT
@click.option(
    "--strict", is_flag=True, help="Exit with 3 also where a row was set aside or a selected rule could not be checked."
)
def check(
    form: str, output: Path | None, fail_on: str, strict: bool, baseline: Path | None, **given: Any
) -> None:  # fmt: skip
    """Check SNAPSHOT, a folder of exports, against the rules.

    Exit code: 0 nothing to report at or above --fail-on, 1 findings, 2 the check could not be done, 3 a rule failed.
    """
    from importlib.metadata import version

    from checks.outcome import counts, exit_code
    from reports.formats import checked

    _refuse_personal(form, given["show_personal"])
    result = _check(**given)
    if baseline:
        from checks.history.baseline import against
        from checks.history.findings_file import read_findings

        result = against(result, read_findings(baseline))
    only_new = baseline is not None
    counted = partial(counts, fail_on=fail_on, only_new=only_new)
    text = checked(form, result, counted, _root(result.snapshot_path, given["snapshot"]), version("xuejian"),
                   compared=only_new)  # fmt: skip
    if output:
        _write({output: text})
    else:
        click.echo(text, nl=False)
    unsettled = [rule.id for rule in result.rules if not rule.concluded]
    if FORMATS[form].records_only and unsettled:
        click.echo(f"xuejian: 这些规则没有结论，不等于没有问题：{'、'.join(unsettled)}", err=True)
    sys.exit(exit_code(result, fail_on, strict, only_new))


@main.command()
@_CHECK
@click.option("--month", metavar="YYYY-MM", help="The meeting's month; default: the month of as_of.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Default: report-YYYY-MM.")
@click.option(
    "--split", is_flag=True, help="Also one workbook a college and office, to fill in, without the others' findings."
)
@click.option(
    "--pdf",
    is_flag=True,
    help="Also report.pdf, by an installed Chrome, Chromium or Edge; $XUEJIAN_BROWSER names one.",
)
@_WAIVERS
@_HISTORY
def report(month: str | None, output: Path | None, split: bool, pdf: bool, history: str | None, **given: Any) -> None:
    """Write the meeting's report on SNAPSHOT, report.html, .docx and .xlsx with findings.json; and keep the run.

    The invitation (会议邀请.ics) and the minutes to fill in (会议纪要.docx) stand beside them. Where no browser prints
    the PDF, the rest is written all the same, and the exit code is 2.
    """
    from importlib.metadata import version

    from checks.findings.fingerprints import Seals, check_value, load_key
    from checks.followup.feedback import is_filled
    from checks.history.store import compared, open_store
    from reports.formats.findings_json import render_json
    from reports.formats.text import render_summary
    from reports.month.meeting import meeting_of, next_month, purpose, wishes
    from reports.month.month import monthly_report
    from reports.papers.docx import render_docx
    from reports.papers.docx_minutes import render_minutes
    from reports.papers.html import render_html
    from reports.papers.invitation import render_invitation
    from reports.papers.output import output as into
    from reports.papers.xlsx import render_split, render_xlsx
    from reports.wording.dates import month_of, parse_month

    shown = given.pop("show_personal")
    if shown and not split:
        raise Refusal("会议材料不写姓名和身份证号；--show-personal 只用于分送各单位的分表，请同时加 --split")
    if output:
        _refuse_among_exports(output, given["snapshot"], given["previous"])
    settings = _settings()
    institution, wished = _college_name(given["snapshot"]), wishes(settings.meeting, settings.path)
    if month:
        parse_month(month)
    store = open_store(history or settings.history, _home(), password_file=settings.password_path)
    key = load_key(_home())
    store.verify(check_value(key))
    result, *owners = _checks((False, True) if shown else (False,), college=None, **given)
    month = month_of(month, result.as_of)
    meeting = meeting_of(parse_month(month), wished)
    following = meeting_of(next_month(parse_month(month)), wished).on
    folder = output or Path(f"report-{month}")
    with (
        _writing(folder),
        into(folder) as write,
        store.remembering(result, month, institution, version("xuejian")) as comparison,
    ):
        result = compared(result, comparison)
        made = partial(
            monthly_report, month=month, college_name=institution, comparison=comparison,
            tool_version=version("xuejian"), meeting=meeting, following=following,
        )  # fmt: skip
        view = made(result)
        for_owners = made(compared(owners[0], comparison)) if owners else view
        books = render_split(for_owners, Seals(key)) if split else {}
        for name in books:
            if (place := folder / _SPLIT / name).exists() and is_filled(place):
                raise Refusal(
                    f"{place} 里有填好的内容（或者打不开），不会覆盖；请先用 xuejian feedback 收回并移走，或用 -o 另写"
                )
        page = render_html(view)
        printed, unprinted = _printed(page, result.as_of) if pdf else (None, "")
        write(
            [
                ("report.html", lambda: page),
                *((("report.pdf", lambda: printed),) if printed else ()),
                ("report.docx", lambda: render_docx(view, settings.fonts)),
                ("report.xlsx", lambda: render_xlsx(view, Seals(key))),
                *((f"{_SPLIT}/{name}", partial(books.__getitem__, name)) for name in books),
                ("会议邀请.ics", lambda: render_invitation(view)),
                ("会议纪要.docx", lambda: render_minutes(view, settings.fonts)),
                ("findings.json", lambda: render_json(result, purpose(view))),
            ]
        )
    click.echo(render_summary(result))
    click.echo(f"报告：{folder / 'report.html'}" + (f"；分表：{folder / _SPLIT}" if split else ""))
    old = [path.name for path in sorted((folder / _SPLIT).glob("*.xlsx")) if path.name not in books]
    if not printed and (folder / "report.pdf").exists():
        old.insert(0, "report.pdf")
    if old:
        more = f" 等{len(old)}个" if len(old) > _SHOWN else ""
        click.echo(f"xuejian: {folder} 里还有以前写的文件，不属于这次报告：{'、'.join(old[:_SHOWN])}{more}", err=True)
    if unprinted:
        click.echo(f"xuejian: {unprinted}", err=True)
    if not comparison.kept:
        said = f"只核查了所选的规则，没有记入历史：{month}已有的记录核查了更多规则，仍以那次为准"
        click.echo(f"xuejian: {said}" + ("；这次发出的分表不能收回" if split else ""), err=True)
    if any(rule.status == "failed" for rule in result.rules):
        sys.exit(UNTRUSTED)
    if unprinted:
        sys.exit(IMPOSSIBLE)


def _printed(page: str, as_of: date) -> tuple[bytes | None, str]:
    """report.pdf; else why there is none."""
    from reports.papers.pdf import PdfError, find_browser, render_pdf

    try:
        with _steps() as step:
            step("打印 PDF")
            return render_pdf(page, as_of, find_browser()), ""
    except PdfError as error:
        return None, f"没有写出 report.pdf（报告的其他文件已写出）：{error}"


@main.command()
@_DATA
@_RULES
@click.option(
    "--form",
    type=click.Choice(["2", "3", "4"]),
    default="4",
    show_default=True,
    help="附表2 to register anew, 附表3 to report late, 附表4 withdrawal notices.",
)
@click.option("--student", "students", multiple=True, callback=_ids, metavar="NO,…", help="Only these students.")
@click.option("--draft", is_flag=True, help="附表4 for candidates that the rules find, marked as a draft.")
@click.option("--show-personal", is_flag=True, help="Show names and identity numbers instead of masking them.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="DIR")
def notice(
    snapshot: Path | None, source: str | None, as_of: date | None, packs: tuple[str, ...], more: tuple[Path, ...],
    form: str, students: tuple[str, ...], draft: bool, show_personal: bool, output: Path,
) -> None:  # fmt: skip
    """Write the regulation's letters and forms for SNAPSHOT, prefilled, one person a page, to DIR.

    附表4 goes to students with an issued 自动退学 that is not delivered yet, with a list of deliveries beside it: what
    is filled in there is kept when it is written again.
    """
    if draft and form != "4":
        raise Refusal("--draft 只用于附表4（--form 4）")
    _refuse_among_exports(output, snapshot)
    from checks.findings.fingerprints import load_key
    from checks.followup import letters
    from checks.followup.deliveries import read_register, updated
    from reports.formats.spreadsheet import csv_text
    from reports.papers import docx_letters as pages
    from reports.papers.output import output as into

    pack = letters.pack_of_forms(_packs(packs, more, snapshot))
    college = _college_name(snapshot)
    gaps: tuple[str, ...] = ()
    made: Callable[[], bytes]
    files: dict[str, Callable[[], str | bytes]] = {}
    kept = 0
    with _steps() as step:
        loaded = _load(snapshot, as_of, source, step, earlier=False)
        if unknown := letters.unknown_numbers(loaded, students):
            raise Refusal(f"数据里没有这些学号：{'、'.join(unknown)}，请核对 --student")
        asked: dict[str, Any] = {"personal": show_personal}
        sheet: dict[str, Any] = {"as_of": loaded.as_of, "fonts": _settings().fonts, **asked}
        sheet["college"] = college or "西安交通工程学院"
        if form == "2":
            anew, gaps = letters.new_records(loaded, pack, load_key(_home()), students, **asked)
            count, name = len(anew), "附表2-学籍注册申请表.docx"
            made = partial(pages.new_records_docx, anew, **sheet)
        elif form == "3":
            late = letters.late_arrivals(loaded, pack, students, **asked)
            count, name = len(late), "附表3-暂缓报到申请表.docx"
            made = partial(pages.late_arrivals_docx, late, **sheet)
        else:
            if draft:
                told, gaps = letters.candidates(loaded, pack, load_key(_home()), students, **asked)
            else:
                told = letters.issued_notices(loaded, pack, students, **asked)
                rows, kept = updated(read_register(output / _DELIVERIES), told, loaded.as_of)
                files[_DELIVERIES] = partial(csv_text, rows)
            count, name = len(told), "附表4-退学通知书（草稿）.docx" if draft else "附表4-退学通知书.docx"
            made = partial(pages.notices_docx, told, draft=draft, **sheet)
        files[name] = made
    for gap in gaps:
        click.echo(f"xuejian: {gap}", err=True)
    if not count:
        if old := [name for name in files if (output / name).exists()]:
            click.echo(f"xuejian: {output} 里以前写的文件不属于这次结果，没有改动：{'、'.join(old)}", err=True)
        click.echo("没有符合条件的学生，没有写文件")
        return
    with _writing(output), into(output) as write:
        write(list(files.items()))
    for name in files:
        click.echo(f"已写入 {output / name}")
    if kept:
        click.echo(f"xuejian: {output / _DELIVERIES} 里有 {kept} 行填写过而不属于这次结果，已照原样留下", err=True)
    click.echo(f"{count} 人" + ("" if show_personal else "；姓名和身份证号已遮盖，要全名请加 --show-personal"))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("waivers-proposed.yaml"), show_default=True,
    metavar="FILE", help="Where waivers are proposed for what was answered 不属实; never overwritten.",
)  # fmt: skip
@_HISTORY
@_CONFIG
def feedback(files: tuple[Path, ...], output: Path, history: str | None) -> None:
    """Read workbooks of `report` back that offices and colleges have filled in.

    Exit code: 0 all taken, 1 something could not be taken (said on stderr; all else counts), 2 nothing could be done.
    """
    from checks.findings.fingerprints import check_value, load_key
    from checks.followup.feedback import proposals_yaml, read_feedback, summary
    from reports.wording.safe_text import plain_text, shortened

    if output.exists():
        raise Refusal(f"{output} 已经存在，里面可能有填好的批准人，不会覆盖；请用 -o 写到另一个文件")
    store = _existing_store(history)
    if store is None:
        raise Refusal("还没有历史库，不知道这些表是哪次核查的；请在作出报告的那台机器上运行，或用 --history 指明")
    key = load_key(_home())
    store.verify(check_value(key))
    found = read_feedback(files, key, store.handed_out)
    for run, answers in found.answers.values():
        store.keep_answers(run, answers)
    if found.proposals:
        as_of = max(run.as_of for run, _ in found.answers.values())
        _write({output: proposals_yaml(found.proposals, as_of)})
    for said in found.refused:
        click.echo(shortened(plain_text(said)), err=True)
    click.echo(summary(found, len(files)) + (f"；豁免建议：{output}" if found.proposals else ""))
    sys.exit((FOUND if found.sheets else IMPOSSIBLE) if found.refused else 0)


@main.group(invoke_without_command=True)
@_HISTORY
@_CONFIG
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def history(context: click.Context, history: str | None, form: str) -> None:
    """List the runs that are kept; forget one, or start over with a new fingerprint key."""
    context.obj = history
    if context.invoked_subcommand:
        return
    from reports.console.history import history_json, history_text

    store = _existing_store(history)
    if store is None and history:
        raise Refusal(f"没有历史库 {history}，请核对 --history；xuejian report 第一次运行时才会建立")
    runs = store.runs() if store else ()
    click.echo(history_json(runs) if form == "json" else history_text(runs), nl=False)


_YES = click.option("--yes", is_flag=True, help="Do it without asking.")


def _on_terminal() -> bool:
    return sys.stdin.isatty()


def _agreed(question: str, yes: bool) -> bool:
    """Asks on a terminal; elsewhere nobody can answer, and what can't be undone needs `--yes`."""
    if yes:
        return True
    if not _on_terminal():
        raise Refusal(f"{question.rstrip('？')}？不能恢复，确定的请加 --yes")
    if click.confirm(question, prompt_suffix=" "):
        return True
    click.echo("没有改动")
    return False


@history.command("forget")
@click.argument("asked", metavar="RUN")
@_YES
@click.pass_obj
def history_forget(history: str | None, asked: str, yes: bool) -> None:
    """Remove RUN, which was kept by mistake, by the number that `history` shows; with the answers on its sheets."""
    from reports.wording.safe_text import plain_text

    store = _existing_store(history)
    if store is None:
        raise Refusal("还没有历史库，没有可删的记录")
    run = store.run(asked)
    whose = plain_text(run.institution) or "未写校名"
    said = f"编号{run.id}（{run.month}，数据截至{run.as_of}，{whose}）的记录和各单位对它的答复"
    if _agreed(f"从历史库删去{said}？", yes):
        store.forget(run)
        click.echo(f"已从历史库删去{said}；与它比较过的报告须重新生成")


@history.command("reset-key")
@_YES
@click.pass_obj
def history_reset_key(history: str | None, yes: bool) -> None:
    """Go on with the present key where the earlier one is lost: what was found before is then not known again."""
    from checks.findings.fingerprints import check_value, load_key

    store = _existing_store(history)
    present = check_value(load_key(_home())) if store else ""
    if store is None or store.knows_key(present):
        click.echo("指纹密钥与历史库相符，没有什么要改" if store else "还没有历史库，没有什么要改")
        return
    if not _agreed("改用现在的指纹密钥，以前的问题从此都对不上？", yes):
        return
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
    from reports.console.difference import difference_json, difference_text

    (before, past), (after, _) = (_run_of(asked, history) for asked in (old, new))
    found = difference_of(before, after, past)
    render = difference_json if form == "json" else difference_text
    click.echo(render(found, old, new), nl=False)
    sys.exit(0 if found.same else FOUND)


@main.group()
def data() -> None:
    """The exports: what is in them, how their headings map, and which rows could not be read."""


@data.command("inspect")
@_DATA
@click.option("--previous", type=click.Path(path_type=Path), metavar="SNAPSHOT", help="An earlier snapshot.")
@_RULES
@click.option(
    "--write", is_flag=True, help=f"Merge the mapping into --config, else {CONFIG}; what is only likely as a comment."
)
def data_inspect(
    snapshot: Path | None, source: str | None, as_of: date | None, previous: Path | None, write: bool,
    packs: tuple[str, ...], more: tuple[Path, ...],
) -> None:  # fmt: skip
    """Show what each file of SNAPSHOT is, which heading is which field, and which rules can't be checked on it."""
    loaded_packs = _packs(packs, more, snapshot)
    from checks.overview.inspection import inspected
    from facts.reading.mapping_file import merged_text
    from reports.console.inspection import inspection_text

    settings = _settings()
    path = settings.path
    with _steps() as step:
        database = _database_beside(snapshot, source)
        found = inspected(
            snapshot,
            loaded_packs,
            as_of,
            notes=_notes(snapshot),
            sources=settings.exports,
            previous=previous,
            progress=step,
            database=database,
        )
    click.echo(inspection_text(found), nl=False)
    if not write:
        return
    merged = merged_text(settings.text, found.seen, str(path))
    if merged == settings.text:
        click.echo(f"\n{path} 不用改")
        return
    _write({path: merged})
    click.echo(f"\n对照关系已写入 {path}；以 # 开头的只是推测，请核对后去掉 #")


@data.command("validate")
@_DATA
@_CONFIG
@_FORMAT
@_OUTPUT
@click.option("--show-personal", is_flag=True, help="Show names and identity numbers instead of masking them.")
def data_validate(
    snapshot: Path | None, source: str | None, as_of: date | None, form: str,
    output: Path | None, show_personal: bool,
) -> None:  # fmt: skip
    """Read SNAPSHOT and account for every row, without judging any rule.

    Exit code: 0 every row was read, 1 rows were set aside or a required column is missing, 2 the snapshot could not be
    read.
    """
    from importlib.metadata import version

    from checks.overview.accounts import accounts
    from reports.console.inspection import lacking
    from reports.formats import read

    _refuse_personal(form, show_personal)
    with _steps() as step:
        found = accounts(_load(snapshot, as_of, source, step), personal=show_personal)
    text = read(form, found, _root(found.path, snapshot), version("xuejian"))
    if output:
        _write({output: text})
    else:
        click.echo(text, nl=False)
    if FORMATS[form].records_only:
        for sentence in lacking(found):
            click.echo(f"xuejian: {sentence}", err=True)
    sys.exit(0 if found.complete else FOUND)


@main.group()
def rules() -> None:
    """The rules: list them, run their own examples, see which clauses they cover, write one of the school's own."""


@rules.command("list")
@_RULES
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def rules_list(packs: tuple[str, ...], more: tuple[Path, ...], form: str) -> None:
    """List every rule of the packs."""
    from rules.pages import list_json, list_rows, list_text

    listed = [rule for pack in _packs(packs, more) for rule in pack.rules]
    if form == "json":
        click.echo(list_json(listed), nl=False)
    elif sys.stdout.isatty():
        _show_table(("规则", "级别", "名称", "条款", "责任单位", "规则包"), list_rows(listed))
    else:
        click.echo(list_text(listed), nl=False)


@rules.command("coverage")
@_RULES
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def rules_coverage(packs: tuple[str, ...], more: tuple[Path, ...], form: str) -> None:
    """Show every clause with its rules, or why there is none; exit code 1 where a clause has neither."""
    from rules.coverage import OPEN, coverage, coverage_json, coverage_rows, summary

    clauses = coverage(_packs(packs, more))
    if form == "json":
        click.echo(coverage_json(clauses), nl=False)
    else:
        heads = ("规则包", "条款", "状态", "规则或原因")
        if sys.stdout.isatty():
            _show_table(heads, coverage_rows(clauses))
        else:
            click.echo("\n".join("\t".join(row) for row in (heads, *coverage_rows(clauses))))
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
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def rules_new(rule_id: str, folder: Path, packs: tuple[str, ...], more: tuple[Path, ...]) -> None:
    """Write a commented draft of a rule of the school's own to DIR/ID.yaml."""
    from rules.skeleton import new_rule

    loaded = _packs(packs, more)
    with _writing():
        path = new_rule(rule_id, folder, loaded)
    click.echo(f"已写 {path}；改好后用 xuejian rules test {rule_id} --rules {folder} 试跑")


@rules.command("test")
@_RULES
@click.argument("ids", nargs=-1, metavar="[ID]…")
def rules_test(ids: tuple[str, ...], packs: tuple[str, ...], more: tuple[Path, ...]) -> None:
    """Run the rules' own examples through the real engine; exit code 1 where one fails.

    All rules, or those named; with --rules only those of the school's own folders.
    """
    from checks.examples import run_examples
    from rules.pack import find_rule

    loaded = _packs(packs, more)
    with _steps() as step:
        chosen = [find_rule(loaded, i)[1] for i in ids] or [
            rule
            for pack in loaded
            for rule in pack.rules
            if not more or any(rule.path.is_relative_to(folder) for folder in more)
        ]
        total, results = sum(len(rule.file.examples) for rule in chosen), []
        for pack in loaded:
            for result in run_examples(pack, [r for r in chosen if r.pack == pack.file.id], os.cpu_count() or 1):
                results.append(result)
                step(f"{result.rule} 例{result.number}（{len(results)}/{total}）")
    for result in results:
        if not result.passed:
            said = result.reason or f"应查出 {_keys(result.expected)}，实际查出 {_keys(result.found)}"
            click.echo(f"{result.rule} 例{result.number}「{result.name}」：{said}")
    failed = sum(not result.passed for result in results)
    click.echo(f"{len(chosen)} 条规则，{len(results)} 个例子，{len(results) - failed} 个通过，{failed} 个不通过")
    sys.exit(FOUND if failed else 0)


@rules.command("chart")
@_RULES
@click.option(
    "--snapshot", type=click.Path(path_type=Path), metavar="DIR", help="Count its issued changes on the chart."
)
@click.option("--as-of", type=Day(), help="The day the snapshot shows; default: as_of in its snapshot.toml.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="*.svg or *.html.")
def rules_chart(
    output: Path, snapshot: Path | None, as_of: date | None, packs: tuple[str, ...], more: tuple[Path, ...],
) -> None:  # fmt: skip
    """Draw the workflow chart (附表1) from the packs' procedures: who hands what to whom."""
    from checks.run import pack_info
    from reports.papers.procedures import render_procedures, render_svg

    if output.suffix not in (".svg", ".html"):
        raise Refusal(f"不会写 {output.name}，请写成 *.svg 或 *.html")
    loaded = _packs(packs, more)
    with _steps() as step:
        counted = _load(snapshot, as_of, None, step, earlier=False) if snapshot else None
    infos = [pack_info(pack, counted) for pack in loaded if pack.file.procedures]
    if not infos:
        raise Refusal("所选的规则包没有异动程序，没有图可画")
    _write({output: render_svg(infos[0]) if output.suffix == ".svg" else render_procedures(infos)})


@main.command()
@_RULES
@click.argument("rule_id", metavar="RULE")
def explain(rule_id: str, packs: tuple[str, ...], more: tuple[Path, ...]) -> None:
    """Show one rule as a page: clause, condition, parameters, examples, owner and remedy."""
    from rules.pack import find_rule
    from rules.pages import page

    loaded = _packs(packs, more)
    shown = page(*find_rule(loaded, rule_id))
    click.echo(shown, nl=False)


@data.command("template")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def data_template(folder: Path) -> None:
    """Write an empty workbook an office to DIR: its tables as sheets, with drop-downs and a sheet of explanations."""
    from facts.reading.template import workbooks

    books = workbooks()
    there = [name for name in books if (folder / name).exists()]
    if there:  # it may have been filled in
        raise Refusal(f"{folder} 里已有 {'、'.join(there)}，没有改动；请换一个文件夹")
    for name, content in books.items():
        with _writing(folder / name):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    click.echo(f"空白填报表已写入 {folder}：{'、'.join(books)}")


def _check(show_personal: bool, **given: Any) -> CheckResult:
    return _checks((show_personal,), **given)[0]


def _checks(
    personal: tuple[bool, ...], snapshot: Path | None, as_of: date | None, previous: Path | None,
    packs: tuple[str, ...], more: tuple[Path, ...], select: tuple[str, ...],
    ignore: tuple[str, ...], college: str | None, jobs: int | None, narrow: bool, source: str | None = None,
    waivers: Path | None = None,
) -> tuple[CheckResult, ...]:  # fmt: skip
    """Loads, judges and waives, once for each kind of reader; Refusal where that can't be done."""
    loaded_packs = _packs(packs, more, snapshot)
    from checks.findings.fingerprints import load_key
    from checks.run import Options, check_for

    options = Options(select, ignore, college, jobs or 0, narrow)
    with _steps() as step:
        step("读取导出数据")
        key, accepted = load_key(_home()), _waivers(waivers, loaded_packs)
        loaded = _load(snapshot, as_of, source, step, previous)
        results = check_for(
            loaded, loaded_packs, key, options, personal, lambda stage, people: step(_STAGES[stage], people)
        )
    if not accepted:
        return results
    from checks.findings.waivers import waived, waived_as

    first, *others = results
    first = waived(first, accepted, key)
    return first, *(waived_as(first, other) for other in others)


def _refuse_personal(form: str, asked: bool) -> None:
    if asked and form in NAMELESS:
        raise Refusal(f"{form} 会留在 CI 的记录里，不写姓名和身份证号，请去掉 --show-personal")


def _refuse_among_exports(output: Path, *snapshots: Path | None) -> None:
    """Papers are not written among exports, where the next reading would take them for some."""
    given = [each.resolve() for each in snapshots if each]
    if output.resolve() in given or (output / NOTES).exists():
        raise Refusal(f"{output} 是存放导出数据的文件夹，没有写文件；请用 -o 另给一个文件夹")


def _root(named: str, snapshot: Path | None) -> PurePosixPath:
    """The snapshot's folder as the repository that is worked in knows it; its name where it lies outside."""
    if snapshot is None or ".." in snapshot.parts:
        return PurePosixPath(named)
    with suppress(ValueError):
        return PurePosixPath((Path.cwd() / snapshot).relative_to(Path.cwd()).as_posix())
    return PurePosixPath(named)


def _load(
    snapshot: Path | None, as_of: date | None, source: str | None, step: Callable[..., None],
    previous: Path | None = None, *, earlier: bool = True,
) -> Snapshot:  # fmt: skip
    """The exports of the folder, of the database or of both, as the settings map them; with the earlier snapshot
    beside them where there is one, unless nobody looks at it."""
    from facts.reading.load import load_snapshot
    from facts.reading.previous import with_previous

    sources, notes, database = _settings().exports, _notes(snapshot), _database_beside(snapshot, source)
    loaded = load_snapshot(snapshot, as_of, notes=notes, sources=sources, progress=step, database=database)
    if not earlier:
        return loaded
    return with_previous(loaded, snapshot, previous, notes=notes, sources=sources, progress=step)


def _database_beside(snapshot: Path | None, given: str | None) -> URL | None:
    """The database, which must be there where no folder is given."""
    database = _settings().database(given)
    if snapshot is None and database is None:
        raise Refusal("请给出存放导出文件的文件夹，或用 --source 给出数据库的地址")
    return database


def _waivers(given: Path | None, packs: Sequence[Pack]) -> tuple[Waiver, ...]:
    """Those of the file given, or of the one that the settings name."""
    path = given or _settings().waivers_file
    if path is None:
        return ()
    from checks.findings.waivers import load_waivers

    return load_waivers(path, {rule.id: [ref.field for ref in rule.per] for pack in packs for rule in pack.rules})


def _existing_store(given: str | None) -> Store | None:
    from checks.history.store import existing_store

    settings = _settings()
    return existing_store(given or settings.history, _home(), settings.password_path)


def _run_of(asked: str, history: str | None) -> tuple[Run, Past]:
    """A run of the store with what was known before it, or the check in a findings.json."""
    from checks.history.compare import Past
    from checks.history.findings_file import read_findings

    if Path(asked).is_file() or asked.endswith(".json"):
        return read_findings(Path(asked)), Past()
    store = _existing_store(history)
    if store is None:
        raise Refusal(f"还没有历史库，找不到 {asked}；要比较文件，请写出 findings.json 的路径")
    run = store.run(asked, _settings().college)
    return run, store.past_of(run)


_STAGES = {"derive": "计算派生事实", "narrow": "筛选嫌疑", "engine": "规则引擎核对", "gather": "汇集结果"}


def _packs(names: tuple[str, ...], more: tuple[Path, ...], snapshot: Path | None = None) -> tuple[Pack, ...]:
    """With the parameters of the settings, and before them those that the snapshot says hold for it."""
    from checks.engine.flat import refuse_endless
    from rules.pack import load_packs

    settings = _settings()
    own_of = dict(_notes(snapshot).parameters()) if snapshot else {}
    for name, own in settings.own_parameters.items():
        own_of[name] = {**own_of.get(name, {}), **own}
    loaded = load_packs(names, more, settings.parameters, own_of)
    refuse_endless(loaded)
    return loaded


def _college_name(snapshot: Path | None) -> str:
    return _settings().college or _notes(snapshot).college


def _home() -> Path:
    """Where the fingerprint key is kept."""
    return Path(os.environ.get("XUEJIAN_HOME") or click.get_app_dir("xuejian"))


def _write(files: Mapping[Path, str | bytes]) -> None:
    from reports.papers.files import write_file

    for path, text in files.items():
        with _writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, text)


def _show_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, header_style="bold", show_lines=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _keys(keys: tuple[Any, ...]) -> str:
    return "；".join("、".join(f"{name}={value}" for name, value in key.items()) for key in keys) or "无"


@contextmanager
def _writing(file: Path | None = None) -> Iterator[None]:
    """A file that can't be written is refused in one sentence. `file`: what is named, else the file itself."""
    try:
        yield
    except OSError as error:
        raise Refusal(f"{file or error.filename} 写不了：{why(error)}，请检查路径、权限和磁盘空间") from None


@contextmanager
def _steps() -> Iterator[Callable[..., None]]:
    """What is going on, on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda said, people=0: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task, judged = progress.add_task("", total=None), 0

        def step(said: str, people: int = 0) -> None:
            nonlocal judged
            judged += people
            progress.update(task, description=f"{said}（{judged} 人）" if people else said)

        yield step


if __name__ == "__main__":
    main()
