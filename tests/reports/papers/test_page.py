"""The month's page in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checks.results import CheckResult
from reports.month.month import monthly_report
from reports.papers.files import write_file
from reports.papers.html import render_html

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(result: CheckResult, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    write_file(path, render_html(monthly_report(result, "2026-11", "西安交通工程学院")))
    return path.as_uri()


@pytest.fixture
def opened(visit: Callable[[str], Page], address: str) -> Page:
    return visit(address)


def rows(page: Page) -> int:
    return page.locator("#findings tr:visible").count()


def test_hostile_text_is_shown_and_does_nothing(opened: Page) -> None:
    expect(opened).to_have_title("西安交通工程学院学籍管理工作例会报告（2026年11月）")
    expect(opened.locator("#findings")).to_contain_text("<script>document.title='坏'</script>[31m=1+1“&amp;”")


def test_words_and_choices_narrow_the_list_together(opened: Page) -> None:
    opened.get_by_label("查找").fill("reg-01")
    expect(opened.get_by_role("status")).to_have_text("已筛选：显示48项，共260项。")
    opened.get_by_role("combobox", name="学院").select_option("土木工程学院")
    expect(opened.get_by_role("status")).to_have_text("已筛选：显示6项，共260项。")
    assert rows(opened) == 6
    opened.get_by_role("button", name="清除筛选").click()
    expect(opened.get_by_role("status")).to_have_text("共260项。")
    assert rows(opened) == 260


@pytest.mark.parametrize(
    ("label", "choice", "count"), [("级别", "提示", 8), ("责任单位", "财务处", 26), ("期限", "已逾期", 54)]
)
def test_each_choice_narrows_the_list(opened: Page, label: str, choice: str, count: int) -> None:
    opened.get_by_role("combobox", name=label).select_option(label=choice)
    expect(opened.get_by_role("status")).to_have_text(f"已筛选：显示{count}项，共260项。")


def test_a_figure_opens_the_list_behind_it(opened: Page) -> None:
    opened.locator("#deadlines").get_by_role("link", name="7天内到期").click()
    expect(opened.get_by_role("status")).to_have_text("已筛选：显示8项，共260项。")
    expect(opened.get_by_role("heading", name="问题清单")).to_be_in_viewport()


def test_a_name_on_the_agenda_opens_its_finding_also_when_the_list_is_filtered(opened: Page) -> None:
    opened.get_by_label("查找").fill("reg-01")
    opened.locator("#agenda").get_by_role("link", name="2023001000").first.click()
    row = opened.locator("#findings .found")
    expect(row).to_be_in_viewport()
    expect(row.get_by_text("处理办法")).to_be_visible()


def test_evidence_opens_by_keyboard(opened: Page) -> None:
    row = opened.locator("#findings tr").first
    expect(row.get_by_text("在校生.csv 第2行")).to_be_hidden()
    row.locator("summary").focus()
    opened.keyboard.press("Enter")
    expect(row.get_by_text("在校生.csv 第2行")).to_be_visible()
    expect(row.get_by_text("在规定时间（自学校发布的报到时间结束后2周）内")).to_be_visible()


def test_all_evidence_opens_and_closes_at_once(opened: Page) -> None:
    opened.get_by_role("button", name="展开全部依据").click()
    expect(opened.locator("#findings details[open]")).to_have_count(260)
    opened.get_by_role("button", name="收起全部依据").click()
    expect(opened.locator("#findings details[open]")).to_have_count(0)


def test_paper_shows_the_filtered_list_and_no_controls(opened: Page) -> None:
    opened.get_by_label("查找").fill("reg-01")
    opened.emulate_media(media="print")
    for control in ("#filter", "nav", "summary >> nth=0"):
        expect(opened.locator(control)).to_be_hidden()
    expect(opened.get_by_role("status")).to_have_text("已筛选：显示48项，共260项。")
    heads = opened.locator(".list thead").evaluate("head => getComputedStyle(head).display")
    assert heads == "table-header-group"
    assert opened.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(opened: Page, width: int, scheme: str) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    opened.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    expect(opened.get_by_text("暂不宜上报")).to_be_visible()


def test_ink_and_paper_change_places_in_the_dark_but_not_on_paper(opened: Page) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    opened.emulate_media(color_scheme="dark")
    assert opened.evaluate(paper) == "rgb(20, 25, 31)"
    opened.emulate_media(color_scheme="dark", media="print")
    assert opened.evaluate(paper) == "rgb(255, 255, 255)"


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_the_report_is_whole_without_script(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#filter")).to_be_hidden()
    expect(page.locator("#findings tr")).to_have_count(260)
    row = page.locator("#findings tr").first
    row.get_by_text("依据", exact=True).click()
    expect(row.get_by_text("处理办法")).to_be_visible()
    expect(page.locator("footer")).to_contain_text("学鉴生成")
