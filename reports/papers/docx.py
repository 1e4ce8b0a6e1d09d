"""The month's report as a .docx in the form of an official document (公文), to be handed round at the meeting."""

from collections.abc import Iterator, Mapping, Sequence

from docx.document import Document
from docx.shared import Mm

from checks.results import RuleResult, TableInfo
from facts.model.values import chinese_date
from reports.month.entry import Entry
from reports.month.meeting import purpose, when
from reports.month.model import SIGNATURES, Blocker, Bucket, ClauseLine, Figure, MonthlyReport, Reserve, Share
from reports.month.registrations import CAUTION, MEANING, PARTS, said_of
from reports.papers.docx_agenda import agenda_section
from reports.papers.docx_parts import grid, page_numbers, saved, table, write, write_cell
from reports.papers.docx_styles import WIDTH, new_paper
from reports.wording.dates import chinese_month, parse_month, short_date
from reports.wording.words import DUE, HAVING, RULE_STATUS, changed

MOST_ITEMS = 6
"""Of what limits the verdict: the decisions must be in sight on the first pages."""
_NOTHING = "—"
_BLOCKERS = (("规则", 59), ("项数", 19), ("规则", 59), ("项数", 19))
_FIGURES = (("数字", 30), ("本月", 15), ("上次", 15), ("增减", 16), ("说明", 80))
_DEADLINES = (
    ("期限", 36), ("违规", 13), ("警示", 13), ("提示", 13), ("合计", 13), ("责任单位", 40), ("最早的一项", 28),
)  # fmt: skip
_SHARES = (
    ("上次", 10), ("解决", 10), ("新", 9), ("再现", 10), ("本月", 10), ("逾期", 10), ("按期率", 19),
    ("逾期最久", 25), ("下一期限", 25),
)  # fmt: skip
_COMBINATIONS = (*((part, 39) for part in PARTS), ("人数", 39))
_CLAUSES = (("条款", 24), ("原文", 70), ("核查情况", 62))
"""Tables: heading and width (mm) of each column."""


def render_docx(report: MonthlyReport, fonts: Mapping[str, str] = {}) -> bytes:
    """The document; `fonts` as in [report] of the configuration."""
    paper, month, use = new_paper(fonts), chinese_month(report.month), purpose(report)
    page_numbers(paper)
    write(paper, "小字", f"会议材料　{use}")
    write(paper, "标题", report.college_name, "学籍管理工作例会报告")
    write(paper, "副题", f"（{month}）")
    write(paper, "正文", f"会议时间：{when(report.meeting)}。数据截至{chinese_date(report.result.as_of)}。")
    _conclusion(paper, report)
    write(paper, "一级标题", "二、请会议定的事")
    agenda_section(paper, report, minutes=False)
    _figures(paper, report)
    _deadlines(paper, report)
    _shares(paper, report)
    _registrations(paper, report)
    write(paper, "一级标题", "七、结论的保留")
    write(paper, "正文", *([_reserve(reserve) for reserve in report.verdict.reserves] or ["无"]))
    _clauses(paper, report)
    write(paper, "一级标题", "九、方法与签署")
    write(paper, "事项", *_method(report))
    _signatures(paper)
    write(paper, "小字", _technical(report))
    return saved(
        paper, title=f"{report.college_name}学籍管理工作例会报告（{month}）", use=use, as_of=report.result.as_of
    )


def _conclusion(paper: Document, report: MonthlyReport) -> None:
    write(paper, "一级标题", f"一、结论：{answer(report)}")
    write(paper, "正文", *_checked(report))
    if blockers := report.verdict.blockers:
        findings = sum(blocker.findings for blocker in blockers)
        write(paper, "表题", f"影响上报的规则（{len(blockers)}条，共{findings:,}项）")
        table(paper, _BLOCKERS, list(_two_in_a_row(blockers)), (1, 3), dense=True)


def answer(report: MonthlyReport, where: str = "第七部分") -> str:
    """The verdict in a word; `where` its reserves are read."""
    verdict = report.verdict
    reserved = f"（有保留，见{where}）" if verdict.ready and verdict.reserves else ""
    return f"{verdict.answer}{reserved}"


def _checked(report: MonthlyReport) -> Iterator[str]:
    verdict = report.verdict
    left = verdict.rules - verdict.checked
    unsure = f"，其余{left}条没有结论；本结论只对已核查的规则成立" if left else ""
    if verdict.shortfalls:
        yield f"{'；'.join(verdict.shortfalls)}。"
    yield f"规则共{verdict.rules}条，已核查{verdict.checked}条{unsure}。"


def _two_in_a_row(blockers: Sequence[Blocker]) -> Iterator[tuple[str, ...]]:
    cells = [(f"{each.rule} {each.title}", "核查失败" if each.reason else f"{each.findings:,}") for each in blockers]
    half = -(-len(cells) // 2)
    for left, right in zip(cells[:half], [*cells[half:], ("", "")], strict=False):
        yield *left, *right


def _figures(paper: Document, report: MonthlyReport) -> None:
    compared = report.compared_with
    write(paper, "一级标题", "三、本月数字")
    write(
        paper, "表题", f"与{chinese_month(parse_month(compared))}比较" if compared else "没有更早的核查记录，不作比较"
    )
    table(paper, _FIGURES, [_figure(figure) for figure in report.figures], (1, 2, 3), together=True)
    if report.bridge:
        write(paper, "正文", f"{report.bridge}。")
    write(paper, "小字", *(f"{note}。" for note in report.notes))


def _figure(figure: Figure) -> tuple[str, ...]:
    change = _NOTHING if figure.change is None else changed(figure.change)
    return figure.label, _number(figure.value), _number(figure.before), change, figure.note


def _number(value: int | None) -> str:
    return _NOTHING if value is None else f"{value:,}"


def _deadlines(paper: Document, report: MonthlyReport) -> None:
    write(paper, "一级标题", "四、期限")
    if report.total.counts.total:
        write(paper, "表题", "各期限内的问题数（项）")
        table(paper, _DEADLINES, [_bucket(bucket) for bucket in report.deadlines], (1, 2, 3, 4), together=True)
    else:
        write(paper, "正文", "没有待处理的问题。")
    if report.without_deadline:
        write(paper, "正文", f"另有{report.without_deadline:,}项，规定没有给出可计算的期限。")


def _bucket(bucket: Bucket) -> tuple[str, ...]:
    provisional = f"（暂定{bucket.provisional}项）" if bucket.provisional else ""
    counts, offices = bucket.counts, "、".join(f"{office}{number:,}" for office, number in bucket.offices)
    numbers = [f"{number:,}" for number in (counts.error, counts.warning, counts.notice, counts.total)]
    return DUE[bucket.name] + provisional, *numbers, offices or _NOTHING, _case(bucket.earliest)


def _case(entry: Entry | None) -> str:
    if entry is None or entry.due is None:
        return _NOTHING
    return f"{short_date(entry.due.on)}\n{entry.rule}{'（暂定）' if entry.due.provisional else ''}"


def _shares(paper: Document, report: MonthlyReport) -> None:
    total = report.total
    write(paper, "一级标题", "五、部门与学院")
    if not (total.counts.total or total.before or total.marks.due):
        write(paper, "正文", "各部门、各学院都没有待处理的问题。")
        return
    for head, title, shares in (
        ("部门", "各部门待处理的问题（项）", report.offices),
        ("学院", "各学院涉及的问题（项）", report.colleges),
    ):
        write(paper, "表题", title)
        table(paper, ((head, 28), *_SHARES), [_share(share) for share in (total, *shares)], range(1, 8), dense=True)
    if report.compared_with:
        write(paper, "小字", "再现：解决后又出现。")
    if total.marks.due:
        write(paper, "小字", "按期率：期限落在最近十二个月的异动标注中，期限内完成的比例（五-5、五-6）。")


def _share(share: Share) -> tuple[str, ...]:
    compared = share.before is not None
    changes = [f"{each:,}" if compared else _NOTHING for each in (share.solved, share.new, share.back)]
    marks = share.marks
    rate = _NOTHING if marks.percent is None else f"{marks.percent}\n{marks.on_time:,}/{marks.due:,}"
    numbers = f"{share.counts.total:,}", f"{share.overdue:,}"
    return share.name, _number(share.before), *changes, *numbers, rate, _case(share.oldest), _case(share.coming)


def _registrations(paper: Document, report: MonthlyReport) -> None:
    write(paper, "一级标题", "六、三项注册")
    write(paper, "正文", *said_of(report.registrations))
    rows = [
        (*(HAVING[state].word for state in each.states), f"{each.students:,}")
        for each in report.registrations.combinations
        if each.students
    ]
    if rows:
        write(paper, "表题", "三项注册的各种情形（人）")
        table(paper, _COMBINATIONS, rows, (3,), together=True)
        write(paper, "小字", f"{MEANING}{CAUTION}")


def _reserve(reserve: Reserve) -> str:
    items = "；".join(f"{each.label} {each.value}".strip() for each in reserve.items[:MOST_ITEMS])
    more = f"；等{len(reserve.items)}项" if len(reserve.items) > MOST_ITEMS else ""
    return f"{reserve.text}{'：' if items else ''}{items.rstrip('。')}{more}。"


def _clauses(paper: Document, report: MonthlyReport) -> None:
    write(paper, "一级标题", "八、问题所涉条款")
    write(paper, "正文", _kinds(report))
    rows = [_clause(line) for line in report.clauses if _broken(line)]
    if rows:
        write(paper, "表题", "条款与核查情况")
        table(paper, _CLAUSES, rows, dense=True, whole=False)


def _kinds(report: MonthlyReport) -> str:
    if not report.kinds:
        return "已核查的规则没有发现问题。"
    total = f"{report.total.counts.total:,}项"
    kinds = f"本月待处理的共{report.kinds}类、{total}。一类问题可能涉及几个条款，所以各条款的项数不能相加。"
    listed = {rule.id for line in report.clauses for rule in line.rules}
    others = [f"{rule.id} {rule.title}" for rule in report.rules if rule.findings and rule.id not in listed]
    return f"{kinds}不在条款表内的：{'、'.join(others)}。" if others else kinds


def _broken(line: ClauseLine) -> list[RuleResult]:
    """Without rules of which all findings are waived: they are no matter for the meeting."""
    return [rule for rule in line.rules if rule.status == "failed" or rule.findings]


def _clause(line: ClauseLine) -> tuple[str, ...]:
    found = (
        f"{rule.id} {rule.title}：{f'{rule.findings:,}项' if rule.findings else RULE_STATUS[rule.status].word}"
        for rule in _broken(line)
    )
    return line.id, line.text, "\n".join(found)


def _method(report: MonthlyReport) -> Iterator[str]:
    yield f"核查依据　{'；'.join(report.basis)}。"
    if report.result.tables:
        yield f"读入数据　{'；'.join(map(_rows_of, report.result.tables.values()))}。读入的行，不是采用就是搁置。"
    if report.verdict.rules > report.verdict.checked or report.result.set_aside:
        yield "未核查、核查失败的规则和搁置的数据，都不能当作没有问题。"


def _rows_of(read: TableInfo) -> str:
    others = [f"搁置{read.set_aside:,}"] if read.set_aside else []
    others += [f"重复{read.duplicates:,}"] if read.duplicates else []
    return f"{read.heading}{read.read:,}行" + (f"（{'、'.join(others)}）" if others else "")


def _signatures(paper: Document) -> None:
    """In a row, so that they are rarely all that stands on the last page."""
    heads = (*SIGNATURES, "日期")
    names, blanks = grid(paper, 2, [Mm(WIDTH / len(heads))] * len(heads)).rows
    blanks.height = Mm(14)
    for name, blank, head in zip(names.cells, blanks.cells, heads, strict=True):
        write_cell(name, "表头", head)
        write_cell(blank, "表头", "")


def _technical(report: MonthlyReport) -> str:
    result = report.result
    packs = "、".join(f"{pack.id} {pack.version}" for pack in result.packs)
    earlier = ""
    if then := result.previous:
        earlier = f"对照的更早数据{then.path}，截至{chinese_date(then.as_of)}，校验值前十六位{then.sha256[:16]}；"
    return (
        f"规则包{packs}；数据{result.snapshot_path}，校验值前十六位{result.snapshot_sha256[:16]}；{earlier}"
        f"程序：学鉴{report.tool_version}；逐项的清单和依据见同时生成的report.html。"
    )
