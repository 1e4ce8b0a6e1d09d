"""The one list of the forms in which `check` and `data validate` write; each form is loaded when it is asked for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from facts.model.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checks.overview.accounts import Accounts
    from checks.results import CheckResult, Finding


@dataclass(frozen=True)
class Format:
    """A form, and where the function stands that writes a check, or the accounts of an export, in it."""

    check: str
    accounts: str
    records_only: bool = False
    """It is a list of findings or rows and nothing else: what had no conclusion has to be said beside it."""


@dataclass(frozen=True)
class CiFormat:
    """A form that CI systems read and keep, and where the function stands that writes `ci_cases.Cases` in it. They hold
    neither names nor identity numbers, masked or not."""

    cases: str
    records_only: bool = False


FORMATS: dict[str, Format | CiFormat] = {
    "text": Format("reports.formats.text:render_text", "reports.console.inspection:accounts_text"),
    "json": Format("reports.formats.findings_json:render_json", "reports.console.inspection:accounts_json"),
    "jsonl": Format("reports.formats.jsonl_csv:findings_jsonl", "reports.formats.jsonl_csv:rows_jsonl", True),
    "csv": Format("reports.formats.jsonl_csv:findings_csv", "reports.formats.jsonl_csv:rows_csv", True),
    "junit": CiFormat("reports.formats.junit:render_junit"),
    "sarif": CiFormat("reports.formats.sarif:render_sarif"),
    "github": CiFormat("reports.formats.github:render_github"),
    "markdown": Format("reports.formats.markdown:findings_markdown", "reports.formats.markdown:rows_markdown"),
}
NAMELESS = tuple(name for name, form in FORMATS.items() if isinstance(form, CiFormat))
"""Those that never hold names or identity numbers."""


def refuse_personal(name: str, personal: bool) -> None:
    """Raises Refusal where names are wanted in a form that never holds them."""
    if personal and name in NAMELESS:
        raise Refusal(f"{name} 会留在 CI 的记录里，不写姓名和身份证号，请去掉 --show-personal")


def root_of(name: str, snapshot: Path | None) -> PurePosixPath:
    """The snapshot's folder as the repository that is worked in knows it; its name where it lies outside."""
    if snapshot is None or ".." in snapshot.parts:
        return PurePosixPath(name)
    with suppress(ValueError):
        return PurePosixPath((Path.cwd() / snapshot).relative_to(Path.cwd()).as_posix())
    return PurePosixPath(name)


def checked(
    name: str,
    result: CheckResult,
    counts: Callable[[Finding], bool],
    root: PurePosixPath,
    *,
    compared: bool = False,
) -> str:
    """A check in the form of this name. `counts`: which findings the exit code speaks of; `root`: the snapshot's folder
    as a repository knows it; `compared`: the findings' states are those since a baseline."""
    form = FORMATS[name]
    if isinstance(form, Format):
        return str(resolve_name(form.check)(result))
    from importlib.metadata import version

    from reports.formats.ci_cases import of_check

    return str(resolve_name(form.cases)(of_check(result, counts, root, version("xuejian"), compared=compared)))


def unsettled(name: str, result: CheckResult) -> Iterator[str]:
    """What has to be said beside a check in the form of this name, which may be a list of findings alone; text says it
    itself."""
    from checks.overview.shortfalls import too_little
    from checks.results import UNSETTLED

    rules = [rule.id for rule in result.rules if rule.status in UNSETTLED]
    if FORMATS[name].records_only and rules:
        yield f"这些规则没有结论，不等于没有问题：{'、'.join(rules)}"
    if name != "text" and (short := too_little(result)):
        yield short


def read(name: str, accounts: Accounts, root: PurePosixPath) -> str:
    """What became of the rows of an export, in the form of this name."""
    form = FORMATS[name]
    if isinstance(form, Format):
        return str(resolve_name(form.accounts)(accounts))
    from importlib.metadata import version

    from reports.formats.ci_cases import of_accounts

    return str(resolve_name(form.cases)(of_accounts(accounts, root, version("xuejian"))))
