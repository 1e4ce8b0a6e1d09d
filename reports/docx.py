"""The month's report as a .docx in the form of an official document (公文), to be handed round at the meeting."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reports.dates import chinese_date, chinese_month, parse_month, short_date
from reports.meeting import purpose, when
from reports.model import AgendaItem, ClauseLine, Counts, Entry, Figure, MonthlyReport, Reserve, Share
from reports.paper import each, filled, lines, new_paper, page_numbers, table
from reports.registrations import CAUTION, MEANING, PARTS, said_of
from reports.tally import earliest
from reports.words import DUE, HAVING, NO_COLLEGE, RULE_STATUS

MOST_ITEMS = 6
"""Of what limits the verdict or stands in its way: the decisions must be in sight on the first pages."""
_NOTHING = "—"
_DIGITS = "一二三四五六七八九十"
_SHARES = (
    ("新", 11), ("再现", 11), ("已解决", 14), ("待处理", 14), ("按期标注率", 18), ("已逾期", 14),
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
    lines(paper, ("一级标题", "二、请会议定的事"), ("正文", "{%p for item in agenda %}"))
    lines(paper, ("二级标题", "{{ item.head }}"))
    each(paper, "正文", "item.texts")
    lines(paper, ("正文", "{%p endfor %}"))
    each(paper, "正文", "agenda_notes")
    lines(paper, ("一级标题", "三、本月数字"), ("表题", "{{ compared }}"))
    table(paper, (("数字", 30), ("本月", 18), ("上次", 18), ("说明", 90)), "figures", (1, 2))
    each(paper, "正文", "notes")
    lines(paper, ("一级标题", "四、期限"), ("表题", "各期限内的问题数"))
    heads = (("期限", 30), ("违规", 14), ("警示", 14), ("提示", 14), ("合计", 14), ("责任单位", 44), ("最早的一项", 26))
    table(paper, heads, "deadlines", (1, 2, 3, 4))
    each(paper, "正文", "deadline_notes")
    lines(paper, ("一级标题", "五、部门与学院"), ("表题", "各部门待处理的问题"))
    table(paper, (("部门", 24), *_SHARES), "offices", range(1, 7))
    lines(paper, ("表题", "各学院涉及的问题"))
    table(paper, (("学院", 24), *_SHARES), "colleges", range(1, 7))
    lines(paper, ("小字", "按期标注率：期限落在最近十二个月的异动标注中，期限内完成的比例（五-5、五-6）；“—”为没有。"))
    lines(paper, ("一级标题", "六、三项注册"))
    each(paper, "正文", "registered")
    lines(paper, ("正文", "{%p if combinations %}"), ("表题", "三项注册的各种情形"))
    table(paper, (*((part, 39) for part in PARTS), ("人数", 39)), "combinations", (3,))
    lines(paper, ("小字", f"{MEANING}{CAUTION}"), ("正文", "{%p endif %}"))
    lines(paper, ("一级标题", "七、结论的保留"))
    each(paper, "正文", "reserves")
    lines(paper, ("一级标题", "八、被违反的条款"))
    lines(paper, ("正文", "{%p if clauses %}"))
    table(paper, (("条款", 24), ("原文", 76), ("核查情况", 56)), "clauses")
    lines(paper, ("正文", "{%p else %}"), ("正文", "已核查的规则没有发现问题。"), ("正文", "{%p endif %}"))
    lines(paper, ("一级标题", "九、方法与签署"))
    each(paper, "正文", "method")
    lines(paper, ("正文", "{%p for name in signatures %}"), ("签署", "{{ name }}（签字）：　　　　　　　　　　"))
    lines(paper, ("正文", "{%p endfor %}"), ("落款", "年　　月　　日"))
    return paper


def _values(report: MonthlyReport) -> dict[str, Any]:
    compared = report.compared_with
    return {
        "use": purpose(report),
        "college": report.college_name,
        "month": chinese_month(report.month),
        "when": f"会议时间：{when(report.meeting)}。数据截至{chinese_date(report.as_of)}。",
        "answer": answer(report),
        "verdict": list(_verdict(report)),
        "agenda": [_item(number, item) for number, item in enumerate(report.agenda)],
        "agenda_notes": list(_agenda_notes(report)),
        "compared": f"与{chinese_month(parse_month(compared))}比较" if compared else "没有更早的核查记录，不作比较",
        "figures": [_figure(figure) for figure in report.figures],
        "notes": [f"{note}。" for note in report.notes],
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
        "offices": _shares(report, report.offices, lambda entry: entry.owner),
        "colleges": _shares(report, report.colleges, lambda entry: entry.college or NO_COLLEGE),
        "registered": list(said_of(report.registrations)),
        "combinations": [
            (*(HAVING[state].word for state in each.states), f"{each.students:,}")
            for each in report.registrations.combinations
            if each.students
        ],
        "reserves": [_reserve(reserve) for reserve in report.verdict.reserves] or ["没有。"],
        "clauses": [_clause(line) for line in report.clauses if line.status in ("violated", "failed")],
        "method": list(_method(report)),
        "signatures": report.signatures,
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
    named = [
        f"{each.title}（{each.rule}，{'核查失败' if each.reason else f'{each.findings:,}项'}）"
        for each in verdict.blockers
    ]
    if named:
        more = "；其余见第八部分" if len(named) > MOST_ITEMS else ""
        yield f"影响上报的规则共{len(named)}条：{'；'.join(named[:MOST_ITEMS])}{more}。"


def _item(number: int, item: AgendaItem) -> dict[str, Any]:
    subjects = "、".join(subject for _, subject in item.subjects)
    more = f"等{item.findings:,}项" if item.findings > len(item.subjects) else ""
    offices = "、".join(f"{office}{count:,}项" for office, count in item.offices)
    return {
        "head": f"（{_DIGITS[number]}）{item.title}（{item.people:,}人，{item.findings:,}项）",
        "texts": [
            f"{item.proposal.rstrip('。')}。",
            f"责任单位：{offices}。规则{item.rule}。",
            f"涉及：{subjects}{more}。",
        ],
    }


def _agenda_notes(report: MonthlyReport) -> Iterator[str]:
    if not report.agenda:
        yield "已核查的规则没有需要会议议定的事。"
    if report.agenda_left:
        yield f"另有{report.agenda_left}条规则的问题，由责任单位按清单处理，不提请会议议定。"


def _figure(figure: Figure) -> tuple[str, ...]:
    return figure.label, _number(figure.value), _number(figure.before), figure.note


def _number(value: int | None) -> str:
    return _NOTHING if value is None else f"{value:,}"


def _counts(counts: Counts) -> tuple[str, ...]:
    return tuple(f"{each:,}" for each in (counts.error, counts.warning, counts.notice, counts.total))


def _case(entry: Entry | None) -> str:
    if entry is None or entry.due is None:
        return _NOTHING
    return f"{short_date(entry.due.on)} {entry.rule}{'（暂定）' if entry.due.provisional else ''}"


def _shares(report: MonthlyReport, shares: Sequence[Share], part: Any) -> list[tuple[str, ...]]:
    """The rows of a table of shares; `part` says to whom an entry falls."""
    coming: dict[str, list[Entry]] = {}
    for entry in report.entries:
        if entry.open and entry.due and entry.due.bucket != "overdue":
            coming.setdefault(part(entry), []).append(entry)
    return [_share(share, earliest(coming.get(share.name, ())), bool(report.compared_with)) for share in shares]


def _share(share: Share, following: Entry | None, compared: bool) -> tuple[str, ...]:
    changes = [f"{each:,}" if compared else _NOTHING for each in (share.new, share.back, share.solved)]
    marks = share.marks
    rate = _NOTHING if marks.percent is None else f"{marks.percent}% {marks.on_time:,}/{marks.due:,}"
    open_, overdue = f"{share.counts.total:,}", f"{share.overdue:,}"
    return share.name, *changes, open_, rate, overdue, _case(share.oldest), _case(following)


def _reserve(reserve: Reserve) -> str:
    items = "；".join(f"{each.label} {each.value}".strip() for each in reserve.items[:MOST_ITEMS])
    more = f"；等{len(reserve.items)}项" if len(reserve.items) > MOST_ITEMS else ""
    return f"{reserve.text}{'：' if items else ''}{items.rstrip('。')}{more}。"


def _clause(line: ClauseLine) -> tuple[str, ...]:
    broken = [rule for rule in line.rules if rule.status in ("violated", "failed")]
    return (
        line.id,
        line.text,
        "；".join(
            f"{rule.id} {rule.title}：{RULE_STATUS[rule.status].word}"
            + (f"{rule.findings:,}项" if rule.status == "violated" else "")
            for rule in broken
        ),
    )


def _method(report: MonthlyReport) -> Iterable[str]:
    method = report.method
    yield "依据：" + "；".join(f"{pack.title}（规则包{pack.id}，{pack.version}版）" for pack in report.packs) + "。"
    yield f"数据：{method.snapshot}，校验值前十六位{method.sha256[:16]}。程序：学鉴{method.tool_version}。"
    if earlier := method.previous:
        said = f"{earlier.path}，截至{chinese_date(earlier.as_of)}，校验值前十六位{earlier.sha256[:16]}"
        yield f"对照的更早数据：{said}。"
    yield "未核查、核查失败的规则和搁置的数据，都不能当作没有问题。逐项的清单和依据见同时生成的report.html。"
