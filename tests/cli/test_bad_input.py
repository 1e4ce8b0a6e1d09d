"""Whatever is wrong with what is given, the answer is one sentence that says what to do, and nothing is half done."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from facts.sources.cells import Limits

pytestmark = pytest.mark.slow

STUDENTS = "学号,姓名,培养层次,学院,专业,入学日期,在校状态\n1,王小明,本科,土木学院,土木工程,2024-09-01,在读\n"
ATTENDANCE = "学号,上课日期,考勤结果\n1,2026-09-05,出勤\n"
CHEAP = ("--select", "IDN-01", "--jobs", 1)
ROOT = Path(__file__).parents[2]

Run = Callable[..., Result]
Refused = Callable[..., str]
Write = Callable[..., Path]


# The snapshot


def test_a_snapshot_that_does_not_say_its_day_is_not_taken_for_todays(refused: Refused, snapshot: Write) -> None:
    assert refused("check", snapshot({"在校生.csv": STUDENTS}, dated=False)) == (
        "不知道数据截至哪一天：请用 --as-of 2026-11-25 指定数据截至日期，"
        "或在文件夹里的 snapshot.toml 写一行 as_of = 2026-11-25。"
    )


@pytest.mark.parametrize("given", ["as_of = 明天\n", "as_of = 2026-13-01\n", "day = 2026-11-25\n"])
def test_a_day_that_is_none_is_refused(refused: Refused, snapshot: Write, given: str) -> None:
    said = refused("check", snapshot({"在校生.csv": STUDENTS, "snapshot.toml": given}, dated=False))
    assert said.startswith("snapshot.toml ")
    assert said.endswith(
        "请用 --as-of 2026-11-25 指定数据截至日期，或在文件夹里的 snapshot.toml 写一行 as_of = 2026-11-25。"
    )


def test_what_a_snapshot_says_and_nobody_knows_is_not_passed_over(refused: Refused, snapshot: Write) -> None:
    said = "as_of = 2026-11-25\n"
    folder = snapshot({"在校生.csv": STUDENTS, "snapshot.toml": said + "colege = 1\n"}, dated=False)
    assert refused("check", folder) == "snapshot.toml 里的 colege 不认得，是不是 college？"
    snapshot({"snapshot.toml": said + "[packs.xjtei-2020.parameter]\nprompt_days = 3\n"}, dated=False)
    assert refused("check", folder) == "snapshot.toml 里的 packs 写法不对，应如 [packs.xjtei-2020.parameters]"


def test_a_folder_that_is_not_there(refused: Refused, here: Path) -> None:
    assert refused("check", here / "没有") == "找不到文件夹“没有”，请核对路径。"


def test_a_file_in_place_of_a_folder(refused: Refused, snapshot: Write) -> None:
    assert refused("check", snapshot({"在校生.csv": STUDENTS}) / "在校生.csv") == (
        "“在校生.csv”不是文件夹，也不是压缩包（.zip），请给出存放导出文件的文件夹。"
    )


@pytest.mark.parametrize("files", [{}, {"说明.docx": "x"}, {"名单.csv": STUDENTS}])
def test_a_folder_without_a_table(refused: Refused, snapshot: Write, files: dict[str, str]) -> None:
    said = refused("check", snapshot(files))
    assert said.startswith("文件夹“exports”里没有一张可识别的表，文件请以表名命名（在校生、学籍、缴费、")


def test_a_link_that_leads_nowhere_and_a_folder_named_like_a_table_are_no_tables(
    refused: Refused, snapshot: Write
) -> None:
    folder = snapshot({})
    (folder / "在校生.csv").symlink_to(folder / "gone.csv")
    (folder / "考勤.csv").mkdir()
    assert refused("check", folder).startswith("文件夹“exports”里没有一张可识别的表")


@pytest.mark.parametrize(("where", "what"), [((os, "scandir"), "exports"), ((Path, "open"), "在校生.csv")])
def test_what_may_not_be_read(
    refused: Refused, snapshot: Write, monkeypatch: pytest.MonkeyPatch, where: tuple[object, str], what: str
) -> None:
    folder = snapshot({"在校生.csv": STUDENTS})
    real = getattr(*where)

    def denied(path: Path | int, *arguments: object, **named: object) -> object:
        if not isinstance(path, int) and Path(path).is_relative_to(folder):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(*where, denied)
        said = refused("check", folder)
    assert said == f"读不了“{what}”：没有权限，或者磁盘、网络出错，请检查后重试。"


def test_one_table_twice(refused: Refused, snapshot: Write) -> None:
    other = "\n".join(f"{line},{'男' if at else '性别'}" for at, line in enumerate(STUDENTS.split()))
    said = refused("check", snapshot({"在校生.csv": STUDENTS, "student.csv": other}))
    assert said.startswith("“student.csv”和“在校生.csv”都像“在校生”表，但标题不同（性别 只在其中一份里有）")


# The tables


def test_a_column_twice(refused: Refused, snapshot: Write) -> None:
    twice = ATTENDANCE.replace("考勤结果", "考勤结果,上课日期").replace("出勤", "出勤,2026-09-05")
    assert refused("check", snapshot({"考勤.csv": twice})) == (
        "文件“考勤.csv”的第 2 列和第 4 列都是“上课日期”，请删去或改名其中一列。"
    )


def test_a_heading_row_that_is_missing_is_not_quoted_for_it_is_a_student(refused: Refused, snapshot: Write) -> None:
    said = refused("check", snapshot({"在校生.csv": STUDENTS.split("\n", 1)[1]}))
    assert said == (
        "文件“在校生.csv”应是“在校生”表，但前几行里没有一行是它的标题（第一行有 7 个单元格）；必填的标题有"
        "学号、姓名、培养层次、学院、专业、入学日期、在校状态，请改成这些名称，"
        "或在 xuejian.toml 的 [sources.student] 里用 heading_row、columns 写明。"
    )


def test_a_csv_under_the_name_of_a_workbook_is_read_for_its_bytes_say_what_it_is(xuejian: Run, snapshot: Write) -> None:
    assert xuejian("check", snapshot({"在校生.xlsx": STUDENTS}), *CHEAP).exit_code == 0


def test_an_empty_file(refused: Refused, snapshot: Write) -> None:
    assert refused("check", snapshot({"在校生.csv": ""})) == "文件“在校生.csv”是空的（0 字节），请重新导出。"
    assert refused("check", snapshot({"在校生.csv": "\ufeff"})) == "文件“在校生.csv”是空的，请重新导出。"


def test_control_characters_of_a_heading_do_not_reach_the_terminal(refused: Refused, snapshot: Write) -> None:
    twice = ATTENDANCE.replace("考勤结果", "考勤结果,上课\x1b日期").replace("出勤", "出勤,2026-09-05")
    assert refused("check", snapshot({"考勤.csv": twice})) == (
        "文件“考勤.csv”的第 2 列和第 4 列都是“上课日期”，请删去或改名其中一列。"
    )


def test_text_where_a_date_belongs_sets_the_row_aside_and_every_row_is_accounted_for(
    xuejian: Run, snapshot: Write
) -> None:
    rows = ATTENDANCE + "2,昨天,出勤\n3,2026-02-30,出勤\n4,2026-09-06,缺勤\n"
    folder = snapshot({"考勤.csv": rows})
    result = xuejian("check", folder, *CHEAP, "--format", "json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    table = document["snapshot"]["tables"]["attendance"]
    assert (table["read"], table["accepted"], table["set_aside"]) == (4, 2, 2)
    assert document["set_aside"] == [
        {"table": "attendance", "file": "考勤.csv", "row": 3, "column": "上课日期", "value": "昨天",
         "reason": "不是日期，请写成 2026-09-01 的形式"},
        {"table": "attendance", "file": "考勤.csv", "row": 4, "column": "上课日期", "value": "2026-02-30",
         "reason": "没有这一天，请核对日期"},
    ]  # fmt: skip
    assert "考勤  读入4行  采用2行  搁置2行" in xuejian("check", folder, *CHEAP).stdout


def test_a_line_beyond_the_limit_is_refused(refused: Refused, snapshot: Write) -> None:
    limit = Limits().line
    folder = snapshot({"考勤.csv": ATTENDANCE + f"2,{'9' * (2 * limit)},出勤\n3,2026-09-05,出勤\n"})
    assert refused("check", folder) == (
        "文件“考勤.csv”里有一行超过 32 MB，多半是引号不成对，或者它不是一张表；请检查引号，或在原系统中重新导出。"
    )


def test_a_line_of_two_gigabytes_is_refused_in_bounded_memory(here: Path, snapshot: Write) -> None:
    folder = snapshot({"考勤.csv": ATTENDANCE + "2" * 8192})
    os.truncate(folder / "考勤.csv", 2 << 30)  # sparse: zeros that take no room on the disk
    # Measured from a small process between: a child's peak counts the memory of what it was forked from.
    between = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-m', 'cli', *sys.argv[1:]])\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", between, "check", str(folder), "-o", str(here / "out")]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=True)
    code, peak = map(int, ran.stdout.split())
    assert code == 2
    assert ran.stderr == (
        "xuejian: 文件“考勤.csv”里有一行超过 32 MB，多半是引号不成对，"
        "或者它不是一张表；请检查引号，或在原系统中重新导出。\n"
    )
    assert peak < 800 << 10, "KiB"
    assert not (here / "out").exists()


# The rules


RULE = (ROOT / "rules/packs/xjtei-2020/4-workflow/REG-01.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("OWN-01", "id: [OWN-01\n", "OWN-01.yaml 第 2 行：不是合法的 YAML，请检查缩进、冒号和引号"),
        ("OWN-01", RULE.replace("first_late_on is not", "first_lete_on is not"),
         "OWN-01.yaml 第 10 行：activity 没有字段 first_lete_on，是不是 first_late_on？"),
        ("OWN-01", RULE.replace("first_late_on is not None", "len(student_no) == 3"),
         "OWN-01.yaml 第 10 行：条件里不能用 len(student_no)"),
        ("OWN-01", RULE.replace("first_late_on is not None", " and ".join(
            f"(sessions == {n} or first_on is None)" for n in range(7))),
         "OWN-01.yaml：规则 OWN-01 的 or 展开后超过 64 种情形，请拆成几条规则"),
        ("REG-01", RULE, "REG-01.yaml 第 1 行：规则 REG-01 已在 4-workflow/REG-01.yaml 定义，一个编号只能有一条规则"),
    ],
)  # fmt: skip
def test_a_rule_file_that_cannot_be_used(
    refused: Refused, snapshot: Write, here: Path, name: str, text: str, said: str
) -> None:
    own = here / "own"
    own.mkdir()
    (own / f"{name}.yaml").write_text(text.replace("id: REG-01", f"id: {name}"), encoding="utf-8")
    assert refused("check", snapshot({"在校生.csv": STUDENTS}), "--rules", own) == said


def test_a_folder_of_rules_that_is_not_there(refused: Refused, snapshot: Write, here: Path) -> None:
    said = refused("check", snapshot({"在校生.csv": STUDENTS}), "--rules", here / "own")
    assert said == f"规则文件夹 {here / 'own'} 不存在"


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_id(refused: Refused, snapshot: Write, option: str) -> None:
    said = refused("check", snapshot({"在校生.csv": STUDENTS}), option, "IDN-01,REG-1")
    assert said.startswith("没有规则 REG-1，是不是 REG-")


# The configuration


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[parameters\n", "不是合法的 TOML："),
        ("colege = '某校'\n", "里的 colege 不认得，可用的有：college、parameters"),
        ("college = 5\n", "里的 college 写法不对"),
        ("parameters = 5\n", "里的 parameters 写法不对"),
    ],
)
def test_a_configuration_that_cannot_be_read(
    refused: Refused, snapshot: Write, here: Path, text: str, said: str
) -> None:
    (here / "xuejian.toml").write_text(text, encoding="utf-8")
    assert (
        refused("check", snapshot({"在校生.csv": STUDENTS}))
        .replace(" 里的", "里的")
        .startswith(f"配置文件 xuejian.toml{'' if said.startswith('里') else ' '}{said}")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reviw_days = 7", "配置里的参数 reviw_days 不在规则包中，是不是 review_days？"),
        ('review_days = "7"',
         "配置里的参数 review_days（未报到信息的审核、统计、上报期限）写法不对，应是 0 到 100000 的整数"),
        ("review_days = 1000000000000000000",
         "配置里的参数 review_days（未报到信息的审核、统计、上报期限）写法不对，应是 0 到 100000 的整数"),
        ("mark_workdays = 0",
         "配置里的参数 mark_workdays（异动文件下发后标注状态的期限）写法不对，应是 1 到 250 的整数"),
        ('repeat_limit = "2"',
         "配置里的参数 repeat_limit（在校期间留级次数上限）写法不对，应是表，每个值是 0 到 100000 的整数"),
    ],
)  # fmt: skip
def test_a_parameter_of_the_wrong_form(refused: Refused, snapshot: Write, here: Path, text: str, said: str) -> None:
    (here / "own.toml").write_text(f"[parameters]\n{text}\n", encoding="utf-8")
    assert refused("check", snapshot({"在校生.csv": STUDENTS}), "--config", here / "own.toml") == said


def test_a_configuration_that_is_not_there(refused: Refused, snapshot: Write, here: Path) -> None:
    folder = snapshot({"在校生.csv": STUDENTS})
    assert refused("check", folder, "--config", "own.toml") == "配置文件 own.toml 读不了：没有这个文件或文件夹"
    assert refused("check", folder, "--config", here) == f"配置文件 {here} 读不了：这是文件夹，不是文件"


# What is asked for


def test_an_unknown_college(refused: Refused, snapshot: Write) -> None:
    said = refused("check", snapshot({"在校生.csv": STUDENTS}), "--college", "土木工程学院")
    assert said == "数据里没有学院「土木工程学院」，是不是 土木学院？"


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "11", "2026-11-25", "十一月", "0001-01"])
def test_a_month_that_is_none(refused: Refused, snapshot: Write, month: str) -> None:
    said = refused("report", snapshot({"在校生.csv": STUDENTS}), "--month", month)
    assert said == f"“{month}”不是月份，请写成 2026-11 的形式"


@pytest.mark.parametrize(
    "arguments",
    [("--as-of", "明天"), ("--as-of", "2026-02-30"), ("--fail-on", "never ever"), ("--format", "pdf"), ("--jobs", "0"),
     ("--nonsense",)],
)  # fmt: skip
def test_bad_usage_is_one_line_and_exit_code_2(refused: Refused, snapshot: Write, arguments: tuple[str, ...]) -> None:
    assert refused("check", snapshot({"在校生.csv": STUDENTS}), *arguments).endswith("; see xuejian check --help")


@pytest.mark.parametrize(
    "arguments", [("--nonsense",), ("nosuch",), ("rules", "nosuch"), ("explain",), ("rules", "-x")]
)
def test_bad_usage_of_any_door_is_one_line(xuejian: Run, arguments: tuple[str, ...]) -> None:
    result = xuejian(*arguments)
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout, line[:9]) == (2, "", "xuejian: ")


@pytest.mark.parametrize("given", [("--select", "reg-01"), ("--ignore", "REG-99")])
def test_a_rule_that_is_none_is_told_with_the_nearest(
    refused: Refused, snapshot: Write, given: tuple[str, str]
) -> None:
    nearest = {"reg-01": "REG-01", "REG-99": "REG-09"}[given[1]]
    said = refused("check", snapshot({"在校生.csv": STUDENTS}), *given)
    assert said == f"没有规则 {given[1]}，是不是 {nearest}？"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--previous", "找不到上次快照“/没有/此处”，请核对路径。"),
        ("--waivers", "豁免文件 /没有/此处 读不了：没有这个文件或文件夹"),
        ("--baseline", "/没有/此处 读不了：没有这个文件或文件夹"),
    ],
)
def test_what_is_not_there_is_told_by_the_path_that_was_given(
    refused: Refused, snapshot: Write, option: str, said: str
) -> None:
    assert refused("check", snapshot({"在校生.csv": STUDENTS}), *CHEAP, option, "/没有/此处") == said


def test_a_pack_that_is_given_twice(refused: Refused, snapshot: Write) -> None:
    said = refused("check", snapshot({"在校生.csv": STUDENTS}), "--pack", "moe-41", "--pack", "moe-41")
    assert said == "规则包 moe-41 给了两次，请只写一次 --pack"


def test_a_history_that_is_asked_for_and_is_not_there(xuejian: Run) -> None:
    result = xuejian("history", "--history", "sqlite:////没有/此处.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("xuejian: 没有历史库 sqlite:////没有/此处.db，请核对 --history")
    assert xuejian("history").exit_code == 0


# Where it is written


def test_a_place_that_cannot_be_written(xuejian: Run, snapshot: Write, here: Path) -> None:
    folder = snapshot({"在校生.csv": STUDENTS})
    (here / "taken").mkdir()
    result = xuejian("check", folder, *CHEAP, "-o", here / "taken")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"xuejian: {here / 'taken'} 写不了：这是文件夹，不是文件，请检查路径、权限和磁盘空间\n"
    assert list((here / "taken").iterdir()) == []
    below = folder / "在校生.csv" / "out"
    result = xuejian("check", folder, *CHEAP, "-o", below)
    assert result.exit_code == 2
    assert result.stderr == f"xuejian: {below} 写不了：已有同名的文件，请检查路径、权限和磁盘空间\n"
    assert sorted(p.name for p in here.iterdir()) == ["exports", "taken"], "no temporary file either"


def test_a_demo_that_cannot_be_written(xuejian: Run, here: Path) -> None:
    (here / "taken").write_text("x")
    result = xuejian("demo", "taken", "--students", 600)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "xuejian: taken 写不了：已有同名的文件，请检查路径、权限和磁盘空间\n"


def test_a_fingerprint_key_that_cannot_be_used(
    refused: Refused, snapshot: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "fingerprint.key").write_text("没有", encoding="utf-8")
    assert "指纹密钥" in refused("check", snapshot({"在校生.csv": STUDENTS}), *CHEAP)
