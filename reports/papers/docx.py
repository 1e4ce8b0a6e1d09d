"""The month's report as a .docx in the form of an official document (公文), to be handed round at the meeting."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docx.shared import Mm

from checks.results import TableInfo
from facts.model.values import chinese_date
from reports.month.entry import Entry
from reports.month.meeting import purpose, when
from reports.month.model import SIGNATURES, Blocker, ClauseLine, Counts, Figure, MonthlyReport, Reserve, Share
from reports.month.registrations import CAUTION, MEANING, PARTS, said_of
from reports.papers.docx_agenda import agenda_section, agenda_values
from reports.papers.docx_styles import WIDTH, cell, each, filled, grid, lines, new_paper, page_numbers, table
from reports.wording.dates import chinese_month, parse_month, short_date
from reports.wording.words import DUE, HAVING, RULE_STATUS, changed

MOST_ITEMS = 6
"""Of what limits the verdict: the decisions must be in sight on the first pages."""
_NOTHING = "—"
_FIGURES = (("数字", 30), ("本月", 15), ("上次", 15), ("增减", 16), ("说明", 80))
_DEADLINES = (
    ("期限", 36), ("违规", 13), ("警示", 13), ("提示", 13), ("合计", 13), ("责任单位", 40), ("最早的一项", 28),
)  # fmt: skip
_SHARES = (
    ("上次", 10), ("解决", 10), ("新", 9), ("再现", 10), ("本月", 10), ("逾期", 10), ("按期率", 19),
    ("逾期最久", 25), ("下一期限", 25),
)  # fmt: skip


def render_docx(report: MonthlyReport, fonts: Mapping[str, str] = {}) -> bytes:
    """The document; `fonts` as in [report] of the configuration."""
    title = f"{report.college_name}学籍管理工作例会报告（{chinese_month(report.month)}）"
    return filled(_template(fonts), _values(report), title=title, use=purpose(report), as_of=report.as_of)


def _template(fonts: Mapping[str, str]) -> Any:
    paper = new_paper(fonts)
    page_numbers(paper)
    lines(paper, ("小字", "会议材料　{{ use }}"), ("标题", "{{ college }}"), ("标题", "学籍管理工作例会报告"))
    lines(paper, ("副题", "（{{ month }}）"), ("正文", "{{ when }}"))
    lines(paper, ("一级标题", "一、结论：{{ answer }}"))
    each(paper, "正文", "verdict")
    lines(paper, ("正文", "{%p if blockers %}"), ("表题", "{{ blocking }}"))
    table(paper, (("规则", 59), ("项数", 19), ("规则", 59), ("项数", 19)), "blockers", (1, 3), dense=True)
    lines(paper, ("正文", "{%p endif %}"), ("一级标题", "二、请会议定的事"))
    agenda_section(paper)
    lines(paper, ("一级标题", "三、本月数字"), ("表题", "{{ compared }}"))
    table(paper, _FIGURES, "figures", (1, 2, 3), together=True)
    each(paper, "正文", "bridge")
    each(paper, "小字", "notes")
    lines(paper, ("一级标题", "四、期限"), ("正文", "{%p if open %}"), ("表题", "各期限内的问题数（项）"))
    table(paper, _DEADLINES, "deadlines", (1, 2, 3, 4), together=True)
    lines(paper, ("正文", "{%p else %}"), ("正文", "没有待处理的问题。"), ("正文", "{%p endif %}"))
    each(paper, "正文", "deadline_notes")
    lines(paper, ("一级标题", "五、部门与学院"), ("正文", "{%p if shared %}"), ("表题", "各部门待处理的问题（项）"))
    table(paper, (("部门", 28), *_SHARES), "offices", range(1, 8), dense=True)
    lines(paper, ("表题", "各学院涉及的问题（项）"))
    table(paper, (("学院", 28), *_SHARES), "colleges", range(1, 8), dense=True)
    each(paper, "小字", "share_notes")
    lines(paper, ("正文", "{%p else %}"), ("正文", "各部门、各学院都没有待处理的问题。"), ("正文", "{%p endif %}"))
    lines(paper, ("一级标题", "六、三项注册"))
    each(paper, "正文", "registered")
    lines(paper, ("正文", "{%p if combinations %}"), ("表题", "三项注册的各种情形（人）"))
    table(paper, (*((part, 39) for part in PARTS), ("人数", 39)), "combinations", (3,), together=True)
    lines(paper, ("小字", f"{MEANING}{CAUTION}"), ("正文", "{%p endif %}"))
    lines(paper, ("一级标题", "七、结论的保留"))
    each(paper, "正文", "reserves")
    lines(paper, ("一级标题", "八、问题所涉条款"), ("正文", "{{ kinds }}"), ("正文", "{%p if clauses %}"))
    lines(paper, ("表题", "条款与核查情况"))
    table(paper, (("条款", 24), ("原文", 70), ("核查情况", 62)), "clauses", dense=True, whole=False)
    lines(paper, ("正文", "{%p endif %}"), ("一级标题", "九、方法与签署"))
    each(paper, "事项", "method")
    _signatures(paper)
    lines(paper, ("小字", "{{ technical }}"))
    return paper


def _signatures(paper: Any) -> None:
    """In a row, so that they are rarely all that stands on the last page."""
    heads = (*SIGNATURES, "日期")
    made = grid(paper, 2, [Mm(WIDTH / len(heads))] * len(heads))
    made.rows[1].height = Mm(14)
    for column, head in enumerate(heads):
        cell(made, 0, column, head, "表头")
        cell(made, 1, column, "", "表头")


def _values(report: MonthlyReport) -> dict[str, Any]:
    compared = report.compared_with
    return {
        "use": purpose(report),
        "college": report.college_name,
        "month": chinese_month(report.month),
        "when": f"会议时间：{when(report.meeting)}。数据截至{chinese_date(report.as_of)}。",
        "answer": answer(report),
        "verdict": list(_verdict(report)),
        "blocking": _blocking(report),
        "blockers": list(_blockers(report.verdict.blockers)),
        **agenda_values(report),
        "compared": f"与{chinese_month(parse_month(compared))}比较" if compared else "没有更早的核查记录，不作比较",
        "figures": [_figure(figure) for figure in report.figures],
        "bridge": [f"{report.bridge}。"] if report.bridge else [],
        "notes": [f"{note}。" for note in report.notes],
        "open": report.total.counts.total,
        "deadlines": [
            (
                DUE[bucket.name] + (f"（暂定{bucket.provisional}项）" if bucket.provisional else ""),
                *_counts(bucket.counts),
                "、".join(f"{office}{number:,}" for office, number in bucket.offices) or _NOTHING,
                _case(bucket.earliest),
            )
            for bucket in report.deadlines
        ],
        "deadline_notes": [f"另有{report.without_deadline:,}项，规定没有给出可计算的期限。"]
        if report.without_deadline
        else [],
        "shared": report.total.counts.total or report.total.before or report.total.marks.due,
        "offices": _shares(report, report.offices),
        "colleges": _shares(report, report.colleges),
        "share_notes": list(_share_notes(report)),
        "registered": list(said_of(report.registrations)),
        "combinations": [
            (*(HAVING[state].word for state in each.states), f"{each.students:,}")
            for each in report.registrations.combinations
            if each.students
        ],
        "reserves": [_reserve(reserve) for reserve in report.verdict.reserves] or ["无"],
        "kinds": _kinds(report),
        "clauses": [row for line in report.clauses if (row := _clause(line))],
        "method": list(_method(report)),
        "technical": _technical(report),
    }


def answer(report: MonthlyReport, where: str = "第七部分") -> str:
    """The verdict in a word; `where` its reserves are read."""
    verdict = report.verdict
    reserved = f"（有保留，见{where}）" if verdict.ready and verdict.reserves else ""
    return f"{'可以上报' if verdict.ready else '暂不宜上报'}{reserved}"


def _verdict(report: MonthlyReport) -> Iterator[str]:
    verdict = report.verdict
    left = verdict.rules - verdict.checked
    unsure = f"，其余{left}条没有结论；本结论只对已核查的规则成立" if left else ""
    yield f"规则共{verdict.rules}条，已核查{verdict.checked}条{unsure}。"
    if not verdict.checked:
        yield "没有一条规则得到核查，不能据此上报。"


def _blocking(report: MonthlyReport) -> str:
    blockers = report.verdict.blockers
    return f"影响上报的规则（{len(blockers)}条，共{sum(each.findings for each in blockers):,}项）"


def _blockers(blockers: Sequence[Blocker]) -> Iterator[tuple[str, ...]]:
    """Two of them in a row."""
    cells = [(f"{each.rule} {each.title}", "核查失败" if each.reason else f"{each.findings:,}") for each in blockers]
    half = -(-len(cells) // 2)
    for left, right in zip(cells[:half], [*cells[half:], ("", "")], strict=False):
        yield *left, *right


def _figure(figure: Figure) -> tuple[str, ...]:
    change = _NOTHING if figure.change is None else changed(figure.change)
    return figure.label, _number(figure.value), _number(figure.before), change, figure.note


def _number(value: int | None) -> str:
    return _NOTHING if value is None else f"{value:,}"


def _counts(counts: Counts) -> tuple[str, ...]:
    return tuple(f"{each:,}" for each in (counts.error, counts.warning, counts.notice, counts.total))


def _case(entry: Entry | None) -> str:
    if entry is None or entry.due is None:
        return _NOTHING
    return f"{short_date(entry.due.on)}\n{entry.rule}{'（暂定）' if entry.due.provisional else ''}"


def _shares(report: MonthlyReport, shares: Sequence[Share]) -> list[tuple[str, ...]]:
    return [_share(share) for share in (report.total, *shares)]


def _share(share: Share) -> tuple[str, ...]:
    compared = share.before is not None
    changes = [f"{each:,}" if compared else _NOTHING for each in (share.solved, share.new, share.back)]
    marks = share.marks
    rate = _NOTHING if marks.percent is None else f"{marks.percent}\n{marks.on_time:,}/{marks.due:,}"
    numbers = f"{share.counts.total:,}", f"{share.overdue:,}"
    return share.name, _number(share.before), *changes, *numbers, rate, _case(share.oldest), _case(share.coming)


def _share_notes(report: MonthlyReport) -> Iterator[str]:
    if report.compared_with:
        yield "再现：解决后又出现。"
    if report.total.marks.due:
        yield "按期率：期限落在最近十二个月的异动标注中，期限内完成的比例（五-5、五-6）。"


def _reserve(reserve: Reserve) -> str:
    items = "；".join(f"{each.label} {each.value}".strip() for each in reserve.items[:MOST_ITEMS])
    more = f"；等{len(reserve.items)}项" if len(reserve.items) > MOST_ITEMS else ""
    return f"{reserve.text}{'：' if items else ''}{items.rstrip('。')}{more}。"


def _kinds(report: MonthlyReport) -> str:
    if not report.kinds:
        return "已核查的规则没有发现问题。"
    total = f"{report.total.counts.total:,}项"
    said = f"本月待处理的共{report.kinds}类、{total}。一类问题可能涉及几个条款，所以各条款的项数不能相加。"
    listed = {rule.id for line in report.clauses for rule in line.rules}
    others = [f"{rule.id} {rule.title}" for rule in report.rules if rule.findings and rule.id not in listed]
    return f"{said}不在条款表内的：{'、'.join(others)}。" if others else said


def _clause(line: ClauseLine) -> tuple[str, ...] | None:
    """None where nothing is open: what is waived is no matter for the meeting."""
    broken = [rule for rule in line.rules if rule.status == "failed" or rule.findings]
    if not broken:
        return None
    return (
        line.id,
        line.text,
        "\n".join(
            f"{rule.id} {rule.title}：{f'{rule.findings:,}项' if rule.findings else RULE_STATUS[rule.status].word}"
            for rule in broken
        ),
    )


def _method(report: MonthlyReport) -> Iterator[str]:
    yield f"核查依据　{'；'.join(report.basis)}。"
    if report.tables:
        yield f"读入数据　{'；'.join(map(_rows_of, report.tables))}。读入的行，不是采用就是搁置。"
    if report.verdict.rules > report.verdict.checked or report.set_aside:
        yield "未核查、核查失败的规则和搁置的数据，都不能当作没有问题。"


def _rows_of(table: TableInfo) -> str:
    said = [f"搁置{table.set_aside:,}"] if table.set_aside else []
    said += [f"重复{table.duplicates:,}"] if table.duplicates else []
    return f"{table.heading}{table.read:,}行" + (f"（{'、'.join(said)}）" if said else "")


def _technical(report: MonthlyReport) -> str:
    method = report.method
    packs = "、".join(f"{pack.id} {pack.version}" for pack in report.packs)
    earlier = ""
    if then := method.previous:
        earlier = f"对照的更早数据{then.path}，截至{chinese_date(then.as_of)}，校验值前十六位{then.sha256[:16]}；"
    return (
        f"规则包{packs}；数据{method.snapshot}，校验值前十六位{method.sha256[:16]}；{earlier}"
        f"程序：学鉴{method.tool_version}；逐项的清单和依据见同时生成的report.html。"
    )
