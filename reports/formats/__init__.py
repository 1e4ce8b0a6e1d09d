"""The forms in which `check` and `data validate` write what they found."""

from collections.abc import Callable
from pathlib import PurePosixPath

from checks.overview.accounts import Accounts
from checks.results import CheckResult, Finding
from reports.console.inspection import accounts_json, accounts_text
from reports.formats.ci_cases import Cases, of_accounts, of_check
from reports.formats.findings_json import render_json
from reports.formats.github import render_github
from reports.formats.jsonl_csv import findings_csv, findings_jsonl, rows_csv, rows_jsonl
from reports.formats.junit import render_junit
from reports.formats.markdown import findings_markdown, rows_markdown
from reports.formats.sarif import render_sarif
from reports.formats.text import render_text

_CHECKED: dict[str, Callable[[CheckResult], str]] = {
    "text": render_text, "json": render_json, "jsonl": findings_jsonl, "csv": findings_csv,
    "markdown": findings_markdown,
}  # fmt: skip
_READ: dict[str, Callable[[Accounts], str]] = {
    "text": accounts_text, "json": accounts_json, "jsonl": rows_jsonl, "csv": rows_csv, "markdown": rows_markdown,
}  # fmt: skip


def checked(
    form: str,
    result: CheckResult,
    counts: Callable[[Finding], bool],
    root: PurePosixPath,
    tool_version: str,
    *,
    compared: bool = False,
) -> str:
    """A check in this form. `counts`: which findings the exit code speaks of; `root`: the snapshot's folder as a
    repository knows it; `compared`: the findings' states are those since a baseline."""
    if form in _CHECKED:
        return _CHECKED[form](result)
    return _by_case(form, of_check(result, counts, compared=compared), root, tool_version)


def read(form: str, found: Accounts, root: PurePosixPath, tool_version: str) -> str:
    """What became of the rows of an export, in this form."""
    return _READ[form](found) if form in _READ else _by_case(form, of_accounts(found), root, tool_version)


def _by_case(form: str, cases: Cases, root: PurePosixPath, tool_version: str) -> str:
    if form == "junit":
        return render_junit(cases)
    return render_github(cases, root) if form == "github" else render_sarif(cases, root, tool_version)
