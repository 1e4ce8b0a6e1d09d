"""Exports in the shapes that offices have (source-mapping.md): asked about, never half read, and then read right.

Every college here has twelve students in school of whom three have not registered, or owe for their room.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import Result
from xlsxwriter import Workbook

Run = Callable[..., Result]
Rows = list[list[str]]

EVERY = [f"01012401{number:02}" for number in range(1, 13)]
THREE, NINE = EVERY[:3], EVERY[3:]
STUDENTS = [
    ["学号", "姓名", "培养层次", "学院", "专业", "入学日期", "在校状态"],
    *([number, "某某", "本科", "机械学院", "机械", "2024-09-01", "在读"] for number in EVERY),
]
TERMS = [
    ["学期", "学年", "开学日期", "报到截止日期", "学期结束日期"],
    ["2025-2026-1", "2025-2026", "2025-09-01", "2025-09-05", "2026-01-18"],
    ["2026-2027-1", "2026-2027", "2026-08-31", "2026-09-04", "2027-01-17"],
]
PAID = [
    ["学号", "学年", "收费项目", "应缴金额", "实缴金额", "缴费注册日期"],
    *([number, "2026-2027", "学费", "18000", "18000", "2026-09-01"] for number in EVERY),
]
REGISTERED = [["学号", "学期", "注册日期"], *([number, "2026-2027-1", "2026-09-01"] for number in EVERY)]


def text(rows: Rows) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def workbook(path: Path, **sheets: Sequence[Sequence[str | int]]) -> None:
    with Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value != "":
                        sheet.write(at, column, value)


@pytest.fixture
def exports(here: Path) -> Callable[..., Path]:
    """Writes the four tables of the college, those named here in their stead."""

    def write(**tables: Rows) -> Path:
        folder = here / "exports"
        folder.mkdir()
        (folder / "snapshot.toml").write_text("as_of = 2026-11-25\n", encoding="utf-8")
        given = {"在校生": STUDENTS, "校历": TERMS, "缴费": PAID, "学期注册": REGISTERED} | tables
        for name, rows in given.items():
            (folder / f"{name}.csv").write_text(text(rows), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def found(xuejian: Run) -> Callable[[Path], dict[str, list[str]]]:
    """Rule → the students of its findings; every row is accounted for."""

    def check(folder: Path) -> dict[str, list[str]]:
        result = json.loads(xuejian("check", folder, "--format", "json").stdout)
        for table in result["snapshot"]["tables"].values():
            assert table["read"] == table["accepted"] + table["set_aside"] + table.get("put_aside", 0)
        listed: dict[str, list[str]] = {}
        for finding in result["findings"]:
            listed.setdefault(finding["rule"], []).append(finding["key"]["student_no"])
        return listed

    return check


def rows_read(xuejian: Run, folder: Path, table: str) -> int:
    tables = json.loads(xuejian("check", folder, "--format", "json").stdout)["snapshot"]["tables"]
    return int(tables[table]["read"])


def say(here: Path, text: str) -> None:
    (here / "xuejian.toml").write_text(text, encoding="utf-8")


DRAFTED = re.compile(r'# (?:\[|"|[a-z_]+ = )')


def agree(xuejian: Run, here: Path, folder: Path) -> None:
    """What `data inspect --write` drafted is taken as it stands: every # before a line of TOML goes."""
    for _ in range(2):
        xuejian("data", "inspect", folder, "--write")
        lines = (here / "xuejian.toml").read_text(encoding="utf-8").splitlines()
        say(here, "\n".join(line[2:] if DRAFTED.match(line) else line for line in lines) + "\n")


TWO_COLUMNS = [
    ["学号", "学年", "学期", "注册日期"],
    *([number, "2025-2026", "一", "2025-09-01"] for number in EVERY),
    *([number, "2026-2027", "一", "2026-09-01"] for number in NINE),
]


def test_a_term_in_two_columns_is_asked_as_one_question(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    folder = exports(学期注册=TWO_COLUMNS)
    asked = xuejian("data", "inspect", folder).stdout
    assert '写 columns = { term = ["学年", "学期"] }' in asked
    assert "各是什么意思" not in asked, "what 一 means can't be said without the year"
    assert "REG-02" not in found(folder), "21 rows set aside: not judged"
    agree(xuejian, here, folder)
    assert found(folder)["REG-02"] == THREE


def test_one_term_for_all_years_is_refused(xuejian: Run, exports: Callable[..., Path], here: Path) -> None:
    folder = exports(学期注册=TWO_COLUMNS)
    say(here, '[sources.registration.codes.term]\n"一" = "2026-2027-1"\n')
    refused = xuejian("check", folder)
    assert refused.exit_code == 2
    assert '写 columns = { term = ["学年", "学期"] }' in refused.stderr


@pytest.mark.parametrize(("autumn", "year"), [("1", "2026-2027学年"), ("第一学期", "2026—2027"), ("秋季", "2026/2027")])
def test_a_term_in_two_columns_however_it_is_written(
    exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path, autumn: str, year: str
) -> None:
    rows = [["学号", "开课学年", "开课学期", "注册日期"], *([number, year, autumn, "2026-09-01"] for number in NINE)]
    folder = exports(学期注册=rows)
    say(here, '[sources.registration.columns]\nterm = ["开课学年", "开课学期"]\n')
    assert found(folder)["REG-02"] == THREE


FLAGGED = [
    ["学号", "学期", "是否注册"],
    *([number, "2026-2027-1", "否"] for number in THREE),
    *([number, "2026-2027-1", "是"] for number in NINE),
]
DAY = '[sources.registration.constants]\nregistered_on = "2026-09-01"\n'


def test_rows_that_say_no_are_put_aside_and_counted(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    folder = exports(学期注册=FLAGGED)
    assert '写 rows = { "是否注册" = ["是"] }' in xuejian("data", "inspect", folder).stdout
    say(here, DAY)
    refused = xuejian("check", folder)
    assert refused.exit_code == 2, "one day for every row would register those who have not"
    assert "“是否注册”里有“否”3行" in refused.stderr
    say(here, DAY + '[sources.registration.rows]\n"是否注册" = ["是"]\n')
    assert found(folder)["REG-02"] == THREE
    assert (
        "按 rows 未采用：学期注册（学期注册.csv）“是否注册”为“否”的 3 行" in xuejian("data", "validate", folder).stdout
    )
    assert "3行按配置不是要核查的事实，未采用" in xuejian("report", folder, "-o", "report").stdout


@pytest.mark.parametrize("no", ["未注册", "N", "0", "不予注册"])
def test_no_in_other_words(xuejian: Run, exports: Callable[..., Path], here: Path, no: str) -> None:
    rows = [["学号", "学期", "注册日期", "注册状态"], *([n, "2026-2027-1", "2026-09-01", "已注册"] for n in NINE)]
    folder = exports(学期注册=[*rows, [THREE[0], "2026-2027-1", "2026-09-01", no]])
    assert xuejian("check", folder).exit_code == 2
    say(here, '[sources.registration]\nunused = ["注册状态"]\n')
    assert xuejian("check", folder).exit_code in (0, 1), "a person said that it means something else"


def test_a_flag_that_says_yes_everywhere_is_not_asked_about(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    folder = exports(学期注册=[row for row in FLAGGED if row[2] != "否"])
    assert "rows =" not in xuejian("data", "inspect", folder).stdout
    say(here, DAY)
    assert found(folder)["REG-02"] == THREE


def test_a_heading_of_rows_that_is_not_there(xuejian: Run, exports: Callable[..., Path], here: Path) -> None:
    folder = exports(学期注册=FLAGGED)
    say(here, DAY + '[sources.registration.rows]\n"是否已注册" = ["是"]\n')
    refused = xuejian("check", folder)
    assert refused.exit_code == 2
    assert "rows 里写的“是否已注册”，相近的标题有“是否注册”" in refused.stderr


COLUMNS_AN_ITEM = [
    ["学号", "学年", "应交学费", "已交学费", "应交住宿费", "已交住宿费", "缴费日期"],
    *([number, "2026-2027", "18000", "18000", "1200", "0", "2026-09-01"] for number in THREE),
    *([number, "2026-2027", "18000", "18000", "1200", "1200", "2026-09-01"] for number in NINE),
]


def test_a_column_an_item_becomes_a_payment_an_item(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    folder = exports(缴费=COLUMNS_AN_ITEM)
    agree(xuejian, here, folder)
    assert found(folder) == {"REG-03": THREE, "REG-08": THREE}
    first = json.loads(xuejian("check", folder, "--format", "json").stdout)["findings"][0]
    assert "1200.00 元" in first["message"]
    assert [each["rows"] for each in first["evidence"] if each["file"] == "缴费.csv"] == [[2]]


def test_one_of_several_fees_alone_is_refused(xuejian: Run, exports: Callable[..., Path], here: Path) -> None:
    folder = exports(缴费=COLUMNS_AN_ITEM)
    say(here, '[sources.fee.columns]\npayable = "应交学费"\npaid = "已交学费"\n')
    refused = xuejian("check", folder)
    assert refused.exit_code == 2
    assert "应交住宿费" in refused.stderr
    say(here, '[sources.fee.columns]\npayable = ["应交学费", "应交住宿费"]\npaid = ["已交学费", "已交住宿费"]\n')
    assert xuejian("check", folder).exit_code == 1, "summed, they are one payment of which 1,200 is owed"


def test_an_item_of_which_nothing_stands_is_no_payment(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    rows = [row if row[0] in NINE else [*row[:4], "", "", row[6]] for row in COLUMNS_AN_ITEM[1:]]
    folder = exports(缴费=[COLUMNS_AN_ITEM[0], *rows])
    agree(xuejian, here, folder)
    assert found(folder) == {}


def test_a_bad_amount_sets_its_row_aside_once(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    rows = [row if row[0] in NINE else [*row[:5], "未知", row[6]] for row in COLUMNS_AN_ITEM[1:]]
    folder = exports(缴费=[COLUMNS_AN_ITEM[0], *rows])
    agree(xuejian, here, folder)
    assert found(folder) == {}
    counts = json.loads(xuejian("check", folder, "--format", "json").stdout)["snapshot"]["tables"]["fee"]
    assert (counts["read"], counts["accepted"], counts["set_aside"]) == (12, 9, 3)


def test_groups_of_columns_below_a_title(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    folder = exports()
    (folder / "缴费.csv").unlink()
    amounts = [[at, no, "某某", 18000, 18000, 0, 1200, 0 if no in THREE else 1200, 0] for at, no in enumerate(EVERY, 1)]
    workbook(folder / "学生欠费明细表.xlsx", 欠费明细=[
        ["2026-2027学年学生欠费明细表"],
        ["序号", "学号", "姓名", "学费", "", "", "住宿费", "", ""],
        ["", "", "", "应收", "已收", "欠费", "应收", "已收", "欠费"],
        *amounts,
        ["合计", "", "", 216000, 216000, 0, 14400, 10800, 3600],
        ["财务处（盖章）", "", "", "", "", "", "经办人：某某", "", ""],
    ])  # fmt: skip
    agree(xuejian, here, folder)
    assert found(folder) == {"REG-03": THREE}, "no 缴费注册日期 column: REG-08 can't be judged"
    counts = json.loads(xuejian("check", folder, "--format", "json").stdout)["snapshot"]["tables"]["fee"]
    assert (counts["read"], counts["set_aside"], counts["files"][0]["other_rows"]) == (12, 0, 2)


def test_a_column_a_lesson(xuejian: Run, exports: Callable[..., Path], here: Path) -> None:
    lessons = ["第1次签到 2026-09-02 08:00", "第2次签到 2026-09-04 08:00"]
    rows = [["学号/工号", "姓名", *lessons], *([number, "某某", "已签", "缺勤"] for number in EVERY)]
    folder = exports(考勤=rows)
    asked = xuejian("data", "inspect", folder).stdout
    assert "unpivot = { held_on = '" in asked
    say(
        here,
        '[sources.attendance.columns]\nstudent_no = "学号/工号"\n[sources.attendance.unpivot]\n'
        "held_on = '第\\d+次签到\\s*(\\d{4}-\\d{2}-\\d{2})'\nresult = \"*\"\n"
        '[sources.attendance.codes.result]\n"已签" = "出勤"\n',
    )
    counts = json.loads(xuejian("data", "validate", folder, "--format", "json").stdout)["tables"]["attendance"]
    assert (counts["read"], counts["accepted"], counts["set_aside"]) == (12, 12, 0)


def test_cells_that_are_merged_downwards_are_filled(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    merged = [STUDENTS[0], STUDENTS[1], *([*row[:3], "", *row[4:]] for row in STUDENTS[2:])]
    folder = exports(在校生=[*merged, ["", "", "", "", "", "", ""]], 学期注册=[REGISTERED[0], *REGISTERED[4:]])
    say(here, '[sources.student]\nfill_down = ["学院"]\n')
    assert found(folder)["REG-02"] == THREE
    colleges = json.loads(xuejian("check", folder, "--format", "json").stdout)["summary"]["by_college"]
    assert list(colleges) == ["机械学院"]


def test_a_sheet_a_college(xuejian: Run, exports: Callable[..., Path], here: Path) -> None:
    folder = exports(学期注册=[REGISTERED[0], *REGISTERED[4:]])
    (folder / "在校生.csv").unlink()
    heading = [name for name in STUDENTS[0] if name != "学院"]
    rows = {number: [number, "某某", "本科", "机械", "2024-09-01", "在读"] for number in EVERY}
    halves = {"机械学院": EVERY[:6], "电气学院": EVERY[6:]}
    sheets = {college: [heading, *(rows[number] for number in half)] for college, half in halves.items()}
    workbook(folder / "在校生.xlsx", **sheets)
    say(here, '[sources.student]\nsheet = ["机械学院", "电气学院"]\nfile_column = {college = "sheet"}\n')
    findings = json.loads(xuejian("check", folder, "--format", "json").stdout)["findings"]
    assert {finding["college"] for finding in findings if finding["rule"] == "REG-02"} == {"机械学院"}


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            'constants = {term = "2026-2027-1"}\ncolumns = {term = "学期"}',
            "term 既写在 columns 又写在 constants 里，请只留一处",
        ),
        ('unpivot = {registered_on = ["a", "b"], term = ["c"]}', "各列表要一样长（registered_on 2 个、term 1 个）"),
        ("unpivot = {registered_on = '(', term = \"*\"}", "registered_on 的“(”不是可用的正则表达式"),
        ('title = {term = "(a)(b)"}', "term 的“(a)(b)”只能有一对括号"),
        ('file_column = {term = "folder"}', "file_column"),
        ('rows = "是"', "rows"),
    ],
)
def test_a_shape_that_is_written_wrongly_is_refused(
    xuejian: Run, exports: Callable[..., Path], here: Path, block: str, said: str
) -> None:
    folder = exports()
    say(here, f"[sources.registration]\n{block}\n")
    refused = xuejian("check", folder)
    assert refused.exit_code == 2
    assert said in refused.stderr


LATER = [*STUDENTS[:12], [*STUDENTS[12][:6], "休学"]]
"""The list of a month later: one student is on leave."""


def test_dated_copies_of_one_list_are_asked_about(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    folder = exports(在校生20261001=STUDENTS, 在校生20261101=LATER, 学期注册=[REGISTERED[0], *REGISTERED[4:]])
    (folder / "在校生.csv").unlink()
    refused = xuejian("check", folder)
    assert refused.exit_code == 2
    assert '写 latest = "文件名中的日期"' in refused.stderr
    say(here, '[sources.student]\nlatest = "文件名中的日期"\n')
    assert "IDN-05" not in found(folder)
    said = xuejian("check", folder).stdout
    assert "“在校生”只读最新的“在校生20261101.csv”，没有读在校生20261001.csv" in said


@pytest.mark.parametrize("names", [("在校生2026-10", "在校生2026-11"), ("在校生（202610）", "在校生（202611）")])
def test_dates_of_copies_in_other_forms(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path,
    names: tuple[str, str],
) -> None:  # fmt: skip
    folder = exports(**{names[0]: STUDENTS, names[1]: LATER})
    (folder / "在校生.csv").unlink()
    assert xuejian("check", folder).exit_code == 2
    say(here, '[sources.student]\nlatest = "文件名中的日期"\n')
    assert (
        json.loads(xuejian("check", folder, "--format", "json").stdout)["snapshot"]["tables"]["student"]["read"] == 12
    )


def test_two_halves_of_a_list_with_dates_in_their_names_are_one_table(
    exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]]
) -> None:
    folder = exports(在校生20261101=[STUDENTS[0], *STUDENTS[1:7]], 在校生20261102=[STUDENTS[0], *STUDENTS[7:]])
    (folder / "在校生.csv").unlink()
    assert found(folder) == {}


def test_a_copy_byte_for_byte_is_read_once_and_said(xuejian: Run, exports: Callable[..., Path]) -> None:
    folder = exports(**{"在校生(1)": STUDENTS})
    checked = json.loads(xuejian("check", folder, "--format", "json").stdout)
    assert checked["snapshot"]["tables"]["student"]["file"] == "在校生.csv"
    assert checked["snapshot"]["tables"]["student"]["read"] == 12
    assert "“在校生(1).csv”与“在校生.csv”内容完全相同，只读后一份" in xuejian("check", folder).stdout


def test_a_hidden_sheet_is_read_only_where_it_is_named(xuejian: Run, exports: Callable[..., Path], here: Path) -> None:
    folder = exports()
    (folder / "在校生.csv").unlink()
    with Workbook(folder / "在校生.xlsx") as book:
        for name, rows in {
            "机械": STUDENTS[:7],
            "电气": [STUDENTS[0], *STUDENTS[7:]],
            "2025旧数据": STUDENTS[:3],
        }.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
            if name == "2025旧数据":
                sheet.hide()
    checked = xuejian("check", folder).stdout
    assert "工作簿“在校生.xlsx”里隐藏的工作表没有读：2025旧数据" in checked
    assert "IDN-05" not in checked
    say(here, '[sources.student]\nsheet = "2025旧数据"\n')
    assert rows_read(xuejian, folder, "student") == 2


def test_formulas_that_guard_a_number_are_taken_off_and_counted(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]]
) -> None:
    folder = exports(学期注册=[REGISTERED[0], *([f'="{row[0]}"', *row[1:]] for row in REGISTERED[4:])])
    assert found(folder)["REG-02"] == THREE
    counts = json.loads(xuejian("data", "validate", folder, "--format", "json").stdout)["tables"]["registration"]
    assert counts["normalised"] == 9


def test_a_workbook_that_numbers_two_rows_alike_is_refused(xuejian: Run, exports: Callable[..., Path]) -> None:
    folder = exports()
    (folder / "在校生.csv").unlink()
    workbook(folder / "whole.xlsx", 在校生=STUDENTS)
    with ZipFile(folder / "whole.xlsx") as whole, ZipFile(folder / "在校生.xlsx", "w") as broken:
        for name in whole.namelist():
            content = whole.read(name)
            if name.endswith("sheet1.xml"):
                content = re.sub(rb'(<row r="|<c r="[A-Z])6"', rb'\g<1>3"', content)
            broken.writestr(name, content)
    (folder / "whole.xlsx").unlink()
    assert xuejian("check", folder).exit_code == 2


@pytest.mark.parametrize("entered", ["202409", "2024.9", "2024.09", "2024-09", "2024/9", "2024年9月", "2024年09月"])
def test_a_month_of_entry_is_its_first_day(xuejian: Run, exports: Callable[..., Path], entered: str) -> None:
    folder = exports(在校生=[STUDENTS[0], *([*row[:5], entered, row[6]] for row in STUDENTS[1:])])
    counts = json.loads(xuejian("data", "validate", folder, "--format", "json").stdout)["tables"]["student"]
    assert (counts["accepted"], counts["set_aside"], counts["normalised"]) == (12, 0, 12)


@pytest.mark.parametrize("entered", ["2024-09-31", "2024.1", "202413", "2024-00", "Sep-24", "2024"])
def test_what_may_be_another_day_is_none(xuejian: Run, exports: Callable[..., Path], entered: str) -> None:
    folder = exports(在校生=[STUDENTS[0], *([*row[:5], entered, row[6]] for row in STUDENTS[1:])])
    counts = json.loads(xuejian("data", "validate", folder, "--format", "json").stdout)["tables"]["student"]
    assert (counts["accepted"], counts["set_aside"]) == (0, 12)


@pytest.mark.parametrize(
    ("grade", "years"),
    [("2024级", "四年"), ("24级", "四年制"), ("2024", "4年"), ("２０２４级", "4"), (" 2024 级", "4年制")],
)
def test_years_of_entry_and_of_study_in_other_words(
    xuejian: Run, exports: Callable[..., Path], grade: str, years: str
) -> None:
    students = [[*STUDENTS[0], "年级", "学制"], *([*row, grade, years] for row in STUDENTS[1:])]
    folder = exports(在校生=students)
    counts = json.loads(xuejian("data", "validate", folder, "--format", "json").stdout)["tables"]["student"]
    assert counts["set_aside"] == 0


@pytest.mark.parametrize(("grade", "years"), [("204级", "4"), ("2024级1班", "4"), ("2024", "四年半"), ("2024", "两年")])
def test_years_that_are_not_plain_are_asked_about(
    xuejian: Run, exports: Callable[..., Path], grade: str, years: str
) -> None:
    students = [[*STUDENTS[0], "年级", "学制"], *([*row, grade, years] for row in STUDENTS[1:])]
    counts = json.loads(xuejian("data", "validate", exports(在校生=students), "--format", "json").stdout)
    assert counts["tables"]["student"]["set_aside"] == 12


def test_merged_cells_are_asked_about(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    merged = [STUDENTS[0], STUDENTS[1], *([*row[:3], "", *row[4:]] for row in STUDENTS[2:])]
    folder = exports(在校生=merged, 学期注册=[REGISTERED[0], *REGISTERED[4:]])
    assert 'fill_down = ["学院"]' in xuejian("data", "inspect", folder).stdout
    agree(xuejian, here, folder)
    assert found(folder)["REG-02"] == THREE


CHANGES = [["异动编号", "学号", "异动类别", "申请日期"]]


def test_a_word_in_one_row_is_asked_like_one_in_a_hundred(xuejian: Run, exports: Callable[..., Path]) -> None:
    rows = [*CHANGES, ["Y1", EVERY[0], "停学", "2026-09-01"], ["Y2", EVERY[1], "休学", "2026-09-01"]]
    asked = xuejian("data", "inspect", exports(学籍异动=rows)).stdout
    assert "“停学”（1 行）" in asked


@pytest.mark.parametrize("name", ["李学文", "张籍", "王取", "欧阳学"])
def test_what_may_be_a_name_is_not_shown(xuejian: Run, exports: Callable[..., Path], name: str) -> None:
    shifted = [STUDENTS[0], [*STUDENTS[1][:6], name], *STUDENTS[2:]]
    assert name not in xuejian("data", "inspect", exports(在校生=shifted)).stdout


@pytest.mark.parametrize("aid", ["生源地信用助学贷款", "国家助学贷款", "应征入伍资助", "绿色通道"])
def test_aid_is_known_by_the_names_that_offices_use(
    exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], aid: str
) -> None:
    owed = [[*PAID[0], "资助方式"], *([*row[:4], "0", "", aid] for row in PAID[1:])]
    listed = found(exports(缴费=owed))
    assert "REG-03" not in listed, "registered with aid that is still to come"


YEAR_ALONE = [[*STUDENTS[0][:5], "年级", "在校状态"], *([*row[:5], "2024级", row[6]] for row in STUDENTS[1:])]


def test_a_day_of_entry_is_taken_from_the_year_only_where_a_person_says_so(
    xuejian: Run, exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    folder = exports(在校生=YEAR_ALONE, 学期注册=[REGISTERED[0], *REGISTERED[4:]])
    assert (
        'derive = { entered_on = { from = "grade", month_day = "09-01" } }' in xuejian("data", "inspect", folder).stdout
    )
    say(here, '[sources.student]\nderive = {entered_on = {from = "年级", month_day = "09-01"}}\n')
    assert found(folder)["REG-02"] == THREE
    assert "“在校生”的入学日期按配置由年级推定，一律作当年 09-01" in xuejian("check", folder).stdout


def test_a_day_that_holds_for_all_rows_is_said(xuejian: Run, exports: Callable[..., Path], here: Path) -> None:
    folder = exports(学期注册=[row[:2] for row in REGISTERED])
    say(here, DAY)
    assert "“学期注册”的注册日期按配置一律作 2026年9月1日" in xuejian("check", folder).stdout


@pytest.mark.parametrize(
    ("derive", "said"),
    [
        ('{entered_on = {from = "年级", month_day = "02-29"}}', 'month_day 要写成月和日，如 "09-01"'),
        ('{name = {from = "年级", month_day = "09-01"}}', "name 应是日期"),
        ('{entered_on = {from = "姓名", month_day = "09-01"}}', "姓名 应是年份"),
        ('{entered_on = {from = "班级号", month_day = "09-01"}}', "班级号 应是年份"),
    ],
)
def test_a_day_that_can_not_be_derived(
    xuejian: Run, exports: Callable[..., Path], here: Path, derive: str, said: str
) -> None:
    folder = exports(在校生=YEAR_ALONE)
    say(here, f"[sources.student]\nderive = {derive}\n")
    refused = xuejian("check", folder)
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_a_row_of_which_two_facts_can_not_be_read_is_one_row_set_aside(
    xuejian: Run, exports: Callable[..., Path], here: Path
) -> None:
    rows = [row if row[0] in NINE else [*row[:3], "未知", row[4], "未知", row[6]] for row in COLUMNS_AN_ITEM[1:]]
    folder = exports(缴费=[COLUMNS_AN_ITEM[0], *rows])
    agree(xuejian, here, folder)
    told = json.loads(xuejian("data", "validate", folder, "--format", "json").stdout)
    assert told["tables"]["fee"]["set_aside"] == 3
    assert sum(reason["rows"] for reason in told["reasons"]) == 3


def test_a_term_in_two_columns_tells_which_sheet_is_the_table(
    exports: Callable[..., Path], found: Callable[[Path], dict[str, list[str]]], here: Path
) -> None:
    folder = exports()
    (folder / "学期注册.csv").unlink()
    named = [["学号", "开课学年", "开课学期", "注册日期"], *([n, "2026-2027", "一", "2026-09-01"] for n in NINE)]
    workbook(folder / "学期注册.xlsx", 名单=named, 备忘=[["事项"], ["请核对"]])
    say(here, '[sources.registration.columns]\nterm = ["开课学年", "开课学期"]\n')
    assert found(folder)["REG-02"] == THREE
