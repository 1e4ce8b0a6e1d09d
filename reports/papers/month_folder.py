"""The month's folder: every paper of the meeting, made of one check, written together with the record of the run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

from checks.findings.fingerprints import Seals
from checks.followup.feedback import is_filled
from checks.history.store import Store, compared
from checks.results import CheckResult
from checks.session import Session
from facts.model.refusal import Refusal
from reports.console.steps import steps
from reports.formats.findings_json import render_json
from reports.month.meeting import Wishes, meeting_of, next_month, purpose
from reports.month.month import monthly_report
from reports.papers.docx import render_docx
from reports.papers.docx_minutes import render_minutes
from reports.papers.files import writing
from reports.papers.html import render_html
from reports.papers.invitation import render_invitation
from reports.papers.output import output
from reports.papers.pdf import PdfError, find_browser, render_pdf
from reports.papers.xlsx import render_split, render_xlsx
from reports.wording.dates import month_of, parse_month

SPLIT = "分表"
"""The folder in it that holds each college's and office's own workbook."""
_PDF = "report.pdf"


@dataclass(frozen=True)
class Papers:
    """Which papers are wanted, as the options say."""

    month: str | None = None
    """The meeting's month (`2026-11`); None: that of the check."""
    output: Path | None = None
    """The folder; None: report-YYYY-MM in the current one."""
    split: bool = False
    """Also the workbooks of SPLIT."""
    pdf: bool = False


@dataclass(frozen=True)
class Written:
    """What stands in the folder, and what there is to say of it."""

    result: CheckResult
    """The check, with the state of each finding since the months before."""
    papers: Papers
    month: str
    folder: Path
    unprinted: str
    """Why there is no report.pdf, where one is wanted; else empty."""
    kept: bool
    """The run is in the store."""
    left: tuple[str, ...]
    """Files of earlier reports in the folder that are not of this one."""


def write_month(
    papers: Papers, results: Sequence[CheckResult], session: Session, store: Store, wishes: Wishes
) -> Written:
    """Writes all files or none, and keeps the run in `store` where they are written.

    `results`: the check as the meeting sees it; then the same check with names, for the workbooks of SPLIT, where they
    are to show them. Where no browser prints report.pdf, the rest is written all the same. Raises Refusal where the
    folder can't be written, or holds workbooks that somebody has filled in.
    """
    result, *for_owners = results
    seals, college, fonts = Seals(session.key()), session.college, session.settings.fonts
    month = month_of(papers.month, result.as_of)
    first_day = parse_month(month)
    folder = papers.output or Path(f"report-{month}")
    tool_version = version("xuejian")
    with (
        writing(folder),
        output(folder, lambda name: name.startswith(f"{SPLIT}/")) as write,
        store.remembering(result, month, college, tool_version) as comparison,
    ):
        result = compared(result, comparison)
        made = partial(
            monthly_report, month=month, college_name=college, comparison=comparison, tool_version=tool_version,
            meeting=meeting_of(first_day, wishes), following=meeting_of(next_month(first_day), wishes).on,
        )  # fmt: skip
        report = made(result)
        shown = made(compared(for_owners[0], comparison)) if for_owners else report
        books = render_split(shown, seals) if papers.split else {}
        _refuse_filled(folder, books)
        page = render_html(report)
        printed, unprinted = _printed(page, result.as_of) if papers.pdf else (None, "")
        write(
            [
                ("report.html", lambda: page),
                *(((_PDF, lambda: printed),) if printed else ()),
                ("report.docx", lambda: render_docx(report, fonts)),
                ("report.xlsx", lambda: render_xlsx(report, seals)),
                *((f"{SPLIT}/{name}", partial(books.__getitem__, name)) for name in books),
                ("会议邀请.ics", lambda: render_invitation(report)),
                ("会议纪要.docx", lambda: render_minutes(report, fonts)),
                ("findings.json", lambda: render_json(result, purpose(report))),
            ]
        )
    left = _left(folder, books, printed is not None)
    return Written(result, papers, month, folder, unprinted, comparison.kept, left)


def _refuse_filled(folder: Path, books: Collection[str]) -> None:
    for name in books:
        if (place := folder / SPLIT / name).exists() and is_filled(place):
            raise Refusal(
                f"{place} 里有填好的内容（或者打不开），不会覆盖；请先用 xuejian feedback 收回并移走，或用 -o 另写"
            )


def _printed(page: str, as_of: date) -> tuple[bytes | None, str]:
    """report.pdf; else why there is none."""
    try:
        with steps() as step:
            step("打印 PDF")
            return render_pdf(page, as_of, find_browser()), ""
    except PdfError as error:
        return None, f"没有写出 {_PDF}（报告的其他文件已写出）：{error}"


def _left(folder: Path, books: Collection[str], printed: bool) -> tuple[str, ...]:
    old = [path.name for path in sorted((folder / SPLIT).glob("*.xlsx")) if path.name not in books]
    return tuple([_PDF, *old] if not printed and (folder / _PDF).exists() else old)
