"""A made-up college's check, as the reports get it: ten colleges, every state a rule can have, and hostile text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import office
import pytest
from playwright.sync_api import Page

from checks.results import (
    CheckResult,
    Clause,
    Evidence,
    Finding,
    PackInfo,
    RegistrationCount,
    Registrations,
    RuleResult,
    TableInfo,
)
from facts.model.snapshot import SetAside
from reports.papers.pdf import find_browser

AS_OF = date(2026, 11, 25)
HOSTILE = "<script>document.title='坏'</script>\x1b[31m=1+1\x00\u202e“&amp;”"
COLLEGES = (
    "土木工程学院", "机械与电气工程学院", "交通运输学院", "经济管理学院", "信息工程学院",
    "建筑与艺术学院", "外国语学院", "中兴通信学院", "医学院", "马克思主义学院",
)  # fmt: skip

RULES = (
    # id, clause, title, severity, owner, remedy, findings, days from as_of to the deadline of the first one
    ("ADM-01", "四-1", "未报到新生超期未清理", "error", "招生办", "清理未报到新生信息，并上报名单。", 14, -46),
    ("ADM-05", "三-招生办-2", "录取信息缺项", "warning", "招生办", "对照录取名册补全缺项。", 31, None),
    ("ADM-06", "四-1", "返校未报到超期未标注", "error", "学生处", "核实去向，在在校生管理平台标注未报到。", 22, -40),
    ("DEF-01", "五-3", "暂缓报到超过两周", "error", "学生处", "撤销超期部分，通知学生到校或办理休学。", 3, -20),
    ("REG-01", "四-2", "未注册学生参加教学活动", "error", "教务处", "补办注册，或停止其参加教学活动。", 48, None),
    ("REG-09", "四-2", "先上课后注册", "warning", "教务处", "查明原因，下学期开学前完成注册。", 57, None),
    ("REG-03", "四-2", "欠费而学期注册", "error", "财务处", "催缴，或补办缓缴手续。", 26, None),
    ("IDN-01", "五-2", "同一人两个在籍学籍", "error", "教务处", "核实后报校长办公会研究，取消原学籍。", 2, None),
    ("IDN-03", "三-招生办-2", "身份证号不合规", "error", "招生办", "对照身份证原件更正。", 6, None),
    ("CLS-01", "五-4", "班级混编", "error", "学生处", "按层次、类别、专业分班。", 0, None),
    ("CLS-02", "五-4", "学号或班级号不合编码规则", "warning", "教务处", "按编码规则核对。", None, None),
    ("PRC-01", "四-4, 四-5, 四-6", "异动程序缺环", "error", "二级学院", "补齐缺少的环节，材料归档。", 9, None),
    ("MRK-01", "五-5", "在校生平台逾期未标注", "error", "学生处", "立即在在校生管理平台标注。", 12, -30),
    ("MRK-02", "五-5", "学籍平台逾期未标注", "error", "教务处", "立即在学籍管理平台标注。", 3, -12),
    ("MRK-05", "五-5", "标注即将到期", "notice", "学生处", "在期限前完成标注。", 8, 0),
    ("MRK-06", "五-5", "已标注而状态不符", "error", "学生处", "按异动文件更正在校状态。", 5, None),
    ("RPT-01", "四-6", "留级次数超限", "error", "教务处", "报校长办公会研究处理。", 1, None),
    ("STY-01", "附表4", "超过最长学习年限", "error", "教务处", "按退学程序办理。", 0, None),
    ("WDR-01", "四-6", "退学未备案", "error", "教务处", "报省教育厅备案。", 4, 38),
    ("WDR-04", "四-6, 附表4", "疑似自动流失未上报", "error", "二级学院", "核实去向，确属流失的上报学生处。", 9, None),
    ("HND-01", "五-1", "跨部门业务无交接记录", "warning", "教务处", "补交接记录。", None, None),
)  # fmt: skip

NOT_CHECKED = {"CLS-02": "未设置编码规则（student_no_pattern）", "HND-01": "缺少数据表：工作交接"}

HEADINGS = {
    "student": "在校生", "student.student_no": "学号", "student.college": "学院", "welcome": "迎新",
    "welcome.exam_no": "考生号", "change": "学籍异动", "change.change_no": "异动编号", "change.issued_on": "发文日期",
    "change.mark_due_on": "标注截止日期", "activity": "教学活动", "activity.first_late_on": "首次上课日期",
    "activity.sessions": "上课次数",
    "registration": "学期注册", "registration.term": "学期", "record.id_number": "身份证号",
    "student.settled": "已结清",
}  # fmt: skip

CLAUSES = (
    Clause("三-招生办-2", "准确、完整地录入录取新生的各类字段数据。", ("ADM-05", "IDN-03")),
    Clause("三-招生办-7", "统筹在校生档案相关材料（如入学通知书）。", (), "各系统的导出数据中没有档案材料的记录。"),
    Clause("四-1", "在规定时间（自学校发布的报到时间结束后2周）内完成审核、统计、上报“未报到新生”的信息，"
           "并在“入学报到管理平台”中清理未报到学生信息数据。", ("ADM-01", "ADM-06")),
    Clause("四-2", "学生按照学校规定缴纳学费和相关费用后，由财务处完成缴费情况注册，学生处完成学期注册，"
           "教务处进行学籍注册，不经注册的学生不允许参加学校各项教育教学活动。",
           ("REG-01", "REG-03", "REG-09", "REG-02")),
    Clause("四-6", "本科学生在校学习期间留级最多不得超过2次，专科学生在校期间只能留级1次。",
           ("PRC-01", "RPT-01", "WDR-01", "WDR-04")),
    Clause("五-1", "涉及跨部门综合业务的，交出单位要按接收单位的要求进行工作交接。", ("HND-01",)),
    Clause("五-2", "每个学生在校最长学习年限内只允许注册一个学历学籍信息。", ("IDN-01",)),
    Clause("五-4", "学生班级、学号一经确定，不得进行变更，且不同层次、类别、专业的学生不得插班管理。",
           ("CLS-01", "CLS-02")),
    Clause("五-5", "自学籍异动文件下发起15个工作日内，学生处、教务处需完成标注。",
           ("MRK-01", "MRK-02", "MRK-05", "MRK-06")),
    Clause("六-2", "本着调动工作人员积极性，根据学校相关考核管理办法实施考核。", (), "激励措施没有可核查的数据。"),
    Clause("附表4", "在规定的学习年限内未完成学业。", ("STY-01",)),
)  # fmt: skip


def finding(rule: str, number: int, **changes: Any) -> Finding:
    """The `number`-th finding of a rule of RULES, with some of its fields changed."""
    _, clause, title, severity, owner, _, _, days = next(entry for entry in RULES if entry[0] == rule)
    student = f"20230{number % 10 + 1:02}{number:03}"
    due = None if days is None else AS_OF + timedelta(days=days + number)
    if rule in ("PRC-01", "MRK-01", "MRK-02", "MRK-05", "WDR-01"):
        key = {"change_no": f"YD2026-{rule[:3]}{number:03}"}
        fields = {"student_no": student, "issued_on": "2026-10-09", "mark_due_on": due.isoformat() if due else None}
        evidence = Evidence("change", "学籍异动.xlsx", "2026年秋", (number + 2,), fields)
    elif rule.startswith("REG"):
        key = {"student_no": student, "term": "2026-2027-1"}
        fields = {"first_late_on": "2026-09-21", "sessions": 31 + number}
        evidence = Evidence("activity", "考勤.csv", None, tuple(range(812, 812 + 33 * (number + 1), 33)), fields)
    else:
        key = {"id_number": f"***{number:03}X"} if rule == "IDN-01" else {"student_no": student}
        evidence = Evidence(
            "student", "在校生.csv", None, (number + 2,), {"student_no": student, "settled": number % 2 == 0}
        )
    made = Finding(
        rule=rule,
        severity=severity,
        clause=clause,
        owner=owner,
        college=COLLEGES[number % 8],
        key=key,
        fingerprint=sha256(f"{rule}{number}".encode()).hexdigest()[:16],
        message=f"{title}，自2026-09-14起至今未处理。",
        evidence=(evidence,),
        due_on=due,
        workdays_late=(AS_OF - due).days * 5 // 7 if due and due < AS_OF else None,
        pack="xjtei-2020",
    )
    return replace(made, **changes)


def _findings() -> Iterator[Finding]:
    for rule, *_, count, _ in RULES:
        for number in range(count or 0):
            changes: dict[str, Any] = {}
            if rule == "ADM-05" and number == 0:
                changes = {"message": HOSTILE, "college": None}
            if rule == "MRK-06":  # the state differs because the mark is missing
                changes = {"follows": (finding("MRK-01", number).fingerprint,)}
            if rule == "REG-09" and number == 5:
                changes = {"state": "waived"}
            if rule == "WDR-01" and number == 3:
                changes = {"due_on": date(2027, 1, 4), "due_provisional": True}
            yield finding(rule, number, **changes)


@pytest.fixture(scope="session")
def result() -> CheckResult:
    found = tuple(_findings())
    return CheckResult(
        as_of=AS_OF,
        pack=PackInfo("xjtei-2020", "西安交通工程学院学籍管理工作实施方案（试行）", "2026.1", CLAUSES),
        snapshot_path="2026-11",
        snapshot_sha256=sha256(b"2026-11").hexdigest(),
        tables={
            "student": TableInfo("student", "在校生", ("在校生.csv",), 30000, 29998, 2, ("备注",)),
            "welcome": TableInfo("welcome", "迎新", ("迎新.csv",), 8120, 8119, 1),
            "change": TableInfo("change", "学籍异动", ("学籍异动.xlsx",), 612, 612, 0),
            "attendance": TableInfo("attendance", "考勤", ("考勤.csv", "考勤补.csv"), 3012450, 3012450, 0),
            "registration": TableInfo("registration", "学期注册", ("学期注册.csv",), 60000, 60000, 0),
            "term": TableInfo("term", "校历", ("校历.csv",), 12, 12, 0),
        },
        rules=tuple(_rule(entry, found) for entry in RULES),
        set_aside=(
            SetAside("student", "在校生.csv", None, 17, "入学日期", "2026-13-01", "没有这一天，请核对日期"),
            SetAside("student", "在校生.csv", None, 905, "身份证号", "***", "这一格是数值型单元格，号码末几位已丢失"),
            SetAside(
                "welcome",
                "迎新.csv",
                None,
                44,
                "报到状态",
                HOSTILE,
                "不在代码表中，请改为其中之一：已报到、未报到、暂缓报到",
            ),
        ),
        findings=found,
        tables_absent=("工作交接", "毕业"),
        colleges=COLLEGES,
        ignored=("说明.docx",),
        headings=HEADINGS,
        registrations=Registrations(
            "2026-2027-1",
            tuple(
                RegistrationCount(college, *states, students)
                for college in COLLEGES[:8]
                for states, students in (
                    (("has", "has", "has"), 1180),
                    (("has", "has", "excused"), 60),
                    (("has", "lacks", "has"), 3),
                    (("lacks", "has", "unknown"), 2),
                    (("lacks", "lacks", "has"), 9),
                )
            ),
            ("缺少列 学籍.学年注册",),
        ),
    )


def _rule(entry: tuple[Any, ...], found: tuple[Finding, ...]) -> RuleResult:
    rule, clause, title, severity, owner, remedy, *_ = entry
    count = sum(1 for one in found if one.rule == rule)
    status, reason = ("violated", None) if count else ("clean", None)
    if rule in NOT_CHECKED:
        status, reason = "not checked", NOT_CHECKED[rule]
    if rule == "STY-01":
        status, reason = "failed", "引擎在第3组数据上出错"
    if rule == "ADM-05":
        reason = "导出中没有外语语种一列，未核查该项"
    decision = "提请校长办公会研究：确属自动流失的，按退学程序办理。" if rule == "WDR-04" else None
    return RuleResult(
        id=rule, title=title, clause=clause, severity=severity, owner=owner, remedy=remedy, status=status,
        reason=reason, considered=30000, findings=count, decision=decision, pack="xjtei-2020",
    )  # fmt: skip


@pytest.fixture(scope="session")
def clean(result: CheckResult) -> CheckResult:
    """The same college without a finding and without a reserve."""
    rules = tuple(replace(rule, status="clean", reason=None, findings=0) for rule in result.rules)
    tables = {name: replace(table, accepted=table.read, set_aside=0) for name, table in result.tables.items()}
    pack = replace(result.pack, clauses=tuple(replace(c, rules=c.rules[:1]) for c in result.pack.clauses))
    return replace(
        result, pack=pack, rules=rules, tables=tables, findings=(), set_aside=(), tables_absent=(), ignored=()
    )


@pytest.fixture(scope="session")
def make() -> Callable[..., Finding]:
    return finding


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: pages are opened by their whole address. The plugin's own fixture is of a kind that pytest warns of."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --disable-dev-shm-usage"
    )
    return {**browser_type_launch_args, "executable_path": find_browser(), "args": quiet.split()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "offline": True, "locale": "zh-CN"}


@pytest.fixture
def visit(page: Page) -> Iterator[Callable[[str], Page]]:
    """Opens a file of ours, which at the end has said nothing on the console and asked nothing of the network."""
    said: list[str] = []
    asked: set[str] = set()
    visited: set[str] = set()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.add(request.url.partition("#")[0]))

    def goto(address: str) -> Page:
        visited.add(address.partition("#")[0])
        page.goto(address)
        return page

    yield goto
    assert said == []
    assert asked == visited


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], int]:
    """How many pages LibreOffice makes of a .docx."""
    folder: Path = tmp_path_factory.mktemp("office")

    def count(data: bytes) -> int:
        source = folder / "document.docx"
        source.write_bytes(data)
        return len(re.findall(rb"/Type\s*/Page\b", office.convert(source, "pdf").read_bytes()))

    return count
