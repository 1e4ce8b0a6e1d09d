"""The doors of the house: commands that parse, call and print. Heavy imports stand in the command that needs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from checks.history.compare import Past
    from checks.history.values import Run
    from checks.results import CheckResult
    from checks.waivers import Waiver
    from rules.pack import Pack

    _DayType = click.ParamType[date, Any]
else:
    _DayType = click.ParamType  # can't be subscripted in every click that is allowed

FOUND, IMPOSSIBLE, UNTRUSTED = 1, 2, 3
"""Exit codes of `check` besides 0; the README's promise."""
CONFIG = "xuejian.toml"


class Trouble(click.ClickException):
    """One sentence on stderr, exit code 2."""

    exit_code = IMPOSSIBLE

    def show(self, file: Any = None) -> None:  # noqa: ARG002 (click's signature)
        click.echo(f"xuejian: {self.message}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="xuejian", prog_name="xuejian")
def main() -> None:
    """学鉴: checks a college's student-status exports against the regulation and writes the monthly meeting report."""
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


def _ids(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def _options(*options: Callable[..., Any]) -> Callable[..., Any]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_RULES = _options(
    click.option("--rules", "more", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
                 help="A folder of the school's own rules; may be given more than once."),
    click.option("--config", type=click.Path(path_type=Path), metavar="FILE",
                 help=f"The school's parameters; {CONFIG} in the current folder where it is there."),
)  # fmt: skip
_CHECK = _options(
    click.argument("snapshot", type=click.Path(path_type=Path)),
    click.option("--as-of", type=Day(), help="The day the snapshot shows; default: as_of in its snapshot.toml."),
    _RULES,
    click.option("--select", callback=_ids, metavar="ID,…", help="Only these rules."),
    click.option("--ignore", callback=_ids, metavar="ID,…", help="Not these rules."),
    click.option("--jobs", type=click.IntRange(1, 64), help="Worker processes; default: one a processor."),
    click.option(
        "--narrow/--no-narrow", default=True, help="Show the engine suspects only (the findings are the same)."
    ),
    click.option("--show-personal", is_flag=True, help="Show names and identity numbers instead of masking them."),
)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--students", type=click.IntRange(200, 200_000), default=12_000, show_default=True, help="In school.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another college.")
def demo(folder: Path, students: int, seed: int) -> None:
    """Write the exports of a made-up college to FOLDER, with planted violations and their ledger planted.json."""
    from facts.demo import write_demo
    from facts.errors import DataError

    with _refusals(DataError, OSError), _steps() as step:
        summary = write_demo(folder, students, seed, progress=step)
    click.echo(
        f"演示学校已写入 {folder}：{sum(summary.rows.values())} 行，埋入 {summary.planted} 处违规（planted.json）"
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
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of stdout.")
@click.option(
    "--strict", is_flag=True, help="Exit with 3 also where a row was set aside or a selected rule could not be checked."
)
def check(
    form: str, output: Path | None, fail_on: str, strict: bool, baseline: Path | None, **given: Any
) -> None:  # fmt: skip
    """Check SNAPSHOT, a folder of exports, against the rules.

    Exit code: 0 nothing to report at or above --fail-on, 1 findings, 2 the check could not be done, 3 a rule failed.
    """
    from checks.outcome import exit_code

    result = _check(**given)
    if baseline:
        from checks.history.baseline import against
        from checks.history.document import read_findings
        from checks.history.errors import HistoryError

        with _refusals(HistoryError):
            result = against(result, read_findings(baseline))
    if form == "json":
        from reports.findings_json import render_json as render
    else:
        from reports.text import render_text as render
    text = render(result)
    if output:
        _write({output: text})
    else:
        click.echo(text, nl=False)
    sys.exit(exit_code(result, fail_on, strict, only_new=baseline is not None))


@main.command()
@_CHECK
@click.option("--month", metavar="YYYY-MM", help="The meeting's month; default: the month of as_of.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Default: report-YYYY-MM.")
@_WAIVERS
@_HISTORY
def report(month: str | None, output: Path | None, history: str | None, **given: Any) -> None:
    """Write the monthly meeting report on SNAPSHOT: report.html and findings.json; and keep the run in the history."""
    from importlib.metadata import version

    from checks.history.errors import HistoryError
    from checks.history.store import compared, open_store
    from checks.keys import KeyFileError, check_value, load_key
    from reports.dates import parse_month
    from reports.findings_json import render_json
    from reports.html import render_html
    from reports.month import monthly_report
    from reports.text import render_summary

    institution = _college_name(given["snapshot"], given["config"])
    with _refusals(HistoryError, KeyFileError, ValueError):
        if month:
            parse_month(month)
        store = open_store(_place_of_history(history, given["config"]), _home())
        store.verify(check_value(load_key(_home())))
    result = _check(college=None, **given)
    month = month or f"{result.as_of:%Y-%m}"
    with _refusals(HistoryError):
        comparison = store.remember(result, month, institution, version("xuejian"))
    result = compared(result, comparison)
    view = monthly_report(result, month, institution, comparison, tool_version=version("xuejian"))
    folder = output or Path(f"report-{month}")
    page = folder / "report.html"
    _write({page: render_html(view), folder / "findings.json": render_json(result)})
    click.echo(render_summary(result))
    click.echo(f"报告：{page}")
    if any(rule.status == "failed" for rule in result.rules):
        sys.exit(UNTRUSTED)


@main.group(invoke_without_command=True)
@_HISTORY
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help=f"Default: {CONFIG} in this folder.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def history(context: click.Context, history: str | None, config: Path | None, form: str) -> None:
    """List the runs that are kept, or start over with a new fingerprint key."""
    context.obj = (history, config)
    if context.invoked_subcommand:
        return
    from checks.history.errors import HistoryError
    from checks.history.store import existing_store
    from reports.history import history_json, history_text

    with _refusals(HistoryError):
        store = existing_store(_place_of_history(history, config), _home())
        runs = store.runs() if store else ()
    click.echo(history_json(runs) if form == "json" else history_text(runs), nl=False)


@history.command("reset-key")
@click.pass_obj
def history_reset_key(given: tuple[str | None, Path | None]) -> None:
    """Go on with the present key where the earlier one is lost: what was found before is then not known again."""
    from checks.history.errors import HistoryError
    from checks.history.store import open_store
    from checks.keys import KeyFileError, check_value, load_key

    with _refusals(HistoryError, KeyFileError):
        store = open_store(_place_of_history(*given), _home())
        store.reset_key(check_value(load_key(_home())))
    click.echo("历史库已改用现在的指纹密钥；以前的记录仍在，但其中的问题不再能与以后的对应")


@main.command()
@click.argument("old")
@click.argument("new")
@_HISTORY
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help=f"Default: {CONFIG} in this folder.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(old: str, new: str, history: str | None, config: Path | None, form: str) -> None:
    """Compare OLD with NEW: months (2026-11) or numbers of runs that are kept, or two findings.json files.

    Exit code: 0 the same findings, 1 some came or went, 2 they could not be compared.
    """
    from checks.history.diff import difference_of
    from checks.history.errors import HistoryError
    from reports.difference import difference_json, difference_text

    with _refusals(HistoryError):
        (before, past), (after, _) = (_run_of(asked, history, config) for asked in (old, new))
        found = difference_of(before, after, past)
    render = difference_json if form == "json" else difference_text
    click.echo(render(found, old, new), nl=False)
    sys.exit(0 if found.same else FOUND)


@main.group()
def rules() -> None:
    """The rules: list them, or run their own examples."""


@rules.command("list")
@_RULES
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def rules_list(more: tuple[Path, ...], config: Path | None, form: str) -> None:
    """List every rule of the pack."""
    from rules.pages import list_json, list_text

    listed = _pack(more, config).rules
    click.echo(list_json(listed) if form == "json" else list_text(listed), nl=False)


@rules.command("test")
@_RULES
@click.argument("ids", nargs=-1, metavar="[ID]…")
def rules_test(ids: tuple[str, ...], more: tuple[Path, ...], config: Path | None) -> None:
    """Run the rules' own examples through the real engine; exit code 1 where one fails."""
    from checks.examples import run_examples
    from facts.errors import DataError
    from rules.errors import RuleError

    pack = _pack(more, config)
    with _refusals(RuleError, DataError):
        chosen = [pack.rule(i) for i in ids] or list(pack.rules)
        results = list(run_examples(pack, chosen, os.cpu_count() or 1))
    for result in results:
        if not result.passed:
            said = result.reason or f"应查出 {_keys(result.expected)}，实际查出 {_keys(result.found)}"
            click.echo(f"{result.rule} 例{result.number}「{result.name}」：{said}")
    failed = sum(not result.passed for result in results)
    click.echo(f"{len(chosen)} 条规则，{len(results)} 个例子，{len(results) - failed} 个通过，{failed} 个不通过")
    sys.exit(FOUND if failed else 0)


@main.command()
@_RULES
@click.argument("rule_id", metavar="RULE")
def explain(rule_id: str, more: tuple[Path, ...], config: Path | None) -> None:
    """Show one rule as a page: clause, condition, parameters, examples, owner and remedy."""
    from rules.errors import RuleError
    from rules.pages import page

    pack = _pack(more, config)
    with _refusals(RuleError):
        shown = page(pack, pack.rule(rule_id))
    click.echo(shown, nl=False)


def _check(
    snapshot: Path, as_of: date | None, more: tuple[Path, ...], config: Path | None, select: tuple[str, ...],
    ignore: tuple[str, ...], college: str | None, jobs: int | None, narrow: bool, show_personal: bool,
    waivers: Path | None = None,
) -> CheckResult:  # fmt: skip
    """Loads, judges and waives; Trouble where that can't be done."""
    pack = _pack(more, config)
    from checks.keys import KeyFileError, load_key
    from checks.run import Options, UnknownCollege
    from checks.run import check as run
    from facts.errors import DataError
    from facts.load import load_snapshot
    from rules.errors import RuleError

    options = Options(select, ignore, college, jobs or 0, narrow, personal=show_personal)
    with _refusals(DataError, RuleError, KeyFileError, UnknownCollege), _steps() as step:
        step("读取导出数据")
        key, accepted = load_key(_home()), _waivers(waivers, config, pack)
        loaded = load_snapshot(snapshot, as_of, progress=step)
        result = run(loaded, pack, key, options, lambda stage, people: step(_STAGES[stage], people))
    if not accepted:
        return result
    from checks.waivers import waived

    return waived(result, accepted, key)


def _waivers(given: Path | None, config: Path | None, pack: Pack) -> tuple[Waiver, ...]:
    """Those of the file given, or named in the configuration (from whose folder its path counts)."""
    named = _configuration(config).get("waivers")
    path = given or ((config or Path(CONFIG)).parent / named if named else None)
    if path is None:
        return ()
    from checks.waivers import load_waivers

    return load_waivers(path, [rule.id for rule in pack.rules])


def _place_of_history(given: str | None, config: Path | None) -> str | None:
    return given or _configuration(config).get("history")


def _run_of(asked: str, history: str | None, config: Path | None) -> tuple[Run, Past]:
    """A run of the store with what was known before it, or the check in a findings.json."""
    from checks.history.compare import Past
    from checks.history.document import read_findings
    from checks.history.errors import HistoryError
    from checks.history.store import existing_store

    if Path(asked).is_file() or asked.endswith(".json"):
        return read_findings(Path(asked)), Past()
    store = existing_store(_place_of_history(history, config), _home())
    if store is None:
        raise HistoryError(f"还没有历史库，找不到 {asked}；要比较文件，请写出 findings.json 的路径")
    run = store.run(asked, str(_configuration(config).get("college", "")))
    return run, store.past_of(run)


_STAGES = {"derive": "计算派生事实", "narrow": "筛选嫌疑", "engine": "规则引擎核对", "gather": "汇集结果"}


def _pack(more: tuple[Path, ...], config: Path | None) -> Pack:
    from rules.errors import RuleError
    from rules.pack import load_pack

    with _refusals(RuleError):
        return load_pack(more=more, own=_configuration(config).get("parameters", {}))


def _configuration(config: Path | None) -> dict[str, Any]:
    """xuejian.toml, checked; empty where none is given and none is in the current folder."""
    import tomllib

    path = config or Path(CONFIG)
    if config is None and not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Trouble(f"配置文件 {path} 读不了：{error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Trouble(f"配置文件 {path} 不是合法的 TOML：{error}") from None
    for name, kind in values.items():
        known = {"college": str, "parameters": dict, "history": str, "waivers": str}
        if name not in known:
            raise Trouble(f"配置文件 {path} 里的 {name} 不认得，可用的有：{'、'.join(known)}")
        if not isinstance(kind, known[name]):
            raise Trouble(f"配置文件 {path} 里的 {name} 写法不对")
    return values


def _college_name(snapshot: Path, config: Path | None) -> str:
    import tomllib

    if name := _configuration(config).get("college"):
        return str(name)
    try:
        return str(tomllib.loads((snapshot / "snapshot.toml").read_text(encoding="utf-8-sig")).get("college", ""))
    except (OSError, ValueError):
        return ""


def _home() -> Path:
    """Where the fingerprint key is kept."""
    return Path(os.environ.get("XUEJIAN_HOME") or click.get_app_dir("xuejian"))


def _write(files: dict[Path, str]) -> None:
    from reports.files import write_file

    with _refusals(OSError):
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, text)


def _keys(keys: tuple[Any, ...]) -> str:
    return "；".join("、".join(f"{name}={value}" for name, value in key.items()) for key in keys) or "无"


@contextmanager
def _refusals(*errors: type[Exception]) -> Iterator[None]:
    """What a user can mend becomes one sentence on stderr and exit code 2."""
    try:
        yield
    except errors as error:
        if isinstance(error, OSError):
            raise Trouble(f"{error.filename}：{error.strerror}，请检查路径、权限和磁盘空间") from None
        raise Trouble(str(error)) from None


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
