"""The second report and the third: what they say of the months before."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from months import SECRET, checked, found, remember, store_in

from checks.findings.waivers import Waiver, waived
from checks.history.diff import difference_of
from checks.history.store import compared
from checks.results import CheckResult, Finding, MarkCount, Waived
from reports.console.difference import difference_json, difference_text
from reports.console.history import history_json, history_text
from reports.formats.findings_json import render_json
from reports.formats.text import render_text
from reports.month.model import Figure, Marks, MonthlyReport
from reports.month.month import monthly_report
from reports.papers.html import render_html

ANNA, BELA, LATE = found("REG-01", "2023010101"), found("REG-01", "2023010102"), found("MRK-01", "YD1")
MARKS = (
    MarkCount("学生处", "土木工程学院", "2026-09", 3, 3),
    MarkCount("学生处", "医学院", "2026-10", 4, 1),
    MarkCount("教务处", None, "2026-10", 2, 2),
)
Month = tuple[CheckResult, MonthlyReport]


@pytest.fixture
def month(tmp_path: Path) -> Callable[..., Month]:
    """Remembers one month after another, as `xuejian report` does."""
    store = store_in(tmp_path)

    def report(name: str, result: CheckResult) -> Month:
        comparison = remember(store, name, result)
        stated = compared(result, comparison)
        return stated, monthly_report(stated, name, "秦岭学院", comparison, tool_version="0.1.0")

    return report


@pytest.fixture
def second(month: Callable[..., Month]) -> Month:
    month("2026-10", checked("2026-10-28", [ANNA, LATE]))
    return month("2026-11", checked("2026-11-25", [ANNA, BELA], marks=MARKS, colleges=("土木工程学院", "医学院")))


def test_each_figure_stands_beside_that_of_the_month_before(second: Month) -> None:
    _, report = second
    assert (report.compared_with, report.compared_as_of) == ("2026-10", date(2026, 10, 28))
    assert [(f.label, f.value, f.before) for f in report.figures] == [
        ("待处理问题", 2, 2), ("违规", 2, 2), ("本月新问题", 1, None), ("涉及学生", 2, 2),
    ]  # fmt: skip
    assert report.figures[2].note == "另有再现（解决后又出现）0项；上次的问题已解决1项"


def test_each_figure_has_a_line_of_twelve_months(second: Month) -> None:
    _, report = second
    assert report.figures[0].line[-2:] == (("2026-10", 2), ("2026-11", 2))
    assert report.figures[2].line[-2:] == (("2026-10", None), ("2026-11", 1))
    assert len(report.figures[0].line) == 12


def test_offices_and_colleges_are_judged_on_what_appeared_and_on_marks_in_time(second: Month) -> None:
    _, report = second
    offices = {share.name: share for share in report.offices}
    assert (offices["教务处"].counts.total, offices["教务处"].new, offices["教务处"].solved) == (2, 1, 0)
    assert (offices["学生处"].counts.total, offices["学生处"].solved) == (0, 1)
    assert (offices["学生处"].marks, offices["学生处"].marks.percent) == (Marks(due=7, on_time=4), "57.1%")
    assert offices["财务处"].marks.percent is None
    colleges = {share.name: share for share in report.colleges}
    assert colleges["医学院"].marks.percent == "25.0%"
    assert (colleges["土木工程学院"].new, colleges["土木工程学院"].solved) == (1, 1)


def test_what_is_gone_is_listed_without_a_person(second: Month) -> None:
    _, report = second
    assert [(g.finding.rule, g.outcome, g.finding.owner, g.first_seen) for g in report.gone] == [
        ("MRK-01", "solved", "学生处", date(2026, 10, 28))
    ]
    page = render_html(report)
    assert "上次有、这次没有的问题（1项）" in page
    assert "YD1" not in page


def test_the_page_shows_states_figures_lines_and_notes(second: Month) -> None:
    page = render_html(second[1])
    assert "「新」" in page
    assert "「未结」" in page
    assert '<dd class="change">2026年10月 2，<strong>持平</strong></dd>' in page
    assert page.count("<svg") == 3, "no line where there is one month only"
    assert "<title>2026-10：2；2026-11：2</title>" in page
    assert "<span>2026年10月：2</span><span>2026年11月：2</span>" in page
    assert "57.1%" in page
    assert "2026年10月28日的数据" in page


def test_the_page_has_no_style_that_its_policy_refuses(second: Month) -> None:
    assert " style=" not in render_html(second[1])


def test_what_can_not_be_compared_is_read_on_page_and_screen(month: Callable[..., Month]) -> None:
    month("2026-10", checked("2026-10-28", [ANNA, LATE]))
    result, report = month("2026-11", checked("2026-11-25", states={"MRK-01": "not checked"}, rules=("MRK-01",)))
    assert any("本次未核查的规则" in note and "MRK-01（上次1项）" in note for note in report.notes)
    assert any("规则已停用" in note for note in report.notes)
    assert report.figures[2].note.endswith("已解决0项")
    assert {line.outcome for line in report.gone} == {"unknown"}
    for text in (render_html(report), render_text(result)):
        assert "本次未核查的规则，上次的问题既不算未结，也不算已解决" in text
    assert "情况不明" in render_html(report)


def test_new_findings_of_a_rule_not_checked_before_are_said_beside_the_figure(month: Callable[..., Month]) -> None:
    month("2026-10", checked("2026-10-28", states={"REG-01": "not checked"}))
    _, report = month("2026-11", checked("2026-11-25", [ANNA]))
    assert "新问题中1项的规则上次没有结论或有改动，不等于本月新发生" in report.figures[2].note


def test_back_again_is_shown_as_such(month: Callable[..., Month]) -> None:
    month("2026-09", checked("2026-09-30", [ANNA]))
    month("2026-10", checked("2026-10-28"))
    result, report = month("2026-11", checked("2026-11-25", [ANNA]))
    assert "「再现」" in render_html(report)
    assert "其中再现1项" in render_text(result)
    assert report.entries[0].first_seen == date(2026, 9, 30)


def test_the_same_month_with_the_same_history_gives_the_same_bytes(month: Callable[..., Month]) -> None:
    month("2026-10", checked("2026-10-28", [ANNA, LATE]))
    now = checked("2026-11-25", [ANNA, BELA], marks=MARKS)
    (first, page), (again, page_again) = month("2026-11", now), month("2026-11", now)
    assert render_json(first) == render_json(again)
    assert render_html(page) == render_html(page_again)


def test_findings_json_keeps_its_schema_with_states_waivers_and_notes(second: Month) -> None:
    schema = json.loads(files("checks.history").joinpath("findings.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    waiver = Waiver(
        rule="REG-01", fingerprint=ANNA.fingerprint, reason="已同意", approver="教务处", until=date(2026, 12, 31)
    )
    unused = Waiver(
        rule="MRK-01", key={"change_no": "YD9"}, reason="已同意", approver="教务处", until=date(2026, 12, 31)
    )
    result = waived(second[0], (waiver, unused), SECRET)
    document = json.loads(render_json(result))
    validator.validate(document)
    assert [(f["state"], f["first_seen"], f.get("waiver")) for f in document["findings"]] == [
        ("waived", "2026-10-28", {"reason": "已同意", "approver": "教务处", "until": "2026-12-31"}),
        ("new", "2026-11-25", None),
    ]
    assert [note["code"] for note in document["notes"]] == ["waiver unused"]
    assert len(document["key_check"]) == 16


def test_the_page_says_who_waived_and_until_when(clean: CheckResult, make: Callable[..., Finding]) -> None:
    why = Waived("校长办公会已同意", "分管校领导", date(2026, 12, 31))
    page = render_html(
        monthly_report(replace(clean, findings=(make("REG-01", 0, state="waived", waiver=why),)), "2026-11", "")
    )
    assert "校长办公会已同意（分管校领导，至2026年12月31日）" in page
    assert "「已豁免」" in page


def test_the_runs_are_listed_as_a_table_and_as_json(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert "还没有核查记录" in history_text(store.runs())
    remember(store, "2026-10", checked("2026-10-28", [ANNA]))
    remember(store, "2026-11", checked("2026-11-25", [BELA], states={"MRK-01": "failed"}))
    lines = history_text(store.runs()).splitlines()
    assert len(lines) == 3
    assert lines[1].split()[1:8] == ["2026-10", "秦岭学院", "2026-10-28", "xjtei-2020", "2020.1", "3/3", "1"]
    assert lines[2].split()[6:12] == ["2/3", "1", "1", "1", "0", "1"]
    runs = json.loads(history_json(store.runs()))["runs"]
    assert [run["month"] for run in runs] == ["2026-10", "2026-11"]
    assert runs[1]["rules"] == {"MRK-01": "failed", "MRK-05": "clean", "REG-01": "violated"}
    assert runs[0]["figures"]["solved"] is None
    assert runs[1]["figures"] == {
        "open": 1, "error": 1, "people": 1, "waived": 0, "new": 1, "back": 0, "solved": 1,
    }  # fmt: skip


def test_two_runs_of_the_store_side_by_side(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    remember(store, "2026-09", checked("2026-09-30", [BELA]))
    remember(store, "2026-10", checked("2026-10-28", [ANNA]))
    remember(store, "2026-11", checked("2026-11-25", [BELA, LATE]))
    old, new = store.run("2026-10"), store.run("2026-11")
    difference = difference_of(old, new, store.past_of(old))
    text = difference_text(difference, "2026-10", "2026-11").splitlines()
    assert text[0] == "2026-10（数据截至2026年10月28日） → 2026-11（数据截至2026年11月25日）"
    assert text[1] == "新1项，再现1项，未结0项，已解决1项，其他消失的0项"
    assert [line.split()[:4] for line in text[3:]] == [
        ["新", "MRK-01", "违规", "学生处"],
        ["再现", "REG-01", "违规", "教务处"],
        ["已解决", "REG-01", "违规", "教务处"],
    ]
    document = json.loads(difference_json(difference, "2026-10", "2026-11"))
    assert {name: [f["fingerprint"] for f in document[name]] for name in ("appeared", "back", "open", "solved")} == {
        "appeared": [LATE.fingerprint], "back": [BELA.fingerprint], "open": [], "solved": [ANNA.fingerprint],
    }  # fmt: skip
    assert (document["old"]["month"], document["new"]["given"], document["gone"]) == ("2026-10", "2026-11", [])


def test_what_is_waived_is_counted_beside_what_is_open_as_in_the_report(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    remember(store, "2026-10", checked("2026-10-28", [ANNA, BELA]))
    remember(store, "2026-11", checked("2026-11-25", [ANNA, replace(BELA, state="waived")]))
    old, new = store.run("2026-10"), store.run("2026-11")
    difference = difference_of(old, new, store.past_of(old))
    line = difference_text(difference, "2026-10", "2026-11").splitlines()[1]
    assert line == "新0项，再现0项，未结1项，已解决0项，其他消失的0项；另有1项已豁免，不计入"
    assert [each["rule"] for each in json.loads(difference_json(difference, "a", "b"))["waived"]] == ["REG-01"]
    assert difference.same


@pytest.mark.parametrize(
    ("on_time", "due", "said"),
    [
        (255, 261, "97.7%"),
        (26, 27, "96.3%"),
        (7, 7, "100%"),
        (2999, 3000, "99.9%"),
        (0, 5, "0%"),
        (1, 3000, "0.1%"),
        (0, 0, None),
    ],
)
def test_a_rate_has_a_decimal_and_only_all_are_a_hundred(on_time: int, due: int, said: str | None) -> None:
    assert Marks(due, on_time).percent == said


def test_a_line_begins_with_the_first_month_known_and_needs_two() -> None:
    none = [(f"2026-{month:02}", None) for month in range(1, 9)]
    line = (*none, ("2026-09", 3), ("2026-10", None), ("2026-11", 4))
    assert Figure("数", 4, "", line=line).run == line[-3:]
    assert Figure("数", 4, "", line=(*none, ("2026-09", 4))).run == ()


@pytest.mark.slow
def test_a_change_says_its_direction(month: Callable[..., Month]) -> None:
    month("2026-10", checked("2026-10-28", [ANNA, LATE]))
    page = render_html(month("2026-11", checked("2026-11-25", [ANNA]))[1])
    assert "2026年10月 2，<strong>−1</strong>（减少）" in page
    more = render_html(month("2026-12", checked("2026-12-30", [ANNA, BELA, LATE]))[1])
    assert "2026年11月 1，<strong>＋2</strong>（增加）" in more
