"""Sheets that came back filled in: what was answered on each finding, and which rows can't be taken and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from checks.findings.fingerprints import row_check, sheet_check
from checks.followup import answer_sheet
from checks.history.values import Run
from checks.results import Answer
from facts.model.hidden import hidden
from facts.model.refusal import DataError
from facts.sources.cells import Limits
from facts.sources.excel import Workbook
from facts.sources.kind import WORKBOOKS, kind_of

Known = Callable[[str], tuple[Run, bool] | None]
"""The run of a name on a sheet and whether it is the latest; none where it is not kept."""
_LIMITS = Limits(unpacked=400 << 20, grid=8_000_000)
_SHOWN = 40


@dataclass(frozen=True)
class Proposal:
    """A finding that its office or college says is none."""

    rule: str
    fingerprint: str
    reason: str
    place: str


@dataclass
class Feedback:
    """What a batch of workbooks says."""

    answers: dict[str, tuple[Run, dict[str, Answer]]] = field(default_factory=dict)
    """Name of the run → the run, and fingerprint → answer."""
    proposals: list[Proposal] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """A sentence for everything that could not be taken."""
    sheets: int = 0
    blank: int = 0
    """Rows without an answer."""
    places: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """(run, fingerprint) → the answer and where it stood first."""

    @property
    def as_of(self) -> date:
        """The latest day that the runs answered for were made of; there must be one."""
        return max(run.as_of for run, _ in self.answers.values())


def read_feedback(files: Sequence[Path], key: bytes, known: Known) -> Feedback:
    """Every answer on the sheets of these workbooks. A row that was altered, a sheet of another run, or a choice that
    is none is refused in a sentence, and all others still count."""
    found = Feedback()
    for path in files:
        try:
            book = _opened(path)
            sheets = 0
            for name in book.sheets:
                sheet = book.sheet(name)
                rows = list(enumerate(map(_texts, sheet.grid), sheet.first))
                sheets += _read(found, f"{path.name}［{name}］", rows, key, known)
            if not sheets:
                found.refused.append(f"{path.name} 里没有可回收的问题清单，请交回学鉴发出的工作簿")
            found.sheets += sheets
        except DataError as error:
            found.refused.append(str(error))
        except OSError:
            found.refused.append(f"{path.name or path} 打不开，请检查路径和权限")
    return found


def _opened(path: Path) -> Workbook:
    """A workbook of any kind: not everybody saves it as it came. Raises DataError, OSError."""
    kind = kind_of(path, path.name)
    if kind not in WORKBOOKS:
        raise DataError(f"{path.name} 不是工作簿，请交回学鉴发出的工作簿")
    return Workbook(path, path.name, _LIMITS, kind)


def is_filled(path: Path) -> bool:
    """Something stands in a workbook that was handed out which we did not write; one that can't be read counts too."""
    try:
        book = _opened(path)
        return any(_filled([_texts(row) for row in book.sheet(name).grid]) for name in book.sheets)
    except (DataError, OSError):
        return True


def _filled(rows: Sequence[Sequence[str]]) -> bool:
    heading = next(
        (at for at, cells in enumerate(rows[: answer_sheet.HEAD_ROWS]) if answer_sheet.ANSWER in cells), None
    )
    if heading is None:
        return False
    places = [at for at, head in enumerate(rows[heading]) if head in (answer_sheet.ANSWER, answer_sheet.REMARK)]
    return any(cells[at] for cells in rows[heading + 1 :] for at in places if at < len(cells))


def _texts(row: Iterable[object]) -> list[str]:
    return [str(cell).strip() for cell in row]


def _read(found: Feedback, place: str, rows: list[tuple[int, list[str]]], key: bytes, known: Known) -> bool:
    """Whether the sheet is one that was handed out."""
    top = rows[: answer_sheet.HEAD_ROWS]
    heading = next(
        (at for at, (_, cells) in enumerate(top) if {answer_sheet.FINGERPRINT, answer_sheet.ANSWER} <= set(cells)), None
    )
    if heading is None:
        return False
    marks = {
        cell: cells[at + 1] if at + 1 < len(cells) else ""
        for _, cells in top[:heading]
        for at, cell in enumerate(cells)
        if cell in (answer_sheet.RUN_LABEL, answer_sheet.SHEET_LABEL)
    }
    name = marks.get(answer_sheet.RUN_LABEL, "")
    if not name:
        found.refused.append(f"{place} 没有{answer_sheet.RUN_LABEL}，不知是哪次核查的，没有采用")
        return True
    run = known(name)
    if run is None:
        sentence = "不在历史库里（重做过报告，或换了历史库）"
        found.refused.append(
            f"{place} 的{answer_sheet.RUN_LABEL} {name[:_SHOWN]} {sentence}，没有采用，请用最新发出的表填写"
        )
        return True
    if not run[1]:
        found.refused.append(f"{place} 是{run[0].month}的表，之后已有新的报告，没有采用，请用最新发出的表填写")
        return True
    columns = {head: at for at, head in enumerate(rows[heading][1]) if head}
    needed = (
        *answer_sheet.SEALED,
        answer_sheet.ANSWER,
        answer_sheet.REMARK,
        answer_sheet.FINGERPRINT,
        answer_sheet.CHECK,
    )
    if lacking := [head for head in needed if head not in columns]:
        found.refused.append(f"{place} 缺少“{'、'.join(lacking)}”列，没有采用，请用发出的原表填写")
        return True
    answers = found.answers.setdefault(name, (run[0], {}))[1]
    fingerprints: list[str] = []
    for number, cells in rows[heading + 1 :]:
        texts = {head: cells[columns[head]] if columns[head] < len(cells) else "" for head in needed}
        answer, remark, fingerprint, check = (texts[head] for head in needed[-4:])
        if not (fingerprint or answer or check):
            continue
        fingerprints.append(fingerprint)
        if check != row_check(key, name, fingerprint, *(texts[head] for head in answer_sheet.SEALED)):
            sealed = "、".join((answer_sheet.FINGERPRINT, *answer_sheet.SEALED))
            found.refused.append(
                f"{place} 第{number}行的{sealed}有的与{answer_sheet.CHECK}不符（改动过或错了行），该行没有采用，"
                "请按原表重填"
            )
        elif not answer:
            found.blank += 1
        elif refusal := _refusal(found, name, fingerprint, answer, remark):
            found.refused.append(f"{place} 第{number}行{refusal}")
        elif (name, fingerprint) not in found.places:
            code = answer_sheet.ANSWERS[answer]
            found.places[name, fingerprint] = (answer, f"{place} 第{number}行")
            answers[fingerprint] = Answer(code, run[0].month)
            if code == "disputed":
                found.proposals.append(Proposal(texts[answer_sheet.RULE], fingerprint, remark, f"{place} 第{number}行"))
    if marks.get(answer_sheet.SHEET_LABEL) != sheet_check(key, name, fingerprints):
        found.refused.append(
            f"{place} 的行与发出时不同（有增删或改动，{answer_sheet.SHEET_LABEL}不符），其余完好的行照常采用"
        )
    return True


def _refusal(found: Feedback, run: str, fingerprint: str, answer: str, remark: str) -> str:
    if answer not in answer_sheet.ANSWERS:
        return (
            f"的{answer_sheet.ANSWER}“{answer[:_SHOWN]}”不认得，只能选{'、'.join(answer_sheet.ANSWERS)}，该行没有采用"
        )
    earlier = found.places.get((run, fingerprint))
    if earlier and earlier[0] != answer:
        return f"的{answer_sheet.ANSWER}“{answer}”与{earlier[1]}的“{earlier[0]}”不一致，以先读到的为准"
    if answer_sheet.ANSWERS[answer] == "disputed" and not remark:
        return f"选了不属实而没有写{answer_sheet.REMARK}，该行没有采用，请写明原因"
    return ""


def proposals_yaml(proposals: Iterable[Proposal], today: date) -> str:
    """The proposals as a waiver file. Approver and last day are left empty, and a waiver without them is refused:
    nothing is waived before somebody has answered for it."""
    head = (
        f"# {today.isoformat()} 的核查中被答复为“不属实”的问题，提请豁免。\n"
        "# 同意的，填写 approver（批准人）和 until（豁免到哪一天，如 2027-01-31）；不同意的，删去该项。\n"
        "# 两项没有填全的豁免不能用，check 和 report 会拒绝这个文件。\n"
    )
    listed = [
        {"rule": p.rule, "fingerprint": p.fingerprint, "reason": hidden(p.reason)[:600], "approver": "", "until": None}
        for p in proposals
    ]
    return head + yaml.safe_dump({"waivers": listed}, allow_unicode=True, sort_keys=False, width=1000)


def summary(found: Feedback, files: int) -> str:
    """Counts, in one line."""
    codes = [answer.code for _, answers in found.answers.values() for answer in answers.values()]
    counted = "，".join(f"{word}{codes.count(code)}项" for word, code in answer_sheet.ANSWERS.items())
    return (
        f"读入{files}个文件、{found.sheets}张表：{counted}；未填{found.blank}行，没有采用或须注意{len(found.refused)}处"
    )
