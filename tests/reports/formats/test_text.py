from collections.abc import Callable
from dataclasses import replace

from checks.results import OFFICES, CheckResult, Evidence, Finding, TableInfo
from reports.formats.markdown import findings_markdown
from reports.formats.text import RULES_SHOWN, SHOWN_A_RULE, render_summary, render_text
from reports.wording.text_table import width


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert width("学鉴 A1") == 7
    assert width("e\u0301") == 1


def test_a_clean_check_says_so_in_a_few_lines(clean: CheckResult) -> None:
    assert render_text(clean) == (
        "数据截至2026年11月25日　规则包 xjtei-2020 2026.1　数据 2026-11\n"
        "可以上报：违规0项，警示0项，提示0项\n"
        "规则共21条，已核查21条\n"
        "\n"
        "已核查的规则未发现问题。\n"
        "\n"
        "读入6张表共3111194行，采用3111194行，搁置0行\n"
    )


def test_columns_line_up_also_in_chinese(result: CheckResult) -> None:
    rows = [line for line in render_text(result).split("\n\n")[1].splitlines() if line[:3] in ("规则", "ADM", "PRC")]
    titles = {"ADM-01": "未报到新生超期未清理", "PRC-01": "异动程序缺环"}
    starts = {width(row[: row.index(title)]) for row in rows for rule, title in titles.items() if row.startswith(rule)}
    assert len(starts) == 1


def test_what_was_not_checked_is_said_with_its_reason(result: CheckResult) -> None:
    text = render_text(result)
    assert "暂不宜上报：" in text
    assert "其余3条没有结论" in text
    assert "未核查（缺少数据或参数，没有结论，不等于没有问题）" in text
    assert "HND-01  跨部门业务无交接记录：缺少数据表：工作交接" in text
    assert "STY-01  超过最长学习年限：引擎在第3组数据上出错" in text
    assert "ADM-05  录取信息缺项：导出中没有外语语种一列，未核查该项" in text


def test_rows_set_aside_and_tables_absent_are_said(result: CheckResult) -> None:
    text = render_text(result)
    assert "  在校生  读入30000行  采用29998行  搁置2行" in text
    assert "缺少的数据表：工作交接、毕业" in text
    assert "未识别的文件：说明.docx" in text


def test_a_table_without_a_row_is_said(clean: CheckResult) -> None:
    empty = replace(
        clean, tables={**clean.tables, "registration": TableInfo("registration", "学期注册", ("a",), 0, 0, 0)}
    )
    for text in (render_text(empty), findings_markdown(empty)):
        assert "没有一行数据的表（按没有记录核查，请确认不是漏导）：学期注册" in text


def test_a_finding_says_where_its_evidence_stands(result: CheckResult) -> None:
    text = render_text(result)
    assert "REG-01  未注册学生参加教学活动，自2026年9月14日起至今未处理。  考勤.csv:812,845,878\n" in text
    assert "  学籍异动.xlsx[2026年秋]:2\n" in text


def test_many_rows_of_evidence_are_cut_short(clean: CheckResult, make: Callable[..., Finding]) -> None:
    text = render_text(replace(clean, findings=(make("REG-01", 9),)))
    assert "考勤.csv:812,845,878,911,944 等10行" in text


def test_evidence_without_a_file_has_no_place(clean: CheckResult, make: Callable[..., Finding]) -> None:
    finding = make("REG-01", 1, message="甲。", evidence=(Evidence("repeat", None, None, (), {}),))
    assert render_text(replace(clean, findings=(finding,))).endswith("REG-01  甲。\n")


def test_every_rule_shows_its_first_findings_and_how_many_more_there_are(result: CheckResult) -> None:
    text = render_text(result)
    assert text.count("\nADM-01  未报到") == SHOWN_A_RULE
    assert f"ADM-01  ……本条另有{14 - SHOWN_A_RULE}项" in text
    assert "全部内容请用 --format json 查看" in text


def test_waived_findings_are_only_counted(result: CheckResult) -> None:
    text = render_text(result)
    assert "另有1项已豁免" in text
    assert f"REG-09  ……本条另有{56 - SHOWN_A_RULE}项" in text


def test_nothing_in_the_text_can_drive_a_terminal(result: CheckResult) -> None:
    assert all(line.isprintable() for line in render_text(result).replace("　", "").splitlines())


def test_a_ready_verdict_with_limits_says_so(clean: CheckResult) -> None:
    assert "可以上报（有保留，见下）" in render_text(replace(clean, tables_absent=("毕业",)))


def test_where_no_rule_came_to_a_conclusion_nothing_is_called_clean(clean: CheckResult) -> None:
    rules = tuple(replace(rule, status="not checked", reason=None) for rule in clean.rules)
    text = render_text(replace(clean, rules=rules))
    assert "可以上报" not in text
    assert text.endswith("\n\n数据不足，不能判断：没有一条规则得到核查。check 加 --strict 时因此以退出码3结束\n")
    assert "未发现问题" not in text
    assert "未说明原因" in text


def test_the_summary_is_one_screen_with_every_office_and_the_gravest_rules(result: CheckResult) -> None:
    text = render_summary(result)
    assert len(text.splitlines()) <= 30
    assert all(office in text for office in OFFICES)
    assert sum("项  " in line for line in text.splitlines()) == RULES_SHOWN
    assert "……另有" in text
    assert "注意：2条规则未核查，不等于没有问题" in text


def test_the_summary_of_a_clean_check_says_that_nothing_was_found(clean: CheckResult) -> None:
    text = render_summary(clean)
    assert "可以上报：违规0项" in text
    assert text.endswith("已核查的规则未发现问题。\n")
