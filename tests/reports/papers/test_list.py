"""The list of findings in a real browser: a short one, whose rows stand in the page, and one of 20,000."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from many import many
from playwright.sync_api import Locator, Page, expect

from checks.results import CheckResult, Finding
from reports.month.month import monthly_report
from reports.papers.files import write_file
from reports.papers.html import render_html
from reports.papers.html_list import FIRST, MOST_WHOLE

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "data" / "axe" / "axe.min.js"
HOSTILE = "</script><img src=x onerror=document.title='坏'><!--\u2028\u2029</td>"


@pytest.fixture(scope="module")
def plenty(result: CheckResult) -> CheckResult:
    return many(result, 20_000)


@pytest.fixture(scope="module")
def addresses(
    result: CheckResult, clean: CheckResult, plenty: CheckResult, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("list")
    made = {"short": result, "empty": clean, "some": many(result, 700), "long": plenty}
    for name, each in made.items():
        write_file(folder / f"{name}.html", render_html(monthly_report(each, "2026-11", "西安交通工程学院")))
    return {name: (folder / f"{name}.html").as_uri() for name in made}


@pytest.fixture
def short(visit: Callable[[str], Page], addresses: dict[str, str]) -> Page:
    return visit(addresses["short"])


@pytest.fixture
def long(visit: Callable[[str], Page], addresses: dict[str, str]) -> Page:
    return visit(addresses["long"])


def rows(page: Page) -> Locator:
    return page.locator("#findings > tr")


def rules(page: Page) -> list[str]:
    return page.locator("#findings th").all_inner_texts()


def says(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_have_text(text)


def sort_by(page: Page, name: str) -> None:
    page.locator("#list thead").get_by_role("button", name=name).click()


def test_a_long_list_is_drawn_in_portions_that_the_reader_asks_for(long: Page) -> None:
    expect(rows(long)).to_have_count(FIRST)
    says(long, "共20,000项。下面列出第1至100项。")
    long.get_by_role("button", name="再显示100项（还有19,900项）").click()
    expect(rows(long)).to_have_count(2 * FIRST)
    expect(rows(long).nth(FIRST).locator("summary")).to_be_focused()


def test_the_script_draws_a_row_as_the_page_has_it(
    visit: Callable[[str], Page],
    addresses: dict[str, str],
    result: CheckResult,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reports.papers.html_list.MOST_WHOLE", 0)
    monkeypatch.setattr("reports.papers.html_list.FIRST", 1)
    path = tmp_path / "drawn.html"
    write_file(path, render_html(monthly_report(result, "2026-11", "西安交通工程学院")))
    as_markup = "rows => rows.map(row => row.outerHTML.replace(/>\\s+</g, '><').trim())"
    came = rows(visit(addresses["short"])).evaluate_all(as_markup)
    page = visit(path.as_uri())
    expect(rows(page)).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows(page).evaluate_all(as_markup) == came
    assert len(came) == len(result.findings)


def test_words_are_found_in_all_texts_of_all_findings(long: Page, plenty: CheckResult) -> None:
    mine = [each for each in plenty.findings if each.rule == "REG-03" and each.college == "土木工程学院"]
    assert 0 < len(mine) < len(plenty.findings)
    long.get_by_label("查找").fill(" reg-03  土木工程学院")
    says(long, f"已筛选：显示{len(mine):,}项，共20,000项。" + ("下面列出第1至100项。" if len(mine) > FIRST else ""))
    last = plenty.findings[-1]
    long.get_by_label("查找").fill(f"{last.fingerprint} 第{last.evidence[0].rows[0]}行")
    says(long, "已筛选：显示1项，共20,000项。")
    long.get_by_label("查找").fill("没有这样的字")
    says(long, "已筛选：显示0项，共20,000项。")
    expect(long.locator(".portion:visible")).to_have_count(0)


def test_what_is_waived_is_not_pending(short: Page) -> None:
    short.get_by_role("combobox", name="状态").select_option("待处理")
    says(short, "已筛选：显示259项，共260项。")
    short.get_by_role("combobox", name="状态").select_option("已豁免")
    says(short, "已筛选：显示1项，共260项。")


def test_a_heading_sorts_up_then_down_then_not_at_all(long: Page) -> None:
    given = rules(long)
    head = long.locator("#list thead").get_by_role("columnheader", name="规则")
    sort_by(long, "规则")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert rules(long) == ["ADM-01"] * FIRST
    sort_by(long, "规则")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert rules(long) == ["WDR-04"] * FIRST
    expect(head.get_by_role("button")).to_be_focused()
    sort_by(long, "规则")
    expect(long.locator("[aria-sort]")).to_have_count(0)
    assert rules(long) == given


def test_severities_are_sorted_by_weight_and_another_column_takes_over(short: Page) -> None:
    marks = short.locator("#findings .sign")
    sort_by(short, "级别")
    assert "".join(marks.all_inner_texts()) == "●" * 164 + "▲" * 88 + "○" * 8
    sort_by(short, "级别")
    assert "".join(marks.all_inner_texts()) == "○" * 8 + "▲" * 88 + "●" * 164
    sort_by(short, "学院")
    expect(short.locator("[aria-sort]")).to_have_text("学院学院")


@pytest.mark.parametrize("presses", [1, 2])
def test_deadlines_are_sorted_by_date_and_none_comes_last(short: Page, result: CheckResult, presses: int) -> None:
    for _ in range(presses):
        sort_by(short, "期限")
    known = sorted((each.due_on for each in result.findings if each.due_on), reverse=presses == 2)
    expected = [f"{day.year}年{day.month}月{day.day}日" for day in known]
    shown = [text.split("\n")[0] for text in short.locator("#findings td:last-child").all_inner_texts()]
    assert shown == expected + ["—"] * (len(result.findings) - len(expected))


def test_the_address_opens_the_same_list_again(long: Page, visit: Callable[[str], Page]) -> None:
    long.get_by_label("查找").fill("发文")
    long.get_by_role("combobox", name="学院").select_option("土木工程学院")
    sort_by(long, "期限")
    expect(long).to_have_url(re.compile(f"#list\\?search={quote('发文')}&college={quote('土木工程学院')}&sort=date$"))
    said, seen = long.get_by_role("status").inner_text(), rows(long).evaluate_all("rows => rows.map(row => row.id)")
    address = long.url
    long.get_by_role("button", name="清除筛选").click()
    sort_by(long, "规则")
    again = visit(address)
    says(again, said)
    assert rows(again).evaluate_all("rows => rows.map(row => row.id)") == seen
    expect(again.get_by_role("columnheader", name="期限").filter(has=again.locator("button"))).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(again.get_by_role("combobox", name="学院")).to_have_value("土木工程学院")


def test_an_address_that_names_what_is_not_there_opens_the_list(
    visit: Callable[[str], Page], addresses: dict[str, str]
) -> None:
    page = visit(f"{addresses['short']}#list?college=%E6%97%A0&sort=constructor&nothing=%")
    says(page, "共260项。")


def test_a_figure_is_a_link_that_can_be_copied_and_back_returns_to_the_list_before(short: Page) -> None:
    link = short.locator("#deadlines").get_by_role("link", name="7天内到期")
    expect(link).to_have_attribute("href", "#list?due=week&state=pending")
    link.click()
    says(short, "已筛选：显示8项，共260项。")
    short.locator("#shares").get_by_role("link", name="土木工程学院").click()
    expect(short.get_by_role("combobox", name="学院")).to_have_value("土木工程学院")
    expect(short.get_by_role("combobox", name="期限")).to_have_value("")
    short.go_back()
    says(short, "已筛选：显示8项，共260项。")
    short.get_by_role("navigation").get_by_role("link", name="核查范围").click()
    says(short, "已筛选：显示8项，共260项。")


def test_a_college_has_as_many_findings_in_the_list_as_in_its_line(short: Page) -> None:
    line = short.locator("#shares tr").filter(has_text="建筑与艺术学院")  # one of its findings is waived
    number = line.locator(".total").inner_text()
    line.get_by_role("link", name="建筑与艺术学院").click()
    says(short, f"已筛选：显示{number}项，共260项。")
    short.get_by_role("combobox", name="状态").select_option("全部")
    says(short, f"已筛选：显示{int(number) + 1}项，共260项。")


def test_a_permalink_opens_a_finding_that_is_not_drawn_yet(
    visit: Callable[[str], Page], addresses: dict[str, str], plenty: CheckResult
) -> None:
    anchor = f"f-{plenty.findings[15_000].fingerprint}"
    page = visit(f"{addresses['long']}#{anchor}")
    row = page.locator(f"#{anchor}")
    expect(row).to_be_in_viewport()
    expect(row.get_by_text("处理办法")).to_be_visible()
    expect(rows(page)).to_have_count(FIRST)
    page.locator("#earlier").click()
    expect(rows(page)).to_have_count(2 * FIRST)
    expect(page.locator(":focus")).to_be_in_viewport()
    assert page.locator(".found").count() == 1


def test_a_permalink_opens_a_finding_that_the_filter_hides(short: Page) -> None:
    short.get_by_label("查找").fill("reg-01")
    short.evaluate("location.hash = document.querySelector('#agenda a[href^=\"#f-\"]').hash")
    expect(short.locator(".found").get_by_text("处理办法")).to_be_visible()
    expect(short.locator(".found summary")).to_be_focused()
    expect(short.get_by_label("查找")).to_have_value("")


def test_a_consequence_leads_to_its_cause_and_a_finding_to_itself(short: Page) -> None:
    consequence = short.locator(".consequence").first
    consequence.get_by_role("link").click()
    expect(short.locator(".found th")).to_have_text("MRK-01")
    expect(short.locator(".found .follows")).to_have_text("由此引起1项")
    short.locator(".found").get_by_role("link", name="本项的链接").click()
    expect(short.locator(".found th")).to_have_text("MRK-01")


def test_evidence_that_is_unfolded_is_so_in_rows_drawn_later(long: Page) -> None:
    long.get_by_role("button", name="展开全部依据").click()
    long.locator("#more").click()
    expect(long.locator("#findings details[open]")).to_have_count(2 * FIRST)
    long.get_by_role("button", name="收起全部依据").click()
    expect(long.locator("#findings details[open]")).to_have_count(0)


def test_evidence_stays_open_when_the_list_is_sorted_and_filtered(short: Page) -> None:
    rows(short).first.locator("summary").click()
    anchor = rows(short).first.get_attribute("id")
    sort_by(short, "期限")
    short.get_by_label("查找").fill("没有这样的字")
    expect(rows(short)).to_have_count(0)
    short.get_by_role("button", name="清除筛选").click()
    expect(short.locator(f"#{anchor} details")).to_have_attribute("open", "")


def test_a_slash_leads_to_the_search_and_escape_clears_it(short: Page) -> None:
    short.keyboard.press("/")
    search = short.get_by_label("查找")
    expect(search).to_be_focused()
    short.keyboard.type("a/b")
    expect(search).to_have_value("a/b")
    says(short, "已筛选：显示0项，共260项。")
    short.keyboard.press("Escape")
    expect(search).to_have_value("")
    expect(search).to_be_focused()
    says(short, "共260项。")


def test_every_control_is_reached_by_tab(short: Page) -> None:
    short.get_by_label("查找").focus()
    names = []
    for _ in range(14):
        short.keyboard.press("Tab")
        names.append(short.evaluate("document.activeElement.id || document.activeElement.textContent"))
    controls = ["severity", "state", "owner", "college", "due", "reset", "unfold", "print"]
    assert names == [*controls, "级别", "规则", "问题", "责任单位", "学院", "期限"]
    short.keyboard.press("Tab")
    expect(rows(short).first.locator("summary")).to_be_focused()


def test_focus_is_kept_when_the_last_portion_is_drawn(visit: Callable[[str], Page], addresses: dict[str, str]) -> None:
    page = visit(f"{addresses['some']}#list?search=REG-01")
    expect(rows(page)).to_have_count(FIRST)
    page.locator("#more").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#more")).to_be_hidden()
    expect(rows(page).nth(FIRST).locator("summary")).to_be_focused()


def test_hostile_texts_are_shown_and_do_nothing(
    visit: Callable[[str], Page], result: CheckResult, tmp_path: Path
) -> None:
    def hostile(finding: Finding) -> Finding:
        (evidence,) = finding.evidence
        evidence = replace(evidence, file=HOSTILE, fields={HOSTILE: HOSTILE})
        key = {name: f"{HOSTILE}{value}" for name, value in finding.key.items()}
        return replace(finding, message=HOSTILE, college=HOSTILE, key=key, evidence=(evidence,))

    some = many(result, MOST_WHOLE + 1)
    some = replace(some, findings=tuple(map(hostile, some.findings)))
    path = tmp_path / "hostile.html"
    write_file(path, render_html(monthly_report(some, "2026-11", HOSTILE)))
    page = visit(path.as_uri())
    page.locator("#more").click()
    page.get_by_role("combobox", name="学院").select_option(index=1)
    says(page, "已筛选：显示501项，共501项。下面列出第1至100项。")
    page.locator("#more").click()
    expect(rows(page).nth(150)).to_contain_text("</script><img src=x onerror=document.title='坏'><!--")
    expect(page.locator("img")).to_have_count(0)
    assert page.title() != "坏"


def test_paper_has_all_that_the_filter_keeps_drawn_or_not(
    visit: Callable[[str], Page], addresses: dict[str, str]
) -> None:
    page = visit(f"{addresses['some']}#list?state=pending")
    page.evaluate(
        "addEventListener('beforeprint', () => (window.printed = document.getElementById('findings').rows.length))"
    )
    kept = int(page.get_by_role("status").inner_text().removeprefix("已筛选：显示").partition("项")[0].replace(",", ""))
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") > 40
    assert page.evaluate("printed") == kept > FIRST
    expect(rows(page)).to_have_count(FIRST)


def test_paper_says_what_was_chosen(visit: Callable[[str], Page], addresses: dict[str, str]) -> None:
    page = visit(f"{addresses['short']}#list?search=REG&due=overdue&sort=-date")
    expect(page.locator("#chosen")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#chosen")).to_be_visible()
    expect(page.locator("#chosen")).to_have_text("查找：REG；期限：已逾期；排序：期限 ↓")


def test_paper_has_headings_instead_of_buttons(short: Page) -> None:
    head = short.get_by_role("columnheader", name="责任单位").filter(has=short.locator("button"))
    expect(head.locator("span")).to_be_hidden()
    short.emulate_media(media="print")
    expect(head.locator("span")).to_be_visible()
    expect(head.locator("button")).to_be_hidden()


def test_a_button_prints(short: Page) -> None:
    short.evaluate("window.print = () => (document.body.dataset.printed = 'yes')")
    short.get_by_role("button", name="打印").click()
    expect(short.locator("body")).to_have_attribute("data-printed", "yes")


def test_a_narrow_screen_sorts_by_a_field(short: Page) -> None:
    short.set_viewport_size({"width": 390, "height": 800})
    short.get_by_role("combobox", name="排序").select_option("规则 ↓")
    assert rules(short)[0] == "WDR-04"
    expect(short).to_have_url(re.compile("#list\\?sort=-rule$"))


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_long_list_without_script_says_where_the_rest_is(page: Page, addresses: dict[str, str]) -> None:
    page.goto(addresses["long"])
    expect(rows(page)).to_have_count(FIRST)
    expect(page.locator("#rest")).to_contain_text("以上列出前100项。其余19,900项")
    expect(page.locator("#rest")).to_contain_text("report.xlsx")
    expect(page.locator("#list button:visible")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.parametrize("which", ["short", "empty", "long"])
def test_nothing_keeps_anyone_from_reading_it(
    visit: Callable[[str], Page], addresses: dict[str, str], which: str, scheme: str, width: int
) -> None:
    page = visit(addresses[which])
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    if which != "empty":
        page.get_by_label("查找").fill("REG-03")
        rows(page).first.locator("summary").click()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert len(found["passes"]) > 20
    grave = [each for each in found["violations"] if each["impact"] in ("critical", "serious")]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in grave] == []
