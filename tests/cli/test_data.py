"""`data inspect` and `data validate`: what an export holds, with nobody named and every row accounted for."""

import json
import shutil
import sqlite3
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Write = Callable[..., Path]

HEADINGS = "学生学号,身份证号码,姓名,培养层次,学院,专业,入学日期,在校状态,家长姓名\n"
ROW = "001,11010519491231002X,某甲乙,本科,机电,车辆,2024-09-01,在读,某丙丁\n"
BAD = "002,11010519491231002X,某甲乙,本科,机电,车辆,2024-13-01,在读,\n"
LEAVE = "异动编号,学号,异动类别,YDYY\n1,001,休学,疾病\n2,002,休学,抑郁\n"


def test_inspect_shows_what_is_what_and_names_nobody(xuejian: Run, snapshot: Write, here: Path) -> None:
    folder = snapshot({"在校生.csv": HEADINGS + ROW, "学籍异动.csv": LEAVE, "通讯录.csv": "电话\n1\n"})
    result = xuejian("data", "inspect", folder)
    assert result.exit_code == 0
    said = result.stdout
    assert "在校生.csv　文本（CSV）　是“在校生”（文件名是“在校生”）" in said
    assert "→ 学号（别名）" in said
    assert "→ 姓名（标准标题）" in said
    assert "通讯录.csv" in said
    for secret in ("某甲乙", "某丙丁", "11010519491231002X", "抑郁"):
        assert secret not in said
    assert "→ 异动原因（别名）      （已填）" in said
    assert "缺少表 校历" in said
    assert sorted(path.name for path in here.iterdir()) == ["exports"]


def test_inspect_counts_what_is_set_aside_by_reason(xuejian: Run, snapshot: Write) -> None:
    said = xuejian("data", "inspect", snapshot({"在校生.csv": HEADINGS + ROW + BAD + BAD})).stdout
    assert "2 行  最早在第 3 行“2024-13-01”  入学日期：没有这一天，请核对日期" in said


def test_every_row_set_aside_is_counted_where_only_the_first_are_listed(xuejian: Run, snapshot: Write) -> None:
    said = xuejian("data", "inspect", snapshot({"在校生.csv": HEADINGS + ROW + BAD * 1500})).stdout
    assert "1500 行  最早在第 3 行“2024-13-01”  入学日期：没有这一天，请核对日期" in said


def test_inspect_says_what_keeps_it_from_being_read_and_still_shows_the_rest(xuejian: Run, snapshot: Write) -> None:
    folder = snapshot({"在校生.csv": HEADINGS + ROW, "缴费.xlsx": b"%PDF-1.7"}, dated=False)
    result = xuejian("data", "inspect", folder)
    assert result.exit_code == 0
    assert "读不了：文件“缴费.xlsx”其实是PDF 文件" in result.stdout
    assert "不知道数据截至哪一天" in result.stdout


def test_inspect_does_not_quote_a_first_row_that_is_a_student(xuejian: Run, snapshot: Write) -> None:
    said = xuejian("data", "inspect", snapshot({"在校生.csv": ROW + ROW})).stdout
    assert "某甲乙" not in said
    assert "没有一行是它的标题" in said


@pytest.mark.slow
def test_all_rules_can_run_on_a_whole_export(xuejian: Run, college: Path) -> None:
    said = xuejian("data", "inspect", college).stdout
    assert "规则共 84 条，能核查 84 条\n" in said + "\n"
    assert "没有的表" not in said


@pytest.mark.slow
def test_write_merges_the_mapping_and_the_next_check_uses_it(xuejian: Run, snapshot: Write, here: Path) -> None:
    folder = snapshot({"在校生.csv": HEADINGS.replace("在校状态", "在校状况") + ROW})
    config = here / "xuejian.toml"
    config.write_text('college = "某学院"  # 校名\n', "utf-8")
    assert xuejian("data", "inspect", folder, "--write").exit_code == 0
    text = config.read_text("utf-8")
    assert text.startswith('college = "某学院"  # 校名\n')
    assert tomllib.loads(text)["sources"]["student"]["columns"]["id_number"] == "身份证号码"
    assert '# status = "在校状况"' in text
    config.write_text(text.replace("# status", "status"), "utf-8")
    assert "→ 在校状态（xuejian.toml 写明）" in xuejian("data", "inspect", folder).stdout
    again = xuejian("data", "inspect", folder, "--write")
    assert "不用改" in again.stdout
    assert config.read_text("utf-8") == text.replace("# status", "status")


def test_write_makes_the_usual_file_and_no_other(xuejian: Run, snapshot: Write, here: Path) -> None:
    folder = snapshot({"在校生.csv": HEADINGS + ROW})
    assert xuejian("data", "inspect", folder, "--write", "--config", here / "own.toml").exit_code == 2
    assert sorted(path.name for path in here.iterdir()) == ["exports"]
    assert xuejian("data", "inspect", folder, "--write").exit_code == 0
    assert "student_no" in (here / "xuejian.toml").read_text("utf-8")


def test_write_keeps_line_ends_and_leaves_a_file_alone_that_it_cannot_merge_into(
    xuejian: Run, snapshot: Write, here: Path
) -> None:
    folder = snapshot({"在校生.csv": HEADINGS + ROW, "在校生-2.csv": HEADINGS + ROW.replace("001", "002")})
    own = here / "xuejian.toml"
    own.write_bytes(b"[parameters]\r\n# kept\r\n")
    assert xuejian("data", "inspect", folder, "--write").exit_code == 0
    assert own.read_bytes().startswith(b"[parameters]\r\n# kept\r\n")
    text = '[sources.student]\nfiles = ["没有.csv"]\n'
    own.write_text(text, "utf-8")
    refused = xuejian("data", "inspect", folder, "--write")
    assert refused.exit_code == 2
    assert "files 写的“没有.csv”，文件夹里没有" in refused.stdout
    assert "[[sources.student]]" in refused.stderr
    assert own.read_text("utf-8") == text


def test_validate_exits_with_0_where_every_row_was_read(xuejian: Run, snapshot: Write) -> None:
    result = xuejian("data", "validate", snapshot({"在校生.csv": HEADINGS + ROW}))
    assert result.exit_code == 0
    assert "全部读入，没有搁置的行" in result.stdout


@pytest.mark.parametrize(
    ("form", "where"),
    [("text", 0), ("json", 0), ("markdown", 0), ("junit", 0), ("sarif", 0), ("github", 0), ("jsonl", 1), ("csv", 1)],
)
def test_validate_exits_with_1_where_a_column_is_missing_that_must_be_there(
    xuejian: Run, snapshot: Write, form: str, where: int
) -> None:
    lines = (HEADINGS + ROW).replace("在校状态,", "").replace("在读,", "")
    result = xuejian("data", "validate", snapshot({"在校生.csv": lines}), "--format", form)
    assert result.exit_code == 1
    assert "在校状态" in (result.stdout, result.stderr)[where]


@pytest.mark.slow
def test_the_earlier_snapshot_in_the_folder_is_no_stranger(xuejian: Run, college: Path, here: Path) -> None:
    shutil.make_archive(str(here / "college"), "zip", college)
    for at in (college, "college.zip"):
        for command in ("inspect", "validate"):
            assert "未识别的文件" not in xuejian("data", command, at).stdout


def test_where_the_headings_of_a_file_are_not_understood_its_columns_are_not_said_to_be_missing(
    xuejian: Run, snapshot: Write, here: Path
) -> None:
    (here / "xuejian.toml").write_text('[sources.student.columns]\nname = "名字"\n', "utf-8")
    said = xuejian("data", "inspect", snapshot({"在校生.csv": HEADINGS + ROW})).stdout
    assert "标题里没有 xuejian.toml 的 [sources.student] 里写的 name = “名字”" in said
    assert "缺少必填列" not in said
    assert "请核对" not in said


def test_without_a_folder_and_a_database_there_is_nothing_to_look_into(xuejian: Run) -> None:
    for command in ("inspect", "validate"):
        result = xuejian("data", command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "或用 --source 给出数据库的地址" in result.stderr


def test_validate_exits_with_1_where_rows_were_set_aside_and_accounts_for_all(xuejian: Run, snapshot: Write) -> None:
    folder = snapshot({"在校生.csv": HEADINGS + ROW + BAD, "学籍异动.csv": LEAVE})
    result = xuejian("data", "validate", folder, "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    for table in found["tables"].values():
        assert table["read"] == table["accepted"] + table["set_aside"]
    assert found["tables"]["student"]["read"] == 2
    assert [(each["table"], each["column"], each["rows"], each["first_row"]) for each in found["reasons"]] == [
        ("student", "入学日期", 1, 3),
        ("change", "YDYY", 1, 3),
    ]


def test_validate_shows_the_first_value_that_could_not_be_read(xuejian: Run, snapshot: Write) -> None:
    said = xuejian("data", "validate", snapshot({"在校生.csv": HEADINGS + ROW + BAD})).stdout
    assert "最早在第 3 行“2024-13-01”  入学日期：没有这一天，请核对日期" in said


def test_why_somebody_is_on_leave_is_not_shown_whatever_the_column_is_called(xuejian: Run, snapshot: Write) -> None:
    folder = snapshot({"学籍异动.csv": LEAVE})
    for form in ("text", "json"):
        result = xuejian("data", "validate", folder, "--format", form, "--show-personal")
        assert result.exit_code == 1
        assert "抑郁" not in result.stdout
    found = json.loads(xuejian("data", "validate", folder, "--format", "json").stdout)
    assert [row["value"] for row in found["set_aside"]] == ["（已填）"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_validate_names_nobody_unless_asked_for(xuejian: Run, snapshot: Write, form: str) -> None:
    bad = ROW.replace("11010519491231002X", "1.10105E+17")
    folder = snapshot({"在校生.csv": HEADINGS + ROW.replace("001", "") + bad})
    said = xuejian("data", "validate", folder, "--format", form).stdout
    assert "某甲乙" not in said
    assert "11010519491231002X" not in said


def test_validate_refuses_what_cannot_be_read(xuejian: Run, snapshot: Write) -> None:
    result = xuejian("data", "validate", snapshot({"缴费.xlsx": b"%PDF-1.7"}))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "其实是PDF 文件" in result.stderr


@pytest.mark.slow
def test_a_heading_that_changed_since_the_earlier_snapshot_is_written_and_both_are_read(
    xuejian: Run, college: Path, here: Path
) -> None:
    folder = shutil.copytree(college, here / "c")
    students = folder / "在校生.csv"
    students.write_text(students.read_text("utf-8-sig").replace("培养层次", "层次", 1), "utf-8")
    said = xuejian("data", "inspect", folder, "--write").stdout
    assert "没有给出更早的快照" not in said
    assert 'level = "层次"' in (here / "xuejian.toml").read_text("utf-8")
    assert xuejian("check", folder, "--fail-on", "never", "--select", "IDN-08").exit_code == 0


@pytest.mark.slow
def test_an_earlier_snapshot_that_cannot_be_read_is_not_said_to_be_missing(
    xuejian: Run, college: Path, here: Path
) -> None:
    folder = shutil.copytree(college, here / "c")
    (folder / "2026-10" / "在校生.csv").write_text("甲,乙\n1,2\n", "utf-8")
    said = xuejian("data", "inspect", folder).stdout
    assert "上次快照“2026-10”读不了" in said
    assert "更早的快照还读不了" in said
    assert "没有给出更早的快照" not in said


@pytest.mark.slow
def test_inspect_asks_what_a_code_means_that_only_the_school_knows(xuejian: Run, snapshot: Write, here: Path) -> None:
    rows = ROW + "".join(ROW.replace("001,", f"{n},", 1).replace("在读", "在册") for n in range(2, 6))
    folder = snapshot({"在校生.csv": HEADINGS + rows})
    said = xuejian("data", "inspect", folder, "--write").stdout
    assert "“在校生”的“在校状态”里有“在册”（4 行），各是什么意思？在 [sources.student.codes] 写 status" in said
    assert "最早在第 3 行“在册”  在校状态：不在代码表中" in said
    assert "或在 xuejian.toml 用 codes 写明它的意思" in said
    draft = here / "xuejian.toml"
    text = draft.read_text("utf-8")
    assert '# [sources.student.codes.status]\n# "在册" = "？"  # 4 行\n' in text
    xuejian("data", "inspect", folder, "--write")
    assert draft.read_text("utf-8") == text
    draft.write_text(text.replace("# [", "[").replace('# "在册" = "？"', '"在册" = "在读"'), "utf-8")
    assert xuejian("data", "validate", folder).exit_code == 0


def test_a_name_in_the_column_of_a_code_is_neither_shown_nor_asked_about(xuejian: Run, snapshot: Write) -> None:
    shifted = "".join(
        ROW.replace("001,", f"{n},", 1).replace("在读", f"甲{word}") for n, word in enumerate("乙丙丁戊己")
    )
    said = xuejian("data", "inspect", snapshot({"在校生.csv": HEADINGS + ROW + shifted})).stdout
    assert "“甲*”" in said
    assert "甲乙" not in said.replace("某甲乙", "")
    assert "各是什么意思" not in said


def test_a_number_of_a_code_is_shown_though_it_stands_once(xuejian: Run, snapshot: Write) -> None:
    said = xuejian("data", "inspect", snapshot({"在校生.csv": HEADINGS + ROW + ROW.replace("在读", "31")})).stdout
    assert "里有“31”（1 行）" in said


def test_a_table_that_cannot_be_read_yet_is_not_said_to_be_missing(xuejian: Run, snapshot: Write) -> None:
    said = xuejian("data", "inspect", snapshot({"在校生.csv": HEADINGS + ROW, "缴费.csv": ""})).stdout
    assert "读不了：文件“缴费.csv”是空的" in said
    (missing,) = (line for line in said.splitlines() if line.startswith("没有的表"))
    assert "缴费" not in missing
    assert "“缴费”还读不了" in said
    assert "缺少表 缴费" not in said


def test_where_a_database_cannot_be_read_nothing_is_said_of_its_tables(xuejian: Run, here: Path) -> None:
    connection = sqlite3.connect(here / "a.db")
    for name in ("缴费", "fee"):
        connection.execute(f"CREATE TABLE {name} (学号 TEXT, 学年 TEXT, 应缴金额 TEXT, 实缴金额 TEXT)")
    connection.close()
    said = xuejian("data", "inspect", "--source", "sqlite:///a.db", "--as-of", "2026-11-25").stdout
    assert "都像“缴费”" in said
    assert "没有的表" not in said
    assert "数据库读得出来才知道能核查几条" in said


def test_a_file_named_for_another_table_than_its_headings_tell_is_asked_about(
    xuejian: Run, snapshot: Write, here: Path
) -> None:
    folder = snapshot({"缴费.csv": "学号,上课日期,考勤结果\n001,2026-09-01,出勤\n"})
    said = xuejian("data", "inspect", folder, "--write").stdout
    assert "“缴费.csv”名称是“缴费”的，标题却全是“考勤”的，是不是“考勤”表？是的话写 [sources.attendance]" in said
    draft = here / "xuejian.toml"
    lines = draft.read_text("utf-8").splitlines()
    draft.write_text("\n".join(line.removeprefix("# ") for line in lines if "请核对" not in line), "utf-8")
    assert xuejian("data", "validate", folder).exit_code == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[sources.学籍]\n", '第 1 行第 10 列中文要加引号，如 [sources."学籍"]'),
        ('[sources.record]\ncolumns = { 学号 = "XH" }\n', "第 2 行第 13 列中文要加引号"),
        ("college = “某学院”\n", "第 1 行第 11 列的 “ 要改成半角的符号"),
        ('college = "a"\ncollege = "b"\n', "同一个名称写了两次"),
        ("[sources\n", "第 1 行第 9 列写法不对"),
        ('college = "a', "文件没有写完"),
    ],
)
def test_what_is_wrong_with_the_configuration_is_said_in_chinese_with_its_place(
    xuejian: Run, snapshot: Write, here: Path, text: str, sentence: str
) -> None:
    (here / "q.toml").write_text(text, "utf-8")
    result = xuejian("data", "validate", snapshot({"在校生.csv": HEADINGS + ROW}), "--config", "q.toml")
    assert (result.exit_code, sentence in result.stderr) == (2, True), result.stderr
    assert "at line" not in result.stderr


def test_chinese_names_in_quotes_are_known(xuejian: Run, snapshot: Write, here: Path) -> None:
    (here / "xuejian.toml").write_text('[sources."在校生"]\ncolumns = { "学号" = "编号" }\n', "utf-8")
    folder = snapshot({"在校生.csv": (HEADINGS + ROW).replace("学生学号", "编号")})
    assert xuejian("data", "validate", folder).exit_code == 0


def test_messages_call_the_configuration_by_its_own_name(xuejian: Run, snapshot: Write, here: Path) -> None:
    (here / "q.toml").write_text('[sources.student]\nfiles = "gone.csv"\n', "utf-8")
    result = xuejian("data", "validate", snapshot({"在校生.csv": HEADINGS + ROW}), "--config", "q.toml")
    assert "q.toml 的 [sources.student] 里 files 写的“gone.csv”" in result.stderr
    assert "xuejian.toml" not in result.stderr


def test_validate_writes_into_a_file(xuejian: Run, snapshot: Write, here: Path) -> None:
    result = xuejian("data", "validate", snapshot({"在校生.csv": HEADINGS + ROW}), "--format", "json", "-o", "v.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads((here / "v.json").read_text("utf-8"))["tables"]["student"]["read"] == 1


def test_validate_accounts_for_each_file_where_a_table_stands_in_several(xuejian: Run, snapshot: Write) -> None:
    folder = snapshot({"在校生-1.csv": HEADINGS + ROW + BAD, "在校生-2.csv": HEADINGS + ROW.replace("001", "003")})
    lines = [line.split() for line in xuejian("data", "validate", folder).stdout.splitlines()]
    assert ["在校生", "3", "2", "1", "0", "0"] in lines
    assert ["在校生-1.csv", "2", "1", "1", "0", "0"] in lines
    assert ["在校生-2.csv", "1", "1", "0", "0", "0"] in lines
    table = json.loads(xuejian("data", "validate", folder, "--format", "json").stdout)["tables"]["student"]
    assert table["files"] == ["在校生-1.csv", "在校生-2.csv"]
    assert [(c["file"], c["read"], c["set_aside"]) for c in table["file_counts"]] == [
        ("在校生-1.csv", 2, 1),
        ("在校生-2.csv", 1, 0),
    ]
    said = xuejian("data", "validate", folder, "--format", "markdown").stdout
    assert "| 在校生 | 全部 | 3 | 2 | 1 | 0 |\n|  | 在校生-1.csv | 2 | 1 | 1 | 0 |" in said


def test_a_file_with_no_heading_of_its_named_table_is_asked_about_too(xuejian: Run, snapshot: Write) -> None:
    said = xuejian("data", "inspect", snapshot({"缴费.csv": "班级号,学院,专业,培养层次\nB1,机电,车辆,本科\n"})).stdout
    assert "标题却全是“班级”的，是不是“班级”表？" in said


def test_a_file_is_not_doubted_because_another_table_needs_less(xuejian: Run, snapshot: Write) -> None:
    said = xuejian(
        "data", "inspect", snapshot({"学期注册.csv": "学号,学期,办理时间\n1,2026-2027-1,2026-09-01\n"})
    ).stdout
    assert "返校报到”表？" not in said
    assert "“学期注册.csv”的“注册日期”是哪一列" in said
