import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from checks.results import CheckResult, Evidence, Finding, PreviousInfo, TableInfo
from facts.model.snapshot import FileCount, SourceFile
from reports.month.month import monthly_report
from reports.papers.html import render_html


def page_of(result: CheckResult) -> str:
    return render_html(monthly_report(result, "2026-11", "西安交通工程学院", tool_version="0.1.0"))


class Page(HTMLParser):
    """The start tags of a page, and the texts of its elements by tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "input"):
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def html(result: CheckResult) -> str:
    return page_of(result)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.mark.slow
def test_every_element_that_is_opened_is_closed(page: Page) -> None:
    assert page.open == []


def test_the_sections_stand_in_the_order_in_which_the_meeting_needs_them(page: Page) -> None:
    assert page.texts["h2"] == [
        "一、结论", "二、请会议定的事", "三、本月数字", "四、期限", "五、部门与学院", "六、三项注册", "七、问题清单",
        "八、核查范围", "九、条款对照", "十、工作流程", "十一、方法与签署",
    ]  # fmt: skip


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(page: Page) -> None:
    assert len(page.all("caption")) == len(page.all("table")) > 5
    assert all(cell.get("scope") in ("col", "row") for cell in page.all("th"))


def test_every_link_leads_to_a_place_on_the_page(page: Page) -> None:
    places = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {str(link["href"]).removeprefix("#") for link in page.all("a")} <= places
    assert len(places) == sum("id" in attributes for _, attributes in page.tags)


def test_every_finding_is_a_row_with_its_evidence(page: Page, result: CheckResult) -> None:
    rows = [row for row in page.all("tr") if (row.get("id") or "").startswith("f-")]
    assert len(rows) == len(result.findings)
    assert len([1 for details in page.texts["details"] if "处理办法" in details]) == len(result.findings)


def test_the_page_runs_and_loads_nothing_but_what_its_policy_names(html: str, page: Page) -> None:
    policy = next(meta["content"] for meta in page.all("meta") if "http-equiv" in meta)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" in policy
    assert not [name for _, attributes in page.tags for name in attributes if name in ("style", "src", "srcset")]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "http" not in html.replace('http-equiv="', "")


def test_hostile_text_is_text(page: Page) -> None:
    assert [script.get("type") for script in page.all("script")] == ["application/json", None]
    assert any("<script>document.title='坏'</script>[31m=1+1“&amp;”" in text for text in page.texts["td"])


def test_a_colour_never_stands_alone(page: Page) -> None:
    heads = {text.strip() for text in page.texts["th"]}
    assert {"● 违规", "▲ 警示", "○ 提示"} <= heads


def test_not_checked_and_failed_show_no_number(page: Page) -> None:
    rows = [re.sub(r"\s+", " ", text) for text in page.texts["tr"]]
    assert "CLS-02学号或班级号不合编码规则五-4▲ 警示– 未核查——未设置编码规则（student_no_pattern）" in rows
    assert "STY-01超过最长学习年限附表4● 违规! 核查失败——引擎在第3组数据上出错" in rows


def test_dates_have_the_chinese_form(html: str) -> None:
    assert "2026年11月25日（星期三）9:30" in html
    assert not re.search(r"\b2026-\d\d-\d\d\b", html.replace("2026-13-01", ""))


def test_each_file_of_a_table_accounts_for_its_rows(clean: CheckResult) -> None:
    files = (
        FileCount(SourceFile("考勤.csv"), 900, 890, 10),
        FileCount(SourceFile("考勤.xlsx", "补"), 100, 100, 0, duplicates=7, other_rows=2),
    )
    table = TableInfo("attendance", "考勤", ("考勤.csv", "考勤.xlsx#补"), 1000, 990, 10, duplicates=7, counts=files)
    page = Page(page_of(replace(clean, tables={"attendance": table})))
    rows = [text for text in page.texts["tr"] if "考勤" in text or "［" in text]
    assert rows == [
        "考勤2个文件合计1,000990（重复7）10—",
        "考勤.csv90089010",
        "考勤.xlsx［补］ 另有2行是合计、签名或重复的表头，不算读入100100（重复7）0",
    ]


def test_the_only_file_of_a_table_has_no_row_of_its_own(clean: CheckResult) -> None:
    only = FileCount(SourceFile("考勤.csv"), 900, 890, 10, other_rows=1)
    table = TableInfo("attendance", "考勤", ("考勤.csv",), 900, 890, 10, counts=(only,))
    page = Page(page_of(replace(clean, tables={"attendance": table})))
    assert [text for text in page.texts["tr"] if "考勤" in text] == [
        "考勤考勤.csv 另有1行是合计、签名或重复的表头，不算读入90089010—"
    ]


def test_the_earlier_data_compared_with_are_named_and_none_where_there_were_none(clean: CheckResult) -> None:
    page = page_of(replace(clean, previous=PreviousInfo("2026-10", date(2026, 10, 28), "a1" * 32)))
    assert "<dt>对照的更早数据</dt><dd>2026-10，截至2026年10月28日，校验值<br>" in page
    assert f'<span class="hash">{"a1" * 32}</span>' in page
    assert "更早数据" not in page_of(clean)


def test_no_month_before_is_invented(html: str) -> None:
    assert "没有更早的核查记录，不作比较。" in html


def test_equal_results_give_equal_pages(result: CheckResult, html: str) -> None:
    assert page_of(replace(result, timings={"load": 2.0})) == html


def test_a_clean_month_says_what_was_checked_and_nothing_more(clean: CheckResult) -> None:
    html = page_of(clean)
    assert "可以上报</p>" in html
    assert "全部规则均已核查，没有搁置的数据，也没有暂定的期限。" in html
    assert "除是否上报外，没有需要会议议定的事。" in html
    assert "本月数据可以上报，是否同意？" in html
    for absent in ("暂定”的", "未核查的规则见", "数字为“—”", "按期标注率："):
        assert absent not in html, "nothing of it is there"
    assert "已核查的规则没有发现问题。" in html


def test_a_verdict_with_limits_never_looks_like_a_clean_one(clean: CheckResult) -> None:
    rules = (replace(clean.rules[0], status="failed", reason="出错"), *clean.rules[1:])
    assert "全部规则均已核查" not in page_of(replace(clean, rules=rules))
    assert "（有保留）" in page_of(replace(clean, tables_absent=("毕业",)))


def test_where_nothing_was_checked_the_page_says_so(clean: CheckResult) -> None:
    rules = tuple(replace(rule, status="not checked", reason="缺少校历") for rule in clean.rules)
    html = page_of(replace(clean, rules=rules))
    assert "数据不足，不能判断" in html
    assert "没有一条规则得到核查。" in html
    assert "可以上报" not in html
    assert '其余见<a href="#scope">核查范围</a>' in html


def test_a_pack_without_clauses_and_a_finding_without_evidence_are_shown(
    clean: CheckResult, make: Callable[..., Finding]
) -> None:
    finding = make("ADM-01", 0, evidence=())
    html = page_of(replace(clean, pack=replace(clean.pack, clauses=()), findings=(finding,)))
    assert "规则包没有附条款表。" in html
    assert "没有可列的数据行。" in html
    assert "（条款原文未收入规则包）" in html


def test_many_rows_of_evidence_are_cut_short(clean: CheckResult, make: Callable[..., Finding]) -> None:
    evidence = (
        Evidence("activity", "考勤.csv", None, tuple(range(2, 42)), {}),
        Evidence("repeat", None, None, (), {"count": 3}),
    )
    html = page_of(replace(clean, findings=(make("RPT-01", 0, evidence=evidence),)))
    assert "考勤.csv 第2、3、4、5、6、7、8、9、10、11、12、13行等40行" in html
    assert "由其他数据算得" in html


def test_a_report_that_shows_personal_data_says_how_to_keep_it(clean: CheckResult) -> None:
    assert "姓名和身份证号已遮盖" in page_of(clean)
    assert "须按个人信息保管" in page_of(replace(clean, personal_shown=True))


def test_the_page_says_for_whom_it_is(clean: CheckResult) -> None:
    assert "供2026年11月25日学籍管理工作例会参会人员使用，不得转给学生或校外" in page_of(clean)
